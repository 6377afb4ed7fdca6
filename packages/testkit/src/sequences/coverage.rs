//! What was seen: how often each interesting thing happened in a run.

use std::collections::BTreeMap;

use crate::agent::TOLD;
use crate::{Outcome, Seen};
use cosmwasm_std::Uint128;
use glidepath_interfaces::events::{auction, fund, oracle, position_manager, vault};
use serde::{Deserialize, Serialize};

use super::op::{Back, Op};
use super::refusal::Refusal;

mod wanted;

pub use wanted::WANTED;

/// How often a message was carried out and how often it was refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdicts {
    /// Carried out.
    pub accepted: u64,
    /// Refused.
    pub refused: u64,
}

/// How often what was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Sequences.
    pub sequences: u64,
    /// Operations.
    pub operations: u64,
    /// Times that the invariants were checked.
    pub checks: u64,
    /// Messages by contract and name; what a token brings is `vault receive supply`.
    pub messages: BTreeMap<String, Verdicts>,
    /// Things by name.
    pub seen: BTreeMap<String, u64>,
}

/// Numbers of what a contract does with an open ticket begin here.
pub const IN_A_TICKET: u64 = 1_000;

impl Coverage {
    /// Counts a thing.
    pub fn count(&mut self, what: impl Into<String>) {
        *self.seen.entry(what.into()).or_default() += 1;
    }

    /// Counts a message.
    pub fn message(&mut self, name: String, accepted: bool) {
        let verdicts = self.messages.entry(name).or_default();
        match accepted {
            true => verdicts.accepted += 1,
            false => verdicts.refused += 1,
        }
    }

    /// Counts an operation.
    pub fn operation(&mut self, op: &Op) {
        self.operations += 1;
        self.count(format!("op {}", op.verb()));
    }

    /// Counts a refusal.
    pub fn refused(&mut self, refusal: &Refusal) {
        self.count(format!("refused {}", refusal.name));
    }

    /// Adds what another run has seen.
    pub fn and(&mut self, other: &Coverage) {
        self.sequences += other.sequences;
        self.operations += other.operations;
        self.checks += other.checks;
        for (name, verdicts) in &other.messages {
            let sum = self.messages.entry(name.clone()).or_default();
            sum.accepted += verdicts.accepted;
            sum.refused += verdicts.refused;
        }
        for (what, times) in &other.seen {
            *self.seen.entry(what.clone()).or_default() += times;
        }
    }

    /// What of [`WANTED`] was not seen.
    pub fn missing(&self) -> Vec<&'static str> {
        let seen = |what: &str| self.seen.get(what).is_some_and(|times| *times > 0);
        WANTED.iter().copied().filter(|what| !seen(what)).collect()
    }

    /// Counts what a message did, by its events.
    pub fn outcome(&mut self, outcome: &Outcome) {
        self.count("messages carried out");
        for event in outcome.all(TOLD) {
            let nth: u64 = event.must("nth");
            let (nth, when) = match nth.checked_sub(IN_A_TICKET) {
                Some(nth) => (nth, "with an open ticket"),
                None => (nth, "when called back"),
            };
            let back = Back::ALL[nth as usize];
            self.count(match (event.must("done"), when) {
                (true, "when called back") => format!("called back to {back}"),
                (true, when) => format!("{when}: {back}"),
                (false, "when called back") => format!("refused when called back to {back}"),
                (false, when) => format!("refused {when}: {back}"),
            });
        }
        let matched = outcome.event(auction::OrdersMatched::TYPE);
        let credits = |keeper: &str| {
            let mut credits = outcome.all(vault::KeeperCredited::TYPE);
            credits.any(|credit| credit.text("keeper") == Some(keeper))
        };
        if matched.is_some_and(|matched| matched.text("keeper").is_some_and(credits)) {
            self.count("keeper credited for a match");
        }
        for (name, event) in outcome.of_suite() {
            self.event(name, &event);
        }
    }

    fn event(&mut self, name: &str, event: &Seen) {
        let text = |key: &str| event.text(key).unwrap_or_default().to_string();
        let amount = |key: &str| event.get::<Uint128>(key).unwrap_or_default();
        if name == position_manager::Advanced::TYPE {
            let did = text("did");
            match did.as_str() {
                "opened" => self.count(format!("advanced opened {}", text("mode"))),
                _ => self.count(format!("advanced {did}")),
            }
            if event.text("health_after").is_some() && did != "offset" {
                self.count("advanced offset");
            }
        } else if name == position_manager::DistressEnded::TYPE {
            self.count(format!("ended {}", text("reason")));
        } else if name == auction::SaleEnded::TYPE {
            self.count(format!("sale ended {}", text("reason")));
        } else if name == auction::LotStarted::TYPE {
            self.count(format!("lot {} {}", text("cause"), text("mode")));
            if text("follows") == "true" {
                self.count("lot follows");
            }
        } else if name == auction::Filled::TYPE {
            self.fill(event);
        } else if name == vault::DebtWrittenOff::TYPE {
            let (fund, suppliers) = (amount("fund"), amount("suppliers"));
            match (fund.is_zero(), suppliers.is_zero()) {
                (false, false) => self.count("loss borne by both"),
                (false, true) => self.count("loss borne by the fund"),
                (true, false) => self.count("loss borne by suppliers"),
                (true, true) => self.count("loss of nothing"),
            }
        } else if let Some(what) = plain(name) {
            self.count(what);
        } else if let Some((_, what)) = name.split_once('/').filter(|(_, what)| what.ends_with("set")) {
            self.count(format!("set {what}"));
        } else if name.ends_with("/ownership_updated") {
            self.count("set ownership_updated");
        }
    }

    fn fill(&mut self, event: &Seen) {
        self.count(format!("fill {}", event.text("mode").unwrap_or_default()));
        if event.text("pass") != Some("0") {
            self.count("fill in a later pass");
        }
        if event.text("health_after").is_none() {
            self.count("fill that ends the debt");
        }
        if event.text("collateral") == Some("gold") {
            self.count("fill of a token");
        }
        if event.text("debt") == Some("gold") {
            self.count("fill paid in a token");
        }
    }
}

/// Events that are counted under a name of their own.
fn plain(name: &str) -> Option<&'static str> {
    [
        (vault::CollateralSurrendered::TYPE, "collateral surrendered"),
        (vault::KeeperCredited::TYPE, "keeper credited"),
        (vault::ReservesWithdrawn::TYPE, "reserves withdrawn"),
        (fund::RevenueBooked::TYPE, "fund revenue"),
        (fund::LossBooked::TYPE, "fund loss"),
        (fund::PoolRetired::TYPE, "fund generation ended"),
        (fund::Exited::TYPE, "fund exit"),
        (fund::GoodsBought::TYPE, "goods bought"),
        (fund::GoodsClaimed::TYPE, "goods claimed"),
        (fund::AccountWithdrawn::TYPE, "salvaged"),
        (oracle::SourceReplaced::TYPE, "dead source replaced"),
        (oracle::OutageOpened::TYPE, "outage opened"),
        (oracle::OutageClosed::TYPE, "outage closed"),
    ]
    .into_iter()
    .find_map(|(kind, what)| (kind == name).then_some(what))
}

impl std::fmt::Display for Coverage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Coverage {
            sequences,
            operations,
            checks,
            ..
        } = self;
        writeln!(
            f,
            "{sequences} sequences, {operations} operations, invariants checked {checks} times"
        )?;
        writeln!(f, " accepted   refused message")?;
        for (name, Verdicts { accepted, refused }) in &self.messages {
            writeln!(f, "{accepted:>9} {refused:>9} {name}")?;
        }
        for (what, times) in &self.seen {
            writeln!(f, "{times:>9} {what}")?;
        }
        Ok(())
    }
}

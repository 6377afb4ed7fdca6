//! What was seen: how often each interesting thing happened in a run.

use std::collections::BTreeMap;

use crate::agent::TOLD;
use crate::{Outcome, Seen};
use cosmwasm_std::Uint128;
use glidepath_interfaces::events::{auction, fund, oracle, position_manager, vault};
use serde::{Deserialize, Serialize};

use super::op::{Back, Op};
use super::refusal::Refusal;

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

/// What a run that claims anything must have seen, each at least once.
pub const WANTED: &[&str] = &[
    // The life of distress.
    "advanced called",
    "advanced sighted",
    "advanced forgotten",
    "advanced offset",
    "advanced lapsed",
    "advanced opened soft",
    "advanced opened close_out",
    "advanced next_lot",
    "advanced restarted",
    "advanced refreshed",
    "advanced counted",
    "advanced escalated",
    "advanced slept",
    "advanced woken",
    "advanced ended",
    "advanced written_off",
    "ended lapsed",
    "ended cured",
    "ended target_met",
    "ended written_off",
    "ended slept_away",
    "sale ended governance",
    "lot open soft",
    "lot open close_out",
    "lot next soft",
    "lot next close_out",
    "lot restart soft",
    "lot restart close_out",
    "lot escalate close_out",
    "lot wake soft",
    "lot follows",
    // Fills.
    "fill soft",
    "fill close_out",
    "fill in a later pass",
    "fill that ends the debt",
    "fill of a token",
    "fill paid in a token",
    "fill of several collaterals",
    "fill of several debts",
    "pieces",
    // Out of accounts, several at once, without capital.
    "fill out of an account",
    "piece out of an account",
    "several bids filled with coins",
    "several bids filled out of an account",
    "more than one of several bids filled",
    "one of several bids passed over",
    "one of several bids in another debt",
    "one of several bids on a lot that is over",
    "one of several bids on a lot that is to come",
    "one of several bids on nothing",
    "one of several bids behind orders",
    "too dear for one of several bids",
    "ticket paid",
    "ticket paid after something else",
    "ticket refused: less",
    "ticket refused: more",
    "ticket refused: nothing",
    "ticket refused: twice",
    "with an open ticket: flash",
    "with an open ticket: bid",
    "with an open ticket: withdraw",
    "with an open ticket: borrow",
    "with an open ticket: deposit",
    "with an open ticket: repay",
    "with an open ticket: advance",
    "with an open ticket: match",
    "with an open ticket: place",
    "with an open ticket: unplace",
    "with an open ticket: recall",
    "with an open ticket: take",
    "refused with an open ticket: flash",
    "refused with an open ticket: withdraw",
    "refused with an open ticket: borrow",
    // Standing orders.
    "orders that share a fill",
    "order not used in its block",
    "bid past orders of its block",
    "order cancelled in its block",
    "order cancelled after a partial fill",
    "claim of an order that goes on",
    "slot filled in part",
    "slot used up",
    "slot refilled",
    "bid behind 1 slots",
    "bid behind 2 slots",
    "bid behind more slots than it serves",
    "bid passed over behind orders",
    "orders in front that can't buy",
    "keeper credited for a match",
    "set min_order_set",
    "refused auction NothingToMatch",
    "refused auction NoOrdersIn",
    "refused auction OrderTooSmall",
    "refused auction NoOrder",
    "refused auction NotOwner",
    "refused auction NothingToClaim",
    "refused auction SameAsset",
    "refused auction NoSlot",
    "refused auction BidTwice",
    "refused auction MatchFirst",
    "refused auction NotSelf",
    "refused vault NotEnoughInAccount",
    "refused vault TicketOwes",
    "refused vault TicketUnpaid",
    "refused vault NoTicket",
    // Bad debt and the fund.
    "loss borne by the fund",
    "loss borne by suppliers",
    "loss borne by both",
    "collateral surrendered",
    "keeper credited",
    "fund revenue",
    "fund loss",
    "fund generation ended",
    "fund exit",
    // Prices.
    "outage opened",
    "outage closed",
    "source that agrees",
    "dead source replaced",
    "source mended",
    "refused oracle SourceSilent",
    "refused oracle SourceDisagrees",
    "set reporters_set",
    // In the middle of a payout.
    "called back to deposit",
    "called back to withdraw",
    "called back to borrow",
    "called back to repay",
    "called back to bid",
    "called back to advance",
    "called back to ask",
    "called back to supply",
    "called back to recall",
    "called back to take",
    "called back to stake",
    "called back to request",
    "called back to exit",
    "called back to book",
    "refused when called back to withdraw",
    "refused when called back to bid",
    "refused when called back to advance",
    // Governance.
    "set market_set",
    "set penalty_split_set",
    "set terms_set",
    "set asset_set",
    "set params_set",
    "set cover_set",
    "set feed_set",
    "set ownership_updated",
    "set guardian_set",
    "status reduce_only",
    "status dead",
    "status listed",
    "ramp for the better",
    "ramp for the worse",
    "ramp interrupted",
    "overhang cap lowered by guardian",
    "overhang cap lowered by owner",
    "stopped borrowing by guardian",
    "stopped fills by guardian",
    "stopped fills by owner",
    "caps lowered by guardian",
    "refused oracle GuardianAgain",
    "reserves withdrawn",
    "salvaged",
    // Refusals that guard something.
    "refused manager BelowInitialMargin",
    "refused manager OverhangCap",
    "refused manager BelowMinDebt",
    "refused manager NotEnoughCash",
    "refused manager NotPositionOwner",
    "refused manager StrangersAsset",
    "refused manager NothingToAdvance",
    "refused manager QueueFull",
    "refused manager GracePeriod",
    "refused manager Unconfirmed",
    "refused manager Price NotChecked",
    "refused manager Price TooOld",
    "refused manager RampTooShort",
    "refused manager ReduceOnly",
    "refused manager Admin NotGuardian",
    "refused vault Admin NotGuardian",
    "refused oracle Admin NotGuardian",
    "refused vault Unauthorized",
    "refused vault NotEnoughCash",
    "refused vault SupplyCap",
    "refused manager BorrowCap",
    "refused vault UnknownToken",
    "refused auction LotNotStarted",
    "refused auction LotExpired",
    "refused auction NoLot",
    "refused auction NoSale",
    "refused auction BidAboveMaxPrice",
    "refused auction BelowMinReceived",
    "refused auction RecipientIsSuite",
    "refused auction Payment WrongPayment",
    "refused auction Refused Price NotChecked",
    "refused auction Refused NotInDistress",
    "refused auction Refused TargetMet",
    "refused auction Refused TooSmall",
    "refused fund CoolingDown",
    "refused fund ExitExpired",
    "refused fund InsolvencyOpen",
    // At the end of sequences.
    "liveness: healthy",
    "liveness: written off",
    "curve looked at",
];

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

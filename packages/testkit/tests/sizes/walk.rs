//! Messages of somebody's own, one after the other, each of them measured.

use std::collections::BTreeSet;

use cosmwasm_std::{Addr, CosmosMsg};
use glidepath_interfaces::events::auction::{Filled, SaleEnded};
use glidepath_interfaces::events::position_manager::Advanced;
use glidepath_interfaces::{fund, oracle, position_manager};
use glidepath_testkit::handles::{borrow, deposit, repay, repay_all, withdraw, withdraw_all};
use glidepath_testkit::scenes::UNIT;
use glidepath_testkit::{id, Outcome, Result, Suite};

use super::support::calls::{bid, paid, plain};

/// Steps in which a position must be at rest.
const MOST_STEPS: u32 = 60;

/// Carries out a message and tells what it costs.
pub type Measure<'a, C> = &'a dyn Fn(&mut Suite, &Addr, CosmosMsg) -> Result<(Outcome, C)>;

/// Somebody who does things while they are measured.
pub struct Walk<'a, C> {
    pub suite: &'a mut Suite,
    pub measure: Measure<'a, C>,
    /// What was measured, by what it did.
    pub rows: Vec<(String, C)>,
    /// Assets whose prices nobody posts any more.
    pub silent: &'static [&'static str],
}

impl<'a, C> Walk<'a, C> {
    pub fn new(suite: &'a mut Suite, measure: Measure<'a, C>) -> Self {
        Walk {
            suite,
            measure,
            rows: vec![],
            silent: &[],
        }
    }

    /// Time passes until a moment, and all prices that somebody posts are posted anew; all sources are asked.
    pub fn until(&mut self, time: u64) {
        self.suite.advance_time(time.saturating_sub(self.suite.now()));
        let assets = self.suite.ask().asset_ids();
        let posted: Vec<_> = assets
            .iter()
            .filter(|asset| !self.silent.contains(&asset.as_str()))
            .map(|asset| {
                let record = self.suite.ask().price(asset.as_str()).unwrap();
                (asset.clone(), record.price.0)
            })
            .collect();
        self.suite.post(&posted);
        let (keeper, oracle) = (self.suite.user("keeper"), self.suite.peers.oracle_adapter.clone());
        let msg = oracle::ExecuteMsg::UpdatePrices { assets };
        self.suite.execute(&keeper, &oracle, &msg, &[]).unwrap();
    }

    /// Time passes.
    pub fn wait(&mut self, seconds: u64) {
        self.until(self.suite.now() + seconds);
    }

    /// Sends a message that must be carried out, and measures it.
    fn sends(&mut self, what: &str, sender: &Addr, msg: CosmosMsg) -> Outcome {
        self.tries(what, sender, msg)
            .unwrap_or_else(|error| panic!("{what}: {error:#}"))
    }

    /// Sends a message, and measures it if it is carried out.
    fn tries(&mut self, what: &str, sender: &Addr, msg: CosmosMsg) -> Result<Outcome> {
        let (done, cost) = (self.measure)(self.suite, sender, msg)?;
        let name = match did(&done) {
            did if did.is_empty() => what.to_string(),
            did => format!("{what}: {did}"),
        };
        self.rows.push((name, cost));
        Ok(done)
    }

    fn update(
        &mut self,
        who: &Addr,
        position: Option<u64>,
        actions: Vec<position_manager::Action>,
    ) -> Outcome {
        let manager = self.suite.peers.position_manager.clone();
        let what = verbs(&actions);
        let payment = actions.iter().find_map(|action| match action {
            position_manager::Action::Deposit(amount) => Some((amount.asset.clone(), amount.amount.u128())),
            position_manager::Action::Repay { asset, amount } => Some((
                asset.clone(),
                amount.map_or(1_000_000 * UNIT, |amount| amount.u128()),
            )),
            _ => None,
        });
        let msg = position_manager::ExecuteMsg::Update {
            position,
            actions,
            recipient: None,
        };
        let msg = match payment {
            None => plain(&manager, &msg),
            Some((asset, amount)) => {
                self.suite.give(who, asset.as_str(), amount);
                paid(self.suite, &manager, &msg, asset.as_str(), amount)
            }
        };
        self.sends(&what, who, msg)
    }

    /// Opens a position, by its owner's messages.
    pub fn opens(&mut self, deposits: &[(&str, u128)], borrows: &[(&str, u128)]) -> u64 {
        let dora = self.suite.user("dora");
        let mut position = None;
        for (asset, amount) in deposits {
            let done = self.update(&dora, position, vec![deposit(asset, *amount)]);
            position = position.or(done.of_suite().find_map(|(_, event)| event.get("position")));
        }
        for (asset, amount) in borrows {
            self.update(&dora, position, vec![borrow(asset, *amount)]);
        }
        position.unwrap()
    }

    /// A position from its opening to its closing.
    pub fn own_position(&mut self) {
        let dora = self.suite.user("dora");
        let open = vec![deposit("atom", 1_000 * UNIT), borrow("usdc", 5_000 * UNIT)];
        let done = self.update(&dora, None, open);
        let position = done.of_suite().find_map(|(_, event)| event.get("position"));
        for actions in [
            vec![deposit("atom", 10 * UNIT)],
            vec![deposit("gold", 100_000_000)],
            vec![borrow("usdc", 100 * UNIT)],
            vec![repay("usdc", 50 * UNIT)],
            vec![withdraw("atom", UNIT)],
            vec![repay_all("usdc"), withdraw_all("atom")],
            vec![withdraw_all("gold")],
        ] {
            self.update(&dora, position, actions);
        }
    }

    /// Bids so many dollars.
    pub fn bid(&mut self, position: u64, usd: &str) -> bool {
        let bea = self.suite.user("bea");
        let auction = self.suite.peers.liquidation_auction.clone();
        let Ok(sale) = self.suite.ask().sale(position) else {
            return false;
        };
        let debt = sale.sale.debt.to_string();
        let amount = self.suite.units(&debt, usd);
        self.suite.give(&bea, &debt, amount);
        let msg = paid(self.suite, &auction, &bid(position), &debt, amount);
        self.tries("bid", &bea, msg).is_ok()
    }

    /// Leaving the fund in time.
    pub fn exit(&mut self) {
        let bob = self.suite.user("bob");
        let fund = self.suite.peers.insurance_fund.clone();
        self.wait(10 * 86_400);
        let msg = fund::ExecuteMsg::Exit { asset: id("usdc") };
        self.sends("exit", &bob, plain(&fund, &msg));
    }

    /// Brings a position to its rest: everything that is due is done, and of every `nth` lot all is bought that may be,
    /// but by two bids; none of any where `nth` is zero. Stops after an `advance` that did what `stop` says.
    pub fn run(&mut self, position: u64, nth: u32, stop: &str) {
        let (keeper, manager) = (
            self.suite.user("keeper"),
            self.suite.peers.position_manager.clone(),
        );
        let mut lots = BTreeSet::new();
        for _ in 0..MOST_STEPS {
            self.wait(0);
            let due = self.suite.ask().due(position).unwrap();
            if due.due.is_some() {
                let msg = position_manager::ExecuteMsg::Advance { position };
                let done = self.sends("advance", &keeper, plain(&manager, &msg));
                if !stop.is_empty() && did(&done).contains(stop) {
                    return;
                }
                continue;
            }
            let now = self.suite.now();
            let Ok(sale) = self.suite.ask().sale(position) else {
                match due.not_before {
                    Some(time) => self.until(time.max(now + 1)),
                    None => return,
                }
                continue;
            };
            match sale.sale.lot {
                Some(lot) if now < lot.start_at => self.until(lot.start_at),
                Some(lot) if sale.multiplier.is_some() => {
                    lots.insert(lot.start_at);
                    if nth == 0 || !(lots.len() as u32).is_multiple_of(nth) {
                        self.until(lot.ends_at + 1);
                        continue;
                    }
                    let bought = ["1000", "100000000"].map(|usd| self.bid(position, usd));
                    if bought == [false, false] {
                        self.until(lot.ends_at + 1);
                    }
                }
                _ => match due.not_before {
                    Some(time) => self.until(time.max(now + 1)),
                    None => return,
                },
            }
        }
    }
}

fn verbs(actions: &[position_manager::Action]) -> String {
    let verbs: Vec<String> = actions
        .iter()
        .map(|action| {
            let (verb, asset) = match action {
                position_manager::Action::Deposit(amount) => ("deposit", &amount.asset),
                position_manager::Action::Withdraw { asset, .. } => ("withdraw", asset),
                position_manager::Action::Borrow(amount) => ("borrow", &amount.asset),
                position_manager::Action::Repay { asset, .. } => ("repay", asset),
            };
            format!("{verb} {asset}")
        })
        .collect();
    format!("update {}", verbs.join(", "))
}

/// What a message did, in the words of its events.
fn did(done: &Outcome) -> String {
    let fills = done.all(Filled::TYPE).map(|_| "filled".to_string());
    let advances = done
        .all(Advanced::TYPE)
        .map(|event| event.text("did").unwrap_or_default().to_string());
    let ends = done.all(SaleEnded::TYPE).map(|_| "ended".to_string());
    let mut words: Vec<String> = fills.chain(advances).chain(ends).collect();
    words.dedup();
    words.join(", ")
}

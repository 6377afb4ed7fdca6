//! Gradual liquidation by the real contracts on an embedded chain: every action is a message.
//!
//! Keepers look at a position when its oracle price crosses a threshold or a time has come, ask the position manager
//! what is due, and send `advance` where something is. What happened is told by the contracts' events.

mod keeper;
mod setup;
mod units;

use std::collections::BTreeMap;

use anyhow::anyhow;
use cosmwasm_std::{Addr, Decimal, Timestamp, Uint128};
use glidepath_interfaces::events::{auction, position_manager, vault};
use glidepath_liquidation_auction::ContractError as AuctionError;
use glidepath_testkit::handles::{repay, BidTerms};
use glidepath_testkit::invariants::Invariants;
use glidepath_testkit::{id, Outcome, Seen, Suite};

use super::{
    Account, Bid, Bought, Counts, End, Event, Fill, Offer, PositionId, Rules, RulesError, Stage, Watch,
};
use crate::clock::Time;
use crate::config::Config;
use crate::scene::Scene;

use keeper::{Case, OnSale, Regime, Standing};
use setup::{keeper_name, owner_name, COLLATERAL, COLLATERAL_DECIMALS, DEBT, DEBT_DECIMALS, PURSE_USD};
use units::{decimal, float, from_units, max_price, to_units};

/// Sources must have been asked this lately for a fill or an advance (with a block to spare): else a keeper puts
/// `update_prices` in front.
const FRESH_S: u64 = 12;
/// Steps that can follow each other at one moment (offset, call, open …); a bound, never reached.
const STEPS_AT_ONCE: usize = 8;
/// Nothing will be due by itself.
const NEVER: Time = Time::MAX;

/// Positions under the rules of the suite.
pub struct Soft {
    suite: Suite,
    config: Config,
    price: f64,
    /// When the prices were last posted or asked for.
    checked_at: Time,
    accounts: BTreeMap<PositionId, Account>,
    /// Number of each position's last lot.
    lots: BTreeMap<PositionId, u32>,
    watch: Watch,
    cases: BTreeMap<PositionId, Case>,
    keepers: Vec<Addr>,
    /// Whose repayment is under way: the distress that it ends is cured.
    curing: Option<PositionId>,
    events: Vec<Event>,
    invariants: Invariants,
    observed: u64,
}

fn failed<E: Into<anyhow::Error>>(time: Time, action: &str) -> impl FnOnce(E) -> RulesError + '_ {
    move |error| RulesError {
        time,
        action: action.to_string(),
        cause: format!("{:#}", error.into()),
    }
}

impl Soft {
    /// Puts the suite on its chain and opens the positions of `scene`.
    pub fn open(scene: &Scene) -> Result<Self, RulesError> {
        let start = scene.path.from;
        let mut suite = setup::suite(scene).map_err(failed(start, "setting up the suite"))?;
        let purse = to_units(PURSE_USD, DEBT_DECIMALS);
        let keepers: Vec<Addr> = (0..scene.keepers.len())
            .map(|n| suite.user(&keeper_name(n)))
            .collect();
        for keeper in &keepers {
            suite.give(keeper, DEBT, purse);
        }
        suite.messages = 0;
        let invariants = Invariants::new(&suite);
        let mut soft = Self {
            checked_at: suite.now(),
            suite,
            config: scene.config.clone(),
            price: scene.path.first(),
            accounts: BTreeMap::new(),
            lots: BTreeMap::new(),
            watch: Watch::default(),
            cases: BTreeMap::new(),
            keepers,
            curing: None,
            events: Vec::new(),
            invariants,
            observed: 0,
        };
        for borrower in &scene.borrowers {
            soft.refresh(borrower.position)
                .map_err(failed(start, "reading a position"))?;
        }
        Ok(soft)
    }

    /// Moves the chain's clock.
    fn at(&mut self, now: Time) {
        if self.suite.now() != now {
            self.suite.app.update_block(|block| {
                block.time = Timestamp::from_seconds(now);
                block.height += 1;
            });
        }
    }

    fn account(&self, position: PositionId) -> Account {
        self.accounts.get(&position).copied().unwrap_or_default()
    }

    fn standing(&self, position: PositionId) -> Standing<'_> {
        Standing {
            config: &self.config,
            account: self.account(position),
            price: self.price,
        }
    }

    /// Reads a position's ledger; what was paid of its surcharge is remembered.
    fn refresh(&mut self, position: PositionId) -> anyhow::Result<()> {
        let ledger = self.suite.ask().ledger(position.into())?;
        let units = |units: Uint128, decimals| from_units(units, decimals);
        let held = ledger.ledger.collateral.first();
        let owed = ledger.owed.first();
        let account = Account {
            collateral: held.map_or(0.0, |row| units(row.amount, COLLATERAL_DECIMALS)),
            debt: owed.map_or(0.0, |row| units(row.principal + row.surcharge, DEBT_DECIMALS)),
            surcharge: self.account(position).surcharge,
        };
        let breach = account.debt / (account.collateral * self.config.risk.maintenance_weight);
        let watched = account.debt > 0.0 && account.collateral > 0.0;
        self.watch.set(position, watched.then_some(breach));
        self.accounts.insert(position, account);
        Ok(())
    }

    /// Puts `update_prices` in front where the sources were not asked lately.
    fn freshen(&mut self, now: Time) -> anyhow::Result<()> {
        if now > self.checked_at + FRESH_S {
            let keeper = self
                .keepers
                .first()
                .cloned()
                .unwrap_or_else(|| self.suite.owner.clone());
            self.suite.oracle().update_prices(&keeper, &[COLLATERAL, DEBT])?;
            self.checked_at = now;
        }
        Ok(())
    }

    /// Looks at a position, and sends `advance` as long as something is due.
    fn look(&mut self, now: Time, position: PositionId) -> anyhow::Result<()> {
        let keeper = self
            .keepers
            .first()
            .cloned()
            .unwrap_or_else(|| self.suite.owner.clone());
        for _ in 0..STEPS_AT_ONCE {
            let due = self.suite.ask().due(position.into())?;
            if due.due.is_none() {
                let regime = self.standing(position).regime();
                if let Some(case) = self.cases.get_mut(&position) {
                    case.look_at = due.not_before.map_or(NEVER, |time| time.max(now + 1));
                    case.regime = regime;
                }
                return Ok(());
            }
            let outcome = self.suite.positions().advance_by(&keeper, position.into())?;
            self.absorb(now, &outcome)?;
            if !self.cases.contains_key(&position) {
                return Ok(());
            }
        }
        Err(anyhow!(
            "position {position} is not done after {STEPS_AT_ONCE} steps"
        ))
    }

    /// Takes in what a message did: invariants, events, the ledger and sale of the positions that it touched.
    fn absorb(&mut self, now: Time, outcome: &Outcome) -> anyhow::Result<()> {
        self.invariants.observe(&self.suite, outcome)?;
        self.observed += 1;
        let mut touched = Vec::new();
        for (name, event) in outcome.of_suite() {
            let Some(position) = event
                .get::<u64>("position")
                .and_then(|n| PositionId::try_from(n).ok())
            else {
                continue;
            };
            if !touched.contains(&position) {
                touched.push(position);
            }
            match name {
                position_manager::Advanced::TYPE => self.advanced(now, position, &event),
                position_manager::DistressEnded::TYPE => self.ended(position, &event),
                auction::LotStarted::TYPE => self.lot_started(position, &event),
                auction::Filled::TYPE => self.filled(position, &event),
                vault::Settled::TYPE | vault::Repaid::TYPE => self.surcharge_paid(position, &event),
                vault::DebtWrittenOff::TYPE => self.written_off(position, &event),
                _ => {}
            }
        }
        for position in touched {
            self.refresh(position)?;
            if let Some(case) = self.cases.get_mut(&position) {
                // A sale that is not there has ended or has not begun.
                case.sale = self
                    .suite
                    .ask()
                    .sale(position.into())
                    .ok()
                    .map(|found| OnSale::from(&found.sale));
                case.look_at = now;
            }
        }
        Ok(())
    }

    /// The price at which the chain's last events happened is the oracle's of now.
    fn advanced(&mut self, now: Time, position: PositionId, event: &Seen) {
        let health = event.get::<Decimal>("health_before").map_or(0.0, float);
        let Some(case) = self.cases.get_mut(&position) else {
            return;
        };
        let grace_until = event.get("grace_until");
        match event.text("did").unwrap_or_default() {
            "called" => {
                let breached_at = case.breached_at;
                let until = grace_until.unwrap_or(now);
                case.called = true;
                case.grace_until = Some(until);
                self.events.push(Event::Called {
                    position,
                    health,
                    breached_at,
                    grace_until: until,
                });
            }
            "opened" => {
                let grace_ended = case.grace_until.unwrap_or(now).min(now);
                if !std::mem::replace(&mut case.called, true) {
                    let breached_at = case.breached_at;
                    self.events.push(Event::Called {
                        position,
                        health,
                        breached_at,
                        grace_until: now,
                    });
                }
                self.events.push(Event::Opened {
                    position,
                    health,
                    grace_ended,
                });
            }
            "escalated" => self.events.push(Event::Escalated { position, health }),
            "slept" => self.events.push(Event::Slept { position, health }),
            "restarted" => {
                let lot = self.lots.get(&position).copied().unwrap_or_default();
                self.events.push(Event::Restarted { position, lot });
            }
            _ => {}
        }
    }

    fn lot_started(&mut self, position: PositionId, event: &Seen) {
        let lot = self.lots.entry(position).or_default();
        *lot += 1;
        let tokens = from_units(event.must("amount"), COLLATERAL_DECIMALS);
        self.events.push(Event::LotStarted {
            position,
            lot: *lot,
            stage: stage(event),
            start_at: event.must("start_at"),
            over_at: Some(event.must("ends_at")),
            value: tokens * self.price,
            from: float(event.must("from")),
            to: float(event.must("to")),
        });
    }

    fn filled(&mut self, position: PositionId, event: &Seen) {
        let usd = |key| from_units(event.must(key), DEBT_DECIMALS);
        let multiplier = float(event.must("multiplier"));
        let sold = from_units(event.must("sold"), COLLATERAL_DECIMALS);
        let floor = self
            .cases
            .get(&position)
            .and_then(|case| case.sale?.lot)
            .map_or(0.0, |lot| lot.to);
        self.events.push(Event::Fill(Fill {
            position,
            lot: self.lots.get(&position).copied().unwrap_or_default(),
            stage: stage(event),
            sold,
            paid: usd("paid"),
            repaid: usd("repaid"),
            penalty: usd("penalty"),
            price: self.price * multiplier,
            discount: 1.0 - multiplier,
            health_before: float(event.must("health_before")),
            health_after: event.get("health_after").map(float),
            cleared: event.must::<Uint128>("lot_left").is_zero(),
            at_floor: multiplier <= floor + 1e-9,
        }));
    }

    fn surcharge_paid(&mut self, position: PositionId, event: &Seen) {
        let paid = event
            .get("surcharge")
            .map_or(0.0, |units| from_units(units, DEBT_DECIMALS));
        self.accounts.entry(position).or_default().surcharge += paid;
    }

    fn written_off(&mut self, position: PositionId, event: &Seen) {
        let usd = |key| from_units(event.must(key), DEBT_DECIMALS);
        self.events.push(Event::WrittenOff {
            position,
            debt: usd("loss"),
            insurance: usd("fund"),
            index_loss: usd("suppliers"),
        });
    }

    fn ended(&mut self, position: PositionId, event: &Seen) {
        let health = event.get("health").map(float);
        let why = match event.text("reason").unwrap_or_default() {
            _ if self.curing == Some(position) => End::Cured,
            "written_off" => End::WrittenOff,
            "target_met" if health.is_none() => End::Closed,
            "target_met" => End::Restored,
            _ => End::Lapsed,
        };
        self.cases.remove(&position);
        self.events.push(Event::Ended {
            position,
            why,
            health,
        });
    }
}

fn stage(event: &Seen) -> Stage {
    match event.text("mode") {
        Some("close_out") => Stage::CloseOut,
        _ => Stage::Soft,
    }
}

/// Is this a refusal that a bidder must expect: the price has moved, the lot is gone, too little is left?
fn is_refusal(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(
            AuctionError::Refused(_)
                | AuctionError::BidAboveMaxPrice { .. }
                | AuctionError::NoSale { .. }
                | AuctionError::NoLot { .. }
                | AuctionError::LotNotStarted { .. }
                | AuctionError::LotExpired { .. }
        )
    )
}

impl Rules for Soft {
    fn price(&mut self, now: Time, price: f64) -> Result<(), RulesError> {
        self.at(now);
        self.suite
            .post(&[(id(COLLATERAL), decimal(price)), (id(DEBT), Decimal::one())]);
        self.price = price;
        self.checked_at = now;
        let fresh: Vec<PositionId> = self
            .watch
            .below(price)
            .filter(|position| !self.cases.contains_key(position))
            .collect();
        for position in fresh {
            let case = Case {
                breached_at: now,
                called: false,
                grace_until: None,
                sale: None,
                regime: Regime::default(),
                look_at: now,
            };
            self.cases.insert(position, case);
        }
        for (position, case) in &mut self.cases {
            let account = self.accounts.get(position).copied().unwrap_or_default();
            let regime = Standing {
                config: &self.config,
                account,
                price,
            }
            .regime();
            // Grace moves with the volatility, that is with every price.
            if regime != case.regime || case.sale.is_none() {
                case.look_at = case.look_at.min(now);
            }
        }
        Ok(())
    }

    fn next_due(&self) -> Option<Time> {
        self.cases
            .values()
            .map(|case| case.look_at)
            .min()
            .filter(|time| *time != NEVER)
    }

    fn advance(&mut self, now: Time) -> Result<(), RulesError> {
        self.at(now);
        let due: Vec<PositionId> = self
            .cases
            .iter()
            .filter(|(_, case)| case.look_at <= now)
            .map(|(position, _)| *position)
            .collect();
        if due.is_empty() {
            return Ok(());
        }
        self.freshen(now).map_err(failed(now, "updating prices"))?;
        for position in due {
            self.look(now, position)
                .map_err(failed(now, "advancing a position"))?;
            let recovered = self
                .standing(position)
                .health()
                .is_none_or(|health| health >= 1.0);
            if recovered && self.cases.get(&position).is_some_and(|case| !case.called) {
                // The price came back before anybody could call.
                self.cases.remove(&position);
            }
        }
        Ok(())
    }

    fn offers(&self, now: Time, into: &mut Vec<Offer>) {
        for (position, case) in &self.cases {
            if let Some(sale) = &case.sale {
                into.extend(self.standing(*position).offer(*position, sale, now));
            }
        }
    }

    fn bid(&mut self, now: Time, bid: Bid) -> Result<Option<Bought>, RulesError> {
        self.at(now);
        self.freshen(now).map_err(failed(now, "updating prices"))?;
        let Some(keeper) = self.keepers.get(bid.keeper).cloned() else {
            return Ok(None);
        };
        let funds = to_units(bid.tokens * bid.max_price, DEBT_DECIMALS);
        if funds == 0 {
            return Ok(None);
        }
        let terms = BidTerms {
            max_price: max_price(bid.max_price, DEBT_DECIMALS),
            ..BidTerms::default()
        };
        let done = self
            .suite
            .auction()
            .bid_with(&keeper, bid.position.into(), terms, DEBT, funds);
        let outcome = match done {
            Ok(outcome) => outcome,
            Err(error) if is_refusal(&error) => return Ok(None),
            Err(error) => return Err(failed(now, "bidding")(error)),
        };
        self.absorb(now, &outcome).map_err(failed(now, "a fill"))?;
        Ok(outcome.event(auction::Filled::TYPE).map(|fill| Bought {
            tokens: from_units(fill.must("sold"), COLLATERAL_DECIMALS),
            paid: from_units(fill.must("paid"), DEBT_DECIMALS),
        }))
    }

    fn cure(&mut self, now: Time, position: PositionId) -> Result<(), RulesError> {
        self.at(now);
        if !self.cases.contains_key(&position) {
            return Ok(());
        }
        // A thousandth of a dollar more, so that rounding can't leave it a hair below.
        let cash = self.standing(position).missing() + 1e-3;
        let owed = self.account(position).debt;
        if cash <= 1e-3 {
            return Ok(());
        }
        let owner = self.suite.user(&owner_name(position));
        let amount = to_units(cash.min(owed * 1.001), DEBT_DECIMALS);
        let before = self.events.len();
        self.curing = Some(position);
        let outcome = self
            .suite
            .positions()
            .update(
                &owner,
                Some(position.into()),
                vec![repay(DEBT, amount)],
                &[(DEBT, amount)],
            )
            .map_err(failed(now, "curing a position"))?;
        let absorbed = self.absorb(now, &outcome);
        self.curing = None;
        absorbed.map_err(failed(now, "curing a position"))?;
        let health = self.standing(position).health();
        self.events.insert(
            before,
            Event::Cured {
                position,
                cash: cash.min(owed),
                health,
            },
        );
        Ok(())
    }

    fn audit(&mut self, now: Time) -> Result<(), RulesError> {
        self.invariants
            .check(&self.suite)
            .map_err(failed(now, "checking the invariants"))
    }

    fn drain(&mut self, into: &mut Vec<Event>) {
        into.append(&mut self.events);
    }

    fn accounts(&mut self, now: Time) -> Result<Vec<Account>, RulesError> {
        self.at(now);
        let mut accounts = Vec::with_capacity(self.accounts.len());
        for (position, account) in &self.accounts {
            let ledger = self
                .suite
                .ask()
                .ledger((*position).into())
                .map_err(failed(now, "reading a position"))?;
            let usd = |units| from_units(units, DEBT_DECIMALS);
            let held = ledger.ledger.collateral.first();
            let owed = ledger.owed.first();
            accounts.push(Account {
                collateral: held.map_or(0.0, |row| from_units(row.amount, COLLATERAL_DECIMALS)),
                debt: owed.map_or(0.0, |row| usd(row.principal + row.surcharge)),
                surcharge: account.surcharge + owed.map_or(0.0, |row| usd(row.surcharge)),
            });
        }
        Ok(accounts)
    }

    fn counts(&self) -> Counts {
        Counts {
            messages: self.suite.messages,
            invariant_checks: self.observed + self.invariants.checks,
        }
    }
}

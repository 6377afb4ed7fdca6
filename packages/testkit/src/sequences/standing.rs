//! Standing orders, each kept by itself in exact fractions, by the events of messages alone. The contract pools the orders of
//! a slot; whatever it gives an order is held against what the order would have if nobody had pooled it.
//!
//! | what | holds |
//! |---|---|
//! | a share | is never more than the exact one, and less only by what the pool's rounding explains ([`Exact::check`]) |
//! | a slot | holds exactly what its orders have and what rounding left to nobody |
//! | the auction's account | holds exactly what was placed and bought and not taken out |
//! | an order of this block | has no part in a fill |
//! | a fill | is at its slot's own price |
//!
//! The bounds are those of `packages/risk/tests/slot/exact.rs`, in one formula for what an order goes through between two
//! claims: a claim rounds, and both the pool and this model go on with what it left.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{Addr, Decimal, Uint128};
use glidepath_interfaces::auction::{slot_multiplier, BOOKS, SLOTS, SLOTS_A_BOOK};
use glidepath_interfaces::events::auction as events;
use glidepath_vault::state::ACCOUNTS;
use num_traits::Zero;

use super::coverage::Coverage;
use super::world::Failure;
use crate::{Outcome, Seen, Suite};
use exact::{broken, q, shown, whole, Exact, Nobody, Q};

mod exact;

/// A slot of a pair: collateral, debt, number.
pub type Tier = (String, String, u8);

/// All standing orders.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    orders: BTreeMap<u64, Exact>,
    nobody: BTreeMap<Tier, Nobody>,
    /// What the auction holds for them, by asset.
    held: BTreeMap<String, u128>,
    /// Smallest order that is taken, and the smallest that ever was, by debt.
    min: BTreeMap<String, (Option<u128>, u128)>,
    /// Slots that held enough to be matched when they were last stored.
    open: BTreeSet<Tier>,
    /// Slots that were used up, to see them come back.
    emptied: BTreeSet<Tier>,
    /// Slots that changed since they were last looked at.
    changed: BTreeSet<Tier>,
}

fn tier_of(event: &Seen) -> Tier {
    let text = |key: &str| event.text(key).unwrap_or_default().to_string();
    (text("collateral"), text("debt"), event.must("slot"))
}

fn units(event: &Seen, key: &str) -> u128 {
    event.must::<Uint128>(key).u128()
}

impl Standing {
    /// Orders of somebody, in order of their numbers.
    pub fn of(&self, owner: &Addr) -> Vec<u64> {
        let own = self.orders.iter().filter(|(_, order)| order.owner == *owner);
        own.map(|(number, _)| *number).collect()
    }

    /// Whose an order is.
    pub fn owner(&self, number: u64) -> Option<&Addr> {
        self.orders.get(&number).map(|order| &order.owner)
    }

    /// Was it filled in part since it was placed or last claimed?
    pub fn is_begun(&self, number: u64) -> bool {
        let order = self.orders.get(&number);
        order.is_some_and(|order| order.fills > 0 && !order.funds.is_zero())
    }

    /// The smallest order in a debt; none where none is taken.
    pub fn min(&self, debt: &str) -> Option<u128> {
        self.min.get(debt).and_then(|(min, _)| *min)
    }

    /// Slots that buy at this multiple of the oracle's price or above in a block, the dearest first: those that are open and
    /// hold something that is not of this block. With what each may use.
    pub fn crossed(
        &self,
        collateral: &str,
        debt: &str,
        multiplier: Decimal,
        height: u64,
    ) -> Vec<(u8, Decimal, u128)> {
        (0..SLOTS_A_BOOK)
            .filter_map(|nth| Some((nth, slot_multiplier(nth)?)))
            .filter(|(_, pays)| *pays >= multiplier)
            .filter_map(|(nth, pays)| {
                let tier = (collateral.to_string(), debt.to_string(), nth);
                let active = self.funds(&tier, height)?.0;
                let least = self.min.get(debt).map_or(1, |(_, least)| *least);
                (active >= least && self.open.contains(&tier)).then_some((nth, pays, active))
            })
            .collect()
    }

    /// What a slot may use in a block, and what waits for the next one; none where they are no whole numbers.
    fn funds(&self, tier: &Tier, height: u64) -> Option<(u128, u128)> {
        let nobody = self
            .nobody
            .get(tier)
            .map_or(Q::zero(), |nobody| nobody.funds.clone());
        let (mut active, mut pending) = (nobody, Q::zero());
        for order in self.orders.values().filter(|order| order.tier == *tier) {
            match order.is_pending(height) {
                true => pending += &order.funds,
                false => active += &order.funds,
            }
        }
        Some((whole(&active)?, whole(&pending)?))
    }

    /// Looks at what a message did.
    ///
    /// # Errors
    /// What of it is not what the orders' owners were promised.
    pub fn observe(
        &mut self,
        suite: &Suite,
        outcome: &Outcome,
        coverage: &mut Coverage,
    ) -> Result<(), Failure> {
        let height = suite.app.block_info().height;
        let mut filled: BTreeMap<u64, Seen> = BTreeMap::new();
        for (name, event) in outcome.of_suite() {
            if name == events::MinOrderSet::TYPE {
                self.min_set(&event);
            } else if name == events::OrderPlaced::TYPE {
                self.placed(&event, height, coverage)?;
            } else if name == events::Filled::TYPE {
                filled.insert(event.must("position"), event);
            } else if name == events::OrdersMatched::TYPE {
                let position: u64 = event.must("position");
                let fill = filled.remove(&position);
                let fill = fill.ok_or_else(|| {
                    broken(
                        "fill",
                        format!("orders were matched on position {position} without a fill"),
                    )
                })?;
                self.matched(suite, &event, &fill, height, coverage)?;
            } else if name == events::OrderCancelled::TYPE {
                self.cancelled(&event, height, coverage)?;
            } else if name == events::OrderClaimed::TYPE {
                self.claimed(&event, height)?;
            }
        }
        Ok(())
    }

    fn min_set(&mut self, event: &Seen) {
        let debt = event.text("debt").unwrap_or_default().to_string();
        let min = event.get::<Uint128>("amount").map(|min| min.u128());
        let least = self.min.get(&debt).map_or(u128::MAX, |(_, least)| *least);
        self.min
            .insert(debt, (min, min.map_or(least, |min| min.min(least))));
    }

    fn placed(&mut self, event: &Seen, height: u64, coverage: &mut Coverage) -> Result<(), Failure> {
        let (tier, amount) = (tier_of(event), units(event, "amount"));
        *self.held.entry(tier.1.clone()).or_default() += amount;
        if self.emptied.remove(&tier) {
            coverage.count("slot refilled");
        }
        let owner = Addr::unchecked(event.must::<String>("owner"));
        let order = Exact::new(tier.clone(), owner, amount, height);
        self.orders.insert(event.must("order"), order);
        self.saved(tier, height)
    }

    /// Each order that is not of this block pays its part, and gets the same part of what is bought.
    fn matched(
        &mut self,
        suite: &Suite,
        event: &Seen,
        fill: &Seen,
        height: u64,
        coverage: &mut Coverage,
    ) -> Result<(), Failure> {
        let tier = tier_of(event);
        let (paid, sold) = (units(fill, "paid"), units(fill, "sold"));
        let auction = suite.peers.liquidation_auction.as_str();
        let parties = [fill.text("bidder"), fill.text("recipient")];
        let multiplier: Decimal = fill.must("multiplier");
        if parties != [Some(auction); 2] || Some(multiplier) != slot_multiplier(tier.2) {
            let what = format!("slot {tier:?} was filled at {multiplier}, by and for {parties:?}");
            return Err(broken("fill", what));
        }
        let (active, pending) = self.whole_funds(&tier, height)?;
        let left: u128 = units(event, "left");
        if paid > active || paid == 0 || left != active - paid + pending {
            let what =
                format!("{paid} of {active} in {tier:?} were used, {pending} are of this block; {left} left");
            return Err(broken("used", what));
        }
        let (part_left, price) = (
            Q::new((active - paid).into(), active.into()),
            Q::new(sold.into(), active.into()),
        );
        let best = sold.div_ceil(paid);
        let (mut takers, mut others) = (0u32, 0u32);
        for order in self.orders.values_mut().filter(|order| order.tier == tier) {
            if order.is_pending(height) {
                others += 1;
                continue;
            }
            takers += u32::from(!order.funds.is_zero());
            order.fill(&part_left, &price, best);
        }
        self.nobody
            .entry(tier.clone())
            .or_default()
            .fill(&part_left, &price);
        for (many, what) in [
            (takers > 1, "orders that share a fill"),
            (others > 0, "order not used in its block"),
            (left > 0, "slot filled in part"),
        ] {
            if many {
                coverage.count(what);
            }
        }
        if active == paid {
            self.emptied.insert(tier.clone());
            coverage.count("slot used up");
        }
        self.take(&tier.1, paid)?;
        *self.held.entry(tier.0.clone()).or_default() += sold;
        self.saved(tier, height)
    }

    fn cancelled(&mut self, event: &Seen, height: u64, coverage: &mut Coverage) -> Result<(), Failure> {
        let number: u64 = event.must("order");
        let (funds, gained) = (units(event, "funds"), units(event, "gained"));
        let order = self.orders.remove(&number).ok_or_else(|| unknown(number))?;
        order.check(number, funds, gained)?;
        if order.is_pending(height) {
            if (funds, gained) != (order.amount, 0) {
                let what = format!("order {number} of this block came back as {funds} and {gained}");
                return Err(broken("pending", what));
            }
            coverage.count("order cancelled in its block");
        }
        if gained > 0 && funds > 0 {
            coverage.count("order cancelled after a partial fill");
        }
        self.take(&order.tier.1, funds)?;
        self.take(&order.tier.0, gained)?;
        let nobody = self.nobody.entry(order.tier.clone()).or_default();
        nobody.inherit(&order, funds, gained);
        self.saved(order.tier, height)
    }

    /// The order goes on with what rounding left of it.
    fn claimed(&mut self, event: &Seen, height: u64) -> Result<(), Failure> {
        let number: u64 = event.must("order");
        let (left, gained) = (units(event, "left"), units(event, "gained"));
        let order = self.orders.remove(&number).ok_or_else(|| unknown(number))?;
        order.check(number, left, gained)?;
        self.take(&order.tier.0, gained)?;
        let tier = order.tier.clone();
        let nobody = self.nobody.entry(tier.clone()).or_default();
        nobody.inherit(&order, left, gained);
        if left > 0 {
            self.orders.insert(number, order.after_claim(left));
        }
        self.saved(tier, height)
    }

    /// A slot was stored: is it open for matching from now on?
    fn saved(&mut self, tier: Tier, height: u64) -> Result<(), Failure> {
        let (active, pending) = self.whole_funds(&tier, height)?;
        let least = self.min.get(&tier.1).map_or(1, |(_, least)| *least);
        match active + pending >= least {
            true => self.open.insert(tier.clone()),
            false => self.open.remove(&tier),
        };
        self.changed.insert(tier);
        Ok(())
    }

    fn take(&mut self, asset: &str, amount: u128) -> Result<(), Failure> {
        let held = self.held.entry(asset.to_string()).or_default();
        let less = held.checked_sub(amount);
        *held = less.ok_or_else(|| broken("held", format!("{amount} {asset} were taken of {held}")))?;
        Ok(())
    }

    fn whole_funds(&self, tier: &Tier, height: u64) -> Result<(u128, u128), Failure> {
        self.funds(tier, height)
            .ok_or_else(|| broken("whole", format!("the funds of {tier:?} are no whole number")))
    }

    /// What must hold after every step.
    ///
    /// # Errors
    /// Where the contract has something else than the orders together.
    pub fn check(&mut self, suite: &Suite) -> Result<(), Failure> {
        let vault = suite.app.contract_storage(&suite.peers.vault);
        let auction = &suite.peers.liquidation_auction;
        for asset in suite.ask().asset_ids() {
            let asset = asset.as_str();
            let account = ACCOUNTS.may_load(&*vault, (auction, asset));
            let account = account.map_err(|error| broken("account", error.to_string()))?;
            let account = account.unwrap_or_default().amount.u128();
            let held = self.held.get(asset).copied().unwrap_or_default();
            if account != held {
                let what = format!("the auction's account has {account} {asset}, its orders {held}");
                return Err(broken("account", what));
            }
        }
        for tier in std::mem::take(&mut self.changed) {
            self.look(suite, &tier)?;
        }
        Ok(())
    }

    /// A slot, and each of its orders.
    fn look(&self, suite: &Suite, tier: &Tier) -> Result<(), Failure> {
        let height = suite.app.block_info().height;
        let storage = suite.app.contract_storage(&suite.peers.liquidation_auction);
        let unreadable = |error: &dyn std::fmt::Display| broken("slot", format!("{tier:?}: {error}"));
        let book = BOOKS
            .load(&*storage, (&tier.0, &tier.1))
            .map_err(|e| unreadable(&e))?;
        let slot = SLOTS
            .load(&*storage, (book.id, tier.2))
            .map_err(|e| unreadable(&e))?;
        let nobody = self.nobody.get(tier).cloned().unwrap_or_default();
        let (mut gained, mut shares) = (nobody.gained.clone(), [0u128; 3]);
        for (number, order) in self.orders.iter().filter(|(_, order)| order.tier == *tier) {
            let told = suite.ask().order(*number)?;
            let (has, bought) = (told.funds.u128(), told.gained.u128());
            order.check(*number, has, bought)?;
            let pending = order.is_pending(height);
            if pending && (has, bought) != (order.amount, 0) {
                let what = format!("order {number} is of this block and has {has} and {bought}");
                return Err(broken("pending", what));
            }
            shares[usize::from(pending)] += has;
            shares[2] += bought;
            gained += &order.gained;
        }
        let (active, pending) = self.whole_funds(tier, height)?;
        let active_now = slot.active(height).map_err(|e| unreadable(&e))?.u128();
        let all = (slot.funds + slot.pending).u128();
        let told = (active_now, all - active_now, q(slot.gained.u128()));
        if told != (active, pending, gained.clone()) {
            let what = format!(
                "{tier:?} holds {told:?}; its orders and what rounding left: {active}, {pending}, {}",
                shown(&gained)
            );
            return Err(broken("slot", what));
        }
        if shares[0] > active_now || shares[1] != pending || shares[2] > slot.gained.u128() {
            let what = format!("the orders of {tier:?} have {shares:?}, the slot {told:?}");
            return Err(broken("owed", what));
        }
        let open = book.is_open(tier.2);
        if open != self.open.contains(tier) {
            return Err(broken(
                "open",
                format!("{tier:?} holds {all}, is it open for matching? {open}"),
            ));
        }
        if nobody.funds > nobody.most.0 || nobody.gained > nobody.most.1 {
            let what = format!(
                "{} and {} of {tier:?} are nobody's",
                shown(&nobody.funds),
                shown(&nobody.gained)
            );
            return Err(broken("dust", what));
        }
        Ok(())
    }
}

fn unknown(number: u64) -> Failure {
    broken("unknown", format!("order {number} was never placed, or is gone"))
}

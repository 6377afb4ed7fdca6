//! Standing orders: holders place them before the first block; keepers read them from their records and have them buy.

use glidepath_interfaces::auction::{slot_multiplier, BOOKS, SLOTS, SLOTS_A_BOOK};
use glidepath_liquidation_auction::ContractError as AuctionError;
use glidepath_testkit::Suite;

use crate::clock::Time;
use crate::rules::{PositionId, RulesError};
use crate::scene::Scene;

use super::setup::{DEBT, DEBT_DECIMALS};
use super::units::{float, from_units, to_units};
use super::{failed, is_refusal, Soft};

/// Smallest order that the replay's chain takes, USD.
const MIN_ORDER_USD: f64 = 100.0;
/// Part of the keepers' share of a penalty that goes to who had the orders buy.
const MATCHER_PART: f64 = 0.5;

/// The orders of a collateral, as keepers read them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Book {
    /// USD of each slot that holds enough to be matched; 0 of the others.
    funds: [f64; SLOTS_A_BOOK as usize],
}

impl Book {
    /// Reads it as it is on chain. What was placed in this very block is not there yet.
    fn read(suite: &Suite, collateral: &str) -> anyhow::Result<Self> {
        let auction = suite.app.contract_storage(&suite.peers.liquidation_auction);
        let mut found = Self::default();
        let Some(book) = BOOKS.may_load(&*auction, (collateral, DEBT))? else {
            return Ok(found);
        };
        let height = suite.app.block_info().height;
        for (slot, funds) in (0..SLOTS_A_BOOK).zip(&mut found.funds) {
            if book.is_open(slot) {
                let active = SLOTS.load(&*auction, (book.id, slot))?.active(height)?;
                *funds = from_units(active, DEBT_DECIMALS);
            }
        }
        Ok(found)
    }

    /// `(multiplier that they pay, USD)` of the orders that pay at least `clock`, the dearest first.
    pub fn reached(&self, clock: f64) -> impl Iterator<Item = (f64, f64)> + '_ {
        let slots = (0..SLOTS_A_BOOK).zip(&self.funds);
        let open = slots.filter(|(_, funds)| **funds > 0.0);
        let priced = open.filter_map(|(slot, funds)| Some((float(slot_multiplier(slot)?), *funds)));
        priced.take_while(move |(pays, _)| *pays >= clock)
    }
}

/// Places the holders' orders: as many USD in each slot of each collateral.
pub(super) fn place(suite: &mut Suite, scene: &Scene) -> anyhow::Result<()> {
    let holders = &scene.config.holders;
    if holders.depths <= 0.0 {
        return Ok(());
    }
    let least = to_units(MIN_ORDER_USD, DEBT_DECIMALS);
    suite.auction().set_min_order(DEBT, Some(least))?;
    for asset in &scene.assets {
        for slot in holders.slots() {
            let owner = suite.user(&holder_name(slot));
            let amount = to_units(holders.usd_a_slot(asset), DEBT_DECIMALS);
            suite
                .auction()
                .place_order(&owner, (&asset.name, DEBT), slot, amount)?;
        }
    }
    Ok(())
}

/// The account of who has the orders of a slot.
pub fn holder_name(slot: u8) -> String {
    format!("holder-{slot}")
}

impl Soft {
    /// Reads all books as they are on chain.
    pub(super) fn read_books(&mut self) -> anyhow::Result<()> {
        if self.config.holders.depths > 0.0 {
            let names = self.known.assets.iter().map(|asset| asset.name.as_str());
            let books = names.map(|name| Book::read(&self.suite, name));
            self.books = books.collect::<anyhow::Result<_>>()?;
        }
        Ok(())
    }

    /// USD that a keeper gets for having the dearest orders buy from a position's lot.
    pub(super) fn matcher_gets(&self, now: Time, position: PositionId) -> Option<f64> {
        let case = self.cases.get(&position).filter(|case| !case.shut)?;
        let sale = case.sale.as_ref()?;
        let book = self.books.get(sale.asset)?;
        let penalty = self.standing(now, position).order_penalty(sale, book)?;
        Some(penalty * self.config.sale.split.keepers * MATCHER_PART)
    }

    /// Slots that come before a bid for a position's lot, as keepers see it.
    pub(super) fn slots_in_front(&self, now: Time, position: PositionId) -> usize {
        let reached = || {
            let sale = self.cases.get(&position)?.sale.as_ref()?;
            let price = self.standing(now, position).multiplier(sale)?;
            Some(self.books.get(sale.asset)?.reached(price).count())
        };
        reached().unwrap_or_default()
    }

    /// A keeper has the dearest orders buy. Whether they did.
    pub(super) fn send_match(
        &mut self,
        now: Time,
        keeper: usize,
        position: PositionId,
    ) -> Result<bool, RulesError> {
        self.at(now);
        self.freshen(now).map_err(failed(now, "updating prices"))?;
        let Some(keeper) = self.keepers.get(keeper).cloned() else {
            return Ok(false);
        };
        match self.suite.auction().match_orders(&keeper, position.into()) {
            Ok(outcome) => {
                self.absorb(now, &outcome)
                    .map_err(failed(now, "a fill of standing orders"))?;
                Ok(true)
            }
            Err(error) if is_refusal(&error) || is_nothing_to_match(&error) => Ok(false),
            Err(error) => Err(failed(now, "matching standing orders")(error)),
        }
    }
}

fn is_nothing_to_match(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(AuctionError::NothingToMatch { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dearest_reached_come_first() {
        let mut book = Book::default();
        (book.funds[5], book.funds[7], book.funds[0]) = (10.0, 20.0, 1.0);
        let reached = |clock| book.reached(clock).collect::<Vec<_>>();
        assert_eq!(reached(1.03), []);
        assert_eq!(reached(1.0), [(1.025, 1.0), (1.0, 10.0)]);
        assert_eq!(reached(0.97), [(1.025, 1.0), (1.0, 10.0), (0.99, 20.0)]);
    }
}

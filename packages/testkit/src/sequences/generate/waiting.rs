//! Orders that wait for a price: in several slots, in the block of a bid, used in part, used up and placed again, too small.

use cosmwasm_std::Decimal;
use glidepath_interfaces::auction::{slot_multiplier, SLOTS_A_BOOK};

use super::{then, Director};
use crate::sequences::op::{Coin, Much, Op, Slot, Who};
use crate::sequences::world::World;

/// Collateral and debt.
type Pair = (Coin, Coin);

/// Who places orders.
const WAITING: &[Who] = &[Who::Bea, Who::Ben, Who::Bill, Who::Luis, Who::Agent];

impl Director {
    /// The pair on sale, and its first slot that pays less than the lot costs now. Before the lot starts, than it will cost.
    fn near(&self, world: &World, slot: Slot) -> Option<(Pair, u8)> {
        let position = world.position(slot)?;
        let sale = world.sale(position)?;
        let told = world.suite.ask().sale(position).ok()?;
        let multiplier = told.multiplier.unwrap_or(Decimal::permille(1_005));
        let below = |nth: &u8| slot_multiplier(*nth).is_some_and(|pays| pays < multiplier);
        let first = (0..SLOTS_A_BOOK).find(below).unwrap_or(SLOTS_A_BOOK - 1);
        let (collateral, debt) = (sale.collateral.as_str(), sale.debt.as_str());
        Some(((world.coin(collateral), world.coin(debt)), first))
    }

    /// An order for a pair.
    fn place(&mut self, who: Who, (coin, debt): Pair, nth: u8, much: Much) {
        self.then(Op::Place {
            who,
            coin,
            debt,
            nth,
            much,
        });
    }

    /// The next block, with prices of it.
    pub(super) fn next_block(&mut self) {
        then!(
            self,
            Op::Wait {
                seconds: self.dice.from(1, 6)
            }
        );
        self.then(Op::Fresh {});
    }

    /// Orders for what is on sale in some slots, from so many above the lot's price to so many below it.
    pub(super) fn place_some(&mut self, world: &World, slot: Slot, above: u8, below: u8, most: u64) {
        let Some((pair, first)) = self.near(world, slot) else {
            return;
        };
        let (low, high) = (first.saturating_sub(above), (first + below).min(SLOTS_A_BOOK - 1));
        for _ in 0..self.dice.from(1, 4) {
            let who = self.dice.one(WAITING);
            let nth = self.dice.from(low.into(), high.max(low).into()) as u8;
            let much = match self.dice.from(0, 9) {
                0 => Much::Part(1_000),
                1 => Much::Units(self.dice.from(0, 2)),
                _ => Much::Usd(self.dice.any_size(21, most)),
            };
            self.place(who, pair, nth, much);
        }
    }

    /// Orders that wait for a lot which is to come.
    pub(super) fn early(&mut self, world: &World, slot: Slot) {
        self.place_some(world, slot, 2, 8, 60_000);
        self.lot(slot, 0, 700);
        self.buy(world, slot);
    }

    /// More than a lot takes, in one slot, by two; then one of them leaves and one claims.
    pub(super) fn partly(&mut self, world: &World, slot: Slot) {
        let Some((pair, first)) = self.near(world, slot) else {
            return self.then(Op::Fresh {});
        };
        let nth = first.saturating_sub(1 + self.dice.from(0, 2) as u8);
        for who in [Who::Bill, Who::Luis] {
            let much = Much::Usd(self.dice.any_size(5_000, 400_000));
            self.place(who, pair, nth, much);
        }
        self.next_block();
        if self.dice.in_hundred(50) {
            // Too late for this block.
            self.place(Who::Ben, pair, nth, Much::Usd(300));
        }
        let who = self.dice.one(&[Who::Keeper, Who::Bill]);
        self.then(Op::Match { who, slot });
        let (claims, leaves) = match self.dice.in_hundred(50) {
            true => (Who::Bill, Who::Luis),
            false => (Who::Luis, Who::Bill),
        };
        for who in [claims, leaves] {
            let nth = self.dice.from(0, 3) as u8;
            if self.dice.in_hundred(70) {
                then!(self, Op::Claim { who, of: who, nth });
            }
        }
        self.then(Op::Match {
            who: Who::Keeper,
            slot,
        });
        let nth = self.dice.from(0, 3) as u8;
        then!(
            self,
            Op::Unplace {
                who: leaves,
                of: leaves,
                nth
            }
        );
    }

    /// A slot that is used up, and filled and used again.
    pub(super) fn refilled(&mut self, world: &World, slot: Slot) {
        let Some((pair, first)) = self.near(world, slot) else {
            return self.then(Op::Fresh {});
        };
        let nth = first.saturating_sub(1);
        for who in [Who::Ben, Who::Bea] {
            let much = Much::Usd(self.dice.any_size(21, 200));
            self.place(who, pair, nth, much);
            self.next_block();
            self.then(Op::Match {
                who: Who::Keeper,
                slot,
            });
        }
        for who in [Who::Ben, Who::Bea] {
            let nth = self.dice.from(0, 2) as u8;
            then!(self, Op::Claim { who, of: who, nth });
        }
    }

    /// Orders too small to buy anything, in front of somebody.
    pub(super) fn too_small(&mut self, world: &World, slot: Slot) {
        let Some((pair, first)) = self.near(world, slot) else {
            return self.then(Op::Fresh {});
        };
        then!(
            self,
            Op::MinOrder {
                coin: pair.1,
                much: Much::Units(self.dice.from(1, 50)),
            }
        );
        for _ in 0..self.dice.from(1, 5) {
            let nth = first.saturating_sub(1 + self.dice.from(0, 5) as u8);
            let much = match self.dice.in_hundred(80) {
                true => Much::Units(self.dice.from(50, 5_000)),
                false => Much::Usd(30),
            };
            let who = self.dice.one(WAITING);
            self.place(who, pair, nth, much);
        }
        self.next_block();
        self.buy(world, slot);
        self.buy(world, slot);
        then!(
            self,
            Op::MinOrder {
                coin: pair.1,
                much: self.dice.one(&[Much::Usd(20), Much::Usd(20), Much::All]),
            }
        );
    }

    /// An order that is refused: of an asset for itself, or in a slot that there is not. Or one far from any price.
    fn odd_order(&mut self) {
        let (coin, debt) = (self.dice.one(Coin::COLLATERALS), self.dice.one(Coin::DEBTS));
        let (coin, nth) = match self.dice.from(0, 2) {
            0 => (debt, 3),
            1 => (coin, self.dice.one(&[16, 255])),
            _ => (coin, self.dice.from(0, 15) as u8),
        };
        let who = self.dice.one(WAITING);
        let much = Much::Usd(self.dice.any_size(21, 2_000));
        self.place(who, (coin, debt), nth, much);
    }

    /// Somebody takes out an order, or what it has bought; now and then one that is not his.
    pub(super) fn leave(&mut self, world: &World) {
        if self.dice.in_hundred(15) {
            self.odd_order();
        }
        let owners: Vec<Who> = WAITING
            .iter()
            .copied()
            .filter(|who| !world.orders.of(&world.who(*who)).is_empty())
            .collect();
        let of = match owners.is_empty() {
            true => self.dice.one(WAITING),
            false => self.dice.one(&owners),
        };
        let who = match self.dice.in_hundred(12) {
            true => Who::Mallory,
            false => of,
        };
        let nth = self.dice.from(0, 4) as u8;
        match self.dice.in_hundred(50) {
            true => then!(self, Op::Unplace { who, of, nth }),
            false => then!(self, Op::Claim { who, of, nth }),
        }
    }
}

//! Ways to buy from a lot other than with coins at once: out of an account, without capital, several lots with one payment.

use super::{then, Director};
use crate::sequences::op::{Back, Backs, Coin, Leg, Legs, Limit, Much, Op, Pays, Slot, Verb, Way, Who};
use crate::sequences::world::World;

/// What may be tried with an open ticket.
const IN_BETWEEN: &[Back] = &[
    Back::Flash,
    Back::Bid,
    Back::Withdraw,
    Back::Borrow,
    Back::Deposit,
    Back::Repay,
    Back::Advance,
    Back::Recall,
    Back::Take,
    Back::Match,
    Back::Place,
    Back::Unplace,
    Back::Exit,
    Back::Supply,
    Back::Ask,
];

impl Director {
    /// Somebody buys, in one way or another.
    pub(super) fn buy(&mut self, world: &World, slot: Slot) {
        match self.dice.from(0, 11) {
            0..=2 => self.bid(slot),
            3..=4 => self.spend(world, slot),
            5..=6 => self.flash(world, slot),
            7 => self.many(world, slot),
            8 => {
                let (who, much) = (self.dice.one(Who::BIDDERS), Much::Part(900));
                let parts = self.dice.from(2, 6) as u8;
                then!(
                    self,
                    Op::Pieces {
                        who,
                        slot,
                        much,
                        parts
                    }
                );
            }
            _ => then!(
                self,
                Op::Match {
                    who: self.dice.one(&[Who::Keeper, Who::Mallory, Who::Bea, slot.owner]),
                    slot,
                }
            ),
        }
    }

    /// What may happen to a lot that is alive, beside bids with coins.
    pub(super) fn buyers(&mut self, world: &World, slot: Slot) {
        match self.dice.from(0, 18) {
            0..=1 | 16 => {
                self.then(Op::Fresh {});
                self.spend(world, slot);
            }
            2..=4 | 17..=18 => self.flash(world, slot),
            5 => {
                self.then(Op::Fresh {});
                self.many(world, slot);
            }
            6..=7 => {
                // They wait around the price, and it comes to them.
                self.place_some(world, slot, 2, 4, 40_000);
                self.next_block();
                self.buy(world, slot);
                if self.dice.in_hundred(60) {
                    self.lot(slot, 300, 1_000);
                    self.buy(world, slot);
                    self.buy(world, slot);
                }
            }
            8..=9 => {
                // So many slots in front that a bid does not serve all of them.
                for _ in 0..3 {
                    self.place_some(world, slot, 5, 0, 300);
                }
                self.next_block();
                self.buy(world, slot);
                self.buy(world, slot);
            }
            10 => {
                // In the block of the bid.
                self.then(Op::Fresh {});
                self.place_some(world, slot, 3, 1, 40_000);
                self.buy(world, slot);
                if self.dice.in_hundred(50) {
                    self.leave(world);
                }
            }
            11 => self.partly(world, slot),
            12 => self.refilled(world, slot),
            13 => self.too_small(world, slot),
            14 => {
                self.place_some(world, slot, 1, 3, 100_000);
                self.next_block();
                self.then(Op::Match {
                    who: Who::Keeper,
                    slot,
                });
                self.leave(world);
            }
            _ => self.leave(world),
        }
    }

    /// Out of an account, mostly after something was put there.
    fn spend(&mut self, world: &World, slot: Slot) {
        let who = self.dice.one(Who::BIDDERS);
        let coin = match world.position(slot).and_then(|position| world.sale(position)) {
            Some(sale) => world.coin(sale.debt.as_str()),
            None => Coin::Usdc,
        };
        self.fill_account(who, coin);
        let much = match self.dice.from(0, 5) {
            0 => Much::Units(self.dice.from(0, 2)),
            1..=2 => Much::All,
            _ => self.part(),
        };
        let limit = match self.dice.from(0, 9) {
            0 => Limit::Exact,
            1 => self.dice.one(&[Limit::Low, Limit::Greedy, Limit::Suite]),
            2 => Limit::Gift,
            _ => Limit::Any,
        };
        then!(
            self,
            Op::Spend {
                who,
                slot,
                much,
                limit
            }
        );
    }

    fn fill_account(&mut self, who: Who, coin: Coin) {
        if self.dice.in_hundred(80) {
            let much = Much::Usd(self.dice.any_size(200, 120_000));
            self.then(Op::Put { who, coin, much });
        }
        if self.dice.in_hundred(85) {
            let much = match self.dice.from(0, 9) {
                0 => Much::Part(1_001),
                1 => Much::Units(0),
                2..=3 => self.part(),
                _ => Much::All,
            };
            self.then(Op::Aside { who, coin, much });
        }
    }

    /// Without capital: mostly paid as it should be, often with something in the middle.
    fn flash(&mut self, world: &World, slot: Slot) {
        let who = match self.dice.in_hundred(97) {
            true => Who::Agent,
            false => Who::Ben,
        };
        let pays = match self.dice.from(0, 9) {
            0..=6 => Pays::Exactly,
            _ => self.dice.one(Pays::ALL),
        };
        let mut backs = vec![];
        for chance in [75, 30] {
            if self.dice.in_hundred(chance) {
                backs.push(self.dice.one(IN_BETWEEN));
            }
        }
        let at = match backs.first() {
            Some(back) => self.in_between(world, slot, *back),
            None => slot,
        };
        // Something is left for who comes in between.
        let most = if backs.is_empty() { 1_100 } else { 700 };
        let much = match self.dice.in_hundred(20) {
            true => Much::All,
            false => Much::Part(self.dice.from(50, most) as u32),
        };
        let backs = Backs(backs);
        self.then(Op::Fresh {});
        self.then(Op::Flash {
            who,
            slot,
            much,
            pays,
            backs,
            at,
        });
    }

    /// What there must be for something in the middle, and the position that it is about.
    fn in_between(&mut self, world: &World, slot: Slot, what: Back) -> Slot {
        let who = Who::Agent;
        let own = Slot { owner: who, nth: 0 };
        let coin = match world.position(slot).and_then(|position| world.sale(position)) {
            Some(sale) => world.coin(sale.debt.as_str()),
            None => Coin::Usdc,
        };
        match what {
            Back::Withdraw | Back::Borrow => {
                // Of its own position, mostly one that can bear it.
                if self.dice.in_hundred(80) {
                    let acts = vec![
                        self.act(Verb::Deposit, Coin::Atom, Much::Usd(5_000)),
                        self.act(Verb::Borrow, Coin::Usdc, Much::Usd(20)),
                    ];
                    self.update(who, own, acts);
                }
                own
            }
            Back::Bid | Back::Flash | Back::Match | Back::Advance => {
                let at = self.elsewhere(world, slot);
                if what == Back::Match {
                    self.place_some(world, at, 2, 0, 2_000);
                    self.next_block();
                }
                at
            }
            Back::Unplace => {
                let nth = self.dice.from(9, 15) as u8;
                let much = Much::Usd(50);
                then!(
                    self,
                    Op::Place {
                        who,
                        coin: Coin::Yusd,
                        debt: coin,
                        nth,
                        much
                    }
                );
                slot
            }
            other => {
                self.prepare(other, coin);
                slot
            }
        }
    }

    /// Another position that is on sale, if there is one and chance wants it.
    fn elsewhere(&mut self, world: &World, slot: Slot) -> Slot {
        let other = |other: &Slot| {
            let position = world.position(*other);
            *other != slot && position.is_some_and(|position| world.is_on_sale(position))
        };
        let others: Vec<Slot> = world.slots.keys().copied().filter(other).collect();
        match others.is_empty() || self.dice.in_hundred(25) {
            true => slot,
            false => self.dice.one(&others),
        }
    }

    /// On several positions: those on sale, and now and then one that is not, the same twice, too dear.
    fn many(&mut self, world: &World, slot: Slot) {
        let (who, way) = (self.dice.one(Who::BIDDERS), self.dice.one(Way::ALL));
        let on_sale = |slot: &Slot| {
            let position = world.position(*slot);
            position.is_some_and(|position| world.sale(position).is_some())
        };
        let mut slots: Vec<Slot> = world.slots.keys().copied().collect();
        let all = self.dice.in_hundred(25);
        slots.retain(|other| *other != slot && (all || on_sale(other)));
        slots.insert(0, slot);
        if self.dice.in_hundred(30) {
            slots.reverse();
        }
        if self.dice.in_hundred(4) {
            slots.push(slot);
        }
        let legs = slots.into_iter().map(|slot| Leg {
            slot,
            limit: match self.dice.from(0, 9) {
                0 => Limit::Low,
                1 => Limit::Exact,
                2 => Limit::Greedy,
                _ => Limit::Any,
            },
            much: match self.dice.in_hundred(60) {
                true => Much::All,
                false => Much::Part(self.dice.from(50, 1_050) as u32),
            },
        });
        let legs = Legs(legs.collect());
        let much = match self.dice.in_hundred(50) {
            true => Much::All,
            false => Much::Part(self.dice.from(50, 1_200) as u32),
        };
        if way == Way::Account {
            let coin = match world.position(slot).and_then(|position| world.sale(position)) {
                Some(sale) => world.coin(sale.debt.as_str()),
                None => Coin::Usdc,
            };
            self.fill_account(who, coin);
        }
        self.then(Op::Many { who, way, much, legs });
    }

    /// Several positions that fall together, mostly of one pair; bids on all of them, one inside the other, and orders that wait
    /// for one of them.
    pub(super) fn crowd(&mut self, world: &World) {
        let (coin, debt) = (self.dice.one(&[Coin::Atom, Coin::Eth, Coin::Gold]), Coin::Usdc);
        // The second one may be of another collateral, and then orders for that wait, too.
        let other = match self.dice.in_hundred(60) {
            true => self.dice.one(&[Coin::Gold, Coin::Yusd]),
            false => coin,
        };
        let mut slots = vec![];
        for (owner, coin) in [(Who::Alice, coin), (Who::Bob, other), (Who::Carol, coin)] {
            let slot = Slot {
                owner,
                nth: self.dice.from(0, 1) as u8,
            };
            if world.position(slot).is_none() || self.dice.in_hundred(70) {
                let usd = self.dice.any_size(3_000, 400_000);
                let borrowed = if self.dice.in_hundred(15) { Coin::Eth } else { debt };
                let acts = vec![
                    self.act(Verb::Deposit, coin, Much::Usd(usd)),
                    self.act(Verb::Borrow, borrowed, Much::Part(985)),
                ];
                self.update(owner, slot, acts);
            }
            slots.push(slot);
        }
        let (first, second, third) = (slots[0], slots[1], slots[2]);
        self.aim(first, coin, 9_350, 9_800);
        self.aim(second, other, 9_350, 9_800);
        for (slot, times) in [(first, 2), (second, 2), (third, self.dice.from(1, 2))] {
            for _ in 0..times {
                self.advance(slot);
            }
        }
        let wait = self.dice.in_hundred(60);
        if wait {
            let much = Much::Usd(self.dice.any_size(21, 5_000));
            let (nth, coin) = match other == coin {
                true => (self.dice.from(3, 12) as u8, coin),
                false => (self.dice.from(0, 8) as u8, other),
            };
            then!(
                self,
                Op::Place {
                    who: Who::Luis,
                    coin,
                    debt,
                    nth,
                    much
                }
            );
        }
        self.lot(first, 0, 900);
        match self.dice.in_hundred(60) {
            true => {
                let (back, at) = match self.dice.from(0, 3) {
                    0 if wait => (Back::Match, second),
                    1 => (Back::Advance, third),
                    2 => (Back::Bid, second),
                    _ => (Back::Flash, second),
                };
                self.then(Op::Flash {
                    who: Who::Agent,
                    slot: first,
                    much: Much::Part(500),
                    pays: Pays::Exactly,
                    backs: Backs(vec![back]),
                    at,
                });
            }
            false => {
                for slot in slots {
                    self.many(world, slot);
                }
            }
        }
        self.buy(world, first);
    }
}

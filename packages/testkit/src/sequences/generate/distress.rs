//! What would be interesting for a position in its stage.

use glidepath_position_manager::state::POSITIONS;

use super::{then, Director};
use crate::sequences::op::{Acts, Coin, Limit, Much, Op, Slot, Verb, Who, Wrong};
use crate::sequences::world::World;

impl Director {
    pub(super) fn aim(&mut self, slot: Slot, coin: Coin, low: u64, high: u64) {
        let health = self.dice.from(low, high) as u32;
        then!(self, Op::Aim { slot, coin, health });
    }

    pub(super) fn advance(&mut self, slot: Slot) {
        let who = match self.dice.from(0, 9) {
            0 => slot.owner,
            1 => Who::Mallory,
            _ => Who::Keeper,
        };
        then!(self, Op::Advance { who, slot });
    }

    pub(super) fn bid(&mut self, slot: Slot) {
        let who = self.dice.one(Who::BIDDERS);
        let much = match self.dice.from(0, 11) {
            0 => Much::Units(self.dice.from(0, 2)),
            1 => Much::Usd(self.dice.any_size(1, 20_000)),
            2..=6 => Much::All,
            7 => Much::Part(1_000),
            _ => Much::Part(self.dice.from(50, 1_050) as u32),
        };
        let limit = match self.dice.from(0, 11) {
            0 => Limit::Exact,
            1 => Limit::Low,
            2 => Limit::Greedy,
            3 => self.dice.one(&[Limit::Suite, Limit::Gift]),
            _ => Limit::Any,
        };
        then!(
            self,
            Op::Bid {
                who,
                slot,
                much,
                limit,
            }
        );
    }

    pub(super) fn lot(&mut self, slot: Slot, low: u64, high: u64) {
        let at = self.dice.from(low, high) as u32;
        then!(self, Op::Lot { slot, at });
    }

    /// What would be interesting for a position, mostly for the one that was looked at before.
    pub(super) fn follow(&mut self, world: &World) {
        let slot = match self.focus {
            Some(slot) if self.dice.in_hundred(80) && world.position(slot).is_some() => slot,
            _ => self.opened(world),
        };
        self.focus = Some(slot);
        let Some(position) = world.position(slot) else {
            return self.open();
        };
        let ledger = world.ledger(position);
        if ledger.debts.is_empty() {
            self.focus = None;
            let (collateral, debt) = (self.dice.one(Coin::COLLATERALS), self.dice.one(Coin::DEBTS));
            let acts = vec![
                self.act(Verb::Deposit, collateral, Much::Usd(10_000)),
                self.act(Verb::Borrow, debt, Much::Part(950)),
            ];
            return self.update(slot.owner, slot, acts);
        }
        let storage = world
            .suite
            .app
            .contract_storage(&world.suite.peers.position_manager);
        let stored = POSITIONS.load(&*storage, position).expect("a position");
        let coin = match self.dice.in_hundred(75) {
            true => self.collateral_of(world, slot),
            false => self.debt_of(world, slot),
        };
        match (stored.distress, world.sale(position)) {
            (None, _) => self.calm(world, slot, coin),
            (Some(_), None) => self.called(slot, coin),
            (Some(_), Some(sale)) => match (sale.asleep_since, sale.lot) {
                (Some(_), _) => self.asleep(slot, coin),
                (None, None) => self.advance(slot),
                (None, Some(lot)) if world.now() < lot.start_at => match self.dice.in_hundred(20) {
                    true => self.early(world, slot),
                    false => self.scheduled(slot, coin),
                },
                (None, Some(_)) if world.is_on_sale(position) => {
                    if self.dice.in_hundred(8) {
                        return self.unwanted(world, slot);
                    }
                    self.alive(world, slot, coin, sale.first_fill_at.is_some())
                }
                (None, Some(_)) => self.over(slot),
            },
        }
    }

    pub(super) fn calm(&mut self, world: &World, slot: Slot, coin: Coin) {
        match self.dice.from(0, 19) {
            0..=5 => {
                self.aim(slot, coin, 9_850, 9_999);
                self.advance(slot);
            }
            6..=8 => {
                self.aim(slot, coin, 9_301, 9_849);
                self.advance(slot);
            }
            9..=10 => {
                self.aim(slot, coin, 8_000, 9_300);
                self.advance(slot);
            }
            11..=12 => self.ruin(world, slot, coin),
            13 => {
                let health = self.dice.one(&[10_000, 9_850, 9_300]) as u32;
                then!(self, Op::Aim { slot, coin, health });
                self.advance(slot);
            }
            14 => match self.dice.in_hundred(50) {
                true => self.wished(slot, coin),
                false => self.advance(slot),
            },
            15 => {
                then!(
                    self,
                    Op::Wait {
                        seconds: self.dice.any_size(16, 2_000),
                    }
                );
                self.advance(slot);
            }
            _ => self.manage(slot),
        }
    }

    /// An owner's wish, and what comes of it: bought in part, then withdrawn, overtaken by a fall, or left to itself.
    pub(super) fn wished(&mut self, slot: Slot, coin: Coin) {
        let variant = self.dice.from(0, 59) as u8;
        then!(self, Op::Wish { slot, variant });
        if self.dice.in_hundred(80) {
            then!(self, Op::Wait { seconds: 1 });
        }
        match self.dice.in_hundred(70) {
            true => self.aim(slot, coin, 10_001, 10_499),
            false => self.then(Op::Fresh {}),
        }
        self.advance(slot);
        for _ in 0..self.dice.from(0, 3) {
            self.lot(slot, 0, 1_000);
            self.bid(slot);
        }
        match self.dice.from(0, 5) {
            0 | 1 => {
                self.aim(slot, coin, 8_500, 9_999);
                self.advance(slot);
            }
            2 => {
                let variant = self.dice.from(0, 59) as u8;
                then!(self, Op::Wish { slot, variant });
                if self.dice.in_hundred(50) {
                    self.bid(slot);
                }
                then!(self, Op::Wait { seconds: 1 });
                then!(self, Op::Fresh {});
                self.bid(slot);
                self.advance(slot);
            }
            3 => {
                self.lot(slot, 1_001, 1_400);
                self.aim(slot, coin, 10_400, 14_000);
                self.advance(slot);
            }
            4 => self.manage(slot),
            _ => {}
        }
    }

    /// A fall so deep that debt is left.
    pub(super) fn ruin(&mut self, world: &World, slot: Slot, coin: Coin) {
        // Somebody has staked against it.
        let debt = self.debt_of(world, slot);
        let insured = self.dice.in_hundred(40);
        if insured {
            let much = Much::Usd(self.dice.any_size(1, 20_000));
            let who = Who::Stan;
            self.then(Op::Stake {
                who,
                coin: debt,
                much,
            });
        }
        // What is too little to be sold will be surrendered.
        let dregs = self.dice.one(Coin::COLLATERALS);
        let leaves_dregs = self.dice.in_hundred(40);
        if leaves_dregs {
            let few = Much::Units(self.dice.from(1, 5_000));
            let acts = vec![self.act(Verb::Deposit, dregs, few)];
            self.update(slot.owner, slot, acts);
        }
        self.aim(slot, coin, 1_500, 8_000);
        self.advance(slot);
        then!(self, Op::Wait { seconds: 55 });
        then!(self, Op::Fresh {});
        self.advance(slot);
        for _ in 0..self.dice.from(1, 4) {
            self.lot(slot, 0, 1_000);
            then!(
                self,
                Op::Bid {
                    who: self.dice.one(Who::BIDDERS),
                    slot,
                    much: Much::All,
                    limit: Limit::Any,
                }
            );
        }
        if leaves_dregs {
            // Seen twice.
            self.advance(slot);
            self.then(Op::Wait { seconds: 55 });
            self.then(Op::Fresh {});
            self.advance(slot);
            self.then(Op::Salvage { coin: dregs });
        }
        if insured {
            self.then(Op::Book {
                who: Who::Keeper,
                coin: debt,
            });
        }
    }

    pub(super) fn called(&mut self, slot: Slot, coin: Coin) {
        match self.dice.from(0, 19) {
            0..=8 => {
                then!(self, Op::Due { slot });
                self.advance(slot);
            }
            9..=10 => {
                self.aim(slot, coin, 10_000, 10_500);
                self.advance(slot);
            }
            11..=12 => {
                self.aim(slot, coin, 7_000, 9_299);
                self.advance(slot);
                then!(
                    self,
                    Op::Wait {
                        seconds: self.dice.from(10, 60),
                    }
                );
                then!(self, Op::Fresh {});
                self.advance(slot);
            }
            13 => {
                self.aim(slot, coin, 9_300, 9_999);
                self.advance(slot);
            }
            14..=15 => self.manage(slot),
            16 => {
                then!(
                    self,
                    Op::Wait {
                        seconds: self.dice.from(1_500, 6_000),
                    }
                );
                then!(self, Op::Fresh {});
                self.advance(slot);
            }
            17 => {
                then!(
                    self,
                    Op::Wait {
                        seconds: self.dice.from(10, 1_000),
                    }
                );
                if self.dice.in_hundred(50) {
                    self.then(Op::Ask { who: Who::Keeper });
                }
                self.advance(slot);
            }
            _ => self.advance(slot),
        }
    }

    pub(super) fn asleep(&mut self, slot: Slot, coin: Coin) {
        match self.dice.from(0, 9) {
            0..=3 => {
                self.aim(slot, coin, 9_400, 9_999);
                self.advance(slot);
            }
            4..=6 => {
                then!(
                    self,
                    Op::Wait {
                        seconds: 86_400 + self.dice.from(0, 600),
                    }
                );
                then!(self, Op::Fresh {});
                self.advance(slot);
            }
            7 => self.bid(slot),
            8 => {
                self.aim(slot, coin, 10_000, 12_000);
                self.advance(slot);
            }
            _ => self.manage(slot),
        }
    }

    pub(super) fn scheduled(&mut self, slot: Slot, coin: Coin) {
        match self.dice.from(0, 19) {
            0..=13 => self.lot(slot, 0, 900),
            14 => self.lot(slot, 0, 0),
            15 => self.bid(slot),
            16 => self.advance(slot),
            17 => {
                self.aim(slot, coin, 10_000, 10_300);
                self.lot(slot, 0, 100);
                self.bid(slot);
            }
            18 => self.manage(slot),
            _ => self.aim(slot, coin, 8_500, 9_999),
        }
    }

    pub(super) fn alive(&mut self, world: &World, slot: Slot, coin: Coin, begun: bool) {
        let sale = world.position(slot).and_then(|position| world.sale(position));
        let of_token = sale.is_some_and(|sale| sale.collateral.as_str() == Coin::Gold.word());
        if of_token && self.dice.in_hundred(35) {
            return self.bids_and_calls_back(world, slot);
        }
        if self.dice.in_hundred(50) {
            return self.buyers(world, slot);
        }
        match self.dice.from(0, 43) {
            0..=13 => {
                then!(self, Op::Fresh {});
                self.bid(slot);
            }
            14..=17 => {
                then!(self, Op::Fresh {});
                let much = match self.dice.in_hundred(40) {
                    true => Much::All,
                    false => Much::Part(self.dice.from(100, 1_000) as u32),
                };
                then!(
                    self,
                    Op::Pieces {
                        who: self.dice.one(Who::BIDDERS),
                        slot,
                        much,
                        parts: self.dice.from(2, 6) as u8,
                    }
                );
            }
            18..=19 => self.lot(slot, 0, 1_000),
            20..=21 => {
                self.lot(slot, 1_001, 1_400);
                self.advance(slot);
            }
            22..=24 => {
                // Begun, then back above maintenance: it will sleep.
                if !begun {
                    then!(self, Op::Fresh {});
                    then!(
                        self,
                        Op::Bid {
                            who: self.dice.one(Who::BIDDERS),
                            slot,
                            much: Much::Part(self.dice.from(50, 500) as u32),
                            limit: Limit::Any,
                        }
                    );
                }
                self.aim(slot, coin, 10_000, 10_500);
                self.lot(slot, 1_001, 1_100);
                self.advance(slot);
            }
            25 => self.aim(slot, coin, 7_000, 9_299),
            26 => {
                self.aim(slot, coin, 8_000, 9_299);
                self.advance(slot);
                then!(
                    self,
                    Op::Wait {
                        seconds: self.dice.from(40, 60),
                    }
                );
                then!(self, Op::Fresh {});
                self.advance(slot);
            }
            27 => {
                // Less than half of the price at which it was permitted.
                self.aim(slot, coin, 2_500, 4_500);
                self.bid(slot);
                self.advance(slot);
                self.bid(slot);
            }
            28 => match self.dice.in_hundred(50) {
                true => self.advance(slot),
                false => self.then(Op::EndSale { slot }),
            },
            29 => {
                let what = self
                    .dice
                    .one(&[Wrong::BidDenom, Wrong::BidTwo, Wrong::Token, Wrong::Posing]);
                let who = Who::Mallory;
                self.then(Op::Fresh {});
                self.then(Op::Mispay { who, slot, what });
            }
            30 => {
                self.then(Op::Wait { seconds: 16 });
                self.bid(slot);
            }
            31 => {
                // Beyond the target, with a lot that was begun.
                self.then(Op::Fresh {});
                self.then(Op::Bid {
                    who: Who::Ben,
                    slot,
                    much: Much::Part(300),
                    limit: Limit::Any,
                });
                self.aim(slot, coin, 10_700, 14_000);
                self.bid(slot);
            }
            32..=33 => {
                // What is owed comes in as collateral while it is sold.
                let coin = self.debt_of(world, slot);
                let much = Much::Usd(self.dice.any_size(10, 50_000));
                let acts = vec![self.act(Verb::Deposit, coin, much)];
                self.update(slot.owner, slot, acts);
                self.then(Op::Fresh {});
                self.bid(slot);
            }
            34..=41 => self.takes_over(world, slot),
            _ => self.manage(slot),
        }
    }

    /// Somebody wants all of it: with what it needs, with too little, or to take it apart. Its owner may mind.
    fn takes_over(&mut self, world: &World, slot: Slot) {
        if self.dice.in_hundred(30) {
            let allowed = self.dice.in_hundred(20);
            let who = match self.dice.in_hundred(80) {
                true => slot.owner,
                false => Who::Mallory,
            };
            self.then(Op::Keep { who, slot, allowed });
            if self.dice.in_hundred(70) {
                self.then(Op::Wait { seconds: 1 });
            }
        }
        let who = match self.dice.in_hundred(70) {
            true => self.dice.one(Who::OWNERS),
            false => self.dice.one(Who::BIDDERS),
        };
        let (collateral, debt) = (self.collateral_of(world, slot), self.debt_of(world, slot));
        let part = Much::Part(self.dice.from(20, 1_000) as u32);
        let acts = match self.dice.from(0, 9) {
            0..=4 => vec![self.act(Verb::Repay, debt, part)],
            5..=6 => {
                let much = Much::Usd(self.dice.any_size(10, 50_000));
                vec![self.act(Verb::Deposit, collateral, much)]
            }
            7 => vec![
                self.act(Verb::Repay, debt, Much::All),
                self.act(Verb::Withdraw, collateral, part),
            ],
            8 => {
                let much = Much::Usd(self.dice.any_size(10_000, 100_000));
                vec![
                    self.act(Verb::Deposit, collateral, much),
                    self.act(Verb::Borrow, debt, Much::Part(900)),
                ]
            }
            _ => vec![self.act(Verb::Withdraw, collateral, Much::Units(1))],
        };
        let acts = Acts(acts);
        self.then(Op::Fresh {});
        self.then(Op::Takeover { who, slot, acts });
    }

    pub(super) fn over(&mut self, slot: Slot) {
        if self.dice.in_hundred(15) {
            self.bid(slot);
        }
        then!(self, Op::Fresh {});
        if self.dice.in_hundred(5) {
            self.backstop(slot);
        }
        self.advance(slot);
    }

    /// Nobody buys, lot after lot, and the fund does, if somebody has staked and it may; once more, and what it bought is taken
    /// out.
    pub(super) fn unwanted(&mut self, world: &World, slot: Slot) {
        let (debt, variant) = (self.debt_of(world, slot), self.dice.one(&[0, 1, 1, 2, 3, 4, 5]));
        let who = self.dice.one(&[Who::Stan, Who::Lena]);
        let much = Much::Usd(self.dice.any_size(1, 400_000));
        self.then(Op::Stake {
            who,
            coin: debt,
            much,
        });
        then!(self, Op::Buys { coin: debt, variant });
        if self.dice.in_hundred(20) {
            self.backstop(slot);
        }
        let lots = self.dice.from(2, 5);
        for nth in 0..lots {
            self.lot(slot, 1_001, 1_030);
            if nth + 1 < lots {
                self.advance(slot);
            }
        }
        self.backstop(slot);
        if self.dice.in_hundred(30) {
            self.backstop(slot);
        }
        if self.dice.in_hundred(50) {
            let coin = self.collateral_of(world, slot);
            then!(self, Op::Fetch { who, coin, debt });
        }
        self.advance(slot);
    }

    fn backstop(&mut self, slot: Slot) {
        let who = self.dice.one(&[Who::Keeper, Who::Stan, slot.owner]);
        then!(self, Op::Backstop { who, slot });
    }
}

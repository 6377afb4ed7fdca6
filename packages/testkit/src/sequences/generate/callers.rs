//! A contract that owns positions, lends and bids, and calls back when it is paid.

use super::{then, Director};
use crate::sequences::op::{Back, Coin, Limit, Much, Op, Slot, Verb, Who};
use crate::sequences::world::World;

const GOLD: Coin = Coin::Gold;

impl Director {
    /// It will call back when it is paid next: for a position of its own, or for another one.
    pub(super) fn hook(&mut self, world: &World, own: Slot) {
        let slot = match self.dice.in_hundred(60) {
            true => own,
            false => self.opened(world),
        };
        let what = self.dice.one(Back::ALL);
        let coin = match what {
            Back::Deposit | Back::Withdraw => self.collateral_of(world, slot),
            Back::Repay | Back::Borrow => self.debt_of(world, slot),
            _ => self.dice.one(Coin::DEBTS),
        };
        self.prepare(what, coin);
        then!(self, Op::Hook { what, slot, coin });
    }

    /// There must be something to take.
    pub(super) fn prepare(&mut self, what: Back, coin: Coin) {
        let (who, much) = (Who::Agent, Much::Usd(self.dice.any_size(100, 5_000)));
        match what {
            Back::Recall => then!(self, Op::Supply { who, coin, much }),
            Back::Take => then!(self, Op::Put { who, coin, much }),
            Back::Request => then!(self, Op::Stake { who, coin, much }),
            Back::Exit => {
                then!(self, Op::Stake { who, coin, much });
                then!(
                    self,
                    Op::Request {
                        who,
                        coin,
                        much: Much::All
                    }
                );
                if self.dice.in_hundred(70) {
                    self.then(Op::Wait {
                        seconds: 10 * 86_400 + 60,
                    });
                    self.then(Op::Fresh {});
                }
            }
            _ => {}
        }
    }

    /// It is paid in the token in one of the ways that there are.
    pub(super) fn calls_back(&mut self, world: &World) {
        let who = Who::Agent;
        let slot = Slot { owner: who, nth: 0 };
        let usd = self.dice.any_size(2_000, 50_000);
        let much = Much::Usd(usd);
        let part = Much::Part(self.dice.from(100, 1_000) as u32);
        if world.position(slot).is_none() {
            let acts = vec![
                self.act(Verb::Deposit, Coin::Atom, Much::Usd(usd * 4)),
                self.act(Verb::Borrow, GOLD, Much::Part(300)),
            ];
            self.update(who, slot, acts);
        }
        match self.dice.from(0, 7) {
            // What is due of its own position.
            6 => {
                then!(
                    self,
                    Op::Put {
                        who,
                        coin: GOLD,
                        much
                    }
                );
                let coin = self.collateral_of(world, slot);
                self.aim(slot, coin, 9_400, 9_999);
                let what = Back::Advance;
                then!(self, Op::Hook { what, slot, coin });
                then!(
                    self,
                    Op::Take {
                        who,
                        coin: GOLD,
                        much: part
                    }
                );
            }
            0..=1 => {
                self.hook(world, slot);
                let acts = vec![
                    self.act(Verb::Deposit, Coin::Atom, much),
                    self.act(Verb::Borrow, GOLD, Much::Part(500)),
                ];
                self.update(who, slot, acts);
            }
            2 => {
                let acts = vec![self.act(Verb::Deposit, GOLD, much)];
                self.update(who, slot, acts);
                self.hook(world, slot);
                let acts = vec![self.act(Verb::Withdraw, GOLD, part)];
                self.update(who, slot, acts);
            }
            // More than is owed: the rest comes back. With a loan beside it that has not reached the vault yet, what is taken
            // out in the middle would be checked without it.
            3 | 7 if self.dice.in_hundred(60) => {
                let what = self.dice.one(&[Back::Withdraw, Back::Borrow]);
                let coin = match what {
                    Back::Withdraw => Coin::Atom,
                    _ => Coin::Usdc,
                };
                then!(self, Op::Hook { what, slot, coin });
                let acts = vec![
                    self.act(Verb::Repay, GOLD, Much::All),
                    self.act(Verb::Borrow, Coin::Usdc, Much::Part(970)),
                ];
                self.update(who, slot, acts);
            }
            3 | 7 => {
                self.hook(world, slot);
                let acts = vec![self.act(Verb::Repay, GOLD, Much::All)];
                self.update(who, slot, acts);
            }
            4 => {
                then!(
                    self,
                    Op::Supply {
                        who,
                        coin: GOLD,
                        much
                    }
                );
                self.hook(world, slot);
                then!(
                    self,
                    Op::Withdraw {
                        who,
                        coin: GOLD,
                        much: part
                    }
                );
            }
            _ => {
                then!(
                    self,
                    Op::Put {
                        who,
                        coin: GOLD,
                        much
                    }
                );
                self.hook(world, slot);
                then!(
                    self,
                    Op::Take {
                        who,
                        coin: GOLD,
                        much: part
                    }
                );
            }
        }
    }

    /// It bids on what is sold of the token.
    pub(super) fn bids_and_calls_back(&mut self, world: &World, slot: Slot) {
        let what = self
            .dice
            .one(&[Back::Bid, Back::Advance, Back::Deposit, Back::Repay, Back::Ask]);
        let coin = match what {
            Back::Deposit => self.collateral_of(world, slot),
            _ => self.debt_of(world, slot),
        };
        then!(self, Op::Fresh {});
        then!(self, Op::Hook { what, slot, coin });
        then!(
            self,
            Op::Bid {
                who: Who::Agent,
                slot,
                much: self.dice.one(&[Much::All, Much::Part(200), Much::Part(500)]),
                limit: Limit::Any,
            }
        );
    }
}

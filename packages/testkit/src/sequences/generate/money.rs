//! Positions, lending and the fund.

use super::{then, Director};
use crate::sequences::op::{Coin, Much, Op, Slot, Verb, Who};
use crate::sequences::world::World;

impl Director {
    /// A position, near its margin more often than not; with several collaterals and debts now and then.
    pub(super) fn open(&mut self) {
        let slot = self.slot();
        let (collateral, debt) = (self.dice.one(Coin::COLLATERALS), self.dice.one(Coin::DEBTS));
        let usd = match self.dice.from(0, 9) {
            0 => self.dice.any_size(1, 200),
            1 => self.dice.any_size(500_000, 3_000_000),
            _ => self.dice.any_size(2_000, 300_000),
        };
        let mut acts = vec![self.act(Verb::Deposit, collateral, Much::Usd(usd))];
        let part = self.dice.from(850, 1_000) as u32;
        let several = self.dice.in_hundred(35);
        if !several {
            acts.push(self.act(Verb::Borrow, debt, Much::Part(part)));
            self.update(slot.owner, slot, acts);
            return;
        }
        let (collateral, second) = (self.dice.one(Coin::COLLATERALS), self.dice.one(Coin::DEBTS));
        let more = self.act(Verb::Deposit, collateral, Much::Usd(usd / 2 + 1));
        let half = self.act(Verb::Borrow, debt, Much::Part(part / 2));
        let rest = self.act(Verb::Borrow, second, Much::Part(part));
        self.update(slot.owner, slot, acts);
        self.update(slot.owner, slot, vec![more]);
        self.update(slot.owner, slot, vec![half, rest]);
    }

    /// What an owner or a stranger does with a position.
    pub(super) fn manage(&mut self, slot: Slot) {
        let who = match self.dice.from(0, 5) {
            0 => Who::Mallory,
            1 => self.dice.one(Who::OWNERS),
            _ => slot.owner,
        };
        let verb = self.dice.one(Verb::ALL);
        let coin = match verb {
            Verb::Deposit | Verb::Withdraw => self.dice.one(Coin::COLLATERALS),
            _ => self.dice.one(Coin::DEBTS),
        };
        let much = match (verb, self.dice.from(0, 9)) {
            (_, 0) => Much::Units(self.dice.from(0, 3)),
            (Verb::Deposit, 1) => Much::Usd(5_000_000),
            (Verb::Borrow, 1) => Much::Usd(self.dice.one(&[5, 10, 11, 9_000_000])),
            (Verb::Deposit, _) => Much::Usd(self.dice.any_size(1, 100_000)),
            (Verb::Withdraw | Verb::Repay, 2..=4) => Much::All,
            (_, 5) => Much::Usd(self.dice.any_size(1, 10_000)),
            _ => self.part(),
        };
        let mut acts = vec![self.act(verb, coin, much)];
        while self.dice.in_hundred(25) {
            let (verb, coin, much) = (self.dice.one(Verb::ALL), self.dice.one(Coin::ALL), self.part());
            let much = match verb {
                Verb::Deposit => Much::Usd(self.dice.any_size(1, 10_000)),
                _ => much,
            };
            acts.push(self.act(verb, coin, much));
        }
        self.update(who, slot, acts);
    }

    pub(super) fn money(&mut self) {
        let (who, coin) = (self.dice.one(Who::LENDERS), self.dice.one(Coin::DEBTS));
        let usd = Much::Usd(self.dice.any_size(1, 500_000));
        let part = match self.dice.from(0, 3) {
            0 => Much::All,
            1 => Much::Units(self.dice.from(0, 2)),
            _ => self.part(),
        };
        let anybody = self.dice.one(Who::ALL);
        let op = match self.dice.from(0, 9) {
            0..=2 => Op::Supply { who, coin, much: usd },
            3..=4 => Op::Withdraw {
                who,
                coin,
                much: part,
            },
            5 => Op::Hand {
                who,
                coin,
                much: part,
                to: anybody,
            },
            6 => Op::Put {
                who: anybody,
                coin: self.dice.one(Coin::ALL),
                much: usd,
            },
            7 => Op::Take {
                who: anybody,
                coin: self.dice.one(Coin::ALL),
                much: part,
            },
            8 if self.dice.in_hundred(50) => Op::Aside {
                who: anybody,
                coin: self.dice.one(Coin::ALL),
                much: part,
            },
            8 => Op::Take {
                who: Who::Keeper,
                coin,
                much: Much::All,
            },
            _ => Op::Supply {
                who,
                coin,
                much: Much::Units(self.dice.from(0, 3)),
            },
        };
        self.then(op);
    }

    pub(super) fn fund(&mut self, world: &World) {
        let (who, coin) = (self.dice.one(&[Who::Stan, Who::Lena]), self.dice.one(Coin::DEBTS));
        let usd = Much::Usd(self.dice.any_size(1, 200_000));
        let part = self.part();
        match self.dice.from(0, 9) {
            0..=3 => then!(self, Op::Stake { who, coin, much: usd }),
            4 if self.dice.in_hundred(50) => then!(
                self,
                Op::Fetch {
                    who,
                    coin: self.dice.one(Coin::COLLATERALS),
                    debt: coin,
                }
            ),
            4 => then!(self, Op::Book { who, coin }),
            5 => {
                then!(
                    self,
                    Op::Request {
                        who,
                        coin,
                        much: part
                    }
                );
                then!(self, Op::Exit { who, coin });
                then!(self, Op::Cancel { who, coin });
            }
            6 => then!(
                self,
                Op::Stake {
                    who,
                    coin,
                    much: Much::Units(self.dice.from(0, 5)),
                }
            ),
            7 => {
                // Leaves, in time or too late.
                let days = self.dice.one(&[1, 10, 11, 12, 13]);
                then!(self, Op::Stake { who, coin, much: usd });
                then!(
                    self,
                    Op::Request {
                        who,
                        coin,
                        much: part
                    }
                );
                then!(
                    self,
                    Op::Wait {
                        seconds: days * 86_400 + self.dice.from(0, 1),
                    }
                );
                then!(self, Op::Fresh {});
                then!(self, Op::Exit { who, coin });
            }
            8 => {
                // Tries to leave when a loss is in sight.
                let slot = self.opened(world);
                let (coin, against) = (self.debt_of(world, slot), self.collateral_of(world, slot));
                then!(self, Op::Stake { who, coin, much: usd });
                then!(
                    self,
                    Op::Request {
                        who,
                        coin,
                        much: Much::All,
                    }
                );
                then!(
                    self,
                    Op::Wait {
                        seconds: 10 * 86_400 + 60,
                    }
                );
                self.aim(slot, against, 2_000, 7_500);
                self.advance(slot);
                then!(self, Op::Exit { who, coin });
            }
            _ => {
                then!(
                    self,
                    Op::Salvage {
                        coin: self.dice.one(Coin::ALL),
                    }
                );
            }
        }
    }
}

//! Markets, governance, and who means no good.

use super::{then, Director};
use crate::sequences::op::{Acts, Coin, Forged, Kind, Limit, Much, Op, Peer, Power, Verb, Who, Wrong};
use crate::sequences::world::World;

impl Director {
    pub(super) fn market(&mut self) {
        let coin = self.dice.one(Coin::ALL);
        match self.dice.from(0, 9) {
            0..=2 => {
                let bp = self.dice.from(0, 400) as i64 - 200;
                for _ in 0..self.dice.from(1, 4) {
                    then!(self, Op::Move { coin, bp });
                    then!(
                        self,
                        Op::Wait {
                            seconds: self.dice.any_size(1, 600),
                        }
                    );
                }
            }
            3 => then!(
                self,
                Op::Move {
                    coin,
                    bp: -(self.dice.from(500, 5_000) as i64),
                }
            ),
            4 => then!(
                self,
                Op::Move {
                    coin,
                    bp: self.dice.from(500, 8_000) as i64,
                }
            ),
            5 => then!(
                self,
                Op::Post {
                    coin,
                    bp: self.dice.from(0, 1_000) as i64 - 500,
                }
            ),
            6 => {
                // Silence that somebody notices.
                then!(
                    self,
                    Op::Wait {
                        seconds: self.dice.from(301, 3_000),
                    }
                );
                then!(self, Op::Ask { who: Who::Keeper });
                then!(self, Op::Fresh {});
            }
            7 => then!(
                self,
                Op::Wait {
                    seconds: self.dice.any_size(1, 3 * 86_400),
                }
            ),
            8 => then!(
                self,
                Op::Ask {
                    who: self.dice.one(Who::ALL),
                }
            ),
            _ => then!(self, Op::Fresh {}),
        }
    }

    pub(super) fn governance(&mut self, world: &World) {
        let (coin, debt) = (self.dice.one(Coin::ALL), self.dice.one(Coin::DEBTS));
        let variant = self.dice.from(0, 47) as u8;
        let op = match self.dice.from(0, 21) {
            0 => Op::Rate { coin: debt, variant },
            1 => Op::Caps {
                coin: debt,
                permille: self.dice.one(&[900, 1_000, 1_050, 5_000, 1_000_000]),
            },
            2 => Op::Split { variant },
            3 => Op::Terms { variant },
            4 => Op::Asset { coin, variant },
            5 => return self.at_the_edge(world),
            6 => Op::Rules { variant },
            7 if variant < 24 => Op::Buys { coin: debt, variant },
            7 => Op::Cover { coin: debt, variant },
            8 => Op::Stay { variant },
            9 => Op::Feed { coin, variant },
            12..=13 => return self.stops(world),
            16..=17 => return self.life(world),
            18 => return self.ramps(world),
            19 => return self.guardians(world),
            20..=21 => return self.sources(world),
            14 => Op::Lower {
                by: self.dice.one(Power::ALL),
                coin: debt,
                permille: self.dice.one(&[900, 1_000, 1_050, 5_000]),
            },
            10 => Op::EndSale {
                slot: self.opened(world),
            },
            _ => match self.dice.from(0, 2) {
                0 => Op::Reserves {
                    coin: debt,
                    much: self.dice.one(&[Much::All, Much::Part(500), Much::Part(1_001)]),
                },
                1 => Op::Owner {
                    peer: self.dice.one(Peer::ALL),
                    variant,
                },
                _ => Op::Salvage { coin },
            },
        };
        self.then(op);
    }

    /// Something is stopped, for as long as may be or a second longer; sometimes lifted, or stopped again.
    fn stops(&mut self, world: &World) {
        let slot = self.opened(world);
        let coin = match self.dice.in_hundred(60) {
            true => self.collateral_of(world, slot),
            false => self.debt_of(world, slot),
        };
        let (by, kind) = (
            self.dice.one(&[
                Power::Guardian,
                Power::Guardian,
                Power::First,
                Power::Owner,
                Power::Stranger,
            ]),
            self.dice.one(&[Kind::Borrowing, Kind::Fills, Kind::Fills]),
        );
        let longest = match (kind, by) {
            (Kind::Borrowing, Power::Owner) => 30 * 86_400,
            (Kind::Borrowing, _) => 72 * 3_600,
            (Kind::Fills, Power::Owner) => 24 * 3_600,
            (Kind::Fills, _) => 4 * 3_600,
        };
        let seconds = match self.dice.from(0, 5) {
            0 => longest,
            1 => longest + 1,
            _ => self.dice.any_size(6, longest),
        };
        then!(
            self,
            Op::Stop {
                by,
                coin,
                kind,
                seconds
            }
        );
        match self.dice.from(0, 5) {
            0 => then!(
                self,
                Op::Stop {
                    by,
                    coin,
                    kind,
                    seconds: 60
                }
            ),
            1 => {
                // He waits it out, and tries again.
                let rest = self.dice.one(&[1, 6 * 86_400, 7 * 86_400]);
                then!(
                    self,
                    Op::Wait {
                        seconds: seconds + rest
                    }
                );
                then!(self, Op::Fresh {});
                then!(
                    self,
                    Op::Stop {
                        by,
                        coin,
                        kind,
                        seconds: 60
                    }
                );
            }
            2 => then!(
                self,
                Op::Lift {
                    by: self.dice.one(Power::ALL),
                    coin,
                    kind,
                }
            ),
            3 => then!(self, Op::Wait { seconds: seconds + 1 }),
            _ => {}
        }
    }

    /// A position just above maintenance, and parameters that would push it below.
    fn at_the_edge(&mut self, world: &World) {
        let slot = self.opened(world);
        let (coin, variant) = match self.dice.in_hundred(50) {
            true => (self.collateral_of(world, slot), 3),
            false => (self.debt_of(world, slot), 10),
        };
        self.aim(slot, coin, 10_000, 10_090);
        self.then(Op::Asset { coin, variant });
    }

    /// A market at its caps.
    pub(super) fn caps(&mut self, world: &World) {
        let (slot, coin) = (self.opened(world), self.dice.one(Coin::DEBTS));
        then!(
            self,
            Op::Caps {
                coin,
                permille: 1_000,
            }
        );
        then!(
            self,
            Op::Supply {
                who: Who::Lena,
                coin,
                much: Much::Usd(1_000),
            }
        );
        let acts = vec![
            self.act(Verb::Deposit, Coin::Atom, Much::Usd(1_000)),
            self.act(Verb::Borrow, coin, Much::Part(900)),
        ];
        self.update(slot.owner, slot, acts);
        then!(
            self,
            Op::Caps {
                coin,
                permille: 1_000_000,
            }
        );
    }

    /// Lenders who want their coins back when they are lent out.
    pub(super) fn run_on_the_bank(&mut self, world: &World) {
        let (slot, coin) = (self.opened(world), self.dice.one(Coin::DEBTS));
        let who = self.dice.one(Who::LENDERS);
        let collateral = self.dice.one(&[Coin::Atom, Coin::Yusd]);
        self.then(Op::Supply {
            who,
            coin,
            much: Much::Usd(200_000),
        });
        for _ in 0..2 {
            let usd = self.dice.from(250_000, 400_000);
            let acts = vec![
                self.act(Verb::Deposit, collateral, Much::Usd(usd * 2)),
                self.act(Verb::Borrow, coin, Much::Usd(usd)),
            ];
            self.update(slot.owner, slot, acts);
        }
        for much in [Much::All, Much::Part(500)] {
            self.then(Op::Withdraw { who, coin, much });
        }
    }

    pub(super) fn mischief(&mut self, world: &World) -> Op {
        let slot = self.opened(world);
        let coin = self.dice.one(Coin::ALL);
        match self.dice.from(0, 9) {
            0..=1 => Op::Donate {
                coin,
                peer: self.dice.one(Peer::ALL),
                much: match self.dice.in_hundred(50) {
                    true => Much::Units(1),
                    false => Much::Usd(self.dice.any_size(1, 1_000_000)),
                },
            },
            2..=3 => Op::Forge {
                who: self.dice.one(&[Who::Mallory, slot.owner]),
                slot,
                what: self.dice.one(Forged::ALL),
            },
            4..=5 => Op::Mispay {
                who: Who::Mallory,
                slot,
                what: self.dice.one(Wrong::ALL),
            },
            6 => Op::Bid {
                who: Who::Mallory,
                slot,
                much: Much::Units(1),
                limit: Limit::Any,
            },
            7 => Op::Advance {
                who: Who::Mallory,
                slot,
            },
            // Dust for somebody else's position.
            8 => {
                let coin = self.collateral_of(world, slot);
                Op::Update {
                    who: Who::Mallory,
                    slot,
                    acts: Acts(vec![self.act(Verb::Deposit, coin, Much::Units(1))]),
                }
            }
            _ => {
                let coin = self.debt_of(world, slot);
                Op::Update {
                    who: Who::Mallory,
                    slot,
                    acts: Acts(vec![self.act(Verb::Repay, coin, Much::Units(1))]),
                }
            }
        }
    }
}

//! Sources of prices that take one another's place: agreeing, silent, of another mind, dead.

use super::{then, Director};
use crate::sequences::op::{Coin, Op, Who};
use crate::sequences::world::World;

/// Seconds for which reports are fresh at the start.
const FRESH: u64 = 120;

impl Director {
    pub(super) fn sources(&mut self, world: &World) {
        let slot = self.opened(world);
        let coin = match self.dice.in_hundred(70) {
            true => self.collateral_of(world, slot),
            false => self.dice.one(Coin::ALL),
        };
        match self.dice.from(0, 9) {
            0..=2 => {
                let fresh = self.dice.one(&[60, 90, FRESH, 300, 600, 0, 86_401]);
                if self.dice.in_hundred(70) {
                    self.then(Op::Fresh {});
                }
                then!(
                    self,
                    Op::Source {
                        coin,
                        quorum: 1,
                        fresh
                    }
                );
            }
            3 => then!(
                self,
                Op::Source {
                    coin,
                    quorum: 2,
                    fresh: FRESH
                }
            ),
            4..=5 => {
                // The old one still hears somebody whom the new one does not.
                let bp = self.dice.from(450, 2_000) as i64 * self.dice.one(&[1, -1]);
                then!(self, Op::Fresh {});
                then!(self, Op::Second { coin, bp });
                then!(
                    self,
                    Op::Wait {
                        seconds: self.dice.from(61, 110)
                    }
                );
                then!(self, Op::Fresh {});
                then!(
                    self,
                    Op::Source {
                        coin,
                        quorum: 1,
                        fresh: 60
                    }
                );
            }
            _ => {
                // It needs two, and one falls silent.
                let quorum = 2;
                then!(self, Op::Fresh {});
                then!(
                    self,
                    Op::Second {
                        coin,
                        bp: self.dice.from(0, 20) as i64 - 10
                    }
                );
                then!(
                    self,
                    Op::Source {
                        coin,
                        quorum,
                        fresh: FRESH
                    }
                );
                let seconds = self.dice.any_size(130, 3_000);
                then!(self, Op::Wait { seconds });
                let bp = self.dice.from(0, 3_000) as i64 - 2_000;
                then!(self, Op::Move { coin, bp });
                then!(self, Op::Ask { who: Who::Keeper });
                self.advance(slot);
                then!(
                    self,
                    Op::Source {
                        coin,
                        quorum: 1,
                        fresh: FRESH
                    }
                );
                if self.dice.in_hundred(80) {
                    self.then(Op::Wait { seconds: 3_600 });
                    self.then(Op::Fresh {});
                    self.then(Op::Source {
                        coin,
                        quorum: 1,
                        fresh: FRESH,
                    });
                    self.then(Op::Fresh {});
                    self.advance(slot);
                }
            }
        }
        if self.dice.in_hundred(40) {
            self.then(Op::Alone {});
        }
    }
}

//! Assets that go their way, weights that move for days, guardians who change.

use super::{then, Director};
use crate::sequences::op::{Coin, Kind, Life, Much, Named, Op, Peer, Power, Slot, Verb, Who};
use crate::sequences::world::World;

const DAY: u64 = 86_400;

impl Director {
    /// A coin of a position, or any.
    fn coin_of(&mut self, world: &World, slot: Slot) -> Coin {
        match self.dice.from(0, 9) {
            0..=5 => self.collateral_of(world, slot),
            6..=8 => self.debt_of(world, slot),
            _ => self.dice.one(Coin::ALL),
        }
    }

    /// An asset on its way out, or given up, and what is tried with it. Mostly it comes back.
    pub(super) fn life(&mut self, world: &World) {
        let slot = self.opened(world);
        let coin = self.coin_of(world, slot);
        let life = match self.dice.from(0, 9) {
            0..=5 => Life::ReduceOnly,
            6..=8 => Life::Dead,
            _ => Life::Listed,
        };
        then!(self, Op::Status { coin, life });
        for _ in 0..self.dice.from(1, 3) {
            self.meanwhile(world, slot, coin);
        }
        if self.dice.in_hundred(75) {
            let life = Life::Listed;
            self.then(Op::Status { coin, life });
            self.then(Op::Fresh {});
            self.advance(slot);
        }
    }

    fn meanwhile(&mut self, world: &World, slot: Slot, coin: Coin) {
        let much = Much::Usd(self.dice.any_size(1, 20_000));
        match self.dice.from(0, 6) {
            0 => {
                let acts = vec![self.act(Verb::Deposit, coin, much)];
                self.update(slot.owner, slot, acts);
            }
            1 => {
                let part = self.part();
                let acts = vec![self.act(Verb::Borrow, coin, part)];
                self.update(slot.owner, slot, acts);
            }
            2 => {
                let (verb, part) = (self.dice.one(&[Verb::Repay, Verb::Withdraw]), self.part());
                let acts = vec![self.act(verb, coin, part)];
                self.update(slot.owner, slot, acts);
            }
            // Called, and cured with what is on its way out.
            3 => {
                let against = self.debt_of(world, slot);
                self.aim(slot, against, 9_700, 9_999);
                self.advance(slot);
                let acts = vec![self.act(Verb::Deposit, coin, much)];
                self.update(slot.owner, slot, acts);
            }
            4 => {
                then!(
                    self,
                    Op::Wait {
                        seconds: self.dice.any_size(50, DAY)
                    }
                );
                then!(self, Op::Fresh {});
                self.advance(slot);
            }
            _ => {
                then!(self, Op::Fresh {});
                self.advance(slot);
                then!(self, Op::Due { slot });
                self.advance(slot);
                self.lot(slot, 0, 900);
                self.bid(slot);
            }
        }
    }

    /// Weights and factors that move for days, while time leaps; raised, lowered, stopped on the way.
    pub(super) fn ramps(&mut self, world: &World) {
        let slot = self.opened(world);
        let coin = self.coin_of(world, slot);
        for _ in 0..self.dice.from(1, 3) {
            let days = self.dice.one(&[0, 1, 1, 2, 7, 30, 90, 91]);
            let points = match self.dice.in_hundred(70) {
                true => -(self.dice.from(1, 12) as i64),
                false => self.dice.from(0, 6) as i64,
            };
            then!(self, Op::Ramp { coin, points, days });
            for _ in 0..self.dice.from(1, 3) {
                let most = u64::from(days.clamp(1, 30)) * DAY;
                then!(
                    self,
                    Op::Wait {
                        seconds: self.dice.from(most / 8, most / 2 + 60)
                    }
                );
                then!(self, Op::Fresh {});
                self.advance(slot);
                if self.dice.in_hundred(30) {
                    self.manage(slot);
                }
            }
        }
        then!(self, Op::Due { slot });
        self.advance(slot);
        self.lot(slot, 0, 900);
        self.bid(slot);
    }

    /// Another guardian, or none, and what they try; or an overhang cap lowered.
    pub(super) fn guardians(&mut self, world: &World) {
        let slot = self.opened(world);
        let coin = self.collateral_of(world, slot);
        let peer = self.dice.one(Peer::GUARDED);
        let changes = self.dice.in_hundred(40);
        if changes {
            let named = self.dice.one(&[Named::Keeper, Named::Nobody]);
            self.then(Op::Guardian { peer, named });
        }
        let by = self.dice.one(&[
            Power::Guardian,
            Power::Guardian,
            Power::First,
            Power::Owner,
            Power::Stranger,
        ]);
        let permille = self.dice.one(&[500, 999, 1_000, 1_001, 1_500, 5_000]);
        match (changes, peer) {
            (true, Peer::Vault) => {
                let coin = self.dice.one(Coin::DEBTS);
                self.then(Op::Lower { by, coin, permille });
            }
            (true, Peer::Oracle) => {
                let (kind, seconds) = (
                    self.dice.one(&[Kind::Borrowing, Kind::Fills]),
                    self.dice.from(1, 7_200),
                );
                self.then(Op::Stop {
                    by,
                    coin,
                    kind,
                    seconds,
                });
            }
            _ => {
                self.then(Op::Overhang { by, coin, permille });
                let much = Much::Usd(self.dice.any_size(1, 1_000_000));
                let acts = vec![self.act(Verb::Deposit, coin, much)];
                let who = self.dice.one(&[slot.owner, Who::Mallory]);
                self.update(who, slot, acts);
            }
        }
        if changes && self.dice.in_hundred(80) {
            let named = Named::First;
            self.then(Op::Guardian { peer, named });
        }
        if self.dice.in_hundred(60) {
            // The cap comes back by the owner's hand.
            self.then(Op::Asset { coin, variant: 5 });
        }
    }
}

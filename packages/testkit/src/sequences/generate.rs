//! The generator: the next operation, by chance and by what would be interesting in this state.
//!
//! It looks at the state only to choose; what it chooses is written so that it can be carried out in any state, so a
//! script needs no generator to be played again.

use std::collections::VecDeque;

use glidepath_position_manager::state::POSITIONS;

use super::op::{Act, Acts, Coin, Forged, Limit, Much, Op, Peer, Slot, Verb, Who, Wrong};
use super::world::World;

/// Plans an operation, which may ask the dice first.
macro_rules! then {
    ($director:expr, $op:expr) => {{
        let op = $op;
        $director.then(op)
    }};
}

/// Random numbers of a seed (splitmix64): the same on every machine.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice of a seed.
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }

    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn from(&mut self, low: u64, high: u64) -> u64 {
        low + self.roll() % (high - low + 1)
    }

    /// True in so many of a hundred cases.
    pub fn in_hundred(&mut self, cases: u64) -> bool {
        self.roll() % 100 < cases
    }

    /// One of several.
    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[(self.roll() % of.len() as u64) as usize]
    }

    /// A number from `low` to `high`, small ones as likely as large ones.
    pub fn any_size(&mut self, low: u64, high: u64) -> u64 {
        let doublings = (high / low.max(1)).ilog2().into();
        let top = low << self.from(0, doublings);
        self.from(low, (2 * top).min(high))
    }
}

/// What comes next.
pub struct Director {
    dice: Dice,
    plan: VecDeque<Op>,
    focus: Option<Slot>,
}

impl Director {
    /// A director of a seed.
    pub fn new(seed: u64) -> Self {
        Director {
            dice: Dice::new(seed),
            plan: VecDeque::new(),
            focus: None,
        }
    }

    /// The next operation.
    pub fn next(&mut self, world: &World) -> Op {
        while self.plan.is_empty() {
            self.think(world);
        }
        // Somebody may always come in between.
        if self.dice.in_hundred(4) {
            return self.mischief(world);
        }
        self.plan.pop_front().unwrap_or(Op::Fresh {})
    }

    fn then(&mut self, op: Op) {
        self.plan.push_back(op);
    }

    fn think(&mut self, world: &World) {
        let opened = world.slots.len() as u64;
        if self.dice.in_hundred(60u64.saturating_sub(opened * 15)) {
            return self.open();
        }
        match self.dice.from(0, 99) {
            0..=59 => self.follow(world),
            60..=67 => self.money(),
            68..=74 => self.fund(world),
            75..=82 => self.governance(),
            83..=88 => {
                let op = self.mischief(world);
                self.then(op);
            }
            89..=93 => self.market(),
            94..=96 => self.open(),
            97..=98 => self.caps(world),
            _ => self.run_on_the_bank(world),
        }
    }

    fn slot(&mut self) -> Slot {
        Slot {
            owner: self.dice.one(Who::OWNERS),
            nth: self.dice.from(0, 1) as u8,
        }
    }

    /// A position that was opened, if there is one.
    fn opened(&mut self, world: &World) -> Slot {
        let slots: Vec<Slot> = world.slots.keys().copied().collect();
        match slots.is_empty() {
            true => self.slot(),
            false => self.dice.one(&slots),
        }
    }

    fn part(&mut self) -> Much {
        Much::Part(match self.dice.from(0, 9) {
            0 => 1_000,
            1 => 999,
            2 => 1_001,
            _ => self.dice.from(1, 1_100) as u32,
        })
    }

    fn act(&mut self, verb: Verb, coin: Coin, much: Much) -> Act {
        Act { verb, coin, much }
    }

    fn update(&mut self, who: Who, slot: Slot, acts: Vec<Act>) {
        then!(
            self,
            Op::Update {
                who,
                slot,
                acts: Acts(acts),
            }
        );
    }

    // ------------------------------------------------------------ money

    /// A position, near its margin more often than not; with several collaterals and debts now and then.
    fn open(&mut self) {
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
    fn manage(&mut self, slot: Slot) {
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

    fn money(&mut self) {
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

    fn fund(&mut self, world: &World) {
        let (who, coin) = (self.dice.one(&[Who::Stan, Who::Lena]), self.dice.one(Coin::DEBTS));
        let usd = Much::Usd(self.dice.any_size(1, 200_000));
        let part = self.part();
        match self.dice.from(0, 9) {
            0..=3 => then!(self, Op::Stake { who, coin, much: usd }),
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

    // ------------------------------------------------------------ distress

    fn aim(&mut self, slot: Slot, coin: Coin, low: u64, high: u64) {
        let health = self.dice.from(low, high) as u32;
        then!(self, Op::Aim { slot, coin, health });
    }

    fn advance(&mut self, slot: Slot) {
        let who = match self.dice.from(0, 9) {
            0 => slot.owner,
            1 => Who::Mallory,
            _ => Who::Keeper,
        };
        then!(self, Op::Advance { who, slot });
    }

    fn bid(&mut self, slot: Slot) {
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

    fn lot(&mut self, slot: Slot, low: u64, high: u64) {
        let at = self.dice.from(low, high) as u32;
        then!(self, Op::Lot { slot, at });
    }

    fn collateral_of(&mut self, world: &World, slot: Slot) -> Coin {
        let held = world
            .position(slot)
            .map(|position| world.ledger(position).collateral);
        let coins: Vec<Coin> = held
            .unwrap_or_default()
            .iter()
            .map(|held| world.coin(held.asset.as_str()))
            .collect();
        match coins.is_empty() {
            true => self.dice.one(Coin::COLLATERALS),
            false => self.dice.one(&coins),
        }
    }

    fn debt_of(&mut self, world: &World, slot: Slot) -> Coin {
        let owed = world.position(slot).map(|position| world.ledger(position).debts);
        let coins: Vec<Coin> = owed
            .unwrap_or_default()
            .iter()
            .map(|owed| world.coin(owed.asset.as_str()))
            .collect();
        match coins.is_empty() {
            true => self.dice.one(Coin::DEBTS),
            false => self.dice.one(&coins),
        }
    }

    /// What would be interesting for a position, mostly for the one that was looked at before.
    fn follow(&mut self, world: &World) {
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
                (None, Some(lot)) if world.now() < lot.start_at => self.scheduled(slot, coin),
                (None, Some(lot)) if lot.is_alive(world.now()) => {
                    self.alive(slot, coin, sale.first_fill_at.is_some())
                }
                (None, Some(_)) => self.over(slot),
            },
        }
    }

    fn calm(&mut self, world: &World, slot: Slot, coin: Coin) {
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
            14 => self.advance(slot),
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

    /// A fall so deep that debt is left.
    fn ruin(&mut self, world: &World, slot: Slot, coin: Coin) {
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

    fn called(&mut self, slot: Slot, coin: Coin) {
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
                then!(self, Op::Ask { who: Who::Keeper });
                self.advance(slot);
            }
            _ => self.advance(slot),
        }
    }

    fn asleep(&mut self, slot: Slot, coin: Coin) {
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

    fn scheduled(&mut self, slot: Slot, coin: Coin) {
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

    fn alive(&mut self, slot: Slot, coin: Coin, begun: bool) {
        match self.dice.from(0, 33) {
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
            28 => self.advance(slot),
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
                // Beyond the target, too.
                self.aim(slot, coin, 10_700, 12_000);
                self.bid(slot);
            }
            _ => self.manage(slot),
        }
    }

    fn over(&mut self, slot: Slot) {
        if self.dice.in_hundred(15) {
            self.bid(slot);
        }
        then!(self, Op::Fresh {});
        self.advance(slot);
    }

    // ------------------------------------------------------------ the world around

    fn market(&mut self) {
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

    fn governance(&mut self) {
        let (coin, debt) = (self.dice.one(Coin::ALL), self.dice.one(Coin::DEBTS));
        let variant = self.dice.from(0, 23) as u8;
        let op = match self.dice.from(0, 10) {
            0 => Op::Rate { coin: debt, variant },
            1 => Op::Caps {
                coin: debt,
                permille: self.dice.one(&[900, 1_000, 1_050, 5_000, 1_000_000]),
            },
            2 => Op::Split { variant },
            3 => Op::Terms { variant },
            4..=5 => Op::Asset { coin, variant },
            6 => Op::Rules { variant },
            7 => Op::Cover { coin: debt, variant },
            8 => Op::Stay { variant },
            9 => Op::Feed { coin, variant },
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

    /// A market at its caps.
    fn caps(&mut self, world: &World) {
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
    fn run_on_the_bank(&mut self, world: &World) {
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

    fn mischief(&mut self, world: &World) -> Op {
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

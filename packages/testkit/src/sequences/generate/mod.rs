//! The generator: the next operation, by chance and by what would be interesting in this state.
//!
//! It looks at the state only to choose; what it chooses is written so that it can be carried out in any state, so a
//! script needs no generator to be played again.

mod around;
mod buyers;
mod callers;
mod distress;
mod life;
mod money;
mod sources;
mod waiting;

use std::collections::VecDeque;

use super::dice::Dice;
use super::op::{Act, Acts, Coin, Much, Op, Slot, Verb, Who};
use super::world::World;

/// Plans an operation, which may ask the dice first.
macro_rules! then {
    ($director:expr, $op:expr) => {{
        let op = $op;
        $director.then(op)
    }};
}
use then;

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
            0..=51 => self.follow(world),
            52..=54 => self.crowd(world),
            55..=56 => self.leave(world),
            57..=59 => self.calls_back(world),
            60..=67 => self.money(),
            68..=74 => self.fund(world),
            75..=82 => self.governance(world),
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
}

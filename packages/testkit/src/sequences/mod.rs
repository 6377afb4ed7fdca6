//! Random sequences of operations under the twelve invariants of the design.
//!
//! | file | what it holds |
//! |---|---|
//! | [`op`] | [`Op`]: what somebody does, as a line of a script |
//! | [`words`] | who, what, how much |
//! | [`generate`], [`dice`] | the next operation, by chance and by what would be interesting |
//! | [`act`] | carries out an operation, and checks what must hold after it |
//! | [`finish`], [`liveness`] (`plight`) | what must hold at the end, and with what gone wrong |
//! | [`setup`], [`world`] | the suite, its past moments, and what is told to it |
//! | [`standing`] | standing orders, each by itself in exact fractions |
//! | [`promises`] | what the rules promise beside the invariants |
//! | [`refusal`] | which refusals are typed |
//! | [`coverage`] | what was seen |
//! | [`shrink`] | the shortest script that fails |
//!
//! Invariants 1, 2, 4–7, 10 and 12 are checked after every message or step by `testkit::invariants`; 9 by the operation
//! `pieces`; 8 by every bid, however it is paid (a quote equals the execution), and at the end (the curve); 3 and 11 at the
//! end.
//!
//! Three things are held against something of their own: standing orders against [`standing`]; a bid that serves orders against
//! their matches and the bid behind them, and several bids at once against each by itself, both on a fork of the chain
//! (`act::front`, `act::many`).

pub mod act;
pub mod coverage;
pub mod dice;
pub mod finish;
pub mod generate;
pub mod liveness;
pub mod op;
mod plight;
pub mod promises;
pub mod refusal;
pub mod setup;
pub mod shrink;
pub mod standing;
pub mod words;
pub mod world;

use std::cell::RefCell;
use std::panic::{catch_unwind, AssertUnwindSafe};

use cosmwasm_std::Record;
use generate::Director;
use liveness::{Longest, Plight};
use op::{Op, Peer};
use world::{Failure, Moment, World};

thread_local! {
    /// What a panic of this thread said, while it plays.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A place to play: one suite, put back to its beginning before each script.
pub struct Stage {
    /// The world.
    pub world: World,
    start: Moment,
}

impl Default for Stage {
    fn default() -> Self {
        Stage::new()
    }
}

impl Stage {
    /// A new one. Panics of a script are failures of it and are not printed.
    pub fn new() -> Self {
        let world = World::new();
        let start = world.moment();
        Stage { world, start }
    }

    /// Plays a sequence of a seed. Returns what was done, and what failed.
    pub fn random(&mut self, seed: u64, length: usize) -> (Vec<Op>, Option<Failure>) {
        self.world.back_to(&self.start);
        self.world.coverage.sequences += 1;
        let mut ops = vec![];
        let failure = guarded(|| {
            let mut director = Director::new(seed);
            for _ in 0..length {
                let op = director.next(&self.world);
                ops.push(op.clone());
                act::act(&mut self.world, &op)?;
            }
            finish::finish(&mut self.world)
        });
        (ops, failure)
    }

    /// Plays a script.
    pub fn play(&mut self, ops: &[Op]) -> Option<Failure> {
        self.world.back_to(&self.start);
        guarded(|| {
            for op in ops {
                act::act(&mut self.world, op)?;
            }
            finish::finish(&mut self.world)
        })
    }

    /// Plays a script and brings every position to its end in a plight.
    pub fn ends(&mut self, ops: &[Op], plight: Plight) -> Result<Longest, Failure> {
        self.world.back_to(&self.start);
        let mut longest = Longest::default();
        let failure = guarded(|| {
            for op in ops {
                act::act(&mut self.world, op)?;
            }
            longest = liveness::all_end(&mut self.world, plight)?;
            Ok(())
        });
        failure.map_or(Ok(longest), Err)
    }

    /// Plays a sequence of a seed, and brings every position to its end in each plight: after every `nth` operation, and
    /// after the last. Returns the longest way, or the operations and the plight that led to a failure.
    pub fn forks(
        &mut self,
        seed: u64,
        length: usize,
        nth: usize,
    ) -> Result<Longest, (Vec<Op>, Option<Plight>, Failure)> {
        self.world.back_to(&self.start);
        let mut longest = Longest::default();
        let (mut ops, mut plight) = (vec![], None);
        let failure = guarded(|| {
            let mut director = Director::new(seed);
            for done in 1..=length {
                let op = director.next(&self.world);
                ops.push(op.clone());
                act::act(&mut self.world, &op)?;
                if !done.is_multiple_of(nth) && done < length {
                    continue;
                }
                let here = self.world.moment();
                for each in Plight::ALL {
                    plight = Some(*each);
                    longest = longest.max(liveness::all_end(&mut self.world, *each)?);
                    self.world.back_to(&here);
                }
                plight = None;
            }
            Ok(())
        });
        match failure {
            Some(failure) => Err((ops, plight, failure)),
            None => Ok(longest),
        }
    }

    /// The shortest script found from which a plight ends as badly.
    pub fn shrink_end(&mut self, ops: &[Op], plight: Plight, kind: &str) -> Vec<Op> {
        shrink::shrink(ops, 600, |ops| {
            self.ends(ops, plight).is_err_and(|failure| failure.kind == kind)
        })
    }

    /// Plays a script, and then says what is stored by the five contracts.
    pub fn leaves(&mut self, ops: &[Op]) -> (Option<Failure>, Vec<(Peer, Vec<Record>)>) {
        let failure = self.play(ops);
        let app = &self.world.suite.app;
        let left = Peer::ALL
            .iter()
            .map(|peer| (*peer, app.dump_wasm_raw(&self.world.peer(*peer))))
            .collect();
        (failure, left)
    }

    /// The shortest script found that fails as this one does.
    pub fn shrink(&mut self, ops: &[Op], kind: &str) -> Vec<Op> {
        shrink::shrink(ops, 600, |ops| {
            self.play(ops).is_some_and(|failure| failure.kind == kind)
        })
    }
}

/// A panic is a failure, too.
fn guarded(play: impl FnOnce() -> Result<(), Failure>) -> Option<Failure> {
    PANIC.with(|told| *told.borrow_mut() = Some(String::new()));
    let done = catch_unwind(AssertUnwindSafe(play));
    let told = PANIC.with(|told| told.borrow_mut().take());
    match done {
        Ok(Ok(())) => None,
        Ok(Err(failure)) => Some(failure),
        Err(_) => Some(Failure::new("panic", told.unwrap_or_default())),
    }
}

/// Panics inside a script are kept for its failure instead of being printed. Once for the whole program.
pub fn quiet() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let ours = PANIC.with(|told| match &mut *told.borrow_mut() {
            Some(told) => {
                *told = panic.to_string();
                true
            }
            None => false,
        });
        if !ours {
            usual(panic);
        }
    }));
}

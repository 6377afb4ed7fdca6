//! Invariant 11 by itself: from many reachable states every unhealthy position comes to its end in a bounded number of
//! calls, with nothing wrong and in each plight.
//!
//! | variable | what it says | else |
//! |---|---|---|
//! | `GLIDEPATH_LIVENESS` | how many sequences | 60 |
//! | `GLIDEPATH_SEED` | seed of the first; the others follow | 1 |
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

use std::sync::atomic::{AtomicU64, Ordering};

use glidepath_testkit::sequences::coverage::Coverage;
use glidepath_testkit::sequences::liveness::{Longest, MOST_CALLS};
use glidepath_testkit::sequences::{self, op, Stage};

/// Operations of a sequence, and after how many of them positions are brought to their end.
const LENGTH: usize = 40;
const EACH: usize = 20;

fn setting(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name} is `{text}`, no number")),
        Err(_) => otherwise,
    }
}

/// What a thread came to.
fn play(next: &AtomicU64, end: u64) -> (Coverage, Longest, Option<String>) {
    let (mut stage, mut longest) = (Stage::new(), Longest::default());
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            return (stage.world.coverage, longest, None);
        }
        let (ops, plight, failure) = match stage.forks(seed, LENGTH, EACH) {
            Ok(took) => {
                longest = longest.max(took);
                continue;
            }
            Err(failed) => failed,
        };
        next.store(end, Ordering::Relaxed);
        let (short, what) = match plight {
            Some(plight) => {
                let short = stage.shrink_end(&ops, plight, &failure.kind);
                let again = stage.ends(&short, plight).err();
                (short, again.map_or(failure.what, |failure| failure.what))
            }
            None => (ops, failure.what),
        };
        let script = op::print(&short);
        let told = format!("seed {seed}, {plight:?}: {}: {what}\n{script}", failure.kind);
        return (stage.world.coverage, longest, Some(told));
    }
}

#[test]
fn every_position_comes_to_its_end_in_a_bounded_number_of_calls() {
    sequences::quiet();
    let seed = setting("GLIDEPATH_SEED", 1);
    let end = seed + setting("GLIDEPATH_LIVENESS", 60);
    let next = AtomicU64::new(seed);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let (mut coverage, mut longest, mut failures) = (Coverage::default(), Longest::default(), vec![]);
    std::thread::scope(|scope| {
        let players: Vec<_> = (0..threads).map(|_| scope.spawn(|| play(&next, end))).collect();
        for player in players {
            let (seen, took, failure) = player.join().unwrap();
            coverage.and(&seen);
            longest = longest.max(took);
            failures.extend(failure);
        }
    });
    for (what, times) in coverage
        .seen
        .iter()
        .filter(|(what, _)| what.starts_with("liveness"))
    {
        println!("{times:>9} {what}");
    }
    let Longest { calls, seconds } = longest;
    println!("the longest way took {calls} calls (at most {MOST_CALLS}), the slowest {seconds} s");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    // What ends there are, and that the plights were what they say.
    for what in [
        "healthy",
        "written off",
        "sold out",
        "the fund is empty",
        "all is stopped",
        "cured with what is on its way out",
        "orders wait",
    ] {
        let seen = coverage.seen.get(&format!("liveness: {what}"));
        assert!(seen.is_some_and(|times| *times > 0), "never seen: {what}");
    }
}

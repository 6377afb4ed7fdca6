//! Random sequences of operations under the twelve invariants, and the scripts of those that once failed.
//!
//! | variable | what it says | else |
//! |---|---|---|
//! | `GLIDEPATH_SEQUENCES` | how many sequences | 2000 |
//! | `GLIDEPATH_OPERATIONS` | operations of each | 50 |
//! | `GLIDEPATH_SEED` | seed of the first; the others follow | 1 |
//!
//! A sequence that fails is shrunk, and its script is written to `tests/regressions/`, from where it is played again
//! ever after. `cargo test -p glidepath-testkit --test sequences -- --nocapture` prints what was seen.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Once;
use std::time::Instant;

use glidepath_testkit::sequences::coverage::Coverage;
use glidepath_testkit::sequences::op::{self, Coin, Much, Op, Peer};
use glidepath_testkit::sequences::{self, Stage};

static QUIET: Once = Once::new();

fn setting(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name} is `{text}`, no number")),
        Err(_) => otherwise,
    }
}

fn regressions() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/tests/regressions")
}

/// What a thread found: what it saw, and the first failure.
fn play(next: &AtomicU64, count: u64, first: u64, length: usize) -> (Coverage, Option<String>) {
    let mut stage = Stage::new();
    loop {
        let nth = next.fetch_add(1, Ordering::Relaxed);
        if nth >= count {
            return (stage.world.coverage, None);
        }
        let seed = first + nth;
        let (ops, Some(failure)) = stage.random(seed, length) else {
            continue;
        };
        next.store(count, Ordering::Relaxed);
        let short = stage.shrink(&ops, &failure.kind);
        let what = stage
            .play(&short)
            .map_or(failure.what.clone(), |failure| failure.what);
        let path = regressions().join(format!("{}-{seed}.script", failure.kind.replace(' ', "-")));
        let script = format!("# {}\n{}", failure.kind, op::print(&short));
        std::fs::create_dir_all(regressions()).unwrap();
        std::fs::write(&path, &script).unwrap();
        let told = format!(
            "sequence of seed {seed} failed: {}: {}\nshrunk to {} of {} operations, in {}: {what}\n{script}",
            failure.kind,
            failure.what,
            short.len(),
            ops.len(),
            path.display()
        );
        return (stage.world.coverage, Some(told));
    }
}

#[test]
fn random_sequences_keep_the_invariants() {
    QUIET.call_once(sequences::quiet);
    let (count, length) = (
        setting("GLIDEPATH_SEQUENCES", 2_000),
        setting("GLIDEPATH_OPERATIONS", 50),
    );
    let seed = setting("GLIDEPATH_SEED", 1);
    let begun = Instant::now();
    let next = AtomicU64::new(0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let mut coverage = Coverage::default();
    let mut failures = vec![];
    std::thread::scope(|scope| {
        let players: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| play(&next, count, seed, length as usize)))
            .collect();
        for player in players {
            let (seen, failure) = player.join().unwrap();
            coverage.and(&seen);
            failures.extend(failure);
        }
    });
    println!("{coverage}in {:.1} s", begun.elapsed().as_secs_f64());
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    // A run that is long enough must have seen everything.
    if count * length >= 50_000 {
        let missing = coverage.missing();
        assert!(missing.is_empty(), "never seen from seed {seed} on: {missing:#?}");
    }
}

#[test]
fn scripts_that_once_failed_hold() {
    QUIET.call_once(sequences::quiet);
    let mut stage = Stage::new();
    let files = std::fs::read_dir(regressions()).expect("scripts are committed");
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "script"));
    paths.sort();
    assert!(!paths.is_empty(), "no script was found");
    for path in paths {
        let script = std::fs::read_to_string(&path).unwrap();
        let ops = op::parse(&script).unwrap_or_else(|bad| panic!("{}: {bad}", path.display()));
        if let Some(failure) = stage.play(&ops) {
            panic!("{}: {}: {}", path.display(), failure.kind, failure.what);
        }
    }
}

/// Coins that are sent to the five contracts between any two operations, before the first supply and during auctions,
/// leave no trace in any record of theirs.
#[test]
fn attack_10_donations_at_any_moment_change_no_record() {
    QUIET.call_once(sequences::quiet);
    let mut stage = Stage::new();
    for seed in 1..=8 {
        let (mut ops, failure) = stage.random(seed, 40);
        assert!(failure.is_none(), "{failure:?}");
        ops.retain(|op| !matches!(op, Op::Donate { .. }));
        let gifts = |nth: usize| {
            let coin = Coin::ALL[nth % Coin::ALL.len()];
            Peer::ALL.iter().map(move |peer| Op::Donate {
                coin,
                peer: *peer,
                much: Much::Units(1_234_567_890),
            })
        };
        let showered: Vec<Op> = ops
            .iter()
            .enumerate()
            .flat_map(|(nth, op)| gifts(nth).chain([op.clone()]))
            .collect();
        let (failure, without) = stage.leaves(&ops);
        assert!(failure.is_none(), "{failure:?}");
        let (failure, with) = stage.leaves(&showered);
        assert!(failure.is_none(), "{failure:?}");
        for ((peer, without), (_, with)) in without.iter().zip(&with) {
            let differs = without.iter().zip(with).find(|(without, with)| without != with);
            assert!(without == with, "{peer} after seed {seed}: {differs:?}");
        }
    }
}

#[test]
fn a_script_reads_back() {
    let mut stage = Stage::new();
    let (ops, failure) = stage.random(7, 60);
    assert!(failure.is_none(), "{failure:?}");
    let script = op::print(&ops);
    assert_eq!(op::parse(&script), Ok(ops), "{script}");
    assert!(op::parse("bid ben alice.0 0.500").is_err(), "a word is missing");
    assert!(op::parse("fresh now").is_err(), "a word too many");
    let commented = op::parse("# nothing\n\nfresh # as they are\n");
    assert_eq!(commented, Ok(vec![Op::Fresh {}]));
}

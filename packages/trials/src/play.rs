//! Plays what is left of a plan.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{channel, Sender};
use std::sync::Once;
use std::time::Instant;

use anyhow::{Context, Result};
use glidepath_testkit::sequences::coverage::Coverage;
use glidepath_testkit::sequences::{self, op, Stage};

use crate::state::{Failed, State, BATCH};
use crate::Plan;

static QUIET: Once = Once::new();

/// What a thread tells.
enum Told {
    Failed(Failed),
    Batch { nth: u64, seen: Coverage, millis: u64 },
}

/// Plays what was not played yet. `watch` is told of every batch and of every failure. The state is written after each
/// batch.
///
/// # Errors
/// Where a file can't be written.
pub fn run(plan: &Plan, state: &mut State, mut watch: impl FnMut(&State, Option<&Failed>)) -> Result<()> {
    QUIET.call_once(sequences::quiet);
    let batches = plan.sequences.div_ceil(BATCH);
    let open: Vec<u64> = (0..batches).filter(|nth| !state.played(*nth)).collect();
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let (tell, told) = channel();
    std::thread::scope(|scope| {
        for _ in 0..plan.threads() {
            let (tell, open, next, stop) = (tell.clone(), &open, &next, &stop);
            scope.spawn(move || {
                let mut stage = Stage::new();
                while !stop.load(Ordering::Relaxed) {
                    let nth = next.fetch_add(1, Ordering::Relaxed) as usize;
                    let Some(batch) = open.get(nth) else { break };
                    play(plan, &mut stage, *batch, &tell);
                }
            });
        }
        drop(tell);
        let done = told.iter().try_for_each(|told| match told {
            Told::Failed(failed) => {
                write(plan, &failed)?;
                watch(state, Some(&failed));
                state.failures.push(failed);
                state.failures.sort();
                stop.fetch_or(state.failures.len() >= plan.failures, Ordering::Relaxed);
                Ok(())
            }
            Told::Batch { nth, seen, millis } => {
                state.add(nth, &seen, millis);
                watch(state, None);
                state.save(&plan.state)
            }
        });
        stop.store(true, Ordering::Relaxed);
        done
    })
}

/// One batch.
fn play(plan: &Plan, stage: &mut Stage, nth: u64, tell: &Sender<Told>) {
    let begun = Instant::now();
    stage.world.coverage = Coverage::default();
    let mut failures = vec![];
    for sequence in nth * BATCH..(nth + 1) * BATCH {
        let seed = plan.seed.wrapping_add(sequence);
        let (ops, Some(failure)) = stage.random(seed, plan.operations) else {
            continue;
        };
        // What shrinking tries is not counted.
        let seen = stage.world.coverage.clone();
        let short = stage.shrink(&ops, &failure.kind);
        let again = stage.play(&short);
        stage.world.coverage = seen;
        failures.push(Failed {
            seed,
            what: again.map_or(failure.what, |failure| failure.what),
            script: format!("# {}\n{}", failure.kind, op::print(&short)),
            kind: failure.kind,
        });
    }
    let seen = std::mem::take(&mut stage.world.coverage);
    let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    // Failures first: a batch counts as played once they are known.
    let told = failures.into_iter().map(Told::Failed);
    for told in told.chain([Told::Batch { nth, seen, millis }]) {
        // Nobody listens any more once a file could not be written.
        let _ = tell.send(told);
    }
}

fn write(plan: &Plan, failed: &Failed) -> Result<()> {
    let folder = &plan.scripts;
    let path = folder.join(format!(
        "{}-{}.script",
        failed.kind.replace(' ', "-"),
        failed.seed
    ));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, &failed.script))
        .with_context(|| format!("{} can't be written", path.display()))
}

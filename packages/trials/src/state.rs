//! What was played so far, in a file.

use std::collections::BTreeSet;
use std::fmt::{Display, Formatter};
use std::fs;
use std::path::Path;

use anyhow::{ensure, Context, Result};
use glidepath_testkit::sequences::coverage::Coverage;
use serde::{Deserialize, Serialize};

use crate::Plan;

/// Sequences of a batch.
pub const BATCH: u64 = 20;

/// A sequence that failed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Failed {
    /// Its seed.
    pub seed: u64,
    /// What kind of failure.
    pub kind: String,
    /// What was expected and what was found, by the short script.
    pub what: String,
    /// The shortest script found that fails so.
    pub script: String,
}

impl Display for Failed {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let Failed {
            seed,
            kind,
            what,
            script,
        } = self;
        write!(f, "sequence of seed {seed} failed: {kind}: {what}\n{script}")
    }
}

/// What was played so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Seed of the first sequence.
    pub seed: u64,
    /// Operations of each sequence.
    pub operations: usize,
    /// All batches before this one were played.
    before: u64,
    /// Batches that were played after it.
    after: BTreeSet<u64>,
    /// What was seen.
    pub coverage: Coverage,
    /// What failed.
    pub failures: Vec<Failed>,
    /// Milliseconds of playing, of all threads together.
    pub millis: u64,
}

impl State {
    /// What a plan's file says was played, or nothing yet.
    ///
    /// # Errors
    /// Where the file is of another plan.
    pub fn open(plan: &Plan) -> Result<State> {
        let path = &plan.state;
        if !path.exists() {
            return Ok(State {
                seed: plan.seed,
                operations: plan.operations,
                ..State::default()
            });
        }
        let shown = path.display();
        let text = fs::read_to_string(path).with_context(|| format!("{shown} can't be read"))?;
        let state: State = serde_json::from_str(&text).with_context(|| format!("{shown} is no state"))?;
        ensure!(
            (state.seed, state.operations) == (plan.seed, plan.operations),
            "{shown} is of seed {} and {} operations; name another file with --state, or delete it",
            state.seed,
            state.operations
        );
        Ok(state)
    }

    /// Writes it down, whole or not at all.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub fn save(&self, path: &Path) -> Result<()> {
        let beside = path.with_extension("new");
        let text = serde_json::to_string_pretty(self)?;
        fs::write(&beside, text).with_context(|| format!("{} can't be written", beside.display()))?;
        fs::rename(&beside, path).with_context(|| format!("{} can't be written", path.display()))
    }

    /// Was a batch played?
    pub fn played(&self, batch: u64) -> bool {
        batch < self.before || self.after.contains(&batch)
    }

    /// Sequences that were played.
    pub fn sequences_done(&self) -> u64 {
        self.coverage.sequences
    }

    /// A batch was played.
    pub fn add(&mut self, batch: u64, seen: &Coverage, millis: u64) {
        self.after.insert(batch);
        while self.after.remove(&self.before) {
            self.before += 1;
        }
        self.coverage.and(seen);
        self.millis += millis;
    }
}

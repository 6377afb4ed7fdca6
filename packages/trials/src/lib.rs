//! Random operations against the whole suite, under its invariants, for as long as one likes: what the test `sequences`
//! does in a minute, with another seed, longer, and interrupted at will.
//!
//! ```sh
//! cargo run --release -p glidepath-trials -- --seed 1000 --sequences 20000
//! ```
//!
//! Sequences are played in batches by several threads. After each batch what was seen is written to a state file; the
//! same command goes on from there. A sequence that fails is shrunk to a short script, which is written beside it; put
//! it into `packages/testkit/tests/regressions/` once its cause is mended.

mod play;
mod state;

use std::path::PathBuf;

use clap::Parser;

pub use play::run;
pub use state::{Failed, State};

/// Plays random sequences of operations on the whole suite and checks its invariants, for as long as one likes; goes on where
/// it was stopped. Exits with an error if anything failed.
#[derive(Clone, Debug, Parser)]
#[command(name = "glidepath-trials", version)]
pub struct Plan {
    /// Seed of the first sequence; the others follow
    #[arg(long, default_value_t = 1_000_000)]
    pub seed: u64,
    /// How many sequences, rounded up to batches of 20
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub sequences: u64,
    /// Operations of each
    #[arg(long, default_value_t = 50)]
    pub operations: usize,
    /// How many are played at a time; by default as many as there are cores
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    pub threads: Option<u64>,
    /// How many failures are enough to stop
    #[arg(long, default_value_t = 10)]
    pub failures: usize,
    /// Where it is kept what was played so far
    #[arg(long, default_value = "glidepath-trials.json")]
    pub state: PathBuf,
    /// Where scripts of sequences that failed are written
    #[arg(long, default_value = "glidepath-trials-failures")]
    pub scripts: PathBuf,
}

impl Plan {
    /// How many sequences are played at a time.
    pub fn threads(&self) -> u64 {
        let cores = || std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
        self.threads.unwrap_or_else(cores)
    }
}

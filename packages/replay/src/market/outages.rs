//! What fails in the worst hour of the path.

use std::ops::Range;

use rand::RngExt;

use crate::config;
use crate::path::Path;
use crate::seed::{stream, Stream};

/// Blocks in which nobody can act, or only some can.
#[derive(Debug, Clone)]
pub struct Outages {
    worst_hour: Range<usize>,
    /// One for each block of the worst hour.
    dead: Vec<bool>,
    no_bidder: bool,
    no_oracle: bool,
}

impl Outages {
    /// The outages of `path` under `seed`.
    pub fn new(config: &config::Market, path: &Path, seed: u64) -> Self {
        let worst_hour = path.worst_hour();
        let rng = &mut stream(seed, Stream::DeadBlocks, 0);
        Self {
            dead: worst_hour
                .clone()
                .map(|_| rng.random_bool(config.dead_share))
                .collect(),
            worst_hour,
            no_bidder: config.hour_without_bidder,
            no_oracle: config.hour_without_oracle,
        }
    }

    /// Whether anybody can act in `block`.
    pub fn alive(&self, block: usize) -> bool {
        !(self.worst_hour.contains(&block) && self.dead[block - self.worst_hour.start])
    }

    /// Whether keepers act in a block that is alive.
    pub fn bidders(&self, block: usize) -> bool {
        !(self.no_bidder && self.worst_hour.contains(&block))
    }

    /// Whether prices are published in a block that is alive.
    pub fn oracle(&self, block: usize) -> bool {
        !(self.no_oracle && self.worst_hour.contains(&block))
    }
}

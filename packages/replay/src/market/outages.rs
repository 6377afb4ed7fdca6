//! What fails, and when: the dead blocks of the worst hour, and what a stress adds.

use std::ops::Range;

use rand::RngExt;

use crate::config::{Config, Stress, StressKind};
use crate::path::Path;
use crate::seed::{stream, Stream};

/// Blocks in which nobody can act, or only some can.
#[derive(Debug, Clone)]
pub struct Outages {
    /// One for each block of the path.
    dead: Vec<bool>,
    no_bidder: Range<usize>,
    no_oracle: Range<usize>,
}

/// The blocks in which a stress of this kind is felt.
pub fn span(kind: StressKind, stress: &Stress, path: &Path) -> Range<usize> {
    match kind {
        StressKind::NoBidders | StressKind::OracleSilent => path.worst(stress.outage_s),
        StressKind::Congestion => path.worst(stress.congestion_s),
        StressKind::ThinDepth => 0..path.blocks(),
    }
}

impl Outages {
    /// The outages of `path` under `seed`.
    pub fn new(config: &Config, path: &Path, seed: u64) -> Self {
        let stress = &config.stress;
        let felt = |kind: StressKind| match stress.kinds.contains(&kind) {
            true => span(kind, stress, path),
            false => 0..0,
        };
        let mut dead = vec![false; path.blocks()];
        // Each has a stream of its own: a congestion leaves the dead blocks of the worst hour as they are.
        let shares = [
            (path.worst_hour(), config.market.dead_share),
            (felt(StressKind::Congestion), stress.congestion_dead_share),
        ];
        for (index, (blocks, share)) in shares.into_iter().enumerate() {
            let rng = &mut stream(seed, Stream::DeadBlocks, index as u64);
            for block in &mut dead[blocks] {
                *block |= rng.random_bool(share);
            }
        }
        Self {
            dead,
            no_bidder: felt(StressKind::NoBidders),
            no_oracle: felt(StressKind::OracleSilent),
        }
    }

    /// Whether anybody can act in `block`.
    pub fn alive(&self, block: usize) -> bool {
        !self.dead.get(block).copied().unwrap_or_default()
    }

    /// Whether keepers act in a block that is alive.
    pub fn bidders(&self, block: usize) -> bool {
        !self.no_bidder.contains(&block)
    }

    /// Whether prices are published in a block that is alive.
    pub fn oracle(&self, block: usize) -> bool {
        !self.no_oracle.contains(&block)
    }
}

//! What all sets of rules are run on: one path, one market, one population, one set of keepers.

use crate::bidders::Keeper;
use crate::config::Config;
use crate::path::Path;
use crate::population::{self, Borrower};

/// A scene is the same for every set of rules.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The configuration.
    pub config: Config,
    /// The seed of everything that is drawn.
    pub seed: u64,
    /// The price path.
    pub path: Path,
    /// The positions, in the order of their ids.
    pub borrowers: Vec<Borrower>,
    /// The keepers.
    pub keepers: Vec<Keeper>,
}

impl Scene {
    /// Draws population and keepers for `path`.
    pub fn new(config: Config, seed: u64, path: Path) -> Self {
        let depth = config.market.depth_1pct_usd;
        let weight = config.risk.maintenance_weight;
        let borrowers = population::draw(&config.population, weight, depth, path.first(), seed);
        let keepers = Keeper::draw(&config.bidders, depth, seed);
        Self {
            config,
            seed,
            path,
            borrowers,
            keepers,
        }
    }
}

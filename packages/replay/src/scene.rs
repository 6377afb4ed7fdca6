//! What all sets of rules are run on: the same paths, markets, population and keepers.

use std::collections::BTreeSet;

use rand::RngExt;

use crate::amounts::AssetNumber;
use crate::bidders::Keeper;
use crate::config::{Asset, Config};
use crate::figures::Tools;
use crate::path::Path;
use crate::population::{self, Borrower, PositionId};
use crate::seed::{stream, Stream};

/// A scene is the same for every set of rules.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The configuration.
    pub config: Config,
    /// The seed of everything that is drawn.
    pub seed: u64,
    /// The price path of the first collateral, which sets the clock of the run.
    pub path: Path,
    /// Those of the others, over the same blocks.
    pub others: Vec<Path>,
    /// Terms of the collaterals, the first one's in front.
    pub assets: Vec<Asset>,
    /// The positions, in the order of their ids.
    pub borrowers: Vec<Borrower>,
    /// Owners who asked to be sold in time.
    pub glides: BTreeSet<PositionId>,
    /// The keepers.
    pub keepers: Vec<Keeper>,
}

impl Scene {
    /// Draws population and keepers for `path` and, in the order of the configuration, the paths of further collaterals.
    pub fn new(config: Config, seed: u64, path: Path, others: Vec<Path>) -> Self {
        let mut assets = config.collaterals();
        // A collateral without a path is not there.
        assets.truncate(1 + others.len());
        let first_prices: Vec<f64> = std::iter::once(&path).chain(&others).map(Path::first).collect();
        let borrowers = population::draw(&config.population, &assets, &first_prices, seed);
        let keepers = keepers(&config, seed);
        let mut scene = Self {
            config,
            seed,
            path,
            others,
            assets,
            borrowers,
            glides: BTreeSet::new(),
            keepers,
        };
        scene.glides = scene.draw_glides();
        scene
    }

    /// Owners with a glide path: who begins below his trigger would be sold at once, and asks for nothing.
    fn draw_glides(&self) -> BTreeSet<PositionId> {
        let owners = &self.config.owners;
        let rng = &mut stream(self.seed, Stream::Glides, 0);
        let prices = self.first_prices();
        let asks = self.borrowers.iter().filter(|borrower| {
            let weighted = borrower.collateral.weighted(&prices, self.maintenance_weights());
            // Each is drawn, so that a larger share has all of a smaller one.
            rng.random::<f64>() < owners.glide_share && weighted > owners.glide_trigger * borrower.debt
        });
        asks.map(|borrower| borrower.position).collect()
    }

    /// The same path, positions and keepers with capital, with other tools beside them.
    pub fn with_tools(&self, tools: Tools) -> Self {
        let mut scene = self.clone();
        scene.config.holders.depths = tools.holders_depths;
        scene.config.bidders.flash_count = tools.flash_bidders;
        scene.config.owners.glide_share = tools.glide_share;
        scene.keepers = keepers(&scene.config, scene.seed);
        scene.glides = scene.draw_glides();
        scene
    }

    /// The paths of all collaterals.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        std::iter::once(&self.path).chain(&self.others)
    }

    /// The path of a collateral.
    pub fn path_of(&self, asset: AssetNumber) -> &Path {
        asset
            .checked_sub(1)
            .and_then(|index| self.others.get(index))
            .unwrap_or(&self.path)
    }

    /// First prices of all collaterals.
    pub fn first_prices(&self) -> Vec<f64> {
        self.paths().map(Path::first).collect()
    }

    /// Last prices of all collaterals.
    pub fn last_prices(&self) -> Vec<f64> {
        self.paths().map(Path::last).collect()
    }

    /// Maintenance weights of all collaterals.
    pub fn maintenance_weights(&self) -> impl Iterator<Item = f64> + '_ {
        self.assets.iter().map(|asset| asset.maintenance_weight)
    }

    /// Name of a collateral where there are several.
    pub fn name(&self, asset: AssetNumber) -> Option<&str> {
        let named = self.assets.get(asset).filter(|_| !self.others.is_empty());
        named.map(|asset| asset.name.as_str())
    }
}

/// The keepers of a configuration: those with capital in front.
fn keepers(config: &Config, seed: u64) -> Vec<Keeper> {
    let mut keepers = Keeper::draw(&config.bidders, config.market.depth_1pct_usd, seed);
    keepers.extend(Keeper::draw_flash(&config.bidders, seed));
    keepers
}

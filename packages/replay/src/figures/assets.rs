//! Each collateral by itself.

use serde::Serialize;

use super::percent;
use crate::amounts::AssetNumber;
use crate::rules::Event;
use crate::scene::Scene;
use crate::simulation::Outcome;

/// What was sold of one collateral, and what that did to its market.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AssetFigures {
    /// Its name.
    pub name: String,
    /// File, scenario or what its path follows.
    pub file: String,
    /// Lowest price of the undisturbed path below the first, in percent.
    pub path_fell_pct: f64,
    /// Positions that held it at the start.
    pub holders: usize,
    /// Its value at the start.
    pub held_usd: f64,
    /// Sold, at the undisturbed path's price.
    pub liquidated_usd: f64,
    /// Number of fills.
    pub fills: usize,
    /// Of what was sold: value less debt repaid, without surcharge, in percent.
    pub loss_pct: f64,
    /// Deepest fall of the market below the undisturbed path.
    pub worst_impact_pct: f64,
}

impl AssetFigures {
    pub(super) fn new(scene: &Scene, outcome: &Outcome, asset: AssetNumber, name: &str) -> Self {
        let path = scene.path_of(asset);
        let (mut value, mut repaid, mut fills) = (0.0, 0.0, 0);
        for entry in &outcome.log {
            if let Event::Fill(fill) = &entry.event {
                if fill.asset == asset {
                    value += fill.sold * entry.prices.path;
                    repaid += fill.repaid;
                    fills += 1;
                }
            }
        }
        let held = scene.borrowers.iter().map(|borrower| borrower.collateral[asset]);
        let low = path.prices.iter().copied().fold(path.first(), f64::min);
        Self {
            name: name.to_owned(),
            file: path.name.clone(),
            path_fell_pct: percent(path.first() - low, path.first()),
            holders: held.clone().filter(|amount| *amount > 0.0).count(),
            held_usd: held.sum::<f64>() * path.first(),
            liquidated_usd: value,
            fills,
            loss_pct: percent(value - repaid, value),
            worst_impact_pct: 100.0 * worst_impact(scene, outcome, asset, 0..path.blocks()),
        }
    }
}

/// Deepest fall of a collateral's market below its undisturbed path in some blocks, as a part of that.
pub(super) fn worst_impact(
    scene: &Scene,
    outcome: &Outcome,
    asset: AssetNumber,
    blocks: std::ops::Range<usize>,
) -> f64 {
    let (Some(market), path) = (outcome.market.get(asset), scene.path_of(asset)) else {
        return 0.0;
    };
    blocks
        .filter_map(|block| Some(1.0 - market.get(block)? / path.prices.get(block)?))
        .fold(0.0, f64::max)
}

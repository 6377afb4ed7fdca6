//! Volatility of a price path by the block, annualised.

use crate::clock::{BLOCK_S, YEAR_S};

/// Square root of the blocks of a year.
fn annual() -> f64 {
    (YEAR_S / BLOCK_S as f64).sqrt()
}

fn squared_returns(prices: &[f64]) -> impl Iterator<Item = f64> + '_ {
    prices.windows(2).map(|pair| (pair[1] / pair[0]).ln().powi(2))
}

/// Volatility a year over all of `prices`.
pub(super) fn realised(prices: &[f64]) -> f64 {
    let blocks = prices.len().saturating_sub(1).max(1) as f64;
    (squared_returns(prices).sum::<f64>() / blocks).sqrt() * annual()
}

/// At each block, the exponential estimate over the blocks before it; the first is `start`.
pub(super) fn estimate(prices: &[f64], start: f64, half_life_s: f64) -> Vec<f64> {
    let keep = 0.5f64.powf(BLOCK_S as f64 / half_life_s);
    let mut variance = (start / annual()).powi(2);
    let mut sigma = Vec::with_capacity(prices.len());
    sigma.push(start);
    for squared in squared_returns(prices) {
        variance = variance * keep + squared * (1.0 - keep);
        sigma.push(variance.sqrt() * annual());
    }
    sigma
}

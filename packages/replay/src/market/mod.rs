//! The market that collateral is sold into: depth, impact, and the ways in which it fails.

mod oracle;
mod outages;

use crate::clock::{Time, BLOCK_S};
use crate::config::{self, StressKind};

pub use oracle::Oracle;
pub use outages::{span, Outages};

/// How far the price has moved, as a logarithm, when `q` live depths are not absorbed: 1 % for the first,
/// then with the square root.
pub fn displacement(q: f64) -> f64 {
    if q <= 1.0 {
        0.01 * q
    } else {
        0.01 * (2.0 * q.sqrt() - 1.0)
    }
}

/// The market at a block. Prices in USD per whole token.
#[derive(Debug, Clone)]
pub struct Market {
    /// USD that move the price by 1 % in a calm market.
    depth: f64,
    /// Least part of it that is left in a wild market.
    depth_min: f64,
    sigma_ref: f64,
    /// Part of `q` that is left after a block.
    keep: f64,
    /// What was sold and is not absorbed, in live depths.
    q: f64,
    path: f64,
    sigma: f64,
}

impl Market {
    /// A market of `depth` USD into which nothing was sold; `stress` may have left only a part of that.
    pub fn new(depth: f64, config: &config::Market, stress: &config::Stress, sigma_ref: f64) -> Self {
        let part = match stress.kinds.contains(&StressKind::ThinDepth) {
            true => stress.thin_depth,
            false => 1.0,
        };
        Self {
            depth: depth * part,
            depth_min: config.depth_min,
            sigma_ref,
            keep: 0.5f64.powf(BLOCK_S as f64 / config.absorb_half_life_s),
            q: 0.0,
            path: 0.0,
            sigma: sigma_ref,
        }
    }

    /// Moves on by a block to the undisturbed price `path` and the volatility `sigma` a year.
    pub fn next_block(&mut self, path: f64, sigma: f64) {
        self.q *= self.keep;
        self.path = path;
        self.sigma = sigma;
    }

    /// Price that the market pays now.
    pub fn price(&self) -> f64 {
        self.path * (-displacement(self.q)).exp()
    }

    /// Price without the sales of the replay.
    pub fn undisturbed(&self) -> f64 {
        self.path
    }

    /// Current volatility a year.
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// USD that move an undisturbed market by 1 % now.
    fn live_depth(&self) -> f64 {
        self.depth * (self.sigma_ref / self.sigma).clamp(self.depth_min, 1.0)
    }

    /// USD that move the price by a further 1 % from where it is.
    pub fn next_percent(&self) -> f64 {
        self.live_depth() * self.q.max(1.0).sqrt()
    }

    /// What selling `tokens` would bring, in USD a token.
    pub fn brings(&self, tokens: f64) -> f64 {
        self.clone().sell(tokens) / tokens
    }

    /// Sells `tokens` and returns the proceeds in USD: the mean of the prices before and after.
    pub fn sell(&mut self, tokens: f64) -> f64 {
        let before = self.price();
        self.q += tokens * before / self.live_depth();
        tokens * (before + self.price()) / 2.0
    }
}

/// What the prices were when something happened. USD per whole token.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prices {
    /// Without the sales of the replay.
    pub path: f64,
    /// With them.
    pub market: f64,
    /// As the chain knows it.
    pub oracle: f64,
}

/// A block's number and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// From 0.
    pub number: usize,
    /// Unix time in seconds.
    pub time: Time,
}

#[cfg(test)]
mod tests;

//! The price path: candles from a file or made up, refined to blocks, cut to a window.

mod bridge;
mod builtin;
mod csv;
mod volatility;
mod window;

use crate::clock::{stamp, Time, BLOCK_S, DAY_S, HOUR_S};
use crate::config::Config;

pub use self::builtin::builtin;
pub use self::csv::{read, CsvError, Reason};
pub use self::window::{Window, WindowError};

/// One candle. Prices in USD.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candle {
    /// Start.
    pub time: Time,
    /// First price.
    pub open: f64,
    /// Highest price.
    pub high: f64,
    /// Lowest price.
    pub low: f64,
    /// Last price.
    pub close: f64,
}

/// Candles of one length without a gap, oldest first; never empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Candles {
    /// Where they are from.
    pub name: String,
    /// Seconds of one candle: a multiple of a block, a minute to a day.
    pub step: u64,
    /// The candles.
    pub rows: Vec<Candle>,
}

impl Candles {
    /// Start of the first candle.
    pub fn from(&self) -> Time {
        self.rows.first().map_or(0, |candle| candle.time)
    }

    /// End of the last candle.
    pub fn to(&self) -> Time {
        self.rows.last().map_or(0, |candle| candle.time + self.step)
    }

    /// Price of every block in `from..to`. The way through a candle depends on the seed and the candle
    /// alone, so that windows of one file agree where they overlap.
    fn blocks(&self, from: Time, to: Time, seed: u64, against_first: f64) -> Vec<f64> {
        let mut prices = Vec::new();
        for candle in &self.rows {
            if candle.time + self.step <= from || candle.time >= to {
                continue;
            }
            let refined = bridge::refine(candle, self.step, seed, against_first);
            let times = (candle.time..).step_by(BLOCK_S as usize);
            prices.extend(
                times
                    .zip(refined)
                    .filter(|(t, _)| (from..to).contains(t))
                    .map(|(_, p)| p),
            );
        }
        prices
    }
}

/// A price path by the block.
#[derive(Debug, Clone)]
pub struct Path {
    /// Where it is from.
    pub name: String,
    /// The part of the file that it is.
    pub window: Window,
    /// Time of the first block.
    pub from: Time,
    /// USD per whole token at each block, undisturbed by the sales of the replay.
    pub prices: Vec<f64>,
    /// Current volatility a year at each block.
    pub sigma: Vec<f64>,
    /// Normal volatility a year: that of the file's first day.
    pub sigma_ref: f64,
}

impl Path {
    /// The blocks of `window` of `candles`.
    pub fn new(candles: &Candles, window: Window, seed: u64, config: &Config) -> Result<Self, WindowError> {
        let span = window.find(candles, &config.path)?;
        Ok(Self::between(candles, window, span, seed, config))
    }

    fn between(
        candles: &Candles,
        window: Window,
        (from, to): (Time, Time),
        seed: u64,
        config: &Config,
    ) -> Self {
        let (market, against_first) = (&config.market, config.path.against_first);
        let first_day = candles.blocks(candles.from(), candles.from() + DAY_S, seed, against_first);
        let sigma_ref = volatility::realised(&first_day).clamp(market.sigma_ref_min, market.sigma_ref_max);

        let warm_from = from.saturating_sub(config.path.warm_up_s).max(candles.from());
        let mut prices = candles.blocks(warm_from, to, seed, against_first);
        let mut sigma = volatility::estimate(&prices, sigma_ref, market.sigma_half_life_s);
        let warm_blocks = ((from - warm_from) / BLOCK_S) as usize;
        Self {
            name: candles.name.clone(),
            window,
            from,
            prices: prices.split_off(warm_blocks),
            sigma: sigma.split_off(warm_blocks),
            sigma_ref,
        }
    }

    /// The same blocks of another collateral's `candles`, `number` among those of the run.
    pub fn beside(
        &self,
        candles: &Candles,
        number: u64,
        seed: u64,
        config: &Config,
    ) -> Result<Self, WindowError> {
        if candles.from() > self.from || candles.to() < self.to() {
            return Err(WindowError::Elsewhere {
                file: candles.name.clone(),
                from: stamp(candles.from()),
                to: stamp(candles.to()),
                needed_from: stamp(self.from),
                needed_to: stamp(self.to()),
            });
        }
        // Ways through candles of the same time are not the same.
        let seed = seed.wrapping_add(number << 32);
        Ok(Self::between(
            candles,
            self.window,
            (self.from, self.to()),
            seed,
            config,
        ))
    }

    /// A collateral whose price starts at `first` and whose logarithm moves `beta` times as far as this one's.
    pub fn following(&self, first: f64, beta: f64, config: &Config) -> Self {
        let start = self.first();
        let (least, most) = (config.market.sigma_ref_min, config.market.sigma_ref_max);
        // What does not move at all has the least volatility.
        let times = beta.abs();
        Self {
            name: format!("{} to the power of {beta}", self.name),
            prices: self
                .prices
                .iter()
                .map(|price| first * (price / start).powf(beta))
                .collect(),
            sigma: self.sigma.iter().map(|sigma| (sigma * times).max(1e-6)).collect(),
            sigma_ref: (self.sigma_ref * times).clamp(least, most),
            ..self.clone()
        }
    }

    /// Number of blocks.
    pub fn blocks(&self) -> usize {
        self.prices.len()
    }

    /// Time of a block.
    pub fn time(&self, block: usize) -> Time {
        self.from + block as u64 * BLOCK_S
    }

    /// End of the last block.
    pub fn to(&self) -> Time {
        self.time(self.blocks())
    }

    /// First price in USD.
    pub fn first(&self) -> f64 {
        self.prices.first().copied().unwrap_or_default()
    }

    /// Last price in USD.
    pub fn last(&self) -> f64 {
        self.prices.last().copied().unwrap_or_default()
    }

    /// The hour (in blocks, `start..end`) in which the price fell most.
    pub fn worst_hour(&self) -> std::ops::Range<usize> {
        self.worst(HOUR_S)
    }

    /// The same for a stretch of `seconds`; the whole path if that is shorter.
    pub fn worst(&self, seconds: u64) -> std::ops::Range<usize> {
        let length = ((seconds / BLOCK_S) as usize).min(self.blocks().saturating_sub(1));
        let fall = |start: &usize| self.prices[start + length] / self.prices[*start];
        let start = (0..self.blocks().saturating_sub(length))
            .min_by(|a, b| fall(a).total_cmp(&fall(b)))
            .unwrap_or(0);
        start..start + length
    }
}

#[cfg(test)]
mod tests;

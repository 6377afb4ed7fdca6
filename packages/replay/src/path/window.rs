//! Which part of a file is replayed.

use serde::Serialize;

use super::Candles;
use crate::clock::{stamp, Time, BLOCK_S, HOUR_S};
use crate::config;

/// The part of a file that is replayed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Window {
    /// 8 hours from an hour before the steepest 4-hour fall.
    Crash,
    /// The least volatile 8 hours that fall by 1.5 to 4 %.
    Calm,
    /// The whole file.
    #[default]
    All,
}

/// The file has no such window.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// Shorter than the window.
    #[error("{file}: {hours:.1} hours of candles, a crash or calm window needs {needed}")]
    TooShort {
        /// Name of the file.
        file: String,
        /// Hours that it has.
        hours: f64,
        /// Hours that a window has.
        needed: f64,
    },
    /// Nowhere calm, or nowhere falling.
    #[error("{file}: no {hours} hours between {from} and {to} fall by {least} to {most} %, there is no calm window")]
    NeverCalm {
        /// Name of the file.
        file: String,
        /// Its start.
        from: String,
        /// Its end.
        to: String,
        /// Hours that a window has.
        hours: f64,
        /// Percent that a calm one falls at least.
        least: f64,
        /// And at most.
        most: f64,
    },
    /// Another collateral's file does not cover the time of the run.
    #[error("{file}: its candles are from {from} to {to}, the run is from {needed_from} to {needed_to}")]
    Elsewhere {
        /// Name of the file.
        file: String,
        /// Its start.
        from: String,
        /// Its end.
        to: String,
        /// Start of the run.
        needed_from: String,
        /// End of the run.
        needed_to: String,
    },
}

impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Window::Crash => "crash",
            Window::Calm => "calm",
            Window::All => "all",
        })
    }
}

impl Window {
    /// Start and end of the window in `candles`.
    pub(super) fn find(self, candles: &Candles, config: &config::Path) -> Result<(Time, Time), WindowError> {
        let (start, end) = (candles.from(), candles.to());
        if self == Window::All {
            return Ok((start, end));
        }
        let hours = |seconds: u64| seconds as f64 / HOUR_S as f64;
        if end - start < config.window_s {
            return Err(WindowError::TooShort {
                file: candles.name.clone(),
                hours: hours(end - start),
                needed: hours(config.window_s),
            });
        }
        let from = match self {
            Window::Crash => steepest_fall(candles, config.fall_s)
                .saturating_sub(config.lead_s)
                .max(start)
                .min(end - config.window_s),
            _ => calmest(candles, config).ok_or_else(|| WindowError::NeverCalm {
                file: candles.name.clone(),
                from: stamp(start),
                to: stamp(end),
                hours: hours(config.window_s),
                least: 100.0 * config.calm_fall_min,
                most: 100.0 * config.calm_fall_max,
            })?,
        };
        let from = start + (from - start) / BLOCK_S * BLOCK_S;
        Ok((from, from + config.window_s))
    }
}

/// Start of the steepest fall over `length` seconds from the open of a candle.
fn steepest_fall(candles: &Candles, length: u64) -> Time {
    let change = |from: Time| price_at(candles, from + length) / price_at(candles, from);
    starts(candles, length)
        .min_by(|a, b| change(*a).total_cmp(&change(*b)))
        .unwrap_or(candles.from())
}

/// Start of the least volatile window that falls as little as `config` says.
fn calmest(candles: &Candles, config: &config::Path) -> Option<Time> {
    // Volatility is the sum of the candles' squared ranges; a running sum serves every start.
    let mut sums = vec![0.0];
    for candle in &candles.rows {
        sums.push(sums[sums.len() - 1] + (candle.high / candle.low).ln().powi(2));
    }
    let length = (config.window_s / candles.step).max(1) as usize;
    let roughness = |from: Time| {
        let first = ((from - candles.from()) / candles.step) as usize;
        sums[(first + length).min(sums.len() - 1)] - sums[first]
    };
    starts(candles, config.window_s)
        .filter(|from| {
            (config.calm_fall_min..=config.calm_fall_max)
                .contains(&(1.0 - price_at(candles, from + config.window_s) / price_at(candles, *from)))
        })
        .min_by(|a, b| roughness(*a).total_cmp(&roughness(*b)))
}

/// Opens of candles that at least `length` seconds follow.
fn starts(candles: &Candles, length: u64) -> impl Iterator<Item = Time> + '_ {
    let last = candles.to() - length;
    candles
        .rows
        .iter()
        .map(|candle| candle.time)
        .filter(move |time| *time <= last)
}

/// Price at `time`: the open of the candle that starts then, else interpolated in logarithms.
fn price_at(candles: &Candles, time: Time) -> f64 {
    let rows = &candles.rows;
    let index = ((time - candles.from()) / candles.step) as usize;
    let Some(candle) = rows.get(index) else {
        return rows.last().map_or(0.0, |candle| candle.close);
    };
    let next = rows.get(index + 1).map_or(candle.close, |candle| candle.open);
    let part = (time - candle.time) as f64 / candles.step as f64;
    candle.open * (next / candle.open).powf(part)
}

//! Which part of a file is replayed.

use serde::Serialize;

use super::Candles;
use crate::clock::{stamp, Time, BLOCK_S, HOUR_S};

/// Seconds of a crash or calm window.
const WINDOW_S: u64 = 8 * HOUR_S;
/// Seconds of the fall that a crash window is built around.
const FALL_S: u64 = 4 * HOUR_S;
/// Seconds from the start of a crash window to that fall.
const LEAD_S: u64 = HOUR_S;
/// How far the price of a calm window falls from its first block to its last.
const CALM_FALL: std::ops::RangeInclusive<f64> = 0.015..=0.04;

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
    #[error("{file}: {hours:.1} hours of candles, a crash or calm window needs 8")]
    TooShort {
        /// Name of the file.
        file: String,
        /// Hours that it has.
        hours: f64,
    },
    /// Nowhere calm, or nowhere falling.
    #[error("{file}: no 8 hours between {from} and {to} fall by 1.5 to 4 %, there is no calm window")]
    NeverCalm {
        /// Name of the file.
        file: String,
        /// Its start.
        from: String,
        /// Its end.
        to: String,
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
    pub(super) fn find(self, candles: &Candles) -> Result<(Time, Time), WindowError> {
        let (start, end) = (candles.from(), candles.to());
        if self == Window::All {
            return Ok((start, end));
        }
        if end - start < WINDOW_S {
            let hours = (end - start) as f64 / HOUR_S as f64;
            return Err(WindowError::TooShort {
                file: candles.name.clone(),
                hours,
            });
        }
        let from = match self {
            Window::Crash => steepest_fall(candles)
                .saturating_sub(LEAD_S)
                .max(start)
                .min(end - WINDOW_S),
            _ => calmest(candles).ok_or_else(|| WindowError::NeverCalm {
                file: candles.name.clone(),
                from: stamp(start),
                to: stamp(end),
            })?,
        };
        let from = start + (from - start) / BLOCK_S * BLOCK_S;
        Ok((from, from + WINDOW_S))
    }
}

/// Start of the steepest fall over [`FALL_S`] from the open of a candle.
fn steepest_fall(candles: &Candles) -> Time {
    let change = |from: Time| price_at(candles, from + FALL_S) / price_at(candles, from);
    starts(candles, FALL_S)
        .min_by(|a, b| change(*a).total_cmp(&change(*b)))
        .unwrap_or(candles.from())
}

/// Start of the least volatile [`WINDOW_S`] that fall by [`CALM_FALL`].
fn calmest(candles: &Candles) -> Option<Time> {
    // Volatility is the sum of the candles' squared ranges; a running sum serves every start.
    let mut sums = vec![0.0];
    for candle in &candles.rows {
        sums.push(sums[sums.len() - 1] + (candle.high / candle.low).ln().powi(2));
    }
    let length = (WINDOW_S / candles.step).max(1) as usize;
    let roughness = |from: Time| {
        let first = ((from - candles.from()) / candles.step) as usize;
        sums[(first + length).min(sums.len() - 1)] - sums[first]
    };
    starts(candles, WINDOW_S)
        .filter(|from| {
            CALM_FALL.contains(&(1.0 - price_at(candles, from + WINDOW_S) / price_at(candles, *from)))
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

//! From a candle to blocks: open, one extreme, the other, close.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use super::Candle;
use crate::clock::BLOCK_S;
use crate::seed::{stream, Stream};

/// A price for each block of `candle`: the first block has its open, the last its close, and both extremes
/// are touched. Between these the logarithm of the price is a Brownian bridge, kept within the extremes,
/// that is as rough as makes the whole as volatile as the candle's range says (Parkinson's estimate). `against_first` is
/// the probability that the extreme against the candle's direction (the high of a falling one) comes first.
pub(super) fn refine(candle: &Candle, step: u64, seed: u64, against_first: f64) -> Vec<f64> {
    let blocks = (step / BLOCK_S) as usize;
    let rng = &mut stream(seed, Stream::Candle, candle.time);
    let knots = knots(candle, blocks, against_first, rng);

    let range = (candle.high / candle.low).ln();
    let variance = range * range / (4.0 * std::f64::consts::LN_2);
    let by_knots: f64 = knots
        .windows(2)
        .map(|leg| (leg[1].1 / leg[0].1).ln().powi(2) / (leg[1].0 - leg[0].0) as f64)
        .sum();
    let noise = ((variance - by_knots).max(0.0) / blocks as f64).sqrt();

    let mut prices = vec![candle.open; blocks];
    for leg in knots.windows(2) {
        walk(&mut prices, leg[0], leg[1], noise, candle, rng);
    }
    prices
}

/// `(block, price)` that the way goes through, in order. An extreme that is the open or the close has its
/// place already.
fn knots(candle: &Candle, blocks: usize, against_first: f64, rng: &mut ChaCha8Rng) -> Vec<(usize, f64)> {
    let last = blocks - 1;
    let high_first = rng.random_bool(match candle.close.total_cmp(&candle.open) {
        std::cmp::Ordering::Less => against_first,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Greater => 1.0 - against_first,
    });
    let extremes = if high_first {
        [candle.high, candle.low]
    } else {
        [candle.low, candle.high]
    };
    let first = rng.random_range(1..last - 1);
    let second = rng.random_range(first + 1..last);

    let mut knots = vec![(0, candle.open)];
    for (block, extreme) in [first, second].into_iter().zip(extremes) {
        if extreme != candle.open && extreme != candle.close {
            knots.push((block, extreme));
        }
    }
    knots.push((last, candle.close));
    knots
}

/// Fills the blocks after `from` up to and with `to` by a Brownian bridge of `noise` a block.
fn walk(
    prices: &mut [f64],
    from: (usize, f64),
    to: (usize, f64),
    noise: f64,
    candle: &Candle,
    rng: &mut ChaCha8Rng,
) {
    let (low, high, goal) = (candle.low.ln(), candle.high.ln(), to.1.ln());
    let mut at = from.1.ln();
    let between = prices[from.0 + 1..to.0].iter_mut();
    for (step, price) in between.enumerate() {
        let left = (to.0 - from.0 - step) as f64;
        let normal: f64 = StandardNormal.sample(rng);
        at += (goal - at) / left + normal * noise * ((left - 1.0) / left).sqrt();
        at = reflect(at, low, high);
        *price = at.exp().clamp(candle.low, candle.high);
    }
    prices[to.0] = to.1;
}

/// `value` mirrored at the bound that it crossed.
fn reflect(value: f64, low: f64, high: f64) -> f64 {
    let mirrored = if value > high {
        2.0 * high - value
    } else if value < low {
        2.0 * low - value
    } else {
        value
    };
    mirrored.clamp(low, high)
}

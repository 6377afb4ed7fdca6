//! How far away a liquidation price is: in standard deviations, in time, and how likely it is to be touched.
//!
//! The logarithm of a price is taken for a Brownian motion without drift, with the volatility of now. Markets fall faster than
//! that when it matters (volatility rises with a fall, and jumps), so what comes out is for comparing and for warning, never
//! for deciding: no rule reads it.

use cosmwasm_std::Decimal;

use crate::math::{abs_ln_ratio, exp_neg};
use crate::{RiskResult, SECONDS_PER_YEAR};

/// How far away a price below is.
#[derive(Clone, Debug, PartialEq)]
pub struct Horizon {
    /// Standard deviations of the price's logarithm within the time; none where it does not move.
    pub deviations: Option<Decimal>,
    /// How likely it is to be touched within the time, from 0 to 1.
    pub probability: Decimal,
    /// Seconds in which one standard deviation is as much as the distance, rounded down; none where it does not move, or that
    /// would be more than can be said.
    pub one_deviation_in: Option<u64>,
}

/// How far `limit` is below `price` (for a price that must not rise they change places), for an annualised volatility, within `seconds`. A price that is not above the limit has
/// touched it.
///
/// `d = ln(price / limit) / (σ·√(seconds / year))`; the probability that the lowest value on the way is at or below the limit is
/// `2·Φ(−d)` by the reflection principle. To about 10⁻⁷.
///
/// With a price of 100, a limit of 90 and a volatility of 100 %, a day's standard deviation is 5.23 %, the distance 2.01 of them
/// and the probability 4.4 %; one standard deviation is as much as the distance in 4 days.
///
/// # Errors
/// `DivisionByZero` for a limit of zero, which no price touches: leave it out.
pub fn horizon(price: Decimal, limit: Decimal, volatility: Decimal, seconds: u64) -> RiskResult<Horizon> {
    if price <= limit {
        return Ok(Horizon {
            deviations: Some(Decimal::zero()),
            probability: Decimal::one(),
            one_deviation_in: Some(0),
        });
    }
    let distance = abs_ln_ratio(price, limit)?;
    let years = Decimal::checked_from_ratio(seconds, SECONDS_PER_YEAR)?;
    let deviation = volatility.checked_mul(years.sqrt())?;
    let deviations = distance.checked_div(deviation).ok();
    let probability = match deviations {
        Some(deviations) => tail(deviations)?
            .checked_add(tail(deviations)?)?
            .min(Decimal::one()),
        None => Decimal::zero(),
    };
    Ok(Horizon {
        deviations,
        probability,
        one_deviation_in: time_to(distance, volatility),
    })
}

/// `(distance / volatility)²` years in seconds.
fn time_to(distance: Decimal, volatility: Decimal) -> Option<u64> {
    let root = distance.checked_div(volatility).ok()?;
    let years = root.checked_mul(root).ok()?;
    let seconds = years
        .checked_mul(Decimal::from_ratio(SECONDS_PER_YEAR, 1u64))
        .ok()?;
    u64::try_from(seconds.to_uint_floor().u128()).ok()
}

/// Coefficients of [`tail`] by the power of `t`, at 9 digits: those that are added and those that are taken off.
const ADDED: [(u32, u128); 3] = [(1, 319_381_530), (3, 1_781_477_937), (5, 1_330_274_429)];
const TAKEN_OFF: [(u32, u128); 2] = [(2, 356_563_782), (4, 1_821_255_978)];
const DIGITS: u128 = 1_000_000_000;

/// `1 − Φ(x)` of the standard normal distribution for `x ≥ 0`, by Abramowitz and Stegun 26.2.17, to 7.5·10⁻⁸; at most ½.
fn tail(x: Decimal) -> RiskResult<Decimal> {
    // Beyond it is below 10⁻¹⁸.
    if x > Decimal::from_ratio(9u128, 1u128) {
        return Ok(Decimal::zero());
    }
    let scaled = x.checked_mul(Decimal::from_ratio(231_641_900u128, DIGITS))?;
    let t = Decimal::one().checked_div(scaled.checked_add(Decimal::one())?)?;
    let sum = |terms: &[(u32, u128)]| -> RiskResult<Decimal> {
        let mut sum = Decimal::zero();
        for (power, coefficient) in terms {
            let term = t
                .checked_pow(*power)?
                .checked_mul(Decimal::from_ratio(*coefficient, DIGITS))?;
            sum = sum.checked_add(term)?;
        }
        Ok(sum)
    };
    let series = sum(&ADDED)?.saturating_sub(sum(&TAKEN_OFF)?);
    let half = Decimal::percent(50);
    // φ(x) = e^(−x²/2) / √(2π).
    let density = exp_neg(x.checked_mul(x)?.checked_mul(half)?)?.checked_mul(Decimal::from_ratio(
        398_942_280_401_432_678u128,
        1_000_000_000_000_000_000u128,
    ))?;
    Ok(density.checked_mul(series)?.min(half))
}

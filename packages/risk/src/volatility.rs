//! Smoothed price and volatility from a stream of prices.
//!
//! Both integrate the past: over the gap since the last price the *previous* price is integrated, and a new price
//! has weight zero at the moment it arrives. Waiting and pushing one price moves nothing at once, and pushing many
//! moves nothing more.

use cosmwasm_std::Decimal;

use crate::math::{abs_ln_ratio, exp_neg};
use crate::{RiskResult, SECONDS_PER_YEAR};

/// Exponential average in time: the mean after `price` held for `seconds`, with time constant `window` seconds.
pub fn smooth(smoothed: Decimal, price: Decimal, seconds: u64, window: u64) -> RiskResult<Decimal> {
    let keep = exp_neg(Decimal::checked_from_ratio(seconds, window)?)?;
    let fresh = Decimal::one().saturating_sub(keep);
    Ok(smoothed
        .checked_mul(keep)?
        .checked_add(price.checked_mul(fresh)?)?)
}

/// Annualised volatility after a move from `from` to `to` over `seconds`.
///
/// The variance is an exponential average in time of `ln(to/from)² / seconds · year` with time constant `window`;
/// a gap counts at most `window` seconds, so that one late price can't replace the whole memory. A move within the
/// same second has no rate and changes nothing.
pub fn volatility(
    previous: Decimal,
    from: Decimal,
    to: Decimal,
    seconds: u64,
    window: u64,
) -> RiskResult<Decimal> {
    if seconds == 0 {
        return Ok(previous);
    }
    let keep = exp_neg(Decimal::checked_from_ratio(seconds.min(window), window)?)?;
    let fresh = Decimal::one().saturating_sub(keep);
    // A move of more than e² within one update counts as e²: the square must stay in range.
    let log = abs_ln_ratio(from, to)?.min(Decimal::percent(200));
    let per_second = log
        .checked_mul(log)?
        .checked_div(Decimal::checked_from_ratio(seconds, 1u128)?)?;
    let variance = previous.checked_mul(previous)?.checked_mul(keep)?.checked_add(
        per_second
            .checked_mul(Decimal::from_ratio(SECONDS_PER_YEAR, 1u128))?
            .checked_mul(fresh)?,
    )?;
    Ok(variance.sqrt())
}

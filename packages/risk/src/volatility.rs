//! Smoothed price and volatility from a stream of prices.
//!
//! The smoothed price integrates the past: over the gap since the last price the *previous* price is integrated, and
//! a new price has weight zero at the moment it arrives. Waiting and pushing one price moves nothing at once, and
//! pushing many moves nothing more.
//!
//! A return has to count when it is seen, so volatility does move with a price. What can't be bought is weight: a
//! return counts at most `year / window` of its square, less the longer nobody looked, and nothing within the second
//! of the last one.

use cosmwasm_std::Decimal;

use crate::math::{abs_ln_ratio, exp_neg};
use crate::{RiskResult, SECONDS_PER_YEAR};

/// Exponential average in time: the mean after `price` held for `seconds`, with time constant `window` seconds.
///
/// Give it the price that *held* over the gap, not the one that ended it. Always between `smoothed` and `price`, and
/// rounded towards `smoothed`, so that a price that stands still is left alone however often it is asked for.
///
/// From 100, after a price of 110 held for one window: 110 − 10/e = 106.32…; after 60 s of a window of 1,800 s: 100.327…
///
/// # Errors
/// `DivisionByZero` for a window of zero.
pub fn smooth(smoothed: Decimal, price: Decimal, seconds: u64, window: u64) -> RiskResult<Decimal> {
    let keep = exp_neg(Decimal::checked_from_ratio(seconds, window)?)?;
    let fresh = Decimal::one().saturating_sub(keep);
    let step = smoothed.abs_diff(price).checked_mul(fresh)?;
    Ok(if price >= smoothed {
        smoothed.checked_add(step)?
    } else {
        smoothed.checked_sub(step)?
    })
}

/// Annualised volatility after a move from `from` to `to` over `seconds`.
///
/// The variance is an exponential average in time of `ln(to/from)² / seconds · year` with time constant `window`;
/// a gap counts at most `window` seconds, so that one late price can't replace the whole memory. A move within the
/// same second has no rate and changes nothing: the caller keeps `from` until a second has passed, or the move is
/// lost.
///
/// On the same path, updates each 6 s, each 60 s and at random moments agree (but for what sampling leaves to
/// chance) as long as gaps stay well below `window`. A path that only drifts looks calmer the more often it is asked.
///
/// From 60 %, a fall from 100 to 99 within 60 s and a window of an hour: variance .36·e^(−1/60) + .01005²·525,600·
/// (1 − e^(−1/60)) = .3540… + .8776…, volatility 110.9…%
///
/// # Errors
/// `DivisionByZero` for a window or a price of zero.
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
    // The small factors last: the square of a move of 10⁻⁸ divided by a minute would be nothing.
    let weight = fresh.checked_mul(Decimal::checked_from_ratio(SECONDS_PER_YEAR, seconds)?)?;
    let variance = previous
        .checked_mul(previous)?
        .checked_mul(keep)?
        .checked_add(log.checked_mul(weight)?.checked_mul(log)?)?;
    Ok(variance.sqrt())
}

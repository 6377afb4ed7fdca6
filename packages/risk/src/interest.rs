//! The kinked rate model and compound growth.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal, Decimal256};

use crate::math::exp;
use crate::{RiskResult, SECONDS_PER_YEAR};

/// Borrow rate per year as a function of utilisation: two straight lines that meet at the kink.
///
/// Base 1 %, kink at 80 %, slopes 4 % and 60 %: 1 % when nothing is lent, 3 % at 40 %, 5 % at the kink, 35 % at
/// 90 %, 65 % when everything is.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct RateModel {
    /// Rate per year at utilisation 0.
    pub base: Decimal,
    /// Utilisation where the second line starts, in (0, 1).
    pub kink: Decimal,
    /// Rise of the rate between utilisation 0 and the kink.
    pub slope_low: Decimal,
    /// Rise of the rate between the kink and utilisation 1.
    pub slope_high: Decimal,
}

/// No rate model may exceed 1,000 % a year: above, a day's interest would outrun any maintenance buffer.
pub const MAX_RATE: Decimal = Decimal::new(cosmwasm_std::Uint128::new(10_000_000_000_000_000_000));

impl RateModel {
    /// Is the kink inside (0, 1) and the highest rate at most [`MAX_RATE`]?
    pub fn is_valid(&self) -> bool {
        let top = self
            .base
            .checked_add(self.slope_low)
            .and_then(|r| r.checked_add(self.slope_high));
        !self.kink.is_zero() && self.kink < Decimal::one() && top.is_ok_and(|rate| rate <= MAX_RATE)
    }

    /// Borrow rate per year at `utilisation`; above 1 it counts as 1. Rounded down.
    pub fn borrow_rate(&self, utilisation: Decimal) -> RiskResult<Decimal> {
        let used = utilisation.min(Decimal::one());
        let low = used.min(self.kink).checked_div(self.kink)?;
        let high = used
            .saturating_sub(self.kink)
            .checked_div(Decimal::one().saturating_sub(self.kink))?;
        let rate = self
            .base
            .checked_add(self.slope_low.checked_mul(low)?)?
            .checked_add(self.slope_high.checked_mul(high)?)?;
        Ok(rate)
    }
}

/// `rate · seconds / year` as a plain number, rounded down.
pub fn rate_over(rate: Decimal, seconds: u64) -> RiskResult<Decimal> {
    Ok(rate.checked_mul(Decimal::checked_from_ratio(seconds, SECONDS_PER_YEAR)?)?)
}

/// Factor by which a debt grows: `e^(rate · seconds / year)`, continuous compounding, so that one long step and
/// many short ones at the same rate agree. Rounded down, by less than 10⁻¹⁶ of itself for each unit of
/// `rate · years` and one.
///
/// 10 % over a year is a factor 1.10517…
///
/// # Errors
/// `Overflow` where `rate · seconds / year` exceeds 60.
pub fn growth(rate: Decimal, seconds: u64) -> RiskResult<Decimal256> {
    exp(rate_over(rate, seconds)?)
}

//! The descending price of a lot, and how the start of the next one learns.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal, Uint128};

use crate::math::{mul, mul_div};
use crate::{RiskResult, Rounding};

/// How a sale's price descends, as multipliers of the live oracle price. A further shape is one more variant.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum CurveTerms {
    /// Straight from `1 + premium` to `1 − floor` in `fall` seconds.
    Linear {
        /// Where a lot starts above the oracle price.
        premium: Decimal,
        /// Deepest discount.
        floor: Decimal,
        /// Seconds from the premium to the floor in a calm market.
        fall: u64,
    },
}

/// The price of one running lot over time: the terms with start, volatility and floor fixed at its start.
///
/// A fall from +.5 % to −6 % in 450 s: 1.005 at the start, 0.9725 after 225 s, 0.94 when it ends after 450 s. In a
/// market twice as volatile as its reference (tempo ½) it ends after 225 s. A lot that starts at 1 ends after 416 s.
#[cw_serde]
pub enum Curve {
    /// `from − slope·τ`, not below `to`.
    Linear {
        /// Multiplier at the lot's start.
        from: Decimal,
        /// Lowest multiplier: the one at the end of the lot's life, or one that the lot has to keep before.
        to: Decimal,
        /// Fall of the multiplier a second.
        slope: Decimal,
    },
}

/// In-sale learning of the start price.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Learning {
    /// Added to the multiplier of the last fill.
    pub step: Decimal,
    /// Highest start above the oracle price; the lowest is the oracle price itself.
    pub premium_max: Decimal,
}

impl Learning {
    /// Start of a lot that follows a fill at `last` of the same sale: `clamp(last + step, 1, 1 + premium_max)`.
    ///
    /// With a step of .3 % and at most +2 %: after .97 the next lot starts at 1, after .999 at 1.002, after 1.019 at
    /// 1.02.
    pub fn start_after(&self, last: Decimal) -> RiskResult<Decimal> {
        let top = Decimal::one().checked_add(self.premium_max)?;
        Ok(last.checked_add(self.step)?.clamp(Decimal::one(), top))
    }
}

impl CurveTerms {
    /// Multiplier at which a lot starts that has nothing to learn from.
    pub fn start(&self) -> RiskResult<Decimal> {
        match self {
            CurveTerms::Linear { premium, .. } => Ok(Decimal::one().checked_add(*premium)?),
        }
    }

    /// Deepest discount.
    pub fn floor(&self) -> Decimal {
        match self {
            CurveTerms::Linear { floor, .. } => *floor,
        }
    }

    /// The same curve, ended at a discount of `floor`: its slope stays (rounded towards slower), and where its floor is higher
    /// already it is left as it is.
    ///
    /// From +.5 % to −6 % in 450 s, ended at −2 %: 174 s of it.
    pub fn down_to(self, floor: Decimal) -> RiskResult<Self> {
        match self {
            CurveTerms::Linear {
                premium,
                floor: deepest,
                fall,
            } if floor < deepest => {
                let whole = premium.checked_add(deepest)?.atomics();
                let part = premium.checked_add(floor)?.atomics();
                let seconds = mul_div(Uint128::from(fall), part, whole, Rounding::Up)?;
                Ok(CurveTerms::Linear {
                    premium,
                    floor,
                    fall: u64::try_from(seconds.u128()).unwrap_or(fall),
                })
            }
            other => Ok(other),
        }
    }

    /// Largest fall of the multiplier within `seconds` when the clock runs at `tempo`. This bounds what ordering
    /// inside a block can earn; configurations are checked against it.
    pub fn steepest(&self, tempo: Decimal, seconds: u64) -> RiskResult<Decimal> {
        Ok(self
            .slope(tempo)?
            .checked_mul(Decimal::checked_from_ratio(seconds, 1u128)?)?)
    }

    fn slope(&self, tempo: Decimal) -> RiskResult<Decimal> {
        match self {
            CurveTerms::Linear { premium, floor, fall } => {
                // Up: the bound on a block's fall holds, and two thirds of 450 s are not 299.
                let seconds = mul(Uint128::from(*fall), tempo, Rounding::Up)?.max(Uint128::one());
                let height = premium.checked_add(*floor)?;
                Ok(height.checked_div(Decimal::checked_from_ratio(seconds, 1u128)?)?)
            }
        }
    }

    /// The curve of a lot that starts at the multiplier `from`. The slope is that of the full curve, so a lower
    /// start shortens the lot's life and a higher one lengthens it.
    pub fn lot(&self, from: Decimal, tempo: Decimal) -> RiskResult<Curve> {
        let to = Decimal::one().saturating_sub(self.floor());
        Ok(Curve::Linear {
            from: from.max(to),
            to,
            slope: self.slope(tempo)?,
        })
    }
}

impl Curve {
    /// Multiplier `elapsed` seconds after the start, rounded up (a bidder picks the moment), never below the floor.
    pub fn multiplier(&self, elapsed: u64) -> RiskResult<Decimal> {
        match self {
            Curve::Linear { from, to, slope } => {
                let seconds = Decimal::checked_from_ratio(elapsed, 1u128)?;
                let fallen = slope.checked_mul(seconds).unwrap_or(Decimal::MAX);
                Ok(from.saturating_sub(fallen).max(*to))
            }
        }
    }

    /// The same curve, but never below `least`, a multiplier; its clock and its slope stay.
    ///
    /// A fill whose price was held up by the soft floor lifts health, and with it the discount that the soft floor
    /// allows next. Were the lot not to keep the price that it has met, a bid in ten pieces would be cheaper than one
    /// (by .26 % at a weight of .95 and a health of .96).
    pub fn not_below(self, least: Decimal) -> Self {
        match self {
            Curve::Linear { from, to, slope } => Curve::Linear {
                from,
                to: to.max(least),
                slope,
            },
        }
    }

    /// Seconds from the start to the floor, rounded up: a lot is over after them and does not rest at the floor.
    /// Asked when a lot starts; a price that it keeps later does not shorten its life.
    ///
    /// The slope was rounded down, by less than its last digit; counted with that digit more, a lot that starts at
    /// the premium lives exactly its `fall` (and ends within 10⁻¹⁸ a second of the floor).
    pub fn life(&self) -> RiskResult<u64> {
        match self {
            Curve::Linear { from, to, slope } => {
                let height = from.saturating_sub(*to).atomics();
                let fallen = slope.atomics().checked_add(Uint128::one())?;
                let seconds = mul_div(height, Uint128::one(), fallen, Rounding::Up)?;
                Ok(u64::try_from(seconds.u128()).unwrap_or(u64::MAX))
            }
        }
    }
}

//! Weights and factors that move along a line: no change of parameters makes a healthy position liquidatable at once.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal, Uint128};

use crate::health::{Factors, Weights};
use crate::math::mul_div;
use crate::{RiskResult, Rounding};

/// From when to when something moves.
#[cw_serde]
#[derive(Copy)]
pub struct Span {
    /// Unix seconds.
    pub start: u64,
    /// Unix seconds, after `start`.
    pub end: u64,
}

impl Span {
    /// Is everything where it leads to?
    pub fn is_over(&self, now: u64) -> bool {
        now >= self.end
    }

    /// `from + (to − from) · (now − start) / (end − start)`, rounded as told; `from` until the start, `to` from the end on.
    ///
    /// From .80 to .70 in ten days, after three: .77.
    pub fn between(&self, from: Decimal, to: Decimal, now: u64, rounding: Rounding) -> RiskResult<Decimal> {
        if self.is_over(now) {
            return Ok(to);
        }
        let gone = now.saturating_sub(self.start);
        let length = self.end.saturating_sub(self.start);
        // What is taken off is rounded the other way than what is added.
        let part = match (to >= from, rounding) {
            (true, rounding) => rounding,
            (false, Rounding::Up) => Rounding::Down,
            (false, Rounding::Down) => Rounding::Up,
        };
        let moved = Decimal::new(mul_div(
            to.abs_diff(from).atomics(),
            Uint128::new(gone.into()),
            Uint128::new(length.into()),
            part,
        )?);
        Ok(if to >= from {
            from.checked_add(moved)?
        } else {
            from.saturating_sub(moved)
        })
    }

    /// Weights at `now`. Target and maintenance move, rounded up: never below the line that was announced. The initial
    /// weight is the new one at once, but never above the target weight in force.
    pub fn weights(&self, from: &Weights, to: &Weights, now: u64) -> RiskResult<Weights> {
        let target = self.between(from.target, to.target, now, Rounding::Up)?;
        Ok(Weights {
            initial: to.initial.min(target),
            target,
            maintenance: self.between(from.maintenance, to.maintenance, now, Rounding::Up)?,
        })
    }

    /// Factors at `now`. Target and maintenance move, rounded down: never above the line that was announced. The initial
    /// factor is the new one at once, but never below the target factor in force.
    pub fn factors(&self, from: &Factors, to: &Factors, now: u64) -> RiskResult<Factors> {
        let target = self.between(from.target, to.target, now, Rounding::Down)?;
        Ok(Factors {
            initial: to.initial.max(target),
            target,
            maintenance: self.between(from.maintenance, to.maintenance, now, Rounding::Down)?,
        })
    }
}

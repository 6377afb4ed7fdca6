//! The queue of lots: so much of a collateral may be put on sale as its market takes up.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal, Uint128};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::math::mul_div_256;
use crate::{RiskError, RiskResult, Rounding, Value};

/// How much of a collateral may be put on sale.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(Copy)]
pub struct QueueTerms {
    /// Depths an hour that the market takes up in calm times.
    pub rate: Decimal,
    /// Depths that may be on sale at once; at least the largest lot.
    pub burst: Decimal,
}

/// What has been put on sale and not been taken up yet.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// USD at `at`.
    pub value: Value,
    /// Unix seconds.
    pub at: u64,
}

/// A collateral's queue at a moment.
#[derive(Clone, Copy, Debug)]
pub struct Queue {
    /// Its terms.
    pub terms: QueueTerms,
    /// USD that moves its market by 1 %.
    pub depth: Value,
    /// `min(1, σ_ref/σ)`.
    pub calm: Decimal,
    /// The largest lot that may be drawn.
    pub largest: Value,
    /// What it holds.
    pub backlog: Backlog,
}

/// A market in turmoil takes up a quarter of what it does in calm times at least.
const SLOWEST: Decimal = Decimal::percent(25);
const SECONDS_PER_HOUR: u128 = 3_600;

impl Queue {
    /// Most that may be in it, in USD: `max(burst · depth, largest lot)`, rounded down.
    pub fn burst(&self) -> RiskResult<Value> {
        Ok(self
            .depth
            .times(self.terms.burst, Rounding::Down)?
            .max(self.largest))
    }

    /// USD an hour that it drains at: `rate · depth · clamp((σ_ref/σ)^½, ¼, 1)`, rounded down.
    ///
    /// With 8 depths of $1,000,000 an hour: $8,000,000, in a market four times as volatile as normal half of it.
    pub fn rate(&self) -> RiskResult<Value> {
        let tempo = self.calm.min(Decimal::one()).sqrt().max(SLOWEST);
        self.depth
            .times(self.terms.rate, Rounding::Down)?
            .times(tempo, Rounding::Down)
    }

    /// What is left in it at `now`: drained at the rate of now since it was last touched, rounded up.
    pub fn left(&self, now: u64) -> RiskResult<Value> {
        let seconds = u128::from(now.saturating_sub(self.backlog.at));
        let drained = mul_div_256(
            self.rate()?.0.atomics(),
            Uint128::new(seconds).into(),
            Uint128::new(SECONDS_PER_HOUR).into(),
            Rounding::Down,
        );
        match drained {
            Ok(drained) => Ok(self
                .backlog
                .value
                .minus(Value(cosmwasm_std::Decimal256::new(drained)))),
            // More than any backlog.
            Err(RiskError::Overflow) => Ok(Value::ZERO),
            Err(other) => Err(other),
        }
    }

    /// Admits a lot worth `draw` at `now` and returns the backlog with it, or tells when it will be admitted if nothing
    /// else is. A draw larger than the burst is admitted into an empty queue, so that nothing waits for ever.
    pub fn admit(&self, draw: Value, now: u64) -> RiskResult<Result<Backlog, u64>> {
        let (left, burst) = (self.left(now)?, self.burst()?);
        let wanted = left.plus(draw.min(burst))?;
        if wanted <= burst {
            let value = left.plus(draw)?;
            return Ok(Ok(Backlog { value, at: now }));
        }
        let seconds = mul_div_256(
            wanted.minus(burst).0.atomics(),
            Uint128::new(SECONDS_PER_HOUR).into(),
            self.rate()?.0.atomics(),
            Rounding::Up,
        )?;
        let seconds = Uint128::try_from(seconds)
            .ok()
            .and_then(|s| u64::try_from(s.u128()).ok());
        Ok(Err(now.saturating_add(seconds.unwrap_or(u64::MAX).max(1))))
    }

    /// The backlog without the unsold rest of a lot that ended before its time.
    pub fn give_back(&self, rest: Value, now: u64) -> RiskResult<Backlog> {
        Ok(Backlog {
            value: self.left(now)?.minus(rest),
            at: now,
        })
    }
}

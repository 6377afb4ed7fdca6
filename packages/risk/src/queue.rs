//! The queue of lots: so much of a collateral may be put on sale as its market takes up.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal, Decimal256, Uint128, Uint256};
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

impl Backlog {
    /// The backlog without the unsold rest of a lot that ended before its time. It is the same at whatever moment between
    /// two starts of lots: what has drained by then is drained either way.
    pub fn without(self, rest: Value) -> Self {
        Backlog {
            value: self.value.minus(rest),
            ..self
        }
    }
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
/// Part of the burst that a large draw needs at most. Were it all of it, the largest lot would need an empty queue, and a
/// dollar of dust in each block would keep it waiting.
const NEEDED: Decimal = Decimal::percent(80);
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

    /// What is left in it at `now`: drained at the rate of now since a lot last started, rounded up.
    pub fn left(&self, now: u64) -> RiskResult<Value> {
        let seconds = u128::from(now.saturating_sub(self.backlog.at));
        let drained = mul_div_256(
            self.rate()?.0.atomics(),
            seconds.into(),
            SECONDS_PER_HOUR.into(),
            Rounding::Down,
        );
        match drained {
            Ok(drained) => Ok(self.backlog.value.minus(Value(Decimal256::new(drained)))),
            // More than any backlog.
            Err(RiskError::Overflow) => Ok(Value::ZERO),
            Err(other) => Err(other),
        }
    }

    /// Admits a lot worth `draw` at `now` that replaces one which still holds `held` of the queue, and returns the backlog
    /// with it; or tells from when on it will be admitted if nothing else is. It draws only what it is larger than what is
    /// held already, and nothing is refused for that; where it is smaller, the difference is given back.
    ///
    /// A draw of more than four fifths of the burst needs no more room than that, so that dust does not keep it waiting, nor
    /// its own size.
    pub fn admit(&self, held: Value, draw: Value, now: u64) -> RiskResult<Result<Backlog, u64>> {
        if draw <= held {
            return Ok(Ok(self.backlog.without(held.minus(draw))));
        }
        let more = draw.minus(held);
        let burst = self.burst()?;
        let needed = more.min(burst.times(NEEDED, Rounding::Up)?);
        let excess = self.backlog.value.plus(needed)?.minus(burst);
        let until = self.backlog.at.saturating_add(self.seconds_to_drain(excess)?);
        if now < until {
            return Ok(Err(until));
        }
        let value = self.left(now)?.plus(more)?;
        Ok(Ok(Backlog { value, at: now }))
    }

    /// Seconds in which `value` drains, rounded up.
    fn seconds_to_drain(&self, value: Value) -> RiskResult<u64> {
        if value.is_zero() {
            return Ok(0);
        }
        let hour = Uint256::from(SECONDS_PER_HOUR);
        match mul_div_256(value.0.atomics(), hour, self.rate()?.0.atomics(), Rounding::Up) {
            Ok(seconds) => Ok(Uint128::try_from(seconds)
                .ok()
                .and_then(|seconds| u64::try_from(seconds.u128()).ok())
                .unwrap_or(u64::MAX)),
            // Never, where nothing drains.
            Err(RiskError::Overflow | RiskError::DivisionByZero) => Ok(u64::MAX),
            Err(other) => Err(other),
        }
    }
}

//! Stake units of the insurance fund in one market: who owns which part of the supply shares that bear its losses
//! first.
//!
//! The fund sees revenue and losses only as a change of its share counter in the market. [`Pool::book`] turns that
//! change into figures of its own: a gain is handed to the stakers over time, so that nobody buys in for one event;
//! a loss takes what is still on its way first, then what the stakers own.

use cosmwasm_std::Uint128;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::market::take;
use crate::math::mul_div;
use crate::{RiskResult, Rounding};

/// One unit and one share exist beside the real ones: an empty pool has a price, and what rounding left behind in
/// one can't be bought for nothing. One each is enough, for supply shares are a million times finer than coins and
/// a pool smaller than [`STREAM_FROM`] gains nothing.
const VIRTUAL: Uint128 = Uint128::one();
/// Gains wait while fewer units than these are staked (a thousand base units of coins at the start). Otherwise one unit
/// would become too dear to divide: the inflation of a first depositor (Attack 11).
pub const STREAM_FROM: Uint128 = Uint128::new(1_000_000_000);
/// Gains wait while more than this many times the stakes is on its way. Otherwise a staker of dust, who bears next to
/// nothing of a loss, would own all revenue of an empty fund (Attack 71).
pub const STREAM_OVER: Uint128 = Uint128::new(10);
/// When a unit is worth less than one share in this many, the pool starts anew: its units would be too many for new
/// stakes to be counted in, and what is left of a stake is less than a millionth.
pub const RETIRED_BELOW: Uint128 = Uint128::new(1_000_000);

/// The fund's stake in one market. Shares are supply shares of the market, times unix seconds.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// Stake units of this generation.
    pub units: Uint128,
    /// Shares that belong to them.
    pub shares: Uint128,
    /// Shares on their way to them.
    pub streaming: Uint128,
    /// When the last of those arrives, if nothing is added and there are stakers enough.
    pub stream_ends_at: u64,
    /// Up to when the stream was handed out.
    pub booked_at: u64,
    /// Units of another generation are worth nothing.
    pub generation: u32,
}

/// What a booking found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Booked {
    /// Shares that came in.
    pub gained: Uint128,
    /// Shares that a loss took from the stream.
    pub lost_stream: Uint128,
    /// Shares that a loss took from the stakers.
    pub lost_stakes: Uint128,
    /// Units that the loss made worthless; zero but at the end of a generation.
    pub retired: Uint128,
}

impl Booked {
    /// Has anything changed but the stream's progress?
    pub fn is_nothing(&self) -> bool {
        *self == Booked::default()
    }
}

impl Pool {
    /// A pool without stakes.
    pub fn new(now: u64) -> Self {
        Pool {
            stream_ends_at: now,
            booked_at: now,
            ..Pool::default()
        }
    }

    /// Brings the pool up to `now`, when the fund has `fund_shares` in the market. A gain joins the stream, each
    /// share of it for `stream` seconds.
    pub fn book(&mut self, fund_shares: Uint128, stream: u64, now: u64) -> RiskResult<Booked> {
        self.release(now)?;
        let counted = self.shares.checked_add(self.streaming)?;
        let mut booked = Booked {
            gained: fund_shares.saturating_sub(counted),
            ..Booked::default()
        };
        self.join(booked.gained, stream)?;
        let lost = counted.saturating_sub(fund_shares);
        booked.lost_stream = lost.min(self.streaming);
        booked.lost_stakes = lost.checked_sub(booked.lost_stream)?;
        self.streaming = self.streaming.checked_sub(booked.lost_stream)?;
        self.shares = self.shares.checked_sub(booked.lost_stakes)?;
        if !booked.lost_stakes.is_zero() {
            booked.retired = self.retire(stream)?;
        }
        Ok(booked)
    }

    /// Takes `shares` that the stakers paid with from what is theirs, not from what is on its way: what they bought is theirs
    /// too, at once. Brings the stream up to `now` first; call it before [`Pool::book`], which then finds no loss.
    ///
    /// # Errors
    /// `Underflow` when it is more than they own.
    pub fn spend(&mut self, shares: Uint128, now: u64) -> RiskResult<()> {
        self.release(now)?;
        self.shares = take(self.shares, shares)?;
        Ok(())
    }

    /// Hands out what has arrived since the last booking: linear over what is left of the stream, rounded down.
    /// While there is nobody to hand it to, or next to nobody for what it is, the stream stands still.
    fn release(&mut self, now: u64) -> RiskResult<()> {
        let passed = now.saturating_sub(self.booked_at);
        let left = self.stream_ends_at.saturating_sub(self.booked_at);
        self.booked_at = self.booked_at.max(now);
        if self.streaming.is_zero() || passed == 0 {
            return Ok(());
        }
        if self.units < STREAM_FROM || self.shares < self.streaming.checked_div(STREAM_OVER)? {
            self.stream_ends_at = self.stream_ends_at.saturating_add(passed);
            return Ok(());
        }
        let arrived = if passed >= left {
            self.streaming
        } else {
            mul_div(self.streaming, passed.into(), left.into(), Rounding::Down)?
        };
        self.streaming = self.streaming.checked_sub(arrived)?;
        self.shares = self.shares.checked_add(arrived)?;
        Ok(())
    }

    /// Adds a gain to the stream. It then ends at the mean of what the old rest had left and what the gain is to
    /// take, by shares, rounded towards the old rest: dust that comes in, however often, can't hold up what is on its
    /// way.
    fn join(&mut self, gain: Uint128, stream: u64) -> RiskResult<()> {
        if gain.is_zero() {
            return Ok(());
        }
        let rest = Uint128::from(self.stream_ends_at.saturating_sub(self.booked_at));
        let stream = Uint128::from(stream);
        let total = self.streaming.checked_add(gain)?;
        let (low, high, weight, rounding) = if rest <= stream {
            (rest, stream, gain, Rounding::Down)
        } else {
            (stream, rest, self.streaming, Rounding::Up)
        };
        let more = mul_div(high.checked_sub(low)?, weight, total, rounding)?;
        let seconds = u64::try_from(low.checked_add(more)?.u128()).unwrap_or(u64::MAX);
        self.streaming = total;
        self.stream_ends_at = self.booked_at.saturating_add(seconds);
        Ok(())
    }

    /// Ends a generation whose units have become (next to) worthless; what is left of its shares goes to the stream.
    /// Returns the units that end.
    fn retire(&mut self, stream: u64) -> RiskResult<Uint128> {
        let worthless = self.shares.is_zero() || self.shares < self.units.checked_div(RETIRED_BELOW)?;
        if self.units.is_zero() || !worthless {
            return Ok(Uint128::zero());
        }
        let (units, rest) = (self.units, self.shares);
        self.units = Uint128::zero();
        self.shares = Uint128::zero();
        self.generation = self.generation.wrapping_add(1);
        self.join(rest, stream)?;
        Ok(units)
    }

    /// Units that a stake of `shares` is worth, rounded down.
    pub fn units_for(&self, shares: Uint128) -> RiskResult<Uint128> {
        let (units, owned) = (
            self.units.checked_add(VIRTUAL)?,
            self.shares.checked_add(VIRTUAL)?,
        );
        mul_div(shares, units, owned, Rounding::Down)
    }

    /// Shares that `units` are worth, rounded down; never more than there are.
    pub fn shares_for(&self, units: Uint128) -> RiskResult<Uint128> {
        let (all, owned) = (
            self.units.checked_add(VIRTUAL)?,
            self.shares.checked_add(VIRTUAL)?,
        );
        mul_div(units, owned, all, Rounding::Down)
    }

    /// Takes in `shares` and returns the units for them (none for a stake too small to be worth one: the caller
    /// refuses that).
    pub fn stake(&mut self, shares: Uint128) -> RiskResult<Uint128> {
        let units = self.units_for(shares)?;
        self.units = self.units.checked_add(units)?;
        self.shares = self.shares.checked_add(shares)?;
        Ok(units)
    }

    /// Gives up `units` and returns the shares for them.
    ///
    /// # Errors
    /// `Overflow` when `units` is more than there are.
    pub fn exit(&mut self, units: Uint128) -> RiskResult<Uint128> {
        let shares = self.shares_for(units)?;
        self.units = self.units.checked_sub(units)?;
        self.shares = self.shares.checked_sub(shares)?;
        Ok(shares)
    }
}

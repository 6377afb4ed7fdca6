//! The source `pyth`: the newest price that was pushed into Pyth's contract on this chain.
//!
//! The query and its answer are `price_feed` of `pyth-crosschain/target_chains/cosmwasm` (`contracts/pyth/src/contract.rs`
//! and `schema/`), with `PriceFeed` of `pyth-sdk`. They are mirrored here: the crate `pyth-sdk-cw` brings std 1 and borsh
//! with it. Fields that it has and we don't read (`ema_price`: the smoothed price of a record is our own) may be anything.
//!
//! **We only read.** Whoever needs a newer price sends `update_price_feeds` to Pyth's contract, with its fee, in front of
//! `update_prices` in the same transaction. He may choose which of the signed prices that are newer than the last one he
//! pushes; how old a price may be for what is for its consumers to say.
//!
//! **What it answers is never an error**: nothing of it stops the other assets of an `update_prices`, or the bid behind it.
//! One thing does: a query has no limit of gas or length, so a contract that used up all gas, or answered more than memory
//! holds, would end the transaction that asked. Whoever leaves its assets out of the list is not touched, but nobody can
//! check them until the owner has replaced their source. So the address is his to choose with care.

use cosmwasm_std::{Decimal, Int64, QuerierWrapper, Uint128, Uint64};
use glidepath_risk::math::mul_div;
use glidepath_risk::{Price, Rounding};
use serde::{Deserialize, Serialize};

use super::Quote;
use crate::validate::{MAX_PRICE, MIN_PRICE};

/// Farthest that a price may be ahead of the chain. The time of a block is that of the votes on the one before it: a price
/// that was signed a second ago may be of a time that the chain reaches in the next block or, where rounds are slow, a
/// little later. A feed in milliseconds is ahead of it by thousands of years.
pub const MAX_AHEAD: u64 = 60;

/// Decimal places of [`Decimal`].
const PLACES: i32 = 18;

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Question<'a> {
    PriceFeed { id: &'a str },
}

#[derive(Deserialize)]
struct Answer {
    price_feed: PriceFeed,
}

#[derive(Deserialize)]
struct PriceFeed {
    id: String,
    price: Signed,
}

/// A price of `price · 10^expo` USD per whole token, give or take `conf · 10^expo`. Numbers of 64 bits come as strings.
#[derive(Deserialize)]
struct Signed {
    price: Int64,
    conf: Uint64,
    expo: i32,
    publish_time: i64,
}

/// Asks Pyth's contract. `None` when it is no contract, fails, or does not know the feed; when it answers anything but a
/// price of that feed; and when that is none to work with, see [`quote`].
pub fn read(
    querier: &QuerierWrapper,
    contract: &str,
    id: &str,
    max_confidence: Decimal,
    now: u64,
) -> Option<Quote> {
    let question = Question::PriceFeed { id };
    let Answer { price_feed } = querier.query_wasm_smart(contract, &question).ok()?;
    if price_feed.id != id {
        return None;
    }
    quote(&price_feed.price, max_confidence, now)
}

/// `None` when the price is zero, negative or outside the bounds of all sources; when its confidence interval is wider than
/// `max_confidence`; and when its time is before 1970 or more than [`MAX_AHEAD`] to come. A time to come that is nearer
/// counts as now: in the next block the same price is newer by that block, and moves nothing.
///
/// The confidence is `conf / price`, rounded up: by Pyth's own words roughly one standard error. It is not multiplied:
/// consumers set the bound that they want.
fn quote(signed: &Signed, max_confidence: Decimal, now: u64) -> Option<Quote> {
    let published_at = u64::try_from(signed.publish_time).ok()?;
    if published_at > now.saturating_add(MAX_AHEAD) {
        return None;
    }
    let digits = Uint128::from(u64::try_from(signed.price.i64()).ok()?);
    let price = usd(digits, signed.expo)?;
    if price < MIN_PRICE || price > MAX_PRICE {
        return None;
    }
    let one = Decimal::one().atomics();
    let confidence = Decimal::new(mul_div(signed.conf.into(), one, digits, Rounding::Up).ok()?);
    (confidence <= max_confidence).then_some(Quote {
        price,
        confidence,
        published_at: published_at.min(now),
    })
}

/// `digits · 10^expo`, rounded down where it has more than 18 places. `None` where it is out of range.
fn usd(digits: Uint128, expo: i32) -> Option<Price> {
    let shift = expo.checked_add(PLACES)?;
    let power = Uint128::new(10).checked_pow(shift.unsigned_abs()).ok()?;
    let atomics = match shift {
        0.. => digits.checked_mul(power).ok()?,
        _ => digits.checked_div(power).ok()?,
    };
    Some(Price(Decimal::new(atomics)))
}

//! Bounds of parameters and lists, each with its reason.

use std::fmt::Display;

use cosmwasm_std::{Api, Decimal, Uint128};
use glidepath_interfaces::admin::Role;
use glidepath_interfaces::first_twice;
use glidepath_interfaces::oracle::{Breaker, Feed, Source, StopKind};
use glidepath_risk::Price;

use crate::error::ContractError;

/// Most reporters: their reports share one record an asset, which every update reads.
pub const MAX_REPORTERS: usize = 16;
/// The same as a quorum: more could never be met.
pub const MAX_QUORUM: u8 = 16;
/// Most assets of one message: twice what a position may hold and owe leaves room, and gas stays bounded.
pub const MAX_ASSETS: usize = 16;
/// Lowest price: below, `Decimal` has fewer than six digits left for it.
pub const MIN_PRICE: Price = Price(Decimal::new(Uint128::new(1_000_000)));
/// Highest price: above, it is a mistake of scale; no token costs a trillion dollars.
pub const MAX_PRICE: Price = Price(Decimal::new(Uint128::new(
    1_000_000_000_000_000_000_000_000_000_000,
)));
/// A report older than a day is no price.
pub const MAX_FRESH: u64 = 86_400;
/// Digits of a Pyth feed's id: 32 bytes.
pub const PYTH_ID_DIGITS: usize = 64;
/// A bound below a hundredth would silence a source in a fast market, when liquidations need it.
pub const MIN_MAX_CONFIDENCE: Decimal = Decimal::percent(1);
/// A price that may be off by more than half of itself is none.
pub const MAX_MAX_CONFIDENCE: Decimal = Decimal::percent(50);
/// A time constant below a minute averages nothing.
pub const MIN_WINDOW: u64 = 60;
/// A smoothed price or a volatility that remembers more than 30 days does not follow a market.
pub const MAX_WINDOW: u64 = 30 * 86_400;
/// The slow volatility may remember a year.
pub const MAX_SLOW_WINDOW: u64 = 365 * 86_400;
/// 1,000 % a year: no asset that can be collateral is wilder.
pub const MAX_VOLATILITY: Decimal = Decimal::percent(1_000);
/// A new asset that could not be borrowed on for more than a week is listed too early.
pub const MAX_WARM_UP: u64 = 7 * 86_400;
/// A gap below a minute would call the pause between two reports an outage.
pub const MIN_OUTAGE_GAP: u64 = 60;
/// A source that is silent for a day is out, whatever it is.
pub const MAX_OUTAGE_GAP: u64 = 86_400;
/// A breaker that a price can double under is none; a price can't fall by more than all of itself.
pub const MAX_MOVE: Decimal = Decimal::one();
/// A stop of less than a minute is over before anybody has looked.
pub const MIN_COOL_DOWN: u64 = 60;
/// A jump that is a day old is the price.
pub const MAX_COOL_DOWN: u64 = 86_400;
/// While fills are priced with care, lots of a falling asset sell little: minutes, or lenders pay for it.
pub const MAX_CONFIRM_JUMP: u64 = 900;
/// A source without a newer price for an hour is dead: the owner may replace it whatever the next one says.
pub const DEAD_SOURCE_AFTER: u64 = 3_600;
/// How far a new source may be from the record of one that lives: what two honest sources differ by in a fast market.
pub const SOURCES_AGREE: Decimal = Decimal::percent(2);
/// A guardian's stop of borrowing: time for governance to meet, also over a week-end.
pub const MAX_GUARDIAN_BORROWING: u64 = 72 * 3_600;
/// The owner's: a month is longer than any repair takes; who needs more says so again.
pub const MAX_OWNER_BORROWING: u64 = 30 * 86_400;
/// A guardian's stop of fills. While it lasts lenders carry the risk of every position in distress: hours, not days.
pub const MAX_GUARDIAN_FILLS: u64 = 4 * 3_600;
/// The owner's.
pub const MAX_OWNER_FILLS: u64 = 86_400;
/// From the end of a guardian's stop to his next of the same kind and asset: he can hold nothing up for long.
pub const GUARDIAN_REST: u64 = 7 * 86_400;

fn within<T: PartialOrd + Display>(
    field: &'static str,
    value: T,
    min: T,
    max: T,
) -> Result<(), ContractError> {
    if value < min || value > max {
        return Err(ContractError::BadParameter {
            field,
            value: value.to_string(),
            bound: format!("{min} to {max}"),
        });
    }
    Ok(())
}

/// Is the feed possible?
pub fn feed(api: &dyn Api, feed: &Feed) -> Result<(), ContractError> {
    source(api, &feed.source)?;
    within("smoothing", feed.smoothing, MIN_WINDOW, MAX_WINDOW)?;
    within(
        "volatility_window",
        feed.volatility_window,
        MIN_WINDOW,
        MAX_WINDOW,
    )?;
    // A slow volatility that forgets faster than the fast one is a swap of the two.
    within(
        "slow_volatility_window",
        feed.slow_volatility_window,
        feed.volatility_window,
        MAX_SLOW_WINDOW,
    )?;
    if feed.initial_volatility.is_zero() {
        // Grace and clocks would take the asset for one that can't move.
        return Err(ContractError::BadParameter {
            field: "initial_volatility",
            value: feed.initial_volatility.to_string(),
            bound: format!("above 0 and at most {MAX_VOLATILITY}"),
        });
    }
    within(
        "initial_volatility",
        feed.initial_volatility,
        Decimal::zero(),
        MAX_VOLATILITY,
    )?;
    within("warm_up", feed.warm_up, 0, MAX_WARM_UP)?;
    within("outage_gap", feed.outage_gap, MIN_OUTAGE_GAP, MAX_OUTAGE_GAP)?;
    breaker(&feed.breaker)
}

fn source(api: &dyn Api, source: &Source) -> Result<(), ContractError> {
    match source {
        Source::Posted { quorum, fresh } => {
            within("source.quorum", *quorum, 1, MAX_QUORUM)?;
            within("source.fresh", *fresh, 1, MAX_FRESH)
        }
        Source::Pyth {
            contract,
            id,
            max_confidence,
        } => {
            api.addr_validate(contract)?;
            pyth_id(id)?;
            within(
                "source.max_confidence",
                *max_confidence,
                MIN_MAX_CONFIDENCE,
                MAX_MAX_CONFIDENCE,
            )
        }
    }
}

/// Is it written as Pyth's contract writes it? An answer for another spelling would never be the one asked for.
fn pyth_id(id: &str) -> Result<(), ContractError> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if id.len() != PYTH_ID_DIGITS || !id.bytes().all(is_digit) {
        return Err(ContractError::BadParameter {
            field: "source.id",
            value: id.into(),
            bound: format!("{PYTH_ID_DIGITS} hexadecimal digits in lower case, without 0x"),
        });
    }
    Ok(())
}

fn breaker(breaker: &Breaker) -> Result<(), ContractError> {
    within("breaker.max_move", breaker.max_move, Decimal::raw(1), MAX_MOVE)?;
    within(
        "breaker.cool_down",
        breaker.cool_down,
        MIN_COOL_DOWN,
        MAX_COOL_DOWN,
    )?;
    // Care that outlasts the stop would outlast the breaker.
    let longest = MAX_CONFIRM_JUMP.min(breaker.cool_down);
    within("breaker.confirm_jump", breaker.confirm_jump, 0, longest)
}

/// May somebody in this role stop this for so long?
pub fn stop(kind: StopKind, by: Role, seconds: u64) -> Result<(), ContractError> {
    let max = match (kind, by) {
        (StopKind::Borrowing, Role::Guardian) => MAX_GUARDIAN_BORROWING,
        (StopKind::Borrowing, Role::Owner) => MAX_OWNER_BORROWING,
        (StopKind::Fills, Role::Guardian) => MAX_GUARDIAN_FILLS,
        (StopKind::Fills, Role::Owner) => MAX_OWNER_FILLS,
    };
    within("seconds", seconds, 1, max)
}

/// At most `max` entries, none of them twice.
pub fn distinct<'a, T: Ord + Display + 'a>(
    list: &'static str,
    entries: impl ExactSizeIterator<Item = &'a T>,
    max: usize,
) -> Result<(), ContractError> {
    let count = entries.len();
    if count > max {
        return Err(ContractError::TooMany { list, count, max });
    }
    match first_twice(entries) {
        Some(entry) => Err(ContractError::Duplicate {
            list,
            entry: entry.to_string(),
        }),
        None => Ok(()),
    }
}

/// At least one and at most [`MAX_ASSETS`] entries, none of them twice.
pub fn some_distinct<'a, T: Ord + Display + 'a>(
    list: &'static str,
    entries: impl ExactSizeIterator<Item = &'a T>,
) -> Result<(), ContractError> {
    if entries.len() == 0 {
        return Err(ContractError::EmptyList { list });
    }
    distinct(list, entries, MAX_ASSETS)
}

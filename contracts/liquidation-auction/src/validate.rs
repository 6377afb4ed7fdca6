//! Bounds of the terms of sales, checked at creation and at every change.

use cosmwasm_std::{Addr, Decimal};
use glidepath_interfaces::auction::{ModeTerms, SaleTerms};
use glidepath_interfaces::first_twice;
use glidepath_risk::curve::CurveTerms;

use crate::ContractError;

/// Deepest floor: the vault refuses to settle below half of the close-out floor, and a position that needs a deeper
/// discount than this is no longer a matter of patience.
pub const MAX_FLOOR: Decimal = Decimal::percent(20);
/// Highest start: a lot that starts further above the market only loses time.
pub const MAX_PREMIUM: Decimal = Decimal::percent(5);
/// Shortest fall in a calm market: at the fastest tempo (¼) the lot still lives for two blocks and a half.
pub const MIN_FALL: u64 = 60;
/// Longest fall: a lot slower than this outlives the market in which it was cut.
pub const MAX_FALL: u64 = 14_400;
/// Seconds of a block: for what ordering inside a block can earn, and for the first lot of a breach just seen.
pub const BLOCK: u64 = 6;
/// Fastest clock: the lower bound of `risk::tempo`.
pub const FASTEST_TEMPO: Decimal = Decimal::percent(25);
/// Most that the price may fall in a block while soft: below the cost of a trade, so being last earns nothing.
pub const MAX_STEP_SOFT: Decimal = Decimal::permille(5);
/// The same in close-out, where time is worth more.
pub const MAX_STEP_CLOSE_OUT: Decimal = Decimal::percent(2);
/// Highest penalty; the vault settles none above 10 %.
pub const MAX_PENALTY: Decimal = Decimal::percent(5);
/// Most that one lot may move its market.
pub const MAX_TOLERANCE: Decimal = Decimal::percent(5);
/// Lots are at least one block apart, so that no block sees two lots of a position.
pub const MIN_SPACING: u64 = BLOCK;
/// A distressed position must not wait longer than this between lots.
pub const MAX_SPACING: u64 = 600;
/// Largest step of learning: more would throw away what the last fill taught.
pub const MAX_STEP: Decimal = Decimal::percent(2);

/// Longest time that a lot may be for listed bidders only.
pub const MAX_RESERVED: u64 = 60;
/// Most of them for one collateral: the list is set as a whole.
pub const MAX_BIDDERS: usize = 64;

/// Checks who may buy first and for how long.
pub fn bidders(reserved: u64, bidders: &[Addr]) -> Result<(), ContractError> {
    check(
        reserved <= MAX_RESERVED,
        "reserved",
        reserved,
        format!("at most {MAX_RESERVED} s"),
    )?;
    check(
        bidders.len() <= MAX_BIDDERS,
        "bidders",
        bidders.len(),
        format!("at most {MAX_BIDDERS}"),
    )?;
    check(
        reserved == 0 || !bidders.is_empty(),
        "bidders",
        "nobody",
        "somebody, where seconds are reserved".to_string(),
    )?;
    match first_twice(bidders) {
        Some(twice) => check(false, "bidders", twice, "listed once".to_string()),
        None => Ok(()),
    }
}

/// Checks the terms of sales.
pub fn terms(terms: &SaleTerms) -> Result<(), ContractError> {
    mode(&terms.soft, MAX_STEP_SOFT)?;
    mode(&terms.close_out, MAX_STEP_CLOSE_OUT)?;
    mode(&terms.asked, MAX_STEP_SOFT)?;
    // An escalated lot goes on from the price reached, which the close-out must be able to hold.
    check(
        terms.close_out.curve.floor() >= terms.soft.curve.floor(),
        "close_out.floor",
        terms.close_out.curve.floor(),
        format!("at least the soft one, {}", terms.soft.curve.floor()),
    )?;
    let learning = &terms.learning;
    check(
        learning.step <= MAX_STEP,
        "learning.step",
        learning.step,
        format!("at most {MAX_STEP}"),
    )?;
    check(
        learning.premium_max <= MAX_PREMIUM,
        "learning.premium_max",
        learning.premium_max,
        format!("at most {MAX_PREMIUM}"),
    )
}

fn mode(terms: &ModeTerms, max_step: Decimal) -> Result<(), ContractError> {
    let CurveTerms::Linear { premium, floor, fall } = &terms.curve;
    check(
        !floor.is_zero() && *floor <= MAX_FLOOR,
        "floor",
        floor,
        format!("above 0 and at most {MAX_FLOOR}"),
    )?;
    check(
        *premium <= MAX_PREMIUM,
        "premium",
        premium,
        format!("at most {MAX_PREMIUM}"),
    )?;
    check(
        (MIN_FALL..=MAX_FALL).contains(fall),
        "fall",
        fall,
        format!("from {MIN_FALL} to {MAX_FALL} s"),
    )?;
    let steepest = terms.curve.steepest(FASTEST_TEMPO, BLOCK)?;
    check(
        steepest <= max_step,
        "fall in a block",
        steepest,
        format!("at most {max_step} at the fastest tempo"),
    )?;
    check(
        terms.penalty <= MAX_PENALTY,
        "penalty",
        terms.penalty,
        format!("at most {MAX_PENALTY}"),
    )?;
    check(
        !terms.tolerance.is_zero() && terms.tolerance <= MAX_TOLERANCE,
        "tolerance",
        terms.tolerance,
        format!("above 0 and at most {MAX_TOLERANCE}"),
    )?;
    check(
        !terms.lot_min.is_zero() && terms.lot_min <= terms.lot_max,
        "lot_min",
        terms.lot_min,
        format!("above 0 and at most lot_max, {}", terms.lot_max),
    )?;
    check(
        (MIN_SPACING..=MAX_SPACING).contains(&terms.spacing),
        "spacing",
        terms.spacing,
        format!("from {MIN_SPACING} to {MAX_SPACING} s"),
    )
}

fn check(holds: bool, field: &'static str, value: impl ToString, bound: String) -> Result<(), ContractError> {
    if holds {
        return Ok(());
    }
    Err(ContractError::BadTerms {
        field,
        value: value.to_string(),
        bound,
    })
}

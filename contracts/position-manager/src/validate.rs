//! Bounds of the parameters, checked at creation and at every change.

use cosmwasm_std::{Decimal, Decimal256, Uint256};
use glidepath_interfaces::position_manager::{
    AssetParams, CollateralParams, DebtParams, Goal, OwnerOrder, Params,
};
use glidepath_interfaces::{first_twice, AssetId};
use glidepath_risk::health::{Factors, Weights};
use glidepath_risk::queue::QueueTerms;
use glidepath_risk::Value;

use crate::ContractError;

/// Most collateral assets of a position: each costs every fill of it two reads.
pub const MAX_COLLATERALS: u8 = 8;
/// Most debt assets of a position: each costs every fill of it three reads.
pub const MAX_DEBTS: u8 = 4;
/// Longest grace: a courtesy to somebody who sleeps, no loan to somebody insolvent.
pub const MAX_GRACE: u64 = 86_400;
/// Longest memory of used grace, and of a sleeping sale.
pub const MAX_MEMORY: u64 = 2_592_000;
/// Latest end of a call that led to no sale: after it the next touch is a call of its own.
pub const MAX_VOID_AFTER: u64 = 86_400;
/// Shortest time between two sightings of a close-out: two blocks, or one wrong price is two sightings.
pub const MIN_CONFIRM: u64 = 12;
/// Longest time between two sightings: a close-out that waits longer comes too late to cover the debt.
pub const MAX_CONFIRM: u64 = 3_600;
/// Longest memory of a first sighting.
pub const MAX_SIGHTING_MEMORY: u64 = 86_400;
/// Above ¾ of the way to the frontier a soft sale may sell nearly everything to gain nearly nothing.
pub const MAX_ETA: Decimal = Decimal::percent(75);
/// Highest surcharge a year: it is to hurry, not to ruin.
pub const MAX_SURCHARGE: Decimal = Decimal::one();
/// Most that the suite takes of an asset, in times its depth: what it takes to sell more is no longer small.
pub const MAX_OVERHANG: Decimal = Decimal::percent(2_000);
/// A clearing discount from here on leaves no room above any floor.
pub const MAX_CLEARING: Decimal = Decimal::percent(20);
/// Highest smallest fill: so much may be sold beyond the target, or be missing to it when a sale ends.
pub const MAX_MIN_FILL: Value = Value(Decimal256::new(Uint256::from_u128(1_000_000_000_000_000_000_000)));
/// Highest least collateral: what is worth less is not sold any more, so this is what an owner may lose by it when
/// his debt is written off.
pub const MAX_MIN_COLLATERAL: Value = Value(Decimal256::new(Uint256::from_u128(100_000_000_000_000_000_000)));
/// Highest least debt: what is left below it may be repaid beyond the target.
pub const MAX_DUST: Value = Value(Decimal256::new(Uint256::from_u128(
    10_000_000_000_000_000_000_000,
)));
/// Highest value of a debt's base unit, a cent: debts are counted in shares worth a unit or more, so a fill or a repayment
/// may miss the debt by some.
pub const MAX_DEBT_UNIT: Value = Value(Decimal256::new(Uint256::from_u128(10_000_000_000_000_000)));
/// Highest debt factor: beyond it nothing can be borrowed anyway.
pub const MAX_FACTOR: Decimal = Decimal::percent(1_000);
/// Highest reference volatility a year.
pub const MAX_VOLATILITY: Decimal = Decimal::percent(1_000);
/// Oldest price that any asset may allow: a week.
pub const MAX_AGE: u64 = 604_800;

/// Shortest time without a price after which a collateral counts zero: an hour's silence of a source happens.
pub const MIN_DEAD_AFTER: u64 = 3_600;
/// Longest: what nobody can sell for a month carries no debt.
pub const MAX_DEAD_AFTER: u64 = 2_592_000;
/// Shortest ramp for the worse of what is in use: a day, or who sleeps finds himself liquidated.
pub const MIN_RAMP: u64 = 86_400;
/// Longest ramp: what takes longer than a quarter of a year has no end that anybody looks at.
pub const MAX_RAMP: u64 = 7_776_000;
/// Most assets that may ever be listed: every change of the rules or of the terms of sales looks at all of them.
pub const MAX_ASSETS: usize = 128;
/// By how much volatility or size may shrink an initial weight at most: at one, twice the normal volatility, or a holding
/// of one depth, halves it.
pub const MAX_SHRINK: Decimal = Decimal::one();
/// Highest maintenance weight of a collateral with a queue: to wait for the market is a bet that the price comes back,
/// and 30 % of room is what it may cost.
pub const MAX_QUEUE_WEIGHT: Decimal = Decimal::percent(70);
/// Fewest depths an hour that a queue takes: as much as the suite may hold in a day, so that a mistake in the scale leaves
/// nobody waiting for ever.
pub const MIN_QUEUE_RATE: Decimal = Decimal::one();
/// Most depths an hour that a queue takes: a move of the market by 1 % every 36 seconds holds nothing up.
pub const MAX_QUEUE_RATE: Decimal = Decimal::percent(10_000);
/// Most depths that a queue lets onto sale at once: as much as the suite may hold.
pub const MAX_QUEUE_BURST: Decimal = MAX_OVERHANG;

/// Checks the rules.
pub fn params(p: &Params) -> Result<(), ContractError> {
    let one = Decimal::one();
    within("grace", p.grace, 0, MAX_GRACE)?;
    within("grace_memory", p.grace_memory, p.grace.max(1), MAX_MEMORY)?;
    within("void_after", p.void_after, 1, MAX_VOID_AFTER)?;
    check(
        p.no_grace_below < one,
        "no_grace_below",
        p.no_grace_below,
        "below 1".into(),
    )?;
    check(
        !p.close_out_below.is_zero() && p.close_out_below < p.no_grace_below,
        "close_out_below",
        p.close_out_below,
        format!("above 0 and below no_grace_below, {}", p.no_grace_below),
    )?;
    within("confirm", p.confirm, MIN_CONFIRM, MAX_CONFIRM)?;
    within(
        "confirm_unpublished",
        p.confirm_unpublished,
        p.confirm,
        MAX_CONFIRM,
    )?;
    within(
        "sighting_memory",
        p.sighting_memory,
        p.confirm_unpublished.saturating_add(1),
        MAX_SIGHTING_MEMORY,
    )?;
    check(
        !p.eta.is_zero() && p.eta <= MAX_ETA,
        "eta",
        p.eta,
        format!("above 0 and at most {MAX_ETA}"),
    )?;
    check(
        p.surcharge_soft <= p.surcharge_close_out,
        "surcharge_soft",
        p.surcharge_soft,
        format!("at most surcharge_close_out, {}", p.surcharge_close_out),
    )?;
    check(
        p.surcharge_close_out <= MAX_SURCHARGE,
        "surcharge_close_out",
        p.surcharge_close_out,
        format!("at most {MAX_SURCHARGE}"),
    )?;
    within("max_collaterals", p.max_collaterals, 1, MAX_COLLATERALS)?;
    within("max_debts", p.max_debts, 1, MAX_DEBTS)?;
    within("dead_after", p.dead_after, MIN_DEAD_AFTER, MAX_DEAD_AFTER)
}

/// Checks the parameters of an asset.
pub fn asset(p: &AssetParams) -> Result<(), ContractError> {
    check(!p.depth.is_zero(), "depth", p.depth, "above 0".into())?;
    check(
        !p.volatility_reference.is_zero() && p.volatility_reference <= MAX_VOLATILITY,
        "volatility_reference",
        p.volatility_reference,
        format!("above 0 and at most {MAX_VOLATILITY}"),
    )?;
    let limits = &p.limits;
    check(
        limits.is_ordered() && limits.health <= MAX_AGE,
        "limits",
        format!(
            "borrow {}, fill {}, health {}, check {}, confidence {}, deviation {}",
            limits.borrow, limits.fill, limits.health, limits.check, limits.confidence, limits.deviation
        ),
        format!(
            "0 < borrow < fill ≤ health ≤ {MAX_AGE}, check above 0, 0 < confidence < 1 and 0 < deviation ≤ 1"
        ),
    )?;
    p.collateral.as_ref().map_or(Ok(()), collateral)?;
    p.debt.as_ref().map_or(Ok(()), debt)
}

fn collateral(p: &CollateralParams) -> Result<(), ContractError> {
    let Weights {
        initial,
        target,
        maintenance,
    } = p.weights;
    check(
        p.weights.is_ordered(),
        "weights",
        format!("{initial}, {target}, {maintenance}"),
        "initial ≤ target ≤ maintenance < 1".into(),
    )?;
    check(
        !p.overhang_cap.is_zero() && p.overhang_cap <= MAX_OVERHANG,
        "overhang_cap",
        p.overhang_cap,
        format!("above 0 and at most {MAX_OVERHANG}"),
    )?;
    check(
        !p.clearing_discount.is_zero() && p.clearing_discount < MAX_CLEARING,
        "clearing_discount",
        p.clearing_discount,
        format!("above 0 and below {MAX_CLEARING}"),
    )?;
    check(
        !p.min_fill.is_zero() && p.min_fill <= MAX_MIN_FILL,
        "min_fill",
        p.min_fill,
        format!("above 0 and at most ${MAX_MIN_FILL}"),
    )?;
    check(
        !p.min_collateral.is_zero() && p.min_collateral <= MAX_MIN_COLLATERAL,
        "min_collateral",
        p.min_collateral,
        format!("above 0 and at most ${MAX_MIN_COLLATERAL}"),
    )?;
    within(
        "volatility_factor",
        p.volatility_factor,
        Decimal::zero(),
        MAX_SHRINK,
    )?;
    within("size_factor", p.size_factor, Decimal::zero(), MAX_SHRINK)?;
    p.queue.as_ref().map_or(Ok(()), queue)
}

fn queue(p: &QueueTerms) -> Result<(), ContractError> {
    within("queue.rate", p.rate, MIN_QUEUE_RATE, MAX_QUEUE_RATE)?;
    check(
        !p.burst.is_zero() && p.burst <= MAX_QUEUE_BURST,
        "queue.burst",
        p.burst,
        format!("above 0 and at most {MAX_QUEUE_BURST}"),
    )
}

/// Checks what depends on where an asset's weights come from: only a collateral with room for a fall may have a queue.
pub fn queued(params: &AssetParams, highest_maintenance: Option<Decimal>) -> Result<(), ContractError> {
    let has_queue = params.collateral.as_ref().is_some_and(|c| c.queue.is_some());
    let highest = highest_maintenance.unwrap_or_default();
    check(
        !has_queue || highest <= MAX_QUEUE_WEIGHT,
        "queue",
        format!("for a maintenance weight of {highest}"),
        format!("for one of at most {MAX_QUEUE_WEIGHT}, also along its ramp"),
    )
}

/// Checks that a base unit of a debt is worth next to nothing.
pub fn debt_unit(asset: &AssetId, unit: Value) -> Result<(), ContractError> {
    if unit > MAX_DEBT_UNIT {
        return Err(ContractError::CoarseDebt {
            asset: asset.clone(),
            unit,
            most: MAX_DEBT_UNIT,
        });
    }
    Ok(())
}

/// Checks that an asset's prices are too old for health before they are gone.
pub fn gone(asset: &AssetId, health: u64, dead_after: u64) -> Result<(), ContractError> {
    check(
        dead_after > health,
        "dead_after",
        dead_after,
        format!("above limits.health of {asset}, {health}"),
    )
}

/// Checks that a price of this age is not gone by a change of the rules alone.
pub fn priced(asset: &AssetId, age: u64, dead_after: u64) -> Result<(), ContractError> {
    check(
        dead_after >= age,
        "dead_after",
        dead_after,
        format!("at least {age}, the age of the price of {asset}"),
    )
}

/// Most collaterals that an owner names an order for.
pub const MAX_SELL_ORDER: usize = 16;
/// Highest health that an owner may ask for.
pub const MAX_ASKED_HEALTH: Decimal = Decimal::percent(1_000);
/// Least discount that he may give: less is no sale.
pub const MIN_ASKED_DISCOUNT: Decimal = Decimal::permille(1);
/// Most: as deep as a curve may go.
pub const MAX_ASKED_DISCOUNT: Decimal = Decimal::percent(20);

/// Checks what the owner of a position asks for.
pub fn order(order: &OwnerOrder) -> Result<(), ContractError> {
    let named = order.sell_order.len();
    within("sell_order", named, 0, MAX_SELL_ORDER)?;
    if let Some(asset) = first_twice(&order.sell_order) {
        return Err(ContractError::NamedTwice { asset: asset.clone() });
    }
    let Some(sale) = &order.sale else {
        return Ok(());
    };
    if let Some(trigger) = sale.trigger {
        check(
            trigger > Decimal::one() && trigger <= MAX_ASKED_HEALTH,
            "trigger",
            trigger,
            format!("above 1 and at most {MAX_ASKED_HEALTH}"),
        )?;
    }
    if let Goal::Health(health) = sale.goal {
        within("goal", health, Decimal::one(), MAX_ASKED_HEALTH)?;
    }
    within(
        "max_discount",
        sale.max_discount,
        MIN_ASKED_DISCOUNT,
        MAX_ASKED_DISCOUNT,
    )
}

/// Checks how long a ramp takes.
pub fn ramp(ramp: u64) -> Result<(), ContractError> {
    within("ramp", ramp, 0, MAX_RAMP)
}

fn debt(p: &DebtParams) -> Result<(), ContractError> {
    let Factors {
        initial,
        target,
        maintenance,
    } = p.factors;
    check(
        p.factors.is_ordered() && initial <= MAX_FACTOR,
        "factors",
        format!("{initial}, {target}, {maintenance}"),
        format!("{MAX_FACTOR} ≥ initial ≥ target ≥ maintenance ≥ 1"),
    )?;
    check(
        p.min_debt <= MAX_DUST,
        "min_debt",
        p.min_debt,
        format!("at most ${MAX_DUST}"),
    )
}

pub(crate) fn within<T>(field: &'static str, value: T, least: T, most: T) -> Result<(), ContractError>
where
    T: PartialOrd + std::fmt::Display,
{
    let fits = least <= value && value <= most;
    check(fits, field, value, format!("from {least} to {most}"))
}

fn check(
    holds: bool,
    field: &'static str,
    value: impl std::fmt::Display,
    bound: String,
) -> Result<(), ContractError> {
    if holds {
        return Ok(());
    }
    Err(ContractError::BadParameter {
        field,
        value: value.to_string(),
        bound,
    })
}

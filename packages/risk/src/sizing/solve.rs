//! The formulas of a sale, each a function of plain numbers.

use cosmwasm_std::{Decimal, Decimal256, Uint128};

use crate::health::Sums;
use crate::math::{div_256, mul_div};
use crate::{RiskResult, Rounding, Value};

/// What must be sold to reach a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: the target is met.
    Nothing,
    /// Collateral worth this much.
    Sell(Value),
    /// No partial sale reaches it: every unit sold takes more weighted collateral than weighted debt.
    All,
}

/// Loan-to-value `Σ D / Σ C`, unweighted, rounded up; `Decimal::MAX` without collateral.
pub fn ltv(plain: &Sums) -> RiskResult<Decimal> {
    if plain.collateral.is_zero() {
        return Ok(Decimal::MAX);
    }
    let down = plain.debt.ratio(plain.collateral)?;
    Ok(down.checked_add(Decimal::raw(1)).unwrap_or(Decimal::MAX))
}

/// `φ_eff = clamp(m / LTV − 1, 0, φ)`, and none once `LTV ≥ 1`: the penalty never takes more than the equity that
/// is left at this price.
///
/// The formula alone leaves a penalty to an insolvent position that sells above the oracle price (`m > LTV > 1`);
/// what it would take is missing as soon as the next lot sells lower. Such a fill still leaves negative equity, so
/// it pays none.
///
/// With `φ` = .5 %: a position at LTV .90 sold at .95 pays .5 %; at LTV .948 it pays .2109…% (that leaves the
/// debt exactly covered); at LTV .96 nothing.
pub fn effective_penalty(penalty: Decimal, multiplier: Decimal, ltv: Decimal) -> RiskResult<Decimal> {
    if ltv.is_zero() {
        return Ok(penalty);
    }
    if ltv >= Decimal::one() {
        return Ok(Decimal::zero());
    }
    let room = multiplier
        .checked_div(ltv)
        .unwrap_or(Decimal::MAX)
        .saturating_sub(Decimal::one());
    Ok(room.min(penalty))
}

/// `d_max = min(floor, η·(1 − (1+φ)·wM / (bM·H_M)))`: the deepest discount at which a soft fill is still well on
/// the side where it raises health. Returns `None` when the bracket is not positive: then no soft fill does.
///
/// With `φ` = .1 %, `bM` = 1, `η` = ½ and a floor of 6 %: `wM` = .80 at `H_M` = .98 gives ½·(1 − .8171) = 9.1 %, so
/// the floor binds; `wM` = .95 at .97 gives ½·(1 − .98036) = .98 %; `wM` = .95 at .95 gives none.
pub fn soft_limit(
    floor: Decimal,
    eta: Decimal,
    penalty: Decimal,
    weight: Decimal,
    factor: Decimal,
    health: Decimal,
) -> RiskResult<Option<Decimal>> {
    let lifted = factor.checked_mul(health).unwrap_or(Decimal::MAX);
    if lifted.is_zero() {
        return Ok(None);
    }
    let taken = Decimal::one()
        .checked_add(penalty)?
        .checked_mul(weight)?
        .checked_div(lifted)?;
    if taken >= Decimal::one() {
        return Ok(None);
    }
    Ok(Some(
        eta.checked_mul(Decimal::one().saturating_sub(taken))?.min(floor),
    ))
}

/// Collateral value to sell so that target health reaches `h`, when a unit sold repays `k`:
/// `s = (h·Σ D·bT − Σ C·wT) / (h·k·bT_r − wT_j)`, rounded up. Caps by holding and debt are the caller's.
///
/// $1,000 of collateral with `wT` = .75 against a debt of $760, sold 2 % under the oracle with a penalty of .1 %:
/// `k` = .98/1.001 = .97902…, `s` = 10/(.97902… − .75) = $43.66. What is left, $956.34 · .75 = $717.25, is the debt
/// that is left, $760 − $43.66·k.
///
/// # Errors
/// `Overflow` where the answer is beyond 10⁵⁹ USD.
pub fn need(target: &Sums, h: Decimal, k: Decimal, weight: Decimal, factor: Decimal) -> RiskResult<Need> {
    let missing = target.debt.times(h, Rounding::Up)?.minus(target.collateral);
    if missing.is_zero() {
        return Ok(Need::Nothing);
    }
    let gained = h.checked_mul(k)?.checked_mul(factor)?;
    if gained <= weight {
        return Ok(Need::All);
    }
    let per_value = Decimal256::from(gained.saturating_sub(weight));
    Ok(Need::Sell(Value(div_256(missing.0, per_value, Rounding::Up)?)))
}

/// The penalty in a payment: `paid − paid / (1 + φ)`, rounded down; the rest repays debt.
///
/// Of 1,001,000 paid at `φ` = .1 %, 1,000 are penalty; of 1,000,999, 999 are.
pub fn penalty_of(paid: Uint128, penalty: Decimal) -> RiskResult<Uint128> {
    let whole = Decimal::one().checked_add(penalty)?;
    mul_div(paid, penalty.atomics(), whole.atomics(), Rounding::Down)
}

/// The smallest payment that repays `repaid` after its penalty; it repays exactly that.
///
/// A payment `P` repays `⌈P/(1+φ)⌉`, so the smallest is `⌊(repaid − 1)·(1+φ)⌋ + 1`. To repay 1,000,000 at `φ` = .1 %
/// takes 1,000,999.
///
/// # Errors
/// `Overflow` where the payment does not fit 128 bits.
pub fn payment_for(repaid: Uint128, penalty: Decimal) -> RiskResult<Uint128> {
    let Ok(but_one) = repaid.checked_sub(Uint128::one()) else {
        return Ok(Uint128::zero());
    };
    let whole = Decimal::one().checked_add(penalty)?;
    let below = mul_div(but_one, whole.atomics(), Decimal::one().atomics(), Rounding::Down)?;
    Ok(below.checked_add(Uint128::one())?)
}

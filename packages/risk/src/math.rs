//! Fixed-point helpers: ratios with an explicit rounding, `exp` and `ln`.

use cosmwasm_std::{Decimal, Decimal256, Uint128, Uint256, Uint512};

use crate::{RiskError, RiskResult, Rounding};

/// `a · b / c` over as wide an intermediate as it takes, up to 512 bits, rounded as told.
///
/// # Errors
/// `DivisionByZero` when `c` is zero, `Overflow` when the result exceeds 256 bits.
pub fn mul_div_256(a: Uint256, b: Uint256, c: Uint256, rounding: Rounding) -> RiskResult<Uint256> {
    if let (Ok(a), Ok(b)) = (Uint128::try_from(a), Uint128::try_from(b)) {
        return div_of(a.full_mul(b), c, rounding);
    }
    let (product, divisor) = (a.full_mul(b), Uint512::from(c));
    let quotient = product.checked_div(divisor)?;
    let exact = quotient.checked_mul(divisor)? == product;
    let rounded = match rounding {
        Rounding::Up if !exact => quotient.checked_add(Uint512::one())?,
        _ => quotient,
    };
    Ok(Uint256::try_from(rounded)?)
}

/// `a / b`, rounded as told.
fn div_of(a: Uint256, b: Uint256, rounding: Rounding) -> RiskResult<Uint256> {
    let quotient = a.checked_div(b)?;
    Ok(match rounding {
        Rounding::Up if quotient.checked_mul(b)? != a => quotient.checked_add(Uint256::one())?,
        _ => quotient,
    })
}

/// `a · b / c` on amounts, rounded as told. In 128 bits where the product fits, which costs a contract a fraction of what
/// 256 do.
///
/// # Errors
/// `DivisionByZero` when `c` is zero, `Overflow` when the result exceeds 128 bits.
pub fn mul_div(a: Uint128, b: Uint128, c: Uint128, rounding: Rounding) -> RiskResult<Uint128> {
    let Ok(product) = a.checked_mul(b) else {
        return Ok(div_of(a.full_mul(b), c.into(), rounding)?.try_into()?);
    };
    let quotient = product.checked_div(c)?;
    Ok(match rounding {
        Rounding::Up if quotient.checked_mul(c)? != product => quotient.checked_add(Uint128::one())?,
        _ => quotient,
    })
}

/// `amount · factor`, rounded as told.
pub fn mul(amount: Uint128, factor: Decimal, rounding: Rounding) -> RiskResult<Uint128> {
    mul_div(amount, factor.atomics(), Decimal::one().atomics(), rounding)
}

/// `amount / factor`, rounded as told.
pub fn div(amount: Uint128, factor: Decimal, rounding: Rounding) -> RiskResult<Uint128> {
    mul_div(amount, Decimal::one().atomics(), factor.atomics(), rounding)
}

/// `a · b` on wide decimals, rounded as told.
pub fn mul_256(a: Decimal256, b: Decimal256, rounding: Rounding) -> RiskResult<Decimal256> {
    Ok(Decimal256::new(mul_div_256(
        a.atomics(),
        b.atomics(),
        Decimal256::one().atomics(),
        rounding,
    )?))
}

/// `a / b` on wide decimals, rounded as told.
pub fn div_256(a: Decimal256, b: Decimal256, rounding: Rounding) -> RiskResult<Decimal256> {
    Ok(Decimal256::new(mul_div_256(
        a.atomics(),
        Decimal256::one().atomics(),
        b.atomics(),
        rounding,
    )?))
}

/// `10^exponent` as a wide integer.
pub fn ten_pow(exponent: u8) -> RiskResult<Uint256> {
    Ok(Uint256::from(10u8).checked_pow(u32::from(exponent))?)
}

/// Largest argument of [`exp`]; `e^60` still fits a `Decimal256` with room for a product.
const EXP_MAX: u128 = 60;

/// `e^x` for `0 ≤ x ≤ 60`, rounded down, by less than `10⁻¹⁶·(1 + x)` of itself.
///
/// `x` is halved until it is at most ½, put through the Taylor series and squared back.
///
/// # Errors
/// `Overflow` above the range.
pub fn exp(x: Decimal) -> RiskResult<Decimal256> {
    if x > Decimal::from_ratio(EXP_MAX, 1u128) {
        return Err(RiskError::Overflow);
    }
    let half = Decimal256::percent(50);
    let mut reduced = Decimal256::from(x);
    let mut halvings = 0u8;
    // At most seven turns: 60 / 2^7 < ½.
    while reduced > half {
        reduced = reduced.checked_mul(half)?;
        halvings = halvings.saturating_add(1);
    }
    let mut term = Decimal256::one();
    let mut sum = Decimal256::one();
    for n in 1..=16u128 {
        term = term
            .checked_mul(reduced)?
            .checked_div(Decimal256::from_ratio(n, 1u128))?;
        sum = sum.checked_add(term)?;
    }
    for _ in 0..halvings {
        sum = sum.checked_mul(sum)?;
    }
    Ok(sum)
}

/// `e^-x` for any `x ≥ 0`, in `[0, 1]`, to 10⁻¹⁶; zero above `x = 60`.
pub fn exp_neg(x: Decimal) -> RiskResult<Decimal> {
    if x > Decimal::from_ratio(EXP_MAX, 1u128) {
        return Ok(Decimal::zero());
    }
    Ok(Decimal256::one().checked_div(exp(x)?)?.try_into()?)
}

/// `ln 2` to 18 digits.
const LN_2: u128 = 693_147_180_559_945_309;

/// `|ln(a / b)|` for positive `a` and `b`, to 3·10⁻¹⁶.
///
/// The ratio is brought into `[1, 2)` by powers of two, then `2·atanh((y−1)/(y+1))` by its series.
///
/// # Errors
/// `DivisionByZero` when one of the two is zero.
pub fn abs_ln_ratio(a: Decimal, b: Decimal) -> RiskResult<Decimal> {
    let (high, low) = if a >= b { (a, b) } else { (b, a) };
    let two = Decimal256::from_ratio(2u128, 1u128);
    let mut y = Decimal256::from(high).checked_div(low.into())?;
    let mut doublings = 0u128;
    // At most 128 turns: the ratio of two `Decimal`s is below 2^128.
    while y >= two {
        y = y.checked_div(two)?;
        doublings = doublings.saturating_add(1);
    }
    let z = y
        .checked_sub(Decimal256::one())?
        .checked_div(y.checked_add(Decimal256::one())?)?;
    let z2 = z.checked_mul(z)?;
    let (mut power, mut sum) = (z, Decimal256::zero());
    for n in 0..20u128 {
        let odd = n.saturating_mul(2).saturating_add(1);
        sum = sum.checked_add(power.checked_div(Decimal256::from_ratio(odd, 1u128))?)?;
        power = power.checked_mul(z2)?;
    }
    let shift = Decimal256::from_ratio(LN_2, Decimal::one().atomics().u128())
        .checked_mul(Decimal256::from_ratio(doublings, 1u128))?;
    Ok(sum.checked_mul(two)?.checked_add(shift)?.try_into()?)
}

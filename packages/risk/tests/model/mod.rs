//! An independent model in exact rationals: nothing in here calls the crate's own arithmetic.
//!
//! `exp` is the plain Taylor series and `ln` its inverse by Halley's iteration, both in steps of 10⁻⁶⁰; the crate
//! halves and squares, and uses an inverse hyperbolic tangent.
#![allow(dead_code)]

pub mod position;

use cosmwasm_std::{Decimal, Decimal256, Uint128};
use glidepath_risk::Value;
use num_bigint::{BigInt, Sign};
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};
use proptest::prelude::ProptestConfig;
use proptest::test_runner::FileFailurePersistence;

/// An exact fraction.
pub type Q = BigRational;

/// 256 cases, or as many as `PROPTEST_CASES` says; what ever failed is kept in `file` and tried first from then on.
pub fn cases(file: &'static str) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(file))),
        ..ProptestConfig::default()
    }
}

/// A whole number.
pub fn int(n: impl Into<BigInt>) -> Q {
    Q::from_integer(n.into())
}

/// `n / d`.
pub fn frac(n: i128, d: i128) -> Q {
    Q::new(n.into(), d.into())
}

/// `10^n`.
pub fn ten(n: u32) -> Q {
    Q::from_integer(BigInt::from(10).pow(n))
}

/// Smallest step of a decimal.
pub fn ulp() -> Q {
    ten(18).recip()
}

/// Exact value of a decimal.
pub fn dec(d: Decimal) -> Q {
    int(d.atomics().u128()) / ten(18)
}

/// Exact value of a wide decimal.
pub fn dec256(d: Decimal256) -> Q {
    int(BigInt::from_bytes_be(Sign::Plus, &d.atomics().to_be_bytes())) / ten(18)
}

/// Exact dollars.
pub fn usd(v: Value) -> Q {
    dec256(v.0)
}

/// Exact whole amount.
pub fn units(u: Uint128) -> Q {
    int(u.u128())
}

/// Largest multiple of 10⁻¹⁸ not above `q`, as a decimal; none where it does not fit.
pub fn down(q: &Q) -> Option<Decimal> {
    (q * ten(18)).floor().to_integer().to_u128().map(Decimal::raw)
}

/// Largest whole number not above `q`.
pub fn floor(q: &Q) -> u128 {
    q.floor().to_integer().to_u128().unwrap()
}

/// Smallest whole number not below `q`.
pub fn ceil(q: &Q) -> u128 {
    q.ceil().to_integer().to_u128().unwrap()
}

/// For messages only.
pub fn show(q: &Q) -> f64 {
    q.to_f64().unwrap_or(f64::NAN)
}

/// `|a − b| ≤ tolerance`, or the test fails with both figures.
#[track_caller]
pub fn assert_near(a: &Q, b: &Q, tolerance: &Q) {
    let gap = (a - b).abs();
    assert!(
        gap <= *tolerance,
        "{} and {} differ by {:e}, allowed {:e}",
        show(a),
        show(b),
        show(&gap),
        show(tolerance)
    );
}

fn scale() -> BigInt {
    BigInt::from(10).pow(60)
}

/// `e^x` of a whole number of 10⁻⁶⁰, as another.
fn exp_fixed(x: &BigInt) -> BigInt {
    let one = scale();
    if x.is_negative() {
        return &one * &one / exp_fixed(&-x);
    }
    let (mut term, mut sum, mut n) = (one.clone(), one.clone(), 0u32);
    while !term.is_zero() {
        n += 1;
        term = term * x / &one / n;
        sum += &term;
    }
    sum
}

fn fixed(q: &Q) -> BigInt {
    (q * Q::from_integer(scale())).round().to_integer()
}

/// `e^x`, to 10⁻⁵⁰ of itself.
pub fn exp(x: &Q) -> Q {
    Q::new(exp_fixed(&fixed(x)), scale())
}

/// `ln q`, to 10⁻⁴⁰.
pub fn ln(q: &Q) -> Q {
    if *q < Q::one() {
        return -ln(&q.recip());
    }
    let q_fixed = fixed(q);
    let mut y = fixed(&Q::from_float(q.to_f64().unwrap().ln()).unwrap());
    for _ in 0..3 {
        let e = exp_fixed(&y);
        y += (&q_fixed - &e) * 2 * scale() / (&q_fixed + &e);
    }
    Q::new(y, scale())
}

/// `√q` from below, to 10⁻³⁰.
pub fn sqrt(q: &Q) -> Q {
    Q::from_integer((q * ten(60)).floor().to_integer().sqrt()) / ten(30)
}

/// Is it zero or above?
pub fn not_negative(q: &Q) -> bool {
    q.is_zero() || q.is_positive()
}

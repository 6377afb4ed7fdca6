//! Fixed-point helpers against exact fractions: every rounding, and the accuracy of `exp` and `ln`.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::{Decimal, Uint128};
use glidepath_risk::math::{abs_ln_ratio, div, exp, exp_neg, mul, mul_256, mul_div, ten_pow};
use glidepath_risk::{Price, RiskError, Rounding, Value};
use model::{cases, ceil, dec, dec256, floor, frac, int, ten, units, usd, Q};
use num_traits::{One, Signed, Zero};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases("proptest-regressions/math.txt"))]

    #[test]
    fn attack_12_quotients_round_as_told(a in any::<u64>(), b in any::<u64>(), c in 1u64..) {
        let exact = int(a) * int(b) / int(c);
        let (a, b, c) = (Uint128::from(a), Uint128::from(b), Uint128::from(c));
        prop_assert_eq!(mul_div(a, b, c, Rounding::Down).unwrap().u128(), floor(&exact));
        prop_assert_eq!(mul_div(a, b, c, Rounding::Up).unwrap().u128(), ceil(&exact));
    }

    #[test]
    fn attack_12_factors_round_as_told(a in any::<u64>(), raw in 1u128..1 << 80) {
        let factor = Decimal::raw(raw);
        let (up, down) = (units(a.into()) * dec(factor), units(a.into()) / dec(factor));
        prop_assert_eq!(mul(a.into(), factor, Rounding::Down).unwrap().u128(), floor(&up));
        prop_assert_eq!(mul(a.into(), factor, Rounding::Up).unwrap().u128(), ceil(&up));
        prop_assert_eq!(div(a.into(), factor, Rounding::Down).unwrap().u128(), floor(&down));
        prop_assert_eq!(div(a.into(), factor, Rounding::Up).unwrap().u128(), ceil(&down));
        let square = dec(factor) * dec(factor);
        let got = dec256(mul_256(factor.into(), factor.into(), Rounding::Up).unwrap());
        prop_assert!(got >= square && got < square + model::ulp());
    }

    /// A value and back never wins a unit, in any decimals.
    #[test]
    fn attack_12_value_and_back_never_gains(amount in any::<u64>(), raw in 1u128..1 << 90, decimals in prop::sample::select(vec![0u8, 6, 8, 18])) {
        let price = Price(Decimal::raw(raw));
        let exact = units(amount.into()) * dec(price.0) / ten(decimals.into());
        let down = price.value_of(amount.into(), decimals, Rounding::Down).unwrap();
        let up = price.value_of(amount.into(), decimals, Rounding::Up).unwrap();
        prop_assert!(usd(down) <= exact && usd(up) >= exact && usd(up) - usd(down) <= model::ulp());
        prop_assert!(price.amount_for(down, decimals, Rounding::Down).unwrap() <= Uint128::from(amount));
        if let Ok(back) = price.amount_for(up, decimals, Rounding::Up) {
            prop_assert!(back >= Uint128::from(amount));
        }
    }

    /// Rounded down, by less than 10⁻¹⁶·(1 + x) of itself.
    #[test]
    fn exp_is_within_its_bound(raw in prop_oneof![0u128..60_000_000_000_000_000_001, 0u128..2_000_000_000_000_000_000, 0u128..1_000_000_000]) {
        let x = Decimal::raw(raw);
        let (got, exact) = (dec256(exp(x).unwrap()), model::exp(&dec(x)));
        let bound = frac(1, 10_000_000_000_000_000) * (Q::one() + dec(x)) * &exact;
        prop_assert!(got <= exact && &exact - &got < bound, "{} for {}", model::show(&got), model::show(&exact));
        model::assert_near(&dec(exp_neg(x).unwrap()), &exact.recip(), &frac(1, 10_000_000_000_000_000));
        prop_assert!(exp_neg(x).unwrap() <= Decimal::one());
    }

    /// To 3·10⁻¹⁶ over the whole range of prices, and the same both ways round.
    #[test]
    fn ln_is_within_its_bound(a in 1u128.., b in 1u128.., shift in 0u32..120) {
        let (a, b) = (Decimal::raw(a >> shift).max(Decimal::raw(1)), Decimal::raw(b >> (119 - shift)).max(Decimal::raw(1)));
        let got = abs_ln_ratio(a, b).unwrap();
        prop_assert_eq!(got, abs_ln_ratio(b, a).unwrap());
        let exact = model::ln(&(dec(a) / dec(b))).abs();
        model::assert_near(&dec(got), &exact, &frac(3, 10_000_000_000_000_000));
    }

    /// A small move is told apart: 10⁻⁹ of a price is a logarithm of 10⁻⁹.
    #[test]
    fn ln_resolves_small_moves(price in 1_000_000_000_000_000_000u128..1 << 100, parts in 1u128..1_000) {
        let next = price + price / 1_000_000_000 * parts;
        let got = dec(abs_ln_ratio(Decimal::raw(next), Decimal::raw(price)).unwrap());
        let exact = model::ln(&(int(next) / int(price)));
        model::assert_near(&got, &exact, &frac(3, 100_000_000_000_000_000));
    }

    #[test]
    fn ratios_round_down_and_saturate(a in any::<u128>(), b in 1u128..) {
        let (a, b) = (Value::usd(a), Value::usd(b));
        let exact = usd(a) / usd(b);
        let got = a.ratio(b).unwrap();
        prop_assert_eq!(got, model::down(&exact).unwrap_or(Decimal::MAX));
    }
}

#[test]
fn ends_of_the_ranges() {
    assert_eq!(exp(Decimal::zero()).unwrap(), cosmwasm_std::Decimal256::one());
    assert!(exp(Decimal::percent(6_000)).is_ok());
    assert_eq!(
        exp(Decimal::percent(6_000) + Decimal::raw(1)),
        Err(RiskError::Overflow)
    );
    assert_eq!(exp_neg(Decimal::zero()).unwrap(), Decimal::one());
    assert_eq!(exp_neg(Decimal::MAX).unwrap(), Decimal::zero());
    assert_eq!(
        abs_ln_ratio(Decimal::one(), Decimal::one()).unwrap(),
        Decimal::zero()
    );
    assert_eq!(
        abs_ln_ratio(Decimal::zero(), Decimal::one()),
        Err(RiskError::DivisionByZero)
    );
    assert_eq!(
        abs_ln_ratio(Decimal::one(), Decimal::zero()),
        Err(RiskError::DivisionByZero)
    );
    assert!(abs_ln_ratio(Decimal::MAX, Decimal::raw(1)).is_ok());
    assert_eq!(ten_pow(78), Err(RiskError::Overflow));
    assert_eq!(Value::usd(1).ratio(Value::ZERO), Err(RiskError::DivisionByZero));
    assert!(Value::default().is_zero() && Q::zero() == usd(Value::ZERO));
    assert_eq!(
        mul_div(Uint128::MAX, Uint128::MAX, Uint128::MAX, Rounding::Up).unwrap(),
        Uint128::MAX
    );
    assert_eq!(
        mul_div(Uint128::MAX, 2u128.into(), Uint128::one(), Rounding::Up),
        Err(RiskError::Overflow)
    );
}

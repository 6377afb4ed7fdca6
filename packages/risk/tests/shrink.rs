//! Initial weights that volatility and size shrink, against exact fractions.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::{Decimal, Decimal256};
use glidepath_risk::health::Shrink;
use glidepath_risk::{RiskError, Value};
use model::{cases, dec, int, sqrt, ten, usd, Q};
use num_traits::One;
use proptest::prelude::*;

fn shrink() -> Shrink {
    Shrink {
        volatility_factor: Decimal::zero(),
        size_factor: Decimal::zero(),
        volatility: Decimal::percent(60),
        reference: Decimal::percent(60),
        value: Value::usd(4_000_000),
        depth: Value::usd(1_000_000),
    }
}

#[test]
fn examples() {
    let base = Decimal::percent(75);
    assert_eq!(shrink().apply(base).unwrap(), base, "no factor, no shrinking");
    let part: Decimal = "0.681818181818181818".parse().unwrap();
    let wild = Shrink {
        volatility_factor: Decimal::percent(10),
        volatility: Decimal::percent(120),
        ..shrink()
    };
    assert_eq!(wild.apply(base).unwrap(), part);
    let large = Shrink {
        size_factor: Decimal::percent(5),
        ..shrink()
    };
    assert_eq!(large.apply(base).unwrap(), part);
    // A market calmer than normal lifts nothing.
    let calm = Shrink {
        volatility: Decimal::zero(),
        ..wild
    };
    assert_eq!(calm.apply(base).unwrap(), base);
}

#[test]
fn attack_14_no_market_stops_it() {
    let most = Shrink {
        volatility_factor: Decimal::one(),
        size_factor: Decimal::one(),
        volatility: Decimal::MAX,
        reference: Decimal::raw(1),
        value: Value(Decimal256::MAX),
        depth: Value(Decimal256::raw(1)),
    };
    assert_eq!(most.apply(Decimal::percent(99)).unwrap(), Decimal::zero());
    let none = Shrink {
        depth: Value::ZERO,
        ..shrink()
    };
    assert_eq!(none.apply(Decimal::one()), Err(RiskError::DivisionByZero));
    let none = Shrink {
        reference: Decimal::zero(),
        ..shrink()
    };
    assert_eq!(none.apply(Decimal::one()), Err(RiskError::DivisionByZero));
}

proptest! {
    #![proptest_config(cases("proptest-regressions/shrink.txt"))]

    /// `wI / ((1 + v·max(0, σ/σ_ref − 1))·(1 + s·√(value/depth)))`, never above it, and below by rounding alone. More of an
    /// asset never counts for less.
    #[test]
    fn it_is_the_exact_weight_rounded_down(
        initial in 0u64..=99, v in 0u64..=100, s in 0u64..=100, volatility in 0u64..5_000, reference in 1u64..1_000,
        value in 0u128..1 << 60, depth in 1u128..1 << 40, more in 0u128..1 << 50,
    ) {
        let shrink = Shrink {
            volatility_factor: Decimal::percent(v), size_factor: Decimal::percent(s),
            volatility: Decimal::percent(volatility), reference: Decimal::percent(reference),
            value: Value(Decimal256::raw(value)), depth: Value(Decimal256::raw(depth)),
        };
        let weight = shrink.apply(Decimal::percent(initial)).unwrap();
        let excess = dec(shrink.volatility) / dec(shrink.reference) - Q::one();
        let excess = if excess > int(0) { excess } else { int(0) };
        let depths = sqrt(&(usd(shrink.value) / usd(shrink.depth)));
        let exact = dec(Decimal::percent(initial))
            / ((Q::one() + dec(shrink.volatility_factor) * excess) * (Q::one() + dec(shrink.size_factor) * depths));
        // The model's own root is 10⁻³⁰ short.
        prop_assert!(dec(weight) <= &exact + ten(25).recip(), "{} above {}", weight, model::show(&exact));
        model::assert_near(&dec(weight), &exact, &(int(2) / ten(9)));
        let larger = Shrink { value: Value(Decimal256::raw(value + more)), ..shrink };
        let counts = |shrink: &Shrink| usd(shrink.value) * dec(shrink.apply(Decimal::percent(initial)).unwrap());
        let slack = usd(larger.value) * int(2) * model::ulp();
        prop_assert!(counts(&larger) + slack >= counts(&shrink));
    }
}

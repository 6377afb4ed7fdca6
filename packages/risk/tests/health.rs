//! Weights, factors and health.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::{Decimal, Decimal256};
use glidepath_risk::health::{Factors, Sums, Tier, Weights};
use glidepath_risk::Value;
use model::{cases, dec, int, usd, Q};
use num_traits::Zero;
use proptest::prelude::*;

fn percent(n: u64) -> Decimal {
    Decimal::percent(n)
}

fn weights(initial: u64, target: u64, maintenance: u64) -> Weights {
    Weights {
        initial: percent(initial),
        target: percent(target),
        maintenance: percent(maintenance),
    }
}

fn factors(initial: u64, target: u64, maintenance: u64) -> Factors {
    Factors {
        initial: percent(initial),
        target: percent(target),
        maintenance: percent(maintenance),
    }
}

#[test]
fn attack_25_weights_and_factors_at_their_bounds() {
    assert!(weights(0, 0, 0).is_ordered());
    assert!(weights(99, 99, 99).is_ordered());
    assert!(!weights(99, 99, 100).is_ordered());
    assert!(!weights(76, 75, 80).is_ordered());
    assert!(!weights(75, 81, 80).is_ordered());
    assert!(Factors::ONE.is_ordered());
    assert!(!factors(100, 100, 99).is_ordered());
    assert!(!factors(105, 106, 100).is_ordered());
    assert!(!factors(110, 104, 105).is_ordered());
}

#[test]
fn a_tier_is_its_own_weight() {
    let (w, f) = (weights(1, 2, 3), factors(103, 102, 101));
    for (tier, weight, factor) in [
        (Tier::Initial, 1, 103),
        (Tier::Target, 2, 102),
        (Tier::Maintenance, 3, 101),
    ] {
        assert_eq!((w.of(tier), f.of(tier)), (percent(weight), percent(factor)));
    }
}

/// Attack 35: exactly 1, and the smallest step beside it.
#[test]
fn attack_35_health_exactly_one_and_one_digit_beside_it() {
    let value = |atomics: u128| Value(Decimal256::new(atomics.into()));
    let at = |collateral, debt| Sums {
        collateral: value(collateral),
        debt: value(debt),
    };
    let one = 1_000_000_000_000_000_000;
    assert_eq!(at(one, one).health().unwrap(), Some(Decimal::one()));
    assert!(at(one, one).reaches(Decimal::one()).unwrap());
    assert!(!at(one - 1, one).reaches(Decimal::one()).unwrap());
    assert!(!at(one, one + 1).reaches(Decimal::one()).unwrap());
    assert!(at(one + 1, one).reaches(Decimal::one()).unwrap());
    // At large values the difference is far below the last digit of a health, and is still seen.
    assert!(!at(one * one - 1, one * one).reaches(Decimal::one()).unwrap());
}

#[test]
fn no_debt_has_no_health_and_reaches_everything() {
    let empty = Sums::of([], []).unwrap();
    assert_eq!(empty.health().unwrap(), None);
    assert!(empty.reaches(Decimal::MAX).unwrap());
    let bald = Sums::of([], [(Value::usd(1), Decimal::one())]).unwrap();
    assert_eq!(bald.health().unwrap(), Some(Decimal::zero()));
    let vast = Sums {
        collateral: Value::usd(u128::MAX),
        debt: Value(Decimal256::new(1u128.into())),
    };
    assert_eq!(vast.health().unwrap(), Some(Decimal::MAX));
}

proptest! {
    #![proptest_config(cases("proptest-regressions/health.txt"))]

    /// Never better than the exact health, and worse by rounding alone; `reaches` is the exact comparison of the sums.
    #[test]
    fn health_is_the_exact_one_rounded_down(
        held in prop::collection::vec((1u128..1 << 100, 0u64..100), 0..6), owed in prop::collection::vec((1u128..1 << 100, 100u64..200), 0..5), h in 900u64..1_100,
    ) {
        let value = |atomics: u128| Value(Decimal256::new(atomics.into()));
        let pairs = |list: &[(u128, u64)]| list.iter().map(|(v, p)| (value(*v), percent(*p))).collect::<Vec<_>>();
        let sums = Sums::of(pairs(&held), pairs(&owed)).unwrap();
        let exact = |list: &[(u128, u64)]| list.iter().fold(Q::zero(), |s, (v, p)| s + usd(value(*v)) * dec(percent(*p)));
        let (collateral, debt) = (exact(&held), exact(&owed));
        prop_assert!(usd(sums.collateral) <= collateral && usd(sums.debt) >= debt);
        model::assert_near(&usd(sums.collateral), &collateral, &(int(6) * model::ulp()));
        model::assert_near(&usd(sums.debt), &debt, &(int(5) * model::ulp()));
        match sums.health().unwrap() {
            None => prop_assert!(owed.is_empty()),
            Some(health) => {
                let ratio = usd(sums.collateral) / usd(sums.debt);
                prop_assert_eq!(health, model::down(&ratio).unwrap_or(Decimal::MAX));
                prop_assert_eq!(sums.reaches(Decimal::permille(h)).unwrap(), usd(sums.collateral) >= dec(Decimal::permille(h)) * usd(sums.debt));
            }
        }
    }
}

//! What volatility does to grace and to clocks.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::Decimal;
use glidepath_risk::tempo::{calm, grace, tempo};
use model::{cases, dec, floor, frac, int, Q};
use num_traits::One;
use proptest::prelude::*;

fn percent(n: u64) -> Decimal {
    Decimal::percent(n)
}

#[test]
fn worked_examples() {
    assert_eq!(tempo(calm(percent(60), percent(80)).unwrap()), percent(75));
    assert_eq!(tempo(calm(percent(60), percent(300)).unwrap()), percent(25));
    assert_eq!(tempo(calm(percent(60), percent(40)).unwrap()), percent(100));
    let at = |volatility, health| {
        grace(
            900,
            percent(60),
            percent(volatility),
            Decimal::permille(health),
            Decimal::permille(985),
        )
        .unwrap()
    };
    assert_eq!(at(90, 990), 600);
    assert_eq!(at(90, 985), 600);
    assert_eq!(at(90, 984), 0);
    assert_eq!(at(10, 999), 900);
}

#[test]
fn no_volatility_and_no_reference() {
    let zero = Decimal::zero();
    assert_eq!(tempo(calm(zero, zero).unwrap()), Decimal::one());
    assert_eq!(tempo(calm(zero, percent(1)).unwrap()), percent(25));
    assert_eq!(grace(900, zero, percent(1), percent(99), percent(98)).unwrap(), 0);
    assert_eq!(
        grace(u64::MAX, percent(1), zero, percent(99), percent(98)).unwrap(),
        u64::MAX
    );
    assert_eq!(
        grace(900, percent(60), Decimal::MAX, percent(99), percent(98)).unwrap(),
        0
    );
}

proptest! {
    #![proptest_config(cases("proptest-regressions/tempo.txt"))]

    #[test]
    fn clamps_of_the_exact_ratio(reference in 1u128..1 << 65, volatility in 1u128..1 << 70, seconds in 0u64..1_000_000) {
        let (reference, volatility) = (Decimal::raw(reference), Decimal::raw(volatility));
        let exact = (dec(reference) / dec(volatility)).min(Q::one());
        let clock = dec(tempo(calm(reference, volatility).unwrap()));
        model::assert_near(&clock, &exact.clone().max(frac(1, 4)), &model::ulp());
        let got = grace(seconds, reference, volatility, percent(99), percent(98)).unwrap();
        let exact = int(seconds) * exact;
        prop_assert!(int(got) <= exact && u128::from(got) + 1 >= floor(&exact));
    }
}

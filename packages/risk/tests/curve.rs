//! The price of a lot over time.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::Decimal;
use glidepath_risk::curve::{Curve, CurveTerms, Learning};
use model::{cases, dec, frac, int, Q};
use num_traits::One;
use proptest::prelude::*;
use std::str::FromStr;

fn d(text: &str) -> Decimal {
    Decimal::from_str(text).unwrap()
}

/// The starting figures of a soft sale.
fn soft() -> CurveTerms {
    CurveTerms::Linear {
        premium: d("0.005"),
        floor: d("0.06"),
        fall: 450,
    }
}

/// As a percentage, to six digits.
fn near(got: Decimal, expected: &str) {
    model::assert_near(&dec(got), &dec(d(expected)), &frac(1, 1_000_000_000_000_000));
}

#[test]
fn worked_example_of_the_curve() {
    let lot = soft().lot(soft().start().unwrap(), Decimal::one()).unwrap();
    near(lot.multiplier(0).unwrap(), "1.005");
    near(lot.multiplier(225).unwrap(), "0.9725");
    near(lot.multiplier(450).unwrap(), "0.94");
    assert_eq!(lot.life().unwrap(), 450);
    let fast = soft().lot(d("1.005"), d("0.5")).unwrap();
    assert_eq!(fast.life().unwrap(), 225);
    near(fast.multiplier(225).unwrap(), "0.94");
    assert_eq!(
        soft()
            .lot(Decimal::one(), Decimal::one())
            .unwrap()
            .life()
            .unwrap(),
        416
    );
}

#[test]
fn a_price_that_is_kept_bounds_the_fall_and_nothing_else() {
    let lot = soft().lot(d("1.005"), Decimal::one()).unwrap();
    let kept = lot.clone().not_below(d("0.9725"));
    for at in 0..=450 {
        let plain = lot.multiplier(at).unwrap();
        assert_eq!(
            kept.multiplier(at).unwrap(),
            plain.max(d("0.9725")),
            "after {at} s"
        );
    }
    assert_eq!(kept.multiplier(u64::MAX).unwrap(), d("0.9725"));
    // A lower one changes nothing, be it kept later or below the floor.
    assert_eq!(kept.clone().not_below(d("0.95")), kept);
    assert_eq!(lot.clone().not_below(d("0.93")), lot);
    assert_eq!(kept.not_below(d("0.99")).multiplier(450).unwrap(), d("0.99"));
}

#[test]
fn worked_example_of_learning() {
    let learning = Learning {
        step: d("0.003"),
        premium_max: d("0.02"),
    };
    for (last, start) in [
        ("0.97", "1"),
        ("0.999", "1.002"),
        ("1.019", "1.02"),
        ("0", "1"),
        ("2", "1.02"),
    ] {
        assert_eq!(learning.start_after(d(last)).unwrap(), d(start), "after {last}");
    }
}

/// The bound on what ordering inside a block can earn, with the starting figures at the fastest clock.
#[test]
fn the_starting_figures_keep_the_bound_per_block() {
    let quarter = d("0.25");
    let close = CurveTerms::Linear {
        premium: d("0.005"),
        floor: d("0.1"),
        fall: 180,
    };
    assert!(soft().steepest(quarter, 6).unwrap() <= d("0.005"));
    assert!(close.steepest(quarter, 6).unwrap() <= d("0.02"));
    near(soft().steepest(quarter, 6).unwrap(), "0.003451327433628318");
    near(close.steepest(quarter, 6).unwrap(), "0.014");
}

#[test]
fn degenerate_terms_make_lots_that_end() {
    let flat = CurveTerms::Linear {
        premium: Decimal::zero(),
        floor: Decimal::zero(),
        fall: 450,
    };
    let lot = flat.lot(Decimal::one(), Decimal::one()).unwrap();
    assert_eq!(
        (lot.multiplier(1_000).unwrap(), lot.life().unwrap()),
        (Decimal::one(), 0)
    );
    // A start below the floor is the floor, and over at once.
    let low = soft().lot(d("0.5"), Decimal::one()).unwrap();
    assert_eq!((low.multiplier(0).unwrap(), low.life().unwrap()), (d("0.94"), 0));
    // No time to fall: one second.
    let steep = CurveTerms::Linear {
        premium: d("0.005"),
        floor: d("0.06"),
        fall: 0,
    };
    let lot = steep.lot(d("1.005"), Decimal::zero()).unwrap();
    assert_eq!((lot.multiplier(1).unwrap(), lot.life().unwrap()), (d("0.94"), 1));
    // A floor of 100 % and more ends at zero.
    let all = CurveTerms::Linear {
        premium: Decimal::zero(),
        floor: d("1.5"),
        fall: 10,
    };
    assert_eq!(
        all.lot(Decimal::one(), Decimal::one())
            .unwrap()
            .multiplier(u64::MAX)
            .unwrap(),
        Decimal::zero()
    );
}

proptest! {
    #![proptest_config(cases("proptest-regressions/curve.txt"))]

    /// Invariant 8: non-increasing, within `[to, from]`, the exact line rounded up, and over exactly when it says.
    #[test]
    fn the_price_is_the_exact_line_rounded_up(
        premium in 0u64..200, floor in 1u64..300, fall in 1u64..100_000, tempo in 25u64..=100, start in 900u64..1_030, at in 0u64..200_000,
    ) {
        let (premium, floor, tempo) = (Decimal::bps(premium), Decimal::permille(floor), Decimal::percent(tempo));
        let terms = CurveTerms::Linear { premium, floor, fall };
        let lot = terms.lot(Decimal::permille(start), tempo).unwrap();
        let Curve::Linear { from, to, .. } = &lot;
        let (from, to) = (*from, *to);
        let seconds = (int(fall) * dec(tempo)).ceil().max(Q::one());
        let slope = (dec(premium) + dec(floor)) / &seconds;
        let exact = (dec(from) - &slope * int(at)).max(dec(to));
        let got = lot.multiplier(at).unwrap();
        prop_assert!(dec(got) >= exact && dec(got) <= &exact + int(at) * model::ulp());
        prop_assert!(got <= from && got >= to);
        prop_assert!(lot.multiplier(at + 1).unwrap() <= got);
        prop_assert_eq!(lot.multiplier(0).unwrap(), from);
        // Life: the exact time to the floor, rounded up to a second.
        let life = lot.life().unwrap();
        let exact = (dec(from) - dec(to)) / &slope;
        prop_assert_eq!(int(life), exact.ceil());
        prop_assert!(dec(lot.multiplier(life).unwrap()) <= dec(to) + int(life) * model::ulp());
        prop_assert!(dec(terms.steepest(tempo, 6).unwrap()) <= slope * int(6));
    }

    #[test]
    fn the_next_start_is_within_its_clamp(last in 0u64..2_000, step in 0u64..100, max in 0u64..100) {
        let learning = Learning { step: Decimal::permille(step), premium_max: Decimal::permille(max) };
        let got = learning.start_after(Decimal::permille(last)).unwrap();
        let expected = (last + step).max(1_000).min(1_000 + max);
        prop_assert_eq!(got, Decimal::permille(expected));
    }
}

#[test]
fn a_curve_that_ends_earlier_falls_no_faster() {
    let CurveTerms::Linear { fall, floor, .. } = soft().down_to(d("0.02")).unwrap();
    // 450 s · 2.5/6.5 = 173.07… s.
    assert_eq!((fall, floor), (174, d("0.02")));
    // One that ends there already is left as it is.
    assert_eq!(soft().down_to(d("0.06")).unwrap(), soft());
    assert_eq!(soft().down_to(d("0.2")).unwrap(), soft());
}

proptest! {
    #![proptest_config(cases("proptest-regressions/curve.txt"))]

    #[test]
    fn ending_a_curve_earlier_keeps_its_slope_from_above(
        premium in 0u64..=50,
        floor in 1u64..=200,
        part in 1u64..=200,
        fall in 60u64..=14_400,
    ) {
        let terms = CurveTerms::Linear {
            premium: Decimal::permille(premium),
            floor: Decimal::permille(floor),
            fall,
        };
        let most = Decimal::permille(part);
        let bounded = terms.clone().down_to(most).unwrap();
        prop_assert_eq!(bounded.floor(), most.min(terms.floor()));
        // Twice is once.
        prop_assert_eq!(bounded.clone().down_to(most).unwrap(), bounded.clone());
        let slope = |terms: &CurveTerms| dec(terms.steepest(Decimal::one(), 1).unwrap());
        let (before, after) = (slope(&terms), slope(&bounded));
        prop_assert!(after <= before.clone() + frac(1, 1_000_000_000_000_000));
        // A second's rounding is all that it is slower by.
        let CurveTerms::Linear { fall: seconds, .. } = bounded;
        prop_assert!(after * int(u128::from(seconds)) >= before * (int(u128::from(seconds)) - Q::one()) - frac(1, 1_000_000_000));
    }
}

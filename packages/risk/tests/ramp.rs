//! Weights and factors along a ramp, against exact fractions.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::Decimal;
use glidepath_risk::health::{Factors, Weights};
use glidepath_risk::ramp::Span;
use glidepath_risk::Rounding;
use model::{cases, dec, int, ulp, Q};
use proptest::prelude::*;

/// A decimal below `most`.
fn below(most: u128) -> impl Strategy<Value = Decimal> {
    (0..most).prop_map(Decimal::raw)
}

const ONE: u128 = 1_000_000_000_000_000_000;

#[test]
fn a_ramp_is_a_line() {
    let span = Span {
        start: 1_000,
        end: 1_000 + 864_000,
    };
    let at = |now| {
        span.between(Decimal::percent(80), Decimal::percent(70), now, Rounding::Up)
            .unwrap()
    };
    assert_eq!(at(0), Decimal::percent(80));
    assert_eq!(at(1_000), Decimal::percent(80));
    assert_eq!(at(1_000 + 3 * 86_400), Decimal::percent(77));
    assert_eq!(at(1_000 + 864_000), Decimal::percent(70));
    assert_eq!(at(u64::MAX), Decimal::percent(70));
    // What can't be is where it leads.
    let odd = Span { start: 9, end: 9 };
    let still = odd.between(Decimal::one(), Decimal::zero(), 9, Rounding::Up);
    assert_eq!(still.unwrap(), Decimal::zero());
}

proptest! {
    #![proptest_config(cases("proptest-regressions/ramp.txt"))]

    /// On the line, rounded in favour of who is on it by less than one digit, between its ends, and never back.
    #[test]
    fn it_is_the_exact_line_rounded_as_told(
        from in below(ONE), to in below(ONE), start in 0u64..1 << 40, length in 1u64..1 << 30, part in 0u64..1_000, later in 0u64..1_000,
    ) {
        let span = Span { start, end: start + length };
        let now = start + length / 1_000 * part;
        let exact: Q = dec(from) + (dec(to) - dec(from)) * int(now - start) / int(length);
        let up = span.between(from, to, now, Rounding::Up).unwrap();
        let down = span.between(from, to, now, Rounding::Down).unwrap();
        prop_assert!(dec(up) >= exact && dec(up) - &exact < ulp());
        prop_assert!(dec(down) <= exact && &exact - dec(down) < ulp());
        for value in [up, down] {
            prop_assert!(from.min(to) <= value && value <= from.max(to));
        }
        let then = span.between(from, to, now + later, Rounding::Up).unwrap();
        prop_assert_eq!(then.max(up), if to >= from { then } else { up });
    }

    /// Whatever two sets of weights and factors it joins, each moment of it is such a set.
    #[test]
    fn each_moment_is_ordered(
        a in (below(ONE), below(ONE), below(ONE)), b in (below(ONE), below(ONE), below(ONE)), part in 0u64..=1_001,
    ) {
        let sorted = |(x, y, z)| { let mut all = [x, y, z]; all.sort(); all };
        let weights = |all| { let [initial, target, maintenance] = sorted(all); Weights { initial, target, maintenance } };
        let factors = |all| {
            let [maintenance, target, initial] = sorted(all).map(|part: Decimal| part + Decimal::one());
            Factors { initial, target, maintenance }
        };
        let span = Span { start: 0, end: 1_000 };
        let at = span.weights(&weights(a), &weights(b), part).unwrap();
        prop_assert!(at.is_ordered(), "{at:?}");
        prop_assert!(at.initial <= weights(b).initial, "the new initial weight counts at once");
        let at = span.factors(&factors(a), &factors(b), part).unwrap();
        prop_assert!(at.is_ordered(), "{at:?}");
        prop_assert!(at.initial >= factors(b).initial, "the new initial factor counts at once");
        if part >= 1_000 {
            prop_assert_eq!(span.weights(&weights(a), &weights(b), part).unwrap(), weights(b));
            prop_assert_eq!(span.factors(&factors(a), &factors(b), part).unwrap(), factors(b));
        }
    }
}

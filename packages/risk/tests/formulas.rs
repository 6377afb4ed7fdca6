//! The formulas of a sale one by one: worked examples, exact models, degenerate inputs.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::{Decimal, Uint128};
use glidepath_risk::health::{Sums, Tier};
use glidepath_risk::sizing::{effective_penalty, ltv, need, payment_for, penalty_of, soft_limit, Need};
use glidepath_risk::sizing::{Book, Leg, NoFill, Protection, Subject, Terms};
use glidepath_risk::{Price, RiskError, Value};
use model::position::{bare, soft};
use model::{cases, ceil, dec, floor, frac, int, units, usd, Q};
use num_traits::{One, Zero};
use proptest::prelude::*;
use std::str::FromStr;

fn d(text: &str) -> Decimal {
    Decimal::from_str(text).unwrap()
}

fn sums(collateral: u128, debt: u128) -> Sums {
    Sums {
        collateral: Value::usd(collateral),
        debt: Value::usd(debt),
    }
}

#[test]
fn worked_example_of_need() {
    let k = d("0.98") / d("1.001");
    let Need::Sell(sold) = need(&sums(750, 760), Decimal::one(), k, d("0.75"), Decimal::one()).unwrap()
    else {
        panic!("something is to be sold");
    };
    assert_eq!(sold.to_string()[..7], *"43.6641");
    let left = (int(1_000) - usd(sold)) * frac(3, 4);
    let owed = int(760) - usd(sold) * dec(k);
    model::assert_near(&left, &owed, &frac(1, 1_000_000_000_000_000));
    assert_eq!(floor(&(left * int(100))), 71_725);
}

#[test]
fn need_is_nothing_at_the_target_and_all_where_no_sale_reaches_it() {
    let one = Decimal::one();
    assert_eq!(
        need(&sums(750, 750), one, one, d("0.75"), one).unwrap(),
        Need::Nothing
    );
    assert_eq!(
        need(&sums(0, 0), one, one, d("0.75"), one).unwrap(),
        Need::Nothing
    );
    assert_eq!(
        need(&sums(0, 1), one, d("0.75"), d("0.75"), one).unwrap(),
        Need::All
    );
    assert_eq!(
        need(&sums(0, 1), one, Decimal::zero(), d("0.75"), one).unwrap(),
        Need::All
    );
    // A hair above the frontier the answer is huge, not an error.
    let hair = d("0.75") + Decimal::raw(1);
    let all = need(&sums(0, 1), one, hair, d("0.75"), one).unwrap();
    assert_eq!(all, Need::Sell(Value::usd(10u128.pow(18))));
}

#[test]
fn worked_examples_of_the_soft_limit() {
    let limit = |weight: &str, health: &str| {
        soft_limit(
            d("0.06"),
            d("0.5"),
            d("0.001"),
            d(weight),
            Decimal::one(),
            d(health),
        )
        .unwrap()
    };
    assert_eq!(limit("0.80", "0.98"), Some(d("0.06")));
    let unbound = soft_limit(
        Decimal::one(),
        d("0.5"),
        d("0.001"),
        d("0.8"),
        Decimal::one(),
        d("0.98"),
    )
    .unwrap();
    assert_eq!(unbound.unwrap().to_string()[..6], *"0.0914");
    assert_eq!(limit("0.95", "0.97").unwrap().to_string()[..8], *"0.009819");
    assert_eq!(limit("0.95", "0.95"), None);
    assert_eq!(limit("0.95", "0"), None);
    assert_eq!(limit("0.95", &Decimal::MAX.to_string()), Some(d("0.06")));
}

#[test]
fn worked_examples_of_the_effective_penalty() {
    let of = |multiplier: &str, ltv: &str| effective_penalty(d("0.005"), d(multiplier), d(ltv)).unwrap();
    assert_eq!(of("0.95", "0.90"), d("0.005"));
    assert_eq!(of("0.95", "0.948").to_string()[..8], *"0.002109");
    assert_eq!(of("0.95", "0.96"), Decimal::zero());
    assert_eq!(of("0.95", "0"), d("0.005"));
    // What LTV .948 pays leaves the debt exactly covered: all collateral at .95 brings .95, of which the debt takes .948.
    let repaid = dec(d("0.95")) / (Q::one() + dec(of("0.95", "0.948")));
    model::assert_near(&repaid, &dec(d("0.948")), &frac(1, 100_000_000_000_000_000));
}

#[test]
fn an_insolvent_position_pays_no_penalty_at_any_premium() {
    for ltv in ["1", "1.000000000000000001", "1.01", "2"] {
        assert_eq!(
            effective_penalty(d("0.05"), d("1.02"), d(ltv)).unwrap(),
            Decimal::zero(),
            "at {ltv}"
        );
    }
    assert_eq!(
        effective_penalty(d("0.05"), d("1.02"), Decimal::MAX).unwrap(),
        Decimal::zero()
    );
}

#[test]
fn worked_examples_of_penalty_and_payment() {
    let penalty = d("0.001");
    assert_eq!(penalty_of(1_001_000u128.into(), penalty).unwrap().u128(), 1_000);
    assert_eq!(penalty_of(1_000_999u128.into(), penalty).unwrap().u128(), 999);
    assert_eq!(
        payment_for(1_000_000u128.into(), penalty).unwrap().u128(),
        1_000_999
    );
    assert_eq!(payment_for(Uint128::zero(), penalty).unwrap(), Uint128::zero());
    assert_eq!(payment_for(Uint128::one(), penalty).unwrap(), Uint128::one());
    assert_eq!(payment_for(Uint128::MAX, penalty), Err(RiskError::Overflow));
    assert_eq!(payment_for(Uint128::MAX, Decimal::zero()).unwrap(), Uint128::MAX);
}

#[test]
fn loan_to_value_rounds_up_and_has_no_hole() {
    assert_eq!(ltv(&sums(0, 0)).unwrap(), Decimal::MAX);
    assert_eq!(ltv(&sums(0, 5)).unwrap(), Decimal::MAX);
    assert_eq!(ltv(&sums(3, 1)).unwrap(), d("0.333333333333333334"));
    let dust = Sums {
        collateral: Value(cosmwasm_std::Decimal256::new(1u128.into())),
        debt: Value::usd(u128::MAX),
    };
    assert_eq!(ltv(&dust).unwrap(), Decimal::MAX);
}

proptest! {
    #![proptest_config(cases("proptest-regressions/formulas.txt"))]

    /// The penalty is its exact share rounded down, and the rest never repays less than the exact rest.
    #[test]
    fn penalty_is_the_exact_share_rounded_down(paid in 0u128..=u128::MAX / 2, bps in 0u64..=10_000) {
        let penalty = Decimal::bps(bps);
        let exact = units(paid.into()) * dec(penalty) / (Q::one() + dec(penalty));
        prop_assert_eq!(penalty_of(paid.into(), penalty).unwrap().u128(), floor(&exact));
    }

    /// `payment_for` is the smallest that repays so much, found by trying the neighbours.
    #[test]
    fn payment_is_the_smallest_that_repays(repaid in 1u128..1 << 100, raw in 0u128..3_000_000_000_000_000_000) {
        let penalty = Decimal::raw(raw);
        let paid = payment_for(repaid.into(), penalty).unwrap();
        let repays = |paid: u128| paid - penalty_of(paid.into(), penalty).unwrap().u128();
        prop_assert_eq!(repays(paid.u128()), repaid);
        prop_assert!(repays(paid.u128() - 1) < repaid);
        // The model: a payment P repays ⌈P/(1+φ)⌉.
        prop_assert_eq!(ceil(&(units(paid) / (Q::one() + dec(penalty)))), repaid);
    }

    #[test]
    fn soft_limit_and_effective_penalty_are_the_exact_formulas(
        floor in 1u64..400, eta in 1u64..=75, bps in 0u64..200, w in 1u64..100, b in 100u64..200, h in 1u128..2_000_000, m in 1u128..1_100_000,
    ) {
        let (floor, eta, penalty) = (Decimal::permille(floor), Decimal::percent(eta), Decimal::bps(bps));
        let (w, b, h, m) = (Decimal::percent(w), Decimal::percent(b), Decimal::raw(h * 1_000_000_000_000), Decimal::raw(m * 1_000_000_000_000));
        let bracket = Q::one() - (Q::one() + dec(penalty)) * dec(w) / (dec(b) * dec(h));
        let slack = frac(1, 1_000_000_000_000_000_000) * int(10) / dec(h) / dec(h);
        match soft_limit(floor, eta, penalty, w, b, h).unwrap() {
            None => prop_assert!(bracket <= slack),
            Some(limit) => model::assert_near(&dec(limit), &(dec(eta) * bracket).min(dec(floor)), &slack),
        }
        // `h` doubles as a loan-to-value here.
        let exact = if dec(h) >= Q::one() { Q::zero() } else { (dec(m) / dec(h) - Q::one()).max(Q::zero()).min(dec(penalty)) };
        let got = dec(effective_penalty(penalty, m, h).unwrap());
        prop_assert!(got <= exact && exact < got + model::ulp());
    }
}

fn leg(amount: u128, price: Price) -> Leg {
    Leg {
        amount: amount.into(),
        decimals: 6,
        price,
        target: d("0.8"),
        maintenance: d("0.8"),
    }
}

/// Sums that do not depend on the pair: for what a hostile caller might put together.
fn odd(collateral: Leg, debt: Leg, held: u128, owed: u128) -> Subject {
    let sums = sums(held, owed);
    Subject {
        book: Book {
            target: sums,
            maintenance: sums,
            plain: sums,
        },
        collateral,
        debt,
    }
}

#[test]
fn degenerate_pairs_are_refused_and_never_given_away() {
    let one = Price(Decimal::one());
    let free = Price(Decimal::zero());
    let terms = bare(d("0.001"));
    let at = Decimal::one();
    // A collateral without a price is not sold for nothing.
    let unpriced = odd(leg(1_000, free), leg(1_000, one), 80, 100);
    assert_eq!(unpriced.allowed(at, &terms), Err(RiskError::DivisionByZero));
    let undebted = odd(leg(1_000, one), leg(1_000, free), 80, 100);
    assert_eq!(undebted.allowed(at, &terms), Err(RiskError::DivisionByZero));
    // Nothing held, nothing owed of this debt, nothing owed at all.
    let too_small = Ok(Err(NoFill::TooSmall {
        value: Value::ZERO,
        min_fill: Value::ZERO,
    }));
    assert_eq!(
        odd(leg(0, one), leg(1_000, one), 80, 100).fill(at, &terms, None, None),
        too_small
    );
    assert_eq!(
        odd(leg(1_000, one), leg(0, one), 80, 100).fill(at, &terms, None, None),
        too_small
    );
    assert_eq!(
        odd(leg(1_000, one), leg(1_000, one), 80, 0).allowed(at, &terms),
        Ok(Err(NoFill::TargetMet))
    );
    // No budget, nothing left of the lot.
    let live = odd(leg(1_000, one), leg(1_000, one), 80, 100);
    assert_eq!(live.fill(at, &terms, Some(Uint128::zero()), None), too_small);
    assert_eq!(live.fill(at, &terms, None, Some(Uint128::zero())), too_small);
    // Without collateral health is 0: no soft sale.
    let bald = odd(leg(0, one), leg(1_000, one), 0, 100);
    let gentle = Terms {
        protection: soft(),
        ..terms
    };
    assert_eq!(bald.allowed(at, &gentle), Ok(Err(NoFill::NotSoftSellable)));
    // In the first pass of a close-out an insolvent position is not sold below the oracle price.
    let first = Terms {
        protection: Protection::AboveLtv,
        ..terms
    };
    assert_eq!(
        odd(leg(1, one), leg(1, one), 100, 300).protected(d("0.9"), &first),
        Ok(Some(Decimal::one()))
    );
    assert_eq!(live.health(Tier::Initial), Err(RiskError::NotInBook));
}

#[test]
fn a_fill_below_the_smallest_is_refused_unless_it_is_all() {
    let one = Price(Decimal::one());
    let subject = odd(leg(1_000_000_000, one), leg(1_000_000_000, one), 800, 1_000);
    let terms = Terms {
        min_fill: Value::usd(1),
        ..bare(Decimal::zero())
    };
    let fill = |pay: u128, lot: u128| {
        subject
            .fill(Decimal::one(), &terms, Some(pay.into()), Some(lot.into()))
            .unwrap()
    };
    assert!(matches!(fill(999_999, 5_000_000), Err(NoFill::TooSmall { .. })));
    assert_eq!(fill(1_000_000, 5_000_000).unwrap().sold.u128(), 1_000_000);
    assert_eq!(fill(999_999, 999_999).unwrap().sold.u128(), 999_999);
}

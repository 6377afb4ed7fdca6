//! The rate model, compound growth and the accrual of a market.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::{Decimal, Uint128};
use glidepath_risk::interest::{growth, rate_over, RateModel, MAX_RATE};
use glidepath_risk::market::{Market, MAX_INDEX};
use glidepath_risk::{RiskError, SECONDS_PER_YEAR};
use model::{cases, dec, dec256, frac, int, Q};
use num_traits::One;
use proptest::prelude::*;

fn percent(n: u64) -> Decimal {
    Decimal::percent(n)
}

/// The example of the doc comment.
fn example() -> RateModel {
    RateModel {
        base: percent(1),
        kink: percent(80),
        slope_low: percent(4),
        slope_high: percent(60),
    }
}

/// A market of one debt of `debt` units at `rate`, its supplier's shares bought at the start.
fn lent(debt: u128, rate: Decimal) -> Market {
    let mut market = Market::new(0, rate);
    market.supply(debt.into()).unwrap();
    market.borrow(debt.into()).unwrap();
    market
}

#[test]
fn worked_example_of_the_rate_model() {
    assert!(example().is_valid());
    // Attack 16: nothing lent, everything lent, and above.
    for (used, rate) in [
        (0, 1),
        (40, 3),
        (80, 5),
        (90, 35),
        (100, 65),
        (101, 65),
        (1_000, 65),
    ] {
        assert_eq!(
            example().borrow_rate(percent(used)).unwrap(),
            percent(rate),
            "at {used} %"
        );
    }
    assert_eq!(example().borrow_rate(Decimal::MAX).unwrap(), percent(65));
}

#[test]
fn attack_25_an_impossible_model_is_not_valid() {
    let with = |kink: Decimal, slope_high: Decimal| RateModel {
        kink,
        slope_high,
        ..example()
    };
    assert!(!with(Decimal::zero(), percent(1)).is_valid());
    assert!(!with(Decimal::one(), percent(1)).is_valid());
    assert!(with(percent(80), MAX_RATE - percent(5)).is_valid());
    assert!(!with(percent(80), MAX_RATE - percent(5) + Decimal::raw(1)).is_valid());
    assert!(!with(percent(80), Decimal::MAX).is_valid());
    assert_eq!(
        with(Decimal::zero(), percent(1)).borrow_rate(percent(50)),
        Err(RiskError::DivisionByZero)
    );
    assert_eq!(
        with(Decimal::one(), percent(1)).borrow_rate(percent(50)),
        Err(RiskError::DivisionByZero)
    );
}

#[test]
fn worked_example_of_growth() {
    let factor = growth(percent(10), SECONDS_PER_YEAR).unwrap();
    assert_eq!(factor.to_string()[..7], *"1.10517");
    assert_eq!(growth(percent(10), 0).unwrap(), cosmwasm_std::Decimal256::one());
    assert_eq!(rate_over(percent(10), SECONDS_PER_YEAR / 2).unwrap(), percent(5));
}

#[test]
fn attack_16_interest_twice_in_a_second_is_once() {
    let mut once = lent(1_000_000_000, percent(50));
    once.accrue(percent(10), 1_000).unwrap();
    let mut twice = once.clone();
    twice.accrue(percent(10), 1_000).unwrap();
    assert_eq!(once, twice);
    // Nor does time go back.
    twice.accrue(percent(10), 999).unwrap();
    assert_eq!(once, twice);
}

/// One step or one a minute: the index differs by less than 10⁻¹² of itself, in either direction (each step rounds the
/// growth down and the index up on the 18th digit; steps of a second would differ by sixty times that).
#[test]
fn attack_16_a_year_in_one_step_is_a_year_of_minutes() {
    let mut once = lent(1_000_000_000, percent(20));
    let mut often = once.clone();
    once.accrue(Decimal::zero(), SECONDS_PER_YEAR).unwrap();
    for minute in 1..=525_600u64 {
        often.accrue(Decimal::zero(), minute * 60).unwrap();
    }
    let exact = model::exp(&frac(1, 5));
    model::assert_near(&dec(once.index), &exact, &frac(1, 1_000_000_000_000_000));
    model::assert_near(&dec(often.index), &exact, &(frac(1, 1_000_000_000_000) * &exact));
}

/// Whoever touches a small market each block, where the reserves' part of a block's interest is below a unit, takes
/// nothing from them.
#[test]
fn attack_13_frequent_accrual_does_not_starve_the_reserves() {
    let mut once = lent(1_000_000_000, percent(5));
    let mut often = once.clone();
    once.accrue(percent(10), 6_000).unwrap();
    for block in 1..=1_000u64 {
        often.accrue(percent(10), block * 6).unwrap();
    }
    let worth = |m: &Market| m.assets_for_shares(m.reserve_shares).unwrap().u128();
    // A tenth of 9,512 units of interest; shares and their worth round down.
    assert!((950..=951).contains(&worth(&once)), "{}", worth(&once));
    assert!((950..=951).contains(&worth(&often)), "{}", worth(&often));
}

/// A market that nobody touched until the index would overflow still answers.
#[test]
fn an_index_stops_where_it_would_overflow() {
    for years in [1u64, 2, 3, 10, 1_000] {
        let mut market = lent(1_000_000_000_000, MAX_RATE);
        market.accrue(percent(10), years * SECONDS_PER_YEAR).unwrap();
        assert!(market.index <= MAX_INDEX);
        let owed = market.debt_of_shares(market.debt_shares, u64::MAX).unwrap();
        assert!(!owed.is_zero());
        market.set_rate(&example()).unwrap();
        let mut repaid = market.clone();
        assert_eq!(
            repaid
                .repay(
                    market
                        .debt_of_shares(market.debt_shares, market.accrued_at)
                        .unwrap(),
                    market.debt_shares
                )
                .unwrap(),
            Uint128::zero()
        );
        market.write_off(market.debt_shares, Uint128::MAX).unwrap();
    }
}

#[test]
fn a_rate_follows_what_is_lent() {
    let model = example();
    let mut market = Market::new(0, model.base);
    market.set_rate(&model).unwrap();
    assert_eq!(market.rate, percent(1));
    market.supply(1_000u128.into()).unwrap();
    market.borrow(800u128.into()).unwrap();
    market.set_rate(&model).unwrap();
    assert_eq!(
        (market.utilisation().unwrap(), market.rate),
        (percent(80), percent(5))
    );
    market.borrow(200u128.into()).unwrap();
    market.set_rate(&model).unwrap();
    assert_eq!(
        (market.utilisation().unwrap(), market.rate),
        (percent(100), percent(65))
    );
}

proptest! {
    #![proptest_config(cases("proptest-regressions/interest.txt"))]

    /// The exact two lines, rounded down; and rising with utilisation.
    #[test]
    fn the_rate_is_the_exact_line(base in 0u64..500, kink in 1u64..1_000, low in 0u64..2_000, high in 0u64..5_000, used in 0u64..1_100, more in 0u64..100) {
        let model = RateModel {
            base: Decimal::permille(base), kink: Decimal::permille(kink), slope_low: Decimal::permille(low), slope_high: Decimal::permille(high),
        };
        prop_assert!(model.is_valid());
        let at = used.min(1_000);
        let exact = frac(base.into(), 1_000)
            + frac(low.into(), 1_000) * frac(at.min(kink).into(), kink.into())
            + frac(high.into(), 1_000) * frac(at.saturating_sub(kink).into(), (1_000 - kink).into());
        let got = model.borrow_rate(Decimal::permille(used)).unwrap();
        prop_assert!(dec(got) <= exact);
        model::assert_near(&dec(got), &exact, &(frac(10, 1) * model::ulp()));
        prop_assert!(model.borrow_rate(Decimal::permille(used + more)).unwrap() >= got);
    }

    /// Against the exact exponential: rounded down, within its bound.
    #[test]
    fn growth_is_the_exact_exponential(bps in 0u64..100_000, seconds in 0u64..SECONDS_PER_YEAR * 5) {
        let x = frac(bps.into(), 10_000) * int(seconds) / int(SECONDS_PER_YEAR);
        let got = dec256(growth(Decimal::bps(bps), seconds).unwrap());
        let exact = model::exp(&x);
        prop_assert!(got <= exact);
        // The exponent itself is rounded down by less than (1 + rate) of its last digit.
        let bound = frac(1, 10_000_000_000_000_000) * (int(2) + x) * &exact;
        prop_assert!(&exact - &got < bound, "{} for {}", model::show(&got), model::show(&exact));
    }

    /// A market's debt after one stretch is the exact one, rounded as it should be.
    #[test]
    fn a_debt_grows_by_the_exact_factor(debt in 1u128..1_000_000_000_000_000, bps in 0u64..30_000, seconds in 0u64..SECONDS_PER_YEAR) {
        let market = lent(debt, Decimal::bps(bps));
        let exact = int(debt) * model::exp(&(frac(bps.into(), 10_000) * int(seconds) / int(SECONDS_PER_YEAR)));
        let owed = market.debt_of_shares(market.debt_shares, seconds).unwrap();
        model::assert_near(&model::units(owed), &exact, &(Q::one() + &exact * frac(1, 1_000_000_000_000_000)));
        // Asked for later or accrued now: the same digits.
        let mut now = market.clone();
        now.accrue(Decimal::percent(10), seconds).unwrap();
        prop_assert_eq!(now.debt_of_shares(now.debt_shares, seconds).unwrap(), owed);
    }

    /// The reserves get their factor of the interest, never more than all of it, and the price never falls.
    #[test]
    fn reserves_get_their_part(debt in 1u128..1_000_000_000_000, idle in 0u128..1_000_000_000, factor in 0u64..=100, bps in 0u64..20_000, seconds in 0u64..SECONDS_PER_YEAR) {
        let mut market = lent(debt, Decimal::bps(bps));
        market.supply(idle.into()).unwrap();
        let (before, price) = (market.total_assets().unwrap(), (market.total_assets().unwrap(), market.supply_shares));
        market.accrue(Decimal::percent(factor), seconds).unwrap();
        let interest = market.total_assets().unwrap() - before;
        let part = model::units(interest) * frac(factor.into(), 100);
        let got = model::units(market.assets_for_shares(market.reserve_shares).unwrap());
        model::assert_near(&got, &part, &int(2));
        let p = |assets: Uint128, shares: Uint128| int(assets.u128() + 1) / int(shares.u128() + 1_000_000);
        prop_assert!(p(market.total_assets().unwrap(), market.supply_shares) >= p(price.0, price.1));
        prop_assert_eq!(market.supply_shares - price.1, market.reserve_shares);
    }
}

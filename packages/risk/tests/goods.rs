//! What the stakers of a pool bought together, and what they pay with.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    missing_docs
)]

use cosmwasm_std::{Decimal, Uint128, Uint256};
use glidepath_risk::goods::{part, per_unit};
use glidepath_risk::market::Market;
use glidepath_risk::pool::Pool;
use glidepath_risk::RiskError;
use proptest::prelude::*;

fn of(units: u128, rise: Uint256) -> u128 {
    part(units.into(), rise).unwrap().u128()
}

#[test]
fn a_third_of_the_units_has_a_third() {
    let rise = per_unit(Uint128::new(90), Uint128::new(64)).unwrap();
    assert_eq!((of(32, rise), of(16, rise), of(64, rise)), (45, 22, 90));
    assert_eq!(of(0, rise), 0);
    let sixty = per_unit(Uint128::new(90), Uint128::new(60)).unwrap();
    assert_eq!(of(20, sixty), 30);
}

#[test]
fn nobody_buys_nothing() {
    assert_eq!(
        per_unit(Uint128::one(), Uint128::zero()),
        Err(RiskError::DivisionByZero)
    );
    assert_eq!(per_unit(Uint128::zero(), Uint128::one()), Ok(Uint256::zero()));
}

/// One base unit bought by the largest pool there can be, and the most by one unit.
#[test]
fn attack_14_at_the_ends_of_the_range() {
    let rise = per_unit(Uint128::one(), Uint128::MAX).unwrap();
    assert!(!rise.is_zero());
    assert!(of(u128::MAX, rise) <= 1);
    let all = per_unit(Uint128::MAX, Uint128::one()).unwrap();
    assert_eq!(of(1, all), u128::MAX);
    assert_eq!(part(Uint128::new(2), all), Err(RiskError::Overflow));
}

fn size() -> impl Strategy<Value = u128> {
    (0u32..128).prop_flat_map(|bits| 0..=(u128::MAX >> bits))
}

proptest! {
    /// Parts are never more than what was bought, and less by at most a base unit a staker and what the figure does not
    /// resolve.
    #[test]
    fn parts_add_up_to_what_was_bought(amount in size(), a in size(), b in size(), c in size()) {
        let sum = a.checked_add(b).and_then(|ab| ab.checked_add(c));
        prop_assume!(sum.is_some_and(|sum| sum > 0));
        let units = sum.unwrap();
        let rise = per_unit(amount.into(), units.into()).unwrap();
        let parts = [a, b, c].map(|units| of(units, rise));
        let total: u128 = parts.iter().sum();
        prop_assert!(total <= amount);
        prop_assert!(amount - total <= 4, "{amount} bought, {parts:?}");
    }

    /// With whatever interest, the fund pays no less than it should, the cash falls by what is paid, and a share of the others
    /// is worth no less.
    #[test]
    fn what_the_fund_spends_costs_nobody_else(
        supplied in 1u128..1_000_000_000_000,
        staked in 1u128..1_000_000_000_000,
        earned in 0u128..1_000_000_000,
        percent in 0u64..=100,
    ) {
        let mut market = Market::new(0, Decimal::zero());
        market.supply(supplied.into()).unwrap();
        market.supply_fund(staked.into()).unwrap();
        market.cash += Uint128::new(earned);
        let worth = market.assets_for_shares(market.fund_shares).unwrap();
        let paid = worth.multiply_ratio(percent, 100u8);
        let before = market.clone();
        let burnt = market.spend_fund(paid).unwrap();
        prop_assert_eq!(market.cash + paid, before.cash);
        prop_assert_eq!(market.fund_shares + burnt, before.fund_shares);
        prop_assert_eq!(market.supply_shares + burnt, before.supply_shares);
        prop_assert!(before.assets_for_shares(burnt).unwrap() >= paid);
        prop_assert!(market.supply_price().unwrap() >= before.supply_price().unwrap());
    }
}

#[test]
fn the_fund_spends_no_more_than_it_has() {
    let mut market = Market::new(0, Decimal::zero());
    market.supply(Uint128::new(1_000)).unwrap();
    market.supply_fund(Uint128::new(100)).unwrap();
    let before = market.clone();
    assert!(matches!(
        market.spend_fund(Uint128::new(101)),
        Err(RiskError::Underflow { .. })
    ));
    assert_eq!(market, before, "nothing was half done");
    market.cash = Uint128::new(50);
    assert!(matches!(
        market.spend_fund(Uint128::new(60)),
        Err(RiskError::Underflow { .. })
    ));
    assert_eq!(market.fund_shares, before.fund_shares);
}

/// Stakers pay with what is theirs: the stream goes on as it was, and the booking behind it finds neither gain nor loss.
#[test]
fn the_stream_does_not_pay() {
    let billion = 1_000_000_000;
    let mut pool = Pool::new(0);
    pool.stake(Uint128::new(100 * billion)).unwrap();
    pool.book(Uint128::new(110 * billion), 1_000, 0).unwrap();
    pool.spend(Uint128::new(30 * billion), 500).unwrap();
    // Half of the stream has arrived before they paid.
    assert_eq!(pool.shares.u128(), 75 * billion);
    assert_eq!(pool.streaming.u128(), 5 * billion);
    let booked = pool.book(Uint128::new(80 * billion), 1_000, 500).unwrap();
    assert!(booked.is_nothing());
    let before = pool.clone();
    let refused = pool.spend(Uint128::new(75 * billion + 1), 500);
    assert!(matches!(refused, Err(RiskError::Underflow { .. })));
    assert_eq!(pool, before);
}

//! `Bid`: each refusal by its cause. How a bid is paid is in `payment.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{bid_with, error, opened_with_its_call, sale};
use cosmwasm_std::{Decimal, Decimal256, Uint128};
use glidepath_interfaces::oracle::PriceRefusal;
use glidepath_interfaces::position_manager::Refusal;
use glidepath_liquidation_auction::ContractError;
use glidepath_testkit::handles::BidTerms;
use glidepath_testkit::scenes::{called, calm, on_sale, UNIT};

#[test]
fn a_lot_is_bought_in_its_life_only() {
    let mut suite = calm().build();
    let position = opened_with_its_call(&mut suite);
    let bob = suite.user("bob");
    let lot = sale(&suite, position).lot.unwrap();
    let now = suite.now();
    assert_eq!(
        error(suite.auction().bid(&bob, position, UNIT)),
        ContractError::LotNotStarted {
            start_at: lot.start_at,
            now
        }
    );
    suite.until(lot.start_at - 1);
    assert!(
        suite.auction().bid(&bob, position, 10 * UNIT).is_err(),
        "a second early"
    );
    suite.until(lot.start_at);
    suite
        .auction()
        .bid(&bob, position, 10 * UNIT)
        .expect("its first second");
    suite.until(lot.ends_at);
    suite
        .auction()
        .bid(&bob, position, 10 * UNIT)
        .expect("its last second");
    suite.elapse(1);
    let now = suite.now();
    assert_eq!(
        error(suite.auction().bid(&bob, position, 10 * UNIT)),
        ContractError::LotExpired {
            ended_at: lot.ends_at,
            now
        }
    );
    suite.elapse(365 * 86_400);
    assert!(matches!(
        error(suite.auction().bid(&bob, position, 10 * UNIT)),
        ContractError::LotExpired { .. }
    ));
}

#[test]
fn a_bid_is_never_filled_above_its_price() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    let price: Decimal256 = "9246000".parse().unwrap();
    let below = price - Decimal256::raw(1);
    let at = |max_price| BidTerms {
        max_price,
        ..BidTerms::default()
    };
    assert_eq!(
        error(bid_with(&mut suite, &bob, position, at(below), 100 * UNIT)),
        ContractError::BidAboveMaxPrice { price, max: below }
    );
    bid_with(&mut suite, &bob, position, at(price), 100 * UNIT).expect("exactly at it");
}

#[test]
fn a_bid_gets_what_it_wants_at_least() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    let least = |min: u128| BidTerms {
        min_received: Some(min),
        ..BidTerms::default()
    };
    assert_eq!(
        error(bid_with(
            &mut suite,
            &bob,
            position,
            least(100_000_001),
            924_600_000
        )),
        ContractError::BelowMinReceived {
            sold: Uint128::new(100_000_000),
            min: Uint128::new(100_000_001)
        }
    );
    bid_with(&mut suite, &bob, position, least(100_000_000), 924_600_000).expect("exactly");
}

#[test]
fn what_is_not_on_sale_can_t_be_bought() {
    let mut suite = calm().build();
    let position = called(&mut suite);
    let bob = suite.user("bob");
    suite.give(&bob, "usdc", UNIT);
    for position in [position, 77] {
        assert_eq!(
            error(
                suite
                    .auction()
                    .bid_with(&bob, position, BidTerms::default(), "usdc", UNIT)
            ),
            ContractError::NoSale { position }
        );
    }
}

#[test]
fn a_fill_needs_prices_that_were_just_checked() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    suite.advance_time(15);
    suite
        .auction()
        .bid(&bob, position, 100 * UNIT)
        .expect("15 s are fresh enough");
    suite.advance_time(1);
    match error(suite.auction().bid(&bob, position, 100 * UNIT)) {
        ContractError::Refused(Refusal::Price(PriceRefusal::NotChecked {
            age: 16, max_age: 15, ..
        })) => {}
        other => panic!("{other}"),
    }
    // Asking the source in front of it is enough, and anybody may.
    suite.oracle().update_prices(&bob, &["atom", "usdc"]).unwrap();
    suite.auction().bid(&bob, position, 100 * UNIT).unwrap();
}

#[test]
fn a_cured_position_sells_nothing() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    suite.set_price("atom", "9.30");
    match error(suite.auction().bid(&bob, position, 100 * UNIT)) {
        ContractError::Refused(Refusal::NotInDistress { health, .. }) => {
            assert!(health >= Decimal::one(), "{health}")
        }
        other => panic!("{other}"),
    }
    // Once a lot has its first fill it goes on above maintenance, but not beyond the target.
    suite.set_price("atom", "9.20");
    suite.auction().bid(&bob, position, 100 * UNIT).unwrap();
    suite.set_price("atom", "9.30");
    suite.auction().bid(&bob, position, 100 * UNIT).unwrap();
    suite.set_price("atom", "10.00");
    assert_eq!(
        error(suite.auction().bid(&bob, position, 100 * UNIT)),
        ContractError::Refused(Refusal::TargetMet {})
    );
}

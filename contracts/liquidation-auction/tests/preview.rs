//! Queries `PreviewBid` and `PriceAt`. That they are the execution to the unit is tried in `quote.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{dec, opened_with_its_call, sale};
use cosmwasm_std::Decimal256;
use glidepath_interfaces::auction::{PreviewBidResponse, TryPrice};
use glidepath_interfaces::events::auction::Filled;
use glidepath_interfaces::position_manager::Refusal;
use glidepath_risk::Price;
use glidepath_testkit::scenes::{calm, health, on_sale, UNIT};
use glidepath_testkit::{id, Suite};

#[test]
fn a_preview_says_when_there_is_no_lot() {
    let mut suite = calm().build();
    let position = opened_with_its_call(&mut suite);
    let lot = sale(&suite, position).lot.unwrap();
    assert!(lot.start_at > suite.now());
    let preview = |suite: &Suite| suite.ask().preview_bid(position, None).unwrap();
    assert_eq!(
        preview(&suite),
        PreviewBidResponse::NoLot {
            starts_at: Some(lot.start_at)
        }
    );
    suite.until(lot.start_at - 1);
    assert!(matches!(preview(&suite), PreviewBidResponse::NoLot { .. }));
    suite.until(lot.start_at);
    assert!(matches!(preview(&suite), PreviewBidResponse::Fills(_)));
    suite.until(lot.ends_at);
    assert!(matches!(preview(&suite), PreviewBidResponse::Fills(_)));
    suite.elapse(1);
    assert_eq!(preview(&suite), PreviewBidResponse::NoLot { starts_at: None });
    assert!(suite.ask().preview_bid(77, None).is_err(), "no such sale");
}

#[test]
fn a_preview_tries_other_prices() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let at = |price: &str| {
        let price = TryPrice {
            asset: id("atom"),
            price: Price(dec(price)),
        };
        let answer = suite.ask().preview_bid_at(position, None, Some(vec![price]));
        match answer.unwrap() {
            PreviewBidResponse::Fills(preview) => Ok(preview),
            PreviewBidResponse::Refused(refusal) => Err(refusal),
            other => panic!("{other:?}"),
        }
    };
    let lower = at("9.00").unwrap();
    assert_eq!(lower.price, "9045000".parse::<Decimal256>().unwrap());
    assert!(lower.health_before < health(&suite, position));
    assert!(matches!(at("10.00"), Err(Refusal::NotInDistress { .. })));
    let known = suite.ask().price("atom").unwrap().published_at;
    assert_eq!(at("9.20").unwrap().published_at, known);
}

#[test]
fn the_price_of_a_moment_to_come() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let lot = sale(&suite, position).lot.unwrap();
    let at = |suite: &Suite, time| suite.ask().price_at(position, time);
    let start = at(&suite, lot.start_at).unwrap();
    assert_eq!(
        (start.multiplier, start.price),
        (dec("1.005"), "9246000".parse().unwrap())
    );
    let later = at(&suite, lot.start_at + 120).unwrap();
    assert!(at(&suite, lot.start_at - 1).is_err() && at(&suite, lot.ends_at + 1).is_err());
    suite.elapse(120);
    let bob = suite.user("bob");
    let done = suite.auction().bid(&bob, position, 100 * UNIT).unwrap();
    assert_eq!(
        done.event(Filled::TYPE).unwrap().must::<Decimal256>("price"),
        later.price
    );
}

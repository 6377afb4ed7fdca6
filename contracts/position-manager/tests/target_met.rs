//! `TargetMet`: the auction says that a fill has ended a sale, and nobody else.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{advance, stage, why, UNIT};
use cosmwasm_std::Decimal;
use glidepath_interfaces::auction::EndReason;
use glidepath_interfaces::events;
use glidepath_interfaces::position_manager::{ExecuteMsg, Stage};
use glidepath_position_manager::ContractError;
use glidepath_testkit::scenes;

#[test]
fn only_the_auction_says_so_and_only_of_a_sale() {
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    let manager = common::manager(&suite);
    let peers = suite.peers.clone();
    let auction = peers.liquidation_auction;
    let met = |position| ExecuteMsg::TargetMet {
        position,
        health: None,
    };
    for (number, error) in [
        (position, ContractError::NoSale { position }),
        (9, ContractError::NoPosition { position: 9 }),
    ] {
        assert_eq!(why(suite.execute(&auction, &manager, &met(number), &[])), error);
    }
    suite.elapse(901);
    advance(&mut suite, position);
    let (alice, owner) = (suite.user("alice"), suite.owner.clone());
    for sender in [alice, owner, peers.vault, peers.oracle_adapter, manager.clone()] {
        let refused = suite.execute(&sender, &manager, &met(position), &[]);
        let expected = auction.clone();
        assert_eq!(why(refused), ContractError::NotAuction { sender, expected });
    }
    assert!(suite.ask().sale(position).is_ok());
}

#[test]
fn the_last_fill_ends_all_of_it_in_one_transaction() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let bidder = suite.user("bidder");
    let mut last = None;
    for _ in 0..10 {
        let done = suite.auction().bid(&bidder, position, 1_000_000 * UNIT).unwrap();
        if suite.ask().sale(position).is_err() {
            last = Some(done);
            break;
        }
        scenes::to_lot(&mut suite, position);
    }
    let done = last.expect("the sale ends");
    let text = |kind: &str, attribute: &str| {
        let event = done.event(kind).unwrap_or_else(|| panic!("no {kind}"));
        event.text(attribute).map(str::to_string)
    };
    let met = Some(EndReason::TargetMet.to_string());
    assert_eq!(text(events::auction::SaleEnded::TYPE, "reason"), met);
    assert_eq!(text(events::position_manager::DistressEnded::TYPE, "reason"), met);
    assert_eq!(
        text(events::position_manager::DistressEnded::TYPE, "health"),
        text(events::auction::Filled::TYPE, "health_after"),
    );
    let health = scenes::health(&suite, position);
    assert_eq!(
        text(events::position_manager::DistressEnded::TYPE, "health"),
        Some(health.to_string())
    );
    let ledger = suite.ask().ledger(position).unwrap().ledger;
    assert_eq!(ledger.sale, None);
    assert_eq!(ledger.surcharge_rate, Decimal::zero());
    assert!(matches!(stage(&suite, position), Stage::Healthy {}));
    assert_eq!(suite.ask().distressed(None, 10).unwrap(), vec![]);
    assert!(suite.ask().due(position).unwrap().due.is_none());
}

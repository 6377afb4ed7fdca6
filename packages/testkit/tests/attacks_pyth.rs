//! The suite on prices of Pyth: a position lives and is liquidated softly on them, and what those who push, or don't, can
//! make of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{stage, suite, NATIVE, TOKENS};
use cosmwasm_std::{to_json_binary, CosmosMsg, Decimal, Decimal256, WasmMsg};
use glidepath_interfaces::asset::call_with;
use glidepath_interfaces::auction::ExecuteMsg as Auction;
use glidepath_interfaces::events::auction::{Filled, SaleEnded};
use glidepath_interfaces::oracle::{ExecuteMsg as Oracle, PriceRefusal};
use glidepath_interfaces::position_manager::Stage;
use glidepath_position_manager::ContractError;
use glidepath_testkit::scenes::{called, calm, health, leveraged, on_sale, to_lot, UNIT};
use glidepath_testkit::{id, refused, AssetSpec, Suite};

/// Somebody has sources asked.
fn asks(suite: &Suite, assets: &[&str]) -> CosmosMsg {
    let assets = assets.iter().map(|asset| id(asset)).collect();
    WasmMsg::Execute {
        contract_addr: suite.peers.oracle_adapter.to_string(),
        msg: to_json_binary(&Oracle::UpdatePrices { assets }).unwrap(),
        funds: vec![],
    }
    .into()
}

/// A bid at any price.
fn bids(suite: &Suite, position: u64, asset: &str, amount: u128) -> CosmosMsg {
    let msg = Auction::Bid {
        position,
        max_price: Decimal256::MAX,
        recipient: None,
        min_received: None,
        pay: None,
    };
    let auction = &suite.peers.liquidation_auction;
    call_with(auction, &msg, &suite.listed(asset).info, amount.into()).unwrap()
}

/// The price of an asset pushed as of now.
fn pushes(suite: &Suite, asset: &str, price: &str) -> CosmosMsg {
    suite.pushes(&[(id(asset), price.parse::<Decimal>().unwrap())])
}

/// As in `life.rs`, but that nobody posts: each bidder pushes the price, has it read and bids, in one transaction.
#[test]
fn a_position_lives_and_is_liquidated_softly_on_a_price_of_pyth() {
    for pair in [NATIVE, TOKENS] {
        let mut suite = suite(None);
        suite.move_to_pyth(pair.collateral);
        suite.move_to_pyth(pair.debt);
        suite.elapse(6);
        let position = pair.open(&mut suite);
        let (bob, keeper) = (suite.user("bob"), suite.user("keeper"));
        let both = [pair.collateral, pair.debt];

        suite.set_price(pair.collateral, "9.20");
        assert!(matches!(stage(&suite, position), Stage::Callable {}));
        suite.positions().advance(position).unwrap();
        suite.elapse(900);
        suite.positions().advance(position).unwrap();

        let mut before = health(&suite, position);
        let mut lots = 0;
        loop {
            to_lot(&mut suite, position);
            // Nobody pushes for 45 s: what is known is too old to bid at, until the bidder pushes it himself.
            suite.advance_time(45);
            let rich = suite.units(pair.debt, "1000000");
            suite.give(&bob, pair.debt, rich);
            let bid = bids(&suite, position, pair.debt, rich);
            assert!(suite.send(&bob, bid.clone()).is_err(), "nobody asked lately");
            let push = suite.pushes(&[
                (id(pair.collateral), "9.20".parse().unwrap()),
                (id(pair.debt), "1".parse().unwrap()),
            ]);
            let done = suite
                .send_all(&bob, vec![push, asks(&suite, &both), bid])
                .unwrap();
            let after: Decimal = done.event(Filled::TYPE).unwrap().must("health_after");
            assert!(after > before, "{before} → {after} in lot {lots}");
            before = after;
            lots += 1;
            if let Some(ended) = done.event(SaleEnded::TYPE) {
                assert_eq!(ended.text("reason"), Some("target_met"));
                break;
            }
        }
        assert!((2..=4).contains(&lots), "{lots} lots");
        assert!(matches!(
            stage(&suite, position),
            Stage::Healthy {} | Stage::Restricted {}
        ));
        assert!(suite.ask().account(&keeper, pair.debt).unwrap() > 0);
    }
}

#[test]
fn attack_79_no_grace_is_won_by_not_pushing() {
    let mut suite = calm().build();
    suite.move_to_pyth("atom");
    suite.move_to_pyth("usdc");
    suite.elapse(6);
    let position = called(&mut suite);
    let grace = suite.ask().position(position).unwrap().grace_left.unwrap();
    // Its owner has the sources asked, again and again, and never pushes.
    let alice = suite.user("alice");
    for _ in 0..7 {
        suite.advance_time(100);
        let ask = asks(&suite, &["atom", "usdc"]);
        suite.send(&alice, ask).unwrap();
    }
    let left = suite.ask().position(position).unwrap().grace_left;
    assert_eq!(left, Some(grace - 700));
    suite.elapse(grace - 701);
    suite.positions().advance(position).unwrap_err();
    suite.elapse(1);
    suite.positions().advance(position).unwrap();
    assert!(suite.ask().sale(position).is_ok());
}

#[test]
fn attack_28_and_46_a_broken_feed_in_the_list_stops_no_bid() {
    let mut suite = calm().asset(AssetSpec::eth()).build();
    for asset in ["atom", "usdc", "eth"] {
        suite.move_to_pyth(asset);
    }
    suite.elapse(6);
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    suite.give(&bob, "usdc", 10_000 * UNIT);
    let eth = suite.ask().price("eth").unwrap();
    for bytes in [
        b"".as_slice(),
        b"{\"price_feed\":{\"id\":\"\",\"price\":{}}}",
        &[0xff; 1_000],
    ] {
        suite.break_pyth("eth", bytes);
        suite.advance_time(20);
        let pushes = [
            pushes(&suite, "atom", "9.20"),
            pushes(&suite, "usdc", "1"),
            asks(&suite, &["eth", "atom", "usdc"]),
            bids(&suite, position, "usdc", 1_000 * UNIT),
        ];
        let done = suite.send_all(&bob, pushes.to_vec()).unwrap();
        assert!(done.has(Filled::TYPE));
        let now = suite.ask().price("eth").unwrap();
        assert_eq!((now.price, now.published_at), (eth.price, eth.published_at));
        assert_eq!(now.checked_at, suite.now());
    }
}

#[test]
fn attack_28_and_30_a_broken_pyth_stops_borrowing_and_no_repayment() {
    let mut suite = calm().build();
    suite.move_to_pyth("atom");
    suite.elapse(6);
    let position = leveraged(&mut suite);
    let alice = suite.user("alice");
    suite.break_pyth("atom", b"{}");
    suite.advance_time(200);
    let ask = asks(&suite, &["atom"]);
    suite.send(&alice, ask).unwrap();
    suite.set_price("usdc", "1");
    match refused::<ContractError>(suite.positions().borrow(&alice, position, "usdc", 1)) {
        ContractError::Price(PriceRefusal::TooOld { asset, age, .. }) => {
            assert_eq!((asset.as_str(), age), ("atom", 200));
        }
        other => panic!("{other}"),
    }
    suite
        .positions()
        .withdraw(&alice, position, "atom", 1)
        .unwrap_err();
    suite.positions().repay(&alice, position, "usdc", UNIT).unwrap();
    suite.positions().deposit(&alice, position, "atom", UNIT).unwrap();
    // The next price that is one ends it.
    let push = pushes(&suite, "atom", "9.20");
    suite
        .send_all(&alice, vec![push, asks(&suite, &["atom"])])
        .unwrap();
    let record = suite.ask().price("atom").unwrap();
    assert_eq!(
        (record.price.to_string(), record.published_at),
        ("9.2".into(), suite.now())
    );
}

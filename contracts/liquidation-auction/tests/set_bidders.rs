//! `SetBidders`: who alone may buy in the first seconds of a soft lot.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{error, fallen, offer, sale, Puppet};
use glidepath_interfaces::auction::{LotCause, Mode, PreviewBidResponse};
use glidepath_interfaces::events::auction::{BidPassedOver, BiddersSet, Filled, LotStarted, OrdersMatched};
use glidepath_liquidation_auction::ContractError;
use glidepath_risk::curve::Curve;
use glidepath_testkit::handles::item;
use glidepath_testkit::scenes::{calm, on_sale, to_lot, UNIT};
use glidepath_testkit::Suite;

/// A lot of atom whose first 30 s are bob's, at its start.
fn start() -> (Suite, u64) {
    let mut suite = calm().build();
    let bob = suite.user("bob");
    suite.auction().set_bidders("atom", 30, &[&bob]).unwrap();
    let position = on_sale(&mut suite);
    (suite, position)
}

#[test]
fn in_the_first_seconds_only_listed_bidders_buy() {
    let (mut suite, position) = start();
    let (bob, carol) = (suite.user("bob"), suite.user("carol"));
    let until = sale(&suite, position).lot.unwrap().start_at + 30;
    let reserved = ContractError::Reserved { position, until };
    assert_eq!(error(suite.auction().bid(&carol, position, 100 * UNIT)), reserved);
    suite.auction().bid(&bob, position, 100 * UNIT).unwrap();
    suite.until(until - 1);
    assert_eq!(error(suite.auction().bid(&carol, position, 100 * UNIT)), reserved);
    suite.elapse(1);
    suite.auction().bid(&carol, position, 100 * UNIT).unwrap();
}

#[test]
fn every_way_of_bidding_is_held_to_it() {
    let (mut suite, position) = start();
    let (bob, carol) = (suite.user("bob"), suite.user("carol"));
    let until = sale(&suite, position).lot.unwrap().start_at + 30;
    let reserved = ContractError::Reserved { position, until };
    suite.vault().fund_bids(&carol, "usdc", 1_000 * UNIT).unwrap();
    let refused = suite.auction().bid_from_account(&carol, position, 100 * UNIT);
    assert_eq!(error(refused), reserved);
    suite.give(&carol, "usdc", 100 * UNIT);
    let refused = suite
        .auction()
        .bid_many(&carol, vec![item(position)], "usdc", 100 * UNIT);
    assert_eq!(error(refused), reserved);
    // Who has the goods delivered to a listed bidder is none.
    let terms = glidepath_testkit::handles::BidTerms {
        recipient: Some(bob.to_string()),
        ..Default::default()
    };
    let refused = suite
        .auction()
        .bid_with(&carol, position, terms, "usdc", 100 * UNIT);
    assert_eq!(error(refused), reserved);
}

#[test]
fn previews_know_who_asks() {
    let (mut suite, position) = start();
    let (bob, carol) = (suite.user("bob"), suite.user("carol"));
    let until = sale(&suite, position).lot.unwrap().start_at + 30;
    let reserved = PreviewBidResponse::Reserved { until };
    assert_eq!(suite.ask().preview_bid(position, None).unwrap(), reserved);
    assert_eq!(suite.ask().preview_bid_of(position, &carol).unwrap(), reserved);
    let PreviewBidResponse::Fills(preview) = suite.ask().preview_bid_of(position, &bob).unwrap() else {
        panic!("bob may buy");
    };
    let done = suite.auction().bid(&bob, position, preview.paid.u128()).unwrap();
    assert_eq!(
        done.event(Filled::TYPE)
            .unwrap()
            .must::<cosmwasm_std::Uint128>("sold"),
        preview.sold
    );
}

#[test]
fn orders_that_pay_more_come_before_a_listed_bid_and_are_matched_by_nobody_else() {
    let mut suite = calm().build();
    let (bob, vera, keeper) = (suite.user("bob"), suite.user("vera"), suite.user("keeper"));
    suite.auction().set_bidders("atom", 30, &[&bob]).unwrap();
    suite.auction().set_min_order("usdc", Some(UNIT)).unwrap();
    // At 1.025 times the oracle's price it is dearer than the lot's start.
    suite
        .auction()
        .place_order(&vera, ("atom", "usdc"), 0, 1_000 * UNIT)
        .unwrap();
    let position = on_sale(&mut suite);
    let until = sale(&suite, position).lot.unwrap().start_at + 30;
    assert_eq!(
        error(suite.auction().match_orders(&keeper, position)),
        ContractError::Reserved { position, until }
    );
    let carol = suite.user("carol");
    assert_eq!(
        error(suite.auction().bid(&carol, position, 100 * UNIT)),
        ContractError::Reserved { position, until }
    );
    // A listed bidder is no reason for the owner to sell for less.
    let done = suite.auction().bid(&bob, position, 100 * UNIT).unwrap();
    assert!(done.has(OrdersMatched::TYPE));
    suite
        .auction()
        .place_order(&vera, ("atom", "usdc"), 0, 1_000 * UNIT)
        .unwrap();
    suite.until(until);
    let done = suite.auction().match_orders(&keeper, position).unwrap();
    assert!(done.has(OrdersMatched::TYPE));
}

#[test]
fn a_stop_of_fills_uses_up_nothing_of_it() {
    let (mut suite, position) = start();
    let (guardian, carol) = (suite.guardian.clone(), suite.user("carol"));
    suite.elapse(10);
    suite
        .oracle()
        .stop(
            &guardian,
            "atom",
            glidepath_interfaces::oracle::StopKind::Fills,
            600,
        )
        .unwrap();
    suite.elapse(600);
    suite.elapse(19);
    let until = suite.now() + 1;
    assert_eq!(
        error(suite.auction().bid(&carol, position, 100 * UNIT)),
        ContractError::Reserved { position, until }
    );
    suite.elapse(1);
    suite.auction().bid(&carol, position, 100 * UNIT).unwrap();
}

#[test]
fn never_in_close_out_and_never_more_than_a_quarter_of_a_life() {
    let mut puppet = Puppet::new();
    let bob = puppet.suite.user("bob");
    puppet.suite.auction().set_bidders("atom", 60, &[&bob]).unwrap();
    let reserved = |suite: &Suite, position| sale(suite, position).lot.unwrap().reserved;
    puppet.open(1, Mode::Soft, offer(5_000_000)).unwrap();
    assert_eq!(reserved(&puppet.suite, 1), 60);
    let done = puppet.open(2, Mode::CloseOut, offer(5_000_000)).unwrap();
    assert_eq!(reserved(&puppet.suite, 2), 0);
    assert_eq!(done.event(LotStarted::TYPE).unwrap().text("reserved"), None);
    // In a market four times as wild lots fall four times as fast: 450 s are 113.
    let mut wild = offer(5_000_000);
    wild.calm = cosmwasm_std::Decimal::percent(25);
    puppet.open(3, Mode::Soft, wild.clone()).unwrap();
    let lot = sale(&puppet.suite, 3).lot.unwrap();
    assert_eq!(lot.reserved, (lot.ends_at - lot.start_at) / 4);
    assert!(lot.reserved < 60);
    // What nobody else was offered is not where the next goes on: it starts anew, and reserves again.
    puppet.suite.elapse(59);
    puppet.start_lot(1, LotCause::Refresh, offer(5_000_000)).unwrap();
    assert_eq!(reserved(&puppet.suite, 1), 60);
    let Curve::Linear { from, .. } = sale(&puppet.suite, 1).lot.unwrap().curve;
    assert_eq!(from, common::dec("1.005"));
    // A lot that goes on from the price reached was everybody's already; one that starts over is not.
    let start_at = sale(&puppet.suite, 1).lot.unwrap().start_at;
    puppet.suite.until(start_at + 60);
    puppet.start_lot(1, LotCause::Refresh, offer(5_000_000)).unwrap();
    assert_eq!(reserved(&puppet.suite, 1), 0);
    puppet.start_lot(1, LotCause::Escalate, offer(5_000_000)).unwrap();
    assert_eq!(reserved(&puppet.suite, 1), 0);
    puppet.suite.elapse(600);
    let done = puppet.start_lot(3, LotCause::Restart, offer(5_000_000)).unwrap();
    assert_eq!(reserved(&puppet.suite, 3), 60);
    assert_eq!(done.event(LotStarted::TYPE).unwrap().must::<u64>("reserved"), 60);
}

#[test]
fn the_owner_sets_all_of_it_at_once() {
    let mut suite = calm().build();
    let (bob, carol) = (suite.user("bob"), suite.user("carol"));
    let done = suite.auction().set_bidders("atom", 30, &[&carol, &bob]).unwrap();
    let told = done.event(BiddersSet::TYPE).unwrap();
    assert_eq!(told.must::<u64>("reserved"), 30);
    assert_eq!(told.text("bidders"), Some(format!("{carol},{bob}").as_str()));
    let mut both = vec![bob.clone(), carol.clone()];
    both.sort();
    assert_eq!(suite.ask().bidders("atom").unwrap().bidders, both);
    let done = suite.auction().set_bidders("atom", 0, &[]).unwrap();
    assert_eq!(done.event(BiddersSet::TYPE).unwrap().text("bidders"), None);
    let none = suite.ask().bidders("atom").unwrap();
    assert!(none.bidders.is_empty() && none.reserved == 0);
    // Nothing was ever said of it.
    assert_eq!(suite.ask().bidders("osmo").unwrap(), none);
}

#[test]
fn attack_41_a_running_lot_keeps_its_time_and_the_list_counts_at_once() {
    let (mut suite, position) = start();
    let carol = suite.user("carol");
    suite.auction().set_bidders("atom", 0, &[&carol]).unwrap();
    assert_eq!(sale(&suite, position).lot.unwrap().reserved, 30);
    suite.auction().bid(&carol, position, 100 * UNIT).unwrap();
    let bob = suite.user("bob");
    assert!(matches!(
        error(suite.auction().bid(&bob, position, 100 * UNIT)),
        ContractError::Reserved { .. }
    ));
}

#[test]
fn bounds() {
    let mut suite = Suite::default();
    let bob = suite.user("bob");
    let bad = |field: &'static str, value: &str, bound: &str| ContractError::BadTerms {
        field,
        value: value.to_string(),
        bound: bound.to_string(),
    };
    assert_eq!(
        error(suite.auction().set_bidders("atom", 61, &[])),
        bad("reserved", "61", "at most 60 s")
    );
    assert_eq!(
        error(suite.auction().set_bidders("atom", 60, &[])),
        bad("bidders", "nobody", "somebody, where seconds are reserved")
    );
    assert_eq!(
        error(suite.auction().set_bidders("atom", 60, &[&bob, &bob])),
        bad("bidders", bob.as_str(), "listed once")
    );
    let many: Vec<_> = (0..65).map(|n| suite.user(&format!("bidder{n}"))).collect();
    let many: Vec<_> = many.iter().collect();
    assert_eq!(
        error(suite.auction().set_bidders("atom", 60, &many)),
        bad("bidders", "65", "at most 64")
    );
    suite.auction().set_bidders("atom", 60, &many[..64]).unwrap();
    assert!(matches!(
        error(suite.auction().set_bidders("nope", 60, &[])),
        ContractError::Read(_)
    ));
}

#[test]
fn of_several_bids_one_that_is_too_early_is_passed_over() {
    let mut suite = calm().build();
    let positions = fallen(&mut suite, &["alice", "anna"], 100_000);
    let (bob, carol) = (suite.user("bob"), suite.user("carol"));
    suite.positions().advance(positions[0]).unwrap();
    suite.auction().set_bidders("atom", 60, &[&bob]).unwrap();
    suite.positions().advance(positions[1]).unwrap();
    to_lot(&mut suite, positions[1]);
    suite.give(&carol, "usdc", 200 * UNIT);
    let items = vec![item(positions[1]), item(positions[0])];
    let done = suite
        .auction()
        .bid_many(&carol, items, "usdc", 200 * UNIT)
        .unwrap();
    let passed = done.event(BidPassedOver::TYPE).unwrap();
    assert_eq!(passed.must::<u64>("position"), positions[1]);
    let filled: Vec<u64> = done.all(Filled::TYPE).map(|fill| fill.must("position")).collect();
    assert_eq!(filled, [positions[0]]);
}

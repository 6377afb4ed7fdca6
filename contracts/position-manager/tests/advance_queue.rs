//! `Advance` where so much of a collateral is on sale that the next lot waits.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{advance, why, UNIT};
use glidepath_interfaces::auction::Mode;
use glidepath_interfaces::events::position_manager::Advanced as AdvancedEvent;
use glidepath_position_manager::ContractError;
use glidepath_testkit::scenes::{advance_all, leaning, queued, to_lot};
use glidepath_testkit::Suite;

/// Five positions that may each be sold at once, of which the queue takes four: the last is called and waits.
fn crowd(price: &str) -> (Suite, Vec<u64>) {
    let mut suite = queued().build();
    let names = ["ann", "ben", "cat", "dan", "eve"];
    let positions: Vec<u64> = names
        .iter()
        .map(|name| leaning(&mut suite, name, 75_000))
        .collect();
    suite.set_price("atom", price);
    for position in &positions[..4] {
        assert_eq!(advance(&mut suite, *position), "opened");
    }
    (suite, positions)
}

/// Until when a position's lot waits.
fn waits_until(suite: &mut Suite, position: u64) -> u64 {
    match why(suite.positions().advance(position)) {
        ContractError::QueueFull { until } => until,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_call_is_recorded_though_its_sale_waits_and_opens_when_the_queue_says() {
    let (mut suite, positions) = crowd("9");
    let (now, last) = (suite.now(), positions[4]);
    assert_eq!(advance(&mut suite, last), "called", "with no grace left");
    let until = waits_until(&mut suite, last);
    // $100,000 too much, of which $1,600,000 an hour are taken up.
    assert_eq!(until, now + 225);
    let due = suite.ask().due(last).unwrap();
    assert_eq!((due.due, due.not_before), (None, Some(until)));
    assert!(due.refused.unwrap().contains(&until.to_string()));
    suite.until(until - 1);
    assert_eq!(waits_until(&mut suite, last), until);
    suite.until(until);
    assert_eq!(advance(&mut suite, last), "opened");
}

#[test]
fn a_fall_that_goes_on_is_sighted_while_the_lot_waits() {
    let (mut suite, positions) = crowd("9");
    let last = positions[4];
    advance(&mut suite, last);
    suite.elapse(6);
    suite.set_price("atom", "8.2");
    let done = suite.positions().advance(last).unwrap();
    assert_eq!(
        done.event(AdvancedEvent::TYPE).unwrap().text("did"),
        Some("sighted")
    );
    suite.elapse(46);
    // Seen twice, but a close-out takes its place in the same queue.
    waits_until(&mut suite, last);
}

/// A close-out's lot is four times as large. Had it to wait for its own room, the soft lots of others would take that for as
/// long as they come.
#[test]
fn attack_78_who_needs_a_close_out_waits_no_longer_than_for_a_soft_lot() {
    let (mut suite, positions) = crowd("9");
    let (start, last) = (suite.now(), positions[4]);
    advance(&mut suite, last);
    suite.elapse(6);
    suite.set_price("atom", "8.2");
    assert_eq!(advance(&mut suite, last), "sighted");
    suite.elapse(46);
    let until = waits_until(&mut suite, last);
    assert_eq!(until, start + 225);
    assert_eq!(suite.ask().due(last).unwrap().not_before, Some(until));
    suite.until(until);
    assert_eq!(advance(&mut suite, last), "opened");
    let mode = |suite: &Suite| suite.ask().sale(last).unwrap().sale.mode;
    assert_eq!(mode(&suite), Mode::Soft);
    // It stands as seen twice, and is closed out when there is room for the rest of its lot.
    let closed = waits_until(&mut suite, last);
    suite.until(closed);
    advance_all(&mut suite, last);
    assert_eq!(mode(&suite), Mode::CloseOut);
}

#[test]
fn a_lot_that_expired_starts_over_without_a_place_and_a_cleared_one_needs_one() {
    let (mut suite, positions) = crowd("8.70");
    let last = positions[4];
    advance(&mut suite, last);
    // Nobody bids: the first four start over, each as soon as its life is over, however full the queue is.
    let first = suite.ask().sale(positions[0]).unwrap().sale.lot.unwrap();
    suite.until(first.ends_at + 1);
    let opened = advance(&mut suite, last);
    assert_eq!(opened, "opened");
    let bob = suite.user("bob");
    let mut left = vec![];
    for position in &positions[..3] {
        let position = *position;
        assert_eq!(advance(&mut suite, position), "restarted");
        to_lot(&mut suite, position);
        suite.auction().bid(&bob, position, 200_000 * UNIT).unwrap();
        left.push(
            suite
                .ask()
                .sale(position)
                .unwrap()
                .sale
                .lot
                .unwrap()
                .left
                .is_zero(),
        );
    }
    // A bid is never refused for the queue: the first two's next lots took the last places, the third one's waits.
    assert_eq!(left, [false, false, true]);
    let until = waits_until(&mut suite, positions[2]);
    suite.until(until);
    assert_eq!(advance(&mut suite, positions[2]), "next_lot");
}

#[test]
fn what_was_not_sold_makes_room_for_others() {
    let (mut suite, positions) = crowd("9");
    let last = positions[4];
    advance(&mut suite, last);
    waits_until(&mut suite, last);
    // One of the four repays: its lot ends before its time.
    let ann = suite.user("ann");
    suite
        .positions()
        .repay(&ann, positions[0], "usdc", 300_000 * UNIT)
        .unwrap();
    assert!(suite.ask().sale(positions[0]).is_err());
    assert_eq!(advance(&mut suite, last), "opened");
    advance_all(&mut suite, last);
}

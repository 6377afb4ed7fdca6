//! Attacks by strangers and by those who act for others: 62 (a stranger fills the slots or the cap).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use glidepath_position_manager::ContractError;
use glidepath_testkit::handles::{borrow, deposit, withdraw};
use glidepath_testkit::scenes::{called, calm, UNIT};
use glidepath_testkit::{refused, AssetSpec, Suite};

/// A called position beside others who have filled the cap of its collateral, $4,000,000.
fn full() -> (Suite, u64) {
    let mut suite = calm().asset(AssetSpec::eth().calm()).build();
    let position = called(&mut suite);
    let mallory = suite.user("mallory");
    // At a smoothed price near $10 there is room for some 400,000 in all.
    let mut room = 300_000 * UNIT;
    while room > UNIT {
        let opened = suite.positions().open(&mallory, &[("atom", room)], &[]);
        if opened.is_err() {
            room /= 2;
        }
    }
    (suite, position)
}

/// What cures a distress may exceed a full cap; but not by more than the target needs, and with a loan or a withdrawal in
/// the same message it would need whatever one likes.
#[test]
fn attack_62_a_cure_is_no_way_around_the_cap() {
    let (mut suite, position) = full();
    let alice = suite.user("alice");
    let over = |result| match refused::<ContractError>(result) {
        ContractError::OverhangCap { total, cap, .. } => assert!(total > cap),
        other => panic!("{other}"),
    };
    let mut attempt = |actions, atoms: u128| {
        suite.give(&alice, "atom", atoms);
        let payment = [("atom", atoms)];
        suite
            .positions()
            .update(&alice, Some(position), actions, &payment)
    };
    // Ten times the position, lent against to the last.
    over(attempt(
        vec![
            deposit("atom", 1_000_000 * UNIT),
            borrow("usdc", 6_500_000 * UNIT),
        ],
        1_000_000 * UNIT,
    ));
    // More than the target needs.
    over(attempt(vec![deposit("atom", 50_000 * UNIT)], 50_000 * UNIT));
    // What it needs.
    attempt(vec![deposit("atom", 8_000 * UNIT)], 8_000 * UNIT).unwrap();
}

/// The same with another collateral that leaves in its place.
#[test]
fn attack_62_a_cure_is_no_way_to_change_sides_over_the_cap() {
    let (mut suite, _) = full();
    let carol = suite.user("carol");
    let eth = suite.units("eth", "400");
    // $1,000,000 of eth and a dollar of atom against $740,000; then eth falls.
    let whale = suite
        .positions()
        .open(&carol, &[("eth", eth)], &[("usdc", 740_000 * UNIT)])
        .unwrap();
    suite.set_price("atom", "9.00");
    suite
        .positions()
        .deposit(&carol, whale, "atom", UNIT / 100)
        .unwrap();
    suite.set_price("eth", "2300");
    suite.positions().advance(whale).unwrap();
    suite.give(&carol, "atom", 110_000 * UNIT);
    let swap = vec![deposit("atom", 110_000 * UNIT), withdraw("eth", eth - 1)];
    let payment = [("atom", 110_000 * UNIT)];
    let result = suite.positions().update(&carol, Some(whale), swap, &payment);
    match refused::<ContractError>(result) {
        ContractError::OverhangCap { total, cap, .. } => assert!(total > cap),
        other => panic!("{other}"),
    }
}

//! Grace and sales around outages of a price and stops of fills.
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
use glidepath_interfaces::oracle::StopKind;
use glidepath_interfaces::position_manager::Stage;
use glidepath_position_manager::ContractError;
use glidepath_testkit::{id, scenes, Suite};

/// Nobody posts a price of `atom` for so long; the silence is witnessed halfway, and other prices come in.
fn silence(suite: &mut Suite, seconds: u64) {
    let keeper = suite.user("keeper");
    for part in [seconds / 2, seconds - seconds / 2] {
        suite.advance_time(part);
        suite.post(&[(id("usdc"), "1".parse().unwrap())]);
        suite.oracle().update_prices(&keeper, &["atom"]).unwrap();
    }
}

fn grace_until(suite: &Suite, position: u64) -> u64 {
    match stage(suite, position) {
        Stage::MarginCall { grace_until, .. } => grace_until,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_outage_makes_a_grace_longer_by_its_length() {
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    let called_at = suite.now();
    silence(&mut suite, 1_400);
    // It moves along while the source is out.
    assert_eq!(grace_until(&suite, position), called_at + 900 + 1_400);
    assert_eq!(
        why(suite.positions().advance(position)),
        ContractError::GracePeriod {
            until: called_at + 900 + 1_400
        }
    );
    suite.elapse(100);
    assert_eq!(grace_until(&suite, position), called_at + 900 + 1_500);
    suite.elapse(899);
    let until = called_at + 2_400;
    assert_eq!(
        why(suite.positions().advance(position)),
        ContractError::GracePeriod { until }
    );
    suite.until(until);
    assert_eq!(advance(&mut suite, position), "opened");
}

/// A guardian who stops the fills of an asset whose price is out makes its grace no longer than either does alone.
#[test]
fn attack_68_an_outage_and_a_stop_at_once_are_counted_once() {
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    let (called_at, guardian) = (suite.now(), suite.guardian.clone());
    suite
        .oracle()
        .stop(&guardian, "atom", StopKind::Fills, 1_500)
        .unwrap();
    silence(&mut suite, 1_400);
    assert_eq!(grace_until(&suite, position), called_at + 900 + 1_400);
    suite.elapse(200);
    assert_eq!(grace_until(&suite, position), called_at + 900 + 1_600);
    suite.until(called_at + 2_500);
    assert_eq!(advance(&mut suite, position), "opened");
}

#[test]
fn a_grace_used_in_an_outage_is_not_remembered() {
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    suite.elapse(100);
    silence(&mut suite, 1_400);
    suite.set_price("atom", "10");
    assert_eq!(advance(&mut suite, position), "lapsed");
    suite.set_price("atom", "9.20");
    let called_at = suite.now();
    assert_eq!(advance(&mut suite, position), "called");
    assert_eq!(grace_until(&suite, position), called_at + 800);
}

#[test]
fn attack_79_a_healthy_source_that_nobody_asked_makes_no_grace_longer() {
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    let called_at = suite.now();
    // 700 s without a poll, longer than the gap: then the source answers, and was never out.
    suite.advance_time(700);
    suite.refresh();
    assert_eq!(grace_until(&suite, position), called_at + 900);
    suite.until(called_at + 900);
    assert_eq!(advance(&mut suite, position), "opened");
}

#[test]
fn attack_61_an_asset_added_after_the_call_makes_no_grace_longer() {
    let mut suite = scenes::calm().asset(glidepath_testkit::AssetSpec::eth()).build();
    // Before the call the other asset's source was out for hours.
    let keeper = suite.user("keeper");
    suite.advance_time(7_200);
    suite.oracle().update_prices(&keeper, &["eth"]).unwrap();
    suite.refresh();
    assert!(suite.ask().price("eth").unwrap().pauses().seconds_by(suite.now()) >= 7_000);
    let position = scenes::called(&mut suite);
    let until = grace_until(&suite, position);
    let alice = suite.user("alice");
    suite
        .positions()
        .deposit(&alice, position, "eth", 1_000_000)
        .unwrap();
    assert_eq!(grace_until(&suite, position), until);
}

#[test]
fn a_pair_that_cannot_be_traded_makes_way_for_one_that_can() {
    let mut suite = scenes::calm()
        .asset(glidepath_testkit::AssetSpec::gold().calm().depth(200_000))
        .build();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(
            &alice,
            &[("atom", 50_000 * UNIT), ("gold", 25_000_000_000)],
            &[("usdc", 690_000 * UNIT)],
        )
        .unwrap();
    suite.set_prices(&[("atom", "9.1"), ("gold", "1820")]);
    advance(&mut suite, position);
    suite.elapse(901);
    assert_eq!(advance(&mut suite, position), "opened");
    scenes::to_lot(&mut suite, position);
    let first = suite.ask().sale(position).unwrap().sale.collateral;
    assert_eq!(first, id("gold"), "the lower weight goes first");
    // Its source falls silent for longer than a price may be old for health.
    let keeper = suite.user("keeper");
    for _ in 0..8 {
        suite.advance_time(120);
        suite.post(&[
            (id("usdc"), "1".parse().unwrap()),
            (id("atom"), "9.1".parse().unwrap()),
        ]);
        suite.oracle().update_prices(&keeper, &["gold"]).unwrap();
    }
    assert_eq!(advance(&mut suite, position), "next_lot");
    let sale = suite.ask().sale(position).unwrap().sale;
    assert_eq!(sale.collateral, id("atom"));
    assert!(!sale.lot.unwrap().follows);
}

#[test]
fn attack_61_a_little_of_a_silent_asset_makes_no_grace_longer() {
    let eth = glidepath_testkit::AssetSpec::eth().calm();
    let mut suite = scenes::calm().asset(eth).build();
    let position = scenes::leveraged(&mut suite);
    let alice = suite.user("alice");
    // $50,000 beside $870,000.
    suite
        .positions()
        .deposit(&alice, position, "eth", 20_000_000_000_000_000_000)
        .unwrap();
    suite.set_price("atom", "8.70");
    advance(&mut suite, position);
    let called_at = suite.now();
    let keeper = suite.user("keeper");
    for _ in 0..8 {
        suite.advance_time(100);
        suite.post(&[
            (id("usdc"), "1".parse().unwrap()),
            (id("atom"), "8.7".parse().unwrap()),
        ]);
        suite.oracle().update_prices(&keeper, &["eth"]).unwrap();
    }
    assert!(suite.ask().price("eth").unwrap().outage.is_open());
    assert_eq!(grace_until(&suite, position), called_at + 900);
}

/// A call at an old price of one collateral, whose source turns out to be out since before: while the outage lasts, a fall of
/// the other one below the health that leaves no grace opens a sale of it.
#[test]
fn attack_61_a_silence_from_before_the_call_is_no_grace_without_end() {
    let mut suite = scenes::calm()
        .asset(glidepath_testkit::AssetSpec::gold().calm().depth(200_000))
        .build();
    let alice = suite.user("alice");
    let held = [("atom", 50_000 * UNIT), ("gold", 25_000_000_000)];
    let position = suite
        .positions()
        .open(&alice, &held, &[("usdc", 690_000 * UNIT)])
        .unwrap();
    suite.set_prices(&[("atom", "9.4"), ("gold", "2000")]);
    let keeper = suite.user("keeper");
    let pass = |suite: &mut Suite, seconds, atom: &str| {
        suite.advance_time(seconds);
        suite.post(&[
            (id("usdc"), "1".parse().unwrap()),
            (id("atom"), atom.parse().unwrap()),
        ]);
        suite.oracle().update_prices(&keeper, &["gold"]).unwrap();
    };
    let health = |suite: &Suite| suite.ask().health(position).unwrap().unwrap();
    pass(&mut suite, 300, "8.4");
    assert!(health(&suite) > Decimal::percent(99));
    assert_eq!(advance(&mut suite, position), "called");
    for _ in 0..4 {
        pass(&mut suite, 100, "7.7");
    }
    assert!(health(&suite) > Decimal::percent(95));
    assert!(suite.ask().price("gold").unwrap().outage.is_open());
    assert_eq!(advance(&mut suite, position), "opened");
}

/// Collaterals of two assets, the first of which is sold first and falls silent: its price is good for health for hours, but
/// after three minutes nobody can buy at it. What is behind it is sold, whether the silence began in its lot or before.
#[test]
fn attack_61_a_price_too_old_for_a_fill_holds_up_nothing_behind_it() {
    let gold = glidepath_testkit::AssetSpec::gold().calm().depth(200_000);
    let mut suite = scenes::calm()
        .asset(gold.tune(|params| params.limits.health = 7_200))
        .build();
    let alice = suite.user("alice");
    let held = [("atom", 50_000 * UNIT), ("gold", 25_000_000_000)];
    let open = |suite: &mut Suite| {
        let owed = [("usdc", 690_000 * UNIT)];
        suite.positions().open(&alice, &held, &owed).unwrap()
    };
    let (running, called) = (open(&mut suite), open(&mut suite));
    suite.set_prices(&[("atom", "9.1"), ("gold", "1820")]);
    advance(&mut suite, running);
    suite.elapse(400);
    advance(&mut suite, called);
    suite.elapse(501);
    assert_eq!(advance(&mut suite, running), "opened");
    scenes::to_lot(&mut suite, running);
    let on_sale = |suite: &Suite, position| suite.ask().sale(position).unwrap().sale.collateral;
    assert_eq!(
        on_sale(&suite, running),
        id("gold"),
        "the lower weight goes first"
    );

    let keeper = suite.user("keeper");
    let pass = |suite: &mut Suite| {
        suite.advance_time(90);
        suite.post(&[
            (id("usdc"), "1".parse().unwrap()),
            (id("atom"), "9.1".parse().unwrap()),
        ]);
        suite.oracle().update_prices(&keeper, &["gold"]).unwrap();
    };
    pass(&mut suite);
    pass(&mut suite);
    suite.positions().advance(running).unwrap_err();
    pass(&mut suite);
    assert_eq!(advance(&mut suite, running), "next_lot");
    assert_eq!(on_sale(&suite, running), id("atom"));
    for _ in 0..3 {
        pass(&mut suite);
    }
    assert_eq!(advance(&mut suite, called), "opened");
    assert_eq!(on_sale(&suite, called), id("atom"));
    scenes::to_lot(&mut suite, called);
}

/// The sources fall silent in the first pass of a close-out. While nobody can buy, lots expire one after the other, and none
/// of them is a pass: when prices are back nothing is sold below the loan-to-value, and the penalty stands.
#[test]
fn attack_82_a_silence_uses_up_no_pass_of_a_close_out() {
    let mut suite = scenes::calm().build();
    let position = scenes::closing_out(&mut suite);
    let keeper = suite.user("keeper");
    let before = suite.ask().sale(position).unwrap().sale;
    assert_eq!((before.pass, before.unsold), (0, 0));
    for _ in 0..3 {
        suite.advance_time(190);
        suite.oracle().update_prices(&keeper, &["atom", "usdc"]).unwrap();
        assert_eq!(advance(&mut suite, position), "refreshed");
    }
    let after = suite.ask().sale(position).unwrap().sale;
    assert_eq!(
        (after.pass, after.unsold, after.penalty),
        (0, 0, before.penalty),
        "nobody could buy"
    );
    assert!(after.lot.unwrap().start_at > suite.now());
    // With prices it is one.
    suite.elapse(190);
    assert_eq!(advance(&mut suite, position), "restarted");
    assert_eq!(suite.ask().sale(position).unwrap().sale.pass, 1);
}

/// A call at a price that is nine minutes old, whose source turns out to have been out since: what passed before the call
/// makes its grace no longer.
#[test]
fn attack_61_a_silence_before_the_call_is_no_part_of_its_grace() {
    let gold = glidepath_testkit::AssetSpec::gold().calm().depth(200_000);
    let mut suite = scenes::calm().asset(gold).build();
    let alice = suite.user("alice");
    let held = [("atom", 50_000 * UNIT), ("gold", 25_000_000_000)];
    let owed = [("usdc", 690_000 * UNIT)];
    let position = suite.positions().open(&alice, &held, &owed).unwrap();
    suite.set_prices(&[("atom", "9.4"), ("gold", "2000")]);
    let keeper = suite.user("keeper");
    let pass = |suite: &mut Suite, seconds| {
        suite.advance_time(seconds);
        suite.post(&[
            (id("usdc"), "1".parse().unwrap()),
            (id("atom"), "8.4".parse().unwrap()),
        ]);
        suite.oracle().update_prices(&keeper, &["gold"]).unwrap();
    };
    pass(&mut suite, 540);
    assert_eq!(advance(&mut suite, position), "called");
    let called_at = suite.now();
    pass(&mut suite, 100);
    assert!(suite.ask().price("gold").unwrap().outage.is_open());
    suite.advance_time(100);
    suite.set_prices(&[("atom", "8.4"), ("gold", "2000"), ("usdc", "1")]);
    suite.until(called_at + 700);
    assert_eq!(grace_until(&suite, position), called_at + 900 + 200);
}

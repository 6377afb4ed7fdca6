//! The life of an asset: reduce-only, dead, without a price for long, delisted; and initial weights that shrink.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{advance, dec, why, UNIT};
use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::events::vault::{CollateralSurrendered, DebtWrittenOff};
use glidepath_interfaces::position_manager::{AssetStatus, Stage};
use glidepath_position_manager::ContractError;
use glidepath_risk::Value;
use glidepath_testkit::scenes::{advance_all, called, calm, run_down};
use glidepath_testkit::{defaults, id, AssetSpec, Suite};

fn rock() -> AssetSpec {
    AssetSpec::native("rock", "urock", 6, "10")
        .as_collateral(defaults::MAJOR)
        .calm()
}

fn suite() -> Suite {
    calm().asset(rock()).build()
}

/// Time passes in which `rock`'s source is asked and says nothing.
fn silence(suite: &mut Suite, seconds: u64, atom: &str) {
    suite.advance_time(seconds);
    suite.post(&[(id("atom"), dec(atom)), (id("usdc"), Decimal::one())]);
    let anybody = suite.user("anybody");
    suite.oracle().update_prices(&anybody, &["rock"]).unwrap();
}

fn open(suite: &mut Suite, deposits: &[(&str, u128)], usdc: u128) -> u64 {
    let alice = suite.user("alice");
    suite
        .positions()
        .open(&alice, deposits, &[("usdc", usdc * UNIT)])
        .unwrap()
}

#[test]
fn attack_26_and_32_what_a_reduce_only_asset_leaves_open() {
    let mut suite = suite();
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    let position = open(&mut suite, &[("rock", 1_000 * UNIT), ("atom", 100 * UNIT)], 5_000);
    let before = suite.ask().position(position).unwrap().health;
    let refused = suite.positions().set_asset("rock", defaults::asset_params());
    assert_eq!(
        why(refused),
        ContractError::InUse {
            asset: id("rock"),
            field: "collateral"
        }
    );
    suite
        .positions()
        .set_status("rock", AssetStatus::ReduceOnly)
        .unwrap();
    let after = suite.ask().position(position).unwrap().health;
    assert_eq!(
        (after.target, after.maintenance),
        (before.target, before.maintenance)
    );
    assert_eq!(after.initial, Some(dec("0.15")), "only the atom counts");
    assert!(suite.positions().advance(position).is_err());
    let gone = ContractError::ReduceOnly {
        asset: id("rock"),
        status: AssetStatus::ReduceOnly,
    };
    for who in [&alice, &bob] {
        assert_eq!(why(suite.positions().deposit(who, position, "rock", UNIT)), gone);
    }
    assert!(matches!(
        why(suite.positions().borrow(&alice, position, "usdc", 1)),
        ContractError::BelowInitialMargin { .. }
    ));
    suite
        .positions()
        .repay(&bob, position, "usdc", 4_500 * UNIT)
        .unwrap();
    // The atom carries the rest alone.
    suite
        .positions()
        .withdraw(&alice, position, "rock", 999 * UNIT)
        .unwrap();
    // A debt of it can be repaid and not be borrowed.
    suite
        .positions()
        .set_status("usdc", AssetStatus::ReduceOnly)
        .unwrap();
    assert!(matches!(
        why(suite.positions().borrow(&alice, position, "usdc", UNIT)),
        ContractError::ReduceOnly { .. }
    ));
    suite
        .positions()
        .repay(&alice, position, "usdc", 600 * UNIT)
        .unwrap();
    suite
        .positions()
        .withdraw(&alice, position, "rock", UNIT)
        .unwrap();
    // Nobody holds it: off the list.
    suite
        .positions()
        .set_asset("rock", defaults::asset_params())
        .unwrap();
    assert!(matches!(
        glidepath_testkit::refused(suite.positions().open(&alice, &[("rock", UNIT)], &[])),
        ContractError::NotCollateral { .. }
    ));
}

#[test]
fn a_reduce_only_asset_still_cures_and_is_still_sold() {
    let mut suite = calm().build();
    let position = called(&mut suite);
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    suite
        .positions()
        .set_status("atom", AssetStatus::ReduceOnly)
        .unwrap();
    suite.positions().deposit(&bob, position, "atom", UNIT).unwrap();
    // Beyond the cure it is not taken.
    assert!(matches!(
        why(suite
            .positions()
            .deposit(&alice, position, "atom", 100_000 * UNIT)),
        ContractError::ReduceOnly { .. }
    ));
    run_down(&mut suite, position, &bob);
    let healths = suite.ask().position(position).unwrap().health;
    assert!(healths.target.unwrap() >= dec("0.9999"), "{healths:?}");
}

#[test]
fn attack_75_a_dead_only_collateral_is_written_off_by_credit_to_the_fund() {
    let mut suite = suite();
    let position = open(&mut suite, &[("rock", 1_000 * UNIT)], 5_000);
    let alice = suite.user("alice");
    suite.positions().set_status("rock", AssetStatus::Dead).unwrap();
    let told = suite.ask().position(position).unwrap();
    assert_eq!(told.collateral_value, Value::ZERO);
    assert!(matches!(told.stage, Stage::Insolvent {}));
    for refused in [
        suite.positions().deposit(&alice, position, "rock", UNIT),
        suite.positions().borrow(&alice, position, "usdc", UNIT),
        suite.positions().withdraw(&alice, position, "rock", UNIT),
    ] {
        why(refused);
    }
    // Its source is gone for ever: nobody has to ask it.
    suite.advance_time(3_600);
    suite.post(&[(id("usdc"), Decimal::one())]);
    assert_eq!(advance(&mut suite, position), "called");
    // Seen twice.
    advance_all(&mut suite, position);
    assert!(!suite.ask().ledger(position).unwrap().ledger.debts.is_empty());
    suite.advance_time(60);
    suite.post(&[(id("usdc"), Decimal::one())]);
    let done = suite.positions().advance(position).unwrap();
    let event = done.event(CollateralSurrendered::TYPE).unwrap();
    assert_eq!(event.must::<Uint128>("amount").u128(), 1_000 * UNIT);
    assert!(done.has(DebtWrittenOff::TYPE));
    let fund = suite.peers.insurance_fund.clone();
    assert_eq!(suite.ask().account(&fund, "rock").unwrap(), 1_000 * UNIT);
    assert!(suite.ask().ledger(position).unwrap().ledger.debts.is_empty());
}

#[test]
fn what_is_dead_is_withdrawn_without_debt_and_never_sold() {
    let mut suite = suite();
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    let free = open(&mut suite, &[("rock", 1_000 * UNIT)], 100);
    let mixed = open(&mut suite, &[("rock", 500 * UNIT), ("atom", 1_000 * UNIT)], 8_000);
    suite.positions().set_status("rock", AssetStatus::Dead).unwrap();
    suite.positions().repay(&bob, free, "usdc", 200 * UNIT).unwrap();
    suite
        .positions()
        .withdraw(&alice, free, "rock", 1_000 * UNIT)
        .unwrap();
    // $10,000 of atom against $8,000: the atom is sold to the target, the rock stays.
    suite.set_price("atom", "9.95");
    run_down(&mut suite, mixed, &bob);
    assert_eq!(suite.ask().held(mixed, "rock").unwrap(), 500 * UNIT);
    assert!(suite.ask().held(mixed, "atom").unwrap() < 1_000 * UNIT);
    let healths = suite.ask().position(mixed).unwrap().health;
    assert!(healths.target.unwrap() >= dec("0.999"), "{healths:?}");
    assert!(suite.ask().liquidation_prices(mixed).unwrap()[0]
        .liquidation_price
        .is_none());
}

#[test]
fn a_dead_debt_counts_and_is_repaid_and_nothing_is_sold_for_it() {
    let mut suite = calm().build();
    let position = called(&mut suite);
    let alice = suite.user("alice");
    let before = suite.ask().health(position).unwrap();
    suite.positions().set_status("usdc", AssetStatus::Dead).unwrap();
    assert_eq!(suite.ask().health(position).unwrap(), before);
    suite.elapse(901);
    assert_eq!(
        why(suite.positions().advance(position)),
        ContractError::NothingSellable {}
    );
    assert!(matches!(
        why(suite.positions().withdraw(&alice, position, "atom", 1)),
        ContractError::ReduceOnly { .. }
    ));
    suite
        .positions()
        .repay(&alice, position, "usdc", 800_000 * UNIT)
        .unwrap();
    suite
        .positions()
        .withdraw(&alice, position, "atom", UNIT)
        .unwrap();
}

#[test]
fn attack_61_a_silent_collateral_stops_counting_and_is_never_given_away() {
    let mut suite = suite();
    let position = open(&mut suite, &[("rock", 1_000 * UNIT)], 5_000);
    let value = |suite: &Suite| suite.ask().position(position).unwrap().collateral_value;
    let published = suite.ask().price("rock").unwrap().published_at;
    silence(&mut suite, 3_600, "10");
    assert_eq!(value(&suite), Value::usd(10_000), "the last good price stands in");
    let left = published + 86_400 - suite.now();
    silence(&mut suite, left, "10");
    assert_eq!(value(&suite), Value::usd(10_000));
    silence(&mut suite, 1, "10");
    assert_eq!(value(&suite), Value::ZERO);
    assert_eq!(advance(&mut suite, position), "called");
    // Seen as often as one likes: suspended, not written off.
    for _ in 0..5 {
        advance_all(&mut suite, position);
        silence(&mut suite, 400, "10");
    }
    advance_all(&mut suite, position);
    let refused = why(suite.positions().advance(position));
    assert!(
        matches!(
            refused,
            ContractError::NothingSellable {} | ContractError::Unconfirmed { .. }
        ),
        "{refused:?}"
    );
    assert_eq!(suite.ask().held(position, "rock").unwrap(), 1_000 * UNIT);
    // Its price is back: so is its value, and the call lapses.
    suite.refresh();
    assert_eq!(value(&suite), Value::usd(10_000));
    assert_eq!(advance(&mut suite, position), "lapsed");
    // The owner's word gives it up.
    silence(&mut suite, 86_401, "10");
    advance_all(&mut suite, position);
    suite.positions().set_status("rock", AssetStatus::Dead).unwrap();
    for _ in 0..3 {
        silence(&mut suite, 60, "10");
        advance_all(&mut suite, position);
    }
    assert_eq!(suite.ask().held(position, "rock").unwrap(), 0);
    assert!(suite.ask().ledger(position).unwrap().ledger.debts.is_empty());
}

#[test]
fn attack_61_a_unit_of_a_silent_asset_neither_shields_nor_sinks() {
    for status in [AssetStatus::Listed, AssetStatus::ReduceOnly, AssetStatus::Dead] {
        let mut suite = suite();
        let (alice, bob) = (suite.user("alice"), suite.user("bob"));
        let position = open(&mut suite, &[("atom", 1_000 * UNIT), ("rock", 1)], 5_000);
        suite.positions().set_status("rock", status).unwrap();
        silence(&mut suite, 90_000, "10");
        // Withdrawing, borrowing and repaying of the rest go on.
        suite
            .positions()
            .withdraw(&alice, position, "atom", UNIT)
            .unwrap();
        suite
            .positions()
            .borrow(&alice, position, "usdc", 2_400 * UNIT)
            .unwrap();
        silence(&mut suite, 6, "9.20");
        assert_eq!(advance(&mut suite, position), "called");
        silence(&mut suite, 901, "9.20");
        assert_eq!(advance(&mut suite, position), "opened");
        silence(&mut suite, 12, "9.20");
        suite.auction().bid(&bob, position, 1_000 * UNIT).unwrap();
        suite
            .positions()
            .repay(&bob, position, "usdc", 4_000 * UNIT)
            .unwrap();
        assert!(suite.ask().sale(position).is_err(), "{status}: cured");
        // What can be sold runs out, and the unit goes with the rest of the debt.
        suite.positions().borrow(&alice, position, "usdc", UNIT).ok();
        silence(&mut suite, 6, "0.0001");
        for _ in 0..12 {
            advance_all(&mut suite, position);
            silence(&mut suite, 200, "0.0001");
        }
        let ledger = suite.ask().ledger(position).unwrap().ledger;
        assert!(
            ledger.debts.is_empty() && ledger.collateral.is_empty(),
            "{status}: {ledger:?}"
        );
    }
}

#[test]
fn attack_57_what_shrinks_initial_weights_changes_nothing_that_is_sold() {
    let plain = |shrinks: bool| {
        calm()
            .asset(AssetSpec::atom().calm().depth(200_000).tune(|params| {
                let collateral = params.collateral.as_mut().unwrap();
                if shrinks {
                    collateral.size_factor = Decimal::percent(5);
                    collateral.volatility_factor = Decimal::one();
                }
                params.volatility_reference = Decimal::percent(30);
            }))
            .build()
    };
    let told = |shrinks| {
        let mut suite = plain(false);
        let position = called(&mut suite);
        if shrinks {
            let mut params = suite.ask().asset("atom").unwrap().target;
            let collateral = params.collateral.as_mut().unwrap();
            collateral.size_factor = Decimal::percent(5);
            collateral.volatility_factor = Decimal::one();
            suite.positions().set_asset("atom", params).unwrap();
        }
        let healths = suite.ask().position(position).unwrap().health;
        suite.elapse(901);
        suite.positions().advance(position).unwrap();
        suite.elapse(30);
        let sellable = common::sellable(&suite, position);
        (healths, sellable)
    };
    let ((was, sold), (is, now)) = (told(false), told(true));
    assert_eq!(sold, now);
    assert_eq!((was.target, was.maintenance), (is.target, is.maintenance));
    assert!(is.initial < was.initial);
    // Four depths and twice the normal volatility: .75 / 2 / 1.1 of $800,000.
    let mut suite = plain(true);
    let alice = suite.user("alice");
    let volatility = suite.ask().price("atom").unwrap().volatility;
    let wild = volatility / Decimal::percent(30);
    let most = Decimal::percent(75) / wild / dec("1.1") * dec("800000");
    let most = most.to_uint_floor().u128();
    let mut open = |owed| {
        suite
            .positions()
            .open(&alice, &[("atom", 80_000 * UNIT)], &[("usdc", owed * UNIT)])
    };
    assert!(matches!(
        glidepath_testkit::refused(open(most + 1)),
        ContractError::BelowInitialMargin { .. }
    ));
    open(most - 1).unwrap();
}

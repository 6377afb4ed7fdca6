//! `Update` of a position in distress: what it ends, what it does not, and what it may.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{advance, dec, stage, why, UNIT};
use cosmwasm_std::Decimal;
use glidepath_interfaces::auction::Mode;
use glidepath_interfaces::events::auction::SaleEnded;
use glidepath_interfaces::events::position_manager::DistressEnded;
use glidepath_interfaces::position_manager::Stage;
use glidepath_position_manager::ContractError;
use glidepath_testkit::handles::{borrow, deposit, repay_all, withdraw};
use glidepath_testkit::{id, scenes, AssetSpec, Suite};

#[test]
fn a_call_ends_with_the_repayment_that_restores_maintenance() {
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    let alice = suite.user("alice");
    suite.elapse(300);
    let done = suite
        .positions()
        .repay(&alice, position, "usdc", 1_000 * UNIT)
        .unwrap();
    assert!(!done.has(DistressEnded::TYPE), "not enough");
    assert!(matches!(stage(&suite, position), Stage::MarginCall { .. }));
    let owed = suite.ask().owed(position, "usdc").unwrap();
    let done = suite
        .positions()
        .repay(&alice, position, "usdc", 10_000 * UNIT)
        .unwrap();
    let event = done.event(DistressEnded::TYPE).unwrap();
    assert_eq!(event.text("reason"), Some("lapsed"));
    assert!(event.must::<Decimal>("health") >= Decimal::one());
    // What cured it is the owner, not the price: the surcharge stays due.
    assert_eq!(suite.ask().owed(position, "usdc").unwrap(), owed - 10_000 * UNIT);
    assert!(owed > 739_000 * UNIT);
    assert_eq!(
        suite.ask().ledger(position).unwrap().ledger.surcharge_rate,
        Decimal::zero()
    );
    assert_eq!(stage(&suite, position), Stage::Restricted {});
    assert!(suite.ask().distressed(None, 10).unwrap().is_empty());
    // Its grace is remembered.
    suite.set_price("atom", "9.05");
    assert_eq!(advance(&mut suite, position), "called");
    assert_eq!(suite.ask().position(position).unwrap().grace_left, Some(600));
    // And so is what the second call uses, besides what the first did. (To post a price takes a second.)
    suite.elapse(199);
    suite.set_price("atom", "9.5");
    advance(&mut suite, position);
    suite.set_price("atom", "9.05");
    assert_eq!(advance(&mut suite, position), "called");
    assert_eq!(suite.ask().position(position).unwrap().grace_left, Some(400));
}

#[test]
fn a_position_that_recovered_by_itself_is_judged_first() {
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    let alice = suite.user("alice");
    let called = suite.ask().owed(position, "usdc").unwrap();
    suite.elapse(600);
    suite.set_price("atom", "10");
    // The stretch is dropped before the debt is repaid: all of it is what was borrowed.
    suite.give(&alice, "usdc", UNIT);
    let all = [("usdc", 740_001 * UNIT)];
    let done = suite
        .positions()
        .update(&alice, Some(position), vec![repay_all("usdc")], &all)
        .unwrap();
    assert_eq!(called, 740_000 * UNIT);
    assert_eq!(suite.balance(&alice, "usdc"), UNIT);
    assert_eq!(
        done.event(DistressEnded::TYPE).unwrap().text("reason"),
        Some("lapsed")
    );
    assert_eq!(stage(&suite, position), Stage::Healthy {});
    // Recovered and borrowing at once.
    suite.elapse(36_000);
    let position = scenes::called(&mut suite);
    suite.set_price("atom", "10");
    suite.elapse(36_000);
    suite
        .positions()
        .borrow(&alice, position, "usdc", 9_000 * UNIT)
        .unwrap();
    assert_eq!(stage(&suite, position), Stage::Healthy {});
}

#[test]
fn a_sale_ends_with_the_update_that_reaches_its_target() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let bidder = suite.user("bidder");
    suite.auction().bid(&bidder, position, 10_000 * UNIT).unwrap();
    let alice = suite.user("alice");
    // Maintenance is not enough once something was sold.
    let done = suite
        .positions()
        .deposit(&alice, position, "atom", 3_000 * UNIT)
        .unwrap();
    assert!(scenes::health(&suite, position) > Decimal::one());
    assert!(!done.has(SaleEnded::TYPE));
    assert_eq!(
        stage(&suite, position),
        Stage::Selling {
            mode: Mode::Soft,
            asleep: false
        }
    );
    let done = suite
        .positions()
        .deposit(&alice, position, "atom", 6_000 * UNIT)
        .unwrap();
    assert_eq!(
        done.event(SaleEnded::TYPE).unwrap().text("reason"),
        Some("target_met")
    );
    assert_eq!(
        done.event(DistressEnded::TYPE).unwrap().text("reason"),
        Some("target_met")
    );
    let ledger = suite.ask().ledger(position).unwrap().ledger;
    assert_eq!((ledger.surcharge_rate, ledger.sale), (Decimal::zero(), None));
    let keeper = suite.user("keeper");
    assert!(
        suite.ask().account(&keeper, "usdc").unwrap() > 0,
        "keepers are credited"
    );
    assert!(suite.ask().sale(position).is_err());
}

#[test]
fn attack_35_a_sale_nobody_bought_from_ends_at_maintenance() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let alice = suite.user("alice");
    // $740,000 and the surcharge against $920,000 · .8.
    let owed = suite.ask().owed(position, "usdc").unwrap();
    let missing = owed - 736_000 * UNIT;
    suite
        .positions()
        .repay(&alice, position, "usdc", missing - 1)
        .unwrap();
    assert!(scenes::health(&suite, position) < Decimal::one());
    assert_eq!(
        stage(&suite, position),
        Stage::Selling {
            mode: Mode::Soft,
            asleep: false
        }
    );
    let done = suite.positions().repay(&alice, position, "usdc", 1).unwrap();
    assert_eq!(scenes::health(&suite, position), Decimal::one());
    assert_eq!(done.event(SaleEnded::TYPE).unwrap().text("reason"), Some("cured"));
}

#[test]
fn repaying_everything_ends_a_sale_and_frees_the_collateral() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let alice = suite.user("alice");
    suite.give(&alice, "usdc", 1_000 * UNIT);
    let actions = vec![repay_all("usdc"), withdraw("atom", 100_000 * UNIT)];
    let done = suite
        .positions()
        .update(&alice, Some(position), actions, &[("usdc", 741_000 * UNIT)])
        .unwrap();
    assert_eq!(
        done.event(SaleEnded::TYPE).unwrap().text("reason"),
        Some("target_met")
    );
    assert_eq!(suite.balance(&alice, "atom"), 100_000 * UNIT);
    assert_eq!(suite.ask().ledger(position).unwrap().ledger, Default::default());
}

#[test]
fn in_distress_only_what_meets_initial_margin_goes_out() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let alice = suite.user("alice");
    for actions in [vec![withdraw("atom", 1)], vec![borrow("usdc", UNIT)]] {
        let refused = suite.positions().update(&alice, Some(position), actions, &[]);
        assert!(matches!(why(refused), ContractError::BelowInitialMargin { .. }));
    }
    // With enough added in the same message it may.
    suite.give(&alice, "atom", 50_000 * UNIT);
    let actions = vec![deposit("atom", 50_000 * UNIT), borrow("usdc", 1_000 * UNIT)];
    let payment = [("atom", 50_000 * UNIT)];
    suite
        .positions()
        .update(&alice, Some(position), actions, &payment)
        .unwrap();
    assert_eq!(stage(&suite, position), Stage::Healthy {});
}

#[test]
fn attack_62_a_full_cap_does_not_stop_a_cure() {
    // The suite is full: $400,000 at $10, twenty depths of $20,000.
    let mut suite: Suite = scenes::calm()
        .asset(AssetSpec::atom().calm().depth(20_000))
        .asset(AssetSpec::eth().calm().no_interest())
        .build();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(&alice, &[("atom", 40_000 * UNIT)], &[("usdc", 296_000 * UNIT)])
        .unwrap();
    let refused = suite.positions().deposit(&alice, position, "atom", 1);
    assert!(
        matches!(why(refused), ContractError::OverhangCap { .. }),
        "not in distress"
    );
    suite.set_price("atom", "9.20");
    assert_eq!(advance(&mut suite, position), "called");
    // What the target needs ($27,000 · 1 / .75 / $9.20, about 2,899 atom) and a little more.
    let too_much = suite.positions().deposit(&alice, position, "atom", 5_100 * UNIT);
    match why(too_much) {
        ContractError::OverhangCap { asset, total, cap } => {
            assert_eq!(asset, id("atom"));
            assert!(total > cap);
        }
        other => panic!("{other:?}"),
    }
    suite
        .positions()
        .deposit(&alice, position, "atom", 3_000 * UNIT)
        .unwrap();
    let health = suite.ask().position(position).unwrap().health.target.unwrap();
    assert!(health > Decimal::one() && health < dec("1.05"), "{health}");
    assert_eq!(stage(&suite, position), Stage::Healthy {});
}

#[test]
fn a_cure_with_another_asset_is_held_to_its_cap() {
    let mut suite = scenes::calm()
        .asset(AssetSpec::eth().calm().no_interest().depth(100))
        .build();
    let position = scenes::called(&mut suite);
    let alice = suite.user("alice");
    let refused = suite
        .positions()
        .deposit(&alice, position, "eth", 1_000_000_000_000_000_000);
    assert!(
        matches!(why(refused), ContractError::OverhangCap { .. }),
        "not held before"
    );
}

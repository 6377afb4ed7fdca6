//! `Takeover`: what it costs right now, and a preview of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{dec, equity, price, stage, taker, wide, ETH, UNIT};
use cosmwasm_std::Decimal;
use glidepath_interfaces::position_manager::Stage;
use glidepath_testkit::handles::{repay, repay_all};
use glidepath_testkit::scenes;

#[test]
fn it_becomes_cheaper_as_the_lot_does_and_a_preview_is_the_execution() {
    let mut last = u128::MAX;
    for (seconds, multiplier) in [
        (0, "1.005"),
        (90, "0.992"),
        (180, "0.979"),
        (360, "0.953"),
        (449, "0.940144444444444445"),
    ] {
        let mut suite = scenes::calm().build();
        let position = scenes::on_sale(&mut suite);
        suite.elapse(seconds);
        let told = price(&suite, position);
        assert!(
            told.multiplier.abs_diff(dec(multiplier)) < dec("0.000001"),
            "{}",
            told.multiplier
        );
        assert!(told.paid.u128() < last, "{} after {seconds} s", told.paid);
        last = told.paid.into();
        // d·s + φ·s·k of what the sale would sell at that price, from the other query for it.
        let owed = Decimal::from_ratio(suite.ask().owed(position, "usdc").unwrap(), UNIT);
        let phi = dec("1.001");
        let k = told.multiplier / phi;
        let s = (owed - dec("690000")) / (k - dec("0.75"));
        let d = Decimal::one().saturating_sub(told.multiplier);
        let cost = d * s + s * k * dec("0.001");
        let off = Decimal::try_from(told.cost.0).unwrap().abs_diff(cost);
        assert!(off < dec("0.00001"), "{} and {cost}", told.cost);
        let (alice, actions) = (suite.user("alice"), vec![repay("usdc", 60_000 * UNIT)]);
        let tara = taker(&mut suite, 300_000);
        let preview = suite
            .ask()
            .preview_takeover(position, Some(&tara), actions.clone())
            .unwrap();
        assert_eq!(preview.refused, None);
        assert_eq!(preview.price.unwrap(), told);
        assert_eq!(preview.missing.unwrap(), glidepath_risk::Value::ZERO);
        let paid = told.paid.u128() + 60_000 * UNIT;
        suite
            .positions()
            .takeover(&tara, position, told.paid.into(), actions, &[("usdc", paid)])
            .unwrap();
        assert_eq!(suite.ask().account(&alice, "usdc").unwrap(), told.credit.u128());
        assert_eq!(suite.balance(&tara, "usdc"), 300_000 * UNIT - paid);
        assert_eq!(suite.ask().position(position).unwrap().health, preview.after);
    }
}

#[test]
fn a_preview_says_what_initial_margin_needs() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let owed = suite.ask().owed(position, "usdc").unwrap();
    let preview = suite.ask().preview_takeover(position, None, vec![]).unwrap();
    // The debt less 75 % of $920,000.
    let missing = owed - 690_000 * UNIT;
    assert_eq!(
        preview.missing.unwrap().to_string(),
        Decimal::from_ratio(missing, UNIT).to_string()
    );
    assert!(preview.price.is_some());
    assert_eq!(preview.refused.as_deref(), Some("there is no action"));
    assert_eq!(preview.refused_from, None);
    // A unit less is not enough, exactly that much is.
    let ask = |less| {
        let actions = vec![repay("usdc", missing - less)];
        suite.ask().preview_takeover(position, None, actions).unwrap()
    };
    let short = ask(1);
    assert!(
        short
            .refused
            .unwrap()
            .starts_with("initial health would be 0.99999"),
        "{:?}",
        short.after
    );
    assert_eq!(short.missing.unwrap().to_string(), "0.000001");
    assert_eq!(ask(0).refused, None);
    assert_eq!(ask(0).after.initial, Some(Decimal::one()));
}

#[test]
fn in_a_close_out_it_is_taken_over_at_the_prices_of_the_close_out() {
    let mut suite = scenes::calm().build();
    let position = scenes::closing_out(&mut suite);
    suite.elapse(60);
    let alice = suite.user("alice");
    let told = price(&suite, position);
    assert!(told.multiplier < Decimal::one());
    // $840,000 against a little over $740,000.
    let equity = equity(&suite, position, 840);
    assert!(told.paid.u128() < equity && told.credit.u128() > 0);
    let tara = taker(&mut suite, 400_000);
    let paid = [("usdc", 400_000 * UNIT)];
    let actions = vec![repay("usdc", 150_000 * UNIT)];
    suite
        .positions()
        .takeover(&tara, position, 100_000 * UNIT, actions, &paid)
        .unwrap();
    assert_eq!(suite.ask().account(&alice, "usdc").unwrap(), told.credit.u128());
    assert_eq!(stage(&suite, position), Stage::Healthy {});
}

/// At the end of a close-out's second pass the auction would leave its owner nothing: he is credited nothing, and the lenders
/// have a position that is worth its margin.
#[test]
fn where_the_auction_would_leave_nothing_nothing_is_paid() {
    let mut suite = scenes::calm().build();
    let position = scenes::closing_out(&mut suite);
    suite.set_price("atom", "7.60");
    let alice = suite.user("alice");
    for _ in 0..40 {
        let sale = suite.ask().sale(position).unwrap();
        if sale.sale.pass > 0 && sale.multiplier.is_some_and(|multiplier| multiplier < dec("0.93")) {
            break;
        }
        suite.elapse(30);
        let _ = suite.positions().advance(position);
    }
    let told = price(&suite, position);
    assert_eq!((told.credit.u128(), told.penalty.u128()), (0, 0), "{told:?}");
    assert!(!told.equity.is_zero());
    let tara = taker(&mut suite, 400_000);
    let paid = [("usdc", 250_000 * UNIT)];
    // All of what comes repays; nothing of it is kept beside that.
    suite
        .positions()
        .takeover(&tara, position, 0, vec![repay_all("usdc")], &paid)
        .unwrap();
    assert_eq!(suite.ask().account(&alice, "usdc").unwrap(), 0);
    assert_eq!(suite.balance(&tara, "usdc"), 150_000 * UNIT);
    assert_eq!(suite.ask().position(position).unwrap().owner, tara);
}

#[test]
fn orders_that_pay_more_than_the_clock_say_what_the_auction_costs() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    suite.elapse(180);
    let without = price(&suite, position);
    assert!(without.multiplier < dec("0.9791"));
    // The seventh slot pays the oracle's price less half a per cent.
    let bob = suite.user("bob");
    suite.auction().set_min_order("usdc", Some(UNIT)).unwrap();
    suite
        .auction()
        .place_order(&bob, ("atom", "usdc"), 6, 1_000 * UNIT)
        .unwrap();
    // Attack 44: who places one in front of a takeover makes it no dearer than it was signed for; it can't buy yet.
    assert_eq!(price(&suite, position), without);
    suite.elapse(6);
    let with = price(&suite, position);
    assert_eq!(with.multiplier, dec("0.995"));
    assert!(with.credit > without.credit);
    // One that pays less waits on.
    suite
        .auction()
        .place_order(&bob, ("atom", "usdc"), 15, 1_000 * UNIT)
        .unwrap();
    suite.elapse(6);
    assert_eq!(price(&suite, position).multiplier, with.multiplier);
    // Once they have bought, the clock says it again.
    suite.elapse(6);
    let keeper = suite.user("keeper");
    suite.auction().match_orders(&keeper, position).unwrap();
    assert!(price(&suite, position).multiplier < dec("0.979"));
}

/// Of several collaterals and debts all count for the equity; what is paid is the debt on sale.
#[test]
fn all_that_it_holds_and_owes_counts() {
    let mut suite = wide();
    let (alice, tara) = (suite.user("alice"), suite.user("tara"));
    let deposits = [("atom", 10_000 * UNIT), ("eth", 40 * ETH)];
    let borrows = [("usdc", 100_000 * UNIT), ("eusd", 45_000 * UNIT)];
    let position = suite.positions().open(&alice, &deposits, &borrows).unwrap();
    suite.set_price("eth", "2000");
    suite.positions().advance(position).unwrap();
    scenes::advance_all(&mut suite, position);
    if suite.ask().sale(position).is_err() {
        suite.elapse(901);
        suite.positions().advance(position).unwrap();
    }
    scenes::to_lot(&mut suite, position);
    let before = suite.ask().position(position).unwrap();
    let told = price(&suite, position);
    assert_eq!(told.equity, before.collateral_value.minus(before.debt_value));
    assert_eq!(told.asset, suite.ask().sale(position).unwrap().sale.debt);
    let asset = told.asset.to_string();
    for debt in ["usdc", "eusd"] {
        suite.give(&tara, debt, 200_000 * UNIT);
    }
    let actions = vec![repay("usdc", 30_000 * UNIT), repay("eusd", 20_000 * UNIT)];
    let beside = if asset == "usdc" { 30_000 } else { 20_000 } * UNIT;
    let other = if asset == "usdc" {
        ("eusd", 20_000 * UNIT)
    } else {
        ("usdc", 30_000 * UNIT)
    };
    let paid = [(asset.as_str(), told.paid.u128() + beside), other];
    suite
        .positions()
        .takeover(&tara, position, told.paid.u128(), actions, &paid)
        .unwrap();
    assert_eq!(suite.ask().account(&alice, &asset).unwrap(), told.credit.u128());
    assert_eq!(suite.ask().account(&alice, other.0).unwrap(), 0);
    assert_eq!(stage(&suite, position), Stage::Healthy {});
}

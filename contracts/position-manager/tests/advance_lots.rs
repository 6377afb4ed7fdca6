//! `Advance` with a sale: the next lot, restart, sleep, another pair, the end; and what is offset first.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{advance, buy_all, dec, did, stage, why, UNIT};
use cosmwasm_std::Decimal;
use glidepath_interfaces::auction::{EndReason, Mode};
use glidepath_interfaces::events::auction::{LotStarted, SaleEnded, SaleSlept};
use glidepath_interfaces::events::position_manager::{Advanced as AdvancedEvent, DistressEnded};
use glidepath_interfaces::events::vault::KeeperCredited;
use glidepath_interfaces::position_manager::Stage;
use glidepath_position_manager::ContractError;
use glidepath_testkit::handles::{borrow, deposit};
use glidepath_testkit::{id, scenes, AssetSpec, Suite};

#[test]
fn a_sale_ends_with_the_fill_that_restores_the_target() {
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    suite.elapse(901);
    let bob = suite.user("bob");
    suite.positions().advance_by(&bob, position).unwrap();
    scenes::to_lot(&mut suite, position);
    let mut fills = 0;
    let last = loop {
        let done = buy_all(&mut suite, position);
        fills += 1;
        if done.has(SaleEnded::TYPE) {
            break done;
        }
        assert!(fills < 10);
        scenes::to_lot(&mut suite, position);
    };
    assert!(fills > 1, "lot by lot");
    assert_eq!(
        last.event(SaleEnded::TYPE).unwrap().text("reason"),
        Some("target_met")
    );
    let ended = last.event(DistressEnded::TYPE).unwrap();
    assert_eq!(
        ended.text("reason"),
        Some(EndReason::TargetMet.to_string().as_str())
    );
    let health = suite.ask().position(position).unwrap().health;
    assert!(health.target.unwrap() >= Decimal::one());
    assert!(health.target.unwrap() < dec("1.000001"));
    assert_eq!(stage(&suite, position), Stage::Healthy {});
    // Who called and who opened earned alike.
    let keeper = suite.user("keeper");
    let credits: Vec<_> = last
        .all(KeeperCredited::TYPE)
        .map(|event| event.text("keeper").unwrap().to_string())
        .collect();
    assert_eq!(credits.len(), 2);
    let (first, second) = (
        suite.ask().account(&keeper, "usdc").unwrap(),
        suite.ask().account(&bob, "usdc").unwrap(),
    );
    assert!(first > 0 && first - second <= 1, "{first} and {second}");
    assert!(suite.ask().distressed(None, 10).unwrap().is_empty());
    assert!(matches!(
        why(suite.positions().advance(position)),
        ContractError::NothingToAdvance { .. }
    ));
}

#[test]
fn an_untouched_sale_ends_when_the_price_comes_back() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    suite.elapse(60);
    let owed = suite.ask().ledger(position).unwrap().ledger.debts[0]
        .debt
        .surcharge;
    suite.set_price("atom", "9.30");
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(did(&done), "ended");
    assert_eq!(done.event(SaleEnded::TYPE).unwrap().text("reason"), Some("cured"));
    let after = suite.ask().ledger(position).unwrap().ledger;
    assert_eq!(after.debts[0].debt.surcharge, owed, "the last stretch is dropped");
    assert_eq!(after.sale, None);
}

#[test]
fn attack_53_an_expired_lot_restarts_below_maintenance_or_sleeps_above() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    buy_all(&mut suite, position);
    suite.elapse(600);
    suite.set_price("atom", "8.90");
    assert!(scenes::health(&suite, position) < Decimal::one());
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(did(&done), "restarted");
    assert_eq!(
        done.event(LotStarted::TYPE).unwrap().text("cause"),
        Some("restart")
    );

    suite.elapse(600);
    suite.set_price("atom", "9.20");
    assert!(scenes::health(&suite, position) >= Decimal::one());
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(did(&done), "slept");
    assert!(done.has(SaleSlept::TYPE));
    let ledger = suite.ask().ledger(position).unwrap().ledger;
    assert_eq!((ledger.surcharge_rate, ledger.sale), (Decimal::zero(), None));
    assert_eq!(
        stage(&suite, position),
        Stage::Selling {
            mode: Mode::Soft,
            asleep: true
        }
    );
    let due = suite.ask().due(position).unwrap();
    assert_eq!(due.not_before, Some(suite.now() + 86_400));
    assert!(matches!(
        why(suite.positions().advance(position)),
        ContractError::NothingToAdvance { .. }
    ));

    // Wakes below maintenance.
    suite.set_price("atom", "8.90");
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(did(&done), "woken");
    assert_eq!(done.event(LotStarted::TYPE).unwrap().text("cause"), Some("wake"));
    assert!(suite.ask().ledger(position).unwrap().ledger.sale.is_some());

    // Asleep for too long, it ends.
    suite.elapse(600);
    suite.set_price("atom", "9.20");
    assert_eq!(advance(&mut suite, position), "slept");
    suite.elapse(86_399);
    assert!(suite.positions().advance(position).is_err());
    suite.elapse(1);
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(did(&done), "ended");
    assert_eq!(
        done.event(SaleEnded::TYPE).unwrap().text("reason"),
        Some("slept_away")
    );
    assert!(suite.ask().distressed(None, 10).unwrap().is_empty());
}

/// Two collaterals that can each reach the target, two debts; health .981.
fn four_assets() -> (Suite, u64) {
    let one = glidepath_risk::health::Factors::ONE;
    let mut suite = scenes::calm()
        .asset(
            AssetSpec::native("osmo", "uosmo", 6, "10")
                .as_collateral(glidepath_testkit::defaults::VOLATILE)
                .calm()
                .depth(200_000),
        )
        .asset(
            AssetSpec::native("eusd", "ueusd", 6, "1")
                .as_debt(one)
                .no_interest()
                .calm(),
        )
        .build();
    let alice = suite.user("alice");
    let deposits = [("atom", 50_000 * UNIT), ("osmo", 50_000 * UNIT)];
    let borrows = [("usdc", 600_000 * UNIT), ("eusd", 90_000 * UNIT)];
    let position = suite.positions().open(&alice, &deposits, &borrows).unwrap();
    suite.set_prices(&[("atom", "9.05"), ("osmo", "9")]);
    (suite, position)
}

#[test]
fn an_unsold_pair_is_passed_over_once_and_a_finished_one_is_followed() {
    let (mut suite, position) = four_assets();
    assert_eq!(advance(&mut suite, position), "opened");
    let pair = |suite: &Suite| {
        let sale = suite.ask().sale(position).unwrap().sale;
        format!("{}/{}", sale.collateral, sale.debt)
    };
    assert_eq!(pair(&suite), "osmo/usdc");
    suite.elapse(600);
    assert_eq!(advance(&mut suite, position), "restarted");
    assert_eq!(pair(&suite), "atom/usdc", "passed over");
    assert_eq!(
        suite
            .ask()
            .ledger(position)
            .unwrap()
            .ledger
            .sale
            .unwrap()
            .collateral,
        id("atom")
    );
    suite.elapse(600);
    assert_eq!(advance(&mut suite, position), "restarted");
    assert_eq!(pair(&suite), "osmo/eusd", "the one behind it");
    for last in ["atom/eusd", "osmo/usdc"] {
        suite.elapse(600);
        assert_eq!(advance(&mut suite, position), "restarted");
        assert_eq!(pair(&suite), last, "each in turn");
    }
}

#[test]
fn when_a_debt_is_repaid_the_sale_goes_on_with_the_next_pair() {
    let mut suite = scenes::calm()
        .asset(AssetSpec::eth().calm().no_interest())
        .build();
    let alice = suite.user("alice");
    let eth = 1_000_000_000_000_000_000u128;
    // $12,500 of a debt with a factor of 1.05, and $100,000 of one without.
    let borrows = [("usdc", 100_000 * UNIT), ("eth", 5 * eth)];
    let position = suite
        .positions()
        .open(&alice, &[("atom", 16_000 * UNIT)], &borrows)
        .unwrap();
    suite.set_price("atom", "8.70");
    assert_eq!(advance(&mut suite, position), "opened");
    assert_eq!(
        suite.ask().sale(position).unwrap().sale.debt,
        id("eth"),
        "highest factor first"
    );
    scenes::to_lot(&mut suite, position);
    let bidder = suite.user("bidder");
    let done = suite.auction().bid(&bidder, position, 10 * eth).unwrap();
    // The same message schedules a lot of the next pair, and lets only that be settled.
    assert_eq!(did(&done), "next_lot");
    assert_eq!(suite.ask().owed(position, "eth").unwrap(), 0);
    let sale = suite.ask().sale(position).unwrap().sale;
    assert_eq!(sale.debt, id("usdc"));
    assert!(
        sale.lot.unwrap().follows,
        "it asks no more than health below the target"
    );
    assert_eq!(
        suite.ask().ledger(position).unwrap().ledger.sale.unwrap().debt,
        id("usdc")
    );
    scenes::to_lot(&mut suite, position);
    let done = buy_all(&mut suite, position);
    assert!(done.has(DistressEnded::TYPE));
}

#[test]
fn attack_58_the_same_asset_on_both_sides_is_offset_never_auctioned() {
    let mut suite = scenes::calm()
        .asset(AssetSpec::eth().calm().no_interest())
        .build();
    let alice = suite.user("alice");
    let eth = 1_000_000_000_000_000_000u128;
    let position = suite
        .positions()
        .open(
            &alice,
            &[("atom", 1_000 * UNIT), ("eth", 2 * eth)],
            &[("usdc", 3_000 * UNIT), ("eth", 2 * eth)],
        )
        .unwrap();
    // 7.3 · 1,000 · .8 + 4,000 against 3,000 + 5,250 and no grace: offset leaves 5,840 against 3,000.
    suite.set_price("atom", "5");
    assert!(scenes::health(&suite, position) < dec("0.985"));
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(did(&done), "offset");
    let event = done.event(AdvancedEvent::TYPE).unwrap();
    assert!(event.must::<Decimal>("health_after") > Decimal::one());
    assert_eq!(suite.ask().owed(position, "eth").unwrap(), 0);
    assert_eq!(suite.ask().held(position, "eth").unwrap(), 0);
    assert_eq!(stage(&suite, position), Stage::Healthy {});

    // Called first: the offset cures it and the call lapses.
    let bob = suite.user("bob");
    suite.set_price("atom", "10");
    suite.elapse(7_200);
    let actions = vec![
        deposit("atom", 1_000 * UNIT),
        deposit("eth", 2 * eth),
        borrow("usdc", 3_000 * UNIT),
        borrow("eth", 2 * eth),
    ];
    suite.give(&bob, "atom", 1_000 * UNIT);
    suite.give(&bob, "eth", 2 * eth);
    let payment = [("atom", 1_000 * UNIT), ("eth", 2 * eth)];
    suite.positions().update(&bob, None, actions, &payment).unwrap();
    suite.set_price("atom", "5.25");
    assert_eq!(advance(&mut suite, 2), "called");
    suite.elapse(900);
    let done = suite.positions().advance(2).unwrap();
    assert_eq!(did(&done), "lapsed");
    assert!(done.has(glidepath_interfaces::events::vault::DebtOffset::TYPE));
    // Principal first: what is left is the surcharge of the grace, which the price did not end.
    let owed = suite.ask().ledger(2).unwrap().owed;
    assert_eq!(owed[1].principal.u128(), 0);
    assert!(
        owed[0].surcharge.u128() > 0 && owed[1].surcharge.u128() > 0,
        "{owed:?}"
    );
}

#[test]
fn an_offset_needs_no_pair_that_can_be_sold() {
    let mut suite = scenes::calm()
        .asset(AssetSpec::eth().calm().no_interest())
        .build();
    let alice = suite.user("alice");
    let eth = 1_000_000_000_000_000_000u128;
    let borrows = [("usdc", 7_000 * UNIT), ("eth", 4 * eth)];
    let position = suite
        .positions()
        .open(&alice, &[("eth", 10 * eth)], &borrows)
        .unwrap();
    // Nobody can buy with the other debt: its source is silent.
    let (keeper, reporter) = (suite.user("keeper"), suite.reporters[0].clone());
    suite.advance_time(1_000);
    suite.oracle().post(&reporter, "eth", "1500").unwrap();
    suite.oracle().update_prices(&keeper, &["usdc"]).unwrap();
    assert_eq!(
        advance(&mut suite, position),
        "called",
        "nothing to sell eth for but eth"
    );
    assert_eq!(advance(&mut suite, position), "lapsed");
    assert_eq!(suite.ask().held(position, "eth").unwrap(), 6 * eth);
    assert!(scenes::health(&suite, position) > Decimal::one());
}

#[test]
fn attack_61_one_asset_without_a_price_neither_shields_nor_sinks() {
    let (mut suite, position) = four_assets();
    // The one that would be sold first falls silent for longer than its price may be old for health.
    for _ in 0..10 {
        suite.advance_time(100);
        let reporter = suite.reporters[0].clone();
        for (asset, price) in [("atom", "9.05"), ("usdc", "1"), ("eusd", "1")] {
            suite.oracle().post(&reporter, asset, price).unwrap();
        }
    }
    let keeper = suite.user("keeper");
    suite.oracle().update_prices(&keeper, &["osmo"]).unwrap();
    let row = &suite.ask().position(position).unwrap().collateral[1];
    assert_eq!((row.asset.clone(), row.usable), (id("osmo"), false));
    assert_eq!(row.price.to_string(), "9", "the last good one");
    assert_eq!(advance(&mut suite, position), "opened");
    assert_eq!(suite.ask().sale(position).unwrap().sale.collateral, id("atom"));
}

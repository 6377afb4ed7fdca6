//! The whole life of a position: call, grace, soft fills, close-out, write-off. Invariants 1–7, 10 and 12 are checked
//! after every message by the suite itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{stage, suite, NATIVE, TOKENS};
use cosmwasm_std::{Decimal, Decimal256, Uint128};
use glidepath_interfaces::auction::Mode;
use glidepath_interfaces::events::auction::{Filled, SaleEnded, SaleOpened};
use glidepath_interfaces::events::position_manager::{Advanced, DistressEnded};
use glidepath_interfaces::events::vault::{DebtWrittenOff, KeeperCredited};
use glidepath_interfaces::position_manager::Stage;
use glidepath_position_manager::ContractError;
use glidepath_testkit::scenes::{advance_all, calm, health, run_down, to_lot};
use glidepath_testkit::{refused, AssetSpec, Outcome, Suite};

fn did(done: &Outcome) -> Option<&str> {
    done.event(Advanced::TYPE).and_then(|event| event.text("did"))
}

#[test]
fn call_grace_soft_fills_end() {
    for pair in [NATIVE, TOKENS] {
        let mut suite = suite(None);
        let position = pair.open(&mut suite);
        let (bob, keeper) = (suite.user("bob"), suite.user("keeper"));
        assert!(matches!(stage(&suite, position), Stage::Healthy {}));

        suite.set_price(pair.collateral, "9.20");
        assert!(matches!(stage(&suite, position), Stage::Callable {}));
        let called_at = suite.now();
        assert_eq!(did(&suite.positions().advance(position).unwrap()), Some("called"));

        // Grace: nothing is sold.
        suite.elapse(899);
        let until = called_at + 900;
        match refused::<ContractError>(suite.positions().advance(position)) {
            ContractError::GracePeriod { until: told } => assert_eq!(told, until),
            other => panic!("{other}"),
        }
        assert_eq!(suite.ask().position(position).unwrap().grace_left, Some(1));
        assert!(suite.ask().sale(position).is_err());

        suite.elapse(1);
        let opened = suite.positions().advance(position).unwrap();
        assert_eq!(did(&opened), Some("opened"));
        let sale = opened.event(SaleOpened::TYPE).unwrap();
        assert_eq!(sale.text("mode"), Some("soft"));
        assert_eq!(sale.must::<u64>("breach_seen_at"), called_at);
        assert!(matches!(
            stage(&suite, position),
            Stage::Selling {
                mode: Mode::Soft,
                asleep: false
            }
        ));

        // Soft fills, lot after lot, until the target is met; each raises health, but for the surcharge in between.
        let owed = suite.ask().owed(position, pair.debt).unwrap();
        let mut before = health(&suite, position);
        let (mut lots, mut sold_for) = (0, 0);
        loop {
            to_lot(&mut suite, position);
            suite.elapse(45);
            let rich = suite.units(pair.debt, "1000000");
            let done = suite.auction().bid(&bob, position, rich).unwrap();
            let fill = done.event(Filled::TYPE).unwrap();
            sold_for += fill.must::<Uint128>("repaid").u128();
            let after: Decimal = fill.must("health_after");
            assert!(after > before, "{before} → {after} in lot {lots}");
            before = after;
            lots += 1;
            if let Some(ended) = done.event(SaleEnded::TYPE) {
                assert_eq!(ended.text("reason"), Some("target_met"));
                assert_eq!(
                    done.event(DistressEnded::TYPE).unwrap().text("reason"),
                    Some("target_met")
                );
                assert!(done.has(KeeperCredited::TYPE));
                break;
            }
        }
        assert!((2..=4).contains(&lots), "{lots} lots");
        assert!(matches!(
            stage(&suite, position),
            Stage::Healthy {} | Stage::Restricted {}
        ));
        let left = suite.ask().owed(position, pair.debt).unwrap();
        // What is left is what was owed, less what was repaid, and the surcharge of the minutes since.
        let surcharge = pair.usd(&suite, left + sold_for - owed);
        assert!((0.0..10.0).contains(&surcharge), "a surcharge of ${surcharge}");
        assert!(pair.usd(&suite, sold_for) < 250_000.0, "only as far as it takes");
        assert!(suite.ask().account(&keeper, pair.debt).unwrap() > 0);
        assert!(refused::<ContractError>(suite.positions().advance(position))
            .to_string()
            .contains("nothing is due"));
    }
}

#[test]
fn a_call_lapses_when_the_price_recovers() {
    for pair in [NATIVE, TOKENS] {
        let mut suite = suite(None);
        let position = pair.open(&mut suite);
        suite.set_price(pair.collateral, "9.20");
        suite.positions().advance(position).unwrap();
        suite.elapse(300);
        suite.set_price(pair.collateral, "9.60");
        let done = suite.positions().advance(position).unwrap();
        assert_eq!(did(&done), Some("lapsed"));
        let ledger = suite.ask().ledger(position).unwrap().ledger;
        assert_eq!((ledger.surcharge_rate, ledger.sale), (Decimal::zero(), None));
        assert!(suite.ask().distressed(None, 10).unwrap().is_empty());
    }
}

#[test]
fn an_owner_cures_himself_in_the_middle_of_a_sale() {
    for pair in [NATIVE, TOKENS] {
        let mut suite = suite(None);
        let position = pair.open(&mut suite);
        let (alice, bob) = (suite.user("alice"), suite.user("bob"));
        suite.set_price(pair.collateral, "9.20");
        suite.positions().advance(position).unwrap();
        suite.elapse(901);
        suite.positions().advance(position).unwrap();
        to_lot(&mut suite, position);
        let some = suite.units(pair.debt, "10000");
        suite.auction().bid(&bob, position, some).unwrap();
        let cure = suite.units(pair.debt, "60000");
        let done = suite
            .positions()
            .repay(&alice, position, pair.debt, cure)
            .unwrap();
        assert_eq!(
            done.event(SaleEnded::TYPE).unwrap().text("reason"),
            Some("target_met")
        );
        assert!(suite.ask().sale(position).is_err());
        assert_eq!(suite.ask().ledger(position).unwrap().ledger.sale, None);
    }
}

#[test]
fn close_out_to_the_target() {
    for pair in [NATIVE, TOKENS] {
        let mut suite = suite(None);
        let position = pair.open(&mut suite);
        let bob = suite.user("bob");
        suite.set_price(pair.collateral, "8.40");
        suite.positions().advance(position).unwrap();
        advance_all(&mut suite, position);
        suite.elapse(60);
        let escalated = suite.positions().advance(position).unwrap();
        assert_eq!(did(&escalated), Some("escalated"));
        let all = run_down(&mut suite, position, &bob);
        let ended = all.event(SaleEnded::TYPE).unwrap();
        assert_eq!(ended.text("reason"), Some("target_met"));
        assert!(all
            .all(Filled::TYPE)
            .all(|fill| fill.text("mode") == Some("close_out")));
        let target = suite.ask().position(position).unwrap().health.target.unwrap();
        assert!(target >= Decimal::one(), "{target}");
        assert!(
            suite.ask().held(position, pair.collateral).unwrap() > 0,
            "not all of it"
        );
    }
}

/// 400 `gold` ($800,000) and 20,000 `atom` ($200,000) against $400,000 of `cusd` and $250,000 of `usdc`.
fn two_and_two() -> (Suite, u64) {
    let mut suite = calm()
        .asset(AssetSpec::gold().calm().depth(300_000))
        .asset(AssetSpec::cusd().calm().no_interest())
        .build();
    let alice = suite.user("alice");
    let deposits = [
        ("gold", suite.units("gold", "400")),
        ("atom", suite.units("atom", "20000")),
    ];
    let borrows = [
        ("cusd", suite.units("cusd", "400000")),
        ("usdc", suite.units("usdc", "250000")),
    ];
    let position = suite.positions().open(&alice, &deposits, &borrows).unwrap();
    (suite, position)
}

#[test]
fn two_collaterals_and_two_debts_to_the_target() {
    let (mut suite, position) = two_and_two();
    let bob = suite.user("bob");
    suite.set_price("gold", "1740");
    assert!(health(&suite, position) < Decimal::one());
    suite.positions().advance(position).unwrap();
    let all = run_down(&mut suite, position, &bob);
    assert_eq!(
        all.event(SaleEnded::TYPE).unwrap().text("reason"),
        Some("target_met")
    );
    // The lowest maintenance weight and the largest debt come first.
    let first = all.event(Filled::TYPE).unwrap();
    assert_eq!(
        (first.text("collateral"), first.text("debt")),
        (Some("gold"), Some("cusd"))
    );
    let after = suite.ask().position(position).unwrap();
    assert!(after.health.target.unwrap() >= Decimal::one());
    assert_eq!(
        (after.collateral.len(), after.debts.len()),
        (2, 2),
        "only as far as it takes"
    );
}

#[test]
fn two_collaterals_and_two_debts_sold_out_and_written_off() {
    let (mut suite, position) = two_and_two();
    let bob = suite.user("bob");
    suite.set_prices(&[("gold", "800"), ("atom", "4")]);
    suite.positions().advance(position).unwrap();
    let all = run_down(&mut suite, position, &bob);
    let sold: std::collections::BTreeSet<&str> = all
        .all(Filled::TYPE)
        .filter_map(|fill| fill.text("collateral"))
        .collect();
    assert_eq!(sold.into_iter().collect::<Vec<_>>(), ["atom", "gold"]);
    assert_eq!(
        all.event(SaleEnded::TYPE).unwrap().text("reason"),
        Some("written_off")
    );
    let ledger = suite.ask().ledger(position).unwrap().ledger;
    assert!(ledger.collateral.is_empty() && ledger.debts.is_empty());
    for event in all.all(DebtWrittenOff::TYPE) {
        assert!(event.must::<Decimal256>("price_after") <= event.must::<Decimal256>("price_before"));
    }
    for asset in ["usdc", "cusd"] {
        assert_eq!(
            suite.ask().market(asset).unwrap().market.debt_shares,
            Uint128::zero(),
            "{asset}"
        );
    }
    assert!(suite.checks() > 10, "the invariants were looked at");
}

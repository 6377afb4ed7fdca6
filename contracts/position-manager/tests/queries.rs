//! Queries: positions, lists, liquidation prices, previews.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{advance, dec, rich, UNIT};
use cosmwasm_std::Decimal;
use glidepath_interfaces::position_manager::{
    Advanced, AssetResponse, PositionRow, QueryMsg, Stage, Standing,
};
use glidepath_risk::horizon::horizon;
use glidepath_risk::Value;
use glidepath_testkit::handles::{borrow, deposit, repay, repay_all, withdraw};
use glidepath_testkit::{defaults, id, scenes, AssetSpec, Suite};

const ETH: u128 = 1_000_000_000_000_000_000;

#[test]
fn config_and_assets() {
    let suite = Suite::builder()
        .asset(AssetSpec::eth())
        .asset(AssetSpec::gold())
        .build();
    let config = suite.ask().rules().unwrap();
    assert_eq!(config.peers, suite.peers);
    assert_eq!(config.params, defaults::rules());
    let page = |start_after: Option<&str>, limit| -> Vec<String> {
        let msg = QueryMsg::Assets {
            start_after: start_after.map(id),
            limit,
        };
        let rows: Vec<AssetResponse> = suite.ask().smart(&suite.peers.position_manager, &msg).unwrap();
        rows.into_iter().map(|row| row.asset.to_string()).collect()
    };
    assert_eq!(page(None, None), ["atom", "eth", "gold", "usdc"]);
    assert_eq!(page(Some("atom"), Some(2)), ["eth", "gold"]);
    assert!(page(Some("usdc"), None).is_empty());
    let gold = suite.ask().asset("gold").unwrap();
    assert_eq!(
        (gold.info.clone(), gold.decimals),
        (suite.listed("gold").info.clone(), 8)
    );
    assert!(suite.ask().asset("doge").is_err());
}

#[test]
fn a_position_is_told_with_values_health_and_stage() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let told = suite.ask().position(position).unwrap();
    assert_eq!(told.collateral_value, Value::usd(1_000_000));
    assert_eq!(told.debt_value, Value::usd(740_000));
    assert_eq!((told.sellable, told.grace_left), (None, None));
    suite.set_price("atom", "9.90");
    // 9.90 · 100,000 · .75 / 740,000: maintained, but nothing more may go out.
    let told = suite.ask().position(position).unwrap();
    assert_eq!(told.health.initial, Some(dec("1.003378378378378378")));
    suite.set_price("atom", "9.80");
    assert_eq!(
        suite.ask().position(position).unwrap().stage,
        Stage::Restricted {}
    );
    suite.set_price("atom", "9.20");
    let told = suite.ask().position(position).unwrap();
    assert_eq!(told.stage, Stage::Callable {});
    let offer = told.sellable.unwrap();
    assert_eq!((offer.collateral, offer.debt), (id("atom"), id("usdc")));
    // (740,000 − 690,000) / (1/1.001 − .75) = $200,802.41
    assert!(
        offer.value > Value("200802.40".parse().unwrap())
            && offer.value < Value("200802.42".parse().unwrap()),
        "{}",
        offer.value
    );
    suite.set_price("atom", "7.00");
    assert_eq!(suite.ask().position(position).unwrap().stage, Stage::Insolvent {});
    assert!(suite.ask().position(9).is_err());
}

#[test]
fn health_does_not_change_because_nobody_looked() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let told = suite.ask().position(position).unwrap();
    suite.advance_time(899);
    assert_eq!(suite.ask().position(position).unwrap().health, told.health);
    // Too old for health: the last good price counts for what is held, nothing is shown as fit for borrowing.
    suite.advance_time(100);
    let later = suite.ask().position(position).unwrap();
    assert!(!later.collateral[0].usable);
    assert_eq!(later.health.maintenance, told.health.maintenance);
    assert_eq!(later.health.initial, Some(Decimal::zero()));
}

#[test]
fn how_far_away_liquidation_is() {
    let mut suite = scenes::calm()
        .asset(AssetSpec::eth().calm().no_interest())
        .build();
    let alice = suite.user("alice");
    let held = [("atom", 1_000 * UNIT), ("eth", 2 * ETH)];
    let position = suite
        .positions()
        .open(&alice, &held, &[("usdc", 9_000 * UNIT)])
        .unwrap();
    let prices = suite.ask().liquidation_prices(position).unwrap();
    let all = suite.ask().time_to_liquidation(position, None).unwrap();
    let (debts, rows): (Vec<_>, Vec<_>) = all.into_iter().partition(|row| row.is_debt);
    assert_eq!((debts.len(), rows.len()), (1, 2));
    // (10,000 + 5,000) · .8 / 9,000: so dear the debt may become.
    assert_eq!(debts[0].liquidation_price.to_string(), "1.333333333333333333");
    suite.set_price("usdc", "1.333333");
    assert!(scenes::health(&suite, position) > Decimal::one());
    suite.set_price("usdc", "1.333334");
    assert!(scenes::health(&suite, position) < Decimal::one());
    suite.set_price("usdc", "1");
    let calm = suite.ask().time_to_liquidation(position, None).unwrap();
    let rows: Vec<_> = calm.into_iter().filter(|row| !row.is_debt).collect();
    for row in &rows {
        let price = prices.iter().find(|price| price.asset == row.asset).unwrap();
        assert_eq!(
            (row.price, Some(row.liquidation_price)),
            (price.price, price.liquidation_price)
        );
        let volatility = suite.ask().price(row.asset.as_str()).unwrap().volatility;
        assert_eq!(row.volatility, volatility);
        let away = horizon(row.price.0, row.liquidation_price.0, volatility, 86_400).unwrap();
        assert_eq!(
            (row.deviations, row.probability, row.one_deviation_in),
            (away.deviations, away.probability, away.one_deviation_in)
        );
    }
    // From 10 down to 6.25 and from 2,500 down to 625: the first is nearer, and comes first however they are stored.
    assert_eq!(rows[0].asset.as_str(), "atom");
    assert!(rows[0].deviations < rows[1].deviations);
    let week = suite
        .ask()
        .time_to_liquidation(position, Some(7 * 86_400))
        .unwrap();
    let week: Vec<_> = week.into_iter().filter(|row| !row.is_debt).collect();
    assert!(week[0].probability > rows[0].probability);
    assert_eq!(week[0].one_deviation_in, rows[0].one_deviation_in);
    // Below maintenance it is there; without debt there is nothing to fear.
    suite.set_price("atom", "6.24");
    let there = suite.ask().time_to_liquidation(position, None).unwrap();
    for row in there.iter().filter(|row| row.asset.as_str() != "eth") {
        assert_eq!((row.probability, row.one_deviation_in), (Decimal::one(), Some(0)));
    }
    suite
        .positions()
        .repay(&alice, position, "usdc", 9_000 * UNIT)
        .unwrap();
    assert!(suite
        .ask()
        .time_to_liquidation(position, None)
        .unwrap()
        .is_empty());
}

#[test]
fn liquidation_prices_are_exact() {
    let mut suite = scenes::calm()
        .asset(AssetSpec::eth().calm().no_interest())
        .build();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(
            &alice,
            &[("atom", 1_000 * UNIT), ("eth", 2 * ETH)],
            &[("usdc", 9_000 * UNIT)],
        )
        .unwrap();
    let rows = suite.ask().liquidation_prices(position).unwrap();
    assert_eq!(rows.len(), 2);
    // (9,000 − 5,000 · .8) / (1,000 · .8) = 6.25; (9,000 − 8,000) / 1.6 = 625.
    assert_eq!(rows[0].liquidation_price.unwrap().to_string(), "6.25");
    assert_eq!(rows[1].liquidation_price.unwrap().to_string(), "625");
    assert_eq!(rows[1].price.to_string(), "2500");
    suite.set_price("atom", "6.25");
    assert_eq!(scenes::health(&suite, position), Decimal::one());
    suite.set_price("atom", "6.249999");
    assert!(scenes::health(&suite, position) < Decimal::one());
    // Where the others carry the debt alone there is none.
    suite.set_price("atom", "10");
    suite
        .positions()
        .repay(&alice, position, "usdc", 6_000 * UNIT)
        .unwrap();
    let rows = suite.ask().liquidation_prices(position).unwrap();
    assert_eq!(
        (&rows[0].liquidation_price, &rows[1].liquidation_price),
        (&None, &None)
    );
    // Without debt neither.
    let free = suite.positions().open(&alice, &[("atom", UNIT)], &[]).unwrap();
    assert_eq!(
        suite.ask().liquidation_prices(free).unwrap()[0].liquidation_price,
        None
    );
    // What is owed of the same asset moves with it.
    let both = suite
        .positions()
        .open(
            &alice,
            &[("eth", 4 * ETH)],
            &[("usdc", 1_700 * UNIT), ("eth", ETH)],
        )
        .unwrap();
    // p · (4 · .8 − 1.05) = 1,700
    let price = suite.ask().liquidation_prices(both).unwrap()[0]
        .liquidation_price
        .unwrap();
    assert!(price.to_string().starts_with("790.69767441860465"), "{price}");
    suite.set_price("eth", &price.to_string());
    let health = scenes::health(&suite, both);
    // Both sides are rounded against the position.
    assert!(
        health >= Decimal::one() - Decimal::raw(2) && health <= Decimal::one(),
        "{health}"
    );
}

#[test]
fn a_preview_says_what_would_be_and_why_not() {
    let mut suite = scenes::calm().build();
    let alice = rich(&mut suite, "alice", &[("atom", 1_000 * UNIT)]);
    // Opening, before there is anything.
    let open = vec![deposit("atom", 1_000 * UNIT), borrow("usdc", 5_000 * UNIT)];
    let preview = suite.ask().preview_update(None, open.clone()).unwrap();
    assert_eq!((preview.before.maintenance, preview.refused), (None, None));
    assert_eq!(preview.after.maintenance, Some(dec("1.6")));
    assert_eq!(
        (preview.collateral_value, preview.debt_value),
        (Value::usd(10_000), Value::usd(5_000))
    );
    suite
        .positions()
        .update(&alice, None, open, &[("atom", 1_000 * UNIT)])
        .unwrap();
    // Refused: the reason, and the position as it is.
    let preview = suite
        .ask()
        .preview_update(Some(1), vec![borrow("usdc", 3_000 * UNIT)])
        .unwrap();
    let refused = preview.refused.unwrap();
    assert!(refused.starts_with("initial health would be 0.9375"), "{refused}");
    assert_eq!(preview.before, preview.after);
    assert_eq!(preview.debt_value, Value::usd(5_000));
    for (actions, reason) in [
        (vec![], "there is no action"),
        (
            vec![withdraw("atom", 2_000 * UNIT)],
            "2000000000 atom is wanted, the position holds 1000000000",
        ),
        (vec![deposit("usdc", 1)], "usdc is no collateral"),
        (vec![deposit("doge", 1)], "doge is not listed"),
        (vec![repay("atom", 1)], "the position owes no atom"),
    ] {
        let preview = suite.ask().preview_update(Some(1), actions).unwrap();
        assert_eq!(preview.refused.as_deref(), Some(reason));
    }
    // Repaying all of it, paid for in full.
    let preview = suite
        .ask()
        .preview_update(Some(1), vec![repay_all("usdc")])
        .unwrap();
    assert_eq!((preview.refused, preview.after.maintenance), (None, None));
    assert_eq!(preview.debt_value, Value::ZERO);
    assert!(suite
        .ask()
        .preview_update(Some(9), vec![repay_all("usdc")])
        .is_err());
}

#[test]
fn a_preview_finds_a_recovered_position_without_its_distress() {
    // A distress opens the cap for what cures it. Back above 1 the next touch ends it, and the cap holds again.
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    let mut params = suite.ask().asset("atom").unwrap().params;
    params.depth = Value::usd(10_000);
    suite.positions().set_asset("atom", params).unwrap();
    let more = || vec![deposit("atom", UNIT)];
    let refused = |suite: &Suite| {
        suite
            .ask()
            .preview_update(Some(position), more())
            .unwrap()
            .refused
    };
    assert_eq!(refused(&suite), None);
    suite.set_price("atom", "10");
    let alice = suite.user("alice");
    suite.give(&alice, "atom", UNIT);
    let expected = refused(&suite);
    let error = suite
        .positions()
        .update(&alice, Some(position), more(), &[("atom", UNIT)])
        .unwrap_err();
    let error: glidepath_position_manager::ContractError = error.downcast().unwrap();
    assert_eq!(expected, Some(error.to_string()));
}

#[test]
fn what_is_due_is_what_an_advance_does() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let due = suite.ask().due(position).unwrap();
    assert_eq!((due.due, due.not_before), (None, None));
    assert!(due
        .refused
        .unwrap()
        .starts_with("nothing is due: the position is healthy"));
    suite.set_price("atom", "9.20");
    let grace_until = suite.now() + 900;
    assert_eq!(
        suite.ask().due(position).unwrap().due,
        Some(Advanced::Called { grace_until })
    );
    assert_eq!(advance(&mut suite, position), "called");
    let due = suite.ask().due(position).unwrap();
    assert_eq!((due.due, due.not_before), (None, Some(grace_until)));
    suite.until(grace_until);
    let due = suite.ask().due(position).unwrap().due;
    assert!(matches!(due, Some(Advanced::Opened { .. })));
    assert_eq!(advance(&mut suite, position), "opened");
    let ends_at = suite.ask().sale(position).unwrap().sale.lot.unwrap().ends_at;
    let due = suite.ask().due(position).unwrap();
    assert_eq!((due.due, due.not_before), (None, Some(ends_at + 1)));
    suite.until(ends_at);
    assert_eq!(suite.ask().due(position).unwrap().due, None);
    suite.elapse(1);
    assert_eq!(
        suite.ask().due(position).unwrap().due,
        Some(Advanced::Restarted {})
    );
    // Not asked lately: it says so.
    suite.advance_time(16);
    suite.set_price("atom", "8.00");
    suite.advance_time(16);
    let due = suite.ask().due(position).unwrap();
    assert_eq!(
        due.due,
        Some(Advanced::Restarted {}),
        "a restart asks for no fresh price"
    );
    assert!(suite.ask().due(9).is_err());
}

fn ids(rows: &[PositionRow]) -> Vec<u64> {
    rows.iter().map(|row| row.position).collect()
}

#[test]
fn lists_come_in_pages() {
    let mut suite = scenes::calm().build();
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    for n in 1..=5u128 {
        let owner = if n % 2 == 0 { &bob } else { &alice };
        suite
            .positions()
            .open(
                owner,
                &[("atom", 1_000 * UNIT)],
                &[("usdc", (7_000 + n * 50) * UNIT)],
            )
            .unwrap();
    }
    assert_eq!(ids(&suite.ask().positions(None, 2).unwrap()), [1, 2]);
    assert_eq!(ids(&suite.ask().positions(Some(2), 2).unwrap()), [3, 4]);
    assert_eq!(
        ids(&suite.ask().positions(Some(5), 2).unwrap()),
        Vec::<u64>::new()
    );
    assert_eq!(ids(&suite.ask().positions(None, 0).unwrap()), Vec::<u64>::new());
    assert_eq!(ids(&suite.ask().positions_of(&bob).unwrap()), [2, 4]);
    assert_eq!(ids(&suite.ask().positions_of(&alice).unwrap()), [1, 3, 5]);
    let nobody = suite.user("nobody");
    assert!(suite.ask().positions_of(&nobody).unwrap().is_empty());
    // $9.05: positions 4 and 5 (7,200 and 7,250 against 7,240) straddle it.
    suite.set_price("atom", "9.05");
    assert_eq!(advance(&mut suite, 5), "called");
    let distressed = suite.ask().distressed(None, 10).unwrap();
    assert_eq!(ids(&distressed), [5]);
    assert!(matches!(
        distressed[0].standing,
        Standing::Known {
            stage: Stage::MarginCall { .. },
            ..
        }
    ));
    suite.set_price("atom", "8.99");
    assert_eq!(advance(&mut suite, 4), "called");
    assert_eq!(ids(&suite.ask().distressed(None, 1).unwrap()), [4]);
    assert_eq!(ids(&suite.ask().distressed(Some(4), 1).unwrap()), [5]);
}

#[test]
fn one_bad_row_never_fails_a_page() {
    let mut suite = scenes::calm().asset(AssetSpec::eth().calm()).unwatched().build();
    let alice = suite.user("alice");
    suite
        .positions()
        .open(&alice, &[("atom", 1_000 * UNIT)], &[("usdc", 100 * UNIT)])
        .unwrap();
    suite
        .positions()
        .open(&alice, &[("eth", ETH)], &[("usdc", 100 * UNIT)])
        .unwrap();
    // The oracle's record is of a version that this contract does not read.
    let oracle = suite.peers.oracle_adapter.clone();
    let mut storage = suite.app.contract_storage_mut(&oracle);
    let found = {
        let all: Vec<(Vec<u8>, Vec<u8>)> = storage
            .range(None, None, cosmwasm_std::Order::Ascending)
            .collect();
        all.into_iter()
            .find(|(key, value)| key.ends_with(b"eth") && key.starts_with(b"\0\x05price") && value[0] == 2)
            .expect("a record of eth")
    };
    let newer = [b"\x03", &found.1[1..]].concat();
    storage.set(&found.0, &newer);
    drop(storage);
    let rows = suite.ask().positions(None, 10).unwrap();
    assert!(matches!(rows[0].standing, Standing::Known { .. }));
    match &rows[1].standing {
        Standing::Unknown { reason } => {
            assert_eq!(reason, "price is of version 3, this contract reads version 2");
        }
        other => panic!("{other:?}"),
    }
    assert!(suite.ask().position(2).is_err(), "asked for alone it is an error");
}

#[test]
fn a_preview_knows_what_the_vault_will_not_lend() {
    let mut suite = glidepath_testkit::scenes::calm().build();
    let position = glidepath_testkit::scenes::leveraged(&mut suite);
    let mut terms = suite.ask().market("usdc").unwrap().terms;
    terms.borrow_cap = 740_000_000_000u128.into();
    suite.vault().set_market("usdc", terms).unwrap();
    let actions = vec![glidepath_testkit::handles::borrow("usdc", 1_000)];
    let preview = suite
        .ask()
        .preview_update(Some(position), actions.clone())
        .unwrap();
    let alice = suite.user("alice");
    let done = suite.positions().update(&alice, Some(position), actions, &[]);
    assert!(done.is_err());
    assert!(preview.refused.unwrap().contains("its cap is 740000000000"));
}

//! `Update`: what actions do, and what the result must be.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{dec, manager, rich, why, wide, ETH, UNIT};
use cosmwasm_std::Decimal;
use glidepath_interfaces::events::position_manager::{PositionOpened, PositionUpdated};
use glidepath_interfaces::oracle::PriceRefusal;
use glidepath_interfaces::position_manager::Stage;
use glidepath_position_manager::ContractError;
use glidepath_risk::Value;
use glidepath_testkit::handles::{borrow, deposit, repay, repay_all, withdraw, withdraw_all};
use glidepath_testkit::{id, AssetSpec, Suite};

#[test]
fn one_message_opens_a_position_with_several_assets() {
    let mut suite = wide();
    let alice = rich(&mut suite, "alice", &[("atom", 1_000 * UNIT), ("eth", 2 * ETH)]);
    let actions = vec![
        deposit("atom", 1_000 * UNIT),
        deposit("eth", 2 * ETH),
        borrow("usdc", 5_000 * UNIT),
        borrow("eusd", 3_000 * UNIT),
    ];
    let payment = [("atom", 1_000 * UNIT), ("eth", 2 * ETH)];
    let done = suite.positions().update(&alice, None, actions, &payment).unwrap();

    let opened = done.event(PositionOpened::TYPE).unwrap();
    assert_eq!(opened.must::<u64>("position"), 1);
    assert_eq!(opened.text("owner"), Some(alice.as_str()));
    let updated = done.event(PositionUpdated::TYPE).unwrap();
    assert_eq!(updated.must::<u32>("actions"), 4);
    // (1,000 · $10 + 2 · $2,500) · .75 / $8,000
    assert_eq!(updated.must::<Decimal>("initial_health"), dec("1.40625"));

    let position = suite.ask().position(1).unwrap();
    assert_eq!(position.owner, alice);
    assert_eq!(position.stage, Stage::Healthy {});
    assert_eq!(position.health.initial, Some(dec("1.40625")));
    assert_eq!(position.health.maintenance, Some(dec("1.5")));
    assert_eq!(position.collateral_value, Value::usd(15_000));
    assert_eq!(position.debt_value, Value::usd(8_000));
    assert_eq!(suite.balance(&alice, "usdc"), 5_000 * UNIT);
    assert_eq!(suite.balance(&alice, "eusd"), 3_000 * UNIT);
    assert_eq!(suite.balance(&alice, "atom"), 0);
    assert_eq!(suite.balance(&manager(&suite), "atom"), 0);

    // The next one gets the next number.
    let bob = rich(&mut suite, "bob", &[("atom", UNIT)]);
    let second = suite.positions().open(&bob, &[("atom", UNIT)], &[]).unwrap();
    assert_eq!(second, 2);
}

#[test]
fn actions_run_in_order_and_are_checked_once_at_the_end() {
    let mut suite = wide();
    let alice = rich(&mut suite, "alice", &[("atom", 1_000 * UNIT)]);
    // The loan comes before what secures it.
    let actions = vec![borrow("usdc", 7_500 * UNIT), deposit("atom", 1_000 * UNIT)];
    suite
        .positions()
        .update(&alice, None, actions, &[("atom", 1_000 * UNIT)])
        .unwrap();
    // Another collateral takes the place of the first, which alone would not do.
    suite.give(&alice, "eth", 4 * ETH);
    let swap = vec![withdraw_all("atom"), deposit("eth", 4 * ETH)];
    suite
        .positions()
        .update(&alice, Some(1), swap, &[("eth", 4 * ETH)])
        .unwrap();
    assert_eq!(suite.ask().held(1, "atom").unwrap(), 0);
    assert_eq!(suite.ask().held(1, "eth").unwrap(), 4 * ETH);
    assert_eq!(suite.balance(&alice, "atom"), 1_000 * UNIT);
    // What is borrowed first can be repaid, in order only.
    suite.give(&alice, "eusd", 100 * UNIT);
    let wrong = vec![repay("eusd", 100 * UNIT), borrow("eusd", 100 * UNIT)];
    let refused = suite
        .positions()
        .update(&alice, Some(1), wrong, &[("eusd", 100 * UNIT)]);
    assert_eq!(why(refused), ContractError::NothingOwed { asset: id("eusd") });
    let right = vec![borrow("eusd", 100 * UNIT), repay("eusd", 100 * UNIT)];
    suite
        .positions()
        .update(&alice, Some(1), right, &[("eusd", 100 * UNIT)])
        .unwrap();
    assert_eq!(suite.ask().owed(1, "eusd").unwrap(), 0);
    assert_eq!(suite.balance(&alice, "eusd"), 100 * UNIT);
}

#[test]
fn attack_35_initial_margin_exactly_and_one_unit_beside_it() {
    let mut suite = wide();
    let alice = rich(&mut suite, "alice", &[("atom", 1_000 * UNIT)]);
    let position = suite
        .positions()
        .open(&alice, &[("atom", 1_000 * UNIT)], &[])
        .unwrap();
    let refused = suite
        .positions()
        .borrow(&alice, position, "usdc", 7_500 * UNIT + 1);
    assert_eq!(
        why(refused),
        ContractError::BelowInitialMargin {
            health: dec("0.999999999866666666"),
            required: Decimal::one(),
        }
    );
    suite
        .positions()
        .borrow(&alice, position, "usdc", 7_500 * UNIT)
        .unwrap();
    assert_eq!(
        suite.ask().position(position).unwrap().health.initial,
        Some(Decimal::one())
    );
    let refused = suite.positions().withdraw(&alice, position, "atom", 1);
    assert!(matches!(why(refused), ContractError::BelowInitialMargin { .. }));
    let refused = suite.positions().borrow(&alice, position, "usdc", 1);
    assert!(matches!(why(refused), ContractError::BelowInitialMargin { .. }));
}

#[test]
fn what_lowers_risk_is_never_checked() {
    let mut suite = wide();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(&alice, &[("atom", 1_000 * UNIT)], &[("usdc", 7_500 * UNIT)])
        .unwrap();
    suite.set_price("atom", "9");
    assert_eq!(suite.ask().position(position).unwrap().stage, Stage::Callable {});
    suite.positions().deposit(&alice, position, "atom", 1).unwrap();
    suite.positions().repay(&alice, position, "usdc", 1).unwrap();
    // All debt repaid: the withdrawal in the same list needs no margin, whatever the price.
    suite.give(&alice, "usdc", 1_000 * UNIT);
    let out = vec![repay_all("usdc"), withdraw_all("atom")];
    let payment = [("usdc", 8_500 * UNIT)];
    suite
        .positions()
        .update(&alice, Some(position), out, &payment)
        .unwrap();
    // The unit that was repaid before was given to her.
    assert_eq!(suite.balance(&alice, "usdc"), 1_000 * UNIT + 1);
    assert_eq!(suite.balance(&alice, "atom"), 1_000 * UNIT + 1);
    assert_eq!(suite.ask().position(position).unwrap().health.maintenance, None);
}

#[test]
fn without_debt_no_price_is_needed() {
    let mut suite = wide();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(&alice, &[("atom", 1_000 * UNIT)], &[])
        .unwrap();
    suite.advance_time(1_000_000);
    suite
        .positions()
        .withdraw(&alice, position, "atom", 400 * UNIT)
        .unwrap();
    assert_eq!(suite.balance(&alice, "atom"), 400 * UNIT);
}

#[test]
fn prices_for_borrowing_must_be_good() {
    let mut suite = wide();
    let alice = rich(&mut suite, "alice", &[("usdc", 10 * UNIT)]);
    let position = suite
        .positions()
        .open(
            &alice,
            &[("atom", 1_000 * UNIT), ("eth", ETH)],
            &[("usdc", 1_000 * UNIT)],
        )
        .unwrap();
    suite.advance_time(121);
    // The debt's price refuses.
    let refused = suite.positions().borrow(&alice, position, "usdc", UNIT);
    let too_old = |asset: &str| PriceRefusal::TooOld {
        asset: id(asset),
        age: 121,
        max_age: 120,
    };
    assert_eq!(why(refused), ContractError::Price(too_old("usdc")));
    // A collateral's counts zero; where the rest does, it is not missed.
    let reporter = suite.reporters[0].clone();
    suite.oracle().post(&reporter, "usdc", "1").unwrap();
    suite.oracle().post(&reporter, "eth", "2500").unwrap();
    suite
        .positions()
        .borrow(&alice, position, "usdc", 800 * UNIT)
        .unwrap();
    // 1,876 > .75 · $2,500: now it is, and the refusal says what to do.
    let refused = suite.positions().borrow(&alice, position, "usdc", 76 * UNIT);
    assert_eq!(why(refused), ContractError::Price(too_old("atom")));
    // Repaying and adding need no price.
    suite.advance_time(1_000_000);
    suite.positions().repay(&alice, position, "usdc", UNIT).unwrap();
    suite.positions().deposit(&alice, position, "eth", ETH).unwrap();
}

#[test]
fn borrowing_takes_the_worse_of_last_and_smoothed_price() {
    let mut suite = wide();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(&alice, &[("atom", 1_000 * UNIT)], &[])
        .unwrap();
    // Twice the price for a moment: the smoothed one counts.
    suite.set_price("atom", "20");
    let refused = suite.positions().borrow(&alice, position, "usdc", 7_501 * UNIT);
    assert!(matches!(why(refused), ContractError::BelowInitialMargin { .. }));
    // Half of it: the last one counts.
    suite.set_price("atom", "5");
    let refused = suite.positions().borrow(&alice, position, "usdc", 3_751 * UNIT);
    assert!(matches!(why(refused), ContractError::BelowInitialMargin { .. }));
    suite
        .positions()
        .borrow(&alice, position, "usdc", 3_750 * UNIT)
        .unwrap();
    // A debt that was dearer lately counts as it was.
    suite.set_price("atom", "10");
    suite.set_price("usdc", "0.5");
    let refused = suite.positions().borrow(&alice, position, "usdc", 3_751 * UNIT);
    assert!(matches!(why(refused), ContractError::BelowInitialMargin { .. }));
}

#[test]
fn attack_12_round_trips_never_gain_a_unit() {
    // With interest, so that shares and amounts differ.
    let mut suite = Suite::default();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(&alice, &[("atom", 1_000_003)], &[("usdc", 6_000_001 + 4 * UNIT)])
        .unwrap_err();
    // Ten dollars of collateral carry no ten dollars of debt.
    assert!(matches!(
        position.downcast_ref(),
        Some(ContractError::BelowMinDebt { .. } | ContractError::BelowInitialMargin { .. })
    ));
    let position = suite
        .positions()
        .open(
            &alice,
            &[("atom", 1_000 * UNIT + 3)],
            &[("usdc", 1_000 * UNIT + 7)],
        )
        .unwrap();
    suite.elapse(86_400 * 30 + 7);
    let usdc = suite.balance(&alice, "usdc");
    for amount in [1u128, 3, 999_999] {
        let owed = suite.ask().owed(position, "usdc").unwrap();
        suite
            .positions()
            .borrow(&alice, position, "usdc", amount)
            .unwrap();
        let lent = suite.ask().owed(position, "usdc").unwrap();
        assert!(
            lent >= owed + amount,
            "borrowing {amount} adds {} to the debt",
            lent - owed
        );
        let back = vec![repay("usdc", amount)];
        suite
            .positions()
            .update(&alice, Some(position), back, &[("usdc", amount)])
            .unwrap();
        let after = suite.ask().owed(position, "usdc").unwrap();
        assert!(
            after >= owed,
            "{amount} borrowed and repaid: {owed} became {after}"
        );
        assert_eq!(suite.balance(&alice, "usdc"), usdc);
    }
    let atom = suite.ask().held(position, "atom").unwrap();
    suite.positions().withdraw(&alice, position, "atom", 7).unwrap();
    suite.positions().deposit(&alice, position, "atom", 7).unwrap();
    assert_eq!(suite.ask().held(position, "atom").unwrap(), atom);
}

#[test]
fn what_is_checked_is_what_the_vault_books() {
    // Shares, index and rounding with interest: the preview is the result, to the digit.
    let mut suite = Suite::builder().asset(AssetSpec::eth()).build();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(
            &alice,
            &[("atom", 1_234_567_891), ("eth", ETH)],
            &[("usdc", 3_333_333_337), ("eth", ETH / 3)],
        )
        .unwrap();
    suite.elapse(1_000_003);
    suite.give(&alice, "usdc", 10_000 * UNIT);
    let actions = vec![
        borrow("usdc", 77_777_777),
        repay("usdc", 1_000_000_001),
        borrow("eth", 1_234_567_890_123),
        withdraw("atom", 234_567_891),
        repay_all("usdc"),
        borrow("usdc", 4_000_000_003),
    ];
    let paid = 5_000 * UNIT;
    let preview = suite
        .ask()
        .preview_update(Some(position), actions.clone())
        .unwrap();
    assert_eq!(preview.refused, None);
    suite
        .positions()
        .update(&alice, Some(position), actions, &[("usdc", paid)])
        .unwrap();
    let now = suite.ask().position(position).unwrap();
    assert_eq!(now.health, preview.after);
    assert_eq!(now.debt_value, preview.debt_value);
    assert_eq!(now.collateral_value, preview.collateral_value);
}

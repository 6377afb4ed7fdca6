//! Positions that are worth less than they owe: the fund, then the suppliers. Invariants are checked by the suite itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{stage, suite, Pair, NATIVE, TOKENS};
use cosmwasm_std::Uint128;
use glidepath_interfaces::events::auction::Filled;
use glidepath_interfaces::events::vault::{CollateralSurrendered, DebtWrittenOff};
use glidepath_interfaces::position_manager::Stage;
use glidepath_testkit::scenes::{calm, closing_out, leveraged, on_sale, run_down, UNIT};
use glidepath_testkit::{id, AssetSpec, Outcome, Suite};

/// A crash to $6: $600,000 against $740,000.
fn written_off(pair: Pair, suite: &mut Suite) -> (u64, Outcome) {
    let position = pair.open(suite);
    let bob = suite.user("bob");
    suite.set_price(pair.collateral, "6.00");
    suite.positions().advance(position).unwrap();
    let all = run_down(suite, position, &bob);
    (position, all)
}

fn loss(all: &Outcome) -> [u128; 3] {
    let event = all.event(DebtWrittenOff::TYPE).unwrap();
    assert_eq!(all.all(DebtWrittenOff::TYPE).count(), 1, "a loss is booked once");
    ["loss", "fund", "suppliers"].map(|part| event.must::<Uint128>(part).u128())
}

#[test]
fn write_off_with_the_fund() {
    for pair in [NATIVE, TOKENS] {
        let mut suite = suite(Some("500000"));
        let before = suite.ask().market(pair.debt).unwrap();
        let (position, all) = written_off(pair, &mut suite);
        let [loss, fund, suppliers] = loss(&all);
        assert!((100_000.0..150_000.0).contains(&pair.usd(&suite, loss)));
        assert_eq!((fund, suppliers), (loss, 0));
        let after = suite.ask().market(pair.debt).unwrap();
        assert!(after.supply_price >= before.supply_price, "lenders lost nothing");
        assert_eq!(after.market.debt_shares, Uint128::zero());
        assert!(after.market.fund_shares < before.market.fund_shares);
        let pool = suite.ask().pool(pair.debt).unwrap();
        let left = pair.usd(&suite, pool.worth.u128());
        let expected = 500_000.0 - pair.usd(&suite, loss);
        assert!(
            (expected..expected + 1_000.0).contains(&left),
            "the fund has ${left}"
        );
        let ledger = suite.ask().ledger(position).unwrap().ledger;
        assert!(ledger.debts.is_empty() && ledger.collateral.is_empty() && ledger.sale.is_none());
        assert!(suite.ask().sale(position).is_err());
        assert!(matches!(stage(&suite, position), Stage::Healthy {}));
    }
}

#[test]
fn attack_42_write_off_with_an_empty_fund() {
    for pair in [NATIVE, TOKENS] {
        let mut suite = suite(None);
        let lender = suite.user("lender");
        let before = suite.ask().market(pair.debt).unwrap();
        let supply = suite.ask().supply(&lender, pair.debt).unwrap();
        let (_, all) = written_off(pair, &mut suite);
        let [loss, fund, suppliers] = loss(&all);
        // The fund has nobody's stake, only its part of penalties, and those were none: nothing was left to take.
        let penalties: u128 = all
            .all(Filled::TYPE)
            .map(|fill| fill.must::<Uint128>("penalty").u128())
            .sum();
        assert_eq!((penalties, fund), (0, 0));
        assert_eq!(suppliers, loss);
        let after = suite.ask().market(pair.debt).unwrap();
        assert!(after.supply_price < before.supply_price);
        let poorer = supply.amount.u128() - suite.ask().supply(&lender, pair.debt).unwrap().amount.u128();
        assert!(
            poorer >= loss - 2 && poorer <= loss,
            "the only lender lost {poorer} of {loss}"
        );
        assert_eq!(before.total_assets.u128() - after.total_assets.u128(), loss);
    }
}

#[test]
fn attack_42_write_off_beyond_what_the_fund_has_and_beyond_its_cap() {
    for (stake, cap) in [("50000", None), ("500000", Some("50000"))] {
        for pair in [NATIVE, TOKENS] {
            let mut suite = suite(Some(stake));
            if let Some(cap) = cap {
                let mut rule = glidepath_testkit::defaults::cover_rule();
                rule.epoch_cap = suite.units(pair.debt, cap).into();
                suite.fund().set_cover(pair.debt, rule).unwrap();
            }
            let (before, shares) = {
                let market = suite.ask().market(pair.debt).unwrap();
                (market.supply_price, market.market.fund_shares)
            };
            let (_, all) = written_off(pair, &mut suite);
            let [loss, fund, suppliers] = loss(&all);
            assert_eq!(fund + suppliers, loss);
            let paid = pair.usd(&suite, fund);
            assert!((49_999.0..50_100.0).contains(&paid), "the fund paid ${paid}");
            let market = suite.ask().market(pair.debt).unwrap();
            assert!(market.supply_price < before, "the suppliers bear the rest");
            assert_eq!(
                market.market.fund_shares.is_zero(),
                cap.is_none(),
                "{shares} before"
            );
        }
    }
}

#[test]
fn dust_that_nobody_buys_becomes_the_funds_account() {
    // What is left is worth less than the $100 that may remain and is not sold any more: the fund gets it.
    let mut suite = calm()
        .asset(AssetSpec::atom().calm().depth(200_000).tune(|params| {
            params.collateral.as_mut().unwrap().min_collateral = glidepath_risk::Value::usd(100);
        }))
        .build();
    let alice = suite.user("alice");
    let (held, owed) = (suite.units("atom", "20"), suite.units("usdc", "148"));
    let position = suite
        .positions()
        .open(&alice, &[("atom", held)], &[("usdc", owed)])
        .unwrap();
    suite.set_price("atom", "4.00");
    // There is nothing to sell: who calls it a second time writes it off.
    suite.positions().advance(position).unwrap();
    suite.elapse(60);
    let all = suite.positions().advance(position).unwrap();
    let event = all.event(CollateralSurrendered::TYPE).unwrap();
    assert_eq!(event.must::<Uint128>("amount").u128(), held);
    let fund = suite.peers.insurance_fund.clone();
    assert_eq!(suite.ask().account(&fund, "atom").unwrap(), held);
    assert!(all.has(DebtWrittenOff::TYPE));
    // Governance can sell it for the stakers.
    let desk = suite.user("desk");
    suite.fund().withdraw_account("atom", None, &desk).unwrap();
    assert_eq!(suite.balance(&desk, "atom"), held);
}

/// A report with its decimals wrong stands for one block; everything that is due is called in it.
fn wrong_for_a_block(scene: fn(&mut Suite) -> u64, right: &str) {
    let mut suite = calm().build();
    let position = scene(&mut suite);
    let held = suite.ask().held(position, "atom").unwrap();
    let before = suite.ask().market("usdc").unwrap();
    suite.set_price("atom", "0.000009");
    for _ in 0..10 {
        if suite.positions().advance(position).is_err() {
            break;
        }
    }
    suite.set_price("atom", right);
    assert_eq!(suite.ask().held(position, "atom").unwrap(), held);
    let after = suite.ask().market("usdc").unwrap();
    assert_eq!(after.supply_price, before.supply_price);
    assert_eq!(after.total_debt, before.total_debt);
}

#[test]
fn attack_64_a_wrong_price_for_one_block_writes_nothing_off() {
    wrong_for_a_block(leveraged, "10");
    wrong_for_a_block(on_sale, "9.20");
    wrong_for_a_block(closing_out, "8.40");
    // A close-out was seen once already: what is seen now for the first time is that nothing is left.
    let sighted = |suite: &mut Suite| {
        let position = on_sale(suite);
        suite.set_price("atom", "8.50");
        suite.positions().advance(position).unwrap();
        suite.elapse(60);
        position
    };
    wrong_for_a_block(sighted, "8.50");
}

/// All prices but that of `cusd` go on.
fn silent_cusd(suite: &mut Suite, seconds: u64, atom: &str) {
    suite.advance_time(seconds);
    suite.post(&[
        (id("atom"), atom.parse().unwrap()),
        (id("usdc"), "1".parse().unwrap()),
    ]);
    let keeper = suite.user("keeper");
    suite.oracle().update_prices(&keeper, &["cusd"]).unwrap();
}

#[test]
fn attack_86_an_insolvency_is_flagged_also_where_the_pair_on_sale_is_done() {
    let mut suite = calm().asset(AssetSpec::cusd().calm().no_interest()).build();
    let (alice, bob, staker) = (suite.user("alice"), suite.user("bob"), suite.user("staker"));
    let stake = suite.units("cusd", "50000");
    suite.give(&staker, "cusd", stake);
    suite.fund().stake(&staker, "cusd", stake).unwrap();
    suite.fund().request_exit(&staker, "cusd", None).unwrap();
    suite.elapse(10 * 86_400);
    let owed = suite.units("cusd", "740000");
    let position = suite
        .positions()
        .open(
            &alice,
            &[("atom", 100_000 * UNIT)],
            &[("usdc", 20 * UNIT), ("cusd", owed)],
        )
        .unwrap();
    // Only the small debt can be repaid, and is.
    silent_cusd(&mut suite, 901, "9.20");
    suite.positions().advance(position).unwrap();
    silent_cusd(&mut suite, 901, "9.20");
    suite.positions().advance(position).unwrap();
    silent_cusd(&mut suite, 31, "9.20");
    suite.auction().bid(&bob, position, 100 * UNIT).unwrap();
    assert_eq!(suite.ask().owed(position, "usdc").unwrap(), 0);
    silent_cusd(&mut suite, 31, "7.00");
    while suite.positions().advance(position).is_ok() {}
    assert_eq!(suite.ask().market("cusd").unwrap().cover.insolvent, 1);
    assert!(
        suite.fund().exit(&staker, "cusd").is_err(),
        "a loss in sight is everybody's"
    );
}

/// Between two wrong prices the owner adds what has a value: what is then seen worth nothing is seen for the first time.
#[test]
fn attack_64_a_deposit_of_value_makes_what_was_seen_worth_nothing_unseen() {
    let mut suite = calm().asset(AssetSpec::eth().calm()).build();
    let position = on_sale(&mut suite);
    suite.set_price("atom", "0.000009");
    suite.positions().advance(position).unwrap();
    let alice = suite.user("alice");
    let eth = suite.units("eth", "10");
    suite.positions().deposit(&alice, position, "eth", eth).unwrap();
    suite.elapse(60);
    suite.set_prices(&[("atom", "0.000009"), ("eth", "0.000009")]);
    for _ in 0..10 {
        if suite.positions().advance(position).is_err() {
            break;
        }
    }
    suite.set_prices(&[("atom", "9.20"), ("eth", "2500")]);
    assert_eq!(suite.ask().held(position, "eth").unwrap(), eth);
}

//! Attacks on the vault's accounting, by their numbers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::*;
use cosmwasm_std::Uint128;
use glidepath_interfaces::vault::{ExecuteMsg, LedgerAction, MarketTerms};
use glidepath_risk::interest::RateModel;
use proptest::prelude::*;

/// A life of a market: lenders, a position, a sale, a loss. `between` happens after every step.
fn life(mut between: impl FnMut(&mut Suite)) -> Suite {
    let mut suite = Suite::with(terms());
    between(&mut suite);
    suite.lend("alice", "usd", 1_000_003);
    suite.send("bob", 500_009, &supply("tok")).unwrap();
    between(&mut suite);
    suite.deposit(1, "atom", 700_001);
    suite.borrow(1, "usd", 400_007);
    suite.borrow(1, "tok", 99_991);
    between(&mut suite);
    suite.pass(1_000_003);
    let sale = Some(permission("atom", "usd", "500000"));
    let msg = suite.distress(1, "0.1", sale);
    suite.ok("pm", &msg, &[]);
    between(&mut suite);
    suite.pass(700);
    let fill = suite.fill(1, 300_007, 299_993, 2_999);
    suite.ok("auction", &fill, &coins("usd", 302_992));
    between(&mut suite);
    suite.lend("carol", "usd", 77_777);
    let msg = suite.write_off(1);
    suite.forgive();
    suite.ok("pm", &msg, &[]);
    between(&mut suite);
    suite.ok("carol", &withdraw("usd", None), &[]);
    suite
}

#[test]
fn attack_10_donations_change_no_record() {
    let quiet = life(|_| ());
    let gifted = life(|suite| {
        for asset in ["usd", "atom", "eth", "tok"] {
            suite.donate(asset, 1_000_000_007);
        }
    });
    assert_eq!(quiet.records(), gifted.records());
    assert!(gifted.solvency("usd").balance > quiet.solvency("usd").balance);
}

/// The dearest market that the rules allow: ten years at a full market's rate.
fn inflated(by: u128) -> Suite {
    let mut suite = Suite::with(MarketTerms {
        rate_model: RateModel {
            base: dec("0"),
            kink: dec("0.5"),
            slope_low: dec("0"),
            slope_high: dec("1"),
        },
        reserve_factor: dec("0"),
        ..terms()
    });
    suite.lend("alice", "usd", by);
    suite.deposit(1, "atom", 1);
    suite.borrow(1, "usd", by);
    suite.donate("usd", 1_000_000_000);
    suite.pass(10 * 31_536_000);
    suite
}

#[test]
fn attack_11_a_first_depositor_can_take_nothing_from_a_victim() {
    for donated in [1, 1_000_000, 1_000_000_000] {
        let mut suite = Suite::new();
        suite.lend("alice", "usd", 1);
        suite.donate("usd", donated);
        suite.lend("bob", "usd", 1_500_000);
        assert_eq!(suite.shares("bob", "usd").amount.u128(), 1_500_000);
        assert_eq!(suite.shares("alice", "usd").amount.u128(), 1);
    }
}

#[test]
fn attack_11_nor_by_interest_from_several() {
    for by in [1, 7, 1_000] {
        let mut suite = inflated(by);
        let attacker = suite.shares("alice", "usd").amount.u128();
        // A share is worth at most a fiftieth of a unit by then: nobody loses a whole one to rounding.
        for (victim, units) in [("bob", 2), ("carol", 333), ("dave", 10_001)] {
            suite.lend(victim, "usd", units);
            let worth = suite.shares(victim, "usd").amount.u128();
            assert!(worth + 1 >= units, "{victim} has {worth} of {units}");
        }
        let now = suite.shares("alice", "usd").amount.u128();
        assert!(now <= attacker + 1, "the attacker gained {}", now - attacker);
    }
}

#[test]
fn attack_11_leaving_does_not_enrich_who_stays_to_buy_in_again() {
    let mut suite = inflated(1_000);
    suite.repay(1, "usd", 1_000);
    suite.lend("bob", "usd", 5_000);
    for _ in 0..20 {
        let before = suite.purse("alice", "usd");
        let held = suite.shares("alice", "usd").amount.u128();
        suite.lend("alice", "usd", 777);
        suite.ok("alice", &withdraw("usd", Some(777)), &[]);
        assert_eq!(suite.purse("alice", "usd"), before);
        assert!(suite.shares("alice", "usd").amount.u128() <= held);
    }
    assert!(suite.shares("bob", "usd").amount.u128() + 1 >= 5_000);
}

/// Where round trips are tried: an index and a supply price that are no round numbers.
fn odd(supplied: u128, lent: u128, seconds: u64) -> Suite {
    let mut suite = Suite::with(terms());
    suite.lend("alice", "usd", supplied);
    suite.deposit(1, "atom", 1);
    suite.borrow(1, "usd", lent.min(supplied));
    suite.pass(seconds);
    suite
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn attack_12_supply_and_withdraw_never_gain(
        supplied in 1u128..10_000_000, part in 1u128..100, seconds in 1u64..400_000_000, units in 1u128..1_000_000,
    ) {
        let mut suite = odd(supplied, supplied * part / 100 + 1, seconds);
        let before = suite.purse("bob", "usd");
        if suite.exec("bob", &supply("usd"), &coins("usd", units)).is_ok() {
            suite.pass(0);
            let _ = suite.exec("bob", &withdraw("usd", None), &[]);
            prop_assert!(suite.purse("bob", "usd") <= before);
        }
    }

    #[test]
    fn attack_12_withdrawing_in_parts_is_no_better(
        supplied in 1_000u128..10_000_000, part in 1u128..90, seconds in 1u64..100_000_000, step in 1u128..500,
    ) {
        let mut whole = odd(supplied, supplied * part / 100 + 1, seconds);
        let mut parts = odd(supplied, supplied * part / 100 + 1, seconds);
        whole.lend("bob", "usd", 1_000);
        parts.lend("bob", "usd", 1_000);
        let _ = whole.exec("bob", &withdraw("usd", None), &[]);
        for _ in 0..10 {
            let _ = parts.exec("bob", &withdraw("usd", Some(step)), &[]);
        }
        let _ = parts.exec("bob", &withdraw("usd", None), &[]);
        prop_assert!(parts.purse("bob", "usd") <= whole.purse("bob", "usd"));
    }

    #[test]
    fn attack_12_borrow_and_repay_never_gain(
        supplied in 1_000u128..10_000_000, part in 1u128..50, seconds in 1u64..400_000_000, units in 1u128..500,
    ) {
        let mut suite = odd(supplied, supplied * part / 100 + 1, seconds);
        suite.deposit(2, "atom", 1);
        suite.borrow(2, "usd", units);
        let owed = suite.owed(2).0;
        prop_assert!(owed >= units);
        suite.repay(2, "usd", owed);
        prop_assert!(suite.ledger(2).debts.is_empty());
    }

    #[test]
    fn attack_12_repaying_in_parts_is_no_cheaper(
        supplied in 10_000u128..10_000_000, seconds in 1u64..100_000_000, step in 1u128..200,
    ) {
        let mut suite = odd(supplied, supplied / 3, seconds);
        suite.deposit(2, "atom", 1);
        suite.borrow(2, "usd", 1_000);
        let owed = suite.owed(2).0;
        let mut paid = 0;
        for _ in 0..4 {
            suite.repay(2, "usd", step);
            paid += step;
        }
        let rest = suite.owed(2).0;
        suite.repay(2, "usd", rest);
        prop_assert!(paid + rest >= owed, "{paid} + {rest} < {owed}");
    }
}

#[test]
fn attack_13_a_thousand_dust_operations_beat_no_large_one() {
    let mut suite = odd(1_000_003, 400_007, 31_536_000);
    let mut large = odd(1_000_003, 400_007, 31_536_000);
    for _ in 0..200 {
        suite.lend("bob", "usd", 1);
    }
    large.lend("bob", "usd", 200);
    assert!(suite.shares("bob", "usd").shares <= large.shares("bob", "usd").shares);
    suite.deposit(2, "atom", 1);
    large.deposit(2, "atom", 1);
    for _ in 0..200 {
        suite.borrow(2, "usd", 1);
    }
    large.borrow(2, "usd", 200);
    assert!(suite.owed(2) >= large.owed(2));
}

#[test]
fn attack_14_sums_near_the_top_are_checked() {
    let mut suite = Suite::new();
    let most = MarketTerms {
        supply_cap: Uint128::MAX,
        borrow_cap: Uint128::MAX,
        ..free()
    };
    suite.set_market("usd", most);
    let mint = cw_multi_test::BankSudo::Mint {
        to_address: suite.addr("alice").into(),
        amount: coins("usd", u128::MAX - 10 * PURSE),
    };
    suite.app.sudo(cw_multi_test::SudoMsg::Bank(mint)).unwrap();
    // A million shares a unit don't fit: an error, no panic.
    let all = coins("usd", u128::MAX - 10 * PURSE);
    assert!(matches!(
        suite.refused("alice", &supply("usd"), &all),
        glidepath_vault::ContractError::Risk(_)
    ));
    // An account and a position hold as much as there is.
    let half = (u128::MAX - 10 * PURSE) / 2;
    let msg = ExecuteMsg::Deposit {
        asset: id("usd"),
        recipient: None,
    };
    suite.ok("alice", &msg, &coins("usd", half));
    let pm = suite.addr("pm");
    let alice = suite.addr("alice");
    cw_multi_test::Executor::send_tokens(&mut suite.app, alice, pm, &coins("usd", half)).unwrap();
    suite.deposit(1, "usd", half);
    let take = LedgerAction::Withdraw {
        amount: amount("usd", half),
        recipient: suite.addr("bob").into(),
    };
    suite.ok("pm", &apply(1, vec![take]), &[]);
}

#[test]
fn attack_14_a_market_full_of_shares_can_be_repaid_and_settled_in() {
    let full = u128::MAX / 1_000_000;
    let mut suite = Suite::with(MarketTerms {
        supply_cap: Uint128::MAX,
        borrow_cap: Uint128::MAX,
        ..terms()
    });
    let mint = cw_multi_test::BankSudo::Mint {
        to_address: suite.addr("alice").into(),
        amount: coins("usd", full),
    };
    suite.app.sudo(cw_multi_test::SudoMsg::Bank(mint)).unwrap();
    // One more, and no share could be priced any more: nothing could be withdrawn or repaid.
    assert!(matches!(
        suite.refused("alice", &supply("usd"), &coins("usd", full)),
        glidepath_vault::ContractError::Risk(_)
    ));
    suite.lend("alice", "usd", full - 1);
    suite.deposit(1, "atom", 1_000_000_000);
    suite.borrow(1, "usd", 1_000_000_000);
    let sale = Some(permission("atom", "usd", "500000"));
    let msg = suite.distress(1, "0.1", sale);
    suite.ok("pm", &msg, &[]);
    suite.pass(31_536_000);
    let fill = suite.fill(1, 300_000_000, 300_000_000, 3_000_000);
    suite.ok("auction", &fill, &coins("usd", 303_000_000));
    let owed = suite.owed(1);
    assert!(owed.1 > 0, "a surcharge is paid too");
    suite.repay(1, "usd", owed.0 + owed.1);
    assert!(suite.ledger(1).debts.is_empty());
}

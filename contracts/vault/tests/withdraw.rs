//! `Withdraw`.
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
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::vault::ExecuteMsg;
use glidepath_vault::ContractError;

fn to(asset: &str, units: u128, recipient: String) -> ExecuteMsg {
    ExecuteMsg::Withdraw {
        asset: id(asset),
        amount: Some(units.into()),
        recipient: Some(recipient),
    }
}

#[test]
fn a_part_and_then_all() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    let response = suite.ok("alice", &withdraw("usd", Some(300)), &[]);
    let withdrawn = event(&response, "supply_withdrawn");
    assert_eq!(attr(&withdrawn, "amount"), "300");
    assert_eq!(attr(&withdrawn, "shares"), "300000000");
    assert_eq!(suite.purse("alice", "usd"), PURSE - 700);
    suite.ok("alice", &withdraw("usd", None), &[]);
    assert_eq!(suite.purse("alice", "usd"), PURSE);
    assert_eq!(suite.shares("alice", "usd").shares.u128(), 0);
    assert_eq!(suite.market("usd").market.supply_shares.u128(), 0);
}

#[test]
fn coins_go_to_the_recipient_and_tokens_too() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    suite.send("alice", 1_000, &supply("tok")).unwrap();
    let bob = suite.addr("bob").to_string();
    for asset in ["usd", "tok"] {
        suite.ok("alice", &to(asset, 400, bob.clone()), &[]);
        assert_eq!(suite.purse("bob", asset), PURSE + 400);
        assert_eq!(suite.shares("alice", asset).amount.u128(), 600);
    }
}

#[test]
fn interest_is_paid_and_shares_are_rounded_up() {
    let mut suite = Suite::with(terms());
    suite.lend("alice", "usd", 1_000_000);
    suite.deposit(1, "atom", 1);
    suite.borrow(1, "usd", 500_000);
    suite.pass(31_536_000);
    let worth = suite.shares("alice", "usd").amount.u128();
    assert!(worth > 1_036_000 && worth < 1_039_000, "{worth}");
    let before = suite.shares("alice", "usd").shares.u128();
    let response = suite.ok("alice", &withdraw("usd", Some(1)), &[]);
    let burnt: u128 = attr(&event(&response, "supply_withdrawn"), "shares")
        .parse()
        .unwrap();
    assert!(burnt * (worth + 1) >= 1_000_000_000_000, "{burnt}");
    assert_eq!(suite.shares("alice", "usd").shares.u128(), before - burnt);
}

#[test]
fn only_cash_can_be_withdrawn() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    suite.deposit(1, "atom", 1);
    suite.borrow(1, "usd", 700);
    for amount in [None, Some(1_000)] {
        assert_eq!(
            suite.refused("alice", &withdraw("usd", amount), &[]),
            ContractError::NotEnoughCash {
                asset: id("usd"),
                cash: 300u128.into(),
                wanted: 1_000u128.into()
            }
        );
    }
    suite.ok("alice", &withdraw("usd", Some(300)), &[]);
}

#[test]
fn only_what_one_has() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    suite.lend("bob", "usd", 1_000);
    assert_eq!(
        suite.refused("alice", &withdraw("usd", Some(1_001)), &[]),
        ContractError::NotEnoughShares {
            asset: id("usd"),
            held: 1_000_000_000u128.into(),
            wanted: 1_001_000_000u128.into()
        }
    );
    assert_eq!(
        suite.refused("carol", &withdraw("usd", Some(1)), &[]),
        ContractError::NotEnoughShares {
            asset: id("usd"),
            held: 0u128.into(),
            wanted: 1_000_000u128.into()
        }
    );
}

#[test]
fn the_fund_may_withdraw_to_a_user_only() {
    let mut suite = Suite::new();
    let msg = ExecuteMsg::Supply {
        asset: id("usd"),
        recipient: Some(suite.fund.to_string()),
    };
    suite.ok("alice", &msg, &coins("usd", 50));
    assert_eq!(
        suite.refused("fund", &withdraw("usd", None), &[]),
        ContractError::SuiteContract {
            address: suite.fund.clone()
        }
    );
    let carol = suite.addr("carol").to_string();
    suite.ok("fund", &to("usd", 20, carol), &[]);
    assert_eq!(suite.market("usd").market.fund_shares.u128(), 30_000_000);
    assert_eq!(suite.purse("carol", "usd"), PURSE + 20);
}

#[test]
fn a_retired_market_still_pays() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 10_000_000_000);
    suite.deposit(1, "atom", 1);
    suite.borrow(1, "usd", 9_999_999_999);
    let msg = suite.write_off(1);
    suite.forgive();
    suite.ok("pm", &msg, &[]);
    assert!(suite.market("usd").market.is_retired().unwrap());
    suite.ok("alice", &withdraw("usd", Some(1)), &[]);
}

#[test]
fn attack_01_coins_with_it() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    assert_eq!(
        suite.refused("alice", &withdraw("usd", None), &coins("usd", 3)),
        ContractError::Payment(PaymentError::UnexpectedFunds {
            found: "native:uusd:3".into()
        })
    );
    assert_eq!(
        suite.send_refused("alice", 3, &withdraw("usd", None)),
        ContractError::Payment(PaymentError::NotPayable {})
    );
}

#[test]
fn attack_08_nothing_of_nothing() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    assert_eq!(
        suite.refused("alice", &withdraw("usd", Some(0)), &[]),
        ContractError::Payment(PaymentError::ZeroAmount {})
    );
    assert_eq!(
        suite.refused("bob", &withdraw("usd", None), &[]),
        ContractError::Payment(PaymentError::ZeroAmount {})
    );
}

#[test]
fn attack_06_and_74_recipients() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    for who in ["vault", "pm", "auction", "oracle", "fund"] {
        let address = suite.addr(who);
        assert_eq!(
            suite.refused("alice", &to("usd", 1, address.to_string()), &[]),
            ContractError::SuiteContract { address }
        );
    }
    let upper = suite.addr("bob").to_string().to_uppercase();
    for bad in [upper.as_str(), "", "osmo1qqqq", "bob"] {
        assert!(matches!(
            suite.refused("alice", &to("usd", 1, bad.into()), &[]),
            ContractError::Std(_)
        ));
    }
}

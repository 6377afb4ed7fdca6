//! `Deposit` and `WithdrawAccount`.
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
use cosmwasm_std::coin;
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::vault::ExecuteMsg;
use glidepath_vault::ContractError;

fn deposit(asset: &str, recipient: Option<String>) -> ExecuteMsg {
    ExecuteMsg::Deposit {
        asset: id(asset),
        recipient,
    }
}

fn take(asset: &str, units: Option<u128>, recipient: Option<String>) -> ExecuteMsg {
    ExecuteMsg::WithdrawAccount {
        asset: id(asset),
        amount: units.map(Into::into),
        recipient,
    }
}

#[test]
fn in_and_out_native_and_cw20() {
    let mut suite = Suite::new();
    let response = suite.ok("alice", &deposit("eth", None), &coins("eth", 500));
    assert_eq!(attr(&event(&response, "account_deposited"), "amount"), "500");
    suite.send("alice", 300, &deposit("tok", None)).unwrap();
    assert_eq!(suite.account("alice", "eth"), 500);
    assert_eq!(suite.account("alice", "tok"), 300);

    let bob = suite.addr("bob").to_string();
    let response = suite.ok("alice", &take("eth", Some(200), Some(bob)), &[]);
    assert_eq!(attr(&event(&response, "account_withdrawn"), "amount"), "200");
    assert_eq!(suite.purse("bob", "eth"), PURSE + 200);
    suite.ok("alice", &take("eth", None, None), &[]);
    suite.ok("alice", &take("tok", None, None), &[]);
    assert_eq!(suite.purse("alice", "eth"), PURSE - 200);
    assert_eq!(suite.purse("alice", "tok"), PURSE);
    assert_eq!(suite.account("alice", "eth"), 0);
}

#[test]
fn for_somebody_else_and_for_the_fund() {
    let mut suite = Suite::new();
    for who in ["bob", "fund"] {
        let recipient = suite.addr(who).to_string();
        suite.ok("alice", &deposit("usd", Some(recipient)), &coins("usd", 70));
        assert_eq!(suite.account(who, "usd"), 70);
    }
    let carol = suite.addr("carol").to_string();
    suite.ok("fund", &take("usd", None, Some(carol)), &[]);
    assert_eq!(suite.purse("carol", "usd"), PURSE + 70);
    assert_eq!(suite.account("alice", "usd"), 0);
}

#[test]
fn what_is_refused() {
    let mut suite = Suite::new();
    suite.ok("alice", &deposit("usd", None), &coins("usd", 70));
    let too_much = |held: u128, wanted: u128| ContractError::NotEnoughInAccount {
        asset: id("usd"),
        held: held.into(),
        wanted: wanted.into(),
    };
    let msg = take("usd", Some(71), None);
    assert_eq!(suite.refused("alice", &msg, &[]), too_much(70, 71));
    assert_eq!(suite.refused("bob", &msg, &[]), too_much(0, 71));
    assert_eq!(
        suite.refused("alice", &take("nope", None, None), &[]),
        not_listed()
    );
    assert_eq!(
        suite.refused("alice", &deposit("nope", None), &coins("usd", 1)),
        not_listed()
    );
    for who in ["vault", "pm", "auction", "oracle"] {
        let address = suite.addr(who);
        let stuck = ContractError::SuiteContract {
            address: address.clone(),
        };
        let msg = deposit("usd", Some(address.to_string()));
        assert_eq!(suite.refused("alice", &msg, &coins("usd", 1)), stuck);
        let msg = take("usd", Some(1), Some(address.to_string()));
        assert_eq!(suite.refused("alice", &msg, &[]), stuck);
    }
    let msg = take("usd", Some(1), Some(suite.fund.to_string()));
    assert!(matches!(
        suite.refused("alice", &msg, &[]),
        ContractError::SuiteContract { .. }
    ));
}

fn not_listed() -> ContractError {
    ContractError::NotListed { asset: id("nope") }
}

#[test]
fn attack_02_wrong_payments_keep_nothing() {
    let mut suite = Suite::new();
    for funds in [
        vec![],
        coins("eth", 4),
        vec![coin(4, denom("eth")), coin(4, denom("usd"))],
    ] {
        assert!(matches!(
            suite.refused("alice", &deposit("usd", None), &funds),
            ContractError::Payment(PaymentError::WrongPayment { .. })
        ));
    }
    assert!(matches!(
        suite.send_refused("alice", 4, &deposit("usd", None)),
        ContractError::Payment(PaymentError::WrongPayment { .. })
    ));
}

#[test]
fn attack_01_coins_with_a_withdrawal() {
    let mut suite = Suite::new();
    suite.ok("alice", &deposit("usd", None), &coins("usd", 70));
    let msg = take("usd", None, None);
    assert!(matches!(
        suite.refused("alice", &msg, &coins("usd", 1)),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
    assert_eq!(
        suite.send_refused("alice", 1, &msg),
        ContractError::Payment(PaymentError::NotPayable {})
    );
}

#[test]
fn attack_08_zero_amounts() {
    let mut suite = Suite::new();
    suite.ok("alice", &deposit("usd", None), &coins("usd", 70));
    assert_eq!(
        suite.refused("alice", &take("usd", Some(0), None), &[]),
        ContractError::Payment(PaymentError::ZeroAmount {})
    );
    assert_eq!(
        suite.refused("bob", &take("usd", None, None), &[]),
        ContractError::Payment(PaymentError::ZeroAmount {})
    );
    // A token that lets nothing be sent.
    assert_eq!(
        suite
            .claim("token", "alice", 0, &deposit("tok", None))
            .unwrap_err(),
        ContractError::Payment(PaymentError::ZeroAmount {})
    );
}

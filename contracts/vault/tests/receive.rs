//! `Receive`: the cw20 door.
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
use cosmwasm_std::{to_json_binary, Binary};
use cw20::{Cw20ExecuteMsg, Cw20ReceiveMsg};
use cw_multi_test::Executor;
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::vault::{ExecuteMsg, LedgerAction};
use glidepath_vault::ContractError;

#[test]
fn attack_03_an_unlisted_token_is_believed_nothing() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    suite.deposit(1, "atom", 10);
    let steal = apply(
        1,
        vec![LedgerAction::Withdraw {
            amount: amount("atom", 10),
            recipient: suite.addr("bob").into(),
        }],
    );
    for msg in [steal, supply("usd"), supply("tok")] {
        for claimed in ["alice", "pm", "owner"] {
            assert_eq!(
                suite.claim("bob", claimed, 5, &msg).unwrap_err(),
                ContractError::UnknownToken {
                    token: suite.addr("bob")
                }
            );
        }
    }
    suite.check();
}

#[test]
fn attack_03_a_listed_token_that_lies_about_its_sender_moves_only_itself() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    suite.deposit(1, "atom", 10);
    let bob = suite.addr("bob").to_string();
    let cases = [
        LedgerAction::Withdraw {
            amount: amount("atom", 10),
            recipient: bob.clone(),
        },
        LedgerAction::Borrow {
            amount: amount("usd", 1_000),
            recipient: bob,
        },
    ];
    for action in cases {
        let msg = apply(1, vec![LedgerAction::Deposit(amount("tok", 1)), action]);
        assert_eq!(
            suite.claim("token", "pm", 1, &msg).unwrap_err(),
            ContractError::Payment(PaymentError::NotPayable {})
        );
    }
    // Not the owner's messages either, nor anybody's that pay out.
    let reserves = ExecuteMsg::WithdrawReserves {
        asset: id("usd"),
        amount: None,
        recipient: suite.addr("bob").into(),
    };
    let leave = withdraw("usd", None);
    for (who, msg) in [("owner", reserves), ("alice", leave)] {
        assert_eq!(
            suite.claim("token", who, 1, &msg).unwrap_err(),
            ContractError::Payment(PaymentError::NotPayable {})
        );
    }
    suite.check();
}

#[test]
fn attack_03_and_09_unknown_messages_and_fields_inside_are_errors() {
    let mut suite = Suite::new();
    let (alice, token) = (suite.addr("alice"), suite.token.clone());
    for inner in [
        "",
        "{}",
        "null",
        r#"{"hodl":{}}"#,
        r#"{"supply":{"asset":"tok","extra":1}}"#,
    ] {
        let send = Cw20ExecuteMsg::Send {
            contract: suite.vault.to_string(),
            amount: 5u128.into(),
            msg: Binary::from(inner.as_bytes()),
        };
        let before = suite.records();
        let error = suite
            .app
            .execute_contract(alice.clone(), token.clone(), &send, &[])
            .unwrap_err();
        assert!(matches!(
            error.downcast::<ContractError>().unwrap(),
            ContractError::Payment(PaymentError::Std(_))
        ));
        assert_eq!(suite.records(), before);
        assert_eq!(suite.purse("alice", "tok"), PURSE);
    }
}

#[test]
fn no_hook_inside_a_hook() {
    let mut suite = Suite::new();
    let inner = ExecuteMsg::Receive(Cw20ReceiveMsg {
        sender: suite.addr("pm").into(),
        amount: 5u128.into(),
        msg: to_json_binary(&supply("tok")).unwrap(),
    });
    assert_eq!(
        suite.send_refused("alice", 5, &inner),
        ContractError::Payment(PaymentError::NotPayable {})
    );
}

#[test]
fn attack_02_coins_with_a_hook() {
    let mut suite = Suite::new();
    let hook = ExecuteMsg::Receive(Cw20ReceiveMsg {
        sender: suite.addr("alice").into(),
        amount: 5u128.into(),
        msg: to_json_binary(&supply("tok")).unwrap(),
    });
    // A token that has coins to attach.
    let coins = coins("usd", 3);
    let (alice, token) = (suite.addr("alice"), suite.token.clone());
    cw_multi_test::Executor::send_tokens(&mut suite.app, alice, token, &coins).unwrap();
    assert!(matches!(
        suite.refused("token", &hook, &coins),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
}

#[test]
fn attack_08_a_hook_of_nothing() {
    let mut suite = Suite::new();
    assert_eq!(
        suite.claim("token", "alice", 0, &supply("tok")).unwrap_err(),
        ContractError::Payment(PaymentError::ZeroAmount {})
    );
    let msg = apply(1, vec![LedgerAction::Deposit(amount("tok", 0))]);
    assert_eq!(
        suite.claim("token", "pm", 0, &msg).unwrap_err(),
        ContractError::Payment(PaymentError::ZeroAmount {})
    );
}

#[test]
fn attack_06_the_sender_that_a_token_names_is_an_address() {
    let mut suite = Suite::new();
    let hook = ExecuteMsg::Receive(Cw20ReceiveMsg {
        sender: suite.addr("alice").to_string().to_uppercase(),
        amount: 5u128.into(),
        msg: to_json_binary(&supply("tok")).unwrap(),
    });
    assert!(matches!(
        suite.refused("token", &hook, &[]),
        ContractError::Payment(PaymentError::Std(_))
    ));
}

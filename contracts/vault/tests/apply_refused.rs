//! `Apply`: what is refused.
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
use cosmwasm_std::{coin, Uint128};
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::vault::{LedgerAction, MarketTerms};
use glidepath_vault::ContractError;

fn pay_in(asset: &str, units: u128) -> LedgerAction {
    LedgerAction::Deposit(amount(asset, units))
}

fn pay_back(asset: &str, units: u128) -> LedgerAction {
    LedgerAction::Repay(amount(asset, units))
}

fn take(suite: &Suite, asset: &str, units: u128, to: &str) -> LedgerAction {
    LedgerAction::Withdraw {
        amount: amount(asset, units),
        recipient: suite.addr(to).into(),
    }
}

fn lend(suite: &Suite, asset: &str, units: u128, to: &str) -> LedgerAction {
    LedgerAction::Borrow {
        amount: amount(asset, units),
        recipient: suite.addr(to).into(),
    }
}

/// A market of 10,000 usd, a position with 1,000 atom that owes 600 usd.
fn borrowed() -> Suite {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 10_000);
    suite.deposit(1, "atom", 1_000);
    suite.borrow(1, "usd", 600);
    suite
}

#[test]
fn a_loan_needs_a_market_cash_and_room_under_the_cap() {
    let mut suite = Suite::new();
    suite.deposit(1, "atom", 1_000);
    let loan = |suite: &Suite, asset, units| apply(1, vec![lend(suite, asset, units, "bob")]);
    let msg = loan(&suite, "eth", 1);
    assert_eq!(
        suite.refused("pm", &msg, &[]),
        ContractError::NoMarket { asset: id("eth") }
    );
    suite.lend("alice", "usd", 10_000);
    let msg = loan(&suite, "usd", 10_001);
    assert_eq!(
        suite.refused("pm", &msg, &[]),
        ContractError::NotEnoughCash {
            asset: id("usd"),
            cash: 10_000u128.into(),
            wanted: 10_001u128.into()
        }
    );
    let terms = MarketTerms {
        borrow_cap: Uint128::new(500),
        ..free()
    };
    suite.set_market("usd", terms);
    let msg = loan(&suite, "usd", 501);
    assert_eq!(
        suite.refused("pm", &msg, &[]),
        ContractError::BorrowCap {
            asset: id("usd"),
            total: 501u128.into(),
            cap: 500u128.into()
        }
    );
    let msg = loan(&suite, "usd", 500);
    suite.ok("pm", &msg, &[]);
}

#[test]
fn a_retired_market_lends_nothing_but_is_repaid() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 100_000_000_000);
    suite.deposit(1, "atom", 1);
    suite.deposit(2, "atom", 1);
    suite.borrow(1, "usd", 99_999_990_000);
    suite.borrow(2, "usd", 10_000);
    let msg = suite.distress(2, "100", None);
    suite.ok("pm", &msg, &[]);
    suite.pass(1_800);
    let msg = suite.write_off(1);
    suite.forgive();
    suite.ok("pm", &msg, &[]);
    assert!(suite.market("usd").market.is_retired().unwrap());
    assert_eq!(suite.owed(2), (10_000, 57));
    let msg = apply(2, vec![lend(&suite, "usd", 1, "bob")]);
    assert_eq!(
        suite.refused("pm", &msg, &[]),
        ContractError::Retired { asset: id("usd") }
    );
    suite.repay(2, "usd", 10_057);
    assert!(suite.ledger(2).debts.is_empty());
    assert!(suite.market("usd").market.fund_shares.is_zero());
}

#[test]
fn what_a_position_does_not_have() {
    let mut suite = borrowed();
    let msg = apply(1, vec![take(&suite, "eth", 1, "bob")]);
    assert_eq!(
        suite.refused("pm", &msg, &[]),
        ContractError::NotEnoughCollateral {
            asset: id("eth"),
            held: 0u128.into(),
            wanted: 1u128.into()
        }
    );
    let msg = apply(1, vec![pay_back("atom", 1)]);
    assert_eq!(
        suite.refused("pm", &msg, &coins("atom", 1)),
        ContractError::NothingOwed { asset: id("atom") }
    );
    let msg = apply(1, vec![LedgerAction::Offset(amount("atom", 1))]);
    assert_eq!(
        suite.refused("pm", &msg, &[]),
        ContractError::NothingOwed { asset: id("atom") }
    );
}

#[test]
fn unlisted_assets() {
    let mut suite = Suite::new();
    let not_listed = || ContractError::NotListed { asset: id("nope") };
    let msg = apply(1, vec![pay_in("nope", 1)]);
    assert_eq!(suite.refused("pm", &msg, &coins("usd", 1)), not_listed());
    let msg = apply(1, vec![pay_back("nope", 1)]);
    assert_eq!(suite.refused("pm", &msg, &coins("usd", 1)), not_listed());
}

#[test]
fn attack_02_the_payment_is_exact() {
    let mut suite = borrowed();
    let actions = vec![pay_in("atom", 10), pay_back("usd", 5)];
    let right = [coin(10, denom("atom")), coin(5, denom("usd"))];
    let mut cases = vec![
        vec![],
        vec![right[0].clone()],
        vec![coin(11, denom("atom")), coin(5, denom("usd"))],
        vec![coin(9, denom("atom")), coin(5, denom("usd"))],
        vec![coin(10, denom("atom")), coin(5, denom("eth"))],
        vec![right[0].clone(), coin(1, denom("eth")), right[1].clone()],
    ];
    // One coin twice instead of two coins.
    cases.push(vec![coin(5, denom("atom")), coin(5, denom("atom"))]);
    for funds in cases {
        assert!(matches!(
            suite.refused("pm", &apply(1, actions.clone()), &funds),
            ContractError::Payment(PaymentError::WrongPayment { .. })
        ));
    }
    suite.ok("pm", &apply(1, actions), &right);
    // Coins with actions that take none.
    let msg = apply(1, vec![take(&suite, "atom", 1, "bob")]);
    assert!(matches!(
        suite.refused("pm", &msg, &coins("usd", 1)),
        ContractError::Payment(PaymentError::WrongPayment { .. })
    ));
}

#[test]
fn attack_03_a_token_moves_nothing_but_itself() {
    let mut suite = borrowed();
    suite.send("alice", 100, &supply("tok")).unwrap();
    // Even the position manager: what the token says about its sender must not matter for other coins.
    let cases = vec![
        vec![pay_in("tok", 5), take(&suite, "atom", 1, "bob")],
        vec![pay_in("tok", 5), lend(&suite, "usd", 1, "bob")],
        vec![pay_in("tok", 5), LedgerAction::Offset(amount("usd", 1))],
        vec![pay_in("tok", 5)],
    ];
    for actions in cases {
        assert_eq!(
            suite.send_refused("pm", 5, &apply(1, actions)),
            ContractError::Payment(PaymentError::NotPayable {})
        );
    }
    // Nor for its own: by the hook it would be the token that says who sent it.
    for paid in [pay_in("tok", 5), pay_back("tok", 5), pay_in("atom", 5)] {
        assert_eq!(
            suite.send_refused("pm", 5, &apply(1, vec![paid])),
            ContractError::Payment(PaymentError::NotPayable {})
        );
    }
    // Somebody else by the hook.
    assert!(matches!(
        suite.send_refused("alice", 5, &apply(1, vec![pay_in("tok", 5)])),
        ContractError::Unauthorized { .. }
    ));
}

#[test]
fn attack_06_and_74_recipients() {
    let mut suite = borrowed();
    for who in ["vault", "pm", "auction", "oracle", "fund"] {
        for action in [take(&suite, "atom", 1, who), lend(&suite, "usd", 1, who)] {
            assert_eq!(
                suite.refused("pm", &apply(1, vec![action]), &[]),
                ContractError::SuiteContract {
                    address: suite.addr(who)
                }
            );
        }
    }
    let upper = suite.addr("bob").to_string().to_uppercase();
    for recipient in [upper, String::new(), "bob".into()] {
        let action = LedgerAction::Withdraw {
            amount: amount("atom", 1),
            recipient,
        };
        assert!(matches!(
            suite.refused("pm", &apply(1, vec![action]), &[]),
            ContractError::Std(_)
        ));
    }
}

#[test]
fn attack_08_zero_amounts() {
    let mut suite = borrowed();
    let actions = [
        pay_in("atom", 0),
        pay_back("usd", 0),
        take(&suite, "atom", 0, "bob"),
        lend(&suite, "usd", 0, "bob"),
        LedgerAction::Offset(amount("atom", 0)),
    ];
    for action in actions {
        assert_eq!(
            suite.refused("pm", &apply(1, vec![action]), &[]),
            ContractError::Payment(PaymentError::ZeroAmount {})
        );
    }
}

#[test]
fn only_the_position_manager() {
    let mut suite = borrowed();
    for who in ["owner", "alice", "auction", "oracle", "fund"] {
        assert_eq!(
            suite.refused(who, &apply(1, vec![]), &[]),
            ContractError::Unauthorized {
                sender: suite.addr(who),
                role: "position manager"
            }
        );
    }
}

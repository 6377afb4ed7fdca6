//! `Supply`.
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
use glidepath_interfaces::vault::{ExecuteMsg, MarketTerms};
use glidepath_vault::ContractError;

#[test]
fn the_first_unit_is_worth_a_million_shares() {
    let mut suite = Suite::new();
    let response = suite.ok("alice", &supply("usd"), &coins("usd", 1_000));
    let supplied = event(&response, "supplied");
    assert_eq!(attr(&supplied, "asset"), "usd");
    assert_eq!(attr(&supplied, "sender"), suite.addr("alice").as_str());
    assert_eq!(attr(&supplied, "recipient"), suite.addr("alice").as_str());
    assert_eq!(attr(&supplied, "amount"), "1000");
    assert_eq!(attr(&supplied, "shares"), "1000000000");
    assert_eq!(suite.shares("alice", "usd").shares.u128(), 1_000_000_000);
    assert_eq!(suite.shares("alice", "usd").amount.u128(), 1_000);
    assert_eq!(suite.market("usd").market.cash.u128(), 1_000);
}

#[test]
fn shares_go_to_the_recipient() {
    let mut suite = Suite::new();
    let msg = ExecuteMsg::Supply {
        asset: id("usd"),
        recipient: Some(suite.addr("bob").into()),
    };
    suite.ok("alice", &msg, &coins("usd", 50));
    assert_eq!(suite.shares("alice", "usd").shares.u128(), 0);
    assert_eq!(suite.shares("bob", "usd").amount.u128(), 50);
}

#[test]
fn a_cw20_token_is_supplied_by_its_hook() {
    let mut suite = Suite::new();
    suite.send("alice", 700, &supply("tok")).unwrap();
    assert_eq!(suite.shares("alice", "tok").amount.u128(), 700);
    assert_eq!(suite.purse("vault", "tok"), 700);
}

#[test]
fn the_funds_shares_are_a_counter_in_the_market() {
    let mut suite = Suite::new();
    let msg = ExecuteMsg::Supply {
        asset: id("usd"),
        recipient: Some(suite.fund.to_string()),
    };
    suite.ok("alice", &msg, &coins("usd", 50));
    assert_eq!(suite.market("usd").market.fund_shares.u128(), 50_000_000);
    assert_eq!(suite.shares("fund", "usd").amount.u128(), 50);
}

#[test]
fn interest_makes_shares_dearer() {
    let mut suite = Suite::with(terms());
    suite.lend("alice", "usd", 1_000_000);
    suite.deposit(1, "atom", 1);
    suite.borrow(1, "usd", 800_000);
    suite.pass(31_536_000);
    let shares = suite.ok("bob", &supply("usd"), &coins("usd", 1_000_000));
    let shares: u128 = attr(&event(&shares, "supplied"), "shares").parse().unwrap();
    // 12 % a year on 800,000, compounded, nine tenths of it for the suppliers.
    assert!(shares < 1_000_000_000_000 * 100 / 108, "{shares}");
    assert!(shares > 1_000_000_000_000 * 100 / 110, "{shares}");
    assert!(suite.shares("bob", "usd").amount.u128() <= 1_000_000);
}

#[test]
fn no_contract_of_the_suite_but_the_fund_may_own_a_supply() {
    let mut suite = Suite::new();
    for who in ["vault", "pm", "auction", "oracle"] {
        let address = suite.addr(who);
        let msg = ExecuteMsg::Supply {
            asset: id("usd"),
            recipient: Some(address.to_string()),
        };
        assert_eq!(
            suite.refused("alice", &msg, &coins("usd", 50)),
            ContractError::SuiteContract { address }
        );
    }
}

#[test]
fn an_unknown_asset_or_one_without_a_market() {
    let mut suite = Suite::new();
    assert_eq!(
        suite.refused("alice", &supply("nope"), &coins("usd", 50)),
        ContractError::NotListed { asset: id("nope") }
    );
    assert_eq!(
        suite.refused("alice", &supply("eth"), &coins("eth", 50)),
        ContractError::NoMarket { asset: id("eth") }
    );
}

#[test]
fn the_cap_counts_what_is_supplied_after_it() {
    let mut suite = Suite::new();
    let terms = MarketTerms {
        supply_cap: Uint128::new(1_000),
        ..free()
    };
    suite.set_market("usd", terms);
    suite.lend("alice", "usd", 400);
    assert_eq!(
        suite.refused("alice", &supply("usd"), &coins("usd", 601)),
        ContractError::SupplyCap {
            asset: id("usd"),
            total: 1_001u128.into(),
            cap: 1_000u128.into()
        }
    );
    suite.lend("alice", "usd", 600);
}

/// After three years at the highest rate a share is worth more than a coin: what buys none is refused, not swallowed.
#[test]
fn a_payment_that_is_worth_no_share_is_refused() {
    let mut suite = Suite::new();
    let mut dear = free();
    dear.rate_model.base = dec("10");
    suite.set_market("usd", dear);
    suite.lend("alice", "usd", 1_000);
    suite.deposit(1, "atom", 1);
    suite.borrow(1, "usd", 1_000);
    suite.pass(3 * 31_536_000);
    assert_eq!(
        suite.refused("bob", &supply("usd"), &coins("usd", 1)),
        ContractError::NoShares {
            asset: id("usd"),
            amount: 1u128.into()
        }
    );
}

#[test]
fn a_retired_market_takes_no_supply() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 10_000_000_000);
    suite.deposit(1, "atom", 1);
    suite.borrow(1, "usd", 10_000_000_000);
    let msg = suite.write_off(1);
    suite.forgive();
    suite.ok("pm", &msg, &[]);
    assert_eq!(
        suite.refused("bob", &supply("usd"), &coins("usd", 50)),
        ContractError::Retired { asset: id("usd") }
    );
}

#[test]
fn attack_02_wrong_payments_keep_nothing() {
    let mut suite = Suite::new();
    let usd = format!("native:{}", denom("usd"));
    let wrong = |found: &str| {
        ContractError::Payment(PaymentError::WrongPayment {
            expected: usd.clone(),
            found: found.into(),
        })
    };
    assert_eq!(suite.refused("alice", &supply("usd"), &[]), wrong("nothing"));
    assert_eq!(
        suite.refused("alice", &supply("usd"), &coins("eth", 5)),
        wrong("native:ueth:5")
    );
    let two = [coin(5, denom("eth")), coin(5, denom("usd"))];
    assert_eq!(
        suite.refused("alice", &supply("usd"), &two),
        wrong("native:ueth:5, native:uusd:5")
    );
    assert!(matches!(
        suite.send_refused("alice", 5, &supply("usd")),
        ContractError::Payment(PaymentError::WrongPayment { .. })
    ));
}

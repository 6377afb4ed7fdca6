//! `TransferSupply`.
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

fn transfer(suite: &Suite, shares: u128, to: &str) -> ExecuteMsg {
    ExecuteMsg::TransferSupply {
        asset: id("usd"),
        shares: shares.into(),
        recipient: suite.addr(to).into(),
    }
}

#[test]
fn between_users() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    let msg = transfer(&suite, 400_000_000, "bob");
    let response = suite.ok("alice", &msg, &[]);
    assert_eq!(
        attr(&event(&response, "supply_transferred"), "shares"),
        "400000000"
    );
    assert_eq!(suite.shares("alice", "usd").amount.u128(), 600);
    assert_eq!(suite.shares("bob", "usd").amount.u128(), 400);
}

#[test]
fn to_oneself_changes_nothing() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    let before = suite.records();
    let msg = transfer(&suite, 1_000_000_000, "alice");
    suite.ok("alice", &msg, &[]);
    assert_eq!(suite.changed(&before), Vec::<String>::new());
}

#[test]
fn to_the_fund_and_from_it() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    let msg = transfer(&suite, 400_000_000, "fund");
    suite.ok("alice", &msg, &[]);
    assert_eq!(suite.market("usd").market.fund_shares.u128(), 400_000_000);
    let msg = transfer(&suite, 150_000_000, "carol");
    suite.ok("fund", &msg, &[]);
    assert_eq!(suite.market("usd").market.fund_shares.u128(), 250_000_000);
    assert_eq!(suite.shares("carol", "usd").amount.u128(), 150);
    let msg = transfer(&suite, 250_000_000, "fund");
    suite.ok("fund", &msg, &[]);
    assert_eq!(suite.market("usd").market.fund_shares.u128(), 250_000_000);
}

#[test]
fn what_is_refused() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    let msg = transfer(&suite, 1_000_000_001, "bob");
    let too_many = |held: u128, wanted: u128| ContractError::NotEnoughShares {
        asset: id("usd"),
        held: held.into(),
        wanted: wanted.into(),
    };
    assert_eq!(
        suite.refused("alice", &msg, &[]),
        too_many(1_000_000_000, 1_000_000_001)
    );
    assert_eq!(suite.refused("fund", &msg, &[]), too_many(0, 1_000_000_001));
    let msg = transfer(&suite, 0, "bob");
    assert_eq!(
        suite.refused("alice", &msg, &[]),
        ContractError::Payment(PaymentError::ZeroAmount {})
    );
    for who in ["vault", "pm", "auction", "oracle"] {
        let msg = transfer(&suite, 1, who);
        assert_eq!(
            suite.refused("alice", &msg, &[]),
            ContractError::SuiteContract {
                address: suite.addr(who)
            }
        );
    }
    let msg = ExecuteMsg::TransferSupply {
        asset: id("eth"),
        shares: 1u128.into(),
        recipient: suite.addr("bob").into(),
    };
    assert_eq!(
        suite.refused("alice", &msg, &[]),
        ContractError::NoMarket { asset: id("eth") }
    );
    let msg = transfer(&suite, 1, "bob");
    assert!(matches!(
        suite.refused("alice", &msg, &coins("usd", 1)),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
}

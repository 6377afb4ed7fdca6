//! `WithdrawReserves`.
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

fn take(suite: &Suite, units: Option<u128>, to: &str) -> ExecuteMsg {
    ExecuteMsg::WithdrawReserves {
        asset: id("usd"),
        amount: units.map(Into::into),
        recipient: suite.addr(to).into(),
    }
}

/// A year of interest: 12 % of 800,000, a tenth of it for the reserves.
fn grown() -> Suite {
    let mut suite = Suite::with(terms());
    suite.lend("alice", "usd", 1_000_000);
    suite.deposit(1, "atom", 1);
    suite.borrow(1, "usd", 800_000);
    suite.pass(31_536_000);
    suite
}

#[test]
fn a_part_and_then_all() {
    let mut suite = grown();
    let msg = take(&suite, Some(4_000), "carol");
    let response = suite.ok("owner", &msg, &[]);
    assert_eq!(attr(&event(&response, "reserves_withdrawn"), "amount"), "4000");
    let msg = take(&suite, None, "carol");
    suite.ok("owner", &msg, &[]);
    // 800,000 · (e^0.12 − 1) / 10
    let got = suite.purse("carol", "usd") - PURSE;
    assert!((10_198..=10_199).contains(&got), "{got}");
    assert!(suite.market("usd").market.reserve_shares.is_zero());
}

#[test]
fn what_is_refused() {
    let mut suite = grown();
    let msg = take(&suite, None, "carol");
    for who in ["alice", "pm", "auction", "fund"] {
        assert!(matches!(
            suite.refused(who, &msg, &[]),
            ContractError::Ownership(_)
        ));
    }
    let too_much = take(&suite, Some(10_201), "carol");
    assert!(matches!(
        suite.refused("owner", &too_much, &[]),
        ContractError::NotEnoughShares { .. }
    ));
    for units in [Some(0u128), None] {
        let msg = ExecuteMsg::WithdrawReserves {
            asset: id("atom"),
            amount: units.map(Into::into),
            recipient: suite.addr("carol").into(),
        };
        assert_eq!(
            suite.refused("owner", &msg, &[]),
            ContractError::Payment(PaymentError::ZeroAmount {})
        );
    }
    for who in ["vault", "pm", "auction", "oracle", "fund"] {
        let msg = take(&suite, Some(1), who);
        assert_eq!(
            suite.refused("owner", &msg, &[]),
            ContractError::SuiteContract {
                address: suite.addr(who)
            }
        );
    }
    assert!(matches!(
        suite.refused("owner", &msg, &coins("usd", 1)),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
}

#[test]
fn reserves_leave_out_of_cash_only() {
    let mut suite = grown();
    suite.ok("alice", &withdraw("usd", Some(200_000)), &[]);
    let msg = take(&suite, Some(1), "carol");
    assert_eq!(
        suite.refused("owner", &msg, &[]),
        ContractError::NotEnoughCash {
            asset: id("usd"),
            cash: 0u128.into(),
            wanted: 1u128.into()
        }
    );
}

//! `SetPenaltySplit`.
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
use glidepath_interfaces::vault::{ConfigResponse, ExecuteMsg, PenaltySplit, QueryMsg};
use glidepath_vault::ContractError;

fn parts(fund: &str, keepers: &str, reserves: &str) -> PenaltySplit {
    PenaltySplit {
        fund: dec(fund),
        keepers: dec(keepers),
        reserves: dec(reserves),
    }
}

#[test]
fn from_the_next_fill_on() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 10_000);
    suite.deposit(1, "atom", 1_000);
    suite.borrow(1, "usd", 600);
    let msg = suite.distress(1, "0", Some(permission("atom", "usd", "1")));
    suite.ok("pm", &msg, &[]);
    let split = parts("0", "0", "1");
    let msg = ExecuteMsg::SetPenaltySplit { split: split.clone() };
    let response = suite.ok("owner", &msg, &[]);
    assert_eq!(attr(&event(&response, "penalty_split_set"), "reserves"), "1");
    let config: ConfigResponse = suite.ask(&QueryMsg::Config {});
    assert_eq!(config.penalty_split, split);
    let fill = suite.fill(1, 100, 100, 10);
    suite.ok("auction", &fill, &coins("usd", 110));
    let market = suite.market("usd").market;
    assert!(market.dues.is_zero() && market.fund_shares.is_zero());
    assert_eq!(
        market.assets_for_shares(market.reserve_shares).unwrap().u128(),
        10
    );
}

#[test]
fn attack_25_the_parts_are_all_of_it() {
    let mut suite = Suite::new();
    for (split, sum) in [
        (
            parts("0.5", "0.4", "0.100000000000000001"),
            "1.000000000000000001",
        ),
        (
            parts("0.5", "0.4", "0.099999999999999999"),
            "0.999999999999999999",
        ),
        (parts("0", "0", "0"), "0"),
        (parts("2", "0", "0"), "2"),
    ] {
        let msg = ExecuteMsg::SetPenaltySplit { split: split.clone() };
        let refusal = || ContractError::BadSplit { sum: dec(sum) };
        assert_eq!(suite.refused("owner", &msg, &[]), refusal());
        let peers = suite.peers();
        let mut own = peers.clone();
        own.vault = address_of(&suite.app, suite.code, 3).into();
        assert_eq!(suite.instantiate(own, split).unwrap_err(), refusal());
    }
    let most = cosmwasm_std::Decimal::MAX;
    let msg = ExecuteMsg::SetPenaltySplit {
        split: PenaltySplit {
            fund: most,
            keepers: most,
            reserves: most,
        },
    };
    assert!(matches!(
        suite.refused("owner", &msg, &[]),
        ContractError::Risk(_)
    ));
}

#[test]
fn only_the_owner_and_without_coins() {
    let mut suite = Suite::new();
    let msg = ExecuteMsg::SetPenaltySplit {
        split: parts("1", "0", "0"),
    };
    for who in ["alice", "pm", "auction", "fund"] {
        assert!(matches!(
            suite.refused(who, &msg, &[]),
            ContractError::Ownership(_)
        ));
    }
    assert!(matches!(
        suite.refused("owner", &msg, &coins("usd", 1)),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
}

//! `Update`: what is refused for what it asks, and the bounds of what a position may hold and owe.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{rich, units, why, UNIT};
use glidepath_position_manager::ContractError;
use glidepath_risk::Value;
use glidepath_testkit::handles::{borrow, deposit, repay, repay_all, withdraw, withdraw_all};
use glidepath_testkit::{id, scenes, AssetSpec, Outcome, Suite};

use common::{wide, ETH};

#[test]
fn counts_are_held_to_the_most_only_where_they_grow() {
    let mut suite = wide();
    let alice = rich(&mut suite, "alice", &[("eth", ETH)]);
    let position = suite
        .positions()
        .open(
            &alice,
            &[("atom", 1_000 * UNIT), ("eth", ETH)],
            &[("usdc", 100 * UNIT), ("eusd", 100 * UNIT)],
        )
        .unwrap();
    let mut rules = suite.ask().rules().unwrap().params;
    (rules.max_collaterals, rules.max_debts) = (1, 1);
    suite.positions().set_params(rules).unwrap();

    suite.positions().deposit(&alice, position, "eth", ETH).unwrap();
    suite.positions().borrow(&alice, position, "eusd", UNIT).unwrap();
    let actions = vec![deposit("atom", UNIT), deposit("eth", ETH)];
    suite.give(&alice, "atom", UNIT);
    let refused = suite
        .positions()
        .update(&alice, None, actions, &[("atom", UNIT), ("eth", ETH)]);
    assert_eq!(
        why(refused),
        ContractError::TooManyCollaterals { count: 2, max: 1 }
    );
    let third = suite
        .positions()
        .open(&alice, &[("atom", 1_000 * UNIT)], &[("usdc", 100 * UNIT)])
        .unwrap();
    let refused = suite.positions().borrow(&alice, third, "eusd", 100 * UNIT);
    assert_eq!(why(refused), ContractError::TooManyDebts { count: 2, max: 1 });
    // One goes, another comes.
    suite.give(&alice, "usdc", 100 * UNIT);
    let swap = vec![borrow("eusd", 100 * UNIT), repay_all("usdc")];
    suite
        .positions()
        .update(&alice, Some(third), swap, &[("usdc", 100 * UNIT)])
        .unwrap();
}

#[test]
fn a_debt_must_be_worth_a_sale_when_it_is_borrowed() {
    let mut suite = wide();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(&alice, &[("atom", 1_000 * UNIT)], &[])
        .unwrap();
    let refused = suite.positions().borrow(&alice, position, "usdc", 10 * UNIT - 1);
    assert_eq!(
        why(refused),
        ContractError::BelowMinDebt {
            asset: id("usdc"),
            debt: Value("9.999999".parse().unwrap()),
            min_debt: Value::usd(10),
        }
    );
    suite
        .positions()
        .borrow(&alice, position, "usdc", 10 * UNIT)
        .unwrap();
    // The sum counts, not the part; and repaying is never refused for what is left.
    suite.positions().borrow(&alice, position, "usdc", 1).unwrap();
    suite
        .positions()
        .repay(&alice, position, "usdc", 9 * UNIT)
        .unwrap();
    let refused = suite.positions().borrow(&alice, position, "usdc", 1);
    assert!(matches!(why(refused), ContractError::BelowMinDebt { .. }));
}

#[test]
fn what_is_not_there_can_not_be_moved() {
    let mut suite = wide();
    let alice = rich(&mut suite, "alice", &[("usdc", 50 * UNIT)]);
    let position = suite
        .positions()
        .open(&alice, &[("atom", 1_000 * UNIT)], &[])
        .unwrap();
    let mut act = |actions, payment: &[(&str, u128)]| {
        why(suite.positions().update(&alice, Some(position), actions, payment))
    };
    assert_eq!(
        act(vec![withdraw("atom", 1_000 * UNIT + 1)], &[]),
        ContractError::NotEnoughCollateral {
            asset: id("atom"),
            held: units(1_000 * UNIT),
            wanted: units(1_000 * UNIT + 1),
        }
    );
    assert_eq!(
        act(vec![withdraw_all("eth")], &[]),
        ContractError::NotEnoughCollateral {
            asset: id("eth"),
            held: units(0),
            wanted: units(0),
        }
    );
    assert_eq!(
        act(vec![borrow("eth", ETH * 30_000)], &[]),
        ContractError::NotEnoughCash {
            asset: id("eth"),
            cash: units(20_000 * ETH),
            wanted: units(30_000 * ETH),
        }
    );
    let usdc = [("usdc", 50 * UNIT)];
    assert_eq!(
        act(vec![repay_all("usdc")], &usdc),
        ContractError::NothingOwed { asset: id("usdc") }
    );
    assert_eq!(
        act(vec![deposit("usdc", 50 * UNIT)], &usdc),
        ContractError::NotCollateral { asset: id("usdc") }
    );
    assert_eq!(
        act(vec![borrow("atom", UNIT)], &[]),
        ContractError::NotBorrowable { asset: id("atom") }
    );
    for unknown in [deposit("doge", UNIT), borrow("doge", UNIT), repay("doge", UNIT)] {
        assert_eq!(
            act(vec![unknown], &[]),
            ContractError::NotListed { asset: id("doge") }
        );
    }
    let missing = suite
        .positions()
        .update(&alice, Some(7), vec![deposit("atom", UNIT)], &[]);
    assert_eq!(why(missing), ContractError::NoPosition { position: 7 });
}

#[test]
fn a_new_position_must_hold_something() {
    let mut suite = wide();
    let alice = rich(&mut suite, "alice", &[("atom", UNIT)]);
    let nothing = suite
        .positions()
        .update(&alice, None, vec![borrow("usdc", UNIT)], &[]);
    assert_eq!(why(nothing), ContractError::EmptyPosition {});
    let in_and_out = vec![deposit("atom", UNIT), withdraw_all("atom")];
    let refused = suite
        .positions()
        .update(&alice, None, in_and_out, &[("atom", UNIT)]);
    assert_eq!(why(refused), ContractError::EmptyPosition {});
    assert!(suite.ask().positions(None, 10).unwrap().is_empty());
}

#[test]
fn attack_7_lists_empty_too_long_and_with_duplicates() {
    let mut suite = wide();
    let alice = rich(&mut suite, "alice", &[("atom", 100 * UNIT)]);
    assert_eq!(
        why(suite.positions().update(&alice, None, vec![], &[])),
        ContractError::NoActions {}
    );
    let long = vec![deposit("atom", UNIT); 25];
    assert_eq!(
        why(suite
            .positions()
            .update(&alice, None, long, &[("atom", 25 * UNIT)])),
        ContractError::TooManyActions { actions: 25, max: 24 }
    );
    // Twice the same is twice its amount, and must be paid for twice.
    let twice = vec![deposit("atom", UNIT), deposit("atom", UNIT)];
    let once_paid = suite
        .positions()
        .update(&alice, None, twice.clone(), &[("atom", UNIT)]);
    assert!(matches!(why(once_paid), ContractError::Unpaid { .. }));
    suite
        .positions()
        .update(&alice, None, twice, &[("atom", 2 * UNIT)])
        .unwrap();
    assert_eq!(suite.ask().held(1, "atom").unwrap(), 2 * UNIT);
    // All, twice: the second finds nothing.
    let all_twice = vec![withdraw_all("atom"), withdraw_all("atom")];
    let refused = suite.positions().update(&alice, Some(1), all_twice, &[]);
    assert!(matches!(why(refused), ContractError::NotEnoughCollateral { .. }));
}

#[test]
fn attack_8_zero_amounts() {
    let mut suite = wide();
    let alice = rich(&mut suite, "alice", &[("atom", 100 * UNIT)]);
    let position = suite
        .positions()
        .open(&alice, &[("atom", 100 * UNIT)], &[("usdc", 100 * UNIT)])
        .unwrap();
    for (action, asset) in [
        (deposit("atom", 0), "atom"),
        (withdraw("atom", 0), "atom"),
        (borrow("usdc", 0), "usdc"),
        (repay("usdc", 0), "usdc"),
    ] {
        let refused = suite
            .positions()
            .update(&alice, Some(position), vec![action.clone()], &[]);
        assert_eq!(
            why(refused),
            ContractError::ZeroAmount { asset: id(asset) },
            "{action:?}"
        );
    }
}

#[test]
fn the_suite_takes_no_more_than_a_market_can_take_back() {
    // A depth of $1,000, twenty times of it.
    let mut suite = Suite::builder().asset(AssetSpec::atom().depth(1_000)).build();
    let alice = suite.user("alice");
    let refused = suite.positions().open(&alice, &[("atom", 2_000 * UNIT + 1)], &[]);
    let error: ContractError = refused.unwrap_err().downcast().unwrap();
    assert_eq!(
        error,
        ContractError::OverhangCap {
            asset: id("atom"),
            total: Value("20000.00001".parse().unwrap()),
            cap: Value::usd(20_000),
        }
    );
    let position = suite
        .positions()
        .open(&alice, &[("atom", 1_500 * UNIT)], &[])
        .unwrap();
    // All positions together, at the higher of last and smoothed price.
    let bob = suite.user("bob");
    assert!(suite
        .positions()
        .open(&bob, &[("atom", 500 * UNIT + 1)], &[])
        .is_err());
    suite.set_price("atom", "5");
    assert!(suite
        .positions()
        .open(&bob, &[("atom", 500 * UNIT + 1)], &[])
        .is_err());
    suite
        .positions()
        .open(&bob, &[("atom", 500 * UNIT)], &[])
        .unwrap();
    // In and out in one message is still in.
    suite.give(&alice, "atom", UNIT);
    let actions = vec![withdraw("atom", UNIT), deposit("atom", UNIT)];
    let refused = suite
        .positions()
        .update(&alice, Some(position), actions, &[("atom", UNIT)]);
    assert!(matches!(why(refused), ContractError::OverhangCap { .. }));
}

#[test]
fn attack_6_addresses_are_checked_at_the_edge() {
    let mut suite = wide();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(&alice, &[("atom", 1_000 * UNIT)], &[])
        .unwrap();
    let to = |recipient: &str| glidepath_interfaces::position_manager::ExecuteMsg::Update {
        position: Some(position),
        actions: vec![withdraw("atom", UNIT)],
        recipient: Some(recipient.to_string()),
    };
    for bad in ["", "osmo1qqqq", &alice.as_str().to_uppercase()] {
        let refused = suite.positions().execute(&alice, &to(bad));
        assert!(matches!(why(refused), ContractError::Std(_)), "`{bad}`");
    }
    let peers = suite.peers.clone();
    for own in [
        peers.vault,
        peers.position_manager,
        peers.oracle_adapter,
        peers.liquidation_auction,
        peers.insurance_fund,
    ] {
        let refused = suite.positions().execute(&alice, &to(own.as_str()));
        assert_eq!(why(refused), ContractError::RecipientIsSuite { recipient: own });
    }
    let bob = suite.user("bob");
    suite.positions().execute(&alice, &to(bob.as_str())).unwrap();
    assert_eq!(suite.balance(&bob, "atom"), UNIT);
}

/// What the vault will not lend is refused before anything is sent to it: above the market's cap, and from a market that
/// lost nearly all.
#[test]
fn a_market_lends_up_to_its_cap_and_not_once_it_is_retired() {
    let usdc = AssetSpec::usdc().calm().no_interest().lent(740_000);
    let mut suite = Suite::builder()
        .asset(AssetSpec::atom().calm().depth(200_000))
        .asset(usdc)
        .build();
    let position = scenes::leveraged(&mut suite);
    let mut terms = suite.ask().market("usdc").unwrap().terms;
    let open = terms.clone();
    terms.borrow_cap = units(740_000 * UNIT);
    suite.vault().set_market("usdc", terms).unwrap();
    let bob = rich(&mut suite, "bob", &[("usdc", 10 * UNIT)]);
    suite.vault().supply(&bob, "usdc", 10 * UNIT).unwrap();
    let alice = suite.user("alice");
    assert_eq!(
        why(suite.positions().borrow(&alice, position, "usdc", UNIT)),
        ContractError::BorrowCap {
            asset: id("usdc"),
            total: units(740_001 * UNIT),
            cap: units(740_000 * UNIT),
        }
    );
    suite.vault().set_market("usdc", open).unwrap();
    suite
        .positions()
        .borrow(&alice, position, "usdc", 10 * UNIT)
        .unwrap();

    // All of it is lost.
    suite.set_price("atom", "0.000001");
    scenes::advance_all(&mut suite, position);
    suite.elapse(60);
    scenes::advance_all(&mut suite, position);
    assert_eq!(suite.ask().owed(position, "usdc").unwrap(), 0);
    suite.set_price("atom", "10");
    let refused = suite
        .positions()
        .open(&alice, &[("atom", 1_000 * UNIT)], &[("usdc", UNIT)]);
    assert_eq!(
        why(refused.map(|_| Outcome::default())),
        ContractError::MarketRetired { asset: id("usdc") }
    );
}

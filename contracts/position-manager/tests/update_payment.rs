//! `Update`: payments in coins and tokens.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{manager, mixed, position, rich, units, update, why, GOLD, UNIT};
use cosmwasm_std::{coins, Coin};
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::position_manager::Action;
use glidepath_position_manager::ContractError;
use glidepath_testkit::handles::{borrow, deposit, repay, repay_all, withdraw};
use glidepath_testkit::{id, Outcome, Result, Suite};

fn native(suite: &mut Suite, actions: Vec<Action>, funds: &[Coin]) -> Result<Outcome> {
    let (alice, manager) = (suite.user("alice"), manager(suite));
    suite.execute(&alice, &manager, &update(Some(1), actions), funds)
}

fn coin(amount: u128, denom: &str) -> Coin {
    Coin::new(amount, denom)
}

#[test]
fn attack_2_coins_must_be_exactly_what_the_actions_use() {
    let mut suite = mixed();
    position(&mut suite);
    rich(&mut suite, "alice", &[("atom", 100 * UNIT), ("usdc", 100 * UNIT)]);
    let one = || vec![deposit("atom", UNIT)];
    let unpaid = |paid| ContractError::Unpaid {
        asset: id("atom"),
        needed: units(UNIT),
        paid: units(paid),
    };
    // None, too few, another denom.
    assert_eq!(why(native(&mut suite, one(), &[])), unpaid(0));
    assert_eq!(
        why(native(&mut suite, one(), &coins(UNIT - 1, "uatom"))),
        unpaid(UNIT - 1)
    );
    assert_eq!(why(native(&mut suite, one(), &coins(UNIT, "uusdc"))), unpaid(0));
    // Too many, and one that nobody asked for.
    let excess = native(&mut suite, one(), &coins(UNIT + 1, "uatom"));
    assert_eq!(
        why(excess),
        ContractError::Payment(PaymentError::UnexpectedFunds {
            found: "native:uatom:1".into()
        })
    );
    let extra = native(&mut suite, one(), &[coin(UNIT, "uatom"), coin(5, "uusdc")]);
    assert_eq!(
        why(extra),
        ContractError::Payment(PaymentError::UnexpectedFunds {
            found: "native:uusdc:5".into()
        })
    );
    let nothing_to_pay = native(&mut suite, vec![borrow("usdc", UNIT)], &coins(1, "uatom"));
    assert!(matches!(
        why(nothing_to_pay),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
    // A token can't be paid in coins.
    let token = native(&mut suite, vec![deposit("gold", GOLD)], &[]);
    assert!(matches!(why(token), ContractError::Unpaid { .. }));
    // Nothing was kept.
    let alice = suite.user("alice");
    assert_eq!(suite.balance(&alice, "atom"), 100 * UNIT);
    assert_eq!(suite.balance(&alice, "usdc"), 5_100 * UNIT);
    assert_eq!(suite.ask().held(1, "atom").unwrap(), 1_000 * UNIT);
}

#[test]
fn attack_2_a_coin_that_comes_twice_or_as_zero_is_refused() {
    use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
    use cosmwasm_std::Addr;
    use glidepath_interfaces::Peers;
    use glidepath_testkit::defaults;

    // No bank would pass such funds on; the contract does not rely on it.
    let mut deps = mock_dependencies();
    let address = |name: &str| deps.api.addr_make(name).to_string();
    let env = mock_env();
    let peers = Peers {
        vault: address("vault"),
        position_manager: env.contract.address.to_string(),
        oracle_adapter: address("oracle"),
        liquidation_auction: address("auction"),
        insurance_fund: address("fund"),
    };
    let alice: Addr = deps.api.addr_make("alice");
    let msg = glidepath_interfaces::position_manager::InstantiateMsg {
        owner: address("owner"),
        peers: Peers {
            position_manager: deps.api.addr_make("own").to_string(),
            ..peers
        },
        params: defaults::rules(),
        guardian: None,
    };
    let mut env = env;
    env.contract.address = deps.api.addr_make("own");
    glidepath_position_manager::contract::instantiate(
        deps.as_mut(),
        env.clone(),
        message_info(&alice, &[]),
        msg,
    )
    .unwrap();
    let mut send = |funds: &[Coin]| {
        let info = message_info(&alice, funds);
        let msg = update(None, vec![deposit("atom", 5)]);
        glidepath_position_manager::contract::execute(deps.as_mut(), env.clone(), info, msg).unwrap_err()
    };
    assert_eq!(
        send(&[coin(5, "uatom"), coin(5, "uatom")]),
        ContractError::Payment(PaymentError::PaidTwice {
            info: "native:uatom".into()
        })
    );
    assert_eq!(
        send(&[coin(0, "uatom")]),
        ContractError::Payment(PaymentError::ZeroAmount {})
    );
}

#[test]
fn a_repayment_returns_what_it_does_not_need() {
    let mut suite = mixed();
    position(&mut suite);
    let alice = rich(&mut suite, "alice", &[("usdc", 5_000 * UNIT)]);
    assert_eq!(suite.balance(&alice, "usdc"), 10_000 * UNIT);
    // At most so much.
    native(
        &mut suite,
        vec![repay("usdc", 1_000 * UNIT)],
        &coins(1_000 * UNIT, "uusdc"),
    )
    .unwrap();
    assert_eq!(suite.ask().owed(1, "usdc").unwrap(), 4_000 * UNIT);
    // Less than all with `all`: a part.
    native(&mut suite, vec![repay_all("usdc")], &coins(1_000 * UNIT, "uusdc")).unwrap();
    assert_eq!(suite.ask().owed(1, "usdc").unwrap(), 3_000 * UNIT);
    // More than is owed comes back, and only that.
    let none_left = native(&mut suite, vec![repay_all("usdc")], &[]);
    assert_eq!(
        why(none_left),
        ContractError::Unpaid {
            asset: id("usdc"),
            needed: units(3_000 * UNIT),
            paid: units(0)
        }
    );
    native(
        &mut suite,
        vec![repay("usdc", 8_000 * UNIT)],
        &coins(8_000 * UNIT, "uusdc"),
    )
    .unwrap();
    assert_eq!(suite.ask().owed(1, "usdc").unwrap(), 0);
    assert_eq!(suite.balance(&alice, "usdc"), 5_000 * UNIT);
    assert_eq!(suite.balance(&manager(&suite), "usdc"), 0);
}

#[test]
fn strangers_may_only_repay_and_add_to_what_is_there() {
    let mut suite = mixed();
    let position = position(&mut suite);
    let bob = rich(
        &mut suite,
        "bob",
        &[("usdc", 10_000 * UNIT), ("atom", 10 * UNIT), ("gold", GOLD)],
    );
    let alice = suite.user("alice");
    let not_yours = || ContractError::NotPositionOwner {
        position,
        owner: alice.clone(),
    };
    for action in [withdraw("atom", 1), borrow("usdc", UNIT)] {
        let refused = suite.positions().update(&bob, Some(position), vec![action], &[]);
        assert_eq!(why(refused), not_yours());
    }
    let mixed_in = vec![deposit("atom", UNIT), withdraw("atom", UNIT)];
    let refused = suite
        .positions()
        .update(&bob, Some(position), mixed_in, &[("atom", UNIT)]);
    assert_eq!(why(refused), not_yours());
    // What is held and owed.
    suite
        .positions()
        .update(
            &bob,
            Some(position),
            vec![deposit("atom", UNIT)],
            &[("atom", UNIT)],
        )
        .unwrap();
    suite
        .positions()
        .update(
            &bob,
            Some(position),
            vec![deposit("gold", GOLD)],
            &[("gold", GOLD)],
        )
        .unwrap();
    let all = [("usdc", 6_000 * UNIT)];
    suite
        .positions()
        .update(&bob, Some(position), vec![repay_all("usdc")], &all)
        .unwrap();
    // What he paid too much is his.
    assert_eq!(suite.balance(&bob, "usdc"), 5_000 * UNIT);
    // What is not.
    let refused = suite
        .positions()
        .update(&bob, Some(position), vec![repay_all("usdc")], &[("usdc", UNIT)]);
    assert_eq!(why(refused), ContractError::NothingOwed { asset: id("usdc") });
    suite
        .positions()
        .update(&alice, Some(position), vec![withdraw("gold", 11 * GOLD)], &[])
        .unwrap();
    suite.give(&bob, "gold", GOLD);
    let refused = suite.positions().update(
        &bob,
        Some(position),
        vec![deposit("gold", GOLD)],
        &[("gold", GOLD)],
    );
    assert_eq!(
        why(refused),
        ContractError::StrangersAsset {
            position,
            asset: id("gold")
        }
    );
}

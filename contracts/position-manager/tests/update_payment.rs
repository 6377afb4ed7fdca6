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

use common::{manager, rich, units, update, why, UNIT};
use cosmwasm_std::{coins, to_json_binary, Binary, Coin};
use cw20::{Cw20ExecuteMsg, Cw20ReceiveMsg};
use glidepath_interfaces::position_manager::{Action, ExecuteMsg};
use glidepath_position_manager::ContractError;
use glidepath_testkit::handles::{borrow, deposit, repay, repay_all, withdraw};
use glidepath_testkit::{id, AssetSpec, Outcome, Result, Suite};

const GOLD: u128 = 100_000_000;
const CUSD: u128 = 1_000_000_000_000_000_000;

/// Coins and tokens as collateral and as debt.
fn mixed() -> Suite {
    Suite::builder()
        .asset(AssetSpec::usdc().no_interest())
        .asset(AssetSpec::gold().no_interest())
        .asset(AssetSpec::cusd().no_interest())
        .build()
}

/// A position of 1,000 `atom` and 10 `gold` that owes 5,000 `usdc` and 5,000 `cusd`.
fn position(suite: &mut Suite) -> u64 {
    let alice = suite.user("alice");
    let deposits = [("atom", 1_000 * UNIT), ("gold", 10 * GOLD)];
    let borrows = [("usdc", 5_000 * UNIT), ("cusd", 5_000 * CUSD)];
    suite.positions().open(&alice, &deposits, &borrows).unwrap()
}

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
        ContractError::UnexpectedFunds {
            found: "native:uatom:1".into()
        }
    );
    let extra = native(&mut suite, one(), &[coin(UNIT, "uatom"), coin(5, "uusdc")]);
    assert_eq!(
        why(extra),
        ContractError::UnexpectedFunds {
            found: "native:uusdc:5".into()
        }
    );
    let nothing_to_pay = native(&mut suite, vec![borrow("usdc", UNIT)], &coins(1, "uatom"));
    assert!(matches!(
        why(nothing_to_pay),
        ContractError::UnexpectedFunds { .. }
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
        ContractError::PaidTwice {
            info: "native:uatom".into()
        }
    );
    assert_eq!(
        send(&[coin(0, "uatom")]),
        ContractError::UnexpectedFunds {
            found: "native:uatom:0".into()
        }
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
fn tokens_come_by_their_hook_and_go_on_to_the_vault() {
    let mut suite = mixed();
    let position = position(&mut suite);
    let alice = rich(&mut suite, "alice", &[("gold", GOLD), ("cusd", 1_000 * CUSD)]);
    // One token pays in, coins of another asset go out, all in one message.
    let actions = vec![
        deposit("gold", GOLD),
        borrow("usdc", 100 * UNIT),
        withdraw("atom", UNIT),
    ];
    suite
        .positions()
        .update(&alice, Some(position), actions, &[("gold", GOLD)])
        .unwrap();
    assert_eq!(suite.ask().held(position, "gold").unwrap(), 11 * GOLD);
    assert_eq!(suite.balance(&alice, "usdc"), 5_100 * UNIT);
    assert_eq!(suite.balance(&alice, "atom"), UNIT);
    // A debt in a token, repaid with too much of it.
    let paid = 6_000 * CUSD;
    suite
        .positions()
        .update(&alice, Some(position), vec![repay_all("cusd")], &[("cusd", paid)])
        .unwrap();
    assert_eq!(suite.ask().owed(position, "cusd").unwrap(), 0);
    assert_eq!(suite.balance(&alice, "cusd"), 1_000 * CUSD);
    for asset in ["gold", "cusd", "usdc", "atom"] {
        assert_eq!(suite.balance(&manager(&suite), asset), 0, "{asset}");
    }
    // A token opens a position too.
    suite.give(&alice, "gold", GOLD);
    let actions = vec![deposit("gold", GOLD), borrow("cusd", 100 * CUSD)];
    suite
        .positions()
        .update(&alice, None, actions, &[("gold", GOLD)])
        .unwrap();
    let opened = suite.ask().position(2).unwrap();
    assert_eq!(opened.owner, alice);
    assert_eq!(suite.balance(&alice, "cusd"), 1_100 * CUSD);
}

#[test]
fn by_the_hook_payments_come_first_and_coins_go_to_the_sender_only() {
    let mut suite = mixed();
    let position = position(&mut suite);
    let alice = rich(&mut suite, "alice", &[("gold", 10 * GOLD)]);
    let late = vec![withdraw("gold", GOLD), deposit("gold", GOLD)];
    let refused = suite
        .positions()
        .update(&alice, Some(position), late, &[("gold", GOLD)]);
    assert_eq!(why(refused), ContractError::PaymentsFirst {});
    let msg = ExecuteMsg::Update {
        position: Some(position),
        actions: vec![deposit("gold", GOLD), borrow("usdc", UNIT)],
        recipient: Some(suite.user("bob").to_string()),
    };
    let to = manager(&suite);
    let refused = suite.pay(&alice, &to, &msg, "gold", GOLD);
    assert_eq!(why(refused), ContractError::RecipientByHook {});
}

/// What a token's `Send` brings.
fn hooked(suite: &mut Suite, token: &str, msg: Binary, amount: u128) -> Result<Outcome> {
    let alice = rich(suite, "alice", &[(token, amount)]);
    let cw_asset::AssetInfo::Cw20(address) = suite.listed(token).info.clone() else {
        panic!("{token} is no token")
    };
    let send = Cw20ExecuteMsg::Send {
        contract: manager(suite).to_string(),
        amount: amount.into(),
        msg,
    };
    suite.execute(&alice, &address, &send, &[])
}

#[test]
fn attack_3_the_hook_takes_only_a_registered_tokens_word_for_its_own_coins() {
    let mut suite = mixed();
    let position = position(&mut suite);
    let mallory = suite.user("mallory");
    let alice = suite.user("alice");
    let manager = manager(&suite);
    let victim = |inner: &ExecuteMsg| {
        ExecuteMsg::Receive(Cw20ReceiveMsg {
            sender: alice.to_string(),
            amount: units(GOLD),
            msg: to_json_binary(inner).unwrap(),
        })
    };
    // Somebody who is no token says that alice sent him.
    let steal = update(
        Some(position),
        vec![deposit("gold", GOLD), withdraw("atom", UNIT)],
    );
    let refused = suite.execute(&mallory, &manager, &victim(&steal), &[]);
    assert_eq!(
        why(refused),
        ContractError::WrongToken {
            token: mallory.clone()
        }
    );
    let nothing_paid = update(Some(position), vec![withdraw("atom", UNIT)]);
    let refused = suite.execute(&mallory, &manager, &victim(&nothing_paid), &[]);
    assert_eq!(
        why(refused),
        ContractError::WrongToken {
            token: mallory.clone()
        }
    );
    // Coins beside the hook.
    suite.give(&mallory, "usdc", 5);
    let refused = suite.execute(&mallory, &manager, &victim(&steal), &coins(5, "uusdc"));
    assert!(matches!(why(refused), ContractError::UnexpectedFunds { .. }));

    // A real token with something else inside.
    let json = |text: &str| Binary::from(text.as_bytes());
    for unknown in [
        json("{}"),
        json("{\"upsert\":{}}"),
        json("null"),
        json("not json"),
        json(""),
    ] {
        let refused = hooked(&mut suite, "gold", unknown.clone(), GOLD);
        assert!(matches!(why(refused), ContractError::Std(_)), "{unknown}");
    }
    let extra = json("{\"update\":{\"position\":1,\"actions\":[],\"recipient\":null,\"more\":1}}");
    assert!(matches!(
        why(hooked(&mut suite, "gold", extra, GOLD)),
        ContractError::Std(_)
    ));
    let inner = |msg: &ExecuteMsg| to_json_binary(msg).unwrap();
    let advance = inner(&ExecuteMsg::Advance { position });
    assert_eq!(
        why(hooked(&mut suite, "gold", advance, GOLD)),
        ContractError::NotPayable {}
    );
    let params = inner(&ExecuteMsg::SetParams {
        params: glidepath_testkit::defaults::rules(),
    });
    assert_eq!(
        why(hooked(&mut suite, "gold", params, GOLD)),
        ContractError::NotPayable {}
    );
    let nested = inner(&victim(&steal));
    assert_eq!(
        why(hooked(&mut suite, "gold", nested, GOLD)),
        ContractError::NotPayable {}
    );
    // A real token for another one's coins, and for more than came.
    let other = inner(&update(Some(position), vec![repay_all("cusd")]));
    assert!(matches!(
        why(hooked(&mut suite, "gold", other, GOLD)),
        ContractError::WrongToken { .. }
    ));
    let both = inner(&update(
        Some(position),
        vec![deposit("gold", GOLD), repay("cusd", CUSD)],
    ));
    assert!(matches!(
        why(hooked(&mut suite, "gold", both, GOLD)),
        ContractError::Unpaid { .. }
    ));
    let more = inner(&update(Some(position), vec![deposit("gold", GOLD + 1)]));
    assert!(matches!(
        why(hooked(&mut suite, "gold", more, GOLD)),
        ContractError::Unpaid { .. }
    ));
    let less = inner(&update(Some(position), vec![deposit("gold", GOLD - 1)]));
    assert!(matches!(
        why(hooked(&mut suite, "gold", less, GOLD)),
        ContractError::UnexpectedFunds { .. }
    ));
    assert_eq!(suite.ask().held(position, "gold").unwrap(), 10 * GOLD);
    assert_eq!(suite.balance(&manager, "gold"), 0);
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

//! `Update`: tokens by their hook.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{manager, mixed, position, rich, units, update, why, CUSD, GOLD, UNIT};
use cosmwasm_std::{coins, to_json_binary, Binary};
use cw20::{Cw20ExecuteMsg, Cw20ReceiveMsg};
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::position_manager::ExecuteMsg;
use glidepath_position_manager::ContractError;
use glidepath_testkit::handles::{borrow, deposit, repay, repay_all, withdraw};
use glidepath_testkit::{Outcome, Result, Suite};

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
    assert!(matches!(
        why(refused),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));

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
        assert!(
            matches!(why(refused), ContractError::Payment(PaymentError::Std(_))),
            "{unknown}"
        );
    }
    let extra = json("{\"update\":{\"position\":1,\"actions\":[],\"recipient\":null,\"more\":1}}");
    assert!(matches!(
        why(hooked(&mut suite, "gold", extra, GOLD)),
        ContractError::Payment(PaymentError::Std(_))
    ));
    let inner = |msg: &ExecuteMsg| to_json_binary(msg).unwrap();
    let advance = inner(&ExecuteMsg::Advance { position });
    assert_eq!(
        why(hooked(&mut suite, "gold", advance, GOLD)),
        ContractError::Payment(PaymentError::NotPayable {})
    );
    let params = inner(&ExecuteMsg::SetParams {
        params: glidepath_testkit::defaults::rules(),
    });
    assert_eq!(
        why(hooked(&mut suite, "gold", params, GOLD)),
        ContractError::Payment(PaymentError::NotPayable {})
    );
    let nested = inner(&victim(&steal));
    assert_eq!(
        why(hooked(&mut suite, "gold", nested, GOLD)),
        ContractError::Payment(PaymentError::NotPayable {})
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
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
    assert_eq!(suite.ask().held(position, "gold").unwrap(), 10 * GOLD);
    assert_eq!(suite.balance(&manager, "gold"), 0);
}

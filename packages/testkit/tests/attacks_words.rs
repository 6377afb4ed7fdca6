//! Attacks by the word of a listed token: about who sent it, and by when it says it (3, 47). What a token says must never
//! move another asset, nor more of its own than its cap.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use cosmwasm_std::{to_json_binary, Decimal, Uint128};
use cw20::Cw20ReceiveMsg;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::vault::{ExecuteMsg as Vault, LedgerAction};
use glidepath_testkit::handles::{borrow, deposit, repay, withdraw};
use glidepath_testkit::hostile::{address, tell, Mischief};
use glidepath_testkit::id;
use glidepath_testkit::scenes::UNIT;
use support::agent::run;
use support::calls::{paid, plain, update};
use support::trap::Trap;
use support::Moment;

/// In the middle of a payment by a token the owner does again what the payment's message asked for: what was checked
/// must not be done twice. Nobody comes out below initial margin (the watch of the suite looks, too).
#[test]
fn attack_47_what_was_checked_once_is_not_done_twice() {
    let mut trap = Trap::new();
    let (agent, keeper, sound) = (trap.agent.clone(), trap.suite.user("keeper"), trap.sound);
    let manager = trap.suite.peers.position_manager.clone();
    // $92,000 at .75 against $10,000: room for some $59,000, or for some 8,400 to be taken out.
    let risky = [borrow("owe", 50_000 * UNIT), withdraw("evil", 8_000 * UNIT)];
    for again in risky {
        for (token, payment) in [("evil", deposit("evil", UNIT)), ("owe", repay("owe", UNIT))] {
            let with_it = |trap: &Trap| {
                let actions = vec![payment.clone(), again.clone()];
                paid(&trap.suite, &manager, &update(sound, actions), token, UNIT)
            };
            let inners = [
                plain(&manager, &update(sound, vec![again.clone()])),
                with_it(&trap),
            ];
            for (inner, leg) in inners.iter().flat_map(|inner| [(inner, 0), (inner, 1)]) {
                trap.restore();
                let inner = vec![run(&agent, vec![inner.clone()], false)];
                tell(&mut trap.suite, token, &Mischief::ReenterAt(leg, inner));
                trap.suite.watch(false);
                let outer = with_it(&trap);
                let _ = trap.suite.send(&keeper, run(&agent, vec![outer], true));
                let health = trap.suite.ask().position(sound).unwrap().health;
                assert!(
                    health.initial.unwrap() >= Decimal::one(),
                    "{again:?} twice in the middle of {token}: {health:?}"
                );
            }
        }
    }
}

/// A deposit in the middle of a deposit, each of them within the cap: both together are not over it.
#[test]
fn attack_47_no_deposit_inside_a_deposit_passes_the_cap() {
    let mut trap = Trap::new();
    let (agent, keeper, sound) = (trap.agent.clone(), trap.suite.user("keeper"), trap.sound);
    let manager = trap.suite.peers.position_manager.clone();
    // 110,000 of some 400,000 are held.
    let amount = 250_000 * UNIT;
    let more = || update(sound, vec![deposit("evil", amount)]);
    let msg = paid(&trap.suite, &manager, &more(), "evil", amount);
    for leg in [0, 1] {
        trap.restore();
        let again = vec![run(&agent, vec![msg.clone()], false)];
        tell(&mut trap.suite, "evil", &Mischief::ReenterAt(leg, again));
        let _ = trap.suite.send(&keeper, run(&agent, vec![msg.clone()], true));
        let held = trap.suite.ask().solvency("evil").unwrap().collateral.u128();
        assert!(held <= 440_000 * UNIT, "{held} held");
    }
}

/// A token tells the vault that a contract of the suite has sent it: it is believed nothing that only that contract may
/// do. No collateral out of nothing, and no fill without the auction.
#[test]
fn attack_03_and_21_a_tokens_word_is_no_contracts() {
    let mut trap = Trap::new();
    let (position, sound) = (trap.position, trap.sound);
    let peers = trap.suite.peers.clone();
    let mallory = trap.suite.user("mallory");
    let amount = |asset: &str, amount: u128| Amount {
        asset: id(asset),
        amount: amount.into(),
    };
    let apply = |actions| Vault::Apply {
        position: sound,
        actions,
    };
    let settle = |sold: u128, repaid: u128| Vault::Settle {
        fills: vec![glidepath_interfaces::vault::Fill {
            position,
            sold: sold.into(),
            repaid: repaid.into(),
            penalty: Uint128::zero(),
            ends: None,
            matched_by: None,
        }],
        paid_by: glidepath_interfaces::vault::PaidBy::Coins {},
        recipient: mallory.to_string(),
    };
    let billion = 1_000_000_000 * UNIT;
    let told = [
        (
            "evil",
            &peers.position_manager,
            billion,
            apply(vec![LedgerAction::Deposit(amount("evil", billion))]),
        ),
        (
            "owe",
            &peers.position_manager,
            UNIT,
            apply(vec![LedgerAction::Repay(amount("owe", UNIT))]),
        ),
        // Half of the market's price.
        (
            "owe",
            &peers.liquidation_auction,
            46_000 * UNIT,
            settle(10_000 * UNIT, 46_000 * UNIT),
        ),
        (
            "owe",
            &peers.liquidation_auction,
            9_300 * UNIT,
            settle(1_000 * UNIT, 9_300 * UNIT),
        ),
    ];
    for (token, peer, amount, msg) in told {
        let token = address(&trap.suite, token);
        let hook = Vault::Receive(Cw20ReceiveMsg {
            sender: peer.to_string(),
            amount: amount.into(),
            msg: to_json_binary(&msg).unwrap(),
        });
        let before = Moment::of(&trap.suite);
        trap.suite.watch(false);
        let result = trap.suite.execute(&token, &peers.vault, &hook, &[]);
        assert!(
            result.is_err() && before.is_now(&trap.suite),
            "{msg:?}: {result:?}"
        );
    }
}

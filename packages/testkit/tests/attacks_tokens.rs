//! Attacks by tokens: that pose as listed ones (3), lie or refuse (4), call back in the middle of a transfer (47), and move to
//! one buyer only (59).
//!
//! The suite checks its invariants after every message by itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use cosmwasm_std::{to_json_binary, Decimal256, Uint128};
use cw20::Cw20ExecuteMsg;
use glidepath_interfaces::events::auction::Filled;
use glidepath_interfaces::fund::ExecuteMsg as Fund;
use glidepath_interfaces::vault::ExecuteMsg as Vault;
use glidepath_testkit::handles::{deposit, repay, BidTerms};
use glidepath_testkit::hostile::{address, tell, token, Mischief};
use glidepath_testkit::scenes::{advance_all, calm, UNIT};
use glidepath_testkit::{defaults, id, AssetSpec, Outcome, Suite};
use support::agent::run;
use support::calls::{bid, carried_out, paid, plain, update};
use support::trap::{Door, Trap};
use support::Moment;

/// In the middle of every transfer each message is tried alone, and all of them in a row. Whatever of it is carried out,
/// the books are right after it: the watch of the suite looks at them.
#[test]
fn attack_47_a_token_re_enters_every_message_in_the_middle_of_every_transfer() {
    let mut trap = Trap::new();
    let (agent, keeper) = (trap.agent.clone(), trap.suite.user("keeper"));
    let (mut tried, mut done, mut inner) = (0, 0, 0);
    for Door { name, token, msg } in trap.doors() {
        let msgs = trap.inside();
        let alone = msgs.iter().map(|msg| vec![msg.clone()]);
        for msgs in alone.chain([msgs.clone()]) {
            trap.restore();
            let again = vec![run(&agent, msgs, false)];
            tell(&mut trap.suite, token, &Mischief::Reenter(again));
            tried += 1;
            // The transfer itself may be refused after what was done inside; then nothing was done.
            let before = Moment::of(&trap.suite);
            match trap.suite.send(&keeper, run(&agent, vec![msg.clone()], true)) {
                Ok(outcome) => {
                    done += 1;
                    inner += carried_out(&outcome);
                }
                Err(_) => assert!(before.is_now(&trap.suite), "{name} left something"),
            }
        }
    }
    println!("{inner} messages carried out inside {done} of {tried} transfers");
    assert!(done * 2 > tried, "{done} of {tried} transfers went through");
    assert!(inner > 100, "{inner} messages were carried out inside them");
}

/// What a bidder gets does not depend on what the token does in the middle: the fill was solved and stored before.
#[test]
fn attack_47_a_bid_inside_a_bid_buys_no_cheaper() {
    let mut trap = Trap::new();
    let (agent, keeper, position) = (trap.agent.clone(), trap.suite.user("keeper"), trap.position);
    let auction = trap.suite.peers.liquidation_auction.clone();
    let offer = |suite: &Suite| paid(suite, &auction, &bid(position), "owe", 10_000 * UNIT);
    let bought = |done: &Outcome| -> Vec<(u128, Decimal256)> {
        done.all(Filled::TYPE)
            .map(|fill| (fill.must::<Uint128>("sold").u128(), fill.must("price")))
            .collect()
    };
    let two = vec![offer(&trap.suite), offer(&trap.suite)];
    let in_a_row = trap.suite.send(&keeper, run(&agent, two, true)).unwrap();
    let in_a_row = bought(&in_a_row);
    assert_eq!(in_a_row.len(), 2);
    for token in ["owe", "evil"] {
        trap.restore();
        let again = vec![run(&agent, vec![offer(&trap.suite)], false)];
        tell(&mut trap.suite, token, &Mischief::Reenter(again));
        let msg = offer(&trap.suite);
        let nested = trap.suite.send(&keeper, run(&agent, vec![msg], true)).unwrap();
        let mut nested = bought(&nested);
        nested.sort();
        let mut expected = in_a_row.clone();
        expected.sort();
        assert_eq!(nested, expected, "re-entered by {token}");
    }
}

/// A collateral whose token refuses to move stops its own fills and withdrawals, and nothing else; when it moves again,
/// everything goes on.
#[test]
fn attack_04_a_token_that_refuses_to_be_paid_out_blocks_only_itself() {
    let mut trap = Trap::new();
    let (position, bob) = (trap.position, trap.suite.user("bob"));
    let suite = &mut trap.suite;
    tell(suite, "evil", &Mischief::Refuse {});
    let before = Moment::of(suite);
    suite.give(&bob, "owe", 20_000 * UNIT);
    let funded = Moment::of(suite);
    let refused = suite
        .auction()
        .bid_with(&bob, position, BidTerms::default(), "owe", 10_000 * UNIT);
    assert!(refused.is_err() && funded.is_now(suite) && !before.is_now(suite));
    // Repaying, lending, other positions: all open.
    suite
        .positions()
        .repay(&bob, position, "owe", 1_000 * UNIT)
        .unwrap();
    suite.vault().supply(&bob, "owe", 1_000 * UNIT).unwrap();
    let other = glidepath_testkit::scenes::leveraged(suite);
    suite.set_price("atom", "9.20");
    suite.positions().advance(other).unwrap();
    tell(suite, "evil", &Mischief::Behave {});
    suite.refresh();
    suite
        .auction()
        .bid_with(&bob, position, BidTerms::default(), "owe", 10_000 * UNIT)
        .unwrap();
}

/// A debt token that says it has moved and has not never calls the hook: nothing is booked that did not come.
#[test]
fn attack_04_a_token_that_lies_pays_nothing() {
    let mut trap = Trap::new();
    let position = trap.position;
    let suite = &mut trap.suite;
    suite.watch(false);
    let before = suite.ask().solvency("usdc").unwrap();
    let owed = suite.ask().owed(position, "owe").unwrap();
    tell(suite, "owe", &Mischief::Lie {});
    let bob = suite.user("bob");
    suite.give(&bob, "owe", 1_000 * UNIT);
    suite.vault().supply(&bob, "owe", 1_000 * UNIT).unwrap();
    let manager = suite.peers.position_manager.clone();
    let msg = update(position, vec![repay("owe", 500 * UNIT)]);
    suite.pay(&bob, &manager, &msg, "owe", 500 * UNIT).unwrap();
    assert_eq!(suite.ask().supply(&bob, "owe").unwrap().shares, Uint128::zero());
    assert_eq!(suite.ask().owed(position, "owe").unwrap(), owed);
    assert_eq!(suite.ask().solvency("usdc").unwrap(), before);
    tell(suite, "owe", &Mischief::Behave {});
    suite.watch(true);
}

/// A token that nobody listed is believed nothing, wherever it calls.
#[test]
fn attack_03_a_token_that_nobody_listed_moves_nothing() {
    let mut trap = Trap::new();
    let position = trap.position;
    let suite = &mut trap.suite;
    let listed = address(suite, "evil");
    let code = suite.app.store_code(token());
    let minter = suite.user("minter");
    let bob = suite.user("bob");
    let fake = cw_multi_test::Executor::instantiate_contract(
        &mut suite.app,
        code,
        minter,
        &cw20_base::msg::InstantiateMsg {
            name: "token evil".into(),
            symbol: "EVILEVIL".into(),
            decimals: 6,
            initial_balances: vec![cw20::Cw20Coin {
                address: bob.to_string(),
                amount: Uint128::new(1_000_000 * UNIT),
            }],
            mint: None,
            marketing: None,
        },
        &[],
        "fake",
        None,
    )
    .unwrap();
    assert_ne!(fake, listed);
    let peers = suite.peers.clone();
    let doors = [
        (
            &peers.vault,
            to_json_binary(&Vault::Supply {
                asset: id("owe"),
                recipient: None,
            }),
        ),
        (
            &peers.position_manager,
            to_json_binary(&update(position, vec![deposit("evil", UNIT)])),
        ),
        (
            &peers.position_manager,
            to_json_binary(&update(position, vec![repay("owe", UNIT)])),
        ),
        (&peers.liquidation_auction, to_json_binary(&bid(position))),
        (
            &peers.insurance_fund,
            to_json_binary(&Fund::Stake { asset: id("owe") }),
        ),
    ];
    let before = Moment::of(suite);
    for (contract, msg) in doors {
        let send = Cw20ExecuteMsg::Send {
            contract: contract.to_string(),
            amount: Uint128::new(100_000 * UNIT),
            msg: msg.unwrap(),
        };
        let error = suite.send(&bob, plain(&fake, &send)).unwrap_err();
        let refusal = support::refusal::of(&error);
        assert!(refusal.is_typed(), "{error:#}");
        assert!(before.is_now(suite), "{} left something", refusal.name);
    }
}

/// A collateral that nobody but its owner can buy goes first, and he buys a dollar of each of its lots: what is behind it has
/// its turn all the same, in both modes.
#[test]
fn attack_59_and_82_a_dollar_in_each_lot_does_not_shield_what_is_behind() {
    let ice = || {
        AssetSpec::cw20("ice", 6, "10")
            .as_collateral(defaults::VOLATILE)
            .calm()
            .depth(200_000)
            .token_code(token)
    };
    for price in ["8.55", "7.70"] {
        let mut suite = calm().asset(ice()).build();
        let (alice, bob) = (suite.user("alice"), suite.user("bob"));
        let held = [("ice", 30_000 * UNIT), ("atom", 100_000 * UNIT)];
        let position = suite
            .positions()
            .open(&alice, &held, &[("usdc", 900_000 * UNIT)])
            .unwrap();
        suite.set_price("atom", price);
        tell(&mut suite, "ice", &Mischief::RefuseTo(bob.clone()));
        for _ in 0..2 {
            suite.elapse(60);
            advance_all(&mut suite, position);
        }
        let (mut shielded, mut bought) = (0, 0);
        for _ in 0..300 {
            suite.elapse(10);
            advance_all(&mut suite, position);
            let Ok(sale) = suite.ask().sale(position) else {
                continue;
            };
            let start = sale.sale.lot.map_or(0, |lot| lot.start_at);
            if sale.sale.collateral == id("ice") && start > shielded {
                let done = suite.auction().bid(&alice, position, 2 * UNIT);
                shielded = if done.is_ok() { start } else { shielded };
            }
            let rich = suite.units("usdc", "1000000");
            bought += u32::from(suite.auction().bid(&bob, position, rich).is_ok());
        }
        assert!(shielded > 0, "she bought at {price}");
        assert!(bought > 0, "nothing was sold in an hour at {price}");
    }
}

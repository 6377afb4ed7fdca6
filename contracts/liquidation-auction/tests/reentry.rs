//! Tokens that call back, or refuse, in the middle of a fill: attacks 4 and 47.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::sale;
use cosmwasm_std::{to_json_binary, Addr, CosmosMsg, Decimal, Uint128, WasmMsg};
use glidepath_interfaces::auction::{EndReason, ExecuteMsg, LotCause};
use glidepath_interfaces::events::auction::Filled;
use glidepath_interfaces::position_manager::{self};
use glidepath_interfaces::vault;
use glidepath_testkit::hostile::{self, Mischief};
use glidepath_testkit::scenes::to_lot;
use glidepath_testkit::{AssetSpec, Suite};

/// A sale of `gold`, a hostile token, for `cusd`, another.
fn hostile_sale() -> (Suite, u64) {
    let mut suite = Suite::builder()
        .asset(AssetSpec::gold().calm().depth(500_000).token_code(hostile::token))
        .asset(AssetSpec::cusd().calm().no_interest().token_code(hostile::token))
        .build();
    let alice = suite.user("alice");
    let (held, owed) = (suite.units("gold", "100"), suite.units("cusd", "129000"));
    let position = suite
        .positions()
        .open(&alice, &[("gold", held)], &[("cusd", owed)])
        .unwrap();
    suite.set_price("gold", "1835");
    suite.positions().advance(position).unwrap();
    suite.elapse(901);
    suite.positions().advance(position).unwrap();
    to_lot(&mut suite, position);
    (suite, position)
}

fn call(contract: &Addr, msg: &impl serde::Serialize) -> CosmosMsg {
    WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg: to_json_binary(msg).unwrap(),
        funds: vec![],
    }
    .into()
}

/// Every message that a token could try in the middle of a fill.
fn reentries(suite: &Suite, position: u64) -> Vec<(&'static str, CosmosMsg)> {
    let peers = &suite.peers;
    let user = suite.user("mallory").to_string();
    let gold = || "gold".parse().unwrap();
    vec![
        (
            "advance",
            call(
                &peers.position_manager,
                &position_manager::ExecuteMsg::Advance { position },
            ),
        ),
        (
            "withdraw",
            call(
                &peers.position_manager,
                &position_manager::ExecuteMsg::Update {
                    position: Some(position),
                    actions: vec![position_manager::Action::Withdraw {
                        asset: gold(),
                        amount: None,
                    }],
                    recipient: Some(user.clone()),
                },
            ),
        ),
        (
            "end",
            call(
                &peers.liquidation_auction,
                &ExecuteMsg::End {
                    position,
                    reason: EndReason::Cured,
                },
            ),
        ),
        (
            "start_lot",
            call(
                &peers.liquidation_auction,
                &ExecuteMsg::StartLot {
                    position,
                    cause: LotCause::Next,
                    offer: common::offer(1_000),
                },
            ),
        ),
        (
            "sleep",
            call(&peers.liquidation_auction, &ExecuteMsg::Sleep { position }),
        ),
        (
            "settle",
            call(
                &peers.vault,
                &vault::ExecuteMsg::Settle {
                    fills: vec![vault::Fill {
                        position,
                        sold: Uint128::new(1_000),
                        repaid: Uint128::one(),
                        penalty: Uint128::zero(),
                        ends: None,
                        matched_by: None,
                    }],
                    paid_by: vault::PaidBy::Coins {},
                    recipient: user.clone(),
                },
            ),
        ),
        (
            "set_distress",
            call(
                &peers.vault,
                &vault::ExecuteMsg::SetDistress {
                    position,
                    surcharge_rate: Decimal::zero(),
                    drop_stretch: true,
                    sale: None,
                    keepers: vec![user.clone()],
                    insolvent: false,
                },
            ),
        ),
        (
            "write_off",
            call(
                &peers.vault,
                &vault::ExecuteMsg::WriteOff {
                    position,
                    keepers: vec![user],
                },
            ),
        ),
    ]
}

#[test]
fn attack_47_a_token_that_calls_back_in_the_middle_of_a_fill() {
    // What an undisturbed fill leaves.
    let (mut suite, position) = hostile_sale();
    let bob = suite.user("bob");
    let pay = suite.units("cusd", "1000");
    suite.auction().bid(&bob, position, pay).unwrap();
    let expected = (
        suite.ask().ledger(position).unwrap(),
        suite.ask().sale(position).unwrap(),
        suite.balance(&bob, "gold"),
    );
    for paid_with in [true, false] {
        let tries = reentries(&suite, position);
        for (name, msg) in tries {
            let (mut suite, position) = hostile_sale();
            let asset = if paid_with { "cusd" } else { "gold" };
            suite.give(&bob, "cusd", pay);
            hostile::tell(&mut suite, asset, &Mischief::Reenter(vec![msg]));
            let done = suite
                .auction()
                .bid_with(&bob, position, Default::default(), "cusd", pay)
                .unwrap();
            let refused = done.events.iter().any(|event| {
                event
                    .attributes
                    .iter()
                    .any(|a| a.key == "reentry" && a.value == "refused")
            });
            assert!(refused, "{name} by {asset} was not refused");
            let after = (
                suite.ask().ledger(position).unwrap(),
                suite.ask().sale(position).unwrap(),
                suite.balance(&bob, "gold"),
            );
            assert_eq!(after, expected, "{name} by {asset}");
        }
    }
}

#[test]
fn attack_47_a_token_that_bids_in_the_middle_of_its_own_payout() {
    let (mut suite, position) = hostile_sale();
    let (bob, gold, cusd) = (
        suite.user("bob"),
        hostile::address(&suite, "gold"),
        hostile::address(&suite, "cusd"),
    );
    let pay = suite.units("cusd", "1000");
    // The collateral's contract itself has tokens to bid with, for the same lot, while bob is being paid out.
    suite.give(&gold, "cusd", pay);
    let inner = ExecuteMsg::Bid {
        position,
        max_price: cosmwasm_std::Decimal256::MAX,
        recipient: None,
        min_received: None,
        pay: None,
    };
    let again = call(
        &cusd,
        &cw20::Cw20ExecuteMsg::Send {
            contract: suite.peers.liquidation_auction.to_string(),
            amount: pay.into(),
            msg: to_json_binary(&inner).unwrap(),
        },
    );
    hostile::tell(&mut suite, "gold", &Mischief::Reenter(vec![again]));
    let left = sale(&suite, position).lot.unwrap().left;
    let done = suite.auction().bid(&bob, position, pay).unwrap();
    let fills: Vec<Uint128> = done.all(Filled::TYPE).map(|fill| fill.must("sold")).collect();
    assert_eq!(fills.len(), 2, "the second bid is a bid like any other");
    assert_eq!(
        sale(&suite, position).lot.unwrap().left,
        left - fills[0] - fills[1]
    );
    assert_eq!(suite.balance(&bob, "gold"), fills[0].u128());
    assert_eq!(suite.balance(&gold, "gold"), fills[1].u128());
}

#[test]
fn attack_4_a_token_that_refuses_stops_only_its_own_fill() {
    let (mut suite, position) = hostile_sale();
    let bob = suite.user("bob");
    let pay = suite.units("cusd", "1000");
    let before = suite.ask().ledger(position).unwrap();
    hostile::tell(&mut suite, "gold", &Mischief::Refuse {});
    assert!(suite.auction().bid(&bob, position, pay).is_err());
    assert_eq!(suite.ask().ledger(position).unwrap(), before, "nothing happened");
    assert_eq!(suite.balance(&bob, "cusd"), pay);
    hostile::tell(&mut suite, "gold", &Mischief::Behave {});
    suite.auction().bid(&bob, position, pay).unwrap();
}

//! How a bid is paid: attacks 1, 2, 3, 6, 8 and 74. A refused payment is never kept.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::error;
use cosmwasm_std::{coin, coins, to_json_binary, Addr, Binary, Coin, Decimal256, StdError, Uint128};
use cw20::{Cw20ExecuteMsg, Cw20ReceiveMsg};
use glidepath_interfaces::auction::{ExecuteMsg, Mode};
use glidepath_interfaces::events::auction::Filled;
use glidepath_interfaces::payment::PaymentError;
use glidepath_liquidation_auction::ContractError;
use glidepath_testkit::handles::BidTerms;
use glidepath_testkit::scenes::{calm, on_sale, to_lot, UNIT};
use glidepath_testkit::{hostile, AssetSpec, Outcome, Result, Suite};

fn bid(position: u64) -> ExecuteMsg {
    ExecuteMsg::Bid {
        position,
        max_price: Decimal256::MAX,
        recipient: None,
        min_received: None,
        pay: None,
    }
}

/// A bid with these coins, by somebody who has them.
fn with(suite: &mut Suite, position: u64, funds: &[Coin]) -> Result<Outcome> {
    let (bob, auction) = (suite.user("bob"), suite.peers.liquidation_auction.clone());
    for asset in ["usdc", "eth"] {
        suite.give(&bob, asset, 1_000 * UNIT);
    }
    suite.execute(&bob, &auction, &bid(position), funds)
}

fn nothing_kept(suite: &Suite, assets: &[&str]) {
    let auction = suite.peers.liquidation_auction.clone();
    for asset in assets {
        assert_eq!(suite.balance(&auction, asset), 0, "the auction kept {asset}");
    }
}

#[test]
fn attack_1_messages_that_take_no_payment() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let auction = suite.peers.liquidation_auction.clone();
    let manager = suite.peers.position_manager.clone();
    suite.give(&manager, "usdc", 5);
    let hook = Cw20ReceiveMsg {
        sender: manager.to_string(),
        amount: Uint128::one(),
        msg: to_json_binary(&bid(position)).unwrap(),
    };
    for msg in [ExecuteMsg::Sleep { position }, ExecuteMsg::Receive(hook)] {
        let done = suite.execute(&manager, &auction, &msg, &coins(5, "uusdc"));
        assert_eq!(
            error(done),
            ContractError::Payment(PaymentError::UnexpectedFunds {
                found: "native:uusdc:5".into()
            })
        );
    }
    nothing_kept(&suite, &["usdc"]);
}

#[test]
fn attack_2_no_coin_two_coins_the_wrong_coin() {
    let mut suite = calm().asset(AssetSpec::eth().calm()).build();
    let position = on_sale(&mut suite);
    assert_eq!(
        error(with(&mut suite, position, &[])),
        ContractError::Payment(PaymentError::WrongPayment {
            expected: "one asset".into(),
            found: "nothing".into()
        })
    );
    let two = [coin(5, "aeth"), coin(100 * UNIT, "uusdc")];
    assert_eq!(
        error(with(&mut suite, position, &two)),
        ContractError::Payment(PaymentError::WrongPayment {
            expected: "one asset".into(),
            found: format!("native:aeth:5, native:uusdc:{}", 100 * UNIT)
        })
    );
    let twice = [coin(UNIT, "uusdc"), coin(UNIT, "uusdc")];
    assert_eq!(
        error(with(&mut suite, position, &twice)),
        ContractError::Payment(PaymentError::WrongPayment {
            expected: "one asset".into(),
            found: format!("native:uusdc:{UNIT}, native:uusdc:{UNIT}")
        })
    );
    assert_eq!(
        error(with(&mut suite, position, &coins(100 * UNIT, "aeth"))),
        ContractError::Payment(PaymentError::WrongPayment {
            expected: "native:uusdc".into(),
            found: format!("native:aeth:{}", 100 * UNIT)
        })
    );
    nothing_kept(&suite, &["usdc", "eth"]);
    with(&mut suite, position, &coins(100 * UNIT, "uusdc")).expect("the right coin");
}

/// A position that sells `atom` for `cusd`, a token; `fake` is another token.
fn token_sale() -> (Suite, u64) {
    let mut suite = calm()
        .asset(AssetSpec::cusd().calm().no_interest())
        .asset(AssetSpec::cw20("fake", 18, "1"))
        .build();
    let alice = suite.user("alice");
    let owed = suite.units("cusd", "740000");
    let position = suite
        .positions()
        .open(&alice, &[("atom", 100_000 * UNIT)], &[("cusd", owed)])
        .unwrap();
    suite.set_price("atom", "9.20");
    suite.positions().advance(position).unwrap();
    suite.elapse(901);
    suite.positions().advance(position).unwrap();
    to_lot(&mut suite, position);
    (suite, position)
}

/// Sends tokens to the auction with any message inside.
fn hook(suite: &mut Suite, asset: &str, amount: u128, msg: Binary) -> Result<Outcome> {
    let bob = suite.user("bob");
    let token = hostile::address(suite, asset);
    suite.give(&bob, asset, amount.max(1));
    let send = Cw20ExecuteMsg::Send {
        contract: suite.peers.liquidation_auction.to_string(),
        amount: amount.into(),
        msg,
    };
    suite.execute(&bob, &token, &send, &[])
}

#[test]
fn attack_3_a_token_that_is_not_the_debt_on_sale() {
    let (mut suite, position) = token_sale();
    let wrong = |expected: &str, found: String| {
        let expected = expected.into();
        ContractError::Payment(PaymentError::WrongPayment { expected, found })
    };
    let inner = to_json_binary(&bid(position)).unwrap();
    let expected = format!("cw20:{}", hostile::address(&suite, "cusd"));
    let amount = suite.units("fake", "1000");
    let paid = format!("cw20:{}:{amount}", hostile::address(&suite, "fake"));
    assert_eq!(
        error(hook(&mut suite, "fake", amount, inner.clone())),
        wrong(&expected, paid)
    );

    // Anybody can call the hook and claim to be a token; what he is then is no asset that is owed.
    let (mallory, auction) = (suite.user("mallory"), suite.peers.liquidation_auction.clone());
    let claim = ExecuteMsg::Receive(Cw20ReceiveMsg {
        sender: suite.user("bob").to_string(),
        amount: amount.into(),
        msg: inner,
    });
    assert_eq!(
        error(suite.execute(&mallory, &auction, &claim, &[])),
        wrong(&expected, format!("cw20:{mallory}:{amount}"))
    );
    // A coin in place of the token.
    suite.give(&mallory, "usdc", 100 * UNIT);
    let done = suite.execute(&mallory, &auction, &bid(position), &coins(100 * UNIT, "uusdc"));
    assert!(matches!(
        error(done),
        ContractError::Payment(PaymentError::WrongPayment { .. }) | ContractError::Refused(_)
    ));
    nothing_kept(&suite, &["cusd", "fake", "usdc"]);
}

#[test]
fn attack_3_the_right_token_with_another_message() {
    let (mut suite, position) = token_sale();
    let amount = suite.units("cusd", "100");
    let json = |text: &str| Binary::from(text.as_bytes());
    for unknown in [
        json("{}"),
        json("\"bid\""),
        json("{\"bid_many\":{}}"),
        json("{\"bid\":{\"position\":1,\"max_price\":\"1\",\"more\":1}}"),
        json(""),
        json("[[[[[[[[[[[[[[[[[["),
    ] {
        match error(hook(&mut suite, "cusd", amount, unknown.clone())) {
            ContractError::Payment(PaymentError::Std(StdError::ParseErr { .. })) => {}
            other => panic!("{unknown}: {other}"),
        }
    }
    let nested = Cw20ReceiveMsg {
        sender: suite.user("bob").to_string(),
        amount: amount.into(),
        msg: to_json_binary(&bid(position)).unwrap(),
    };
    for msg in [ExecuteMsg::Sleep { position }, ExecuteMsg::Receive(nested)] {
        let msg = to_json_binary(&msg).unwrap();
        assert_eq!(
            error(hook(&mut suite, "cusd", amount, msg)),
            ContractError::Payment(PaymentError::NotPayable {})
        );
    }
    nothing_kept(&suite, &["cusd"]);
    let good = to_json_binary(&bid(position)).unwrap();
    hook(&mut suite, "cusd", amount, good).expect("a bid");
}

#[test]
fn attack_6_recipients_are_checked() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    suite.give(&bob, "usdc", 1_000 * UNIT);
    let upper = suite.user("carol").to_string().to_uppercase();
    for bad in ["", "carol", &upper, "osmo1qqqq"] {
        let terms = BidTerms {
            recipient: Some(bad.into()),
            ..BidTerms::default()
        };
        match error(
            suite
                .auction()
                .bid_with(&bob, position, terms, "usdc", 100 * UNIT),
        ) {
            ContractError::Std(_) => {}
            other => panic!("`{bad}`: {other}"),
        }
    }
    assert_eq!(suite.balance(&bob, "usdc"), 1_000 * UNIT);
}

#[test]
fn attack_8_amounts_of_zero() {
    let (mut suite, position) = token_sale();
    // A plain cw20-base refuses to send nothing; a token that does not is told the same by the auction.
    let cusd = hostile::address(&suite, "cusd");
    let auction = suite.peers.liquidation_auction.clone();
    let nothing = ExecuteMsg::Receive(Cw20ReceiveMsg {
        sender: suite.user("bob").to_string(),
        amount: Uint128::zero(),
        msg: to_json_binary(&bid(position)).unwrap(),
    });
    assert_eq!(
        error(suite.execute(&cusd, &auction, &nothing, &[])),
        ContractError::Payment(PaymentError::ZeroAmount {})
    );
}

#[test]
fn attack_8_a_payment_without_worthwhile_change_moves_no_refund() {
    // 100 atoms cost exactly this much; 9 base units more buy none of it and repay. The bank tells of what contracts send,
    // not of what comes with a message.
    for (surplus, expected) in [(0, 0), (9, 0), (1_000_000 * UNIT, 1)] {
        let mut suite = calm().build();
        let position = on_sale(&mut suite);
        let bob = suite.user("bob");
        let done = suite
            .auction()
            .bid(&bob, position, 924_600_000 + surplus)
            .unwrap();
        let auction = suite.peers.liquidation_auction.clone();
        let from_auction = |event: &&cosmwasm_std::Event| {
            let sent = |a: &cosmwasm_std::Attribute| a.key == "sender" && a.value == auction.as_str();
            event.ty == "transfer" && event.attributes.iter().any(sent)
        };
        assert_eq!(done.events.iter().filter(from_auction).count(), expected);
        let filled = done.event(Filled::TYPE).unwrap();
        let paid: u128 = filled.text("paid").unwrap().parse().unwrap();
        assert_eq!(suite.balance(&bob, "usdc"), 924_600_000 + surplus - paid);
        assert_eq!(suite.balance(&bob, "usdc") > 0, expected > 0);
    }
}

#[test]
fn attack_74_no_contract_of_the_suite_receives() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    suite.give(&bob, "usdc", 1_000 * UNIT);
    let peers = suite.peers.clone();
    let five: [Addr; 5] = [
        peers.vault,
        peers.position_manager,
        peers.oracle_adapter,
        peers.liquidation_auction,
        peers.insurance_fund,
    ];
    for recipient in five {
        let terms = BidTerms {
            recipient: Some(recipient.to_string()),
            ..BidTerms::default()
        };
        let done = suite
            .auction()
            .bid_with(&bob, position, terms, "usdc", 100 * UNIT);
        assert_eq!(
            error(done),
            ContractError::RecipientIsSuite {
                recipient: recipient.clone()
            }
        );
        // Nor does one that bids for itself.
        suite.give(&recipient, "usdc", 100 * UNIT);
        suite.watch(false);
        let done = suite
            .auction()
            .bid_with(&recipient, position, BidTerms::default(), "usdc", 100 * UNIT);
        assert_eq!(error(done), ContractError::RecipientIsSuite { recipient });
    }
    assert_eq!(suite.ask().sale(position).unwrap().sale.mode, Mode::Soft);
    assert_eq!(suite.balance(&bob, "usdc"), 1_000 * UNIT);
}

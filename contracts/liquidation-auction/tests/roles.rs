//! Attack 19: who may send what. `roles.golden` is the frozen matrix; `UPDATE_GOLDEN=1` writes it anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use std::fmt::Write;

use common::{error, offer};
use cosmwasm_std::{coins, to_json_binary, Addr, Decimal, Decimal256};
use cw20::Cw20ReceiveMsg;
use cw_ownable::OwnershipError;
use glidepath_interfaces::admin::{AdminError, OwnershipMsg};
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::auction::{EndReason, ExecuteMsg, LotCause, Mode, Pay, Resume};
use glidepath_interfaces::payment::PaymentError;
use glidepath_liquidation_auction::ContractError;
use glidepath_testkit::handles::item;
use glidepath_testkit::scenes::{calm, on_sale, UNIT};
use glidepath_testkit::{defaults, id, Suite};

/// Every message once. A new variant does not compile before it is in here.
fn name(msg: &ExecuteMsg) -> &'static str {
    match msg {
        ExecuteMsg::Bid { .. } => "bid",
        ExecuteMsg::BidMany { .. } => "bid_many",
        ExecuteMsg::PlaceOrder { .. } => "place_order",
        ExecuteMsg::CancelOrder { .. } => "cancel_order",
        ExecuteMsg::ClaimOrder { .. } => "claim_order",
        ExecuteMsg::Match { .. } => "match",
        ExecuteMsg::Backstop { .. } => "backstop",
        ExecuteMsg::Resume(_) => "resume",
        ExecuteMsg::SetMinOrder { .. } => "set_min_order",
        ExecuteMsg::SetBidders { .. } => "set_bidders",
        ExecuteMsg::Open { .. } => "open",
        ExecuteMsg::StartLot { .. } => "start_lot",
        ExecuteMsg::Sleep { .. } => "sleep",
        ExecuteMsg::End { .. } => "end",
        ExecuteMsg::SetTerms { .. } => "set_terms",
        ExecuteMsg::UpdateOwnership(_) => "update_ownership",
        ExecuteMsg::Receive(_) => "receive",
    }
}

fn messages(position: u64, recipient: &Addr) -> Vec<ExecuteMsg> {
    let amount = Amount {
        asset: id("usdc"),
        amount: (100 * UNIT).into(),
    };
    let bid = ExecuteMsg::Bid {
        position,
        max_price: Decimal256::MAX,
        recipient: None,
        min_received: None,
        pay: None,
    };
    let hook = Cw20ReceiveMsg {
        sender: String::new(),
        amount: (100 * UNIT).into(),
        msg: to_json_binary(&bid).unwrap(),
    };
    vec![
        bid,
        ExecuteMsg::BidMany {
            bids: vec![item(position)],
            recipient: None,
            account: None,
        },
        ExecuteMsg::PlaceOrder {
            collateral: id("atom"),
            debt: id("usdc"),
            slot: 0,
        },
        ExecuteMsg::CancelOrder {
            order: 1,
            recipient: None,
        },
        ExecuteMsg::ClaimOrder {
            order: 1,
            recipient: None,
        },
        ExecuteMsg::Match { position },
        ExecuteMsg::Backstop { position },
        ExecuteMsg::Resume(Resume {
            bid: item(position),
            bidder: recipient.into(),
            recipient: recipient.into(),
            coins: None,
            pay: Some(Pay::Account(amount)),
            served: 0,
        }),
        ExecuteMsg::SetMinOrder {
            debt: id("usdc"),
            amount: None,
        },
        ExecuteMsg::SetBidders {
            collateral: id("atom"),
            reserved: 0,
            bidders: vec![],
        },
        ExecuteMsg::Open {
            position: 77,
            mode: Mode::Soft,
            target: Decimal::one(),
            eta: Decimal::percent(50),
            max_discount: None,
            breach_seen_at: 0,
            offer: offer(1_000),
        },
        ExecuteMsg::StartLot {
            position,
            cause: LotCause::Restart,
            offer: offer(1_000),
        },
        ExecuteMsg::Sleep { position },
        ExecuteMsg::End {
            position,
            reason: EndReason::Cured,
        },
        ExecuteMsg::SetTerms {
            terms: defaults::sale_terms(),
        },
        ExecuteMsg::UpdateOwnership(OwnershipMsg::Cancel {}),
        ExecuteMsg::Receive(hook),
    ]
}

fn roles(suite: &Suite) -> Vec<(&'static str, Addr)> {
    vec![
        ("owner", suite.owner.clone()),
        ("anyone", suite.user("bob")),
        ("vault", suite.peers.vault.clone()),
        ("manager", suite.peers.position_manager.clone()),
        ("oracle", suite.peers.oracle_adapter.clone()),
        ("auction", suite.peers.liquidation_auction.clone()),
        ("fund", suite.peers.insurance_fund.clone()),
    ]
}

/// `yes`, `no` (not this sender), or `suite`: a contract of the suite can't be the recipient, which it is by default.
fn may(sender: usize, message: usize) -> &'static str {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    // Somebody's order that a lot has reached, and his account for what is resumed.
    let bob = suite.user("bob");
    suite.auction().set_min_order("usdc", Some(UNIT)).unwrap();
    suite
        .auction()
        .place_order(&bob, ("atom", "usdc"), 0, 1_000 * UNIT)
        .unwrap();
    suite.vault().fund_bids(&bob, "usdc", 1_000 * UNIT).unwrap();
    suite.elapse(6);
    suite.watch(false);
    let auction = suite.peers.liquidation_auction.clone();
    let (_, sender) = roles(&suite).swap_remove(sender);
    let mut msg = messages(position, &bob).swap_remove(message);
    if let ExecuteMsg::Receive(hook) = &mut msg {
        hook.sender = suite.user("bob").to_string();
    }
    let paid = matches!(
        msg,
        ExecuteMsg::Bid { .. } | ExecuteMsg::BidMany { .. } | ExecuteMsg::PlaceOrder { .. }
    );
    let funds = if paid { coins(100 * UNIT, "uusdc") } else { vec![] };
    suite.give(&sender, "usdc", 100 * UNIT);
    let done = suite.execute(&sender, &auction, &msg, &funds);
    if done.is_ok() {
        return "yes";
    }
    match error(done) {
        ContractError::RecipientIsSuite { .. } => "suite",
        // An order that comes before the bid is no matter of roles.
        ContractError::MatchFirst { .. } => "yes",
        // Its owner's alone.
        ContractError::NotOwner { .. } | ContractError::NotSelf { .. } => "no",
        // There is nothing in it yet.
        ContractError::NothingToClaim { .. } => "yes",
        // A lot that lives is the bidders'.
        ContractError::LotNotOver { .. } => "yes",
        // None of them is a token that is owed.
        ContractError::Payment(PaymentError::WrongPayment { .. })
        | ContractError::NotPositionManager { .. }
        | ContractError::Ownership(OwnershipError::NotOwner)
        | ContractError::Admin(AdminError::Ownership(OwnershipError::NotOwner)) => "no",
        other => panic!("{} by {sender}: {other}", name(&msg)),
    }
}

#[test]
fn attack_19_who_may_send_what() {
    let suite = calm().build();
    let mut matrix = format!("{:17}", "");
    for (role, _) in roles(&suite) {
        write!(matrix, "{role:8}").unwrap();
    }
    matrix.push('\n');
    for (row, msg) in messages(1, &suite.user("bob")).iter().enumerate() {
        write!(matrix, "{:17}", name(msg)).unwrap();
        for column in 0..roles(&suite).len() {
            write!(matrix, "{:8}", may(column, row)).unwrap();
        }
        matrix.push('\n');
    }
    let matrix: String = matrix
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/roles.golden");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &matrix).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), matrix);
}

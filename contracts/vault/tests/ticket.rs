//! `Settle` by a ticket, `PayTicket`, `TicketPaid`: what is delivered before it is paid.
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
use cosmwasm_std::{to_json_binary, Addr, WasmMsg};
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::vault::QueryMsg;
use glidepath_interfaces::vault::{ExecuteMsg, Fill, LedgerAction, PaidBy, Ticket};
use glidepath_vault::ContractError;

/// A position with 1,000 whole atom that owes 600 whole usd, on sale at half a usd or more each; and a contract that buys.
fn on_sale() -> (Suite, Addr) {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000_000_000);
    for position in [1, 2] {
        suite.deposit(position, "atom", 1_000_000_000);
        suite.borrow(position, "usd", 300_000_000);
        let msg = suite.distress(position, "0", Some(permission("atom", "usd", "500000")));
        suite.ok("pm", &msg, &[]);
    }
    let bidder = suite.bidder(900_000_000);
    (suite, bidder)
}

fn by_ticket(suite: &Suite, bidder: &Addr, fills: Vec<Fill>, plan: &Plan) -> ExecuteMsg {
    let paid_by = PaidBy::Ticket {
        bidder: bidder.to_string(),
        msg: to_json_binary(plan).unwrap(),
    };
    suite.settle(fills, paid_by)
}

const EXACT: Plan = Plan::Pay { more: 0, less: 0 };

fn fill(position: u64) -> Vec<Fill> {
    vec![filling(position, 100_000_000, 100_000_000, 100_003)]
}

#[test]
fn delivered_then_paid_is_the_same_as_paid_then_delivered() {
    let (mut suite, bidder) = on_sale();
    let msg = by_ticket(&suite, &bidder, fill(1), &EXACT);
    let response = suite.ok("auction", &msg, &[]);
    assert_eq!(attr(&event(&response, "ticket_opened"), "owed"), "100100003");
    assert_eq!(attr(&event(&response, "ticket_paid"), "amount"), "100100003");
    assert_eq!(suite.purse("bob", "atom"), PURSE + 100_000_000);
    assert_eq!(
        suite
            .app
            .wrap()
            .query_balance(&bidder, denom("usd"))
            .unwrap()
            .amount
            .u128(),
        900_000_000 - 100_100_003
    );

    let (mut coined, _) = on_sale();
    let msg = coined.settle(fill(1), PaidBy::Coins {});
    coined.ok("auction", &msg, &coins("usd", 100_100_003));
    assert_eq!(suite.records(), coined.records());
}

#[test]
fn a_ticket_that_is_not_paid_exactly_undoes_all_of_it() {
    let (mut suite, bidder) = on_sale();
    let unpaid = ContractError::TicketUnpaid {
        position: 1,
        owed: 100_100_003u128.into(),
    };
    let owes = |paid: u128| ContractError::TicketOwes {
        position: 1,
        owed: 100_100_003u128.into(),
        paid: paid.into(),
    };
    for (plan, expected) in [
        (Plan::Keep {}, unpaid),
        (Plan::Pay { more: 1, less: 0 }, owes(100_100_004)),
        (Plan::Pay { more: 0, less: 1 }, owes(100_100_002)),
        (Plan::Twice {}, ContractError::NoTicket { position: 1 }),
    ] {
        let msg = by_ticket(&suite, &bidder, fill(1), &plan);
        assert_eq!(suite.refused("auction", &msg, &[]), expected);
    }
    assert_eq!(suite.purse("bob", "atom"), PURSE);
}

#[test]
fn tokens_pay_a_ticket_by_their_hook() {
    let mut suite = Suite::new();
    suite.send("alice", 10_000, &supply("tok")).unwrap();
    suite.deposit(1, "atom", 1_000);
    suite.borrow(1, "tok", 600);
    let msg = suite.distress(1, "0", Some(permission("atom", "tok", "500000")));
    suite.ok("pm", &msg, &[]);
    let bidder = suite.bidder(1_000);
    let msg = by_ticket(&suite, &bidder, vec![filling(1, 100, 100, 10)], &EXACT);
    suite.ok("auction", &msg, &[]);
    assert_eq!(suite.owed(1), (500, 0));
    // Coins don't.
    let msg = by_ticket(
        &suite,
        &bidder,
        vec![filling(1, 100, 100, 10)],
        &Plan::First {
            msgs: vec![WasmMsg::Execute {
                contract_addr: suite.vault.to_string(),
                msg: to_json_binary(&ExecuteMsg::PayTicket { position: 1 }).unwrap(),
                funds: coins("usd", 110),
            }
            .into()],
        },
    );
    assert!(matches!(
        suite.refused("auction", &msg, &[]),
        ContractError::Payment(PaymentError::WrongPayment { .. })
    ));
}

/// What is still to come is nobody's to take: it counts among the assets, not among the cash.
#[test]
fn attack_85_nobody_gains_while_a_ticket_is_open() {
    let (mut suite, bidder) = on_sale();
    let price = suite.market("usd").supply_price;
    // 400 whole usd are in cash; with the ticket's 100 there would be 500.
    let withdraw = |units: u128| WasmMsg::Execute {
        contract_addr: suite.vault.to_string(),
        msg: to_json_binary(&withdraw("usd", Some(units))).unwrap(),
        funds: vec![],
    };
    let shares = suite.shares("alice", "usd").shares;
    let half = ExecuteMsg::TransferSupply {
        asset: id("usd"),
        shares,
        recipient: bidder.to_string(),
    };
    let (enough, too_much) = (withdraw(400_000_000), withdraw(400_000_001));
    suite.ok("alice", &half, &[]);
    let msg = by_ticket(
        &suite,
        &bidder,
        fill(1),
        &Plan::First {
            msgs: vec![too_much.into()],
        },
    );
    assert_eq!(
        suite.refused("auction", &msg, &[]),
        ContractError::NotEnoughCash {
            asset: id("usd"),
            cash: 400_000_000u128.into(),
            wanted: 400_000_001u128.into(),
        }
    );
    let msg = by_ticket(
        &suite,
        &bidder,
        fill(1),
        &Plan::First {
            msgs: vec![enough.into()],
        },
    );
    suite.ok("auction", &msg, &[]);
    // A million shares are worth what they were, but for the penalty's rounding.
    let after = suite.market("usd").supply_price;
    assert!(
        after >= price && after - price < dec256("0.000001"),
        "{price} {after}"
    );
}

#[test]
fn a_ticket_is_of_one_fill_and_one_at_a_time() {
    let (mut suite, bidder) = on_sale();
    let two = [fill(1), fill(2)].concat();
    let msg = by_ticket(&suite, &bidder, two, &EXACT);
    assert_eq!(
        suite.refused("auction", &msg, &[]),
        ContractError::OneFillATicket { fills: 2 }
    );
    let msg = by_ticket(&suite, &bidder, vec![], &EXACT);
    assert_eq!(suite.refused("auction", &msg, &[]), ContractError::NoFills {});
    let msg = by_ticket(&suite, &bidder, fill(1), &EXACT);
    assert!(matches!(
        suite.refused("auction", &msg, &coins("usd", 5)),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
    assert_eq!(
        suite.refused("alice", &ExecuteMsg::PayTicket { position: 1 }, &coins("usd", 5)),
        ContractError::NoTicket { position: 1 }
    );
    let none: Option<Ticket> = suite.ask(&QueryMsg::Ticket { position: 1 });
    assert_eq!(none, None);
}

#[test]
fn the_vault_alone_asks_itself_whether_it_was_paid() {
    let (mut suite, _) = on_sale();
    for who in ["owner", "alice", "auction", "pm"] {
        assert_eq!(
            suite.refused(who, &ExecuteMsg::TicketPaid { position: 1 }, &[]),
            ContractError::Unauthorized {
                sender: suite.addr(who),
                role: "vault"
            }
        );
    }
}

/// Whatever a position's ledger goes through while its ticket is open, it is that of a paid fill.
#[test]
fn a_ledger_is_final_when_its_ticket_opens() {
    let (mut suite, bidder) = on_sale();
    let repay = apply(1, vec![LedgerAction::Repay(amount("usd", 200_000_000))]);
    let msg = by_ticket(&suite, &bidder, fill(1), &EXACT);
    suite.ok("auction", &msg, &[]);
    suite.ok("pm", &repay, &coins("usd", 200_000_000));
    assert!(suite.ledger(1).debts.is_empty());
}

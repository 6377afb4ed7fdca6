//! `SetAside`, and `Settle` out of accounts: no coin moves.
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
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::vault::{ExecuteMsg, PaidBy};
use glidepath_vault::ContractError;

/// Positions 1 and 2 with 1,000 whole atom each that owe 600 whole usd, on sale at half a usd or more; bob has 500 whole usd in
/// his account and set 300 of them aside.
fn on_sale() -> Suite {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 10_000_000_000);
    for position in [1, 2] {
        suite.deposit(position, "atom", 1_000_000_000);
        suite.borrow(position, "usd", 600_000_000);
        let msg = suite.distress(position, "0", Some(permission("atom", "usd", "500000")));
        suite.ok("pm", &msg, &[]);
    }
    let deposit = ExecuteMsg::Deposit {
        asset: id("usd"),
        recipient: None,
    };
    suite.ok("bob", &deposit, &coins("usd", 500_000_000));
    suite.ok("bob", &aside("usd", 300_000_000), &[]);
    suite
}

fn aside(asset: &str, units: u128) -> ExecuteMsg {
    ExecuteMsg::SetAside {
        asset: id(asset),
        amount: units.into(),
    }
}

fn out_of(suite: &Suite, who: &str) -> PaidBy {
    PaidBy::Account {
        payer: suite.addr(who).into(),
    }
}

fn bobs(suite: &Suite) -> (u128, u128) {
    let account = suite.account_of("bob", "usd");
    (account.amount.u128(), account.set_aside.u128())
}

#[test]
fn what_is_set_aside_pays_and_no_coin_moves() {
    let mut suite = on_sale();
    let purse = suite.purse("bob", "usd");
    let coins_before = suite.solvency("usd").balance;
    let msg = suite.settle(
        vec![filling(1, 100_000_000, 100_000_000, 100_003)],
        out_of(&suite, "bob"),
    );
    let response = suite.ok("auction", &msg, &[]);
    let settled = event(&response, "settled");
    assert_eq!(attr(&settled, "payer"), suite.addr("bob").as_str());
    assert_eq!(bobs(&suite), (399_899_997, 199_899_997));
    assert_eq!(suite.account("bob", "atom"), 100_000_000);
    assert_eq!(suite.account_of("bob", "atom").set_aside.u128(), 0);
    assert_eq!(suite.owed(1), (500_000_000, 0));
    assert_eq!(suite.purse("bob", "usd"), purse);
    assert_eq!(suite.solvency("usd").balance, coins_before);
    // What was bought is his to take out.
    let take = ExecuteMsg::WithdrawAccount {
        asset: id("atom"),
        amount: None,
        recipient: None,
    };
    suite.ok("bob", &take, &[]);
    assert_eq!(suite.purse("bob", "atom"), PURSE + 100_000_000);
}

#[test]
fn what_an_account_pays_for_nobody_else_gets() {
    let mut suite = on_sale();
    for other in ["alice", "auction", "fund"] {
        let mut msg = suite.settle(
            vec![filling(1, 100_000_000, 100_000_000, 0)],
            out_of(&suite, "bob"),
        );
        if let ExecuteMsg::Settle { recipient, .. } = &mut msg {
            *recipient = suite.addr(other).into();
        }
        assert_eq!(
            suite.refused("auction", &msg, &[]),
            ContractError::OthersAccount {
                payer: suite.addr("bob"),
                recipient: suite.addr(other),
            }
        );
    }
}

#[test]
fn several_fills_with_one_payment_are_each_of_them() {
    let mut one = on_sale();
    for position in [1, 2] {
        let fills = vec![filling(position, 100_000_000, 100_000_000, 100_003)];
        let msg = one.settle(fills, out_of(&one, "bob"));
        one.ok("auction", &msg, &[]);
    }
    let mut both = on_sale();
    let before = both.records();
    let fills = [1, 2].map(|position| filling(position, 100_000_000, 100_000_000, 100_003));
    let msg = both.settle(fills.to_vec(), out_of(&both, "bob"));
    both.ok("auction", &msg, &[]);
    assert_eq!(one.records(), both.records());
    // The ledgers, and once each: two accounts, two holdings, the market.
    assert_eq!(both.changed(&before).len(), 2 + 2 + 2 + 1);

    // The same with coins.
    let mut coined = on_sale();
    let msg = coined.settle(fills.to_vec(), PaidBy::Coins {});
    coined.ok("auction", &msg, &coins("usd", 200_200_006));
    assert_eq!(coined.purse("bob", "atom"), PURSE + 200_000_000);
    assert_eq!(coined.ledger(2), both.ledger(2));
}

#[test]
fn a_position_twice_is_two_fills() {
    let mut suite = on_sale();
    let fills = vec![filling(1, 100_000_000, 100_000_000, 0); 2];
    let msg = suite.settle(fills, out_of(&suite, "bob"));
    suite.ok("auction", &msg, &[]);
    assert_eq!(suite.owed(1), (400_000_000, 0));
    assert_eq!(suite.account("bob", "atom"), 200_000_000);
}

#[test]
fn nothing_is_spent_that_was_not_set_aside() {
    let mut suite = on_sale();
    let refusal = |held: u128| ContractError::NotEnoughInAccount {
        asset: id("usd"),
        held: held.into(),
        wanted: 400_000_000u128.into(),
    };
    let msg = suite.settle(
        vec![filling(1, 400_000_000, 400_000_000, 0)],
        out_of(&suite, "bob"),
    );
    assert_eq!(suite.refused("auction", &msg, &[]), refusal(300_000_000));
    // Somebody who set nothing aside, and the fund, whose account is not for bids.
    for who in ["carol", "fund"] {
        let fills = vec![filling(1, 400_000_000, 400_000_000, 0)];
        let mut msg = suite.settle(fills, out_of(&suite, who));
        if let ExecuteMsg::Settle { recipient, .. } = &mut msg {
            *recipient = suite.addr(who).into();
        }
        assert_eq!(suite.refused("auction", &msg, &[]), refusal(0));
    }
    // Coins beside an account.
    let msg = suite.settle(vec![filling(1, 100, 100, 0)], out_of(&suite, "bob"));
    assert!(matches!(
        suite.refused("auction", &msg, &coins("usd", 100)),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
}

#[test]
fn what_is_set_aside_is_never_more_than_there_is() {
    let mut suite = on_sale();
    assert_eq!(
        suite.refused("bob", &aside("usd", 500_000_001), &[]),
        ContractError::NotEnoughInAccount {
            asset: id("usd"),
            held: 500_000_000u128.into(),
            wanted: 500_000_001u128.into(),
        }
    );
    assert_eq!(
        suite.refused("bob", &aside("nope", 0), &[]),
        ContractError::NotListed { asset: id("nope") }
    );
    let take = |units: u128| ExecuteMsg::WithdrawAccount {
        asset: id("usd"),
        amount: Some(units.into()),
        recipient: None,
    };
    suite.ok("bob", &take(100_000_000), &[]);
    assert_eq!(bobs(&suite), (400_000_000, 300_000_000));
    suite.ok("bob", &take(200_000_000), &[]);
    assert_eq!(bobs(&suite), (200_000_000, 200_000_000));
    suite.ok("bob", &aside("usd", 50_000_000), &[]);
    assert_eq!(bobs(&suite), (200_000_000, 50_000_000));
    suite.ok("bob", &take(200_000_000), &[]);
    assert_eq!(bobs(&suite), (0, 0));
}

#[test]
fn orders_are_paid_from_the_auctions_account_and_matching_from_the_keepers_part() {
    let mut suite = on_sale();
    let deposit = ExecuteMsg::Deposit {
        asset: id("usd"),
        recipient: None,
    };
    suite.ok("auction", &deposit, &coins("usd", 200_000_000));
    let mut fill = filling(1, 100_000_000, 100_000_000, 100_003);
    fill.matched_by = Some(suite.addr("carol").into());
    let mut msg = suite.settle(vec![fill], out_of(&suite, "auction"));
    if let ExecuteMsg::Settle { recipient, .. } = &mut msg {
        *recipient = suite.addr("auction").into();
    }
    let response = suite.ok("auction", &msg, &[]);
    assert_eq!(suite.account("auction", "usd"), 99_899_997);
    assert_eq!(suite.account("auction", "atom"), 100_000_000);
    // Of 40,001 for keepers half, rounded down, at once to who matched.
    let credited = event(&response, "keeper_credited");
    assert_eq!(attr(&credited, "amount"), "20000");
    assert_eq!(suite.account("carol", "usd"), 20_000);
    assert_eq!(suite.ledger(1).sale.unwrap().keepers.u128(), 20_001);
    assert_eq!(suite.market("usd").market.dues.u128(), 20_001);
}

#[test]
fn nobody_else_has_a_place_in_the_auctions_account() {
    let mut suite = on_sale();
    let deposit = ExecuteMsg::Deposit {
        asset: id("usd"),
        recipient: Some(suite.addr("auction").into()),
    };
    assert_eq!(
        suite.refused("alice", &deposit, &coins("usd", 5)),
        ContractError::SuiteContract {
            address: suite.addr("auction")
        }
    );
}

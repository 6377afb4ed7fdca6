//! `Apply`.
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
use glidepath_interfaces::vault::LedgerAction;
use glidepath_vault::ContractError;

fn pay_in(asset: &str, units: u128) -> LedgerAction {
    LedgerAction::Deposit(amount(asset, units))
}

fn pay_back(asset: &str, units: u128) -> LedgerAction {
    LedgerAction::Repay(amount(asset, units))
}

fn take(suite: &Suite, asset: &str, units: u128, to: &str) -> LedgerAction {
    LedgerAction::Withdraw {
        amount: amount(asset, units),
        recipient: suite.addr(to).into(),
    }
}

fn lend(suite: &Suite, asset: &str, units: u128, to: &str) -> LedgerAction {
    LedgerAction::Borrow {
        amount: amount(asset, units),
        recipient: suite.addr(to).into(),
    }
}

/// A market of 10,000 usd, a position with 1,000 atom that owes 600 usd.
fn borrowed() -> Suite {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 10_000);
    suite.deposit(1, "atom", 1_000);
    suite.borrow(1, "usd", 600);
    suite
}

#[test]
fn several_actions_in_one_message() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 10_000);
    let actions = vec![
        pay_in("atom", 1_000),
        pay_in("eth", 20),
        lend(&suite, "usd", 600, "bob"),
        take(&suite, "eth", 5, "carol"),
        pay_back("usd", 100),
        pay_in("atom", 1),
    ];
    let mut funds = coins("atom", 1_001);
    funds.extend(coins("eth", 20));
    funds.extend(coins("usd", 100));
    let response = suite.ok("pm", &apply(7, actions), &funds);

    let ledger = suite.ledger(7);
    assert_eq!(ledger.collateral, vec![amount("atom", 1_001), amount("eth", 15)]);
    assert_eq!(ledger.debts.len(), 1);
    assert_eq!(ledger.debts[0].debt.shares.u128(), 500);
    assert_eq!(suite.purse("bob", "usd"), PURSE + 600);
    assert_eq!(suite.purse("carol", "eth"), PURSE + 5);
    assert_eq!(attr(&event(&response, "borrowed"), "shares"), "600");
    assert_eq!(attr(&event(&response, "borrowed"), "position"), "7");
    assert_eq!(attr(&event(&response, "repaid"), "principal"), "100");
    assert_eq!(attr(&event(&response, "collateral_withdrawn"), "amount"), "5");
}

#[test]
fn order_matters() {
    let mut suite = Suite::new();
    suite.deposit(1, "atom", 10);
    let actions = vec![take(&suite, "atom", 15, "bob"), pay_in("atom", 5)];
    assert_eq!(
        suite.refused("pm", &apply(1, actions), &coins("atom", 5)),
        ContractError::NotEnoughCollateral {
            asset: id("atom"),
            held: 10u128.into(),
            wanted: 15u128.into()
        }
    );
    let actions = vec![pay_in("atom", 5), take(&suite, "atom", 15, "bob")];
    suite.ok("pm", &apply(1, actions), &coins("atom", 5));
    assert_eq!(suite.ledger(1).collateral, vec![]);
}

#[test]
fn a_ledger_stays_when_it_is_empty_and_nothing_is_one_too() {
    let mut suite = Suite::new();
    suite.ok("pm", &apply(3, vec![]), &[]);
    assert_eq!(suite.ledger(3), Default::default());
}

#[test]
fn deposits_of_a_cw20_token() {
    let mut suite = Suite::new();
    suite.pay_behind("pm", 70, &apply(1, vec![pay_in("tok", 70)]));
    assert_eq!(suite.ledger(1).collateral, vec![amount("tok", 70)]);
    let actions = vec![take(&suite, "tok", 30, "bob")];
    suite.ok("pm", &apply(1, actions), &[]);
    assert_eq!(suite.purse("bob", "tok"), PURSE + 30);
}

#[test]
fn borrowing_and_repaying_a_cw20_token() {
    let mut suite = Suite::new();
    suite.send("alice", 500, &supply("tok")).unwrap();
    suite.deposit(1, "atom", 10);
    let actions = vec![lend(&suite, "tok", 200, "bob")];
    suite.ok("pm", &apply(1, actions), &[]);
    assert_eq!(suite.purse("bob", "tok"), PURSE + 200);
    suite.pay_behind("pm", 200, &apply(1, vec![pay_back("tok", 200)]));
    assert!(suite.ledger(1).debts.is_empty());
}

#[test]
fn interest_is_owed_rounded_up_and_repaid_in_full() {
    let mut suite = Suite::with(terms());
    suite.lend("alice", "usd", 10_000);
    suite.deposit(1, "atom", 1_000);
    suite.borrow(1, "usd", 8_000);
    assert_eq!(suite.market("usd").borrow_rate, dec("0.12"));
    suite.pass(31_536_000);
    // 8,000 · e^0.12 = 9,019.97
    assert_eq!(suite.owed(1), (9_020, 0));
    assert_eq!(
        suite.refused(
            "pm",
            &apply(1, vec![pay_back("usd", 9_021)]),
            &coins("usd", 9_021)
        ),
        ContractError::RepaysTooMuch {
            asset: id("usd"),
            owed: 9_020u128.into(),
            amount: 9_021u128.into()
        }
    );
    suite.repay(1, "usd", 9_020);
    assert!(suite.ledger(1).debts.is_empty());
    assert!(suite.market("usd").market.debt_shares.is_zero());
    // A tenth of 1,019 of interest, rounded down.
    let market = suite.market("usd").market;
    let reserves = market.assets_for_shares(market.reserve_shares).unwrap();
    assert!((100..=101).contains(&reserves.u128()), "{reserves}");
}

#[test]
fn a_second_loan_later_shares_the_index() {
    let mut suite = Suite::with(terms());
    suite.lend("alice", "usd", 1_000_000);
    suite.deposit(1, "atom", 1);
    suite.deposit(2, "atom", 1);
    suite.borrow(1, "usd", 500_000);
    suite.pass(31_536_000);
    suite.borrow(2, "usd", 100_000);
    let owed = suite.owed(2).0;
    assert!((100_000..=100_001).contains(&owed), "{owed}");
    let shares = suite.ledger(2).debts[0].debt.shares.u128();
    assert!(shares < 100_000, "{shares}");
}

#[test]
fn offset_repays_with_the_same_asset() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 10_000);
    suite.deposit(1, "usd", 1_000);
    suite.borrow(1, "usd", 600);
    let response = suite.ok(
        "pm",
        &apply(1, vec![LedgerAction::Offset(amount("usd", 250))]),
        &[],
    );
    assert_eq!(attr(&event(&response, "debt_offset"), "principal"), "250");
    assert_eq!(suite.ledger(1).collateral, vec![amount("usd", 750)]);
    assert_eq!(suite.owed(1), (350, 0));
    assert_eq!(suite.market("usd").market.cash.u128(), 9_650);
    let offset = |units| apply(1, vec![LedgerAction::Offset(amount("usd", units))]);
    assert_eq!(
        suite.refused("pm", &offset(351), &[]),
        ContractError::RepaysTooMuch {
            asset: id("usd"),
            owed: 350u128.into(),
            amount: 351u128.into()
        }
    );
    suite.ok("pm", &offset(350), &[]);
    assert!(suite.ledger(1).debts.is_empty());
}

#[test]
fn surcharge_is_paid_after_the_principal_and_goes_to_the_fund() {
    let mut suite = borrowed_million();
    let msg = suite.distress(1, "0.1", None);
    suite.ok("pm", &msg, &[]);
    suite.pass(1_800);
    // 600,000,000 · 10 % · 1800 / 31,536,000 = 3,424.66
    assert_eq!(suite.owed(1), (600_000_000, 3_424));
    suite.repay(1, "usd", 600_000_000);
    assert_eq!(suite.owed(1), (0, 3_424));
    suite.repay(1, "usd", 424);
    assert_eq!(suite.owed(1), (0, 3_000));
    assert_eq!(suite.shares("fund", "usd").amount.u128(), 424);
    assert_eq!(suite.account("fund", "usd"), 0);
    suite.repay(1, "usd", 3_000);
    assert!(suite.ledger(1).debts.is_empty());
    assert_eq!(suite.shares("fund", "usd").amount.u128(), 3_424);
}

/// A position that owes 600 whole usd.
fn borrowed_million() -> Suite {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 10_000_000_000);
    suite.deposit(1, "atom", 1_000);
    suite.borrow(1, "usd", 600_000_000);
    suite
}

#[test]
fn a_touch_books_the_surcharge_at_the_principal_so_far() {
    let mut suite = borrowed_million();
    let msg = suite.distress(1, "0.1", None);
    suite.ok("pm", &msg, &[]);
    suite.pass(900);
    suite.repay(1, "usd", 300_000_000);
    assert_eq!(suite.ledger(1).debts[0].debt.surcharge.u128(), 1_712);
    suite.pass(900);
    assert_eq!(suite.owed(1), (300_000_000, 1_712 + 856));
    suite.borrow(1, "usd", 300_000_000);
    assert_eq!(suite.owed(1), (600_000_000, 1_712 + 856));
    // A stretch counts at most 30 minutes.
    suite.pass(86_400);
    assert_eq!(suite.owed(1), (600_000_000, 1_712 + 856 + 3_424));
}

#[test]
fn a_repaid_insolvent_debt_is_counted_out() {
    let mut suite = borrowed();
    let mut msg = suite.distress(1, "0", None);
    if let glidepath_interfaces::vault::ExecuteMsg::SetDistress { insolvent, .. } = &mut msg {
        *insolvent = true;
    }
    suite.ok("pm", &msg, &[]);
    assert_eq!(suite.market("usd").cover.insolvent, 1);
    suite.repay(1, "usd", 599);
    assert_eq!(suite.market("usd").cover.insolvent, 1);
    suite.repay(1, "usd", 1);
    assert_eq!(suite.market("usd").cover.insolvent, 0);
}

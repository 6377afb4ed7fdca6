//! `SetDistress`.
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
use glidepath_interfaces::vault::{ExecuteMsg, LedgerAction};
use glidepath_vault::ContractError;

/// A position with 1,000 whole atom and 20 eth that owes 600 whole usd and 50 whole atom.
fn position() -> Suite {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 10_000_000_000);
    suite.lend("alice", "atom", 10_000_000_000);
    suite.deposit(1, "atom", 1_000_000_000);
    suite.deposit(1, "eth", 20);
    suite.borrow(1, "usd", 600_000_000);
    suite.borrow(1, "atom", 50_000_000);
    suite
}

fn insolvent(mut msg: ExecuteMsg, flag: bool) -> ExecuteMsg {
    if let ExecuteMsg::SetDistress { insolvent, .. } = &mut msg {
        *insolvent = flag;
    }
    msg
}

fn dropping(mut msg: ExecuteMsg) -> ExecuteMsg {
    if let ExecuteMsg::SetDistress { drop_stretch, .. } = &mut msg {
        *drop_stretch = true;
    }
    msg
}

#[test]
fn a_rate_counts_from_now_and_is_booked_when_it_changes() {
    let mut suite = position();
    suite.pass(100_000);
    let msg = suite.distress(1, "0.1", None);
    let response = suite.ok("pm", &msg, &[]);
    assert_eq!(attr(&event(&response, "distress_set"), "surcharge_rate"), "0.1");
    assert_eq!(suite.owed(1), (600_000_000, 0));
    suite.pass(1_800);
    let msg = suite.distress(1, "0.2", None);
    suite.ok("pm", &msg, &[]);
    let ledger = suite.ledger(1);
    assert_eq!(ledger.surcharge_rate, dec("0.2"));
    assert_eq!(ledger.debts[0].debt.surcharge.u128(), 3_424);
    assert_eq!(ledger.debts[1].debt.surcharge.u128(), 285);
    assert!(ledger.debts.iter().all(|entry| entry.debt.since == suite.now()));
    suite.pass(1_800);
    assert_eq!(suite.owed(1).1, 3_424 + 6_849);
    let msg = suite.distress(1, "0", None);
    suite.ok("pm", &msg, &[]);
    suite.pass(1_800);
    assert_eq!(suite.owed(1).1, 3_424 + 6_849);
}

#[test]
fn a_lapsed_call_drops_the_stretch_since_the_last_booking() {
    let mut suite = position();
    let msg = suite.distress(1, "0.1", None);
    suite.ok("pm", &msg, &[]);
    suite.pass(1_800);
    suite.ok("pm", &msg, &[]);
    suite.pass(1_800);
    let msg = dropping(suite.distress(1, "0", None));
    suite.ok("pm", &msg, &[]);
    assert_eq!(suite.owed(1).1, 3_424);
    assert_eq!(suite.ledger(1).debts[0].debt.since, suite.now());
}

#[test]
fn a_permission_stands_with_its_price() {
    let mut suite = position();
    let msg = suite.distress(1, "0.1", Some(permission("atom", "usd", "500000")));
    let response = suite.ok("pm", &msg, &[]);
    let set = event(&response, "distress_set");
    assert_eq!(attr(&set, "collateral"), "atom");
    assert_eq!(attr(&set, "debt"), "usd");
    assert_eq!(attr(&set, "min_price"), "500000");
    let sale = suite.ledger(1).sale.unwrap();
    assert_eq!(sale.collateral, id("atom"));
    assert!(sale.keepers.is_zero());
    let msg = suite.distress(1, "0", None);
    suite.ok("pm", &msg, &[]);
    assert_eq!(suite.ledger(1).sale, None);
}

/// Sells once with a penalty of 1,003, 401 of it for keepers.
fn sold(suite: &mut Suite) {
    let msg = suite.distress(1, "0", Some(permission("atom", "usd", "500000")));
    suite.ok("pm", &msg, &[]);
    let fill = suite.fill(1, 100_000_000, 100_000_000, 1_003);
    suite.ok("auction", &fill, &coins("usd", 100_001_003));
}

#[test]
fn keepers_are_credited_when_the_permission_ends() {
    let mut suite = position();
    sold(&mut suite);
    assert_eq!(suite.ledger(1).sale.unwrap().keepers.u128(), 401);
    let msg = suite.distress(1, "0", None);
    suite.ok("pm", &msg, &[]);
    // Half each, what does not divide to the first.
    assert_eq!(suite.account("caller", "usd"), 201);
    assert_eq!(suite.account("opener", "usd"), 200);
    assert!(suite.market("usd").market.dues.is_zero());
}

#[test]
fn keepers_are_credited_when_the_pair_changes() {
    for (collateral, debt) in [("eth", "usd"), ("atom", "atom")] {
        let mut suite = position();
        sold(&mut suite);
        let msg = suite.distress(1, "0", Some(permission(collateral, debt, "1")));
        suite.ok("pm", &msg, &[]);
        assert_eq!(suite.account("caller", "usd"), 201);
        let sale = suite.ledger(1).sale.unwrap();
        assert!(sale.keepers.is_zero());
        assert_eq!((sale.collateral, sale.debt), (id(collateral), id(debt)));
    }
}

#[test]
fn the_same_pair_keeps_its_counter() {
    let mut suite = position();
    sold(&mut suite);
    let msg = suite.distress(1, "0", Some(permission("atom", "usd", "400000")));
    suite.ok("pm", &msg, &[]);
    let sale = suite.ledger(1).sale.unwrap();
    assert_eq!(sale.keepers.u128(), 401);
    assert_eq!(sale.min_price, dec256("400000"));
    assert_eq!(suite.account("caller", "usd"), 0);
}

#[test]
fn attack_07_one_keeper_two_or_the_same_twice() {
    let cases: [(&[&str], u128, u128); 3] = [
        (&["caller"], 401, 0),
        (&["caller", "opener", "opener"], 135, 266),
        (&["caller", "caller"], 401, 0),
    ];
    for (names, caller, opener) in cases {
        let mut suite = position();
        sold(&mut suite);
        let mut msg = suite.distress(1, "0", None);
        let named = names.iter().map(|name| suite.addr(name).into()).collect();
        if let ExecuteMsg::SetDistress { keepers, .. } = &mut msg {
            *keepers = named;
        }
        suite.ok("pm", &msg, &[]);
        assert_eq!(suite.account("caller", "usd"), caller);
        assert_eq!(suite.account("opener", "usd"), opener);
    }
}

#[test]
fn nobody_named_where_something_is_due() {
    let mut suite = position();
    let unnamed = ExecuteMsg::SetDistress {
        position: 1,
        surcharge_rate: dec("0"),
        drop_stretch: false,
        sale: None,
        keepers: vec![],
        insolvent: false,
    };
    suite.ok("pm", &unnamed, &[]);
    sold(&mut suite);
    assert_eq!(
        suite.refused("pm", &unnamed, &[]),
        ContractError::NoKeepers {
            asset: id("usd"),
            amount: 401u128.into()
        }
    );
}

#[test]
fn insolvent_debts_are_counted_once_in_each_market() {
    let mut suite = position();
    suite.deposit(2, "atom", 5);
    suite.borrow(2, "usd", 5);
    let count = |suite: &Suite| {
        (
            suite.market("usd").cover.insolvent,
            suite.market("atom").cover.insolvent,
        )
    };
    let first = insolvent(suite.distress(1, "0", None), true);
    let second = insolvent(suite.distress(2, "0", None), true);
    suite.ok("pm", &first, &[]);
    suite.ok("pm", &first, &[]);
    assert_eq!(count(&suite), (1, 1));
    suite.ok("pm", &second, &[]);
    assert_eq!(count(&suite), (2, 1));
    suite.ok("pm", &insolvent(first, false), &[]);
    assert_eq!(count(&suite), (1, 0));
}

#[test]
fn only_what_is_held_is_sold_for_what_is_owed() {
    let mut suite = position();
    let msg = suite.distress(1, "0", Some(permission("usd", "atom", "1")));
    assert_eq!(
        suite.refused("pm", &msg, &[]),
        ContractError::NotEnoughCollateral {
            asset: id("usd"),
            held: 0u128.into(),
            wanted: 1u128.into()
        }
    );
    let msg = suite.distress(1, "0", Some(permission("atom", "eth", "1")));
    assert_eq!(
        suite.refused("pm", &msg, &[]),
        ContractError::NothingOwed { asset: id("eth") }
    );
}

#[test]
fn a_permission_outlives_its_debt_until_it_is_taken_back() {
    let mut suite = position();
    sold(&mut suite);
    suite.repay(1, "usd", 500_000_000);
    let fill = suite.fill(1, 1, 1, 0);
    assert_eq!(
        suite.refused("auction", &fill, &coins("usd", 1)),
        ContractError::NothingOwed { asset: id("usd") }
    );
    let msg = suite.distress(1, "0", None);
    suite.ok("pm", &msg, &[]);
    assert_eq!(suite.account("caller", "usd"), 201);
}

#[test]
fn an_unknown_position() {
    let mut suite = Suite::new();
    let msg = suite.distress(9, "0", None);
    assert_eq!(
        suite.refused("pm", &msg, &[]),
        ContractError::NoPosition { position: 9 }
    );
}

#[test]
fn only_the_position_manager_and_without_coins() {
    let mut suite = position();
    let msg = suite.distress(1, "0", None);
    for who in ["owner", "alice", "auction", "fund"] {
        assert_eq!(
            suite.refused(who, &msg, &[]),
            ContractError::Unauthorized {
                sender: suite.addr(who),
                role: "position manager"
            }
        );
    }
    assert!(matches!(
        suite.refused("pm", &msg, &coins("usd", 1)),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
    assert_eq!(
        suite.send_refused("pm", 1, &msg),
        ContractError::Payment(PaymentError::NotPayable {})
    );
}

#[test]
fn attack_06_keepers_are_addresses() {
    let mut suite = position();
    let msg = ExecuteMsg::SetDistress {
        position: 1,
        surcharge_rate: dec("0"),
        drop_stretch: false,
        sale: None,
        keepers: vec![suite.addr("bob").to_string().to_uppercase()],
        insolvent: false,
    };
    assert!(matches!(suite.refused("pm", &msg, &[]), ContractError::Std(_)));
}

#[test]
fn a_new_loan_has_no_surcharge_of_before() {
    let mut suite = position();
    let msg = suite.distress(1, "0.1", None);
    suite.ok("pm", &msg, &[]);
    suite.send("alice", 1_000_000, &supply("tok")).unwrap();
    suite.pass(1_800);
    let borrow = LedgerAction::Borrow {
        amount: amount("tok", 1_000_000),
        recipient: suite.addr("bob").into(),
    };
    suite.ok("pm", &apply(1, vec![borrow]), &[]);
    let debt = &suite.ledger(1).debts[2];
    assert_eq!(debt.asset, id("tok"));
    assert_eq!((debt.debt.surcharge.u128(), debt.debt.since), (0, suite.now()));
}

//! `WriteOff`.
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
use cosmwasm_std::Binary;
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::vault::ExecuteMsg;
use glidepath_vault::state::CONFIG;
use glidepath_vault::ContractError;

/// A market of 1,000,000 usd, 100,000 of them the fund's; a position with 5 eth and nothing else owes 40,000.
fn bad() -> Suite {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 900_000);
    let msg = ExecuteMsg::Supply {
        asset: id("usd"),
        recipient: Some(suite.fund.to_string()),
    };
    suite.ok("alice", &msg, &coins("usd", 100_000));
    suite.deposit(1, "eth", 5);
    suite.borrow(1, "usd", 40_000);
    suite
}

/// Writes off and returns loss, what the fund bore, and what all suppliers bore.
fn loss(suite: &mut Suite, position: u64) -> (u128, u128, u128) {
    let msg = suite.write_off(position);
    suite.forgive();
    let response = suite.ok("pm", &msg, &[]);
    let written = event(&response, "debt_written_off");
    let figure = |key| attr(&written, key).parse::<u128>().unwrap();
    (figure("loss"), figure("fund"), figure("suppliers"))
}

#[test]
fn attack_42_the_fund_pays_all_and_the_price_stands() {
    let mut suite = bad();
    suite.cover("usd", "1", 1_000_000);
    let price = suite.market("usd").supply_price;
    assert_eq!(loss(&mut suite, 1), (40_000, 40_000, 0));
    assert_eq!(suite.shares("fund", "usd").amount.u128(), 60_000);
    assert_eq!(suite.shares("alice", "usd").amount.u128(), 900_000);
    assert!(suite.market("usd").supply_price >= price);
    assert_eq!(suite.market("usd").cover.covered.u128(), 40_000);
    assert_eq!(suite.ledger(1), Default::default());
    // Collateral that could not be sold is the fund's by a ledger credit.
    assert_eq!(suite.account("fund", "eth"), 5);
}

#[test]
fn attack_42_without_a_rule_the_suppliers_bear_it_once() {
    let mut suite = bad();
    assert_eq!(loss(&mut suite, 1), (40_000, 0, 40_000));
    // 4 % of everybody's.
    assert_eq!(suite.shares("alice", "usd").amount.u128(), 864_000);
    assert_eq!(suite.shares("fund", "usd").amount.u128(), 96_000);
    let price = suite.market("usd").supply_price;
    suite.pass(1_000);
    assert_eq!(suite.market("usd").supply_price, price);
    let again = suite.write_off(1);
    assert_eq!(
        suite.refused("pm", &again, &[]),
        ContractError::NoDebt { position: 1 }
    );
}

#[test]
fn attack_42_an_empty_fund() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000_000);
    suite.deposit(1, "eth", 5);
    suite.borrow(1, "usd", 40_000);
    suite.cover("usd", "1", 1_000_000);
    assert_eq!(loss(&mut suite, 1), (40_000, 0, 40_000));
    assert_eq!(suite.shares("alice", "usd").amount.u128(), 960_000);
}

#[test]
fn attack_42_a_fund_with_less_than_the_loss() {
    let mut suite = bad();
    suite.cover("usd", "1", 1_000_000);
    suite.deposit(2, "eth", 1);
    suite.borrow(2, "usd", 250_000);
    assert_eq!(loss(&mut suite, 2), (250_000, 100_000, 150_000));
    assert_eq!(suite.shares("fund", "usd").shares.u128(), 0);
    // 900,000 of supply are worth 750,000.
    let left = suite.shares("alice", "usd").amount.u128();
    assert!((749_999..=750_000).contains(&left), "{left}");
}

#[test]
fn attack_42_capped_by_share_and_by_epoch() {
    let mut suite = bad();
    suite.deposit(2, "eth", 1);
    suite.borrow(2, "usd", 40_000);
    suite.deposit(3, "eth", 1);
    suite.borrow(3, "usd", 40_000);
    suite.cover("usd", "0.25", 30_000);
    // A quarter of 100,000; then what the epoch's cap leaves; then a new epoch, a quarter of what is left.
    assert_eq!(loss(&mut suite, 1), (40_000, 25_000, 15_000));
    assert_eq!(loss(&mut suite, 2), (40_000, 5_000, 35_000));
    assert_eq!(suite.market("usd").cover.covered.u128(), 30_000);
    suite.pass(86_400);
    let quarter = suite.shares("fund", "usd").amount.u128() / 4;
    assert_eq!(loss(&mut suite, 3), (40_000, quarter, 40_000 - quarter));
    let cover = suite.market("usd").cover;
    assert_eq!(cover.covered.u128(), quarter);
    assert_eq!(cover.epoch, suite.now() / 86_400);
}

/// The loss of a bad debt where the fund publishes these bytes as its rule.
fn with_rule(rule: &[u8]) -> (u128, u128, u128) {
    let mut suite = bad();
    let mut key = vec![0, 10];
    key.extend(b"cover_ruleusd");
    let msg = FundMsg::Raw {
        key: key.into(),
        value: Binary::from(rule),
    };
    let (owner, fund) = (suite.owner.clone(), suite.fund.clone());
    cw_multi_test::Executor::execute_contract(&mut suite.app, owner, fund, &msg, &[]).unwrap();
    loss(&mut suite, 1)
}

#[test]
fn an_unreadable_or_senseless_rule_is_no_cover() {
    let rule = |share: &[u8], cap: &[u8], epoch: &[u8]| [b"\x02", share, cap, epoch].concat();
    let (all, million, day) = (b"\x01\x01", b"\x01\xc0\x84\x3d", b"\x80\xa3\x05");
    let good = rule(all, million, day);
    assert_eq!(with_rule(&good), (40_000, 40_000, 0));
    let newer = [b"\x03", &good[1..]].concat();
    let longer = [&good[..], b"\0"].concat();
    for bad in [
        &b"not a record"[..],
        &newer,
        &longer,
        &good[..good.len() - 1],
        &rule(all, million, b"\0"),
        &rule(b"\x04-1", million, day),
    ] {
        assert_eq!(with_rule(bad), (40_000, 0, 40_000), "{}", bad.escape_ascii());
    }
}

#[test]
fn a_fund_that_is_no_contract_is_no_cover() {
    let mut suite = Suite::new();
    suite.lend("carol", "usd", 1_000_000);
    suite.deposit(1, "eth", 5);
    suite.borrow(1, "usd", 40_000);
    let (vault, alice) = (suite.vault.clone(), suite.addr("alice"));
    let mut storage = suite.app.contract_storage_mut(&vault);
    let mut config = CONFIG.load(storage.as_ref()).unwrap();
    config.peers.insurance_fund = alice;
    CONFIG.save(storage.as_mut(), &config).unwrap();
    drop(storage);
    assert_eq!(loss(&mut suite, 1), (40_000, 0, 40_000));
    assert_eq!(suite.account("alice", "eth"), 5);
}

#[test]
fn a_share_above_one_takes_what_the_fund_has() {
    let mut suite = bad();
    suite.cover("usd", "340282366920938463463", u128::MAX);
    assert_eq!(loss(&mut suite, 1), (40_000, 40_000, 0));
}

#[test]
fn surcharge_is_deleted_and_costs_nobody_anything() {
    let mut suite = bad();
    suite.cover("usd", "1", 1_000_000);
    let msg = suite.distress(1, "10", None);
    suite.ok("pm", &msg, &[]);
    suite.pass(1_800);
    let surcharge = suite.owed(1).1;
    assert_eq!(surcharge, 22);
    let msg = suite.write_off(1);
    let response = suite.ok("pm", &msg, &[]);
    let written = event(&response, "debt_written_off");
    assert_eq!(attr(&written, "surcharge"), "22");
    assert_eq!(attr(&written, "loss"), "40000");
    assert_eq!(suite.ledger(1), Default::default());
}

#[test]
fn interest_is_part_of_the_loss() {
    let mut suite = Suite::with(terms());
    suite.lend("alice", "usd", 1_000_000);
    suite.deposit(1, "eth", 5);
    suite.borrow(1, "usd", 500_000);
    suite.pass(31_536_000);
    let owed = suite.owed(1).0;
    let (loss, _, suppliers) = loss(&mut suite, 1);
    assert!(loss == owed || loss + 1 == owed, "{loss} of {owed}");
    assert_eq!(suppliers, loss);
    assert!(suite.market("usd").total_debt.is_zero());
}

#[test]
fn two_debts_two_collaterals_keepers_and_flags() {
    let mut suite = bad();
    suite.send("alice", 5_000, &supply("tok")).unwrap();
    suite.deposit(1, "atom", 1_000);
    suite.borrow(1, "tok", 3_000);
    let sale = Some(permission("atom", "tok", "1"));
    let msg = ExecuteMsg::SetDistress {
        position: 1,
        surcharge_rate: dec("0.2"),
        drop_stretch: false,
        sale,
        keepers: vec![],
        insolvent: true,
    };
    suite.ok("pm", &msg, &[]);
    let fill = suite.fill(1, 900, 500, 50);
    suite.pay_behind("auction", 550, &fill);
    suite.cover("usd", "1", 1_000_000);
    let msg = suite.write_off(1);
    suite.forgive();
    let response = suite.ok("pm", &msg, &[]);
    let written = response
        .events
        .iter()
        .filter(|event| event.ty.ends_with("debt_written_off"))
        .count();
    assert_eq!(written, 2);
    assert_eq!(suite.ledger(1), Default::default());
    assert_eq!(suite.account("fund", "eth"), 5);
    assert_eq!(suite.account("fund", "atom"), 100);
    assert_eq!(suite.account("caller", "tok"), 10);
    assert_eq!(suite.account("opener", "tok"), 10);
    assert_eq!(suite.market("usd").cover.insolvent, 0);
    assert_eq!(suite.market("tok").cover.insolvent, 0);
    assert_eq!(suite.shares("fund", "usd").amount.u128(), 60_000);
    // Lenders of tok had no cover: 2,500 of their 5,000 are gone.
    let left = suite.shares("alice", "tok").amount.u128();
    assert!((2_499..=2_530).contains(&left), "{left}");
}

#[test]
fn what_is_refused() {
    let mut suite = bad();
    let msg = suite.write_off(1);
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
    let unknown = suite.write_off(9);
    assert_eq!(
        suite.refused("pm", &unknown, &[]),
        ContractError::NoPosition { position: 9 }
    );
    suite.deposit(2, "eth", 1);
    let solvent = suite.write_off(2);
    assert_eq!(
        suite.refused("pm", &solvent, &[]),
        ContractError::NoDebt { position: 2 }
    );
}

#[test]
fn lenders_can_leave_after_a_loss_and_the_rest_is_there() {
    let mut suite = bad();
    loss(&mut suite, 1);
    suite.ok("alice", &withdraw("usd", None), &[]);
    let carol = suite.addr("carol").to_string();
    let msg = ExecuteMsg::Withdraw {
        asset: id("usd"),
        amount: None,
        recipient: Some(carol),
    };
    suite.ok("fund", &msg, &[]);
    assert!(suite.market("usd").market.supply_shares.is_zero());
}

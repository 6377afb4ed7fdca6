//! `Settle` with supply shares of the insurance fund: no coin moves, and nobody else's shares are worth less.
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
use cosmwasm_std::{Binary, Uint128};
use cw_multi_test::Executor;
use glidepath_interfaces::fund::{BackstopRule, CollateralCap};
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::record::ReadError;
use glidepath_interfaces::vault::{ExecuteMsg, Fill, MarketTerms, PaidBy};
use glidepath_risk::pool::Pool;
use glidepath_vault::ContractError;

const WHOLE: u128 = 1_000_000;

/// A market of 10,000 usd, 1,000 of them the fund's; positions 1 and 2 with 1,000 atom each owe 600 usd, on sale at half a usd
/// or more. The fund may spend a fifth a day, and buy 500 atom.
fn on_sale(terms: MarketTerms) -> Suite {
    let mut suite = Suite::with(terms);
    suite.lend("alice", "usd", 9_000 * WHOLE);
    let msg = ExecuteMsg::Supply {
        asset: id("usd"),
        recipient: Some(suite.fund.to_string()),
    };
    suite.ok("alice", &msg, &coins("usd", 1_000 * WHOLE));
    for position in [1, 2] {
        suite.deposit(position, "atom", 1_000 * WHOLE);
        suite.borrow(position, "usd", 600 * WHOLE);
        let msg = suite.distress(position, "0", Some(permission("atom", "usd", "500000")));
        suite.ok("pm", &msg, &[]);
    }
    publish(&mut suite, rule("0.2", 500), None);
    suite
}

fn rule(max_share: &str, atoms: u128) -> BackstopRule {
    BackstopRule {
        max_share: dec(max_share),
        epoch: 86_400,
        collaterals: vec![CollateralCap {
            asset: id("atom"),
            epoch_cap: (atoms * WHOLE).into(),
        }],
    }
}

/// The fund's rule, and a pool in which its stakers own `shares`; all that the fund has if not said.
fn publish(suite: &mut Suite, rule: BackstopRule, shares: Option<u128>) {
    let all = suite.market("usd").market.fund_shares;
    let shares = shares.map_or(all, Uint128::new);
    let pool = Pool {
        units: shares,
        shares,
        ..Pool::new(suite.now())
    };
    tell(
        suite,
        &FundMsg::Backstop {
            asset: "usd".into(),
            rule,
            pool,
        },
    );
}

fn tell(suite: &mut Suite, msg: &FundMsg) {
    let (owner, fund) = (suite.owner.clone(), suite.fund.clone());
    suite.app.execute_contract(owner, fund, msg, &[]).unwrap();
}

fn by_fund(suite: &Suite, fills: Vec<Fill>) -> ExecuteMsg {
    ExecuteMsg::Settle {
        fills,
        paid_by: PaidBy::Fund {},
        recipient: suite.fund.to_string(),
    }
}

fn buy(suite: &mut Suite, position: u64, atoms: u128, usd: u128) -> Result<u128, ContractError> {
    let msg = by_fund(suite, vec![filling(position, atoms * WHOLE, usd * WHOLE, 0)]);
    let done = suite.exec("auction", &msg, &[])?;
    Ok(attr(&event(&done, "fund_bought"), "burnt").parse().unwrap())
}

#[test]
fn shares_pay_and_no_coin_moves() {
    let mut suite = on_sale(free());
    let before = suite.market("usd");
    let coins_before = suite.solvency("usd").balance;
    let msg = by_fund(&suite, vec![filling(1, 100 * WHOLE, 90 * WHOLE, 0)]);
    let done = suite.ok("auction", &msg, &[]);
    let bought = event(&done, "fund_bought");
    for (key, value) in [
        ("position", "1"),
        ("collateral", "atom"),
        ("debt", "usd"),
        ("sold", "100000000"),
        ("paid", "90000000"),
        ("burnt", "90000000000000"),
        ("spent", "90000000"),
    ] {
        assert_eq!(attr(&bought, key), value, "{key}");
    }
    assert_eq!(attr(&event(&done, "settled"), "payer"), suite.fund.as_str());
    assert_eq!(suite.solvency("usd").balance, coins_before);
    let after = suite.market("usd");
    assert_eq!(after.market.cash, before.market.cash);
    assert_eq!(after.supply_price, before.supply_price);
    assert_eq!(after.total_assets + Uint128::new(90 * WHOLE), before.total_assets);
    assert_eq!(suite.owed(1), (510 * WHOLE, 0));
    assert_eq!(suite.shares("fund", "usd").amount.u128(), 910 * WHOLE);
    assert_eq!(suite.shares("alice", "usd").amount.u128(), 9_000 * WHOLE);
    assert_eq!(suite.account("fund", "atom"), 100 * WHOLE);
    assert_eq!(after.backstop.spent.u128(), 90 * WHOLE);
    assert_eq!(after.backstop.bought, [amount("atom", 100 * WHOLE)]);
    assert_eq!(after.backstop.epoch, suite.now() / 86_400);
    // The fund is told what was burnt for what.
    let storage = suite.app.contract_storage(&suite.fund);
    let told = TOLD.load(storage.as_ref()).unwrap();
    assert_eq!(
        told,
        (
            id("usd"),
            Uint128::new(90_000_000_000_000),
            amount("atom", 100 * WHOLE)
        )
    );
}

/// With interest nothing divides: the shares that are burnt are rounded up, and the supply price does not fall, by whatever
/// small amounts the fund buys. The suite of the test checks that behind every message.
#[test]
fn attack_12_lenders_lose_nothing_by_rounding() {
    let mut suite = on_sale(terms());
    for _ in 0..40 {
        suite.pass(3_601);
        let market = suite.market("usd");
        let before = market.supply_price;
        let burnt = {
            let msg = by_fund(&suite, vec![filling(1, 1, 1, 0)]);
            let done = suite.ok("auction", &msg, &[]);
            attr(&event(&done, "fund_bought"), "burnt")
                .parse::<u128>()
                .unwrap()
        };
        let worth = market.market.assets_for_shares(Uint128::new(burnt)).unwrap();
        assert!(worth >= Uint128::one(), "{burnt} shares were worth {worth}");
        assert!(suite.market("usd").supply_price >= before);
    }
}

/// All cash is lent out: shares pay none the less.
#[test]
fn a_market_without_cash() {
    let mut suite = on_sale(free());
    suite.deposit(3, "eth", 1);
    let cash = suite.market("usd").market.cash.u128();
    suite.borrow(3, "usd", cash);
    buy(&mut suite, 1, 100, 90).unwrap();
    assert!(suite.market("usd").market.cash.is_zero());
}

#[test]
fn attack_42_the_caps_of_an_epoch() {
    let mut suite = on_sale(free());
    let exceeded = |sold: u128, paid: u128, take: u128, pay: u128| ContractError::BackstopExceeded {
        collateral: id("atom"),
        debt: id("usd"),
        sold: (sold * WHOLE).into(),
        paid: (paid * WHOLE).into(),
        take: (take * WHOLE).into(),
        pay: (pay * WHOLE).into(),
    };
    // A fifth of 1,000, whatever was spent of it before and whichever position it was for.
    assert_eq!(buy(&mut suite, 1, 201, 201), Err(exceeded(201, 201, 500, 200)));
    buy(&mut suite, 1, 150, 150).unwrap();
    assert_eq!(buy(&mut suite, 2, 51, 51), Err(exceeded(51, 51, 350, 50)));
    buy(&mut suite, 2, 50, 50).unwrap();
    assert_eq!(buy(&mut suite, 2, 1, 1), Err(exceeded(1, 1, 300, 0)));
    // The next epoch: a fifth of what is left. Of the collateral 500 again.
    suite.pass(86_400);
    assert_eq!(buy(&mut suite, 2, 300, 161), Err(exceeded(300, 161, 500, 160)));
    buy(&mut suite, 2, 300, 160).unwrap();
    assert_eq!(suite.market("usd").backstop.spent.u128(), 160 * WHOLE);
    // Of the collateral.
    publish(&mut suite, rule("0.5", 310), None);
    assert_eq!(buy(&mut suite, 2, 11, 10), Err(exceeded(11, 10, 10, 240)));
    buy(&mut suite, 2, 10, 10).unwrap();
}

/// What is on its way to the stakers does not pay, nor what a loss has taken since the fund looked.
#[test]
fn attack_71_the_stakers_own_pays_and_nothing_else() {
    let mut suite = on_sale(free());
    let hundred = 100 * WHOLE * 1_000_000;
    publish(&mut suite, rule("0.2", 500), Some(hundred));
    assert!(matches!(
        buy(&mut suite, 1, 21, 21),
        Err(ContractError::BackstopExceeded { pay, .. }) if pay.u128() == 20 * WHOLE
    ));
    // A pool that was booked before a loss left 1,000 of 5,000.
    publish(&mut suite, rule("0.2", 500), Some(50 * hundred));
    assert!(matches!(
        buy(&mut suite, 1, 201, 201),
        Err(ContractError::BackstopExceeded { pay, .. }) if pay.u128() == 200 * WHOLE
    ));
    // Nobody's shares.
    let pool = Pool {
        shares: Uint128::new(hundred),
        ..Pool::new(suite.now())
    };
    let msg = FundMsg::Backstop {
        asset: "usd".into(),
        rule: rule("0.2", 500),
        pool,
    };
    tell(&mut suite, &msg);
    assert!(matches!(
        buy(&mut suite, 1, 1, 1),
        Err(ContractError::BackstopExceeded { pay, .. }) if pay.is_zero()
    ));
}

#[test]
fn no_rule_or_another_collateral() {
    let none = || ContractError::NoBackstop {
        collateral: id("atom"),
        debt: id("usd"),
    };
    let mut suite = on_sale(free());
    let mut other = rule("0.2", 500);
    other.collaterals[0].asset = id("eth");
    publish(&mut suite, other, None);
    assert_eq!(buy(&mut suite, 1, 100, 90), Err(none()));
    // A fund that never published anything.
    let mut bare = Suite::new();
    bare.lend("alice", "usd", 9_000 * WHOLE);
    bare.deposit(1, "atom", 1_000 * WHOLE);
    bare.borrow(1, "usd", 600 * WHOLE);
    let msg = bare.distress(1, "0", Some(permission("atom", "usd", "500000")));
    bare.ok("pm", &msg, &[]);
    assert_eq!(buy(&mut bare, 1, 100, 90), Err(none()));
}

/// What an unreadable rule allows, nobody knows: nothing is bought. A write-off goes on under the same.
#[test]
fn attack_69_an_unreadable_rule_buys_nothing() {
    let mut suite = on_sale(free());
    let mut key = vec![0, 13];
    key.extend(b"backstop_ruleusd");
    let msg = FundMsg::Raw {
        key: key.into(),
        value: Binary::from(b"not a record"),
    };
    tell(&mut suite, &msg);
    assert!(matches!(
        buy(&mut suite, 1, 100, 90),
        Err(ContractError::Read(ReadError::Version { .. }))
    ));
}

#[test]
fn what_the_fund_does_not_do() {
    let mut suite = on_sale(free());
    let penalty = by_fund(&suite, vec![filling(1, 100 * WHOLE, 90 * WHOLE, 1)]);
    assert_eq!(
        suite.refused("auction", &penalty, &[]),
        ContractError::FundPaysNoPenalty {
            penalty: Uint128::one()
        }
    );
    let two = by_fund(
        &suite,
        vec![filling(1, WHOLE, WHOLE, 0), filling(2, WHOLE, WHOLE, 0)],
    );
    assert_eq!(
        suite.refused("auction", &two, &[]),
        ContractError::OneFillForTheFund { fills: 2 }
    );
    let none = by_fund(&suite, vec![]);
    assert_eq!(suite.refused("auction", &none, &[]), ContractError::NoFills {});
    for other in ["bob", "auction"] {
        let mut msg = by_fund(&suite, vec![filling(1, WHOLE, WHOLE, 0)]);
        if let ExecuteMsg::Settle { recipient, .. } = &mut msg {
            *recipient = suite.addr(other).into();
        }
        assert_eq!(
            suite.refused("auction", &msg, &[]),
            ContractError::OthersAccount {
                payer: suite.fund.clone(),
                recipient: suite.addr(other),
            }
        );
    }
    // Below the lowest price of the permission, and of what is not held.
    assert!(matches!(
        buy(&mut suite, 1, 100, 49),
        Err(ContractError::BelowMinPrice { .. })
    ));
    let msg = by_fund(&suite, vec![filling(1, WHOLE, WHOLE, 0)]);
    assert!(matches!(
        suite.refused("auction", &msg, &coins("usd", 5)),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
    for who in ["bob", "fund", "owner", "pm"] {
        assert!(matches!(
            suite.refused(who, &msg, &[]),
            ContractError::Unauthorized { .. }
        ));
    }
}

/// A debt that was counted as insolvent is no longer when it is gone; the last fill ends the distress with it.
#[test]
fn the_fill_that_clears_an_insolvent_debt() {
    let mut suite = on_sale(free());
    publish(&mut suite, rule("0.5", 1_000), None);
    let mut msg = suite.distress(1, "0", Some(permission("atom", "usd", "500000")));
    if let ExecuteMsg::SetDistress { insolvent, .. } = &mut msg {
        *insolvent = true;
    }
    suite.ok("pm", &msg, &[]);
    assert_eq!(suite.market("usd").cover.insolvent, 1);
    buy(&mut suite, 1, 400, 400).unwrap();
    assert_eq!(suite.market("usd").cover.insolvent, 1);
    suite.pass(86_400);
    let mut last = filling(1, 200 * WHOLE, 200 * WHOLE, 0);
    last.ends = Some(vec![suite.addr("caller").into()]);
    let msg = by_fund(&suite, vec![last]);
    suite.ok("auction", &msg, &[]);
    assert_eq!(suite.market("usd").cover.insolvent, 0);
    assert!(suite.ledger(1).debts.is_empty());
    assert!(suite.ledger(1).sale.is_none());
}

/// What pays surcharge is the fund's own: it gets shares for it, as from anybody.
#[test]
fn attack_84_surcharge_that_the_fund_pays() {
    let mut suite = on_sale(free());
    publish(&mut suite, rule("0.5", 1_000), None);
    let msg = suite.distress(1, "0.1", Some(permission("atom", "usd", "500000")));
    suite.ok("pm", &msg, &[]);
    suite.pass(1_800);
    let (principal, surcharge) = suite.owed(1);
    assert!(surcharge > 0);
    let before = suite.market("usd");
    buy(&mut suite, 1, 480, 480).unwrap();
    suite.pass(86_400);
    let owed = suite.owed(1);
    let rest = filling(1, 200 * WHOLE, owed.0 + owed.1, 0);
    let msg = by_fund(&suite, vec![rest]);
    suite.ok("auction", &msg, &[]);
    assert!(suite.ledger(1).debts.is_empty());
    let after = suite.market("usd");
    // Cash is as it was; what the fund lost is the principal.
    assert_eq!(after.market.cash, before.market.cash);
    let fund = suite.shares("fund", "usd").amount.u128();
    assert!(1_000 * WHOLE - fund - principal <= 2, "{fund}");
}

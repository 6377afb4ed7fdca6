//! How a suite is put together, and that the invariants would be missed if they broke.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

use cosmwasm_std::{Decimal, Decimal256, Event, Storage, Uint128};
use glidepath_interfaces::auction::SALES;
use glidepath_interfaces::events::auction::Filled;
use glidepath_interfaces::events::vault::{Borrowed, DebtWrittenOff, Settled};
use glidepath_interfaces::vault::{HOLDINGS, LEDGERS, MARKETS};
use glidepath_testkit::invariants::{donation_changes_nothing, Broken, Invariants};
use glidepath_testkit::scenes::{called, calm, closing_out, leveraged, on_sale, UNIT};
use glidepath_testkit::{defaults, id, AssetSpec, Outcome, Suite};
use glidepath_vault::state::SUPPLIES;

// ---------------------------------------------------------------- the builder

#[test]
fn the_default_suite_is_ready() {
    let mut suite = Suite::default();
    let ask = suite.ask();
    assert_eq!(ask.asset_ids(), [id("atom"), id("usdc")]);
    assert_eq!(ask.market("usdc").unwrap().market.cash.u128(), 50_000_000 * UNIT);
    assert_eq!(ask.rules().unwrap().params, defaults::rules());
    assert_eq!(ask.auction_config().unwrap().terms, defaults::sale_terms());
    assert_eq!(ask.price("atom").unwrap().published_at, suite.now());
    assert_eq!(ask.pool("usdc").unwrap().rule, Some(defaults::cover_rule()));
    let position = leveraged(&mut suite);
    // The index has run for a block on nobody's debt, so shares are rounded up.
    assert_eq!(suite.ask().owed(position, "usdc").unwrap(), 740_000 * UNIT + 1);
    assert_eq!(suite.balance(&suite.user("alice"), "usdc"), 740_000 * UNIT);
}

#[test]
fn every_asset_in_one_suite_with_reporters_and_a_stake() {
    let mut suite = Suite::builder()
        .asset(AssetSpec::eth())
        .asset(AssetSpec::gold())
        .asset(AssetSpec::cusd())
        .stake("usdc", 1_000 * UNIT)
        .reporters(5, 3)
        .build();
    assert_eq!(suite.reporters.len(), 5);
    assert_eq!(suite.ask().reports("gold").unwrap().len(), 5);
    let staker = suite.user("staker");
    // The first staker of a pool can't gain a unit by being first.
    let staked = suite.ask().stake(&staker, "usdc").unwrap().amount.u128();
    assert!((1_000 * UNIT - 2..=1_000 * UNIT).contains(&staked), "{staked}");
    let alice = suite.user("alice");
    let deposits = [
        ("eth", suite.units("eth", "10")),
        ("gold", suite.units("gold", "10")),
        ("atom", suite.units("atom", "10")),
    ];
    let borrows = [
        ("cusd", suite.units("cusd", "5000")),
        ("usdc", suite.units("usdc", "5000")),
    ];
    let position = suite.positions().open(&alice, &deposits, &borrows).unwrap();
    for (asset, amount) in deposits {
        assert_eq!(suite.ask().held(position, asset).unwrap(), amount);
    }
    for (asset, amount) in borrows {
        assert_eq!(suite.balance(&alice, asset), amount);
    }
}

#[test]
fn a_suite_is_the_same_each_time() {
    let run = || {
        let mut suite = calm().build();
        let position = on_sale(&mut suite);
        let bob = suite.user("bob");
        let done = suite.auction().bid(&bob, position, 1_000 * UNIT).unwrap();
        (suite.peers.clone(), done.events)
    };
    assert_eq!(run(), run());
}

// ---------------------------------------------------------------- 3

#[test]
fn attack_10_a_donation_changes_nothing() {
    for scene in [leveraged, called, on_sale, closing_out] {
        let mut suite = calm().asset(AssetSpec::gold()).build();
        let position = scene(&mut suite);
        donation_changes_nothing(&mut suite, &[position]).unwrap();
        // And what comes after it goes on.
        let alice = suite.user("alice");
        suite
            .positions()
            .repay(&alice, position, "usdc", 1_000 * UNIT)
            .unwrap();
    }
}

#[test]
fn attack_10_a_donation_before_the_first_supply() {
    let supplied = |donated: bool| {
        let mut suite = Suite::builder().asset(AssetSpec::usdc().lent(0)).build();
        if donated {
            donation_changes_nothing(&mut suite, &[]).unwrap();
        }
        let bob = suite.user("bob");
        suite.give(&bob, "usdc", UNIT);
        suite.vault().supply(&bob, "usdc", UNIT).unwrap();
        suite.ask().supply(&bob, "usdc").unwrap()
    };
    assert_eq!(supplied(true), supplied(false));
}

// ---------------------------------------------------------------- what would be missed

/// What a watch says of a suite in which something of the vault's storage was changed by hand.
fn tampered(change: impl FnOnce(&mut dyn Storage)) -> u8 {
    let mut suite = calm().build();
    on_sale(&mut suite);
    let mut watch = Invariants::new(&suite);
    watch.check(&suite).unwrap();
    let vault = suite.peers.vault.clone();
    change(&mut *suite.app.contract_storage_mut(&vault));
    watch.check(&suite).unwrap_err().number
}

#[test]
fn a_sum_that_is_not_its_parts_is_seen() {
    assert_eq!(
        tampered(|storage| {
            let mut held = HOLDINGS.load(storage, "atom").unwrap();
            held.collateral += Uint128::one();
            HOLDINGS.save(storage, "atom", &held).unwrap();
        }),
        1
    );
    assert_eq!(
        tampered(|storage| {
            let mut ledger = LEDGERS.load(storage, 1).unwrap();
            ledger.collateral[0].amount -= Uint128::one();
            LEDGERS.save(storage, 1, &ledger).unwrap();
        }),
        1
    );
    assert_eq!(
        tampered(|storage| {
            let mut ledger = LEDGERS.load(storage, 1).unwrap();
            ledger.debts[0].debt.shares -= Uint128::one();
            LEDGERS.save(storage, 1, &ledger).unwrap();
        }),
        2
    );
    assert_eq!(
        tampered(|storage| {
            let mut market = MARKETS.load(storage, "usdc").unwrap();
            market.fund_shares += Uint128::one();
            MARKETS.save(storage, "usdc", &market).unwrap();
        }),
        2
    );
    assert_eq!(
        tampered(|storage| {
            let mut ledger = LEDGERS.load(storage, 1).unwrap();
            ledger.sale = None;
            LEDGERS.save(storage, 1, &ledger).unwrap();
        }),
        5
    );
}

#[test]
fn coins_that_are_missing_or_too_many_are_seen() {
    let mut suite = calm().build();
    let mut watch = Invariants::new(&suite);
    let vault = suite.peers.vault.clone();
    suite.give(&vault, "usdc", 7);
    let broken = watch.check(&suite).unwrap_err();
    assert_eq!(broken.number, 1);
    assert!(broken.to_string().contains("7 usdc more"), "{broken}");
    watch.donated(&id("usdc"), 7);
    watch.check(&suite).unwrap();
    watch.donated(&id("usdc"), 1);
    assert_eq!(watch.check(&suite).unwrap_err().number, 1);
}

#[test]
fn a_supply_price_that_falls_is_seen() {
    let broken = tampered(|storage| {
        // Shares for nobody's coins.
        let mallory = cosmwasm_std::Addr::unchecked("mallory");
        SUPPLIES
            .save(storage, (&mallory, "usdc"), &Uint128::new(1_000_000))
            .unwrap();
        let mut market = MARKETS.load(storage, "usdc").unwrap();
        market.supply_shares += Uint128::new(1_000_000);
        MARKETS.save(storage, "usdc", &market).unwrap();
    });
    assert_eq!(broken, 2);
}

#[test]
fn a_sale_without_a_reason_is_seen() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let mut watch = Invariants::new(&suite);
    let auction = suite.peers.liquidation_auction.clone();
    let mut storage = suite.app.contract_storage_mut(&auction);
    let sale = SALES.load(&*storage, position).unwrap();
    SALES.save(&mut *storage, 77, &sale).unwrap();
    drop(storage);
    assert_eq!(watch.check(&suite).unwrap_err().number, 5);
}

/// What a watch says of an event that never was.
fn observed(suite: &Suite, events: Vec<Event>) -> Result<(), Broken> {
    let events = events
        .into_iter()
        .map(|event| Event::new(format!("wasm-{}", event.ty)).add_attributes(event.attributes))
        .collect();
    let outcome = Outcome { events, data: None };
    Invariants::new(suite).observe(suite, &outcome)
}

fn filled(position: u64, before: &str, after: Option<&str>, penalty: u128) -> Filled {
    let user = cosmwasm_std::Addr::unchecked("bob");
    Filled {
        position,
        bidder: user.clone(),
        recipient: user,
        collateral: id("atom"),
        debt: id("usdc"),
        sold: Uint128::new(100),
        paid: Uint128::new(1_000),
        repaid: Uint128::new(1_000 - penalty),
        penalty: penalty.into(),
        price: Decimal256::one(),
        multiplier: Decimal::one(),
        mode: "soft".into(),
        pass: 0,
        health_before: before.parse().unwrap(),
        health_after: after.map(|health| health.parse().unwrap()),
        lot_left: Uint128::zero(),
        first_fill_at: None,
    }
}

#[test]
fn fills_that_may_not_be_are_seen() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let number = |suite: &Suite, fill: Filled| observed(suite, vec![fill.into()]).map_err(|b| b.number);
    assert_eq!(number(&suite, filled(position, "0.99", Some("0.995"), 1)), Ok(()));
    assert_eq!(
        number(&suite, filled(77, "0.99", Some("0.995"), 1)),
        Err(5),
        "not on sale"
    );
    assert_eq!(
        number(&suite, filled(position, "1", Some("1.01"), 1)),
        Err(5),
        "first fill above 1"
    );
    assert_eq!(
        number(&suite, filled(position, "0.99", Some("0.98"), 1)),
        Err(7),
        "health fell"
    );
    let mut bad = filled(position, "0.99", Some("0.995"), 1);
    bad.repaid = Uint128::new(1_000);
    assert_eq!(number(&suite, bad), Err(10), "a unit out of nowhere");
    suite.set_price("atom", "10.50");
    assert_eq!(
        number(&suite, filled(position, "0.99", Some("1.2"), 1)),
        Err(6),
        "beyond the target"
    );
    suite.set_price("atom", "7.00");
    assert_eq!(
        number(&suite, filled(position, "0.7", Some("0.71"), 1)),
        Err(10),
        "under water"
    );
    assert_eq!(number(&suite, filled(position, "0.7", Some("0.71"), 0)), Ok(()));
}

#[test]
fn a_penalty_that_does_not_add_up_is_seen() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let settled = |fund: u128, principal: u128| Settled {
        position,
        collateral: id("atom"),
        debt: id("usdc"),
        recipient: cosmwasm_std::Addr::unchecked("bob"),
        sold: Uint128::new(100),
        principal: principal.into(),
        surcharge: Uint128::zero(),
        penalty_fund: fund.into(),
        penalty_keepers: Uint128::new(4),
        penalty_reserves: Uint128::one(),
        payer: None,
    };
    let fill = || filled(position, "0.99", Some("0.995"), 10).into();
    let number = |events| observed(&suite, events).map_err(|broken| broken.number);
    assert_eq!(number(vec![fill(), settled(5, 990).into()]), Ok(()));
    assert_eq!(number(vec![fill(), settled(4, 990).into()]), Err(10));
    assert_eq!(number(vec![fill(), settled(5, 989).into()]), Err(10));
    assert_eq!(number(vec![settled(5, 990).into()]), Err(10), "nobody bid");
}

#[test]
fn a_borrower_without_margin_is_seen() {
    let mut suite = calm().build();
    let position = leveraged(&mut suite);
    let borrowed = Borrowed {
        position,
        asset: id("usdc"),
        recipient: cosmwasm_std::Addr::unchecked("alice"),
        amount: Uint128::one(),
        shares: Uint128::one(),
    };
    assert_eq!(observed(&suite, vec![borrowed.clone().into()]), Ok(()));
    suite.set_price("atom", "9.80");
    assert_eq!(observed(&suite, vec![borrowed.into()]).unwrap_err().number, 4);
}

#[test]
fn a_loss_that_nobody_bears_is_seen() {
    let suite = calm().build();
    // A million shares are worth a unit.
    let burnt = |fund: u128, suppliers: u128, burnt: u128, after: &str| DebtWrittenOff {
        position: 1,
        asset: id("usdc"),
        loss: Uint128::new(100),
        surcharge: Uint128::zero(),
        fund: fund.into(),
        burnt: burnt.into(),
        suppliers: suppliers.into(),
        price_before: Decimal256::one(),
        price_after: after.parse().unwrap(),
    };
    let event = |fund: u128, suppliers, after| burnt(fund, suppliers, fund * 1_000_000, after);
    let number = |event: DebtWrittenOff| observed(&suite, vec![event.into()]).map_err(|b| b.number);
    assert_eq!(number(event(60, 40, "0.9")), Ok(()));
    assert_eq!(number(event(100, 0, "1")), Ok(()));
    assert_eq!(number(event(60, 39, "0.9")), Err(12));
    assert_eq!(
        number(event(100, 0, "0.9")),
        Err(12),
        "the price fell for nothing"
    );
    assert_eq!(
        number(burnt(60, 40, 30_000_000, "0.9")),
        Err(12),
        "half of what the fund bore was burnt"
    );
}

#[test]
#[should_panic(expected = "invariant 1 is broken")]
fn a_watched_suite_stops_at_once() {
    let mut suite = calm().build();
    let vault = suite.peers.vault.clone();
    suite.give(&vault, "usdc", 7);
    suite.refresh();
}

//! `SetMarket`.
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
use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::vault::{ExecuteMsg, MarketTerms};
use glidepath_risk::interest::RateModel;
use glidepath_vault::ContractError;

fn set(asset: &str, terms: MarketTerms) -> ExecuteMsg {
    ExecuteMsg::SetMarket {
        asset: id(asset),
        terms,
    }
}

fn field(error: ContractError) -> &'static str {
    match error {
        ContractError::BadParameter { field, .. } => field,
        other => panic!("{other}"),
    }
}

#[test]
fn a_new_market_starts_empty_at_its_base_rate() {
    let mut suite = Suite::new();
    let response = suite.ok("owner", &set("eth", terms()), &[]);
    let made = event(&response, "market_set");
    assert_eq!(attr(&made, "base"), "0.02");
    assert_eq!(attr(&made, "supply_cap"), (PURSE * 10).to_string());
    let market = suite.market("eth");
    assert_eq!(market.borrow_rate, dec("0.02"));
    assert_eq!(market.supply_price, dec256("1"));
    assert_eq!(market.terms, terms());
    assert_eq!(market.cover, Default::default());
}

#[test]
fn interest_is_booked_under_the_old_terms() {
    let mut suite = Suite::with(terms());
    suite.lend("alice", "usd", 1_000_000);
    suite.deposit(1, "atom", 1);
    suite.borrow(1, "usd", 800_000);
    suite.pass(31_536_000);
    let owed = suite.owed(1);
    suite.set_market("usd", free());
    assert_eq!(suite.owed(1), owed);
    assert_eq!(suite.market("usd").borrow_rate, Decimal::zero());
    suite.pass(31_536_000);
    assert_eq!(suite.owed(1), owed);
}

#[test]
fn an_unlisted_asset_has_no_market() {
    let mut suite = Suite::new();
    assert_eq!(
        suite.refused("owner", &set("nope", terms()), &[]),
        ContractError::NotListed { asset: id("nope") }
    );
}

#[test]
fn attack_25_terms_at_their_bounds_and_one_past() {
    let one = Decimal::one();
    let atom = Decimal::from_ratio(1u128, 1_000_000_000_000_000_000u128);
    let model = terms().rate_model;
    let with = |rate_model: RateModel| MarketTerms {
        rate_model,
        ..terms()
    };
    let good = [
        with(RateModel {
            kink: atom,
            ..model.clone()
        }),
        with(RateModel {
            kink: one - atom,
            ..model.clone()
        }),
        with(RateModel {
            base: dec("10"),
            slope_low: Decimal::zero(),
            slope_high: Decimal::zero(),
            ..model.clone()
        }),
        MarketTerms {
            reserve_factor: one - atom,
            ..terms()
        },
        MarketTerms {
            supply_cap: Uint128::one(),
            borrow_cap: Uint128::one(),
            ..terms()
        },
    ];
    for terms in good {
        let mut suite = Suite::new();
        suite.ok("owner", &set("eth", terms), &[]);
    }
    let bad = [
        (
            "rate_model",
            with(RateModel {
                kink: Decimal::zero(),
                ..model.clone()
            }),
        ),
        (
            "rate_model",
            with(RateModel {
                kink: one,
                ..model.clone()
            }),
        ),
        (
            "rate_model",
            with(RateModel {
                base: dec("10"),
                slope_low: atom,
                slope_high: Decimal::zero(),
                ..model.clone()
            }),
        ),
        (
            "rate_model",
            with(RateModel {
                base: Decimal::MAX,
                ..model
            }),
        ),
        (
            "reserve_factor",
            MarketTerms {
                reserve_factor: one,
                ..terms()
            },
        ),
        (
            "supply_cap",
            MarketTerms {
                supply_cap: Uint128::zero(),
                ..terms()
            },
        ),
        (
            "borrow_cap",
            MarketTerms {
                borrow_cap: Uint128::zero(),
                ..terms()
            },
        ),
    ];
    let mut suite = Suite::new();
    for (name, terms) in bad {
        assert_eq!(
            field(suite.refused("owner", &set("eth", terms.clone()), &[])),
            name
        );
        assert_eq!(field(suite.refused("owner", &set("usd", terms), &[])), name);
    }
}

#[test]
fn caps_are_never_below_what_is_in_use() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    suite.deposit(1, "atom", 1);
    suite.borrow(1, "usd", 600);
    let caps = |supply: u128, borrow: u128| {
        set(
            "usd",
            MarketTerms {
                supply_cap: supply.into(),
                borrow_cap: borrow.into(),
                ..free()
            },
        )
    };
    assert_eq!(
        suite.refused("owner", &caps(999, 600), &[]),
        ContractError::BadParameter {
            field: "supply_cap",
            value: "999".into(),
            bound: "at least 1000".into()
        }
    );
    assert_eq!(
        suite.refused("owner", &caps(1_000, 599), &[]),
        ContractError::BadParameter {
            field: "borrow_cap",
            value: "599".into(),
            bound: "at least 600".into()
        }
    );
    suite.ok("owner", &caps(1_000, 600), &[]);
}

#[test]
fn interest_that_outgrows_a_cap_does_not_stand_in_the_way_of_another_rate_model() {
    let full = MarketTerms {
        supply_cap: Uint128::new(1_000_000),
        borrow_cap: Uint128::new(800_000),
        ..terms()
    };
    let mut suite = Suite::with(full.clone());
    suite.lend("alice", "usd", 1_000_000);
    suite.deposit(1, "atom", 1);
    suite.borrow(1, "usd", 800_000);
    suite.pass(31_536_000);
    let market = suite.market("usd");
    assert!(market.total_assets > full.supply_cap && market.total_debt > full.borrow_cap);
    let other = MarketTerms {
        rate_model: free().rate_model,
        ..full
    };
    suite.ok("owner", &set("usd", other.clone()), &[]);
    // Lower than that is refused as ever.
    let lower = MarketTerms {
        supply_cap: Uint128::new(999_999),
        ..other
    };
    assert_eq!(
        field(suite.refused("owner", &set("usd", lower), &[])),
        "supply_cap"
    );
}

#[test]
fn only_the_owner_and_without_coins() {
    let mut suite = Suite::new();
    for who in ["alice", "pm", "auction", "fund"] {
        assert!(matches!(
            suite.refused(who, &set("eth", terms()), &[]),
            ContractError::Ownership(_)
        ));
    }
    assert!(matches!(
        suite.refused("owner", &set("eth", terms()), &coins("usd", 1)),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
}

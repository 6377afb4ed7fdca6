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
use glidepath_interfaces::admin::AdminError;
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
fn caps_are_lowered_by_the_guardian_between_what_is_in_use_and_what_is_in_force() {
    let mut suite = Suite::new();
    suite.lend("alice", "usd", 1_000);
    suite.deposit(1, "atom", 1);
    suite.borrow(1, "usd", 600);
    let lower = |supply: Option<u128>, borrow: Option<u128>| ExecuteMsg::LowerCaps {
        asset: id("usd"),
        supply_cap: supply.map(Uint128::new),
        borrow_cap: borrow.map(Uint128::new),
    };
    let bad = |field, value: u128, bound: &str| ContractError::BadParameter {
        field,
        value: value.to_string(),
        bound: bound.into(),
    };
    let full = PURSE * 10;
    let above = format!("at most {full}, the cap in force");
    for who in ["guardian", "owner"] {
        for (msg, error) in [
            (lower(Some(999), None), bad("supply_cap", 999, "at least 1000")),
            (lower(None, Some(599)), bad("borrow_cap", 599, "at least 600")),
            (lower(Some(0), None), bad("supply_cap", 0, "at least 1")),
            (
                lower(Some(1_000), Some(599)),
                bad("borrow_cap", 599, "at least 600"),
            ),
            (lower(Some(full + 1), None), bad("supply_cap", full + 1, &above)),
            (
                lower(Some(1_000), Some(full + 1)),
                bad("borrow_cap", full + 1, &above),
            ),
        ] {
            assert_eq!(suite.refused(who, &msg, &[]), error);
        }
        assert_eq!(field(suite.refused(who, &lower(None, None), &[])), "caps");
    }
    let before = suite.market("usd").terms;
    let done = suite.ok("guardian", &lower(None, Some(600)), &[]);
    let lowered = event(&done, "caps_lowered");
    assert_eq!(attr(&lowered, "borrow_cap"), "600");
    assert_eq!(attr(&lowered, "supply_cap"), full.to_string());
    assert_eq!(attr(&lowered, "by"), suite.addr("guardian").to_string());
    let after = MarketTerms {
        borrow_cap: Uint128::new(600),
        ..before
    };
    assert_eq!(suite.market("usd").terms, after, "nothing else of the terms");
    suite.ok("guardian", &lower(Some(1_000), Some(600)), &[]);
    // Back up is the owner's alone, by the terms.
    assert_eq!(
        suite.refused("guardian", &lower(Some(1_001), None), &[]),
        bad("supply_cap", 1_001, "at most 1000, the cap in force")
    );
    suite.set_market("usd", free());
    // What is lent and supplied stays free to go.
    suite.repay(1, "usd", 600);
    suite.ok("alice", &withdraw("usd", None), &[]);
}

#[test]
fn interest_that_outgrows_a_cap_leaves_the_guardian_the_same_cap_and_none_below() {
    let full = MarketTerms {
        supply_cap: Uint128::new(1_000_000),
        borrow_cap: Uint128::new(800_000),
        ..terms()
    };
    let mut suite = Suite::with(full);
    suite.lend("alice", "usd", 1_000_000);
    suite.deposit(1, "atom", 1);
    suite.borrow(1, "usd", 800_000);
    suite.pass(31_536_000);
    let owed = suite.owed(1);
    let lower = |supply: u128| ExecuteMsg::LowerCaps {
        asset: id("usd"),
        supply_cap: Some(supply.into()),
        borrow_cap: None,
    };
    assert_eq!(
        field(suite.refused("guardian", &lower(999_999), &[])),
        "supply_cap"
    );
    suite.ok("guardian", &lower(1_000_000), &[]);
    assert_eq!(suite.owed(1), owed, "no interest is touched");
}

#[test]
fn caps_are_lowered_of_a_market_that_there_is_by_owner_or_guardian_and_without_coins() {
    let mut suite = Suite::new();
    let lower = |asset: &str| ExecuteMsg::LowerCaps {
        asset: id(asset),
        supply_cap: Some(Uint128::new(1_000)),
        borrow_cap: None,
    };
    for who in ["alice", "pm", "auction", "fund"] {
        assert!(matches!(
            suite.refused(who, &lower("usd"), &[]),
            ContractError::Admin(AdminError::NotGuardian { .. })
        ));
    }
    assert_eq!(
        suite.refused("guardian", &lower("eth"), &[]),
        ContractError::NoMarket { asset: id("eth") }
    );
    assert!(matches!(
        suite.refused("guardian", &lower("usd"), &coins("usd", 1)),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
    // A guardian is named by the owner alone, and a former one is nobody.
    let none = ExecuteMsg::SetGuardian { guardian: None };
    assert!(matches!(
        suite.refused("guardian", &none, &[]),
        ContractError::Admin(AdminError::Ownership(_))
    ));
    suite.ok("guardian", &lower("usd"), &[]);
    suite.ok("owner", &none, &[]);
    assert!(matches!(
        suite.refused("guardian", &lower("usd"), &[]),
        ContractError::Admin(AdminError::NotGuardian { .. })
    ));
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

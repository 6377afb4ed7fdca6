//! `SetTerms`: each bound, and one past it. The same checks stand before a creation.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{dec, error};
use cosmwasm_std::{coins, Decimal};
use cw_ownable::OwnershipError;
use glidepath_interfaces::auction::{ExecuteMsg, ModeTerms, SaleTerms};
use glidepath_interfaces::events::auction::TermsSet;
use glidepath_interfaces::payment::PaymentError;
use glidepath_liquidation_auction::{validate, ContractError};
use glidepath_risk::curve::CurveTerms;
use glidepath_risk::Value;
use glidepath_testkit::{defaults, Suite};

fn curve(terms: &mut ModeTerms) -> (&mut Decimal, &mut Decimal, &mut u64) {
    let CurveTerms::Linear { premium, floor, fall } = &mut terms.curve;
    (premium, floor, fall)
}

type Change = fn(&mut SaleTerms);

/// Changes up to a bound, each with the change that is past it, and the field that is named then. Other fields are
/// moved out of the way where they would stop it first.
const BOUNDS: &[(&str, Change, Change)] = &[
    (
        "floor",
        |t| {
            *curve(&mut t.close_out).1 = dec("0.2");
            *curve(&mut t.close_out).2 = 600;
        },
        |t| {
            *curve(&mut t.close_out).1 = dec("0.200000000000000001");
            *curve(&mut t.close_out).2 = 600;
        },
    ),
    (
        "floor",
        |t| *curve(&mut t.soft).1 = Decimal::raw(1),
        |t| *curve(&mut t.soft).1 = Decimal::zero(),
    ),
    (
        "premium",
        |t| {
            *curve(&mut t.soft).0 = dec("0.05");
            *curve(&mut t.soft).2 = 600;
        },
        |t| *curve(&mut t.soft).0 = dec("0.050000000000000001"),
    ),
    (
        "premium",
        |t| *curve(&mut t.close_out).0 = Decimal::zero(),
        |t| *curve(&mut t.close_out).0 = dec("0.06"),
    ),
    (
        "fall",
        |t| {
            *curve(&mut t.soft).1 = Decimal::raw(1);
            *curve(&mut t.soft).2 = 60;
        },
        |t| {
            *curve(&mut t.soft).1 = Decimal::raw(1);
            *curve(&mut t.soft).2 = 59;
        },
    ),
    (
        "fall",
        |t| *curve(&mut t.soft).2 = 14_400,
        |t| *curve(&mut t.soft).2 = 14_401,
    ),
    // A height of .065: at ¼ of 309 s (78 s) a block's fall is .5 %, at ¼ of 308 (77 s) more.
    (
        "fall in a block",
        |t| *curve(&mut t.soft).2 = 309,
        |t| *curve(&mut t.soft).2 = 308,
    ),
    // A height of .105: at ¼ of 125 s (32 s) a block's fall is 1.97 %, at ¼ of 124 (31 s) 2.03 %.
    (
        "fall in a block",
        |t| *curve(&mut t.close_out).2 = 125,
        |t| *curve(&mut t.close_out).2 = 124,
    ),
    (
        "penalty",
        |t| t.soft.penalty = dec("0.05"),
        |t| t.soft.penalty = dec("0.050000000000000001"),
    ),
    (
        "penalty",
        |t| t.close_out.penalty = Decimal::zero(),
        |t| t.close_out.penalty = dec("0.06"),
    ),
    (
        "tolerance",
        |t| t.soft.tolerance = dec("0.05"),
        |t| t.soft.tolerance = dec("0.050000000000000001"),
    ),
    (
        "tolerance",
        |t| t.soft.tolerance = Decimal::raw(1),
        |t| t.soft.tolerance = Decimal::zero(),
    ),
    (
        "lot_min",
        |t| t.soft.lot_min = t.soft.lot_max,
        |t| t.soft.lot_min = t.soft.lot_max.plus(Value::usd(1)).unwrap(),
    ),
    (
        "lot_min",
        |t| t.soft.lot_min = Value::usd(1),
        |t| t.soft.lot_min = Value::ZERO,
    ),
    ("spacing", |t| t.soft.spacing = 6, |t| t.soft.spacing = 5),
    (
        "spacing",
        |t| t.close_out.spacing = 600,
        |t| t.close_out.spacing = 601,
    ),
    (
        "close_out.floor",
        |t| *curve(&mut t.close_out).1 = dec("0.06"),
        |t| *curve(&mut t.close_out).1 = dec("0.059999999999999999"),
    ),
    (
        "learning.step",
        |t| t.learning.step = dec("0.02"),
        |t| t.learning.step = dec("0.020000000000000001"),
    ),
    (
        "learning.premium_max",
        |t| t.learning.premium_max = dec("0.05"),
        |t| t.learning.premium_max = dec("0.050000000000000001"),
    ),
];

#[test]
fn attack_25_every_bound_and_one_past_it() {
    // No collateral is listed whose buyers would have to come deeper.
    let mut suite = Suite::builder().without("atom").unwatched().build();
    for (row, (field, at, past)) in BOUNDS.iter().enumerate() {
        let mut terms = defaults::sale_terms();
        at(&mut terms);
        suite
            .auction()
            .set_terms(terms.clone())
            .unwrap_or_else(|e| panic!("row {row}, {field}: {e:#}"));
        assert_eq!(suite.ask().auction_config().unwrap().terms, terms, "row {row}");

        let mut bad = defaults::sale_terms();
        past(&mut bad);
        match error(suite.auction().set_terms(bad.clone())) {
            ContractError::BadTerms { field: named, .. } => assert_eq!(named, *field, "row {row}"),
            other => panic!("row {row}, {field}: {other}"),
        }
        assert_eq!(
            suite.ask().auction_config().unwrap().terms,
            terms,
            "row {row}: half-written"
        );
        assert!(validate::terms(&bad).is_err(), "row {row}");
    }
}

#[test]
fn new_terms_are_told() {
    let mut suite = Suite::default();
    let mut terms = defaults::sale_terms();
    terms.soft.penalty = dec("0.002");
    let done = suite.auction().set_terms(terms).unwrap();
    let event = done.event(TermsSet::TYPE).unwrap();
    assert_eq!(event.text("soft_penalty"), Some("0.002"));
    assert_eq!(event.text("close_out_penalty"), Some("0.005"));
}

#[test]
fn only_the_owner_sets_terms() {
    let mut suite = Suite::default();
    let msg = ExecuteMsg::SetTerms {
        terms: defaults::sale_terms(),
    };
    for sender in [suite.user("mallory"), suite.peers.position_manager.clone()] {
        assert_eq!(
            error(suite.auction().execute(&sender, &msg)),
            ContractError::Ownership(OwnershipError::NotOwner)
        );
    }
}

#[test]
fn attack_1_setting_terms_takes_no_payment() {
    let mut suite = Suite::default();
    let (owner, auction) = (suite.owner.clone(), suite.peers.liquidation_auction.clone());
    suite.give(&owner, "usdc", 5);
    let msg = ExecuteMsg::SetTerms {
        terms: defaults::sale_terms(),
    };
    let done = suite.execute(&owner, &auction, &msg, &coins(5, "uusdc"));
    assert_eq!(
        error(done),
        ContractError::Payment(PaymentError::UnexpectedFunds {
            found: "native:uusdc:5".into()
        })
    );
}

#[test]
fn terms_under_which_a_listed_collateral_could_not_be_sold_softly_are_refused() {
    let mut suite = Suite::default();
    let before = suite.ask().auction_config().unwrap().terms;
    let mut terms = before.clone();
    // Below the discount at which the buyers of `atom` come.
    *curve(&mut terms.soft).1 = dec("0.0149");
    match error(suite.auction().set_terms(terms.clone())) {
        ContractError::TermsRefused { reason } => assert!(reason.contains("atom"), "{reason}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(suite.ask().auction_config().unwrap().terms, before);
    *curve(&mut terms.soft).1 = dec("0.015");
    suite.auction().set_terms(terms).unwrap();
}

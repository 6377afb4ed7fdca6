//! `EndSale`: the owner of the contracts ends a sale, and nothing is lost by it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{advance, stage, why, UNIT};
use cw_ownable::OwnershipError;
use glidepath_interfaces::events::auction::SaleEnded;
use glidepath_interfaces::position_manager::{ExecuteMsg, Stage};
use glidepath_position_manager::ContractError;
use glidepath_testkit::scenes;

#[test]
fn only_the_owner_ends_a_sale_and_only_one_that_runs() {
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    assert_eq!(
        why(suite.positions().end_sale(position)),
        ContractError::NoSale { position }
    );
    assert_eq!(
        why(suite.positions().end_sale(9)),
        ContractError::NoPosition { position: 9 }
    );
    suite.elapse(901);
    advance(&mut suite, position);
    let alice = suite.user("alice");
    let manager = common::manager(&suite);
    let refused = suite.execute(&alice, &manager, &ExecuteMsg::EndSale { position }, &[]);
    assert_eq!(why(refused), ContractError::Ownership(OwnershipError::NotOwner));
    assert!(suite.ask().sale(position).is_ok());
}

#[test]
fn what_is_left_is_sold_again_under_the_terms_of_then() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let bob = suite.user("bob");
    suite.auction().bid(&bob, position, 10_000 * UNIT).unwrap();
    let before = suite.ask().position(position).unwrap();
    let mut terms = suite.ask().auction_config().unwrap().terms;
    terms.soft.spacing = 60;
    suite.auction().set_terms(terms).unwrap();

    let done = suite.positions().end_sale(position).unwrap();
    assert_eq!(
        done.event(SaleEnded::TYPE).unwrap().text("reason"),
        Some("governance")
    );
    assert!(suite.ask().sale(position).is_err());
    let after = suite.ask().position(position).unwrap();
    assert_eq!((after.collateral, after.debts), (before.collateral, before.debts));
    assert_eq!(
        suite.ask().ledger(position).unwrap().ledger.sale,
        None,
        "nothing may be settled"
    );
    let called_at = suite.now();
    assert_eq!(
        stage(&suite, position),
        Stage::MarginCall {
            called_at,
            grace_until: called_at
        },
        "its grace was used up before the sale"
    );
    // Still below maintenance: the next touch sells on, with today's terms, a block later.
    assert_eq!(advance(&mut suite, position), "opened");
    let sale = suite.ask().sale(position).unwrap();
    assert_eq!(sale.terms.terms.soft.spacing, 60);
    assert_eq!(sale.sale.lot.unwrap().start_at, called_at + 6);
}

#[test]
fn who_is_not_below_maintenance_is_let_go() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let bob = suite.user("bob");
    suite.auction().bid(&bob, position, 60_000 * UNIT).unwrap();
    assert!(scenes::health(&suite, position) > cosmwasm_std::Decimal::one());
    suite.positions().end_sale(position).unwrap();
    assert_eq!(advance(&mut suite, position), "lapsed");
    assert!(matches!(stage(&suite, position), Stage::Restricted {}));
}

#[test]
fn an_insolvent_position_stays_flagged() {
    let mut suite = scenes::calm().build();
    let position = scenes::closing_out(&mut suite);
    suite.set_price("atom", "7");
    advance(&mut suite, position);
    assert!(suite.ask().ledger(position).unwrap().ledger.debts[0].insolvent);
    suite.positions().end_sale(position).unwrap();
    assert!(suite.ask().ledger(position).unwrap().ledger.debts[0].insolvent);
}

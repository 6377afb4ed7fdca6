//! Queries `Config`, `Sale` and `Sales`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{offer, Puppet};
use cosmwasm_std::Decimal;
use glidepath_interfaces::auction::{EndReason, ExecuteMsg, Mode, Offer};
use glidepath_testkit::id;

fn numbers(puppet: &Puppet, collateral: Option<&str>, after: Option<u64>, limit: Option<u32>) -> Vec<u64> {
    let sales = puppet.suite.ask().sales(collateral, after, limit).unwrap();
    sales.into_iter().map(|sale| sale.position).collect()
}

#[test]
fn sales_are_listed_by_position_and_by_collateral() {
    let mut puppet = Puppet::new();
    for position in [5, 300, 2, 70_000] {
        let collateral = if position == 300 { id("eth") } else { id("atom") };
        let offer = Offer {
            collateral,
            ..offer(1_000)
        };
        puppet.open(position, Mode::Soft, offer).unwrap();
    }
    assert_eq!(numbers(&puppet, None, None, None), [2, 5, 300, 70_000]);
    assert_eq!(numbers(&puppet, None, Some(5), Some(1)), [300]);
    assert_eq!(numbers(&puppet, Some("atom"), None, None), [2, 5, 70_000]);
    assert_eq!(numbers(&puppet, Some("atom"), Some(2), Some(1)), [5]);
    assert_eq!(numbers(&puppet, Some("eth"), None, None), [300]);
    assert_eq!(numbers(&puppet, Some("btc"), None, None), [0u64; 0]);
    puppet
        .send(&ExecuteMsg::End {
            position: 5,
            reason: EndReason::Cured,
        })
        .unwrap();
    assert_eq!(numbers(&puppet, Some("atom"), None, None), [2, 70_000]);
}

#[test]
fn pages_are_bounded() {
    let mut puppet = Puppet::new();
    for position in 1..=105 {
        puppet.open(position, Mode::Soft, offer(1_000)).unwrap();
    }
    assert_eq!(numbers(&puppet, None, None, None).len(), 20);
    for collateral in [None, Some("atom")] {
        assert_eq!(numbers(&puppet, collateral, None, Some(1_000)).len(), 100);
        assert_eq!(
            numbers(&puppet, collateral, Some(100), Some(1_000)),
            [101, 102, 103, 104, 105]
        );
    }
}

#[test]
fn the_multiplier_is_shown_while_the_lot_lives() {
    let mut puppet = Puppet::new();
    let seen_now = ExecuteMsg::Open {
        position: 7,
        mode: Mode::Soft,
        target: Decimal::one(),
        eta: Decimal::percent(50),
        max_discount: None,
        breach_seen_at: puppet.suite.now(),
        offer: offer(1_000),
    };
    puppet.send(&seen_now).unwrap();
    let shown = |puppet: &Puppet| {
        let sale = puppet.suite.ask().sale(7).unwrap();
        let listed = puppet.suite.ask().sales(None, None, None).unwrap();
        assert_eq!(listed, std::slice::from_ref(&sale));
        sale.multiplier.map(|m| m.to_string())
    };
    assert_eq!(shown(&puppet), None);
    puppet.suite.advance_time(5);
    assert_eq!(shown(&puppet), None, "not started yet");
    puppet.suite.advance_time(1);
    assert_eq!(shown(&puppet).as_deref(), Some("1.005"));
    puppet.suite.advance_time(450);
    assert!(shown(&puppet).unwrap().starts_with("0.94"));
    puppet.suite.advance_time(1);
    assert_eq!(shown(&puppet), None);
    assert!(puppet.suite.ask().sale(8).is_err(), "no such sale");
}

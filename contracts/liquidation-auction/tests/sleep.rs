//! `Sleep`, sent by a test that plays the position manager.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{error, offer, sale, Puppet};
use glidepath_interfaces::auction::{ExecuteMsg, Mode};
use glidepath_interfaces::events::auction::SaleSlept;
use glidepath_liquidation_auction::ContractError;

#[test]
fn a_sleeping_sale_has_no_lot() {
    let mut puppet = Puppet::new();
    puppet.open(7, Mode::Soft, offer(1_000)).unwrap();
    puppet.suite.advance_time(600);
    let now = puppet.suite.now();
    let done = puppet.send(&ExecuteMsg::Sleep { position: 7 }).unwrap();
    let asleep = sale(&puppet.suite, 7);
    assert_eq!((asleep.lot, asleep.asleep_since), (None, Some(now)));
    assert_eq!(done.event(SaleSlept::TYPE).unwrap().must::<u64>("at"), now);
    // It stays in the lists, and sleeping longer does not make it young again.
    assert_eq!(
        puppet.suite.ask().sales(Some("atom"), None, None).unwrap().len(),
        1
    );
    puppet.suite.advance_time(600);
    puppet.send(&ExecuteMsg::Sleep { position: 7 }).unwrap();
    assert_eq!(sale(&puppet.suite, 7).asleep_since, Some(now));
}

#[test]
fn errors() {
    let mut puppet = Puppet::new();
    let msg = ExecuteMsg::Sleep { position: 7 };
    assert_eq!(error(puppet.send(&msg)), ContractError::NoSale { position: 7 });
    let (expected, sender) = (puppet.manager.clone(), puppet.suite.user("mallory"));
    puppet.manager = sender.clone();
    let refused = error(puppet.send(&msg));
    assert_eq!(refused, ContractError::NotPositionManager { sender, expected });
}

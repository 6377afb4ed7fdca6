//! `End`, sent by a test that plays the position manager.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{error, offer, Puppet};
use glidepath_interfaces::auction::{EndReason, ExecuteMsg, Mode, SALES, SALE_TERMS};
use glidepath_interfaces::events::auction::SaleEnded;
use glidepath_liquidation_auction::state::BY_COLLATERAL;
use glidepath_liquidation_auction::ContractError;

#[test]
fn an_ended_sale_leaves_nothing_behind() {
    for reason in [
        EndReason::TargetMet,
        EndReason::Cured,
        EndReason::WrittenOff,
        EndReason::SleptAway,
    ] {
        let mut puppet = Puppet::new();
        let opened_at = puppet.suite.now();
        puppet.open(7, Mode::Soft, offer(1_000)).unwrap();
        puppet.suite.advance_time(60);
        let done = puppet.send(&ExecuteMsg::End { position: 7, reason }).unwrap();
        let event = done.event(SaleEnded::TYPE).unwrap();
        assert_eq!(event.must::<String>("reason"), reason.to_string());
        assert_eq!(event.must::<u64>("breach_seen_at"), opened_at - 900);
        assert_eq!(event.must::<u64>("opened_at"), opened_at);
        assert_eq!(event.must::<u64>("ended_at"), opened_at + 60);
        assert_eq!(event.text("first_fill_at"), None);

        let auction = puppet.suite.peers.liquidation_auction.clone();
        let storage = puppet.suite.app.contract_storage(&auction);
        assert!(!SALES.has(&*storage, 7));
        assert!(!SALE_TERMS.has(&*storage, 7));
        assert!(!BY_COLLATERAL.has(&*storage, ("atom", 7)));
        drop(storage);
        puppet.open(7, Mode::Soft, offer(1_000)).expect("the next sale");
    }
}

#[test]
fn errors() {
    let mut puppet = Puppet::new();
    let msg = ExecuteMsg::End {
        position: 7,
        reason: EndReason::Cured,
    };
    assert_eq!(error(puppet.send(&msg)), ContractError::NoSale { position: 7 });
    let (expected, sender) = (puppet.manager.clone(), puppet.suite.user("mallory"));
    puppet.manager = sender.clone();
    let refused = error(puppet.send(&msg));
    assert_eq!(refused, ContractError::NotPositionManager { sender, expected });
}

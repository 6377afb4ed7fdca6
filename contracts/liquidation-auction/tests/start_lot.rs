//! `StartLot` by cause, sent by a test that plays the position manager.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{dec, error, offer, sale, Puppet};
use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::auction::{ExecuteMsg, Lot, LotCause, Mode, Offer, Reached, Sale, SALES};
use glidepath_interfaces::events::auction::LotStarted;
use glidepath_liquidation_auction::ContractError;
use glidepath_risk::curve::Curve;
use glidepath_testkit::{id, Suite};

/// Changes a stored sale, as a fill would.
fn edit(suite: &mut Suite, position: u64, change: impl FnOnce(&mut Sale)) {
    let auction = suite.peers.liquidation_auction.clone();
    let mut storage = suite.app.contract_storage_mut(&auction);
    let mut sale = SALES.load(&*storage, position).unwrap();
    change(&mut sale);
    SALES.save(&mut *storage, position, &sale).unwrap();
}

/// A fill at `multiplier` now that leaves `left` of the lot.
fn fill(suite: &mut Suite, position: u64, multiplier: &str, left: u128) {
    let at = suite.now();
    edit(suite, position, |sale| {
        let multiplier = dec(multiplier);
        sale.last = Some(Reached { multiplier, at });
        sale.first_fill_at = Some(at);
        sale.unsold = 0;
        sale.lot.as_mut().unwrap().left = Uint128::new(left);
    });
}

fn from(lot: &Lot) -> Decimal {
    let Curve::Linear { from, .. } = lot.curve;
    from
}

/// Opens a sale and goes to the middle of its first lot.
fn in_a_lot(puppet: &mut Puppet, mode: Mode) {
    puppet.open(7, mode, offer(5_000_000)).unwrap();
    let lot = sale(&puppet.suite, 7).lot.unwrap();
    puppet
        .suite
        .advance_time((lot.start_at + lot.ends_at) / 2 - puppet.suite.now());
}

fn lot_after(puppet: &mut Puppet, cause: LotCause) -> Lot {
    puppet.start_lot(7, cause, offer(5_000_000)).unwrap();
    sale(&puppet.suite, 7).lot.unwrap()
}

#[test]
fn next_learns_from_a_fill_within_a_life_and_follows_a_cleared_lot() {
    let mut puppet = Puppet::new();
    in_a_lot(&mut puppet, Mode::Soft);
    fill(&mut puppet.suite, 7, "1.002", 0);
    puppet.suite.advance_time(100);
    let now = puppet.suite.now();
    let done = puppet.start_lot(7, LotCause::Next, offer(5_000_000)).unwrap();
    let lot = sale(&puppet.suite, 7).lot.unwrap();
    assert_eq!(from(&lot), dec("1.005"), "1.002 and a step of .003");
    assert!(lot.follows);
    assert_eq!((lot.start_at, lot.ends_at), (now + 30, now + 480));
    let event = done.event(LotStarted::TYPE).unwrap();
    assert_eq!(event.text("cause"), Some("next"));
    assert_eq!(event.text("follows"), Some("true"));
}

#[test]
fn a_learned_start_is_between_the_oracle_price_and_the_highest_premium() {
    for (last, start, life) in [
        ("0.95", "1", 416),
        ("0.999", "1.002", 430),
        ("1.018", "1.02", 554),
        ("1.03", "1.02", 554),
    ] {
        let mut puppet = Puppet::new();
        in_a_lot(&mut puppet, Mode::Soft);
        fill(&mut puppet.suite, 7, last, 0);
        let lot = lot_after(&mut puppet, LotCause::Next);
        assert_eq!(from(&lot), dec(start), "after {last}");
        // The slope is the full curve's, so a lower start shortens the life and a higher one lengthens it.
        assert_eq!(lot.ends_at - lot.start_at, life, "life after {last}");
    }
}

#[test]
fn a_fill_longer_ago_than_a_life_teaches_nothing() {
    // The lot starts 30 s from now: 420 s after the fill are a life, 421 are more.
    for (waited, start, follows) in [(420, "1", true), (421, "1.005", false)] {
        let mut puppet = Puppet::new();
        in_a_lot(&mut puppet, Mode::Soft);
        fill(&mut puppet.suite, 7, "0.98", 0);
        puppet.suite.advance_time(waited);
        let lot = lot_after(&mut puppet, LotCause::Next);
        assert_eq!(
            (from(&lot), lot.follows),
            (dec(start), follows),
            "after {waited} s"
        );
    }
}

#[test]
fn a_lot_with_something_left_is_not_followed() {
    let mut puppet = Puppet::new();
    in_a_lot(&mut puppet, Mode::Soft);
    fill(&mut puppet.suite, 7, "0.999", 5);
    let lot = lot_after(&mut puppet, LotCause::Next);
    assert_eq!((from(&lot), lot.follows), (dec("1.002"), false));
}

#[test]
fn restart_counts_untouched_lots_in_a_row() {
    let mut puppet = Puppet::new();
    in_a_lot(&mut puppet, Mode::Soft);
    for unsold in 1..=3 {
        puppet.suite.advance_time(600);
        let lot = lot_after(&mut puppet, LotCause::Restart);
        assert_eq!(sale(&puppet.suite, 7).unsold, unsold);
        assert_eq!(from(&lot), dec("1.005"), "an unsold lot teaches nothing");
        assert!(!lot.follows);
    }
    // A part of it was sold: the count starts again, and what was learned half a life ago still counts.
    puppet.suite.advance_time(400);
    fill(&mut puppet.suite, 7, "0.97", 77);
    puppet.suite.advance_time(100);
    let lot = lot_after(&mut puppet, LotCause::Restart);
    let sale = sale(&puppet.suite, 7);
    assert_eq!((sale.unsold, sale.pass), (0, 0));
    assert_eq!(sale.penalty, dec("0.001"), "passes are for close-out");
    assert_eq!((from(&lot), lot.follows), (dec("1"), false));
}

#[test]
fn close_out_goes_down_to_the_floor_and_then_without_a_penalty() {
    let mut puppet = Puppet::new();
    in_a_lot(&mut puppet, Mode::CloseOut);
    let mut seen = vec![];
    for _ in 0..3 {
        let sale = sale(&puppet.suite, 7);
        seen.push((sale.pass, sale.penalty));
        puppet.suite.advance_time(600);
        puppet.start_lot(7, LotCause::Restart, offer(5_000_000)).unwrap();
    }
    let full = dec("0.005");
    assert_eq!(seen, [(0, full), (1, full), (2, Decimal::zero())]);
    edit(&mut puppet.suite, 7, |sale| sale.pass = u8::MAX);
    puppet.start_lot(7, LotCause::Restart, offer(5_000_000)).unwrap();
    assert_eq!(sale(&puppet.suite, 7).pass, u8::MAX, "passes don't run over");
}

#[test]
fn escalation_goes_on_from_the_price_reached() {
    let mut puppet = Puppet::new();
    in_a_lot(&mut puppet, Mode::Soft);
    let now = puppet.suite.now();
    // Half way down from 1.005 to .94; the last fill does not matter.
    fill(&mut puppet.suite, 7, "1.01", 1_000_000);
    let lot = lot_after(&mut puppet, LotCause::Escalate);
    let reached = from(&lot);
    assert!(
        reached >= dec("0.9725") && reached < dec("0.972500000000001"),
        "{reached}"
    );
    let sale = sale(&puppet.suite, 7);
    assert_eq!((sale.mode, sale.pass, sale.unsold), (Mode::CloseOut, 0, 0));
    assert_eq!(sale.penalty, dec("0.005"));
    assert_eq!(lot.start_at, now + 6);
    // From .9725 to .90 at (1.005 − .90)/180 s.
    assert_eq!(lot.ends_at - lot.start_at, 125);
    assert_eq!(
        lot.amount,
        Uint128::new(200_000_000_000),
        "a lot of the close-out's size"
    );
}

#[test]
fn escalation_without_a_living_lot_starts_like_any_other() {
    // Before the lot starts, and after it is over.
    for wait in [0, 1_000] {
        let mut puppet = Puppet::new();
        puppet.open(7, Mode::Soft, offer(5_000_000)).unwrap();
        puppet.suite.advance_time(wait);
        let lot = lot_after(&mut puppet, LotCause::Escalate);
        assert_eq!(from(&lot), dec("1.005"), "after {wait} s");
    }
}

#[test]
fn wake_ends_the_sleep() {
    let mut puppet = Puppet::new();
    in_a_lot(&mut puppet, Mode::Soft);
    puppet.send(&ExecuteMsg::Sleep { position: 7 }).unwrap();
    assert!(sale(&puppet.suite, 7).asleep_since.is_some());
    puppet.suite.advance_time(7_200);
    let lot = lot_after(&mut puppet, LotCause::Wake);
    assert_eq!(sale(&puppet.suite, 7).asleep_since, None);
    assert_eq!((from(&lot), lot.follows), (dec("1.005"), false));
}

#[test]
fn another_pair_moves_the_sale_in_the_index() {
    let mut puppet = Puppet::new();
    puppet.open(7, Mode::Soft, offer(5_000_000)).unwrap();
    let other = Offer {
        collateral: id("eth"),
        debt: id("cusd"),
        ..offer(1_000)
    };
    puppet.start_lot(7, LotCause::Next, other).unwrap();
    let sale = sale(&puppet.suite, 7);
    assert_eq!((sale.collateral, sale.debt), (id("eth"), id("cusd")));
    let ask = puppet.suite.ask();
    assert_eq!(ask.sales(Some("atom"), None, None).unwrap(), vec![]);
    assert_eq!(ask.sales(Some("eth"), None, None).unwrap().len(), 1);
}

#[test]
fn lots_are_of_the_terms_that_the_sale_opened_with() {
    let mut puppet = Puppet::new();
    in_a_lot(&mut puppet, Mode::Soft);
    let mut terms = puppet.suite.ask().auction_config().unwrap().terms;
    terms.soft.spacing = 60;
    puppet.suite.auction().set_terms(terms).unwrap();
    let lot = lot_after(&mut puppet, LotCause::Next);
    assert_eq!(lot.start_at, puppet.suite.now() + 30);
}

#[test]
fn errors() {
    let mut puppet = Puppet::new();
    let refused = error(puppet.start_lot(7, LotCause::Next, offer(1_000)));
    assert_eq!(refused, ContractError::NoSale { position: 7 });
    puppet.open(7, Mode::Soft, offer(1_000)).unwrap();
    let refused = error(puppet.start_lot(7, LotCause::Next, offer(0)));
    assert_eq!(refused, ContractError::EmptyOffer { position: 7 });
    let (expected, sender) = (puppet.manager.clone(), puppet.suite.user("mallory"));
    puppet.manager = sender.clone();
    let refused = error(puppet.start_lot(7, LotCause::Next, offer(1_000)));
    assert_eq!(refused, ContractError::NotPositionManager { sender, expected });
}

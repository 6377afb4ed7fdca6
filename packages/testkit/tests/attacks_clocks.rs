//! Attacks by time: 50 (the chain halts), 54 (an asset that nobody asked for), 80 (nobody bids).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::events::auction::{Filled, LotStarted, SaleEnded};
use glidepath_liquidation_auction::ContractError as Refused;
use glidepath_testkit::scenes::{advance_all, called, calm, on_sale, to_lot, UNIT};
use glidepath_testkit::{defaults, refused, Suite};
use support::moves::{advance, ask_sources, lot, offer, post, quote};
use support::Moment;

// ---------------------------------------------------------------- 54

/// An asset that nobody asked for in minutes: asking for its price and bidding in one transaction moves no clock. The fill
/// is that of a lot whose price was asked for in every block.
#[test]
fn attack_54_a_quiet_asset_moves_no_clock_of_a_lot() {
    for quiet in [20, 60, 110] {
        let mut suite = calm().build();
        let position = on_sale(&mut suite);
        let bob = suite.user("bob");
        suite.give(&bob, "usdc", 100_000 * UNIT);
        let (start, before) = (Moment::of(&suite), lot(&suite, position));
        let fill = |suite: &mut Suite| {
            let msgs = vec![ask_sources(suite), offer(suite, position)];
            let done = suite.send_all(&bob, msgs).unwrap();
            let event = done.event(Filled::TYPE).unwrap().0.clone();
            let after = lot(suite, position);
            assert_eq!(
                (after.start_at, after.ends_at, &after.curve),
                (before.start_at, before.ends_at, &before.curve)
            );
            event
        };
        suite.advance_time(quiet);
        let silent = fill(&mut suite);
        start.restore(&mut suite);
        for _ in 0..quiet / defaults::BLOCK {
            suite.elapse(defaults::BLOCK);
        }
        suite.elapse(quiet % defaults::BLOCK);
        assert_eq!(fill(&mut suite), silent, "after {quiet} s");
    }
}

/// The same of grace: it ends when the call said, whether the price was asked for in between or not, and asking for it
/// late gives none of it back.
#[test]
fn attack_54_a_quiet_asset_moves_no_grace() {
    for quiet in [60, 300, 590] {
        let mut suite = calm().build();
        let position = called(&mut suite);
        let grace = suite.ask().position(position).unwrap().grace_left.unwrap();
        suite.advance_time(quiet);
        let bob = suite.user("bob");
        let asked = ask_sources(&suite);
        suite.send(&bob, asked).unwrap();
        let left = suite.ask().position(position).unwrap().grace_left;
        assert_eq!(left, Some(grace - quiet), "after {quiet} s");
        suite.elapse(grace - quiet - 1);
        suite.positions().advance(position).unwrap_err();
        suite.elapse(1);
        suite.positions().advance(position).unwrap();
        assert!(suite.ask().sale(position).is_ok());
    }
}

// ---------------------------------------------------------------- 50

/// The chain halts for a day in the middle of a lot of which something is sold. When it goes on, nothing gets through at the
/// prices of yesterday; whatever lot is alive then, or starts, is at its top, above the oracle price; a surcharge for the day
/// is not taken.
#[test]
fn attack_50_a_halt_of_a_day_in_the_middle_of_a_lot() {
    for after in ["9.20", "8.80", "9.60", "12"] {
        let mut suite = calm().build();
        let position = on_sale(&mut suite);
        let bob = suite.user("bob");
        suite.give(&bob, "usdc", 1_000_000 * UNIT);
        suite.elapse(30);
        suite.auction().bid(&bob, position, 10_000 * UNIT).unwrap();
        let owed = suite.ask().owed(position, "usdc").unwrap();
        suite.advance_time(86_400);

        // The first block, before any reporter.
        let still = Moment::of(&suite);
        for msgs in [
            vec![offer(&suite, position)],
            vec![ask_sources(&suite), offer(&suite, position)],
        ] {
            suite.send_all(&bob, msgs).unwrap_err();
            assert!(still.is_now(&suite));
        }
        assert!(suite.positions().advance(position).is_err());
        let (at, reporter) = (suite.now(), suite.reporters[0].clone());
        let fresh = post(&suite, &[("atom", after), ("usdc", "1")]);
        suite.send(&reporter, fresh).unwrap();

        // A day in which nobody could repay costs the surcharge of half an hour at most.
        let grown = suite.ask().owed(position, "usdc").unwrap() - owed;
        let most = owed / 10 * 1_800 / (365 * 86_400) + 1;
        assert!(grown <= most, "{grown} of at most {most}");

        // A bid in the block of the first price pays more than the oracle says, or nothing.
        let first = Moment::of(&suite);
        if let Ok(done) = suite.auction().bid(&bob, position, 10_000 * UNIT) {
            let multiplier: Decimal = done.event(Filled::TYPE).unwrap().must("multiplier");
            assert!(multiplier >= Decimal::one(), "{multiplier} at {after}");
        }
        first.restore(&mut suite);
        let done = suite.positions().advance(position);
        if after == "12" {
            let done = done.unwrap();
            let ended = done.event(SaleEnded::TYPE).unwrap();
            assert_eq!(ended.text("reason"), Some("target_met"));
            continue;
        }
        if let Some(started) = done.iter().find_map(|done| done.event(LotStarted::TYPE)) {
            assert!(started.must::<u64>("start_at") >= at);
            assert!(
                started.must::<Decimal>("from") >= Decimal::one(),
                "{:?}",
                started.0
            );
        }
        // What there is to buy a minute later has fallen for a minute, not for a day.
        suite.until(at + 60);
        if suite.ask().sale(position).unwrap().multiplier.is_some() {
            let floor = Decimal::percent(99);
            assert!(quote(&suite, position).multiplier >= floor, "at {after}");
        }
    }
}

// ---------------------------------------------------------------- 80

/// Nobody bids for an hour, and keepers start lot after lot: each starts above the oracle price and falls without a
/// jump, so whoever comes back finds no lot resting at its floor; the first who is content with 3 % has it there.
#[test]
fn attack_80_an_hour_without_bidders_leaves_no_lot_at_its_floor() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let (from, mut lots) = (suite.now(), 0);
    let three = Decimal::percent(97);
    while suite.now() < from + 3_600 {
        let running = lot(&suite, position);
        assert!(running.start_at >= suite.now());
        let first = suite
            .ask()
            .price_at(position, running.start_at)
            .unwrap()
            .multiplier;
        assert!(first >= Decimal::one(), "lot {lots} starts at {first}");
        // The price of the next block is never far below that of this one.
        let mut before = first;
        let mut found = false;
        for at in (running.start_at..=running.ends_at).step_by(6) {
            let now = suite.ask().price_at(position, at).unwrap().multiplier;
            assert!(now <= before && before - now <= Decimal::permille(5));
            found |= now <= Decimal::percent(98) && now >= three;
            before = now;
        }
        assert!(found, "no moment between 2 and 3 % below");
        suite.until(running.ends_at + 1);
        lots += 1;
        advance_all(&mut suite, position);
    }
    assert!(lots >= 6, "{lots} lots");
    to_lot(&mut suite, position);
    let quote = quote(&suite, position);
    assert!(quote.multiplier >= Decimal::one());
    // The hour alone has closed nobody out, and cost no more than its surcharge.
    let ask = suite.ask();
    assert_eq!(ask.held(position, "atom").unwrap(), 100_000 * UNIT);
    let hour = 740_000 * UNIT / 10 / 365 / 24;
    assert!(ask.owed(position, "usdc").unwrap() - 740_000 * UNIT <= 2 * hour);
}

/// The same where nobody even advanced: after an hour the lot is over, and in the transaction that starts the next one
/// nothing can be bought.
#[test]
fn attack_80_an_hour_without_anybody_sells_nothing_at_once() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    suite.give(&bob, "usdc", 1_000_000 * UNIT);
    suite.elapse(3_600);
    let error = refused::<Refused>(suite.auction().bid(&bob, position, 10_000 * UNIT));
    assert!(matches!(error, Refused::LotExpired { .. }), "{error}");
    let start = Moment::of(&suite);
    let msgs = vec![
        ask_sources(&suite),
        advance(&suite, position),
        offer(&suite, position),
    ];
    let error = suite.send_all(&bob, msgs).unwrap_err();
    assert!(format!("{error:#}").contains("starts"), "{error:#}");
    assert!(start.is_now(&suite));
    suite.positions().advance(position).unwrap();
    to_lot(&mut suite, position);
    let done = suite.auction().bid(&bob, position, 10_000 * UNIT).unwrap();
    let fill = done.event(Filled::TYPE).unwrap();
    assert!(fill.must::<Decimal>("multiplier") >= Decimal::one());
    assert!(!fill.must::<Uint128>("sold").is_zero());
}

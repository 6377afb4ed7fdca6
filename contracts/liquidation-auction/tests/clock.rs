//! The clock of a lot around outages of a price source and stops of fills: bids, previews and prices across them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{dec, error, sale};
use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::auction::{Lot, PreviewBidResponse};
use glidepath_interfaces::events::auction::Filled;
use glidepath_interfaces::oracle::{PriceRefusal, PRICES};
use glidepath_interfaces::position_manager::Refusal;
use glidepath_liquidation_auction::ContractError;
use glidepath_testkit::scenes::{advance_all, calm, closing_out, on_sale, opened, UNIT};
use glidepath_testkit::{id, Suite};

/// A suite whose sources are out after a minute of silence.
fn watchful() -> Suite {
    let mut suite = calm().build();
    for asset in ["atom", "usdc"] {
        let mut feed = suite.ask().feed(asset).unwrap();
        feed.outage_gap = 60;
        suite.oracle().set_feed(asset, feed).unwrap();
    }
    suite
}

/// A source is silent for so long, while the others are asked and answer; then it answers again.
fn out(suite: &mut Suite, silent: &[&str], seconds: u64) {
    let keeper = suite.user("keeper");
    suite.advance_time(seconds);
    suite.oracle().update_prices(&keeper, silent).unwrap();
    for asset in silent {
        let outage = suite.ask().price(asset).unwrap().outage;
        assert!(outage.is_open(), "{asset}: {outage:?}");
    }
    suite.refresh();
}

/// The owner stops the fills of an asset for so long.
fn stop(suite: &mut Suite, asset: &str, seconds: u64) {
    let now = suite.now();
    let oracle = suite.peers.oracle_adapter.clone();
    let mut storage = suite.app.contract_storage_mut(&oracle);
    let mut record = PRICES.load(&*storage, asset).unwrap();
    record.stops.fills = record.stops.fills.then(now, Some(now + seconds));
    PRICES.save(&mut *storage, asset, &record).unwrap();
}

fn lot(suite: &Suite, position: u64) -> Lot {
    sale(suite, position).lot.unwrap()
}

fn multiplier(suite: &Suite, position: u64) -> Option<Decimal> {
    suite.ask().sale(position).unwrap().multiplier
}

/// What a fill now costs. Preview, future price, answer of the sale and execution agree.
fn fill(suite: &mut Suite, position: u64) -> Decimal {
    let bob = suite.user("bob");
    let now = suite.now();
    let told = suite.ask().price_at(position, now).unwrap().multiplier;
    let PreviewBidResponse::Fills(preview) = suite.ask().preview_bid(position, Some(UNIT * 100)).unwrap()
    else {
        panic!("no fill");
    };
    let done = suite.auction().bid(&bob, position, UNIT * 100).unwrap();
    let filled: Decimal = done.event(Filled::TYPE).unwrap().must("multiplier");
    assert_eq!((told, preview.multiplier), (filled, filled));
    assert_eq!(multiplier(suite, position), Some(filled));
    filled
}

fn expired(suite: &mut Suite, position: u64) -> u64 {
    let bob = suite.user("bob");
    match error(suite.auction().bid(&bob, position, UNIT)) {
        ContractError::LotExpired { ended_at, now } => {
            assert_eq!(now, suite.now());
            ended_at
        }
        other => panic!("{other}"),
    }
}

/// A lot is alive in its last second and over in the next; the error names that second, and the sale said it before.
fn ends_at(suite: &mut Suite, position: u64, last: u64) {
    let now = suite.now();
    assert_eq!(suite.ask().sale(position).unwrap().last, Some(last));
    assert!(suite.ask().price_at(position, last).is_ok());
    assert!(suite.ask().price_at(position, last + 1).is_err());
    suite.elapse(last - now);
    let low = fill(suite, position);
    assert!(low < dec("0.99"), "{low} in the last second");
    suite.elapse(1);
    assert_eq!(expired(suite, position), last);
    suite.elapse(5_000);
    assert_eq!(expired(suite, position), last);
    assert_eq!(suite.ask().sale(position).unwrap().last, None);
}

// ---------------------------------------------------------------- outages

/// An outage of either price, or of both, in the life of a lot: it starts over at the end of the outage, once.
#[test]
fn an_outage_starts_a_lot_over() {
    for silent in [&["atom"][..], &["usdc"], &["atom", "usdc"]] {
        let mut suite = watchful();
        let position = on_sale(&mut suite);
        let before = lot(&suite, position);
        suite.elapse(100);
        let low = fill(&mut suite, position);
        let from = suite.now();
        out(&mut suite, silent, 300);
        let until = suite.now();
        for asset in silent {
            let outage = suite.ask().price(asset).unwrap().outage;
            assert_eq!((outage.from, outage.until), (from, Some(until)));
        }
        let restarted = fill(&mut suite, position);
        assert!(
            restarted > low && restarted > Decimal::one(),
            "{restarted} after {low}"
        );
        let after = lot(&suite, position);
        assert_eq!((after.start_at, after.ends_at), (before.start_at, before.ends_at));
        ends_at(&mut suite, position, until + 450);
    }
}

#[test]
fn an_outage_holds_a_lot_that_nobody_could_buy() {
    let mut suite = watchful();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    suite.elapse(400);
    // The last price is 61 s old, which is still good for a fill, and the lot's time is up: its price would rest at its floor.
    let keeper = suite.user("keeper");
    suite.advance_time(61);
    suite.oracle().update_prices(&keeper, &["atom", "usdc"]).unwrap();
    let refused = error(suite.auction().bid(&bob, position, UNIT));
    assert_eq!(refused, ContractError::OutageLasts { position });
    let nothing = PreviewBidResponse::NoLot { starts_at: None };
    assert_eq!(suite.ask().preview_bid(position, None).unwrap(), nothing);
    assert_eq!(multiplier(&suite, position), None);
    assert!(
        suite.ask().sale(position).unwrap().last.is_some(),
        "it is not over"
    );
    assert!(
        suite.positions().advance(position).is_err(),
        "nothing starts beside it"
    );
    suite.refresh();
    assert!(fill(&mut suite, position) > Decimal::one());
}

/// Attack 79: a source that answers, but nobody asked it: no clock moves. And what is over stays over, whatever outage ends
/// today.
#[test]
fn attack_79_nobody_asked_is_no_outage_and_the_dead_stay_dead() {
    let mut suite = watchful();
    let position = on_sale(&mut suite);
    let ends = lot(&suite, position).ends_at;
    suite.elapse(440);
    let low = fill(&mut suite, position);
    assert!(low < dec("0.95"));
    // Nobody asks for 700 s; the answer comes with the first question.
    suite.elapse(700);
    assert_eq!(expired(&mut suite, position), ends);

    // An outage of two days that begins when the lot is over.
    let from = suite.now();
    out(&mut suite, &["atom"], 2 * 86_400);
    assert_eq!(suite.ask().price("atom").unwrap().outage.from, from);
    assert_eq!(expired(&mut suite, position), ends);
    assert_eq!(multiplier(&suite, position), None);
}

/// An outage that began in the last second of a lot's life starts it over, however long it was; but above maintenance
/// nothing is sold for a reason of two days ago.
#[test]
fn attack_52_and_79_a_lot_that_stood_for_days_needs_a_reason_of_today() {
    for (price, sells) in [("9.2", true), ("9.35", false)] {
        let mut suite = watchful();
        let position = on_sale(&mut suite);
        suite.elapse(200);
        fill(&mut suite, position);
        out(&mut suite, &["atom", "usdc"], 2 * 86_400);
        suite.set_price("atom", price);
        // Accrued surcharge and all, $9.35 is above maintenance and below the target.
        let health = suite.ask().health(position).unwrap().unwrap();
        assert_eq!(health < Decimal::one(), sells, "{health} at {price}");
        if sells {
            fill(&mut suite, position);
            continue;
        }
        let bob = suite.user("bob");
        let refused = error(suite.auction().bid(&bob, position, 100 * UNIT));
        let reason = Refusal::NotInDistress {
            health,
            trigger: Decimal::one(),
        };
        assert_eq!(refused, ContractError::Refused(reason));
    }
}

// ---------------------------------------------------------------- stops

/// A stop of fills of either asset holds the clock of a lot, and it goes on at the same price.
#[test]
fn a_stop_of_fills_holds_the_clock() {
    for asset in ["atom", "usdc"] {
        let mut suite = watchful();
        let position = on_sale(&mut suite);
        let bob = suite.user("bob");
        let start = suite.now();
        suite.elapse(100);
        let before = fill(&mut suite, position);
        stop(&mut suite, asset, 3_600);
        for _ in 0..3 {
            let refused = error(suite.auction().bid(&bob, position, UNIT));
            let until = start + 3_700;
            let asset = id(asset);
            let stopped = Refusal::Price(PriceRefusal::Stopped { asset, until });
            assert_eq!(refused, ContractError::Refused(stopped.clone()));
            let preview = suite.ask().preview_bid(position, None).unwrap();
            assert_eq!(preview, PreviewBidResponse::Refused(stopped));
            assert_eq!(multiplier(&suite, position), Some(before), "held");
            assert_eq!(suite.ask().sale(position).unwrap().last, Some(start + 4_050));
            assert!(suite.positions().advance(position).is_err());
            suite.elapse(1_200);
        }
        assert_eq!(fill(&mut suite, position), before, "goes on where it stood");
        suite.elapse(50);
        assert!(fill(&mut suite, position) < before);
        ends_at(&mut suite, position, start + 4_050);
    }
}

/// What both assets' stops have in common counts once, and one that begins when the lot is over not at all.
#[test]
fn stops_of_both_assets_count_once() {
    let mut suite = watchful();
    let position = on_sale(&mut suite);
    let start = suite.now();
    suite.elapse(100);
    stop(&mut suite, "atom", 600);
    suite.elapse(200);
    stop(&mut suite, "usdc", 600);
    suite.elapse(700);
    // Stopped from 100 to 900.
    assert_eq!(suite.now(), start + 1_000);
    fill(&mut suite, position);
    ends_at(&mut suite, position, start + 1_250);
    stop(&mut suite, "atom", 60);
    expired(&mut suite, position);
}

/// An outage that begins while a stop holds the lot, after the last second that it had at its start.
#[test]
fn an_outage_in_a_stop_starts_the_lot_over() {
    let mut suite = watchful();
    let position = on_sale(&mut suite);
    suite.elapse(100);
    stop(&mut suite, "atom", 3_600);
    suite.elapse(2_000);
    out(&mut suite, &["usdc"], 200);
    let until = suite.now();
    // The stop has 1,400 s to go.
    suite.elapse(1_400);
    let top = fill(&mut suite, position);
    assert_eq!(top, dec("1.005"), "nothing of its time is used up");
    ends_at(&mut suite, position, until + 1_400 + 450);
}

/// A scheduled lot that follows a cleared one, and that a stop or an outage kept from being sold for longer than it lives: no
/// more above maintenance than any other first fill.
#[test]
fn attack_52_and_76_what_waited_for_hours_does_not_follow() {
    for (seconds, follows) in [(60, true), (4 * 3_600, false)] {
        let mut suite = watchful();
        let position = on_sale(&mut suite);
        let bob = suite.user("bob");
        // Two lots: the position is above maintenance, and the next lot follows.
        while suite.ask().health(position).unwrap().unwrap() < Decimal::one() {
            let start_at = lot(&suite, position).start_at;
            suite.until(start_at);
            suite.auction().bid(&bob, position, 200_000 * UNIT).unwrap();
        }
        assert!(lot(&suite, position).follows);
        stop(&mut suite, "usdc", seconds);
        suite.elapse(seconds);
        let start_at = lot(&suite, position).start_at;
        suite.until(start_at);
        let done = suite.auction().bid(&bob, position, 1_000 * UNIT);
        assert_eq!(done.is_ok(), follows, "after {seconds} s");
        if !follows {
            let refused = error(done);
            assert!(
                matches!(refused, ContractError::Refused(Refusal::NotInDistress { .. })),
                "{refused}"
            );
            // It ends by itself: unsold above maintenance, the sale sleeps.
            suite.elapse(500);
            suite.positions().advance(position).unwrap();
            assert_eq!(sale(&suite, position).lot, None);
        }
    }
}

/// Nothing of a close-out's pass is used up by an outage or a stop.
#[test]
fn a_pass_of_a_close_out_waits_too() {
    let mut suite = watchful();
    let position = closing_out(&mut suite);
    out(&mut suite, &["atom"], 900);
    stop(&mut suite, "atom", 900);
    suite.elapse(600);
    assert_eq!(advance_all(&mut suite, position), 0);
    assert_eq!(sale(&suite, position).pass, 0);
    suite.elapse(300);
    let bob = suite.user("bob");
    let done = suite.auction().bid(&bob, position, 10_000 * UNIT).unwrap();
    assert!(!done
        .event(Filled::TYPE)
        .unwrap()
        .must::<Uint128>("sold")
        .is_zero());
}

/// A lot whose start falls into a stop has all of its life to come when the stop is over.
#[test]
fn a_scheduled_lot_that_is_stopped_starts_at_its_top() {
    let mut suite = watchful();
    let position = opened(&mut suite);
    let (now, start_at) = (suite.now(), lot(&suite, position).start_at);
    stop(&mut suite, "atom", 1_000);
    suite.until(start_at + 100);
    assert_eq!(multiplier(&suite, position), Some(dec("1.005")));
    suite.until(now + 1_000);
    assert_eq!(fill(&mut suite, position), dec("1.005"));
    ends_at(&mut suite, position, now + 1_450);
}

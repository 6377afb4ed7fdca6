//! The queue of a collateral's lots: admission, draws, what is given back, and bids beside a full queue.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{dec, error, offer, sale, Puppet};
use cosmwasm_std::Uint128;
use glidepath_interfaces::auction::{
    Draw, EndReason, ExecuteMsg, Line, LotCause, Mode, Offer, BACKLOGS, SALES,
};
use glidepath_interfaces::events::auction::{BacklogChanged, Filled, LotStarted, LotWaits};
use glidepath_liquidation_auction::ContractError;
use glidepath_risk::queue::{Backlog, QueueTerms};
use glidepath_risk::Value;
use glidepath_testkit::handles::repay;
use glidepath_testkit::scenes::{leaning, queued, to_lot, UNIT};
use glidepath_testkit::{id, Suite};

/// An offer in a market with a depth of $1,000,000 whose queue takes up $8,000,000 an hour and holds $2,000,000.
fn queueing(usd: u128) -> Offer {
    Offer {
        queue: Some(QueueTerms {
            rate: dec("8"),
            burst: dec("2"),
        }),
        ..offer(usd)
    }
}

fn gold(usd: u128) -> Offer {
    Offer {
        collateral: id("gold"),
        ..queueing(usd)
    }
}

/// What a queue held when a lot last started.
fn backlog(suite: &Suite, collateral: &str) -> Backlog {
    let storage = suite.app.contract_storage(&suite.peers.liquidation_auction);
    let key = (collateral, Line::Distress.as_str());
    BACKLOGS.may_load(&*storage, key).unwrap().unwrap_or_default()
}

/// Puts so many dollars into a queue now, as other positions' lots would.
fn crowd(suite: &mut Suite, collateral: &str, usd: u128) {
    let at = suite.now();
    let auction = suite.peers.liquidation_auction.clone();
    let mut storage = suite.app.contract_storage_mut(&auction);
    let value = Value::usd(usd);
    let key = (collateral, Line::Distress.as_str());
    BACKLOGS.save(&mut *storage, key, &Backlog { value, at }).unwrap();
}

fn held(suite: &Suite, collateral: &str) -> Value {
    backlog(suite, collateral).value
}

/// Sells so many atoms of the lot at once, as a fill in the middle of a lot would.
fn sell(puppet: &mut Puppet, position: u64, atoms: u128) {
    let auction = puppet.suite.peers.liquidation_auction.clone();
    let mut storage = puppet.suite.app.contract_storage_mut(&auction);
    let mut sale = SALES.load(&*storage, position).unwrap();
    let lot = sale.lot.as_mut().unwrap();
    let sold = Uint128::new(atoms * UNIT);
    lot.left -= sold;
    lot.draw = lot.draw.as_ref().and_then(|draw| draw.less(sold).unwrap());
    SALES.save(&mut *storage, position, &sale).unwrap();
}

fn full(until: u64) -> ContractError {
    ContractError::QueueFull {
        collateral: id("atom"),
        until,
    }
}

// ---------------------------------------------------------------- admission

#[test]
fn lots_start_until_the_burst_is_reached_and_then_as_the_market_takes_them_up() {
    let mut puppet = Puppet::new();
    let start = puppet.suite.now();
    for position in 1..=4 {
        let done = puppet.open(position, Mode::Soft, queueing(5_000_000)).unwrap();
        let event = done.event(BacklogChanged::TYPE).unwrap();
        assert_eq!(event.text("value"), Some(&*(position * 500_000).to_string()));
        assert_eq!(event.text("line"), Some("distress"));
        let event = done.event(LotStarted::TYPE).unwrap();
        assert_eq!(event.text("draw"), Some("500000"));
    }
    // $500,000 drain in 225 s.
    assert_eq!(
        error(puppet.open(5, Mode::Soft, queueing(5_000_000))),
        full(start + 225)
    );
    // A smaller one is admitted sooner.
    assert_eq!(
        error(puppet.open(5, Mode::Soft, queueing(100_000))),
        full(start + 45)
    );
    puppet.suite.advance_time(224);
    assert_eq!(
        error(puppet.open(5, Mode::Soft, queueing(5_000_000))),
        full(start + 225)
    );
    puppet.suite.advance_time(1);
    puppet.open(5, Mode::Soft, queueing(5_000_000)).unwrap();
    let full = Backlog {
        value: Value::usd(2_000_000),
        at: start + 225,
    };
    assert_eq!(backlog(&puppet.suite, "atom"), full);
    // Another collateral has a queue of its own, and what has none waits for nothing.
    puppet.open(6, Mode::Soft, gold(5_000_000)).unwrap();
    puppet.open(7, Mode::Soft, offer(5_000_000)).unwrap();
    assert_eq!(sale(&puppet.suite, 7).lot.unwrap().draw, None);
    assert_eq!(backlog(&puppet.suite, "atom"), full);
}

#[test]
fn a_refused_lot_leaves_nothing_behind() {
    let mut puppet = Puppet::new();
    puppet.open(1, Mode::Soft, gold(5_000_000)).unwrap();
    crowd(&mut puppet.suite, "atom", 2_000_000);
    let now = puppet.suite.now();
    let before = puppet
        .suite
        .app
        .dump_wasm_raw(&puppet.suite.peers.liquidation_auction);
    assert_eq!(
        error(puppet.open(2, Mode::Soft, queueing(400_000))),
        full(now + 180)
    );
    for cause in [
        LotCause::Next,
        LotCause::Restart,
        LotCause::Escalate,
        LotCause::Wake,
        LotCause::Refresh,
    ] {
        assert_eq!(
            error(puppet.start_lot(1, cause, queueing(400_000))),
            full(now + 180),
            "{cause}"
        );
    }
    let after = puppet
        .suite
        .app
        .dump_wasm_raw(&puppet.suite.peers.liquidation_auction);
    assert_eq!(before, after);
}

#[test]
fn a_fast_market_takes_up_less() {
    for (calm, seconds) in [("1", 225), ("0.25", 450), ("0.04", 900), ("0", 900)] {
        let mut puppet = Puppet::new();
        crowd(&mut puppet.suite, "atom", 2_000_000);
        let now = puppet.suite.now();
        let offer = Offer {
            calm: dec(calm),
            ..queueing(5_000_000)
        };
        assert_eq!(error(puppet.open(1, Mode::Soft, offer)), full(now + seconds));
    }
}

// ---------------------------------------------------------------- draws

#[test]
fn what_a_lot_draws_is_its_size_or_all_that_may_be_sold() {
    for (mode, value, draw, units) in [
        (Mode::Soft, 5_000_000, 500_000, 50_000),
        (Mode::Soft, 300_000, 300_000, 30_000),
        (Mode::CloseOut, 5_000_000, 2_000_000, 200_000),
        (Mode::CloseOut, 700_000, 700_000, 70_000),
    ] {
        let mut puppet = Puppet::new();
        puppet.open(1, mode, queueing(value)).unwrap();
        // The room that a last lot has for lower prices is not drawn.
        let lot = sale(&puppet.suite, 1).lot.unwrap();
        let drawn = Draw {
            value: Value::usd(draw),
            amount: Uint128::new(units * UNIT),
        };
        assert_eq!(lot.draw, Some(drawn), "{mode} of {value}");
        assert_eq!(held(&puppet.suite, "atom"), Value::usd(draw));
    }
}

/// A restart and a refresh draw nothing on the same collateral, whatever its queue holds, and keep what they have drawn.
#[test]
fn what_starts_over_draws_nothing() {
    for cause in [LotCause::Restart, LotCause::Refresh] {
        let mut puppet = Puppet::new();
        puppet.open(1, Mode::Soft, queueing(5_000_000)).unwrap();
        sell(&mut puppet, 1, 10_000);
        if cause == LotCause::Restart {
            puppet.suite.advance_time(500);
        }
        crowd(&mut puppet.suite, "atom", 9_000_000);
        let before = backlog(&puppet.suite, "atom");
        let done = puppet.start_lot(1, cause, queueing(5_000_000)).unwrap();
        assert!(done.event(BacklogChanged::TYPE).is_none());
        assert_eq!(backlog(&puppet.suite, "atom"), before);
        let kept = Draw {
            value: Value::usd(400_000),
            amount: Uint128::new(40_000 * UNIT),
        };
        assert_eq!(sale(&puppet.suite, 1).lot.unwrap().draw, Some(kept));
    }
}

/// On another collateral they draw like a new lot. What the old lot held is given back if it was alive, lost if it expired.
#[test]
fn another_collateral_draws_like_a_new_lot() {
    for (cause, waits, left) in [
        (LotCause::Restart, 500, 500_000),
        (LotCause::Refresh, 60, 0),
        (LotCause::Next, 60, 0),
        (LotCause::Escalate, 60, 0),
    ] {
        let mut puppet = Puppet::new();
        puppet.open(1, Mode::Soft, queueing(5_000_000)).unwrap();
        puppet.suite.advance_time(waits);
        puppet.start_lot(1, cause, gold(300_000)).unwrap();
        assert_eq!(held(&puppet.suite, "atom"), Value::usd(left), "{cause}");
        assert_eq!(held(&puppet.suite, "gold"), Value::usd(300_000), "{cause}");
    }
}

/// An escalation draws what the new lot is larger than what the old one still holds, and nothing is refused for that.
#[test]
fn an_escalation_draws_the_difference() {
    for (others, need, sold, expected) in [
        // $500,000 held, $2,000,000 wanted.
        (0, 5_000_000, 0, Ok(2_000_000)),
        // $400,000 held, $600,000 wanted, room for exactly that.
        (1_400_000, 600_000, 10_000, Ok(2_000_000)),
        // A dollar too many: a millisecond later, that is a second.
        (1_400_001, 600_000, 10_000, Err(1)),
        // What is not larger is never refused, and gives back what it does not need.
        (9_000_000, 500_000, 0, Ok(9_500_000)),
        (9_000_000, 300_000, 0, Ok(9_300_000)),
        (9_000_000, 600_000, 0, Err((7_600_000 * 36 / 80_000) as u64)),
    ] {
        let mut puppet = Puppet::new();
        puppet.open(1, Mode::Soft, queueing(5_000_000)).unwrap();
        let lot_holds = 500_000 - sold * 10;
        sell(&mut puppet, 1, sold);
        let now = puppet.suite.now();
        crowd(&mut puppet.suite, "atom", others + lot_holds);
        let done = puppet.start_lot(1, LotCause::Escalate, queueing(need));
        match expected {
            Ok(total) => {
                done.unwrap();
                assert_eq!(
                    held(&puppet.suite, "atom"),
                    Value::usd(total),
                    "{others} {need} {sold}"
                );
                let draw = sale(&puppet.suite, 1).lot.unwrap().draw.unwrap();
                assert_eq!(draw.value, Value::usd(need.min(2_000_000)));
            }
            Err(seconds) => assert_eq!(error(done), full(now + seconds), "{others} {need} {sold}"),
        }
    }
}

#[test]
fn an_escalation_of_an_expired_lot_draws_in_full() {
    let mut puppet = Puppet::new();
    puppet.open(1, Mode::Soft, queueing(5_000_000)).unwrap();
    puppet.suite.advance_time(500);
    crowd(&mut puppet.suite, "atom", 1_400_000);
    let now = puppet.suite.now();
    let refused = error(puppet.start_lot(1, LotCause::Escalate, queueing(700_000)));
    assert_eq!(refused, full(now + 45));
}

#[test]
fn waking_draws() {
    let mut puppet = Puppet::new();
    puppet.open(1, Mode::Soft, queueing(5_000_000)).unwrap();
    puppet.suite.advance_time(500);
    puppet.send(&ExecuteMsg::Sleep { position: 1 }).unwrap();
    crowd(&mut puppet.suite, "atom", 0);
    puppet.start_lot(1, LotCause::Wake, queueing(200_000)).unwrap();
    assert_eq!(held(&puppet.suite, "atom"), Value::usd(200_000));
}

// ---------------------------------------------------------------- what is given back

#[test]
fn the_unsold_rest_of_a_lot_that_ends_in_its_life_is_given_back() {
    let end = ExecuteMsg::End {
        position: 1,
        reason: EndReason::TargetMet,
    };
    let sleep = ExecuteMsg::Sleep { position: 1 };
    for (msg, seconds, left) in [
        // Scheduled, alive, in its last second, over.
        (&end, 0, 0),
        (&end, 200, 0),
        (&end, 450, 0),
        (&end, 451, 300_000),
        (&sleep, 200, 0),
        (&sleep, 451, 300_000),
    ] {
        let mut puppet = Puppet::new();
        puppet.open(1, Mode::Soft, queueing(5_000_000)).unwrap();
        sell(&mut puppet, 1, 20_000);
        crowd(&mut puppet.suite, "atom", 300_000);
        puppet.suite.advance_time(seconds);
        let done = puppet.send(msg).unwrap();
        assert_eq!(
            held(&puppet.suite, "atom"),
            Value::usd(left),
            "{seconds} s, {msg:?}"
        );
        assert_eq!(done.event(BacklogChanged::TYPE).is_some(), left == 0);
    }
}

/// More is never given back than is in the queue, and the room of a last lot gives back nothing once what was needed is
/// sold.
#[test]
fn no_more_is_given_back_than_was_drawn() {
    let end = ExecuteMsg::End {
        position: 1,
        reason: EndReason::TargetMet,
    };
    let mut puppet = Puppet::new();
    puppet.open(1, Mode::Soft, queueing(200_000)).unwrap();
    let lot = sale(&puppet.suite, 1).lot.unwrap();
    assert_eq!(lot.amount.u128(), 40_000 * UNIT);
    sell(&mut puppet, 1, 20_000);
    puppet.send(&end).unwrap();
    assert_eq!(held(&puppet.suite, "atom"), Value::usd(200_000));

    let mut puppet = Puppet::new();
    puppet.open(1, Mode::Soft, queueing(200_000)).unwrap();
    crowd(&mut puppet.suite, "atom", 50_000);
    puppet.send(&end).unwrap();
    assert_eq!(held(&puppet.suite, "atom"), Value::ZERO);
}

/// Ending a sale never fails for its queue: not without its price records either.
#[test]
fn a_sale_ends_whatever_its_prices_and_its_queue_are() {
    let mut puppet = Puppet::new();
    puppet.open(1, Mode::Soft, queueing(200_000)).unwrap();
    let oracle = puppet.suite.peers.oracle_adapter.clone();
    let mut storage = puppet.suite.app.contract_storage_mut(&oracle);
    glidepath_interfaces::oracle::PRICES.remove(&mut *storage, "atom");
    drop(storage);
    let reason = EndReason::Governance;
    puppet.send(&ExecuteMsg::End { position: 1, reason }).unwrap();
    assert_eq!(held(&puppet.suite, "atom"), Value::usd(200_000));
}

// ---------------------------------------------------------------- bids

/// The position of 100,000 atoms at $9, with its first lot ($100,000 of a need of some $157,000) on sale.
fn on_sale() -> (Suite, u64) {
    let mut suite = queued().build();
    let position = leaning(&mut suite, "alice", 100_000);
    suite.set_price("atom", "9");
    suite.positions().advance(position).unwrap();
    to_lot(&mut suite, position);
    (suite, position)
}

#[test]
fn a_fill_in_the_middle_of_a_lot_leaves_the_queue_alone_and_one_that_clears_it_draws_the_next() {
    let (mut suite, position) = on_sale();
    let bob = suite.user("bob");
    let before = backlog(&suite, "atom");
    assert_eq!(before.value, Value::usd(100_000));
    let lot = sale(&suite, position).lot.unwrap();
    let done = suite.auction().bid(&bob, position, 40_000 * UNIT).unwrap();
    assert!(done.event(BacklogChanged::TYPE).is_none());
    assert_eq!(backlog(&suite, "atom"), before);
    let sold: Uint128 = done.event(Filled::TYPE).unwrap().must("sold");
    let left = sale(&suite, position).lot.unwrap();
    assert_eq!(left.draw, lot.draw.unwrap().less(sold).unwrap());

    let done = suite.auction().bid(&bob, position, 100_000 * UNIT).unwrap();
    let started = done.event(LotStarted::TYPE).unwrap();
    assert_eq!(started.text("cause"), Some("next"));
    let next = sale(&suite, position).lot.unwrap().draw.unwrap();
    assert!(next.value < Value::usd(100_000) && next.value > Value::usd(50_000));
    // What has drained in the 6 s from the opening to the start of its first lot, and the second draw.
    let drained = Value::usd(1_600_000 * 6 / 3_600);
    let total = held(&suite, "atom");
    let sum = next.value.0 + Value::usd(100_000).0 - drained.0;
    assert!(total.0.abs_diff(sum) <= Value::usd(1).0, "{total}");
}

#[test]
fn a_bid_is_never_refused_for_a_full_queue_and_the_next_lot_waits() {
    let (mut suite, position) = on_sale();
    let bob = suite.user("bob");
    crowd(&mut suite, "atom", 400_000);
    let now = suite.now();
    let done = suite.auction().bid(&bob, position, 200_000 * UNIT).unwrap();
    let filled = done.event(Filled::TYPE).unwrap();
    assert_eq!(filled.must::<Uint128>("lot_left"), Uint128::zero());
    let waits = done.event(LotWaits::TYPE).unwrap();
    let until: u64 = waits.must("until");
    assert!(until > now + 100 && until < now + 225, "{until}");
    assert!(done.event(LotStarted::TYPE).is_none());
    let cleared = sale(&suite, position).lot.unwrap();
    assert_eq!((cleared.left.u128(), cleared.draw), (0, None));
    assert!(matches!(
        error(suite.auction().bid(&bob, position, UNIT)),
        ContractError::NoLot { .. }
    ));

    // It starts when the queue admits it, and follows: the cleared lot is less than a life ago.
    suite.until(until);
    let done = suite.positions().advance(position).unwrap();
    let started = done.event(LotStarted::TYPE).unwrap();
    assert_eq!(started.text("cause"), Some("next"));
    assert_eq!(started.text("follows"), Some("true"));
    assert!(held(&suite, "atom") <= Value::usd(400_000));
}

/// A fill that ends the sale gives back what its lot still held.
#[test]
fn a_fill_that_meets_the_target_gives_the_rest_back() {
    let (mut suite, position) = on_sale();
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    // Once the sale has begun the owner repays most of what is needed: of the lot a small part is enough.
    let first = suite.auction().bid(&bob, position, 20_000 * UNIT).unwrap();
    let first: Uint128 = first.event(Filled::TYPE).unwrap().must("sold");
    let paid = 47_000 * UNIT;
    suite.give(&alice, "usdc", paid);
    suite
        .positions()
        .update(
            &alice,
            Some(position),
            vec![repay("usdc", paid)],
            &[("usdc", paid)],
        )
        .unwrap();
    let before = held(&suite, "atom");
    let done = suite.auction().bid(&bob, position, 200_000 * UNIT).unwrap();
    let sold: Uint128 = done.event(Filled::TYPE).unwrap().must("sold");
    assert!(sold.u128() < 1_000 * UNIT, "{sold}");
    assert!(suite.ask().sale(position).is_err(), "the sale is over");
    let rest = 100_000 - (first + sold).u128() * 9 / UNIT;
    let gone = before.minus(held(&suite, "atom"));
    assert!(
        gone.0.abs_diff(Value::usd(rest).0) <= Value::usd(10).0,
        "{gone} of {rest}"
    );
}

// ---------------------------------------------------------------- the query

#[test]
fn the_query_tells_what_is_left_and_when_a_lot_is_admitted() {
    let (mut suite, _) = on_sale();
    crowd(&mut suite, "atom", 300_000);
    let at = suite.now();
    suite.elapse(90);
    let answer = suite.ask().queue("atom", Some(200_000)).unwrap();
    let value = Value::usd(300_000);
    assert_eq!(answer.backlog, Backlog { value, at });
    let now = answer.now.unwrap();
    assert_eq!(now.left, Value::usd(260_000));
    assert_eq!(now.burst, Value::usd(400_000));
    assert_eq!(now.rate, Value::usd(1_600_000));
    assert_eq!(now.admits_at, at + 225);
    // The largest lot needs four fifths of it; a small one is admitted now.
    let largest = suite.ask().queue("atom", None).unwrap().now.unwrap();
    assert_eq!(largest.admits_at, at + 495);
    let small = suite.ask().queue("atom", Some(140_000)).unwrap().now.unwrap();
    assert_eq!(small.admits_at, suite.now());

    let none = Suite::default().ask().queue("atom", None).unwrap();
    assert_eq!((none.backlog, none.now), (Backlog::default(), None));
    assert!(suite.ask().queue("nothing", None).is_err());
}

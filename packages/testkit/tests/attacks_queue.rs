//! Attacks on the queue of lots: 55 (forty positions on one collateral in one crash), 76 (a lot that waited for hours), 78
//! (dust ahead of a victim).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::collections::BTreeSet;

use cosmwasm_std::Decimal;
use glidepath_interfaces::auction::{LotCause, Mode};
use glidepath_interfaces::events::auction::{Filled, LotStarted};
use glidepath_interfaces::position_manager::Advanced;
use glidepath_position_manager::ContractError;
use glidepath_testkit::scenes::{advance_all, leaning, queued, to_lot, UNIT};
use glidepath_testkit::{id, refused, AssetSpec, Suite};

/// Buyers come at a discount of 1 %.
fn wanted() -> Decimal {
    Decimal::percent(99)
}

/// Advances a position, and tells whether a lot of it started over.
fn touch(suite: &mut Suite, position: u64) -> bool {
    let Ok(done) = suite.positions().advance(position) else {
        return false;
    };
    let started = done.event(LotStarted::TYPE);
    started.is_some_and(|event| event.text("cause") == Some(LotCause::Restart.to_string().as_str()))
}

#[test]
fn attack_55_forty_lots_in_one_crash_reach_no_floor_because_others_queue_before_them() {
    let mut suite = queued().unwatched().build();
    let positions: Vec<u64> = (0..40)
        .map(|n| leaning(&mut suite, &format!("owner {n}"), 9_500))
        .collect();
    suite.set_price("atom", "9");
    let bob = suite.user("bob");
    let (mut open, mut waited, mut lowest) = (BTreeSet::from_iter(positions), 0u32, Decimal::one());
    for _ in 0..600 {
        for position in open.clone() {
            assert!(!touch(&mut suite, position), "a lot of {position} expired");
            let Ok(sale) = suite.ask().sale(position) else {
                let healthy = suite
                    .ask()
                    .position(position)
                    .unwrap()
                    .health
                    .maintenance
                    .unwrap();
                match healthy >= Decimal::one() {
                    true => open.remove(&position),
                    false => {
                        waited += 1;
                        continue;
                    }
                };
                continue;
            };
            if sale.multiplier.is_some_and(|multiplier| multiplier <= wanted()) {
                let done = suite.auction().bid(&bob, position, 100_000 * UNIT).unwrap();
                let multiplier: Decimal = done.event(Filled::TYPE).unwrap().must("multiplier");
                lowest = lowest.min(multiplier);
            }
        }
        if open.is_empty() {
            break;
        }
        suite.elapse(6);
    }
    assert!(open.is_empty(), "{} are not done after an hour", open.len());
    assert!(waited > 0, "nobody had to wait");
    assert!(lowest >= Decimal::permille(985), "sold at {lowest}");
}

#[test]
fn attack_76_a_lot_that_waited_for_hours_sells_nothing_above_maintenance() {
    let mut suite = queued().build();
    let positions: Vec<u64> = (0..5)
        .map(|n| leaning(&mut suite, &format!("owner {n}"), 75_000))
        .collect();
    suite.set_price("atom", "8.70");
    for position in &positions[..4] {
        suite.positions().advance(*position).unwrap();
    }
    let last = positions[4];
    suite.positions().advance(last).unwrap();
    let full: ContractError = refused(suite.positions().advance(last));
    assert!(matches!(full, ContractError::QueueFull { .. }), "{full:?}");
    // Two hours later there is room, but the price came back above maintenance.
    suite.elapse(7_200);
    suite.set_price("atom", "9.20");
    suite.positions().advance(last).unwrap();
    assert!(suite.ask().sale(last).is_err());
    assert!(suite.ask().position(last).unwrap().grace_left.is_none());
}

#[test]
fn attack_78_dust_ahead_keeps_a_victim_waiting_no_longer_than_the_burst_takes() {
    let mut suite = queued().unwatched().build();
    let dust: Vec<u64> = (0..200)
        .map(|n| leaning(&mut suite, &format!("dust {n}"), 20))
        .collect();
    let crowd: Vec<u64> = (0..4)
        .map(|n| leaning(&mut suite, &format!("owner {n}"), 75_000))
        .collect();
    let victim = leaning(&mut suite, "victim", 75_000);
    suite.set_price("atom", "8.70");
    for position in dust.iter().chain(&crowd) {
        let _ = suite.positions().advance(*position);
    }
    suite.positions().advance(victim).unwrap();
    let (start, mallory) = (suite.now(), suite.user("mallory"));
    // $400,000 at once, $1,600,000 an hour: nobody waits longer than 900 s, whatever the dust does in each block.
    let opened_at = loop {
        for position in dust.iter().step_by(7) {
            let _ = suite.positions().advance(*position);
            let _ = suite.positions().deposit(&mallory, *position, "atom", 1);
        }
        match suite.positions().advance(victim) {
            Ok(_) if suite.ask().sale(victim).is_ok() => break suite.now(),
            Ok(_) => {}
            Err(_) => assert!(suite.now() - start <= 900, "waits since {start}"),
        }
        suite.elapse(6);
    };
    assert!(opened_at - start <= 900);
    to_lot(&mut suite, victim);
    advance_all(&mut suite, victim);
}

/// What comes first in order has a full queue. What has none is sold meanwhile; the first has its turn when there is room.
#[test]
fn attack_59_and_78_a_full_queue_does_not_shield_what_has_none() {
    let mut suite = queued()
        .asset(AssetSpec::eth().calm().no_interest())
        .unwatched()
        .build();
    let crowd: Vec<u64> = (0..6)
        .map(|n| leaning(&mut suite, &format!("owner {n}"), 60_000))
        .collect();
    let alice = suite.user("alice");
    let held = [("atom", 30_000 * UNIT), ("eth", suite.units("eth", "200"))];
    let victim = suite
        .positions()
        .open(&alice, &held, &[("usdc", 550_000 * UNIT)])
        .unwrap();
    suite.set_price("atom", "8.70");
    suite.set_price("eth", "2240");
    for position in &crowd {
        suite.positions().advance(*position).unwrap();
    }
    let due = suite.ask().due(victim).unwrap();
    assert_eq!(due.due, Some(Advanced::Opened { mode: Mode::Soft }));
    suite.positions().advance(victim).unwrap();
    let on_sale = |suite: &Suite| suite.ask().sale(victim).unwrap().sale.collateral;
    assert_eq!(on_sale(&suite), id("eth"));
    // Nobody buys it. The other's turn has come, but two more took the room in its queue: the same starts over.
    suite.elapse(460);
    suite.positions().advance(crowd[4]).unwrap();
    suite.positions().advance(crowd[5]).unwrap();
    assert!(touch(&mut suite, victim));
    assert_eq!(on_sale(&suite), id("eth"));
    suite.elapse(490);
    assert!(touch(&mut suite, victim));
    assert_eq!(on_sale(&suite), id("atom"));
}

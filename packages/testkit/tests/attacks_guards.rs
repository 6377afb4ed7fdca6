//! Attacks on what guards a price, on the suite: 26 and 68 (stops), 28 (unsure and jumping prices), 31 and 66 (a pushed
//! price trips the breaker), 32 and 67 (a dead source).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use cosmwasm_std::Decimal;
use glidepath_interfaces::oracle::{Breaker, Feed, PriceRefusal, Source, StopKind};
use glidepath_interfaces::position_manager::Refusal;
use glidepath_liquidation_auction::ContractError as Refused;
use glidepath_position_manager::ContractError;
use glidepath_testkit::handles::{borrow, deposit, repay, withdraw};
use glidepath_testkit::scenes::{advance_all, calm, leveraged, on_sale, run_down, UNIT};
use glidepath_testkit::{id, refused, AssetSpec, Outcome, Result, Suite};

const HOUR: u64 = 3_600;

/// Why the position manager refuses a price.
fn price_refusal(result: Result<Outcome>) -> PriceRefusal {
    match refused::<ContractError>(result) {
        ContractError::Price(refusal) => refusal,
        other => panic!("{other}"),
    }
}

/// A position of 1,000 atoms of somebody, that owes 1,000 usdc.
fn sound(suite: &mut Suite, who: &str) -> u64 {
    let who = suite.user(who);
    suite
        .positions()
        .open(&who, &[("atom", 1_000 * UNIT)], &[("usdc", 1_000 * UNIT)])
        .unwrap()
}

/// The two ways to increase a risk.
fn risks(suite: &mut Suite, who: &str, position: u64) -> [Result<Outcome>; 2] {
    let who = suite.user(who);
    [borrow("usdc", UNIT), withdraw("atom", UNIT)]
        .map(|action| suite.positions().update(&who, Some(position), vec![action], &[]))
}

/// Repaying, adding collateral, withdrawing where nothing is owed, lending and taking a supply back.
fn what_stays_open(suite: &mut Suite, position: u64, free: u64) {
    let (bob, free_owner, lender) = (suite.user("bob"), suite.user("freda"), suite.user("lender"));
    suite.give(&bob, "usdc", 10 * UNIT);
    suite.give(&bob, "atom", UNIT);
    for (action, paid) in [
        (repay("usdc", UNIT), [("usdc", UNIT)]),
        (deposit("atom", UNIT), [("atom", UNIT)]),
    ] {
        suite
            .positions()
            .update(&bob, Some(position), vec![action], &paid)
            .unwrap();
    }
    suite
        .positions()
        .update(&free_owner, Some(free), vec![withdraw("atom", UNIT)], &[])
        .unwrap();
    suite.vault().supply(&bob, "usdc", UNIT).unwrap();
    suite.vault().withdraw(&lender, "usdc", Some(UNIT)).unwrap();
}

/// Somebody's position without debt.
fn without_debt(suite: &mut Suite) -> u64 {
    let freda = suite.user("freda");
    suite
        .positions()
        .open(&freda, &[("atom", 100 * UNIT)], &[])
        .unwrap()
}

// ---------------------------------------------------------------- 26, 68

/// A stop of borrowing stops borrowing: all that lowers a risk stays open, and so do calls, sales and bids.
#[test]
fn attack_26_a_stop_of_borrowing_leaves_all_else_open() {
    for asset in ["atom", "usdc"] {
        let mut suite = calm().build();
        let free = without_debt(&mut suite);
        let other = sound(&mut suite, "carol");
        let position = leveraged(&mut suite);
        let guardian = suite.guardian.clone();
        let until = suite.now() + 72 * HOUR;
        suite
            .oracle()
            .stop(&guardian, asset, StopKind::Borrowing, 72 * HOUR)
            .unwrap();
        suite.elapse(6);
        for refusal in risks(&mut suite, "carol", other).map(price_refusal) {
            let stopped = PriceRefusal::Stopped {
                asset: id(asset),
                until,
            };
            assert_eq!(refusal, stopped);
        }
        what_stays_open(&mut suite, position, free);
        // Health is judged as ever: called, opened, sold.
        suite.set_price("atom", "9.20");
        suite.positions().advance(position).unwrap();
        suite.elapse(901);
        suite.positions().advance(position).unwrap();
        let lot = suite.ask().sale(position).unwrap().sale.lot.unwrap();
        suite.until(lot.start_at + 120);
        let bob = suite.user("bob");
        suite.auction().bid(&bob, position, 10_000 * UNIT).unwrap();
        // It ends by itself.
        suite.set_price("atom", "10");
        suite.until(until);
        for done in risks(&mut suite, "carol", other) {
            done.unwrap();
        }
    }
}

/// A stop of fills stops bids and new risks, and nothing else; when it ends, a bid that was due before is possible again.
#[test]
fn attack_26_and_68_a_stop_of_fills_leaves_calls_and_cures_open() {
    for asset in ["atom", "usdc"] {
        let mut suite = calm().build();
        let free = without_debt(&mut suite);
        let other = sound(&mut suite, "carol");
        let late = sound(&mut suite, "dora");
        let position = on_sale(&mut suite);
        let (guardian, bob) = (suite.guardian.clone(), suite.user("bob"));
        let until = suite.now() + 4 * HOUR;
        suite
            .oracle()
            .stop(&guardian, asset, StopKind::Fills, 4 * HOUR)
            .unwrap();
        let stopped = PriceRefusal::Stopped {
            asset: id(asset),
            until,
        };
        match refused::<Refused>(suite.auction().bid(&bob, position, 10_000 * UNIT)) {
            Refused::Refused(Refusal::Price(refusal)) => assert_eq!(refusal, stopped),
            other => panic!("{other}"),
        }
        for refusal in risks(&mut suite, "carol", other).map(price_refusal) {
            assert_eq!(refusal, stopped);
        }
        what_stays_open(&mut suite, position, free);
        // Health is judged as ever: another position falls, and is called.
        suite.set_price("atom", "1.20");
        suite.positions().advance(late).unwrap();
        suite.set_price("atom", "9.20");
        // The guardian can't go on with it, and it ends.
        suite.until(until - 1);
        suite
            .oracle()
            .stop(&guardian, asset, StopKind::Fills, HOUR)
            .unwrap_err();
        suite.until(until);
        let end = run_down(&mut suite, position, &bob);
        assert!(!end.events.is_empty());
        assert!(suite.ask().health(position).unwrap().unwrap() >= Decimal::one());
    }
}

// ---------------------------------------------------------------- 28, 31, 66

/// Reporters who disagree make a price that nobody increases a risk on; one liar among many makes none.
#[test]
fn attack_28_an_unsure_price_lends_nothing() {
    let mut suite = calm().reporters(2, 2).build();
    let position = sound(&mut suite, "carol");
    let unsure = |suite: &mut Suite, prices: [&str; 2]| {
        suite.elapse(6);
        suite.advance_time(6);
        for (reporter, price) in suite.reporters.clone().iter().zip(prices) {
            suite.oracle().post(reporter, "atom", price).unwrap();
        }
    };
    // Apart from their mean by .5 of 10, which is as much as may be.
    unsure(&mut suite, ["9.5", "10.5"]);
    for done in risks(&mut suite, "carol", position) {
        done.unwrap();
    }
    unsure(&mut suite, ["9.49", "10.51"]);
    for refusal in risks(&mut suite, "carol", position).map(price_refusal) {
        let wide = PriceRefusal::TooWide {
            asset: id("atom"),
            confidence: Decimal::permille(51),
            max: Decimal::percent(5),
        };
        assert_eq!(refusal, wide);
    }

    let mut suite = calm().reporters(5, 5).build();
    let position = sound(&mut suite, "carol");
    suite.elapse(6);
    suite.advance_time(6);
    for (n, reporter) in suite.reporters.clone().iter().enumerate() {
        let price = if n == 0 { "1000000" } else { "10" };
        suite.oracle().post(reporter, "atom", price).unwrap();
    }
    for done in risks(&mut suite, "carol", position) {
        done.unwrap();
    }
}

/// A price too far from its average lends nothing in either direction, of a collateral or of a debt.
#[test]
fn attack_28_a_price_far_from_its_average_lends_nothing() {
    for (asset, near, far) in [
        ("atom", "10.5", "10.6"),
        ("atom", "9.5", "9.4"),
        ("usdc", "1.05", "1.06"),
        ("usdc", "0.95", "0.94"),
    ] {
        let mut suite = calm()
            .each_asset(|spec| spec.tune(|params| params.limits.deviation = Decimal::percent(5)))
            .build();
        let position = sound(&mut suite, "carol");
        let start = support::Moment::of(&suite);
        suite.advance_time(6);
        suite.set_price(asset, near);
        for done in risks(&mut suite, "carol", position) {
            done.unwrap();
        }
        start.restore(&mut suite);
        suite.advance_time(6);
        suite.set_price(asset, far);
        for refusal in risks(&mut suite, "carol", position).map(price_refusal) {
            assert!(
                matches!(&refusal, PriceRefusal::TooFar { asset: found, .. } if *found == id(asset)),
                "{refusal}"
            );
        }
    }
}

fn jumpy(spec: AssetSpec) -> AssetSpec {
    let mut spec = spec;
    spec.feed.breaker = Breaker {
        max_move: Decimal::percent(10),
        cool_down: 1_800,
        confirm_jump: 180,
    };
    spec
}

/// An hour of silence, then a pushed price: the breaker trips in the same call. Nobody borrows, and liquidation goes on;
/// when prices agree again it ends by itself.
#[test]
fn attack_31_and_66_a_pushed_price_trips_the_breaker_and_stops_no_liquidation() {
    let mut suite = calm().each_asset(jumpy).build();
    let (position, other) = (leveraged(&mut suite), sound(&mut suite, "carol"));
    suite.advance_time(HOUR);
    suite.set_prices(&[("atom", "8.80"), ("usdc", "1")]);
    let now = suite.now();
    for refusal in risks(&mut suite, "carol", other).map(price_refusal) {
        let stopped = PriceRefusal::Stopped {
            asset: id("atom"),
            until: now + 1_800,
        };
        assert_eq!(refusal, stopped);
    }
    suite.positions().advance(position).unwrap();
    suite.set_price("atom", "10");
    suite.until(now + 1_799);
    for refusal in risks(&mut suite, "carol", other) {
        price_refusal(refusal);
    }
    suite.until(now + 1_800);
    for done in risks(&mut suite, "carol", other) {
        done.unwrap();
    }
    // The price falls for good: the position is sold down while the breaker stands.
    suite.set_price("atom", "8.80");
    assert!(suite.ask().price("atom").unwrap().no_borrowing_until(suite.now()) > suite.now());
    let bob = suite.user("bob");
    run_down(&mut suite, position, &bob);
    assert!(suite.ask().health(position).unwrap().unwrap() >= Decimal::one());
}

// ---------------------------------------------------------------- 32, 67

/// Two of three reporters are gone, and the market has fallen by 30 %. While the source is dead nobody borrows or is sold,
/// and repaying works; governance replaces it, and liquidation goes on at the new price.
#[test]
fn attack_32_and_67_governance_replaces_a_dead_source_and_liquidation_goes_on() {
    let mut suite = calm().reporters(3, 3).build();
    let position = leveraged(&mut suite);
    let free = without_debt(&mut suite);
    let (alone, bob) = (suite.reporters[0].clone(), suite.user("bob"));
    let usdc = Feed {
        source: Source::Posted {
            quorum: 1,
            fresh: 120,
        },
        ..suite.ask().feed("usdc").unwrap()
    };
    suite.oracle().set_feed("usdc", usdc).unwrap();
    let atom = Feed {
        source: Source::Posted {
            quorum: 1,
            fresh: 120,
        },
        ..suite.ask().feed("atom").unwrap()
    };
    suite.advance_time(HOUR);
    let report = |suite: &mut Suite| {
        for (asset, price) in [("atom", "7"), ("usdc", "1")] {
            suite.oracle().post(&alone, asset, price).unwrap();
        }
    };
    report(&mut suite);
    assert_eq!(
        suite.ask().price("atom").unwrap().price.0,
        Decimal::from_ratio(10u128, 1u128)
    );
    what_stays_open(&mut suite, position, free);
    suite.positions().advance(position).unwrap_err();
    for refusal in risks(&mut suite, "alice", position) {
        price_refusal(refusal);
    }
    suite.oracle().set_feed("atom", atom.clone()).unwrap_err();

    suite.advance_time(6);
    report(&mut suite);
    suite.oracle().set_feed("atom", atom).unwrap();
    let record = suite.ask().price("atom").unwrap();
    assert_eq!(record.price.0, Decimal::from_ratio(7u128, 1u128));
    assert_eq!(record.smoothed, record.price);
    assert!(record.no_borrowing_until(suite.now()) > suite.now());
    suite.positions().advance(position).unwrap();
    suite.reporters = vec![alone];
    suite.set_prices(&[("atom", "7"), ("usdc", "1")]);
    run_down(&mut suite, position, &bob);
    advance_all(&mut suite, position);
    let owed = suite.ask().ledger(position).unwrap().owed;
    assert!(
        owed.is_empty(),
        "a debt of 740,000 on 700,000: sold and written off"
    );
}

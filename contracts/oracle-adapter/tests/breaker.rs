//! The jump breaker.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod common;

use common::*;
use cosmwasm_std::Decimal;
use glidepath_interfaces::oracle::{Breaker, Care, Feed};

const JUMPED: &str = "glidepath_oracle-adapter/jumped";

/// A move of 10 % is too far; the stop lasts 1,800 s and the careful period 180 s.
fn jumpy(quorum: u8) -> Feed {
    Feed {
        breaker: Breaker {
            max_move: Decimal::percent(10),
            cool_down: 1_800,
            confirm_jump: 180,
        },
        ..feed(quorum)
    }
}

/// A price of 10 that has warmed up and never moved.
fn calm(quorum: u8) -> Suite {
    let mut suite = Suite::with_feed(jumpy(quorum));
    for _ in 0..2 {
        for n in 1..=usize::from(quorum) {
            suite.tick(n, "10");
        }
        suite.wait(1_800);
    }
    assert_eq!(suite.atom().stops.care, None);
    suite
}

fn care(begun: u64) -> Option<Care> {
    Some(Care {
        until: begun + 180,
        band: Decimal::percent(10),
    })
}

#[test]
fn a_move_one_digit_beyond_the_bound_trips_it_in_the_same_call() {
    for (text, trips) in [
        ("11", false),
        ("11.000000000000000001", true),
        ("9", false),
        ("8.999999999999999999", true),
        ("0.000001", true),
    ] {
        let mut suite = calm(1);
        let now = suite.now();
        let done = suite.tick(1, text);
        let record = suite.atom();
        assert_eq!(record.price, price(text));
        assert_eq!(record.no_borrowing_until(now) > now, trips, "{text}");
        assert_eq!(has_event(&done, JUMPED), trips, "{text}");
        if trips {
            assert_eq!(record.stops.soft_until, now + 1_800);
            assert_eq!(record.stops.care, care(now));
            assert_eq!(
                event(&done, JUMPED),
                rows(&[
                    ("asset", &"atom"),
                    ("price", &text),
                    ("smoothed", &"10"),
                    ("until", &(now + 1_800)),
                    ("care_until", &(now + 180)),
                ])
            );
            assert_eq!(record.no_fills_until(now), 0, "fills go on");
        }
    }
}

#[test]
fn fills_of_what_fell_are_priced_with_care_until_the_jump_is_confirmed() {
    let mut suite = calm(1);
    let now = suite.now();
    suite.tick(1, "7");
    let record = suite.atom();
    for at in [now, now + 179] {
        assert_eq!(record.careful_price(at), Some(price("9")));
    }
    assert_eq!(record.careful_price(now + 180), None);
    let mut suite = calm(1);
    suite.tick(1, "20");
    let now = suite.now();
    assert_eq!(suite.atom().careful_price(now), None, "what rose is dear enough");
}

#[test]
fn asking_again_lengthens_the_stop_and_never_the_careful_period() {
    let mut suite = calm(1);
    let begun = suite.now();
    suite.tick(1, "8");
    suite.wait(50);
    let asked = suite.update(&["atom"]).unwrap();
    let told = event(&asked, JUMPED);
    assert!(!told.iter().any(|(key, _)| key == "care_until"), "{told:?}");
    for (seconds, text) in [(50, None), (100, Some("7")), (1_000, Some("7"))] {
        suite.wait(seconds);
        match text {
            Some(text) => suite.tick(1, text),
            None => suite.update(&["atom"]).unwrap(),
        };
        let stops = suite.atom().stops;
        assert_eq!(stops.soft_until, suite.now() + 1_800);
        assert_eq!(stops.care, care(begun));
    }
    // Nobody asks for longer than the stop, and the price is too far still: no new careful period.
    suite.wait(1_900);
    suite.tick(1, "6");
    let stops = suite.atom().stops;
    assert_eq!((stops.soft_until, stops.care), (suite.now() + 1_800, care(begun)));
}

#[test]
fn it_ends_by_itself_when_prices_agree_again_and_the_next_jump_is_a_new_one() {
    for (wait, new) in [(1_799, false), (1_800, true)] {
        let mut suite = calm(1);
        let begun = suite.now();
        suite.tick(1, "8");
        suite.wait(60);
        suite.tick(1, "10");
        suite.wait(540);
        let near = suite.tick(1, "10");
        assert!(!has_event(&near, JUMPED));
        assert_eq!(suite.atom().stops.soft_until, begun + 1_800, "not lengthened");
        suite.wait(wait - 600);
        let now = suite.now();
        assert_eq!(suite.atom().no_borrowing_until(now) <= now, new);
        suite.tick(1, "8");
        let stops = suite.atom().stops;
        assert_eq!(stops.soft_until, now + 1_800);
        assert_eq!(stops.care, care(if new { now } else { begun }), "after {wait} s");
    }
}

#[test]
fn anyone_trips_it_by_asking() {
    let mut suite = calm(1);
    suite.tick(1, "10");
    suite.wait(50);
    // The two votes are as old as the older one: no newer price yet.
    suite.tick(2, "8");
    assert_eq!(suite.atom().price, price("10"));
    suite.wait(11);
    let asked = suite.update(&["atom"]).unwrap();
    assert_eq!(suite.atom().price, price("8"));
    assert!(has_event(&asked, JUMPED));
    assert_eq!(suite.atom().stops.care, care(suite.now()));
}

#[test]
fn a_median_that_is_corrected_within_its_moment() {
    // A liar and one other make a price that is too far; the third vote puts it right. The stop stays, and there is
    // nothing to be careful with.
    let mut suite = calm(2);
    let (now, at) = (suite.now(), suite.now());
    suite.post(1, "20", at).unwrap();
    suite.post(2, "10", at).unwrap();
    assert_eq!(suite.atom().price, price("15"));
    suite.post(3, "10", at).unwrap();
    let record = suite.atom();
    assert_eq!(
        (record.price, record.stops.soft_until),
        (price("10"), now + 1_800)
    );
    assert_eq!(record.careful_price(now), None);

    // A liar holds a fall back; the third vote lets it through and trips the breaker. Further votes on the same moment,
    // however late, renew nothing.
    let mut suite = calm(2);
    let at = suite.now();
    suite.post(1, "10", at).unwrap();
    suite.post(2, "8", at).unwrap();
    assert_eq!((suite.atom().price, suite.atom().stops.care), (price("9"), None));
    suite.wait(20);
    suite.post(3, "7", at).unwrap();
    let begun = suite.now();
    assert_eq!(
        (suite.atom().price, suite.atom().stops.care),
        (price("8"), care(begun))
    );
    suite.wait(20);
    suite.post(4, "7", at).unwrap();
    let record = suite.atom();
    assert_eq!((record.price, record.stops.care), (price("7.5"), care(begun)));
    assert_eq!(record.stops.soft_until, begun + 20 + 1_800);
}

#[test]
fn attack_66_the_first_price_after_an_outage_is_judged_by_the_one_before_it() {
    let mut suite = calm(1);
    suite.tick(1, "10");
    suite.wait(7_200);
    suite.update(&["atom"]).unwrap();
    assert!(suite.atom().outage.is_open());
    let now = suite.now();
    suite.tick(1, "13");
    let record = suite.atom();
    assert_eq!((record.price, record.smoothed), (price("13"), price("10")));
    assert_eq!(
        (record.stops.soft_until, record.stops.care),
        (now + 1_800, care(now))
    );
    assert_eq!(record.outage.until, Some(now));
}

//! `SetFeed` with another source for an asset that has a price.
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
use glidepath_interfaces::oracle::{ExecuteMsg, Feed, Source, StopKind};
use glidepath_oracle_adapter::ContractError;

fn posted(quorum: u8, fresh: u64) -> Feed {
    Feed {
        source: Source::Posted { quorum, fresh },
        ..feed(1)
    }
}

fn silent() -> ContractError {
    ContractError::SourceSilent { asset: asset("atom") }
}

#[test]
fn windows_change_at_will_whatever_the_source_says() {
    let mut suite = Suite::with_feed(feed(1));
    suite.tick(1, "10");
    suite.wait(86_400);
    let before = suite.atom();
    let other = Feed {
        smoothing: 60,
        warm_up: 0,
        ..feed(1)
    };
    suite.set_feed("atom", other).unwrap();
    assert_eq!(suite.atom(), before);
}

#[test]
fn attack_32_another_source_must_answer_now() {
    let mut suite = Suite::with_feed(feed(1));
    suite.tick(1, "10");
    assert_eq!(refusal(suite.set_feed("atom", feed(2))), silent());
    // What it says of more than an hour ago is no answer, however patient it is.
    suite.wait(3_600);
    suite.set_feed("atom", posted(1, 86_400)).unwrap();
    suite.wait(1);
    assert_eq!(refusal(suite.set_feed("atom", posted(1, 7_200))), silent());
    suite.tick(1, "10");
    suite.set_feed("atom", posted(1, 7_200)).unwrap();
}

#[test]
fn attack_32_another_source_must_agree_with_a_record_that_lives() {
    for (second, found) in [
        ("10.4", None),
        ("10.400000000000000002", Some("10.200000000000000001")),
        ("9.6", None),
        ("9.599999999999999998", Some("9.799999999999999999")),
    ] {
        let mut suite = Suite::with_feed(feed(1));
        suite.tick(1, "10");
        suite.wait(50);
        // The two votes are as old as the older one: no newer price.
        suite.tick(2, second);
        let before = suite.atom();
        let set = suite.set_feed("atom", feed(2));
        match found {
            None => drop(set.unwrap()),
            Some(found) => assert_eq!(
                refusal(set),
                ContractError::SourceDisagrees {
                    asset: asset("atom"),
                    record: price("10"),
                    found: price(found),
                    bound: cosmwasm_std::Decimal::percent(2),
                }
            ),
        }
        assert_eq!(suite.atom(), before, "the record goes on");
    }
}

#[test]
fn attack_67_a_dead_source_is_replaced_after_an_hour_and_not_before() {
    let mut suite = Suite::with_feed(feed(3));
    for n in 1..=3 {
        suite.tick(n, "10");
    }
    let owner = suite.owner.clone();
    for (kind, seconds) in [(StopKind::Borrowing, 86_400), (StopKind::Fills, 7_200)] {
        let stop = ExecuteMsg::Stop {
            assets: vec![asset("atom")],
            kind,
            seconds,
        };
        suite.execute(&owner, &stop).unwrap();
    }
    suite.wait(3_600);
    suite.tick(1, "7");
    let disagrees = ContractError::SourceDisagrees {
        asset: asset("atom"),
        record: price("10"),
        found: price("7"),
        bound: cosmwasm_std::Decimal::percent(2),
    };
    assert_eq!(refusal(suite.set_feed("atom", feed(1))), disagrees);
    suite.wait(1);
    let before = suite.atom();
    let done = suite.set_feed("atom", feed(1)).unwrap();
    let (record, now) = (suite.atom(), suite.now());
    assert_eq!((record.price, record.smoothed), (price("7"), price("7")));
    assert_eq!((record.published_at, record.checked_at), (now - 1, now));
    assert_eq!(record.volatility, before.volatility);
    assert_eq!(record.slow_volatility, before.slow_volatility);
    assert_eq!(record.stops.soft_until, now + 1_800);
    assert_eq!(record.stops.care, None);
    assert_eq!(record.stops.borrowing_until, before.stops.borrowing_until);
    assert_eq!(record.stops.fills, before.stops.fills, "a stop by name stands");
    assert_eq!(outage(&record), (None, Some(now - 1), 3_600));
    assert_eq!(
        event(&done, "glidepath_oracle-adapter/source_replaced"),
        rows(&[
            ("asset", &"atom"),
            ("before", &"10"),
            ("price", &"7"),
            ("until", &(now + 1_800)),
        ])
    );
    assert!(has_event(&done, "glidepath_oracle-adapter/outage_closed"));
    // It goes on from there.
    suite.wait(60);
    suite.tick(1, "7.1");
    assert_eq!(suite.atom().price, price("7.1"));
}

#[test]
fn attack_79_a_source_that_nobody_asked_is_not_dead() {
    let mut suite = Suite::with_feed(posted(1, 7_200));
    suite.tick(1, "10");
    suite.wait(7_000);
    suite.tick(2, "12");
    suite.wait(201);
    assert_eq!(suite.atom().price, price("10"), "two hours old");
    // The old source is asked a last time, has a newer price, and the new one must agree with that.
    assert_eq!(refusal(suite.set_feed("atom", posted(1, 60))), silent());
    suite.set_feed("atom", posted(1, 3_600)).unwrap();
    let record = suite.atom();
    assert_eq!(
        (record.price, record.smoothed),
        (price("12"), price("10")),
        "not seeded anew"
    );
}

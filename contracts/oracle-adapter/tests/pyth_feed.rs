//! Feeds with the source `pyth`: their bounds, and what is the same and what is not as with other sources.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod common;
#[path = "common/pyth.rs"]
mod pyth;

use common::*;
use cosmwasm_std::Decimal;
use glidepath_interfaces::oracle::{Feed, Source};
use glidepath_oracle_adapter::ContractError;
use pyth::{pyth_feed, ATOM};

#[test]
fn attack_79_who_does_not_push_witnesses_no_outage() {
    let (mut suite, pyth) = Suite::on_pyth();
    suite.set_feed("osmo", feed(1)).unwrap();
    suite.post_all(1, &[("osmo", "1", suite.now())]).unwrap();
    // Nobody pushes for 700 s, and the owner of a position in distress asks: nothing there, or nothing newer.
    suite.wait(700);
    for bytes in [None, Some(b"{}".as_slice())] {
        if let Some(bytes) = bytes {
            suite.answers(&pyth, ATOM, bytes);
        }
        suite.update(&["atom", "osmo"]).unwrap();
        assert_eq!(outage(&suite.atom()), (None, None, 0));
        assert_eq!(suite.atom().checked_at, suite.now());
        assert_eq!(outage(&suite.record("osmo")).0, Some(suite.now() - 700));
        suite.wait(6);
        suite.post_all(1, &[("osmo", "1", suite.now())]).unwrap();
        suite.wait(700);
    }
    suite.push(&pyth, "1100000000", suite.now());
    suite.update(&["atom"]).unwrap();
    assert_eq!(suite.atom().price, price("11"));
    assert_eq!(outage(&suite.atom()), (None, None, 0));
}

#[test]
fn an_outage_of_the_source_before_ends_with_the_first_newer_price() {
    let (mut suite, pyth) = Suite::beside_pyth();
    suite.set_feed("atom", feed(1)).unwrap();
    suite.tick(1, "10");
    let from = suite.now();
    suite.wait(700);
    suite.push(&pyth, "1010000000", suite.now() - 5);
    suite.set_feed("atom", pyth_feed(&pyth, ATOM)).unwrap();
    assert_eq!(outage(&suite.atom()), (Some(from), None, 0));
    suite.update(&["atom"]).unwrap();
    assert_eq!(outage(&suite.atom()), (None, Some(from + 695), 695));
    assert_eq!(suite.atom().price, price("10.1"));
}

#[test]
fn nobody_posts_what_comes_from_pyth() {
    let (mut suite, pyth) = Suite::beside_pyth();
    suite.set_feed("atom", feed(1)).unwrap();
    suite.tick(1, "10");
    suite.push(&pyth, "1000000000", suite.now());
    suite.set_feed("atom", pyth_feed(&pyth, ATOM)).unwrap();
    suite.wait(6);
    let asset = asset("atom");
    let refused = refusal(suite.post(1, "11", suite.now()));
    assert_eq!(refused, ContractError::NotPosted { asset });
    let reports = suite.reports();
    assert_eq!(reports.len(), 1);
    assert!(!reports[0].fresh, "what was posted before counts no more");
}

#[test]
fn the_breaker_and_the_confidence_are_those_of_any_source() {
    let (mut suite, pyth) = Suite::beside_pyth();
    let mut feed = pyth_feed(&pyth, ATOM);
    feed.breaker.max_move = Decimal::percent(5);
    suite.set_feed("atom", feed).unwrap();
    suite.push(&pyth, "1000000000", suite.now());
    suite.update(&["atom"]).unwrap();
    assert_eq!(suite.atom().confidence, Decimal::permille(5));
    suite.wait(1_800);
    suite.push(&pyth, "1060000000", suite.now());
    let done = suite.update(&["atom"]).unwrap();
    assert!(has_event(&done, "glidepath_oracle-adapter/jumped"));
    let record = suite.atom();
    assert_eq!(
        (record.price, record.smoothed),
        (price("10.6"), price("10")),
        "an average of its own"
    );
    assert_eq!(record.stops.soft_until, suite.now() + 1_800);
}

#[test]
fn a_pyth_feed_is_told() {
    let (mut suite, pyth) = Suite::beside_pyth();
    let done = suite.set_feed("atom", pyth_feed(&pyth, ATOM)).unwrap();
    let told = event(&done, "glidepath_oracle-adapter/feed_set");
    assert_eq!(
        told[..5],
        rows(&[
            ("asset", &"atom"),
            ("source", &"pyth"),
            ("contract", &pyth),
            ("id", &ATOM),
            ("max_confidence", &"0.1"),
        ])
    );
}

#[test]
fn attack_6_and_25_a_pyth_feed_at_its_bounds_and_one_past() {
    let (mut suite, pyth) = Suite::beside_pyth();
    let good = Source::Pyth {
        contract: pyth.to_string(),
        id: ATOM.into(),
        max_confidence: Decimal::percent(10),
    };
    let with = |contract: &str, id: &str, max_confidence| Feed {
        source: Source::Pyth {
            contract: contract.into(),
            id: id.into(),
            max_confidence,
        },
        ..feed(1)
    };
    suite
        .set_feed(
            "atom",
            Feed {
                source: good,
                ..feed(1)
            },
        )
        .unwrap();
    for width in [Decimal::percent(1), Decimal::percent(50)] {
        suite.set_feed("atom", with(pyth.as_str(), ATOM, width)).unwrap();
    }
    for width in [
        Decimal::zero(),
        Decimal::percent(1) - Decimal::raw(1),
        Decimal::percent(50) + Decimal::raw(1),
        Decimal::MAX,
    ] {
        let bad = ContractError::BadParameter {
            field: "source.max_confidence",
            value: width.to_string(),
            bound: "0.01 to 0.5".into(),
        };
        let set = suite.set_feed("atom", with(pyth.as_str(), ATOM, width));
        assert_eq!(refusal(set), bad);
    }
    for id in [
        "",
        &ATOM[1..],
        &format!("{ATOM}0"),
        &format!("0x{ATOM}"),
        &format!("0x{}", &ATOM[2..]),
        &ATOM.to_uppercase(),
        &ATOM.replace('b', "g"),
        &ATOM.replacen("b0", "é", 1),
        &ATOM.replacen('b', " ", 1),
    ] {
        let bad = ContractError::BadParameter {
            field: "source.id",
            value: id.into(),
            bound: "64 hexadecimal digits in lower case, without 0x".into(),
        };
        let set = suite.set_feed("atom", with(pyth.as_str(), id, Decimal::percent(10)));
        assert_eq!(refusal(set), bad);
    }
    for contract in ["", "pyth", &pyth.as_str().to_uppercase()] {
        let set = suite.set_feed("atom", with(contract, ATOM, Decimal::percent(10)));
        assert!(matches!(refusal(set), ContractError::Std(_)), "{contract:?}");
    }
}

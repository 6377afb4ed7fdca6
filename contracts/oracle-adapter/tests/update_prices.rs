//! `UpdatePrices`: freshness, silence and outages.
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
use glidepath_interfaces::oracle::{Feed, Source};
use glidepath_oracle_adapter::ContractError;

/// Reports stay fresh longer than the gap of an outage.
fn patient() -> Feed {
    Feed {
        source: Source::Posted {
            quorum: 1,
            fresh: 3_600,
        },
        ..feed(1)
    }
}

#[test]
fn anyone_updates_and_only_the_check_is_recorded() {
    let mut suite = Suite::with_feed(feed(1));
    suite.tick(1, "10");
    let before = suite.atom();
    suite.wait(30);
    let response = suite.update(&["atom"]).unwrap();
    let after = suite.atom();
    assert_eq!(after.checked_at, START + 30);
    assert_eq!(
        after,
        glidepath_interfaces::oracle::PriceRecord {
            checked_at: START + 30,
            ..before
        }
    );
    assert!(has_event(&response, "glidepath_oracle-adapter/price_updated"));
    let again = suite.update(&["atom"]).unwrap();
    assert!(
        !has_event(&again, "glidepath_oracle-adapter/price_updated"),
        "nothing new in this block"
    );
}

#[test]
fn an_asset_without_any_price_is_an_error_and_leaves_nothing() {
    let mut suite = Suite::with_feed(feed(1));
    assert_eq!(
        refusal(suite.update(&["atom"])),
        ContractError::NoPrice { asset: asset("atom") }
    );
    assert!(!suite.has_price("atom"));
    assert_eq!(
        refusal(suite.update(&["osmo"])),
        ContractError::NoFeed { asset: asset("osmo") }
    );
}

#[test]
fn a_silent_source_keeps_no_other_asset_from_its_update() {
    let mut suite = Suite::with_feed(feed(1));
    suite.set_feed("osmo", feed(1)).unwrap();
    suite
        .post_all(1, &[("atom", "10", START), ("osmo", "1", START)])
        .unwrap();
    suite.wait(100);
    suite.post_all(1, &[("osmo", "2", START + 100)]).unwrap();
    suite.update(&["atom", "osmo"]).unwrap();
    assert_eq!(suite.atom().checked_at, START + 100);
    assert_eq!(
        (suite.record("osmo").price, suite.record("osmo").checked_at),
        (price("2"), START + 100)
    );
}

#[test]
fn attack_28_a_report_stale_by_a_second_is_no_vote() {
    for (wait, votes) in [(60, true), (61, false)] {
        let mut suite = Suite::with_feed(feed(2));
        suite.tick(1, "10");
        suite.wait(wait);
        suite.tick(2, "12");
        assert_eq!(suite.has_price("atom"), votes, "after {wait} s");
    }
}

#[test]
fn a_pause_between_two_reports_is_no_outage() {
    // Reports come each 100 s and are fresh for 60: whoever asks in between finds no answer.
    let mut suite = Suite::with_feed(feed(1));
    for _ in 0..20 {
        suite.tick(1, "10");
        suite.wait(99);
        suite.update(&["atom"]).unwrap();
        suite.wait(1);
    }
    let record = suite.atom();
    assert_eq!(outage(&record), (None, None, 0));
}

#[test]
fn a_check_after_a_silence_longer_than_the_gap_witnesses_an_outage_once() {
    let mut suite = Suite::with_feed(feed(1));
    suite.tick(1, "10");
    suite.wait(600);
    suite.update(&["atom"]).unwrap();
    assert_eq!(outage(&suite.atom()).0, None, "as long as the gap is not longer");
    suite.wait(100);
    let opened = suite.update(&["atom"]).unwrap();
    assert_eq!(
        event(&opened, "glidepath_oracle-adapter/outage_opened"),
        rows(&[("asset", &"atom"), ("from", &START), ("seen_at", &(START + 700))])
    );
    suite.wait(100);
    let still = suite.update(&["atom"]).unwrap();
    assert!(!has_event(&still, "glidepath_oracle-adapter/outage_opened"));
    assert_eq!(outage(&suite.atom()), (Some(START), None, 0));
    assert_eq!(suite.atom().price, price("10"), "the last price stands");

    suite.wait(100);
    let closed = suite.tick(1, "9");
    assert_eq!(
        event(&closed, "glidepath_oracle-adapter/outage_closed"),
        rows(&[
            ("asset", &"atom"),
            ("from", &START),
            ("until", &(START + 900)),
            ("total", &900),
        ])
    );
    let record = suite.atom();
    assert_eq!(outage(&record), (None, Some(START + 900), 900));
    // A second one adds to the total.
    suite.wait(1_000);
    suite.update(&["atom"]).unwrap();
    suite.tick(1, "9");
    let record = suite.atom();
    assert_eq!(outage(&record), (None, Some(START + 1_900), 1_900));
}

#[test]
fn a_record_that_nobody_refreshed_is_no_outage() {
    let mut suite = Suite::with_feed(feed(1));
    suite.tick(1, "10");
    suite.wait(700);
    suite.tick(1, "10");
    let record = suite.atom();
    assert_eq!(outage(&record), (None, None, 0));
}

#[test]
fn an_answer_older_than_the_gap_witnesses_an_outage() {
    let mut suite = Suite::with_feed(patient());
    suite.tick(1, "10");
    suite.wait(600);
    suite.update(&["atom"]).unwrap();
    assert_eq!(outage(&suite.atom()).0, None, "as old as the gap is not older");
    suite.wait(1);
    suite.update(&["atom"]).unwrap();
    assert_eq!(outage(&suite.atom()).0, Some(START));
}

#[test]
fn a_newer_answer_that_is_too_old_ends_one_outage_and_begins_the_next() {
    let mut suite = Suite::with_feed(patient());
    suite.tick(1, "10");
    suite.wait(1_000);
    suite.update(&["atom"]).unwrap();
    let response = suite.post(1, "9", START + 300).unwrap();
    let record = suite.atom();
    assert_eq!((record.price, record.published_at), (price("9"), START + 300));
    assert_eq!(outage(&record), (Some(START + 300), None, 300));
    assert!(has_event(&response, "glidepath_oracle-adapter/outage_closed"));
    assert!(has_event(&response, "glidepath_oracle-adapter/outage_opened"));
    suite.tick(1, "9");
    assert_eq!(outage(&suite.atom()), (None, Some(START + 1_000), 1_000));
}

#[test]
fn attack_7_lists_are_neither_empty_nor_long_nor_twofold() {
    let mut suite = Suite::with_feed(feed(1));
    assert_eq!(
        refusal(suite.update(&[])),
        ContractError::EmptyList { list: "assets" }
    );
    let twice = ContractError::Duplicate {
        list: "assets",
        entry: "atom".into(),
    };
    assert_eq!(refusal(suite.update(&["atom", "atom"])), twice);
    let names: Vec<String> = (0..17).map(|n| format!("a{n:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let long = ContractError::TooMany {
        list: "assets",
        count: 17,
        max: 16,
    };
    assert_eq!(refusal(suite.update(&names)), long);
}

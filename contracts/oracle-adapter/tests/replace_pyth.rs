//! `SetFeed` from and to the source `pyth`, for an asset that has a price.
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
use cosmwasm_std::{Addr, Decimal};
use glidepath_interfaces::oracle::Feed;
use glidepath_oracle_adapter::ContractError;
use pyth::{answer, pyth_feed, ATOM};

fn disagrees(record: &str, found: &str) -> ContractError {
    ContractError::SourceDisagrees {
        asset: asset("atom"),
        record: price(record),
        found: price(found),
        bound: Decimal::percent(2),
    }
}

/// Another feed of the same contract, which says $7 now.
fn other(suite: &mut Suite, pyth: &Addr) -> Feed {
    let id = ATOM.replace('b', "c");
    let json = answer(&id, "\"700000000\"", "\"0\"", "-8", &suite.now().to_string());
    suite.answers(pyth, &id, json.as_bytes());
    pyth_feed(pyth, &id)
}

#[test]
fn attack_32_pyth_takes_the_place_of_a_source_that_it_agrees_with() {
    let (mut suite, pyth) = Suite::beside_pyth();
    suite.set_feed("atom", feed(1)).unwrap();
    suite.tick(1, "10");
    suite.wait(30);
    let silent = ContractError::SourceSilent { asset: asset("atom") };
    assert_eq!(refusal(suite.set_feed("atom", pyth_feed(&pyth, ATOM))), silent);
    // Of more than an hour ago.
    suite.push(&pyth, "1000000000", suite.now() - 3_601);
    assert_eq!(refusal(suite.set_feed("atom", pyth_feed(&pyth, ATOM))), silent);
    for (digits, found) in [("1020000001", "10.20000001"), ("979999999", "9.79999999")] {
        suite.push(&pyth, digits, suite.now());
        let refused = refusal(suite.set_feed("atom", pyth_feed(&pyth, ATOM)));
        assert_eq!(refused, disagrees("10", found));
    }
    let before = suite.atom();
    suite.push(&pyth, "1020000000", suite.now());
    suite.set_feed("atom", pyth_feed(&pyth, ATOM)).unwrap();
    assert_eq!(suite.atom().price, before.price, "the record goes on");
    suite.update(&["atom"]).unwrap();
    assert_eq!(suite.atom().price, price("10.2"));
    // And back: the report of 30 s ago is fresh.
    suite.set_feed("atom", feed(1)).unwrap();
    suite.set_feed("atom", pyth_feed(&pyth, ATOM)).unwrap();
    suite.wait(6);
    suite.push(&pyth, "1030000000", suite.now());
    assert_eq!(
        refusal(suite.set_feed("atom", feed(1))),
        disagrees("10.3", "10"),
        "pyth is asked a last time"
    );
}

#[test]
fn attack_67_and_79_pyth_is_asked_a_last_time() {
    let (mut suite, pyth) = Suite::on_pyth();
    // Nobody pushes for an hour, but somebody asks.
    suite.wait(3_000);
    suite.update(&["atom"]).unwrap();
    suite.wait(601);
    suite.push(&pyth, "1100000000", suite.now() - 1);
    // It has a newer price than the record: it is alive, and the other one must agree with it.
    let feed = other(&mut suite, &pyth);
    let refused = refusal(suite.set_feed("atom", feed));
    assert_eq!(refused, disagrees("11", "7"));
    // An hour later it has nothing newer: the other one's word counts, and the asset warms up.
    suite.update(&["atom"]).unwrap();
    suite.wait(3_500);
    suite.update(&["atom"]).unwrap();
    suite.wait(101);
    let feed = other(&mut suite, &pyth);
    let done = suite.set_feed("atom", feed).unwrap();
    assert!(has_event(&done, "glidepath_oracle-adapter/source_replaced"));
    assert_eq!(suite.atom().price, price("7"));
    assert_eq!(suite.atom().stops.soft_until, suite.now() + 1_800);
}

#[test]
fn attack_67_a_contract_that_nobody_could_ask_does_not_stop_its_own_replacement() {
    for (checked, works) in [(3_600, false), (3_601, true)] {
        let (mut suite, pyth) = Suite::on_pyth();
        suite.wait(checked);
        // What the old one would say if it was asked: a contract that ends in no gas would say nothing, ever.
        suite.push(&pyth, "1100000000", suite.now());
        let feed = other(&mut suite, &pyth);
        let set = suite.set_feed("atom", feed);
        if works {
            assert!(has_event(
                &set.unwrap(),
                "glidepath_oracle-adapter/source_replaced"
            ));
            assert_eq!(suite.atom().price, price("7"));
        } else {
            assert_eq!(refusal(set), disagrees("11", "7"), "it is asked");
        }
    }
}

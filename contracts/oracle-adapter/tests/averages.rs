//! Smoothed price and volatility as reports arrive.
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

#[test]
fn many_pushes_in_a_block_move_no_average() {
    let mut suite = Suite::with_feed(feed(1));
    suite.tick(1, "10");
    suite.wait(600);
    suite.tick(1, "10");
    let calm = suite.atom();
    suite.wait(6);
    suite.tick(1, "8");
    let once = suite.atom();
    assert_eq!(
        once.smoothed, calm.smoothed,
        "a new price weighs nothing when it arrives"
    );
    for n in 2..=5 {
        suite.tick(n, "0.1");
    }
    let voted = suite.atom();
    assert_eq!(
        (voted.price, voted.smoothed),
        (price("0.1"), calm.smoothed),
        "more votes are a better price, and weigh as little"
    );
    for _ in 0..10 {
        suite.update(&["atom"]).unwrap();
    }
    assert_eq!(suite.atom(), voted, "nothing more in the same second");
}

#[test]
fn waiting_and_pushing_moves_no_average_at_once() {
    let mut suite = Suite::with_feed(feed(1));
    suite.tick(1, "10");
    suite.wait(86_400);
    suite.tick(1, "1000");
    let record = suite.atom();
    assert_eq!(record.price, price("1000"));
    assert_eq!(
        record.smoothed,
        price("10"),
        "the price before is integrated over the gap"
    );
    suite.wait(60);
    suite.tick(1, "1000");
    let after = suite.atom().smoothed.0;
    // 10 + 990·(1 − e^(−60/3600)) = 26.36…
    assert!(after > price("26.36").0 && after < price("26.37").0, "{after}");
}

#[test]
fn smoothing_runs_on_the_source_s_time() {
    let mut early = Suite::with_feed(feed(1));
    early.post(1, "10", START - 60).unwrap();
    early.post(1, "20", START - 30).unwrap();
    early.post(1, "20", START).unwrap();
    let mut live = Suite::with_feed(feed(1));
    live.tick(1, "10");
    live.wait(30);
    live.tick(1, "20");
    live.wait(30);
    live.tick(1, "20");
    assert_eq!(early.atom().smoothed, live.atom().smoothed);
    assert_eq!(early.atom().volatility, live.atom().volatility);
    assert!(live.atom().smoothed > price("10"));
}

#[test]
fn volatility_rises_with_moves_and_falls_in_calm() {
    let mut suite = Suite::with_feed(feed(1));
    suite.tick(1, "100");
    for step in 0..50 {
        suite.wait(60);
        suite.tick(1, if step % 2 == 0 { "99" } else { "100" });
    }
    let wild = suite.atom();
    // A move of 1 % each minute is .01·√(525,600) = 725 % a year.
    assert!(
        wild.volatility > Decimal::percent(690) && wild.volatility < Decimal::percent(740),
        "{wild:?}"
    );
    assert!(wild.slow_volatility < wild.volatility && wild.slow_volatility > Decimal::percent(80));
    for _ in 0..100 {
        suite.wait(60);
        suite.tick(1, "100");
    }
    assert!(
        suite.atom().volatility < Decimal::percent(80),
        "{:?}",
        suite.atom()
    );
}

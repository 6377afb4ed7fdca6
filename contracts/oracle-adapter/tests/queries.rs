//! Queries and the published record.
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
use glidepath_interfaces::oracle::{PriceResponse, QueryMsg, PRICES};
use glidepath_interfaces::record::ReadError;

#[test]
fn prices_come_in_pages_by_name() {
    let mut suite = Suite::empty();
    for name in ["osmo", "atom", "usdc", "no-price", "btc"] {
        suite.set_feed(name, feed(1)).unwrap();
    }
    let rows: Vec<(&str, &str, u64)> = ["osmo", "atom", "usdc", "btc"]
        .map(|name| (name, "1", START))
        .into();
    suite.post_all(1, &rows).unwrap();
    let page = |start_after: Option<&str>, limit| -> Vec<String> {
        let msg = QueryMsg::Prices {
            start_after: start_after.map(asset),
            limit,
        };
        let rows: Vec<PriceResponse> = suite.query(&msg);
        rows.into_iter().map(|row| row.asset.to_string()).collect()
    };
    assert_eq!(page(None, None), ["atom", "btc", "osmo", "usdc"]);
    assert_eq!(page(None, Some(3)), ["atom", "btc", "osmo"]);
    assert_eq!(page(Some("osmo"), Some(3)), ["usdc"]);
    assert!(page(None, Some(0)).is_empty());
}

#[test]
fn reports_say_whether_they_count() {
    let mut suite = Suite::with_feed(feed(1));
    suite.tick(2, "11");
    suite.wait(30);
    suite.tick(1, "10");
    suite.wait(31);
    let mut found = suite.reports();
    found.sort_by_key(|report| report.at);
    let seen: Vec<_> = found
        .iter()
        .map(|r| (r.reporter.clone(), r.price, r.at, r.fresh))
        .collect();
    let reporters = &suite.reporters;
    assert_eq!(
        seen,
        [
            (reporters[1].clone(), price("11"), START, false),
            (reporters[0].clone(), price("10"), START + 30, true),
        ]
    );
}

#[test]
fn unknown_assets_are_errors_in_queries() {
    let suite = Suite::with_feed(feed(1));
    for msg in [
        QueryMsg::Price { asset: asset("atom") },
        QueryMsg::Feed { asset: asset("osmo") },
        QueryMsg::Reports { asset: asset("osmo") },
    ] {
        let found: Result<Anything, _> = suite.app.wrap().query_wasm_smart(&suite.oracle, &msg);
        assert!(found.is_err(), "{msg:?}");
    }
}

/// Any answer at all.
#[derive(serde::Deserialize, Debug)]
struct Anything {}

#[test]
fn the_record_is_readable_raw_and_a_missing_one_is_an_error() {
    let mut suite = Suite::with_feed(feed(1));
    let read = |suite: &Suite, key| PRICES.query(&suite.app.wrap(), &suite.oracle, key);
    assert!(matches!(
        read(&suite, "atom"),
        Err(ReadError::Missing { record: "price", .. })
    ));
    suite.tick(1, "10");
    assert_eq!(read(&suite, "atom").unwrap(), suite.atom());
}

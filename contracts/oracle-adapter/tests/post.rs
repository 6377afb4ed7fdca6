//! `Post`.
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
use glidepath_interfaces::oracle::{ExecuteMsg, Report};
use glidepath_oracle_adapter::validate::{MAX_PRICE, MIN_PRICE};
use glidepath_oracle_adapter::ContractError;
use glidepath_risk::Price;

#[test]
fn the_first_price_seeds_the_record_and_stops_borrowing() {
    let mut suite = Suite::with_feed(feed(1));
    let response = suite.tick(1, "9.5");
    let record = suite.atom();
    assert_eq!((record.price, record.smoothed), (price("9.5"), price("9.5")));
    assert_eq!(record.volatility, Decimal::percent(80));
    assert_eq!(record.slow_volatility, Decimal::percent(80));
    assert_eq!(record.confidence, Decimal::zero());
    assert_eq!((record.published_at, record.checked_at), (START, START));
    assert_eq!(
        (record.stops.soft_until, record.no_fills_until(START)),
        (START + 1_800, 0)
    );
    assert_eq!(outage(&record), (None, None, 0));
    assert_eq!(
        event(&response, "glidepath_oracle-adapter/reported"),
        rows(&[
            ("asset", &"atom"),
            ("reporter", &suite.reporters[0]),
            ("price", &"9.5"),
            ("at", &START)
        ])
    );
    assert_eq!(
        event(&response, "glidepath_oracle-adapter/price_updated"),
        rows(&[
            ("asset", &"atom"),
            ("price", &"9.5"),
            ("smoothed", &"9.5"),
            ("volatility", &"0.8"),
            ("published_at", &START),
            ("checked_at", &START),
        ])
    );
}

#[test]
fn reports_before_the_quorum_are_kept_and_make_no_price() {
    let mut suite = Suite::with_feed(feed(3));
    let first = suite.tick(1, "10");
    suite.tick(2, "11");
    assert!(!has_event(&first, "glidepath_oracle-adapter/price_updated"));
    assert!(!suite.has_price("atom"));
    suite.tick(3, "12");
    assert_eq!(suite.atom().price, price("11"));
    // Not enough votes again: the price stays, the check is recorded.
    suite.wait(61);
    suite.tick(1, "20");
    let record = suite.atom();
    assert_eq!((record.price, record.published_at), (price("11"), START));
    assert_eq!(record.checked_at, START + 61);
}

#[test]
fn a_reporter_has_one_vote() {
    let mut suite = Suite::with_feed(feed(2));
    suite.tick(1, "10");
    suite.wait(1);
    suite.tick(1, "20");
    suite.wait(1);
    suite.tick(1, "30");
    assert!(!suite.has_price("atom"));
    assert_eq!(suite.reports().len(), 1);
    suite.tick(2, "10");
    assert_eq!(
        suite.atom().price,
        price("20"),
        "mean of his last and the other's"
    );
}

#[test]
fn attack_33_median_of_single_unsorted_odd_and_even_reports() {
    let medians = [
        (vec!["7"], "7"),
        (vec!["12", "10"], "11"),
        (vec!["12", "3", "10"], "10"),
        (vec!["900", "10", "11", "0.001"], "10.5"),
        (vec!["5", "1", "4", "2", "3"], "3"),
        (vec!["1", "1.000000000000000001"], "1"),
    ];
    for (reports, median) in medians {
        let mut suite = Suite::with_feed(feed(u8::try_from(reports.len()).unwrap()));
        for (n, text) in reports.iter().enumerate() {
            suite.tick(n + 1, text);
        }
        assert_eq!(suite.atom().price, price(median), "median of {reports:?}");
    }
}

#[test]
fn a_minority_can_t_move_the_median_out_of_the_others_range() {
    let mut suite = Suite::with_feed(feed(5));
    for (n, text) in ["10", "10.1", "10.2", "0.000001", "0.000001"].iter().enumerate() {
        suite.tick(n + 1, text);
    }
    assert_eq!(suite.atom().price, price("10"));
}

#[test]
fn the_price_is_as_old_as_the_lower_median_of_the_votes() {
    let mut suite = Suite::with_feed(feed(2));
    suite.post(1, "10", START - 30).unwrap();
    suite.post(2, "10", START - 10).unwrap();
    assert_eq!(suite.atom().published_at, START - 30);
    // One eager reporter alone moves neither time nor price.
    suite.post(2, "50", START - 5).unwrap();
    assert_eq!(
        (suite.atom().price, suite.atom().published_at),
        (price("10"), START - 30)
    );
    // The other follows: now both votes are new.
    suite.post(1, "12", START).unwrap();
    assert_eq!(
        (suite.atom().price, suite.atom().published_at),
        (price("31"), START - 5)
    );
    // Of three votes the middle time counts.
    suite.post(3, "12", START - 1).unwrap();
    assert_eq!(
        (suite.atom().price, suite.atom().published_at),
        (price("12"), START - 1)
    );
}

#[test]
fn published_time_never_goes_back() {
    let mut suite = Suite::with_feed(feed(1));
    suite.tick(1, "10");
    // A second voter with an older report makes the lower median older; the record does not follow.
    suite.post(2, "2", START - 20).unwrap();
    let record = suite.atom();
    assert_eq!((record.price, record.published_at), (price("10"), START));
}

#[test]
fn attack_28_a_report_counts_to_the_last_second_of_its_freshness() {
    let mut suite = Suite::with_feed(feed(1));
    let stale = ContractError::StaleReport {
        asset: asset("atom"),
        at: START - 61,
        oldest: START - 60,
    };
    assert_eq!(refusal(suite.post(1, "10", START - 61)), stale);
    suite.post(1, "10", START - 60).unwrap();
    assert_eq!(suite.atom().published_at, START - 60);
}

#[test]
fn attack_28_the_future_is_refused() {
    let mut suite = Suite::with_feed(feed(1));
    let future = ContractError::FutureReport {
        asset: asset("atom"),
        at: START + 1,
        now: START,
    };
    assert_eq!(refusal(suite.post(1, "10", START + 1)), future);
    assert!(suite.reports().is_empty());
}

#[test]
fn attack_28_zero_tiny_and_huge_prices_are_refused() {
    let mut suite = Suite::with_feed(feed(1));
    for (bad, good) in [
        (Price(Decimal::zero()), MIN_PRICE),
        (Price(MIN_PRICE.0 - Decimal::raw(1)), MIN_PRICE),
        (Price(MAX_PRICE.0 + Decimal::raw(1)), MAX_PRICE),
        (Price(Decimal::MAX), MAX_PRICE),
    ] {
        let reporter = suite.reporters[0].clone();
        let at = suite.now();
        let post = |price| ExecuteMsg::Post {
            reports: vec![Report {
                asset: asset("atom"),
                price,
                at,
            }],
        };
        let refused = ContractError::PriceOutOfBounds {
            asset: asset("atom"),
            price: bad,
            min: MIN_PRICE,
            max: MAX_PRICE,
        };
        assert_eq!(refusal(suite.execute(&reporter, &post(bad))), refused);
        suite.execute(&reporter, &post(good)).unwrap();
        assert_eq!(suite.atom().price, good);
        suite.wait(1);
    }
    assert_eq!(
        (MIN_PRICE, MAX_PRICE),
        (price("0.000000000001"), price("1000000000000"))
    );
}

#[test]
fn attack_29_milliseconds_and_nanoseconds_are_the_future_and_minutes_are_stale() {
    let mut suite = Suite::with_feed(feed(1));
    for at in [START * 1_000, START * 1_000_000, START * 1_000_000_000, u64::MAX] {
        let future = ContractError::FutureReport {
            asset: asset("atom"),
            at,
            now: START,
        };
        assert_eq!(refusal(suite.post(1, "10", at)), future);
    }
    for at in [0, START / 60] {
        let stale = ContractError::StaleReport {
            asset: asset("atom"),
            at,
            oldest: START - 60,
        };
        assert_eq!(refusal(suite.post(1, "10", at)), stale);
    }
}

#[test]
fn attack_34_an_old_report_can_t_be_replayed() {
    let mut suite = Suite::with_feed(feed(1));
    suite.tick(1, "10");
    suite.wait(10);
    suite.tick(1, "11");
    let replayed = |at| ContractError::ReplayedReport {
        asset: asset("atom"),
        at,
        last: START + 10,
    };
    assert_eq!(refusal(suite.post(1, "10", START)), replayed(START));
    assert_eq!(refusal(suite.post(1, "11", START + 9)), replayed(START + 9));
    assert_eq!(
        refusal(suite.post(1, "10", START + 10)),
        replayed(START + 10),
        "same time, another price"
    );
    let before = suite.atom();
    suite.post(1, "11", START + 10).unwrap();
    assert_eq!(suite.atom(), before, "the same report again changes nothing");
}

#[test]
fn attack_34_leaving_the_list_does_not_reset_a_reporter() {
    let mut suite = Suite::with_feed(feed(1));
    suite.tick(1, "10");
    let owner = suite.owner.clone();
    let all: Vec<String> = suite.reporters.iter().map(ToString::to_string).collect();
    for reporters in [all[1..].to_vec(), all.clone()] {
        suite
            .execute(&owner, &ExecuteMsg::SetReporters { reporters })
            .unwrap();
    }
    let replayed = ContractError::ReplayedReport {
        asset: asset("atom"),
        at: START - 1,
        last: START,
    };
    assert_eq!(refusal(suite.post(1, "9", START - 1)), replayed);
}

#[test]
fn only_reporters_post() {
    let mut suite = Suite::with_feed(feed(1));
    for sender in [suite.stranger.clone(), suite.owner.clone()] {
        let posted = suite.execute(&sender, &post_msg(&[("atom", "10", START)]));
        assert_eq!(refusal(posted), ContractError::NotReporter { sender });
    }
}

#[test]
fn unknown_feeds_are_refused_and_the_whole_message_with_them() {
    let mut suite = Suite::with_feed(feed(1));
    let posted = suite.post_all(1, &[("atom", "10", START), ("osmo", "1", START)]);
    assert_eq!(refusal(posted), ContractError::NoFeed { asset: asset("osmo") });
    assert!(!suite.has_price("atom"));
    assert!(suite.reports().is_empty());
}

#[test]
fn attack_7_lists_are_neither_empty_nor_long_nor_twofold() {
    let mut suite = Suite::with_feed(feed(1));
    assert_eq!(
        refusal(suite.post_all(1, &[])),
        ContractError::EmptyList { list: "reports" }
    );
    let twice = suite.post_all(1, &[("atom", "10", START), ("atom", "10", START)]);
    assert_eq!(
        refusal(twice),
        ContractError::Duplicate {
            list: "reports",
            entry: "atom".into()
        }
    );
    let names: Vec<String> = (0..17).map(|n| format!("a{n:02}")).collect();
    for name in &names {
        suite.set_feed(name, feed(1)).unwrap();
    }
    let rows: Vec<(&str, &str, u64)> = names.iter().map(|name| (name.as_str(), "1", START)).collect();
    let long = ContractError::TooMany {
        list: "reports",
        count: 17,
        max: 16,
    };
    assert_eq!(refusal(suite.post_all(1, &rows)), long);
    suite.post_all(1, &rows[1..]).unwrap();
    assert!(suite.has_price("a16") && !suite.has_price("a00"));
}

#[test]
fn a_liar_and_a_quorum_of_two_stand_only_until_the_third_vote_on_the_same_moment() {
    let mut suite = Suite::with_feed(feed(2));
    suite.post(1, "1000", START).unwrap();
    suite.post(2, "10", START).unwrap();
    assert_eq!(suite.atom().price, price("505"), "two votes have no majority");
    suite.post(3, "10", START).unwrap();
    let record = suite.atom();
    assert_eq!((record.price, record.published_at), (price("10"), START));
}

#[test]
fn a_vote_that_holds_a_move_back_does_not_hide_it_from_the_volatility() {
    let run = |first: &str| {
        let mut suite = Suite::with_feed(feed(2));
        for n in 1..=3 {
            suite.tick(n, "10");
        }
        suite.wait(30);
        for (n, text) in [(1, first), (2, "12"), (3, "12")] {
            suite.tick(n, text);
        }
        suite.atom()
    };
    let (honest, held_back) = (run("12"), run("10"));
    assert_eq!(held_back.price, honest.price);
    let ratio = held_back.volatility / honest.volatility;
    assert!(
        ratio > Decimal::percent(95) && ratio < Decimal::percent(105),
        "{ratio}"
    );
}

#[test]
fn a_correction_neither_moves_the_average_nor_ends_an_outage() {
    let mut suite = Suite::with_feed(feed(1));
    suite.tick(1, "10");
    suite.wait(601);
    suite.post(2, "10", START + 541).unwrap();
    // Nobody reports for longer than the gap.
    suite.wait(660);
    suite.update(&["atom"]).unwrap();
    let out = suite.atom();
    assert_eq!(outage(&out).0, Some(START + 541));
    let back = suite.now() - 60;
    suite.post(3, "11", back).unwrap();
    let first = suite.atom();
    assert_eq!(
        outage(&first),
        (None, Some(back), back - (START + 541)),
        "it ends with a newer price"
    );
    suite.post(4, "13", back).unwrap();
    let second = suite.atom();
    assert_eq!((second.price, second.smoothed), (price("12"), first.smoothed));
    assert_eq!(
        (second.outage, second.published_at),
        (first.outage, first.published_at)
    );
}

#[test]
fn confidence_is_how_far_the_votes_are_from_their_median() {
    let widths = [
        (vec!["10"], "0"),
        (vec!["10", "10"], "0"),
        (vec!["10", "12"], "0.090909090909090910"),
        (vec!["10", "10.2", "10.1"], "0.009900990099009901"),
        (vec!["10", "1000", "10"], "0"),
        // Apart .05, .05, .15 and all: the mean of the two in the middle is .1 of 10.05.
        (vec!["10", "10.1", "10.2", "0.000001"], "0.009950248756218906"),
    ];
    for (reports, width) in widths {
        let mut suite = Suite::with_feed(feed(u8::try_from(reports.len()).unwrap()));
        for (n, text) in reports.iter().enumerate() {
            suite.tick(n + 1, text);
        }
        assert_eq!(suite.atom().confidence, price(width).0, "of {reports:?}");
    }
}

/// Later votes on the same moment may leave the median where it is and show that few agree with it.
#[test]
fn attack_28_votes_that_disagree_around_the_same_median_make_it_unsure() {
    let mut suite = Suite::with_feed(feed(2));
    let at = suite.now();
    for (n, text) in ["10", "10", "8", "12"].iter().enumerate() {
        suite.post(n + 1, text, at).unwrap();
    }
    let record = suite.atom();
    assert_eq!((record.price, record.published_at), (price("10"), at));
    assert_eq!(record.confidence, Decimal::percent(10));
}

#[test]
fn attack_28_one_liar_neither_moves_nor_widens_a_price() {
    for lie in ["0.000000000001", "9", "10.03", "11", "1000000000000"] {
        let mut suite = Suite::with_feed(feed(5));
        for (n, text) in [lie, "10", "10.02", "10.05", "10.1"].iter().enumerate() {
            suite.tick(n + 1, text);
        }
        let record = suite.atom();
        assert!(
            record.price >= price("10") && record.price <= price("10.1"),
            "{record:?}"
        );
        assert!(
            record.confidence <= Decimal::percent(1),
            "{lie}: {}",
            record.confidence
        );
    }
}

//! `SetFeed`.
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
use cw_ownable::OwnershipError;
use glidepath_interfaces::oracle::{ExecuteMsg, Feed, QueryMsg, Source};
use glidepath_oracle_adapter::validate::{
    MAX_CONFIRM_JUMP, MAX_COOL_DOWN, MAX_FRESH, MAX_OUTAGE_GAP, MAX_SLOW_WINDOW, MAX_VOLATILITY, MAX_WARM_UP,
    MAX_WINDOW, MIN_COOL_DOWN, MIN_OUTAGE_GAP, MIN_WINDOW,
};
use glidepath_oracle_adapter::ContractError;

#[test]
fn a_feed_is_stored_and_told() {
    let mut suite = Suite::empty();
    let response = suite.set_feed("atom", feed(2)).unwrap();
    assert_eq!(
        suite.query::<Feed>(&QueryMsg::Feed { asset: asset("atom") }),
        feed(2)
    );
    assert_eq!(
        event(&response, "glidepath_oracle-adapter/feed_set"),
        rows(&[
            ("asset", &"atom"),
            ("source", &"posted"),
            ("quorum", &2),
            ("fresh", &60),
            ("smoothing", &3_600),
            ("volatility_window", &900),
            ("slow_volatility_window", &604_800),
            ("initial_volatility", &"0.8"),
            ("warm_up", &1_800),
            ("outage_gap", &600),
            ("max_move", &1),
            ("cool_down", &1_800),
            ("confirm_jump", &180),
        ])
    );
}

#[test]
fn only_the_owner_sets_feeds_and_reporters() {
    let mut suite = Suite::with_feed(feed(1));
    let reporters = vec![suite.stranger.to_string()];
    for sender in [suite.stranger.clone(), suite.reporters[0].clone()] {
        for msg in [
            ExecuteMsg::SetFeed {
                asset: asset("atom"),
                feed: feed(2),
            },
            ExecuteMsg::SetReporters {
                reporters: reporters.clone(),
            },
        ] {
            let refused = refusal(suite.execute(&sender, &msg));
            assert_eq!(refused, ContractError::Ownership(OwnershipError::NotOwner));
        }
    }
    assert_eq!(
        suite.query::<Feed>(&QueryMsg::Feed { asset: asset("atom") }),
        feed(1)
    );
}

/// Sets one field of a feed to a whole number.
type Edit = fn(&mut Feed, u64);

#[test]
fn attack_25_each_parameter_at_its_bounds_and_one_past() {
    let fields: [(&str, Edit, u64, u64); 9] = [
        (
            "source.quorum",
            |f, n| {
                f.source = Source::Posted {
                    quorum: u8::try_from(n).unwrap(),
                    fresh: 60,
                }
            },
            1,
            16,
        ),
        (
            "source.fresh",
            |f, n| f.source = Source::Posted { quorum: 1, fresh: n },
            1,
            MAX_FRESH,
        ),
        ("smoothing", |f, n| f.smoothing = n, MIN_WINDOW, MAX_WINDOW),
        (
            "volatility_window",
            |f, n| (f.volatility_window, f.slow_volatility_window) = (n, n),
            MIN_WINDOW,
            MAX_WINDOW,
        ),
        (
            "slow_volatility_window",
            |f, n| f.slow_volatility_window = n,
            900,
            MAX_SLOW_WINDOW,
        ),
        ("warm_up", |f, n| f.warm_up = n, 0, MAX_WARM_UP),
        (
            "outage_gap",
            |f, n| f.outage_gap = n,
            MIN_OUTAGE_GAP,
            MAX_OUTAGE_GAP,
        ),
        (
            "breaker.cool_down",
            |f, n| (f.breaker.cool_down, f.breaker.confirm_jump) = (n, 60),
            MIN_COOL_DOWN,
            MAX_COOL_DOWN,
        ),
        (
            "breaker.confirm_jump",
            |f, n| f.breaker.confirm_jump = n,
            0,
            MAX_CONFIRM_JUMP,
        ),
    ];
    let mut suite = Suite::with_feed(feed(1));
    for (field, edit, min, max) in fields {
        let with = |n| {
            let mut feed = feed(1);
            edit(&mut feed, n);
            feed
        };
        for n in [min, max] {
            suite.set_feed("atom", with(n)).unwrap();
            suite.set_feed("atom", feed(1)).unwrap();
        }
        for n in [min.checked_sub(1), max.checked_add(1)].into_iter().flatten() {
            let bad = ContractError::BadParameter {
                field,
                value: n.to_string(),
                bound: format!("{min} to {max}"),
            };
            assert_eq!(refusal(suite.set_feed("atom", with(n))), bad);
            let kept: Feed = suite.query(&QueryMsg::Feed { asset: asset("atom") });
            assert_eq!(kept, feed(1), "a refused update leaves nothing half-written");
        }
    }
}

#[test]
fn attack_25_initial_volatility_is_above_zero_and_bounded() {
    let mut suite = Suite::empty();
    let with = |initial_volatility| Feed {
        initial_volatility,
        ..feed(1)
    };
    for good in [Decimal::raw(1), MAX_VOLATILITY] {
        suite.set_feed("atom", with(good)).unwrap();
    }
    for bad in [Decimal::zero(), MAX_VOLATILITY + Decimal::raw(1)] {
        let refused = refusal(suite.set_feed("atom", with(bad)));
        assert!(
            matches!(
                refused,
                ContractError::BadParameter {
                    field: "initial_volatility",
                    ..
                }
            ),
            "{refused:?}"
        );
    }
}

#[test]
fn attack_25_the_furthest_move_is_above_zero_and_at_most_all() {
    let mut suite = Suite::empty();
    let with = |max_move| {
        let mut feed = feed(1);
        feed.breaker.max_move = max_move;
        feed
    };
    for good in [Decimal::raw(1), Decimal::one()] {
        suite.set_feed("atom", with(good)).unwrap();
    }
    for bad in [Decimal::zero(), Decimal::one() + Decimal::raw(1)] {
        let refused = ContractError::BadParameter {
            field: "breaker.max_move",
            value: bad.to_string(),
            bound: "0.000000000000000001 to 1".into(),
        };
        assert_eq!(refusal(suite.set_feed("atom", with(bad))), refused);
    }
}

#[test]
fn attack_25_care_never_outlasts_the_breaker() {
    let mut suite = Suite::empty();
    let with = |cool_down, confirm_jump| {
        let mut feed = feed(1);
        (feed.breaker.cool_down, feed.breaker.confirm_jump) = (cool_down, confirm_jump);
        feed
    };
    suite.set_feed("atom", with(120, 120)).unwrap();
    let refused = ContractError::BadParameter {
        field: "breaker.confirm_jump",
        value: "121".into(),
        bound: "0 to 120".into(),
    };
    assert_eq!(refusal(suite.set_feed("atom", with(120, 121))), refused);
}

#[test]
fn a_feed_in_use_keeps_its_record() {
    let mut suite = Suite::with_feed(feed(1));
    suite.tick(1, "10");
    suite.tick(2, "10");
    let before = suite.atom();
    suite
        .set_feed(
            "atom",
            Feed {
                initial_volatility: Decimal::one(),
                ..feed(2)
            },
        )
        .unwrap();
    assert_eq!(suite.atom(), before);
    // One report is no quorum any more.
    suite.wait(6);
    suite.tick(1, "12");
    assert_eq!(suite.atom().price, price("10"));
    suite.tick(2, "12");
    suite.wait(6);
    suite.tick(1, "12");
    assert_eq!(suite.atom().price, price("12"));
}

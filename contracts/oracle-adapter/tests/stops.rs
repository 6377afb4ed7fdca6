//! `Stop`, `Lift` and `SetGuardian`.
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
use cosmwasm_std::Addr;
use cw_multi_test::error::AnyResult;
use cw_multi_test::AppResponse;
use cw_ownable::OwnershipError;
use glidepath_interfaces::admin::AdminError;
use glidepath_interfaces::oracle::{ConfigResponse, ExecuteMsg, QueryMsg, StopKind};
use glidepath_oracle_adapter::ContractError;
use glidepath_risk::pause::Pause;
use StopKind::{Borrowing, Fills};

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// Two assets with a price that has warmed up.
fn warm() -> Suite {
    let mut suite = Suite::with_feed(feed(1));
    suite.set_feed("osmo", feed(1)).unwrap();
    suite
        .post_all(1, &[("atom", "10", START), ("osmo", "1", START)])
        .unwrap();
    suite.wait(1_800);
    suite
}

fn stop(suite: &mut Suite, by: &str, names: &[&str], kind: StopKind, seconds: u64) -> AnyResult<AppResponse> {
    let by = suite.app.api().addr_make(by);
    let assets = names.iter().map(|name| asset(name)).collect();
    suite.execute(
        &by,
        &ExecuteMsg::Stop {
            assets,
            kind,
            seconds,
        },
    )
}

fn lift(suite: &mut Suite, by: &str, names: &[&str], kind: StopKind) -> AnyResult<AppResponse> {
    let by = suite.app.api().addr_make(by);
    let assets = names.iter().map(|name| asset(name)).collect();
    suite.execute(&by, &ExecuteMsg::Lift { assets, kind })
}

fn guardian(suite: &Suite) -> Addr {
    suite.app.api().addr_make("guardian")
}

#[test]
fn a_stop_of_borrowing_leaves_fills_and_ends_by_itself() {
    let mut suite = warm();
    let before = suite.atom();
    let now = suite.now();
    let done = stop(&mut suite, "guardian", &["atom"], Borrowing, 100).unwrap();
    assert_eq!(
        event(&done, "glidepath_oracle-adapter/stopped"),
        rows(&[
            ("asset", &"atom"),
            ("kind", &"borrowing"),
            ("until", &(now + 100)),
            ("by", &guardian(&suite)),
        ])
    );
    let mut stopped = before.clone();
    stopped.stops.borrowing_until = now + 100;
    assert_eq!(suite.atom(), stopped, "nothing else of the record changes");
    assert_eq!(stopped.no_borrowing_until(now), now + 100);
    assert_eq!(stopped.no_fills_until(now), 0);
    assert!(
        stopped.no_borrowing_until(now + 100) <= now + 100,
        "over at its end"
    );
    assert_eq!(suite.record("osmo").stops.borrowing_until, 0);
}

#[test]
fn a_stop_of_fills_is_a_pause_and_stops_borrowing_with_it() {
    let mut suite = warm();
    let now = suite.now();
    stop(&mut suite, "guardian", &["atom", "osmo"], Fills, HOUR).unwrap();
    for name in ["atom", "osmo"] {
        let record = suite.record(name);
        assert_eq!(record.stops.fills, Pause::NEVER.then(now, Some(now + HOUR)));
        for at in [now, now + HOUR - 1] {
            assert_eq!(record.no_fills_until(at), now + HOUR);
            assert_eq!(record.no_borrowing_until(at), now + HOUR);
        }
        assert_eq!(record.no_fills_until(now + HOUR), 0);
    }
    // The next one adds to the seconds that fills stood still.
    suite.wait(2 * HOUR);
    stop(&mut suite, "owner", &["atom"], Fills, 60).unwrap();
    let fills = suite.atom().stops.fills;
    assert_eq!((fills.from, fills.before), (now + 2 * HOUR, HOUR));
    assert_eq!(fills.seconds_by(now + 3 * HOUR), HOUR + 60);
}

#[test]
fn attack_68_a_guardian_rests_for_seven_days_after_the_end_that_he_set() {
    for (kind, longest) in [(Borrowing, 72 * HOUR), (Fills, 4 * HOUR)] {
        let mut suite = warm();
        let now = suite.now();
        stop(&mut suite, "guardian", &["atom"], kind, longest).unwrap();
        let from = now + longest + 7 * DAY;
        let again = ContractError::GuardianAgain {
            asset: asset("atom"),
            kind,
            from,
        };
        let tries = |suite: &mut Suite| {
            for seconds in [1, longest] {
                let error = refusal(stop(suite, "guardian", &["atom"], kind, seconds));
                assert_eq!(error, again, "neither shorter nor longer nor again");
            }
        };
        tries(&mut suite);
        // Lifted early, or another guardian: counted as set.
        suite.wait(1);
        lift(&mut suite, "owner", &["atom"], kind).unwrap();
        tries(&mut suite);
        let (owner, other) = (suite.owner.clone(), suite.stranger.clone());
        suite
            .execute(
                &owner,
                &ExecuteMsg::SetGuardian {
                    guardian: Some(other.to_string()),
                },
            )
            .unwrap();
        assert_eq!(refusal(stop(&mut suite, "stranger", &["atom"], kind, 1)), again);
        // The other kind and the other asset are counted apart.
        let other_kind = match kind {
            Borrowing => Fills,
            Fills => Borrowing,
        };
        stop(&mut suite, "stranger", &["osmo"], kind, 60).unwrap();
        stop(&mut suite, "stranger", &["atom"], other_kind, 60).unwrap();
        suite.wait(from - 1 - suite.now());
        assert_eq!(refusal(stop(&mut suite, "stranger", &["atom"], kind, 1)), again);
        suite.wait(1);
        stop(&mut suite, "stranger", &["atom"], kind, 1).unwrap();
    }
}

#[test]
fn attack_68_the_owners_stop_is_not_the_guardians_to_change() {
    for kind in [Borrowing, Fills] {
        let mut suite = warm();
        let now = suite.now();
        stop(&mut suite, "owner", &["atom"], kind, HOUR).unwrap();
        let running = ContractError::AlreadyStopped {
            asset: asset("atom"),
            kind,
            until: now + HOUR,
        };
        for seconds in [60, 2 * HOUR] {
            assert_eq!(
                refusal(stop(&mut suite, "guardian", &["osmo", "atom"], kind, seconds)),
                running
            );
        }
        assert_eq!(suite.record("osmo").no_borrowing_until(now), now, "all or none");
        suite.wait(HOUR);
        stop(&mut suite, "guardian", &["osmo", "atom"], kind, 60).unwrap();
    }
}

#[test]
fn the_owner_makes_a_stop_longer_or_shorter_and_it_began_when_it_began() {
    let mut suite = warm();
    let start = suite.now();
    stop(&mut suite, "guardian", &["atom"], Fills, HOUR).unwrap();
    suite.wait(600);
    stop(&mut suite, "owner", &["atom"], Fills, DAY).unwrap();
    let fills = suite.atom().stops.fills;
    assert_eq!((fills.from, fills.until), (start, Some(start + 600 + DAY)));
    stop(&mut suite, "owner", &["atom"], Fills, 60).unwrap();
    let fills = suite.atom().stops.fills;
    assert_eq!(
        (fills.from, fills.until, fills.before),
        (start, Some(start + 660), 0)
    );
    stop(&mut suite, "owner", &["atom"], Borrowing, DAY).unwrap();
    stop(&mut suite, "owner", &["atom"], Borrowing, HOUR).unwrap();
    assert_eq!(suite.atom().stops.borrowing_until, start + 600 + HOUR);
    // What the owner does uses up nothing of the guardian's.
    suite.wait(HOUR);
    stop(&mut suite, "guardian", &["atom"], Borrowing, 60).unwrap();
}

#[test]
fn only_the_owner_lifts_and_what_is_over_is_passed_over() {
    let mut suite = warm();
    let now = suite.now();
    stop(&mut suite, "guardian", &["atom"], Fills, HOUR).unwrap();
    for who in ["guardian", "stranger", "reporter1"] {
        assert_eq!(
            refusal(lift(&mut suite, who, &["atom"], Fills)),
            ContractError::Ownership(OwnershipError::NotOwner)
        );
    }
    suite.wait(10);
    let done = lift(&mut suite, "owner", &["osmo", "atom"], Fills).unwrap();
    assert_eq!(
        event(&done, "glidepath_oracle-adapter/lifted"),
        rows(&[("asset", &"atom"), ("kind", &"fills"), ("until", &(now + HOUR))]),
        "of the one that ran, with the end that it had"
    );
    assert_eq!(suite.atom().stops.fills, Pause::NEVER.then(now, Some(now + 10)));
    let none = lift(&mut suite, "owner", &["atom"], Fills).unwrap();
    assert!(!has_event(&none, "glidepath_oracle-adapter/lifted"));
    stop(&mut suite, "owner", &["atom"], Borrowing, HOUR).unwrap();
    lift(&mut suite, "owner", &["atom"], Borrowing).unwrap();
    assert!(suite.atom().no_borrowing_until(suite.now()) <= suite.now());
}

#[test]
fn attack_25_a_stop_at_its_bounds_and_one_past() {
    for (by, kind, max) in [
        ("guardian", Borrowing, 72 * HOUR),
        ("guardian", Fills, 4 * HOUR),
        ("owner", Borrowing, 30 * DAY),
        ("owner", Fills, DAY),
    ] {
        for seconds in [0, max + 1, u64::MAX] {
            let mut suite = warm();
            let bad = ContractError::BadParameter {
                field: "seconds",
                value: seconds.to_string(),
                bound: format!("1 to {max}"),
            };
            assert_eq!(refusal(stop(&mut suite, by, &["atom"], kind, seconds)), bad);
            assert!(suite.atom().no_borrowing_until(suite.now()) <= suite.now());
        }
        for seconds in [1, max] {
            stop(&mut warm(), by, &["atom"], kind, seconds).unwrap();
        }
    }
}

#[test]
fn attack_7_lists_of_stops_are_neither_empty_nor_long_nor_twofold() {
    let names: Vec<String> = (0..17).map(|n| format!("a{n:02}")).collect();
    let long: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut suite = warm();
    for (list, error) in [
        (vec![], ContractError::EmptyList { list: "assets" }),
        (
            vec!["atom", "atom"],
            ContractError::Duplicate {
                list: "assets",
                entry: "atom".into(),
            },
        ),
        (
            long,
            ContractError::TooMany {
                list: "assets",
                count: 17,
                max: 16,
            },
        ),
        (
            vec!["atom", "nope"],
            ContractError::NeverPriced { asset: asset("nope") },
        ),
    ] {
        assert_eq!(
            refusal(stop(&mut suite, "owner", &list, Borrowing, 60)).to_string(),
            error.to_string()
        );
        assert_eq!(
            refusal(lift(&mut suite, "owner", &list, Borrowing)).to_string(),
            error.to_string()
        );
    }
    assert_eq!(suite.atom().stops.borrowing_until, 0, "all or none");
}

#[test]
fn the_guardian_is_named_by_the_owner_and_by_nobody_else() {
    let mut suite = warm();
    let named = |suite: &Suite| suite.query::<ConfigResponse>(&QueryMsg::Config {}).guardian;
    assert_eq!(named(&suite), Some(guardian(&suite)));
    let (owner, next) = (suite.owner.clone(), suite.stranger.clone());
    let set = |guardian: Option<&Addr>| ExecuteMsg::SetGuardian {
        guardian: guardian.map(ToString::to_string),
    };
    for who in [guardian(&suite), next.clone()] {
        let error = refusal(suite.execute(&who, &set(Some(&next))));
        let not_owner = AdminError::Ownership(OwnershipError::NotOwner);
        assert_eq!(error, ContractError::Admin(not_owner));
    }
    let done = suite.execute(&owner, &set(Some(&next))).unwrap();
    assert_eq!(
        event(&done, "glidepath_oracle-adapter/guardian_set"),
        rows(&[("guardian", &next)])
    );
    assert_eq!(named(&suite), Some(next.clone()));
    let former = guardian(&suite);
    assert_eq!(
        refusal(stop(&mut suite, "guardian", &["atom"], Fills, 60)),
        ContractError::Admin(AdminError::NotGuardian { sender: former })
    );
    suite.execute(&owner, &set(None)).unwrap();
    assert_eq!(named(&suite), None);
    assert_eq!(
        refusal(stop(&mut suite, "stranger", &["atom"], Fills, 60)),
        ContractError::Admin(AdminError::NotGuardian { sender: next })
    );
    stop(&mut suite, "owner", &["atom"], Fills, 60).unwrap();
}

#[test]
fn prices_move_on_during_a_stop() {
    let mut suite = warm();
    stop(&mut suite, "guardian", &["atom"], Fills, HOUR).unwrap();
    let fills = suite.atom().stops.fills;
    suite.wait(600);
    suite.tick(1, "9");
    let record = suite.atom();
    assert_eq!((record.price, record.stops.fills), (price("9"), fills));
}

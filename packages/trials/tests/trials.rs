//! A run that is interrupted comes to the same as one that is not.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::fs;
use std::path::PathBuf;

use clap::Parser;
use glidepath_trials::{run, Plan, State};

fn plan(folder: &str, more: &[&str]) -> Plan {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(folder);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let text = |name: &str| folder.join(name).display().to_string();
    let (state, scripts) = (text("state.json"), text("scripts"));
    let words = [
        "trials",
        "--seed",
        "5",
        "--operations",
        "12",
        "--state",
        &state,
        "--scripts",
        &scripts,
    ];
    Plan::parse_from(words.iter().chain(more))
}

#[test]
fn what_is_interrupted_goes_on_where_it_was() {
    let whole = plan("whole", &["--sequences", "60", "--threads", "2"]);
    let mut told = 0;
    let mut state = State::open(&whole).unwrap();
    run(&whole, &mut state, |_, _| told += 1).unwrap();
    assert_eq!(state.sequences_done(), 60);
    assert_eq!(state.coverage.operations, 60 * 12);
    assert_eq!(state.failures, []);
    assert_eq!(told, 3, "once for each batch of twenty");

    let first = plan("parts", &["--sequences", "40", "--threads", "1"]);
    run(&first, &mut State::open(&first).unwrap(), |_, _| {}).unwrap();
    let rest = Plan {
        sequences: 60,
        ..first
    };
    let mut state_of_parts = State::open(&rest).unwrap();
    assert_eq!(state_of_parts.sequences_done(), 40);
    run(&rest, &mut state_of_parts, |_, _| {}).unwrap();
    assert_eq!(state_of_parts.coverage, state.coverage);
    assert_eq!(State::open(&rest).unwrap(), state_of_parts, "as it was written");
}

#[test]
fn a_state_of_another_plan_is_refused() {
    let one = plan("other", &["--sequences", "20", "--threads", "1"]);
    run(&one, &mut State::open(&one).unwrap(), |_, _| {}).unwrap();
    let other = Plan { seed: 6, ..one };
    let error = State::open(&other).unwrap_err().to_string();
    assert!(error.contains("is of seed 5 and 12 operations"), "{error}");
}

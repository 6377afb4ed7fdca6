//! `glidepath-trials`: see `glidepath-trials --help`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use glidepath_trials::{run, Plan, State};
use indicatif::{ProgressBar, ProgressStyle};

fn main() -> ExitCode {
    match trials(&Plan::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Did everything hold?
fn trials(plan: &Plan) -> Result<bool> {
    let mut state = State::open(plan)?;
    if state.sequences_done() > 0 {
        eprintln!(
            "{} sequences were played before ({}); the rest follows",
            state.sequences_done(),
            plan.state.display()
        );
    }
    let style =
        "{elapsed_precise} [{wide_bar}] {human_pos}/{human_len} sequences, {per_sec}, {eta} left{msg}";
    let bar = ProgressBar::new(plan.sequences).with_style(ProgressStyle::with_template(style)?);
    bar.set_position(state.sequences_done());
    bar.reset_eta();
    run(plan, &mut state, |state, failure| {
        if let Some(failure) = failure {
            bar.println(failure.to_string());
        }
        if !state.failures.is_empty() {
            bar.set_message(format!(", {} failed", state.failures.len()));
        }
        bar.set_position(state.sequences_done());
    })?;
    bar.finish();
    println!("{}", state.coverage);
    println!(
        "{} operations in {} s of playing on {} threads, {} sequences failed",
        state.coverage.operations,
        state.millis / 1_000,
        plan.threads(),
        state.failures.len()
    );
    for failure in &state.failures {
        println!("{failure}");
    }
    Ok(state.failures.is_empty())
}

//! `glidepath-replay`: see `glidepath-replay --help`.

use std::process::ExitCode;

use clap::Parser;
use glidepath_replay::cli::{Cli, Command};
use glidepath_replay::{cli, config};

fn main() -> ExitCode {
    match execute(Cli::parse().command.unwrap_or_default()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Run(args) => cli::run(&args)?,
        Command::Compare(args) => cli::compare(&args)?,
        Command::Config { kind } => print!("{}", config::to_toml(&config::Config::preset(kind))),
    }
    Ok(())
}

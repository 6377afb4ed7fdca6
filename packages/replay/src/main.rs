//! `glidepath-replay`: see `glidepath-replay --help`.

use clap::Parser;
use glidepath_replay::cli::{Cli, Command};
use glidepath_replay::{cli, config};

fn main() -> anyhow::Result<()> {
    match Cli::parse().command.unwrap_or_default() {
        Command::Run(args) => cli::run(&args)?,
        Command::Compare(args) => cli::compare(&args)?,
        Command::Config { kind } => print!("{}", config::to_toml(&config::Config::preset(kind))),
    }
    Ok(())
}

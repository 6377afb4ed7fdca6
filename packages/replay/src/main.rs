//! `glidepath-replay`: see `glidepath-replay --help`.

use std::process::ExitCode;

use clap::Parser;
use glidepath_replay::cli::{Cli, Command};
use glidepath_replay::error::Error;
use glidepath_replay::{cli, config};

fn main() -> ExitCode {
    let cli = Cli::parse();
    match execute(cli.command.unwrap_or(Command::Run(cli.run))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: Command) -> Result<(), Error> {
    match command {
        Command::Run(args) => cli::run(&args),
        Command::Compare(args) => cli::compare(&args),
        Command::Config { kind } => cli::say(&config::to_toml(&config::Config::preset(kind))),
    }
}

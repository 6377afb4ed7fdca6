//! Why the program stopped.

use std::path::PathBuf;

use crate::config::{ConfigError, NameError, RangeError};
use crate::path::{CsvError, WindowError};
use crate::population::PositionId;
use crate::rules::{RulesError, SetupError};

/// Why the program stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration file.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A value from the command line, by the key that it sets.
    #[error("{0}")]
    Argument(RangeError),
    /// The name of a collateral.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The file of candles.
    #[error(transparent)]
    Candles(#[from] CsvError),
    /// The part of it.
    #[error(transparent)]
    Window(#[from] WindowError),
    /// What the configuration says, by the contracts.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// Two files of candles for the first collateral.
    #[error("--prices {}: the first collateral has a file already, those of others are given as NAME=FILE", file.display())]
    FirstTwice {
        /// Path as given.
        file: PathBuf,
    },
    /// The rules.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// `--position`.
    #[error("there is no position {position}: they are numbered 1 to {positions}")]
    NoSuchPosition {
        /// Asked for.
        position: PositionId,
        /// Number of positions.
        positions: PositionId,
    },
    /// A file that would be written over.
    #[error("`{first}` and `{second}` are both {}", file.display())]
    FileTwice {
        /// Argument that names it first.
        first: &'static str,
        /// Argument that would write to it.
        second: &'static str,
        /// Path as given.
        file: PathBuf,
    },
    /// A file that can't be written.
    #[error("{}: {source}", file.display())]
    Write {
        /// Path as given.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

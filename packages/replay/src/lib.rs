//! Replays a price path against a set of liquidation rules and draws what happened.
//!
//! A [`path`] of candles is refined to blocks; a [`scene`] adds positions and keepers; the
//! [`simulation`] lets owners, keepers, oracle and [`market`] act on a set of [`rules`] block by block; what
//! the rules tell becomes [`figures`] and a report.

#![warn(missing_docs)]
#![forbid(unsafe_code)]

pub mod amounts;
pub mod bidders;
pub mod cli;
pub mod clock;
pub mod config;
pub mod error;
pub mod figures;
pub mod market;
pub mod path;
pub mod population;
pub mod report;
pub mod rules;
pub mod scene;
pub mod seed;
pub mod show;
pub mod simulation;

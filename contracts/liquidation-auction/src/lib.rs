//! The liquidation auction: the sale of each distressed position, lot after lot, at a price that descends with
//! time, and the bids that buy from it.
//!
//! It owns the clock of a sale and nothing else. It must never hold collateral (a bid's payment passes through to the
//! vault in the same message), never decide how much of a position may be sold or for which debt (the position
//! manager says so, at every fill), never open or end a sale by itself, and never change the terms of a running one.
//!
//! - [`lot`]: how a lot is cut, where its price starts and how long it lives: pure functions.
//! - [`quote`]: what a bid would do; shared by `bid` and the previews, so that a preview is the execution.
//! - [`execute`]: one file a message or tight group.

pub mod contract;
pub mod error;
mod execute;
mod lot;
mod migrate;
mod orders;
mod query;
mod queue;
mod quote;
pub mod state;
pub mod validate;

pub use error::ContractError;

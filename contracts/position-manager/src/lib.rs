//! The position manager: who owns a position, what it may borrow, when it is in distress, and what of it is sold
//! for which debt.
//!
//! It keeps the **owner** of each position, the **risk parameters** of each asset, and the stored part of **distress**
//! (who called it when, the grace it used, a first sighting of a close-out). Everything else it reads raw where it is
//! kept: the ledger and the markets in the vault, prices in the oracle adapter, the running sale in the auction.
//!
//! It must never hold a coin (what comes in goes on to the vault in the same transaction), never know how a lot's
//! price descends, and never ask a person's permission to repay, to add collateral or to `advance`.
//!
//! | file | what it holds |
//! |---|---|
//! | [`contract`] | entry points: parse and dispatch |
//! | `purse` | what actions may take their payments from |
//! | `actions` | an update's actions on a ledger's copy, and what they are checked for |
//! | [`records`] | records of this and the other contracts, each read once |
//! | [`listed`] | an asset as stored, and as its ramp has it at a moment |
//! | [`ledger`] | changes of a ledger's copy, to the unit as the vault will make them |
//! | [`view`] | what a position is worth, and with which prices |
//! | [`choose`] | what is sold for which debt |
//! | [`decide`] | the stages: from what is known to one step |
//! | `execute/*` | one message a file |
//! | `query/*` | queries |
//! | [`validate`] | bounds of the parameters |
//! | [`state`] | every storage key |

mod actions;
mod asked;
pub mod choose;
pub mod contract;
pub mod decide;
pub mod error;
mod execute;
pub mod ledger;
pub mod listed;
pub mod migrate;
mod purse;
mod query;
pub mod records;
pub mod state;
pub mod validate;
pub mod view;

pub use error::ContractError;

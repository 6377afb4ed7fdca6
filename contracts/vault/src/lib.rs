//! The vault: every coin of the suite, and the ledger of who it belongs to.
//!
//! It keeps four things: the **ledger** of each position (collateral, debt shares, surcharge, permission to sell),
//! the lending **markets** (supply shares, debt shares, interest index, caps), **accounts** (what the vault owes to
//! whom), and the list of **assets**. It changes a position only for the position manager, and settles sales only
//! for the liquidation auction, only while the position's ledger holds a permission, only at its lowest price or
//! above.
//!
//! It must never decide who may borrow or be liquidated, never read a price, and never take a bank or token balance
//! for what it owes: its own records count, so a donation changes nothing.
//!
//! | file | what it holds |
//! |---|---|
//! | [`contract`] | entry points: parse and dispatch |
//! | `call` | who called with which payment, and payouts |
//! | `books` | the records that a handler changes, loaded once and saved once |
//! | `ledger` | changes of one position's ledger |
//! | `execute/*` | one group of messages a file |
//! | [`query`] | queries |
//! | [`state`] | every storage key |

mod books;
mod call;
pub mod contract;
pub mod error;
mod execute;
mod ledger;
pub mod migrate;
pub mod query;
pub mod state;

pub use error::ContractError;

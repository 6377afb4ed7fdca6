//! The insurance fund: first-loss capital as the junior tranche of the lending markets.
//!
//! A stake is supplied to its market; the fund holds the supply shares and counts stakers in *units* of a pool per
//! market. So a stake earns what lenders earn, and the fund's revenue on top. Covering a loss is a ledger move of
//! the vault, by the rules that the fund publishes ([`glidepath_interfaces::fund::COVER_RULES`]): no call, no
//! transfer, nothing that can fail. The fund learns of it, as of revenue, from its share counter in the market;
//! every message books that change first ([`books`]). Only what its stakers bought of lots that nobody wanted (by the rules of
//! [`glidepath_interfaces::fund::BACKSTOP_RULES`]) the vault tells it, in the message in which it is bought: that is no loss.
//!
//! It must never decide that a debt is bad, never hold coins of its own, never let a stake leave that saw a loss
//! coming, and never let one in for revenue that others earned.
//!
//! | file | concept |
//! |---|---|
//! | [`books`] | a market's pool, brought up to now |
//! | [`goods`] | what its stakers bought together, and whose it is |
//! | `execute/` | one file a message or tight group |
//! | [`validate`] | bounds of parameters, each with its reason |
//!
//! The arithmetic of units, stream and losses is `glidepath_risk::pool`.

pub mod books;
pub mod contract;
pub mod error;
pub mod execute;
pub mod goods;
pub mod migrate;
pub mod query;
pub mod state;
pub mod validate;

pub use error::ContractError;

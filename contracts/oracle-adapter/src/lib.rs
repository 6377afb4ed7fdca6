//! The oracle adapter: one guarded price record per asset, published for raw reads.
//!
//! `UpdatePrices` asks the source of each asset and stores what it says; anyone may call it, and whoever needs a
//! fresh price puts it in front of his own message in the same transaction. A source that says nothing is no
//! error for an asset that has a record: the record then says when it was asked and, if the silence is an outage,
//! since when it lasts.
//!
//! It must never know what a position is, never let a late or repeated report move a price, and never let the
//! silence of one source keep others from being updated.
//!
//! | file | concept |
//! |---|---|
//! | `source/` | where prices come from: one file a source, all behind [`source::Quote`] |
//! | [`record`] | what an answer, or none, does to a record |
//! | `execute/` | one file a message |
//! | [`validate`] | bounds of parameters, each with its reason |

pub mod contract;
pub mod error;
pub mod execute;
pub mod migrate;
pub mod query;
pub mod record;
pub mod source;
pub mod state;
pub mod validate;

pub use error::ContractError;

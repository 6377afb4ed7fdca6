//! Where prices come from. A source is one variant of [`Source`] and one file here that turns what it finds into a
//! [`Quote`]; nothing else of the adapter knows it.

pub mod posted;

use cosmwasm_std::{Decimal, Storage};
use glidepath_interfaces::oracle::Source;
use glidepath_interfaces::AssetId;
use glidepath_risk::Price;

use crate::error::ContractError;

/// What a source says.
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    /// USD per whole token, never zero.
    pub price: Price,
    /// Half-width of the confidence interval as a part of the price; zero where the source gives none.
    pub confidence: Decimal,
    /// The source's own time, in unix seconds, never in the future.
    pub published_at: u64,
}

/// Asks a source. `None` when it has no answer now.
///
/// # Errors
/// Only where storage can't be read: silence is no error.
pub fn read(
    source: &Source,
    storage: &dyn Storage,
    asset: &AssetId,
    now: u64,
) -> Result<Option<Quote>, ContractError> {
    match source {
        Source::Posted { quorum, fresh } => posted::read(storage, asset, *quorum, *fresh, now),
    }
}

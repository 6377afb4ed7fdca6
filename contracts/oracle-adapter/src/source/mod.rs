//! Where prices come from. A source is one variant of [`Source`] and one file here that turns what it finds into a
//! [`Quote`]; nothing else of the adapter knows it.

pub mod posted;
pub mod pyth;

use cosmwasm_std::{Decimal, QuerierWrapper, Storage};
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
/// Only where storage can't be read: silence is no error, and neither is whatever another contract answers.
pub fn read(
    source: &Source,
    storage: &dyn Storage,
    querier: &QuerierWrapper,
    asset: &AssetId,
    now: u64,
) -> Result<Option<Quote>, ContractError> {
    match source {
        Source::Posted { quorum, fresh } => posted::read(storage, asset, *quorum, *fresh, now),
        Source::Pyth {
            contract,
            id,
            max_confidence,
        } => Ok(pyth::read(querier, contract, id, *max_confidence, now)),
    }
}

/// Is a silence of this source an outage? Not where whoever asks can push the price himself: who is in distress would
/// witness an outage, and make his grace longer, by not pushing.
pub fn has_outages(source: &Source) -> bool {
    match source {
        Source::Posted { .. } => true,
        Source::Pyth { .. } => false,
    }
}

/// Does another contract's code run when this source is asked? It could use up all gas that there is.
pub fn is_foreign(source: &Source) -> bool {
    match source {
        Source::Posted { .. } => false,
        Source::Pyth { .. } => true,
    }
}

//! Queries.

use cosmwasm_std::{StdError, Storage};
use glidepath_interfaces::oracle::{ConfigResponse, Feed, PriceResponse, ReportResponse, Source};
use glidepath_interfaces::{page, AssetId};

use crate::error::ContractError;
use crate::source::posted::is_fresh;
use crate::state::{FEEDS, GUARDIAN, PEERS, PRICES, REPORTERS, REPORTS};

/// Peers, reporters and guardian.
pub fn config(storage: &dyn Storage) -> Result<ConfigResponse, ContractError> {
    Ok(ConfigResponse {
        peers: PEERS.load(storage)?,
        reporters: REPORTERS.load(storage)?,
        guardian: GUARDIAN.may_load(storage)?,
    })
}

/// An asset's record as stored.
pub fn price(storage: &dyn Storage, asset: AssetId) -> Result<PriceResponse, ContractError> {
    let record = PRICES.load(storage, asset.as_str())?;
    Ok(PriceResponse { asset, record })
}

/// Records in order of their names.
pub fn prices(
    storage: &dyn Storage,
    start_after: Option<AssetId>,
    limit: Option<u32>,
) -> Result<Vec<PriceResponse>, ContractError> {
    PRICES
        .after(storage, start_after.as_ref().map(AssetId::as_str))
        .take(page::size(limit))
        .map(|row| {
            let (name, record) = row?;
            let asset = AssetId::try_from(name).map_err(|e| StdError::parse_err("asset", e))?;
            Ok(PriceResponse { asset, record })
        })
        .collect()
}

/// An asset's feed.
pub fn feed(storage: &dyn Storage, asset: &AssetId) -> Result<Feed, ContractError> {
    FEEDS
        .may_load(storage, asset.as_str())?
        .ok_or_else(|| ContractError::NoFeed { asset: asset.clone() })
}

/// The reports on file of today's reporters, fresh or not.
pub fn reports(
    storage: &dyn Storage,
    asset: &AssetId,
    now: u64,
) -> Result<Vec<ReportResponse>, ContractError> {
    let fresh = match feed(storage, asset)?.source {
        Source::Posted { fresh, .. } => Some(fresh),
        // What was posted before another source came counts no more.
        Source::Pyth { .. } => None,
    };
    let reporters = REPORTERS.load(storage)?;
    let filed = REPORTS.may_load(storage, asset.as_str())?.unwrap_or_default();
    Ok(filed
        .into_iter()
        .filter(|report| reporters.contains(&report.reporter))
        .map(|report| ReportResponse {
            fresh: fresh.is_some_and(|fresh| is_fresh(report.at, fresh, now)),
            reporter: report.reporter,
            price: report.price,
            at: report.at,
        })
        .collect())
}

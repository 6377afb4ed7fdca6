//! `UpdatePrices`: anyone has sources asked.

use cosmwasm_std::{DepsMut, Response};
use glidepath_interfaces::AssetId;

use crate::error::ContractError;
use crate::state::FEEDS;
use crate::{record, source, validate};

/// Asks the sources of `assets` and stores what they say. A silent source is recorded, not refused: the list stands
/// in front of somebody's bid, and the other assets' prices must arrive. Only an asset that never had a price is
/// refused, because there is no record in which its silence could be read.
pub fn update_prices(deps: DepsMut, assets: &[AssetId], now: u64) -> Result<Response, ContractError> {
    validate::some_distinct("assets", assets.iter())?;
    let mut response = Response::new();
    for asset in assets {
        let feed = FEEDS
            .may_load(deps.storage, asset.as_str())?
            .ok_or_else(|| ContractError::NoFeed { asset: asset.clone() })?;
        let quote = source::read(&feed.source, deps.storage, &deps.querier, asset, now)?;
        let updated = record::check(deps.storage, asset, &feed, quote, now, None)?
            .ok_or_else(|| ContractError::NoPrice { asset: asset.clone() })?;
        response = response.add_events(updated);
    }
    Ok(response)
}

//! `SetFeed`: how an asset's price is watched.

use cosmwasm_std::{Addr, Response, Storage};
use glidepath_interfaces::events::oracle::FeedSet;
use glidepath_interfaces::oracle::{Feed, Source};
use glidepath_interfaces::AssetId;

use crate::error::ContractError;
use crate::state::FEEDS;
use crate::validate;

/// Sets an asset's feed; its record, if there is one, goes on under the new terms from the next check.
pub fn set_feed(
    storage: &mut dyn Storage,
    sender: &Addr,
    asset: &AssetId,
    feed: &Feed,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(storage, sender)?;
    validate::feed(feed)?;
    FEEDS.save(storage, asset.as_str(), feed)?;
    let (source, quorum, fresh) = match feed.source {
        Source::Posted { quorum, fresh } => ("posted", Some(quorum), Some(fresh)),
    };
    Ok(Response::new().add_event(FeedSet {
        asset: asset.clone(),
        source,
        quorum,
        fresh,
        smoothing: feed.smoothing,
        volatility_window: feed.volatility_window,
        slow_volatility_window: feed.slow_volatility_window,
        initial_volatility: feed.initial_volatility,
        warm_up: feed.warm_up,
        outage_gap: feed.outage_gap,
    }))
}

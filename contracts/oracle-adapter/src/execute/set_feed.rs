//! `SetFeed`: how an asset's price is watched.

use cosmwasm_std::{Addr, Event, Response, Storage};
use glidepath_interfaces::events::oracle::FeedSet;
use glidepath_interfaces::oracle::{is_apart, Feed, Source};
use glidepath_interfaces::AssetId;

use crate::error::ContractError;
use crate::state::{FEEDS, PRICES};
use crate::validate::{self, DEAD_SOURCE_AFTER, SOURCES_AGREE};
use crate::{record, source};

/// Sets an asset's feed; its record, if there is one, goes on under the new terms from the next check. Another source
/// must first show that it may take the place of the old one.
///
/// # Errors
/// `NotOwner`, `BadParameter`; of another source for an asset that has a price `SourceSilent` and `SourceDisagrees`.
pub fn set_feed(
    storage: &mut dyn Storage,
    sender: &Addr,
    asset: &AssetId,
    feed: &Feed,
    now: u64,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(storage, sender)?;
    validate::feed(feed)?;
    let old = FEEDS
        .may_load(storage, asset.as_str())?
        .filter(|old| old.source != feed.source && PRICES.has(storage, asset.as_str()));
    let replaced = match old {
        Some(old) => replace(storage, asset, &old, feed, now)?,
        None => vec![],
    };
    FEEDS.save(storage, asset.as_str(), feed)?;
    let (source, quorum, fresh) = match feed.source {
        Source::Posted { quorum, fresh } => ("posted", Some(quorum), Some(fresh)),
    };
    let set = FeedSet {
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
        max_move: feed.breaker.max_move,
        cool_down: feed.breaker.cool_down,
        confirm_jump: feed.breaker.confirm_jump,
    };
    Ok(Response::new().add_event(set).add_events(replaced))
}

/// A price with debts on it does not change hands unseen: another source must answer now, and say what the record says.
/// Only where the old one, asked a last time, has had nothing newer for an hour, does the new one's word count alone: the
/// record is then seeded anew, and nobody increases a risk on it before it has warmed up. Liquidation goes on at once.
fn replace(
    storage: &mut dyn Storage,
    asset: &AssetId,
    old: &Feed,
    new: &Feed,
    now: u64,
) -> Result<Vec<Event>, ContractError> {
    let last = source::read(&old.source, storage, asset, now)?;
    let mut events = record::check(storage, asset, old, last, now, None)?.unwrap_or_default();
    let record = PRICES.load(storage, asset.as_str())?;
    let is_dead = |published_at: u64| now.saturating_sub(published_at) > DEAD_SOURCE_AFTER;
    let found = source::read(&new.source, storage, asset, now)?
        .filter(|found| !is_dead(found.published_at))
        .ok_or_else(|| ContractError::SourceSilent { asset: asset.clone() })?;
    if is_dead(record.published_at) {
        events.extend(record::reseed(storage, asset, &record, &found, new, now)?);
    } else if is_apart(found.price, record.price, SOURCES_AGREE) {
        return Err(ContractError::SourceDisagrees {
            asset: asset.clone(),
            record: record.price,
            found: found.price,
            bound: SOURCES_AGREE,
        });
    }
    Ok(events)
}

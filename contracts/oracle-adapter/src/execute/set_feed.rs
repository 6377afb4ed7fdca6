//! `SetFeed`: how an asset's price is watched.

use cosmwasm_std::{Addr, DepsMut, Event, Response};
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
    mut deps: DepsMut,
    sender: &Addr,
    asset: &AssetId,
    feed: &Feed,
    now: u64,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, sender)?;
    validate::feed(deps.api, feed)?;
    let old = FEEDS
        .may_load(deps.storage, asset.as_str())?
        .filter(|old| old.source != feed.source && PRICES.has(deps.storage, asset.as_str()));
    let replaced = match old {
        Some(old) => replace(deps.branch(), asset, &old, feed, now)?,
        None => vec![],
    };
    FEEDS.save(deps.storage, asset.as_str(), feed)?;
    Ok(Response::new()
        .add_event(feed_set(asset, feed))
        .add_events(replaced))
}

fn feed_set(asset: &AssetId, feed: &Feed) -> FeedSet {
    let set = FeedSet {
        asset: asset.clone(),
        source: "",
        quorum: None,
        fresh: None,
        contract: None,
        id: None,
        max_confidence: None,
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
    match feed.source.clone() {
        Source::Posted { quorum, fresh } => FeedSet {
            source: "posted",
            quorum: Some(quorum),
            fresh: Some(fresh),
            ..set
        },
        Source::Pyth {
            contract,
            id,
            max_confidence,
        } => FeedSet {
            source: "pyth",
            contract: Some(contract),
            id: Some(id),
            max_confidence: Some(max_confidence),
            ..set
        },
    }
}

/// A price with debts on it does not change hands unseen: another source must answer now, and say what the record says.
/// Only where the old one, asked a last time, has had nothing newer for an hour, does the new one's word count alone: the
/// record is then seeded anew, and nobody increases a risk on it before it has warmed up. Liquidation goes on at once.
///
/// A source in another contract that has not been asked for an hour either is not asked a last time. Perhaps it can't be:
/// a contract that uses up all gas would stand in the way of its own replacement. Whoever knows better has it asked within
/// the hour before, as anybody may.
fn replace(
    deps: DepsMut,
    asset: &AssetId,
    old: &Feed,
    new: &Feed,
    now: u64,
) -> Result<Vec<Event>, ContractError> {
    let DepsMut { storage, querier, .. } = deps;
    let is_long_ago = |time: u64| now.saturating_sub(time) > DEAD_SOURCE_AFTER;
    let checked_at = PRICES.load(storage, asset.as_str())?.checked_at;
    let mut events = vec![];
    if !(source::is_foreign(&old.source) && is_long_ago(checked_at)) {
        let last = source::read(&old.source, storage, &querier, asset, now)?;
        events = record::check(storage, asset, old, last, now, None)?.unwrap_or_default();
    }
    let record = PRICES.load(storage, asset.as_str())?;
    let found = source::read(&new.source, storage, &querier, asset, now)?
        .filter(|found| !is_long_ago(found.published_at))
        .ok_or_else(|| ContractError::SourceSilent { asset: asset.clone() })?;
    if is_long_ago(record.published_at) {
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

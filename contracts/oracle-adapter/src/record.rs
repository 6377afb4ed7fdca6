//! What an answer of a source, or none, does to an asset's record.

use cosmwasm_std::{Event, Storage};
use glidepath_interfaces::events::oracle::{
    Jumped, OutageClosed, OutageOpened, PriceUpdated, SourceReplaced,
};
use glidepath_interfaces::oracle::{Care, Feed, PriceRecord, Stops};
use glidepath_interfaces::AssetId;
use glidepath_risk::pause::Pause;
use glidepath_risk::volatility::{smooth, volatility};
use glidepath_risk::{Price, RiskResult};

use crate::error::ContractError;
use crate::source::{self, Quote};
use crate::state::PRICES;

/// Stores what a check found and returns the record with its events. `None`, and nothing stored, for an asset that
/// never had a price and still has none. `voted_on` is the time of the report that led to the check, if one did.
pub fn check(
    storage: &mut dyn Storage,
    asset: &AssetId,
    feed: &Feed,
    quote: Option<Quote>,
    now: u64,
    voted_on: Option<u64>,
) -> Result<Option<Vec<Event>>, ContractError> {
    let old = PRICES.may_load(storage, asset.as_str())?;
    let new = match (&old, &quote) {
        (Some(record), _) => checked(record.clone(), quote.as_ref(), feed, now, voted_on)?,
        (None, Some(quote)) => checked(seeded(quote, feed, now), Some(quote), feed, now, voted_on)?,
        (None, None) => return Ok(None),
    };
    if old.as_ref() == Some(&new) {
        // Checked a second time in this block: nothing to write and nothing to tell.
        return Ok(Some(vec![]));
    }
    PRICES.save(storage, asset.as_str(), &new)?;
    let mut events = updated(asset, old.as_ref(), &new);
    events.extend(old.and_then(|old| jumped(asset, &old, &new)));
    Ok(Some(events))
}

/// The record of an asset whose first price this is. Nobody may borrow on it until it has warmed up: an average of
/// one price guards nothing.
fn seeded(quote: &Quote, feed: &Feed, now: u64) -> PriceRecord {
    PriceRecord {
        price: quote.price,
        smoothed: quote.price,
        volatility: feed.initial_volatility,
        slow_volatility: feed.initial_volatility,
        confidence: quote.confidence,
        published_at: quote.published_at,
        checked_at: now,
        outage: Pause::NEVER,
        stops: Stops {
            soft_until: now.saturating_add(feed.warm_up),
            ..Stops::default()
        },
    }
}

/// The record after a check. A newer answer moves it, an older one, or none, leaves the price as it is. A further vote on
/// the record's own moment corrects the price: votes come in one by one, and the first few that make a quorum must not
/// stand against the majority that is complete a message later.
///
/// If the last price is then older than the feed's gap, there is an outage since that price, unless anybody could have
/// pushed a newer one into its source. A pause shorter than the
/// gap is none, even if it leaves a source without an answer: who is in distress could witness each pause between two
/// reports and add them up to a grace without end.
fn checked(
    mut record: PriceRecord,
    quote: Option<&Quote>,
    feed: &Feed,
    now: u64,
    voted_on: Option<u64>,
) -> RiskResult<PriceRecord> {
    record.checked_at = now;
    let stands = breaker_stands(&record, feed, now);
    let moves = |quote: &&Quote| {
        let differs = quote.price != record.price || quote.confidence != record.confidence;
        let corrects = voted_on == Some(record.published_at) && differs;
        quote.published_at > record.published_at || (quote.published_at == record.published_at && corrects)
    };
    if let Some(quote) = quote.filter(moves) {
        advance(&mut record, quote, feed)?;
    }
    watch(&mut record, stands, feed, now);
    let silent = now.saturating_sub(record.published_at) > feed.outage_gap;
    if silent && source::has_outages(&feed.source) && !record.outage.is_open() {
        record.outage = record.outage.then(record.published_at, None);
    }
    Ok(record)
}

/// Trips the jump breaker, or keeps it standing, where the price is too far from its smoothed price. The stop ends
/// `cool_down` after the last check that found it so. The careful period begins with the check that trips a breaker which
/// does not stand, and with no other: neither the same price again nor a further one renews it.
fn watch(record: &mut PriceRecord, stands: bool, feed: &Feed, now: u64) {
    let breaker = &feed.breaker;
    if !record.strays(breaker.max_move) {
        return;
    }
    record.stops.soft_until = record.stops.soft_until.max(now.saturating_add(breaker.cool_down));
    if !stands {
        record.stops.care = Some(Care {
            until: now.saturating_add(breaker.confirm_jump),
            band: breaker.max_move,
        });
    }
}

/// Does the breaker stand, before anything of this check? From the check that tripped it until it has had its stop and the
/// last check has found the price near enough: where nobody asks for a while, what was too far is taken to be so still.
/// (A warm-up in which it trips counts as its stop.)
fn breaker_stands(record: &PriceRecord, feed: &Feed, now: u64) -> bool {
    let stopped = now < record.stops.soft_until || record.strays(feed.breaker.max_move);
    record.stops.care.is_some() && stopped
}

/// Seeds the record of a dead source anew with the answer of the one that takes its place.
pub fn reseed(
    storage: &mut dyn Storage,
    asset: &AssetId,
    old: &PriceRecord,
    quote: &Quote,
    feed: &Feed,
    now: u64,
) -> Result<Vec<Event>, ContractError> {
    let new = reseeded(old, quote, feed, now);
    PRICES.save(storage, asset.as_str(), &new)?;
    let mut events = updated(asset, Some(old), &new);
    let replaced = SourceReplaced {
        asset: asset.clone(),
        before: old.price,
        price: new.price,
        until: new.stops.soft_until,
    };
    events.push(replaced.into());
    Ok(events)
}

/// What is known of the asset's volatility stays, as do stops by name; the outage is over, and the care with which the
/// old price was taken is forgotten: nothing is left of that price.
fn reseeded(old: &PriceRecord, quote: &Quote, feed: &Feed, now: u64) -> PriceRecord {
    let new = seeded(quote, feed, now);
    PriceRecord {
        volatility: old.volatility,
        slow_volatility: old.slow_volatility,
        outage: match old.outage.is_open() {
            true => old.outage.over(quote.published_at),
            false => old.outage,
        },
        stops: Stops {
            soft_until: new.stops.soft_until.max(old.stops.soft_until),
            care: None,
            ..old.stops.clone()
        },
        ..new
    }
}

/// Moves a record to a newer price, or to a better one of the same time. Averages integrate the price *before* over the
/// time between the two, so the new price weighs nothing at the moment it arrives: neither waiting nor pushing often
/// moves anything at once. A return counts for the volatility even within the second, as one of a second: a vote
/// that holds a move back until another corrects it would hide the move otherwise.
fn advance(record: &mut PriceRecord, quote: &Quote, feed: &Feed) -> RiskResult<()> {
    let seconds = quote.published_at.saturating_sub(record.published_at);
    let (from, to) = (record.price.0, quote.price.0);
    record.smoothed = Price(smooth(record.smoothed.0, from, seconds, feed.smoothing)?);
    let seen = |before, window| volatility(before, from, to, seconds.max(1), window);
    record.volatility = seen(record.volatility, feed.volatility_window)?;
    record.slow_volatility = seen(record.slow_volatility, feed.slow_volatility_window)?;
    record.price = quote.price;
    record.confidence = quote.confidence;
    record.published_at = quote.published_at;
    if record.outage.is_open() && quote.published_at > record.outage.from {
        record.outage = record.outage.over(quote.published_at);
    }
    Ok(())
}

/// What happened to a record's price and outage.
fn updated(asset: &AssetId, old: Option<&PriceRecord>, new: &PriceRecord) -> Vec<Event> {
    let mut events = vec![PriceUpdated {
        asset: asset.clone(),
        price: new.price,
        smoothed: new.smoothed,
        volatility: new.volatility,
        published_at: new.published_at,
        checked_at: new.checked_at,
    }
    .into()];
    let before = old.map_or(Pause::NEVER, |record| record.outage);
    if before == new.outage {
        return events;
    }
    // A newer answer that is itself too old ends one outage and is the start of the next.
    if before.is_open() {
        events.push(
            OutageClosed {
                asset: asset.clone(),
                from: before.from,
                until: new.published_at,
                total: before.seconds_by(new.published_at),
            }
            .into(),
        );
    }
    if new.outage.is_open() {
        let asset = asset.clone();
        events.push(
            OutageOpened {
                asset,
                from: new.outage.from,
                seen_at: new.checked_at,
            }
            .into(),
        );
    }
    events
}

/// The jump breaker was tripped, or stands for longer.
fn jumped(asset: &AssetId, old: &PriceRecord, new: &PriceRecord) -> Option<Event> {
    if old.stops == new.stops {
        return None;
    }
    let begun = new
        .stops
        .care
        .as_ref()
        .filter(|_| old.stops.care != new.stops.care);
    let jumped = Jumped {
        asset: asset.clone(),
        price: new.price,
        smoothed: new.smoothed,
        until: new.stops.soft_until,
        care_until: begun.map(|care| care.until),
    };
    Some(jumped.into())
}

//! `Stop` and `Lift`: what must not be done with an asset's price, because the owner or the guardian says so.
//!
//! A stop never moves a price and never keeps one from moving: health is judged as ever, and whoever asks a source is
//! answered. It ends by itself.

use cosmwasm_std::{Addr, Response, Storage};
use glidepath_interfaces::admin::{role, Role};
use glidepath_interfaces::events::oracle::{Lifted, Stopped};
use glidepath_interfaces::oracle::{PriceRecord, StopKind};
use glidepath_interfaces::AssetId;

use crate::error::ContractError;
use crate::state::{GUARDIAN_STOPS, PRICES};
use crate::validate::{self, GUARDIAN_REST};

/// Stops something with the prices of these assets from now on, for so many seconds: all of them, or none.
///
/// # Errors
/// `NotGuardian`, a list or a length out of bounds, `NeverPriced`; of the guardian also `GuardianAgain` and
/// `AlreadyStopped`.
pub fn stop(
    storage: &mut dyn Storage,
    sender: &Addr,
    assets: &[AssetId],
    kind: StopKind,
    seconds: u64,
    now: u64,
) -> Result<Response, ContractError> {
    let by = role(storage, sender)?;
    validate::some_distinct("assets", assets.iter())?;
    validate::stop(kind, by, seconds)?;
    let until = now.saturating_add(seconds);
    let mut response = Response::new();
    for asset in assets {
        let mut record = priced(storage, asset)?;
        if by == Role::Guardian {
            may_stop(storage, asset, kind, &record, now)?;
            GUARDIAN_STOPS.save(storage, (kind.word(), asset.as_str()), &until)?;
        }
        match kind {
            StopKind::Borrowing => record.stops.borrowing_until = until,
            StopKind::Fills if record.stops.fills.runs_at(now) => {
                record.stops.fills = record.stops.fills.over(until);
            }
            StopKind::Fills => record.stops.fills = record.stops.fills.then(now, Some(until)),
        }
        PRICES.save(storage, asset.as_str(), &record)?;
        response = response.add_event(Stopped {
            asset: asset.clone(),
            kind: kind.word(),
            until,
            by: sender.clone(),
        });
    }
    Ok(response)
}

/// Is it the guardian's turn? A stop that runs, whoever set it, is not his to lengthen or to shorten; and after his own
/// last one, as long as he had set it, comes a rest.
fn may_stop(
    storage: &dyn Storage,
    asset: &AssetId,
    kind: StopKind,
    record: &PriceRecord,
    now: u64,
) -> Result<(), ContractError> {
    if let Some(last) = GUARDIAN_STOPS.may_load(storage, (kind.word(), asset.as_str()))? {
        let from = last.saturating_add(GUARDIAN_REST);
        if now < from {
            let asset = asset.clone();
            return Err(ContractError::GuardianAgain { asset, kind, from });
        }
    }
    let until = stopped_until(record, kind, now);
    if now < until {
        let asset = asset.clone();
        return Err(ContractError::AlreadyStopped { asset, kind, until });
    }
    Ok(())
}

/// Ends stops at once: the owner's word alone. One that is over is passed over, because a vote of governance takes days.
///
/// # Errors
/// `NotOwner`, a list out of bounds, `NeverPriced`.
pub fn lift(
    storage: &mut dyn Storage,
    sender: &Addr,
    assets: &[AssetId],
    kind: StopKind,
    now: u64,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(storage, sender)?;
    validate::some_distinct("assets", assets.iter())?;
    let mut response = Response::new();
    for asset in assets {
        let mut record = priced(storage, asset)?;
        let until = stopped_until(&record, kind, now);
        if until <= now {
            continue;
        }
        match kind {
            StopKind::Borrowing => record.stops.borrowing_until = now,
            StopKind::Fills => record.stops.fills = record.stops.fills.over(now),
        }
        PRICES.save(storage, asset.as_str(), &record)?;
        response = response.add_event(Lifted {
            asset: asset.clone(),
            kind: kind.word(),
            until,
        });
    }
    Ok(response)
}

/// The end of a stop by name; in the past if there is none.
fn stopped_until(record: &PriceRecord, kind: StopKind, now: u64) -> u64 {
    match kind {
        StopKind::Borrowing => record.stops.borrowing_until,
        StopKind::Fills => record.no_fills_until(now),
    }
}

/// The record of an asset that has one: without a price there is nothing to stop.
fn priced(storage: &dyn Storage, asset: &AssetId) -> Result<PriceRecord, ContractError> {
    PRICES
        .may_load(storage, asset.as_str())?
        .ok_or_else(|| ContractError::NeverPriced { asset: asset.clone() })
}

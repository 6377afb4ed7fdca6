//! The source `posted`: whitelisted reporters, the median of the fresh reports, one vote each.

use cosmwasm_std::{Addr, Decimal, Storage};
use glidepath_interfaces::oracle::Report;
use glidepath_interfaces::AssetId;
use glidepath_risk::math::mul_div;
use glidepath_risk::{Price, RiskError, RiskResult, Rounding};

use super::Quote;
use crate::error::ContractError;
use crate::state::{Filed, REPORTERS, REPORTS};
use crate::validate::{MAX_PRICE, MIN_PRICE};

/// Asks the reports on file. `None` when fewer than `quorum` of today's reporters have one that is at most `fresh`
/// seconds old.
pub fn read(
    storage: &dyn Storage,
    asset: &AssetId,
    quorum: u8,
    fresh: u64,
    now: u64,
) -> Result<Option<Quote>, ContractError> {
    let Some(filed) = REPORTS.may_load(storage, asset.as_str())? else {
        return Ok(None);
    };
    Ok(tally(&filed, &REPORTERS.load(storage)?, quorum, fresh, now)?)
}

/// Is a report at most `fresh` seconds old?
pub fn is_fresh(at: u64, fresh: u64, now: u64) -> bool {
    now.saturating_sub(at) <= fresh
}

/// The median of the fresh reports of `reporters`. Its confidence is the median of how far they are from it, as a part of
/// it, rounded up: zero where most agree, whatever the others say, and for a single report. The median is as old as the lower median of their times: at least half
/// of the votes are as new as that, so one eager reporter can't make the others' old prices look new.
pub fn tally(
    filed: &[Filed],
    reporters: &[Addr],
    quorum: u8,
    fresh: u64,
    now: u64,
) -> RiskResult<Option<Quote>> {
    let votes = || {
        filed
            .iter()
            .filter(|report| is_fresh(report.at, fresh, now) && reporters.contains(&report.reporter))
    };
    let mut prices: Vec<Decimal> = votes().map(|report| report.price.0).collect();
    let mut times: Vec<u64> = votes().map(|report| report.at).collect();
    if prices.len() < usize::from(quorum) {
        return Ok(None);
    }
    prices.sort_unstable();
    times.sort_unstable();
    let (Some(price), Some(published_at)) = (median(&prices, Rounding::Down)?, lower_median(&times)) else {
        return Ok(None);
    };
    let mut apart: Vec<Decimal> = prices.iter().map(|vote| vote.abs_diff(price)).collect();
    apart.sort_unstable();
    let width = median(&apart, Rounding::Up)?.unwrap_or_default();
    let one = Decimal::one().atomics();
    let confidence = Decimal::new(mul_div(width.atomics(), one, price.atomics(), Rounding::Up)?);
    Ok(Some(Quote {
        price: Price(price),
        confidence,
        published_at,
    }))
}

/// Middle of a sorted list, or the mean of the two middle ones; `None` of nothing.
fn median(sorted: &[Decimal], rounding: Rounding) -> RiskResult<Option<Decimal>> {
    let Some(low) = lower_median(sorted) else {
        return Ok(None);
    };
    let high = sorted.get(sorted.len() / 2).copied().unwrap_or(low);
    let half = high
        .checked_sub(low)
        .map_err(RiskError::from)?
        .checked_mul(Decimal::percent(50))?;
    Ok(Some(match rounding {
        Rounding::Down => low.checked_add(half)?,
        Rounding::Up => high.checked_sub(half).map_err(RiskError::from)?,
    }))
}

/// Middle of a sorted list, of an even one the lower of the two; `None` of nothing.
fn lower_median<T: Copy>(sorted: &[T]) -> Option<T> {
    sorted.get(sorted.len().saturating_sub(1) / 2).copied()
}

/// Puts a report on file in place of the reporter's last one. Reports of those who are no reporters any more are
/// dropped, so there are never more than reporters.
///
/// # Errors
/// A price outside the bounds, a time to come, one that is not fresh, or one that is not newer than the reporter's
/// last (the same report again is none: it changes nothing).
pub fn file(
    filed: &mut Vec<Filed>,
    reporters: &[Addr],
    reporter: &Addr,
    report: &Report,
    fresh: u64,
    now: u64,
) -> Result<(), ContractError> {
    let Report { asset, price, at } = report;
    if *price < MIN_PRICE || *price > MAX_PRICE {
        return Err(ContractError::PriceOutOfBounds {
            asset: asset.clone(),
            price: *price,
            min: MIN_PRICE,
            max: MAX_PRICE,
        });
    }
    if *at > now {
        let asset = asset.clone();
        return Err(ContractError::FutureReport { asset, at: *at, now });
    }
    if !is_fresh(*at, fresh, now) {
        return Err(ContractError::StaleReport {
            asset: asset.clone(),
            at: *at,
            oldest: now.saturating_sub(fresh),
        });
    }
    if let Some(last) = filed.iter().find(|last| last.reporter == reporter) {
        if *at < last.at || (*at == last.at && *price != last.price) {
            return Err(ContractError::ReplayedReport {
                asset: asset.clone(),
                at: *at,
                last: last.at,
            });
        }
    }
    filed.retain(|last| last.reporter != reporter && reporters.contains(&last.reporter));
    filed.push(Filed {
        reporter: reporter.clone(),
        price: *price,
        at: *at,
    });
    Ok(())
}

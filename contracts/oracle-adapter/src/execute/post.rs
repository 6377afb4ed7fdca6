//! `Post`: a reporter's prices.

use cosmwasm_std::{Addr, Response, Storage};
use glidepath_interfaces::events::oracle::Reported;
use glidepath_interfaces::oracle::{Report, Source};

use crate::error::ContractError;
use crate::source::posted;
use crate::state::{FEEDS, REPORTERS, REPORTS};
use crate::{record, validate};

/// Puts a reporter's prices on file and checks their assets. One refused report refuses the whole message. A report
/// that does not complete the quorum of an asset's first price is kept for those to come.
pub fn post(
    storage: &mut dyn Storage,
    sender: &Addr,
    reports: &[Report],
    now: u64,
) -> Result<Response, ContractError> {
    let reporters = REPORTERS.load(storage)?;
    if !reporters.contains(sender) {
        let sender = sender.clone();
        return Err(ContractError::NotReporter { sender });
    }
    validate::some_distinct("reports", reports.iter().map(|report| &report.asset))?;
    let mut response = Response::new();
    for report in reports {
        let asset = &report.asset;
        let feed = FEEDS
            .may_load(storage, asset.as_str())?
            .ok_or_else(|| ContractError::NoFeed { asset: asset.clone() })?;
        let Source::Posted { quorum, fresh } = feed.source else {
            let asset = asset.clone();
            return Err(ContractError::NotPosted { asset });
        };
        let mut filed = REPORTS.may_load(storage, asset.as_str())?.unwrap_or_default();
        posted::file(&mut filed, &reporters, sender, report, fresh, now)?;
        REPORTS.save(storage, asset.as_str(), &filed)?;
        response = response.add_event(Reported {
            asset: asset.clone(),
            reporter: sender.clone(),
            price: report.price,
            at: report.at,
        });
        let quote = posted::tally(&filed, &reporters, quorum, fresh, now)?;
        let updated = record::check(storage, asset, &feed, quote, now, Some(report.at))?;
        response = response.add_events(updated.unwrap_or_default());
    }
    Ok(response)
}

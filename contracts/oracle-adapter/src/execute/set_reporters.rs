//! `SetReporters`: who may post prices.

use cosmwasm_std::{Addr, Api, Response, Storage};
use glidepath_interfaces::events::oracle::ReportersSet;

use crate::error::ContractError;
use crate::state::REPORTERS;
use crate::validate::{distinct, MAX_REPORTERS};

/// Replaces the reporters; the reports of those who are none any more count from now on no longer.
pub fn set_reporters(
    storage: &mut dyn Storage,
    api: &dyn Api,
    sender: &Addr,
    reporters: &[String],
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(storage, sender)?;
    let event = set(storage, api, reporters)?;
    Ok(Response::new().add_event(event))
}

/// Checks and stores the list. An empty one is allowed: it silences every posted feed.
pub fn set(
    storage: &mut dyn Storage,
    api: &dyn Api,
    reporters: &[String],
) -> Result<ReportersSet, ContractError> {
    distinct("reporters", reporters.iter(), MAX_REPORTERS)?;
    let checked = reporters
        .iter()
        .map(|reporter| api.addr_validate(reporter))
        .collect::<Result<Vec<Addr>, _>>()?;
    REPORTERS.save(storage, &checked)?;
    Ok(ReportersSet {
        reporters: (!reporters.is_empty()).then(|| reporters.join(",")),
    })
}

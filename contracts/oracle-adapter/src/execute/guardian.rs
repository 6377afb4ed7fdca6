//! `SetGuardian`: who may stop borrowing and fills for a while.

use cosmwasm_std::{Addr, Api, Response, Storage};
use glidepath_interfaces::admin;
use glidepath_interfaces::events::oracle::GuardianSet;

use crate::error::ContractError;

/// Names the guardian, or none. His stops stand, and what he may not set again yet goes for the next one too.
pub fn set_guardian(
    storage: &mut dyn Storage,
    api: &dyn Api,
    sender: &Addr,
    guardian: Option<&str>,
) -> Result<Response, ContractError> {
    let guardian = admin::set_guardian(storage, api, sender, guardian)?;
    Ok(Response::new().add_event(GuardianSet { guardian }))
}

/// The first guardian, or none.
pub fn set(
    storage: &mut dyn Storage,
    api: &dyn Api,
    guardian: Option<&str>,
) -> Result<GuardianSet, ContractError> {
    let guardian = admin::name_guardian(storage, api, guardian)?;
    Ok(GuardianSet { guardian })
}

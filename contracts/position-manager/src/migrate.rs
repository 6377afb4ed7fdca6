//! Migration: this contract's name and an older version, then the steps between the two.

use cosmwasm_std::{Response, Storage};
use glidepath_interfaces::admin;

use crate::contract::{CONTRACT_NAME, CONTRACT_VERSION};
use crate::ContractError;

/// Brings the storage of an older version to this one.
pub fn migrate(storage: &mut dyn Storage) -> Result<Response, ContractError> {
    // Steps go here, one `if from < version` each, oldest first; none so far.
    let from = admin::migrate(storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new()
        .add_attribute("migrated_from", from.to_string())
        .add_attribute("migrated_to", CONTRACT_VERSION))
}

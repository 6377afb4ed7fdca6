//! Migration from older versions.

use cosmwasm_std::{DepsMut, Response};
use glidepath_interfaces::admin;

use crate::contract::{CONTRACT_NAME, CONTRACT_VERSION};
use crate::ContractError;

/// Checks name and version. Steps of single versions go here, by the version that was stored.
pub fn migrate(deps: DepsMut) -> Result<Response, ContractError> {
    let from = admin::migrate(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new().add_attribute("migrated_from", from.to_string()))
}

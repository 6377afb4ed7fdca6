//! What a migration does to storage.

use cosmwasm_std::{Response, Storage};
use glidepath_interfaces::admin;

use crate::contract::{CONTRACT_NAME, CONTRACT_VERSION};
use crate::error::ContractError;

/// Checks name and version, then runs the steps between the stored version and this one.
pub fn migrate(storage: &mut dyn Storage) -> Result<Response, ContractError> {
    let from = admin::migrate(storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    // The first version: there is nothing yet to bring up to date. A step is `if from < V { … }` here, in order.
    Ok(Response::new()
        .add_attribute("from", from.to_string())
        .add_attribute("to", CONTRACT_VERSION))
}

//! Two-step transfer of the contract.

use cosmwasm_std::{Addr, BlockInfo, DepsMut, Response};
use glidepath_interfaces::admin::{update_ownership, OwnershipMsg};
use glidepath_interfaces::events::fund::OwnershipUpdated;

use crate::error::ContractError;

/// Proposes, cancels or accepts.
pub fn update(
    deps: DepsMut,
    block: &BlockInfo,
    sender: &Addr,
    msg: OwnershipMsg,
) -> Result<Response, ContractError> {
    let after = update_ownership(deps.storage, deps.api, block, sender, msg)?;
    Ok(Response::new().add_event(OwnershipUpdated {
        owner: after.owner,
        pending_owner: after.pending_owner,
    }))
}

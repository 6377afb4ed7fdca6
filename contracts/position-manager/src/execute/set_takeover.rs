//! `SetTakeover`: an owner says whether his position may be taken over while it is sold softly.

use cosmwasm_std::{Addr, DepsMut, Response};
use glidepath_interfaces::events::position_manager::TakeoverSet;

use crate::state::{load_position, KEPT};
use crate::ContractError;

/// Keeps a position from being taken over while it is sold softly, or lets it be. A refusal counts from the next second on: who
/// has seen that he may take it over is not refused by what comes in front of him in his own block. One that stands stays as it
/// is, or saying it again would open it for a second.
///
/// # Errors
/// `NoPosition`, `NotPositionOwner`.
pub fn set_takeover(
    deps: DepsMut,
    sender: &Addr,
    now: u64,
    id: u64,
    allowed: bool,
) -> Result<Response, ContractError> {
    let owner = load_position(deps.storage, id)?.owner;
    if *sender != owner {
        return Err(ContractError::NotPositionOwner { position: id, owner });
    }
    let refused_from = match allowed {
        true => {
            KEPT.remove(deps.storage, id);
            None
        }
        false => {
            let from = KEPT.may_load(deps.storage, id)?;
            let from = from.unwrap_or(now.saturating_add(1));
            KEPT.save(deps.storage, id, &from)?;
            Some(from)
        }
    };
    Ok(Response::new().add_event(TakeoverSet {
        position: id,
        allowed,
        refused_from,
    }))
}

//! `Book`: anyone has a market's revenue and losses booked.

use cosmwasm_std::{DepsMut, Response};
use glidepath_interfaces::AssetId;

use crate::books::Books;
use crate::error::ContractError;

/// Does only what every other message does first.
pub fn book(deps: DepsMut, now: u64, asset: AssetId) -> Result<Response, ContractError> {
    let events = Books::open(deps.as_ref(), asset, now)?.close(deps.storage)?;
    Ok(Response::new().add_events(events))
}

//! `TargetMet`: a fill has ended a position's sale.

use cosmwasm_std::{Addr, Decimal, DepsMut, Response};
use glidepath_interfaces::auction::EndReason;
use glidepath_interfaces::events::position_manager::DistressEnded;

use crate::decide::without_distress;
use crate::state::{load_position, save_position, CONFIG};
use crate::ContractError;

/// Ends the distress of a position whose sale the auction has ended, because [`Next::End`] was the answer of this contract
/// about the fill. Nothing is judged a second time, so nothing is read for it; whoever is below maintenance for all that can
/// be called again.
///
/// [`Next::End`]: glidepath_interfaces::position_manager::Next::End
///
/// # Errors
/// `NotAuction`, `NoSale`.
pub fn target_met(
    deps: DepsMut,
    sender: &Addr,
    now: u64,
    id: u64,
    health: Option<Decimal>,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let auction = config.peers.liquidation_auction;
    if *sender != auction {
        return Err(ContractError::NotAuction {
            sender: sender.clone(),
            expected: auction,
        });
    }
    let before = load_position(deps.storage, id)?;
    let Some(distress) = before.distress.as_ref().filter(|_| before.has_sale()) else {
        return Err(ContractError::NoSale { position: id });
    };
    // The grace of its call was booked when the sale opened.
    let after = without_distress(&before, &config.params, now, None);
    save_position(deps.storage, id, &after)?;
    Ok(Response::new().add_event(DistressEnded {
        position: id,
        reason: EndReason::TargetMet.to_string(),
        called_at: distress.called_at,
        health,
    }))
}

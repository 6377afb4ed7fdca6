//! `EndSale`: the owner of the contracts ends a sale whose terms turned out wrong.

use cosmwasm_std::{Addr, DepsMut, Response};
use glidepath_interfaces::auction::EndReason;
use glidepath_interfaces::events::position_manager::SaleEnded;

use super::advance::bare;
use super::messages::Told;
use crate::decide::{recalled, without_distress, Step};
use crate::records::Records;
use crate::state::{load_position, save_position};
use crate::ContractError;

/// Ends the sale of a position. One that its owner asked for is over. Of a forced one the call stands with what is left of its
/// grace: who is below maintenance can be sold again, under the terms of then, and who is not is let go by the next touch. So it
/// does where the position owes more than it holds, whoever wanted the sale, and its debts stay counted. Nothing of it is lost,
/// and no sale is altered.
///
/// # Errors
/// `NoSale`.
pub fn end_sale(deps: DepsMut, sender: &Addr, now: u64, id: u64) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, sender)?;
    let before = load_position(deps.storage, id)?;
    let mut records = Records::open(deps.as_ref(), now)?;
    let ledger = records.ledger(id)?;
    let sale = records.sale_of(id, &before)?;
    let (Some(distress), Some(sale)) = (&before.distress, sale) else {
        return Err(ContractError::NoSale { position: id });
    };
    let figures = bare(&mut records, &before, &ledger, Some(&sale))?;
    let config = records.config;
    let insolvent = figures.as_ref().is_some_and(|figures| figures.insolvent);
    let is_asked = before.asked().is_some() && !insolvent;
    let after = match is_asked {
        true => without_distress(&before, &config.params, now, figures.as_ref()),
        false => recalled(&before, distress, figures.as_ref(), now),
    };
    save_position(deps.storage, id, &after)?;
    let told = Told {
        config: &config,
        id,
        distress: Some(distress),
        mode: Some(sale.mode),
        insolvent,
        asked: None,
    };
    let messages = match is_asked {
        true => told.ended(&Step::End(EndReason::Governance))?,
        false => told.recalled()?,
    };
    Ok(Response::new().add_messages(messages).add_event(SaleEnded {
        position: id,
        reason: EndReason::Governance.to_string(),
        called_at: now,
    }))
}

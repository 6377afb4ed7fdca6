//! A bid: the auction's only open message.

use cosmwasm_std::{
    to_json_binary, Addr, CosmosMsg, Decimal256, DepsMut, Event, Response, StdResult, Uint128, WasmMsg,
};
use cw_asset::Asset;
use glidepath_interfaces::asset::call_then_pay;
use glidepath_interfaces::auction::{EndReason, Lot, LotCause, Reached, Sale};
use glidepath_interfaces::events::auction::{Filled, LotWaits};
use glidepath_interfaces::payment::Call;
use glidepath_interfaces::position_manager::{self, Next};
use glidepath_interfaces::vault;
use glidepath_risk::Value;

use super::sale::{close, with_lot};
use crate::quote::{quote, Quote};
use crate::state::{save_indexed, save_sale, PEERS};
use crate::{queue, ContractError};

/// What a bidder asks for.
pub struct Bid {
    /// Position.
    pub position: u64,
    /// Most debt base units per whole collateral token.
    pub max_price: Decimal256,
    /// Who gets the collateral; the bidder if not said.
    pub recipient: Option<String>,
    /// Fewest collateral base units.
    pub min_received: Option<Uint128>,
}

/// Buys what the payment buys at the price of now and returns the rest. The payment goes on to the vault, which
/// delivers; the auction keeps nothing. A fill that clears the lot schedules the next one if the pair goes on. One that meets
/// the target ends the sale here, the distress in the vault with the same message that settles it, and then the position
/// manager's; after any other the position manager is told to look.
pub fn bid(mut deps: DepsMut, now: u64, call: &Call, bid: Bid) -> Result<Response, ContractError> {
    let payment = call.paid_in_one()?;
    let peers = PEERS.load(deps.storage)?;
    let recipient = call.or_sender(deps.api, bid.recipient.clone())?;
    if peers.contains(&recipient) {
        return Err(ContractError::RecipientIsSuite { recipient });
    }

    let quote = quote(
        deps.as_ref(),
        &peers,
        bid.position,
        Some(payment.amount),
        None,
        now,
    )?;
    call.paid_in(&quote.fill.pay)?;
    check(&bid, &quote)?;
    let refund = payment.amount.checked_sub(quote.fill.paid)?;
    let clears = quote.clears_lot()?;
    let sale = after(&quote, now)?;
    let Quote { fill, .. } = quote;
    let filled = Filled {
        position: bid.position,
        bidder: call.sender.clone(),
        recipient: recipient.clone(),
        collateral: sale.collateral.clone(),
        debt: sale.debt.clone(),
        sold: fill.sold,
        paid: fill.paid,
        repaid: fill.repaid,
        penalty: fill.penalty,
        price: fill.price,
        multiplier: fill.multiplier,
        mode: sale.mode.to_string(),
        pass: sale.pass,
        health_before: fill.health_before,
        health_after: fill.health_after,
        lot_left: sale.lot.as_ref().map_or(Uint128::zero(), |lot| lot.left),
        first_fill_at: sale.first_fill_at,
    };
    let mut response = Response::new().add_event(filled);
    let mut ends = None;
    if let Next::End { keepers } = &fill.next {
        response = response.add_events(close(
            deps.branch(),
            now,
            bid.position,
            &sale,
            EndReason::TargetMet,
        )?);
        ends = Some(keepers.clone());
    } else if clears {
        response = response.add_events(cleared(deps.branch(), now, bid.position, sale, &fill.next)?);
    } else {
        save_sale(deps.storage, bid.position, &sale)?;
    }

    let settle = vault::ExecuteMsg::Settle {
        position: bid.position,
        sold: fill.sold,
        repaid: fill.repaid,
        penalty: fill.penalty,
        recipient: recipient.into(),
        ends,
    };
    let paid = Asset::new(payment.info.clone(), fill.paid);
    let (settle, tokens) = call_then_pay(&peers.vault, &settle, &[paid])?;
    response = response.add_message(settle);
    let then = match fill.next {
        Next::Lot(_) => None,
        Next::End { .. } => Some(position_manager::ExecuteMsg::TargetMet {
            position: bid.position,
            health: fill.health_after,
        }),
        Next::Advance {} => Some(position_manager::ExecuteMsg::Advance {
            position: bid.position,
        }),
    };
    if let Some(then) = then {
        response = response.add_message(told(&peers.position_manager, &then)?);
    }
    // Tokens move when all is told: one that calls back finds nothing half-done.
    response = response.add_messages(tokens);
    if !refund.is_zero() {
        response = response.add_message(Asset::new(payment.info.clone(), refund).transfer_msg(&call.sender)?);
    }
    Ok(response)
}

/// A sale whose lot a fill has cleared: the next one starts if the pair goes on and its queue admits it. If it does not,
/// the fill is none the less good, and the lot starts when the position is advanced.
fn cleared(
    mut deps: DepsMut,
    now: u64,
    position: u64,
    mut sale: Sale,
    next: &Next,
) -> Result<Vec<Event>, ContractError> {
    let mut events = vec![];
    if let Next::Lot(offer) = next {
        match with_lot(deps.branch(), now, position, sale.clone(), LotCause::Next, offer)? {
            Ok((after, started)) => {
                save_indexed(deps.storage, position, Some(&sale.collateral), &after)?;
                return Ok(started);
            }
            Err(until) => events.push(
                LotWaits {
                    position,
                    collateral: offer.collateral.clone(),
                    until,
                }
                .into(),
            ),
        }
    }
    let draw = sale.lot.as_mut().and_then(|lot| lot.draw.take());
    let rest = draw.map_or(Value::ZERO, |draw| draw.value);
    events.extend(queue::give_back(deps.storage, &sale.collateral, rest)?);
    save_sale(deps.storage, position, &sale)?;
    Ok(events)
}

/// Holds the fill to what the bidder asked for.
fn check(bid: &Bid, quote: &Quote) -> Result<(), ContractError> {
    let fill = &quote.fill;
    if fill.price > bid.max_price {
        return Err(ContractError::BidAboveMaxPrice {
            price: fill.price,
            max: bid.max_price,
        });
    }
    match bid.min_received {
        Some(min) if fill.sold < min => Err(ContractError::BelowMinReceived { sold: fill.sold, min }),
        _ => Ok(()),
    }
}

/// The sale after the fill.
fn after(quote: &Quote, now: u64) -> Result<Sale, ContractError> {
    let left = if quote.clears_lot()? {
        Uint128::zero()
    } else {
        quote.left()?
    };
    Ok(Sale {
        lot: Some(Lot {
            left,
            curve: quote.curve(),
            draw: match &quote.lot.draw {
                Some(draw) => draw.less(quote.fill.sold)?,
                None => None,
            },
            ..quote.lot.clone()
        }),
        last: Some(Reached {
            multiplier: quote.fill.of_lot,
            at: now,
        }),
        first_fill_at: quote.sale.first_fill_at.or(Some(now)),
        unsold: 0,
        ..quote.sale.clone()
    })
}

fn told(position_manager: &Addr, msg: &position_manager::ExecuteMsg) -> StdResult<CosmosMsg> {
    Ok(WasmMsg::Execute {
        contract_addr: position_manager.to_string(),
        msg: to_json_binary(msg)?,
        funds: vec![],
    }
    .into())
}

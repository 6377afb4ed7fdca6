//! What a fill does, whoever pays for it and however: to the sale here, and what vault and position manager are told.

use cosmwasm_std::{Addr, CosmosMsg, DepsMut, Event, StdResult, Uint128};
use glidepath_interfaces::asset::call;
use glidepath_interfaces::auction::{EndReason, Lot, LotCause, Reached, Sale};
use glidepath_interfaces::events::auction::{Filled, LotWaits};
use glidepath_interfaces::position_manager::{self, Next};
use glidepath_interfaces::vault;
use glidepath_risk::Value;

use super::sale::{close, with_lot};
use crate::quote::Quote;
use crate::state::{save_indexed, save_sale};
use crate::{queue, ContractError};

/// Who buys.
pub struct Buyer<'a> {
    /// Who bid.
    pub bidder: &'a Addr,
    /// Who gets the collateral.
    pub recipient: &'a Addr,
}

/// A fill that was booked here.
pub struct Done {
    /// What happened.
    pub events: Vec<Event>,
    /// For the vault.
    pub fill: vault::Fill,
    /// Debt base units.
    pub paid: Uint128,
    /// For the position manager, where it is over.
    pub then: Option<Then>,
}

/// What the position manager is told about a fill.
pub enum Then {
    /// Before it is settled: the distress is over. So whoever is called while it is settled finds nothing half-done.
    Over(position_manager::ExecuteMsg),
    /// Behind it: something else is due.
    Look(position_manager::ExecuteMsg),
}

/// Books a fill. One that clears the lot schedules the next one if the pair goes on. One that meets the target ends the sale
/// here, the distress in the vault with the same message that settles it, and the position manager's; after any other that
/// does not go on the position manager is told to look.
// Chains refuse a function of more than 100 locals, which inlining makes of it.
#[inline(never)]
pub fn fill(
    mut deps: DepsMut,
    now: u64,
    position: u64,
    quote: &Quote,
    buyer: &Buyer,
) -> Result<Done, ContractError> {
    let clears = quote.clears_lot()?;
    let sale = after(quote, now)?;
    let fill = &quote.fill;
    let filled = Filled {
        position,
        bidder: buyer.bidder.clone(),
        recipient: buyer.recipient.clone(),
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
    let mut events = vec![filled.into()];
    let mut ends = None;
    if let Next::End { keepers } = &fill.next {
        let ended = close(deps.branch(), now, position, &sale, EndReason::TargetMet)?;
        events.extend(ended);
        ends = Some(keepers.clone());
    } else if clears {
        events.extend(cleared(deps.branch(), now, position, sale, &fill.next)?);
    } else {
        save_sale(deps.storage, position, &sale)?;
    }
    let then = match fill.next {
        Next::Lot(_) => None,
        Next::End { .. } => Some(Then::Over(position_manager::ExecuteMsg::TargetMet {
            position,
            health: fill.health_after,
        })),
        Next::Advance {} => Some(Then::Look(position_manager::ExecuteMsg::Advance { position })),
    };
    Ok(Done {
        events,
        fill: vault::Fill {
            position,
            sold: fill.sold,
            repaid: fill.repaid,
            penalty: fill.penalty,
            matched_by: None,
            ends,
        },
        paid: fill.paid,
        then,
    })
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
    events.extend(queue::give_back(
        deps.storage,
        &sale.collateral,
        sale.mode.line(),
        rest,
    )?);
    save_sale(deps.storage, position, &sale)?;
    Ok(events)
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
            draw: match &quote.live.lot.draw {
                Some(draw) => draw.less(quote.fill.sold)?,
                None => None,
            },
            ..quote.live.lot.clone()
        }),
        last: Some(Reached {
            multiplier: quote.reached(),
            at: now,
        }),
        first_fill_at: quote.live.sale.first_fill_at.or(Some(now)),
        unsold: 0,
        ..quote.live.sale.clone()
    })
}

/// What the position manager is told before fills are settled, and behind them.
pub fn told(
    position_manager: &Addr,
    all: impl IntoIterator<Item = Then>,
) -> StdResult<(Vec<CosmosMsg>, Vec<CosmosMsg>)> {
    let (mut before, mut behind) = (vec![], vec![]);
    for then in all {
        let (list, msg) = match &then {
            Then::Over(msg) => (&mut before, msg),
            Then::Look(msg) => (&mut behind, msg),
        };
        list.push(call(position_manager, msg)?);
    }
    Ok((before, behind))
}

//! Tickets: fills that are delivered before they are paid. The ledger is final when a ticket opens, and everything that is read
//! meanwhile is as it will be; if the ticket is not paid by the end of the message that opened it, nothing of it happened.

use cosmwasm_std::{Addr, Binary, CosmosMsg, Event, Response, Storage, Uint128};
use cw_asset::Asset;
use glidepath_interfaces::asset::call;
use glidepath_interfaces::events::vault::{TicketOpened, TicketPaid};
use glidepath_interfaces::payment::Call;
use glidepath_interfaces::vault::{Bought, CallbackMsg, ExecuteMsg, Ticket};
use glidepath_interfaces::AssetId;

use crate::books::Books;
use crate::error::ContractError;
use crate::state::{listed, CONFIG, TICKETS};

/// A fill that goes out before it is paid.
pub struct Delivery<'a> {
    /// Position.
    pub position: u64,
    /// What is delivered.
    pub goods: &'a [Asset],
    /// Debt base units to pay.
    pub owed: Uint128,
    /// Part of them that is the suppliers'.
    pub cash: Uint128,
    /// Whom to call.
    pub bidder: &'a Addr,
    /// What he said with his bid.
    pub msg: Binary,
}

/// Opens a ticket. Returns the call of the bidder and, behind it, what refuses while the ticket is open.
///
/// # Errors
/// `TicketOpen` where the position's last ticket is still open.
pub fn open(
    storage: &mut dyn Storage,
    books: &mut Books,
    asset: AssetId,
    delivery: Delivery,
    own: &Addr,
) -> Result<(Vec<CosmosMsg>, Event), ContractError> {
    let Delivery {
        position,
        goods,
        owed,
        cash,
        bidder,
        msg,
    } = delivery;
    if TICKETS.has(storage, position) {
        return Err(ContractError::TicketOpen { position });
    }
    // What is booked as cash has not come yet: it can't be lent or paid out.
    books.market(storage, &asset)?.state.open_ticket(cash)?;
    let debt = listed(storage, &asset)?.info;
    let mut messages = vec![];
    for Asset { info, amount } in goods {
        let bought = Bought {
            position,
            collateral: info.clone(),
            sold: *amount,
            debt: debt.clone(),
            owed,
            msg: msg.clone(),
        };
        messages.push(call(bidder, &CallbackMsg::GlidepathBought(bought))?);
    }
    messages.push(call(own, &ExecuteMsg::TicketPaid { position })?);
    let event = TicketOpened {
        position,
        asset: asset.clone(),
        bidder: bidder.clone(),
        owed,
    };
    TICKETS.save(storage, position, &Ticket { asset, owed, cash })?;
    Ok((messages, event.into()))
}

/// Takes the payment of a ticket: exactly what it owes.
///
/// # Errors
/// `NoTicket`, `TicketOwes`.
pub fn pay(storage: &mut dyn Storage, now: u64, by: &Call, position: u64) -> Result<Response, ContractError> {
    let ticket = TICKETS.may_load(storage, position)?;
    let Ticket { asset, owed, cash } = ticket.ok_or(ContractError::NoTicket { position })?;
    let amount = by.paid_in(&listed(storage, &asset)?.info)?;
    if amount != owed {
        return Err(ContractError::TicketOwes {
            position,
            owed,
            paid: amount,
        });
    }
    let mut books = Books::open(now);
    books.market(storage, &asset)?.state.close_ticket(cash)?;
    books.close(storage)?;
    TICKETS.remove(storage, position);
    Ok(Response::new().add_event(TicketPaid {
        position,
        asset,
        sender: by.sender.clone(),
        amount,
    }))
}

/// Refuses while the ticket is open.
///
/// # Errors
/// `TicketUnpaid`.
pub fn assert_paid(storage: &dyn Storage, sender: &Addr, position: u64) -> Result<Response, ContractError> {
    CONFIG.load(storage)?.only_itself(sender)?;
    match TICKETS.may_load(storage, position)? {
        Some(ticket) => Err(ContractError::TicketUnpaid {
            position,
            owed: ticket.owed,
        }),
        None => Ok(Response::new()),
    }
}

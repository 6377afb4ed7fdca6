//! Standing orders that buy: matched by anybody, or in front of a bid.

use cosmwasm_std::{Addr, CosmosMsg, Decimal, Deps, DepsMut, Env, Event, Response};
use glidepath_interfaces::asset::call;
use glidepath_interfaces::auction::{slot_multiplier, Sale};
use glidepath_interfaces::events::auction::{OrdersMatched, SlotShut};
use glidepath_interfaces::position_manager::Refusal;
use glidepath_interfaces::vault::{self, PaidBy};
use glidepath_interfaces::Peers;

use super::fill::{fill, told, Buyer, Done};
use crate::orders::{self, Open};
use crate::quote::{at_least, live_lot, Quote};
use crate::state::PEERS;
use crate::ContractError;

/// Orders that come before a bid.
pub struct Ahead {
    /// Slot.
    pub slot: u8,
    /// The multiple of the oracle's price that they pay.
    pub pays: Decimal,
}

/// The dearest orders that pay at least `multiplier` times the oracle's price for what a sale sells, if there are any whose
/// time has come.
pub fn ahead(
    deps: Deps,
    height: u64,
    sale: &Sale,
    multiplier: Decimal,
) -> Result<Option<Ahead>, ContractError> {
    let Some(book) = orders::book(deps.storage, &sale.collateral, &sale.debt)? else {
        return Ok(None);
    };
    for (slot, pays) in book.crossed(multiplier) {
        let open = Open::load(deps.storage, &sale.collateral, &sale.debt, book.clone(), slot)?;
        if !open.slot.active(height)?.is_zero() {
            return Ok(Some(Ahead { slot, pays }));
        }
    }
    Ok(None)
}

/// The dearest orders that the lot of a position has reached buy from it, at their own price. Who asks for it is paid from the
/// keepers' part.
///
/// # Errors
/// `NothingToMatch`; those of a bid that is too early or too late.
pub fn match_orders(
    deps: DepsMut,
    env: &Env,
    sender: &Addr,
    position: u64,
) -> Result<Response, ContractError> {
    let now = env.block.time.seconds();
    let peers = PEERS.load(deps.storage)?;
    let live = live_lot(deps.as_ref(), &peers, position, now)?;
    let nothing = |multiplier| ContractError::NothingToMatch {
        collateral: live.sale.collateral.clone(),
        debt: live.sale.debt.clone(),
        multiplier,
    };
    let found = ahead(deps.as_ref(), env.block.height, &live.sale, live.multiplier)?;
    let Some(ahead) = found else {
        return Err(nothing(live.multiplier));
    };
    match serve(deps, env, &peers, sender, position, ahead.slot)? {
        Served::Filled(served) => Ok(Response::new()
            .add_events(served.events)
            .add_messages(served.messages)),
        Served::Shut(event) => Ok(Response::new().add_event(event)),
        Served::NotReached(multiplier) => Err(nothing(multiplier)),
    }
}

/// What became of a slot whose turn it was.
pub enum Served {
    /// It bought.
    Filled(Purchase),
    /// What it holds is too little to buy anything.
    Shut(Event),
    /// What holds up the lot's price holds it above what the slot pays: at this multiple of the oracle's price.
    NotReached(Decimal),
}

/// What a slot has bought.
pub struct Purchase {
    /// What happened.
    pub events: Vec<Event>,
    /// For vault and position manager.
    pub messages: Vec<CosmosMsg>,
}

/// Has the orders of a slot buy from the lot of a position.
pub fn serve(
    mut deps: DepsMut,
    env: &Env,
    peers: &Peers<Addr>,
    keeper: &Addr,
    position: u64,
    slot: u8,
) -> Result<Served, ContractError> {
    let (now, height) = (env.block.time.seconds(), env.block.height);
    let live = live_lot(deps.as_ref(), peers, position, now)?;
    let (collateral, debt) = (live.sale.collateral.clone(), live.sale.debt.clone());
    let pays = slot_multiplier(slot).unwrap_or_default();
    let book = orders::book_or_new(deps.storage, &collateral, &debt)?;
    let mut open = Open::load(deps.storage, &collateral, &debt, book, slot)?;
    let funds = open.slot.active(height)?;
    let quote = match at_least(deps.as_ref(), peers, position, live, pays, Some(funds)) {
        Ok(quote) => quote,
        Err(ContractError::Refused(Refusal::TooSmall { .. })) => {
            let left = open.all_funds();
            open.save_as(deps.storage, false)?;
            return Ok(Served::Shut(
                SlotShut {
                    collateral,
                    debt,
                    slot,
                    left,
                }
                .into(),
            ));
        }
        Err(other) => return Err(other),
    };
    if quote.fill.multiplier > pays {
        return Ok(Served::NotReached(quote.fill.multiplier));
    }
    let Quote { fill: bought, .. } = &quote;
    open.fill(deps.storage, bought.paid, bought.sold, height)?;
    let left = open.all_funds();
    open.save(deps.storage)?;
    let auction = &peers.liquidation_auction;
    let buyer = Buyer {
        bidder: auction,
        recipient: auction,
    };
    let mut done = fill(deps.branch(), now, position, &quote, &buyer)?;
    done.fill.matched_by = Some(keeper.to_string());
    done.events.push(
        OrdersMatched {
            position,
            collateral,
            debt,
            slot,
            keeper: keeper.clone(),
            left,
        }
        .into(),
    );
    Ok(Served::Filled(settled(peers, done)?))
}

fn settled(peers: &Peers<Addr>, done: Done) -> Result<Purchase, ContractError> {
    let auction = peers.liquidation_auction.to_string();
    let settle = vault::ExecuteMsg::Settle {
        fills: vec![done.fill],
        paid_by: PaidBy::Account {
            payer: auction.clone(),
        },
        recipient: auction,
    };
    let (before, behind) = told(&peers.position_manager, done.then)?;
    let messages = before
        .into_iter()
        .chain([call(&peers.vault, &settle)?])
        .chain(behind)
        .collect();
    Ok(Purchase {
        events: done.events,
        messages,
    })
}

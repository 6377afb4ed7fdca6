//! Standing orders that buy: matched by anybody, or in front of a bid.

use cosmwasm_std::{Addr, CosmosMsg, Decimal, Deps, DepsMut, Env, Event, Response};
use glidepath_interfaces::asset::call;
use glidepath_interfaces::auction::{Sale, TryPrice};
use glidepath_interfaces::events::auction::OrdersMatched;
use glidepath_interfaces::vault::{self, PaidBy};
use glidepath_interfaces::Peers;

use super::fill::{fill, told, Buyer, Done};
use crate::orders::{self, Open};
use crate::quote::{at_least, live_lot, open_to, Quote};
use crate::state::PEERS;
use crate::ContractError;

/// Orders that come before a bid.
pub struct Ahead {
    /// Slot.
    pub slot: u8,
    /// The multiple of the oracle's price that they pay.
    pub pays: Decimal,
}

/// Slots that pay at least `multiplier` times the oracle's price for what a sale sells, the dearest first, of those whose time
/// has come.
pub fn ahead(deps: Deps, height: u64, sale: &Sale, multiplier: Decimal) -> Result<Vec<Ahead>, ContractError> {
    let Some(book) = orders::book(deps.storage, &sale.collateral, &sale.debt)? else {
        return Ok(vec![]);
    };
    let (mut found, mut least) = (vec![], None);
    for (slot, pays) in book.crossed(multiplier) {
        let open = Open::load(deps.storage, &sale.collateral, &sale.debt, book.clone(), slot)?;
        // Dust that is no order costs nobody a question because somebody places one in this block.
        let least = match least {
            Some(least) => least,
            None => *least.insert(orders::least(deps.storage, &sale.debt)?),
        };
        if open.slot.active(height)? >= least {
            found.push(Ahead { slot, pays });
        }
    }
    Ok(found)
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
    open_to(deps.storage, position, &live.sale, live.reserved_until, None)?;
    let found = ahead(deps.as_ref(), env.block.height, &live.sale, live.multiplier)?;
    match serve(deps, env, &peers, sender, position, &found)? {
        Some(bought) => Ok(Response::new()
            .add_events(bought.events)
            .add_messages(bought.messages)),
        None => Err(ContractError::NothingToMatch {
            collateral: live.sale.collateral,
            debt: live.sale.debt,
            multiplier: live.multiplier,
        }),
    }
}

/// What a slot has bought.
pub struct Purchase {
    /// What happened.
    pub events: Vec<Event>,
    /// For vault and position manager.
    pub messages: Vec<CosmosMsg>,
}

/// The first of these slots that can buy now, or at prices that are tried; none where none can. One that can't, because what it has is too little or the
/// price that is held up is above its own, is in nobody's way: the next is tried. Each is a question to the position manager.
pub fn first_to_buy<'a>(
    deps: Deps,
    env: &Env,
    peers: &Peers<Addr>,
    position: u64,
    slots: &'a [Ahead],
    prices: Option<&[TryPrice]>,
) -> Result<Option<&'a Ahead>, ContractError> {
    for one in slots {
        if buys(deps, env, peers, position, one, prices)?.is_some() {
            return Ok(Some(one));
        }
    }
    Ok(None)
}

/// What the orders of a slot would buy now, if they can.
fn buys(
    deps: Deps,
    env: &Env,
    peers: &Peers<Addr>,
    position: u64,
    Ahead { slot, pays }: &Ahead,
    prices: Option<&[TryPrice]>,
) -> Result<Option<(Open, Quote)>, ContractError> {
    let live = live_lot(deps, peers, position, env.block.time.seconds())?;
    let (collateral, debt) = (&live.sale.collateral, &live.sale.debt);
    let Some(book) = orders::book(deps.storage, collateral, debt)? else {
        return Ok(None);
    };
    let open = Open::load(deps.storage, collateral, debt, book, *slot)?;
    let funds = open.slot.active(env.block.height)?;
    let prices = prices.map(<[TryPrice]>::to_vec);
    match at_least(deps, peers, position, live, *pays, Some(funds), prices) {
        Ok(quote) if quote.fill.multiplier <= *pays => Ok(Some((open, quote))),
        Ok(_) | Err(ContractError::Refused(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Has the orders of the first of these slots that can buy do so; none where none can.
pub fn serve(
    mut deps: DepsMut,
    env: &Env,
    peers: &Peers<Addr>,
    keeper: &Addr,
    position: u64,
    slots: &[Ahead],
) -> Result<Option<Purchase>, ContractError> {
    for one in slots {
        if let Some(bought) = serve_one(deps.branch(), env, peers, keeper, position, one)? {
            return Ok(Some(bought));
        }
    }
    Ok(None)
}

// Chains refuse a function of more than 100 locals, which inlining makes of it.
#[inline(never)]
fn serve_one(
    mut deps: DepsMut,
    env: &Env,
    peers: &Peers<Addr>,
    keeper: &Addr,
    position: u64,
    one: &Ahead,
) -> Result<Option<Purchase>, ContractError> {
    let Some((mut open, quote)) = buys(deps.as_ref(), env, peers, position, one, None)? else {
        return Ok(None);
    };
    let (now, height) = (env.block.time.seconds(), env.block.height);
    let (collateral, debt) = (quote.sale.collateral.clone(), quote.sale.debt.clone());
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
            slot: one.slot,
            keeper: keeper.clone(),
            left,
        }
        .into(),
    );
    Ok(Some(settled(peers, done)?))
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

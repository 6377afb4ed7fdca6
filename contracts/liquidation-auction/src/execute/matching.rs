//! Standing orders that buy: matched by anybody, or in front of a bid.

use cosmwasm_std::{Addr, Decimal, Deps, DepsMut, Env, Response, Uint128};
use glidepath_interfaces::asset::call;
use glidepath_interfaces::auction::{Sale, TryPrice};
use glidepath_interfaces::events::auction::OrdersMatched;
use glidepath_interfaces::vault::{self, PaidBy};
use glidepath_interfaces::Peers;

use super::fill::{fill, told, Buyer, Done};
use crate::orders::{self, Open};
use crate::quote::{at_least, live_lot, Live, Quote};
use crate::state::PEERS;
use crate::ContractError;

/// Orders that are asked for enough: a slot.
pub struct Reached {
    /// Slot.
    pub slot: u8,
    /// The multiple of the oracle's price that they pay.
    pub pays: Decimal,
    open: Open,
    funds: Uint128,
}

/// Orders that can buy, and what they would.
pub struct First {
    /// Whose.
    pub orders: Reached,
    quote: Quote,
}

/// Slots that pay at least `multiplier` times the oracle's price for what a sale sells, the dearest first, of those whose time
/// has come. Dust that is no order is none of them: it would cost a question whenever somebody places one in this block.
fn reached(deps: Deps, height: u64, sale: &Sale, multiplier: Decimal) -> Result<Vec<Reached>, ContractError> {
    let Some(book) = orders::book(deps.storage, &sale.collateral, &sale.debt)? else {
        return Ok(vec![]);
    };
    let mut crossed = book.crossed(multiplier).peekable();
    if crossed.peek().is_none() {
        return Ok(vec![]);
    }
    let least = orders::least(deps.storage, &sale.debt)?;
    let mut found = vec![];
    for (slot, pays) in crossed {
        let open = Open::load(deps.storage, &sale.collateral, &sale.debt, book.clone(), slot)?;
        let funds = open.slot.active(height)?;
        if funds >= least {
            found.push(Reached {
                slot,
                pays,
                open,
                funds,
            });
        }
    }
    Ok(found)
}

/// The dearest orders that can buy at `multiplier` times the oracle's price or above, now or at prices that are tried; none where
/// none can. Some that can't, because what they have is too little or the price that is held up is above their own, are in
/// nobody's way: the next are tried. Each is a question to the position manager.
// Chains refuse a function of more than 100 locals, which inlining makes of it.
#[inline(never)]
fn first(
    deps: Deps,
    env: &Env,
    peers: &Peers<Addr>,
    position: u64,
    live: &Live,
    multiplier: Decimal,
    prices: Option<&[TryPrice]>,
) -> Result<Option<First>, ContractError> {
    for orders in reached(deps, env.block.height, &live.sale, multiplier)? {
        let (pays, funds) = (orders.pays, Some(orders.funds));
        let prices = prices.map(<[TryPrice]>::to_vec);
        match at_least(deps, peers, position, live, pays, funds, prices) {
            Ok(quote) if quote.fill.multiplier <= pays => return Ok(Some(First { orders, quote })),
            Ok(_) | Err(ContractError::Refused(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(None)
}

/// Orders in front of a bid: that pay what its fill costs, or more; in front of a listed bidder's fill, too, who is the first of
/// the bidders and no reason to sell for less. None while a jump of the price is met with care: the price is not sure yet, and
/// orders wait.
pub fn in_front(
    deps: Deps,
    env: &Env,
    peers: &Peers<Addr>,
    position: u64,
    quote: &Quote,
    prices: Option<&[TryPrice]>,
) -> Result<Option<First>, ContractError> {
    let fill = &quote.fill;
    if fill.multiplier > fill.of_lot {
        return Ok(None);
    }
    first(deps, env, peers, position, &quote.live, fill.multiplier, prices)
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
    live.open_to(deps.storage, position, None)?;
    match first(deps.as_ref(), env, &peers, position, &live, live.multiplier, None)? {
        Some(first) => serve(deps, env, &peers, sender, position, first),
        None => Err(ContractError::NothingToMatch {
            collateral: live.sale.collateral,
            debt: live.sale.debt,
            multiplier: live.multiplier,
        }),
    }
}

/// Has orders buy.
// Chains refuse a function of more than 100 locals, which inlining makes of it.
#[inline(never)]
pub fn serve(
    mut deps: DepsMut,
    env: &Env,
    peers: &Peers<Addr>,
    keeper: &Addr,
    position: u64,
    First { orders, quote }: First,
) -> Result<Response, ContractError> {
    let Reached { slot, mut open, .. } = orders;
    let (now, height) = (env.block.time.seconds(), env.block.height);
    let sale = &quote.live.sale;
    let (collateral, debt) = (sale.collateral.clone(), sale.debt.clone());
    open.fill(deps.storage, quote.fill.paid, quote.fill.sold, height)?;
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
    settled(peers, done)
}

fn settled(peers: &Peers<Addr>, done: Done) -> Result<Response, ContractError> {
    let auction = peers.liquidation_auction.to_string();
    let settle = vault::ExecuteMsg::Settle {
        fills: vec![done.fill],
        paid_by: PaidBy::Account {
            payer: auction.clone(),
        },
        recipient: auction,
    };
    let (before, behind) = told(&peers.position_manager, done.then)?;
    Ok(Response::new()
        .add_events(done.events)
        .add_messages(before)
        .add_message(call(&peers.vault, &settle)?)
        .add_messages(behind))
}

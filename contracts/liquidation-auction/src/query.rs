//! Queries.

use cosmwasm_std::{Addr, Deps, Env, Order, Uint128};
use cw_storage_plus::Bound;
use glidepath_interfaces::auction::{
    slot_multiplier, BidPreview, BiddersResponse, BookResponse, ConfigResponse, Line, OrderResponse, Placed,
    PreviewBackstopResponse, PreviewBidResponse, PriceAtResponse, QueueNow, QueueResponse, Sale,
    SaleResponse, SlotResponse, TryPrice, SALES, SALE_TERMS, SLOTS_A_BOOK, TERMS,
};
use glidepath_interfaces::oracle::PRICES;
use glidepath_interfaces::position_manager::{self, AssetParams, AssetResponse};
use glidepath_interfaces::{page, AssetId};
use glidepath_risk::queue::Queue;
use glidepath_risk::tempo::calm;
use glidepath_risk::Value;

use crate::execute::{backstop_quote, in_front, LOTS_UNSOLD};
use crate::lot;
use crate::orders::{self, Open, BY_OWNER};
use crate::quote::{quote, Quote};
use crate::state::{self, load_sale, selling, PEERS};
use crate::{queue, ContractError};

mod open_lots;

pub use open_lots::{open_lots, Asked};

/// Peers and terms.
pub fn config(deps: Deps) -> Result<ConfigResponse, ContractError> {
    Ok(ConfigResponse {
        peers: PEERS.load(deps.storage)?,
        terms: TERMS.load(deps.storage)?,
    })
}

/// A running sale.
pub fn sale(deps: Deps, now: u64, position: u64) -> Result<SaleResponse, ContractError> {
    response(deps, now, position, load_sale(deps.storage, position)?)
}

/// Running sales in order of their positions, all or those of one collateral.
pub fn sales(
    deps: Deps,
    now: u64,
    collateral: Option<AssetId>,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<SaleResponse>, ContractError> {
    match collateral {
        Some(asset) => selling(deps.storage, &asset, start_after)
            .take(page::size(limit))
            .map(|position| sale(deps, now, position?))
            .collect(),
        None => SALES
            .after(deps.storage, start_after)
            .take(page::size(limit))
            .map(|row| {
                let (position, sale) = row?;
                response(deps, now, position, sale)
            })
            .collect(),
    }
}

fn response(deps: Deps, now: u64, position: u64, sale: Sale) -> Result<SaleResponse, ContractError> {
    // Without its price records nobody knows where a lot stands; one such row never fails a page.
    let peers = PEERS.load(deps.storage)?;
    let pauses = lot::pauses(deps, &peers, &sale).ok();
    let known = sale.lot.as_ref().zip(pauses);
    let running = known.filter(|(lot, pauses)| !lot.is_over(pauses, now));
    let alive = running.filter(|(lot, pauses)| lot.is_alive(pauses, now));
    let multiplier = alive.map(|(lot, pauses)| lot.multiplier(&pauses, now));
    Ok(SaleResponse {
        position,
        terms: SALE_TERMS.load(deps.storage, position)?,
        multiplier: multiplier.transpose()?,
        last: running.map(|(lot, pauses)| lot.life().last(&pauses, now)),
        sale,
    })
}

/// Somebody who is named, if somebody is.
pub fn named(deps: Deps, who: Option<String>) -> Result<Option<Addr>, ContractError> {
    Ok(who.map(|who| deps.api.addr_validate(&who)).transpose()?)
}

/// Who alone may buy from a collateral's soft lots at first.
pub fn bidders(deps: Deps, collateral: &AssetId) -> Result<BiddersResponse, ContractError> {
    Ok(BiddersResponse {
        reserved: state::reserved(deps.storage, collateral)?,
        bidders: state::bidders(deps.storage, collateral)?,
    })
}

/// To the unit what `bid` would do now. A position without a sale is an error; everything else is an answer.
pub fn preview_bid(
    deps: Deps,
    env: &Env,
    position: u64,
    pay: Option<Uint128>,
    prices: Option<Vec<TryPrice>>,
    bidder: Option<Addr>,
) -> Result<PreviewBidResponse, ContractError> {
    let peers = PEERS.load(deps.storage)?;
    let now = env.block.time.seconds();
    let quote = match quote(deps, &peers, position, pay, prices.clone(), now) {
        Ok(quote) => quote,
        Err(ContractError::Refused(refusal)) => return Ok(PreviewBidResponse::Refused(refusal)),
        Err(ContractError::LotNotStarted { start_at, .. }) => {
            return Ok(PreviewBidResponse::NoLot {
                starts_at: Some(start_at),
            })
        }
        Err(
            ContractError::LotExpired { .. }
            | ContractError::NoLot { .. }
            | ContractError::OutageLasts { .. },
        ) => return Ok(PreviewBidResponse::NoLot { starts_at: None }),
        Err(other) => return Err(other),
    };
    match quote.live.open_to(deps.storage, position, bidder.as_ref()) {
        Err(ContractError::Reserved { until, .. }) => return Ok(PreviewBidResponse::Reserved { until }),
        other => other?,
    }
    if let Some(first) = in_front(deps, env, &peers, position, &quote, prices.as_deref())? {
        return Ok(PreviewBidResponse::OrdersFirst {
            slot: first.orders.slot,
            multiplier: first.orders.pays,
        });
    }
    Ok(PreviewBidResponse::Fills(preview(&quote, pay)?))
}

/// A fill of at most `pay` before it happens.
fn preview(quote: &Quote, pay: Option<Uint128>) -> Result<BidPreview, ContractError> {
    let fill = &quote.fill;
    Ok(BidPreview {
        sold: fill.sold,
        paid: fill.paid,
        refund: pay.unwrap_or(fill.paid).checked_sub(fill.paid)?,
        repaid: fill.repaid,
        penalty: fill.penalty,
        price: fill.price,
        multiplier: fill.multiplier,
        health_before: fill.health_before,
        health_after: fill.health_after,
        clears_lot: quote.clears_lot()?,
        published_at: fill.published_at,
    })
}

/// To the unit what `backstop` would do now. A position without a sale is an error; everything else is an answer.
pub fn preview_backstop(
    deps: Deps,
    env: &Env,
    position: u64,
) -> Result<PreviewBackstopResponse, ContractError> {
    let peers = PEERS.load(deps.storage)?;
    Ok(match backstop_quote(deps, env, &peers, position) {
        Ok(quote) => PreviewBackstopResponse::Buys(preview(&quote, None)?),
        Err(ContractError::Refused(refusal)) => PreviewBackstopResponse::Refused(refusal),
        Err(ContractError::LotNotOver { .. } | ContractError::NoLot { .. }) => {
            let unsold = load_sale(deps.storage, position)?.unsold;
            PreviewBackstopResponse::NotDue {
                unsold,
                needed: LOTS_UNSOLD,
            }
        }
        Err(ContractError::BackstopNotDue { unsold, needed, .. }) => {
            PreviewBackstopResponse::NotDue { unsold, needed }
        }
        Err(ContractError::PriceStopped { asset, until }) => {
            PreviewBackstopResponse::Stopped { asset, until }
        }
        Err(ContractError::AboveAverage { pays, most }) => {
            PreviewBackstopResponse::AboveAverage { pays, most }
        }
        Err(ContractError::MatchFirst { slot, pays, .. }) => PreviewBackstopResponse::OrdersFirst {
            slot,
            multiplier: pays,
        },
        Err(ContractError::NoBackstop { .. }) => PreviewBackstopResponse::None {},
        Err(ContractError::BackstopUsedUp { pay, take, .. }) => PreviewBackstopResponse::UsedUp { pay, take },
        Err(other) => return Err(other),
    })
}

/// Price of the lot at a moment of its life, for the oracle prices and the health of now.
pub fn price_at(deps: Deps, position: u64, time: u64) -> Result<PriceAtResponse, ContractError> {
    let peers = PEERS.load(deps.storage)?;
    let fill = quote(deps, &peers, position, None, None, time)?.fill;
    Ok(PriceAtResponse {
        multiplier: fill.multiplier,
        price: fill.price,
    })
}

/// The queue of a collateral's lots under the terms of sales that open now, and from when on it admits a lot that draws
/// `draw`. The position manager knows the market's depth and the queue's terms.
pub fn queue(
    deps: Deps,
    now: u64,
    collateral: AssetId,
    draw: Option<Value>,
) -> Result<QueueResponse, ContractError> {
    let peers = PEERS.load(deps.storage)?;
    let backlog = queue::backlog(deps.storage, &collateral, Line::Distress)?;
    let listed: AssetResponse = deps.querier.query_wasm_smart(
        &peers.position_manager,
        &position_manager::QueryMsg::Asset {
            asset: collateral.clone(),
        },
    )?;
    let AssetParams {
        depth,
        volatility_reference,
        collateral: params,
        ..
    } = listed.params;
    let Some(terms) = params.and_then(|params| params.queue) else {
        return Ok(QueueResponse { backlog, now: None });
    };
    let record = PRICES.query(&deps.querier, &peers.oracle_adapter, collateral.as_str())?;
    let sale_terms = TERMS.load(deps.storage)?;
    let queue = Queue {
        terms,
        depth,
        calm: calm(volatility_reference, record.volatility)?,
        largest: sale_terms.largest_lot(depth)?,
        backlog,
    };
    let draw = draw.unwrap_or(queue.largest);
    Ok(QueueResponse {
        backlog,
        now: Some(QueueNow {
            left: queue.left(now)?,
            burst: queue.burst()?,
            rate: queue.rate()?,
            admits_at: queue.admit(Value::ZERO, draw, now)?.err().unwrap_or(now),
        }),
    })
}

/// A standing order as it is now.
pub fn order(deps: Deps, height: u64, number: u64) -> Result<OrderResponse, ContractError> {
    order_of(deps, height, number, orders::load(deps.storage, number)?)
}

fn order_of(deps: Deps, height: u64, number: u64, placed: Placed) -> Result<OrderResponse, ContractError> {
    let open = Open::of(deps.storage, &placed)?;
    let share = placed
        .order
        .share(&open.slot, &open.story(deps.storage), height)?;
    Ok(OrderResponse {
        order: number,
        multiplier: slot_multiplier(placed.slot).unwrap_or_default(),
        funds: share.funds,
        gained: share.gained,
        active_from: placed.order.placed_at.saturating_add(1),
        owner: placed.owner,
        collateral: placed.collateral,
        debt: placed.debt,
        slot: placed.slot,
    })
}

/// Somebody's standing orders.
pub fn orders(
    deps: Deps,
    height: u64,
    owner: &str,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<OrderResponse>, ContractError> {
    let owner = deps.api.addr_validate(owner)?;
    BY_OWNER
        .prefix(&owner)
        .keys(
            deps.storage,
            start_after.map(Bound::exclusive),
            None,
            Order::Ascending,
        )
        .take(page::size(limit))
        .map(|number| order(deps, height, number?))
        .collect()
}

/// The standing orders of a pair by slot.
pub fn book(
    deps: Deps,
    height: u64,
    collateral: &AssetId,
    debt: &AssetId,
) -> Result<BookResponse, ContractError> {
    let min_order = orders::min_order(deps.storage, debt)?;
    let Some(book) = orders::book(deps.storage, collateral, debt)? else {
        return Ok(BookResponse {
            min_order,
            slots: vec![],
        });
    };
    let mut slots = vec![];
    for nth in 0..SLOTS_A_BOOK {
        let open = Open::load(deps.storage, collateral, debt, book.clone(), nth)?;
        let funds = open.slot.active(height)?;
        let pending = open.all_funds().saturating_sub(funds);
        if funds.is_zero() && pending.is_zero() && open.slot.gained.is_zero() {
            continue;
        }
        slots.push(SlotResponse {
            slot: nth,
            multiplier: slot_multiplier(nth).unwrap_or_default(),
            funds,
            pending,
            gained: open.slot.gained,
            open: book.is_open(nth),
        });
    }
    Ok(BookResponse { min_order, slots })
}

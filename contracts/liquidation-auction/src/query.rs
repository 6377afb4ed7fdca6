//! Queries.

use cosmwasm_std::{Deps, Order, Uint128};
use cw_storage_plus::Bound;
use glidepath_interfaces::auction::{
    BidPreview, ConfigResponse, PreviewBidResponse, PriceAtResponse, Sale, SaleResponse, TryPrice, SALES,
    SALE_TERMS, TERMS,
};
use glidepath_interfaces::{page, AssetId};

use crate::lot;
use crate::quote::quote;
use crate::state::{load_sale, BY_COLLATERAL, PEERS};
use crate::ContractError;

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
        Some(asset) => BY_COLLATERAL
            .prefix(asset.as_str())
            .keys(
                deps.storage,
                start_after.map(Bound::exclusive),
                None,
                Order::Ascending,
            )
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
    let pauses = lot::pauses(deps, &sale).ok();
    let known = sale.lot.as_ref().zip(pauses);
    let running = known.filter(|(lot, pauses)| !lot.is_over(pauses, now));
    let alive = running.filter(|(lot, pauses)| lot.is_alive(pauses, now));
    let multiplier = alive.map(|(lot, pauses)| lot::multiplier(lot, &pauses, now));
    Ok(SaleResponse {
        position,
        terms: SALE_TERMS.load(deps.storage, position)?,
        multiplier: multiplier.transpose()?,
        last: running.map(|(lot, pauses)| lot.life().last(&pauses, now)),
        sale,
    })
}

/// To the unit what `bid` would do now. A position without a sale is an error; everything else is an answer.
pub fn preview_bid(
    deps: Deps,
    now: u64,
    position: u64,
    pay: Option<Uint128>,
    prices: Option<Vec<TryPrice>>,
) -> Result<PreviewBidResponse, ContractError> {
    let peers = PEERS.load(deps.storage)?;
    let quote = match quote(deps, &peers.position_manager, position, pay, prices, now) {
        Ok(quote) => quote,
        Err(ContractError::Refused(refusal)) => return Ok(PreviewBidResponse::Refused(refusal)),
        Err(ContractError::LotNotStarted { start_at, .. }) => {
            return Ok(PreviewBidResponse::NoLot {
                starts_at: Some(start_at),
            })
        }
        Err(ContractError::LotExpired { .. } | ContractError::NoLot { .. }) => {
            return Ok(PreviewBidResponse::NoLot { starts_at: None })
        }
        Err(other) => return Err(other),
    };
    let clears_lot = quote.clears_lot()?;
    let fill = quote.fill;
    Ok(PreviewBidResponse::Fills(BidPreview {
        sold: fill.sold,
        paid: fill.paid,
        refund: pay.unwrap_or(fill.paid).checked_sub(fill.paid)?,
        repaid: fill.repaid,
        penalty: fill.penalty,
        price: fill.price,
        multiplier: fill.multiplier,
        health_before: fill.health_before,
        health_after: fill.health_after,
        clears_lot,
        published_at: fill.published_at,
    }))
}

/// Price of the lot at a moment of its life, for the oracle prices and the health of now.
pub fn price_at(deps: Deps, position: u64, time: u64) -> Result<PriceAtResponse, ContractError> {
    let peers = PEERS.load(deps.storage)?;
    let fill = quote(deps, &peers.position_manager, position, None, None, time)?.fill;
    Ok(PriceAtResponse {
        multiplier: fill.multiplier,
        price: fill.price,
    })
}

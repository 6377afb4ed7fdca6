//! `OpenLots`: what a bidder may buy, the best first.

use cosmwasm_std::{Addr, Decimal, Deps, Env, StdResult, Uint128};
use glidepath_interfaces::auction::{BidPreview, OpenLot, OpenLotsResponse, PreviewBidResponse, Sale, SALES};
use glidepath_interfaces::{AssetId, Peers};

use super::{preview_bid, price_at};
use crate::lot;
use crate::state::{load_sale, selling, PEERS};
use crate::ContractError;

/// Most sales of a page: each is asked about in the position manager up to three times, and once more for each slot of orders in
/// front that can't buy; and nodes bound what a query may cost.
const MOST: u32 = 20;

/// What a bidder asks for.
pub struct Asked {
    /// Only what sells this.
    pub collateral: Option<AssetId>,
    /// Only what takes this.
    pub debt: Option<AssetId>,
    /// Who he is.
    pub bidder: Option<Addr>,
    /// Debt base units to spend.
    pub funds: Option<Uint128>,
    /// Seconds after which the price is asked for as well.
    pub ahead: Option<u64>,
}

/// The lots of a page of sales that may be bought or are scheduled, the best first. Lots of which nobody can say where they stand
/// are left out: one such sale fails no page.
pub fn open_lots(
    deps: Deps,
    env: &Env,
    asked: Asked,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<OpenLotsResponse, ContractError> {
    let size = usize::try_from(limit.unwrap_or(MOST).clamp(1, MOST)).unwrap_or_default();
    let peers = PEERS.load(deps.storage)?;
    // One more than the page has: whether there is another.
    let mut positions = sales(
        deps,
        asked.collateral.as_ref(),
        start_after,
        size.saturating_add(1),
    )?;
    let next = match positions.len() > size {
        true => {
            positions.truncate(size);
            positions.last().copied()
        }
        false => None,
    };
    let mut lots = vec![];
    for position in positions {
        let sale = load_sale(deps.storage, position)?;
        if asked.debt.as_ref().is_none_or(|debt| *debt == sale.debt) {
            lots.extend(open(deps, env, &peers, position, sale, &asked)?);
        }
    }
    lots.sort_by_key(rank);
    if let Some(funds) = asked.funds {
        spend(deps, env, &mut lots, funds, asked.bidder.as_ref());
    }
    Ok(OpenLotsResponse { lots, next })
}

/// Positions on sale.
fn sales(
    deps: Deps,
    collateral: Option<&AssetId>,
    start_after: Option<u64>,
    rows: usize,
) -> Result<Vec<u64>, ContractError> {
    let all: StdResult<Vec<u64>> = match collateral {
        Some(asset) => selling(deps.storage, asset, start_after).take(rows).collect(),
        None => SALES.keys(deps.storage, start_after).take(rows).collect(),
    };
    Ok(all?)
}

/// A sale's lot, if its life is not over.
fn open(
    deps: Deps,
    env: &Env,
    peers: &Peers<Addr>,
    position: u64,
    sale: Sale,
    asked: &Asked,
) -> Result<Option<OpenLot>, ContractError> {
    let now = env.block.time.seconds();
    let Ok(pauses) = lot::pauses(deps, peers, &sale) else {
        return Ok(None);
    };
    let lot = sale.lot.as_ref().filter(|lot| !lot.is_over(&pauses, now));
    let Some(lot) = lot else {
        return Ok(None);
    };
    let Ok(preview) = preview_bid(deps, env, position, None, None, asked.bidder.clone()) else {
        return Ok(None);
    };
    let ahead = asked.ahead.map(|seconds| now.saturating_add(seconds));
    Ok(Some(OpenLot {
        position,
        mode: sale.mode,
        start_at: lot.start_at,
        last: lot.life().last(&pauses, now),
        now: preview,
        ahead: ahead.and_then(|time| price_at(deps, position, time).ok()),
        gets: None,
        collateral: sale.collateral,
        debt: sale.debt,
    }))
}

/// What can be bought comes first, the lowest multiple of the oracle's price before others; then what orders come before, then
/// what can't be bought now by when it starts.
fn rank(lot: &OpenLot) -> (u8, Decimal, u64, u64) {
    let (class, multiplier) = match &lot.now {
        PreviewBidResponse::Fills(fill) => (0, fill.multiplier),
        PreviewBidResponse::OrdersFirst { multiplier, .. } => (1, *multiplier),
        PreviewBidResponse::Reserved { .. } | PreviewBidResponse::NoLot { .. } => (2, Decimal::zero()),
        PreviewBidResponse::Refused(_) => (3, Decimal::zero()),
    };
    (class, multiplier, lot.start_at, lot.position)
}

/// What funds buy, the best first: what a `bid_many` in this order would do.
fn spend(deps: Deps, env: &Env, lots: &mut [OpenLot], mut funds: Uint128, bidder: Option<&Addr>) {
    for lot in lots {
        if funds.is_zero() {
            break;
        }
        // The change of a larger payment may repay: what it does is asked for with what is there.
        let gets: Option<BidPreview> =
            match preview_bid(deps, env, lot.position, Some(funds), None, bidder.cloned()) {
                Ok(PreviewBidResponse::Fills(fill)) => Some(fill),
                _ => None,
            };
        funds = gets
            .as_ref()
            .map_or(funds, |fill| funds.saturating_sub(fill.paid));
        lot.gets = gets;
    }
}

//! How a lot is cut from an offer, where its price starts, and how long it lives. Pure.

use cosmwasm_std::{Addr, Decimal, Deps, Uint128};
use glidepath_interfaces::auction::{Lot, Mode, ModeTerms, Offer, Reached, Sale, SaleTerms};
use glidepath_interfaces::oracle::{PriceRecord, PRICES};
use glidepath_interfaces::{AssetId, Peers};
use glidepath_risk::math::mul_div_256;
use glidepath_risk::pause::Pauses;
use glidepath_risk::tempo::tempo;
use glidepath_risk::{RiskResult, Rounding};

use crate::state::PEERS;
use crate::validate::BLOCK;
use crate::ContractError;

/// What the sale so far means for the next lot.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// The last fill.
    pub last: Option<&'a Reached>,
    /// Was the lot before cleared?
    pub cleared: bool,
    /// The multiplier that a lot reached which is ended in its life: the next goes on from there.
    pub reached: Option<Decimal>,
}

/// When the first lot of a sale starts: at once, but not in the block in which the breach was first seen. Where no grace
/// is left a sale opens with its call, and a price that was wrong for one block must not sell anything.
pub fn first_start(breach_seen_at: u64, now: u64) -> u64 {
    now.max(breach_seen_at.saturating_add(BLOCK))
}

/// When another lot of the sale starts: spacing keeps them apart.
pub fn next_start(terms: &SaleTerms, mode: Mode, now: u64) -> u64 {
    now.saturating_add(terms.of(mode).spacing)
}

/// The next lot of a sale, to start at `start_at`.
///
/// It starts at the price reached by the lot that it replaces; else, if it starts at most one lot's life after a fill
/// of this sale, where that fill taught it to; else at the premium. A lot's life is that of the whole curve from the
/// premium at the tempo of now. A lot *follows* if the one before was cleared and it starts so soon. While soft its first
/// `reserved` seconds, at most a quarter of its life, are for listed bidders; not those of one that goes on from a price that
/// was for everybody.
pub fn next(
    terms: &SaleTerms,
    mode: Mode,
    offer: &Offer,
    past: Past,
    start_at: u64,
    reserved: u64,
) -> RiskResult<Lot> {
    let reserved = match (mode.is_soft(), past.reached) {
        (true, None) => reserved,
        _ => 0,
    };
    let mode = terms.of(mode);
    let premium = mode.curve.start()?;
    let life = mode.curve.lot(premium, tempo(offer.calm))?.life()?;
    let recent = past.last.filter(|fill| start_at.saturating_sub(fill.at) <= life);
    let from = match (past.reached, recent) {
        (Some(reached), _) => reached,
        (None, Some(fill)) => terms.learning.start_after(fill.multiplier)?,
        (None, None) => premium,
    };
    let curve = mode.curve.lot(from, tempo(offer.calm))?;
    let amount = cut(mode, offer)?;
    let lasts = curve.life()?;
    Ok(Lot {
        amount,
        left: amount,
        start_at,
        ends_at: start_at.saturating_add(lasts),
        curve,
        follows: past.cleared && recent.is_some(),
        draw: None,
        reserved: reserved.min(lasts / RESERVED_PART),
    })
}

/// Of a lot's life at most one of so many parts is reserved: the rest of it is for everybody.
const RESERVED_PART: u64 = 4;

/// Room of a last lot beside what is needed at the oracle price. The lower the price, the more must be sold to reach
/// the same target; without room each "last" lot would leave a last lot of a few per cent of it, down to lots that
/// nobody bids for. The position manager holds each fill to what is needed at its own price.
const ROOM: Uint128 = Uint128::new(2);

/// Base units of a lot: what is worth the lot's size at the oracle price, rounded up; all of the offer if what was
/// left of it could not be a lot of its own; and room for lower prices if it is the last.
fn cut(mode: &ModeTerms, offer: &Offer) -> RiskResult<Uint128> {
    if offer.value.is_zero() {
        return Ok(offer.amount);
    }
    let units = mul_div_256(
        offer.amount.into(),
        mode.lot_size(offer.depth)?.0.atomics(),
        offer.value.0.atomics(),
        Rounding::Up,
    )?;
    let units = Uint128::try_from(units).unwrap_or(Uint128::MAX);
    if units < offer.amount && offer.amount.saturating_sub(units) < offer.min_left {
        return Ok(offer.amount);
    }
    Ok(units.min(offer.amount.saturating_mul(ROOM)))
}

/// Price records of the pair on sale.
pub fn prices(deps: Deps, peers: &Peers<Addr>, sale: &Sale) -> Result<[PriceRecord; 2], ContractError> {
    let of = |asset: &AssetId| PRICES.query(&deps.querier, &peers.oracle_adapter, asset.as_str());
    Ok([of(&sale.collateral)?, of(&sale.debt)?])
}

/// What stood still of the pair on sale: outages of its prices, stops of its fills.
pub fn pauses(deps: Deps, peers: &Peers<Addr>, sale: &Sale) -> Result<[Pauses; 2], ContractError> {
    Ok(prices(deps, peers, sale)?.each_ref().map(PriceRecord::pauses))
}

/// Is the life of a sale's lot over? A lot that is sold is none that outlived its time.
pub fn is_expired(deps: Deps, now: u64, sale: &Sale) -> Result<bool, ContractError> {
    match &sale.lot {
        Some(lot) if !lot.left.is_zero() => {
            let peers = PEERS.load(deps.storage)?;
            Ok(lot.is_over(&pauses(deps, &peers, sale)?, now))
        }
        _ => Ok(false),
    }
}

//! The backstop: the insurance fund buys from a lot that nobody wanted, lot after lot.

use cosmwasm_std::{Addr, Decimal, Deps, DepsMut, Env, Response, Uint128};
use glidepath_interfaces::asset::call;
use glidepath_interfaces::auction::{Lot, Mode, Sale};
use glidepath_interfaces::fund::{Purse, Room};
use glidepath_interfaces::oracle::PriceRecord;
use glidepath_interfaces::vault::{self, PaidBy, MARKETS, MARKET_TERMS};
use glidepath_interfaces::{AssetId, Peers};
use glidepath_risk::math::{div_256, mul_256};
use glidepath_risk::{Price, Rounding};

use super::bid::match_first;
use super::fill::{fill, told, Buyer};
use super::matching::in_front;
use crate::quote::{at_least, ended_lot, Live, Quote};
use crate::state::PEERS;
use crate::ContractError;

/// Lots in a row of which nothing was sold, before the fund buys: one that found nobody may have come in a bad minute.
pub const LOTS_UNSOLD: u8 = 3;

/// Has the fund buy. Its shares pay: the vault burns them, within the fund's own rule, and no coin moves. Anybody may ask for
/// it, for nothing.
// Chains refuse a function of more than 100 locals, which inlining makes of it.
#[inline(never)]
pub fn backstop(mut deps: DepsMut, env: &Env, position: u64) -> Result<Response, ContractError> {
    let peers = PEERS.load(deps.storage)?;
    let mut quote = backstop_quote(deps.as_ref(), env, &peers, position)?;
    if quote.clears_lot()? {
        // What an expired lot has drawn from its queue is not given back.
        quote.live.lot.draw = None;
    }
    let fund = &peers.insurance_fund;
    let buyer = Buyer {
        bidder: fund,
        recipient: fund,
    };
    let done = fill(deps.branch(), env.block.time.seconds(), position, &quote, &buyer)?;
    let settle = vault::ExecuteMsg::Settle {
        fills: vec![done.fill],
        paid_by: PaidBy::Fund {},
        recipient: fund.to_string(),
    };
    let (before, behind) = told(&peers.position_manager, done.then)?;
    Ok(Response::new()
        .add_events(done.events)
        .add_messages(before)
        .add_message(call(&peers.vault, &settle)?)
        .add_messages(behind))
}

/// What the fund would buy now: at the lowest price that the lot had, which everybody was offered; without a penalty, part of
/// which would be the fund's own; as much as its rule leaves.
///
/// # Errors
/// `LotNotOver`, `BackstopNotDue`, `PriceStopped`, `NoBackstop`, `BackstopUsedUp`, `AboveAverage`, `MatchFirst`; those of a bid.
// Chains refuse a function of more than 100 locals, which inlining makes of it.
#[inline(never)]
pub fn backstop_quote(
    deps: Deps,
    env: &Env,
    peers: &Peers<Addr>,
    position: u64,
) -> Result<Quote, ContractError> {
    let now = env.block.time.seconds();
    let live = ended_lot(deps, peers, position, now)?;
    check_due(position, &live)?;
    for (asset, price) in live.priced() {
        check_calm(asset, price, now)?;
    }
    let Sale { collateral, debt, .. } = &live.sale;
    let room = room(deps, peers, collateral, debt, now)?;
    let used_up = || ContractError::BackstopUsedUp {
        collateral: collateral.clone(),
        debt: debt.clone(),
        take: room.take,
        pay: room.pay,
    };
    if room.take.is_zero() || room.pay.is_zero() {
        return Err(used_up());
    }
    let asked = within(&live, room.take);
    let (floor, most) = (live.multiplier, Some(room.pay));
    let Quote { fill, multiplier, .. } = at_least(deps, peers, position, &asked, floor, most, None)?;
    if fill.sold < fill.min_left.min(live.lot.left) {
        return Err(used_up());
    }
    check_average(&live, fill.multiplier)?;
    let quote = Quote {
        live,
        multiplier,
        fill,
    };
    match in_front(deps, env, peers, position, &quote, None)? {
        Some(first) => Err(match_first(position, &first)),
        None => Ok(quote),
    }
}

/// Was nothing sold of the lot, and of enough before it?
fn check_due(position: u64, live: &Live) -> Result<(), ContractError> {
    let unsold = match live.lot.is_untouched() && is_forced(live.sale.mode) {
        true => live.sale.unsold.saturating_add(1),
        false => 0,
    };
    if unsold < LOTS_UNSOLD {
        return Err(ContractError::BackstopNotDue {
            position,
            unsold,
            needed: LOTS_UNSOLD,
        });
    }
    Ok(())
}

/// Does the fund buy from such a sale? From forced ones only: who sells because he wants to has time to wait for a buyer.
fn is_forced(mode: Mode) -> bool {
    match mode {
        Mode::Soft | Mode::CloseOut => true,
        Mode::Asked => false,
    }
}

/// The fund pays no more than the smoothed prices say. Three lots that nobody wanted may mean that the price is above the
/// market's: what was pushed up buys nothing before the average has followed it.
fn check_average(live: &Live, multiplier: Decimal) -> Result<(), ContractError> {
    let [collateral, debt] = live.priced().map(|(_, price)| price);
    let part = |price: Price, smoothed: Price, rounding| div_256(price.0.into(), smoothed.0.into(), rounding);
    let lot = part(collateral.price, collateral.smoothed, Rounding::Up)?;
    let pays = mul_256(lot, multiplier.into(), Rounding::Up)?;
    let most = part(debt.price, debt.smoothed, Rounding::Down)?;
    if pays > most {
        return Err(ContractError::AboveAverage { pays, most });
    }
    Ok(())
}

/// Nothing is stopped, no source is out, and the price has not jumped: whoever chooses the moment finds none in which others
/// could not bid, or the price is not sure.
fn check_calm(asset: &AssetId, price: &PriceRecord, now: u64) -> Result<(), ContractError> {
    let care = price.stops.care.as_ref().map_or(0, |care| care.until);
    let until = price.no_borrowing_until(now).max(care);
    let is_out = price.outage.runs_at(now);
    if is_out || until > now {
        return Err(ContractError::PriceStopped {
            asset: asset.clone(),
            until: (!is_out).then_some(until),
        });
    }
    Ok(())
}

/// What the fund's rule leaves, by its records and the vault's.
fn room(
    deps: Deps,
    peers: &Peers<Addr>,
    collateral: &AssetId,
    debt: &AssetId,
    now: u64,
) -> Result<Room, ContractError> {
    let none = || ContractError::NoBackstop {
        collateral: collateral.clone(),
        debt: debt.clone(),
    };
    let (querier, vault) = (&deps.querier, &peers.vault);
    let purse = Purse::read(querier, &peers.insurance_fund, debt)?.ok_or_else(none)?;
    let mut market = MARKETS.query(querier, vault, debt.as_str())?;
    let terms = MARKET_TERMS.query(querier, vault, debt.as_str())?;
    market.accrue(terms.reserve_factor, now)?;
    let used = vault::backstop(querier, vault, debt)?.at(&purse.rule, now)?;
    purse.room(&market, &used, collateral)?.ok_or_else(none)
}

/// The lot as the fund is asked about it: no larger than it may take, and without a penalty.
fn within(live: &Live, take: Uint128) -> Live {
    let cut = live.lot.left.min(take);
    let mut asked = live.clone();
    asked.sale.penalty = Decimal::zero();
    asked.sale.lot = Some(Lot {
        amount: cut,
        left: cut,
        ..live.lot.clone()
    });
    asked
}

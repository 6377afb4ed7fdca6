//! Queries; each books a copy of the pool up to now.

use cosmwasm_std::{Addr, Deps, Order, StdError, Storage};
use cw_storage_plus::Bound;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::fund::{ConfigResponse, ExitResponse, PoolResponse, StakeResponse};
use glidepath_interfaces::{page, AssetId};

use crate::books::Books;
use crate::error::ContractError;
use crate::goods::claims;
use crate::state::{BACKSTOP_RULES, CONFIG, COVER_RULES, HELD, POOLS};

/// Peers and parameters.
pub fn config(storage: &dyn Storage) -> Result<ConfigResponse, ContractError> {
    let config = CONFIG.load(storage)?;
    Ok(ConfigResponse {
        peers: config.peers,
        params: config.params,
    })
}

/// The pool of a market; an empty one where nobody has staked.
pub fn pool(deps: Deps, now: u64, asset: AssetId) -> Result<PoolResponse, ContractError> {
    let books = Books::open(deps, asset, now)?;
    let worth = books.accrued(deps)?.assets_for_shares(books.market.fund_shares)?;
    let rule = COVER_RULES.may_load(deps.storage, books.asset.as_str())?;
    let backstop = BACKSTOP_RULES.may_load(deps.storage, books.asset.as_str())?;
    Ok(PoolResponse {
        asset: books.asset,
        units: books.pool.units,
        generation: books.pool.generation,
        shares: books.pool.shares,
        streaming: books.pool.streaming,
        stream_ends_at: books.pool.stream_ends_at,
        worth,
        rule,
        backstop,
    })
}

/// Pools in order of their names.
pub fn pools(
    deps: Deps,
    now: u64,
    start_after: Option<AssetId>,
    limit: Option<u32>,
) -> Result<Vec<PoolResponse>, ContractError> {
    let start = start_after.as_ref().map(AssetId::as_str);
    POOLS
        .keys(deps.storage, start)
        .take(page::size(limit))
        .map(|key| pool(deps, now, named(key?)?))
        .collect()
}

/// A staker's stake.
pub fn stake(deps: Deps, now: u64, asset: AssetId, staker: &Addr) -> Result<StakeResponse, ContractError> {
    let books = Books::open(deps, asset, now)?;
    let stake = books.stake(deps.storage, staker)?;
    let shares = books.pool.shares_for(stake.units)?;
    let amount = books.accrued(deps)?.assets_for_shares(shares)?;
    Ok(StakeResponse {
        units: stake.units,
        shares,
        amount,
        exit: stake.exit.map(|exit| ExitResponse {
            units: exit.units,
            from: exit.from,
            until: exit.until,
        }),
        goods: claims(deps.storage, &books, staker)?.owed(),
    })
}

/// What stakers bought and have not taken out, in order of the assets' names.
pub fn goods(
    storage: &dyn Storage,
    start_after: Option<AssetId>,
    limit: Option<u32>,
) -> Result<Vec<Amount>, ContractError> {
    let start = start_after.as_ref().map(|asset| Bound::exclusive(asset.as_str()));
    HELD.range(storage, start, None, Order::Ascending)
        .take(page::size(limit))
        .map(|row| {
            let (name, amount) = row?;
            Ok(Amount {
                asset: named(name)?,
                amount,
            })
        })
        .collect()
}

/// A name out of a storage key.
fn named(key: String) -> Result<AssetId, ContractError> {
    Ok(AssetId::try_from(key).map_err(|e| StdError::parse_err("asset", e))?)
}

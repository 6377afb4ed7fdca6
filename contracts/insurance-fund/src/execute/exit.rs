//! Leaving: `RequestExit`, `CancelExit`, `Exit`.

use cosmwasm_std::to_json_binary;
use cosmwasm_std::{Addr, DepsMut, Response, Uint128, WasmMsg};
use glidepath_interfaces::events::fund::{ExitCancelled, ExitRequested, Exited};
use glidepath_interfaces::payment::some;
use glidepath_interfaces::{vault, AssetId};
use glidepath_risk::RiskError;

use crate::books::Books;
use crate::error::ContractError;
use crate::goods;
use crate::state::{Exit, Stake};

/// Starts the cooldown of `units` (all if not said) and fixes its times; an earlier request is replaced. The units
/// stay at risk, and earn, until they leave.
pub fn request(
    deps: DepsMut,
    now: u64,
    sender: &Addr,
    asset: AssetId,
    units: Option<Uint128>,
) -> Result<Response, ContractError> {
    let books = Books::open(deps.as_ref(), asset.clone(), now)?;
    let mut stake = books.stake(deps.storage, sender)?;
    let units = some(units.unwrap_or(stake.units))?;
    if units > stake.units {
        return Err(ContractError::NotEnoughUnits {
            asset,
            held: stake.units,
            wanted: units,
        });
    }
    let from = now.saturating_add(books.config.params.cooldown);
    let until = from.saturating_add(books.config.params.exit_window);
    stake.exit = Some(Exit { units, from, until });
    books.save_stake(deps.storage, sender, &stake)?;
    Ok(Response::new()
        .add_events(books.close(deps.storage)?)
        .add_event(ExitRequested {
            asset,
            staker: sender.clone(),
            units,
            from,
            until,
        }))
}

/// Takes a request back.
pub fn cancel(deps: DepsMut, now: u64, sender: &Addr, asset: AssetId) -> Result<Response, ContractError> {
    let books = Books::open(deps.as_ref(), asset.clone(), now)?;
    let mut stake = books.stake(deps.storage, sender)?;
    let units = requested(&mut stake, &asset)?.units;
    books.save_stake(deps.storage, sender, &stake)?;
    Ok(Response::new()
        .add_events(books.close(deps.storage)?)
        .add_event(ExitCancelled {
            asset,
            staker: sender.clone(),
            units,
        }))
}

/// Leaves with the requested units, within their window: the sender gets their part of the supply shares, rounded
/// down; what the units have bought stays his to claim. Nobody leaves while a position of this market owes more than it holds: a
/// loss in sight is everybody's.
pub fn exit(deps: DepsMut, now: u64, sender: &Addr, asset: AssetId) -> Result<Response, ContractError> {
    let mut books = Books::open(deps.as_ref(), asset.clone(), now)?;
    let vault = books.config.peers.vault.clone();
    let mut stake = books.stake(deps.storage, sender)?;
    let Exit { units, from, until } = requested(&mut stake, &asset)?;
    if now < from {
        return Err(ContractError::CoolingDown { from, now });
    }
    if now > until {
        return Err(ContractError::ExitExpired { until, now });
    }
    let count = vault::COVER
        .query(&deps.querier, &vault, asset.as_str())?
        .insolvent;
    if count > 0 {
        return Err(ContractError::InsolvencyOpen { asset, count });
    }
    let shares = books.pool.exit(units)?;
    if shares.is_zero() {
        return Err(ContractError::ExitTooSmall { asset, units });
    }
    stake.units = stake.units.checked_sub(units).map_err(RiskError::from)?;
    goods::settle(deps.storage, &books, sender, stake.units)?;
    books.save_stake(deps.storage, sender, &stake)?;
    let booked = books.close(deps.storage)?;

    let transfer = vault::ExecuteMsg::TransferSupply {
        asset: asset.clone(),
        shares,
        recipient: sender.to_string(),
    };
    Ok(Response::new()
        .add_message(WasmMsg::Execute {
            contract_addr: vault.into(),
            msg: to_json_binary(&transfer)?,
            funds: vec![],
        })
        .add_events(booked)
        .add_event(Exited {
            asset,
            staker: sender.clone(),
            units,
            shares,
        }))
}

/// Takes the request out of a stake.
fn requested(stake: &mut Stake, asset: &AssetId) -> Result<Exit, ContractError> {
    stake
        .exit
        .take()
        .ok_or_else(|| ContractError::NoExit { asset: asset.clone() })
}

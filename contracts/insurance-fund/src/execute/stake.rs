//! `Stake`: coins become first-loss capital.

use cosmwasm_std::{DepsMut, Response};
use glidepath_interfaces::asset::call_with;
use glidepath_interfaces::events::fund::Staked;
use glidepath_interfaces::payment::Call;
use glidepath_interfaces::{vault, AssetId};

use crate::books::Books;
use crate::error::ContractError;
use crate::goods;
use crate::state::CONFIG;

/// Supplies the payment to the market and gives the sender units for the shares it buys. The shares are computed by
/// the vault's own rule on the vault's own record, so no answer has to be waited for; what the vault can't take
/// (a cap, a retired market) it refuses, and the stake with it.
pub fn stake(deps: DepsMut, now: u64, call: &Call, asset: AssetId) -> Result<Response, ContractError> {
    let vault = CONFIG.load(deps.storage)?.peers.vault;
    let info = vault::ASSETS.query(&deps.querier, &vault, asset.as_str())?.info;
    let amount = call.paid_in(&info)?;

    let mut books = Books::open(deps.as_ref(), asset.clone(), now)?;
    let mut stake = books.stake(deps.storage, &call.sender)?;
    let shares = books.accrued(deps.as_ref())?.shares_for_supply(amount)?;
    let units = books.pool.stake(shares)?;
    if units.is_zero() {
        return Err(ContractError::StakeTooSmall { asset, amount });
    }
    stake.units = stake
        .units
        .checked_add(units)
        .map_err(glidepath_risk::RiskError::from)?;
    goods::settle(deps.storage, &books, &call.sender, stake.units)?;
    books.save_stake(deps.storage, &call.sender, &stake)?;
    let booked = books.close(deps.storage)?;

    let supply = vault::ExecuteMsg::Supply {
        asset: asset.clone(),
        recipient: None,
    };
    Ok(Response::new()
        .add_message(call_with(&vault, &supply, &info, amount)?)
        .add_events(booked)
        .add_event(Staked {
            asset,
            staker: call.sender.clone(),
            amount,
            shares,
            units,
        }))
}

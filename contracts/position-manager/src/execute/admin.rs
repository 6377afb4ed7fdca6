//! What the owner of the contract decides beside assets: the rules, and the contract itself.

use cosmwasm_std::{Addr, BlockInfo, Deps, DepsMut, Response};
use glidepath_interfaces::admin::{self, OwnershipMsg};
use glidepath_interfaces::auction::TERMS;
use glidepath_interfaces::events::position_manager::{GuardianSet, OwnershipUpdated, ParamsSet};
use glidepath_interfaces::oracle::PRICES;
use glidepath_interfaces::position_manager::{InstantiateMsg, Params};

use super::set_asset::check_terms;
use crate::state::{assets, Config, CONFIG, FIRST, NEXT};
use crate::{validate, ContractError};

/// Creates the position manager at `own` address.
pub fn instantiate(deps: DepsMut, own: &Addr, msg: InstantiateMsg) -> Result<Response, ContractError> {
    let peers = msg.peers.validate(deps.api)?;
    if peers.position_manager != *own {
        return Err(ContractError::NotItself {
            named: peers.position_manager,
            own: own.clone(),
        });
    }
    validate::params(&msg.params)?;
    cw_ownable::initialize_owner(deps.storage, deps.api, Some(&msg.owner))?;
    let guardian = admin::name_guardian(deps.storage, deps.api, msg.guardian.as_deref())?;
    let config = Config {
        peers,
        params: msg.params,
    };
    CONFIG.save(deps.storage, &config)?;
    NEXT.save(deps.storage, &FIRST)?;
    Ok(Response::new()
        .add_event(params_set(&config.params))
        .add_event(GuardianSet { guardian }))
}

/// Changes the rules, where they fit every listed asset.
pub fn set_params(deps: DepsMut, sender: &Addr, now: u64, params: Params) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, sender)?;
    validate::params(&params)?;
    let mut config = CONFIG.load(deps.storage)?;
    check_assets(deps.as_ref(), now, &config, &params)?;
    config.params = params;
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new().add_event(params_set(&config.params)))
}

/// Each listed asset fits the new rules: its prices are too old before they are gone, none is gone by the change alone,
/// and a soft sale of it can be sold.
fn check_assets(deps: Deps, now: u64, config: &Config, new: &Params) -> Result<(), ContractError> {
    for row in assets(deps.storage, None) {
        let (asset, listed) = row?;
        let params = listed.target();
        validate::gone(&asset, params.limits.health, new.dead_after)?;
        if params.collateral.is_some() && new.dead_after < config.params.dead_after {
            let oracle = &config.peers.oracle_adapter;
            let record = PRICES.query(&deps.querier, oracle, asset.as_str())?;
            let age = now.saturating_sub(record.published_at);
            if age <= config.params.dead_after {
                validate::priced(&asset, age, new.dead_after)?;
            }
        }
    }
    let auction = &config.peers.liquidation_auction;
    check_terms(deps.storage, now, new, &TERMS.query(&deps.querier, auction)?)
}

/// Names the guardian, or none.
pub fn set_guardian(deps: DepsMut, sender: &Addr, guardian: Option<&str>) -> Result<Response, ContractError> {
    let guardian = admin::set_guardian(deps.storage, deps.api, sender, guardian)?;
    Ok(Response::new().add_event(GuardianSet { guardian }))
}

fn params_set(params: &Params) -> ParamsSet {
    ParamsSet {
        grace: params.grace,
        grace_memory: params.grace_memory,
        void_after: params.void_after,
        no_grace_below: params.no_grace_below,
        close_out_below: params.close_out_below,
        confirm: params.confirm,
        confirm_unpublished: params.confirm_unpublished,
        sighting_memory: params.sighting_memory,
        eta: params.eta,
        surcharge_soft: params.surcharge_soft,
        surcharge_close_out: params.surcharge_close_out,
        max_collaterals: params.max_collaterals,
        max_debts: params.max_debts,
        dead_after: params.dead_after,
    }
}

/// Two-step transfer of the contract.
pub fn update_ownership(
    deps: DepsMut,
    block: &BlockInfo,
    sender: &Addr,
    msg: OwnershipMsg,
) -> Result<Response, ContractError> {
    let ownership = admin::update_ownership(deps.storage, deps.api, block, sender, msg)?;
    Ok(Response::new().add_event(OwnershipUpdated {
        owner: ownership.owner,
        pending_owner: ownership.pending_owner,
    }))
}

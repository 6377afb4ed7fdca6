//! What the owner of the contract decides beside assets: the rules, and the contract itself.

use cosmwasm_std::{Addr, BlockInfo, DepsMut, Response, Storage};
use glidepath_interfaces::admin::{self, OwnershipMsg};
use glidepath_interfaces::events::position_manager::{OwnershipUpdated, ParamsSet};
use glidepath_interfaces::position_manager::{InstantiateMsg, Params};

use crate::state::{Config, CONFIG, FIRST, NEXT};
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
    let config = Config {
        peers,
        params: msg.params,
    };
    CONFIG.save(deps.storage, &config)?;
    NEXT.save(deps.storage, &FIRST)?;
    Ok(Response::new().add_event(params_set(&config.params)))
}

/// Changes the rules.
pub fn set_params(
    storage: &mut dyn Storage,
    sender: &Addr,
    params: Params,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(storage, sender)?;
    validate::params(&params)?;
    let config = Config {
        params,
        ..CONFIG.load(storage)?
    };
    CONFIG.save(storage, &config)?;
    Ok(Response::new().add_event(params_set(&config.params)))
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

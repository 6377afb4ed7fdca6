//! What the owner sets.

use cosmwasm_std::{Addr, DepsMut, Empty, Env, Response, StdResult};
use glidepath_interfaces::admin::{self, OwnershipMsg};
use glidepath_interfaces::auction::{SaleTerms, TERMS};
use glidepath_interfaces::events::auction::{BiddersSet, OwnershipUpdated, TermsSet};
use glidepath_interfaces::vault::ASSETS;
use glidepath_interfaces::{position_manager, AssetId};

use crate::state::{bidders, BIDDERS, PEERS, RESERVED};
use crate::validate;
use crate::ContractError;

/// Terms of sales that open from now on. Running sales keep their copy. The position manager is asked whether every listed
/// collateral could still be sold softly under them.
pub fn set_terms(deps: DepsMut, sender: &Addr, terms: &SaleTerms) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, sender)?;
    validate::terms(terms)?;
    let position_manager = PEERS.load(deps.storage)?.position_manager;
    let check = position_manager::QueryMsg::CheckTerms { terms: terms.clone() };
    let answer: StdResult<Empty> = deps.querier.query_wasm_smart(position_manager, &check);
    answer.map_err(|error| ContractError::TermsRefused {
        reason: error.to_string(),
    })?;
    TERMS.save(deps.storage, terms)?;
    let event = TermsSet {
        soft_penalty: terms.soft.penalty,
        close_out_penalty: terms.close_out.penalty,
    };
    Ok(Response::new().add_event(event))
}

/// Who alone may buy from a collateral's soft lots at first, for how long. Lots that run keep their time; who is listed counts
/// at once.
pub fn set_bidders(
    deps: DepsMut,
    sender: &Addr,
    collateral: AssetId,
    seconds: u64,
    names: &[String],
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, sender)?;
    let vault = PEERS.load(deps.storage)?.vault;
    ASSETS.query(&deps.querier, &vault, collateral.as_str())?;
    let listed = names
        .iter()
        .map(|bidder| deps.api.addr_validate(bidder))
        .collect::<StdResult<Vec<_>>>()?;
    validate::bidders(seconds, &listed)?;
    for before in bidders(deps.storage, &collateral)? {
        BIDDERS.remove(deps.storage, (collateral.as_str(), &before));
    }
    for bidder in &listed {
        BIDDERS.save(deps.storage, (collateral.as_str(), bidder), &Empty {})?;
    }
    RESERVED.save(deps.storage, collateral.as_str(), &seconds)?;
    Ok(Response::new().add_event(BiddersSet {
        collateral,
        reserved: seconds,
        bidders: (!names.is_empty()).then(|| names.join(",")),
    }))
}

/// Two-step transfer of the contract.
pub fn update_ownership(
    deps: DepsMut,
    env: &Env,
    sender: &Addr,
    msg: OwnershipMsg,
) -> Result<Response, ContractError> {
    let ownership = admin::update_ownership(deps.storage, deps.api, &env.block, sender, msg)?;
    let event = OwnershipUpdated {
        owner: ownership.owner,
        pending_owner: ownership.pending_owner,
    };
    Ok(Response::new().add_event(event))
}

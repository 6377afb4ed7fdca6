//! What the owner sets.

use cosmwasm_std::{Addr, DepsMut, Empty, Env, Response, StdResult};
use glidepath_interfaces::admin::{self, OwnershipMsg};
use glidepath_interfaces::auction::{SaleTerms, TERMS};
use glidepath_interfaces::events::auction::{OwnershipUpdated, TermsSet};
use glidepath_interfaces::position_manager;

use crate::state::PEERS;
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

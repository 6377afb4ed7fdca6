//! What the owner sets.

use cosmwasm_std::{Addr, DepsMut, Env, Response, Storage};
use glidepath_interfaces::admin::{self, OwnershipMsg};
use glidepath_interfaces::auction::{SaleTerms, TERMS};
use glidepath_interfaces::events::auction::{OwnershipUpdated, TermsSet};

use crate::validate;
use crate::ContractError;

/// Terms of sales that open from now on. Running sales keep their copy.
pub fn set_terms(
    storage: &mut dyn Storage,
    sender: &Addr,
    terms: &SaleTerms,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(storage, sender)?;
    validate::terms(terms)?;
    TERMS.save(storage, terms)?;
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

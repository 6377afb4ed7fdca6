//! `SetCover`: what the fund pays for in a market.

use cosmwasm_std::{Addr, DepsMut, Response};
use glidepath_interfaces::events::fund::CoverSet;
use glidepath_interfaces::fund::CoverRule;
use glidepath_interfaces::AssetId;

use crate::books::Books;
use crate::error::ContractError;
use crate::state::COVER_RULES;
use crate::validate;

/// Publishes a rule, for losses from now on. The market must exist: a rule under a misspelt name would be no cover.
pub fn set_cover(
    deps: DepsMut,
    now: u64,
    sender: &Addr,
    asset: AssetId,
    rule: &CoverRule,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, sender)?;
    validate::rule(rule)?;
    let books = Books::open(deps.as_ref(), asset.clone(), now)?;
    COVER_RULES.save(deps.storage, asset.as_str(), rule)?;
    Ok(Response::new()
        .add_events(books.close(deps.storage)?)
        .add_event(CoverSet {
            asset,
            max_share: rule.max_share,
            epoch_cap: rule.epoch_cap,
            epoch: rule.epoch,
        }))
}

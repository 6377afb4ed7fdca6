//! Queries.

mod lists;
mod order;
mod position;
mod preview;
pub mod sellable;
mod takeover;

use cosmwasm_std::{to_json_binary, Binary, BlockInfo, Deps, Empty};
use glidepath_interfaces::position_manager::{AssetResponse, ConfigResponse, QueryMsg};
use glidepath_interfaces::AssetId;

use crate::execute::set_asset::check_terms;
use crate::listed::{InForce, Listed};
use crate::state::{load_asset, Config, CONFIG, GUARDIAN};
use crate::ContractError;

/// Answers a question.
pub fn answer(deps: Deps, block: &BlockInfo, msg: QueryMsg) -> Result<Binary, ContractError> {
    let now = block.time.seconds();
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&config(deps)?),
        QueryMsg::Asset { asset } => to_json_binary(&one_asset(deps, now, asset)?),
        QueryMsg::Assets { start_after, limit } => {
            to_json_binary(&lists::assets(deps, now, start_after.as_ref(), limit)?)
        }
        QueryMsg::Position { position } => to_json_binary(&position::position(deps, now, position)?),
        QueryMsg::LiquidationPrices { position } => {
            to_json_binary(&position::liquidation_prices(deps, now, position)?)
        }
        QueryMsg::TimeToLiquidation { position, within } => {
            to_json_binary(&position::time_to_liquidation(deps, now, position, within)?)
        }
        QueryMsg::PreviewUpdate { position, actions } => {
            to_json_binary(&preview::preview_update(deps, now, position, &actions)?)
        }
        QueryMsg::Order { position } => to_json_binary(&order::order(deps, position)?),
        QueryMsg::PreviewOrder { position, order } => {
            to_json_binary(&order::preview_order(deps, now, position, &order)?)
        }
        QueryMsg::PreviewTakeover {
            position,
            taker,
            actions,
        } => {
            let taker = taker.map(|taker| deps.api.addr_validate(&taker)).transpose()?;
            to_json_binary(&takeover::preview_takeover(
                deps,
                block,
                position,
                taker.as_ref(),
                &actions,
            )?)
        }
        QueryMsg::PositionsOf {
            owner,
            start_after,
            limit,
        } => {
            let owner = deps.api.addr_validate(&owner)?;
            to_json_binary(&lists::positions_of(deps, now, &owner, start_after, limit)?)
        }
        QueryMsg::Positions { start_after, limit } => {
            to_json_binary(&lists::positions(deps, now, start_after, limit)?)
        }
        QueryMsg::Distressed { start_after, limit } => {
            to_json_binary(&lists::distressed(deps, now, start_after, limit)?)
        }
        QueryMsg::Due { position } => to_json_binary(&preview::due(deps, now, position)?),
        QueryMsg::Sellable {
            position,
            multiplier,
            max_pay,
            prices,
            known,
        } => to_json_binary(&sellable::sellable(
            deps,
            now,
            position,
            multiplier,
            max_pay,
            prices.unwrap_or_default(),
            known,
        )?),
        QueryMsg::CheckTerms { terms } => {
            check_terms(deps.storage, now, &CONFIG.load(deps.storage)?.params, &terms)?;
            to_json_binary(&Empty {})
        }
        QueryMsg::Guardian {} => to_json_binary(&GUARDIAN.may_load(deps.storage)?),
        QueryMsg::Ownership {} => to_json_binary(&cw_ownable::get_ownership(deps.storage)?),
    }?)
}

fn config(deps: Deps) -> Result<ConfigResponse, ContractError> {
    let Config { peers, params } = CONFIG.load(deps.storage)?;
    Ok(ConfigResponse { peers, params })
}

fn one_asset(deps: Deps, now: u64, asset: AssetId) -> Result<AssetResponse, ContractError> {
    let listed = load_asset(deps.storage, &asset)?;
    asset_response(asset, &listed, now)
}

fn asset_response(asset: AssetId, listed: &Listed, now: u64) -> Result<AssetResponse, ContractError> {
    let InForce {
        info,
        decimals,
        params,
    } = listed.at(now)?;
    Ok(AssetResponse {
        asset,
        info,
        decimals,
        params,
        target: listed.target().clone(),
        ramp: listed.ramp(now).cloned(),
    })
}

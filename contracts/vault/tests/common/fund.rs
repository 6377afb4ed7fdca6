//! A fund that publishes rules and a pool, and notes what it was told.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    to_json_binary, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdResult, Uint128,
};
use cw_storage_plus::Item;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::fund::{BackstopRule, CoverRule, BACKSTOP_RULES, COVER_RULES, POOLS};
use glidepath_interfaces::AssetId;
use glidepath_risk::pool::Pool;

#[cw_serde]
pub enum FundMsg {
    Rule {
        asset: String,
        rule: CoverRule,
    },
    Raw {
        key: Binary,
        value: Binary,
    },
    Backstop {
        asset: String,
        rule: BackstopRule,
        pool: Pool,
    },
    Bought {
        asset: AssetId,
        shares: Uint128,
        goods: Amount,
    },
}

/// What it was told last: market, shares, goods.
pub const TOLD: Item<(AssetId, Uint128, Amount)> = Item::new("told");

pub fn fund_instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

pub fn fund_execute(deps: DepsMut, _: Env, _: MessageInfo, msg: FundMsg) -> StdResult<Response> {
    match msg {
        FundMsg::Rule { asset, rule } => COVER_RULES.save(deps.storage, asset.as_str(), &rule).unwrap(),
        FundMsg::Raw { key, value } => deps.storage.set(&key, &value),
        FundMsg::Backstop { asset, rule, pool } => {
            BACKSTOP_RULES.save(deps.storage, asset.as_str(), &rule).unwrap();
            POOLS.save(deps.storage, asset.as_str(), &pool).unwrap();
        }
        FundMsg::Bought { asset, shares, goods } => TOLD.save(deps.storage, &(asset, shares, goods))?,
    }
    Ok(Response::new())
}

pub fn fund_query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    to_json_binary(&Empty {})
}

//! A fund that publishes cover rules and does nothing else.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{to_json_binary, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdResult};
use glidepath_interfaces::fund::{CoverRule, COVER_RULES};

#[cw_serde]
pub enum FundMsg {
    Rule { asset: String, rule: CoverRule },
    Raw { key: Binary, value: Binary },
}

pub fn fund_instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

pub fn fund_execute(deps: DepsMut, _: Env, _: MessageInfo, msg: FundMsg) -> StdResult<Response> {
    match msg {
        FundMsg::Rule { asset, rule } => COVER_RULES.save(deps.storage, asset.as_str(), &rule).unwrap(),
        FundMsg::Raw { key, value } => deps.storage.set(&key, &value),
    }
    Ok(Response::new())
}

pub fn fund_query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    to_json_binary(&Empty {})
}

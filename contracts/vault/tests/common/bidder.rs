//! A contract that buys before it pays: with the vault's call it does what it was told in its bid.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    from_json, to_json_binary, Addr, Binary, Coin, CosmosMsg, Deps, DepsMut, Empty, Env, MessageInfo,
    Response, StdResult, WasmMsg,
};
use cw20::Cw20ExecuteMsg;
use cw_asset::AssetInfo;
use glidepath_interfaces::vault::{Bought, CallbackMsg, ExecuteMsg};

/// What it does with the call.
#[cw_serde]
pub enum Plan {
    /// Pays so much more or less than it owes.
    Pay { more: u128, less: u128 },
    /// Nothing.
    Keep {},
    /// Pays twice.
    Twice {},
    /// Sends these first, then pays exactly.
    First { msgs: Vec<CosmosMsg> },
}

pub fn bidder_instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

pub fn bidder_execute(_: DepsMut, _: Env, info: MessageInfo, msg: CallbackMsg) -> StdResult<Response> {
    let CallbackMsg::GlidepathBought(bought) = msg;
    let vault = info.sender;
    let pay = |amount| pays(&vault, &bought, amount);
    let owed = bought.owed.u128();
    let msgs = match from_json(&bought.msg)? {
        Plan::Pay { more, less } => vec![pay(owed + more - less)?],
        Plan::Keep {} => vec![],
        Plan::Twice {} => vec![pay(owed)?, pay(owed)?],
        Plan::First { mut msgs } => {
            msgs.push(pay(owed)?);
            msgs
        }
    };
    Ok(Response::new().add_messages(msgs))
}

fn pays(vault: &Addr, bought: &Bought, amount: u128) -> StdResult<CosmosMsg> {
    let pay = to_json_binary(&ExecuteMsg::PayTicket {
        position: bought.position,
    })?;
    Ok(match &bought.debt {
        AssetInfo::Cw20(token) => WasmMsg::Execute {
            contract_addr: token.to_string(),
            msg: to_json_binary(&Cw20ExecuteMsg::Send {
                contract: vault.to_string(),
                amount: amount.into(),
                msg: pay,
            })?,
            funds: vec![],
        },
        info => WasmMsg::Execute {
            contract_addr: vault.to_string(),
            msg: pay,
            funds: vec![Coin::new(amount, info.inner())],
        },
    }
    .into())
}

pub fn bidder_query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    to_json_binary(&Empty {})
}

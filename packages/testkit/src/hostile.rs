//! A token that misbehaves, for tests of what a listed asset could do at its worst.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, CosmosMsg, Deps, DepsMut, Env, MessageInfo, Reply, Response, StdError, StdResult, SubMsg,
    Uint128,
};
use cw20::{Cw20ExecuteMsg, Cw20ReceiveMsg};
use cw20_base::ContractError;
use cw_multi_test::ContractWrapper;
use cw_storage_plus::Item;

use crate::{Code, Suite};

/// What the token does at its next transfers.
#[cw_serde]
pub enum Mischief {
    /// Nothing: it is a token like any other.
    Behave {},
    /// Refuses every transfer.
    Refuse {},
    /// Refuses every transfer to this address.
    RefuseTo(Addr),
    /// Moves what it is told this often, and refuses from then on.
    RefuseAfter(u32),
    /// Says yes and moves nothing.
    Lie {},
    /// Moves half of what a `Send` tells it, and tells the receiver of all; once.
    Skim {},
    /// Moves what it is told, and sends these messages in the middle of it, once. Those that are refused are
    /// forgotten, so that they don't stop the transfer.
    Reenter(Vec<CosmosMsg>),
    /// The same at its next transfer to this address.
    ReenterTo(Addr, Vec<CosmosMsg>),
    /// The same at its transfer after so many others, and before the receiver of a `Send` is told.
    ReenterAt(u32, Vec<CosmosMsg>),
}

const MISCHIEF: Item<Mischief> = Item::new("mischief");

/// The token's code; it is instantiated like `cw20-base` and behaves until it is told otherwise.
pub fn token() -> Code {
    Box::new(
        ContractWrapper::new(execute, cw20_base::contract::instantiate, query)
            .with_sudo(sudo)
            .with_reply(reply),
    )
}

/// Tells the token of an asset what to do.
///
/// # Panics
/// Where the asset is not this token.
pub fn tell(suite: &mut Suite, asset: &str, mischief: &Mischief) {
    let token = address(suite, asset);
    suite.app.wasm_sudo(token, mischief).expect("a hostile token");
}

/// The token behind an asset.
///
/// # Panics
/// Where it is a native coin.
pub fn address(suite: &Suite, asset: &str) -> Addr {
    match &suite.listed(asset).info {
        cw_asset::AssetInfo::Cw20(token) => token.clone(),
        other => panic!("{other} is no token"),
    }
}

fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: Cw20ExecuteMsg,
) -> Result<Response, ContractError> {
    let moves = matches!(msg, Cw20ExecuteMsg::Transfer { .. } | Cw20ExecuteMsg::Send { .. });
    let mischief = MISCHIEF.may_load(deps.storage)?.unwrap_or(Mischief::Behave {});
    match mischief {
        Mischief::Refuse {} if moves => Err(StdError::generic_err("this token does not move").into()),
        Mischief::RefuseTo(who) if recipient(&msg) == Some(who.as_str()) => {
            Err(StdError::generic_err("this token does not move there").into())
        }
        Mischief::RefuseAfter(0) if moves => {
            Err(StdError::generic_err("this token does not move any more").into())
        }
        Mischief::RefuseAfter(left) if moves => {
            MISCHIEF.save(deps.storage, &Mischief::RefuseAfter(left.saturating_sub(1)))?;
            cw20_base::contract::execute(deps, env, info, msg)
        }
        Mischief::Lie {} if moves => Ok(Response::new()),
        Mischief::Skim {} => skim(deps, env, info, msg),
        Mischief::Reenter(msgs) if moves => reenter(deps, env, info, msg, msgs),
        Mischief::ReenterTo(who, msgs) if recipient(&msg) == Some(who.as_str()) => {
            reenter(deps, env, info, msg, msgs)
        }
        Mischief::ReenterAt(0, msgs) if moves => {
            MISCHIEF.save(deps.storage, &Mischief::Behave {})?;
            let mut done = cw20_base::contract::execute(deps, env, info, msg)?;
            let again = msgs.into_iter().map(|msg| SubMsg::reply_on_error(msg, 0));
            done.messages.splice(..0, again);
            Ok(done)
        }
        Mischief::ReenterAt(others, msgs) if moves => {
            MISCHIEF.save(deps.storage, &Mischief::ReenterAt(others.saturating_sub(1), msgs))?;
            cw20_base::contract::execute(deps, env, info, msg)
        }
        _ => cw20_base::contract::execute(deps, env, info, msg),
    }
}

fn reenter(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: Cw20ExecuteMsg,
    msgs: Vec<CosmosMsg>,
) -> Result<Response, ContractError> {
    MISCHIEF.save(deps.storage, &Mischief::Behave {})?;
    let done = cw20_base::contract::execute(deps, env, info, msg)?;
    let again = msgs.into_iter().map(|msg| SubMsg::reply_on_error(msg, 0));
    Ok(done.add_submessages(again))
}

fn recipient(msg: &Cw20ExecuteMsg) -> Option<&str> {
    match msg {
        Cw20ExecuteMsg::Transfer { recipient, .. } => Some(recipient),
        Cw20ExecuteMsg::Send { contract, .. } => Some(contract),
        _ => None,
    }
}

fn skim(deps: DepsMut, env: Env, info: MessageInfo, msg: Cw20ExecuteMsg) -> Result<Response, ContractError> {
    let Cw20ExecuteMsg::Send {
        contract,
        amount,
        msg,
    } = msg
    else {
        return cw20_base::contract::execute(deps, env, info, msg);
    };
    MISCHIEF.save(deps.storage, &Mischief::Behave {})?;
    let told = Cw20ReceiveMsg {
        sender: info.sender.to_string(),
        amount,
        msg,
    };
    let half = Cw20ExecuteMsg::Transfer {
        recipient: contract.clone(),
        amount: amount.checked_div(Uint128::new(2)).unwrap_or_default(),
    };
    let done = cw20_base::contract::execute(deps, env, info, half)?;
    Ok(done.add_message(told.into_cosmos_msg(contract)?))
}

fn query(deps: Deps, env: Env, msg: cw20_base::msg::QueryMsg) -> StdResult<Binary> {
    cw20_base::contract::query(deps, env, msg)
}

fn sudo(deps: DepsMut, _env: Env, msg: Mischief) -> StdResult<Response> {
    MISCHIEF.save(deps.storage, &msg)?;
    Ok(Response::new())
}

fn reply(_deps: DepsMut, _env: Env, _msg: Reply) -> StdResult<Response> {
    Ok(Response::new().add_attribute("reentry", "refused"))
}

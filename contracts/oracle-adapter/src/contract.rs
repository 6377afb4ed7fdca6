//! Entry points: parse and dispatch, nothing else.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use glidepath_interfaces::admin::MigrateMsg;
use glidepath_interfaces::oracle::{ExecuteMsg, InstantiateMsg, QueryMsg};
use glidepath_interfaces::payment::Call;

use crate::error::ContractError;
use crate::{execute, migrate as migration, query as queries, state};

/// Name that migrations check.
pub const CONTRACT_NAME: &str = "crates.io:glidepath-oracle-adapter";
/// Version that migrations compare.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creates the contract with its owner, the suite and the first reporters.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    Call::direct(info).unpaid()?;
    let (peers, own) = (msg.peers.validate(deps.api)?, env.contract.address);
    if peers.oracle_adapter != own {
        let named = peers.oracle_adapter;
        return Err(ContractError::NotItself { named, own });
    }
    cw2::set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    cw_ownable::initialize_owner(deps.storage, deps.api, Some(&msg.owner))?;
    state::PEERS.save(deps.storage, &peers)?;
    let reporters = execute::set_reporters::set(deps.storage, deps.api, &msg.reporters)?;
    let guardian = execute::guardian::set(deps.storage, deps.api, msg.guardian.as_deref())?;
    Ok(Response::new().add_event(reporters).add_event(guardian))
}

/// Every message of the adapter; none takes coins.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    let call = Call::direct(info);
    let sender = call.unpaid()?;
    let now = env.block.time.seconds();
    match msg {
        ExecuteMsg::Post { reports } => execute::post::post(deps.storage, sender, &reports, now),
        ExecuteMsg::UpdatePrices { assets } => execute::update_prices::update_prices(deps, &assets, now),
        ExecuteMsg::SetFeed { asset, feed } => execute::set_feed::set_feed(deps, sender, &asset, &feed, now),
        ExecuteMsg::SetReporters { reporters } => {
            execute::set_reporters::set_reporters(deps.storage, deps.api, sender, &reporters)
        }
        ExecuteMsg::Stop {
            assets,
            kind,
            seconds,
        } => execute::stop::stop(deps.storage, sender, &assets, kind, seconds, now),
        ExecuteMsg::Lift { assets, kind } => execute::stop::lift(deps.storage, sender, &assets, kind, now),
        ExecuteMsg::SetGuardian { guardian } => {
            execute::guardian::set_guardian(deps.storage, deps.api, sender, guardian.as_deref())
        }
        ExecuteMsg::UpdateOwnership(msg) => execute::ownership::update(deps, &env.block, sender, msg),
    }
}

/// Every query of the adapter.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let now = env.block.time.seconds();
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&queries::config(deps.storage)?)?,
        QueryMsg::Price { asset } => to_json_binary(&queries::price(deps.storage, asset)?)?,
        QueryMsg::Prices { start_after, limit } => {
            to_json_binary(&queries::prices(deps.storage, start_after, limit)?)?
        }
        QueryMsg::Feed { asset } => to_json_binary(&queries::feed(deps.storage, &asset)?)?,
        QueryMsg::Reports { asset } => to_json_binary(&queries::reports(deps.storage, &asset, now)?)?,
        QueryMsg::Ownership {} => to_json_binary(&cw_ownable::get_ownership(deps.storage)?)?,
    })
}

/// Brings the storage of an older version up to this code.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    migration::migrate(deps.storage)
}

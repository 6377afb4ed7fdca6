//! Entry points: parse and dispatch, nothing else.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use glidepath_interfaces::admin::MigrateMsg;
use glidepath_interfaces::fund::{ExecuteMsg, InstantiateMsg, QueryMsg};
use glidepath_interfaces::payment::{Call, PaymentError};

use crate::error::ContractError;
use crate::execute::{account, backstop, book, cover, exit, ownership, params, stake};
use crate::state::{Config, CONFIG};
use crate::{migrate as migration, query as queries, validate};

/// Name that migrations check.
pub const CONTRACT_NAME: &str = "crates.io:glidepath-insurance-fund";
/// Version that migrations compare.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creates the contract with its owner, the suite and the parameters.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    Call::direct(info).unpaid()?;
    let (peers, own) = (msg.peers.validate(deps.api)?, env.contract.address);
    if peers.insurance_fund != own {
        let named = peers.insurance_fund;
        return Err(ContractError::NotItself { named, own });
    }
    validate::params(&msg.params)?;
    let config = Config {
        peers,
        params: msg.params,
    };
    cw2::set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    cw_ownable::initialize_owner(deps.storage, deps.api, Some(&msg.owner))?;
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new().add_event(params::event(&config.params)))
}

/// Every message of the fund, with coins or through a token's hook.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    let (call, msg) = match msg {
        ExecuteMsg::Receive(hook) => Call::by_hook(deps.api, info, hook)?,
        other => (Call::direct(info), other),
    };
    dispatch(deps, env, call, msg)
}

fn dispatch(deps: DepsMut, env: Env, call: Call, msg: ExecuteMsg) -> Result<Response, ContractError> {
    if !matches!(msg, ExecuteMsg::Stake { .. }) {
        call.unpaid()?;
    }
    let (now, sender) = (env.block.time.seconds(), &call.sender);
    match msg {
        ExecuteMsg::Stake { asset } => stake::stake(deps, now, &call, asset),
        ExecuteMsg::RequestExit { asset, units } => exit::request(deps, now, sender, asset, units),
        ExecuteMsg::CancelExit { asset } => exit::cancel(deps, now, sender, asset),
        ExecuteMsg::Exit { asset } => exit::exit(deps, now, sender, asset),
        ExecuteMsg::Book { asset } => book::book(deps, now, asset),
        ExecuteMsg::SetCover { asset, rule } => cover::set_cover(deps, now, sender, asset, &rule),
        ExecuteMsg::SetBackstop { asset, rule } => backstop::set_backstop(deps, now, sender, asset, &rule),
        ExecuteMsg::Bought { asset, shares, goods } => {
            backstop::bought(deps, now, sender, asset, shares, goods)
        }
        ExecuteMsg::Claim { asset, collateral } => backstop::claim(deps, now, sender, asset, collateral),
        ExecuteMsg::SetParams { params } => params::set_params(deps.storage, sender, params),
        ExecuteMsg::WithdrawAccount {
            asset,
            amount,
            recipient,
        } => account::withdraw(deps, sender, asset, amount, &recipient),
        ExecuteMsg::UpdateOwnership(msg) => ownership::update(deps, &env.block, sender, msg),
        // Unwrapped by `execute`; a hook inside a hook is nobody's payment.
        ExecuteMsg::Receive(_) => Err(PaymentError::NotPayable {}.into()),
    }
}

/// Every query of the fund, booked up to now.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let now = env.block.time.seconds();
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&queries::config(deps.storage)?)?,
        QueryMsg::Pool { asset } => to_json_binary(&queries::pool(deps, now, asset)?)?,
        QueryMsg::Pools { start_after, limit } => {
            to_json_binary(&queries::pools(deps, now, start_after, limit)?)?
        }
        QueryMsg::Stake { asset, staker } => {
            let staker = deps.api.addr_validate(&staker)?;
            to_json_binary(&queries::stake(deps, now, asset, &staker)?)?
        }
        QueryMsg::Goods { start_after, limit } => {
            to_json_binary(&queries::goods(deps.storage, start_after, limit)?)?
        }
        QueryMsg::Ownership {} => to_json_binary(&cw_ownable::get_ownership(deps.storage)?)?,
    })
}

/// Brings the storage of an older version up to this code.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    migration::migrate(deps.storage)
}

//! Entry points: parse and dispatch, nothing else.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response};
use glidepath_interfaces::admin::MigrateMsg;
use glidepath_interfaces::payment::{Call, PaymentError};
use glidepath_interfaces::position_manager::{ExecuteMsg, InstantiateMsg, QueryMsg};

use crate::execute::{
    admin, advance, end_sale, lower_cap, set_asset, set_order, set_takeover, takeover, target_met, transfer,
    update,
};
use crate::{migrate as migration, query as queries, ContractError};

/// Name under which `cw2` knows this contract.
pub const CONTRACT_NAME: &str = "crates.io:glidepath-position-manager";
/// Version of this code.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creates the position manager.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    Call::direct(info).unpaid()?;
    cw2::set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    admin::instantiate(deps, &env.contract.address, msg)
}

/// Carries out a message, with coins attached or by a token's hook.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    let (call, msg) = match msg {
        // Who sent it is the token's own word; that it stands for what is paid in is checked before that is taken.
        ExecuteMsg::Receive(hook) => Call::by_hook(deps.api, info, hook)?,
        other => (Call::direct(info), other),
    };
    dispatch(deps, env, call, msg)
}

fn dispatch(deps: DepsMut, env: Env, call: Call, msg: ExecuteMsg) -> Result<Response, ContractError> {
    let now = env.block.time.seconds();
    match msg {
        ExecuteMsg::Update {
            position,
            actions,
            recipient,
        } => {
            let recipient = recipient.map(|to| deps.api.addr_validate(&to)).transpose()?;
            update::update(deps, now, &call, position, actions, recipient)
        }
        ExecuteMsg::Advance { position } => advance::advance(deps, now, call.unpaid()?, position),
        ExecuteMsg::TargetMet { position, health } => {
            target_met::target_met(deps, call.unpaid()?, now, position, health)
        }
        ExecuteMsg::OfferPosition {
            position,
            to,
            expires_at,
        } => transfer::offer_position(deps, call.unpaid()?, now, position, to, expires_at),
        ExecuteMsg::TakePosition { position, min_equity } => {
            transfer::take_position(deps, call.unpaid()?, now, position, min_equity)
        }
        ExecuteMsg::SetOrder { position, order } => {
            set_order::set_order(deps, call.unpaid()?, now, position, order)
        }
        ExecuteMsg::Takeover {
            position,
            max_pay,
            actions,
        } => takeover::takeover(deps, &env.block, &call, position, max_pay, actions),
        ExecuteMsg::SetTakeover { position, allowed } => {
            set_takeover::set_takeover(deps, call.unpaid()?, now, position, allowed)
        }
        ExecuteMsg::SetAsset { asset, params, ramp } => {
            set_asset::set_asset(deps, call.unpaid()?, now, asset, params, ramp)
        }
        ExecuteMsg::SetParams { params } => admin::set_params(deps, call.unpaid()?, now, params),
        ExecuteMsg::SetGuardian { guardian } => {
            admin::set_guardian(deps, call.unpaid()?, guardian.as_deref())
        }
        ExecuteMsg::LowerOverhangCap { asset, overhang_cap } => {
            lower_cap::lower_overhang_cap(deps, call.unpaid()?, now, &asset, overhang_cap)
        }
        ExecuteMsg::EndSale { position } => end_sale::end_sale(deps, call.unpaid()?, now, position),
        ExecuteMsg::UpdateOwnership(msg) => admin::update_ownership(deps, &env.block, call.unpaid()?, msg),
        ExecuteMsg::Receive(_) => Err(PaymentError::NotPayable {}.into()),
    }
}

/// Answers a question.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    queries::answer(deps, &env.block, msg)
}

/// Moves to this code.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    migration::migrate(deps.storage)
}

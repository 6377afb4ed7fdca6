//! Entry points: parse and dispatch, nothing else.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Api, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use glidepath_interfaces::admin::MigrateMsg;
use glidepath_interfaces::payment::{Call, PaymentError};
use glidepath_interfaces::vault::{ExecuteMsg, Fill, InstantiateMsg, PaidBy, QueryMsg};

use crate::call::by_hook;
use crate::error::ContractError;
use crate::execute::{
    account, admin, apply, distress, reserves, settle, supply, take_over, ticket, write_off,
};
use crate::{migrate as migration, query as queries};

/// Name under which `cw2` knows this contract.
pub const CONTRACT_NAME: &str = "crates.io:glidepath-vault";
/// Version of this code.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creates the vault.
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
    match msg {
        ExecuteMsg::Receive(hook) => {
            let (call, inner) = by_hook(deps.as_ref(), info, hook)?;
            dispatch(deps, env, call, inner)
        }
        msg => dispatch(deps, env, Call::direct(info), msg),
    }
}

fn dispatch(deps: DepsMut, env: Env, call: Call, msg: ExecuteMsg) -> Result<Response, ContractError> {
    let now = env.block.time.seconds();
    match msg {
        ExecuteMsg::Supply { asset, recipient } => {
            let to = call.or_sender(deps.api, recipient)?;
            supply::supply(deps.storage, now, &call, &asset, to)
        }
        ExecuteMsg::Deposit { asset, recipient } => {
            let to = call.or_sender(deps.api, recipient)?;
            account::deposit(deps.storage, now, &call, &asset, to)
        }
        ExecuteMsg::Apply { position, actions } => {
            apply::apply(deps.storage, deps.api, now, &call, position, actions)
        }
        ExecuteMsg::Settle {
            fills,
            paid_by,
            recipient,
        } => {
            let fills = fills.into_iter().map(|fill| checked_fill(deps.api, fill));
            let fills = fills.collect::<Result<_, _>>()?;
            let paid_by = checked_means(deps.api, paid_by)?;
            let recipient = deps.api.addr_validate(&recipient)?;
            settle::settle(deps, now, &call, fills, paid_by, &recipient)
        }
        ExecuteMsg::TakeOver {
            position,
            owner,
            credit,
            penalty,
            keepers,
        } => {
            let takeover = take_over::Takeover {
                position,
                owner: deps.api.addr_validate(&owner)?,
                credit,
                penalty,
                keepers: distress::addresses(deps.api, &keepers)?,
            };
            take_over::take_over(deps.storage, now, &call, takeover)
        }
        ExecuteMsg::PayTicket { position } => ticket::pay(deps.storage, now, &call, position),
        ExecuteMsg::Receive(_) => Err(PaymentError::NotPayable {}.into()),
        msg => {
            call.unpaid()?;
            dispatch_unpaid(deps, env, call, msg)
        }
    }
}

/// A fill with its addresses checked.
fn checked_fill(api: &dyn Api, fill: Fill) -> Result<settle::Fill, ContractError> {
    Ok(settle::Fill {
        position: fill.position,
        sold: fill.sold,
        repaid: fill.repaid,
        penalty: fill.penalty,
        matched_by: fill.matched_by.map(|text| api.addr_validate(&text)).transpose()?,
        ends: fill
            .ends
            .map(|texts| distress::addresses(api, &texts))
            .transpose()?,
    })
}

/// How fills are paid, with its addresses checked.
fn checked_means(api: &dyn Api, paid_by: PaidBy) -> Result<settle::PaidBy, ContractError> {
    Ok(match paid_by {
        PaidBy::Coins {} => settle::PaidBy::Coins,
        PaidBy::Account { payer } => settle::PaidBy::Account(api.addr_validate(&payer)?),
        PaidBy::Fund {} => settle::PaidBy::Fund,
        PaidBy::Ticket { bidder, msg } => settle::PaidBy::Ticket {
            bidder: api.addr_validate(&bidder)?,
            msg,
        },
    })
}

/// Messages that take no payment.
fn dispatch_unpaid(deps: DepsMut, env: Env, call: Call, msg: ExecuteMsg) -> Result<Response, ContractError> {
    let now = env.block.time.seconds();
    match msg {
        ExecuteMsg::Withdraw {
            asset,
            amount,
            recipient,
        } => {
            let to = call.or_sender(deps.api, recipient)?;
            supply::withdraw(deps.storage, now, &call.sender, &asset, amount, to)
        }
        ExecuteMsg::TransferSupply {
            asset,
            shares,
            recipient,
        } => {
            let to = deps.api.addr_validate(&recipient)?;
            supply::transfer(deps.storage, now, &call.sender, &asset, shares, to)
        }
        ExecuteMsg::WithdrawAccount {
            asset,
            amount,
            recipient,
        } => {
            let to = call.or_sender(deps.api, recipient)?;
            account::withdraw(deps.storage, now, &call.sender, &asset, amount, to)
        }
        ExecuteMsg::SetAside { asset, amount } => {
            account::set_aside(deps.storage, &call.sender, asset, amount)
        }
        ExecuteMsg::TicketPaid { position } => ticket::assert_paid(deps.storage, &call.sender, position),
        ExecuteMsg::SetDistress {
            position,
            surcharge_rate,
            drop_stretch,
            sale,
            keepers,
            insolvent,
        } => {
            let distress = distress::Distress {
                surcharge_rate,
                drop_stretch,
                sale,
                keepers: distress::addresses(deps.api, &keepers)?,
                insolvent,
            };
            distress::set_distress(deps.storage, now, &call.sender, position, distress)
        }
        ExecuteMsg::WriteOff { position, keepers } => {
            let keepers = distress::addresses(deps.api, &keepers)?;
            write_off::write_off(deps, now, &call.sender, position, &keepers)
        }
        ExecuteMsg::ListAsset {
            asset,
            info,
            decimals,
        } => admin::list_asset(deps, &call.sender, asset, info, decimals),
        ExecuteMsg::SetMarket { asset, terms } => {
            admin::set_market(deps.storage, now, &call.sender, asset, terms)
        }
        ExecuteMsg::LowerCaps {
            asset,
            supply_cap,
            borrow_cap,
        } => admin::lower_caps(deps.storage, now, &call.sender, asset, supply_cap, borrow_cap),
        ExecuteMsg::SetGuardian { guardian } => admin::set_guardian(deps, &call.sender, guardian.as_deref()),
        ExecuteMsg::SetPenaltySplit { split } => admin::set_penalty_split(deps.storage, &call.sender, split),
        ExecuteMsg::WithdrawReserves {
            asset,
            amount,
            recipient,
        } => {
            let to = deps.api.addr_validate(&recipient)?;
            reserves::withdraw(deps.storage, now, &call.sender, &asset, amount, to)
        }
        ExecuteMsg::UpdateOwnership(msg) => admin::update_ownership(deps, &env.block, &call.sender, msg),
        // Those of `dispatch`; it never hands them on.
        ExecuteMsg::Supply { .. }
        | ExecuteMsg::Deposit { .. }
        | ExecuteMsg::Apply { .. }
        | ExecuteMsg::Settle { .. }
        | ExecuteMsg::TakeOver { .. }
        | ExecuteMsg::PayTicket { .. }
        | ExecuteMsg::Receive(_) => Err(PaymentError::NotPayable {}.into()),
    }
}

/// Answers a question.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    queries::answer(deps, &env, msg)
}

/// Moves to this code.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    migration::migrate(deps.storage)
}

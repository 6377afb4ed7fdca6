//! Entry points: parse and dispatch, nothing else.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{from_json, to_json_binary, Addr, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use cw_asset::Asset;
use glidepath_interfaces::admin::MigrateMsg;
use glidepath_interfaces::asset::attached;
use glidepath_interfaces::auction::{ExecuteMsg, InstantiateMsg, QueryMsg, TERMS};

use crate::execute::{self, Bid, Opening};
use crate::state::PEERS;
use crate::{query, validate, ContractError};

/// Name of the contract for migrations.
pub const CONTRACT_NAME: &str = "crates.io:glidepath-liquidation-auction";
/// Version of the code.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creation.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    let call = Call {
        paid: attached(&info.funds),
        sender: info.sender,
        by_hook: false,
    };
    call.unpaid()?;
    let peers = msg.peers.validate(deps.api)?;
    if peers.liquidation_auction != env.contract.address {
        return Err(ContractError::NotItself {
            named: peers.liquidation_auction,
            own: env.contract.address,
        });
    }
    validate::terms(&msg.terms)?;
    cw2::set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    cw_ownable::initialize_owner(deps.storage, deps.api, Some(&msg.owner))?;
    PEERS.save(deps.storage, &peers)?;
    TERMS.save(deps.storage, &msg.terms)?;
    Ok(Response::new())
}

/// Messages.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: ExecuteMsg,
) -> Result<Response, ContractError> {
    let call = Call {
        paid: attached(&info.funds),
        sender: info.sender,
        by_hook: false,
    };
    dispatch(deps, env, call, msg)
}

/// A message with who sent it and what came with it.
struct Call {
    sender: Addr,
    paid: Vec<Asset>,
    by_hook: bool,
}

impl Call {
    /// Who sent a message that takes no payment.
    fn unpaid(&self) -> Result<&Addr, ContractError> {
        if self.by_hook {
            return Err(ContractError::NotPayable);
        }
        if !self.paid.is_empty() {
            return Err(ContractError::HasPayment);
        }
        Ok(&self.sender)
    }

    /// Who sent a message that is paid, and the payment.
    fn paid(self) -> Result<(Addr, Asset), ContractError> {
        let count = self.paid.len();
        let [payment] =
            <[Asset; 1]>::try_from(self.paid).map_err(|_| ContractError::NotOnePayment { count })?;
        if payment.amount.is_zero() {
            return Err(ContractError::ZeroPayment {
                asset: payment.info.to_string(),
            });
        }
        Ok((self.sender, payment))
    }
}

fn dispatch(deps: DepsMut, env: Env, call: Call, msg: ExecuteMsg) -> Result<Response, ContractError> {
    let now = env.block.time.seconds();
    match msg {
        ExecuteMsg::Bid {
            position,
            max_price,
            recipient,
            min_received,
        } => {
            let (bidder, payment) = call.paid()?;
            let bid = Bid {
                position,
                max_price,
                recipient,
                min_received,
            };
            execute::bid(deps, now, bidder, payment, bid)
        }
        ExecuteMsg::Open {
            position,
            mode,
            target,
            breach_seen_at,
            offer,
        } => {
            let opening = Opening {
                mode,
                target,
                breach_seen_at,
            };
            execute::open(deps.storage, call.unpaid()?, now, position, opening, offer)
        }
        ExecuteMsg::StartLot {
            position,
            cause,
            offer,
        } => execute::start_lot(deps, call.unpaid()?, now, position, cause, offer),
        ExecuteMsg::Sleep { position } => execute::sleep(deps.storage, call.unpaid()?, now, position),
        ExecuteMsg::End { position, reason } => {
            execute::end(deps.storage, call.unpaid()?, now, position, reason)
        }
        ExecuteMsg::SetTerms { terms } => execute::set_terms(deps.storage, call.unpaid()?, &terms),
        ExecuteMsg::UpdateOwnership(action) => execute::update_ownership(deps, &env, call.unpaid()?, action),
        ExecuteMsg::Receive(hook) => {
            // Who paid is the token's own word; that the token is the debt on sale is checked before anything moves.
            let token = call.unpaid()?.clone();
            let call = Call {
                sender: deps.api.addr_validate(&hook.sender)?,
                paid: vec![Asset::cw20(token, hook.amount)],
                by_hook: true,
            };
            dispatch(deps, env, call, from_json(&hook.msg)?)
        }
    }
}

/// Queries.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let now = env.block.time.seconds();
    Ok(match msg {
        QueryMsg::Config {} => to_json_binary(&query::config(deps)?),
        QueryMsg::Sale { position } => to_json_binary(&query::sale(deps, now, position)?),
        QueryMsg::Sales {
            collateral,
            start_after,
            limit,
        } => to_json_binary(&query::sales(deps, now, collateral, start_after, limit)?),
        QueryMsg::PreviewBid {
            position,
            pay,
            prices,
        } => to_json_binary(&query::preview_bid(deps, now, position, pay, prices)?),
        QueryMsg::PriceAt { position, time } => to_json_binary(&query::price_at(deps, position, time)?),
        QueryMsg::Ownership {} => to_json_binary(&cw_ownable::get_ownership(deps.storage)?),
    }?)
}

/// Migration from an older version.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    crate::migrate::migrate(deps)
}

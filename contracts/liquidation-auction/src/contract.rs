//! Entry points: parse and dispatch, nothing else.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{to_json_binary, Binary, Deps, DepsMut, Env, MessageInfo, Response};
use glidepath_interfaces::admin::MigrateMsg;
use glidepath_interfaces::auction::{BidItem, ExecuteMsg, InstantiateMsg, QueryMsg, TERMS};
use glidepath_interfaces::payment::{Call, PaymentError};

use crate::execute::{self, Opening};
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
    Call::direct(info).unpaid()?;
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
    match msg {
        // Who paid is the token's own word; that the token is the debt on sale is checked before anything moves.
        ExecuteMsg::Receive(hook) => {
            let (call, inner) = Call::by_hook(deps.api, info, hook)?;
            dispatch(deps, env, call, inner)
        }
        other => dispatch(deps, env, Call::direct(info), other),
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
            pay,
        } => {
            let bid = BidItem {
                position,
                max_price,
                max_pay: None,
                min_received,
            };
            execute::bid(deps, &env, &call, bid, recipient, pay)
        }
        ExecuteMsg::BidMany {
            bids,
            recipient,
            account,
        } => execute::bid_many(deps, &env, &call, bids, recipient, account),
        ExecuteMsg::PlaceOrder {
            collateral,
            debt,
            slot,
        } => execute::place(deps, env.block.height, &call, collateral, debt, slot),
        ExecuteMsg::CancelOrder { order, recipient } => {
            execute::cancel(deps, env.block.height, &call, order, recipient)
        }
        ExecuteMsg::ClaimOrder { order, recipient } => {
            execute::claim(deps, env.block.height, &call, order, recipient)
        }
        ExecuteMsg::Match { position } => execute::match_orders(deps, &env, call.unpaid()?, position),
        ExecuteMsg::Backstop { position } => {
            call.unpaid()?;
            execute::backstop(deps, &env, position)
        }
        ExecuteMsg::Resume(resume) => execute::resume(deps, &env, call.unpaid()?, resume),
        ExecuteMsg::SetMinOrder { debt, amount } => {
            execute::set_min_order(deps, call.unpaid()?, debt, amount)
        }
        ExecuteMsg::SetBidders {
            collateral,
            reserved,
            bidders,
        } => execute::set_bidders(deps, call.unpaid()?, collateral, reserved, &bidders),
        ExecuteMsg::Open {
            position,
            mode,
            target,
            eta,
            max_discount,
            breach_seen_at,
            offer,
        } => {
            let opening = Opening {
                mode,
                target,
                eta,
                max_discount,
                breach_seen_at,
            };
            execute::open(deps.storage, call.unpaid()?, now, position, opening, offer)
        }
        ExecuteMsg::StartLot {
            position,
            cause,
            offer,
        } => execute::start_lot(deps, call.unpaid()?, now, position, cause, offer),
        ExecuteMsg::Sleep { position } => execute::sleep(deps, call.unpaid()?, now, position),
        ExecuteMsg::End { position, reason } => execute::end(deps, call.unpaid()?, now, position, reason),
        ExecuteMsg::SetTerms { terms } => execute::set_terms(deps, call.unpaid()?, &terms),
        ExecuteMsg::UpdateOwnership(action) => execute::update_ownership(deps, &env, call.unpaid()?, action),
        // Unwrapped by `execute`; a hook inside a hook is nobody's payment.
        ExecuteMsg::Receive(_) => Err(PaymentError::NotPayable {}.into()),
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
            bidder,
        } => {
            let bidder = query::named(deps, bidder)?;
            to_json_binary(&query::preview_bid(deps, &env, position, pay, prices, bidder)?)
        }
        QueryMsg::PreviewBackstop { position } => {
            to_json_binary(&query::preview_backstop(deps, &env, position)?)
        }
        QueryMsg::OpenLots {
            collateral,
            debt,
            bidder,
            funds,
            ahead,
            start_after,
            limit,
        } => {
            let asked = query::Asked {
                collateral,
                debt,
                bidder: query::named(deps, bidder)?,
                funds,
                ahead,
            };
            to_json_binary(&query::open_lots(deps, &env, asked, start_after, limit)?)
        }
        QueryMsg::Bidders { collateral } => to_json_binary(&query::bidders(deps, &collateral)?),
        QueryMsg::PriceAt { position, time } => to_json_binary(&query::price_at(deps, position, time)?),
        QueryMsg::Order { order } => to_json_binary(&query::order(deps, env.block.height, order)?),
        QueryMsg::Orders {
            owner,
            start_after,
            limit,
        } => to_json_binary(&query::orders(
            deps,
            env.block.height,
            &owner,
            start_after,
            limit,
        )?),
        QueryMsg::Book { collateral, debt } => {
            to_json_binary(&query::book(deps, env.block.height, &collateral, &debt)?)
        }
        QueryMsg::Queue { collateral, draw } => to_json_binary(&query::queue(deps, now, collateral, draw)?),
        QueryMsg::Ownership {} => to_json_binary(&cw_ownable::get_ownership(deps.storage)?),
    }?)
}

/// Migration from an older version.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    crate::migrate::migrate(deps)
}

//! A contract that answers the `price_feed` query in the wire format of Pyth's CosmWasm contract, with the price that
//! anybody told it last. For test chains only: it takes everyone's word and checks no signature.
//!
//! As the real one it keeps the newest price of a feed, passes over an older one and one of the same time without an
//! error, and fails with `PriceFeedNotFound` on an id that it does not know. Unlike the real one it can be told to
//! misbehave, to see what that does to those who ask.
//!
//! Types and behaviour follow `pyth-crosschain/target_chains/cosmwasm` (`contracts/pyth/src/contract.rs`,
//! `contracts/pyth/schema/`, `pyth-sdk-cw`) and `PriceFeed` of `pyth-sdk`: numbers of 64 bits are strings, exponent and
//! publish time are numbers, an id is 64 hexadecimal digits without a prefix.

pub mod msg;

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{
    to_json_binary, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult,
};
use cw_storage_plus::Map;

use crate::msg::{Answer, ExecuteMsg, PriceFeed, PriceFeedResponse, QueryMsg};

/// What a feed answers, by its id.
const ANSWERS: Map<&str, Answer> = Map::new("answer");

/// Creates the contract; it knows no feed.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(_deps: DepsMut, _env: Env, _info: MessageInfo, _msg: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

/// Tells it a price, or how to misbehave.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(mut deps: DepsMut, _env: Env, _info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    match msg {
        ExecuteMsg::SetPriceFeeds { price_feeds } => {
            for feed in price_feeds {
                set_price_feed(deps.branch(), feed)?;
            }
        }
        ExecuteMsg::SetAnswer { id, answer } => ANSWERS.save(deps.storage, &id, &answer)?,
    }
    Ok(Response::new())
}

/// Keeps a price if it is newer than the one on file.
fn set_price_feed(deps: DepsMut, feed: PriceFeed) -> StdResult<()> {
    let id = feed.id.clone();
    if let Some(Answer::PriceFeed(old)) = ANSWERS.may_load(deps.storage, &id)? {
        if feed.price.publish_time <= old.price.publish_time {
            return Ok(());
        }
    }
    ANSWERS.save(deps.storage, &id, &Answer::PriceFeed(feed))
}

/// Answers for a feed.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> StdResult<Binary> {
    let QueryMsg::PriceFeed { id } = msg;
    match ANSWERS.may_load(deps.storage, &id)? {
        Some(Answer::PriceFeed(price_feed)) => to_json_binary(&PriceFeedResponse { price_feed }),
        Some(Answer::Bytes(bytes)) => Ok(bytes),
        Some(Answer::NoEnd {}) => no_end(deps),
        None => Err(StdError::generic_err("PriceFeedNotFound")),
    }
}

/// Reads storage until the gas is used up.
fn no_end(deps: Deps) -> StdResult<Binary> {
    loop {
        ANSWERS.may_load(deps.storage, "")?;
    }
}

//! A bidder without capital: a contract that buys from a liquidation, sells the collateral on a constant-product pool in the
//! vault's call, pays its ticket from the proceeds and keeps the rest. An example, and what tests bid with.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, Coin, CosmosMsg, Decimal256, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError,
    StdResult, Uint128,
};
use cw20::Cw20ReceiveMsg;
use cw_asset::{Asset, AssetInfo};
use cw_multi_test::{ContractWrapper, Executor};
use cw_storage_plus::Item;
use glidepath_interfaces::asset::{call, call_with};
use glidepath_interfaces::auction::{self, Pay};
use glidepath_interfaces::vault::{self, Bought};
use glidepath_interfaces::Peers;

use crate::Suite;

/// What the bidder is told. It has the vault's callback among its messages.
#[cw_serde]
pub enum FlashMsg {
    /// Buys from these positions, one inside the other's callback, and sells all of it.
    Buy {
        /// At least one.
        positions: Vec<u64>,
        /// Most debt base units of each.
        max: Option<Uint128>,
        /// Sent by this contract before it pays, in the innermost callback.
        meanwhile: Vec<CosmosMsg>,
    },
    /// The vault's call.
    GlidepathBought(Bought),
    /// Tokens that the pool sends back.
    Receive(Cw20ReceiveMsg),
}

/// What is on its way through a callback.
#[cw_serde]
struct Plan {
    rest: Vec<u64>,
    max: Option<Uint128>,
    meanwhile: Vec<CosmosMsg>,
}

/// The pool's message; what is offered is attached, or sent by the token's hook.
#[cw_serde]
pub enum PoolMsg {
    /// Sells what comes with it for the other asset of the pool.
    Swap {},
    /// The same by a token.
    Receive(Cw20ReceiveMsg),
}

const FLASH: Item<(Peers<Addr>, Addr)> = Item::new("flash");
const POOL: Item<[AssetInfo; 2]> = Item::new("pool");

/// A pool with so many whole tokens of each of two assets.
///
/// # Panics
/// Where the chain refuses.
pub fn pool(suite: &mut Suite, reserves: [(&str, &str); 2]) -> Addr {
    let code = ContractWrapper::new(pool_execute, pool_instantiate, nothing);
    let code = suite.app.store_code(Box::new(code));
    let maker = suite.user("maker");
    let infos = reserves.map(|(asset, _)| suite.listed(asset).info.clone());
    let pool = suite
        .app
        .instantiate_contract(code, maker, &infos, &[], "pool", None)
        .expect("a pool");
    for (asset, whole) in reserves {
        let amount = suite.units(asset, whole);
        suite.give(&pool, asset, amount);
    }
    pool
}

/// A bidder that sells on a pool.
///
/// # Panics
/// Where the chain refuses.
pub fn bidder(suite: &mut Suite, pool: &Addr) -> Addr {
    let code = ContractWrapper::new(flash_execute, flash_instantiate, nothing);
    let code = suite.app.store_code(Box::new(code));
    let maker = suite.user("maker");
    let msg = (suite.peers.clone(), pool.clone());
    suite
        .app
        .instantiate_contract(code, maker, &msg, &[], "flash", None)
        .expect("a bidder")
}

/// The message by which it buys from positions and sells what it gets.
pub fn buy(positions: &[u64]) -> FlashMsg {
    FlashMsg::Buy {
        positions: positions.to_vec(),
        max: None,
        meanwhile: vec![],
    }
}

fn flash_instantiate(deps: DepsMut, _: Env, _: MessageInfo, msg: (Peers<Addr>, Addr)) -> StdResult<Response> {
    FLASH.save(deps.storage, &msg)?;
    Ok(Response::new())
}

fn flash_execute(deps: DepsMut, _: Env, info: MessageInfo, msg: FlashMsg) -> StdResult<Response> {
    let (peers, pool) = FLASH.load(deps.storage)?;
    match msg {
        FlashMsg::Buy {
            positions,
            max,
            meanwhile,
        } => {
            let plan = Plan {
                rest: positions,
                max,
                meanwhile,
            };
            Ok(Response::new().add_message(bid(&peers, plan)?))
        }
        FlashMsg::GlidepathBought(bought) => {
            if info.sender != peers.vault {
                return Err(StdError::generic_err("the vault alone calls this"));
            }
            let mut plan: Plan = cosmwasm_std::from_json(&bought.msg)?;
            let mut done = Response::new();
            if plan.rest.is_empty() {
                done = done.add_messages(std::mem::take(&mut plan.meanwhile));
            } else {
                done = done.add_message(bid(&peers, plan)?);
            }
            let sell = call_with(&pool, &PoolMsg::Swap {}, &bought.collateral, bought.sold)?;
            let pay = vault::ExecuteMsg::PayTicket {
                position: bought.position,
            };
            let pay = call_with(&peers.vault, &pay, &bought.debt, bought.owed)?;
            Ok(done.add_message(sell).add_message(pay))
        }
        FlashMsg::Receive(_) => Ok(Response::new()),
    }
}

fn bid(peers: &Peers<Addr>, mut plan: Plan) -> StdResult<CosmosMsg> {
    if plan.rest.is_empty() {
        return Err(StdError::generic_err("nothing to buy"));
    }
    let position = plan.rest.remove(0);
    let bid = auction::ExecuteMsg::Bid {
        position,
        max_price: Decimal256::MAX,
        recipient: None,
        min_received: None,
        pay: Some(Pay::Callback {
            max: plan.max,
            msg: cosmwasm_std::to_json_binary(&plan)?,
        }),
    };
    call(&peers.liquidation_auction, &bid)
}

fn pool_instantiate(deps: DepsMut, _: Env, _: MessageInfo, infos: [AssetInfo; 2]) -> StdResult<Response> {
    POOL.save(deps.storage, &infos)?;
    Ok(Response::new())
}

/// `x · y` stays, but for a fee of .3 %.
fn pool_execute(deps: DepsMut, env: Env, info: MessageInfo, msg: PoolMsg) -> StdResult<Response> {
    let (offered, amount, trader) = match msg {
        PoolMsg::Swap {} => match info.funds.as_slice() {
            [Coin { denom, amount }] => (AssetInfo::native(denom.clone()), *amount, info.sender),
            _ => return Err(StdError::generic_err("one coin")),
        },
        PoolMsg::Receive(hook) => (
            AssetInfo::cw20(info.sender),
            hook.amount,
            Addr::unchecked(hook.sender),
        ),
    };
    let infos = POOL.load(deps.storage)?;
    let [wanted] = infos
        .iter()
        .filter(|info| **info != offered)
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| StdError::generic_err("another asset"))?;
    let reserve = |info: &AssetInfo| info.query_balance(&deps.querier, &env.contract.address);
    let reserve = |info: &AssetInfo| reserve(info).map_err(|e| StdError::generic_err(e.to_string()));
    let in_after = reserve(&offered)?;
    let taken = amount.mul_floor((997u128, 1_000u128));
    let before = in_after - amount;
    let out = reserve(wanted)?.multiply_ratio(taken, before + taken);
    let pays = Asset::new(wanted.clone(), out).transfer_msg(trader);
    Ok(Response::new().add_message(pays.map_err(|e| StdError::generic_err(e.to_string()))?))
}

fn nothing(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    Err(StdError::generic_err("answers nothing"))
}

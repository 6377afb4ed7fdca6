//! A vault of three messages: the published records, and what the fund sends. It checks nothing but what the fund
//! must get right.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    from_json, to_json_binary, Addr, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError,
    StdResult, Uint128,
};
use cw_asset::Asset;
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::{Item, Map};
use glidepath_interfaces::asset::attached;
use glidepath_interfaces::vault::{ExecuteMsg, ASSETS, MARKETS, MARKET_TERMS};
use glidepath_interfaces::AssetId;

pub const SUPPLIES: Map<(&str, &Addr), Uint128> = Map::new("supplies");
/// The last `WithdrawAccount`.
pub const WITHDRAWN: Item<(AssetId, Option<Uint128>, Option<String>)> = Item::new("withdrawn");

#[cw_serde]
pub struct Init {}

pub fn code() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::<_, _, _, _, _, _>::new(
        execute,
        instantiate,
        query,
    ))
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Init) -> StdResult<Response> {
    Ok(Response::new())
}

fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    match msg {
        ExecuteMsg::Receive(hook) => {
            let paid = vec![Asset::cw20(info.sender, hook.amount)];
            handle(deps, env, &paid, from_json(&hook.msg)?)
        }
        msg => handle(deps, env, &attached(&info.funds), msg),
    }
}

/// Every sender is taken for the fund.
fn handle(deps: DepsMut, env: Env, paid: &[Asset], msg: ExecuteMsg) -> StdResult<Response> {
    let failed = |reason: &str| StdError::generic_err(reason);
    match msg {
        ExecuteMsg::Supply {
            asset,
            recipient: None,
        } => {
            let name = asset.as_str();
            let [paid] = paid else {
                return Err(failed("not one payment"));
            };
            assert_eq!(paid.info, ASSETS.load(deps.storage, name).unwrap().info);
            let terms = MARKET_TERMS.load(deps.storage, name).unwrap();
            let mut market = MARKETS.load(deps.storage, name).unwrap();
            market
                .accrue(terms.reserve_factor, env.block.time.seconds())
                .unwrap();
            market.supply_fund(paid.amount).unwrap();
            if market.total_assets().unwrap() > terms.supply_cap {
                return Err(failed("supply cap"));
            }
            MARKETS.save(deps.storage, name, &market).unwrap();
        }
        ExecuteMsg::TransferSupply {
            asset,
            shares,
            recipient,
        } => {
            let name = asset.as_str();
            assert!(paid.is_empty() && !shares.is_zero());
            let mut market = MARKETS.load(deps.storage, name).unwrap();
            market.fund_shares = market.fund_shares.checked_sub(shares)?;
            MARKETS.save(deps.storage, name, &market).unwrap();
            let to = deps.api.addr_validate(&recipient)?;
            SUPPLIES.update(deps.storage, (name, &to), |held| {
                Ok::<_, StdError>(held.unwrap_or_default() + shares)
            })?;
        }
        ExecuteMsg::WithdrawAccount {
            asset,
            amount,
            recipient,
        } => {
            assert!(paid.is_empty());
            WITHDRAWN.save(deps.storage, &(asset, amount, recipient))?;
        }
        other => return Err(failed(&format!("the fund never sends {other:?}"))),
    }
    Ok(Response::new())
}

fn query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    to_json_binary(&Empty {})
}

//! A market that is not on the chain, as a contract: it buys what it is sent at the price that it was last told, and pays from
//! coins that it was given. A bidder without capital ([`flash`](crate::flash)) can sell here where a model outside of the chain
//! says what a sale brings.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, Decimal256, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult, Uint256,
};
use cw20::Cw20ReceiveMsg;
use cw_asset::{Asset, AssetInfo};
use cw_multi_test::{ContractWrapper, Executor};
use cw_storage_plus::Item;

use crate::Suite;

/// What it is told. It takes what a pool takes (`flash::PoolMsg`), and a price.
#[cw_serde]
pub enum DeskMsg {
    /// The price from now on: debt base units for a base unit of what is sold.
    Quote {
        /// Base units for a base unit.
        price: Decimal256,
    },
    /// Buys what comes with it.
    Swap {},
    /// The same by a token.
    Receive(Cw20ReceiveMsg),
}

const PRICE: Item<Decimal256> = Item::new("price");
const PAYS: Item<AssetInfo> = Item::new("pays");

/// A desk that pays in `debt`, of which it is given `purse` base units.
///
/// # Panics
/// Where the chain refuses.
pub fn desk(suite: &mut Suite, debt: &str, purse: u128) -> Addr {
    let code = ContractWrapper::new(execute, instantiate, nothing);
    let code = suite.app.store_code(Box::new(code));
    let maker = suite.user("maker");
    let info = suite.listed(debt).info.clone();
    let desk = suite
        .app
        .instantiate_contract(code, maker, &info, &[], "desk", None)
        .expect("a desk");
    suite.give(&desk, debt, purse);
    desk
}

fn instantiate(deps: DepsMut, _: Env, _: MessageInfo, pays: AssetInfo) -> StdResult<Response> {
    PAYS.save(deps.storage, &pays)?;
    PRICE.save(deps.storage, &Decimal256::zero())?;
    Ok(Response::new())
}

fn execute(deps: DepsMut, _: Env, info: MessageInfo, msg: DeskMsg) -> StdResult<Response> {
    let (sold, trader) = match msg {
        DeskMsg::Quote { price } => {
            PRICE.save(deps.storage, &price)?;
            return Ok(Response::new());
        }
        DeskMsg::Swap {} => match info.funds.as_slice() {
            [coin] => (coin.amount, info.sender),
            _ => return Err(StdError::generic_err("one coin")),
        },
        DeskMsg::Receive(hook) => (hook.amount, deps.api.addr_validate(&hook.sender)?),
    };
    let proceeds = Uint256::from(sold).mul_floor(PRICE.load(deps.storage)?);
    let pays = Asset::new(
        PAYS.load(deps.storage)?,
        cosmwasm_std::Uint128::try_from(proceeds)?,
    );
    let pays = pays.transfer_msg(trader);
    Ok(Response::new().add_message(pays.map_err(|error| StdError::generic_err(error.to_string()))?))
}

fn nothing(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    Err(StdError::generic_err("answers nothing"))
}

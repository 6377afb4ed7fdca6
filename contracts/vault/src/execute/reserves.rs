//! Reserves: the owner's part of the interest and of penalties.

use cosmwasm_std::{Addr, Response, Storage, Uint128};
use glidepath_interfaces::events::vault::ReservesWithdrawn;
use glidepath_interfaces::AssetId;

use crate::books::{minus, Books};
use crate::call::payout;
use crate::error::ContractError;
use crate::execute::supply::burn;
use crate::state::{listed, CONFIG};

/// Burns shares of the reserves for `amount` of coins, all of them if not said.
pub fn withdraw(
    storage: &mut dyn Storage,
    now: u64,
    sender: &Addr,
    asset: &AssetId,
    amount: Option<Uint128>,
    recipient: Addr,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(storage, sender)?;
    CONFIG.load(storage)?.user(&recipient)?;
    let info = listed(storage, asset)?.info;

    let mut books = Books::open(now);
    let market = &mut books.market(storage, asset)?.state;
    let held = market.reserve_shares;
    let (amount, shares) = burn(market, asset, amount, held)?;
    market.reserve_shares = minus(held, shares)?;
    books.close(storage)?;

    Ok(Response::new()
        .add_message(payout(info, amount, &recipient)?)
        .add_event(ReservesWithdrawn {
            asset: asset.clone(),
            recipient,
            amount,
            shares,
        }))
}

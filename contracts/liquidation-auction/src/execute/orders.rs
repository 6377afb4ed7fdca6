//! Standing orders: placing, taking out, claiming. Their funds are in the auction's account with the vault.

use cosmwasm_std::{Addr, CosmosMsg, DepsMut, Response, Storage, Uint128};
use glidepath_interfaces::asset::{call, call_with};
use glidepath_interfaces::auction::{MinOrder, Placed, MIN_ORDERS, ORDERS};
use glidepath_interfaces::events::auction::{MinOrderSet, OrderCancelled, OrderClaimed, OrderPlaced};
use glidepath_interfaces::payment::{some, Call};
use glidepath_interfaces::vault::{self, ASSETS};
use glidepath_interfaces::{AssetId, Peers};

use super::bid::recipient_of;
use crate::orders::{self, Open};
use crate::state::PEERS;
use crate::ContractError;

/// Places an order in a slot, to be used from the next block on.
///
/// # Errors
/// `NoOrdersIn`, `OrderTooSmall`, `NoSlot`, `SameAsset`; `Read` for a collateral that the vault does not know.
pub fn place(
    deps: DepsMut,
    height: u64,
    call: &Call,
    collateral: AssetId,
    debt: AssetId,
    slot: u8,
) -> Result<Response, ContractError> {
    let peers = PEERS.load(deps.storage)?;
    let min = orders::min_order(deps.storage, &debt)?;
    let min = min.ok_or_else(|| ContractError::NoOrdersIn { debt: debt.clone() })?;
    if collateral == debt {
        return Err(ContractError::SameAsset { asset: debt });
    }
    let info = ASSETS.query(&deps.querier, &peers.vault, debt.as_str())?.info;
    ASSETS.query(&deps.querier, &peers.vault, collateral.as_str())?;
    let amount = call.paid_in(&info)?;
    if amount < min {
        return Err(ContractError::OrderTooSmall { debt, amount, min });
    }

    let book = orders::book_or_new(deps.storage, &collateral, &debt)?;
    let mut open = Open::load(deps.storage, &collateral, &debt, book, slot)?;
    let placed = Placed {
        owner: call.sender.clone(),
        order: open.slot.place(amount, height)?,
        collateral,
        debt,
        slot,
    };
    open.save(deps.storage)?;
    let order = orders::add(deps.storage, &placed)?;
    let deposit = vault::ExecuteMsg::Deposit {
        asset: placed.debt.clone(),
        recipient: None,
    };
    Ok(Response::new()
        .add_message(call_with(&peers.vault, &deposit, &info, amount)?)
        .add_event(OrderPlaced {
            order,
            owner: placed.owner,
            collateral: placed.collateral,
            debt: placed.debt,
            slot,
            amount,
        }))
}

/// Takes an order out, with what was not used and what it bought.
///
/// # Errors
/// `NoOrder`, `NotOwner`.
pub fn cancel(
    deps: DepsMut,
    height: u64,
    by: &Call,
    number: u64,
    recipient: Option<String>,
) -> Result<Response, ContractError> {
    let sender = by.unpaid()?;
    let placed = owned(deps.storage, number, sender)?;
    let peers = PEERS.load(deps.storage)?;
    let recipient = recipient_of(deps.as_ref(), &peers, by, recipient)?;
    let mut open = Open::of(deps.storage, &placed)?;
    let story = open.story(deps.storage);
    let share = open.slot.cancel(&placed.order, &story, height)?;
    open.save(deps.storage)?;
    orders::remove(deps.storage, number, &placed);
    let parts = [(&placed.debt, share.funds), (&placed.collateral, share.gained)];
    let messages = parts.map(|(asset, amount)| paid_out(&peers, asset, amount, &recipient));
    let messages = messages.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(Response::new()
        .add_messages(messages.into_iter().flatten())
        .add_event(OrderCancelled {
            order: number,
            owner: placed.owner,
            recipient,
            collateral: placed.collateral,
            debt: placed.debt,
            gained: share.gained,
            funds: share.funds,
        }))
}

/// Takes out what an order has bought. One of which nothing is left is gone.
///
/// # Errors
/// `NoOrder`, `NotOwner`, `NothingToClaim`.
pub fn claim(
    deps: DepsMut,
    height: u64,
    by: &Call,
    number: u64,
    recipient: Option<String>,
) -> Result<Response, ContractError> {
    let sender = by.unpaid()?;
    let mut placed = owned(deps.storage, number, sender)?;
    let peers = PEERS.load(deps.storage)?;
    let recipient = recipient_of(deps.as_ref(), &peers, by, recipient)?;
    let mut open = Open::of(deps.storage, &placed)?;
    let story = open.story(deps.storage);
    let gained = open.slot.claim(&mut placed.order, &story, height)?;
    let left = placed.order.amount;
    if gained.is_zero() && !left.is_zero() {
        return Err(ContractError::NothingToClaim { order: number });
    }
    open.save(deps.storage)?;
    if left.is_zero() {
        orders::remove(deps.storage, number, &placed);
    } else {
        ORDERS.save(deps.storage, number, &placed)?;
    }
    Ok(Response::new()
        .add_messages(paid_out(&peers, &placed.collateral, gained, &recipient)?)
        .add_event(OrderClaimed {
            order: number,
            owner: placed.owner,
            recipient,
            collateral: placed.collateral,
            gained,
            left,
        }))
}

/// Sets the smallest order in a debt asset, or takes no more of them. Those that are there stay.
pub fn set_min_order(
    deps: DepsMut,
    sender: &Addr,
    debt: AssetId,
    amount: Option<Uint128>,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, sender)?;
    let vault = PEERS.load(deps.storage)?.vault;
    ASSETS.query(&deps.querier, &vault, debt.as_str())?;
    amount.map(some).transpose()?;
    let before = MIN_ORDERS.may_load(deps.storage, debt.as_str())?;
    let lowest = before.map_or(Uint128::MAX, |min| min.least);
    let least = amount.map_or(lowest, |amount| amount.min(lowest));
    MIN_ORDERS.save(deps.storage, debt.as_str(), &MinOrder { amount, least })?;
    Ok(Response::new().add_event(MinOrderSet { debt, amount }))
}

fn owned(storage: &dyn Storage, number: u64, sender: &Addr) -> Result<Placed, ContractError> {
    let placed = orders::load(storage, number)?;
    if placed.owner != *sender {
        return Err(ContractError::NotOwner {
            order: number,
            owner: placed.owner,
            sender: sender.clone(),
        });
    }
    Ok(placed)
}

/// Has the vault pay out of the auction's account; nothing where there is nothing.
fn paid_out(
    peers: &Peers<Addr>,
    asset: &AssetId,
    amount: Uint128,
    recipient: &Addr,
) -> Result<Option<CosmosMsg>, ContractError> {
    if amount.is_zero() {
        return Ok(None);
    }
    let withdraw = vault::ExecuteMsg::WithdrawAccount {
        asset: asset.clone(),
        amount: Some(amount),
        recipient: Some(recipient.to_string()),
    };
    Ok(Some(call(&peers.vault, &withdraw)?))
}

//! `SetOrder`: what the owner of a position asks for.

use cosmwasm_std::{Addr, Deps, DepsMut, Response};
use glidepath_interfaces::events::position_manager::OrderSet;
use glidepath_interfaces::position_manager::{AskedSale, Goal, OwnerOrder};

use crate::asked;
use crate::records::Records;
use crate::state::{load_asset, load_position, save_position};
use crate::view::View;
use crate::{validate, ContractError};

/// Takes an order instead of the one before, in force from the next second on.
///
/// # Errors
/// `NoPosition`, `NotPositionOwner`, `BadParameter`, `NamedTwice`, `NotListed`; `GoalReached` of an unwind that would sell nothing.
pub fn set_order(
    deps: DepsMut,
    sender: &Addr,
    now: u64,
    id: u64,
    order: OwnerOrder,
) -> Result<Response, ContractError> {
    let mut position = load_position(deps.storage, id)?;
    if *sender != position.owner {
        let owner = position.owner;
        return Err(ContractError::NotPositionOwner { position: id, owner });
    }
    check(deps.as_ref(), now, id, &order)?;
    let event = told(id, &position.owner, &order);
    // Said again it changes nothing: a sale that runs goes on.
    if order != position.order {
        position.order = order;
        position.ordered_at = now;
        save_position(deps.storage, id, &position)?;
    }
    Ok(Response::new().add_event(event))
}

/// Could the order be set?
pub fn check(deps: Deps, now: u64, id: u64, order: &OwnerOrder) -> Result<(), ContractError> {
    validate::order(order)?;
    for asset in &order.sell_order {
        load_asset(deps.storage, asset)?;
    }
    let Some(AskedSale { goal, trigger, .. }) = &order.sale else {
        return Ok(());
    };
    if let Goal::Keep(kept) = goal {
        load_asset(deps.storage, &kept.asset)?;
    }
    if trigger.is_some() {
        return Ok(());
    }
    let mut records = Records::open(deps, now)?;
    let ledger = records.ledger(id)?;
    let Some(view) = View::of(&mut records, &ledger)? else {
        return Err(ContractError::GoalReached { position: id });
    };
    let penalty = records.terms()?.asked.penalty;
    if asked::is_reached(&asked::offered(view, goal), goal, penalty)? {
        return Err(ContractError::GoalReached { position: id });
    }
    Ok(())
}

fn told(position: u64, owner: &Addr, order: &OwnerOrder) -> OrderSet {
    let sale = order.sale.as_ref();
    let goal = sale.map(|sale| &sale.goal);
    let names: Vec<&str> = order.sell_order.iter().map(|asset| asset.as_str()).collect();
    OrderSet {
        position,
        owner: owner.clone(),
        sell_order: (!names.is_empty()).then(|| names.join(",")),
        trigger: sale.and_then(|sale| sale.trigger),
        target: goal.and_then(|goal| match goal {
            Goal::Health(health) => Some(*health),
            Goal::Keep(_) => None,
        }),
        keep: goal.and_then(|goal| match goal {
            Goal::Health(_) => None,
            Goal::Keep(kept) => Some(kept.amount),
        }),
        collateral: goal.and_then(|goal| match goal {
            Goal::Health(_) => None,
            Goal::Keep(kept) => Some(kept.asset.clone()),
        }),
        max_discount: sale.map(|sale| sale.max_discount),
    }
}

//! Standing orders: placing, taking out, claiming. What they have is looked at by `standing`, after every message.

use cosmwasm_std::{Addr, Uint128};
use glidepath_interfaces::auction::{ExecuteMsg, SLOTS_A_BOOK};
use glidepath_interfaces::events::auction::{OrderCancelled, OrderClaimed};

use crate::agent::TOLD;
use crate::id;
use crate::sequences::op::{Coin, Much, Peer, Who};
use crate::sequences::world::{Failure, Told, World};
use crate::Outcome;

fn differs(what: String) -> Failure {
    Failure::new("orders", what)
}

/// It is taken if it is large enough, and for no other reason refused than what the rules say.
///
/// # Errors
/// Where it is not.
pub fn place(
    world: &mut World,
    who: Who,
    coin: Coin,
    debt: Coin,
    nth: u8,
    much: Much,
) -> Result<(), Failure> {
    let min = world.orders.min(debt.word());
    let amount = world.much(much, debt, min.unwrap_or_default());
    let msg = ExecuteMsg::PlaceOrder {
        collateral: id(coin.word()),
        debt: id(debt.word()),
        slot: nth,
    };
    let (owner, auction) = (world.who(who), world.peer(Peer::Auction));
    let told = world.pay(&owner, &auction, &msg, debt, amount)?;
    let fits = coin != debt && nth < SLOTS_A_BOOK && min.is_some_and(|min| amount >= min);
    if told.is_ok() != fits {
        let what = format!("an order of {amount} (the smallest is {min:?}) came to {told:?}");
        return Err(differs(what));
    }
    Ok(())
}

/// The n-th order of somebody; one that there never was where he has none.
fn number(world: &World, of: Who, nth: u8) -> u64 {
    let own = world.orders.of(&world.who(of));
    match own.is_empty() {
        true => u64::MAX,
        false => own[usize::from(nth) % own.len()],
    }
}

/// What somebody has of coins.
fn coins(world: &World, who: &Addr) -> Vec<u128> {
    let balance = |coin: &Coin| world.suite.balance(who, coin.word());
    Coin::ALL.iter().map(balance).collect()
}

/// An owner has got what the event says, and nobody else may.
fn taken_out(world: &mut World, who: Who, order: u64, msg: &ExecuteMsg, kind: &str) -> Result<Told, Failure> {
    let (sender, auction) = (world.who(who), world.peer(Peer::Auction));
    let is_owner = world.orders.owner(order) == Some(&sender);
    let before = coins(world, &sender);
    let told = world.execute(&sender, &auction, msg, &[])?;
    let Ok(outcome) = &told else {
        return Ok(told);
    };
    if !is_owner {
        return Err(differs(format!("{who} took out order {order}, which is not his")));
    }
    if !outcome.has(TOLD) {
        let expected = paid_out(world, &before, outcome, kind);
        let now = coins(world, &sender);
        if now != expected {
            let what = format!("{who} has {now:?} after taking out order {order}, not {expected:?}");
            return Err(differs(what));
        }
    }
    Ok(told)
}

fn paid_out(world: &World, before: &[u128], outcome: &Outcome, kind: &str) -> Vec<u128> {
    let Some(event) = outcome.event(kind) else {
        return before.to_vec();
    };
    let part = |asset: &str, amount: &str| {
        let coin = event.text(asset).map(|asset| world.coin(asset));
        coin.zip(event.get::<Uint128>(amount))
    };
    let parts = [part("collateral", "gained"), part("debt", "funds")];
    Coin::ALL
        .iter()
        .zip(before)
        .map(|(coin, before)| {
            let more = parts.iter().flatten().filter(|(of, _)| of == coin);
            before + more.map(|(_, amount)| amount.u128()).sum::<u128>()
        })
        .collect()
}

/// An order may be taken out at any time, by its owner.
pub fn unplace(world: &mut World, who: Who, of: Who, nth: u8) -> Result<(), Failure> {
    let order = number(world, of, nth);
    let is_owner = world.orders.owner(order) == Some(&world.who(who));
    let msg = ExecuteMsg::CancelOrder {
        order,
        recipient: None,
    };
    let told = taken_out(world, who, order, &msg, OrderCancelled::TYPE)?;
    match told {
        Err(refusal) if is_owner => Err(differs(format!(
            "{who} can't take out order {order}: {}",
            refusal.text
        ))),
        _ => Ok(()),
    }
}

/// What an order has bought may be taken out at any time, if there is something, by its owner.
pub fn claim(world: &mut World, who: Who, of: Who, nth: u8) -> Result<(), Failure> {
    let order = number(world, of, nth);
    let is_owner = world.orders.owner(order) == Some(&world.who(who));
    let has = match is_owner {
        true => {
            let has = world.suite.ask().order(order)?;
            !has.gained.is_zero() || has.funds.is_zero()
        }
        false => false,
    };
    let begun = world.orders.is_begun(order);
    let msg = ExecuteMsg::ClaimOrder {
        order,
        recipient: None,
    };
    let told = taken_out(world, who, order, &msg, OrderClaimed::TYPE)?;
    if told.is_ok() != has {
        let what = format!("has order {order} something to claim? {has}; it came to {told:?}");
        return Err(differs(what));
    }
    if has && begun {
        world.coverage.count("claim of an order that goes on");
    }
    Ok(())
}

/// Another smallest order.
pub fn min_order(world: &mut World, coin: Coin, much: Much) -> Result<(), Failure> {
    let amount = match much {
        Much::All => None,
        much => Some(Uint128::new(world.much(much, coin, 0).max(1))),
    };
    let msg = ExecuteMsg::SetMinOrder {
        debt: id(coin.word()),
        amount,
    };
    let (owner, auction) = (world.suite.owner.clone(), world.peer(Peer::Auction));
    match world.execute(&owner, &auction, &msg, &[])? {
        Ok(_) => Ok(()),
        Err(refusal) => Err(differs(format!(
            "the smallest order can't be set: {}",
            refusal.text
        ))),
    }
}

/// Everybody takes out what he has; then nothing is left but what rounding left.
///
/// # Errors
/// Where somebody can't, or more is left.
pub fn all_leave(world: &mut World) -> Result<(), Failure> {
    for who in super::super::op::Who::ALL.iter().copied() {
        let owner = world.who(who);
        while !world.orders.of(&owner).is_empty() {
            unplace(world, who, who, 0)?;
            world.check()?;
        }
    }
    Ok(())
}

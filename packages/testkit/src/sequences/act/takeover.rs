//! Takeovers: what a preview says is what is done, and the owner is credited his equity less the cost, to the unit.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Uint128};
use glidepath_interfaces::events::vault::TakenOver;
use glidepath_interfaces::position_manager::{ExecuteMsg, PreviewTakeoverResponse, TakeoverPrice};

use super::money::{amounts, is_payment, pay_manager};
use super::purse::credited;
use crate::agent::TOLD;
use crate::sequences::op::{Acts, Coin, Peer, Slot, Who};
use crate::sequences::world::{Failure, Told, World};
use crate::Outcome;

/// A takeover with exactly what it costs and what its actions need. The position is its taker's from then on, under a slot of
/// his.
pub fn takeover(world: &mut World, who: Who, slot: Slot, acts: &Acts) -> Result<(), Failure> {
    let Some(position) = world.position(slot) else {
        return Ok(());
    };
    let (actions, mut payment) = amounts(world, Some(position), acts)?;
    let (taker, owner) = (world.who(who), world.who(slot.owner));
    let preview = world
        .suite
        .ask()
        .preview_takeover(position, Some(&taker), actions.clone())?;
    let mut max_pay = Uint128::zero();
    if let Some(price) = &preview.price {
        max_pay = price.paid;
        let paid = payment.entry(world.coin(price.asset.as_str())).or_default();
        *paid += price.paid.u128();
    }
    payment.retain(|_, amount: &mut u128| *amount > 0);
    let accounts = accounts(world, &owner)?;
    let msg = ExecuteMsg::Takeover {
        position,
        max_pay,
        actions,
    };
    let told = pay_manager(world, who, &msg, &payment)?;
    agrees(&preview, &told)?;
    let Ok(outcome) = told else { return Ok(()) };
    if let Some(price) = &preview.price {
        if !outcome.has(TOLD) {
            done(world, position, &taker, &preview)?;
            paid(world, price, &owner, &accounts, &outcome)?;
        }
    }
    hand_over(world, slot, who, position);
    Ok(())
}

/// The owner, or somebody, says whether a position may be taken over.
pub fn keep(world: &mut World, who: Who, slot: Slot, allowed: bool) -> Result<(), Failure> {
    let Some(position) = world.position(slot) else {
        return Ok(());
    };
    let (sender, manager) = (world.who(who), world.peer(Peer::Manager));
    let msg = ExecuteMsg::SetTakeover { position, allowed };
    world.execute(&sender, &manager, &msg, &[]).map(|_| ())
}

fn accounts(world: &World, owner: &Addr) -> Result<BTreeMap<Coin, u128>, Failure> {
    let mut all = BTreeMap::new();
    for coin in Coin::ALL {
        all.insert(*coin, world.suite.ask().account(owner, coin.word())?);
    }
    Ok(all)
}

/// A preview refuses what is refused, for the same reason; it takes the payment for granted.
fn agrees(preview: &PreviewTakeoverResponse, told: &Told) -> Result<(), Failure> {
    let differs = |what: String| Err(Failure::new("preview-takeover", what));
    match (told, &preview.refused) {
        (Ok(_), Some(reason)) => differs(format!("it was done, the preview said: {reason}")),
        (Err(refusal), refused) if refusal.name.starts_with("manager") && !is_payment(&refusal.name) => {
            if refused.as_ref() != Some(&refusal.text) {
                return differs(format!(
                    "refused for `{}`, the preview said `{refused:?}`",
                    refusal.text
                ));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The position is the taker's, with the health that the preview told, and not on sale any more.
fn done(
    world: &World,
    position: u64,
    taker: &Addr,
    preview: &PreviewTakeoverResponse,
) -> Result<(), Failure> {
    let asked = world.suite.ask().position(position)?;
    if asked.owner != *taker || asked.health != preview.after || world.sale(position).is_some() {
        let what = format!("the position is {asked:?}, the preview said {preview:?}");
        return Err(Failure::new("takeover", what));
    }
    Ok(())
}

/// The owner is credited what the preview told, beside what he earned as a keeper; the rest of the price is split.
fn paid(
    world: &World,
    price: &TakeoverPrice,
    owner: &Addr,
    before: &BTreeMap<Coin, u128>,
    outcome: &Outcome,
) -> Result<(), Failure> {
    let coin = world.coin(price.asset.as_str());
    let after = world.suite.ask().account(owner, coin.word())?;
    let got = after - before.get(&coin).copied().unwrap_or_default() - credited(outcome, owner, coin);
    let split: u128 = outcome
        .all(TakenOver::TYPE)
        .flat_map(|event| {
            ["penalty_fund", "penalty_keepers", "penalty_reserves"].map(|part| event.must::<u128>(part))
        })
        .sum();
    if got != price.credit.u128()
        || split != price.penalty.u128()
        || price.credit + price.penalty != price.paid
    {
        let what = format!("{got} were credited and {split} split, the preview said {price:?}");
        return Err(Failure::new("takeover", what));
    }
    Ok(())
}

fn hand_over(world: &mut World, slot: Slot, who: Who, position: u64) {
    world.slots.remove(&slot);
    let free = (0..=u8::MAX)
        .map(|nth| Slot { owner: who, nth })
        .find(|slot| !world.slots.contains_key(slot));
    world.slots.extend(free.map(|slot| (slot, position)));
}

//! What owners ask for.

use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::position_manager::{self, AskedSale, Goal, OwnerOrder};
use glidepath_interfaces::vault::Ledger;

use crate::sequences::op::{Peer, Slot};
use crate::sequences::world::{Failure, World};

/// An owner asks for something else. What the preview refuses is refused; else it is stored.
pub fn wish(world: &mut World, slot: Slot, variant: u8) -> Result<(), Failure> {
    let Some(position) = world.position(slot) else {
        return Ok(());
    };
    let order = order(&world.ledger(position), variant);
    let preview = world.suite.ask().preview_order(position, order.clone())?;
    let (owner, manager) = (world.who(slot.owner), world.peer(Peer::Manager));
    let msg = position_manager::ExecuteMsg::SetOrder {
        position,
        order: order.clone(),
    };
    let told = world.execute(&owner, &manager, &msg, &[])?;
    let now = world.suite.ask().owner_order(position)?;
    let holds = match (&told, &preview.refused) {
        (Ok(_), None) => now.order == order,
        (Err(refusal), Some(reason)) => refusal.text == *reason,
        _ => false,
    };
    match holds {
        true => Ok(()),
        false => Err(Failure::new(
            "wish",
            format!("{order:?} came to {told:?} and {now:?}, its preview said {preview:?}"),
        )),
    }
}

fn order(ledger: &Ledger, variant: u8) -> OwnerOrder {
    let (kind, rest) = (variant % 10, usize::from(variant / 10));
    let held = ledger.collateral.get(rest % ledger.collateral.len().max(1));
    let kept = |permille: u128| {
        held.map_or(Goal::Health(Decimal::percent(200)), |held| {
            Goal::Keep(Amount {
                asset: held.asset.clone(),
                amount: held
                    .amount
                    .multiply_ratio(Uint128::new(permille), Uint128::new(1_000)),
            })
        })
    };
    let path = |trigger, goal, discount| {
        Some(AskedSale {
            trigger: Some(Decimal::percent(trigger)),
            goal,
            max_discount: Decimal::permille(discount),
        })
    };
    let unwind = |goal, discount| {
        Some(AskedSale {
            trigger: None,
            goal,
            max_discount: Decimal::permille(discount),
        })
    };
    let health = |percent| Goal::Health(Decimal::percent(percent));
    let sale = match kind {
        0 => None,
        1 => path(105, health(100), 30),
        2 => path(130, health(115), 5),
        3 => path(110, kept(500), 40),
        4 => unwind(health(130), 60),
        5 => unwind(kept(0), 20),
        6 => unwind(kept(700), 1),
        7 => unwind(health(1_000), 200),
        // Refused.
        8 => path(100, health(100), 30),
        _ => unwind(kept(1_000), 20),
    };
    let named = ledger.collateral.iter().map(|held| held.asset.clone());
    OwnerOrder {
        sell_order: match rest % 3 {
            0 => vec![],
            1 => named.rev().collect(),
            _ => named.take(1).collect(),
        },
        sale,
    }
}

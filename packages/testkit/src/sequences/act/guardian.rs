//! Stops and lowered caps: what the guardian may do, and no more.

use cosmwasm_std::{Addr, Uint128};
use glidepath_interfaces::oracle::{self, StopKind};
use glidepath_interfaces::vault;

use crate::id;
use crate::sequences::op::{Coin, Kind, Peer, Power, Who};
use crate::sequences::world::{Failure, Told, World};

/// Days after the end of his last stop before the guardian may stop the same again.
const REST: u64 = 7 * 86_400;

fn sender(world: &World, by: Power) -> Addr {
    match by {
        Power::Owner => world.suite.owner.clone(),
        Power::Guardian => world.suite.guardian.clone(),
        Power::Stranger => world.who(Who::Mallory),
    }
}

/// Longest stop of the guardian and of the owner.
fn longest(kind: Kind, by: Power) -> u64 {
    match (kind, by) {
        (Kind::Borrowing, Power::Owner) => 30 * 86_400,
        (Kind::Borrowing, _) => 72 * 3_600,
        (Kind::Fills, Power::Owner) => 24 * 3_600,
        (Kind::Fills, _) => 4 * 3_600,
    }
}

fn failed(what: String) -> Result<(), Failure> {
    Err(Failure::new("guardian", what))
}

/// A stop that must not be is refused: of a stranger, too long, or of a guardian who has not rested.
pub fn stop(world: &mut World, by: Power, coin: Coin, kind: Kind, seconds: u64) -> Result<(), Failure> {
    let (who, oracle, now) = (sender(world, by), world.peer(Peer::Oracle), world.now());
    let rested = world
        .guarded
        .get(&(coin, kind))
        .is_none_or(|until| now >= until + REST);
    let may = match by {
        Power::Owner => true,
        Power::Guardian => rested,
        Power::Stranger => false,
    } && (1..=longest(kind, by)).contains(&seconds);
    let msg = oracle::ExecuteMsg::Stop {
        assets: vec![id(coin.word())],
        kind: kind.into(),
        seconds,
    };
    let told = world.execute(&who, &oracle, &msg, &[])?;
    match told {
        Ok(_) if !may => failed(format!("{by} stopped {kind} of {coin} for {seconds} s")),
        Ok(_) => {
            world.coverage.count(format!("stopped {kind} by {by}"));
            if by == Power::Guardian {
                world.guarded.insert((coin, kind), now + seconds);
            }
            Ok(())
        }
        Err(refusal) if may && by == Power::Owner => failed(format!(
            "the owner could not stop {kind} of {coin}: {}",
            refusal.text
        )),
        Err(_) => Ok(()),
    }
}

/// Ends a stop: the owner alone.
pub fn lift(world: &mut World, by: Power, coin: Coin, kind: Kind) -> Result<(), Failure> {
    let (who, oracle) = (sender(world, by), world.peer(Peer::Oracle));
    let msg = oracle::ExecuteMsg::Lift {
        assets: vec![id(coin.word())],
        kind: kind.into(),
    };
    let told: Told = world.execute(&who, &oracle, &msg, &[])?;
    match told.is_ok() == (by == Power::Owner) {
        true => Ok(()),
        false => failed(format!("{by} lifts {kind} of {coin}: {told:?}")),
    }
}

/// Caps at so many thousandths of what is in use: only lower ones, and never below what is in use.
pub fn lower(world: &mut World, by: Power, coin: Coin, permille: u32) -> Result<(), Failure> {
    let Ok(before) = world.suite.ask().market(coin.word()) else {
        return Ok(());
    };
    let (who, vault) = (sender(world, by), world.peer(Peer::Vault));
    let of = |total: Uint128| total.multiply_ratio(permille, 1_000u128);
    let msg = vault::ExecuteMsg::LowerCaps {
        asset: id(coin.word()),
        supply_cap: Some(of(before.total_assets)),
        borrow_cap: Some(of(before.total_debt)),
    };
    if world.execute(&who, &vault, &msg, &[])?.is_err() {
        return Ok(());
    }
    world.coverage.count(format!("caps lowered by {by}"));
    let after = world.suite.ask().market(coin.word())?;
    let lower = after.terms.supply_cap <= before.terms.supply_cap
        && after.terms.borrow_cap <= before.terms.borrow_cap
        && after.terms.supply_cap >= after.total_assets
        && after.terms.borrow_cap >= after.total_debt;
    match lower && by != Power::Stranger {
        true => Ok(()),
        false => failed(format!("{by} made caps {:?} of {:?}", after.terms, before.terms)),
    }
}

impl From<Kind> for StopKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Borrowing => StopKind::Borrowing,
            Kind::Fills => StopKind::Fills,
        }
    }
}

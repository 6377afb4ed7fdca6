//! Stops and lowered caps: what the guardian may do, and no more.

use cosmwasm_std::{Addr, Decimal, Uint128};
use glidepath_interfaces::admin::GUARDIAN;
use glidepath_interfaces::oracle::{self, StopKind};
use glidepath_interfaces::position_manager::ExecuteMsg;
use glidepath_interfaces::vault::{self, HOLDINGS};
use glidepath_risk::{Rounding, Value};

use crate::id;
use crate::sequences::op::{Coin, Kind, Named, Peer, Power, Who};
use crate::sequences::world::{Failure, Told, World};

/// Days after the end of his last stop before the guardian may stop the same again.
const REST: u64 = 7 * 86_400;

/// Who that is at a contract, and whether he has a say there.
fn sender(world: &World, by: Power, peer: Peer) -> (Addr, bool) {
    let first = world.suite.guardian.clone();
    let storage = world.suite.app.contract_storage(&world.peer(peer));
    let named = GUARDIAN.may_load(&*storage).expect("a guardian or none");
    match by {
        Power::Owner => (world.suite.owner.clone(), true),
        Power::Guardian => (named.clone().unwrap_or(first), named.is_some()),
        Power::First => (first.clone(), named == Some(first)),
        Power::Stranger => (world.who(Who::Mallory), false),
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
    let ((who, has_say), oracle) = (sender(world, by, Peer::Oracle), world.peer(Peer::Oracle));
    let now = world.now();
    let rested = world
        .guarded
        .get(&(coin, kind))
        .is_none_or(|until| now >= until + REST);
    let may = has_say && (by == Power::Owner || rested) && (1..=longest(kind, by)).contains(&seconds);
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
            if by != Power::Owner {
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
    let ((who, _), oracle) = (sender(world, by, Peer::Oracle), world.peer(Peer::Oracle));
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
    let ((who, has_say), vault) = (sender(world, by, Peer::Vault), world.peer(Peer::Vault));
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
    match lower && has_say {
        true => Ok(()),
        false => failed(format!("{by} made caps {:?} of {:?}", after.terms, before.terms)),
    }
}

/// An overhang cap at so many thousandths of what is in use: only a lower one, and never below what is in use.
pub fn overhang(world: &mut World, by: Power, coin: Coin, permille: u32) -> Result<(), Failure> {
    let Some(before) = world.listed(coin).params.collateral else {
        return Ok(());
    };
    let ((who, has_say), manager) = (sender(world, by, Peer::Manager), world.peer(Peer::Manager));
    let (held, depth) = (held(world, coin), world.listed(coin).params.depth);
    // Of what nobody has used, the old one stands for what is in use.
    let used = match held == Value::ZERO {
        true => before.overhang_cap,
        false => held.ratio(depth).expect("a depth is above zero"),
    };
    let msg = ExecuteMsg::LowerOverhangCap {
        asset: id(coin.word()),
        overhang_cap: used * Decimal::permille(permille.into()),
    };
    if world.execute(&who, &manager, &msg, &[])?.is_err() {
        return Ok(());
    }
    world.coverage.count(format!("overhang cap lowered by {by}"));
    let after = world.listed(coin).params.collateral;
    let cap = after.map_or(Decimal::zero(), |collateral| collateral.overhang_cap);
    let lets_in = depth.times(cap, Rounding::Up).expect("fits");
    let holds = cap <= before.overhang_cap && (held <= lets_in || cap == before.overhang_cap);
    match holds && has_say {
        true => Ok(()),
        false => failed(format!(
            "{by} lowered the overhang cap of {coin} from {} to {cap}: {held} is in use, of a depth of {depth}",
            before.overhang_cap
        )),
    }
}

/// What the suite holds of a collateral, at the higher of last and smoothed price.
fn held(world: &World, coin: Coin) -> Value {
    let storage = world.suite.app.contract_storage(&world.peer(Peer::Vault));
    let held = HOLDINGS.load(&*storage, coin.word()).expect("holdings");
    let record = world.record(coin);
    let decimals = world.listed(coin).decimals;
    let price = record.price.max(record.smoothed);
    price
        .value_of(held.collateral, decimals, Rounding::Up)
        .expect("fits")
}

/// The owner names the guardian, at any moment.
pub fn name(world: &mut World, peer: Peer, named: Named) -> Result<(), Failure> {
    let guardian = match named {
        Named::First => Some(world.suite.guardian.to_string()),
        Named::Keeper => Some(world.who(Who::Keeper).to_string()),
        Named::Nobody => None,
    };
    if !Peer::GUARDED.contains(&peer) {
        return Ok(());
    }
    let (owner, contract) = (world.suite.owner.clone(), world.peer(peer));
    // The three spell it the same way.
    let msg = vault::ExecuteMsg::SetGuardian { guardian };
    match world.execute(&owner, &contract, &msg, &[])? {
        Ok(_) => Ok(()),
        Err(refusal) => failed(format!("the guardian of {peer}: {}", refusal.text)),
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

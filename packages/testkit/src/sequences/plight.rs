//! What goes wrong before positions are brought to their end, and what stays open whatever is stopped.

use std::collections::BTreeSet;

use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::auction::SLOTS_A_BOOK;
use glidepath_interfaces::position_manager::{self, Action, AssetStatus, Stage};
use glidepath_risk::Value;

use super::act::{act, advance_position, place_order};
use super::op::{Act, Acts, Coin, Kind, Life, Much, Named, Op, Peer, Power, Slot, Verb, Who};
use super::world::{Failure, World};

/// What a stop may not close is closed.
fn closed(what: String) -> Result<(), Failure> {
    Err(Failure::new("stopped", what))
}

/// Every owner adds some of an asset, and then nobody posts its price any more.
pub fn silent(world: &mut World, coin: Coin) -> Result<(), Failure> {
    world.post(Coin::ALL)?;
    let slots: Vec<Slot> = world.slots.keys().copied().collect();
    for slot in slots {
        let acts = Acts(vec![Act {
            verb: Verb::Deposit,
            coin,
            much: Much::Usd(50),
        }]);
        let who = slot.owner;
        act(world, &Op::Update { who, slot, acts })?;
    }
    world.silent = vec![coin];
    Ok(())
}

/// It is silent until it counts nothing any more, and then the owner of the contracts gives it up.
pub fn gone(world: &mut World, coin: Coin) -> Result<(), Failure> {
    silent(world, coin)?;
    let dead_after = world.suite.ask().rules()?.params.dead_after;
    world.wait(dead_after + 60);
    world.post(Coin::ALL)?;
    let life = Life::Dead;
    act(world, &Op::Status { coin, life })?;
    match world.life(coin) {
        AssetStatus::Dead => Ok(()),
        other => Err(Failure::new(
            "plight",
            format!("{coin} can't be given up, it is {other}"),
        )),
    }
}

/// The fund pays for nothing.
pub fn no_cover(world: &mut World) -> Result<(), Failure> {
    for coin in Coin::DEBTS.iter().copied() {
        act(world, &Op::Cover { coin, variant: 4 })?;
    }
    Ok(())
}

/// The fund's revenue ends, what waits goes to a staker, and then all stakers leave. Nobody leaves while a debt is
/// insolvent: the fund is then as it is.
pub fn empty_fund(world: &mut World) -> Result<(), Failure> {
    act(world, &Op::Split { variant: 2 })?;
    act(world, &Op::Rules { variant: 7 })?;
    act(world, &Op::Stay { variant: 0 })?;
    let each = |op: fn(Who, Coin) -> Op| -> Vec<Op> {
        let stakers = Who::ALL.iter();
        stakers
            .flat_map(|who| Coin::DEBTS.iter().map(move |coin| op(*who, *coin)))
            .collect()
    };
    let params = world.suite.ask().fund_config()?.params;
    for coin in Coin::DEBTS.iter().copied() {
        // Nobody has lent more than he may: a cap would keep the last staker out.
        act(
            world,
            &Op::Caps {
                coin,
                permille: 1_000_000,
            },
        )?;
        let (who, much) = (Who::Stan, Much::Usd(10_000));
        act(world, &Op::Stake { who, coin, much })?;
    }
    world.wait(params.stream.max(params.cooldown) + 1);
    for op in each(|who, coin| Op::Request {
        who,
        coin,
        much: Much::All,
    }) {
        act(world, &op)?;
    }
    world.wait(params.cooldown + 1);
    for op in each(|who, coin| Op::Exit { who, coin }) {
        act(world, &op)?;
    }
    world.post(Coin::ALL)?;
    let mut is_empty = true;
    for coin in Coin::DEBTS {
        let pool = world.suite.ask().pool(coin.word())?;
        // Rounding leaves less than a base unit behind.
        is_empty &= pool.units.is_zero() && pool.worth.is_zero();
    }
    world.coverage.count(match is_empty {
        true => "liveness: the fund is empty",
        false => "liveness: nobody may leave the fund",
    });
    Ok(())
}

/// Orders wait in every slot of what positions hold and owe; those in every second one are too small to buy anything, and in
/// front of everybody.
pub fn waiting(world: &mut World) -> Result<(), Failure> {
    let mut pairs = BTreeSet::new();
    for position in world.slots.values() {
        let ledger = world.ledger(*position);
        for held in &ledger.collateral {
            for owed in &ledger.debts {
                pairs.insert((world.coin(held.asset.as_str()), world.coin(owed.asset.as_str())));
            }
        }
    }
    for (coin, debt) in pairs {
        let much = Much::Units(10);
        act(world, &Op::MinOrder { coin: debt, much })?;
        for nth in 0..SLOTS_A_BOOK {
            let much = match nth % 2 {
                0 => Much::Units(100),
                _ => Much::Usd(30),
            };
            place_order(world, Who::Ben, coin, debt, nth, much)?;
        }
        world.check()?;
        if coin != debt {
            world.coverage.count("liveness: orders wait");
        }
    }
    world.wait(6);
    world.post(Coin::ALL)
}

/// All is stopped that the guardian may stop; where he has not rested, by the owner. Every stop stands.
pub fn stopped(world: &mut World) -> Result<(), Failure> {
    let (peer, named) = (Peer::Oracle, Named::First);
    act(world, &Op::Guardian { peer, named })?;
    for coin in Coin::ALL.iter().copied() {
        for (kind, seconds) in [(Kind::Borrowing, 72 * 3_600), (Kind::Fills, 4 * 3_600)] {
            for by in [Power::Guardian, Power::Owner] {
                if !stands(world, coin, kind) {
                    act(
                        world,
                        &Op::Stop {
                            by,
                            coin,
                            kind,
                            seconds,
                        },
                    )?;
                }
            }
        }
    }
    world.post(Coin::ALL)?;
    for coin in Coin::ALL.iter().copied() {
        for kind in Kind::ALL.iter().copied() {
            if !stands(world, coin, kind) {
                return Err(Failure::new("plight", format!("{kind} of {coin} is not stopped")));
            }
        }
    }
    world.coverage.count("liveness: all is stopped");
    stays_open(world)?;
    // And with everything on its way out.
    let before = world.moment();
    for coin in Coin::ALL.iter().copied() {
        let life = Life::ReduceOnly;
        if world.life(coin) == AssetStatus::Listed {
            act(world, &Op::Status { coin, life })?;
        }
    }
    stays_open(world)?;
    world.back_to(&before);
    Ok(())
}

fn stands(world: &World, coin: Coin, kind: Kind) -> bool {
    let (record, now) = (world.record(coin), world.now());
    // With a minute to go, for prices that are posted a little later.
    match kind {
        Kind::Borrowing => record.stops.borrowing_until > now + 60,
        Kind::Fills => record.no_fills_until(now) > now + 60,
    }
}

/// What no stop may close: repaying, adding collateral, `advance`.
fn stays_open(world: &mut World) -> Result<(), Failure> {
    let positions: Vec<u64> = world.slots.values().copied().collect();
    for position in positions {
        // What follows needs the position as it was.
        let before = world.moment();
        let ledger = world.ledger(position);
        for row in &ledger.debts {
            repaying(world, position, world.coin(row.asset.as_str()))?;
            world.back_to(&before);
        }
        for row in &ledger.collateral {
            adding(world, position, world.coin(row.asset.as_str()))?;
            world.back_to(&before);
        }
        advancing(world, position)?;
        world.back_to(&before);
    }
    Ok(())
}

/// All of a debt, by somebody.
fn repaying(world: &mut World, position: u64, coin: Coin) -> Result<(), Failure> {
    let asset = crate::id(coin.word());
    let action = Action::Repay { asset, amount: None };
    match pay(world, position, action, coin, u64::MAX.into())? {
        None => Ok(()),
        Some((_, text)) => closed(format!("{coin} of position {position} can't be repaid: {text}")),
    }
}

/// What is held already. The rules name three bounds: the overhang cap, an asset on its way out, and one that is given
/// up; in distress the first two don't stand in the way of what the target needs.
fn adding(world: &mut World, position: u64, coin: Coin) -> Result<(), Failure> {
    let asked = world.suite.ask().position(position)?;
    let below = |health: Option<Decimal>| health.is_some_and(|health| health < Decimal::one());
    let in_distress = matches!(asked.stage, Stage::MarginCall { .. } | Stage::Selling { .. });
    // So little that it can't lead beyond the target.
    let cures = in_distress && below(asked.health.maintenance) && asked.debt_value >= Value::usd(100);
    let amounts = [(world.units(coin, 1), cures), (1_000_000_000, false)];
    for (amount, cures) in amounts.into_iter().filter(|(amount, _)| *amount > 0) {
        let what = Amount {
            asset: crate::id(coin.word()),
            amount: Uint128::new(amount),
        };
        if cures && world.life(coin) == AssetStatus::ReduceOnly {
            world
                .coverage
                .count("liveness: cured with what is on its way out");
        }
        let Some((name, text)) = pay(world, position, Action::Deposit(what), coin, amount)? else {
            continue;
        };
        let may = match world.life(coin) {
            AssetStatus::Dead => name == "manager ReduceOnly",
            AssetStatus::ReduceOnly => name == "manager ReduceOnly" && !cures,
            AssetStatus::Listed => name == "manager OverhangCap" && !cures,
        };
        if !may {
            return closed(format!("{coin} can't be added to position {position}: {text}"));
        }
    }
    Ok(())
}

/// Somebody pays for an action; the name and the text of its refusal.
fn pay(
    world: &mut World,
    position: u64,
    action: Action,
    coin: Coin,
    amount: u128,
) -> Result<Option<(String, String)>, Failure> {
    let (payer, manager) = (world.who(Who::Mallory), world.peer(Peer::Manager));
    let msg = position_manager::ExecuteMsg::Update {
        position: Some(position),
        actions: vec![action],
        recipient: None,
    };
    let told = world.pay(&payer, &manager, &msg, coin, amount)?;
    Ok(told.err().map(|refusal| (refusal.name, refusal.text)))
}

/// What is due is carried out, and what is refused has its reason in the position, not in a stop.
fn advancing(world: &mut World, position: u64) -> Result<(), Failure> {
    const REASONS: &[&str] = &[
        "manager NothingToAdvance",
        "manager GracePeriod",
        "manager Unconfirmed",
        "manager QueueFull",
        "manager NothingSellable",
    ];
    match advance_position(world, Who::Mallory, position)? {
        Err(refusal) if !REASONS.contains(&refusal.name.as_str()) => {
            closed(format!("position {position} can't be advanced: {}", refusal.text))
        }
        _ => Ok(()),
    }
}

//! Time and prices.

use crate::id;
use cosmwasm_std::Decimal;
use glidepath_interfaces::oracle::ExecuteMsg;

use crate::sequences::op::{Coin, Peer, Slot, Who};
use crate::sequences::world::{Failure, World};

/// Longest leap of time: a month.
pub const LONGEST: u64 = 30 * 86_400;
/// Longest wait for something that may be due.
const LONGEST_DUE: u64 = 2 * 86_400;

pub fn fresh(world: &mut World) -> Result<(), Failure> {
    world.post(Coin::ALL)
}

pub fn ask(world: &mut World, who: Who) -> Result<(), Failure> {
    let assets = Coin::ALL.iter().map(|coin| id(coin.word())).collect();
    let (who, oracle) = (world.who(who), world.peer(Peer::Oracle));
    world
        .execute(&who, &oracle, &ExecuteMsg::UpdatePrices { assets }, &[])
        .map(|_| ())
}

pub fn shift(world: &mut World, coin: Coin, bp: i64, alone: bool) -> Result<(), Failure> {
    let factor = Decimal::from_ratio((10_000 + bp).max(1) as u128, 10_000u128);
    let price = world.prices[&coin] * factor;
    world.reprice(coin, price, alone)
}

/// Solves the price by plain division: the aim is a figure to three digits, not a proof.
pub fn aim(world: &mut World, slot: Slot, coin: Coin, health: u32) -> Result<(), Failure> {
    let Some(position) = world.position(slot) else {
        return Ok(());
    };
    let wanted = f64::from(health) / 10_000.0;
    let asked = world.suite.ask().position(position)?;
    let number = |text: String| text.parse::<f64>().expect("a number");
    let (mut held, mut owed, mut of_coin, mut of_debt) = (0.0, 0.0, 0.0, 0.0);
    for row in &asked.collateral {
        let row_coin = world.coin(row.asset.as_str());
        let params = world.listed(row_coin).params.collateral;
        let weight = params.map_or(0.0, |c| number(c.weights.maintenance.to_string()));
        let amount = row.amount.u128() as f64 / 10f64.powi(world.listed(row_coin).decimals.into());
        let price = number(world.prices[&row_coin].to_string());
        // What is dead counts zero at any price.
        if row.value.is_zero() {
            continue;
        }
        if row_coin == coin {
            of_coin = amount * weight;
        } else {
            held += amount * weight * price;
        }
    }
    for row in &asked.debts {
        let row_coin = world.coin(row.asset.as_str());
        let params = world.listed(row_coin).params.debt;
        let factor = params.map_or(1.0, |d| number(d.factors.maintenance.to_string()));
        let amount = row.amount.u128() as f64 / 10f64.powi(world.listed(row_coin).decimals.into());
        let price = number(world.prices[&row_coin].to_string());
        if row_coin == coin {
            of_debt = amount * factor;
        } else {
            owed += amount * factor * price;
        }
    }
    // held + p·of_coin = wanted·(owed + p·of_debt)
    let slope = of_coin - wanted * of_debt;
    let price = (wanted * owed - held) / slope;
    if !price.is_finite() || price <= 0.0 {
        return fresh(world);
    }
    let price: Decimal = format!("{price:.12}").parse().unwrap_or(Decimal::one());
    world.reprice(coin, price.max(Decimal::raw(1_000_000)), false)
}

pub fn lot(world: &mut World, slot: Slot, at: u32) -> Result<(), Failure> {
    let lot = world
        .position(slot)
        .and_then(|position| world.sale(position))
        .and_then(|sale| sale.lot);
    if let Some(lot) = lot {
        let life = lot.ends_at - lot.start_at;
        let until = match at {
            0..=1_000 => lot.start_at + life * u64::from(at) / 1_000,
            over => lot.ends_at + u64::from(over - 1_000),
        };
        let wait = until.saturating_sub(world.now());
        if wait > 0 {
            world.wait(wait);
        }
    }
    fresh(world)
}

pub fn due(world: &mut World, slot: Slot) -> Result<(), Failure> {
    let Some(position) = world.position(slot) else {
        return Ok(());
    };
    let until = world.suite.ask().due(position)?.not_before;
    let wait = until.unwrap_or_default().saturating_sub(world.now());
    if wait > 0 {
        world.wait(wait.min(LONGEST_DUE));
    }
    fresh(world)
}

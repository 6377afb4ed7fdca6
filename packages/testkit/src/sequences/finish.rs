//! What must hold at the end of a sequence, wherever it led: invariants 3, 8 and 11 (the last in `liveness`), and that
//! every index and counter says what the records say; then everybody takes his orders out.

use std::collections::{BTreeMap, BTreeSet};

use crate::invariants::donation_changes_nothing;
use cosmwasm_std::{Decimal, Order, Uint128};
use glidepath_insurance_fund::state::STAKES;
use glidepath_interfaces::auction::{Lot, SALES, SALE_TERMS};
use glidepath_interfaces::vault::{COVER, LEDGERS};
use glidepath_liquidation_auction::state::BY_COLLATERAL;
use glidepath_position_manager::state::{DISTRESSED, POSITIONS};
use glidepath_risk::curve::Curve;
use glidepath_risk::pause::Pauses;

use super::act;
use super::liveness::{self, Plight};
use super::op::Coin;
use super::world::{Failure, World};

/// Checks all of it. The world is another one afterwards.
pub fn finish(world: &mut World) -> Result<(), Failure> {
    let positions: Vec<u64> = world.slots.values().copied().collect();
    act::mend(world)?;
    books(world)?;
    let before = world.moment();
    donation_changes_nothing(&mut world.suite, &positions)?;
    world.back_to(&before);
    world.post(Coin::ALL)?;
    for position in &positions {
        curve(world, *position)?;
    }
    liveness::all_end(world, Plight::None)?;
    books(world)?;
    world.check()?;
    act::all_leave(world)
}

// ---------------------------------------------------------------- books

/// Indices and counters say what the records say.
fn books(world: &World) -> Result<(), Failure> {
    insolvent(world)?;
    distressed(world)?;
    on_sale(world)?;
    staked(world)
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, told: &T, is: &T) -> Result<(), Failure> {
    if told == is {
        return Ok(());
    }
    Err(Failure::new(
        "books",
        format!("{what}: told {told:?}, by the records {is:?}"),
    ))
}

/// Exits of the fund hang on this count.
fn insolvent(world: &World) -> Result<(), Failure> {
    let storage = world.suite.app.contract_storage(&world.suite.peers.vault);
    let mut flagged: BTreeMap<String, u32> = BTreeMap::new();
    for row in LEDGERS.after(&*storage, None) {
        let (_, ledger) = row.expect("a ledger");
        for debt in ledger.debts.iter().filter(|debt| debt.insolvent) {
            *flagged.entry(debt.asset.to_string()).or_default() += 1;
        }
    }
    for coin in Coin::DEBTS {
        let told = COVER.load(&*storage, coin.word()).expect("a cover").insolvent;
        let is = flagged.get(coin.word()).copied().unwrap_or_default();
        same(&format!("insolvent debts of {coin}"), &told, &is)?;
    }
    Ok(())
}

fn distressed(world: &World) -> Result<(), Failure> {
    let peers = &world.suite.peers;
    let storage = world.suite.app.contract_storage(&peers.position_manager);
    let (mut is, mut with_sale) = (BTreeSet::new(), BTreeSet::new());
    for row in POSITIONS.after(&*storage, None) {
        let (id, position) = row.expect("a position");
        if position.distress.is_some() {
            is.insert(id);
        }
        if position.has_sale() {
            with_sale.insert(id);
        }
    }
    let told: BTreeSet<u64> = DISTRESSED
        .keys(&*storage, None, None, Order::Ascending)
        .collect::<Result<_, _>>()
        .expect("an index");
    same("positions in distress", &told, &is)?;
    let storage = world.suite.app.contract_storage(&peers.liquidation_auction);
    let sales: BTreeSet<u64> = SALES
        .after(&*storage, None)
        .map(|row| row.expect("a sale").0)
        .collect();
    same("positions on sale", &with_sale, &sales)
}

fn on_sale(world: &World) -> Result<(), Failure> {
    let auction = &world.suite.peers.liquidation_auction;
    let storage = world.suite.app.contract_storage(auction);
    let (mut is, mut sales) = (BTreeSet::new(), BTreeSet::new());
    for row in SALES.after(&*storage, None) {
        let (position, sale) = row.expect("a sale");
        is.insert((sale.collateral.to_string(), position));
        sales.insert(position);
    }
    let told: BTreeSet<(String, u64)> = BY_COLLATERAL
        .keys(&*storage, None, None, Order::Ascending)
        .collect::<Result<_, _>>()
        .expect("an index");
    same("sales by collateral", &told, &is)?;
    let terms: BTreeSet<u64> = SALE_TERMS
        .after(&*storage, None)
        .map(|row| row.expect("terms").0)
        .collect();
    same("sales with terms", &terms, &sales)
}

/// The fund's shares are the stakers' and the stream's, and its units the stakes'.
fn staked(world: &World) -> Result<(), Failure> {
    let storage = world
        .suite
        .app
        .contract_storage(&world.suite.peers.insurance_fund);
    for coin in Coin::DEBTS {
        let pool = world.suite.ask().pool(coin.word())?;
        let market = world.suite.ask().market(coin.word())?.market;
        same(
            &format!("the fund's shares of {coin}"),
            &(pool.shares + pool.streaming),
            &market.fund_shares,
        )?;
        let units: Uint128 = STAKES
            .after(&*storage, None)
            .map(|row| row.expect("a stake"))
            .filter(|((asset, _), stake)| asset == coin.word() && stake.generation == pool.generation)
            .map(|(_, stake)| stake.units)
            .sum();
        same(&format!("stake units of {coin}"), &pool.units, &units)?;
    }
    Ok(())
}

// ---------------------------------------------------------------- invariant 8

/// Over a lot's life the price never rises and never leaves the curve's bounds; before it there is none, and after it if
/// nothing stood still in it.
fn curve(world: &mut World, position: u64) -> Result<(), Failure> {
    let Some(sale) = world.sale(position) else {
        return Ok(());
    };
    let Some(lot) = sale.lot else { return Ok(()) };
    let Lot {
        start_at,
        ends_at,
        curve,
        ..
    } = &lot;
    let Curve::Linear { to, .. } = curve;
    let life = ends_at - start_at;
    let mut last: Option<(u64, Decimal, cosmwasm_std::Decimal256)> = None;
    for nth in 0..=16 {
        let at = start_at + life * nth / 16;
        // What may not be sold now has no price.
        let Ok(told) = world.suite.ask().price_at(position, at) else {
            return Ok(());
        };
        let falls =
            last.is_none_or(|(_, multiplier, price)| told.multiplier <= multiplier && told.price <= price);
        if !falls || told.multiplier < *to || told.multiplier.is_zero() {
            return Err(Failure::new(
                "invariant-8",
                format!(
                    "at {at} the multiplier is {} (floor {to}), before it was {last:?}",
                    told.multiplier
                ),
            ));
        }
        last = Some((at, told.multiplier, told.price));
    }
    world.coverage.count("curve looked at");
    let stood_still = [&sale.collateral, &sale.debt].into_iter().any(|asset| {
        let record = world.suite.ask().price(asset.as_str()).expect("a price");
        let Pauses { outage, fills } = record.pauses();
        [outage, fills].iter().any(|pause| {
            let ended = pause.until.is_some_and(|until| until <= *start_at);
            pause.from <= *ends_at && !ended
        })
    });
    let outside = match stood_still {
        true => vec![start_at - 1],
        false => vec![start_at - 1, ends_at + 1],
    };
    for outside in outside {
        if world.suite.ask().price_at(position, outside).is_ok() {
            let what = format!("a price at {outside}, the lot lives from {start_at} to {ends_at}");
            return Err(Failure::new("invariant-8", what));
        }
    }
    Ok(())
}

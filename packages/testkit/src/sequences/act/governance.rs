//! What governance may do at any moment: parameters within their bounds, and one past.

use crate::{defaults, id};
use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::admin::OwnershipMsg;
use glidepath_interfaces::auction::{self, RunningTerms, SaleTerms, SALE_TERMS};
use glidepath_interfaces::fund::{self, CoverRule};
use glidepath_interfaces::oracle::{self, Feed};
use glidepath_interfaces::position_manager::{self, AssetParams, Params};
use glidepath_interfaces::vault::{self, MarketTerms, PenaltySplit};
use glidepath_risk::curve::CurveTerms;
use glidepath_risk::interest::RateModel;
use glidepath_risk::queue::QueueTerms;
use glidepath_risk::Value;
use serde::Serialize;

use crate::sequences::op::{Coin, Much, Peer, Slot, Who};
use crate::sequences::world::{Failure, World};

/// The owner's message. Whatever it changes, nobody becomes liquidatable by it, and running sales keep their terms.
pub(super) fn tell<M: Serialize>(world: &mut World, peer: Peer, msg: &M) -> Result<(), Failure> {
    told(world, peer, msg, false).map(|_| ())
}

/// The same of what may make positions liquidatable: an asset that is given up, a price that changes hands. Was it
/// carried out?
pub(super) fn told<M: Serialize>(
    world: &mut World,
    peer: Peer,
    msg: &M,
    may_hurt: bool,
) -> Result<bool, Failure> {
    let (owner, contract) = (world.suite.owner.clone(), world.peer(peer));
    let before = standing(world)?;
    if world.execute(&owner, &contract, msg, &[])?.is_err() {
        return Ok(false);
    }
    for ((position, sound, terms), after) in before.iter().zip(standing(world)?) {
        if *sound && !after.1 && !may_hurt {
            let what = format!("position {position} became liquidatable by a change of parameters");
            return Err(Failure::new("governance", what));
        }
        if *terms != after.2 {
            let what = format!("the terms of the sale of position {position} changed under it");
            return Err(Failure::new("governance", what));
        }
    }
    Ok(true)
}

/// Each position: is it above maintenance, and under which terms is it sold?
fn standing(world: &World) -> Result<Vec<(u64, bool, Option<RunningTerms>)>, Failure> {
    let auction = world.peer(Peer::Auction);
    world
        .slots
        .values()
        .map(|position| {
            let health = world.suite.ask().health(*position)?;
            let sound = health.is_none_or(|health| health >= Decimal::one());
            let storage = world.suite.app.contract_storage(&auction);
            let terms = SALE_TERMS.may_load(&*storage, *position).expect("terms");
            Ok((*position, sound, terms))
        })
        .collect()
}

fn market_terms(world: &World, coin: Coin) -> Option<MarketTerms> {
    world
        .suite
        .ask()
        .market(coin.word())
        .ok()
        .map(|market| market.terms)
}

pub fn rate(world: &mut World, coin: Coin, variant: u8) -> Result<(), Failure> {
    let Some(terms) = market_terms(world, coin) else {
        return Ok(());
    };
    let model = |base, slope_low, slope_high| RateModel {
        base: Decimal::percent(base),
        kink: Decimal::percent(80),
        slope_low: Decimal::percent(slope_low),
        slope_high: Decimal::percent(slope_high),
    };
    let (rate_model, reserve_factor) = match variant % 6 {
        0 => (defaults::market_terms().rate_model, Decimal::percent(10)),
        1 => (defaults::no_interest(), Decimal::percent(10)),
        2 => (model(10, 50, 300), Decimal::percent(50)),
        3 => (model(0, 20, 980), Decimal::percent(99)),
        4 => (model(2, 5, 100), Decimal::zero()),
        _ => (model(0, 20, 981), Decimal::percent(10)),
    };
    let msg = vault::ExecuteMsg::SetMarket {
        asset: id(coin.word()),
        terms: MarketTerms {
            rate_model,
            reserve_factor,
            ..terms
        },
    };
    tell(world, Peer::Vault, &msg)
}

pub fn caps(world: &mut World, coin: Coin, permille: u32) -> Result<(), Failure> {
    let Ok(market) = world.suite.ask().market(coin.word()) else {
        return Ok(());
    };
    let of = |total: Uint128| total.multiply_ratio(permille, 1_000u128);
    let msg = vault::ExecuteMsg::SetMarket {
        asset: id(coin.word()),
        terms: MarketTerms {
            supply_cap: of(market.total_assets),
            borrow_cap: of(market.total_debt),
            ..market.terms
        },
    };
    tell(world, Peer::Vault, &msg)
}

pub fn split(world: &mut World, variant: u8) -> Result<(), Failure> {
    let of = |fund, keepers, reserves| PenaltySplit {
        fund: Decimal::permille(fund),
        keepers: Decimal::permille(keepers),
        reserves: Decimal::permille(reserves),
    };
    let split = match variant % 6 {
        0 => defaults::penalty_split(),
        1 => of(1_000, 0, 0),
        2 => of(0, 1_000, 0),
        3 => of(0, 0, 1_000),
        4 => of(333, 333, 334),
        _ => of(500, 500, 1),
    };
    tell(world, Peer::Vault, &vault::ExecuteMsg::SetPenaltySplit { split })
}

/// Terms of sales, all but the last possible.
pub fn sale_terms(variant: u8) -> SaleTerms {
    let mut terms = defaults::sale_terms();
    let linear = |premium, floor, fall| CurveTerms::Linear {
        premium: Decimal::permille(premium),
        floor: Decimal::permille(floor),
        fall,
    };
    match variant % 8 {
        0 => {}
        1 => (terms.soft.penalty, terms.close_out.penalty) = (Decimal::zero(), Decimal::zero()),
        2 => (terms.soft.penalty, terms.close_out.penalty) = (Decimal::percent(1), Decimal::percent(5)),
        3 => {
            terms.soft.curve = linear(50, 100, 1_200);
            terms.close_out.curve = linear(20, 200, 300);
        }
        4 => {
            terms.soft.lot_max = Value::usd(20_000);
            terms.close_out.lot_max = Value::usd(50_000);
        }
        5 => terms.soft.curve = linear(0, 20, 120),
        6 => (terms.soft.spacing, terms.close_out.spacing) = (600, 6),
        _ => terms.soft.curve = linear(5, 60, 100),
    }
    terms
}

pub fn terms(world: &mut World, variant: u8) -> Result<(), Failure> {
    let terms = sale_terms(variant);
    tell(world, Peer::Auction, &auction::ExecuteMsg::SetTerms { terms })
}

pub fn asset(world: &mut World, coin: Coin, variant: u8) -> Result<(), Failure> {
    let mut params: AssetParams = world.listed(coin).params;
    let one = Decimal::percent(1);
    if let Some(collateral) = &mut params.collateral {
        let weights = &mut collateral.weights;
        let queue = |rate, burst| {
            Some(QueueTerms {
                rate: Decimal::from_ratio(rate, 1u128),
                burst: Decimal::from_ratio(burst, 1u128),
            })
        };
        match variant % 18 {
            0 => weights.initial = weights.initial.saturating_sub(one),
            1 => weights.initial = weights.target,
            2 => (weights.target, weights.maintenance) = (weights.target + one, weights.maintenance + one),
            // Refused at once while it is in use.
            3 => weights.maintenance = weights.maintenance.saturating_sub(one).max(weights.target),
            4 => collateral.overhang_cap = Decimal::percent(500),
            5 => collateral.overhang_cap = Decimal::percent(2_000),
            6 => collateral.min_fill = Value::usd(50),
            7 => collateral.min_fill = Value::usd(1),
            8 => collateral.min_collateral = Value::usd(100),
            12 => collateral.volatility_factor = Decimal::one(),
            13 => collateral.size_factor = Decimal::percent(20),
            14 => (collateral.volatility_factor, collateral.size_factor) = (Decimal::zero(), Decimal::zero()),
            // Refused above a maintenance weight of .70.
            15 => collateral.queue = queue(8u128, 2u128),
            16 => collateral.queue = queue(1, 4),
            17 => collateral.queue = None,
            _ => {}
        }
    }
    match (variant % 18, &mut params.debt) {
        (8, Some(debt)) => debt.min_debt = Value::usd(200),
        (9, Some(debt)) => debt.factors.initial += one,
        // Refused while it is in use.
        (10, Some(debt)) => {
            debt.factors.initial += one;
            debt.factors.target += one;
            debt.factors.maintenance += one;
        }
        (11, _) => params.depth = Value::usd(50_000),
        _ => {}
    }
    let msg = position_manager::ExecuteMsg::SetAsset {
        asset: id(coin.word()),
        params,
        // At once, or along a ramp that the worse of what is in use needs.
        ramp: if variant < 24 { 0 } else { 86_400 },
    };
    tell(world, Peer::Manager, &msg)
}

pub fn rules(world: &mut World, variant: u8) -> Result<(), Failure> {
    let mut params: Params = defaults::rules();
    match variant % 9 {
        0 => {}
        1 => params.grace = 0,
        2 => params.grace = 3_600,
        3 => params.close_out_below = Decimal::percent(96),
        4 => params.eta = Decimal::percent(75),
        5 => (params.surcharge_soft, params.surcharge_close_out) = (Decimal::one(), Decimal::one()),
        6 => (params.max_collaterals, params.max_debts) = (2, 1),
        7 => (params.surcharge_soft, params.surcharge_close_out) = (Decimal::zero(), Decimal::zero()),
        _ => params.close_out_below = params.no_grace_below,
    }
    tell(
        world,
        Peer::Manager,
        &position_manager::ExecuteMsg::SetParams { params },
    )
}

pub fn cover(world: &mut World, coin: Coin, variant: u8) -> Result<(), Failure> {
    let of = |share, epoch_cap: u128, epoch| CoverRule {
        max_share: Decimal::percent(share),
        epoch_cap: Uint128::new(epoch_cap),
        epoch,
    };
    let rule = match variant % 6 {
        0 => defaults::cover_rule(),
        1 => of(50, u128::MAX, 86_400),
        2 => of(100, world.units(coin, 1_000), 3_600),
        3 => of(10, world.units(coin, 50_000), 86_400),
        4 => of(100, 0, 86_400),
        _ => of(101, 0, 86_400),
    };
    let asset = id(coin.word());
    tell(world, Peer::Fund, &fund::ExecuteMsg::SetCover { asset, rule })
}

pub fn stay(world: &mut World, variant: u8) -> Result<(), Failure> {
    let mut params = defaults::fund_params();
    match variant % 4 {
        0 => {}
        1 => (params.cooldown, params.exit_window) = (86_400, 86_400),
        2 => params.stream = 86_400,
        _ => (params.cooldown, params.exit_window) = (86_400, 86_401),
    }
    tell(world, Peer::Fund, &fund::ExecuteMsg::SetParams { params })
}

pub fn feed(world: &mut World, coin: Coin, variant: u8) -> Result<(), Failure> {
    let mut feed: Feed = world.suite.ask().feed(coin.word())?;
    match variant % 8 {
        0 => {
            feed = Feed {
                source: feed.source,
                ..defaults::feed(1)
            }
        }
        5 => feed.breaker.max_move = Decimal::percent(5),
        6 => feed.breaker.max_move = Decimal::percent(20),
        7 => feed.breaker.max_move = Decimal::one(),
        1 => feed.smoothing = 60,
        2 => feed.volatility_window = 30 * 86_400,
        3 => feed.outage_gap = 300,
        _ => feed.smoothing = 59,
    }
    let asset = id(coin.word());
    tell(world, Peer::Oracle, &oracle::ExecuteMsg::SetFeed { asset, feed })
}

pub fn reserves(world: &mut World, coin: Coin, much: Much) -> Result<(), Failure> {
    let Ok(market) = world.suite.ask().market(coin.word()) else {
        return Ok(());
    };
    let all = market
        .market
        .assets_for_shares(market.market.reserve_shares)
        .map_or(0, |amount| amount.u128());
    let msg = vault::ExecuteMsg::WithdrawReserves {
        asset: id(coin.word()),
        amount: (much != Much::All).then(|| world.much(much, coin, all).into()),
        recipient: world.suite.owner.to_string(),
    };
    tell(world, Peer::Vault, &msg)
}

pub fn salvage(world: &mut World, coin: Coin) -> Result<(), Failure> {
    let msg = fund::ExecuteMsg::WithdrawAccount {
        asset: id(coin.word()),
        amount: None,
        recipient: world.suite.owner.to_string(),
    };
    tell(world, Peer::Fund, &msg)
}

/// Ends a sale: nothing of the position is on sale afterwards, and what was to be sold still is its owner's.
pub fn end_sale(world: &mut World, slot: Slot) -> Result<(), Failure> {
    let Some(position) = world.position(slot) else {
        return Ok(());
    };
    let (owner, manager) = (world.suite.owner.clone(), world.peer(Peer::Manager));
    let (before, had_sale) = (world.ledger(position), world.sale(position).is_some());
    let msg = position_manager::ExecuteMsg::EndSale { position };
    let told = world.execute(&owner, &manager, &msg, &[])?;
    let (after, has_sale) = (world.ledger(position), world.sale(position).is_some());
    let left = after.collateral == before.collateral && after.sale.is_none();
    let holds = match told.is_ok() {
        true => had_sale && !has_sale && left,
        false => after == before,
    };
    if holds {
        return Ok(());
    }
    Err(Failure::new(
        "end-sale",
        format!("position {position}: {before:?} became {after:?}: {told:?}"),
    ))
}

/// Proposes somebody, takes that back, or hands the contract over and back again.
pub fn owner(world: &mut World, peer: Peer, variant: u8) -> Result<(), Failure> {
    let (owner, next) = (world.suite.owner.clone(), world.who(Who::Keeper));
    let contract = world.peer(peer);
    let propose = |to: &cosmwasm_std::Addr| OwnershipMsg::Propose {
        owner: to.to_string(),
        expiry: None,
    };
    let steps = match variant % 3 {
        0 => vec![(owner.clone(), propose(&next))],
        1 => vec![(owner.clone(), OwnershipMsg::Cancel {})],
        _ => vec![
            (owner.clone(), propose(&next)),
            (next.clone(), OwnershipMsg::Accept {}),
            (next, propose(&owner)),
            (owner, OwnershipMsg::Accept {}),
        ],
    };
    for (sender, step) in steps {
        // The five spell it the same way.
        let msg = vault::ExecuteMsg::UpdateOwnership(step);
        if let Err(refusal) = world.execute(&sender, &contract, &msg, &[])? {
            return Err(Failure::new("ownership", refusal.text));
        }
    }
    Ok(())
}

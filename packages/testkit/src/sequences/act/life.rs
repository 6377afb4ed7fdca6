//! The life of an asset: listed, on its way out, given up; and weights and factors that move along a ramp.

use cosmwasm_std::Decimal;
use glidepath_interfaces::position_manager::{AssetParams, AssetStatus, ExecuteMsg};

use super::governance::told;
use crate::id;
use crate::sequences::op::{Coin, Life, Peer};
use crate::sequences::world::{Failure, World};

/// Least seconds of a ramp for the worse.
const LEAST: u64 = 86_400;

/// Another status and nothing else: a ramp goes on to where it led, in its last day a little slower.
pub fn status(world: &mut World, coin: Coin, life: Life) -> Result<(), Failure> {
    let asked = world.suite.ask().asset(coin.word())?;
    let left = asked
        .ramp
        .map_or(0, |ramp| ramp.span.end.saturating_sub(world.now()).max(LEAST));
    let msg = ExecuteMsg::SetAsset {
        asset: id(coin.word()),
        params: AssetParams {
            status: life.into(),
            ..asked.target
        },
        ramp: left,
    };
    if told(world, Peer::Manager, &msg, life == Life::Dead)? {
        world.coverage.count(format!("status {life}"));
    }
    Ok(())
}

/// Weights and factors that move by so many hundredths within so many days. Those in force don't jump.
pub fn ramp(world: &mut World, coin: Coin, points: i64, days: u32) -> Result<(), Failure> {
    let before = world.listed(coin).params;
    let mut params = before.clone();
    let by = Decimal::percent(points.unsigned_abs());
    let (better, worse) = match points >= 0 {
        true => (by, Decimal::zero()),
        false => (Decimal::zero(), by),
    };
    if let Some(collateral) = &mut params.collateral {
        let weights = &mut collateral.weights;
        for weight in [
            &mut weights.initial,
            &mut weights.target,
            &mut weights.maintenance,
        ] {
            *weight = (*weight + better).saturating_sub(worse);
        }
    }
    if let Some(debt) = &mut params.debt {
        let factors = &mut debt.factors;
        for factor in [
            &mut factors.initial,
            &mut factors.target,
            &mut factors.maintenance,
        ] {
            *factor = (*factor + worse).saturating_sub(better).max(Decimal::one());
        }
    }
    let was_on_one = world.suite.ask().asset(coin.word())?.ramp.is_some();
    let msg = ExecuteMsg::SetAsset {
        asset: id(coin.word()),
        params,
        ramp: u64::from(days) * 86_400,
    };
    if !told(world, Peer::Manager, &msg, false)? || days == 0 {
        return Ok(());
    }
    let asked = world.suite.ask().asset(coin.word())?;
    world.coverage.count(match points >= 0 {
        true => "ramp for the better",
        false => "ramp for the worse",
    });
    if was_on_one {
        world.coverage.count("ramp interrupted");
    }
    match moving(&asked.params) == moving(&before) {
        true => Ok(()),
        false => Err(Failure::new(
            "ramp",
            format!("{coin} jumped from {before:?} to {:?}", asked.params),
        )),
    }
}

/// What moves along a ramp: target and maintenance.
fn moving(params: &AssetParams) -> [Option<(Decimal, Decimal)>; 2] {
    let weights = params.collateral.as_ref().map(|c| c.weights);
    let factors = params.debt.as_ref().map(|d| d.factors);
    [
        weights.map(|weights| (weights.target, weights.maintenance)),
        factors.map(|factors| (factors.target, factors.maintenance)),
    ]
}

impl From<Life> for AssetStatus {
    fn from(life: Life) -> Self {
        match life {
            Life::Listed => AssetStatus::Listed,
            Life::ReduceOnly => AssetStatus::ReduceOnly,
            Life::Dead => AssetStatus::Dead,
        }
    }
}

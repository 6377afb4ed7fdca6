//! Puts the suite on its embedded chain as a scene wants it, and opens the positions.

use cosmwasm_std::{Decimal, Decimal256};
use glidepath_interfaces::auction::{ModeTerms, SaleTerms};
use glidepath_interfaces::fund::CoverRule;
use glidepath_interfaces::oracle::{Breaker, Feed, PriceLimits, Source};
use glidepath_interfaces::position_manager::{
    AskedSale, AssetParams, AssetStatus, CollateralParams, Goal, OwnerOrder, Params,
};
use glidepath_interfaces::vault::PenaltySplit;
use glidepath_risk::curve::{CurveTerms, Learning};
use glidepath_risk::health::{Factors, Weights};
use glidepath_risk::queue::QueueTerms;
use glidepath_risk::Value;
use glidepath_testkit::{defaults, AssetSpec, Suite};

use crate::clock::{Time, BLOCK_S};
use crate::config::{Asset, Config, Terms};
use crate::population::{Borrower, PositionId};
use crate::rules::SetupError;
use crate::scene::Scene;

use super::orders;
use super::units::{decimal, price_text, to_units};

/// The debt's name on chain.
pub const DEBT: &str = "usd";
/// Decimals of the debt.
pub const DEBT_DECIMALS: u8 = 6;
/// The debt is worth this much while positions are opened, and a dollar from then on: a scene's positions start below
/// initial margin, where nobody could open one.
const DEBT_PRICE_AT_OPENING: &str = "0.4";
/// The market is this many times as deep while positions are opened.
const DEEPER_AT_OPENING: f64 = 1_000.0;
/// The suite begins this long before the first block: warm-up of new prices and the openings fit in.
const BEFORE_S: u64 = 30 * BLOCK_S;
/// What every keeper and owner has at hand, USD; how much of it keepers dare is the market model's.
pub const PURSE_USD: f64 = 1e12;

/// The suite with the assets, terms and rules of `scene`, its prices posted, and every position open.
/// Position `n` of the scene is position `n` on chain.
///
/// # Errors
/// Where a contract refuses what the configuration says: its own words.
pub fn suite(scene: &Scene) -> Result<Suite, SetupError> {
    let config = &scene.config;
    let from = scene.path.from;
    let start = from.checked_sub(BEFORE_S).ok_or_else(|| {
        SetupError(format!(
            "to begin at unix time {from}: prices must start {BEFORE_S} s after 1970 at least"
        ))
    })?;
    let mut suite = empty(scene, start);
    suite
        .auction()
        .set_terms(sale_terms(config))
        .map_err(refused("the terms of sales"))?;
    suite
        .positions()
        .set_params(rules(config))
        .map_err(refused("the rules for all positions"))?;
    // While positions are opened the market counts as deep enough for all of them: a replay may hold more than the
    // cap lets in, to show what the cap is for.
    list(&mut suite, scene, DEEPER_AT_OPENING)?;
    for borrower in &scene.borrowers {
        open(&mut suite, scene, borrower).map_err(refused("a position"))?;
    }
    list(&mut suite, scene, 1.0)?;
    for position in &scene.glides {
        ask(&mut suite, scene, *position).map_err(refused("an owner's order"))?;
    }
    orders::place(&mut suite, scene).map_err(refused("a standing order"))?;
    suite.advance_time(from - BLOCK_S - suite.now());
    let texts: Vec<String> = scene.first_prices().into_iter().map(price_text).collect();
    let names = scene.assets.iter().map(|asset| asset.name.as_str());
    let mut prices: Vec<(&str, &str)> = names.zip(texts.iter().map(String::as_str)).collect();
    prices.push((DEBT, "1"));
    suite.set_prices(&prices);
    Ok(suite)
}

/// Has an owner ask for a glide path to the target, as deep as the terms of such sales go.
fn ask(suite: &mut Suite, scene: &Scene, position: PositionId) -> anyhow::Result<()> {
    let order = OwnerOrder {
        sell_order: vec![],
        sale: Some(AskedSale {
            trigger: Some(decimal(scene.config.owners.glide_trigger)),
            goal: Goal::Health(Decimal::one()),
            max_discount: decimal(scene.config.sale.asked.floor),
        }),
    };
    let owner = suite.user(&owner_name(position));
    suite.positions().set_order(&owner, position.into(), order)?;
    Ok(())
}

/// Tells the position manager of every collateral, as if its market were `deeper` times as deep.
fn list(suite: &mut Suite, scene: &Scene, deeper: f64) -> Result<(), SetupError> {
    for (asset, path) in scene.assets.iter().zip(scene.paths()) {
        let params = AssetParams {
            depth: Value(Decimal256::from(decimal(asset.depth_1pct_usd * deeper))),
            ..collateral_params(&scene.config, asset, path.sigma_ref)
        };
        suite
            .positions()
            .set_asset(&asset.name, params)
            .map_err(refused("the collateral's parameters"))?;
    }
    Ok(())
}

/// What a contract says of something, without the chain's words around it.
fn refused(what: &str) -> impl FnOnce(anyhow::Error) -> SetupError + '_ {
    move |error| SetupError(format!("{what}: {}", error.root_cause()))
}

/// The suite with its assets and the figures of the design, at `start`.
fn empty(scene: &Scene, start: Time) -> Suite {
    let config = &scene.config;
    let debts: f64 = scene.borrowers.iter().map(|borrower| borrower.debt).sum();
    let mut debt = AssetSpec::native(DEBT, "uusd", DEBT_DECIMALS, DEBT_PRICE_AT_OPENING)
        .as_debt(Factors::ONE)
        .no_interest()
        .lent((debts * 4.0) as u128 + 1_000_000)
        .tune(|params| {
            if let Some(debt) = &mut params.debt {
                debt.min_debt = usd(config.risk.min_debt_usd);
            }
        });
    debt.feed = feed(config);
    debt.params.limits = limits(config);
    debt.cover = Some(cover_rule(config));
    let builder = Suite::builder()
        .split(split(config))
        .without("atom")
        .without("usdc");
    let listed = scene
        .assets
        .iter()
        .zip(scene.paths())
        .fold(builder, |builder, (asset, path)| {
            let (name, first) = (&asset.name, price_text(path.first()));
            let mut spec = match asset.cw20 {
                true => AssetSpec::cw20(name, asset.decimals, &first),
                false => AssetSpec::native(name, &format!("u{name}"), asset.decimals, &first),
            };
            spec.feed = feed(config);
            spec.feed.initial_volatility = decimal(path.sigma_ref);
            builder.asset(spec)
        });
    listed.asset(debt).start(start).unwatched().build()
}

fn open(suite: &mut Suite, scene: &Scene, borrower: &Borrower) -> anyhow::Result<()> {
    let owner = suite.user(&owner_name(borrower.position));
    let held: Vec<(&str, u128)> = borrower
        .collateral
        .held()
        .filter_map(|(asset, amount)| {
            let asset = scene.assets.get(asset)?;
            Some((asset.name.as_str(), to_units(amount, asset.decimals)))
        })
        .collect();
    let owed = to_units(borrower.debt, DEBT_DECIMALS);
    let position = suite.positions().open(&owner, &held, &[(DEBT, owed)])?;
    anyhow::ensure!(
        position == u64::from(borrower.position),
        "position {} of the scene is {position} on chain",
        borrower.position
    );
    suite.give(&owner, DEBT, to_units(PURSE_USD, DEBT_DECIMALS));
    Ok(())
}

/// The account of a position's owner.
pub fn owner_name(position: u32) -> String {
    format!("owner-{position}")
}

/// The account of a keeper.
pub fn keeper_name(keeper: usize) -> String {
    format!("keeper-{keeper}")
}

fn usd(amount: f64) -> Value {
    Value(decimal(amount).into())
}

fn collateral_params(config: &Config, asset: &Asset, sigma_ref: f64) -> AssetParams {
    let risk = &config.risk;
    AssetParams {
        status: AssetStatus::Listed,
        collateral: Some(CollateralParams {
            weights: Weights {
                initial: decimal(asset.target_weight),
                target: decimal(asset.target_weight),
                maintenance: decimal(asset.maintenance_weight),
            },
            overhang_cap: decimal(asset.overhang_cap),
            clearing_discount: decimal(risk.clearing_discount),
            min_fill: usd(risk.min_fill_usd),
            min_collateral: usd(risk.min_collateral_usd),
            volatility_factor: Decimal::zero(),
            size_factor: Decimal::zero(),
            queue: (asset.queue_rate > 0.0).then(|| QueueTerms {
                rate: decimal(asset.queue_rate),
                burst: decimal(asset.queue_burst),
            }),
        }),
        debt: None,
        depth: usd(asset.depth_1pct_usd),
        volatility_reference: decimal(sigma_ref),
        limits: limits(config),
    }
}

fn limits(config: &Config) -> PriceLimits {
    let feed = &config.feed;
    PriceLimits {
        borrow: feed.age_borrow_s,
        fill: feed.age_fill_s,
        health: feed.age_health_s,
        check: feed.age_check_s,
        ..defaults::asset_params().limits
    }
}

/// How prices are watched.
fn feed(config: &Config) -> Feed {
    let feed = &config.feed;
    Feed {
        source: Source::Posted {
            quorum: 1,
            fresh: feed.fresh_s,
        },
        smoothing: feed.smoothing_s,
        volatility_window: feed.volatility_window_s,
        slow_volatility_window: feed.slow_volatility_window_s,
        outage_gap: feed.outage_gap_s,
        breaker: Breaker {
            max_move: decimal(feed.breaker_max_move),
            cool_down: feed.breaker_cool_down_s,
            confirm_jump: feed.confirm_jump_s,
        },
        ..defaults::feed(1)
    }
}

fn split(config: &Config) -> PenaltySplit {
    let split = &config.sale.split;
    PenaltySplit {
        fund: decimal(split.fund),
        keepers: decimal(split.keepers),
        reserves: decimal(split.reserves),
    }
}

fn cover_rule(config: &Config) -> CoverRule {
    let fund = &config.fund;
    CoverRule {
        max_share: decimal(fund.max_share),
        epoch_cap: to_units(fund.epoch_cap_usd, DEBT_DECIMALS).into(),
        epoch: fund.epoch_s,
    }
}

fn sale_terms(config: &Config) -> SaleTerms {
    let sale = &config.sale;
    let mode = |terms: &Terms| ModeTerms {
        curve: CurveTerms::Linear {
            premium: decimal(sale.premium),
            floor: decimal(terms.floor),
            fall: terms.fall_s,
        },
        penalty: decimal(terms.penalty),
        tolerance: decimal(terms.lot_tolerance),
        lot_min: usd(terms.lot_min_usd),
        lot_max: usd(terms.lot_max_usd),
        spacing: terms.spacing_s,
    };
    SaleTerms {
        soft: mode(&sale.soft),
        close_out: mode(&sale.close_out),
        asked: mode(&sale.asked),
        learning: Learning {
            step: decimal(sale.premium_step),
            premium_max: decimal(sale.premium_max),
        },
    }
}

/// The rules of the position manager.
pub fn rules(config: &Config) -> Params {
    let risk = &config.risk;
    Params {
        grace: risk.grace_s,
        grace_memory: risk.grace_memory_s,
        void_after: risk.void_after_s,
        no_grace_below: decimal(risk.grace_health),
        close_out_below: decimal(risk.close_out_health),
        confirm: risk.confirm_s,
        confirm_unpublished: risk.confirm_unpublished_s,
        sighting_memory: risk.sighting_memory_s,
        eta: decimal(risk.floor_share),
        surcharge_soft: decimal(risk.surcharge_soft),
        surcharge_close_out: decimal(risk.surcharge_close_out),
        ..defaults::rules()
    }
}

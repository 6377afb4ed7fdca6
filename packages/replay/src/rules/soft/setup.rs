//! Puts the suite on its embedded chain as a scene wants it, and opens the positions.

use cosmwasm_std::Decimal;
use glidepath_interfaces::auction::{ModeTerms, SaleTerms};
use glidepath_interfaces::position_manager::{AssetParams, CollateralParams, Params};
use glidepath_risk::curve::{CurveTerms, Learning};
use glidepath_risk::health::{Factors, Weights};
use glidepath_risk::Value;
use glidepath_testkit::{defaults, AssetSpec, Suite};

use crate::clock::BLOCK_S;
use crate::config::{Config, Terms};
use crate::scene::Scene;

use super::units::{decimal, price_text, to_units};

/// The collateral's name on chain.
pub const COLLATERAL: &str = "coll";
/// The debt's name on chain.
pub const DEBT: &str = "usd";
/// Decimals of the collateral: a unit of a $50,000 token is worth $.0005, one of a $.0001 token still resolves.
pub const COLLATERAL_DECIMALS: u8 = 8;
/// Decimals of the debt.
pub const DEBT_DECIMALS: u8 = 6;
/// The debt is worth this much while positions are opened, and a dollar from then on: a scene's positions start below
/// initial margin, where nobody could open one.
const DEBT_PRICE_AT_OPENING: &str = "0.4";
/// The suite begins this long before the first block: warm-up of new prices and the openings fit in.
const BEFORE_S: u64 = 30 * BLOCK_S;
/// What every keeper and owner has at hand, USD; how much of it keepers dare is the market model's.
pub const PURSE_USD: f64 = 1e12;

/// The suite with the assets, terms and rules of `scene`, its prices posted, and every position open.
/// Position `n` of the scene is position `n` on chain.
pub fn suite(scene: &Scene) -> anyhow::Result<Suite> {
    let config = &scene.config;
    let params = collateral_params(config, scene.path.sigma_ref);
    // While positions are opened the market counts as deep enough for all of them: a replay may hold more than the
    // cap lets in, to show what the cap is for.
    let open_depth = params
        .depth
        .0
        .checked_mul(Decimal::from_ratio(1_000u128, 1u128).into())?;
    let debts: f64 = scene.borrowers.iter().map(|borrower| borrower.debt).sum();
    let total_debt = (debts * 4.0) as u128 + 1_000_000;
    let mut collateral = AssetSpec::native(
        COLLATERAL,
        "ucoll",
        COLLATERAL_DECIMALS,
        &price_text(scene.path.first()),
    );
    collateral.params = AssetParams {
        depth: Value(open_depth),
        ..params.clone()
    };
    collateral.feed.initial_volatility = decimal(scene.path.sigma_ref);
    let debt = AssetSpec::native(DEBT, "uusd", DEBT_DECIMALS, DEBT_PRICE_AT_OPENING)
        .as_debt(Factors::ONE)
        .no_interest()
        .lent(total_debt)
        .tune(|params| {
            if let Some(debt) = &mut params.debt {
                debt.min_debt = usd(config.risk.min_debt_usd);
            }
        });
    let mut suite = Suite::builder()
        .without("atom")
        .without("usdc")
        .asset(collateral)
        .asset(debt)
        .terms(|terms| *terms = sale_terms(config))
        .rules(|rules| *rules = self::rules(config))
        .start(scene.path.from - BEFORE_S)
        .unwatched()
        .build();
    for borrower in &scene.borrowers {
        let owner = suite.user(&owner_name(borrower.position));
        let held = to_units(borrower.collateral, COLLATERAL_DECIMALS);
        let owed = to_units(borrower.debt, DEBT_DECIMALS);
        let position = suite
            .positions()
            .open(&owner, &[(COLLATERAL, held)], &[(DEBT, owed)])?;
        anyhow::ensure!(
            position == u64::from(borrower.position),
            "position {} of the scene is {position} on chain",
            borrower.position
        );
        suite.give(&owner, DEBT, to_units(PURSE_USD, DEBT_DECIMALS));
    }
    suite.positions().set_asset(COLLATERAL, params)?;
    suite.advance_time(scene.path.from - BLOCK_S - suite.now());
    suite.set_prices(&[(COLLATERAL, &price_text(scene.path.first())), (DEBT, "1")]);
    Ok(suite)
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

fn collateral_params(config: &Config, sigma_ref: f64) -> AssetParams {
    let risk = &config.risk;
    AssetParams {
        collateral: Some(CollateralParams {
            weights: Weights {
                initial: decimal(risk.target_weight),
                target: decimal(risk.target_weight),
                maintenance: decimal(risk.maintenance_weight),
            },
            overhang_cap: decimal(risk.overhang_cap),
            clearing_discount: decimal(risk.clearing_discount),
            min_fill: usd(risk.min_fill_usd),
            min_collateral: usd(risk.min_collateral_usd),
        }),
        debt: None,
        depth: usd(config.market.depth_1pct_usd),
        volatility_reference: decimal(sigma_ref),
        ..defaults::asset_params()
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
        no_grace_below: decimal(risk.grace_health),
        close_out_below: decimal(risk.close_out_health),
        confirm: risk.confirm_s,
        eta: decimal(risk.floor_share),
        surcharge_soft: decimal(risk.surcharge_soft),
        surcharge_close_out: decimal(risk.surcharge_close_out),
        ..defaults::rules()
    }
}

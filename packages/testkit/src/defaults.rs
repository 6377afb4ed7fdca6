//! The starting figures of the design, and round figures where it names none.

use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::auction::{ModeTerms, SaleTerms};
use glidepath_interfaces::fund::{self, BackstopRule, CollateralCap, CoverRule};
use glidepath_interfaces::oracle::{Breaker, Feed, PriceLimits, Source};
use glidepath_interfaces::position_manager::{self, AssetParams, AssetStatus, CollateralParams, DebtParams};
use glidepath_interfaces::vault::{MarketTerms, PenaltySplit};
use glidepath_risk::curve::{CurveTerms, Learning};
use glidepath_risk::health::{Factors, Weights};
use glidepath_risk::interest::RateModel;
use glidepath_risk::Value;

/// Unix seconds at which a suite begins.
pub const START: u64 = 1_700_000_000;
/// Seconds of a block.
pub const BLOCK: u64 = 6;

/// Weights of a major asset.
pub const MAJOR: Weights = Weights {
    initial: Decimal::percent(75),
    target: Decimal::percent(75),
    maintenance: Decimal::percent(80),
};

/// Weights of a volatile asset.
pub const VOLATILE: Weights = Weights {
    initial: Decimal::percent(65),
    target: Decimal::percent(65),
    maintenance: Decimal::percent(70),
};

/// Terms of sales.
pub fn sale_terms() -> SaleTerms {
    let curve = |floor, fall| CurveTerms::Linear {
        premium: Decimal::permille(5),
        floor: Decimal::percent(floor),
        fall,
    };
    SaleTerms {
        soft: ModeTerms {
            curve: curve(6, 450),
            penalty: Decimal::permille(1),
            tolerance: Decimal::permille(5),
            lot_min: Value::usd(100),
            lot_max: Value::usd(10_000_000),
            spacing: 30,
        },
        close_out: ModeTerms {
            curve: curve(10, 180),
            penalty: Decimal::permille(5),
            tolerance: Decimal::percent(2),
            lot_min: Value::usd(400),
            lot_max: Value::usd(40_000_000),
            spacing: BLOCK,
        },
        asked: ModeTerms {
            curve: curve(6, 450),
            penalty: Decimal::raw(500_000_000_000_000),
            tolerance: Decimal::permille(5),
            lot_min: Value::usd(100),
            lot_max: Value::usd(10_000_000),
            spacing: 30,
        },
        learning: Learning {
            step: Decimal::permille(3),
            premium_max: Decimal::percent(2),
        },
    }
}

/// Rules for all positions.
pub fn rules() -> position_manager::Params {
    position_manager::Params {
        grace: 900,
        grace_memory: 86_400,
        void_after: 1_800,
        no_grace_below: Decimal::permille(985),
        close_out_below: Decimal::percent(93),
        confirm: 45,
        confirm_unpublished: 300,
        sighting_memory: 1_800,
        eta: Decimal::percent(50),
        surcharge_soft: Decimal::percent(10),
        surcharge_close_out: Decimal::percent(20),
        max_collaterals: 8,
        max_debts: 4,
        dead_after: 86_400,
    }
}

/// Split of penalties.
pub fn penalty_split() -> PenaltySplit {
    PenaltySplit {
        fund: Decimal::percent(50),
        keepers: Decimal::percent(40),
        reserves: Decimal::percent(10),
    }
}

/// When stakes may leave the insurance fund.
pub fn fund_params() -> fund::Params {
    fund::Params {
        cooldown: 10 * 86_400,
        exit_window: 2 * 86_400,
        stream: 7 * 86_400,
    }
}

/// What the insurance fund pays for: everything that it has.
pub fn cover_rule() -> CoverRule {
    CoverRule {
        max_share: Decimal::one(),
        epoch_cap: Uint128::new(1_000_000_000_000_000_000_000_000_000_000),
        epoch: 30 * 86_400,
    }
}

/// What the stakers of a market may buy of lots that nobody wanted: for a fifth of their stakes a week, as much of `atom` as that
/// buys.
pub fn backstop_rule() -> BackstopRule {
    BackstopRule {
        max_share: Decimal::percent(20),
        epoch: 7 * 86_400,
        collaterals: vec![CollateralCap {
            asset: crate::id("atom"),
            epoch_cap: Uint128::new(1_000_000_000_000_000_000_000_000_000_000),
        }],
    }
}

/// Terms of a lending market.
pub fn market_terms() -> MarketTerms {
    MarketTerms {
        rate_model: RateModel {
            base: Decimal::percent(1),
            kink: Decimal::percent(80),
            slope_low: Decimal::percent(4),
            slope_high: Decimal::percent(60),
        },
        reserve_factor: Decimal::percent(10),
        supply_cap: Uint128::new(1_000_000_000_000_000_000_000_000_000_000),
        borrow_cap: Uint128::new(1_000_000_000_000_000_000_000_000_000_000),
    }
}

/// A rate model under which nobody ever owes interest, for tests that count to the unit.
pub fn no_interest() -> RateModel {
    RateModel {
        base: Decimal::zero(),
        kink: Decimal::percent(80),
        slope_low: Decimal::zero(),
        slope_high: Decimal::zero(),
    }
}

/// How an asset's price is watched; `quorum` of the reporters make a price.
pub fn feed(quorum: u8) -> Feed {
    Feed {
        source: Source::Posted { quorum, fresh: 120 },
        smoothing: 1_800,
        volatility_window: 3_600,
        slow_volatility_window: 14 * 86_400,
        initial_volatility: Decimal::percent(60),
        warm_up: 60,
        outage_gap: 600,
        // No fall of a price trips it; tests that want it set their own.
        breaker: Breaker {
            max_move: Decimal::one(),
            cool_down: 1_800,
            confirm_jump: 180,
        },
    }
}

/// Risk parameters of an asset that is neither collateral nor debt yet. A depth of $1,000,000.
pub fn asset_params() -> AssetParams {
    AssetParams {
        status: AssetStatus::Listed,
        collateral: None,
        debt: None,
        depth: Value::usd(1_000_000),
        volatility_reference: Decimal::percent(60),
        limits: PriceLimits {
            borrow: 120,
            fill: 180,
            health: 900,
            check: 15,
            confidence: Decimal::percent(5),
            // No fall of a price is too far; tests that want one set their own.
            deviation: Decimal::one(),
        },
    }
}

/// An asset as collateral; the overhang cap is the highest that may be.
pub fn collateral(weights: Weights) -> CollateralParams {
    CollateralParams {
        weights,
        overhang_cap: Decimal::from_ratio(20u128, 1u128),
        clearing_discount: Decimal::permille(15),
        min_fill: Value::usd(1),
        min_collateral: Value::usd(1),
        volatility_factor: Decimal::zero(),
        size_factor: Decimal::zero(),
        queue: None,
    }
}

/// An asset as debt.
pub fn debt(factors: Factors) -> DebtParams {
    DebtParams {
        factors,
        min_debt: Value::usd(10),
    }
}

//! Parameters of assets and of the whole.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Decimal;
use glidepath_risk::health::{Factors, Weights};
use glidepath_risk::queue::QueueTerms;
use glidepath_risk::ramp::Span;
use glidepath_risk::Value;

use crate::oracle::PriceLimits;

/// Risk parameters of an asset.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct AssetParams {
    /// Where it is in its life.
    pub status: AssetStatus,
    /// As collateral; none: can't be deposited.
    pub collateral: Option<CollateralParams>,
    /// As debt; none: can't be borrowed.
    pub debt: Option<DebtParams>,
    /// USD that moves the asset's market by 1 %.
    pub depth: Value,
    /// Normal annualised volatility, `σ_ref`.
    pub volatility_reference: Decimal,
    /// What its price must be to be used.
    pub limits: PriceLimits,
}

/// Where an asset is in its life. What is neither collateral nor debt is delisted, whatever its status.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum AssetStatus {
    /// As its parameters say.
    Listed,
    /// Neither deposited nor borrowed any more, and nobody may borrow against it. What is held and owed counts, is sold
    /// and is repaid as ever. A position in distress may still be cured with it.
    ReduceOnly,
    /// Given up. As collateral it counts zero, is never sold, and goes to the insurance fund with a debt that is written
    /// off; as debt it counts as ever and nothing is sold for it. Neither deposited nor borrowed; repaid, and withdrawn
    /// without debt.
    Dead,
}

impl std::fmt::Display for AssetStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            AssetStatus::Listed => "listed",
            AssetStatus::ReduceOnly => "reduce_only",
            AssetStatus::Dead => "dead",
        })
    }
}

/// How target and maintenance weights and factors move to the ones that were set.
#[cw_serde]
pub struct Ramp {
    /// Weights at its start; none where it was no collateral.
    pub weights: Option<Weights>,
    /// Factors at its start; none where it could not be borrowed.
    pub factors: Option<Factors>,
    /// When.
    pub span: Span,
}

/// An asset as collateral.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct CollateralParams {
    /// Initial, target and maintenance weight.
    pub weights: Weights,
    /// The suite takes at most this many times `depth` of it, in (0, 20].
    pub overhang_cap: Decimal,
    /// Discount at which buyers are expected, `d_clear`.
    pub clearing_discount: Decimal,
    /// A fill below this is refused unless it is all that is allowed. A need below it is no reason to sell while the
    /// position is above maintenance, and is rounded up to it while it is below.
    pub min_fill: Value,
    /// Less than this must not remain, and is not sold any more: a debt with nothing but such collateral is written off.
    pub min_collateral: Value,
    /// By how much volatility above its reference shrinks the initial weight, in [0, 1]; 0: not at all.
    pub volatility_factor: Decimal,
    /// By how much the size of a holding shrinks the initial weight, in [0, 1]; 0: not at all.
    pub size_factor: Decimal,
    /// How much of it may be put on sale at once; none: as much as there is. A bet that its price comes back: only for a
    /// maintenance weight of at most .70. Rate in (0, 100], burst in (0, 20].
    pub queue: Option<QueueTerms>,
}

/// An asset as debt.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct DebtParams {
    /// Initial, target and maintenance factor.
    pub factors: Factors,
    /// Less than this can't be borrowed and must not remain.
    pub min_debt: Value,
}

/// Rules for all positions. Times are seconds.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Grace in a calm market.
    pub grace: u64,
    /// Used grace is remembered for so long; a sale sleeps at most so long.
    pub grace_memory: u64,
    /// A call that led to no sale so long after its grace is void.
    pub void_after: u64,
    /// No grace below this maintenance health, `h_g < 1`.
    pub no_grace_below: Decimal,
    /// Close-out below this maintenance health, `h_close < h_g`.
    pub close_out_below: Decimal,
    /// Between two sightings of a close-out when every price was published anew.
    pub confirm: u64,
    /// The same when every source was only asked again.
    pub confirm_unpublished: u64,
    /// A first sighting older than this is forgotten.
    pub sighting_memory: u64,
    /// Part of the way to the frontier that a soft discount may go, `η ≤ ¾`.
    pub eta: Decimal,
    /// Surcharge per year while called or sold softly.
    pub surcharge_soft: Decimal,
    /// Surcharge per year in close-out.
    pub surcharge_close_out: Decimal,
    /// Most collateral assets of a position, at most 8.
    pub max_collaterals: u8,
    /// Most debt assets of a position, at most 4.
    pub max_debts: u8,
    /// A collateral whose last good price is older counts zero: at least an hour, and above every `limits.health`.
    pub dead_after: u64,
}

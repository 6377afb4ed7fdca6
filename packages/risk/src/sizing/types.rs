//! What a sale is solved from, and what comes out.

use cosmwasm_std::{Decimal, Decimal256, Uint128};

use crate::health::Sums;
use crate::{Price, Value};

/// One asset of the pair on sale: how much there is, its price, and its weight (collateral) or factor (debt).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Base units held, or owed in total.
    pub amount: Uint128,
    /// Decimals of the asset.
    pub decimals: u8,
    /// Live price.
    pub price: Price,
    /// `wT` or `bT`.
    pub target: Decimal,
    /// `wM` or `bM`.
    pub maintenance: Decimal,
}

/// Sums over the whole position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Book {
    /// With target weights and factors.
    pub target: Sums,
    /// With maintenance weights and factors.
    pub maintenance: Sums,
    /// With neither.
    pub plain: Sums,
}

/// What protects the position from a price below which a fill harms it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Soft stage: the discount stays below the soft floor at the live health, so every fill raises it.
    Soft {
        /// Deepest discount of the curve.
        floor: Decimal,
        /// Part of the way to the frontier where a fill stops raising health, `η ≤ ¾`.
        eta: Decimal,
    },
    /// Close-out, first pass: not below the loan-to-value, so that no lender loses to a buyer who merely waited.
    AboveLtv,
    /// Close-out, later passes: the curve alone.
    Curve,
}

/// The terms under which the size is solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Health to reach under target weights.
    pub h: Decimal,
    /// `φ`, capped by what is left of the position.
    pub penalty: Decimal,
    /// Lower bound of the price.
    pub protection: Protection,
    /// The smallest fill. A smaller one is refused unless it is all that is allowed; where less than this is missing to
    /// the target, nothing is sold from a maintenance health of 1 on, and this much below it.
    pub min_fill: Value,
    /// Less collateral than this must not remain.
    pub min_collateral: Value,
    /// Less debt than this must not remain.
    pub min_debt: Value,
}

/// A position seen by a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Sums over the whole position, the pair included.
    pub book: Book,
    /// The collateral on sale.
    pub collateral: Leg,
    /// The debt it repays.
    pub debt: Leg,
}

/// What a bidder may take, at most, at one multiplier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Collateral in base units.
    pub sold: Uint128,
    /// Payment for all of it, in debt base units.
    pub paid: Uint128,
    /// Debt base units per whole collateral token.
    pub price: Decimal256,
    /// Multiplier after the protection.
    pub multiplier: Decimal,
    /// `φ_eff`.
    pub penalty: Decimal,
}

/// One fill, to the unit: `paid = repaid + penalty`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// Collateral base units that leave the position.
    pub sold: Uint128,
    /// Debt base units that the bidder pays.
    pub paid: Uint128,
    /// Part of the payment that repays debt.
    pub repaid: Uint128,
    /// The liquidation penalty.
    pub penalty: Uint128,
    /// Debt base units per whole collateral token.
    pub price: Decimal256,
    /// Multiplier after the protection.
    pub multiplier: Decimal,
}

/// Why there is no fill; not a failure of the maths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFill {
    /// Nothing may be sold: the target is met, or missed by less than the smallest fill at a maintenance health of at
    /// least 1.
    TargetMet,
    /// A soft fill at any discount would lower health.
    NotSoftSellable,
    /// Nothing would change hands, or less than the smallest fill although more is allowed.
    TooSmall {
        /// What the fill would be worth.
        value: Value,
        /// The smallest.
        min_fill: Value,
    },
}

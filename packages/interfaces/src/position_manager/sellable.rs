//! How much of a position may be sold: the only source of a fill's figures.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Decimal, Decimal256, Uint128};
use cw_asset::AssetInfo;
use glidepath_risk::Value;
use thiserror::Error;

use crate::auction::Offer;
use crate::oracle::PriceRefusal;

/// Records of a sale, as they are stored. A fill reads none of them twice: the auction, whose sale it is and whose prices its
/// clock needs, hands them on. Whoever asks with others gets an answer about those, as with prices to try.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The sale.
    pub sale: Binary,
    /// Price record of its collateral.
    pub collateral: Binary,
    /// Price record of its debt.
    pub debt: Binary,
}

/// How much may be sold.
#[cw_serde]
// One lives at a time; a box would only be in the way.
#[allow(clippy::large_enum_variant)]
pub enum SellableResponse {
    /// So much.
    Fill(SaleFill),
    /// Nothing, and why.
    Refused(Refusal),
}

/// One fill, to the unit.
#[cw_serde]
pub struct SaleFill {
    /// Collateral base units.
    pub sold: Uint128,
    /// Debt base units to pay: all of what is paid at most, if the change would not buy one base unit of the collateral (and is
    /// at most a millionth of the payment).
    pub paid: Uint128,
    /// Debt base units that repay.
    pub repaid: Uint128,
    /// Debt base units of penalty.
    pub penalty: Uint128,
    /// Debt base units per whole collateral token, without the change that is kept.
    pub price: Decimal256,
    /// The price as a multiple of the oracle's.
    pub multiplier: Decimal,
    /// The same on the lot's own scale, with what holds its price up, but without the care that a jump of the oracle's price
    /// is met with.
    pub of_lot: Decimal,
    /// The debt on sale, as bidders pay it.
    pub pay: AssetInfo,
    /// Maintenance health before.
    pub health_before: Decimal,
    /// Maintenance health after; none when no debt is left.
    pub health_after: Option<Decimal>,
    /// A lot left with fewer collateral base units is cleared.
    pub min_left: Uint128,
    /// Older of the two prices' publish times.
    pub published_at: u64,
    /// What comes after this fill.
    pub next: Next,
}

/// What comes after a fill.
#[cw_serde]
// One lives at a time; a box would only be in the way.
#[allow(clippy::large_enum_variant)]
pub enum Next {
    /// The same pair goes on: when the lot is cleared, another is made of this.
    Lot(Offer),
    /// The fill ends the sale: its target is met, or nothing is owed any more.
    End {
        /// Who earned the keepers' part of its penalties, in equal parts.
        keepers: Vec<String>,
    },
    /// Something else is due, another pair first of all: `advance`.
    Advance {},
}

/// Why nothing may be sold.
#[cw_serde]
#[derive(Error)]
pub enum Refusal {
    /// No sale, asleep, or of an asset that is dead.
    #[error("nothing of this position is on sale")]
    NoSale {},
    /// A price can't be used.
    #[error("{0}")]
    Price(PriceRefusal),
    /// The first fill of a lot needs maintenance health below 1, or below its owner's trigger.
    #[error("maintenance health is {health}: the first fill of a lot needs it below {trigger}")]
    NotInDistress {
        /// Maintenance health.
        health: Decimal,
        /// Below what it has to be.
        trigger: Decimal,
    },
    /// The price has fallen below the lowest that the vault may settle: `advance` first, which lowers it.
    #[error("the price is {price}, settled is nothing below {min_price}: advance the position first")]
    BelowMinPrice {
        /// Debt base units per whole collateral token.
        price: Decimal256,
        /// Lowest that may be settled.
        min_price: Decimal256,
    },
    /// Target health is reached, or what is left to reach it is worth less than the smallest fill.
    #[error("the target health is reached, or nothing worth a fill is missing")]
    TargetMet {},
    /// A soft fill at any discount would lower health.
    #[error("at maintenance health {health} no soft fill would raise it")]
    NotSoftSellable {
        /// Maintenance health.
        health: Decimal,
    },
    /// Nothing would change hands, or less than the smallest fill.
    #[error("the fill would be worth ${value}, the smallest is ${min_fill}")]
    TooSmall {
        /// What it would be worth.
        value: Value,
        /// The smallest fill.
        min_fill: Value,
    },
}

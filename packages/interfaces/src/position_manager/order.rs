//! What the owner of a position asks for.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Decimal};
use glidepath_risk::Value;

use crate::asset::Amount;
use crate::AssetId;

/// What the owner of a position asks for, as a whole: what is not said any more is withdrawn.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(Default)]
pub struct OwnerOrder {
    /// In which order collaterals are sold, at most 16; the others come behind them. Forced sales follow it too, but leave out
    /// what can't be sold, or can't restore the position alone while another can.
    #[serde(default)]
    pub sell_order: Vec<AssetId>,
    /// A sale that he asks for.
    pub sale: Option<AskedSale>,
}

/// A sale that the owner of a position asks for: by the same auction, at the lowest penalty, and never so that health falls.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct AskedSale {
    /// Maintenance health, above 1 and at most 10, below which anybody may start it, again and again: a glide path. Not said:
    /// once, now (an unwind).
    pub trigger: Option<Decimal>,
    /// How far it goes.
    pub goal: Goal,
    /// Deepest discount, from .001 to .2; the terms of sales bound it, too.
    pub max_discount: Decimal,
}

/// How far a sale goes that the owner asks for.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum Goal {
    /// Until health under target weights is so much, from 1 to 10.
    Health(Decimal),
    /// Until no more than so much is left of this collateral, or nothing is owed. A debt of the same asset is offset in full.
    Keep(Amount),
}

/// What an owner's order would do.
#[cw_serde]
pub struct PreviewOrderResponse {
    /// What the sale that is asked for would sell, and what that costs, once its trigger is met: at the prices of now, or at those
    /// at which it is.
    pub asked: Option<SaleEstimate>,
    /// What a forced sale would, if nothing is done: at the prices of now, or at those at which the position can be liquidated.
    /// None where no price of one collateral alone makes it so.
    pub forced: Option<SaleEstimate>,
    /// Why the order would be refused.
    pub refused: Option<String>,
}

/// What a sale would sell, of one pair at one discount: what is sold first, at the discount at which its buyers are expected.
#[cw_serde]
pub struct SaleEstimate {
    /// Collateral that is sold first.
    pub collateral: AssetId,
    /// Price of it that is assumed, in USD per whole token; below the one of now where something must happen first.
    pub price: glidepath_risk::Price,
    /// Debt that it repays.
    pub debt: AssetId,
    /// USD that has to be sold of it, at that price: no more than is held, and than repays the debt.
    pub value: Value,
    /// Discount.
    pub discount: Decimal,
    /// USD of the discount.
    pub discount_cost: Value,
    /// USD of the penalty.
    pub penalty_cost: Value,
}

/// What the owner of a position asks for, and since when.
#[cw_serde]
pub struct OwnerOrderResponse {
    /// Owner.
    pub owner: Addr,
    /// Order.
    pub order: OwnerOrder,
    /// Unix seconds; it is in force from the next second on.
    pub since: u64,
}

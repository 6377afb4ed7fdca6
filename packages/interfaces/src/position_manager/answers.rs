//! What it answers.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Decimal, Uint128};
use cw_asset::AssetInfo;
use glidepath_risk::{Price, Value};

use super::{Advanced, AssetParams, Params, Ramp};
use crate::auction::{Mode, Offer};
use crate::{AssetId, Peers};

/// Peers and rules.
#[cw_serde]
pub struct ConfigResponse {
    /// The suite.
    pub peers: Peers<Addr>,
    /// Rules.
    pub params: Params,
}

/// A listed asset.
#[cw_serde]
pub struct AssetResponse {
    /// Name.
    pub asset: AssetId,
    /// Denom or token.
    pub info: AssetInfo,
    /// Decimals of a whole token.
    pub decimals: u8,
    /// Parameters in force now.
    pub params: AssetParams,
    /// Parameters as they were set: where the ramp leads.
    pub target: AssetParams,
    /// The ramp; none where the two are the same.
    pub ramp: Option<Ramp>,
}

/// Where a position stands. Only distress is stored; the rest is derived.
#[cw_serde]
pub enum Stage {
    /// Initial margin is met.
    Healthy {},
    /// Between initial and maintenance margin: only risk-reducing actions.
    Restricted {},
    /// Below maintenance, not called yet.
    Callable {},
    /// Called; grace runs.
    MarginCall {
        /// When it was called.
        called_at: u64,
        /// When grace ends at the volatility and health of now.
        grace_until: u64,
    },
    /// Being sold.
    Selling {
        /// How urgent.
        mode: Mode,
        /// Nothing is offered now.
        asleep: bool,
    },
    /// Owes more than it holds and is not being sold.
    Insolvent {},
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Stage::Healthy {} => f.write_str("healthy"),
            Stage::Restricted {} => f.write_str("restricted"),
            Stage::Callable {} => f.write_str("callable"),
            Stage::MarginCall { .. } => f.write_str("margin_call"),
            Stage::Selling { asleep: true, .. } => f.write_str("asleep"),
            Stage::Selling { mode, .. } => mode.fmt(f),
            Stage::Insolvent {} => f.write_str("insolvent"),
        }
    }
}

/// Health under the three tiers; none without debt.
#[cw_serde]
pub struct Healths {
    /// `H_I`, with guarded prices; a collateral without a usable price counts zero. Borrowing also asks that the
    /// prices are fresh.
    pub initial: Option<Decimal>,
    /// `H_T`.
    pub target: Option<Decimal>,
    /// `H_M`.
    pub maintenance: Option<Decimal>,
}

/// A position with everything that is known of it.
#[cw_serde]
pub struct PositionResponse {
    /// Number.
    pub position: u64,
    /// Owner.
    pub owner: Addr,
    /// To whom its owner offers it.
    pub offered_to: Option<Addr>,
    /// What it holds.
    pub collateral: Vec<Row>,
    /// What it owes, surcharge included.
    pub debts: Vec<Row>,
    /// Value of the collateral.
    pub collateral_value: Value,
    /// Value of the debts.
    pub debt_value: Value,
    /// Health.
    pub health: Healths,
    /// Where it stands.
    pub stage: Stage,
    /// What would be sold now at the oracle price.
    pub sellable: Option<Offer>,
    /// Is a position below maintenance and its grace still running, so many seconds are left.
    pub grace_left: Option<u64>,
}

/// An asset of a position.
#[cw_serde]
pub struct Row {
    /// Asset.
    pub asset: AssetId,
    /// Base units.
    pub amount: Uint128,
    /// Value that counts, at the price used: zero of a collateral that is dead, or has had no price for too long.
    pub value: Value,
    /// Price used.
    pub price: Price,
    /// Is the price usable for health? Else the last good one stands in.
    pub usable: bool,
}

/// A price at which a position becomes liquidatable.
#[cw_serde]
pub struct LiquidationPrice {
    /// Collateral.
    pub asset: AssetId,
    /// Price now.
    pub price: Price,
    /// Liquidation price; none where no price of this asset alone makes it liquidatable.
    pub liquidation_price: Option<Price>,
}

/// How far away a price is at which a position becomes liquidatable.
#[cw_serde]
pub struct TimeToLiquidation {
    /// Collateral or debt.
    pub asset: AssetId,
    /// Is it owed? Then the liquidation price is above the price, else below.
    pub is_debt: bool,
    /// Price now.
    pub price: Price,
    /// Price at which maintenance health is 1 while all other prices stay.
    pub liquidation_price: Price,
    /// Its volatility now, annualised.
    pub volatility: Decimal,
    /// Standard deviations of the price within the time that was asked for, to the liquidation price; none where the price
    /// does not move, as far as the oracle has seen.
    pub deviations: Option<Decimal>,
    /// How likely the price is to touch it within that time, from 0 to 1, if it goes on as it moves now and without a trend.
    pub probability: Decimal,
    /// Seconds in which one standard deviation is as much as the distance; none where the price does not move.
    pub one_deviation_in: Option<u64>,
}

/// What an `update` would do.
#[cw_serde]
pub struct PreviewUpdateResponse {
    /// Health before.
    pub before: Healths,
    /// Health after.
    pub after: Healths,
    /// Value of the collateral after.
    pub collateral_value: Value,
    /// Value of the debts after.
    pub debt_value: Value,
    /// Why it would be refused.
    pub refused: Option<String>,
}

/// A position in a list.
#[cw_serde]
pub struct PositionRow {
    /// Number.
    pub position: u64,
    /// Owner.
    pub owner: Addr,
    /// Health and stage, or why they can't be told; one bad row never fails a page.
    pub standing: Standing,
}

/// Health and stage of a row.
#[cw_serde]
pub enum Standing {
    /// Known.
    Known {
        /// Health.
        health: Healths,
        /// Stage.
        stage: Stage,
    },
    /// Not known.
    Unknown {
        /// Why.
        reason: String,
    },
}

/// What is due.
#[cw_serde]
pub struct DueResponse {
    /// What an `advance` would do; none: it would be refused.
    pub due: Option<Advanced>,
    /// Why it would be refused.
    pub refused: Option<String>,
    /// When something may be due without a change of price, in unix seconds.
    pub not_before: Option<u64>,
}

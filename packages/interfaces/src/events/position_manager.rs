//! Events of the position manager. What an update moves is told by the vault.

use cosmwasm_std::{Addr, Decimal, Uint128};
use glidepath_risk::Value;

use crate::events::events;
use crate::AssetId;

events! { "position-manager";
    /// A position was opened.
    PositionOpened = "position_opened" {
        /// Number.
        position: u64,
        /// Owner.
        owner: Addr,
    }
    /// A position was offered to somebody, or an offer was taken back.
    PositionOffered = "position_offered" {
        /// Number.
        position: u64,
        /// Owner.
        owner: Addr,
        /// To whom; without it to nobody any more.
        to: Option<Addr>,
    }
    /// A position has another owner.
    PositionTransferred = "position_transferred" {
        /// Number.
        position: u64,
        /// Owner before.
        from: Addr,
        /// Owner now.
        to: Addr,
    }
    /// The owner of a position asks for something else.
    OrderSet = "order_set" {
        /// Number.
        position: u64,
        /// Owner.
        owner: Addr,
        /// In which order collaterals are sold.
        sell_order: Option<String>,
        /// Maintenance health below which a sale may start; without it at once, if there is one.
        trigger: Option<Decimal>,
        /// Target health to reach.
        target: Option<Decimal>,
        /// Collateral to sell.
        collateral: Option<AssetId>,
        /// Base units of it to keep.
        keep: Option<Uint128>,
        /// Deepest discount; without it no sale is asked for.
        max_discount: Option<Decimal>,
    }
    /// The owner said whether his position may be taken over while it is sold softly.
    TakeoverSet = "takeover_set" {
        /// Position.
        position: u64,
        /// May it?
        allowed: bool,
        /// From when on it may not.
        refused_from: Option<u64>,
    }
    /// A position was changed.
    PositionUpdated = "position_updated" {
        /// Position.
        position: u64,
        /// Who sent it.
        sender: Addr,
        /// How many actions.
        actions: u32,
        /// Initial health after it, where it was checked.
        initial_health: Option<Decimal>,
    }
    /// A position moved to where the rules say it is.
    Advanced = "advanced" {
        /// Position.
        position: u64,
        /// Who sent it.
        keeper: Addr,
        /// `called`, `sighted`, `forgotten`, `offset`, `lapsed`, `opened`, `next_lot`, `restarted`, `forced`, `escalated`,
        /// `refreshed`, `counted`, `slept`, `woken`, `ended` or `written_off`.
        did: String,
        /// Stage that it was in, as queries name it.
        stage: String,
        /// Maintenance health before; without it nothing was owed.
        health_before: Option<Decimal>,
        /// Maintenance health after an offset.
        health_after: Option<Decimal>,
        /// Target health; without it nothing is owed.
        target_health: Option<Decimal>,
        /// When grace ends.
        grace_until: Option<u64>,
        /// From when a second sighting of the close-out counts.
        confirm_from: Option<u64>,
        /// `soft`, `close_out` or `asked`, where a lot was scheduled.
        mode: Option<String>,
        /// Collateral on sale.
        collateral: Option<AssetId>,
        /// Debt that it repays.
        debt: Option<AssetId>,
        /// Collateral base units that may be sold at the oracle price.
        amount: Option<Uint128>,
        /// Does it owe more than it holds?
        insolvent: bool,
    }
    /// A call or a sale of a position ended.
    DistressEnded = "distress_ended" {
        /// Position.
        position: u64,
        /// `lapsed`, or the reason for which its sale ended.
        reason: String,
        /// When it was called.
        called_at: u64,
        /// Maintenance health; without it nothing is owed.
        health: Option<Decimal>,
    }
    /// An asset was listed or its parameters changed.
    AssetSet = "asset_set" {
        /// Asset.
        asset: AssetId,
        /// `listed`, `reduce_only` or `dead`.
        status: String,
        /// When weights and factors are where they were set; without it they are now.
        ramp_until: Option<u64>,
        /// Initial weight; without the three it is no collateral.
        initial_weight: Option<Decimal>,
        /// Target weight.
        target_weight: Option<Decimal>,
        /// Maintenance weight.
        maintenance_weight: Option<Decimal>,
        /// Times its depth that the suite takes.
        overhang_cap: Option<Decimal>,
        /// Discount at which buyers are expected.
        clearing_discount: Option<Decimal>,
        /// Smallest fill.
        min_fill: Option<Value>,
        /// Least collateral that may remain.
        min_collateral: Option<Value>,
        /// By how much volatility shrinks the initial weight.
        volatility_factor: Option<Decimal>,
        /// By how much the size of a holding shrinks the initial weight.
        size_factor: Option<Decimal>,
        /// Depths an hour that its queue takes; without the two it has none.
        queue_rate: Option<Decimal>,
        /// Depths that may be on sale at once.
        queue_burst: Option<Decimal>,
        /// Initial factor; without the three it can't be borrowed.
        initial_factor: Option<Decimal>,
        /// Target factor.
        target_factor: Option<Decimal>,
        /// Maintenance factor.
        maintenance_factor: Option<Decimal>,
        /// Least debt.
        min_debt: Option<Value>,
        /// USD that moves its market by 1 %.
        depth: Value,
        /// Normal volatility.
        volatility_reference: Decimal,
        /// Oldest price for risk-increasing actions, in seconds.
        max_age_borrow: u64,
        /// Oldest price for a fill.
        max_age_fill: u64,
        /// Oldest price for health.
        max_age_health: u64,
        /// Longest time since the source was asked, for fills and for advancing.
        max_age_check: u64,
        /// Least sure price for risk-increasing actions, as a part of it.
        max_confidence: Decimal,
        /// Furthest price from its average for risk-increasing actions, as a part of that.
        max_deviation: Decimal,
    }
    /// An overhang cap was lowered.
    OverhangCapLowered = "overhang_cap_lowered" {
        /// Asset.
        asset: AssetId,
        /// Times its depth that the suite takes.
        overhang_cap: Decimal,
        /// Who lowered it.
        by: Addr,
    }
    /// A guardian was named, or none.
    GuardianSet = "guardian_set" {
        /// Guardian.
        guardian: Option<Addr>,
    }
    /// The rules changed.
    ParamsSet = "params_set" {
        /// Grace in a calm market, in seconds.
        grace: u64,
        /// For how long used grace is remembered.
        grace_memory: u64,
        /// When a call without a sale is void.
        void_after: u64,
        /// No grace below this health.
        no_grace_below: Decimal,
        /// Close-out below this health.
        close_out_below: Decimal,
        /// Between two sightings with new prices, in seconds.
        confirm: u64,
        /// Between two sightings with sources asked again.
        confirm_unpublished: u64,
        /// When a first sighting is forgotten.
        sighting_memory: u64,
        /// Part of the way to the frontier that a soft discount may go.
        eta: Decimal,
        /// Surcharge per year while called or sold softly.
        surcharge_soft: Decimal,
        /// Surcharge per year in close-out.
        surcharge_close_out: Decimal,
        /// Most collateral assets of a position.
        max_collaterals: u8,
        /// Most debt assets of a position.
        max_debts: u8,
        /// When a collateral without a price counts zero, in seconds.
        dead_after: u64,
    }
    /// The owner of the contracts ended a sale; the call behind it stands.
    SaleEnded = "sale_ended" {
        /// Position.
        position: u64,
        /// `governance`.
        reason: String,
        /// From when on its call counts.
        called_at: u64,
    }
    /// Ownership moved on.
    OwnershipUpdated = "ownership_updated" {
        /// Owner.
        owner: Option<Addr>,
        /// Proposed owner.
        pending_owner: Option<Addr>,
    }
}

//! The position manager: who owns a position, risk parameters, margin checks, distress, and the choice of what is
//! sold for which debt.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Addr, Decimal, Decimal256, Empty, Uint128};
use cw20::Cw20ReceiveMsg;
use cw_asset::AssetInfo;
use glidepath_risk::health::{Factors, Weights};
use glidepath_risk::queue::QueueTerms;
use glidepath_risk::ramp::Span;
use glidepath_risk::{Price, Value};

use crate::admin::{Ownership, OwnershipMsg};
use crate::asset::Amount;
use crate::auction::{Mode, Offer, SaleTerms, TryPrice};
use crate::oracle::{PriceLimits, PriceRefusal};
use crate::{AssetId, Peers};

// ---------------------------------------------------------------- parameters

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

// ---------------------------------------------------------------- messages

/// Creation.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct InstantiateMsg {
    /// The chain's governance account.
    pub owner: String,
    /// The suite.
    pub peers: Peers<String>,
    /// Rules.
    pub params: Params,
    /// Who may lower caps beside the owner; nobody if not said.
    pub guardian: Option<String>,
}

/// Messages.
#[cw_serde]
#[serde(deny_unknown_fields)]
// One lives at a time; a box would only be in the way.
#[allow(clippy::large_enum_variant)]
pub enum ExecuteMsg {
    /// *Payable (coins, or the cw20 `Send` hook with this message inside).* Changes a position, or opens one. The
    /// actions run in order; if they hold a borrow, or a withdrawal while debt remains, the result is checked once
    /// at the end against initial margin. The payment is exactly what the actions deposit and repay; only what a
    /// repayment does not need is returned. Who does not own the position may only repay and add to what is there.
    Update {
        /// Which; a new one if not said.
        position: Option<u64>,
        /// In this order.
        actions: Vec<Action>,
        /// Who gets withdrawn and borrowed coins; the sender if not said. Not by the cw20 hook.
        recipient: Option<String>,
    },
    /// Anyone: moves a position to where the rules say it is now.
    Advance {
        /// Position.
        position: u64,
    },
    /// *Owner.* Lists an asset that the vault knows, or changes its parameters. Target and maintenance weights and
    /// factors move in a line, from those in force to the new ones; all else changes at once. Where the asset is in use a
    /// change for the worse takes a day at least, and it stays listed.
    SetAsset {
        /// Asset.
        asset: AssetId,
        /// Parameters.
        params: AssetParams,
        /// Seconds that weights and factors take, at most 90 days; 0: at once.
        ramp: u64,
    },
    /// *Owner.* Changes the rules.
    SetParams {
        /// Rules.
        params: Params,
    },
    /// *Owner.* Ends the sale of a position, which loses nothing: its call stands with what is left of its grace, and the
    /// next sale opens under the terms of then.
    EndSale {
        /// Position.
        position: u64,
    },
    /// *Owner.* Names the guardian, or none.
    SetGuardian {
        /// Who may lower caps beside the owner.
        guardian: Option<String>,
    },
    /// *Owner, guardian.* Lowers an asset's overhang cap, not below what is in use.
    LowerOverhangCap {
        /// Asset.
        asset: AssetId,
        /// Times its depth that the suite takes.
        overhang_cap: Decimal,
    },
    /// Two-step transfer of the contract.
    UpdateOwnership(OwnershipMsg),
    /// cw20 hook: `Update` inside.
    Receive(Cw20ReceiveMsg),
}

/// One change of a position. Amounts are base units.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum Action {
    /// Adds collateral out of the payment.
    Deposit(Amount),
    /// Takes collateral out.
    Withdraw {
        /// Asset.
        asset: AssetId,
        /// All if not said.
        amount: Option<Uint128>,
    },
    /// Borrows.
    Borrow(Amount),
    /// Repays out of the payment.
    Repay {
        /// Asset.
        asset: AssetId,
        /// At most this much; all that is owed if not said.
        amount: Option<Uint128>,
    },
}

/// What an `advance` did; in its data and event.
#[cw_serde]
pub enum Advanced {
    /// A margin call was recorded.
    Called {
        /// When grace ends.
        grace_until: u64,
    },
    /// The trigger of a close-out was seen for the first time.
    Sighted {
        /// From when the second sighting counts.
        confirm_from: u64,
    },
    /// The first sighting of a close-out was forgotten: its trigger is no longer met.
    Forgotten {},
    /// Collateral repaid a debt of the same asset, and nothing else was due after it.
    Offset {},
    /// A call ended without a sale.
    Lapsed {},
    /// A sale opened.
    Opened {
        /// How urgent.
        mode: Mode,
    },
    /// The next lot was scheduled.
    NextLot {},
    /// An expired lot was offered again.
    Restarted {},
    /// A soft sale became a close-out.
    Escalated {},
    /// Prices fell far below those of the permission: its lowest price follows them, and the running lot starts again a
    /// little later.
    Refreshed {},
    /// The vault was told whether the debts count as insolvent.
    Counted {},
    /// The sale sleeps.
    Slept {},
    /// A sleeping sale goes on.
    Woken {},
    /// The sale ended.
    Ended {},
    /// What could not be repaid was written off.
    WrittenOff {},
    /// Nothing was due (only told to the auction; an error for others).
    Nothing {},
}

impl std::fmt::Display for Advanced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Advanced::Called { .. } => "called",
            Advanced::Sighted { .. } => "sighted",
            Advanced::Forgotten {} => "forgotten",
            Advanced::Offset {} => "offset",
            Advanced::Lapsed {} => "lapsed",
            Advanced::Opened { .. } => "opened",
            Advanced::NextLot {} => "next_lot",
            Advanced::Restarted {} => "restarted",
            Advanced::Escalated {} => "escalated",
            Advanced::Refreshed {} => "refreshed",
            Advanced::Counted {} => "counted",
            Advanced::Slept {} => "slept",
            Advanced::Woken {} => "woken",
            Advanced::Ended {} => "ended",
            Advanced::WrittenOff {} => "written_off",
            Advanced::Nothing {} => "nothing",
        })
    }
}

// ---------------------------------------------------------------- queries

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
#[serde(deny_unknown_fields)]
// One lives at a time; a box would only be in the way.
#[allow(clippy::large_enum_variant)]
pub enum QueryMsg {
    /// Peers and rules.
    #[returns(ConfigResponse)]
    Config {},
    /// A listed asset.
    #[returns(AssetResponse)]
    Asset {
        /// Asset.
        asset: AssetId,
    },
    /// Listed assets in order of their names.
    #[returns(Vec<AssetResponse>)]
    Assets {
        /// Name after which to start.
        start_after: Option<AssetId>,
        /// Rows, 20 if not said, at most 100.
        limit: Option<u32>,
    },
    /// A position with everything that is known of it.
    #[returns(PositionResponse)]
    Position {
        /// Position.
        position: u64,
    },
    /// For each collateral, the price at which maintenance health is 1 while all other prices stay.
    #[returns(Vec<LiquidationPrice>)]
    LiquidationPrices {
        /// Position.
        position: u64,
    },
    /// What an `update` would do, before signing.
    #[returns(PreviewUpdateResponse)]
    PreviewUpdate {
        /// Which; a new one if not said.
        position: Option<u64>,
        /// In this order.
        actions: Vec<Action>,
    },
    /// Positions of an owner.
    #[returns(Vec<PositionRow>)]
    PositionsOf {
        /// Owner.
        owner: String,
        /// Position after which to start.
        start_after: Option<u64>,
        /// Rows, 20 if not said, at most 100.
        limit: Option<u32>,
    },
    /// All positions.
    #[returns(Vec<PositionRow>)]
    Positions {
        /// Position after which to start.
        start_after: Option<u64>,
        /// Rows, 20 if not said, at most 100.
        limit: Option<u32>,
    },
    /// Positions with a call or a sale.
    #[returns(Vec<PositionRow>)]
    Distressed {
        /// Position after which to start.
        start_after: Option<u64>,
        /// Rows, 20 if not said, at most 100.
        limit: Option<u32>,
    },
    /// What an `advance` would do now.
    #[returns(DueResponse)]
    Due {
        /// Position.
        position: u64,
    },
    /// How much of the pair on sale may be sold at a price, and what it repays. The only source of these figures.
    #[returns(SellableResponse)]
    Sellable {
        /// Position.
        position: u64,
        /// Multiplier of the curve.
        multiplier: Decimal,
        /// Most debt base units to pay; no bound if not said.
        max_pay: Option<Uint128>,
        /// Prices to try instead of the records (previews only).
        prices: Option<Vec<TryPrice>>,
    },
    /// Could every listed collateral be sold softly under these terms of sales, wherever its ramp leads? An error that
    /// names the first that could not.
    #[returns(Empty)]
    CheckTerms {
        /// Terms.
        terms: SaleTerms,
    },
    /// Who may lower caps beside the owner.
    #[returns(Option<Addr>)]
    Guardian {},
    /// Owner and proposed owner.
    #[returns(Ownership<Addr>)]
    Ownership {},
}

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
    /// Debt base units to pay.
    pub paid: Uint128,
    /// Debt base units that repay.
    pub repaid: Uint128,
    /// Debt base units of penalty.
    pub penalty: Uint128,
    /// Debt base units per whole collateral token.
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
    /// The sale is over, or another pair is to be chosen: `advance`.
    Advance {},
}

/// Why nothing may be sold.
#[cw_serde]
pub enum Refusal {
    /// No sale, asleep, or of an asset that is dead.
    NoSale {},
    /// A price can't be used.
    Price(PriceRefusal),
    /// The first fill of a lot needs maintenance health below 1.
    NotInDistress {
        /// Maintenance health.
        health: Decimal,
    },
    /// The price has fallen below the lowest that the vault may settle: `advance` first, which lowers it.
    BelowMinPrice {
        /// Debt base units per whole collateral token.
        price: Decimal256,
        /// Lowest that may be settled.
        min_price: Decimal256,
    },
    /// Target health is reached, or what is left to reach it is worth less than the smallest fill.
    TargetMet {},
    /// A soft fill at any discount would lower health.
    NotSoftSellable {
        /// Maintenance health.
        health: Decimal,
    },
    /// Nothing would change hands, or less than the smallest fill.
    TooSmall {
        /// What it would be worth.
        value: Value,
        /// The smallest fill.
        min_fill: Value,
    },
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::NoSale {} => f.write_str("nothing of this position is on sale"),
            Refusal::Price(refusal) => refusal.fmt(f),
            Refusal::NotInDistress { health } => {
                write!(
                    f,
                    "maintenance health is {health}: the first fill of a lot needs it below 1"
                )
            }
            Refusal::BelowMinPrice { price, min_price } => {
                write!(
                    f,
                    "the price is {price}, settled is nothing below {min_price}: advance the position first"
                )
            }
            Refusal::TargetMet {} => {
                f.write_str("the target health is reached, or nothing worth a fill is missing")
            }
            Refusal::NotSoftSellable { health } => {
                write!(f, "at maintenance health {health} no soft fill would raise it")
            }
            Refusal::TooSmall { value, min_fill } => {
                write!(f, "the fill would be worth ${value}, the smallest is ${min_fill}")
            }
        }
    }
}

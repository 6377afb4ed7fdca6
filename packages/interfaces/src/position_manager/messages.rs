//! What it is told and asked.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Addr, Decimal, Empty, Uint128};
use cw20::Cw20ReceiveMsg;
use glidepath_risk::Value;

use super::{
    AssetParams, AssetResponse, ConfigResponse, DueResponse, Known, LiquidationPrice, OwnerOrder,
    OwnerOrderResponse, Params, PositionResponse, PositionRow, PreviewOrderResponse, PreviewTakeoverResponse,
    PreviewUpdateResponse, SellableResponse, TimeToLiquidation,
};
use crate::admin::{Ownership, OwnershipMsg};
use crate::asset::Amount;
use crate::auction::{Mode, SaleTerms, TryPrice};
use crate::{AssetId, Peers};

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
    /// *Auction only.* A fill has ended the position's sale, for [`Next::End`] was the answer to it. Vault and auction know.
    ///
    /// [`Next::End`]: super::Next::End
    TargetMet {
        /// Position.
        position: u64,
        /// Its maintenance health after the fill; without it nothing is owed.
        health: Option<Decimal>,
    },
    /// *Owner of the position.* Offers it to somebody, who becomes its owner by `TakePosition`; or takes an offer back. What is
    /// on call or on sale of it stays so.
    OfferPosition {
        /// Position.
        position: u64,
        /// To whom; nobody any more if not said.
        to: Option<String>,
        /// Until when, in unix seconds; for a week if not said.
        expires_at: Option<u64>,
    },
    /// *To whom it was offered.* Takes a position over, with what it holds and owes at that moment.
    TakePosition {
        /// Position.
        position: u64,
        /// Least USD that its collateral is worth more than its debts, at prices that are good for borrowing, the lower of last
        /// and smoothed of a collateral and the higher of a debt. Its owner can take out of it, and borrow, until then.
        min_equity: Option<Value>,
    },
    /// *Owner of the position.* What he asks for from the next second on, instead of what he asked for before: in which order
    /// collaterals are sold, and a sale of his own. One that runs goes on as it was asked for in this second, and ends with the
    /// next touch after it.
    SetOrder {
        /// Position.
        position: u64,
        /// All of it; empty: nothing.
        order: OwnerOrder,
    },
    /// *Payable (coins, or the cw20 `Send` hook with this message inside).* Makes the sender the owner of a position whose lot
    /// anybody may bid for right now. He pays, in the debt on sale, its equity less what the auction would cost right now, which
    /// is credited to the old owner's account with the vault, and the penalty of that. Then his actions run as by `Update`, and
    /// initial margin must be met. The sale and its distress end. The payment is what both take; of the debt on sale the rest is
    /// returned.
    Takeover {
        /// Position.
        position: u64,
        /// Most base units of the debt on sale to pay for it, beside what the actions take.
        max_pay: Uint128,
        /// At least one, in this order.
        actions: Vec<Action>,
    },
    /// *Owner of the position.* Says whether it may be taken over while it is sold softly; in a close-out it always may. A
    /// refusal counts from the next second on, and until the position has another owner.
    SetTakeover {
        /// Position.
        position: u64,
        /// May it?
        allowed: bool,
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
    /// cw20 hook: `Update` or `Takeover` inside.
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
    /// A sale that the owner asked for became a forced one.
    Forced {},
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
            Advanced::Forced {} => "forced",
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
    /// For each collateral and each debt whose price alone can make the position liquidatable, how far away that price is: in
    /// standard deviations, in time, and how likely it is to be touched. For warning and comparing; no rule reads it, and
    /// prices that move together are told one by one. The most likely first.
    #[returns(Vec<TimeToLiquidation>)]
    TimeToLiquidation {
        /// Position.
        position: u64,
        /// Seconds to look ahead, a day if not said.
        within: Option<u64>,
    },
    /// What an `update` would do, before signing.
    #[returns(PreviewUpdateResponse)]
    PreviewUpdate {
        /// Which; a new one if not said.
        position: Option<u64>,
        /// In this order.
        actions: Vec<Action>,
    },
    /// What the owner of a position asks for.
    #[returns(OwnerOrderResponse)]
    Order {
        /// Position.
        position: u64,
    },
    /// What an order would sell and cost, and what doing nothing would.
    #[returns(PreviewOrderResponse)]
    PreviewOrder {
        /// Position.
        position: u64,
        /// As it would be set.
        order: OwnerOrder,
    },
    /// What a `Takeover` would do, before signing.
    #[returns(PreviewTakeoverResponse)]
    PreviewTakeover {
        /// Position.
        position: u64,
        /// By whom; anybody but its owner if not said.
        taker: Option<String>,
        /// In this order; without one the answer says what is missing.
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
        /// Records that the auction has read for its own question; read here if not said.
        known: Option<Known>,
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

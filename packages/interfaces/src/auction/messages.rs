//! What it is told, asked, and answers.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Addr, Decimal, Decimal256, Uint128};
use cw20::Cw20ReceiveMsg;
use glidepath_risk::queue::Backlog;
use glidepath_risk::{Price, Value};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EndReason, LotCause, Mode, Offer, RunningTerms, Sale, SaleTerms};
use crate::admin::{Ownership, OwnershipMsg};
use crate::position_manager::Refusal;
use crate::{AssetId, Peers};

/// Creation.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct InstantiateMsg {
    /// The chain's governance account.
    pub owner: String,
    /// The suite.
    pub peers: Peers<String>,
    /// Terms of sales.
    pub terms: SaleTerms,
}

/// Messages.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ExecuteMsg {
    /// *Payable (coins, or the cw20 `Send` hook with this message inside).* Buys from the lot of a position what
    /// the payment buys at the price of this moment, and refunds the rest. The auction's only open message.
    Bid {
        /// Position.
        position: u64,
        /// Most debt base units per whole collateral token. Change that would not buy one base unit of the collateral is kept
        /// beside it, up to a millionth of the payment, and repays.
        max_price: Decimal256,
        /// Who gets the collateral; the sender if not said. Never a contract of the suite.
        recipient: Option<String>,
        /// Fewest collateral base units.
        min_received: Option<Uint128>,
    },
    /// *Position manager.* Opens a sale. Its first lot starts at once, but not in the block in which the breach was
    /// first seen.
    Open {
        /// Position.
        position: u64,
        /// How urgent.
        mode: Mode,
        /// Health to reach under target weights.
        target: Decimal,
        /// Part of the way to the frontier that its soft fills may go in their discount.
        eta: Decimal,
        /// When the breach was first seen.
        breach_seen_at: u64,
        /// First lot.
        offer: Offer,
    },
    /// *Position manager.* Schedules another lot.
    StartLot {
        /// Position.
        position: u64,
        /// Why.
        cause: LotCause,
        /// Lot.
        offer: Offer,
    },
    /// *Position manager.* Puts a sale whose lot is over to sleep.
    Sleep {
        /// Position.
        position: u64,
    },
    /// *Position manager.* Ends a sale.
    End {
        /// Position.
        position: u64,
        /// Why.
        reason: EndReason,
    },
    /// *Owner.* Terms of sales that open from now on.
    SetTerms {
        /// Terms.
        terms: SaleTerms,
    },
    /// Two-step transfer of the contract.
    UpdateOwnership(OwnershipMsg),
    /// cw20 hook: `Bid` inside.
    Receive(Cw20ReceiveMsg),
}

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
#[serde(deny_unknown_fields)]
pub enum QueryMsg {
    /// Peers and terms.
    #[returns(ConfigResponse)]
    Config {},
    /// A running sale.
    #[returns(SaleResponse)]
    Sale {
        /// Position.
        position: u64,
    },
    /// Running sales in order of their positions.
    #[returns(Vec<SaleResponse>)]
    Sales {
        /// Only those that sell this now.
        collateral: Option<AssetId>,
        /// Position after which to start.
        start_after: Option<u64>,
        /// Rows, 20 if not said, at most 100.
        limit: Option<u32>,
    },
    /// To the unit what `bid` would do in this block.
    #[returns(PreviewBidResponse)]
    PreviewBid {
        /// Position.
        position: u64,
        /// Debt base units; all that may be bought if not said.
        pay: Option<Uint128>,
        /// Prices to try instead of the records.
        prices: Option<Vec<TryPrice>>,
    },
    /// Price of the running lot at a time, for the oracle prices of now.
    #[returns(PriceAtResponse)]
    PriceAt {
        /// Position.
        position: u64,
        /// Unix seconds.
        time: u64,
    },
    /// The queue of a collateral's lots in forced sales, and when it would admit a lot.
    #[returns(QueueResponse)]
    Queue {
        /// Collateral.
        collateral: AssetId,
        /// USD that the lot would draw; as much as the largest if not said.
        draw: Option<Value>,
    },
    /// Owner and proposed owner.
    #[returns(Ownership<Addr>)]
    Ownership {},
}

/// A price to try in a preview.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct TryPrice {
    /// Asset.
    pub asset: AssetId,
    /// USD per whole token.
    pub price: Price,
}

/// Peers and terms.
#[cw_serde]
pub struct ConfigResponse {
    /// The suite.
    pub peers: Peers<Addr>,
    /// Terms of sales that open from now on.
    pub terms: SaleTerms,
}

/// A running sale.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct SaleResponse {
    /// Position.
    pub position: u64,
    /// What changes.
    pub sale: Sale,
    /// What does not.
    pub terms: RunningTerms,
    /// Multiplier of the curve now, while the lot is alive.
    pub multiplier: Option<Decimal>,
    /// Last second of the lot's life as far as is known now: an outage or a stop moves it. None once it is over.
    pub last: Option<u64>,
}

/// The queue of a collateral's lots.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct QueueResponse {
    /// What was put on sale and not taken up yet, when a lot last started.
    pub backlog: Backlog,
    /// What that means now, under the terms of sales that open now; none where every lot starts at once.
    pub now: Option<QueueNow>,
}

/// A queue at this moment.
#[cw_serde]
pub struct QueueNow {
    /// USD left in it.
    pub left: Value,
    /// Most USD that may be in it.
    pub burst: Value,
    /// USD that it drains at, an hour.
    pub rate: Value,
    /// From when on it admits the lot, in unix seconds, if no other starts before.
    pub admits_at: u64,
}

/// What a bid would do.
#[cw_serde]
pub enum PreviewBidResponse {
    /// It would fill.
    Fills(BidPreview),
    /// It would be refused.
    Refused(Refusal),
    /// No lot is alive.
    NoLot {
        /// When the scheduled lot starts, if there is one.
        starts_at: Option<u64>,
    },
}

/// A fill before it happens.
#[cw_serde]
pub struct BidPreview {
    /// Collateral base units delivered.
    pub sold: Uint128,
    /// Debt base units kept.
    pub paid: Uint128,
    /// Debt base units returned.
    pub refund: Uint128,
    /// Debt base units that repay.
    pub repaid: Uint128,
    /// Debt base units of penalty.
    pub penalty: Uint128,
    /// Debt base units per whole collateral token.
    pub price: Decimal256,
    /// The price as a multiple of the oracle's.
    pub multiplier: Decimal,
    /// Maintenance health before.
    pub health_before: Decimal,
    /// Maintenance health after; none when no debt is left.
    pub health_after: Option<Decimal>,
    /// Does the fill clear the lot?
    pub clears_lot: bool,
    /// When the prices used were published.
    pub published_at: u64,
}

/// A future price.
#[cw_serde]
pub struct PriceAtResponse {
    /// Multiplier after the soft floor at the live health.
    pub multiplier: Decimal,
    /// Debt base units per whole collateral token.
    pub price: Decimal256,
}

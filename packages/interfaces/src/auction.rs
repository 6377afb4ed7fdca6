//! The liquidation auction: the sale of each distressed position, its lots and their clocks, and bids.

mod queue;

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Addr, Decimal, Decimal256, Uint128};
use cw20::Cw20ReceiveMsg;
use glidepath_risk::curve::{Curve, CurveTerms, Learning};
use glidepath_risk::math::mul_div_256;
use glidepath_risk::pause::{Life, Pauses};
use glidepath_risk::queue::{Backlog, QueueTerms};
use glidepath_risk::{Price, RiskResult, Rounding, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::queue::{backlog, Line, LotStart, BACKLOGS};
use crate::admin::{Ownership, OwnershipMsg};
use crate::position_manager::Refusal;
use crate::record::{record, PublishedItem, PublishedMap};
use crate::{AssetId, Peers};

// ---------------------------------------------------------------- published records

/// Terms of sales that open from now on.
pub const TERMS: PublishedItem<SaleTerms> = PublishedItem::new("terms");
/// Terms of running sales by position: copied at opening, never changed, stored apart from what changes.
pub const SALE_TERMS: PublishedMap<u64, RunningTerms> = PublishedMap::new("sale_terms");
/// Running sales by position.
pub const SALES: PublishedMap<u64, Sale> = PublishedMap::new("sale");

record!(SaleTerms, "sale terms", 1);
record!(RunningTerms, "running terms", 1);
record!(Sale, "sale", 1);

/// How urgent a sale is.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Mode {
    /// Small lots, gentle curve, low penalty, soft floor.
    Soft,
    /// Larger lots, steeper curve, higher penalty.
    CloseOut,
}

impl std::fmt::Display for Mode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Mode::Soft => "soft",
            Mode::CloseOut => "close_out",
        })
    }
}

/// Terms of one mode.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct ModeTerms {
    /// How the price descends.
    pub curve: CurveTerms,
    /// Penalty on repaid debt.
    pub penalty: Decimal,
    /// Part of the market's price that a lot may move: a lot is `depth_1% · tolerance / 1 %`.
    pub tolerance: Decimal,
    /// Smallest lot.
    pub lot_min: Value,
    /// Largest lot.
    pub lot_max: Value,
    /// Seconds from scheduling a lot to its start; the first lot of a sale does not wait for it.
    pub spacing: u64,
}

/// Terms of a sale.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct SaleTerms {
    /// While soft.
    pub soft: ModeTerms,
    /// In close-out.
    pub close_out: ModeTerms,
    /// Where a lot starts after a fill.
    pub learning: Learning,
}

impl ModeTerms {
    /// USD of a full lot in a market of this depth: `clamp(depth · tolerance / 1 %, lot_min, lot_max)`, rounded down. With a
    /// depth of $1,000,000 and a tolerance of .5 %, $500,000.
    pub fn lot_size(&self, depth: Value) -> RiskResult<Value> {
        let percents = self.tolerance.checked_mul(Decimal::from_ratio(100u128, 1u128))?;
        let size = depth.times(percents, Rounding::Down)?;
        Ok(size.max(self.lot_min).min(self.lot_max))
    }
}

impl SaleTerms {
    /// Terms of a mode.
    pub fn of(&self, mode: Mode) -> &ModeTerms {
        match mode {
            Mode::Soft => &self.soft,
            Mode::CloseOut => &self.close_out,
        }
    }

    /// USD of the largest lot of all modes in a market of this depth.
    pub fn largest_lot(&self, depth: Value) -> RiskResult<Value> {
        Ok(self.soft.lot_size(depth)?.max(self.close_out.lot_size(depth)?))
    }
}

/// What never changes about a running sale.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct RunningTerms {
    /// Copied at opening.
    pub terms: SaleTerms,
    /// When the breach was first seen, in unix seconds.
    pub breach_seen_at: u64,
    /// When the sale was opened.
    pub opened_at: u64,
}

/// What changes about a running sale.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct Sale {
    /// How urgent.
    pub mode: Mode,
    /// Health to reach under target weights.
    pub target: Decimal,
    /// Penalty in force: the mode's, none from the third pass of a close-out on.
    pub penalty: Decimal,
    /// Part of the way to the frontier that its soft fills may go in their discount: the position manager's `eta` when it
    /// opened.
    pub eta: Decimal,
    /// Collateral on sale.
    pub collateral: AssetId,
    /// Debt that it repays.
    pub debt: AssetId,
    /// Pass of a close-out: 0 not below LTV, 1 down to the floor, from 2 on without a penalty.
    pub pass: u8,
    /// Lots in a row of which nothing was sold.
    pub unsold: u8,
    /// The lot on sale or scheduled; none between lots and asleep.
    pub lot: Option<Lot>,
    /// Price reached by the last fill.
    pub last: Option<Reached>,
    /// First fill, in unix seconds.
    pub first_fill_at: Option<u64>,
    /// Since when it sleeps.
    pub asleep_since: Option<u64>,
}

/// One lot.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct Lot {
    /// Collateral base units at its start. A last lot has room for lower prices, at which more must be sold to reach
    /// the target: what may be bought at a price is what the position manager says, at most `left`.
    pub amount: Uint128,
    /// Collateral base units left; none of a lot that is done.
    pub left: Uint128,
    /// First second of its life.
    pub start_at: u64,
    /// Last second of its life, if neither an outage nor a stop falls into it; a lot does not rest at the floor of its
    /// terms.
    pub ends_at: u64,
    /// Multiplier over time. Once the soft floor held up the price of a fill, it falls no lower than that price: later
    /// pieces of the same lot cost no less.
    pub curve: Curve,
    /// Follows a cleared lot of the same sale within a lot's life: its first fill asks no more than health below
    /// the target.
    pub follows: bool,
    /// What it still takes up of its collateral's queue; one that starts over on the same collateral keeps it.
    pub draw: Option<Draw>,
}

/// What a lot has drawn from a queue and not sold yet.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct Draw {
    /// USD.
    pub value: Value,
    /// Base units that it was drawn for.
    pub amount: Uint128,
}

impl Draw {
    /// What is left of it when `sold` base units of its lot are: none where that is all that it was drawn for. Rounded
    /// down, so that no more is given back than was drawn.
    pub fn less(&self, sold: Uint128) -> RiskResult<Option<Draw>> {
        let amount = self.amount.saturating_sub(sold);
        if amount.is_zero() {
            return Ok(None);
        }
        let value = mul_div_256(
            self.value.0.atomics(),
            amount.into(),
            self.amount.into(),
            Rounding::Down,
        )?;
        Ok(Some(Draw {
            value: Value(Decimal256::new(value)),
            amount,
        }))
    }
}

impl Lot {
    /// May it be bought at `now`, if its fills are not stopped? `pauses` are those of the two assets on sale.
    pub fn is_alive(&self, pauses: &[Pauses; 2], now: u64) -> bool {
        !self.left.is_zero() && self.life().is_alive(pauses, now)
    }

    /// Is it sold, or its life over?
    pub fn is_over(&self, pauses: &[Pauses; 2], now: u64) -> bool {
        self.left.is_zero() || self.life().is_over(pauses, now)
    }

    /// Its life as it was fixed at its start.
    pub fn life(&self) -> Life {
        Life {
            start_at: self.start_at,
            ends_at: self.ends_at,
        }
    }

    /// Has nothing of it been sold?
    pub fn is_untouched(&self) -> bool {
        self.left == self.amount
    }

    /// Is more than half of it left? A pair that finds so few buyers makes way for the one behind it.
    pub fn is_mostly_left(&self) -> bool {
        self.left > self.amount.saturating_sub(self.left)
    }
}

impl Sale {
    /// Must the position be below maintenance for the next fill? For the first one of a lot, unless the lot follows a cleared
    /// one; and for the first one after a lot stood still, unless something was sold at most a lot's life before it went on.
    pub fn needs_breach(&self, lot: &Lot, pauses: &[Pauses; 2], now: u64) -> bool {
        let life = lot.life();
        let resumed_at = life.resumed_at(pauses, now);
        let length = lot.ends_at.saturating_sub(lot.start_at);
        let is_stale = |fill: &Reached| resumed_at.saturating_sub(fill.at) > length;
        let has_stood = resumed_at > lot.start_at;
        let first = lot.is_untouched() && !lot.follows;
        first || (has_stood && self.last.as_ref().is_none_or(is_stale))
    }
}

/// A multiplier and when it was reached.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct Reached {
    /// Price as a multiple of the oracle's.
    pub multiplier: Decimal,
    /// Unix seconds.
    pub at: u64,
}

/// What the position manager offers for sale; the auction makes a lot of it.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// Collateral to sell.
    pub collateral: AssetId,
    /// Debt that it repays.
    pub debt: AssetId,
    /// What may be sold now at the oracle price.
    pub value: Value,
    /// The same in collateral base units.
    pub amount: Uint128,
    /// USD that moves the collateral's market by 1 %.
    pub depth: Value,
    /// How calm the collateral's market is: `min(1, σ_ref/σ)`.
    pub calm: Decimal,
    /// The collateral's queue, if it has one.
    pub queue: Option<QueueTerms>,
    /// A lot that would leave less than this (in collateral base units) is cleared.
    pub min_left: Uint128,
}

/// Why a lot starts.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(Copy, Eq)]
pub enum LotCause {
    /// The one before was cleared, or its pair is done.
    Next,
    /// The one before expired.
    Restart,
    /// The sale became a close-out.
    Escalate,
    /// The sale slept.
    Wake,
    /// Prices fell far: the running lot starts again, from the price reached.
    Refresh,
}

impl std::fmt::Display for LotCause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            LotCause::Next => "next",
            LotCause::Restart => "restart",
            LotCause::Escalate => "escalate",
            LotCause::Wake => "wake",
            LotCause::Refresh => "refresh",
        })
    }
}

/// Why a sale ends.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(Copy, Eq)]
pub enum EndReason {
    /// Target health is reached, or nothing is owed.
    TargetMet,
    /// Back above maintenance before anything was sold.
    Cured,
    /// Debt is left and nothing to sell.
    WrittenOff,
    /// Asleep for too long.
    SleptAway,
    /// The owner of the contracts ended it; what it was for is judged anew.
    Governance,
}

impl std::fmt::Display for EndReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            EndReason::TargetMet => "target_met",
            EndReason::Cured => "cured",
            EndReason::WrittenOff => "written_off",
            EndReason::SleptAway => "slept_away",
            EndReason::Governance => "governance",
        })
    }
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
        /// Most debt base units per whole collateral token.
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

// ---------------------------------------------------------------- queries

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

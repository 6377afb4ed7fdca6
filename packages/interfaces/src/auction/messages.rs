//! What it is told, asked, and answers.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Addr, Binary, Decimal, Decimal256, Uint128};
use cw20::Cw20ReceiveMsg;
use cw_asset::AssetInfo;
use glidepath_risk::queue::Backlog;
use glidepath_risk::{Price, Value};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BookResponse, EndReason, LotCause, Mode, Offer, OrderResponse, RunningTerms, Sale, SaleTerms};
use crate::admin::{Ownership, OwnershipMsg};
use crate::asset::Amount;
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
// One lives at a time; a box would only be in the way.
#[allow(clippy::large_enum_variant)]
pub enum ExecuteMsg {
    /// *Payable (coins, or the cw20 `Send` hook with this message inside).* Buys from the lot of a position what
    /// the payment buys at the price of this moment, and refunds the rest.
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
        /// What pays instead of coins that come with the message.
        pay: Option<Pay>,
    },
    /// *Payable, as `Bid` is.* Buys from several lots in this order, with one payment in one asset. A bid that can't be filled
    /// (its lot is over, too dear, of another debt) is passed over, and the event `bid_passed_over` says why; if none can, the
    /// message fails.
    BidMany {
        /// 1 to 64, each of another position.
        bids: Vec<BidItem>,
        /// Who gets the collateral; the sender if not said. Never a contract of the suite.
        recipient: Option<String>,
        /// What of the sender's account pays at most, instead of coins that come with the message. The collateral goes into the
        /// same account; there is no other recipient.
        account: Option<Amount>,
    },
    /// *Payable, as `Bid` is.* Places a standing order: it waits in the vault until a lot's price has fallen to its slot, and
    /// is active from the next block on. At an equal price orders come before bids.
    PlaceOrder {
        /// What it buys.
        collateral: AssetId,
        /// What it pays in.
        debt: AssetId,
        /// Slot: 0 pays 1.025 times the oracle's price, each further one .005 less, up to 15.
        slot: u8,
    },
    /// Takes an order out, with all that it has: what was not used and what it bought. Only its owner.
    CancelOrder {
        /// Number.
        order: u64,
        /// Who gets it; the sender if not said. Never a contract of the suite.
        recipient: Option<String>,
    },
    /// Takes out what an order has bought; it goes on with what is left of it. Only its owner.
    ClaimOrder {
        /// Number.
        order: u64,
        /// Who gets it; the sender if not said. Never a contract of the suite.
        recipient: Option<String>,
    },
    /// Has the dearest orders whose price the lot of a position has reached buy from it. Anybody may, for half of the keepers'
    /// part of the penalty.
    Match {
        /// Position.
        position: u64,
    },
    /// Has the insurance fund buy, with its stakers' shares, from a lot that is over and of which nothing was sold, if nothing
    /// was of the two before it either: at the lowest price that the lot had, as much as its rule leaves. Anybody may, while
    /// neither price is stopped, out or doubtful.
    Backstop {
        /// Position.
        position: u64,
    },
    /// *The auction itself.* A bid behind the orders that came before it.
    Resume(Resume),
    /// *Owner.* The smallest standing order in a debt asset.
    SetMinOrder {
        /// Debt asset.
        debt: AssetId,
        /// Base units; no order is taken if not said (those that are there stay).
        amount: Option<Uint128>,
    },
    /// *Owner.* Who alone may bid for a collateral's lots, but for those of close-outs, in the first seconds of their lives;
    /// standing orders that pay as much come first all the same. In force for lots that start from now on; who is listed, at once.
    SetBidders {
        /// Collateral.
        collateral: AssetId,
        /// Seconds, at most 60; a lot reserves no more than a quarter of its life. With 0 nothing is reserved.
        reserved: u64,
        /// All of them, at most 64, instead of those before; at least one where seconds are reserved.
        bidders: Vec<String>,
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
        /// Deepest discount of a sale that is asked for; the terms' alone if not said.
        max_discount: Option<Decimal>,
        /// When the breach was first seen, or the sale asked for.
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
    /// cw20 hook: `Bid`, `BidMany` or `PlaceOrder` inside.
    Receive(Cw20ReceiveMsg),
}

/// What pays for a bid, other than coins that come with it.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum Pay {
    /// What the sender set aside in his account with the vault, up to so much of this asset. The collateral goes into the same
    /// account; there is no other recipient, and no coin moves.
    Account(Amount),
    /// What the collateral brings: it is sent to the recipient, then the sender, a contract, is called by the vault with
    /// [`CallbackMsg`](crate::vault::CallbackMsg) and has to pay the ticket before it returns.
    Callback {
        /// Most debt base units that it wants to owe; whatever may be bought if not said.
        max: Option<Uint128>,
        /// For the sender.
        msg: Binary,
    },
}

/// A bid behind orders that came before it.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Resume {
    /// The bid, as one of several.
    pub bid: BidItem,
    /// Who bid.
    pub bidder: String,
    /// Who gets the collateral.
    pub recipient: String,
    /// What came with it.
    pub coins: Option<Coins>,
    /// What pays instead.
    pub pay: Option<Pay>,
    /// Slots that were served so far.
    pub served: u8,
}

/// A payment that is here.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Coins {
    /// Denom or token.
    pub info: AssetInfo,
    /// Base units.
    pub amount: Uint128,
}

/// One of several bids.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct BidItem {
    /// Position.
    pub position: u64,
    /// Most debt base units per whole collateral token.
    pub max_price: Decimal256,
    /// Most debt base units; as much as is left of the payment if not said.
    pub max_pay: Option<Uint128>,
    /// Fewest collateral base units.
    pub min_received: Option<Uint128>,
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
        /// Who would bid; anybody who is not listed, if not said.
        bidder: Option<String>,
    },
    /// To the unit what `backstop` would do in this block.
    #[returns(PreviewBackstopResponse)]
    PreviewBackstop {
        /// Position.
        position: u64,
    },
    /// The lots that may be bought or are scheduled, the best first: the lowest multiple of the oracle's price. A page is of 20
    /// sales at most, in order of their positions, whether each has such a lot or not, and is sorted by itself: who wants the
    /// best of all takes all pages.
    #[returns(OpenLotsResponse)]
    OpenLots {
        /// Only those that sell this.
        collateral: Option<AssetId>,
        /// Only those that take this.
        debt: Option<AssetId>,
        /// Who would bid; anybody who is not listed, if not said.
        bidder: Option<String>,
        /// Debt base units to spend on those of the page, the best first. Say `debt`, too: they are of that asset.
        funds: Option<Uint128>,
        /// Seconds after which the price is asked for as well.
        ahead: Option<u64>,
        /// Position after which to start.
        start_after: Option<u64>,
        /// Sales, from 1 to 20; 20 if not said.
        limit: Option<u32>,
    },
    /// Who alone may buy from the soft lots of a collateral at first.
    #[returns(BiddersResponse)]
    Bidders {
        /// Collateral.
        collateral: AssetId,
    },
    /// Price of the running lot at a time, for the oracle prices of now.
    #[returns(PriceAtResponse)]
    PriceAt {
        /// Position.
        position: u64,
        /// Unix seconds.
        time: u64,
    },
    /// A standing order.
    #[returns(OrderResponse)]
    Order {
        /// Number.
        order: u64,
    },
    /// Somebody's standing orders in order of their numbers.
    #[returns(Vec<OrderResponse>)]
    Orders {
        /// Whose.
        owner: String,
        /// Number after which to start.
        start_after: Option<u64>,
        /// Rows, 20 if not said, at most 100.
        limit: Option<u32>,
    },
    /// The standing orders of a pair by slot.
    #[returns(BookResponse)]
    Book {
        /// What they buy.
        collateral: AssetId,
        /// What they pay in.
        debt: AssetId,
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
    /// Standing orders come first, and change what is left to buy. A bid serves the two dearest slots of them before itself;
    /// where there are more, or to know what it will get, `match` them first.
    OrdersFirst {
        /// Slot.
        slot: u8,
        /// The multiple of the oracle's price that they pay.
        multiplier: Decimal,
    },
    /// The lot is for listed bidders only, and this is none.
    Reserved {
        /// From when on it is for everybody.
        until: u64,
    },
    /// No lot is alive.
    NoLot {
        /// When the scheduled lot starts, if there is one.
        starts_at: Option<u64>,
    },
}

/// What the backstop would do.
#[cw_serde]
pub enum PreviewBackstopResponse {
    /// The fund would buy: what it delivers goes to its stakers.
    Buys(BidPreview),
    /// It would be refused.
    Refused(Refusal),
    /// It is not due.
    NotDue {
        /// Lots in a row of which nothing was sold, the one on sale included if it is over.
        unsold: u8,
        /// As many there must be.
        needed: u8,
    },
    /// A price is stopped or doubtful.
    Stopped {
        /// Whose.
        asset: AssetId,
        /// Until when; nobody knows of an outage.
        until: Option<u64>,
    },
    /// The lot costs more than the smoothed prices say.
    AboveAverage {
        /// Its price of the collateral as a multiple of the smoothed one.
        pays: Decimal256,
        /// The same of the debt's price: most that is paid.
        most: Decimal256,
    },
    /// Standing orders pay as much: the next lot is for them.
    OrdersFirst {
        /// Slot.
        slot: u8,
        /// The multiple of the oracle's price that they pay.
        multiplier: Decimal,
    },
    /// The fund has no rule for the pair, or nobody has staked.
    None {},
    /// This epoch's rule leaves less than a fill.
    UsedUp {
        /// Debt base units that it leaves.
        pay: Uint128,
        /// Collateral base units that it leaves.
        take: Uint128,
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

/// A page of lots.
#[cw_serde]
pub struct OpenLotsResponse {
    /// The best first.
    pub lots: Vec<OpenLot>,
    /// Position after which the next page starts; none behind the last one.
    pub next: Option<u64>,
}

/// A lot that may be bought, or will be.
#[cw_serde]
pub struct OpenLot {
    /// Position.
    pub position: u64,
    /// What it sells.
    pub collateral: AssetId,
    /// What it takes.
    pub debt: AssetId,
    /// How urgent the sale is.
    pub mode: Mode,
    /// First second of its life.
    pub start_at: u64,
    /// Last second, as far as is known now.
    pub last: u64,
    /// What a bid for all of it would do now.
    pub now: PreviewBidResponse,
    /// Its price after the seconds that were asked for, for the oracle prices and the health of now; none outside of its life
    /// or where nothing may be sold.
    pub ahead: Option<PriceAtResponse>,
    /// What is left of the funds for it buys this; none where nothing is left, or nothing can be bought now.
    pub gets: Option<BidPreview>,
}

/// Who alone may buy at first.
#[cw_serde]
pub struct BiddersResponse {
    /// First seconds of a soft lot's life.
    pub reserved: u64,
    /// All of them.
    pub bidders: Vec<Addr>,
}

/// A future price.
#[cw_serde]
pub struct PriceAtResponse {
    /// Multiplier after the soft floor at the live health.
    pub multiplier: Decimal,
    /// Debt base units per whole collateral token.
    pub price: Decimal256,
}

//! Events of the liquidation auction.

use cosmwasm_std::{Addr, Decimal, Decimal256, Uint128};
use glidepath_risk::Value;

use crate::events::events;
use crate::AssetId;

events! { "liquidation-auction";
    /// A sale was opened.
    SaleOpened = "sale_opened" {
        /// Position.
        position: u64,
        /// `soft` or `close_out`.
        mode: String,
        /// Collateral on sale.
        collateral: AssetId,
        /// Debt that it repays.
        debt: AssetId,
        /// Target health.
        target: Decimal,
        /// When the breach was first seen.
        breach_seen_at: u64,
        /// Now.
        opened_at: u64,
    }
    /// A lot was scheduled.
    LotStarted = "lot_started" {
        /// Position.
        position: u64,
        /// `open`, `next`, `restart`, `escalate`, `wake` or `refresh`.
        cause: String,
        /// `soft` or `close_out`.
        mode: String,
        /// Pass of a close-out, from 0.
        pass: u8,
        /// Collateral on sale.
        collateral: AssetId,
        /// Debt that it repays.
        debt: AssetId,
        /// Collateral base units.
        amount: Uint128,
        /// First second in which it may be bought.
        start_at: u64,
        /// Last second.
        ends_at: u64,
        /// Multiplier at the start.
        from: Decimal,
        /// Multiplier at the end.
        to: Decimal,
        /// Follows a cleared lot within a lot's life: its first fill asks no more than health below the target.
        follows: bool,
        /// USD that it takes up of its collateral's queue.
        draw: Option<Value>,
        /// First seconds in which only listed bidders may buy.
        reserved: Option<u64>,
    }
    /// A lot was cleared, and the queue is too full for the next: it starts when the position is advanced.
    LotWaits = "lot_waits" {
        /// Position.
        position: u64,
        /// Collateral.
        collateral: AssetId,
        /// From when on it is admitted if no other lot starts before.
        until: u64,
    }
    /// What a collateral's queue holds changed: a lot started, or ended before its time.
    BacklogChanged = "backlog_changed" {
        /// Collateral.
        collateral: AssetId,
        /// `distress`.
        line: &'static str,
        /// USD at `at`.
        value: Value,
        /// Unix seconds.
        at: u64,
    }
    /// A bid was filled.
    Filled = "filled" {
        /// Position.
        position: u64,
        /// Who paid.
        bidder: Addr,
        /// Who got the collateral.
        recipient: Addr,
        /// Collateral sold.
        collateral: AssetId,
        /// Debt repaid.
        debt: AssetId,
        /// Collateral base units.
        sold: Uint128,
        /// Debt base units paid, penalty included.
        paid: Uint128,
        /// Debt base units that repaid.
        repaid: Uint128,
        /// Debt base units of penalty.
        penalty: Uint128,
        /// Debt base units per whole collateral token.
        price: Decimal256,
        /// The price as a multiple of the oracle's.
        multiplier: Decimal,
        /// `soft` or `close_out`.
        mode: String,
        /// Pass of a close-out, from 0.
        pass: u8,
        /// Maintenance health before.
        health_before: Decimal,
        /// Maintenance health after; without it no debt is left.
        health_after: Option<Decimal>,
        /// Collateral base units left in the lot.
        lot_left: Uint128,
        /// The sale's first fill.
        first_fill_at: Option<u64>,
    }
    /// A bid could not be filled, and undid nothing: one of several, or one behind orders that came before it.
    BidPassedOver = "bid_passed_over" {
        /// Position.
        position: u64,
        /// Who bid.
        bidder: Addr,
        /// Why.
        reason: String,
    }
    /// A standing order was placed.
    OrderPlaced = "order_placed" {
        /// Number.
        order: u64,
        /// Whose.
        owner: Addr,
        /// What it buys.
        collateral: AssetId,
        /// What it pays in.
        debt: AssetId,
        /// Slot.
        slot: u8,
        /// Debt base units.
        amount: Uint128,
    }
    /// What an order has bought was taken out.
    OrderClaimed = "order_claimed" {
        /// Number.
        order: u64,
        /// Whose.
        owner: Addr,
        /// Who got it.
        recipient: Addr,
        /// What it bought.
        collateral: AssetId,
        /// Collateral base units.
        gained: Uint128,
        /// Debt base units that go on waiting; the order is gone where there are none.
        left: Uint128,
    }
    /// An order was taken out.
    OrderCancelled = "order_cancelled" {
        /// Number.
        order: u64,
        /// Whose.
        owner: Addr,
        /// Who got what it had.
        recipient: Addr,
        /// What it bought.
        collateral: AssetId,
        /// What it paid in.
        debt: AssetId,
        /// Collateral base units.
        gained: Uint128,
        /// Debt base units that were not used.
        funds: Uint128,
    }
    /// The orders of a slot bought from a lot.
    OrdersMatched = "orders_matched" {
        /// Position.
        position: u64,
        /// Collateral.
        collateral: AssetId,
        /// Debt.
        debt: AssetId,
        /// Slot.
        slot: u8,
        /// Who matched them.
        keeper: Addr,
        /// Debt base units that are left in the slot.
        left: Uint128,
    }
    /// The smallest order in a debt asset was set.
    MinOrderSet = "min_order_set" {
        /// Debt asset.
        debt: AssetId,
        /// Debt base units; without it no orders are taken.
        amount: Option<Uint128>,
    }
    /// Who alone may buy from the soft lots of a collateral at first was set.
    BiddersSet = "bidders_set" {
        /// Collateral.
        collateral: AssetId,
        /// First seconds of a lot's life.
        reserved: u64,
        /// All of them, with commas between them; none if nobody is listed.
        bidders: Option<String>,
    }
    /// A sale fell asleep: its lot expired while the position was neither below maintenance nor at its target.
    SaleSlept = "sale_slept" {
        /// Position.
        position: u64,
        /// Now.
        at: u64,
    }
    /// A sale ended.
    SaleEnded = "sale_ended" {
        /// Position.
        position: u64,
        /// `target_met`, `cured`, `written_off`, `slept_away` or `governance`.
        reason: String,
        /// When the breach was first seen.
        breach_seen_at: u64,
        /// When it was opened.
        opened_at: u64,
        /// Its first fill.
        first_fill_at: Option<u64>,
        /// Now.
        ended_at: u64,
    }
    /// The terms of new sales changed.
    TermsSet = "terms_set" {
        /// Soft penalty.
        soft_penalty: Decimal,
        /// Close-out penalty.
        close_out_penalty: Decimal,
    }
    /// Ownership moved on.
    OwnershipUpdated = "ownership_updated" {
        /// Owner.
        owner: Option<Addr>,
        /// Proposed owner.
        pending_owner: Option<Addr>,
    }
}

//! Standing orders: capital that waits for lots at prices of its own.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Decimal, QuerierWrapper, Uint128};
use glidepath_risk::slot::{Ended, Mark, Order, Slot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::{ReadError, RecordMap};
use crate::AssetId;

/// Books of standing orders by collateral and debt.
pub const BOOKS: RecordMap<(&str, &str), Book> = RecordMap::new("book");
/// Slots by number of their book and their own.
pub const SLOTS: RecordMap<(u32, u8), Slot> = RecordMap::new("slot");
/// How runs of slots ended, by number of the run.
pub const ENDED: RecordMap<(u32, u8, u64), Ended> = RecordMap::new("slot_end");
/// Where orders began that were placed in a block in which the slot was used, by height.
pub const CHECKPOINTS: RecordMap<(u32, u8, u64), Mark> = RecordMap::new("slot_mark");
/// Orders by number.
pub const ORDERS: RecordMap<u64, Placed> = RecordMap::new("order");
/// Smallest orders, by name of the debt that they pay in.
pub const MIN_ORDERS: RecordMap<&str, MinOrder> = RecordMap::new("min_order");

crate::record!(Book, "book", 2);
crate::record!(Slot, "slot", 2);
crate::record!(Ended, "slot end", 2);
crate::record!(Mark, "slot mark", 2);
crate::record!(Placed, "order", 2);
crate::record!(MinOrder, "smallest order", 2);

/// Slots of a book. The first buys at a premium of 2.5 %, each further one half a per cent cheaper, the last at a discount of
/// 5 %: each takes the half per cent above it, from a premium of 3 % on.
pub const SLOTS_A_BOOK: u8 = 16;

/// The multiple of the oracle's price that orders of a slot pay; none beyond the last.
pub fn slot_multiplier(slot: u8) -> Option<Decimal> {
    (slot < SLOTS_A_BOOK).then(|| {
        Decimal::permille(1_025).saturating_sub(Decimal::permille(u64::from(slot).saturating_mul(5)))
    })
}

/// The orders of a pair.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
pub struct Book {
    /// Number.
    pub id: u32,
    /// A bit for each slot that holds enough to be matched, the first the lowest.
    pub open: u16,
}

impl Book {
    /// Does a slot hold enough to be matched?
    pub fn is_open(&self, slot: u8) -> bool {
        1u16.checked_shl(slot.into())
            .is_some_and(|bit| self.open & bit != 0)
    }

    /// Notes whether a slot does.
    pub fn set_open(&mut self, slot: u8, open: bool) {
        let bit = 1u16.checked_shl(slot.into()).unwrap_or_default();
        self.open = if open { self.open | bit } else { self.open & !bit };
    }

    /// Open slots that pay at least this multiple of the oracle's price, the dearest first.
    pub fn crossed(&self, multiplier: Decimal) -> impl Iterator<Item = (u8, Decimal)> + '_ {
        (0..SLOTS_A_BOOK)
            .filter(|slot| self.is_open(*slot))
            .filter_map(|slot| Some((slot, slot_multiplier(slot)?)))
            .filter(move |(_, pays)| *pays >= multiplier)
    }
}

/// What the dearest orders of a pair pay that pay at least this multiple of the oracle's price and may buy at `height`, by another
/// contract's reading; none where there are none. Those placed in this block may not, nor what is less than an order: they are in
/// front of nobody. An address without a contract answers the same, so read another record of the auction beside it.
pub fn dearest_order(
    querier: &QuerierWrapper,
    auction: &Addr,
    (collateral, debt): (&AssetId, &AssetId),
    multiplier: Decimal,
    height: u64,
) -> Result<Option<Decimal>, ReadError> {
    let book = BOOKS.may_query(querier, auction, (collateral.as_str(), debt.as_str()))?;
    let Some(book) = book else { return Ok(None) };
    let min = MIN_ORDERS.may_query(querier, auction, debt.as_str())?;
    let least = min.map_or(Uint128::one(), |min| min.least);
    for (nth, pays) in book.crossed(multiplier) {
        let slot = SLOTS
            .may_query(querier, auction, (book.id, nth))?
            .unwrap_or_default();
        // Funds that leave their range were never taken in.
        if slot.active(height).is_ok_and(|funds| funds >= least) {
            return Ok(Some(pays));
        }
    }
    Ok(None)
}

/// A standing order.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct Placed {
    /// Whose.
    pub owner: Addr,
    /// What it buys.
    pub collateral: AssetId,
    /// What it pays in.
    pub debt: AssetId,
    /// Slot.
    pub slot: u8,
    /// Its part of the slot.
    pub order: Order,
}

/// The smallest order that is taken.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct MinOrder {
    /// Debt base units; none is taken without it.
    pub amount: Option<Uint128>,
    /// The smallest that was ever taken.
    pub least: Uint128,
}

/// A standing order as it is now.
#[cw_serde]
pub struct OrderResponse {
    /// Number.
    pub order: u64,
    /// Whose.
    pub owner: Addr,
    /// What it buys.
    pub collateral: AssetId,
    /// What it pays in.
    pub debt: AssetId,
    /// Slot.
    pub slot: u8,
    /// The multiple of the oracle's price that it pays.
    pub multiplier: Decimal,
    /// Debt base units that were not used.
    pub funds: Uint128,
    /// Collateral base units that were bought and not claimed.
    pub gained: Uint128,
    /// First block in which it may be used.
    pub active_from: u64,
}

/// The orders of a pair.
#[cw_serde]
pub struct BookResponse {
    /// Smallest order in debt base units; none where no orders are taken.
    pub min_order: Option<Uint128>,
    /// Slots in which there are orders, the dearest first.
    pub slots: Vec<SlotResponse>,
}

/// The orders of a slot.
#[cw_serde]
pub struct SlotResponse {
    /// Number.
    pub slot: u8,
    /// The multiple of the oracle's price that they pay.
    pub multiplier: Decimal,
    /// Debt base units that may be used in this block.
    pub funds: Uint128,
    /// Debt base units that were placed in this block, and may be used in the next.
    pub pending: Uint128,
    /// Collateral base units that were bought and not claimed.
    pub gained: Uint128,
    /// Do they hold enough to be matched?
    pub open: bool,
}

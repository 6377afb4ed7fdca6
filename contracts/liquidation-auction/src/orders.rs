//! Standing orders as they are stored: the one place that knows in which records an order, its slot and what that has gone
//! through are.

use cosmwasm_std::{Addr, Storage, Uint128};
use cw_storage_plus::{Item, Map};
use glidepath_interfaces::auction::{
    Book, Placed, BOOKS, CHECKPOINTS, ENDED, MIN_ORDERS, ORDERS, SLOTS, SLOTS_A_BOOK,
};
use glidepath_interfaces::AssetId;
use glidepath_risk::slot::{Ended, Mark, Past, Slot};
use glidepath_risk::RiskError;

use crate::ContractError;

/// Number of the next book.
pub const NEXT_BOOK: Item<u32> = Item::new("next_book");
/// Number of the next order.
pub const NEXT_ORDER: Item<u64> = Item::new("next_order");
/// Orders by owner.
pub const BY_OWNER: Map<(&Addr, u64), cosmwasm_std::Empty> = Map::new("by_owner");

/// A slot of a book, loaded.
pub struct Open {
    collateral: AssetId,
    debt: AssetId,
    book: Book,
    nth: u8,
    was_open: bool,
    /// What it holds.
    pub slot: Slot,
}

/// What one slot has gone through.
pub struct Story<'a> {
    storage: &'a dyn Storage,
    book: u32,
    nth: u8,
}

impl Past for Story<'_> {
    type Error = ContractError;

    fn checkpoint(&self, height: u64) -> Result<Option<Mark>, ContractError> {
        Ok(CHECKPOINTS.may_load(self.storage, (self.book, self.nth, height))?)
    }

    fn ended(&self, run: u64) -> Result<Ended, ContractError> {
        Ok(ENDED.load(self.storage, (self.book, self.nth, run))?)
    }
}

/// The book of a pair; none where there never was an order.
pub fn book(
    storage: &dyn Storage,
    collateral: &AssetId,
    debt: &AssetId,
) -> Result<Option<Book>, ContractError> {
    Ok(BOOKS.may_load(storage, (collateral.as_str(), debt.as_str()))?)
}

/// The book of a pair, opened where there is none.
pub fn book_or_new(
    storage: &mut dyn Storage,
    collateral: &AssetId,
    debt: &AssetId,
) -> Result<Book, ContractError> {
    if let Some(book) = book(storage, collateral, debt)? {
        return Ok(book);
    }
    let id = NEXT_BOOK.may_load(storage)?.unwrap_or_default();
    NEXT_BOOK.save(storage, &id.checked_add(1).ok_or(RiskError::Overflow)?)?;
    let book = Book { id, open: 0 };
    BOOKS.save(storage, (collateral.as_str(), debt.as_str()), &book)?;
    Ok(book)
}

/// Stores an order under the next number.
pub fn add(storage: &mut dyn Storage, placed: &Placed) -> Result<u64, ContractError> {
    let number = NEXT_ORDER.may_load(storage)?.unwrap_or(1);
    NEXT_ORDER.save(storage, &number.checked_add(1).ok_or(RiskError::Overflow)?)?;
    ORDERS.save(storage, number, placed)?;
    BY_OWNER.save(storage, (&placed.owner, number), &cosmwasm_std::Empty {})?;
    Ok(number)
}

/// An order.
///
/// # Errors
/// `NoOrder`.
pub fn load(storage: &dyn Storage, number: u64) -> Result<Placed, ContractError> {
    ORDERS
        .may_load(storage, number)?
        .ok_or(ContractError::NoOrder { order: number })
}

/// Removes an order.
pub fn remove(storage: &mut dyn Storage, number: u64, placed: &Placed) {
    ORDERS.remove(storage, number);
    BY_OWNER.remove(storage, (&placed.owner, number));
}

/// The smallest order that was ever taken in a debt asset: what is less is dust.
pub fn least(storage: &dyn Storage, debt: &AssetId) -> Result<Uint128, ContractError> {
    let min = MIN_ORDERS.may_load(storage, debt.as_str())?;
    Ok(min.map_or(Uint128::one(), |min| min.least))
}

/// Fewest debt base units of a new order; none where no orders are taken.
pub fn min_order(storage: &dyn Storage, debt: &AssetId) -> Result<Option<Uint128>, ContractError> {
    Ok(MIN_ORDERS
        .may_load(storage, debt.as_str())?
        .and_then(|min| min.amount))
}

impl Open {
    /// A slot of a book.
    ///
    /// # Errors
    /// `NoSlot`.
    pub fn load(
        storage: &dyn Storage,
        collateral: &AssetId,
        debt: &AssetId,
        book: Book,
        nth: u8,
    ) -> Result<Self, ContractError> {
        if nth >= SLOTS_A_BOOK {
            return Err(ContractError::NoSlot {
                slot: nth,
                last: SLOTS_A_BOOK.saturating_sub(1),
            });
        }
        Ok(Open {
            collateral: collateral.clone(),
            debt: debt.clone(),
            slot: SLOTS.may_load(storage, (book.id, nth))?.unwrap_or_default(),
            was_open: book.is_open(nth),
            book,
            nth,
        })
    }

    /// The slot of an order.
    pub fn of(storage: &dyn Storage, placed: &Placed) -> Result<Self, ContractError> {
        let book = BOOKS.load(storage, (placed.collateral.as_str(), placed.debt.as_str()))?;
        Open::load(storage, &placed.collateral, &placed.debt, book, placed.slot)
    }

    /// What it has gone through.
    pub fn story<'a>(&self, storage: &'a dyn Storage) -> Story<'a> {
        Story {
            storage,
            book: self.book.id,
            nth: self.nth,
        }
    }

    /// Has its orders pay for what they bought.
    pub fn fill(
        &mut self,
        storage: &mut dyn Storage,
        paid: Uint128,
        bought: Uint128,
        height: u64,
    ) -> Result<(), ContractError> {
        let filled = self.slot.fill(paid, bought, height)?;
        if let Some((run, ended)) = &filled.ended {
            ENDED.save(storage, (self.book.id, self.nth, *run), ended)?;
        }
        if let Some(mark) = &filled.checkpoint {
            CHECKPOINTS.save(storage, (self.book.id, self.nth, height), mark)?;
        }
        Ok(())
    }

    /// All that it holds, active or not yet.
    pub fn all_funds(&self) -> Uint128 {
        self.slot.funds.saturating_add(self.slot.pending)
    }

    /// Stores it. It is open for matching if it holds what the smallest order ever taken in this debt could: a larger smallest
    /// order disables nothing that is there, and what rounding leaves is in nobody's way.
    pub fn save(mut self, storage: &mut dyn Storage) -> Result<(), ContractError> {
        SLOTS.save(storage, (self.book.id, self.nth), &self.slot)?;
        let open = self.all_funds() >= least(storage, &self.debt)?;
        if open != self.was_open {
            self.book.set_open(self.nth, open);
            BOOKS.save(
                storage,
                (self.collateral.as_str(), self.debt.as_str()),
                &self.book,
            )?;
        }
        Ok(())
    }
}

//! One slot of standing orders: funds of many owners that wait to buy collateral on the same terms, as one pool.
//!
//! A fill uses a part of all active funds, of each order in proportion, and hands what it bought to them in the same
//! proportion. Nobody walks the orders for that. The slot keeps a *product*, what is left of a unit that was there when the
//! run began, and a *sum*, what such a unit has bought; an order keeps both as they were when it became active. What it has
//! now follows from the difference. Placing, filling, cancelling and claiming cost the same for one order and for a million.
//! This is the product-sum pool of Liquity's stability pool, after Batog, Boca and Johnson, *Scalable reward distribution
//! with compounding stakes* (2018).
//!
//! **A slot never pays out more than it holds.** Product and sum are rounded down, and so is every share: the orders together
//! have at most the slot's funds and gains, whatever the order of events. What rounding leaves belongs to nobody and takes
//! part in fills like an order.
//!
//! **How much that is.** Product and sum lose less than 10⁻²⁷ of an order with each fill: less than a base unit of debt and one
//! of collateral for an order of up to 10²⁷. A share is rounded down by less than a unit of funds and three of gains. An order
//! of which less than 10⁻¹⁸ is left may count as used up.

use cosmwasm_std::{Uint128, Uint256};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::market::take;
use crate::math::mul_div_256;
use crate::{RiskError, RiskResult, Rounding};

/// Where the product starts. Nearly as large as 128 bits take, for sums are in the same unit: where collateral has few decimals
/// and debt many, a unit of funds buys next to nothing, and that must not be rounded to nothing.
pub const ONE: Uint128 = Uint128::new(1_000_000_000_000_000_000_000_000_000_000_000_000);
/// A product below this ends its run: the next begins with the same product, scaled up.
pub const LEAST: Uint128 = Uint128::new(1_000_000_000_000_000_000_000_000_000);
/// What it is scaled up by, in one step or several.
pub const STEP: Uint128 = Uint128::new(1_000_000_000);
/// An order is followed through so many steps. What is left of it after one more is less than `ONE / LEAST / STEP³`, which is
/// 10⁻¹⁸ of it, and counts as nothing.
pub const FOLLOWED: u8 = 2;

/// The funds of one slot. Funds are base units of a debt asset, gains of a collateral; times are block heights.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Active funds.
    pub funds: Uint128,
    /// Funds placed in the block `pending_at`: no fill of that block uses them, so that nobody jumps in front of a fill.
    pub pending: Uint128,
    /// The last block in which an order was placed.
    pub pending_at: u64,
    /// Bought and not claimed yet.
    pub gained: Uint128,
    /// Number of the run, from 0. A run ends when all funds are used or the product gets too small.
    pub run: u64,
    /// What is left of [`ONE`] that was there when the run began, from [`LEAST`] to [`ONE`]; scaled up at the start of a run that
    /// follows a scaled one.
    pub product: Uint128,
    /// What [`ONE`] of the product has bought in this run.
    pub sum: Uint256,
}

/// Where a slot stood at a moment between two fills.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its run.
    pub run: u64,
    /// Its product.
    pub product: Uint128,
    /// Its sum.
    pub sum: Uint256,
}

/// How a run ended; the caller keeps it under the run's number for as long as the slot lives.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its last sum.
    pub sum: Uint256,
    /// How often the product was scaled up by [`STEP`] for the next run, at least once and at most five times; none if all
    /// funds were used.
    pub steps: Option<u8>,
}

/// An order as it was placed, or as it was after the last claim.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its funds at `mark`, base units of the debt asset.
    pub amount: Uint128,
    /// The block in which it was placed; it is active from the next one on.
    pub placed_at: u64,
    /// Where the slot stood; a later checkpoint of the block it was placed in goes before.
    pub mark: Mark,
}

/// What an order has now, both rounded down.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Base units of the debt asset that were not used.
    pub funds: Uint128,
    /// Base units of collateral that were bought and not claimed.
    pub gained: Uint128,
}

/// What a fill leaves to be kept by the caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// The run that it ended, by its number.
    pub ended: Option<(u64, Ended)>,
    /// Where orders placed in this block begin instead of at their own marks. Kept under the block's height, in the place of
    /// an earlier one.
    pub checkpoint: Option<Mark>,
}

/// What the caller kept of one slot's fills, see [`Filled`]. A share asks for at most one checkpoint and three ends.
pub trait Past {
    /// Why a record can't be read.
    type Error: From<RiskError>;

    /// The last checkpoint of a block, if there is one.
    fn checkpoint(&self, height: u64) -> Result<Option<Mark>, Self::Error>;

    /// How a run ended. Every run before the present one has: a missing record is an error.
    fn ended(&self, run: u64) -> Result<Ended, Self::Error>;
}

impl Default for Slot {
    fn default() -> Self {
        Slot {
            funds: Uint128::zero(),
            pending: Uint128::zero(),
            pending_at: 0,
            gained: Uint128::zero(),
            run: 0,
            product: ONE,
            sum: Uint256::zero(),
        }
    }
}

impl Slot {
    /// Where it stands.
    pub fn mark(&self) -> Mark {
        Mark {
            run: self.run,
            product: self.product,
            sum: self.sum,
        }
    }

    /// Funds that a fill at `height` may use.
    pub fn active(&self, height: u64) -> RiskResult<Uint128> {
        if height <= self.pending_at {
            return Ok(self.funds);
        }
        Ok(self.funds.checked_add(self.pending)?)
    }

    /// Lets the orders of an earlier block become active. Every transition does that first.
    fn roll(&mut self, height: u64) -> RiskResult<()> {
        self.funds = self.active(height)?;
        if height > self.pending_at {
            self.pending = Uint128::zero();
        }
        Ok(())
    }

    /// Takes in an order of `amount`, active from the next block on. (Of nothing, too: the caller refuses that.)
    ///
    /// # Errors
    /// `Overflow` when all funds together would leave their range: they always fit when they become active.
    pub fn place(&mut self, amount: Uint128, height: u64) -> RiskResult<Order> {
        self.roll(height)?;
        let pending = self.pending.checked_add(amount)?;
        self.funds.checked_add(pending)?;
        self.pending = pending;
        self.pending_at = self.pending_at.max(height);
        Ok(Order {
            amount,
            placed_at: self.pending_at,
            mark: self.mark(),
        })
    }

    /// Uses `paid` of the active funds for `bought` of collateral: `sum += bought · product / funds`, then
    /// `product · (funds − paid) / funds`, both rounded down.
    ///
    /// # Errors
    /// `DivisionByZero` when nothing is paid, for there is no price then; `Underflow` when more is paid than is active;
    /// `Overflow` when gains or sum leave their range. The slot is as it was, but for orders that became active.
    pub fn fill(&mut self, paid: Uint128, bought: Uint128, height: u64) -> RiskResult<Filled> {
        self.roll(height)?;
        if paid.is_zero() {
            return Err(RiskError::DivisionByZero);
        }
        let left = take(self.funds, paid)?;
        let each = mul_div_256(
            bought.into(),
            self.product.into(),
            self.funds.into(),
            Rounding::Down,
        )?;
        let sum = self.sum.checked_add(each)?;
        let gained = self.gained.checked_add(bought)?;
        let (product, steps) = self.shrunk(left)?;
        let next_run = self.run.checked_add(1).ok_or(RiskError::Overflow)?;

        self.funds = left;
        self.gained = gained;
        self.product = product;
        self.sum = sum;
        let mut filled = Filled::default();
        if steps != Some(0) {
            filled.ended = Some((self.run, Ended { sum, steps }));
            self.run = next_run;
            self.sum = Uint256::zero();
        }
        if height <= self.pending_at && !self.pending.is_zero() {
            filled.checkpoint = Some(self.mark());
        }
        Ok(filled)
    }

    /// The product when `left` of the funds is left, rounded down after it was scaled up, so that its digits suffice however
    /// small it gets; and the steps of that. Anew and without steps when nothing is left.
    fn shrunk(&self, left: Uint128) -> RiskResult<(Uint128, Option<u8>)> {
        if left.is_zero() {
            return Ok((ONE, None));
        }
        let part = |product| mul_div_256(product, left.into(), self.funds.into(), Rounding::Down);
        let mut scaled = Uint256::from(self.product);
        let mut steps = 0u8;
        let mut product = part(scaled)?;
        // At most five turns: `LEAST · STEP⁵` is more than `LEAST` times the largest amount. And `scaled` fits: before a turn it
        // is less than `LEAST` times the largest amount.
        while product < LEAST.into() {
            scaled = scaled.checked_mul(STEP.into())?;
            steps = steps.saturating_add(1);
            product = part(scaled)?;
        }
        Ok((product.try_into()?, Some(steps)))
    }

    /// Takes an order out with all that it has; it is no order any more.
    ///
    /// # Errors
    /// Those of [`Order::share`].
    pub fn cancel<P: Past>(&mut self, order: &Order, past: &P, height: u64) -> Result<Share, P::Error> {
        self.roll(height)?;
        let share = order.share(self, past, height)?;
        let from = if order.is_pending(height) {
            &mut self.pending
        } else {
            &mut self.funds
        };
        *from = take(*from, share.funds)?;
        self.gained = take(self.gained, share.gained)?;
        Ok(share)
    }

    /// Takes out what an order has gained; it goes on with the funds it has left, rounded down. An order that gained nothing
    /// stays as it is: rounding would take from it for nothing. One that has no funds left ends with an amount of zero.
    ///
    /// # Errors
    /// Those of [`Order::share`].
    pub fn claim<P: Past>(&mut self, order: &mut Order, past: &P, height: u64) -> Result<Uint128, P::Error> {
        self.roll(height)?;
        let share = order.share(self, past, height)?;
        if share.gained.is_zero() && !share.funds.is_zero() {
            return Ok(share.gained);
        }
        self.gained = take(self.gained, share.gained)?;
        order.amount = share.funds;
        order.mark = self.mark();
        Ok(share.gained)
    }
}

impl Mark {
    /// The later of two marks of a slot. Runs only go up, and the product only goes down in a run.
    fn later(self, other: Mark) -> Mark {
        let after = other.run > self.run || (other.run == self.run && other.product < self.product);
        if after {
            other
        } else {
            self
        }
    }
}

impl Order {
    /// Does it wait for the end of the block it was placed in?
    pub fn is_pending(&self, height: u64) -> bool {
        height <= self.placed_at
    }

    /// What it has at `height`. Pending: all of it, and nothing gained. Else, from its mark on, or from the checkpoint of its
    /// block where that is later (an order placed after the fill, or one that has claimed, is past it):
    /// `amount · product / product₀` and, added up over the runs, `amount · (sum − sum₀) / product₀`, each divided by the steps
    /// between, rounded down.
    ///
    /// # Errors
    /// What reading the past fails with; `Overflow` and `DivisionByZero` only for an order that is not of this slot.
    pub fn share<P: Past>(&self, slot: &Slot, past: &P, height: u64) -> Result<Share, P::Error> {
        if self.is_pending(height) {
            return Ok(Share {
                funds: self.amount,
                gained: Uint128::zero(),
            });
        }
        let start = match past.checkpoint(self.placed_at)? {
            Some(checkpoint) => self.mark.later(checkpoint),
            None => self.mark,
        };
        let (mut run, mut sum, mut unit) = (start.run, start.sum, Uint256::from(start.product));
        let (mut gained, mut followed) = (Uint128::zero(), 0u8);
        // At most three turns: each goes a step or more.
        while run != slot.run {
            let ended = past.ended(run)?;
            gained = self.with(gained, sum, ended.sum, unit)?;
            // A run that used all funds is too far away to be followed.
            let steps = ended.steps.unwrap_or(u8::MAX);
            followed = followed.saturating_add(steps);
            if followed > FOLLOWED {
                return Ok(Share {
                    funds: Uint128::zero(),
                    gained,
                });
            }
            unit = stepped(unit, steps)?;
            sum = Uint256::zero();
            run = run.checked_add(1).ok_or(RiskError::Overflow)?;
        }
        Ok(Share {
            funds: self.part(slot.product.into(), unit)?,
            gained: self.with(gained, sum, slot.sum, unit)?,
        })
    }

    /// `gained`, and what it gained while the sum went from one figure to another.
    fn with(&self, gained: Uint128, from: Uint256, to: Uint256, unit: Uint256) -> RiskResult<Uint128> {
        Ok(gained.checked_add(self.part(to.checked_sub(from)?, unit)?)?)
    }

    /// `amount · of / unit`, rounded down.
    fn part(&self, of: Uint256, unit: Uint256) -> RiskResult<Uint128> {
        Ok(mul_div_256(self.amount.into(), of, unit, Rounding::Down)?.try_into()?)
    }
}

/// `unit · STEP^steps`.
fn stepped(unit: Uint256, steps: u8) -> RiskResult<Uint256> {
    let factor = Uint256::from(STEP).checked_pow(steps.into())?;
    Ok(unit.checked_mul(factor)?)
}

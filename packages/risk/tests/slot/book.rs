//! A slot with all that a contract would keep of it.

use std::collections::BTreeMap;

use cosmwasm_std::Uint128;
use glidepath_risk::slot::{Ended, Filled, Mark, Order, Past, Share, Slot};
use glidepath_risk::RiskError;

/// What a contract would keep of a slot.
#[derive(Clone, Default)]
pub struct Kept {
    pub checkpoints: BTreeMap<u64, Mark>,
    pub ended: BTreeMap<u64, Ended>,
}

impl Kept {
    pub fn keep(&mut self, filled: Filled, height: u64) {
        if let Some((run, ended)) = filled.ended {
            assert_eq!(run, self.ended.len() as u64, "runs end one after the other");
            self.ended.insert(run, ended);
        }
        if let Some(mark) = filled.checkpoint {
            self.checkpoints.insert(height, mark);
        }
    }
}

impl Past for Kept {
    type Error = RiskError;

    fn checkpoint(&self, height: u64) -> Result<Option<Mark>, RiskError> {
        Ok(self.checkpoints.get(&height).copied())
    }

    fn ended(&self, run: u64) -> Result<Ended, RiskError> {
        self.ended.get(&run).copied().ok_or(RiskError::Retired)
    }
}

pub fn uint(n: u128) -> Uint128 {
    Uint128::new(n)
}

/// A slot at a height, with what was kept of it.
#[derive(Clone, Default)]
pub struct Book {
    pub slot: Slot,
    pub kept: Kept,
    pub height: u64,
}

impl Book {
    /// With an active order of each amount.
    pub fn with<const N: usize>(amounts: [u128; N]) -> (Self, [Order; N]) {
        let mut book = Book {
            height: 7,
            ..Book::default()
        };
        let orders = amounts.map(|amount| book.place(amount));
        book.height += 1;
        (book, orders)
    }

    pub fn place(&mut self, amount: u128) -> Order {
        self.slot.place(uint(amount), self.height).unwrap()
    }

    pub fn fill(&mut self, paid: u128, bought: u128) -> Filled {
        let filled = self.slot.fill(uint(paid), uint(bought), self.height).unwrap();
        self.kept.keep(filled, self.height);
        filled
    }

    /// All funds but so much.
    pub fn fill_all_but(&mut self, left: u128, bought: u128) -> Filled {
        let active = self.slot.active(self.height).unwrap();
        self.fill(active.u128() - left, bought)
    }

    pub fn share(&self, order: &Order) -> (u128, u128) {
        pair(order.share(&self.slot, &self.kept, self.height).unwrap())
    }

    pub fn cancel(&mut self, order: &Order) -> (u128, u128) {
        pair(self.slot.cancel(order, &self.kept, self.height).unwrap())
    }

    pub fn claim(&mut self, order: &mut Order) -> u128 {
        self.slot.claim(order, &self.kept, self.height).unwrap().u128()
    }

    pub fn held(&self) -> (u128, u128) {
        (
            (self.slot.funds + self.slot.pending).u128(),
            self.slot.gained.u128(),
        )
    }
}

pub fn pair(share: Share) -> (u128, u128) {
    (share.funds.u128(), share.gained.u128())
}

pub fn e(n: u32) -> u128 {
    10u128.pow(n)
}

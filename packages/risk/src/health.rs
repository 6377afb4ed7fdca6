//! Weights, factors and health.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal, Decimal256, Isqrt, Uint256};

use crate::math::{div_256, mul_256, mul_div_256};
use crate::{RiskError, RiskResult, Rounding, Value};

/// Which requirement a health is judged against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// For borrowing and withdrawing (`H_I`).
    Initial,
    /// What a sale restores (`H_T`).
    Target,
    /// Below 1 a position is in distress (`H_M`).
    Maintenance,
}

/// Parts of a collateral's value that count, `initial ≤ target ≤ maintenance < 1` (others: max LTV … liquidation
/// threshold).
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(Copy)]
pub struct Weights {
    /// `wI`.
    pub initial: Decimal,
    /// `wT`.
    pub target: Decimal,
    /// `wM`.
    pub maintenance: Decimal,
}

/// What a market does to the initial weight of a collateral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shrink {
    /// `v`: by how much an excess of volatility over its reference shrinks it.
    pub volatility_factor: Decimal,
    /// `s`: by how much the size of the holding shrinks it.
    pub size_factor: Decimal,
    /// `σ`, annualised.
    pub volatility: Decimal,
    /// `σ_ref`.
    pub reference: Decimal,
    /// Value of the holding.
    pub value: Value,
    /// USD that moves the market by 1 %.
    pub depth: Value,
}

impl Shrink {
    /// The initial weight in force: `wI / ((1 + v·max(0, σ/σ_ref − 1))·(1 + s·√(value/depth)))`, rounded down to the last
    /// digit of each step. What it costs to sell a wild asset, or a large holding of it, is priced into what may be borrowed
    /// against it. Whatever the market does, it is a weight: what is beyond any measure leaves none.
    ///
    /// .75 with `v` = .1 at twice the reference volatility: .6818…; with `s` = .05 and a holding of four depths: the same.
    ///
    /// # Errors
    /// `DivisionByZero` for a reference or a depth of zero.
    pub fn apply(&self, initial: Decimal) -> RiskResult<Decimal> {
        let one = Decimal256::one();
        let more = |excess: Decimal256, factor: Decimal| -> RiskResult<Decimal256> {
            Ok(one.checked_add(mul_256(excess, factor.into(), Rounding::Up)?)?)
        };
        let relative = div_256(self.volatility.into(), self.reference.into(), Rounding::Up)?;
        let wild = more(relative.saturating_sub(one), self.volatility_factor)?;
        let large = more(self.depths()?, self.size_factor)?;
        let weight = div_256(
            div_256(initial.into(), wild, Rounding::Down)?,
            large,
            Rounding::Down,
        )?;
        Ok(weight.try_into()?)
    }

    /// `√(value/depth)`, rounded up; of more than `Decimal::MAX` depths the root of that.
    fn depths(&self) -> RiskResult<Decimal256> {
        if self.depth.is_zero() {
            return Err(RiskError::DivisionByZero);
        }
        let unit = Decimal256::one().atomics();
        let most = Uint256::from(Decimal::MAX.atomics());
        let ratio = mul_div_256(self.value.0.atomics(), unit, self.depth.0.atomics(), Rounding::Up)
            .map_or(most, |ratio| ratio.min(most));
        let square = ratio.checked_mul(unit)?;
        let root = square.isqrt();
        let exact = root.checked_mul(root)? == square;
        Ok(Decimal256::new(if exact {
            root
        } else {
            root.checked_add(Uint256::one())?
        }))
    }
}

/// What a debt counts for, `initial ≥ target ≥ maintenance ≥ 1`: a volatile debt counts for more than its value.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(Copy)]
pub struct Factors {
    /// `bI`.
    pub initial: Decimal,
    /// `bT`.
    pub target: Decimal,
    /// `bM`.
    pub maintenance: Decimal,
}

impl Weights {
    /// The weight of a tier.
    pub fn of(&self, tier: Tier) -> Decimal {
        match tier {
            Tier::Initial => self.initial,
            Tier::Target => self.target,
            Tier::Maintenance => self.maintenance,
        }
    }

    /// Is `initial ≤ target ≤ maintenance < 1`?
    pub fn is_ordered(&self) -> bool {
        self.initial <= self.target && self.target <= self.maintenance && self.maintenance < Decimal::one()
    }
}

impl Factors {
    /// A debt that counts for its value.
    pub const ONE: Factors = Factors {
        initial: Decimal::one(),
        target: Decimal::one(),
        maintenance: Decimal::one(),
    };

    /// The factor of a tier.
    pub fn of(&self, tier: Tier) -> Decimal {
        match tier {
            Tier::Initial => self.initial,
            Tier::Target => self.target,
            Tier::Maintenance => self.maintenance,
        }
    }

    /// Is `initial ≥ target ≥ maintenance ≥ 1`?
    pub fn is_ordered(&self) -> bool {
        self.initial >= self.target && self.target >= self.maintenance && self.maintenance >= Decimal::one()
    }
}

/// Weighted collateral and weighted debt of a position under one tier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// `Σ C·w`, each term rounded down.
    pub collateral: Value,
    /// `Σ D·b`, each term rounded up.
    pub debt: Value,
}

impl Sums {
    /// Adds up `(value, weight)` pairs of collaterals and `(value, factor)` pairs of debts.
    pub fn of(
        collaterals: impl IntoIterator<Item = (Value, Decimal)>,
        debts: impl IntoIterator<Item = (Value, Decimal)>,
    ) -> RiskResult<Self> {
        let mut sums = Sums::default();
        for (value, weight) in collaterals {
            sums.collateral = sums.collateral.plus(value.times(weight, Rounding::Down)?)?;
        }
        for (value, factor) in debts {
            sums.debt = sums.debt.plus(value.times(factor, Rounding::Up)?)?;
        }
        Ok(sums)
    }

    /// Weighted collateral over weighted debt, rounded down, so `health < h` exactly when the fraction is.
    /// Returns `None` when there is no debt.
    pub fn health(&self) -> RiskResult<Option<Decimal>> {
        if self.debt.is_zero() {
            return Ok(None);
        }
        self.collateral.ratio(self.debt).map(Some)
    }

    /// Is the health at least `h`? A position without debt always is.
    pub fn reaches(&self, h: Decimal) -> RiskResult<bool> {
        Ok(self.health()?.is_none_or(|health| health >= h))
    }
}

//! Types with a unit, so that a price can't be added to a value.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal, Decimal256, Uint128, Uint256};

use crate::math::{mul_256, mul_div_256, ten_pow};
use crate::{RiskError, RiskResult};

/// Which way a quotient goes when it is not whole. Money rounds against whoever picks the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
}

/// USD per *whole* token.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub struct Price(pub Decimal);

/// USD.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord, Default)]
pub struct Value(pub Decimal256);

impl Price {
    /// Value of `amount` base units of an asset with `decimals`.
    pub fn value_of(self, amount: Uint128, decimals: u8, rounding: Rounding) -> RiskResult<Value> {
        let atomics = mul_div_256(
            amount.into(),
            Uint256::from(self.0.atomics()),
            ten_pow(decimals)?,
            rounding,
        )?;
        Ok(Value(Decimal256::new(atomics)))
    }

    /// Base units that `value` buys at this price.
    ///
    /// # Errors
    /// `DivisionByZero` for a price of zero, `Overflow` where the amount does not fit.
    pub fn amount_for(self, value: Value, decimals: u8, rounding: Rounding) -> RiskResult<Uint128> {
        let atomics = mul_div_256(
            value.0.atomics(),
            ten_pow(decimals)?,
            Uint256::from(self.0.atomics()),
            rounding,
        )?;
        Ok(atomics.try_into()?)
    }
}

impl Value {
    /// Nothing.
    pub const ZERO: Value = Value(Decimal256::zero());

    /// Whole dollars.
    pub fn usd(whole: u128) -> Self {
        Value(Decimal256::new(
            Uint256::from(whole).saturating_mul(Decimal256::one().atomics()),
        ))
    }

    /// Is it nothing?
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Sum.
    pub fn plus(self, other: Value) -> RiskResult<Value> {
        Ok(Value(self.0.checked_add(other.0)?))
    }

    /// Difference, or nothing where `other` is larger.
    pub fn minus(self, other: Value) -> Value {
        Value(self.0.saturating_sub(other.0))
    }

    /// `self · factor`.
    pub fn times(self, factor: Decimal, rounding: Rounding) -> RiskResult<Value> {
        Ok(Value(mul_256(self.0, factor.into(), rounding)?))
    }

    /// `self / other` as a plain number rounded down; `Decimal::MAX` where it would be larger.
    ///
    /// # Errors
    /// `DivisionByZero` when `other` is zero.
    pub fn ratio(self, other: Value) -> RiskResult<Decimal> {
        if other.is_zero() {
            return Err(RiskError::DivisionByZero);
        }
        let wide = mul_div_256(
            self.0.atomics(),
            Decimal256::one().atomics(),
            other.0.atomics(),
            Rounding::Down,
        );
        Ok(wide
            .ok()
            .and_then(|w| Uint128::try_from(w).ok())
            .map_or(Decimal::MAX, Decimal::new))
    }
}

impl std::fmt::Display for Price {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

//! What a position owes of one asset: principal with interest, and the surcharge of its distress.

use cosmwasm_std::{Decimal, Uint128};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::interest::rate_over;
use crate::market::Market;
use crate::math::mul;
use crate::{RiskError, RiskResult, Rounding};

/// A stretch between two touches counts at most this many seconds for the surcharge, so that a position that
/// nobody looked at does not wake up to days of it.
pub const SURCHARGE_STRETCH: u64 = 1_800;

/// One debt of a position, as the vault's ledger keeps it.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Debt {
    /// Shares in the market's debt; worth `shares · index`, rounded up.
    pub shares: Uint128,
    /// Surcharge booked so far, in base units; without interest of its own.
    pub surcharge: Uint128,
    /// Unix seconds from which the surcharge has not been booked yet.
    pub since: u64,
}

/// What is owed, in base units of the debt asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owed {
    /// Principal and interest: the market's claim. Rounded up.
    pub principal: Uint128,
    /// Surcharge: belongs to nobody until it is paid. Rounded down, so that touching a position never adds to it.
    pub surcharge: Uint128,
}

impl Owed {
    /// Principal, interest and surcharge.
    pub fn total(&self) -> RiskResult<Uint128> {
        Ok(self.principal.checked_add(self.surcharge)?)
    }

    /// Splits a repayment: principal first, surcharge after.
    ///
    /// # Errors
    /// `Underflow` when `amount` is more than is owed.
    pub fn split(&self, amount: Uint128) -> RiskResult<Owed> {
        let principal = amount.min(self.principal);
        let surcharge = amount.checked_sub(principal)?;
        if surcharge > self.surcharge {
            return Err(RiskError::Underflow {
                held: self.total()?.u128(),
                taken: amount.u128(),
            });
        }
        Ok(Owed { principal, surcharge })
    }
}

/// The only definition of a debt: principal with interest up to `now`, and the surcharge at `surcharge_rate` per
/// year of the principal for the stretch since it was last booked (at most [`SURCHARGE_STRETCH`]).
pub fn debt_of(debt: &Debt, market: &Market, surcharge_rate: Decimal, now: u64) -> RiskResult<Owed> {
    let principal = market.debt_of_shares(debt.shares, now)?;
    let stretch = now.saturating_sub(debt.since).min(SURCHARGE_STRETCH);
    let fresh = mul(principal, rate_over(surcharge_rate, stretch)?, Rounding::Down)?;
    Ok(Owed {
        principal,
        surcharge: debt.surcharge.checked_add(fresh)?,
    })
}

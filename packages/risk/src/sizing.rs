//! How much may be sold, the soft floor, and one fill to the unit.
//!
//! Symbols of the formulas: `C`, `D` values of collateral and debt, `w`, `b` their weights and factors, `h` the
//! target health, `m = 1 − d` the price multiplier (`d` the discount), `φ` the penalty on repaid debt,
//! `k = m / (1 + φ_eff)` the debt value repaid per unit of collateral value sold. `j` is the collateral on sale,
//! `r` the debt it repays.
//!
//! Nothing smaller than the smallest fill (`min_fill`) is sold or waited for: where less is missing, a position above
//! maintenance is as good as at its target, and one below it sells the smallest fill.

mod solve;
mod types;

use cosmwasm_std::{Decimal, Decimal256, Uint128, Uint256};

use crate::health::{Sums, Tier};
use crate::math::{mul_div_256, ten_pow};
use crate::{RiskError, RiskResult, Rounding, Value};

pub use solve::{effective_penalty, ltv, need, payment_for, penalty_of, soft_limit, Need};
pub use types::{Allowed, Book, Fill, Leg, NoFill, Protection, Subject, Terms};

impl Subject {
    /// Health under a tier's sums; `Decimal::MAX` without debt.
    ///
    /// # Errors
    /// `NotInBook` for initial weights: a sale never looks at them, and answering with another tier would pass for
    /// a margin check.
    pub fn health(&self, tier: Tier) -> RiskResult<Decimal> {
        let sums = match tier {
            Tier::Target => &self.book.target,
            Tier::Maintenance => &self.book.maintenance,
            Tier::Initial => return Err(RiskError::NotInBook),
        };
        Ok(sums.health()?.unwrap_or(Decimal::MAX))
    }

    /// The multiplier that a fill really gets: the clock's, lifted to the protection's bound. Returns `None` where
    /// a soft fill at any discount would lower health.
    ///
    /// The soft limit takes a health of at most `h`. Lots go on above a health of 1 while other assets hold the
    /// target down, and there the live health alone would allow a discount at which a unit sold costs more target
    /// collateral than it repays (denominator of [`need`] ≤ 0): with `min(H_M, h)` it is positive for every `η < 1`.
    pub fn protected(&self, multiplier: Decimal, terms: &Terms) -> RiskResult<Option<Decimal>> {
        Ok(match terms.protection {
            Protection::Soft { floor, eta } => soft_limit(
                floor,
                eta,
                terms.penalty,
                self.collateral.maintenance,
                self.debt.maintenance,
                self.health(Tier::Maintenance)?.min(terms.h),
            )?
            .map(|limit| multiplier.max(Decimal::one().saturating_sub(limit))),
            Protection::AboveLtv => Some(multiplier.max(ltv(&self.book.plain)?.min(Decimal::one()))),
            Protection::Curve => Some(multiplier),
        })
    }

    /// All that may be sold at `multiplier`: what restores the target, at least the smallest fill, within holding and
    /// debt, and with no dust left behind.
    ///
    /// Where what restores the target is worth less than `min_fill`, nothing may be sold from a maintenance health of 1
    /// on; below it `min_fill` may, which exceeds the target by at most what that brings. With $1, `wT` = .75 and no
    /// discount: $1,000 of collateral (`wM` = .80) against $750.10 needs $.40 sold and counts as at its target; $4.00
    /// against $3.21 needs $.84, sells $1.00 and ends $.04 of weighted collateral above it.
    ///
    /// Where the debt is the bound, the payment is the whole debt and the collateral is rounded down: it may cost up
    /// to one base unit of collateral more than [`cost`](Self::cost) says. Paying just what the units cost is allowed
    /// and leaves less than a unit's price of debt.
    ///
    /// # Errors
    /// `DivisionByZero` where an asset of the pair has no price.
    pub fn allowed(&self, multiplier: Decimal, terms: &Terms) -> RiskResult<Result<Allowed, NoFill>> {
        let Some(multiplier) = self.protected(multiplier, terms)? else {
            return Ok(Err(NoFill::NotSoftSellable));
        };
        let penalty = effective_penalty(terms.penalty, multiplier, ltv(&self.book.plain)?)?;
        let k = multiplier.checked_div(Decimal::one().checked_add(penalty)?)?;
        let price = self.price(multiplier)?;
        if price.is_zero() {
            // Nothing is given away for want of a price.
            return Err(RiskError::DivisionByZero);
        }
        let wanted = match self.wanted(k, terms)? {
            Ok(units) => units,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let whole_debt = payment_for(self.debt.amount, penalty)?;
        let capped = |sold: Uint128| -> RiskResult<(Uint128, Uint128)> {
            // A cost beyond 128 bits is beyond any debt.
            match self.cost(sold, price) {
                Ok(paid) if paid < whole_debt => Ok((sold, paid)),
                _ => Ok((self.affordable(whole_debt, price)?.min(sold), whole_debt)),
            }
        };
        let (mut sold, mut paid) = capped(wanted)?;
        let debt_left = self
            .debt
            .amount
            .saturating_sub(paid.checked_sub(penalty_of(paid, penalty)?)?);
        let held_left = self.collateral.amount.saturating_sub(sold);
        let dust_of_debt = self
            .debt
            .price
            .value_of(debt_left, self.debt.decimals, Rounding::Up)?;
        let dust_held =
            self.collateral
                .price
                .value_of(held_left, self.collateral.decimals, Rounding::Down)?;
        let is_dust = |left: Uint128, value: Value, least: Value| !left.is_zero() && value < least;
        if is_dust(debt_left, dust_of_debt, terms.min_debt)
            || is_dust(held_left, dust_held, terms.min_collateral)
        {
            (sold, paid) = capped(self.collateral.amount)?;
        }
        Ok(Ok(Allowed {
            sold,
            paid,
            price,
            multiplier,
            penalty,
        }))
    }

    /// Base units to sell for `k` a unit of value, before the caps by debt and dust.
    fn wanted(&self, k: Decimal, terms: &Terms) -> RiskResult<Result<Uint128, NoFill>> {
        let leg = &self.collateral;
        let missing = match need(&self.book.target, terms.h, k, leg.target, self.debt.target)? {
            Need::Nothing => return Ok(Err(NoFill::TargetMet)),
            // Selling the lot without end in sight is for close-out alone.
            Need::All if matches!(terms.protection, Protection::Soft { .. }) => {
                return Ok(Err(NoFill::NotSoftSellable))
            }
            Need::All => return Ok(Ok(leg.amount)),
            Need::Sell(value) => value,
        };
        if missing < terms.min_fill && self.health(Tier::Maintenance)? >= Decimal::one() {
            return Ok(Err(NoFill::TargetMet));
        }
        let value = missing.max(terms.min_fill);
        match leg.price.amount_for(value, leg.decimals, Rounding::Up) {
            Ok(units) => Ok(Ok(units.min(leg.amount))),
            // More than fits an amount is more than is held.
            Err(RiskError::Overflow) => Ok(Ok(leg.amount)),
            Err(other) => Err(other),
        }
    }

    /// The fill that a bidder gets for at most `max_pay`, out of a lot of which `lot_left` base units are left.
    /// `None` stands for no bound.
    pub fn fill(
        &self,
        multiplier: Decimal,
        terms: &Terms,
        max_pay: Option<Uint128>,
        lot_left: Option<Uint128>,
    ) -> RiskResult<Result<Fill, NoFill>> {
        let allowed = match self.allowed(multiplier, terms)? {
            Ok(allowed) => allowed,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let most = allowed.sold.min(lot_left.unwrap_or(Uint128::MAX));
        let budget = max_pay.unwrap_or(Uint128::MAX);
        let sold = match self.affordable(budget, allowed.price) {
            Ok(units) => units.min(most),
            Err(RiskError::Overflow) => most,
            Err(other) => return Err(other),
        };
        let paid = if sold == allowed.sold && budget >= allowed.paid {
            allowed.paid
        } else {
            self.cost(sold, allowed.price)?.min(allowed.paid)
        };
        let penalty = penalty_of(paid, allowed.penalty)?;
        let repaid = paid.checked_sub(penalty)?;
        let value = self
            .collateral
            .price
            .value_of(sold, self.collateral.decimals, Rounding::Down)?;
        let too_small = value < terms.min_fill && sold < most;
        if too_small || sold.is_zero() || repaid.is_zero() {
            return Ok(Err(NoFill::TooSmall {
                value,
                min_fill: terms.min_fill,
            }));
        }
        let (price, multiplier) = (allowed.price, allowed.multiplier);
        Ok(Ok(Fill {
            sold,
            paid,
            repaid,
            penalty,
            price,
            multiplier,
        }))
    }

    /// The position after `sold` left it and `repaid` was paid back: the same sums as computed anew from its
    /// amounts.
    pub fn after(&self, sold: Uint128, repaid: Uint128) -> RiskResult<Subject> {
        let collateral = Leg {
            amount: self.collateral.amount.checked_sub(sold)?,
            ..self.collateral
        };
        let debt = Leg {
            amount: self.debt.amount.checked_sub(repaid)?,
            ..self.debt
        };
        let moved = |sums: &Sums, weight: Decimal, factor: Decimal| -> RiskResult<Sums> {
            let held = |leg: &Leg| -> RiskResult<Value> {
                leg.price
                    .value_of(leg.amount, leg.decimals, Rounding::Down)?
                    .times(weight, Rounding::Down)
            };
            let owed = |leg: &Leg| -> RiskResult<Value> {
                leg.price
                    .value_of(leg.amount, leg.decimals, Rounding::Up)?
                    .times(factor, Rounding::Up)
            };
            Ok(Sums {
                collateral: sums
                    .collateral
                    .minus(held(&self.collateral)?)
                    .plus(held(&collateral)?)?,
                debt: sums.debt.minus(owed(&self.debt)?).plus(owed(&debt)?)?,
            })
        };
        let book = Book {
            target: moved(&self.book.target, self.collateral.target, self.debt.target)?,
            maintenance: moved(
                &self.book.maintenance,
                self.collateral.maintenance,
                self.debt.maintenance,
            )?,
            plain: moved(&self.book.plain, Decimal::one(), Decimal::one())?,
        };
        Ok(Subject {
            book,
            collateral,
            debt,
        })
    }

    /// Debt base units per whole collateral token at `multiplier`, rounded up on the 18th digit *of base units*: a
    /// token of 10⁻¹² USD against one of 10⁵ still has a price (rounded as whole tokens it would be 10 % too dear).
    pub fn price(&self, multiplier: Decimal) -> RiskResult<Decimal256> {
        let value = Uint256::from(self.collateral.price.0.atomics())
            .checked_mul(Uint256::from(multiplier.atomics()))?;
        Ok(Decimal256::new(mul_div_256(
            value,
            ten_pow(self.debt.decimals)?,
            self.debt.price.0.atomics().into(),
            Rounding::Up,
        )?))
    }

    /// What `sold` base units cost at `price`, rounded up.
    pub fn cost(&self, sold: Uint128, price: Decimal256) -> RiskResult<Uint128> {
        let paid = mul_div_256(sold.into(), price.atomics(), self.whole_token()?, Rounding::Up)?;
        Ok(paid.try_into()?)
    }

    /// Base units that `budget` buys at `price`, rounded down.
    pub fn affordable(&self, budget: Uint128, price: Decimal256) -> RiskResult<Uint128> {
        let sold = mul_div_256(
            budget.into(),
            self.whole_token()?,
            price.atomics(),
            Rounding::Down,
        )?;
        Ok(sold.try_into()?)
    }

    /// `10^decimals` of the collateral, times the scale of a decimal.
    fn whole_token(&self) -> RiskResult<Uint256> {
        Ok(ten_pow(self.collateral.decimals)?.checked_mul(Decimal256::one().atomics())?)
    }
}

//! How much may be sold, the soft floor, and one fill to the unit.
//!
//! Symbols of the formulas: `C`, `D` values of collateral and debt, `w`, `b` their weights and factors, `h` the
//! target health, `m = 1 − d` the price multiplier (`d` the discount), `φ` the penalty on repaid debt,
//! `k = m / (1 + φ_eff)` the debt value repaid per unit of collateral value sold. `j` is the collateral on sale,
//! `r` the debt it repays.

use cosmwasm_std::{Decimal, Decimal256, Uint128, Uint256};

use crate::health::{Sums, Tier};
use crate::math::{mul_div, mul_div_256, ten_pow};
use crate::{Price, RiskError, RiskResult, Rounding, Value};

/// One asset of the pair on sale: how much there is, its price, and its weight (collateral) or factor (debt).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Base units held, or owed in total.
    pub amount: Uint128,
    /// Decimals of the asset.
    pub decimals: u8,
    /// Live price.
    pub price: Price,
    /// `wT` or `bT`.
    pub target: Decimal,
    /// `wM` or `bM`.
    pub maintenance: Decimal,
}

/// Sums over the whole position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Book {
    /// With target weights and factors.
    pub target: Sums,
    /// With maintenance weights and factors.
    pub maintenance: Sums,
    /// With neither.
    pub plain: Sums,
}

/// What protects the position from a price below which a fill harms it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Soft stage: the discount stays below the soft floor at the live health, so every fill raises it.
    Soft {
        /// Deepest discount of the curve.
        floor: Decimal,
        /// Part of the way to the frontier where a fill stops raising health, `η ≤ ¾`.
        eta: Decimal,
    },
    /// Close-out, first pass: not below the loan-to-value, so that no lender loses to a buyer who merely waited.
    AboveLtv,
    /// Close-out, later passes: the curve alone.
    Curve,
}

/// The terms under which the size is solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Health to reach under target weights.
    pub h: Decimal,
    /// `φ`, capped by what is left of the position.
    pub penalty: Decimal,
    /// Lower bound of the price.
    pub protection: Protection,
    /// A fill below this is refused unless it is all that is allowed.
    pub min_fill: Value,
    /// Less collateral than this must not remain.
    pub min_collateral: Value,
    /// Less debt than this must not remain.
    pub min_debt: Value,
}

/// A position seen by a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Sums over the whole position, the pair included.
    pub book: Book,
    /// The collateral on sale.
    pub collateral: Leg,
    /// The debt it repays.
    pub debt: Leg,
}

/// What a bidder may take, at most, at one multiplier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Collateral in base units.
    pub sold: Uint128,
    /// Payment for all of it, in debt base units.
    pub paid: Uint128,
    /// Debt base units per whole collateral token.
    pub price: Decimal256,
    /// Multiplier after the protection.
    pub multiplier: Decimal,
    /// `φ_eff`.
    pub penalty: Decimal,
}

/// One fill, to the unit: `paid = repaid + penalty`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// Collateral base units that leave the position.
    pub sold: Uint128,
    /// Debt base units that the bidder pays.
    pub paid: Uint128,
    /// Part of the payment that repays debt.
    pub repaid: Uint128,
    /// The liquidation penalty.
    pub penalty: Uint128,
    /// Debt base units per whole collateral token.
    pub price: Decimal256,
    /// Multiplier after the protection.
    pub multiplier: Decimal,
}

/// Why there is no fill; not a failure of the maths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFill {
    /// The target is met: nothing may be sold.
    TargetMet,
    /// A soft fill at any discount would lower health.
    NotSoftSellable,
    /// Nothing would change hands, or less than the smallest fill although more is allowed.
    TooSmall {
        /// What the fill would be worth.
        value: Value,
        /// The smallest.
        min_fill: Value,
    },
}

/// What must be sold to reach a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: the target is met.
    Nothing,
    /// Collateral worth this much.
    Sell(Value),
    /// No partial sale reaches it: every unit sold takes more weighted collateral than weighted debt.
    All,
}

/// Loan-to-value `Σ D / Σ C`, unweighted, rounded up; `Decimal::MAX` without collateral.
pub fn ltv(plain: &Sums) -> RiskResult<Decimal> {
    if plain.collateral.is_zero() {
        return Ok(Decimal::MAX);
    }
    let down = plain.debt.ratio(plain.collateral)?;
    Ok(down.checked_add(Decimal::raw(1)).unwrap_or(Decimal::MAX))
}

/// `φ_eff = clamp(m / LTV − 1, 0, φ)`: the penalty never takes more than the equity that is left at this price.
pub fn effective_penalty(penalty: Decimal, multiplier: Decimal, ltv: Decimal) -> RiskResult<Decimal> {
    if ltv.is_zero() {
        return Ok(penalty);
    }
    let room = multiplier
        .checked_div(ltv)
        .unwrap_or(Decimal::MAX)
        .saturating_sub(Decimal::one());
    Ok(room.min(penalty))
}

/// `d_max = min(floor, η·(1 − (1+φ)·wM / (bM·H_M)))`: the deepest discount at which a soft fill is still well on
/// the side where it raises health. Returns `None` when the bracket is not positive: then no soft fill does.
pub fn soft_limit(
    floor: Decimal,
    eta: Decimal,
    penalty: Decimal,
    weight: Decimal,
    factor: Decimal,
    health: Decimal,
) -> RiskResult<Option<Decimal>> {
    let lifted = factor.checked_mul(health).unwrap_or(Decimal::MAX);
    if lifted.is_zero() {
        return Ok(None);
    }
    let taken = Decimal::one()
        .checked_add(penalty)?
        .checked_mul(weight)?
        .checked_div(lifted)?;
    if taken >= Decimal::one() {
        return Ok(None);
    }
    Ok(Some(
        eta.checked_mul(Decimal::one().saturating_sub(taken))?.min(floor),
    ))
}

/// Collateral value to sell so that target health reaches `h`, when a unit sold repays `k`:
/// `s = (h·Σ D·bT − Σ C·wT) / (h·k·bT_r − wT_j)`, rounded up. Caps by holding and debt are the caller's.
pub fn need(target: &Sums, h: Decimal, k: Decimal, weight: Decimal, factor: Decimal) -> RiskResult<Need> {
    let missing = target.debt.times(h, Rounding::Up)?.minus(target.collateral);
    if missing.is_zero() {
        return Ok(Need::Nothing);
    }
    let gained = h.checked_mul(k)?.checked_mul(factor)?;
    if gained <= weight {
        return Ok(Need::All);
    }
    let per_value = Decimal256::from(gained.saturating_sub(weight));
    Ok(Need::Sell(Value(crate::math::div_256(
        missing.0,
        per_value,
        Rounding::Up,
    )?)))
}

/// The penalty in a payment: `paid − paid / (1 + φ)`, rounded down; the rest repays debt.
pub fn penalty_of(paid: Uint128, penalty: Decimal) -> RiskResult<Uint128> {
    let whole = Decimal::one().checked_add(penalty)?;
    mul_div(paid, penalty.atomics(), whole.atomics(), Rounding::Down)
}

/// The smallest payment that repays `repaid` after its penalty.
pub fn payment_for(repaid: Uint128, penalty: Decimal) -> RiskResult<Uint128> {
    // P − floor(P·φ/(1+φ)) climbs in steps of 0 or 1, so the smallest P is within two of repaid·(1+φ).
    let mut paid = repaid.checked_add(crate::math::mul(repaid, penalty, Rounding::Down)?)?;
    for _ in 0..4 {
        let down = paid.saturating_sub(Uint128::one());
        if paid > repaid && down.checked_sub(penalty_of(down, penalty)?)? >= repaid {
            paid = down;
        } else if paid.checked_sub(penalty_of(paid, penalty)?)? < repaid {
            paid = paid.checked_add(Uint128::one())?;
        } else {
            break;
        }
    }
    Ok(paid)
}

impl Subject {
    /// Health under a tier's sums; `Decimal::MAX` without debt.
    pub fn health(&self, tier: Tier) -> RiskResult<Decimal> {
        let sums = if tier == Tier::Target {
            &self.book.target
        } else {
            &self.book.maintenance
        };
        Ok(sums.health()?.unwrap_or(Decimal::MAX))
    }

    /// The multiplier that a fill really gets: the clock's, lifted to the protection's bound. Returns `None` where
    /// a soft fill at any discount would lower health.
    pub fn protected(&self, multiplier: Decimal, terms: &Terms) -> RiskResult<Option<Decimal>> {
        Ok(match terms.protection {
            Protection::Soft { floor, eta } => soft_limit(
                floor,
                eta,
                terms.penalty,
                self.collateral.maintenance,
                self.debt.maintenance,
                self.health(Tier::Maintenance)?,
            )?
            .map(|limit| multiplier.max(Decimal::one().saturating_sub(limit))),
            Protection::AboveLtv => Some(multiplier.max(ltv(&self.book.plain)?.min(Decimal::one()))),
            Protection::Curve => Some(multiplier),
        })
    }

    /// All that may be sold at `multiplier`: what restores the target, within holding and debt, and with no dust
    /// left behind.
    pub fn allowed(&self, multiplier: Decimal, terms: &Terms) -> RiskResult<Result<Allowed, NoFill>> {
        let Some(multiplier) = self.protected(multiplier, terms)? else {
            return Ok(Err(NoFill::NotSoftSellable));
        };
        let penalty = effective_penalty(terms.penalty, multiplier, ltv(&self.book.plain)?)?;
        let k = multiplier.checked_div(Decimal::one().checked_add(penalty)?)?;
        let price = self.price(multiplier)?;
        let wanted = match need(
            &self.book.target,
            terms.h,
            k,
            self.collateral.target,
            self.debt.target,
        )? {
            Need::Nothing => return Ok(Err(NoFill::TargetMet)),
            Need::All => self.collateral.amount,
            Need::Sell(value) => {
                // More than fits an amount is more than is held.
                let units = self
                    .collateral
                    .price
                    .amount_for(value, self.collateral.decimals, Rounding::Up);
                units.unwrap_or(Uint128::MAX).min(self.collateral.amount)
            }
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

    /// Debt base units per whole collateral token at `multiplier`, rounded up.
    pub fn price(&self, multiplier: Decimal) -> RiskResult<Decimal256> {
        let dearer = mul_div_256(
            self.collateral.price.0.atomics().into(),
            multiplier.atomics().into(),
            self.debt.price.0.atomics().into(),
            Rounding::Up,
        )?;
        Ok(Decimal256::new(dearer.checked_mul(ten_pow(self.debt.decimals)?)?))
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

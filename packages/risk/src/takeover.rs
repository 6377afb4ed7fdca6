//! What a whole position on sale costs who takes it over: what its owner would have left of it if all that may be sold now
//! were sold at the price of now, and the penalty of that.

use cosmwasm_std::{Decimal, Decimal256, Uint128};

use crate::sizing::{penalty_of, NoFill, Subject, Terms};
use crate::{RiskResult, Rounding, Value};

/// What is paid for a position, to the unit, in the debt on sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Takeover {
    /// `Σ C − Σ D`, without weights; nothing where the debts are more.
    pub equity: Value,
    /// `d·s + φ_eff·s·k`, rounded up: what a sale of all that may be sold now would take of that.
    pub cost: Value,
    /// Base units for its owner: his equity less the cost, rounded down.
    pub credit: Uint128,
    /// Base units of penalty, with what the owner's part does not divide into: less than a unit, but where a unit is worth less
    /// than a value's last digit.
    pub penalty: Uint128,
    /// Multiplier after the protection.
    pub multiplier: Decimal,
    /// Price of a fill at it, in debt base units per whole collateral token.
    pub price: Decimal256,
}

impl Takeover {
    /// Base units to pay.
    pub fn paid(&self) -> RiskResult<Uint128> {
        Ok(self.credit.checked_add(self.penalty)?)
    }
}

impl Subject {
    /// What the position costs at `multiplier` of the sale's clock: `Σ C − Σ D − d·s − φ_eff·s·k` for its owner and `φ_eff·s·k`
    /// of penalty. `s` is all that may be sold at that price ([`Subject::allowed`]), whatever the lot.
    ///
    /// At a premium nothing is added: an owner never gets more than his equity. The owner's part is rounded down and what is
    /// paid for it up, each with a cost that is rounded the same way; what lies between is penalty. So he gets no more than the
    /// exact figure, and who takes over, who picks the moment, pays no less.
    ///
    /// $1,000 of collateral with `wT` = .75 against a debt of $760 at a discount of 2 % and a penalty of .1 %: `s` = $43.66,
    /// `d·s` = $.8732, `φ·s·k` = $.0427. The owner has $240 − $.9160 = $239.084 of his equity, and $239.1267 are paid.
    ///
    /// # Errors
    /// `Overflow` where a figure is out of range.
    pub fn takeover(&self, multiplier: Decimal, terms: &Terms) -> RiskResult<Result<Takeover, NoFill>> {
        let allowed = match self.allowed(multiplier, terms)? {
            Ok(allowed) => allowed,
            Err(none) => return Ok(Err(none)),
        };
        let (held, owed) = (&self.collateral, &self.debt);
        let discount = Decimal::one().saturating_sub(allowed.multiplier);
        let penalty = penalty_of(allowed.paid, allowed.penalty)?;
        let cost = |rounding: Rounding| -> RiskResult<Value> {
            let sold = held.price.value_of(allowed.sold, held.decimals, rounding)?;
            let taken = owed.price.value_of(penalty, owed.decimals, rounding)?;
            sold.times(discount, rounding)?.plus(taken)
        };
        let equity = self.book.plain.collateral.minus(self.book.plain.debt);
        let (most, least) = (cost(Rounding::Up)?, cost(Rounding::Down)?);
        let credit = owed
            .price
            .amount_for(equity.minus(most), owed.decimals, Rounding::Down)?;
        let due = owed
            .price
            .amount_for(equity.minus(least), owed.decimals, Rounding::Up)?;
        Ok(Ok(Takeover {
            equity,
            cost: most,
            credit,
            penalty: penalty.checked_add(due.checked_sub(credit)?)?,
            multiplier: allowed.multiplier,
            price: allowed.price,
        }))
    }
}

//! Share accounting of one lending market.
//!
//! Suppliers hold supply shares of `total_assets`; borrowers hold debt shares of `index` base units each. A
//! market is a plain value: its transitions are pure, the vault loads it, applies one, and saves it.

use cosmwasm_std::{Decimal, Decimal256, Uint128};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::interest::{growth, RateModel};
use crate::math::{div, mul, mul_256, mul_div};
use crate::{RiskError, RiskResult, Rounding};

/// Virtual supply shares that exist beside the real ones, with [`VIRTUAL_ASSETS`] behind them: they make an
/// inflation of the supply price by a first depositor cost a million times what it can take (Attack 11).
pub const VIRTUAL_SHARES: Uint128 = Uint128::new(1_000_000);
/// Base units behind the virtual shares.
pub const VIRTUAL_ASSETS: Uint128 = Uint128::one();
/// A market whose supply price fell below `1 / RETIRED_BELOW` of its start (in base units per 10⁶ shares) takes
/// no new supply and lends nothing: its shares would no longer resolve amounts.
pub const RETIRED_BELOW: Uint128 = Uint128::new(1_000_000);

/// Where the index stops: a debt that grew a billionfold is nobody's asset any more, and repaying, withdrawing and
/// writing it off must not fail for an overflow that only time brings about (a rate of 300 % for seven years).
pub const MAX_INDEX: Decimal = Decimal::new(Uint128::new(1_000_000_000_000_000_000_000_000_000));

/// State of one lending market that changes with use. Amounts are base units, times unix seconds.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq, Eq)]
pub struct Market {
    /// Coins of suppliers that are not lent out.
    pub cash: Uint128,
    /// Shares of all debts.
    pub debt_shares: Uint128,
    /// Base units that one debt share owes, as of `accrued_at`.
    pub index: Decimal,
    /// Borrow rate per year since `accrued_at`.
    pub rate: Decimal,
    /// When `index` was last brought up to date.
    pub accrued_at: u64,
    /// Shares of all suppliers, fund and reserves included.
    pub supply_shares: Uint128,
    /// The insurance fund's part of `supply_shares`.
    pub fund_shares: Uint128,
    /// The reserves' part of `supply_shares`.
    pub reserve_shares: Uint128,
    /// Coins received for keepers and not yet credited to their accounts; no part of the suppliers' assets.
    pub dues: Uint128,
    /// Owed by open callback tickets; part of total assets, not of cash.
    pub tickets: Uint128,
}

impl Market {
    /// A market without supply or debt.
    pub fn new(now: u64, rate: Decimal) -> Self {
        Market {
            cash: Uint128::zero(),
            debt_shares: Uint128::zero(),
            index: Decimal::one(),
            rate,
            accrued_at: now,
            supply_shares: Uint128::zero(),
            fund_shares: Uint128::zero(),
            reserve_shares: Uint128::zero(),
            dues: Uint128::zero(),
            tickets: Uint128::zero(),
        }
    }

    /// Base units per debt share at `now`, interest included, never above [`MAX_INDEX`]. Rounded up on its last
    /// digit, after a growth that is rounded down by less than 10⁻¹⁶ of itself.
    pub fn index_at(&self, now: u64) -> RiskResult<Decimal> {
        let seconds = now.saturating_sub(self.accrued_at);
        if seconds == 0 || self.rate.is_zero() {
            return Ok(self.index);
        }
        let growth = match growth(self.rate, seconds) {
            Ok(growth) => growth,
            Err(RiskError::Overflow) => return Ok(self.highest_index()?.max(self.index)),
            Err(other) => return Err(other),
        };
        let grown = mul_256(self.index.into(), growth, Rounding::Up)?;
        let capped = grown.min(self.highest_index()?.into()).max(self.index.into());
        Ok(Decimal::try_from(capped)?)
    }

    /// Where this market's index stops: at [`MAX_INDEX`], or where the debts leave the lower half of the range.
    fn highest_index(&self) -> RiskResult<Decimal> {
        if self.debt_shares.is_zero() {
            return Ok(MAX_INDEX);
        }
        let half = Uint128::MAX.checked_div(Uint128::new(2))?;
        let fits = Decimal256::checked_from_ratio(half, self.debt_shares)?;
        Ok(Decimal::try_from(fits.min(MAX_INDEX.into()))?)
    }

    /// What `shares` of debt owe at `now`, rounded up.
    pub fn debt_of_shares(&self, shares: Uint128, now: u64) -> RiskResult<Uint128> {
        mul(shares, self.index_at(now)?, Rounding::Up)
    }

    /// All debts as of `accrued_at`, rounded down (they are an asset of the suppliers).
    pub fn total_debt(&self) -> RiskResult<Uint128> {
        mul(self.debt_shares, self.index, Rounding::Down)
    }

    /// What all suppliers own together: cash, debts and open tickets, as of `accrued_at`.
    pub fn total_assets(&self) -> RiskResult<Uint128> {
        Ok(self
            .cash
            .checked_add(self.total_debt()?)?
            .checked_add(self.tickets)?)
    }

    /// Part of the assets that is lent out, in [0, 1]; zero for an empty market.
    pub fn utilisation(&self) -> RiskResult<Decimal> {
        let assets = self.total_assets()?;
        if assets.is_zero() {
            return Ok(Decimal::zero());
        }
        Ok(Decimal::checked_from_ratio(
            assets.checked_sub(self.cash)?,
            assets,
        )?)
    }

    /// Base units that one million shares are worth: 1 at the start. For display only.
    pub fn supply_price(&self) -> RiskResult<Decimal256> {
        let assets = self.total_assets()?.checked_add(VIRTUAL_ASSETS)?;
        let shares = self.supply_shares.checked_add(VIRTUAL_SHARES)?;
        let scaled = Decimal256::checked_from_ratio(assets, shares)?;
        Ok(scaled.checked_mul(Decimal256::from_ratio(VIRTUAL_SHARES, VIRTUAL_ASSETS))?)
    }

    /// Has the supply price fallen below a millionth of its start?
    pub fn is_retired(&self) -> RiskResult<bool> {
        let price = self.supply_price()?;
        Ok(price < Decimal256::checked_from_ratio(1u128, RETIRED_BELOW)?)
    }

    /// Brings interest up to `now`; the reserves get supply shares for `reserve_factor` of it, minted at the
    /// price that the rest of the interest has already lifted. Where those would leave the range, the suppliers keep
    /// all of it: time alone must not stop a market.
    ///
    /// The reserves' part is the difference of two rounded totals, not a rounded difference: whoever touches a small
    /// market in each block, where a block's interest is a unit or none, takes nothing from them.
    pub fn accrue(&mut self, reserve_factor: Decimal, now: u64) -> RiskResult<()> {
        if now <= self.accrued_at {
            return Ok(());
        }
        let before = self.total_debt()?;
        self.index = self.index_at(now)?;
        self.accrued_at = now;
        let part = |debt: Uint128| mul(debt, reserve_factor.min(Decimal::one()), Rounding::Down);
        let fee = part(self.total_debt()?)?.saturating_sub(part(before)?);
        if fee.is_zero() {
            return Ok(());
        }
        let minted = self
            .shares_beside(fee)
            .and_then(|shares| Ok((shares, self.with_shares(shares)?)));
        if let Ok((shares, supply_shares)) = minted {
            self.reserve_shares = self.reserve_shares.checked_add(shares)?;
            self.supply_shares = supply_shares;
        }
        Ok(())
    }

    /// Sets the rate from here on. Call after every change of cash or debt, with interest brought up to date.
    pub fn set_rate(&mut self, model: &RateModel) -> RiskResult<()> {
        self.rate = model.borrow_rate(self.utilisation()?)?;
        Ok(())
    }

    /// Supply shares that `amount` buys, rounded down.
    pub fn shares_for_supply(&self, amount: Uint128) -> RiskResult<Uint128> {
        mul_div(
            amount,
            self.supply_shares.checked_add(VIRTUAL_SHARES)?,
            self.total_assets()?.checked_add(VIRTUAL_ASSETS)?,
            Rounding::Down,
        )
    }

    /// Shares that claim `amount` which is already among the assets (interest just accrued), rounded down.
    fn shares_beside(&self, amount: Uint128) -> RiskResult<Uint128> {
        let others = self
            .total_assets()?
            .checked_add(VIRTUAL_ASSETS)?
            .checked_sub(amount)?;
        mul_div(
            amount,
            self.supply_shares.checked_add(VIRTUAL_SHARES)?,
            others,
            Rounding::Down,
        )
    }

    /// Supply shares that must be burnt to take out `amount`, rounded up.
    pub fn shares_for_withdrawal(&self, amount: Uint128) -> RiskResult<Uint128> {
        mul_div(
            amount,
            self.supply_shares.checked_add(VIRTUAL_SHARES)?,
            self.total_assets()?.checked_add(VIRTUAL_ASSETS)?,
            Rounding::Up,
        )
    }

    /// What `shares` of supply are worth, rounded down.
    pub fn assets_for_shares(&self, shares: Uint128) -> RiskResult<Uint128> {
        mul_div(
            shares,
            self.total_assets()?.checked_add(VIRTUAL_ASSETS)?,
            self.supply_shares.checked_add(VIRTUAL_SHARES)?,
            Rounding::Down,
        )
    }

    /// Takes `amount` in from a supplier and returns the shares minted for it (none for an amount too small to
    /// be worth one: the caller refuses that).
    pub fn supply(&mut self, amount: Uint128) -> RiskResult<Uint128> {
        let shares = self.shares_for_supply(amount)?;
        let supply_shares = self.with_shares(shares)?;
        self.cash = self.cash.checked_add(amount)?;
        self.supply_shares = supply_shares;
        Ok(shares)
    }

    /// Supply shares after minting `minted`. They fit together with the virtual ones, for every price adds the two.
    fn with_shares(&self, minted: Uint128) -> RiskResult<Uint128> {
        let shares = self.supply_shares.checked_add(minted)?;
        shares.checked_add(VIRTUAL_SHARES)?;
        Ok(shares)
    }

    /// Supply on behalf of the insurance fund: a counter in the market, minted in the same way.
    pub fn supply_fund(&mut self, amount: Uint128) -> RiskResult<Uint128> {
        let shares = self.supply(amount)?;
        self.fund_shares = self.fund_shares.checked_add(shares)?;
        Ok(shares)
    }

    /// Supply on behalf of the reserves.
    pub fn supply_reserves(&mut self, amount: Uint128) -> RiskResult<Uint128> {
        let shares = self.supply(amount)?;
        self.reserve_shares = self.reserve_shares.checked_add(shares)?;
        Ok(shares)
    }

    /// Burns `shares` and pays `amount` out of cash; the caller has computed one from the other.
    ///
    /// # Errors
    /// `Underflow` where cash or shares do not suffice.
    pub fn withdraw(&mut self, amount: Uint128, shares: Uint128) -> RiskResult<()> {
        self.cash = take(self.cash, amount)?;
        self.supply_shares = take(self.supply_shares, shares)?;
        Ok(())
    }

    /// Has the insurance fund pay `amount` that is among the cash (a debt was just repaid with it) and returns its shares that
    /// are burnt for it, rounded up: no coin moves, and the others' shares are worth no less.
    ///
    /// # Errors
    /// `Underflow` where cash or the fund's shares do not suffice.
    pub fn spend_fund(&mut self, amount: Uint128) -> RiskResult<Uint128> {
        let shares = self.shares_for_withdrawal(amount)?;
        let fund_shares = take(self.fund_shares, shares)?;
        self.withdraw(amount, shares)?;
        self.fund_shares = fund_shares;
        Ok(shares)
    }

    /// Lends `amount` and returns the debt shares for it, rounded up.
    ///
    /// # Errors
    /// `Underflow` where cash does not suffice.
    pub fn borrow(&mut self, amount: Uint128) -> RiskResult<Uint128> {
        let shares = div(amount, self.index, Rounding::Up)?;
        self.cash = take(self.cash, amount)?;
        self.debt_shares = self.debt_shares.checked_add(shares)?;
        Ok(shares)
    }

    /// Takes back `amount` of a debt of `held` shares and returns the shares that are left of it: paid shares are
    /// rounded down, and the whole debt (rounded up) clears all of them.
    ///
    /// # Errors
    /// `Underflow` when `amount` is more than the debt.
    pub fn repay(&mut self, amount: Uint128, held: Uint128) -> RiskResult<Uint128> {
        let owed = mul(held, self.index, Rounding::Up)?;
        if amount > owed {
            return Err(RiskError::Underflow {
                held: owed.u128(),
                taken: amount.u128(),
            });
        }
        let paid = if amount == owed {
            held
        } else {
            div(amount, self.index, Rounding::Down)?.min(held)
        };
        self.cash = self.cash.checked_add(amount)?;
        self.debt_shares = take(self.debt_shares, paid)?;
        take(held, paid)
    }

    /// Counts `amount` of cash as owed by an open ticket: it was booked, but is still to come.
    ///
    /// # Errors
    /// `Underflow` when it is more than cash.
    pub fn open_ticket(&mut self, amount: Uint128) -> RiskResult<()> {
        self.cash = take(self.cash, amount)?;
        self.tickets = self.tickets.checked_add(amount)?;
        Ok(())
    }

    /// It came.
    ///
    /// # Errors
    /// `Underflow` when it is more than all open tickets.
    pub fn close_ticket(&mut self, amount: Uint128) -> RiskResult<()> {
        self.tickets = take(self.tickets, amount)?;
        self.cash = self.cash.checked_add(amount)?;
        Ok(())
    }

    /// Writes off a debt of `shares`. The fund's shares are burnt first, for `min(loss, F·p, cover)` at the price
    /// `p` before the loss; what is left lowers the supply price for everybody.
    ///
    /// With assets `A`, shares `S` (both with the virtual ones), loss `X` and burnt shares `b`, the price goes from
    /// `A/S` to `(A − X)/(S − b)`. A market of 1,000 units, 100 of them the fund's, writes off 40: all of it is the
    /// fund's loss, and the price stands. It writes off 250: 100 are the fund's, the other 900 of supply are worth
    /// 750, and the price falls by a sixth.
    ///
    /// Returns how the loss was borne; `fund + suppliers` is the debt written off.
    ///
    /// # Errors
    /// `Underflow` when `shares` is more than all debts.
    pub fn write_off(&mut self, shares: Uint128, cover: Uint128) -> RiskResult<Loss> {
        let before = self.total_assets()?;
        let fund_worth = self.assets_for_shares(self.fund_shares)?;
        let debt_shares = take(self.debt_shares, shares)?;
        let after = Market {
            debt_shares,
            ..self.clone()
        }
        .total_assets()?;
        let loss = before.saturating_sub(after);
        let fund = loss.min(fund_worth).min(cover);
        let burnt = if fund == fund_worth {
            self.fund_shares
        } else {
            self.shares_for_withdrawal(fund)?.min(self.fund_shares)
        };
        // A cover that buys nothing burns nothing: the fund's last shares may be worth less than a unit.
        let burnt = if fund.is_zero() { Uint128::zero() } else { burnt };
        self.debt_shares = debt_shares;
        self.fund_shares = take(self.fund_shares, burnt)?;
        self.supply_shares = take(self.supply_shares, burnt)?;
        Ok(Loss {
            written_off: loss,
            fund,
            burnt,
            suppliers: loss.saturating_sub(fund),
        })
    }
}

/// How the loss of a written-off debt was borne, in base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// By how much the market's assets fell.
    pub written_off: Uint128,
    /// What the fund's burnt shares were worth.
    pub fund: Uint128,
    /// Shares of the fund that were burnt.
    pub burnt: Uint128,
    /// What is left for the supply price to bear.
    pub suppliers: Uint128,
}

/// What is left of `held`.
pub(crate) fn take(held: Uint128, taken: Uint128) -> RiskResult<Uint128> {
    held.checked_sub(taken).map_err(|_| RiskError::Underflow {
        held: held.u128(),
        taken: taken.u128(),
    })
}

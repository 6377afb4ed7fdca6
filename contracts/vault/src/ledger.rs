//! Changes of one position's ledger.

use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::vault::{Ledger, LedgerDebt};
use glidepath_interfaces::AssetId;
use glidepath_risk::debt::{debt_of, Debt, Owed};
use glidepath_risk::market::Market;

use crate::books::{minus, plus};
use crate::error::ContractError;

/// What a repayment did.
pub struct Repaid {
    /// How it was split.
    pub paid: Owed,
    /// The debt is gone, and was counted among the insolvent ones.
    pub solved: bool,
}

/// Adds collateral; an asset that the position does not hold yet comes last.
pub fn add_collateral(ledger: &mut Ledger, asset: &AssetId, amount: Uint128) -> Result<(), ContractError> {
    match ledger.collateral.iter_mut().find(|held| held.asset == *asset) {
        Some(held) => held.amount = plus(held.amount, amount)?,
        None => ledger.collateral.push(Amount {
            asset: asset.clone(),
            amount,
        }),
    }
    Ok(())
}

/// Takes collateral out; an entry of zero is removed.
///
/// # Errors
/// `NotEnoughCollateral`.
pub fn take_collateral(ledger: &mut Ledger, asset: &AssetId, amount: Uint128) -> Result<(), ContractError> {
    let held = ledger.collateral.iter_mut().find(|held| held.asset == *asset);
    let available = held.as_ref().map_or(Uint128::zero(), |held| held.amount);
    match held {
        Some(held) if amount <= available => held.amount = minus(available, amount)?,
        _ => {
            return Err(ContractError::NotEnoughCollateral {
                asset: asset.clone(),
                held: available,
                wanted: amount,
            })
        }
    }
    ledger.collateral.retain(|held| !held.amount.is_zero());
    Ok(())
}

/// Adds the surcharge since the last booking to a debt and returns what is owed now.
pub fn book_surcharge(
    debt: &mut Debt,
    market: &Market,
    rate: Decimal,
    now: u64,
) -> Result<Owed, ContractError> {
    let owed = debt_of(debt, market, rate, now)?;
    debt.surcharge = owed.surcharge;
    debt.since = now;
    Ok(owed)
}

/// Takes a loan from a market (with interest booked) into the ledger; returns the debt shares.
///
/// # Errors
/// `Risk` where the market's cash does not suffice.
pub fn borrow(
    ledger: &mut Ledger,
    market: &mut Market,
    asset: &AssetId,
    amount: Uint128,
    now: u64,
) -> Result<Uint128, ContractError> {
    let rate = ledger.surcharge_rate;
    if !ledger.debts.iter().any(|owed| owed.asset == *asset) {
        ledger.debts.push(LedgerDebt {
            asset: asset.clone(),
            debt: Debt {
                since: now,
                ..Debt::default()
            },
            insolvent: false,
        });
    }
    let debt = &mut find(ledger, asset)?.debt;
    book_surcharge(debt, market, rate, now)?;
    let shares = market.borrow(amount)?;
    debt.shares = plus(debt.shares, shares)?;
    Ok(shares)
}

/// Repays a debt to a market (with interest booked), principal first; a debt that owes nothing is removed. The
/// surcharge paid is the caller's to place.
///
/// # Errors
/// `NothingOwed`, `RepaysTooMuch`.
pub fn repay(
    ledger: &mut Ledger,
    market: &mut Market,
    asset: &AssetId,
    amount: Uint128,
    now: u64,
) -> Result<Repaid, ContractError> {
    let rate = ledger.surcharge_rate;
    let entry = find(ledger, asset)?;
    let owed = book_surcharge(&mut entry.debt, market, rate, now)?;
    let total = owed.total()?;
    if amount > total {
        return Err(ContractError::RepaysTooMuch {
            asset: asset.clone(),
            owed: total,
            amount,
        });
    }
    let paid = owed.split(amount)?;
    entry.debt.shares = market.repay(paid.principal, entry.debt.shares)?;
    entry.debt.surcharge = minus(entry.debt.surcharge, paid.surcharge)?;
    let gone = entry.debt.shares.is_zero() && entry.debt.surcharge.is_zero();
    let solved = gone && entry.insolvent;
    if gone {
        ledger.debts.retain(|debt| debt.asset != *asset);
    }
    Ok(Repaid { paid, solved })
}

/// A debt of the position.
fn find<'a>(ledger: &'a mut Ledger, asset: &AssetId) -> Result<&'a mut LedgerDebt, ContractError> {
    ledger
        .debts
        .iter_mut()
        .find(|debt| debt.asset == *asset)
        .ok_or_else(|| ContractError::NothingOwed { asset: asset.clone() })
}

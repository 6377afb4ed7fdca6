//! Changes of a ledger's copy, to the unit as the vault will make them, so that what is checked is what will be.

use cosmwasm_std::Uint128;
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::vault::{Ledger, LedgerAction, LedgerDebt};
use glidepath_interfaces::AssetId;
use glidepath_risk::debt::{debt_of, Debt};

use crate::records::Records;
use crate::ContractError;

/// What is held of an asset.
pub fn held(ledger: &Ledger, asset: &AssetId) -> Uint128 {
    ledger
        .collateral
        .iter()
        .find(|held| held.asset == *asset)
        .map_or(Uint128::zero(), |held| held.amount)
}

/// What is owed of an asset now: principal, interest and surcharge.
pub fn owed(records: &mut Records, ledger: &Ledger, asset: &AssetId) -> Result<Uint128, ContractError> {
    let now = records.now;
    match ledger.debts.iter().find(|debt| debt.asset == *asset) {
        Some(entry) => {
            let market = records.market(asset)?;
            Ok(debt_of(&entry.debt, market, ledger.surcharge_rate, now)?.total()?)
        }
        None => Ok(Uint128::zero()),
    }
}

/// Adds collateral; an asset that the position does not hold yet comes last.
pub fn deposit(ledger: &mut Ledger, asset: &AssetId, amount: Uint128) -> Result<(), ContractError> {
    match ledger.collateral.iter_mut().find(|held| held.asset == *asset) {
        Some(held) => held.amount = sum(held.amount, amount)?,
        None => ledger.collateral.push(Amount {
            asset: asset.clone(),
            amount,
        }),
    }
    Ok(())
}

/// Takes collateral out.
///
/// # Errors
/// `NotEnoughCollateral`.
pub fn withdraw(ledger: &mut Ledger, asset: &AssetId, amount: Uint128) -> Result<(), ContractError> {
    let available = held(ledger, asset);
    if amount > available {
        return Err(ContractError::NotEnoughCollateral {
            asset: asset.clone(),
            held: available,
            wanted: amount,
        });
    }
    for held in ledger.collateral.iter_mut().filter(|held| held.asset == *asset) {
        held.amount = available.saturating_sub(amount);
    }
    ledger.collateral.retain(|held| !held.amount.is_zero());
    Ok(())
}

/// Borrows what the vault will lend.
///
/// # Errors
/// `MarketRetired`, `NotEnoughCash`, `BorrowCap`.
pub fn borrow(
    records: &mut Records,
    ledger: &mut Ledger,
    asset: &AssetId,
    amount: Uint128,
) -> Result<(), ContractError> {
    let now = records.now;
    let cap = records.borrow_cap(asset)?;
    let market = records.market_mut(asset)?;
    if market.is_retired()? {
        return Err(ContractError::MarketRetired { asset: asset.clone() });
    }
    if amount > market.cash {
        return Err(ContractError::NotEnoughCash {
            asset: asset.clone(),
            cash: market.cash,
            wanted: amount,
        });
    }
    let shares = market.borrow(amount)?;
    let total = market.total_debt()?;
    if total > cap {
        let asset = asset.clone();
        return Err(ContractError::BorrowCap { asset, total, cap });
    }
    match ledger.debts.iter_mut().find(|debt| debt.asset == *asset) {
        Some(entry) => {
            let surcharge = debt_of(&entry.debt, market, ledger.surcharge_rate, now)?.surcharge;
            entry.debt = Debt {
                shares: sum(entry.debt.shares, shares)?,
                surcharge,
                since: now,
            };
        }
        None => ledger.debts.push(LedgerDebt {
            asset: asset.clone(),
            debt: Debt {
                shares,
                surcharge: Uint128::zero(),
                since: now,
            },
            insolvent: false,
        }),
    }
    Ok(())
}

/// Repays `amount`, at most what is owed; a debt that owes nothing is removed.
///
/// # Errors
/// `NothingOwed`.
pub fn repay(
    records: &mut Records,
    ledger: &mut Ledger,
    asset: &AssetId,
    amount: Uint128,
) -> Result<(), ContractError> {
    let now = records.now;
    let rate = ledger.surcharge_rate;
    let entry = ledger
        .debts
        .iter_mut()
        .find(|debt| debt.asset == *asset)
        .ok_or_else(|| ContractError::NothingOwed { asset: asset.clone() })?;
    let market = records.market_mut(asset)?;
    let owed = debt_of(&entry.debt, market, rate, now)?;
    let paid = owed.split(amount)?;
    entry.debt = Debt {
        shares: market.repay(paid.principal, entry.debt.shares)?,
        surcharge: owed.surcharge.saturating_sub(paid.surcharge),
        since: now,
    };
    // What pays surcharge is supplied for the insurance fund: cash like any other.
    market.cash = sum(market.cash, paid.surcharge)?;
    if entry.debt.shares.is_zero() && entry.debt.surcharge.is_zero() {
        ledger.debts.retain(|debt| debt.asset != *asset);
    }
    Ok(())
}

/// Ends distress: no surcharge from now on, no permission; `drop_stretch` forgets the surcharge since it was last
/// booked.
pub fn calm(records: &mut Records, ledger: &mut Ledger, drop_stretch: bool) -> Result<(), ContractError> {
    let now = records.now;
    for entry in &mut ledger.debts {
        if !drop_stretch {
            let market = records.market(&entry.asset)?;
            entry.debt.surcharge = debt_of(&entry.debt, market, ledger.surcharge_rate, now)?.surcharge;
        }
        entry.debt.since = now;
    }
    ledger.surcharge_rate = cosmwasm_std::Decimal::zero();
    ledger.sale = None;
    Ok(())
}

/// Repays every debt, as far as it goes, with collateral of the same asset.
pub fn offset(records: &mut Records, ledger: &mut Ledger) -> Result<Vec<LedgerAction>, ContractError> {
    let mut actions = vec![];
    for Amount { asset, amount } in ledger.collateral.clone() {
        let amount = amount.min(owed(records, ledger, &asset)?);
        if amount.is_zero() {
            continue;
        }
        withdraw(ledger, &asset, amount)?;
        repay(records, ledger, &asset, amount)?;
        actions.push(LedgerAction::Offset(Amount { asset, amount }));
    }
    Ok(actions)
}

fn sum(a: Uint128, b: Uint128) -> Result<Uint128, ContractError> {
    Ok(a.checked_add(b).map_err(glidepath_risk::RiskError::from)?)
}

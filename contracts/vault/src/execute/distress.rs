//! `SetDistress`: what distress means for a position's ledger.

use cosmwasm_std::{Addr, Api, Decimal, Event, Response, Storage, Uint128};
use glidepath_interfaces::events::vault::{DistressSet, KeeperCredited};
use glidepath_interfaces::vault::{Ledger, LedgerDebt, Permission, SalePermission};

use crate::books::{minus, Books};
use crate::error::ContractError;
use crate::ledger::book_surcharge;
use crate::state::{CONFIG, LEDGERS, MARKETS};

/// What to set.
pub struct Distress {
    /// Surcharge per year from now on.
    pub surcharge_rate: Decimal,
    /// Drop the surcharge since the last booking.
    pub drop_stretch: bool,
    /// Pair and lowest price that may be settled.
    pub sale: Option<Permission>,
    /// Who earned the keepers' part so far.
    pub keepers: Vec<Addr>,
    /// Are the debts more than the collateral?
    pub insolvent: bool,
}

impl Distress {
    /// No distress any more.
    pub fn over(keepers: Vec<Addr>) -> Self {
        Distress {
            surcharge_rate: Decimal::zero(),
            drop_stretch: false,
            sale: None,
            keepers,
            insolvent: false,
        }
    }
}

/// Addresses of a message.
pub fn addresses(api: &dyn Api, texts: &[String]) -> Result<Vec<Addr>, ContractError> {
    texts.iter().map(|text| Ok(api.addr_validate(text)?)).collect()
}

/// Books the surcharge so far, then sets rate, permission and flags. Keepers are credited where the pair on sale
/// changes or the permission ends.
pub fn set_distress(
    storage: &mut dyn Storage,
    now: u64,
    sender: &Addr,
    position: u64,
    distress: Distress,
) -> Result<Response, ContractError> {
    CONFIG.load(storage)?.only_position_manager(sender)?;
    let mut ledger = LEDGERS
        .may_load(storage, position)?
        .ok_or(ContractError::NoPosition { position })?;
    let mut books = Books::open(now);
    let events = set(storage, &mut books, &mut ledger, position, distress)?;
    books.close(storage)?;
    LEDGERS.save(storage, position, &ledger)?;
    Ok(Response::new().add_events(events))
}

/// Does that to a ledger and books that are open, and says what happened.
pub fn set(
    storage: &mut dyn Storage,
    books: &mut Books,
    ledger: &mut Ledger,
    position: u64,
    distress: Distress,
) -> Result<Vec<Event>, ContractError> {
    // A permission that goes on may be of a pair that is done: nothing can be settled by it.
    let goes_on = same_pair(ledger.sale.as_ref(), distress.sale.as_ref());
    if !goes_on {
        check_pair(ledger, distress.sale.as_ref())?;
    }

    book_surcharges(storage, ledger, distress.drop_stretch, books.now)?;
    ledger.surcharge_rate = distress.surcharge_rate;
    for debt in &mut ledger.debts {
        if debt.insolvent != distress.insolvent {
            debt.insolvent = distress.insolvent;
            books.flag(storage, &debt.asset, distress.insolvent)?;
        }
    }
    let mut events = if goes_on {
        vec![]
    } else {
        credit_keepers(storage, books, ledger, position, &distress.keepers)?
    };
    let earned = ledger.sale.take().map_or(Uint128::zero(), |sale| sale.keepers);
    ledger.sale = distress.sale.map(|sale| SalePermission {
        collateral: sale.collateral,
        debt: sale.debt,
        min_price: sale.min_price,
        keepers: earned,
    });
    let sale = ledger.sale.as_ref();
    events.push(
        DistressSet {
            position,
            surcharge_rate: ledger.surcharge_rate,
            collateral: sale.map(|sale| sale.collateral.clone()),
            debt: sale.map(|sale| sale.debt.clone()),
            min_price: sale.map(|sale| sale.min_price),
            insolvent: distress.insolvent,
        }
        .into(),
    );
    Ok(events)
}

/// Only what is held may be sold, and only for what is owed.
fn check_pair(ledger: &Ledger, sale: Option<&Permission>) -> Result<(), ContractError> {
    let Some(Permission { collateral, debt, .. }) = sale else {
        return Ok(());
    };
    if !ledger.collateral.iter().any(|held| held.asset == *collateral) {
        return Err(ContractError::NotEnoughCollateral {
            asset: collateral.clone(),
            held: Uint128::zero(),
            wanted: Uint128::one(),
        });
    }
    if !ledger.debts.iter().any(|owed| owed.asset == *debt) {
        return Err(ContractError::NothingOwed { asset: debt.clone() });
    }
    Ok(())
}

/// Adds the surcharge at the rate so far to every debt, or forgets it.
fn book_surcharges(
    storage: &dyn Storage,
    ledger: &mut Ledger,
    drop_stretch: bool,
    now: u64,
) -> Result<(), ContractError> {
    let rate = ledger.surcharge_rate;
    for LedgerDebt { asset, debt, .. } in &mut ledger.debts {
        if drop_stretch || rate.is_zero() || debt.since == now {
            debt.since = now;
            continue;
        }
        let market = MARKETS.load(storage, asset.as_str())?;
        book_surcharge(debt, &market, rate, now)?;
    }
    Ok(())
}

fn same_pair(old: Option<&SalePermission>, new: Option<&Permission>) -> bool {
    matches!((old, new), (Some(old), Some(new)) if old.collateral == new.collateral && old.debt == new.debt)
}

/// Ends the ledger's permission and pays its keepers' part out of the market's dues into their accounts: equal
/// parts, what does not divide to the first.
///
/// # Errors
/// `NoKeepers` where something is due and nobody is named.
pub fn credit_keepers(
    storage: &mut dyn Storage,
    books: &mut Books,
    ledger: &mut Ledger,
    position: u64,
    keepers: &[Addr],
) -> Result<Vec<Event>, ContractError> {
    let Some(sale) = ledger.sale.take().filter(|sale| !sale.keepers.is_zero()) else {
        return Ok(vec![]);
    };
    let (asset, due) = (sale.debt, sale.keepers);
    if keepers.is_empty() {
        return Err(ContractError::NoKeepers { asset, amount: due });
    }
    let market = &mut books.market(storage, &asset)?.state;
    market.dues = minus(market.dues, due)?;

    let count = Uint128::from(u64::try_from(keepers.len()).unwrap_or(u64::MAX));
    let part = due.checked_div(count).unwrap_or_default();
    let mut left = due;
    let mut events = vec![];
    for (nth, keeper) in keepers.iter().enumerate().rev() {
        // The first comes last here, for what is left.
        let amount = if nth == 0 { left } else { part };
        left = minus(left, amount)?;
        if amount.is_zero() {
            continue;
        }
        books.credit(storage, keeper, &asset, amount)?;
        events.push(
            KeeperCredited {
                position,
                asset: asset.clone(),
                keeper: keeper.clone(),
                amount,
            }
            .into(),
        );
    }
    Ok(events)
}

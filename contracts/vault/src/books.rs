//! The records that a handler changes, loaded once and saved once.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, StdError, Storage, Uint128};
use glidepath_interfaces::vault::{Cover, Holdings, Ledger, MarketTerms};
use glidepath_interfaces::AssetId;
use glidepath_risk::debt::Owed;
use glidepath_risk::market::Market;

use crate::error::ContractError;
use crate::ledger;
use crate::state::{self, COVER, HOLDINGS, MARKETS, MARKET_TERMS};

/// A market with its interest booked.
pub struct OpenMarket {
    /// Terms.
    pub terms: MarketTerms,
    /// State as of now.
    pub state: Market,
}

/// What of an account is spent.
#[derive(Clone, Copy)]
pub enum Part {
    /// Any of it, by its owner: what is set aside is never more than what is left.
    All,
    /// What is set aside, by the auction.
    SetAside,
}

/// The records that a handler changes. Interest is booked when a market is opened, its rate is set when the books
/// are closed; what is not closed was not changed.
pub struct Books {
    /// Unix seconds.
    pub now: u64,
    markets: BTreeMap<AssetId, OpenMarket>,
    holdings: BTreeMap<AssetId, Holdings>,
    covers: BTreeMap<AssetId, Cover>,
}

impl Books {
    /// Nothing opened yet.
    pub fn open(now: u64) -> Self {
        Books {
            now,
            markets: BTreeMap::new(),
            holdings: BTreeMap::new(),
            covers: BTreeMap::new(),
        }
    }

    /// A market with interest up to now.
    ///
    /// # Errors
    /// `NoMarket`.
    pub fn market(
        &mut self,
        storage: &dyn Storage,
        asset: &AssetId,
    ) -> Result<&mut OpenMarket, ContractError> {
        let now = self.now;
        entry(&mut self.markets, asset, || open_market(storage, asset, now))
    }

    /// What the vault owes of an asset beside its market.
    ///
    /// # Errors
    /// `NotListed`.
    pub fn holdings(
        &mut self,
        storage: &dyn Storage,
        asset: &AssetId,
    ) -> Result<&mut Holdings, ContractError> {
        entry(&mut self.holdings, asset, || {
            HOLDINGS
                .may_load(storage, asset.as_str())?
                .ok_or_else(|| ContractError::NotListed { asset: asset.clone() })
        })
    }

    /// Losses of a market.
    pub fn cover(&mut self, storage: &dyn Storage, asset: &AssetId) -> Result<&mut Cover, ContractError> {
        entry(&mut self.covers, asset, || {
            Ok(COVER.load(storage, asset.as_str())?)
        })
    }

    /// Adds to a position's collateral.
    pub fn hold(
        &mut self,
        storage: &dyn Storage,
        position: &mut Ledger,
        asset: &AssetId,
        amount: Uint128,
    ) -> Result<(), ContractError> {
        ledger::add_collateral(position, asset, amount)?;
        let holdings = self.holdings(storage, asset)?;
        holdings.collateral = plus(holdings.collateral, amount)?;
        Ok(())
    }

    /// Takes from a position's collateral.
    ///
    /// # Errors
    /// `NotEnoughCollateral`.
    pub fn release(
        &mut self,
        storage: &dyn Storage,
        position: &mut Ledger,
        asset: &AssetId,
        amount: Uint128,
    ) -> Result<(), ContractError> {
        ledger::take_collateral(position, asset, amount)?;
        let holdings = self.holdings(storage, asset)?;
        holdings.collateral = minus(holdings.collateral, amount)?;
        Ok(())
    }

    /// Repays a position's debt with coins that are here: principal first; what pays surcharge is supplied to the
    /// market for the insurance fund. A debt that is gone is no insolvent one.
    ///
    /// # Errors
    /// `NothingOwed`, `RepaysTooMuch`.
    pub fn repay(
        &mut self,
        storage: &dyn Storage,
        position: &mut Ledger,
        asset: &AssetId,
        amount: Uint128,
    ) -> Result<Owed, ContractError> {
        let now = self.now;
        let market = self.market(storage, asset)?;
        let repaid = ledger::repay(position, &mut market.state, asset, amount, now)?;
        to_fund(&mut market.state, repaid.paid.surcharge)?;
        if repaid.solved {
            self.flag(storage, asset, false)?;
        }
        Ok(repaid.paid)
    }

    /// Counts an insolvent debt of a market in or out.
    pub fn flag(
        &mut self,
        storage: &dyn Storage,
        asset: &AssetId,
        insolvent: bool,
    ) -> Result<(), ContractError> {
        let cover = self.cover(storage, asset)?;
        cover.insolvent = if insolvent {
            cover.insolvent.checked_add(1)
        } else {
            cover.insolvent.checked_sub(1)
        }
        .ok_or(glidepath_risk::RiskError::Overflow)?;
        Ok(())
    }

    /// Credits an account with coins that are here.
    pub fn credit(
        &mut self,
        storage: &mut dyn Storage,
        owner: &Addr,
        asset: &AssetId,
        amount: Uint128,
    ) -> Result<(), ContractError> {
        let holdings = self.holdings(storage, asset)?;
        holdings.accounts = plus(holdings.accounts, amount)?;
        let mut account = state::account(storage, owner, asset)?;
        account.amount = plus(account.amount, amount)?;
        state::set_account(storage, owner, asset, &account)
    }

    /// Takes from an account.
    ///
    /// # Errors
    /// `NotEnoughInAccount`.
    pub fn debit(
        &mut self,
        storage: &mut dyn Storage,
        owner: &Addr,
        asset: &AssetId,
        amount: Uint128,
        from: Part,
    ) -> Result<(), ContractError> {
        let mut account = state::account(storage, owner, asset)?;
        let held = match from {
            Part::All => account.amount,
            Part::SetAside => account.set_aside,
        };
        if amount > held {
            return Err(ContractError::NotEnoughInAccount {
                asset: asset.clone(),
                held,
                wanted: amount,
            });
        }
        let holdings = self.holdings(storage, asset)?;
        holdings.accounts = minus(holdings.accounts, amount)?;
        account.amount = minus(account.amount, amount)?;
        account.set_aside = match from {
            Part::All => account.set_aside.min(account.amount),
            Part::SetAside => minus(account.set_aside, amount)?,
        };
        state::set_account(storage, owner, asset, &account)
    }

    /// Sets the rates and saves everything that was opened.
    pub fn close(self, storage: &mut dyn Storage) -> Result<(), ContractError> {
        for (asset, mut market) in self.markets {
            market.state.set_rate(&market.terms.rate_model)?;
            MARKETS.save(storage, asset.as_str(), &market.state)?;
        }
        for (asset, holdings) in self.holdings {
            HOLDINGS.save(storage, asset.as_str(), &holdings)?;
        }
        for (asset, cover) in self.covers {
            COVER.save(storage, asset.as_str(), &cover)?;
        }
        Ok(())
    }
}

/// A market with interest up to `now`.
pub fn open_market(storage: &dyn Storage, asset: &AssetId, now: u64) -> Result<OpenMarket, ContractError> {
    let mut state = MARKETS
        .may_load(storage, asset.as_str())?
        .ok_or_else(|| ContractError::NoMarket { asset: asset.clone() })?;
    let terms = MARKET_TERMS.load(storage, asset.as_str())?;
    state.accrue(terms.reserve_factor, now)?;
    Ok(OpenMarket { terms, state })
}

/// Supplies coins that are here for the insurance fund.
pub fn to_fund(market: &mut Market, amount: Uint128) -> Result<(), ContractError> {
    if takes_no_supply(market, amount)? {
        market.cash = plus(market.cash, amount)?;
    } else {
        market.supply_fund(amount)?;
    }
    Ok(())
}

/// Supplies coins that are here for the reserves.
pub fn to_reserves(market: &mut Market, amount: Uint128) -> Result<(), ContractError> {
    if takes_no_supply(market, amount)? {
        market.cash = plus(market.cash, amount)?;
    } else {
        market.supply_reserves(amount)?;
    }
    Ok(())
}

/// Shares of a retired market, or of one that is full to the brim, are too many for others to be minted without leaving
/// the range; the coins go to the suppliers instead, for repaying and fills must stay open.
fn takes_no_supply(market: &Market, amount: Uint128) -> Result<bool, ContractError> {
    Ok(amount.is_zero() || market.is_retired()? || market.clone().supply(amount).is_err())
}

/// An entry of a map, made where there is none.
fn entry<'a, T>(
    map: &'a mut BTreeMap<AssetId, T>,
    asset: &AssetId,
    make: impl FnOnce() -> Result<T, ContractError>,
) -> Result<&'a mut T, ContractError> {
    use std::collections::btree_map::Entry;
    Ok(match map.entry(asset.clone()) {
        Entry::Occupied(there) => there.into_mut(),
        Entry::Vacant(none) => none.insert(make()?),
    })
}

/// Sum of amounts.
pub fn plus(a: Uint128, b: Uint128) -> Result<Uint128, ContractError> {
    Ok(a.checked_add(b).map_err(StdError::from)?)
}

/// Difference of amounts.
pub fn minus(a: Uint128, b: Uint128) -> Result<Uint128, ContractError> {
    Ok(a.checked_sub(b).map_err(StdError::from)?)
}

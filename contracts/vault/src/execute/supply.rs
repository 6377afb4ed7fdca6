//! Lending: supply, withdraw and hand on supply shares.

use cosmwasm_std::{Addr, Response, Storage, Uint128};
use glidepath_interfaces::events::vault::{Supplied, SupplyTransferred, SupplyWithdrawn};
use glidepath_interfaces::payment::{some, Call};
use glidepath_interfaces::AssetId;
use glidepath_risk::market::Market;

use crate::books::{minus, plus, Books, OpenMarket};
use crate::call::payout;
use crate::error::ContractError;
use crate::state::{self, listed, Config, CONFIG, SUPPLIES};

/// Lends the payment to a market; the shares go to `recipient`.
pub fn supply(
    storage: &mut dyn Storage,
    now: u64,
    call: &Call,
    asset: &AssetId,
    recipient: Addr,
) -> Result<Response, ContractError> {
    let amount = call.paid_in(&listed(storage, asset)?.info)?;
    let config = CONFIG.load(storage)?;
    config.lender(&recipient)?;

    let mut books = Books::open(now);
    let OpenMarket { terms, state } = books.market(storage, asset)?;
    if state.is_retired()? {
        return Err(ContractError::Retired { asset: asset.clone() });
    }
    let shares = state.supply(amount)?;
    if shares.is_zero() {
        return Err(ContractError::NoShares {
            asset: asset.clone(),
            amount,
        });
    }
    let total = state.total_assets()?;
    if total > terms.supply_cap {
        return Err(ContractError::SupplyCap {
            asset: asset.clone(),
            total,
            cap: terms.supply_cap,
        });
    }
    give(storage, &config, state, &recipient, asset, shares)?;
    books.close(storage)?;

    Ok(Response::new().add_event(Supplied {
        asset: asset.clone(),
        sender: call.sender.clone(),
        recipient,
        amount,
        shares,
    }))
}

/// Burns the sender's shares for `amount` of coins, rounded up; without it all of them, for what they are worth
/// rounded down.
pub fn withdraw(
    storage: &mut dyn Storage,
    now: u64,
    sender: &Addr,
    asset: &AssetId,
    amount: Option<Uint128>,
    recipient: Addr,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(storage)?;
    config.user(&recipient)?;
    let info = listed(storage, asset)?.info;

    let mut books = Books::open(now);
    let market = &mut books.market(storage, asset)?.state;
    let held = shares_of(storage, &config, market, sender, asset)?;
    let (amount, shares) = burn(market, asset, amount, held)?;
    take(storage, &config, market, sender, asset, shares)?;
    books.close(storage)?;

    Ok(Response::new()
        .add_message(payout(info, amount, &recipient)?)
        .add_event(SupplyWithdrawn {
            asset: asset.clone(),
            sender: sender.clone(),
            recipient,
            amount,
            shares,
        }))
}

/// Hands supply shares to somebody else.
pub fn transfer(
    storage: &mut dyn Storage,
    now: u64,
    sender: &Addr,
    asset: &AssetId,
    shares: Uint128,
    recipient: Addr,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(storage)?;
    config.lender(&recipient)?;
    some(shares)?;

    let mut books = Books::open(now);
    let market = &mut books.market(storage, asset)?.state;
    take(storage, &config, market, sender, asset, shares)?;
    give(storage, &config, market, &recipient, asset, shares)?;
    books.close(storage)?;

    Ok(Response::new().add_event(SupplyTransferred {
        asset: asset.clone(),
        sender: sender.clone(),
        recipient,
        shares,
    }))
}

/// Pays out of a market's cash for shares of a holder who has `held`; returns coins and shares. Whose shares they
/// were is the caller's to book.
///
/// # Errors
/// `NotEnoughCash`, `NotEnoughShares`, `ZeroAmount`.
pub fn burn(
    market: &mut Market,
    asset: &AssetId,
    amount: Option<Uint128>,
    held: Uint128,
) -> Result<(Uint128, Uint128), ContractError> {
    let (amount, shares) = match amount {
        Some(amount) => (amount, market.shares_for_withdrawal(amount)?),
        None => (market.assets_for_shares(held)?, held),
    };
    some(amount)?;
    if shares > held {
        return Err(ContractError::NotEnoughShares {
            asset: asset.clone(),
            held,
            wanted: shares,
        });
    }
    if amount > market.cash {
        return Err(ContractError::NotEnoughCash {
            asset: asset.clone(),
            cash: market.cash,
            wanted: amount,
        });
    }
    market.withdraw(amount, shares)?;
    Ok((amount, shares))
}

/// Supply shares of a lender; the fund's are a counter in the market.
pub fn shares_of(
    storage: &dyn Storage,
    config: &Config,
    market: &Market,
    lender: &Addr,
    asset: &AssetId,
) -> Result<Uint128, ContractError> {
    if *lender == config.peers.insurance_fund {
        return Ok(market.fund_shares);
    }
    Ok(SUPPLIES
        .may_load(storage, (lender, asset.as_str()))?
        .unwrap_or_default())
}

/// Books shares in for a lender.
fn give(
    storage: &mut dyn Storage,
    config: &Config,
    market: &mut Market,
    lender: &Addr,
    asset: &AssetId,
    shares: Uint128,
) -> Result<(), ContractError> {
    if *lender == config.peers.insurance_fund {
        market.fund_shares = plus(market.fund_shares, shares)?;
        return Ok(());
    }
    state::add(storage, &SUPPLIES, (lender, asset.as_str()), shares)
}

/// Books shares out of a lender.
///
/// # Errors
/// `NotEnoughShares`.
fn take(
    storage: &mut dyn Storage,
    config: &Config,
    market: &mut Market,
    lender: &Addr,
    asset: &AssetId,
    shares: Uint128,
) -> Result<(), ContractError> {
    let held = shares_of(storage, config, market, lender, asset)?;
    if shares > held {
        return Err(ContractError::NotEnoughShares {
            asset: asset.clone(),
            held,
            wanted: shares,
        });
    }
    let left = minus(held, shares)?;
    if *lender == config.peers.insurance_fund {
        market.fund_shares = left;
        return Ok(());
    }
    state::set(storage, &SUPPLIES, (lender, asset.as_str()), left)
}

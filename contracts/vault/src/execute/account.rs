//! Accounts: what the vault owes to whom, beside lending and positions.

use cosmwasm_std::{Addr, Response, Storage, Uint128};
use glidepath_interfaces::events::vault::{AccountDeposited, AccountWithdrawn};
use glidepath_interfaces::payment::{some, Call};
use glidepath_interfaces::AssetId;

use crate::books::{minus, Books};
use crate::call::payout;
use crate::error::ContractError;
use crate::state::{self, listed, ACCOUNTS, CONFIG};

/// Puts the payment into the account of `recipient`.
pub fn deposit(
    storage: &mut dyn Storage,
    now: u64,
    call: &Call,
    asset: &AssetId,
    recipient: Addr,
) -> Result<Response, ContractError> {
    let amount = call.paid_in(&listed(storage, asset)?.info)?;
    CONFIG.load(storage)?.holder(&recipient)?;

    let mut books = Books::open(now);
    books.credit(storage, &recipient, asset, amount)?;
    books.close(storage)?;

    Ok(Response::new().add_event(AccountDeposited {
        asset: asset.clone(),
        sender: call.sender.clone(),
        recipient,
        amount,
    }))
}

/// Takes `amount` out of the sender's account, all of it if not said.
pub fn withdraw(
    storage: &mut dyn Storage,
    now: u64,
    sender: &Addr,
    asset: &AssetId,
    amount: Option<Uint128>,
    recipient: Addr,
) -> Result<Response, ContractError> {
    CONFIG.load(storage)?.user(&recipient)?;
    let info = listed(storage, asset)?.info;
    let key = (sender, asset.as_str());
    let held = ACCOUNTS.may_load(storage, key)?.unwrap_or_default();
    let amount = some(amount.unwrap_or(held))?;
    if amount > held {
        return Err(ContractError::NotEnoughInAccount {
            asset: asset.clone(),
            held,
            wanted: amount,
        });
    }

    let mut books = Books::open(now);
    let holdings = books.holdings(storage, asset)?;
    holdings.accounts = minus(holdings.accounts, amount)?;
    state::set(storage, &ACCOUNTS, key, minus(held, amount)?)?;
    books.close(storage)?;

    Ok(Response::new()
        .add_message(payout(info, amount, &recipient)?)
        .add_event(AccountWithdrawn {
            asset: asset.clone(),
            sender: sender.clone(),
            recipient,
            amount,
        }))
}

//! Accounts: what the vault owes to whom, beside lending and positions.

use cosmwasm_std::{Addr, Response, Storage, Uint128};
use glidepath_interfaces::events::vault::{AccountDeposited, AccountWithdrawn, SetAside};
use glidepath_interfaces::payment::{some, Call};
use glidepath_interfaces::AssetId;

use crate::books::{Books, Part};
use crate::call::payout;
use crate::error::ContractError;
use crate::state::{account, listed, set_account, CONFIG};

/// Puts the payment into the account of `recipient`: a user, the insurance fund, or the auction by itself.
pub fn deposit(
    storage: &mut dyn Storage,
    now: u64,
    call: &Call,
    asset: &AssetId,
    recipient: Addr,
) -> Result<Response, ContractError> {
    let amount = call.paid_in(&listed(storage, asset)?.info)?;
    let config = CONFIG.load(storage)?;
    // The auction's account holds the funds of standing orders: nobody else's coins have a place in it.
    if call.sender != config.peers.liquidation_auction {
        config.lender(&recipient)?;
    }

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
    let amount = some(match amount {
        Some(amount) => amount,
        None => account(storage, sender, asset)?.amount,
    })?;
    let mut books = Books::open(now);
    books.debit(storage, sender, asset, amount, Part::All)?;
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

/// Says how much of the sender's account the auction may spend on his bids.
///
/// # Errors
/// `NotEnoughInAccount`.
pub fn set_aside(
    storage: &mut dyn Storage,
    sender: &Addr,
    asset: AssetId,
    amount: Uint128,
) -> Result<Response, ContractError> {
    listed(storage, &asset)?;
    let mut account = account(storage, sender, &asset)?;
    if amount > account.amount {
        return Err(ContractError::NotEnoughInAccount {
            asset,
            held: account.amount,
            wanted: amount,
        });
    }
    account.set_aside = amount;
    set_account(storage, sender, &asset, &account)?;
    Ok(Response::new().add_event(SetAside {
        asset,
        owner: sender.clone(),
        amount,
    }))
}

//! `TakeOver`: what is paid for a position on sale that somebody else takes over.

use cosmwasm_std::{Addr, Response, Storage, Uint128};
use cw_asset::Asset;
use glidepath_interfaces::events::vault::TakenOver;
use glidepath_interfaces::payment::Call;

use super::distress::{set, Distress};
use super::settle::Parts;
use crate::books::{plus, Books};
use crate::call::paid_by_peer;
use crate::error::ContractError;
use crate::state::{listed, CONFIG, LEDGERS};

/// What the position manager says about a position that is taken over.
pub struct Takeover {
    /// Position.
    pub position: u64,
    /// Whose it was.
    pub owner: Addr,
    /// Debt base units for his account.
    pub credit: Uint128,
    /// Debt base units of penalty.
    pub penalty: Uint128,
    /// Who earned the keepers' part.
    pub keepers: Vec<Addr>,
}

/// Credits the owner, splits the penalty as that of a fill, and ends the position's distress. Nothing is sent to anybody: no
/// owner can be in its way.
///
/// # Errors
/// `NoPosition`, `NoSale`; `SuiteContract` where the owner is one of the five contracts.
pub fn take_over(
    storage: &mut dyn Storage,
    now: u64,
    call: &Call,
    takeover: Takeover,
) -> Result<Response, ContractError> {
    let Takeover {
        position,
        owner,
        credit,
        penalty,
        keepers,
    } = takeover;
    let config = CONFIG.load(storage)?;
    config.only_position_manager(&call.sender)?;
    config.user(&owner)?;
    let mut ledger = LEDGERS
        .may_load(storage, position)?
        .ok_or(ContractError::NoPosition { position })?;
    let sale = ledger.sale.as_mut().ok_or(ContractError::NoSale { position })?;
    let asset = sale.debt.clone();
    let paid = Asset::new(listed(storage, &asset)?.info, plus(credit, penalty)?);
    let due = Some(paid).filter(|paid| !paid.amount.is_zero());
    paid_by_peer(call, due.as_slice())?;

    let mut books = Books::open(now);
    let parts = Parts::of(penalty, &config.penalty_split)?;
    parts.book(storage, &mut books, sale, parts.keepers)?;
    if !credit.is_zero() {
        books.credit(storage, &owner, &asset, credit)?;
    }
    let ended = set(
        storage,
        &mut books,
        &mut ledger,
        position,
        Distress::over(keepers),
    )?;
    books.close(storage)?;
    LEDGERS.save(storage, position, &ledger)?;
    Ok(Response::new()
        .add_event(TakenOver {
            position,
            asset,
            owner,
            credit,
            penalty_fund: parts.fund,
            penalty_keepers: parts.keepers,
            penalty_reserves: parts.reserves,
        })
        .add_events(ended))
}

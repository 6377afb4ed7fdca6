//! `OfferPosition`, `TakePosition`: a position changes hands, in two steps.

use cosmwasm_std::{Addr, DepsMut, Empty, Response, Storage};
use glidepath_interfaces::events::position_manager::{PositionOffered, PositionTransferred};
use glidepath_interfaces::position_manager::OwnerOrder;
use glidepath_risk::Value;

use crate::records::Records;
use crate::state::{load_position, save_position, Position, CONFIG, KEPT, OFFERS, OWNED};
use crate::view::View;
use crate::ContractError;

/// Seconds that an offer stands if nothing is said: one that is forgotten must not take what is put into the position later.
const WEEK: u64 = 7 * 86_400;

/// Offers a position to somebody, instead of whom it was offered to before, or to nobody any more.
///
/// # Errors
/// `NoPosition`, `NotPositionOwner`, `OwnPosition`, `RecipientIsSuite`.
pub fn offer_position(
    deps: DepsMut,
    sender: &Addr,
    now: u64,
    id: u64,
    to: Option<String>,
    expires_at: Option<u64>,
) -> Result<Response, ContractError> {
    let owner = load_position(deps.storage, id)?.owner;
    if *sender != owner {
        return Err(ContractError::NotPositionOwner { position: id, owner });
    }
    let to = to.map(|to| deps.api.addr_validate(&to)).transpose()?;
    match &to {
        Some(to) if *to == owner => return Err(ContractError::OwnPosition { position: id, owner }),
        Some(to) => {
            if CONFIG.load(deps.storage)?.peers.contains(to) {
                return Err(ContractError::RecipientIsSuite {
                    recipient: to.clone(),
                });
            }
            let expires_at = expires_at.unwrap_or(now.saturating_add(WEEK));
            OFFERS.save(deps.storage, id, &(to.clone(), expires_at))?;
        }
        None => OFFERS.remove(deps.storage, id),
    }
    Ok(Response::new().add_event(PositionOffered {
        position: id,
        owner,
        to,
    }))
}

/// Makes whom a position is offered to its owner. What its former owner asked for is withdrawn; nothing else of it changes: not
/// its call, nor its grace, nor a forced sale. Only
/// who asks for a least equity needs its prices, as good as for borrowing: an old one would sell what is gone.
///
/// # Errors
/// `NoPosition`, `NotOffered`, `TooLittleEquity`, `Price`.
pub fn take_position(
    deps: DepsMut,
    sender: &Addr,
    now: u64,
    id: u64,
    min_equity: Option<Value>,
) -> Result<Response, ContractError> {
    let mut position = load_position(deps.storage, id)?;
    let offer = OFFERS.may_load(deps.storage, id)?;
    if !offer.is_some_and(|(to, expires_at)| to == *sender && now < expires_at) {
        return Err(ContractError::NotOffered {
            position: id,
            sender: sender.clone(),
        });
    }
    if let Some(min) = min_equity {
        let mut records = Records::open(deps.as_ref(), now)?;
        let ledger = records.ledger(id)?;
        let (collateral, debt) = View::whole(&mut records, &ledger)?.worth(now)?;
        if collateral < debt.plus(min)? {
            return Err(ContractError::TooLittleEquity {
                position: id,
                collateral,
                debt,
                min,
            });
        }
    }
    let handed_over = hand_over(deps.storage, now, id, &mut position, sender)?;
    save_position(deps.storage, id, &position)?;
    Ok(Response::new().add_event(handed_over))
}

/// Makes somebody a position's owner. What the one before said about it is not the new one's word: to whom it is offered, whether
/// it may be taken over, and what he asked for; a sale that runs for that ends. The position is the caller's to save.
pub fn hand_over(
    storage: &mut dyn Storage,
    now: u64,
    id: u64,
    position: &mut Position,
    to: &Addr,
) -> Result<PositionTransferred, ContractError> {
    let from = std::mem::replace(&mut position.owner, to.clone());
    if position.order != OwnerOrder::default() {
        position.order = OwnerOrder::default();
        position.ordered_at = now;
    }
    OFFERS.remove(storage, id);
    KEPT.remove(storage, id);
    OWNED.remove(storage, (&from, id));
    OWNED.save(storage, (to, id), &Empty {})?;
    Ok(PositionTransferred {
        position: id,
        from,
        to: to.clone(),
    })
}

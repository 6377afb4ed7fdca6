//! What the position manager says about a sale: open, next lot, sleep, end.

use cosmwasm_std::{Addr, Decimal, Deps, DepsMut, Event, Response, Storage};
use glidepath_interfaces::auction::{
    EndReason, Lot, LotCause, LotStart, Mode, Offer, RunningTerms, Sale, SaleTerms, SALES, SALE_TERMS, TERMS,
};
use glidepath_interfaces::events::auction::{LotStarted, SaleEnded, SaleOpened, SaleSlept};
use glidepath_risk::curve::Curve;

use crate::lot::{self, Past};
use crate::quote::quote;
use crate::state::{load_sale, remove_sale, reserved, save_indexed, save_sale, PEERS};
use crate::{queue, ContractError};

/// From this pass of a close-out on the penalty is none: what the position has left goes to its debt.
const FIRST_PASS_WITHOUT_PENALTY: u8 = 2;

/// What a sale opens with.
pub struct Opening {
    /// How urgent.
    pub mode: Mode,
    /// Health to reach under target weights.
    pub target: Decimal,
    /// Part of the way to the frontier that its soft fills may go in their discount.
    pub eta: Decimal,
    /// Deepest discount that the owner who asked for it wants to give; none of a forced one.
    pub max_discount: Option<Decimal>,
    /// When the breach was first seen, or the sale asked for.
    pub breach_seen_at: u64,
}

fn assert_position_manager(storage: &dyn Storage, sender: &Addr) -> Result<(), ContractError> {
    let expected = PEERS.load(storage)?.position_manager;
    if *sender != expected {
        return Err(ContractError::NotPositionManager {
            sender: sender.clone(),
            expected,
        });
    }
    Ok(())
}

/// Opens a sale with its first lot under a copy of today's terms.
///
/// # Errors
/// `QueueFull` while too much of the collateral is on sale.
pub fn open(
    storage: &mut dyn Storage,
    sender: &Addr,
    now: u64,
    position: u64,
    opening: Opening,
    offer: Offer,
) -> Result<Response, ContractError> {
    assert_position_manager(storage, sender)?;
    if SALES.has(storage, position) {
        return Err(ContractError::SaleExists { position });
    }
    let mut terms = TERMS.load(storage)?;
    if let Some(most) = opening.max_discount {
        terms = terms.asked_down_to(most)?;
    }
    let past = Past {
        last: None,
        cleared: false,
        reached: None,
    };
    let start_at = lot::first_start(opening.breach_seen_at, now);
    let reserved = reserved(storage, &offer.collateral)?;
    let lot = non_empty(
        position,
        lot::next(&terms, opening.mode, &offer, past, start_at, reserved)?,
    )?;
    let start = LotStart {
        terms: &terms,
        mode: opening.mode,
        offer: &offer,
        after: None,
        is_over: false,
    };
    let (lot, queued) = queue::admit(storage, now, &start, lot)?.map_err(|until| full(&offer, until))?;
    let sale = Sale {
        mode: opening.mode,
        target: opening.target,
        penalty: terms.of(opening.mode).penalty,
        eta: opening.eta,
        collateral: offer.collateral,
        debt: offer.debt,
        pass: 0,
        unsold: 0,
        lot: Some(lot.clone()),
        last: None,
        first_fill_at: None,
        asleep_since: None,
    };
    let running = RunningTerms {
        terms,
        breach_seen_at: opening.breach_seen_at,
        opened_at: now,
    };
    save_indexed(storage, position, None, &sale)?;
    SALE_TERMS.save(storage, position, &running)?;
    let opened = SaleOpened {
        position,
        mode: sale.mode.to_string(),
        collateral: sale.collateral.clone(),
        debt: sale.debt.clone(),
        target: sale.target,
        breach_seen_at: opening.breach_seen_at,
        opened_at: now,
    };
    Ok(Response::new()
        .add_event(opened)
        .add_events(queued)
        .add_event(lot_started(position, "open", &sale, &lot)))
}

/// Schedules another lot of a running sale, under the terms that it opened with.
///
/// # Errors
/// `QueueFull` while too much of the collateral is on sale.
pub fn start_lot(
    mut deps: DepsMut,
    sender: &Addr,
    now: u64,
    position: u64,
    cause: LotCause,
    offer: Offer,
) -> Result<Response, ContractError> {
    assert_position_manager(deps.storage, sender)?;
    let mut sale = load_sale(deps.storage, position)?;
    if sale.mode.is_soft() && hands_on(&sale, cause, &offer) {
        keep_price_held(deps.as_ref(), now, position, &mut sale)?;
    }
    let before = sale.collateral.clone();
    // A pair that is done before its lot makes room where it was sold; of the same collateral and line, for its next lot.
    let mut released = None;
    if sale.collateral != offer.collateral || sale.mode.line() != cause.mode(sale.mode).line() {
        released = queue::release(deps.branch(), now, &sale)?;
    }
    let (sale, events) =
        with_lot(deps.branch(), now, position, sale, cause, &offer)?.map_err(|until| full(&offer, until))?;
    save_indexed(deps.storage, position, Some(&before), &sale)?;
    Ok(Response::new().add_events(released).add_events(events))
}

fn full(offer: &Offer, until: u64) -> ContractError {
    ContractError::QueueFull {
        collateral: offer.collateral.clone(),
        until,
    }
}

/// Does a lot that is replaced in its life hand on its price? Only to a lot of the same pair: what another reached says
/// nothing of one that nobody was offered.
fn hands_on(sale: &Sale, cause: LotCause, offer: &Offer) -> bool {
    let is_replaced = matches!(cause, LotCause::Force | LotCause::Escalate | LotCause::Refresh);
    is_replaced && sale.collateral == offer.collateral && sale.debt == offer.debt
}

/// Before a soft lot is replaced: a running one whose price the soft floor holds above its clock has reached the price that
/// is held, and where no fill is allowed at all, no discount. What nobody was offered must not be where a close-out
/// goes on. Where the position manager can't say, the clock does.
fn keep_price_held(deps: Deps, now: u64, position: u64, sale: &mut Sale) -> Result<(), ContractError> {
    let peers = PEERS.load(deps.storage)?;
    let pauses = lot::pauses(deps, &peers, sale)?;
    let Some(lot) = sale.lot.as_mut().filter(|lot| lot.is_alive(&pauses, now)) else {
        return Ok(());
    };
    let held = match quote(deps, &peers, position, None, None, now) {
        Ok(quote) => quote.fill.of_lot,
        Err(ContractError::Refused(_)) => Decimal::one(),
        Err(_) => return Ok(()),
    };
    if held > lot.multiplier(&pauses, now)? {
        lot.curve = lot.curve.clone().not_below(held);
    }
    Ok(())
}

/// A sale with its next lot and what happened, or until when it has to wait for its queue. Saves what its queue holds then
/// and nothing else.
pub fn with_lot(
    deps: DepsMut,
    now: u64,
    position: u64,
    mut sale: Sale,
    cause: LotCause,
    offer: &Offer,
) -> Result<Result<(Sale, Vec<Event>), u64>, ContractError> {
    let RunningTerms { terms, .. } = SALE_TERMS.load(deps.storage, position)?;
    let mode = cause.mode(sale.mode);
    let old = sale.lot.as_ref();
    let cleared = old.is_some_and(|lot| lot.left.is_zero());
    let past = Past {
        last: sale.last.as_ref(),
        cleared: cleared && cause == LotCause::Next,
        reached: match hands_on(&sale, cause, offer) {
            true => reached(deps.as_ref(), now, &sale)?,
            false => None,
        },
    };
    let start_at = lot::next_start(&terms, mode, now);
    let reserved = reserved(deps.storage, &offer.collateral)?;
    let lot = non_empty(
        position,
        lot::next(&terms, mode, offer, past, start_at, reserved)?,
    )?;
    let mut start = LotStart {
        terms: &terms,
        mode,
        offer,
        after: Some((cause, &sale)),
        is_over: false,
    };
    if !start.starts_over() && !start.held().is_zero() {
        start.is_over = lot::is_expired(deps.as_ref(), now, &sale)?;
    }
    let (lot, queued) = match queue::admit(deps.storage, now, &start, lot)? {
        Ok(admitted) => admitted,
        Err(until) => return Ok(Err(until)),
    };
    turn(&mut sale, cause, &terms);
    sale.collateral = offer.collateral.clone();
    sale.debt = offer.debt.clone();
    let started = lot_started(position, &cause.to_string(), &sale, &lot);
    sale.lot = Some(lot);
    Ok(Ok((sale, queued.into_iter().chain([started]).collect())))
}

/// The multiplier that the lot of a sale has reached, if it is not over and everybody was offered that.
fn reached(deps: Deps, now: u64, sale: &Sale) -> Result<Option<Decimal>, ContractError> {
    let Some(lot) = &sale.lot else {
        return Ok(None);
    };
    let pauses = lot::pauses(deps, &PEERS.load(deps.storage)?, sale)?;
    if lot.is_over(&pauses, now) || lot.reserved_until(&pauses, now).is_some() {
        return Ok(None);
    }
    Ok(Some(lot.multiplier(&pauses, now)?))
}

/// What the cause of its next lot changes about a sale.
fn turn(sale: &mut Sale, cause: LotCause, terms: &SaleTerms) {
    match cause {
        LotCause::Next | LotCause::Refresh => {}
        LotCause::Restart => {
            let untouched = sale.lot.as_ref().is_some_and(Lot::is_untouched);
            sale.unsold = if untouched {
                sale.unsold.saturating_add(1)
            } else {
                0
            };
            if sale.mode == Mode::CloseOut {
                sale.pass = sale.pass.saturating_add(1);
                if sale.pass >= FIRST_PASS_WITHOUT_PENALTY {
                    sale.penalty = Decimal::zero();
                }
            }
        }
        LotCause::Force | LotCause::Escalate => {
            sale.mode = cause.mode(sale.mode);
            sale.target = Decimal::one();
            sale.pass = 0;
            sale.unsold = 0;
            sale.penalty = terms.of(sale.mode).penalty;
            sale.asleep_since = None;
        }
        LotCause::Wake => sale.asleep_since = None,
    }
}

fn non_empty(position: u64, lot: Lot) -> Result<Lot, ContractError> {
    if lot.amount.is_zero() {
        return Err(ContractError::EmptyOffer { position });
    }
    Ok(lot)
}

fn lot_started(position: u64, cause: &str, sale: &Sale, lot: &Lot) -> Event {
    let Curve::Linear { from, to, .. } = lot.curve;
    LotStarted {
        position,
        cause: cause.to_string(),
        mode: sale.mode.to_string(),
        pass: sale.pass,
        collateral: sale.collateral.clone(),
        debt: sale.debt.clone(),
        amount: lot.amount,
        start_at: lot.start_at,
        ends_at: lot.ends_at,
        from,
        to,
        follows: lot.follows,
        draw: lot.draw.as_ref().map(|draw| draw.value),
        reserved: Some(lot.reserved).filter(|seconds| *seconds > 0),
    }
    .into()
}

/// Puts a sale to sleep: no lot until it is woken.
pub fn sleep(mut deps: DepsMut, sender: &Addr, now: u64, position: u64) -> Result<Response, ContractError> {
    assert_position_manager(deps.storage, sender)?;
    let mut sale = load_sale(deps.storage, position)?;
    let released = queue::release(deps.branch(), now, &sale)?;
    sale.lot = None;
    sale.asleep_since = Some(sale.asleep_since.unwrap_or(now));
    save_sale(deps.storage, position, &sale)?;
    Ok(Response::new()
        .add_events(released)
        .add_event(SaleSlept { position, at: now }))
}

/// Ends a sale.
pub fn end(
    mut deps: DepsMut,
    sender: &Addr,
    now: u64,
    position: u64,
    reason: EndReason,
) -> Result<Response, ContractError> {
    assert_position_manager(deps.storage, sender)?;
    let sale = load_sale(deps.storage, position)?;
    let events = close(deps.branch(), now, position, &sale, reason)?;
    Ok(Response::new().add_events(events))
}

/// Removes a sale, and what its lot holds of its queue.
pub fn close(
    mut deps: DepsMut,
    now: u64,
    position: u64,
    sale: &Sale,
    reason: EndReason,
) -> Result<Vec<Event>, ContractError> {
    let running = SALE_TERMS.load(deps.storage, position)?;
    let released = queue::release(deps.branch(), now, sale)?;
    remove_sale(deps.storage, position, sale);
    let event = SaleEnded {
        position,
        reason: reason.to_string(),
        breach_seen_at: running.breach_seen_at,
        opened_at: running.opened_at,
        first_fill_at: sale.first_fill_at,
        ended_at: now,
    };
    Ok(released.into_iter().chain([event.into()]).collect())
}

//! The queue of each collateral's lots: which may start, and what is given back. A start reads one record and writes it, a
//! fill in the middle of a lot neither.

use cosmwasm_std::{DepsMut, Event, Storage};
use glidepath_interfaces::auction::{Backlogs, Draw, Line, Lot, LotStart, Sale, BACKLOGS};
use glidepath_interfaces::events::auction::BacklogChanged;
use glidepath_interfaces::AssetId;
use glidepath_risk::queue::Backlog;
use glidepath_risk::Value;

use crate::{lot, ContractError};

/// What a line of a collateral's queue holds.
pub fn backlog(storage: &dyn Storage, collateral: &AssetId, line: Line) -> Result<Backlog, ContractError> {
    let key = (collateral.as_str(), line.as_str());
    Ok(BACKLOGS.may_load(storage, key)?.unwrap_or_default())
}

/// What a start in a line looks at: a forced sale never at what owners ask for.
fn backlogs(storage: &dyn Storage, collateral: &AssetId, line: Line) -> Result<Backlogs, ContractError> {
    let asked = match line {
        Line::Distress => Backlog::default(),
        Line::Asked => backlog(storage, collateral, line)?,
    };
    Ok(Backlogs {
        distress: backlog(storage, collateral, Line::Distress)?,
        asked,
    })
}

fn save(
    storage: &mut dyn Storage,
    collateral: &AssetId,
    line: Line,
    before: Backlog,
    after: Backlog,
) -> Result<Option<Event>, ContractError> {
    if after == before {
        return Ok(None);
    }
    let line = line.as_str();
    BACKLOGS.save(storage, (collateral.as_str(), line), &after)?;
    let event = BacklogChanged {
        collateral: collateral.clone(),
        line,
        value: after.value,
        at: after.at,
    };
    Ok(Some(event.into()))
}

/// Admits a lot: it then holds its draw, and there is an event where the queue changed. Or tells until when it has to
/// wait, and changes nothing.
pub fn admit(
    storage: &mut dyn Storage,
    now: u64,
    start: &LotStart,
    mut lot: Lot,
) -> Result<Result<(Lot, Option<Event>), u64>, ContractError> {
    if start.starts_over() {
        let before = start.after.and_then(|(_, sale)| sale.lot.as_ref());
        lot.draw = before.and_then(|lot| lot.draw.clone());
        return Ok(Ok((lot, None)));
    }
    let LotStart { offer, .. } = start;
    let line = start.mode.line();
    if offer.queue.is_none() {
        let event = give_back(storage, &offer.collateral, line, start.held())?;
        return Ok(Ok((lot, event)));
    }
    let before = backlogs(storage, &offer.collateral, line)?;
    let after = match start.admit(before, now)? {
        Ok(Some(after)) => after,
        Ok(None) => return Ok(Ok((lot, None))),
        Err(until) => return Ok(Err(until)),
    };
    let amount = lot.amount.min(offer.amount);
    let value = start.draw()?;
    lot.draw = Some(Draw { value, amount });
    let event = save(storage, &offer.collateral, line, before.of(line), after)?;
    Ok(Ok((lot, event)))
}

/// Gives back what was drawn and not sold.
pub fn give_back(
    storage: &mut dyn Storage,
    collateral: &AssetId,
    line: Line,
    rest: Value,
) -> Result<Option<Event>, ContractError> {
    if rest.is_zero() {
        return Ok(None);
    }
    let before = backlog(storage, collateral, line)?;
    save(storage, collateral, line, before, before.without(rest))
}

/// Gives back what the lot of a sale holds, if it ends before its time. Where nobody can say, it does not.
pub fn release(deps: DepsMut, now: u64, sale: &Sale) -> Result<Option<Event>, ContractError> {
    let Some(draw) = sale.lot.as_ref().and_then(|lot| lot.draw.as_ref()) else {
        return Ok(None);
    };
    if lot::is_expired(deps.as_ref(), now, sale).unwrap_or(true) {
        return Ok(None);
    }
    give_back(deps.storage, &sale.collateral, sale.mode.line(), draw.value)
}

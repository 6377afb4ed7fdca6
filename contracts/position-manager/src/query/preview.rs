//! What an `update` or an `advance` would do, before anybody signs.

use cosmwasm_std::{Addr, Deps};
use glidepath_interfaces::position_manager::{Action, DueResponse, PreviewUpdateResponse};
use glidepath_interfaces::vault::Ledger;

use crate::actions::{carry_out, Actor};
use crate::decide::{Figures, Hold};
use crate::execute::advance::{bare, plan, recovered};
use crate::ledger;
use crate::purse::Purse;
use crate::records::Records;
use crate::state::{load_position, Position};
use crate::view::View;
use crate::ContractError;

/// What an `update` by the owner, paid for in full, would do. A refused one is no error: it says why and shows the
/// position as it is.
pub fn preview_update(
    deps: Deps,
    now: u64,
    id: Option<u64>,
    actions: &[Action],
) -> Result<PreviewUpdateResponse, ContractError> {
    let mut records = Records::open(deps, now)?;
    let nobody = records.config.peers.position_manager.clone();
    let (mut position, mut ledger) = match id {
        Some(id) => (load_position(deps.storage, id)?, records.ledger(id)?),
        None => (Position::new(nobody), Ledger::default()),
    };
    // As in an update: the actions find a position that has recovered by itself without its distress.
    let sale = id.map_or(Ok(None), |id| records.sale_of(id, &position))?;
    if recovered(&mut records, &position, &ledger, sale.as_ref())?.is_some() {
        ledger::calm(&mut records, &mut ledger, true)?;
        position.distress = None;
    }
    let actor = Actor {
        position: id,
        owner: &position.owner,
        sender: &position.owner,
        recipient: &position.owner,
        in_distress: position.is_in_distress(),
        on_sale: position.has_sale(),
    };
    let before = bare(&mut records, &position, &ledger, None)?;
    let result = carry_out(&mut records, &actor, ledger.clone(), actions, &mut Purse::Full);
    let (after, refused) = match result {
        Ok(change) => (change.ledger, None),
        Err(refusal) => (ledger, Some(refusal.to_string())),
    };
    let figures = bare(&mut records, &position, &after, None)?;
    let plain = View::whole(&mut records, &after)?.plain()?;
    Ok(PreviewUpdateResponse {
        before: Figures::healths(before.as_ref()),
        after: Figures::healths(figures.as_ref()),
        collateral_value: plain.collateral,
        debt_value: plain.debt,
        refused,
    })
}

/// What an `advance` would do now.
pub fn due(deps: Deps, now: u64, id: u64) -> Result<DueResponse, ContractError> {
    let plan = plan(deps, now, &Addr::unchecked(""), id)?;
    let due = plan.did();
    let (refused, not_before) = match (&plan.decision, &due) {
        (Err(hold), None) => (Some(plan.refusal(hold).to_string()), next(hold)),
        _ => (None, None),
    };
    Ok(DueResponse {
        due,
        refused,
        not_before,
    })
}

/// When something may be due without a change of price.
fn next(hold: &Hold) -> Option<u64> {
    match hold {
        Hold::Nothing { next } => *next,
        Hold::Grace { next, .. } => Some(*next),
        Hold::Unconfirmed { from } => Some(*from),
        Hold::Queue { until } => Some(*until),
        Hold::Price(_) | Hold::NothingSellable | Hold::Risk(_) => None,
    }
}

//! What a `Takeover` would do, before anybody signs.

use cosmwasm_std::{Addr, BlockInfo, Deps};
use glidepath_interfaces::position_manager::{Action, PreviewTakeoverResponse, TakeoverPrice};

use crate::actions::check_margin;
use crate::decide::Figures;
use crate::execute::advance::bare;
use crate::execute::takeover::{assumed, deal, Deal};
use crate::ledger;
use crate::purse::Purse;
use crate::records::Records;
use crate::state::{load_position, KEPT};
use crate::view::View;
use crate::ContractError;

/// What a takeover, paid for in full, would do. A refused one is no error: it says why, shows the price as far as there is one,
/// and what initial margin still needs.
pub fn preview_takeover(
    deps: Deps,
    block: &BlockInfo,
    id: u64,
    taker: Option<&Addr>,
    actions: &[Action],
) -> Result<PreviewTakeoverResponse, ContractError> {
    let now = block.time.seconds();
    let mut records = Records::open(deps, now)?;
    let position = load_position(deps.storage, id)?;
    let ledger = records.ledger(id)?;
    let before = bare(&mut records, &position, &ledger, None)?;
    let found = deal(
        deps.storage,
        &mut records,
        block.height,
        id,
        (&position, taker),
        &ledger,
    );

    let nobody = records.config.peers.position_manager.clone();
    let by = taker.unwrap_or(&nobody);
    let change = assumed(&mut records, id, by, &ledger, actions, &mut Purse::Full);
    let (after, not_done) = match change {
        Ok(change) => (change.ledger, None),
        Err(refusal) => {
            let mut after = ledger;
            ledger::calm(&mut records, &mut after, false)?;
            (after, Some(refusal))
        }
    };
    let view = View::whole(&mut records, &after)?;
    let missing = match view.margin(now) {
        Ok((sums, _)) => Some(sums.debt.minus(sums.collateral)),
        Err(ContractError::Risk(error)) => return Err(error.into()),
        Err(_) => None,
    };
    let margin = check_margin(&view, now).err();
    let after = bare(&mut records, &position, &after, None)?;
    let (price, refused) = match found {
        Ok(deal) => (Some(told(&deal)?), not_done.or(margin)),
        Err(refusal) => (None, Some(refusal)),
    };
    Ok(PreviewTakeoverResponse {
        price,
        before: Figures::healths(before.as_ref()),
        after: Figures::healths(after.as_ref()),
        missing,
        refused_from: KEPT.may_load(deps.storage, id)?,
        refused: refused.map(|refusal| refusal.to_string()),
    })
}

fn told(deal: &Deal) -> Result<TakeoverPrice, ContractError> {
    let price = &deal.price;
    Ok(TakeoverPrice {
        asset: deal.sale.debt.clone(),
        paid: price.paid()?,
        credit: price.credit,
        penalty: price.penalty,
        equity: price.equity,
        cost: price.cost,
        multiplier: price.multiplier,
    })
}

//! What an owner's order would sell and cost, before he signs it.

use cosmwasm_std::{Decimal, Deps};
use glidepath_interfaces::auction::{Mode, TryPrice};
use glidepath_interfaces::position_manager::{
    AskedSale, OwnerOrder, OwnerOrderResponse, PreviewOrderResponse, SaleEstimate,
};
use glidepath_interfaces::AssetId;
use glidepath_risk::health::Tier;
use glidepath_risk::sizing::penalty_of;
use glidepath_risk::Rounding;

use super::position::price_at;
use crate::asked;
use crate::choose::{choose, Rules, Turn};
use crate::decide::TARGET;
use crate::execute::set_order;
use crate::records::Records;
use crate::state::load_position;
use crate::view::{subject, View};
use crate::ContractError;

/// What the owner of a position asks for.
pub fn order(deps: Deps, id: u64) -> Result<OwnerOrderResponse, ContractError> {
    let position = load_position(deps.storage, id)?;
    Ok(OwnerOrderResponse {
        owner: position.owner,
        order: position.order,
        since: position.ordered_at,
    })
}

/// What an order would sell and cost, and what doing nothing would, under the terms of sales that open now.
pub fn preview_order(
    deps: Deps,
    now: u64,
    id: u64,
    order: &OwnerOrder,
) -> Result<PreviewOrderResponse, ContractError> {
    load_position(deps.storage, id)?;
    let asked = match &order.sale {
        Some(sale) => estimate(deps, now, id, &order.sell_order, Some(sale))?,
        None => None,
    };
    Ok(PreviewOrderResponse {
        asked,
        forced: estimate(deps, now, id, &order.sell_order, None)?,
        refused: set_order::check(deps, now, id, order)
            .err()
            .map(|refusal| refusal.to_string()),
    })
}

/// The first pair of a sale that is asked for, or else of a soft one, once it may start. Where it may not yet, the price of the
/// collateral that is worth most is taken to have fallen so far.
fn estimate(
    deps: Deps,
    now: u64,
    id: u64,
    sell_order: &[AssetId],
    asks: Option<&AskedSale>,
) -> Result<Option<SaleEstimate>, ContractError> {
    let mut records = Records::open(deps, now)?;
    let ledger = records.ledger(id)?;
    let Some(view) = View::of(&mut records, &ledger)? else {
        return Ok(None);
    };
    let trigger = asks.map_or(Some(Decimal::one()), |sale| sale.trigger);
    let health = view.sums(Tier::Maintenance)?.health()?.unwrap_or(Decimal::MAX);
    let view = match trigger.filter(|trigger| health >= *trigger) {
        None => view,
        Some(trigger) => {
            let largest = view.held.iter().max_by_key(|held| held.value);
            let Some(held) = largest else { return Ok(None) };
            let Some(price) = price_at(&view, held, trigger)? else {
                return Ok(None);
            };
            let asset = held.asset.clone();
            records = Records::open(deps, now)?.trying(vec![TryPrice { asset, price }]);
            match View::of(&mut records, &ledger)? {
                Some(view) => view,
                None => return Ok(None),
            }
        }
    };
    let terms = records.terms()?;
    let (mode, view, terms, target) = match asks {
        None => (Mode::Soft, view, terms, TARGET),
        Some(sale) => (
            Mode::Asked,
            asked::offered(view, &sale.goal),
            terms.asked_down_to(sale.max_discount)?,
            asked::target(&sale.goal),
        ),
    };
    let rules = Rules {
        terms: &terms,
        eta: records.config.params.eta,
        target,
        sell_order,
    };
    let choices = choose(&view, &rules, mode, Turn::First)?;
    let pair = choices.first().and_then(|choice| {
        let held = view.held(&choice.offer.collateral)?;
        Some((held, view.owed(&choice.offer.debt)?))
    });
    let Some((held, owed)) = pair else { return Ok(None) };
    let subject = subject(&view.book()?, held, owed);
    let multiplier = Decimal::one().saturating_sub(rules.clearing(mode, held));
    let Ok(allowed) = subject.allowed(multiplier, &rules.sizing(mode, held, owed))? else {
        return Ok(None);
    };
    let value = held
        .price
        .value_of(allowed.sold, held.quote.decimals, Rounding::Down)?;
    let discount = Decimal::one().saturating_sub(allowed.multiplier);
    let penalty = penalty_of(allowed.paid, allowed.penalty)?;
    Ok(Some(SaleEstimate {
        collateral: held.asset.clone(),
        price: held.price,
        debt: owed.asset.clone(),
        value,
        discount,
        discount_cost: value.times(discount, Rounding::Up)?,
        penalty_cost: owed.price.value_of(penalty, owed.quote.decimals, Rounding::Up)?,
    }))
}

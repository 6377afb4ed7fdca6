//! Sales that the owner of a position asks for: how far they go, and when they may start. Pure.

use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::position_manager::{AskedSale, Goal};
use glidepath_risk::{RiskResult, Rounding};

use crate::choose::is_met;
use crate::view::View;

/// Target of a sale that goes as far as its owner gives collateral: with it, all but a billionth of any debt is repaid.
const NO_TARGET: Decimal = Decimal::raw(1_000_000_000_000_000_000_000_000_000);

/// Health to reach under target weights.
pub fn target(goal: &Goal) -> Decimal {
    match goal {
        Goal::Health(health) => *health,
        Goal::Keep(_) => NO_TARGET,
    }
}

/// May it start at this maintenance health, and each of its lots?
pub fn stands(sale: &AskedSale, maintenance: Decimal) -> bool {
    sale.trigger.is_none_or(|trigger| maintenance < trigger)
}

/// A view of which only what is to be sold is on offer; health and sizes count all of it.
pub fn offered(mut view: View, goal: &Goal) -> View {
    if let Goal::Keep(Amount { asset, amount }) = goal {
        for held in &mut view.held {
            held.spare = match held.asset == *asset {
                true => held.amount.saturating_sub(*amount),
                false => Uint128::zero(),
            };
        }
    }
    view
}

/// Is the goal reached, or so nearly that nothing may be sold for it? `view` is what is [`offered`].
pub fn is_reached(view: &View, goal: &Goal, penalty: Decimal) -> RiskResult<bool> {
    match goal {
        Goal::Health(health) => is_met(view, *health, penalty),
        Goal::Keep(Amount { asset, .. }) => {
            let Some(held) = view.held(asset) else {
                return Ok(true);
            };
            let spare = held
                .price
                .value_of(held.spare, held.quote.decimals, Rounding::Down)?;
            Ok(spare < held.params.min_fill)
        }
    }
}

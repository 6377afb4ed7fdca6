//! Invariant 5 of sales that owners ask for: they sell what he gives, at his price, while he asks for it.

use std::collections::BTreeMap;

use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::position_manager::{Goal, OwnerOrder};
use glidepath_position_manager::state::{Position, POSITIONS};

use super::{holds, Broken, Invariants};
use crate::{Seen, Suite};

/// What an owner asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    sell_order: Option<String>,
    /// Health below which it may start; at once without it.
    pub trigger: Option<Decimal>,
    target: Option<Decimal>,
    keep: Option<(String, Uint128)>,
    max_discount: Option<Decimal>,
}

impl Wish {
    /// As an event tells it.
    pub fn of(event: &Seen) -> Self {
        let keep = event.get("keep");
        Wish {
            sell_order: event.text("sell_order").map(str::to_string),
            trigger: event.get("trigger"),
            target: event.get("target"),
            keep: event.text("collateral").map(str::to_string).zip(keep),
            max_discount: event.get("max_discount"),
        }
    }

    /// Does it ask for a sale?
    pub fn asks(&self) -> bool {
        self.max_discount.is_some()
    }

    /// A fill of a sale that was asked for like this, while its owner asks for `now`.
    pub fn filled(
        &self,
        suite: &Suite,
        position: u64,
        event: &Seen,
        now: Option<&(Wish, u64)>,
    ) -> Result<(), Broken> {
        let stands = now.is_some_and(|(wish, since)| wish == self || suite.now() <= *since);
        holds(5, stands, || {
            format!("position {position} is sold, and its owner asks for {now:?} instead of {self:?}")
        })?;
        let multiplier: Decimal = event.must("multiplier");
        let least = Decimal::one() - self.max_discount.unwrap_or_default();
        holds(5, multiplier >= least, || {
            format!("position {position} is sold at {multiplier}, its owner wants {least}")
        })?;
        let Some((asset, keep)) = &self.keep else {
            return Ok(());
        };
        let sold = event.text("collateral");
        // Behind the fill its owner may have taken out of it.
        let offset = suite.ask().owed(position, asset).map_or(true, |owed| owed > 0);
        let held = suite.ask().held(position, asset).unwrap_or_default();
        let is_kept = offset || Uint128::new(held) >= *keep;
        holds(5, sold == Some(asset.as_str()) && is_kept, || {
            format!("position {position} sells {sold:?}, {held} of {asset} are left, {keep} were to be kept")
        })
    }
}

impl Invariants {
    /// An owner asks for this from now on.
    pub(super) fn wish(&mut self, position: u64, wish: Wish, now: u64) {
        let known = self.wishes.get(&position);
        if known.is_none_or(|(known, _)| *known != wish) {
            self.wishes.insert(position, (wish, now));
        }
    }

    /// A sale that was asked for like this is over: what was asked for once is not asked for any more.
    pub(super) fn sold(&mut self, position: u64, asked: &Wish) {
        match self.wishes.get_mut(&position) {
            Some((wish, _)) if wish == asked && wish.trigger.is_none() => {
                *wish = Wish {
                    sell_order: wish.sell_order.take(),
                    ..Wish::default()
                };
            }
            _ => {}
        }
    }
}

/// What owners ask for now.
pub fn standing(suite: &Suite) -> BTreeMap<u64, (Wish, u64)> {
    let storage = suite.app.contract_storage(&suite.peers.position_manager);
    let rows = POSITIONS.after(&*storage, None);
    let of = |position: Position| {
        let OwnerOrder { sell_order, sale } = position.order;
        let names: Vec<&str> = sell_order.iter().map(|asset| asset.as_str()).collect();
        let (target, keep) = match sale.as_ref().map(|sale| &sale.goal) {
            None => (None, None),
            Some(Goal::Health(health)) => (Some(*health), None),
            Some(Goal::Keep(kept)) => (None, Some((kept.asset.to_string(), kept.amount))),
        };
        let wish = Wish {
            sell_order: (!names.is_empty()).then(|| names.join(",")),
            trigger: sale.as_ref().and_then(|sale| sale.trigger),
            target,
            keep,
            max_discount: sale.map(|sale| sale.max_discount),
        };
        (wish, position.ordered_at)
    };
    rows.map(|row| row.expect("a position"))
        .map(|(id, position)| (id, of(position)))
        .collect()
}

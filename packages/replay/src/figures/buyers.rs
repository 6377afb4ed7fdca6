//! Who bought what was sold.

use serde::Serialize;

use super::percent;
use crate::rules::{Buyer, Event};
use crate::scene::Scene;
use crate::simulation::Outcome;

/// Parts of the value sold by who bought it; they add up to all of it. USD at the undisturbed path's price.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SoldTo {
    /// Keepers with capital.
    pub keepers: Part,
    /// Keepers without, in callbacks.
    pub callback: Part,
    /// Standing orders.
    pub orders: Part,
    /// Funds that are left in the slots at the end, USD.
    pub orders_left_usd: f64,
}

/// What one kind of buyers bought.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Part {
    /// Value, in USD.
    pub usd: f64,
    /// The same in percent of all that was sold.
    pub pct: f64,
    /// Number of fills.
    pub fills: u64,
    /// What they paid, penalty included, below the market's price at the fill: in percent of the value, negative above.
    pub below_market_pct: f64,
}

impl SoldTo {
    /// Of a run whose orders began with `placed` USD.
    pub(super) fn new(outcome: &Outcome, placed: f64) -> Self {
        let mut sold = Self {
            orders_left_usd: placed,
            ..Self::default()
        };
        for entry in &outcome.log {
            let Event::Fill(fill) = &entry.event else { continue };
            let part = match fill.buyer {
                Buyer::Keeper => &mut sold.keepers,
                Buyer::Callback => &mut sold.callback,
                Buyer::Orders { .. } => {
                    sold.orders_left_usd -= fill.paid;
                    &mut sold.orders
                }
            };
            part.usd += fill.sold * entry.prices.path;
            part.fills += 1;
            // USD until all of them are known.
            part.below_market_pct += fill.sold * entry.prices.market - fill.paid;
        }
        sold.orders_left_usd = sold.orders_left_usd.max(0.0);
        let all = sold.keepers.usd + sold.callback.usd + sold.orders.usd;
        for part in [&mut sold.keepers, &mut sold.callback, &mut sold.orders] {
            part.pct = percent(part.usd, all);
            part.below_market_pct = percent(part.below_market_pct, part.usd);
        }
        sold
    }
}

/// The tools beside keepers with capital that were there in a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Tools {
    /// Capital in standing orders, in depths of each collateral.
    pub holders_depths: f64,
    /// Keepers without capital.
    pub flash_bidders: u32,
}

impl Tools {
    /// Those of a scene, under rules that know them.
    pub fn of(scene: &Scene) -> Self {
        Self {
            holders_depths: scene.config.holders.depths,
            flash_bidders: scene.config.bidders.flash_count,
        }
    }

    /// In a word, behind the name of the rules: `+ orders`.
    pub fn short(self) -> &'static str {
        match (self.holders_depths > 0.0, self.flash_bidders > 0) {
            (false, false) => "",
            (true, false) => " + orders",
            (false, true) => " + callback",
            (true, true) => " + both",
        }
    }

    /// As a person would say it, behind "rules".
    pub fn text(self) -> String {
        let orders = format!("standing orders of {} depths", self.holders_depths);
        let flash = match self.flash_bidders {
            1 => "a bidder without capital".to_owned(),
            n => format!("{n} bidders without capital"),
        };
        match (self.holders_depths > 0.0, self.flash_bidders > 0) {
            (false, false) => String::new(),
            (true, false) => format!(" with {orders}"),
            (false, true) => format!(" with {flash}"),
            (true, true) => format!(" with {orders} and {flash}"),
        }
    }
}

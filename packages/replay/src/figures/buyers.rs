//! Who bought what was sold.

use serde::Serialize;

use super::percent;
use crate::rules::{Buyer, Event};
use crate::scene::Scene;
use crate::simulation::Outcome;

/// Parts of the value sold by who bought it; they add up to all of it. USD at the undisturbed path's price.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SoldTo {
    /// To standing orders.
    pub orders_usd: f64,
    /// The same in percent.
    pub orders_pct: f64,
    /// Fills of standing orders.
    pub orders_fills: u64,
    /// To keepers without capital, in callbacks.
    pub callback_usd: f64,
    /// The same in percent.
    pub callback_pct: f64,
    /// Fills in callbacks.
    pub callback_fills: u64,
    /// To keepers with capital.
    pub keepers_usd: f64,
    /// The same in percent.
    pub keepers_pct: f64,
    /// Funds that are left in the slots at the end, USD.
    pub orders_left_usd: f64,
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
            let value = fill.sold * entry.prices.path;
            match fill.buyer {
                Buyer::Keeper => sold.keepers_usd += value,
                Buyer::Callback => {
                    sold.callback_usd += value;
                    sold.callback_fills += 1;
                }
                Buyer::Orders { .. } => {
                    sold.orders_usd += value;
                    sold.orders_fills += 1;
                    sold.orders_left_usd -= fill.paid;
                }
            }
        }
        let all = sold.keepers_usd + sold.callback_usd + sold.orders_usd;
        sold.orders_pct = percent(sold.orders_usd, all);
        sold.callback_pct = percent(sold.callback_usd, all);
        sold.keepers_pct = percent(sold.keepers_usd, all);
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

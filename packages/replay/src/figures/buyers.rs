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
    /// Part of the owners with a glide path.
    pub glide_share: f64,
}

impl Tools {
    /// Those of a scene, under rules that know them.
    pub fn of(scene: &Scene) -> Self {
        Self {
            holders_depths: scene.config.holders.depths,
            flash_bidders: scene.config.bidders.flash_count,
            glide_share: scene.config.owners.glide_share,
        }
    }

    /// In a word, behind the name of the rules: `+ orders`.
    pub fn short(self) -> String {
        let tools = [
            (self.holders_depths > 0.0, " + orders"),
            (self.flash_bidders > 0, " + callback"),
            (self.glide_share > 0.0, " + glide"),
        ];
        tools
            .iter()
            .filter(|(there, _)| *there)
            .map(|(_, word)| *word)
            .collect()
    }

    /// As a person would say it, behind "rules".
    pub fn text(self) -> String {
        let mut tools = Vec::new();
        if self.holders_depths > 0.0 {
            tools.push(format!("standing orders of {} depths", self.holders_depths));
        }
        match self.flash_bidders {
            0 => {}
            1 => tools.push("a bidder without capital".to_owned()),
            n => tools.push(format!("{n} bidders without capital")),
        }
        if self.glide_share > 0.0 {
            tools.push(match self.glide_share < 1.0 {
                true => format!("glide paths of {:.0} % of the owners", 100.0 * self.glide_share),
                false => "glide paths of all owners".to_owned(),
            });
        }
        match tools.split_last() {
            None => String::new(),
            Some((last, [])) => format!(" with {last}"),
            Some((last, others)) => format!(" with {} and {last}", others.join(", ")),
        }
    }
}

//! What happened under a stress, and in the aftermath.

use std::collections::BTreeMap;

use serde::Serialize;

use super::assets::worst_impact;
use super::{percent, Episode};
use crate::clock::Time;
use crate::config::StressKind;
use crate::market::span;
use crate::population::PositionId;
use crate::rules::{Event, Fill, Silence};
use crate::scene::Scene;
use crate::simulation::{Entry, Outcome};

/// What happened under one stress. "During" is while it lasts, "after" the aftermath that the configuration names; a
/// stress that lasts for the whole run has none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StressFigures {
    /// Which.
    pub kind: StressKind,
    /// Its first block, unix seconds.
    pub from: Time,
    /// The first block after it.
    pub to: Time,
    /// End of the aftermath.
    pub until: Time,
    /// Fall of the first collateral's undisturbed path during it, in percent.
    pub path_fell_pct: f64,
    /// Margin calls during it.
    pub calls: usize,
    /// Fills during it.
    pub fills: usize,
    /// Lots whose life ended during it with any of it unsold.
    pub lots_unsold: usize,
    /// Positions in distress at its end: those below maintenance that nobody has called are among them once somebody has.
    pub in_distress_at_end: usize,
    /// Seconds from its end to the first fill after it.
    pub first_fill_after_s: Option<u64>,
    /// Fills in the aftermath.
    pub fills_after: usize,
    /// Those of them of lots that had begun before: their prices had fallen while it lasted.
    pub fills_of_old_lots: usize,
    /// Deepest discount to the oracle's price of a fill in the aftermath (of all fills where there is none), in percent.
    pub deepest_discount_pct: Option<f64>,
    /// The same to the market's price.
    pub deepest_below_market_pct: Option<f64>,
    /// Of these fills those below the oracle's price by more than `stress.deep_discount`.
    pub deep_fills: usize,
    /// What these sold, in percent of what all of these fills sold.
    pub deep_sold_pct: f64,
    /// Loss of the borrowers by fills during and after, in percent of the value sold.
    pub loss_pct: f64,
    /// Debt written off during and after, USD.
    pub bad_debt_usd: f64,
    /// Deepest fall of the market below the undisturbed path during and after, in percent.
    pub worst_impact_pct: f64,
    /// Seconds of silence that the chain counted in the whole run, and what ran when it began: margin calls in grace are
    /// longer by it, lots begin anew after it.
    pub silence: Silence,
}

impl StressFigures {
    /// The figures of every stress of a run.
    pub(super) fn all(scene: &Scene, outcome: &Outcome, episodes: &[Episode]) -> Vec<Self> {
        let kinds = scene.config.stress.kinds.iter();
        kinds
            .map(|kind| Self::new(*kind, scene, outcome, episodes))
            .collect()
    }

    fn new(kind: StressKind, scene: &Scene, outcome: &Outcome, episodes: &[Episode]) -> Self {
        let (path, stress) = (&scene.path, &scene.config.stress);
        let blocks = span(kind, stress, path);
        let (from, to) = (path.time(blocks.start), path.time(blocks.end));
        let until = to.saturating_add(stress.aftermath_s).min(path.to());
        let price = |block: usize| path.prices.get(block).copied().unwrap_or(path.last());

        let fills: Vec<(&Entry, &Fill)> = outcome.log.iter().filter_map(fill).collect();
        let within = |from: Time, to: Time| {
            let fills = fills.iter();
            fills.filter(move |(entry, _)| (from..to).contains(&entry.time))
        };
        // What is felt until the end is told of as a whole.
        let told_from = if to < path.to() { to } else { from };
        let deepest = |discount: fn(&Entry, &Fill) -> f64| {
            let of = within(told_from, until).map(|(entry, fill)| 100.0 * discount(entry, fill));
            of.reduce(f64::max)
        };
        let is_deep = |fill: &Fill| fill.discount > stress.deep_discount;
        let (told, deep) = within(told_from, until).fold((0.0, 0.0), |(told, deep), (entry, fill)| {
            let value = fill.sold * entry.prices.path;
            (told + value, deep + if is_deep(fill) { value } else { 0.0 })
        });
        let (value, repaid) = within(from, until).fold((0.0, 0.0), |(value, repaid), (entry, fill)| {
            (value + fill.sold * entry.prices.path, repaid + fill.repaid)
        });
        let first_after = within(to, path.to()).map(|(entry, _)| entry.time - to).next();
        let felt = blocks.start..((until - path.from) / crate::clock::BLOCK_S) as usize;
        let impacts = (0..scene.assets.len()).map(|asset| worst_impact(scene, outcome, asset, felt.clone()));
        Self {
            kind,
            from,
            to,
            until,
            path_fell_pct: 100.0 * (1.0 - price(blocks.end) / price(blocks.start)),
            calls: episodes.iter().filter(|e| (from..to).contains(&e.called)).count(),
            fills: within(from, to).count(),
            lots_unsold: unsold(&outcome.log, from, to),
            in_distress_at_end: episodes
                .iter()
                .filter(|e| e.breached < to && e.ended.is_none_or(|(end, _)| end >= to))
                .count(),
            first_fill_after_s: first_after,
            fills_after: within(to, until).count(),
            fills_of_old_lots: of_old_lots(&outcome.log, to, until),
            deepest_discount_pct: deepest(|_, fill| fill.discount),
            deepest_below_market_pct: deepest(|entry, fill| 1.0 - fill.price / entry.prices.market),
            deep_fills: within(told_from, until).filter(|(_, fill)| is_deep(fill)).count(),
            deep_sold_pct: percent(deep, told),
            loss_pct: percent(value - repaid, value),
            bad_debt_usd: outcome
                .log
                .iter()
                .filter(|entry| (from..until).contains(&entry.time))
                .map(|entry| match entry.event {
                    Event::WrittenOff { debt, .. } => debt,
                    _ => 0.0,
                })
                .sum(),
            worst_impact_pct: 100.0 * impacts.fold(0.0, f64::max),
            silence: outcome.counts.silence,
        }
    }
}

fn fill(entry: &Entry) -> Option<(&Entry, &Fill)> {
    match &entry.event {
        Event::Fill(fill) => Some((entry, fill)),
        _ => None,
    }
}

/// Fills between `from` and `to` of lots that had begun before `from`.
fn of_old_lots(log: &[Entry], from: Time, to: Time) -> usize {
    let mut begun: BTreeMap<PositionId, Time> = BTreeMap::new();
    let mut fills = 0;
    for entry in log {
        match entry.event {
            Event::LotStarted {
                position, start_at, ..
            } => {
                begun.insert(position, start_at);
            }
            Event::Fill(Fill { position, .. }) if (from..to).contains(&entry.time) => {
                fills += usize::from(begun.get(&position).is_some_and(|start_at| *start_at < from));
            }
            _ => {}
        }
    }
    fills
}

/// Lots that were over between `from` and `to` with any of them unsold.
fn unsold(log: &[Entry], from: Time, to: Time) -> usize {
    let mut over: BTreeMap<PositionId, Time> = BTreeMap::new();
    let mut unsold = 0;
    for entry in log {
        let position = entry.event.position();
        let ends = match &entry.event {
            Event::LotStarted { .. }
            | Event::Ended { .. }
            | Event::Slept { .. }
            | Event::Restarted { .. } => true,
            Event::Fill(fill) => fill.cleared,
            _ => false,
        };
        if ends {
            let lived_out = over.remove(&position).filter(|over| *over < entry.time);
            unsold += usize::from(lived_out.is_some_and(|over| (from..to).contains(&over)));
        }
        if let Event::LotStarted {
            over_at: Some(at), ..
        } = entry.event
        {
            over.insert(position, at);
        }
    }
    // Those that nobody touched again.
    unsold + over.values().filter(|over| (from..to).contains(over)).count()
}

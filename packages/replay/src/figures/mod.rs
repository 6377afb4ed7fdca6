//! The figures of a run, as `--json` writes them. All come from the scene and the events.

mod assets;
mod buyers;
mod episodes;
mod queue;
mod spread;
mod stress;

use serde::Serialize;

use crate::clock::Time;
use crate::path::Window;
use crate::population::PositionId;
use crate::rules::{End, Event, RulesKind};
use crate::scene::Scene;
use crate::simulation::Outcome;

pub use assets::AssetFigures;
pub use buyers::{Part, SoldTo, Tools};
pub use episodes::{episodes, Episode};
use queue::{full_s, queue_waits};
pub use spread::Spread;
pub use stress::StressFigures;

/// The figures. USD, percent and seconds as the names say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// The rules that ran.
    pub rules: RulesKind,
    /// The seed.
    pub seed: u64,
    /// Part of the file.
    pub window: Window,
    /// All collateral at the start, in depths.
    pub overhang: f64,
    /// What there was beside keepers with capital; nothing under hard rules, which know no such tools.
    pub tools: Tools,
    /// The price path.
    pub path: PathFigures,
    /// What became of the positions.
    pub positions: PositionFigures,
    /// Collateral sold, at the undisturbed path's price. All percentages below are of it where not said.
    pub liquidated_usd: f64,
    /// Debt repaid by sales.
    pub debt_repaid_usd: f64,
    /// What was sold less the debt that it repaid, and the surcharge: penalty + discount + impact + surcharge.
    pub borrower_loss_usd: f64,
    /// The same in percent.
    pub borrower_loss_pct: f64,
    /// Penalties.
    pub penalty_usd: f64,
    /// Market price at the fill less the price paid.
    pub discount_usd: f64,
    /// Undisturbed path less the market price, at the fill.
    pub impact_usd: f64,
    /// Penalty and discount in percent.
    pub take_pct: f64,
    /// Who bought.
    pub sold_to: SoldTo,
    /// Surcharge on debt in distress.
    pub surcharge_usd: f64,
    /// Borrowers' equity at the end less cash put in, in percent of the initial debt.
    pub end_equity_pct: f64,
    /// Debt written off, and debt above collateral at the end.
    pub bad_debt_usd: f64,
    /// The same in percent.
    pub bad_debt_pct: f64,
    /// Part of the debt written off that the insurance fund paid.
    pub insurance_paid_usd: f64,
    /// Part of it that lowered the supply price.
    pub index_loss_usd: f64,
    /// Collateral sold in percent of the debt that its positions had when they were first called.
    pub sold_of_debt_at_first_breach_pct: f64,
    /// Number of fills.
    pub fills: u64,
    /// Fills at the lowest price that the rules allow.
    pub floor_fills: u64,
    /// Lots that were over with some of them unsold.
    pub restarts: u64,
    /// From the breach to the first fill.
    pub first_fill_after_breach_s: Spread,
    /// From the end of grace to the first fill.
    pub first_fill_after_grace_s: Spread,
    /// From the start of a lot to its last fill.
    pub lot_cleared_s: Spread,
    /// Lots that had to wait for a queue.
    pub queue_waits: usize,
    /// How long these waited; to the end of the run or of the distress, if they never started.
    pub queue_wait_s: Spread,
    /// Longest time that the backlog of any collateral was within a tenth of its burst, in all.
    pub queue_full_s: u64,
    /// From the end of grace to the end of the distress, where sales restored the position.
    pub restored_s: Spread,
    /// Deepest fall of the market below the undisturbed path, of any collateral.
    pub worst_impact_pct: f64,
    /// Each collateral by itself.
    pub assets: Vec<AssetFigures>,
    /// What happened under each stress, in the order in which they were asked for.
    pub stress: Vec<StressFigures>,
    /// Messages sent.
    pub messages: u64,
    /// Invariants checked.
    pub invariant_checks: u64,
    /// Seconds that the run took.
    pub wall_s: f64,
}

/// The price path of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PathFigures {
    /// File or scenario.
    pub file: String,
    /// First block, unix seconds.
    pub from: Time,
    /// End of the last block, unix seconds.
    pub to: Time,
    /// Number of blocks of 6 s.
    pub blocks: usize,
}

/// What became of the positions; each is counted once, by the end of its last distress.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PositionFigures {
    /// All.
    pub total: usize,
    /// Ever sold because their owners asked for it.
    pub asked: usize,
    /// Ever below maintenance.
    pub called: usize,
    /// Brought to the target by the owner.
    pub cured_by_owner: usize,
    /// Brought back by sales: to the target under soft rules, above maintenance under hard ones, which know no target.
    pub restored: usize,
    /// Without debt.
    pub closed: usize,
    /// With a loss to the lenders.
    pub written_off: usize,
    /// Above maintenance again because the price came back.
    pub lapsed: usize,
    /// Still called or on sale when the run ended.
    pub in_distress: usize,
}

impl PositionFigures {
    fn new(total: usize, episodes: &[Episode]) -> Self {
        let asked = episodes.iter().filter(|episode| episode.asked);
        let asked: std::collections::BTreeSet<PositionId> = asked.map(|episode| episode.position).collect();
        let last: std::collections::BTreeMap<PositionId, Option<End>> = episodes
            .iter()
            .filter(|episode| !episode.asked)
            .map(|episode| (episode.position, episode.ended.map(|(_, why)| why)))
            .collect();
        let ended = |why: End| last.values().filter(|end| **end == Some(why)).count();
        Self {
            total,
            asked: asked.len(),
            called: last.len(),
            cured_by_owner: ended(End::Cured),
            restored: ended(End::Restored),
            closed: ended(End::Closed),
            written_off: ended(End::WrittenOff),
            lapsed: ended(End::Lapsed),
            in_distress: last.values().filter(|end| end.is_none()).count(),
        }
    }
}

/// `part` of `whole` in percent; 0 of nothing.
fn percent(part: f64, whole: f64) -> f64 {
    if whole > 0.0 {
        100.0 * part / whole
    } else {
        0.0
    }
}

impl Figures {
    /// What a column with them is called: `soft + orders`.
    pub fn name(&self) -> String {
        format!("{}{}", self.rules, self.tools.short())
    }

    /// `soft rules with standing orders of 5 depths`.
    pub fn text(&self) -> String {
        format!("{} rules{}", self.rules, self.tools.text())
    }

    /// The figures of `outcome` on `scene`.
    pub fn new(scene: &Scene, outcome: &Outcome) -> Self {
        let episodes = episodes(&outcome.log);
        let flows = Flows::new(outcome);
        let waits = queue_waits(&outcome.log, scene.path.to());
        let path = &scene.path;

        let surcharge: f64 = outcome.accounts.iter().map(|account| account.surcharge).sum();
        let loss = flows.value - flows.repaid + surcharge;
        let last_prices = scene.last_prices();
        let (equity, shortfall) = outcome
            .accounts
            .iter()
            .fold((0.0, 0.0), |(equity, short), account| {
                let own = account.collateral.value(&last_prices) - account.debt;
                (equity + own.max(0.0), short + (-own).max(0.0))
            });
        let initial_debt: f64 = scene.borrowers.iter().map(|borrower| borrower.debt).sum();
        let bad_debt = flows.written_off + shortfall;
        let sold_from_debt: f64 = scene
            .borrowers
            .iter()
            .filter(|borrower| flows.sold_from.contains(&borrower.position))
            .map(|borrower| borrower.debt)
            .sum();
        let names = scene.assets.iter().enumerate();
        let assets: Vec<AssetFigures> = names
            .map(|(asset, terms)| AssetFigures::new(scene, outcome, asset, &terms.name))
            .collect();

        let tools = match outcome.rules {
            RulesKind::Soft => Tools::of(scene),
            RulesKind::Hard => Tools::default(),
        };
        let depths: f64 = scene.assets.iter().map(|asset| asset.depth_1pct_usd).sum();
        let placed = tools.holders_depths * depths;
        let after_grace =
            |episode: &Episode, at: Time| episode.grace_ended.map(|from| at.saturating_sub(from));
        let first_fills = || {
            episodes
                .iter()
                .filter(|episode| !episode.asked)
                .filter_map(|episode| episode.first_fill.map(|at| (episode, at)))
        };
        Self {
            rules: outcome.rules,
            seed: scene.seed,
            window: path.window,
            overhang: scene.config.population.overhang,
            tools,
            path: PathFigures {
                file: path.name.clone(),
                from: path.from,
                to: path.to(),
                blocks: path.blocks(),
            },
            positions: PositionFigures::new(scene.borrowers.len(), &episodes),
            liquidated_usd: flows.value,
            debt_repaid_usd: flows.repaid,
            borrower_loss_usd: loss,
            borrower_loss_pct: percent(loss, flows.value),
            penalty_usd: flows.penalty,
            discount_usd: flows.discount,
            impact_usd: flows.impact,
            take_pct: percent(flows.penalty + flows.discount, flows.value),
            sold_to: SoldTo::new(outcome, placed),
            surcharge_usd: surcharge,
            end_equity_pct: percent(equity - flows.cash_in, initial_debt),
            bad_debt_usd: bad_debt,
            bad_debt_pct: percent(bad_debt, flows.value),
            insurance_paid_usd: flows.insurance,
            index_loss_usd: flows.index_loss,
            sold_of_debt_at_first_breach_pct: percent(flows.value, sold_from_debt),
            fills: flows.fills,
            floor_fills: flows.floor_fills,
            restarts: flows.restarts,
            first_fill_after_breach_s: first_fills()
                .map(|(e, at)| at.saturating_sub(e.breached))
                .collect(),
            first_fill_after_grace_s: first_fills().filter_map(|(e, at)| after_grace(e, at)).collect(),
            lot_cleared_s: episodes
                .iter()
                .flat_map(|episode| episode.lots_cleared_s.iter().copied())
                .collect(),
            queue_waits: waits.len(),
            queue_wait_s: waits.into_iter().collect(),
            queue_full_s: outcome
                .queues
                .iter()
                .map(|queue| full_s(queue))
                .max()
                .unwrap_or(0),
            restored_s: episodes
                .iter()
                .filter(|episode| !episode.asked)
                .filter_map(|episode| match episode.ended {
                    Some((at, End::Restored)) => after_grace(episode, at),
                    _ => None,
                })
                .collect(),
            worst_impact_pct: assets
                .iter()
                .map(|asset| asset.worst_impact_pct)
                .fold(0.0, f64::max),
            assets,
            stress: StressFigures::all(scene, outcome, &episodes),
            messages: outcome.counts.messages,
            invariant_checks: outcome.counts.invariant_checks,
            wall_s: outcome.wall_s,
        }
    }
}

/// Sums over the events.
#[derive(Debug, Default)]
struct Flows {
    value: f64,
    repaid: f64,
    penalty: f64,
    discount: f64,
    impact: f64,
    cash_in: f64,
    written_off: f64,
    insurance: f64,
    index_loss: f64,
    fills: u64,
    floor_fills: u64,
    restarts: u64,
    sold_from: std::collections::BTreeSet<PositionId>,
}

impl Flows {
    fn new(outcome: &Outcome) -> Self {
        let mut flows = Self::default();
        for entry in &outcome.log {
            match &entry.event {
                Event::Fill(fill) => {
                    flows.value += fill.sold * entry.prices.path;
                    flows.repaid += fill.repaid;
                    flows.penalty += fill.penalty;
                    flows.discount += fill.sold * entry.prices.market - fill.paid;
                    flows.impact += fill.sold * (entry.prices.path - entry.prices.market);
                    flows.fills += 1;
                    flows.floor_fills += u64::from(fill.at_floor);
                    flows.sold_from.insert(fill.position);
                }
                Event::Cured { cash, .. } => flows.cash_in += cash,
                Event::WrittenOff {
                    debt,
                    insurance,
                    index_loss,
                    ..
                } => {
                    flows.written_off += debt;
                    flows.insurance += insurance;
                    flows.index_loss += index_loss;
                }
                Event::Restarted { .. } => flows.restarts += 1,
                _ => {}
            }
        }
        flows
    }
}

#[cfg(test)]
mod tests;

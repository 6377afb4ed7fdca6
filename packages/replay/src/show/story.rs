//! The life of one position, told line by line.

use std::collections::BTreeMap;

use super::tell::tell;
use super::{price, tokens, usd};
use crate::amounts::Amounts;
use crate::clock::Time;
use crate::population::PositionId;
use crate::rules::{End, Event};
use crate::scene::Scene;
use crate::simulation::{Entry, Outcome};

/// Lines of a timeline that are shown at most, unless all of them are asked for.
pub(super) const LONGEST: usize = 24;
/// Seconds of grace that are worth showing.
const SOME_GRACE_S: Time = 120;

/// The timeline of a position.
#[derive(Debug, Clone)]
pub struct Story {
    /// The position.
    pub position: PositionId,
    /// What it began with, in a sentence.
    pub title: String,
    /// What happened to it.
    pub lines: Vec<Line>,
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Line {
    /// When.
    pub time: Time,
    /// In a word or two.
    pub what: &'static str,
    /// With figures.
    pub detail: String,
}

impl Story {
    /// The story of `position`, or of the one that tells most.
    pub fn new(scene: &Scene, outcome: &Outcome, position: Option<PositionId>) -> Self {
        let position = position.unwrap_or_else(|| choose(scene, &outcome.log));
        let start = scene.borrowers.get(position as usize - 1);
        let (collateral, debt) = start.map_or((Amounts::default(), 0.0), |b| (b.collateral, b.debt));
        let first = scene.first_prices();
        let health = collateral.weighted(&first, scene.maintenance_weights()) / debt;
        let own = outcome
            .log
            .iter()
            .filter(|entry| entry.event.position() == position);
        let mut lines = lines(scene, own);
        if lines.is_empty() {
            lines.push(Line {
                time: scene.path.to(),
                what: "not called",
                detail: "it stayed above maintenance, nothing was sold".to_owned(),
            });
        }
        let title = format!(
            "Position {position}: {} ({}) against a debt of {}, health {health:.3}",
            holdings(scene, &collateral),
            usd(collateral.value(&first)),
            usd(debt),
        );
        Self {
            position,
            title,
            lines,
        }
    }
}

/// `15.85 tokens at $3,282.00`, and so on.
fn holdings(scene: &Scene, collateral: &Amounts) -> String {
    let held = collateral.held().map(|(asset, amount)| {
        let name = scene.name(asset).unwrap_or("tokens");
        let first = price(scene.path_of(asset).first());
        format!("{} {name} at {first}", tokens(amount))
    });
    held.collect::<Vec<_>>().join(" and ")
}

/// A line for each event; what starts a lot is told with the lot.
fn lines<'a>(scene: &Scene, entries: impl Iterator<Item = &'a Entry>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut starts_lot = false;
    for entry in entries {
        let (what, detail) = tell(scene, &entry.event);
        match lines
            .last_mut()
            .filter(|line| starts_lot && line.time == entry.time)
        {
            Some(line) if matches!(entry.event, Event::LotStarted { .. }) => {
                line.detail += "; ";
                line.detail += &detail;
            }
            _ => lines.push(Line {
                time: entry.time,
                what,
                detail,
            }),
        }
        starts_lot = matches!(
            entry.event,
            Event::Asked { .. } | Event::Opened { .. } | Event::Restarted { .. } | Event::Escalated { .. }
        );
    }
    lines
}

/// What makes a position's life worth telling, the most important first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Worth {
    /// Its last distress ended at the target, by sales.
    restored: bool,
    /// It had time to think.
    grace: bool,
    /// It is told in full.
    short: bool,
    /// Most fills of one distress, up to three.
    fills_at_once: usize,
    /// It is not a small one.
    large: bool,
    fills: usize,
}

/// The position that tells most; the first of equals.
fn choose(scene: &Scene, log: &[Entry]) -> PositionId {
    let mut debts: Vec<f64> = scene.borrowers.iter().map(|borrower| borrower.debt).collect();
    debts.sort_by(f64::total_cmp);
    let median = debts.get(debts.len() / 2).copied().unwrap_or_default();
    let mut lives: BTreeMap<PositionId, Vec<&Entry>> = BTreeMap::new();
    for entry in log {
        lives.entry(entry.event.position()).or_default().push(entry);
    }
    let best = lives.into_iter().rev().max_by_key(|(position, life)| {
        let borrower = scene.borrowers.get(*position as usize - 1);
        Worth {
            large: borrower.is_some_and(|borrower| borrower.debt >= median),
            ..worth(scene, life)
        }
    });
    best.map_or(1, |(position, _)| position)
}

fn worth(scene: &Scene, life: &[&Entry]) -> Worth {
    let mut worth = Worth {
        short: lines(scene, life.iter().copied()).len() <= LONGEST,
        ..Worth::default()
    };
    let mut at_once = 0;
    for entry in life {
        match entry.event {
            Event::Asked { .. } => at_once = 0,
            Event::Called { grace_until, .. } => {
                at_once = 0;
                worth.grace |= grace_until >= entry.time + SOME_GRACE_S;
            }
            Event::Fill(_) => {
                at_once += 1;
                worth.fills += 1;
                worth.fills_at_once = worth.fills_at_once.max(at_once.min(3));
            }
            Event::Ended { why, .. } => worth.restored = why == End::Restored,
            _ => {}
        }
    }
    worth
}

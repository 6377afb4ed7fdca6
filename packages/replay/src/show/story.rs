//! The life of one position, told line by line.

use std::collections::BTreeMap;

use super::{price, tokens, usd};
use crate::clock::{span, time_of_day, Time};
use crate::population::PositionId;
use crate::rules::{End, Event, Stage};
use crate::scene::Scene;
use crate::simulation::{Entry, Outcome};

/// Number of fills beyond which a story gets no better.
const ENOUGH_FILLS: usize = 24;

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
    /// The story of `position`, or of the one with the fullest life.
    pub fn new(scene: &Scene, outcome: &Outcome, position: Option<PositionId>) -> Self {
        let position = position.unwrap_or_else(|| choose(scene, &outcome.log));
        let start = scene.borrowers.get(position as usize - 1);
        let (collateral, debt) = start.map_or((0.0, 0.0), |b| (b.collateral, b.debt));
        let first = scene.path.first();
        let health = collateral * first * scene.config.risk.maintenance_weight / debt;
        let mut lines: Vec<Line> = outcome
            .log
            .iter()
            .filter(|entry| entry.event.position() == position)
            .map(|entry| {
                let (what, detail) = tell(&entry.event);
                Line {
                    time: entry.time,
                    what,
                    detail,
                }
            })
            .collect();
        if lines.is_empty() {
            let detail = "it stayed above maintenance, nothing was sold".to_owned();
            lines.push(Line {
                time: scene.path.to(),
                what: "never called",
                detail,
            });
        }
        let title = format!(
            "Position {position}: {} tokens at {} ({}) against a debt of {}, health {health:.3}",
            tokens(collateral),
            price(first),
            usd(collateral * first),
            usd(debt),
        );
        Self {
            position,
            title,
            lines,
        }
    }
}

/// The position that shows most: not a small one, restored by sales, with many fills but not more than can be
/// followed; the first of equals.
fn choose(scene: &Scene, log: &[Entry]) -> PositionId {
    let mut debts: Vec<f64> = scene.borrowers.iter().map(|borrower| borrower.debt).collect();
    debts.sort_by(f64::total_cmp);
    let median = debts.get(debts.len() / 2).copied().unwrap_or_default();

    let mut lives: BTreeMap<PositionId, (usize, bool)> = BTreeMap::new();
    for entry in log {
        let (fills, restored) = lives.entry(entry.event.position()).or_default();
        match entry.event {
            Event::Fill(_) => *fills += 1,
            Event::Ended {
                why: End::Restored, ..
            } => *restored |= *fills > 0,
            _ => {}
        }
    }
    let score = |position: PositionId, (fills, restored): (usize, bool)| {
        let large = scene
            .borrowers
            .get(position as usize - 1)
            .is_some_and(|b| b.debt >= median);
        (restored, large, if fills > ENOUGH_FILLS { 1 } else { fills })
    };
    let best = lives
        .iter()
        .rev()
        .max_by_key(|(position, life)| score(**position, **life));
    best.map_or(1, |(position, _)| *position)
}

/// An event in a word or two and in figures.
fn tell(event: &Event) -> (&'static str, String) {
    match event {
        Event::Called {
            health,
            breached_at,
            grace_until,
            ..
        } => {
            let grace = match grace_until.saturating_sub(*breached_at) {
                0 => "no grace".to_owned(),
                seconds => format!(
                    "{} of grace, until {}",
                    span(seconds as f64),
                    time_of_day(*grace_until)
                ),
            };
            ("margin call", format!("health {health:.4}, {grace}"))
        }
        Event::Opened { health, .. } => ("sale opened", format!("health {health:.4}")),
        Event::LotStarted {
            lot,
            stage,
            start_at,
            value,
            from,
            to,
            ..
        } => {
            let terms = match stage {
                Stage::Soft => "",
                Stage::CloseOut => ", close-out terms",
                Stage::AtOnce => ", at once",
            };
            let curve = if from == to {
                format!("at {} of the oracle price", multiplier(*from))
            } else {
                format!(
                    "from {} to {} of the oracle price",
                    multiplier(*from),
                    multiplier(*to)
                )
            };
            let start = time_of_day(*start_at);
            (
                "lot",
                format!("no. {lot} from {start}: up to {}, {curve}{terms}", usd(*value)),
            )
        }
        Event::Fill(fill) => {
            let side = if fill.discount >= 0.0 { "below" } else { "above" };
            let after = fill
                .health_after
                .map_or("no debt".to_owned(), |health| format!("{health:.4}"));
            let detail = format!(
                "{} tokens at {}, {:.2} % {side} the oracle: {} repaid, penalty {}, health {:.4} → {after}{}",
                tokens(fill.sold),
                price(fill.price),
                100.0 * fill.discount.abs(),
                usd(fill.repaid),
                usd(fill.penalty),
                fill.health_before,
                if fill.at_floor { ", at the floor" } else { "" },
            );
            ("fill", detail)
        }
        Event::Restarted { lot, .. } => ("restart", format!("lot no. {lot} was over unsold")),
        Event::Escalated { health, .. } => ("close-out", format!("health {health:.4}")),
        Event::Slept { health, .. } => (
            "asleep",
            format!("no buyer, health {health:.4} is above maintenance"),
        ),
        Event::Cured { cash, .. } => ("owner repaid", usd(*cash)),
        Event::WrittenOff {
            debt,
            insurance,
            index_loss,
            ..
        } => (
            "written off",
            format!(
                "{} of debt: {} by the insurance fund, {} by the lenders",
                usd(*debt),
                usd(*insurance),
                usd(*index_loss)
            ),
        ),
        Event::Ended { why, health, .. } => {
            let health = health.map_or(String::new(), |health| format!(", health {health:.4}"));
            ("end", format!("{}{health}", why.text()))
        }
    }
}

/// A multiplier in percent.
fn multiplier(value: f64) -> String {
    format!("{:.1} %", 100.0 * value)
}

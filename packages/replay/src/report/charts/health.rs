//! Health of the chosen position, with its stages as bands.

use super::super::frame::{Frame, Screen};
use super::super::scale::{extent, Scale};
use super::super::svg::Anchor;
use super::super::View;
use super::{begins, both, fill_class, fill_marks, legend, Chart};
use crate::amounts::Amounts;
use crate::clock::{Time, BLOCK_S};
use crate::rules::{Buyer, Event, Stage};
use crate::simulation::Book;

const LEGEND: &[(&str, &str)] = &[
    ("l-market", "maintenance health at the oracle's price"),
    ("b-grace", "margin call: grace runs"),
    ("b-soft", "soft sale"),
    ("b-close", "close-out"),
    ("b-asleep", "sale asleep: nothing is offered"),
];

/// Where owners have glide paths.
const ASKED: &[(&str, &str)] = &[("b-asked", "sale that its owner asked for")];

/// The chart.
pub(super) fn chart(view: &View) -> Chart {
    Chart {
        title: format!("Position {}: its health", view.story.position),
        caption: format!(
            "{}. A falling price presses its health down; below 1 it is called, and after grace just enough of it is sold \
             to reach the target again.",
            begins(view.story)
        ),
        legend: match view.scene.glides.is_empty() {
            true => [legend(LEGEND), fill_marks(view)].concat(),
            false => [legend(ASKED), legend(LEGEND), fill_marks(view)].concat(),
        },
        pictures: both(|screen| draw(view, screen)),
    }
}

/// Healths over time, and those after fills with who bought.
type Healths = (Vec<(Time, f64)>, Vec<(Time, f64, Buyer)>);

/// Healths of the chosen position at the oracle's price, and those after its fills.
fn healths(view: &View, span: (Time, Time)) -> Healths {
    let scene = view.scene;
    let position = view.story.position;
    let mut own = view
        .outcome
        .log
        .iter()
        .filter(|entry| entry.event.position() == position)
        .peekable();
    let mut book = Book::new(view.scene);
    let (mut line, mut fills) = (Vec::new(), Vec::new());
    for block in view.blocks(span) {
        let time = view.scene.path.time(block);
        while let Some(entry) = own.next_if(|entry| entry.time < time + BLOCK_S) {
            book.apply(&entry.event);
            match &entry.event {
                Event::Fill(fill) if entry.time >= span.0 => {
                    line.push((entry.time, fill.health_before));
                    line.extend(fill.health_after.map(|health| (entry.time, health)));
                    fills.extend(fill.health_after.map(|health| (entry.time, health, fill.buyer)));
                }
                _ => {}
            }
        }
        let account = book.account(position);
        if account.debt > 0.0 {
            let prices = view.outcome.oracle.iter().map(|prices| prices[block]);
            let prices: Vec<f64> = prices.collect();
            let weighted = account.collateral.weighted(&prices, scene.maintenance_weights());
            line.push((time, weighted / account.debt));
        }
    }
    (line, fills)
}

fn draw(view: &View, screen: Screen) -> String {
    let mut frame = Frame::new(screen, 300.0);
    let span = view.chosen_span();
    let (line, fills) = healths(view, span);
    let risk = &view.scene.config.risk;
    let target = target(view);

    // What matters lies about 1; a position that was paid off would flatten it.
    let shown = line
        .iter()
        .map(|(_, health)| health.clamp(0.5, 1.25))
        .chain([0.98, 1.005]);
    let (low, high) = extent(shown);
    let x = frame.time_axis(span.0, span.1);
    let y = frame.y_axis(low, high, "health");
    bands(&mut frame, view, span, &x);
    let mut levels = vec![(1.0, "maintenance")];
    if view.lots.iter().any(|lot| lot.stage != Stage::AtOnce) {
        levels.extend([(target, "target"), (risk.close_out_health, "close-out")]);
    }
    levels.retain(|(value, _)| (y.values.0..=y.values.1).contains(value));
    for (value, _) in &levels {
        let at = y.at(*value);
        frame.svg.line("level", (frame.left, at), (frame.right, at));
    }

    let every = (line.len() / 1_500).max(1);
    let points: Vec<(f64, f64)> = line
        .iter()
        .step_by(every)
        .map(|(time, health)| (x.at(*time as f64), y.clamped(*health)))
        .collect();
    frame.svg.polyline("market", &points);
    for (time, health, buyer) in fills {
        let title = format!("health {health:.4} after the fill");
        let (class, at) = (fill_class(buyer), (x.at(time as f64), y.clamped(health)));
        frame.svg.dot(class, at, 3.6, Some(&title));
    }
    for (value, name) in levels {
        let at = (frame.right - 2.0, y.at(value) - 5.0);
        frame
            .svg
            .text("note", at, Anchor::End, &format!("{name} {value:.3}"));
    }
    frame.finish("Health of the chosen position over time with its stages")
}

/// Maintenance health at the target of what the chosen position began with, at its first prices.
fn target(view: &View) -> f64 {
    let scene = view.scene;
    let borrower = scene.borrowers.get(view.story.position as usize - 1);
    let held = borrower.map_or(Amounts::of(0, 1.0), |borrower| borrower.collateral);
    let targets = scene.assets.iter().map(|asset| asset.target_weight);
    let prices = scene.first_prices();
    held.weighted(&prices, scene.maintenance_weights()) / held.weighted(&prices, targets)
}

/// The stages of the chosen position behind the line.
fn bands(frame: &mut Frame, view: &View, span: (Time, Time), x: &Scale) {
    for (class, from, to) in stages(view, span.1) {
        let (from, to) = (x.clamped(from as f64), x.clamped(to as f64));
        // A stage of seconds in a picture of hours is seen too.
        let width = (to - from).max(1.5).min(frame.right - from);
        let (corner, height) = ((from, frame.top), frame.bottom - frame.top);
        if to > frame.left && from < frame.right {
            frame.svg.rect(class, corner, (width, height));
        }
    }
}

/// `(class, from, to)` of the stages of the chosen position; the last one may go on until `end`.
fn stages(view: &View, end: Time) -> Vec<(&'static str, Time, Time)> {
    let mut stages: Vec<(&'static str, Time, Time)> = Vec::new();
    let mut now: Option<(&'static str, Time)> = None;
    let mut grace_ended = None;
    let own = view.outcome.log.iter();
    for entry in own.filter(|entry| entry.event.position() == view.story.position) {
        let next = match entry.event {
            Event::Called { .. } => Some("b-grace"),
            Event::Asked { .. } => Some("b-asked"),
            Event::LotStarted {
                stage: Stage::Asked, ..
            } => Some("b-asked"),
            Event::Opened { grace_ended: at, .. } => {
                grace_ended = Some(at);
                Some("b-soft")
            }
            Event::LotStarted {
                stage: Stage::CloseOut,
                ..
            } => Some("b-close"),
            Event::LotStarted { .. } => Some("b-soft"),
            Event::Escalated { .. } => Some("b-close"),
            Event::Slept { .. } => Some("b-asleep"),
            Event::Ended { .. } => None,
            _ => continue,
        };
        if next == now.map(|(class, _)| class) {
            continue;
        }
        // What comes after grace was due when that ended, even if nobody came.
        let at = grace_ended.take().unwrap_or(entry.time);
        stages.extend(now.map(|(class, from)| (class, from, at.max(from))));
        now = next.map(|class| (class, at));
    }
    stages.extend(now.map(|(class, from)| (class, from, end)));
    stages
}

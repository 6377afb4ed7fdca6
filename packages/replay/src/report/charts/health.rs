//! Health of the chosen position, with its stages as bands.

use super::super::frame::{Frame, Screen};
use super::super::scale::{extent, Scale};
use super::super::svg::Anchor;
use super::super::View;
use super::{both, Chart};
use crate::clock::{Time, BLOCK_S};
use crate::figures::Episode;
use crate::rules::{Event, Stage};
use crate::simulation::Book;

const LEGEND: &[(&str, &str)] = &[
    ("l-market", "maintenance health at the oracle's price"),
    ("b-grace", "margin call, grace"),
    ("b-soft", "sale"),
    ("b-close", "close-out"),
    ("d-fill", "fill"),
];

/// The chart.
pub(super) fn chart(view: &View) -> Chart {
    Chart {
        title: format!("Position {}: its health", view.story.position),
        caption: "Below 1 it is called; after grace it is sold from, lot by lot, until it is back at the \
                  target. A fill lifts it, a falling price presses it down."
            .to_owned(),
        legend: LEGEND,
        pictures: both(|screen| draw(view, screen)),
    }
}

/// Healths over time.
type Healths = Vec<(Time, f64)>;

/// Healths of the chosen position at the oracle's price, and those after its fills.
fn healths(view: &View, span: (Time, Time)) -> (Healths, Healths) {
    let weight = view.scene.config.risk.maintenance_weight;
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
                    fills.extend(fill.health_after.map(|health| (entry.time, health)));
                }
                _ => {}
            }
        }
        let account = book.account(position);
        if account.debt > 0.0 {
            line.push((
                time,
                account.collateral * view.outcome.oracle[block] * weight / account.debt,
            ));
        }
    }
    (line, fills)
}

fn draw(view: &View, screen: Screen) -> String {
    let mut frame = Frame::new(screen, 300.0);
    let span = view.chosen_span();
    let (line, fills) = healths(view, span);
    let risk = &view.scene.config.risk;
    let target = risk.maintenance_weight / risk.target_weight;

    // What matters lies about 1; a position that was paid off would flatten it.
    let shown = line
        .iter()
        .map(|(_, health)| health.clamp(0.5, 1.25))
        .chain([0.98, 1.005]);
    let (low, high) = extent(shown);
    let x = frame.time_axis(span.0, span.1);
    let y = frame.y_axis(low, high, "health");
    if let Some(episode) = view.chosen() {
        bands(&mut frame, view, episode, &x);
    }
    level(&mut frame, &y, 1.0, "maintenance");
    if view.lots.iter().any(|lot| lot.stage != Stage::AtOnce) {
        level(&mut frame, &y, target, "target");
        level(&mut frame, &y, risk.close_out_health, "close-out");
    }

    let every = (line.len() / 1_500).max(1);
    let points: Vec<(f64, f64)> = line
        .iter()
        .step_by(every)
        .map(|(time, health)| (x.at(*time as f64), y.clamped(*health)))
        .collect();
    frame.svg.polyline("market", &points);
    for (time, health) in fills {
        let title = format!("health {health:.4} after the fill");
        frame
            .svg
            .dot("fill", (x.at(time as f64), y.clamped(health)), 3.6, Some(&title));
    }
    frame.finish("Health of the chosen position over time with its stages")
}

/// The stages behind the line, from the start of the call to the end.
fn bands(frame: &mut Frame, view: &View, episode: &Episode, x: &Scale) {
    let end = episode.ended.map_or(view.scene.path.to(), |(end, _)| end);
    let sale = episode.grace_ended.unwrap_or(end);
    let close = episode.escalated.unwrap_or(end);
    for (class, from, to) in [
        ("b-grace", episode.called, sale),
        ("b-soft", sale, close),
        ("b-close", close, end),
    ] {
        let (from, to) = (x.clamped(from as f64), x.clamped(to as f64));
        frame
            .svg
            .rect(class, (from, frame.top), (to - from, frame.bottom - frame.top));
    }
}

/// A named level, if it is in the picture.
fn level(frame: &mut Frame, y: &Scale, value: f64, name: &str) {
    if !(y.values.0..=y.values.1).contains(&value) {
        return;
    }
    let at = y.at(value);
    frame.svg.line("level", (frame.left, at), (frame.right, at));
    frame.svg.text(
        "note",
        (frame.right - 2.0, at - 5.0),
        Anchor::End,
        &format!("{name} {value:.3}"),
    );
}

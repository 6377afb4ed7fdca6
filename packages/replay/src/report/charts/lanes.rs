//! The lots over time: a lane for each distress.

use std::collections::BTreeMap;

use super::super::frame::{Frame, Screen};
use super::super::svg::Anchor;
use super::super::View;
use super::{both, Chart};
use crate::clock::Time;
use crate::population::PositionId;
use crate::rules::{Event, Stage};

const LEGEND: &[(&str, &str)] = &[
    ("b-grace", "margin call, grace"),
    ("b-soft", "sale stands"),
    ("b-lot", "lot on offer"),
    ("b-closelot", "lot under close-out terms"),
    ("d-fill", "fill"),
];

/// Lanes that are drawn at most: of more, an even choice.
const MOST_LANES: usize = 240;

/// The chart.
pub(super) fn chart(view: &View) -> Chart {
    let lanes = view.episodes.len();
    let shown = if lanes > MOST_LANES {
        format!("{MOST_LANES} of them")
    } else {
        "all of them".to_owned()
    };
    Chart {
        title: "The lots over time".to_owned(),
        caption: format!("A lane for each of {lanes} margin calls ({shown}), the first at the top."),
        legend: LEGEND,
        pictures: both(|screen| draw(view, screen)),
    }
}

/// Bars of one kind: `(lane, from, to)`.
type Bars = Vec<(usize, Time, Time)>;

fn draw(view: &View, screen: Screen) -> String {
    let mut frame = Frame::new(screen, 440.0);
    let span = view.busy();
    let every = view.episodes.len().div_ceil(MOST_LANES).max(1);
    let episodes: Vec<_> = view.episodes.iter().step_by(every).collect();
    let x = frame.time_axis(span.0, span.1);
    let height = (frame.bottom - frame.top) / episodes.len().max(1) as f64;
    frame
        .svg
        .text("unit", (0.0, 12.0), Anchor::Start, "margin calls in order");

    // Which lane a position has at a time.
    let mut lanes: BTreeMap<PositionId, Vec<(Time, Time, usize)>> = BTreeMap::new();
    let (mut grace, mut sale): (Bars, Bars) = Default::default();
    for (lane, episode) in episodes.iter().enumerate() {
        let end = episode.ended.map_or(span.1, |(end, _)| end);
        let opened = episode.grace_ended.unwrap_or(end);
        grace.push((lane, episode.called, opened));
        sale.push((lane, opened, end));
        lanes
            .entry(episode.position)
            .or_default()
            .push((episode.called, end, lane));
    }
    let lane_of = |position: PositionId, time: Time| {
        let own = lanes.get(&position)?;
        own.iter()
            .find(|(from, to, _)| (*from..=*to).contains(&time))
            .map(|(_, _, lane)| *lane)
    };
    let lots = |close: bool| -> Bars {
        let of_kind = view
            .lots
            .iter()
            .filter(|lot| (lot.stage == Stage::CloseOut) == close);
        of_kind
            .filter_map(|lot| Some((lane_of(lot.position, lot.start.min(lot.end))?, lot.start, lot.end)))
            .collect()
    };
    let fills: Vec<(f64, f64)> = view
        .outcome
        .log
        .iter()
        .filter(|entry| matches!(entry.event, Event::Fill(_)))
        .filter_map(|entry| {
            let lane = lane_of(entry.event.position(), entry.time)?;
            Some((
                x.clamped(entry.time as f64),
                frame.top + (lane as f64 + 0.5) * height,
            ))
        })
        .collect();

    let thick = (height * 0.8).clamp(0.6, 12.0);
    let middle = |lane: usize| frame.top + (lane as f64 + 0.5) * height;
    let drawn = |bars: Bars| -> Vec<(f64, f64, f64)> {
        let pixels = |time: Time| x.clamped(time as f64);
        bars.into_iter()
            .map(|(lane, from, to)| (pixels(from), pixels(to), middle(lane)))
            .collect()
    };
    let kinds = [
        ("bar grace", drawn(grace)),
        ("bar sale", drawn(sale)),
        ("bar lotbar", drawn(lots(false))),
        ("bar closebar", drawn(lots(true))),
    ];
    for (class, bars) in kinds {
        frame.svg.bars(class, thick, &bars);
    }
    frame
        .svg
        .dots(if height >= 3.0 { "fills" } else { "fills small" }, &fills);
    frame.finish("Lots over time, a lane for each margin call")
}

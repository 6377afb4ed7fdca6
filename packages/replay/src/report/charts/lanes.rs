//! The lots over time: a lane for each position that was called.

use std::collections::BTreeMap;

use super::super::frame::{Frame, Screen};
use super::super::svg::Anchor;
use super::super::View;
use super::{both, fill_marks, legend, Chart, FILL_KINDS};
use crate::clock::Time;
use crate::population::PositionId;
use crate::rules::{Buyer, Event, Stage};

const LEGEND: &[(&str, &str)] = &[
    ("b-grace", "margin call, grace"),
    ("b-soft", "sale stands"),
    ("b-lot", "lot on offer"),
    ("b-closelot", "lot under close-out terms"),
];

/// Lanes that are drawn at most: of more, an even choice.
const MOST_LANES: usize = 220;
/// Pixels of the shortest bar: a lot of seconds is seen in a picture of hours.
const SHORTEST: f64 = 1.2;

/// The chart.
pub(super) fn chart(view: &View) -> Chart {
    let called = lanes(view).len();
    let shown = if called > MOST_LANES {
        format!("{MOST_LANES} of {called} positions that were called")
    } else {
        format!("each of {called} positions that were called")
    };
    Chart {
        title: "The lots over time".to_owned(),
        caption: format!(
            "A lane for {shown}, the first at the top. Sales are short and come again when the price has fallen further: \
             nobody is sold off in one go."
        ),
        legend: [legend(LEGEND), fill_marks(view)].concat(),
        pictures: both(|screen| draw(view, screen)),
    }
}

/// The positions that were called, in the order of their first breach.
fn lanes(view: &View) -> Vec<PositionId> {
    let mut firsts: BTreeMap<PositionId, Time> = BTreeMap::new();
    for episode in &view.episodes {
        firsts.entry(episode.position).or_insert(episode.breached);
    }
    let mut lanes: Vec<(Time, PositionId)> =
        firsts.into_iter().map(|(position, at)| (at, position)).collect();
    lanes.sort_unstable();
    lanes.into_iter().map(|(_, position)| position).collect()
}

fn draw(view: &View, screen: Screen) -> String {
    let mut frame = Frame::new(screen, 440.0);
    let span = view.busy();
    let all = lanes(view);
    let every = all.len().div_ceil(MOST_LANES).max(1);
    let shown = all.into_iter().step_by(every);
    let lanes: BTreeMap<PositionId, usize> = shown
        .enumerate()
        .map(|(lane, position)| (position, lane))
        .collect();
    let x = frame.time_axis(span.0, span.1);
    view.shade_stresses(&mut frame, &x);
    let height = (frame.bottom - frame.top) / lanes.len().max(1) as f64;
    let unit = "positions in the order of their first margin call";
    frame.svg.text("unit", (0.0, 12.0), Anchor::Start, unit);

    let top = frame.top;
    let middle = |position: PositionId| Some(top + (*lanes.get(&position)? as f64 + 0.5) * height);
    let bar = |position: PositionId, from: Time, to: Time| {
        let (left, right) = (x.clamped(from as f64), x.clamped(to as f64));
        Some((left, right.max(left + SHORTEST), middle(position)?))
    };
    let (mut grace, mut sale) = (Vec::new(), Vec::new());
    for episode in &view.episodes {
        let end = episode.ended.map_or(span.1, |(end, _)| end);
        let opened = episode.grace_ended.unwrap_or(end);
        if opened > episode.called {
            grace.extend(bar(episode.position, episode.called, opened));
        }
        if end > opened {
            sale.extend(bar(episode.position, opened, end));
        }
    }
    let lots = |close: bool| -> Vec<(f64, f64, f64)> {
        let of_kind = view
            .lots
            .iter()
            .filter(|lot| (lot.stage == Stage::CloseOut) == close);
        of_kind
            .filter_map(|lot| bar(lot.position, lot.start, lot.end))
            .collect()
    };
    let dots = |is_own: fn(Buyer) -> bool| -> Vec<(f64, f64)> {
        let own = view.outcome.log.iter().filter_map(|entry| match &entry.event {
            Event::Fill(fill) if is_own(fill.buyer) => Some((entry.time, fill.position)),
            _ => None,
        });
        own.filter_map(|(time, position)| Some((x.clamped(time as f64), middle(position)?)))
            .collect()
    };

    let thick = (height * 0.8).clamp(0.6, 12.0);
    let kinds = [
        ("bar grace", grace),
        ("bar sale", sale),
        ("bar lotbar", lots(false)),
        ("bar closebar", lots(true)),
    ];
    for (class, bars) in kinds {
        frame.svg.bars(class, thick, &bars);
    }
    for (class, is_own) in FILL_KINDS {
        let small = if height >= 3.0 { "" } else { " small" };
        frame.svg.dots(&format!("{class}{small}"), &dots(is_own));
    }
    frame.finish("Lots over time, a lane for each position that was called")
}

//! Distribution of the borrowers' losses.

use std::collections::BTreeMap;

use super::super::frame::{Frame, Screen};
use super::super::scale::{nice_step, ticks};
use super::super::svg::Anchor;
use super::super::View;
use super::{both, legend, Chart};
use crate::population::PositionId;
use crate::rules::Event;

/// About how many bars are drawn.
const BARS: f64 = 26.0;

/// The chart.
pub(super) fn chart(view: &View) -> Chart {
    let losses = losses(view);
    let caption = if losses.is_empty() {
        "Nothing was sold.".to_owned()
    } else {
        format!(
            "Loss of each of {} borrowers in percent of what was sold of his; {:.2} % of everything that was sold.",
            losses.len(),
            view.figures.borrower_loss_pct
        )
    };
    Chart {
        title: "What it cost the borrowers".to_owned(),
        caption,
        legend: legend(&[("b-loss", "borrowers"), ("l-mean", "mean of what was sold")]),
        pictures: both(|screen| draw(view, screen, &losses)),
    }
}

/// Loss of every borrower from whom something was sold, in percent of it, surcharge included.
fn losses(view: &View) -> Vec<f64> {
    let mut sold: BTreeMap<PositionId, (f64, f64)> = BTreeMap::new();
    for entry in &view.outcome.log {
        if let Event::Fill(fill) = &entry.event {
            let (value, lost) = sold.entry(fill.position).or_default();
            *value += fill.sold * entry.prices.path;
            *lost += fill.sold * entry.prices.path - fill.repaid;
        }
    }
    let surcharge = |position: PositionId| {
        view.outcome
            .accounts
            .get(position as usize - 1)
            .map_or(0.0, |account| account.surcharge)
    };
    sold.into_iter()
        .filter(|(_, (value, _))| *value > 0.0)
        .map(|(position, (value, lost))| 100.0 * (lost + surcharge(position)) / value)
        .collect()
}

fn draw(view: &View, screen: Screen, losses: &[f64]) -> String {
    let mut frame = Frame::new(screen, 260.0);
    let mean = view.figures.borrower_loss_pct;
    let (low, high) = losses
        .iter()
        .chain([&0.0, &mean])
        .fold((0.0f64, 1.0f64), |(low, high), loss| {
            (low.min(*loss), high.max(*loss))
        });
    let step = nice_step((high - low) / BARS);
    let first = (low / step).floor();
    let count = ((high / step).floor() - first) as usize + 1;
    let mut bins = vec![0usize; count];
    for loss in losses {
        let bin = ((loss / step).floor() - first) as usize;
        if let Some(bin) = bins.get_mut(bin.min(count - 1)) {
            *bin += 1;
        }
    }

    let most = bins.iter().copied().max().unwrap_or(0).max(1) as f64;
    let (from, to) = (first * step, (first + count as f64) * step);
    let x = frame.x_axis(from, to, " %");
    let whole = ticks(0.0, most, 4).0.len().max(2) as f64;
    let y = frame.y_axis(0.0, (most * 1.1).max(whole / 2.0), "borrowers");
    for (index, count) in bins.iter().enumerate().filter(|(_, count)| **count > 0) {
        let left = x.at(from + index as f64 * step);
        let width = x.at(from + (index + 1) as f64 * step) - left;
        let top = y.at(*count as f64);
        frame.svg.rect(
            "b-loss",
            (left + 0.75, top),
            ((width - 1.5).max(1.0), frame.bottom - top),
        );
    }
    if !losses.is_empty() {
        let at = x.at(mean);
        frame.svg.line("mean", (at, frame.top), (at, frame.bottom));
        let near_end = at > (frame.left + frame.right) / 2.0;
        let (shift, anchor) = if near_end {
            (-6.0, Anchor::End)
        } else {
            (6.0, Anchor::Start)
        };
        frame.svg.text(
            "note",
            (at + shift, frame.top + 10.0),
            anchor,
            &format!("mean {mean:.2} %"),
        );
    }
    frame.finish("Number of borrowers by loss in percent of what was sold")
}

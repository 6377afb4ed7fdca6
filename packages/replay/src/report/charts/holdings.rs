//! Debt and collateral of all positions over time.

use super::super::frame::{Frame, Screen};
use super::super::View;
use super::{both, Chart};
use crate::clock::{Time, BLOCK_S};
use crate::simulation::Book;

const LEGEND: &[(&str, &str)] = &[
    ("b-collateral", "collateral at the market's price"),
    ("l-weighted", "what of it counts for maintenance"),
    ("l-debt", "debt"),
];

/// The chart.
pub(super) fn chart(view: &View) -> Chart {
    Chart {
        title: "Debt and collateral of all positions".to_owned(),
        caption: "Where debt comes close to what counts of the collateral, there is little left to give. Steps down \
                  are sales, and owners who repaid."
            .to_owned(),
        legend: LEGEND,
        pictures: both(|screen| draw(view, screen)),
    }
}

fn draw(view: &View, screen: Screen) -> String {
    let mut frame = Frame::new(screen, 300.0);
    let weight = view.scene.config.risk.maintenance_weight;
    let samples = samples(view, (frame.right - frame.left) as usize / 2);
    let most = samples
        .iter()
        .map(|(_, collateral, debt)| collateral.max(*debt))
        .fold(0.0, f64::max);

    let span = view.all();
    let x = frame.time_axis(span.0, span.1);
    view.shade_stresses(&mut frame, &x);
    let y = frame.y_axis(0.0, most * 1.05, "million USD");
    let line = |value: fn(&(Time, f64, f64)) -> f64, part: f64| -> Vec<(f64, f64)> {
        samples
            .iter()
            .map(|sample| (x.at(sample.0 as f64), y.at(value(sample) * part)))
            .collect()
    };
    let (collateral, weighted, debt) = (line(|s| s.1, 1.0), line(|s| s.1, weight), line(|s| s.2, 1.0));
    let base = frame.bottom;
    frame.svg.area("b-collateral", &collateral, base);
    frame.svg.polyline("collateral", &collateral);
    frame.svg.polyline("weighted", &weighted);
    frame.svg.polyline("debt", &debt);
    frame.finish("Debt and collateral of all positions over time")
}

/// `(time, collateral, debt)` in million USD, `count` of them.
fn samples(view: &View, count: usize) -> Vec<(Time, f64, f64)> {
    let mut book = Book::new(view.scene);
    let mut log = view.outcome.log.iter().peekable();
    let every = (view.scene.path.blocks() / count.max(1)).max(1);
    (0..view.scene.path.blocks())
        .step_by(every)
        .map(|block| {
            let time = view.scene.path.time(block);
            while let Some(entry) = log.next_if(|entry| entry.time < time + BLOCK_S) {
                book.apply(&entry.event);
            }
            let (collateral, debt) = book.totals();
            (time, collateral * view.outcome.market[block] / 1e6, debt / 1e6)
        })
        .collect()
}

//! Debt and collateral of all positions over time.

use super::super::frame::{Frame, Screen};
use super::super::View;
use super::{both, legend, Chart};
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
        legend: legend(LEGEND),
        pictures: both(|screen| draw(view, screen)),
    }
}

fn draw(view: &View, screen: Screen) -> String {
    let mut frame = Frame::new(screen, 300.0);
    let samples = samples(view, (frame.right - frame.left) as usize / 2);
    let most = samples
        .iter()
        .map(|sample| sample.collateral.max(sample.debt))
        .fold(0.0, f64::max);

    let span = view.all();
    let x = frame.time_axis(span.0, span.1);
    view.shade_stresses(&mut frame, &x);
    let y = frame.y_axis(0.0, most * 1.05, "million USD");
    let line = |value: fn(&Sample) -> f64| -> Vec<(f64, f64)> {
        samples
            .iter()
            .map(|sample| (x.at(sample.time as f64), y.at(value(sample))))
            .collect()
    };
    let (collateral, weighted, debt) = (line(|s| s.collateral), line(|s| s.weighted), line(|s| s.debt));
    let base = frame.bottom;
    frame.svg.area("b-collateral", &collateral, base);
    frame.svg.polyline("collateral", &collateral);
    frame.svg.polyline("weighted", &weighted);
    frame.svg.polyline("debt", &debt);
    frame.finish("Debt and collateral of all positions over time")
}

/// What all positions hold and owe at a moment, in million USD.
struct Sample {
    time: Time,
    collateral: f64,
    weighted: f64,
    debt: f64,
}

/// `count` samples of the run.
fn samples(view: &View, count: usize) -> Vec<Sample> {
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
            let (held, debt) = book.totals();
            let prices = view.outcome.market.iter().map(|prices| prices[block]);
            let prices: Vec<f64> = prices.collect();
            let weights = view.scene.maintenance_weights();
            Sample {
                time,
                collateral: held.value(&prices) / 1e6,
                weighted: held.weighted(&prices, weights) / 1e6,
                debt: debt / 1e6,
            }
        })
        .collect()
}

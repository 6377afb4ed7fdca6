//! How far the sales pushed the market.

use super::super::frame::{decimate, Frame, Screen};
use super::super::View;
use super::{both, Chart};
use crate::clock::BLOCK_S;

/// The chart.
pub(super) fn chart(view: &View) -> Chart {
    Chart {
        title: "How far the sales pushed the market".to_owned(),
        caption: format!(
            "The market's price below the path that it would have taken without the sales; {:.2} % at the deepest.",
            view.figures.worst_impact_pct
        ),
        legend: &[("b-impact", "impact of all sales")],
        pictures: both(|screen| draw(view, screen)),
    }
}

fn draw(view: &View, screen: Screen) -> String {
    let mut frame = Frame::new(screen, 230.0);
    let impact: Vec<f64> = view
        .outcome
        .market
        .iter()
        .zip(&view.scene.path.prices)
        .map(|(market, path)| 100.0 * (1.0 - market / path))
        .collect();
    let most = impact.iter().copied().fold(0.1, f64::max);
    let span = view.all();
    let x = frame.time_axis(span.0, span.1);
    view.shade_stresses(&mut frame, &x);
    let y = frame.y_axis(0.0, most * 1.08, "% below the path");
    let columns = (frame.right - frame.left) as usize / 2; // four points each
    let points = decimate(
        &impact,
        |block| x.at((span.0 + block as u64 * BLOCK_S) as f64),
        &y,
        columns,
    );
    let base = frame.bottom;
    frame.svg.area("b-impact", &points, base);
    frame.svg.polyline("impact", &points);
    frame.finish("Impact of the sales on the market over time, in percent")
}

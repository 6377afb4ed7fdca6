//! How far the sales pushed the market.

use super::super::frame::{decimate, Frame, Screen};
use super::super::View;
use super::{both, legend, Chart};
use crate::amounts::MOST_COLLATERALS;
use crate::clock::BLOCK_S;
use crate::path::Path;

/// `(mark, line)` of each collateral.
const LINES: [(&str, &str); MOST_COLLATERALS] = [
    ("l-impact", "impact"),
    ("l-market", "market"),
    ("l-lot", "lot"),
    ("l-oracle", "oracle"),
];

/// The chart.
pub(super) fn chart(view: &View) -> Chart {
    Chart {
        title: "How far the sales pushed the market".to_owned(),
        caption: format!(
            "The market's price below the path that it would have taken without the sales; {:.2} % at the deepest.",
            view.figures.worst_impact_pct
        ),
        legend: match &view.scene.assets[..] {
            [_] => legend(&[("b-impact", "impact of all sales")]),
            several => {
                let names = several.iter().map(|asset| format!("on {}", asset.name));
                LINES.iter().map(|(mark, _)| *mark).zip(names).collect()
            }
        },
        pictures: both(|screen| draw(view, screen)),
    }
}

fn draw(view: &View, screen: Screen) -> String {
    let mut frame = Frame::new(screen, 230.0);
    let impact = |(market, path): (&Vec<f64>, &Path)| -> Vec<f64> {
        let pairs = market.iter().zip(&path.prices);
        pairs
            .map(|(market, path)| 100.0 * (1.0 - market / path))
            .collect()
    };
    let impacts: Vec<Vec<f64>> = view
        .outcome
        .market
        .iter()
        .zip(view.scene.paths())
        .map(impact)
        .collect();
    let most = impacts.iter().flatten().copied().fold(0.1, f64::max);
    let span = view.all();
    let x = frame.time_axis(span.0, span.1);
    view.shade_stresses(&mut frame, &x);
    let y = frame.y_axis(0.0, most * 1.08, "% below the path");
    let columns = (frame.right - frame.left) as usize / 2; // four points each
    let base = frame.bottom;
    for (impact, (_, line)) in impacts.iter().zip(LINES) {
        let points = decimate(
            impact,
            |block| x.at((span.0 + block as u64 * BLOCK_S) as f64),
            &y,
            columns,
        );
        if impacts.len() == 1 {
            frame.svg.area("b-impact", &points, base);
        }
        frame.svg.polyline(line, &points);
    }
    frame.finish("Impact of the sales on the market over time, in percent")
}

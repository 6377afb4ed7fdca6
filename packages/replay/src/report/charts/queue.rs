//! The queue of a collateral's lots: what is in it against what may be, and who waits.

use super::super::frame::{decimate, Frame, Screen};
use super::super::View;
use super::{both, legend, Chart};
use crate::amounts::AssetNumber;
use crate::clock::{span, BLOCK_S};
use crate::rules::QueueState;
use crate::show;

const LEGEND: &[(&str, &str)] = &[
    ("b-backlog", "on sale and not taken up"),
    ("l-burst", "most that may be"),
    ("l-waiting", "positions whose next lot waits"),
];

/// The chart of a collateral; none where it has no queue.
pub(super) fn chart(view: &View, asset: AssetNumber) -> Option<Chart> {
    let queue = view.outcome.queues.get(asset).filter(|queue| !queue.is_empty())?;
    let of = view
        .scene
        .name(asset)
        .map_or(String::new(), |name| format!(" of {name}"));
    let figures = view.figures;
    let waited = match (figures.queue_waits, figures.queue_wait_s.p95) {
        (0, _) | (_, None) => "None had to wait.".to_owned(),
        (lots, Some(p95)) => format!(
            "{} lots had to wait, 95 of 100 of them for {} at most.",
            show::count(lots as u64),
            span(p95 as f64)
        ),
    };
    Some(Chart {
        title: format!("The queue of lots{of}"),
        caption: format!(
            "A lot starts only while what is on sale stays below the line; it drains as the market takes it up, slower \
             when that is wild. {waited}"
        ),
        legend: legend(LEGEND),
        pictures: both(|screen| backlog(view, screen, asset, queue)) + &both(|screen| waiting(view, screen, queue)),
    })
}

/// The backlog in depths.
fn backlog(view: &View, screen: Screen, asset: AssetNumber, queue: &[QueueState]) -> String {
    let mut frame = Frame::new(screen, 230.0);
    let depth = view.scene.assets[asset].depth_1pct_usd;
    let values: Vec<f64> = queue.iter().map(|state| state.backlog / depth).collect();
    let burst = queue.iter().map(|state| state.burst / depth).fold(0.0, f64::max);
    let most = values.iter().copied().fold(burst, f64::max);
    let points = series(view, &mut frame, &values, most, "on sale, in depths");
    let base = frame.bottom;
    frame.svg.area("b-backlog", &points.0, base);
    frame.svg.polyline("oracle", &points.0);
    let at = points.1.at(burst);
    frame.svg.line("mean", (frame.left, at), (frame.right, at));
    frame.finish("What is on sale of the collateral over time, in depths, against the most that may be")
}

/// How many wait.
fn waiting(view: &View, screen: Screen, queue: &[QueueState]) -> String {
    let mut frame = Frame::new(screen, 150.0);
    let values: Vec<f64> = queue.iter().map(|state| state.waiting as f64).collect();
    let most = values.iter().copied().fold(3.0, f64::max);
    let points = series(view, &mut frame, &values, most, "positions that wait");
    frame.svg.polyline("lot", &points.0);
    frame.finish("Positions whose next lot waits, over time")
}

/// The points of a value a block, and their scale.
fn series(
    view: &View,
    frame: &mut Frame,
    values: &[f64],
    most: f64,
    unit: &str,
) -> (Vec<(f64, f64)>, super::super::scale::Scale) {
    let (from, to) = view.all();
    let x = frame.time_axis(from, to);
    view.shade_stresses(frame, &x);
    let y = frame.y_axis(0.0, most * 1.08, unit);
    let columns = (frame.right - frame.left) as usize / 2; // four points each
    let at = |block: usize| x.at((from + block as u64 * BLOCK_S) as f64);
    (decimate(values, at, &y, columns), y)
}

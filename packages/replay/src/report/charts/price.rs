//! Prices over time: the market's, the chain's, those of the lots, and the fills on them.

use super::super::frame::{decimate, Frame, Screen};
use super::super::lots::Lot;
use super::super::scale::{extent, Scale};
use super::super::View;
use super::{both, fill_class, fill_marks, legend, Chart, FILL_KINDS};
use crate::amounts::AssetNumber;
use crate::clock::{time_of_day, Time, BLOCK_S};
use crate::population::PositionId;
use crate::rules::{Event, Fill};
use crate::show;

/// Lots that are drawn in one picture at most, evenly chosen.
const MOST_LOTS: usize = 2_500;
/// Pieces that a lot's line is drawn in at most.
const LOT_PIECES: u64 = 60;

const LEGEND: &[(&str, &str)] = &[
    ("l-path", "market without the sales"),
    ("l-market", "market"),
    ("l-oracle", "oracle"),
    ("l-lot", "price of a lot"),
];

/// The whole run of one collateral.
pub(super) fn whole(view: &View, asset: AssetNumber) -> Chart {
    let span = view.all();
    let of = view
        .scene
        .name(asset)
        .map_or(String::new(), |name| format!(" of {name}"));
    let shown = view
        .outcome
        .log
        .iter()
        .filter(|entry| matches!(&entry.event, Event::Fill(fill) if fill.asset == asset))
        .count();
    Chart {
        title: format!("Prices, lots and fills{of}"),
        caption: format!(
            "The whole run. Where the line is dotted, collateral was sold: {} fills, each at a price near the oracle's.",
            show::count(shown as u64),
        ),
        legend: [legend(LEGEND), fill_marks(view)].concat(),
        pictures: both(|screen| draw(view, screen, span, asset, None)),
    }
}

/// One distress of the chosen position.
pub(super) fn chosen(view: &View) -> Chart {
    let position = view.story.position;
    let span = view.one_distress();
    let asset = view.sold_most(span);
    let of = view
        .scene
        .name(asset)
        .map_or(String::new(), |name| format!(", {name}"));
    Chart {
        title: format!("Position {position}: one sale from near{of}"),
        caption:
            "A lot starts near the oracle's price and falls until somebody buys. What lies between the two \
                  market lines is what all sales of all positions did to the market."
                .to_owned(),
        legend: [legend(LEGEND), fill_marks(view)].concat(),
        pictures: both(|screen| draw(view, screen, span, asset, Some(position))),
    }
}

fn draw(
    view: &View,
    screen: Screen,
    span: (Time, Time),
    asset: AssetNumber,
    only: Option<PositionId>,
) -> String {
    let mut frame = Frame::new(screen, 380.0);
    let blocks = view.blocks(span);
    let prices = &view.scene.path_of(asset).prices[blocks.clone()];
    let market = &view.outcome.market[asset][blocks.clone()];
    let oracle = &view.outcome.oracle[asset][blocks.clone()];
    let wanted =
        |position: PositionId, of: AssetNumber| of == asset && only.is_none_or(|only| only == position);

    let fills: Vec<(Time, &Fill)> = view
        .outcome
        .log
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Fill(fill) if wanted(fill.position, fill.asset) => Some((entry.time, fill)),
            _ => None,
        })
        .filter(|(time, _)| (span.0..=span.1).contains(time))
        .collect();
    let lots = lot_lines(view, span, wanted);

    let all = prices.iter().chain(market).chain(oracle).copied();
    let of_fills = fills.iter().map(|(_, fill)| fill.price);
    let of_lots = lots.iter().flatten().map(|(_, price)| *price);
    let (low, high) = extent(all.chain(of_fills).chain(of_lots));
    let x = frame.time_axis(span.0, span.1);
    let y = frame.y_axis(low, high, "USD per token");
    view.shade_stresses(&mut frame, &x);

    let to_pixels = |line: &Vec<(Time, f64)>| -> Vec<(f64, f64)> {
        line.iter()
            .map(|(time, price)| (x.at(*time as f64), y.clamped(*price)))
            .collect()
    };
    let lines: Vec<Vec<(f64, f64)>> = lots.iter().map(to_pixels).collect();
    let lot_class = if only.is_some() { "lot" } else { "lot faint" };

    let series = |values: &[f64]| by_block(values, view.scene.path.time(blocks.start), &x, &y, &frame);
    let (path, market, oracle) = (series(prices), series(market), series(oracle));
    frame.svg.polyline("path", &path);
    frame.svg.polyline("oracle", &oracle);
    frame.svg.polyline("market", &market);
    frame.svg.polylines(lot_class, &lines);
    let at = |(time, fill): &(Time, &Fill)| (x.at(*time as f64), y.clamped(fill.price));
    if only.is_some() {
        for fill in &fills {
            frame.svg.dot(
                fill_class(fill.1.buyer),
                at(fill),
                3.6,
                Some(&fill_title(fill.0, fill.1)),
            );
        }
    } else {
        for (class, is_own) in FILL_KINDS {
            let own = fills.iter().filter(|(_, fill)| is_own(fill.buyer));
            frame.svg.dots(class, &own.map(at).collect::<Vec<_>>());
        }
    }
    frame.finish("Price of the market, of the oracle, of the lots, and the fills, over time")
}

fn fill_title(time: Time, fill: &Fill) -> String {
    format!(
        "{}: {} tokens{} at {}, {:.2} % below the oracle",
        time_of_day(time),
        show::tokens(fill.sold),
        show::to_whom(fill.buyer),
        show::price(fill.price),
        100.0 * fill.discount
    )
}

/// A line through values of successive blocks from `start`.
fn by_block(values: &[f64], start: Time, x: &Scale, y: &Scale, frame: &Frame) -> Vec<(f64, f64)> {
    let columns = (frame.right - frame.left) as usize / 2; // four points each
    decimate(
        values,
        |index| x.at((start + index as u64 * BLOCK_S) as f64),
        y,
        columns,
    )
}

/// The prices of the lots over time.
fn lot_lines(
    view: &View,
    span: (Time, Time),
    wanted: impl Fn(PositionId, AssetNumber) -> bool,
) -> Vec<Vec<(Time, f64)>> {
    let inside = |lot: &&Lot| wanted(lot.position, lot.asset) && lot.end >= span.0 && lot.start <= span.1;
    let lots: Vec<&Lot> = view.lots.iter().filter(inside).collect();
    let every = lots.len().div_ceil(MOST_LOTS).max(1);
    let pieces = if lots.len() > 200 { 2 } else { LOT_PIECES };
    lots.into_iter()
        .step_by(every)
        .map(|lot| lot_line(view, lot, span, pieces))
        .collect()
}

fn lot_line(view: &View, lot: &Lot, span: (Time, Time), pieces: u64) -> Vec<(Time, f64)> {
    let (from, to) = (lot.start.max(span.0), lot.end.min(span.1));
    let step = ((to - from.min(to)) / pieces / BLOCK_S).max(1) * BLOCK_S;
    let mut times: Vec<Time> = (from..to).step_by(step as usize).collect();
    times.push(to);
    let oracle = |time: Time| {
        let block = (time.saturating_sub(view.scene.path.from) / BLOCK_S) as usize;
        let oracle = &view.outcome.oracle[lot.asset];
        oracle.get(block).or(oracle.last()).copied().unwrap_or_default()
    };
    times
        .into_iter()
        .map(|time| (time, oracle(time) * lot.multiplier(time)))
        .collect()
}

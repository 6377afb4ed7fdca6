//! The slots of standing orders: what is left in each, and when lots were met by them.

use std::collections::BTreeMap;

use super::super::frame::{Frame, Screen};
use super::super::svg::Anchor;
use super::super::View;
use super::{both, legend, Chart};
use crate::amounts::AssetNumber;
use crate::clock::Time;
use crate::rules::{Buyer, Event};
use crate::show;

const LEGEND: &[(&str, &str)] = &[
    ("b-funds", "funds that wait in the slot"),
    ("d-order", "orders that bought from a lot"),
];

/// Part of a lane that a full slot takes up.
const FULL: f64 = 0.78;

/// The chart of a collateral; none where nobody holds orders.
pub(super) fn chart(view: &View, asset: AssetNumber) -> Option<Chart> {
    let tools = &view.figures.tools;
    if tools.holders_depths <= 0.0 {
        return None;
    }
    let slots = slots(view, asset);
    let of = view
        .scene
        .name(asset)
        .map_or(String::new(), |name| format!(" of {name}"));
    let placed: f64 = slots.values().map(|slot| slot.placed).sum();
    let left: f64 = slots.values().map(Slot::left).sum();
    let fills: usize = slots.values().map(|slot| slot.steps.len()).sum();
    Some(Chart {
        title: format!("Standing orders{of}, slot by slot"),
        caption: format!(
            "Under {}. A lane for each slot, the dearest at the top: its orders pay so much below the oracle's price, as soon \
             as a lot has fallen to it. {} wait at the start; in {} fills {} of them buy, and {} are left at the end. What \
             they buy is held and never meets the market.",
            view.figures.text(),
            show::usd(placed),
            show::count(fills as u64),
            show::usd(placed - left),
            show::usd(left),
        ),
        legend: legend(LEGEND),
        pictures: both(|screen| draw(view, screen, &slots)),
    })
}

/// Funds of a slot over time.
#[derive(Debug, Default)]
struct Slot {
    /// USD at the start.
    placed: f64,
    /// Times at which it bought, and USD that were left then.
    steps: Vec<(Time, f64)>,
}

impl Slot {
    /// USD at the end.
    fn left(&self) -> f64 {
        self.steps.last().map_or(self.placed, |(_, left)| *left)
    }
}

/// The slots of a collateral by number: the dearest first.
fn slots(view: &View, asset: AssetNumber) -> BTreeMap<u8, Slot> {
    let holders = &view.scene.config.holders;
    let placed = view
        .scene
        .assets
        .get(asset)
        .map_or(0.0, |asset| holders.usd_a_slot(asset));
    let new = |slot| {
        let steps = Vec::new();
        (slot, Slot { placed, steps })
    };
    let mut slots: BTreeMap<u8, Slot> = holders.slots().map(new).collect();
    for entry in &view.outcome.log {
        let Event::Fill(fill) = &entry.event else { continue };
        let Buyer::Orders { slot } = fill.buyer else {
            continue;
        };
        if let Some(slot) = slots.get_mut(&slot).filter(|_| fill.asset == asset) {
            let left = (slot.left() - fill.paid).max(0.0);
            slot.steps.push((entry.time, left));
        }
    }
    slots
}

fn draw(view: &View, screen: Screen, slots: &BTreeMap<u8, Slot>) -> String {
    let mut frame = Frame::new(screen, 60.0 + 34.0 * slots.len() as f64);
    let span = view.busy();
    let x = frame.time_axis(span.0, span.1);
    view.shade_stresses(&mut frame, &x);
    frame.svg.text(
        "unit",
        (0.0, 12.0),
        Anchor::Start,
        "price of the slot, against the oracle's",
    );
    let height = (frame.bottom - frame.top) / slots.len().max(1) as f64;
    for (lane, (slot, funds)) in slots.iter().enumerate() {
        let base = frame.top + (lane as f64 + 1.0) * height;
        let at = |left: f64| base - FULL * height * left / funds.placed.max(1.0);
        frame.svg.line("grid", (frame.left, base), (frame.right, base));
        let label = (frame.left - 7.0, base - 0.3 * height);
        frame.svg.text("tick", label, Anchor::End, &price_of(*slot));

        let mut line = vec![(frame.left, at(funds.placed))];
        let mut dots = Vec::new();
        for (time, left) in &funds.steps {
            let x = x.clamped(*time as f64);
            let before = line.last().map_or(base, |(_, y)| *y);
            line.extend([(x, before), (x, at(*left))]);
            dots.push((x, at(*left)));
        }
        line.push((frame.right, at(funds.left())));
        frame.svg.area("b-funds", &line, base);
        frame.svg.polyline("funds", &line);
        frame.svg.dots("fills order", &dots);
        let used = 100.0 * (1.0 - funds.left() / funds.placed.max(1.0));
        let note = (frame.right - 3.0, base - 0.3 * height);
        frame
            .svg
            .text("note", note, Anchor::End, &format!("{used:.0} % used"));
    }
    frame.finish("Funds left in each slot of standing orders over time, and the fills of their orders")
}

/// `−1.5 %`, of the oracle's price.
fn price_of(slot: u8) -> String {
    let percent = 2.5 - 0.5 * f64::from(slot);
    match percent {
        p if p.abs() < 0.01 => "par".to_owned(),
        p if p > 0.0 => format!("+{p:.1} %"),
        p => format!("−{:.1} %", -p),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_named_by_their_prices() {
        let named = [0, 4, 5, 6, 15].map(price_of);
        assert_eq!(named, ["+2.5 %", "+0.5 %", "par", "−0.5 %", "−5.0 %"]);
    }
}

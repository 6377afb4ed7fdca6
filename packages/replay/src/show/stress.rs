//! What is told of a stress.

use crate::clock::{day_month, span, time_of_day, Time};
use crate::config::StressKind;
use crate::figures::StressFigures;

use super::{count, usd};

/// A line: its name and its value.
pub type StressRow = (&'static str, fn(&StressFigures) -> String);

/// The lines on a stress, beside its title.
pub const STRESS: &[StressRow] = &[
    ("margin calls during it", |s| s.calls.to_string()),
    ("fills during it", |s| count(s.fills as u64)),
    ("lots that ended unsold during it", |s| s.lots_unsold.to_string()),
    ("positions in distress at its end", |s| {
        s.in_distress_at_end.to_string()
    }),
    ("its end to the first fill", |s| {
        s.first_fill_after_s
            .map_or("–".to_owned(), |seconds| span(seconds as f64))
    }),
    ("fills in its aftermath", |s| count(s.fills_after as u64)),
    ("those of lots that began before its end", |s| {
        count(s.fills_of_old_lots as u64)
    }),
    ("deepest fill, below the oracle", |s| {
        below(s.deepest_discount_pct)
    }),
    ("deepest fill, below the market", |s| {
        below(s.deepest_below_market_pct)
    }),
    ("fills that count as deep", |s| s.deep_fills.to_string()),
    ("what these sold, of what was sold then", |s| {
        format!("{:.2} %", s.deep_sold_pct)
    }),
    ("borrowers lost by fills, of what was sold", |s| {
        format!("{:.2} %", s.loss_pct)
    }),
    ("bad debt", |s| usd(s.bad_debt_usd)),
    ("deepest impact on the market", |s| {
        format!("{:.2} %", s.worst_impact_pct)
    }),
    ("silence that the chain counted", |s| match s.silence.seconds {
        0 => "none".to_owned(),
        seconds => format!(
            "{} · {} in grace · {} lots on offer",
            span(seconds as f64),
            s.silence.graces,
            s.silence.lots
        ),
    }),
];

fn below(percent: Option<f64>) -> String {
    percent.map_or("–".to_owned(), |percent| format!("{percent:.2} %"))
}

/// What a stress was, and when: `Stress no-bidders-1h: …`.
pub fn stress_title(stress: &StressFigures, deep_discount: f64) -> String {
    let what = match stress.kind {
        StressKind::NoBidders => "nobody bids or advances",
        StressKind::OracleSilent => "no price reaches the chain",
        StressKind::ThinDepth => "the market is thinner than the contracts are told",
        StressKind::Congestion => "most blocks are dead for everybody",
    };
    let moved = match stress.path_fell_pct {
        fell if fell >= 0.0 => format!("falls by {fell:.1} %"),
        fell => format!("rises by {:.1} %", -fell),
    };
    let aftermath = match stress.until.saturating_sub(stress.to) {
        0 => "fills of all of it are told".to_owned(),
        seconds => format!("aftermath of {}", span(seconds as f64)),
    };
    format!(
        "Stress {}: {what}, {} to {}; the path {moved}; {aftermath}; a fill is deep from {:.0} % below the oracle",
        stress.kind,
        moment(stress.from),
        moment(stress.to),
        100.0 * deep_discount,
    )
}

fn moment(time: Time) -> String {
    format!("{} {}", day_month(time), time_of_day(time))
}

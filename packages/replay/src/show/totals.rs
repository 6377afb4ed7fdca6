//! The table of totals: a column for each set of rules.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, Table};

use super::stress::{stress_title, STRESS};
use super::{count, usd};
use crate::clock::span;
use crate::figures::{AssetFigures, Figures, Part, Spread};
use crate::scene::Scene;

/// A line of the table: its name and its value.
pub type Row = (&'static str, fn(&Figures) -> String);

fn of_all(part: usize, figures: &Figures) -> String {
    format!("{part} of {}", figures.positions.total)
}

fn with_percent(value: f64, percent: f64) -> String {
    format!("{} · {percent:.2} %", usd(value))
}

fn part(part: &Part) -> String {
    match part.fills {
        0 => "–".to_owned(),
        _ => format!("{:.1} % · {:.2} %", part.pct, part.below_market_pct),
    }
}

fn spread(spread: &Spread) -> String {
    match (spread.p50, spread.p95, spread.max) {
        (Some(p50), Some(p95), Some(max)) => {
            format!(
                "{} · {} · {}",
                span(p50 as f64),
                span(p95 as f64),
                span(max as f64)
            )
        }
        _ => "–".to_owned(),
    }
}

/// The table in sections.
pub const SECTIONS: &[(&str, &[Row])] = &[
    (
        "Positions",
        &[
            ("sold because their owners asked", |f| {
                match f.tools.glide_share > 0.0 {
                    true => of_all(f.positions.asked, f),
                    false => "–".to_owned(),
                }
            }),
            ("called", |f| of_all(f.positions.called, f)),
            ("restored by sales", |f| f.positions.restored.to_string()),
            ("cured by their owners", |f| {
                f.positions.cured_by_owner.to_string()
            }),
            ("recovered with the price", |f| f.positions.lapsed.to_string()),
            ("closed, no debt left", |f| f.positions.closed.to_string()),
            ("written off", |f| f.positions.written_off.to_string()),
            ("in distress at the end", |f| f.positions.in_distress.to_string()),
        ],
    ),
    (
        "What it cost (% of the value sold)",
        &[
            ("collateral sold", |f| usd(f.liquidated_usd)),
            ("debt repaid by sales", |f| usd(f.debt_repaid_usd)),
            ("borrowers lost", |f| {
                with_percent(f.borrower_loss_usd, f.borrower_loss_pct)
            }),
            ("· to penalties", |f| usd(f.penalty_usd)),
            ("· to discounts", |f| usd(f.discount_usd)),
            ("· to the impact of all sales", |f| usd(f.impact_usd)),
            ("· to surcharge", |f| usd(f.surcharge_usd)),
            ("taken by buyers and penalties", |f| {
                format!("{:.2} %", f.take_pct)
            }),
            ("bad debt", |f| with_percent(f.bad_debt_usd, f.bad_debt_pct)),
            ("paid by the insurance fund", |f| usd(f.insurance_paid_usd)),
            ("paid by the lenders", |f| usd(f.index_loss_usd)),
            ("borrowers' equity left, of the debt", |f| {
                format!("{:.1} %", f.end_equity_pct)
            }),
            ("sold, of the debt at the first breach", |f| {
                format!("{:.1} %", f.sold_of_debt_at_first_breach_pct)
            }),
            ("deepest impact on the market", |f| {
                format!("{:.2} %", f.worst_impact_pct)
            }),
        ],
    ),
    (
        "Who bought, of the value sold · and how far below the market",
        &[
            ("keepers with capital", |f| part(&f.sold_to.keepers)),
            ("keepers without, in a callback", |f| part(&f.sold_to.callback)),
            ("standing orders", |f| part(&f.sold_to.orders)),
            ("left in the orders at the end", |f| {
                match f.tools.holders_depths > 0.0 {
                    true => usd(f.sold_to.orders_left_usd),
                    false => "–".to_owned(),
                }
            }),
        ],
    ),
    (
        "How long it took (median · 95th percentile · longest)",
        &[
            ("breach to first fill", |f| spread(&f.first_fill_after_breach_s)),
            ("end of grace to first fill", |f| {
                spread(&f.first_fill_after_grace_s)
            }),
            ("a lot's start to its end", |f| spread(&f.lot_cleared_s)),
            ("wait of a lot in the queue", |f| spread(&f.queue_wait_s)),
            ("end of grace to restored", |f| spread(&f.restored_s)),
        ],
    ),
    (
        "The run",
        &[
            ("fills", |f| count(f.fills)),
            ("fills at the floor", |f| count(f.floor_fills)),
            ("lots restarted", |f| count(f.restarts)),
            ("lots that waited in the queue", |f| count(f.queue_waits as u64)),
            ("messages", |f| count(f.messages)),
            ("invariants checked", |f| count(f.invariant_checks)),
            ("wall time", |f| format!("{:.2} s", f.wall_s)),
        ],
    ),
];

/// The table, with a column for each of `figures`.
pub fn totals(figures: &[Figures]) -> String {
    let mut table = headed(figures);
    for (section, rows) in SECTIONS {
        table.add_row(vec![Cell::new(section)]);
        for (name, value) in *rows {
            add_row(&mut table, &format!("  {name}"), figures.iter().map(value));
        }
    }
    table.to_string()
}

/// A line on a collateral: its name and its value.
pub type AssetRow = (&'static str, fn(&AssetFigures) -> String);

/// The lines on each collateral.
pub const ASSET: &[AssetRow] = &[
    ("lowest price, below the first", |a| {
        format!("{:.1} %", a.path_fell_pct)
    }),
    ("positions that hold it", |a| a.holders.to_string()),
    ("collateral at the start", |a| usd(a.held_usd)),
    ("collateral sold", |a| usd(a.liquidated_usd)),
    ("fills", |a| count(a.fills as u64)),
    ("borrowers lost by fills, of what was sold", |a| {
        format!("{:.2} %", a.loss_pct)
    }),
    ("deepest impact on its market", |a| {
        format!("{:.2} %", a.worst_impact_pct)
    }),
];

/// A table with a column for each collateral, under each of `figures`; nothing where there is only one.
pub fn by_asset(figures: &[Figures]) -> String {
    let several = figures.iter().filter(|figures| figures.assets.len() > 1);
    let told = several.map(|figures| {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED);
        let names = figures.assets.iter().map(|asset| right(&asset.name));
        table.set_header(std::iter::once(Cell::new("")).chain(names));
        for (name, value) in ASSET {
            add_row(&mut table, name, figures.assets.iter().map(value));
        }
        format!("Each collateral under {}\n{table}\n", figures.text())
    });
    told.collect()
}

/// What happened under each stress: a title and a table with a column for each of `figures`.
pub fn stresses(scene: &Scene, figures: &[Figures]) -> String {
    let kinds = figures.first().map_or(0, |first| first.stress.len());
    let told = (0..kinds).map(|index| {
        let of_each: Vec<_> = figures.iter().filter_map(|f| f.stress.get(index)).collect();
        let mut table = headed(figures);
        for (name, value) in STRESS {
            add_row(&mut table, name, of_each.iter().map(|stress| value(stress)));
        }
        let deep = scene.config.stress.deep_discount;
        let title = of_each.first().map(|stress| stress_title(stress, deep));
        format!("{}\n{table}\n", title.unwrap_or_default())
    });
    told.collect()
}

/// A table with the rules above its columns.
fn headed(figures: &[Figures]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    let heads = figures.iter().map(|figures| right(figures.name()));
    table.set_header(std::iter::once(Cell::new("")).chain(heads));
    table
}

fn add_row(table: &mut Table, name: &str, values: impl Iterator<Item = String>) {
    table.add_row(std::iter::once(Cell::new(name)).chain(values.map(right)));
}

fn right(text: impl ToString) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

//! The page around the pictures.

use std::fmt::Write;

use super::charts::{self, Chart};
use super::svg::escape;
use super::View;
use crate::clock::{date, day_month, span, stamp, time_of_day, Time};
use crate::figures::Figures;
use crate::show::{self, ASSET, SECTIONS, STRESS};

const STYLE: &str = include_str!("style.css");

/// The whole page; `all` are the figures in its totals, `beside` the runs beside the one that is drawn.
pub(super) fn page(view: &View, all: &[Figures], beside: &[View]) -> String {
    let mut html = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    html += "<meta name=\"color-scheme\" content=\"light dark\">\n";
    let _ = writeln!(html, "<title>Glidepath replay: {}</title>", view.figures.text());
    let _ = writeln!(html, "<style>\n{STYLE}</style>\n</head>\n<body>\n<main>");
    html += &header(view, all);
    html += &tiles(view);
    for chart in charts::all(view) {
        html += &figure(&chart);
    }
    for chart in beside.iter().flat_map(charts::slots) {
        html += &figure(&chart);
    }
    html += &stresses(view, all);
    html += &by_asset(view);
    // More than two columns of totals need the width of the page.
    let class = if all.len() > 2 { "rows" } else { "columns" };
    let _ = writeln!(html, "<div class=\"{class}\">");
    html += &totals(all);
    html += &timeline(view);
    html += "</div>\n";
    html += &footer(view);
    html += "</main>\n</body>\n</html>\n";
    html
}

fn header(view: &View, all: &[Figures]) -> String {
    let (scene, path) = (view.scene, &view.scene.path);
    let mut html = format!(
        "<header>\n<p class=\"eyebrow\">Glidepath replay · {rules}</p>\n\
         <h1>{positions} margin positions, {days}</h1>\n\
         <p class=\"lead\">{happened}</p>\n",
        rules = view.figures.text(),
        positions = scene.borrowers.len(),
        days = days(path.from, path.to() - 1),
        happened = escape(&happened(view)),
    );
    for (index, other) in all.iter().skip(1).enumerate() {
        let same = if index == 0 {
            ", on the same path and market"
        } else {
            ""
        };
        let told = escape(&beside(view.figures, other, same));
        let _ = writeln!(html, "<p class=\"lead\">{told}</p>");
    }
    let _ = writeln!(
        html,
        "<p class=\"lead small\">{}</p>\n</header>",
        escape(&setting(view))
    );
    html
}

/// What happened, in three sentences.
fn happened(view: &View) -> String {
    let (figures, path) = (view.figures, &view.scene.path);
    let low = path.prices.iter().copied().fold(f64::MAX, f64::min);
    let price = |price: f64| {
        if price >= 1_000.0 {
            show::usd(price)
        } else {
            show::price(price)
        }
    };
    let of = view
        .scene
        .name(0)
        .map_or(String::new(), |name| format!(" of {name}"));
    let fall = format!(
        "The price{of} falls from {} to {} at its lowest, by {:.0} %.",
        price(path.first()),
        price(low),
        100.0 * (1.0 - low / path.first())
    );
    let positions = &figures.positions;
    if positions.called == 0 {
        return format!(
            "{fall} None of {} positions falls below maintenance: nothing is sold.",
            positions.total
        );
    }
    let lenders = match figures.bad_debt_usd {
        loss if loss < 1.0 => "the lenders lose nothing".to_owned(),
        loss => format!("{} of debt is left uncovered", show::usd(loss)),
    };
    format!(
        "{fall} {} of {} positions fall below maintenance, {} times in all. {} fills sell {} of their collateral, which \
         costs the borrowers {:.2} % of what is sold; {lenders}.",
        positions.called,
        positions.total,
        show::count(view.episodes.len() as u64),
        show::count(figures.fills),
        show::usd(figures.liquidated_usd),
        figures.borrower_loss_pct,
    )
}

/// The same under other rules.
fn beside(own: &Figures, other: &Figures, same: &str) -> String {
    format!(
        "Under {}{same}, {} is sold and it costs the borrowers {:.2} %: {} instead of {}.",
        other.text(),
        show::usd(other.liquidated_usd),
        other.borrower_loss_pct,
        show::usd(other.borrower_loss_usd),
        show::usd(own.borrower_loss_usd),
    )
}

/// Path and population.
fn setting(view: &View) -> String {
    let population = &view.scene.config.population;
    let others = view.scene.assets.iter().zip(view.scene.paths()).skip(1);
    let others: String = others
        .map(|(asset, path)| format!("; {}: {}", asset.name, path.name))
        .collect();
    format!(
        "{}{}. The positions hold {} of collateral at the start, {} times what moves the market{} by 1 %.",
        capitalised(&view.scene.path.name),
        others,
        show::usd(population.overhang * view.scene.config.market.depth_1pct_usd),
        population.overhang,
        view.scene
            .name(0)
            .map_or(String::new(), |name| format!(" of {name}")),
    )
}

/// `18 to 20 May 2021`.
fn days(from: Time, to: Time) -> String {
    let (first, last, year) = (day_month(from), day_month(to), date(to).0);
    match (first.split_once(' '), last.split_once(' ')) {
        _ if first == last => format!("{last} {year}"),
        (Some((day, month)), Some((_, last_month))) if month == last_month => {
            format!("{day} to {last} {year}")
        }
        _ => format!("{first} to {last} {year}"),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The figures that matter most.
fn tiles(view: &View) -> String {
    let figures = view.figures;
    let out = figures.positions.called - figures.positions.in_distress - figures.positions.written_off;
    let first_fill = figures
        .first_fill_after_grace_s
        .p95
        .map_or("–".to_owned(), |s| span(s as f64));
    let tiles = [
        (
            format!("{:.2} %", figures.borrower_loss_pct),
            "lost by borrowers, of what was sold",
        ),
        (
            format!("{:.2} %", figures.bad_debt_pct),
            "bad debt, of what was sold",
        ),
        (
            format!("{:.2} %", figures.worst_impact_pct),
            "deepest impact on the market",
        ),
        (
            format!("{out} of {}", figures.positions.called),
            "of those called are out of distress",
        ),
        (show::usd(figures.liquidated_usd), "of collateral sold"),
        (first_fill, "to the first fill after grace (95 %)"),
    ];
    let mut html = String::from("<dl class=\"tiles\">\n");
    for (value, name) in tiles {
        let _ = writeln!(html, "<div><dd>{}</dd><dt>{name}</dt></div>", escape(&value));
    }
    html + "</dl>\n"
}

fn figure(chart: &Chart) -> String {
    let mut legend = String::new();
    for (class, name) in &chart.legend {
        let _ = write!(legend, "<span><i class=\"{class}\"></i>{}</span>", escape(name));
    }
    format!(
        "<figure>\n<figcaption><h2>{}</h2><p>{}</p><p class=\"legend\">{legend}</p></figcaption>\n{}</figure>\n",
        escape(&chart.title),
        escape(&chart.caption),
        chart.pictures
    )
}

fn totals(all: &[Figures]) -> String {
    let mut html = format!(
        "<section>\n<h2>Totals</h2>\n<div class=\"sideways\"><table class=\"{}\">\n",
        table_class(all)
    );
    html += &heads(all);
    for (section, rows) in SECTIONS {
        let _ = writeln!(
            html,
            "<tr><th colspan=\"{}\">{}</th></tr>",
            all.len() + 1,
            escape(section)
        );
        for (name, value) in *rows {
            html += &row(name, all.iter().map(value));
        }
    }
    html + "</table></div>\n</section>\n"
}

/// A table of more columns than a narrow screen holds is moved sideways under its names.
fn table_class(all: &[Figures]) -> &'static str {
    match all.len() {
        0..=2 => "totals",
        _ => "totals many",
    }
}

/// The rules above their columns, where there are several.
fn heads(all: &[Figures]) -> String {
    if all.len() < 2 {
        return String::new();
    }
    let heads: String = all
        .iter()
        .map(|figures| format!("<td>{}</td>", figures.name()))
        .collect();
    format!("<tr class=\"heads\"><td></td>{heads}</tr>\n")
}

fn row(name: &str, values: impl Iterator<Item = String>) -> String {
    let values: String = values
        .map(|value| format!("<td>{}</td>", keep_units(&escape(&value))))
        .collect();
    format!("<tr><td>{}</td>{values}</tr>\n", escape(name))
}

/// What happened to each collateral, where there are several.
fn by_asset(view: &View) -> String {
    if view.scene.others.is_empty() {
        return String::new();
    }
    let mut html = String::from(
        "<section>\n<h2>Each collateral</h2>\n<div class=\"sideways\"><table class=\"totals\">\n<tr class=\"heads\"><td></td>",
    );
    for asset in &view.figures.assets {
        let _ = write!(html, "<td>{}</td>", escape(&asset.name));
    }
    html += "</tr>\n";
    for (name, value) in ASSET {
        html += &row(name, view.figures.assets.iter().map(value));
    }
    html + "</table></div>\n</section>\n"
}

/// What happened under each stress.
fn stresses(view: &View, all: &[Figures]) -> String {
    let mut html = String::new();
    let deep = view.scene.config.stress.deep_discount;
    for (index, own) in view.figures.stress.iter().enumerate() {
        let title = show::stress_title(own, deep);
        let (name, told) = title.split_once(": ").unwrap_or((&title, ""));
        let _ = writeln!(
            html,
            "<section>\n<h2>{}</h2>\n<p class=\"note-text\">{}.</p>\n<div class=\"sideways\"><table class=\"{}\">",
            escape(name),
            escape(&capitalised(told)),
            table_class(all),
        );
        html += &heads(all);
        for (name, value) in STRESS {
            let of_each = all.iter().filter_map(|figures| figures.stress.get(index));
            html += &row(name, of_each.map(value));
        }
        html += "</table></div>\n</section>\n";
    }
    html
}

/// Keeps numbers and units on one line: only the dots between values may break it.
fn keep_units(text: &str) -> String {
    text.split(" · ")
        .map(|value| value.replace(' ', "\u{a0}"))
        .collect::<Vec<_>>()
        .join(" · ")
}

fn timeline(view: &View) -> String {
    let story = view.story;
    let mut html = format!(
        "<section>\n<h2>Position {}, line by line</h2>\n<p class=\"note-text\">{}</p>\n<div class=\"scroll\">\
         <table class=\"timeline\">\n",
        story.position,
        escape(charts::begins(story))
    );
    let mut day = String::new();
    for line in &story.lines {
        let today = day_month(line.time);
        if day != today {
            let _ = writeln!(html, "<tr><th colspan=\"3\">{today}</th></tr>");
            day = today;
        }
        let class = line.what.replace(' ', "-");
        let _ = writeln!(
            html,
            "<tr class=\"{class}\"><td>{}</td><td>{}</td><td>{}</td></tr>",
            time_of_day(line.time),
            line.what,
            escape(&line.detail)
        );
    }
    html + "</table></div>\n</section>\n"
}

fn footer(view: &View) -> String {
    let (path, figures) = (&view.scene.path, view.figures);
    format!(
        "<footer><p>{} to {} UTC in {} blocks of 6 s · window {} · overhang {} · seed {} · \
         {} messages, {} invariants checked, {:.1} s. Losses, take and bad debt in percent of the value sold at \
         the path's price.</p></footer>\n",
        stamp(path.from),
        stamp(path.to()),
        path.blocks(),
        path.window,
        figures.overhang,
        figures.seed,
        figures.messages,
        figures.invariant_checks,
        figures.wall_s,
    )
}

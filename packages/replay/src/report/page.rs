//! The page around the pictures.

use std::fmt::Write;

use super::charts::{self, Chart};
use super::svg::escape;
use super::View;
use crate::clock::{date, day_month, span, stamp, time_of_day, Time};
use crate::show::{self, SECTIONS};

const STYLE: &str = include_str!("style.css");

/// The whole page.
pub(super) fn page(view: &View) -> String {
    let mut html = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    html += "<meta name=\"color-scheme\" content=\"light dark\">\n";
    let _ = writeln!(
        html,
        "<title>Glidepath replay: {} rules</title>",
        view.outcome.rules
    );
    let _ = writeln!(html, "<style>\n{STYLE}</style>\n</head>\n<body>\n<main>");
    html += &header(view);
    html += &tiles(view);
    for chart in charts::all(view) {
        html += &figure(&chart);
    }
    html += "<div class=\"columns\">\n";
    html += &totals(view);
    html += &timeline(view);
    html += "</div>\n";
    html += &footer(view);
    html += "</main>\n</body>\n</html>\n";
    html
}

fn header(view: &View) -> String {
    let (scene, path) = (view.scene, &view.scene.path);
    format!(
        "<header>\n<p class=\"eyebrow\">Glidepath replay · {rules} rules</p>\n\
         <h1>{positions} margin positions, {days}</h1>\n\
         <p class=\"lead\">{name}. {fall}</p>\n</header>\n",
        rules = view.outcome.rules,
        positions = scene.borrowers.len(),
        days = days(path.from, path.to() - 1),
        name = escape(&capitalised(&path.name)),
        fall = escape(&fall(view)),
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

/// The path in a sentence.
fn fall(view: &View) -> String {
    let path = &view.scene.path;
    let low = path.prices.iter().copied().fold(f64::MAX, f64::min);
    format!(
        "The price goes from {} to {}, {} at its lowest; positions hold {} of collateral together, {} times what \
         moves the market by 1 %.",
        show::price(path.first()),
        show::price(path.last()),
        show::price(low),
        show::usd(view.scene.config.population.overhang * view.scene.config.market.depth_1pct_usd),
        view.scene.config.population.overhang,
    )
}

/// The figures that matter most.
fn tiles(view: &View) -> String {
    let figures = view.figures;
    let restored = figures.positions.restored + figures.positions.cured_by_owner;
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
            format!("{restored} of {}", figures.positions.called),
            "of those called brought back",
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
    for (class, name) in chart.legend {
        let _ = write!(legend, "<span><i class=\"{class}\"></i>{name}</span>");
    }
    format!(
        "<figure>\n<figcaption><h2>{}</h2><p>{}</p><p class=\"legend\">{legend}</p></figcaption>\n{}</figure>\n",
        escape(&chart.title),
        escape(&chart.caption),
        chart.pictures
    )
}

fn totals(view: &View) -> String {
    let mut html = String::from("<section>\n<h2>Totals</h2>\n<table class=\"totals\">\n");
    for (section, rows) in SECTIONS {
        let _ = writeln!(html, "<tr><th colspan=\"2\">{}</th></tr>", escape(section));
        for (name, value) in *rows {
            let (name, value) = (escape(name), keep_units(&escape(&value(view.figures))));
            let _ = writeln!(html, "<tr><td>{name}</td><td>{value}</td></tr>");
        }
    }
    html + "</table>\n</section>\n"
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
        escape(&story.title)
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

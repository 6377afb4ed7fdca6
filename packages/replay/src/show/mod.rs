//! What a run shows on the terminal.

mod story;
mod stress;
mod tell;
mod timeline;
mod totals;

use indicatif::{ProgressBar, ProgressStyle};

use crate::clock::{span, stamp, BLOCK_S};
use crate::figures::Tools;
use crate::rules::RulesKind;
use crate::scene::Scene;

pub use story::{Line, Story};
pub use stress::{stress_title, StressRow, STRESS};
pub use tell::to_whom;
pub use timeline::timeline;
pub use totals::{by_asset, stresses, totals, AssetRow, Row, ASSET, SECTIONS};

/// Blocks between two looks at the bar.
const BAR_STEP: usize = 50;

/// USD with separators: `$1,234,567`.
pub fn usd(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let sign = if value < 0.0 && digits != "0" { "-" } else { "" };
    format!("{sign}${}", grouped(&digits))
}

/// The same with cents, where they tell something.
pub fn cents(value: f64) -> String {
    if value.abs() < 100.0 {
        format!("${value:.2}")
    } else {
        usd(value)
    }
}

/// A number with separators: `12,345`.
pub fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// Digits with a comma between each three.
fn grouped(digits: &str) -> String {
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A price in USD with as many digits as tell something.
pub fn price(value: f64) -> String {
    let text = match value.abs() {
        v if v >= 100.0 => format!("{value:.2}"),
        v if v >= 1.0 => format!("{value:.3}"),
        _ => format!("{value:.6}"),
    };
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    format!("${}.{part}", grouped(whole))
}

/// An amount of whole tokens.
pub fn tokens(value: f64) -> String {
    match value.abs() {
        v if v >= 1_000.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}

/// What is run, in two lines.
pub fn headline(scene: &Scene) -> String {
    let path = &scene.path;
    let others = scene.assets.iter().zip(scene.paths()).skip(1);
    let others: String = others
        .map(|(asset, path)| format!("\n{}: {}", asset.name, path.name))
        .collect();
    format!(
        "{}{others}\n{} to {} UTC, {} blocks ({}) · {} positions, {} of collateral ({} depths) · seed {}",
        path.name,
        stamp(path.from),
        stamp(path.to()),
        path.blocks(),
        span((path.blocks() as u64 * BLOCK_S) as f64),
        scene.borrowers.len(),
        usd(scene.config.population.overhang * scene.config.market.depth_1pct_usd),
        scene.config.population.overhang,
        scene.seed,
    )
}

/// A progress bar with the time that is left.
pub fn progress(scene: &Scene, kind: RulesKind, quiet: bool) -> Bar {
    let bar = if quiet {
        ProgressBar::hidden()
    } else {
        ProgressBar::new(scene.path.blocks() as u64)
    };
    if let Ok(style) =
        ProgressStyle::with_template("{prefix} {bar:32} {pos}/{len} blocks · {percent} % · {eta} left")
    {
        bar.set_style(style.progress_chars("━╸─"));
    }
    let tools = match kind {
        RulesKind::Soft => Tools::of(scene).short(),
        RulesKind::Hard => String::new(),
    };
    bar.set_prefix(format!("{kind}{tools} rules"));
    Bar(bar)
}

/// The progress of a run.
#[derive(Debug)]
pub struct Bar(ProgressBar);

impl Bar {
    /// `done` blocks are done.
    pub fn set(&self, done: usize) {
        if done.is_multiple_of(BAR_STEP) {
            self.0.set_position(done as u64);
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_well() {
        assert_eq!(usd(1_234_567.4), "$1,234,567");
        assert_eq!(usd(-999.6), "-$1,000");
        assert_eq!((usd(0.0), usd(-0.2)), ("$0".to_owned(), "$0".to_owned()));
        assert_eq!(
            (cents(12.345), cents(1_234.5)),
            ("$12.35".to_owned(), "$1,234".to_owned())
        );
        assert_eq!(price(2_650.125), "$2,650.12");
        assert_eq!(price(0.00004), "$0.000040");
    }
}

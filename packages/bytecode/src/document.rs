//! `docs/gas.md`: written here, and compared with what stands there.

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::{bail, Context, Result};

use crate::artifacts;
use crate::fills::Row;
use crate::machine::Checksum;
use crate::report::{table, thousands};

/// The contracts whose bytes the figures hang on.
const CONTRACTS: [&str; 5] = [
    "glidepath_vault",
    "glidepath_position_manager",
    "glidepath_oracle_adapter",
    "glidepath_liquidation_auction",
    "glidepath_insurance_fund",
];
/// How far a figure may be from the written one where the bytes are those of another toolchain, in a thousand.
const TOOLCHAINS_DIFFER: u64 = 20;

const INTRODUCTION: &str = include_str!("document.md");

fn path() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/gas.md"))
}

/// The whole page.
///
/// # Errors
/// Where a contract can't be read.
pub fn text(fills: &[Row], messages: &[Row], growth: &[(u64, Vec<Row>)]) -> Result<String> {
    let mut text = String::from(INTRODUCTION);
    let _ = writeln!(text, "\n## Fills\n\n{}", table(fills));
    let _ = writeln!(text, "## Every message\n\n{}", table(messages));
    let _ = writeln!(text, "## Growth\n\n{}", growing(growth));
    let _ = writeln!(text, "## Measured on\n\n```");
    for contract in CONTRACTS {
        let checksum = Checksum::generate(&artifacts::read(contract)?);
        let _ = writeln!(text, "{checksum}  {contract}.wasm");
    }
    let _ = writeln!(text, "```");
    Ok(text)
}

/// What the same step costs among ever more others, pinned.
fn growing(growth: &[(u64, Vec<Row>)]) -> String {
    let mut text = String::from("| message |");
    for (others, _) in growth {
        let _ = write!(text, " {} |", thousands(*others));
    }
    text.push_str(" growth |\n|---|");
    text.push_str(&"--:|".repeat(growth.len() + 1));
    text.push('\n');
    let Some((_, first)) = growth.first() else {
        return text;
    };
    for (nth, (name, _)) in first.iter().enumerate() {
        let costs: Vec<u64> = growth
            .iter()
            .filter_map(|(_, rows)| rows.get(nth).filter(|row| row.0 == *name))
            .map(|row| row.1.pinned.total())
            .collect();
        let _ = write!(text, "| {name} |");
        for cost in &costs {
            let _ = write!(text, " {} |", thousands(*cost));
        }
        let (Some(first), Some(last)) = (costs.first(), costs.last()) else {
            continue;
        };
        let permille = (*last as i64 - *first as i64) * 1_000 / *first as i64;
        let _ = writeln!(
            text,
            " {}{}.{} % |",
            if permille < 0 { "−" } else { "" },
            permille.abs() / 10,
            permille.abs() % 10
        );
    }
    text
}

/// Writes the page.
///
/// # Errors
/// Where it can't be written.
pub fn write(text: &str) -> Result<()> {
    let path = path();
    std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
    std::fs::write(&path, text).with_context(|| path.display().to_string())
}

/// Compares the page with what it should be: to the digit where the contracts are of the same bytes, and near enough
/// where another toolchain has built them.
///
/// # Errors
/// Where it is another.
pub fn check(text: &str) -> Result<()> {
    let written =
        std::fs::read_to_string(path()).context("docs/gas.md can't be read: scripts/gas writes it")?;
    if written == text {
        println!("docs/gas.md is what the contracts cost");
        return Ok(());
    }
    if measured_on(&written) == measured_on(text) {
        bail!("docs/gas.md is not what these very contracts cost: scripts/gas writes it anew");
    }
    let (old, new) = (figures(&written), figures(text));
    if old.len() != new.len() {
        bail!("docs/gas.md has other rows: scripts/gas writes it anew");
    }
    for ((line, old), (_, new)) in old.iter().zip(&new) {
        if old.abs_diff(*new) * 1_000 > old * TOOLCHAINS_DIFFER {
            bail!("docs/gas.md says {old} where it is {new} now: scripts/gas writes it anew\n{line}");
        }
    }
    println!("docs/gas.md is near enough: these contracts are not of the bytes that it was measured on");
    Ok(())
}

fn measured_on(text: &str) -> &str {
    text.split_once("## Measured on")
        .map_or("", |(_, checksums)| checksums)
}

/// The figures of more than a thousand gas in the tables' first two columns, each with its line.
fn figures(text: &str) -> Vec<(&str, u64)> {
    let rows = text.lines().filter(|line| line.starts_with("| "));
    rows.flat_map(|line| {
        let cells = line.split('|').skip(2).take(2);
        cells.filter_map(move |cell| Some((line, cell.trim().replace(',', "").parse().ok()?)))
    })
    .collect()
}

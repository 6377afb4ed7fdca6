//! The table of SECURITY.md from known attacks to tests, held to the tests that there are.
//! `UPDATE_GOLDEN=1 cargo test -p glidepath-testkit --test security` writes it anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const START: &str = "| # | attack | tests |\n|--:|---|---|\n";
const MARK: &str = "fn attack_";

/// Every Rust file under `folder`.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The numbers at the start of `11_…`, `06_and_74_…`.
fn numbers(mut name: &str) -> Vec<u32> {
    let mut found = vec![];
    loop {
        let digits = name.find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len());
        let Ok(number) = name[..digits].parse() else {
            return found;
        };
        found.push(number);
        let Some(rest) = name[digits..].strip_prefix("_and_") else {
            return found;
        };
        name = rest;
    }
}

/// Tests by the number of the attack, each with the crate that it is in.
fn tests(root: &Path) -> BTreeMap<u32, Vec<String>> {
    let mut found: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for group in ["contracts", "packages"] {
        let mut files = vec![];
        sources(&root.join(group), &mut files);
        for file in files {
            let crate_name = file
                .strip_prefix(root.join(group))
                .unwrap()
                .iter()
                .next()
                .unwrap();
            let text = fs::read_to_string(&file).unwrap();
            for line in text.lines() {
                let Some(name) = line.trim_start().strip_prefix(MARK) else {
                    continue;
                };
                let name = &name[..name.find('(').expect("a test takes nothing, in brackets")];
                for number in numbers(name) {
                    let test = format!("{}: `attack_{name}`", crate_name.display());
                    found.entry(number).or_default().push(test);
                }
            }
        }
    }
    found
}

#[test]
fn the_table_of_attacks_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join("SECURITY.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, table) = page
        .split_once(START)
        .expect("SECURITY.md has the table of attacks");
    let mut tests = tests(&root);
    assert!(tests.len() > 40, "only {} numbers have a test", tests.len());

    let mut now = String::new();
    for (row, expected) in table.lines().zip(1..) {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let number: u32 = cells[1].parse().expect("a row starts with its number");
        assert_eq!(number, expected, "the rows are in order");
        let names = tests.remove(&number).unwrap_or_default();
        now += &format!("| {number} | {} | {} |\n", cells[2], names.join("<br>"));
    }
    assert!(tests.is_empty(), "no row for {tests:?}");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, format!("{before}{START}{now}")).unwrap();
    } else {
        assert!(
            table == now,
            "SECURITY.md is stale: UPDATE_GOLDEN=1 writes its table anew. It should read\n{now}"
        );
    }
}

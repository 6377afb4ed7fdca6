//! What several tests of the whole suite need.
#![allow(dead_code)]

use std::path::Path;

use cosmwasm_std::{Addr, Record};
use glidepath_testkit::Suite;

pub mod calls;
pub mod messages;
pub mod moves;
pub mod records;
pub mod scene;
pub mod trap;

pub use glidepath_testkit::{agent, Moment};

pub use glidepath_testkit::sequences::refusal;

/// The five contracts by name.
pub fn names(suite: &Suite) -> [(&'static str, Addr); 5] {
    let peers = suite.peers.clone();
    [
        ("vault", peers.vault),
        ("position-manager", peers.position_manager),
        ("oracle-adapter", peers.oracle_adapter),
        ("liquidation-auction", peers.liquidation_auction),
        ("insurance-fund", peers.insurance_fund),
    ]
}

/// Everything that a contract stores.
pub fn stored(suite: &Suite, contract: &Addr) -> Vec<Record> {
    suite.app.dump_wasm_raw(contract)
}

/// What the five contracts of a suite store.
pub fn all_stored(suite: &Suite) -> Vec<Vec<Record>> {
    names(suite)
        .iter()
        .map(|(_, address)| stored(suite, address))
        .collect()
}

/// Compares with a golden file, or writes it anew where `UPDATE_GOLDEN` is set.
pub fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../testkit/tests/golden")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).expect("a golden file can be written");
    }
    let frozen = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == frozen,
        "{} differs; is that meant? then UPDATE_GOLDEN=1 writes it anew. It should read\n{text}",
        path.display()
    );
}

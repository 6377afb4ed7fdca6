//! What several tests of the whole suite need.
#![allow(dead_code)]

use std::path::Path;

use cosmwasm_std::{Addr, BlockInfo, Order, Record, Storage};
use glidepath_testkit::Suite;

pub mod agent;
pub mod calls;
pub mod messages;
pub mod moves;
pub mod records;
pub mod scene;
pub mod trap;

#[path = "../../src/sequences/refusal.rs"]
pub mod refusal;

/// A moment of a chain, to come back to.
pub struct Moment {
    storage: Vec<Record>,
    block: BlockInfo,
}

impl Moment {
    /// Now.
    pub fn of(suite: &Suite) -> Self {
        Moment {
            storage: suite.app.storage().range(None, None, Order::Ascending).collect(),
            block: suite.app.block_info(),
        }
    }

    /// Everything as it was then.
    pub fn restore(&self, suite: &mut Suite) {
        let storage = suite.app.storage_mut();
        let keys: Vec<_> = storage.range_keys(None, None, Order::Ascending).collect();
        for key in keys {
            storage.remove(&key);
        }
        for (key, value) in &self.storage {
            storage.set(key, value);
        }
        suite.app.set_block(self.block.clone());
    }

    /// Is everything stored as it was then?
    pub fn is_now(&self, suite: &Suite) -> bool {
        let now = suite.app.storage().range(None, None, Order::Ascending);
        self.storage.iter().cloned().eq(now)
    }
}

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
        .join("tests/golden")
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

//! Where the compiled contracts are.

use std::path::PathBuf;

use anyhow::{Context, Result};

/// The folder that `scripts/build-wasm` writes, or the one that `GLIDEPATH_ARTIFACTS` names.
pub fn folder() -> PathBuf {
    match std::env::var_os("GLIDEPATH_ARTIFACTS") {
        Some(folder) => folder.into(),
        None => PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../artifacts")),
    }
}

/// The bytes of a contract, by the name of its file without its ending.
///
/// # Errors
/// Where it was not built.
pub fn read(name: &str) -> Result<Vec<u8>> {
    let path = folder().join(format!("{name}.wasm"));
    std::fs::read(&path).with_context(|| {
        let path = path.display();
        format!("{path} can't be read: build the contracts with scripts/build-wasm (and --test-contracts for artifacts/test)")
    })
}

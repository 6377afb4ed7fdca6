//! The VM of this process: each code is compiled once, and kept on disk for the next time.

use std::fs::File;
use std::path::PathBuf;
use std::sync::OnceLock;

use anyhow::{anyhow, Result};
use cosmwasm_vm::{
    capabilities_from_csv, AnalysisReport, Cache, CacheOptions, InstanceOptions, Size, VmError,
};

use crate::bridge::{Addresses, Backend, Instance, Keys, Queries};

/// As wasmd has them.
const CAPABILITIES: &str =
    "iterator,staking,stargate,cosmwasm_1_1,cosmwasm_1_2,cosmwasm_1_3,cosmwasm_1_4,cosmwasm_2_0,cosmwasm_2_1,cosmwasm_2_2,cosmwasm_3_0,ibc2";
/// Of an instance, as wasmd has it (`contractMemoryLimit`).
const MEMORY: Size = Size::mebi(32);

/// Identifies a code: the hash of its bytes.
pub type Checksum = cosmwasm_std_vm::Checksum;

type Machine = Cache<Addresses, Keys, Queries>;

fn machine() -> &'static Machine {
    static MACHINE: OnceLock<Machine> = OnceLock::new();
    MACHINE.get_or_init(|| {
        let options = CacheOptions::new(
            folder(),
            capabilities_from_csv(CAPABILITIES),
            Size::mebi(500),
            MEMORY,
        );
        // SAFETY: the folder holds what programs of this crate wrote, and wrote to the end: see `store`.
        #[allow(unsafe_code)]
        let machine = unsafe { Cache::new(options) };
        machine.expect("a folder for compiled code")
    })
}

/// Beside the program: what was compiled once is there for the next test.
fn folder() -> PathBuf {
    let program = std::env::current_exe().expect("a program has a path");
    program.with_file_name("compiled-contracts")
}

/// Checks a code as a chain does when it is stored, and compiles it, where that was not done before.
///
/// # Errors
/// What a chain would refuse it for.
pub fn store(wasm: &[u8]) -> Result<Checksum> {
    let machine = machine();
    let code = Checksum::generate(wasm);
    // One program at a time writes, and says when it is done: tests run side by side, and may be killed.
    let lock = File::create(folder().join("lock"))?;
    lock.lock()?;
    let done = folder().join(format!("{code}.done"));
    if !done.exists() {
        machine.store_code(wasm, true, true).map_err(why)?;
        File::create(done)?;
    }
    Ok(code)
}

/// What a stored code exports and needs.
///
/// # Errors
/// Where it was not stored.
pub fn analyze(code: &Checksum) -> Result<AnalysisReport> {
    machine().analyze(code).map_err(why)
}

/// A new instance of a stored code, with so much gas of the VM.
///
/// # Errors
/// Where the VM can't make one.
pub fn instance(code: &Checksum, backend: Backend, gas: u64) -> Result<Instance, VmError> {
    machine().get_instance(code, backend, InstanceOptions { gas_limit: gas })
}

fn why(error: VmError) -> anyhow::Error {
    anyhow!("{error}")
}

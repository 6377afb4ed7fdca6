//! The compiled contracts in the VM that chains run them in, behind the testkit's seam, and what their calls cost.
//!
//! - [`Bytecode`]: a [`CodeSource`](glidepath_testkit::CodeSource), so that all tests of the suite run on bytecode. Native
//!   code runs beside it and must do the same to the byte.
//! - [`gas`]: what `wasmd` charges for it, part by part.
//! - [`artifacts`]: the files that `scripts/build-wasm` writes.

pub mod artifacts;
mod bridge;
mod code;
mod coins;
mod contract;
pub mod document;
pub mod fills;
pub mod gas;
mod machine;
mod overlay;
pub mod report;
mod rig;
pub mod transcript;
mod twin;
pub mod whole;

pub use code::{Bytecode, Heard, Mode};
pub use machine::{analyze, store, Checksum};
pub use rig::{Cost, Rig};

//! What a transaction costs on `wasmd` v0.61 (Cosmos SDK 0.53), part by part.
//!
//! The VM meters what a contract computes. The rest is the chain's: what loading a contract costs, each key that is read
//! or written, events, coins that move, the transaction itself. All of it is modelled here after the chain's sources,
//! operation by operation; nothing is fitted to measurements.

mod bank;
mod meter;
mod store;
#[cfg(test)]
mod tests;
mod tx;
mod wasmd;

pub use bank::{transfer, Purse};
pub use meter::{Access, Call, Gas, Limit, OutOfGas, Part, Parts, Touch, PARTS};
pub use store::Kv;
pub use tx::Tx;
pub use wasmd::{Entry, Events, VM_GAS};

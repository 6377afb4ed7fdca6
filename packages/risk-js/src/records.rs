//! Records as they were read.

use std::collections::BTreeMap;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, HexBinary};

/// What was read of each contract: by its address, each storage key (hex) with its value, or without one where the contract
/// has none.
pub type Records = BTreeMap<String, BTreeMap<String, Option<Binary>>>;

/// Where a record is kept.
#[cw_serde]
#[derive(Eq, PartialOrd, Ord)]
pub struct Key {
    /// Address of the contract.
    pub contract: String,
    /// Its storage key.
    pub key: HexBinary,
}

//! Every storage key of the fund. Cover rules are published: [`glidepath_interfaces::fund::COVER_RULES`] under
//! `cover_rule`. `ownership` and `contract_info` belong to cw-ownable and cw2.

use cosmwasm_std::{Addr, Uint128};
use glidepath_interfaces::fund::Params;
pub use glidepath_interfaces::fund::COVER_RULES;
use glidepath_interfaces::record::{RecordItem, RecordMap};
use glidepath_interfaces::{record, Peers};
use glidepath_risk::pool::Pool;
use serde::{Deserialize, Serialize};

/// Peers and parameters.
pub const CONFIG: RecordItem<Config> = RecordItem::new("config");
/// Pools by market.
pub const POOLS: RecordMap<&str, Pool> = RecordMap::new("pool");
/// Stakes by market and staker.
pub const STAKES: RecordMap<(&str, &Addr), Stake> = RecordMap::new("stake");

record!(Config, "config", 2);
record!(Stake, "stake", 2);

/// Peers and parameters.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Config {
    /// The suite; never changes.
    pub peers: Peers<Addr>,
    /// When stakes may leave and how fast revenue arrives.
    pub params: Params,
}

/// What a staker has in a market.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
pub struct Stake {
    /// Units of the pool, requested ones included.
    pub units: Uint128,
    /// Generation of the pool that they belong to; those of another are worth nothing.
    pub generation: u32,
    /// Units that want to leave.
    pub exit: Option<Exit>,
}

/// A request to leave; its times were fixed when it was made.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Exit {
    /// Stake units, never more than the stake.
    pub units: Uint128,
    /// First second of leaving.
    pub from: u64,
    /// Last second of leaving.
    pub until: u64,
}

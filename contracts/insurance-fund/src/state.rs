//! Every storage key of the fund. Rules and pools are published: [`glidepath_interfaces::fund::COVER_RULES`] under
//! `cover_rule`, [`BACKSTOP_RULES`] under `backstop_rule`, [`POOLS`] under `pool`. `ownership` and `contract_info` belong to cw-ownable and cw2.

use cosmwasm_std::{Addr, Uint128, Uint256};
use cw_storage_plus::Map;
use glidepath_interfaces::fund::Params;
pub use glidepath_interfaces::fund::{BACKSTOP_RULES, COVER_RULES, POOLS};
use glidepath_interfaces::record::{RecordItem, RecordMap};
use glidepath_interfaces::{record, AssetId, Peers};
use serde::{Deserialize, Serialize};

/// Peers and parameters.
pub const CONFIG: RecordItem<Config> = RecordItem::new("config");
/// Stakes by market and staker.
pub const STAKES: RecordMap<(&str, &Addr), Stake> = RecordMap::new("stake");
/// What the units of a market's generation have bought, by both.
pub const GOODS: RecordMap<(&str, u32), Goods> = RecordMap::new("goods");
/// What a staker may take out of that, by market and staker.
pub const CLAIMS: RecordMap<(&str, &Addr), Claims> = RecordMap::new("claim");
/// What all stakers of all markets bought and have not taken out, by asset: the owner has no hand on it.
pub const HELD: Map<&str, Uint128> = Map::new("goods_held");

record!(Config, "config", 2);
record!(Stake, "stake", 2);
record!(Goods, "goods", 1);
record!(Claims, "claims", 1);

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

/// What the units of a generation have bought: `validate::MAX_GOODS` assets at most.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
pub struct Goods {
    /// One an asset.
    pub lines: Vec<PerUnit>,
}

/// What was bought of an asset.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct PerUnit {
    /// Asset.
    pub asset: AssetId,
    /// Base units that each unit has of it, on the scale of [`glidepath_risk::goods`]; only rises.
    pub figure: Uint256,
}

/// What a staker may take out.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
pub struct Claims {
    /// One an asset.
    pub lines: Vec<GoodsClaim>,
}

/// What a staker may take out of an asset.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct GoodsClaim {
    /// Asset.
    pub asset: AssetId,
    /// The figure per unit up to which his units are settled.
    pub seen: Uint256,
    /// Base units that he has not taken out.
    pub owed: Uint128,
}

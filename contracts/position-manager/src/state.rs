//! Every storage key of the position manager. Nothing of it is published. From libraries: `ownership` (cw-ownable),
//! `contract_info` (cw2); from the interfaces: `guardian`.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Empty, Order, StdError, Storage};
use cw_storage_plus::{Bound, Item, Map};
pub use glidepath_interfaces::admin::GUARDIAN;
use glidepath_interfaces::asset::BadAssetId;
use glidepath_interfaces::position_manager::Params;
use glidepath_interfaces::{AssetId, Peers};

use crate::listed::Listed;
use crate::ContractError;

/// The suite and the rules: together, because every fill needs both.
pub const CONFIG: Item<Config> = Item::new("config");
/// Listed assets by name.
pub const ASSETS: Map<&str, Listed> = Map::new("asset");
/// Positions by number.
pub const POSITIONS: Map<u64, Position> = Map::new("position");
/// Number of the next position.
pub const NEXT: Item<u64> = Item::new("next");
/// Positions of an owner.
pub const OWNED: Map<(&Addr, u64), Empty> = Map::new("owned");
/// Positions in distress.
pub const DISTRESSED: Map<u64, Empty> = Map::new("distress");

/// Number of the first position.
pub const FIRST: u64 = 1;

/// The suite and the rules.
#[cw_serde]
pub struct Config {
    /// The suite, given at creation and kept for ever.
    pub peers: Peers<Addr>,
    /// Rules.
    pub params: Params,
}

/// What this contract keeps of a position. Times are unix seconds.
#[cw_serde]
pub struct Position {
    /// Owner.
    pub owner: Addr,
    /// Seconds of grace that calls have used, the running one not counted.
    pub grace_used: u64,
    /// When the last of them was used.
    pub grace_used_at: u64,
    /// A call or a sale.
    pub distress: Option<Distress>,
}

/// The stored part of distress.
#[cw_serde]
pub struct Distress {
    /// When it was called.
    pub called_at: u64,
    /// Who called it; earns half of the keepers' part.
    pub caller: Addr,
    /// Who opened its sale, and that there is one in the auction; earns the other half.
    pub opener: Option<Addr>,
    /// When the trigger of a close-out was seen first.
    pub sighted_at: Option<u64>,
    /// Was every collateral worth nothing then, and at each touch since?
    pub sighted_worthless: bool,
    /// What had stood still of its assets when it was called: by what that grows the grace is longer.
    pub stood: Vec<Stood>,
}

/// How long the price source of an asset was out, and its fills stopped, all together.
#[cw_serde]
pub struct Stood {
    /// Asset.
    pub asset: AssetId,
    /// Seconds.
    pub seconds: u64,
}

impl Position {
    /// A new position.
    pub fn new(owner: Addr) -> Self {
        Position {
            owner,
            grace_used: 0,
            grace_used_at: 0,
            distress: None,
        }
    }

    /// Has it a sale in the auction?
    pub fn has_sale(&self) -> bool {
        self.distress
            .as_ref()
            .is_some_and(|distress| distress.opener.is_some())
    }
}

impl Distress {
    /// Who has earned the keepers' part so far.
    pub fn keepers(&self) -> Vec<String> {
        [Some(&self.caller), self.opener.as_ref()]
            .into_iter()
            .flatten()
            .map(Addr::to_string)
            .collect()
    }
}

/// A position.
///
/// # Errors
/// `NoPosition`.
pub fn load_position(storage: &dyn Storage, position: u64) -> Result<Position, ContractError> {
    POSITIONS
        .may_load(storage, position)?
        .ok_or(ContractError::NoPosition { position })
}

/// Stores a position and keeps the index of distressed ones in step.
pub fn save_position(storage: &mut dyn Storage, id: u64, position: &Position) -> Result<(), ContractError> {
    POSITIONS.save(storage, id, position)?;
    if position.distress.is_some() {
        DISTRESSED.save(storage, id, &Empty {})?;
    } else {
        DISTRESSED.remove(storage, id);
    }
    Ok(())
}

/// Listed assets in order of their names, those after `start_after` only.
pub fn assets<'s>(
    storage: &'s dyn Storage,
    start_after: Option<&AssetId>,
) -> impl Iterator<Item = Result<(AssetId, Listed), ContractError>> + 's {
    let start = start_after.map(|asset| Bound::exclusive(asset.as_str()));
    ASSETS.range(storage, start, None, Order::Ascending).map(|row| {
        let (name, listed) = row?;
        let asset = name
            .parse()
            .map_err(|bad: BadAssetId| StdError::generic_err(bad.to_string()))?;
        Ok((asset, listed))
    })
}

/// A listed asset, as stored.
///
/// # Errors
/// `NotListed`.
pub fn load_asset(storage: &dyn Storage, asset: &AssetId) -> Result<Listed, ContractError> {
    ASSETS
        .may_load(storage, asset.as_str())?
        .ok_or_else(|| ContractError::NotListed { asset: asset.clone() })
}

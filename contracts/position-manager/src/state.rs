//! Every storage key of the position manager. Nothing of it is published. From libraries: `ownership` (cw-ownable),
//! `contract_info` (cw2); from the interfaces: `guardian`.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Empty, StdError, Storage};
use cw_storage_plus::{Item, Map};
pub use glidepath_interfaces::admin::GUARDIAN;
use glidepath_interfaces::asset::BadAssetId;
use glidepath_interfaces::position_manager::{AskedSale, OwnerOrder, Params};
use glidepath_interfaces::record::{RecordItem, RecordMap};
use glidepath_interfaces::{record, AssetId, Peers};

use crate::listed::Listed;
use crate::ContractError;

/// The suite and the rules: together, because every fill needs both.
pub const CONFIG: RecordItem<Config> = RecordItem::new("config");
/// Listed assets by name.
pub const ASSETS: RecordMap<&str, Listed> = RecordMap::new("asset");
/// Positions by number.
pub const POSITIONS: RecordMap<u64, Position> = RecordMap::new("position");
/// Number of the next position.
pub const NEXT: Item<u64> = Item::new("next");
/// Positions of an owner.
pub const OWNED: Map<(&Addr, u64), Empty> = Map::new("owned");
/// To whom positions are offered, and until when in unix seconds.
pub const OFFERS: Map<u64, (Addr, u64)> = Map::new("offer");
/// Positions that nobody may take over while they are sold softly, and from when on in unix seconds.
pub const KEPT: Map<u64, u64> = Map::new("kept");
/// Positions in distress.
pub const DISTRESSED: Map<u64, Empty> = Map::new("distress");

record!(Config, "config", 2);
record!(Listed, "listed asset", 2);
record!(Position, "position", 3);

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
    /// What its owner asks for.
    pub order: OwnerOrder,
    /// Since when, in force from the next second on: a bid that is under way finds what it was made for.
    pub ordered_at: u64,
}

/// The stored part of distress, and of a sale that the owner asks for.
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
    /// What its owner asks for with the sale that runs; none where it is called, or its sale forced.
    pub asked: Option<Asked>,
}

/// A running sale that the owner of a position asks for.
#[cw_serde]
pub struct Asked {
    /// As it was asked for when it opened.
    pub sale: AskedSale,
    /// Since when it was asked for.
    pub since: u64,
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
            order: OwnerOrder::default(),
            ordered_at: 0,
        }
    }

    /// What its owner asks for, in force at `now`.
    pub fn order_at(&self, now: u64) -> Option<&OwnerOrder> {
        (now > self.ordered_at).then_some(&self.order)
    }

    /// The sale that runs because its owner asked for it.
    pub fn asked(&self) -> Option<&Asked> {
        self.distress.as_ref()?.asked.as_ref()
    }

    /// The sale that its owner asks for: as the one that runs was asked for, or as one would open at `now`.
    pub fn asks_for(&self, now: u64) -> Option<&AskedSale> {
        match self.asked() {
            Some(asked) => Some(&asked.sale),
            None => self.order_at(now)?.sale.as_ref(),
        }
    }

    /// Does its sale run though its owner asks for it no more?
    pub fn is_withdrawn(&self, now: u64) -> bool {
        let changed = |asked: &Asked| asked.since != self.ordered_at && now > self.ordered_at;
        self.asked().is_some_and(changed)
    }

    /// Is it called, or its sale forced?
    pub fn is_in_distress(&self) -> bool {
        self.distress.is_some() && self.asked().is_none()
    }

    /// Has it a sale in the auction?
    pub fn has_sale(&self) -> bool {
        self.distress
            .as_ref()
            .is_some_and(|distress| distress.opener.is_some())
    }
}

impl Position {
    /// Who has earned the keepers' part of its sale so far; nobody without distress.
    pub fn keepers(&self) -> Vec<String> {
        self.distress.as_ref().map(Distress::keepers).unwrap_or_default()
    }
}

impl Distress {
    /// Who has earned the keepers' part so far: one or two.
    pub fn keepers(&self) -> Vec<String> {
        let other = self.opener.as_ref().filter(|opener| **opener != self.caller);
        [Some(&self.caller), other]
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
    start_after: Option<&'s AssetId>,
) -> impl Iterator<Item = Result<(AssetId, Listed), ContractError>> + 's {
    ASSETS
        .after(storage, start_after.map(AssetId::as_str))
        .map(|row| {
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

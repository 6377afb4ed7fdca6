//! Every storage key of the auction.
//!
//! Published, in `glidepath_interfaces::auction`: `terms`, `sale_terms`, `sale`, `backlog`. From libraries: `ownership`
//! (cw-ownable), `contract_info` (cw2).

use cosmwasm_std::{Addr, Empty, Order, StdResult, Storage};
use cw_storage_plus::{Bound, Map};
use glidepath_interfaces::auction::{Sale, SALES, SALE_TERMS};
use glidepath_interfaces::record::RecordItem;
use glidepath_interfaces::{AssetId, Peers};

use crate::ContractError;

/// The suite, given at creation and kept for ever.
pub const PEERS: RecordItem<Peers<Addr>> = RecordItem::new("peers");
/// First seconds of the lives of a collateral's soft lots that are for listed bidders only.
pub const RESERVED: Map<&str, u64> = Map::new("reserved");
/// Those bidders, by collateral.
pub const BIDDERS: Map<(&str, &Addr), Empty> = Map::new("bidder");
/// Running sales by what they sell now.
pub const BY_COLLATERAL: Map<(&str, u64), Empty> = Map::new("by_col");

/// The sale of a position.
pub fn load_sale(storage: &dyn Storage, position: u64) -> Result<Sale, ContractError> {
    SALES
        .may_load(storage, position)?
        .ok_or(ContractError::NoSale { position })
}

/// Positions that sell a collateral now, in their order, those after `start_after` only; take a bounded number of them.
pub fn selling<'s>(
    storage: &'s dyn Storage,
    collateral: &AssetId,
    start_after: Option<u64>,
) -> impl Iterator<Item = StdResult<u64>> + 's {
    let start = start_after.map(Bound::exclusive);
    BY_COLLATERAL
        .prefix(collateral.as_str())
        .keys(storage, start, None, Order::Ascending)
}

/// First seconds that the next soft lot of a collateral reserves.
pub fn reserved(storage: &dyn Storage, collateral: &AssetId) -> StdResult<u64> {
    Ok(RESERVED
        .may_load(storage, collateral.as_str())?
        .unwrap_or_default())
}

/// Who is listed for a collateral: as many as `validate::MAX_BIDDERS` at most.
pub fn bidders(storage: &dyn Storage, collateral: &AssetId) -> StdResult<Vec<Addr>> {
    BIDDERS
        .prefix(collateral.as_str())
        .keys(storage, None, None, Order::Ascending)
        .collect()
}

/// Stores a sale that sells what it sold before.
pub fn save_sale(storage: &mut dyn Storage, position: u64, sale: &Sale) -> Result<(), ContractError> {
    Ok(SALES.save(storage, position, sale)?)
}

/// Stores a sale that sold `before`, or is new, and keeps the index in step.
pub fn save_indexed(
    storage: &mut dyn Storage,
    position: u64,
    before: Option<&AssetId>,
    sale: &Sale,
) -> Result<(), ContractError> {
    if before != Some(&sale.collateral) {
        if let Some(old) = before {
            BY_COLLATERAL.remove(storage, (old.as_str(), position));
        }
        BY_COLLATERAL.save(storage, (sale.collateral.as_str(), position), &Empty {})?;
    }
    save_sale(storage, position, sale)
}

/// Removes a sale with its terms and its place in the index.
pub fn remove_sale(storage: &mut dyn Storage, position: u64, sale: &Sale) {
    BY_COLLATERAL.remove(storage, (sale.collateral.as_str(), position));
    SALES.remove(storage, position);
    SALE_TERMS.remove(storage, position);
}

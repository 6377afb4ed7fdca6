//! Lists, page by page. A row that can't be told never fails its page.

use cosmwasm_std::{Addr, Deps, Order, StdResult};
use cw_storage_plus::Bound;
use glidepath_interfaces::position_manager::{AssetResponse, PositionRow, Standing};
use glidepath_interfaces::{page, AssetId};

use super::asset_response;
use super::position::look;
use crate::decide::Figures;
use crate::records::Records;
use crate::state::{assets as listed_assets, load_position, Position, DISTRESSED, OWNED, POSITIONS};
use crate::ContractError;

/// Listed assets in order of their names.
pub fn assets(
    deps: Deps,
    now: u64,
    start_after: Option<&AssetId>,
    limit: Option<u32>,
) -> Result<Vec<AssetResponse>, ContractError> {
    listed_assets(deps.storage, start_after)
        .take(page::size(limit))
        .map(|row| {
            let (asset, listed) = row?;
            asset_response(asset, &listed, now)
        })
        .collect()
}

/// Positions of an owner.
pub fn positions_of(
    deps: Deps,
    now: u64,
    owner: &Addr,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<PositionRow>, ContractError> {
    let ids = OWNED.prefix(owner).keys(
        deps.storage,
        start_after.map(Bound::exclusive),
        None,
        Order::Ascending,
    );
    rows(deps, now, ids, limit)
}

/// All positions.
pub fn positions(
    deps: Deps,
    now: u64,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<PositionRow>, ContractError> {
    rows(deps, now, POSITIONS.keys(deps.storage, start_after), limit)
}

/// Positions with a call or a sale.
pub fn distressed(
    deps: Deps,
    now: u64,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> Result<Vec<PositionRow>, ContractError> {
    let start = start_after.map(Bound::exclusive);
    rows(
        deps,
        now,
        DISTRESSED.keys(deps.storage, start, None, Order::Ascending),
        limit,
    )
}

fn rows(
    deps: Deps,
    now: u64,
    ids: impl Iterator<Item = StdResult<u64>>,
    limit: Option<u32>,
) -> Result<Vec<PositionRow>, ContractError> {
    let mut records = Records::open(deps, now)?;
    ids.take(page::size(limit))
        .map(|id| {
            let id = id?;
            let position = load_position(deps.storage, id)?;
            Ok(PositionRow {
                position: id,
                standing: standing(&mut records, id, &position),
                owner: position.owner,
            })
        })
        .collect()
}

fn standing(records: &mut Records, id: u64, position: &Position) -> Standing {
    match look(records, id, position) {
        Ok(known) => Standing::Known {
            health: Figures::healths(known.figures.as_ref()),
            stage: known.stage,
        },
        Err(error) => Standing::Unknown {
            reason: error.to_string(),
        },
    }
}

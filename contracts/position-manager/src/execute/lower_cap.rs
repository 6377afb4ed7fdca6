//! `LowerOverhangCap`: the suite takes less of an asset, at once.

use cosmwasm_std::{Addr, Decimal, DepsMut, Response, Uint128};
use glidepath_interfaces::admin;
use glidepath_interfaces::events::position_manager::OverhangCapLowered;
use glidepath_interfaces::AssetId;
use glidepath_risk::math::div_256;
use glidepath_risk::Rounding;

use crate::records::Records;
use crate::state::{load_asset, ASSETS};
use crate::{validate, ContractError};

/// Lowers `asset`'s overhang cap: not above the one in force, and not below what is in use, at the higher of last and
/// smoothed price. Where more is in use than the cap lets in, it stays.
pub fn lower_overhang_cap(
    deps: DepsMut,
    sender: &Addr,
    now: u64,
    asset: &AssetId,
    overhang_cap: Decimal,
) -> Result<Response, ContractError> {
    admin::role(deps.storage, sender)?;
    let mut records = Records::open(deps.as_ref(), now)?;
    let params = &records.asset(asset)?.params;
    let (depth, old) = (params.depth, params.collateral.as_ref().map(|c| c.overhang_cap));
    let old = old.ok_or_else(|| ContractError::NotCollateral { asset: asset.clone() })?;
    let held = records.overhang(asset, Uint128::zero())?;
    let used = div_256(held.0, depth.0, Rounding::Up)
        .ok()
        .and_then(|used| Decimal::try_from(used).ok())
        .unwrap_or(Decimal::MAX);
    let least = used.min(old).max(Decimal::raw(1));
    validate::within("overhang_cap", overhang_cap, least, old)?;
    let listed = load_asset(deps.storage, asset)?.with_overhang_cap(overhang_cap);
    ASSETS.save(deps.storage, asset.as_str(), &listed)?;
    Ok(Response::new().add_event(OverhangCapLowered {
        asset: asset.clone(),
        overhang_cap,
        by: sender.clone(),
    }))
}

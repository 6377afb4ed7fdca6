//! `SetAsset`: lists an asset that the vault knows, or changes its parameters.

use cosmwasm_std::{Addr, Decimal, Deps, DepsMut, Response, Uint128};
use glidepath_interfaces::auction::{SaleTerms, TERMS};
use glidepath_interfaces::events::position_manager::AssetSet;
use glidepath_interfaces::oracle::PRICES;
use glidepath_interfaces::position_manager::{AssetParams, CollateralParams, Params};
use glidepath_interfaces::vault::{VaultAsset, ASSETS as VAULT_ASSETS, MARKETS};
use glidepath_interfaces::AssetId;
use glidepath_risk::sizing::soft_limit;
use glidepath_risk::{Rounding, Value};

use crate::records::Records;
use crate::state::{Listed, ASSETS, CONFIG};
use crate::{validate, ContractError};

/// Maintenance health at which a collateral must be soft-sellable: where a call usually finds a position.
pub const TRIED_AT: Decimal = Decimal::percent(99);

/// Lists `asset`, or changes its parameters. What is in use may not become worse for its positions at once: its
/// target and maintenance weights don't fall, its target and maintenance factors don't rise, and it stays listed.
pub fn set_asset(
    deps: DepsMut,
    sender: &Addr,
    now: u64,
    asset: AssetId,
    params: AssetParams,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, sender)?;
    let config = CONFIG.load(deps.storage)?;
    validate::asset(&params)?;
    let VaultAsset { info, decimals } =
        VAULT_ASSETS.query(&deps.querier, &config.peers.vault, asset.as_str())?;
    if params.debt.is_some() {
        // A debt without a market could be listed and never borrowed; no market is an error.
        MARKETS.query(&deps.querier, &config.peers.vault, asset.as_str())?;
    }
    if let Some(collateral) = &params.collateral {
        let terms = TERMS.query(&deps.querier, &config.peers.liquidation_auction)?;
        check_soft_sellable(&asset, collateral, &config.params, &terms)?;
    }
    let old = ASSETS.may_load(deps.storage, asset.as_str())?;
    let is_new = old.as_ref().is_none_or(|old| old.params.collateral.is_none());
    if let Some(collateral) = params.collateral.as_ref().filter(|_| is_new) {
        let price = PRICES
            .query(&deps.querier, &config.peers.oracle_adapter, asset.as_str())?
            .price;
        check_unit(
            &asset,
            collateral,
            price.value_of(Uint128::one(), decimals, Rounding::Up)?,
        )?;
    }
    if let Some(old) = old {
        check_in_use(deps.as_ref(), now, &asset, &old.params, &params)?;
    }
    let event = event(&asset, &params);
    let listed = Listed {
        info,
        decimals,
        params,
    };
    ASSETS.save(deps.storage, asset.as_str(), &listed)?;
    Ok(Response::new().add_event(event))
}

/// A collateral that no soft sale could sell at the discount at which its buyers come would go straight to close-out.
/// Tried against a debt with a factor of one, the worst.
fn check_soft_sellable(
    asset: &AssetId,
    collateral: &CollateralParams,
    params: &Params,
    terms: &SaleTerms,
) -> Result<(), ContractError> {
    let limit = soft_limit(
        terms.soft.curve.floor(),
        params.eta,
        terms.soft.penalty,
        collateral.weights.maintenance,
        Decimal::one(),
        TRIED_AT,
    )?
    .unwrap_or_default();
    if limit < collateral.clearing_discount {
        return Err(ContractError::NotSoftSellable {
            asset: asset.clone(),
            health: TRIED_AT,
            limit,
            clearing: collateral.clearing_discount,
        });
    }
    Ok(())
}

/// A base unit that is worth more than a fill can't be sold for a debt that is smaller: nobody could liquidate it.
fn check_unit(asset: &AssetId, collateral: &CollateralParams, unit: Value) -> Result<(), ContractError> {
    let min_fill = collateral.min_fill;
    if unit > min_fill {
        let asset = asset.clone();
        return Err(ContractError::CoarseUnit {
            asset,
            unit,
            min_fill,
        });
    }
    Ok(())
}

/// No change of parameters makes a position liquidatable at once.
fn check_in_use(
    deps: Deps,
    now: u64,
    asset: &AssetId,
    old: &AssetParams,
    new: &AssetParams,
) -> Result<(), ContractError> {
    let mut records = Records::open(deps, now)?;
    let refuse = |field, now: String, wanted: String| ContractError::InUse {
        asset: asset.clone(),
        field,
        now,
        wanted,
    };
    let not_lower = |field, now: Decimal, wanted: Option<Decimal>| match wanted {
        Some(wanted) if wanted >= now => Ok(()),
        other => Err(refuse(field, now.to_string(), text(other))),
    };
    let not_higher = |field, now: Decimal, wanted: Option<Decimal>| match wanted {
        Some(wanted) if wanted <= now => Ok(()),
        other => Err(refuse(field, now.to_string(), text(other))),
    };
    if let Some(old) = &old.collateral {
        if !records.holdings(asset)?.collateral.is_zero() {
            let weights = new.collateral.as_ref().map(|new| new.weights);
            not_lower("target weight", old.weights.target, weights.map(|w| w.target))?;
            not_lower(
                "maintenance weight",
                old.weights.maintenance,
                weights.map(|w| w.maintenance),
            )?;
        }
    }
    if let Some(old) = &old.debt {
        if !records.market(asset)?.debt_shares.is_zero() {
            let factors = new.debt.as_ref().map(|new| new.factors);
            not_higher("target factor", old.factors.target, factors.map(|f| f.target))?;
            not_higher(
                "maintenance factor",
                old.factors.maintenance,
                factors.map(|f| f.maintenance),
            )?;
        }
    }
    Ok(())
}

fn text(value: Option<Decimal>) -> String {
    value.map_or_else(|| "none".into(), |value| value.to_string())
}

fn event(asset: &AssetId, params: &AssetParams) -> AssetSet {
    let collateral = params.collateral.as_ref();
    let debt = params.debt.as_ref();
    AssetSet {
        asset: asset.clone(),
        initial_weight: collateral.map(|c| c.weights.initial),
        target_weight: collateral.map(|c| c.weights.target),
        maintenance_weight: collateral.map(|c| c.weights.maintenance),
        overhang_cap: collateral.map(|c| c.overhang_cap),
        clearing_discount: collateral.map(|c| c.clearing_discount),
        min_fill: collateral.map(|c| c.min_fill),
        min_collateral: collateral.map(|c| c.min_collateral),
        initial_factor: debt.map(|d| d.factors.initial),
        target_factor: debt.map(|d| d.factors.target),
        maintenance_factor: debt.map(|d| d.factors.maintenance),
        min_debt: debt.map(|d| d.min_debt),
        depth: params.depth,
        volatility_reference: params.volatility_reference,
        max_age_borrow: params.limits.borrow,
        max_age_fill: params.limits.fill,
        max_age_health: params.limits.health,
        max_age_check: params.limits.check,
    }
}

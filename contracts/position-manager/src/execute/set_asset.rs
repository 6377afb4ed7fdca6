//! `SetAsset`: lists an asset that the vault knows, or changes its parameters.

use cosmwasm_std::{Addr, Decimal, Deps, DepsMut, Response, Storage, Uint128};
use glidepath_interfaces::auction::{SaleTerms, TERMS};
use glidepath_interfaces::events::position_manager::AssetSet;
use glidepath_interfaces::oracle::PRICES;
use glidepath_interfaces::position_manager::{AssetParams, AssetStatus, CollateralParams, Params};
use glidepath_interfaces::vault::{VaultAsset, ASSETS as VAULT_ASSETS, MARKETS};
use glidepath_interfaces::AssetId;
use glidepath_risk::sizing::soft_limit;
use glidepath_risk::{Rounding, Value};

use crate::listed::Listed;
use crate::records::Records;
use crate::state::{assets, Config, ASSETS, CONFIG};
use crate::{validate, ContractError};

/// Maintenance health at which a collateral must be soft-sellable: where a call usually finds a position.
pub const TRIED_AT: Decimal = Decimal::percent(99);

/// Lists `asset`, or changes its parameters; weights and factors move there within `ramp` seconds. What is in use does
/// not become worse for its positions but along a ramp, and stays listed.
pub fn set_asset(
    deps: DepsMut,
    sender: &Addr,
    now: u64,
    asset: AssetId,
    params: AssetParams,
    ramp: u64,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, sender)?;
    let Config { peers, params: rules } = CONFIG.load(deps.storage)?;
    validate::asset(&params)?;
    validate::gone(&asset, params.limits.health, rules.dead_after)?;
    validate::ramp(ramp)?;
    let VaultAsset { info, decimals } = VAULT_ASSETS.query(&deps.querier, &peers.vault, asset.as_str())?;
    if params.debt.is_some() {
        // A debt without a market could be listed and never borrowed; no market is an error.
        MARKETS.query(&deps.querier, &peers.vault, asset.as_str())?;
    }
    let old = ASSETS
        .may_load(deps.storage, asset.as_str())?
        .map(|old| old.at(now))
        .transpose()?
        .map(|old| old.params);
    let is_new = |has: fn(&AssetParams) -> bool| has(&params) && !old.as_ref().is_some_and(has);
    let (new_collateral, new_debt) = (is_new(|p| p.collateral.is_some()), is_new(|p| p.debt.is_some()));
    let min_fill = |p: &AssetParams| p.collateral.as_ref().map(|collateral| collateral.min_fill);
    let fills = min_fill(&params).zip(old.as_ref().and_then(min_fill));
    let smaller_fill = fills.is_some_and(|(now, before)| now < before);
    if new_collateral || new_debt || smaller_fill {
        let price = PRICES
            .query(&deps.querier, &peers.oracle_adapter, asset.as_str())?
            .price;
        let unit = price.value_of(Uint128::one(), decimals, Rounding::Up)?;
        if let Some(collateral) = params
            .collateral
            .as_ref()
            .filter(|_| new_collateral || smaller_fill)
        {
            check_unit(&asset, collateral, unit)?;
        }
        if new_debt {
            validate::debt_unit(&asset, unit)?;
        }
    }
    match &old {
        Some(old) => check_in_use(deps.as_ref(), now, &asset, old, &params, ramp)?,
        None => check_count(deps.storage)?,
    }
    let listed = Listed::new(info, decimals, params, old.as_ref(), ramp, now);
    validate::queued(listed.target(), listed.highest_maintenance(now)?)?;
    if listed.target().collateral.is_some() {
        let terms = TERMS.query(&deps.querier, &peers.liquidation_auction)?;
        check_soft_sellable(&asset, &listed, now, &rules, &terms)?;
    }
    ASSETS.save(deps.storage, asset.as_str(), &listed)?;
    Ok(Response::new().add_event(event(asset, &listed, now)))
}

/// Could every listed collateral be sold softly under these rules and terms of sales?
///
/// # Errors
/// `NotSoftSellable` with the first that could not.
pub fn check_terms(
    storage: &dyn Storage,
    now: u64,
    rules: &Params,
    terms: &SaleTerms,
) -> Result<(), ContractError> {
    assets(storage, None).try_for_each(|row| {
        let (asset, listed) = row?;
        check_soft_sellable(&asset, &listed, now, rules, terms)
    })
}

/// A collateral that no soft sale could sell at the discount at which its buyers come would go straight to close-out.
/// Tried with the highest maintenance weight of its ramp against a debt with a factor of one, the worst. What is dead is
/// never sold.
fn check_soft_sellable(
    asset: &AssetId,
    listed: &Listed,
    now: u64,
    rules: &Params,
    terms: &SaleTerms,
) -> Result<(), ContractError> {
    let params = listed.target();
    let (Some(collateral), Some(maintenance)) = (&params.collateral, listed.highest_maintenance(now)?) else {
        return Ok(());
    };
    let limit = soft_limit(
        terms.soft.curve.floor(),
        rules.eta,
        terms.soft.penalty,
        maintenance,
        Decimal::one(),
        TRIED_AT,
    )?
    .unwrap_or_default();
    if limit < collateral.clearing_discount && params.status != AssetStatus::Dead {
        return Err(ContractError::NotSoftSellable {
            asset: asset.clone(),
            health: TRIED_AT,
            limit,
            clearing: collateral.clearing_discount,
        });
    }
    Ok(())
}

/// One more asset may be listed.
fn check_count(storage: &dyn Storage) -> Result<(), ContractError> {
    let max = validate::MAX_ASSETS;
    let count = ASSETS.keys(storage, None).take(max).count();
    if count >= max {
        return Err(ContractError::TooManyAssets { max });
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

/// No change of parameters makes a position liquidatable at once: what is in use stays listed, and becomes worse along a
/// ramp that gives its owners time.
fn check_in_use(
    deps: Deps,
    now: u64,
    asset: &AssetId,
    old: &AssetParams,
    new: &AssetParams,
    ramp: u64,
) -> Result<(), ContractError> {
    let mut records = Records::open(deps, now)?;
    let gone = |field| ContractError::InUse {
        asset: asset.clone(),
        field,
    };
    let slowly = |is_worse: bool, field, now: Decimal, wanted: Decimal| {
        if is_worse && ramp < validate::MIN_RAMP {
            return Err(ContractError::RampTooShort {
                asset: asset.clone(),
                field,
                now,
                wanted,
                ramp,
                least: validate::MIN_RAMP,
            });
        }
        Ok(())
    };
    if let Some(old) = &old.collateral {
        if !records.holdings(asset)?.collateral.is_zero() {
            let new = new.collateral.as_ref().ok_or_else(|| gone("collateral"))?;
            let (old, new) = (&old.weights, &new.weights);
            slowly(new.target < old.target, "target weight", old.target, new.target)?;
            slowly(
                new.maintenance < old.maintenance,
                "maintenance weight",
                old.maintenance,
                new.maintenance,
            )?;
        }
    }
    if let Some(old) = &old.debt {
        if !records.market(asset)?.debt_shares.is_zero() {
            let new = new.debt.as_ref().ok_or_else(|| gone("debt"))?;
            let (old, new) = (&old.factors, &new.factors);
            slowly(new.target > old.target, "target factor", old.target, new.target)?;
            slowly(
                new.maintenance > old.maintenance,
                "maintenance factor",
                old.maintenance,
                new.maintenance,
            )?;
        }
    }
    Ok(())
}

fn event(asset: AssetId, listed: &Listed, now: u64) -> AssetSet {
    let params = listed.target();
    let collateral = params.collateral.as_ref();
    let queue = collateral.and_then(|c| c.queue.as_ref());
    let debt = params.debt.as_ref();
    AssetSet {
        asset,
        status: params.status.to_string(),
        ramp_until: listed.ramp(now).map(|ramp| ramp.span.end),
        initial_weight: collateral.map(|c| c.weights.initial),
        target_weight: collateral.map(|c| c.weights.target),
        maintenance_weight: collateral.map(|c| c.weights.maintenance),
        overhang_cap: collateral.map(|c| c.overhang_cap),
        clearing_discount: collateral.map(|c| c.clearing_discount),
        min_fill: collateral.map(|c| c.min_fill),
        min_collateral: collateral.map(|c| c.min_collateral),
        volatility_factor: collateral.map(|c| c.volatility_factor),
        size_factor: collateral.map(|c| c.size_factor),
        queue_rate: queue.map(|queue| queue.rate),
        queue_burst: queue.map(|queue| queue.burst),
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
        max_confidence: params.limits.confidence,
        max_deviation: params.limits.deviation,
    }
}

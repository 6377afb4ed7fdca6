//! What the owner decides: assets, markets, the split of penalties, and the contract itself.

use cosmwasm_std::{Addr, BlockInfo, Decimal, DepsMut, QuerierWrapper, Response, Storage, Uint128};
use cw20::{Cw20QueryMsg, TokenInfoResponse};
use cw_asset::{AssetInfo, AssetInfoUnchecked};
use glidepath_interfaces::admin::{self, OwnershipMsg};
use glidepath_interfaces::events::vault::{
    AssetListed, CapsLowered, GuardianSet, MarketSet, OwnershipUpdated, PenaltySplitSet,
};
use glidepath_interfaces::vault::{
    Cover, Holdings, InstantiateMsg, MarketTerms, PenaltySplit, VaultAsset, ASSETS,
};
use glidepath_interfaces::AssetId;
use glidepath_risk::market::Market;

use crate::books::open_market;
use crate::error::ContractError;
use crate::state::{listed, Config, CONFIG, COVER, HOLDINGS, MARKETS, MARKET_TERMS, MAX_DECIMALS, NAMES};

/// Creates the vault at `own` address.
pub fn instantiate(deps: DepsMut, own: &Addr, msg: InstantiateMsg) -> Result<Response, ContractError> {
    let peers = msg.peers.validate(deps.api)?;
    if peers.vault != *own {
        return Err(ContractError::NotItself {
            named: peers.vault,
            own: own.clone(),
        });
    }
    check_split(&msg.penalty_split)?;
    cw_ownable::initialize_owner(deps.storage, deps.api, Some(&msg.owner))?;
    let config = Config {
        peers,
        penalty_split: msg.penalty_split,
    };
    CONFIG.save(deps.storage, &config)?;
    let guardian = admin::name_guardian(deps.storage, deps.api, msg.guardian.as_deref())?;
    Ok(Response::new()
        .add_event(split_set(&config.penalty_split))
        .add_event(GuardianSet { guardian }))
}

/// Lists an asset; its name stands for this token for ever.
pub fn list_asset(
    deps: DepsMut,
    sender: &Addr,
    asset: AssetId,
    info: AssetInfoUnchecked,
    decimals: u8,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, sender)?;
    let info = info.check(deps.api, None)?;
    check_info(&info)?;
    if decimals > MAX_DECIMALS {
        return Err(ContractError::TooManyDecimals {
            decimals,
            max: MAX_DECIMALS,
        });
    }
    if ASSETS.has(deps.storage, asset.as_str()) {
        return Err(ContractError::AlreadyListed { asset });
    }
    if let Some(name) = NAMES.may_load(deps.storage, &info)? {
        return Err(ContractError::AlsoListedAs { info, asset: name });
    }
    check_decimals(deps.querier, &asset, &info, decimals)?;
    NAMES.save(deps.storage, &info, &asset)?;
    let text = info.to_string();
    ASSETS.save(deps.storage, asset.as_str(), &VaultAsset { info, decimals })?;
    HOLDINGS.save(deps.storage, asset.as_str(), &Holdings::default())?;
    Ok(Response::new().add_event(AssetListed {
        asset,
        info: text,
        decimals,
    }))
}

/// A token says how many decimals it has; a mistake of one makes everything of it worth ten times what it is. Of a coin
/// nobody can say it.
fn check_decimals(
    querier: QuerierWrapper,
    asset: &AssetId,
    info: &AssetInfo,
    decimals: u8,
) -> Result<(), ContractError> {
    let AssetInfo::Cw20(token) = info else {
        return Ok(());
    };
    let told: TokenInfoResponse = querier
        .query_wasm_smart(token, &Cw20QueryMsg::TokenInfo {})
        .map_err(|error| ContractError::NoToken {
            token: token.clone(),
            reason: error.to_string(),
        })?;
    if told.decimals != decimals {
        return Err(ContractError::WrongDecimals {
            asset: asset.clone(),
            decimals,
            token: told.decimals,
        });
    }
    Ok(())
}

/// A native denom must be one that a bank module can have. What looks like a written-out token is refused too:
/// `native:cw20:…` is a denom that only somebody who wants to be mistaken would choose.
fn check_info(info: &AssetInfo) -> Result<(), ContractError> {
    let AssetInfo::Native(denom) = info else {
        return Ok(());
    };
    let tail = |c: char| c.is_ascii_alphanumeric() || "/:._-".contains(c);
    let fits = (3..=128).contains(&denom.len())
        && denom.starts_with(|c: char| c.is_ascii_alphabetic())
        && denom.chars().all(tail)
        && !denom.to_ascii_lowercase().starts_with("cw20:");
    if !fits {
        return Err(ContractError::BadDenom { denom: denom.clone() });
    }
    Ok(())
}

/// Opens a market, or books its interest under the old terms and changes them.
pub fn set_market(
    storage: &mut dyn Storage,
    now: u64,
    sender: &Addr,
    asset: AssetId,
    terms: MarketTerms,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(storage, sender)?;
    listed(storage, &asset)?;
    check_terms(&terms)?;
    let mut market = if MARKETS.has(storage, asset.as_str()) {
        open_market(storage, &asset, now)?.state
    } else {
        COVER.save(storage, asset.as_str(), &Cover::default())?;
        Market::new(now, Decimal::zero())
    };
    let old = MARKET_TERMS.may_load(storage, asset.as_str())?;
    not_below_use(&terms, &market, old.as_ref())?;
    market.set_rate(&terms.rate_model)?;
    MARKETS.save(storage, asset.as_str(), &market)?;
    MARKET_TERMS.save(storage, asset.as_str(), &terms)?;
    let MarketTerms {
        rate_model: model,
        reserve_factor,
        supply_cap,
        borrow_cap,
    } = terms;
    Ok(Response::new().add_event(MarketSet {
        asset,
        base: model.base,
        kink: model.kink,
        slope_low: model.slope_low,
        slope_high: model.slope_high,
        reserve_factor,
        supply_cap,
        borrow_cap,
    }))
}

/// Lowers caps of a market, the owner or the guardian. Nobody lends or borrows at other terms for it, so no interest is
/// booked.
pub fn lower_caps(
    storage: &mut dyn Storage,
    now: u64,
    sender: &Addr,
    asset: AssetId,
    supply_cap: Option<Uint128>,
    borrow_cap: Option<Uint128>,
) -> Result<Response, ContractError> {
    admin::role(storage, sender)?;
    if supply_cap.is_none() && borrow_cap.is_none() {
        return Err(ContractError::BadParameter {
            field: "caps",
            value: "neither of the two".into(),
            bound: "at least one".into(),
        });
    }
    let market = open_market(storage, &asset, now)?;
    let old = market.terms;
    let terms = MarketTerms {
        supply_cap: lowered("supply_cap", supply_cap, old.supply_cap)?,
        borrow_cap: lowered("borrow_cap", borrow_cap, old.borrow_cap)?,
        ..old.clone()
    };
    check_terms(&terms)?;
    not_below_use(&terms, &market.state, Some(&old))?;
    MARKET_TERMS.save(storage, asset.as_str(), &terms)?;
    Ok(Response::new().add_event(CapsLowered {
        asset,
        supply_cap: terms.supply_cap,
        borrow_cap: terms.borrow_cap,
        by: sender.clone(),
    }))
}

/// A cap that is not raised; the one in force if none is given.
fn lowered(field: &'static str, cap: Option<Uint128>, in_force: Uint128) -> Result<Uint128, ContractError> {
    let cap = cap.unwrap_or(in_force);
    if cap > in_force {
        return Err(ContractError::BadParameter {
            field,
            value: cap.to_string(),
            bound: format!("at most {in_force}, the cap in force"),
        });
    }
    Ok(cap)
}

/// Caps are not below what is in use. Interest lifts that above a cap; the same cap again must then be no obstacle to the
/// other terms.
fn not_below_use(
    terms: &MarketTerms,
    market: &Market,
    old: Option<&MarketTerms>,
) -> Result<(), ContractError> {
    let floor = |used: Uint128, cap: fn(&MarketTerms) -> Uint128| old.map_or(used, |old| used.min(cap(old)));
    at_least(
        "supply_cap",
        terms.supply_cap,
        floor(market.total_assets()?, |terms| terms.supply_cap),
    )?;
    at_least(
        "borrow_cap",
        terms.borrow_cap,
        floor(market.total_debt()?, |terms| terms.borrow_cap),
    )
}

fn check_terms(terms: &MarketTerms) -> Result<(), ContractError> {
    if !terms.rate_model.is_valid() {
        let model = &terms.rate_model;
        return Err(ContractError::BadParameter {
            field: "rate_model",
            value: format!(
                "base {}, kink {}, slopes {} and {}",
                model.base, model.kink, model.slope_low, model.slope_high
            ),
            bound: format!(
                "of a kink inside (0, 1) and at most {} a year",
                glidepath_risk::interest::MAX_RATE
            ),
        });
    }
    if terms.reserve_factor >= Decimal::one() {
        return Err(ContractError::BadParameter {
            field: "reserve_factor",
            value: terms.reserve_factor.to_string(),
            bound: "below 1".into(),
        });
    }
    at_least("supply_cap", terms.supply_cap, Uint128::one())?;
    at_least("borrow_cap", terms.borrow_cap, Uint128::one())
}

/// A cap is never zero and never lowered below what is in use.
fn at_least(field: &'static str, cap: Uint128, least: Uint128) -> Result<(), ContractError> {
    if cap < least {
        return Err(ContractError::BadParameter {
            field,
            value: cap.to_string(),
            bound: format!("at least {least}"),
        });
    }
    Ok(())
}

/// Changes the split of penalties.
pub fn set_penalty_split(
    storage: &mut dyn Storage,
    sender: &Addr,
    split: PenaltySplit,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(storage, sender)?;
    check_split(&split)?;
    let event = split_set(&split);
    let mut config = CONFIG.load(storage)?;
    config.penalty_split = split;
    CONFIG.save(storage, &config)?;
    Ok(Response::new().add_event(event))
}

fn check_split(split: &PenaltySplit) -> Result<(), ContractError> {
    let sum = split
        .fund
        .checked_add(split.keepers)
        .and_then(|sum| sum.checked_add(split.reserves))
        .map_err(glidepath_risk::RiskError::from)?;
    if sum != Decimal::one() {
        return Err(ContractError::BadSplit { sum });
    }
    Ok(())
}

fn split_set(split: &PenaltySplit) -> PenaltySplitSet {
    PenaltySplitSet {
        fund: split.fund,
        keepers: split.keepers,
        reserves: split.reserves,
    }
}

/// Names the guardian, or none.
pub fn set_guardian(deps: DepsMut, sender: &Addr, guardian: Option<&str>) -> Result<Response, ContractError> {
    let guardian = admin::set_guardian(deps.storage, deps.api, sender, guardian)?;
    Ok(Response::new().add_event(GuardianSet { guardian }))
}

/// Two-step transfer of the contract.
pub fn update_ownership(
    deps: DepsMut,
    block: &BlockInfo,
    sender: &Addr,
    msg: OwnershipMsg,
) -> Result<Response, ContractError> {
    let ownership = admin::update_ownership(deps.storage, deps.api, block, sender, msg)?;
    Ok(Response::new().add_event(OwnershipUpdated {
        owner: ownership.owner,
        pending_owner: ownership.pending_owner,
    }))
}

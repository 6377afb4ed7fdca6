//! Lots that nobody wanted: `SetBackstop`, what the stakers `Bought`, `Claim`.

use cosmwasm_std::{Addr, DepsMut, Response, Uint128};
use glidepath_interfaces::asset::{call, Amount};
use glidepath_interfaces::events::fund::{BackstopSet, GoodsBought, GoodsClaimed};
use glidepath_interfaces::fund::BackstopRule;
use glidepath_interfaces::{vault, AssetId};

use crate::books::Books;
use crate::error::ContractError;
use crate::goods;
use crate::state::{BACKSTOP_RULES, CONFIG};
use crate::validate;

/// Publishes what the stakers of a market may buy from now on. Market and collaterals must exist: a rule under a misspelt name
/// would be none.
pub fn set_backstop(
    deps: DepsMut,
    now: u64,
    sender: &Addr,
    asset: AssetId,
    rule: &BackstopRule,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, sender)?;
    let books = Books::open(deps.as_ref(), asset.clone(), now)?;
    let bought = goods::of(deps.storage, &asset, books.pool.generation)?.lines;
    let bought: Vec<_> = bought.into_iter().map(|line| line.asset).collect();
    validate::backstop(&asset, rule, &bought)?;
    for cap in &rule.collaterals {
        vault::ASSETS.query(&deps.querier, &books.config.peers.vault, cap.asset.as_str())?;
    }
    BACKSTOP_RULES.save(deps.storage, asset.as_str(), rule)?;
    let caps = rule.collaterals.iter();
    let caps: Vec<_> = caps
        .map(|cap| format!("{}:{}", cap.asset, cap.epoch_cap))
        .collect();
    Ok(Response::new()
        .add_events(books.close(deps.storage)?)
        .add_event(BackstopSet {
            asset,
            max_share: rule.max_share,
            epoch: rule.epoch,
            collaterals: (!caps.is_empty()).then(|| caps.join(",")),
        }))
}

/// Books what the stakers of a market bought: their shares are gone, and it is theirs at once, unit by unit.
pub fn bought(
    deps: DepsMut,
    now: u64,
    sender: &Addr,
    asset: AssetId,
    shares: Uint128,
    goods: Amount,
) -> Result<Response, ContractError> {
    let expected = CONFIG.load(deps.storage)?.peers.vault;
    if *sender != expected {
        return Err(ContractError::NotVault {
            sender: sender.clone(),
            expected,
        });
    }
    let (books, buyers) = Books::after(deps.as_ref(), asset.clone(), now, shares)?;
    goods::add(deps.storage, &asset, &buyers, &goods)?;
    Ok(Response::new()
        .add_events(books.close(deps.storage)?)
        .add_event(GoodsBought {
            asset,
            collateral: goods.asset,
            amount: goods.amount,
            shares,
            units: buyers.units,
        }))
}

/// Hands a staker what his units bought of a collateral, those that he has given up since too. It needs no cooldown: what was
/// spent on it bears no loss any more.
pub fn claim(
    deps: DepsMut,
    now: u64,
    sender: &Addr,
    asset: AssetId,
    collateral: AssetId,
) -> Result<Response, ContractError> {
    let books = Books::open(deps.as_ref(), asset.clone(), now)?;
    let units = books.stake(deps.storage, sender)?.units;
    let mut claims = goods::claims(deps.storage, &books, sender)?;
    let amount = claims.take(&collateral);
    if amount.is_zero() {
        return Err(ContractError::NothingToClaim { asset, collateral });
    }
    goods::save(deps.storage, &books, sender, claims, units)?;
    goods::hand_out(deps.storage, &collateral, amount)?;
    let payout = vault::ExecuteMsg::WithdrawAccount {
        asset: collateral.clone(),
        amount: Some(amount),
        recipient: Some(sender.to_string()),
    };
    let payout = call(&books.config.peers.vault, &payout)?;
    Ok(Response::new()
        .add_message(payout)
        .add_events(books.close(deps.storage)?)
        .add_event(GoodsClaimed {
            asset,
            staker: sender.clone(),
            collateral,
            amount,
        }))
}

//! Queries. Interest and surcharge are computed up to the block of the query.

use cosmwasm_std::{to_json_binary, Addr, Binary, Decimal, Deps, Env, StdError, Storage, Uint128};
use glidepath_interfaces::vault::{
    Account, AccountResponse, AssetResponse, ConfigResponse, LedgerResponse, MarketResponse, OwedResponse,
    QueryMsg, SolvencyResponse, SupplyResponse, ASSETS,
};
use glidepath_interfaces::{page, AssetId};
use glidepath_risk::debt::debt_of;
use glidepath_risk::RiskError;

use crate::books::{open_market, OpenMarket};
use crate::error::ContractError;
use crate::execute::supply::shares_of;
use crate::state::{
    account, listed, ACCOUNTS, BACKSTOPS, CONFIG, COVER, GUARDIAN, HOLDINGS, LEDGERS, MARKETS, TICKETS,
};

/// Answers a question.
pub fn answer(deps: Deps, env: &Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let now = env.block.time.seconds();
    let address = |text: String| deps.api.addr_validate(&text);
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&config(deps.storage)?),
        QueryMsg::Assets { start_after, limit } => to_json_binary(&assets(deps.storage, start_after, limit)?),
        QueryMsg::Market { asset } => to_json_binary(&market(deps.storage, now, asset)?),
        QueryMsg::Markets { start_after, limit } => {
            to_json_binary(&markets(deps.storage, now, start_after, limit)?)
        }
        QueryMsg::Ledger { position } => to_json_binary(&ledger(deps.storage, now, position)?),
        QueryMsg::Supply { asset, account } => {
            to_json_binary(&supply(deps.storage, now, &asset, &address(account)?)?)
        }
        QueryMsg::Account { account, asset } => {
            to_json_binary(&account_of(deps.storage, &address(account)?, asset)?)
        }
        QueryMsg::Accounts {
            account,
            start_after,
            limit,
        } => to_json_binary(&accounts(deps.storage, &address(account)?, start_after, limit)?),
        QueryMsg::Ticket { position } => to_json_binary(&TICKETS.may_load(deps.storage, position)?),
        QueryMsg::Solvency { asset } => to_json_binary(&solvency(deps, &env.contract.address, &asset)?),
        QueryMsg::Ownership {} => to_json_binary(&cw_ownable::get_ownership(deps.storage)?),
    };
    Ok(answer?)
}

fn config(storage: &dyn Storage) -> Result<ConfigResponse, ContractError> {
    let config = CONFIG.load(storage)?;
    Ok(ConfigResponse {
        peers: config.peers,
        penalty_split: config.penalty_split,
        guardian: GUARDIAN.may_load(storage)?,
    })
}

fn assets(
    storage: &dyn Storage,
    start_after: Option<AssetId>,
    limit: Option<u32>,
) -> Result<Vec<AssetResponse>, ContractError> {
    ASSETS
        .after(storage, start_after.as_ref().map(AssetId::as_str))
        .take(page::size(limit))
        .map(|row| {
            let (name, listed) = row?;
            let held = HOLDINGS.load(storage, &name)?;
            Ok(AssetResponse {
                asset: named(name)?,
                info: listed.info,
                decimals: listed.decimals,
                collateral: held.collateral,
                accounts: held.accounts,
            })
        })
        .collect()
}

fn market(storage: &dyn Storage, now: u64, asset: AssetId) -> Result<MarketResponse, ContractError> {
    let OpenMarket { terms, state } = open_market(storage, &asset, now)?;
    let utilisation = state.utilisation()?;
    // Out of every unit of interest the suppliers keep what the reserves don't take, over all that is supplied.
    let supply_rate = state
        .rate
        .checked_mul(utilisation)
        .and_then(|rate| rate.checked_mul(Decimal::one().saturating_sub(terms.reserve_factor)))
        .map_err(RiskError::from)?;
    Ok(MarketResponse {
        cover: COVER.load(storage, asset.as_str())?,
        backstop: BACKSTOPS.may_load(storage, asset.as_str())?.unwrap_or_default(),
        asset,
        total_assets: state.total_assets()?,
        total_debt: state.total_debt()?,
        utilisation,
        borrow_rate: state.rate,
        supply_rate,
        supply_price: state.supply_price()?,
        market: state,
        terms,
    })
}

fn markets(
    storage: &dyn Storage,
    now: u64,
    start_after: Option<AssetId>,
    limit: Option<u32>,
) -> Result<Vec<MarketResponse>, ContractError> {
    MARKETS
        .after(storage, start_after.as_ref().map(AssetId::as_str))
        .take(page::size(limit))
        .map(|row| market(storage, now, named(row?.0)?))
        .collect()
}

fn ledger(storage: &dyn Storage, now: u64, position: u64) -> Result<LedgerResponse, ContractError> {
    let ledger = LEDGERS
        .may_load(storage, position)?
        .ok_or(ContractError::NoPosition { position })?;
    let owed = ledger
        .debts
        .iter()
        .map(|entry| {
            let market = MARKETS.load(storage, entry.asset.as_str())?;
            let owed = debt_of(&entry.debt, &market, ledger.surcharge_rate, now)?;
            Ok(OwedResponse {
                asset: entry.asset.clone(),
                principal: owed.principal,
                surcharge: owed.surcharge,
            })
        })
        .collect::<Result<_, ContractError>>()?;
    Ok(LedgerResponse { ledger, owed })
}

fn supply(
    storage: &dyn Storage,
    now: u64,
    asset: &AssetId,
    lender: &Addr,
) -> Result<SupplyResponse, ContractError> {
    let market = open_market(storage, asset, now)?.state;
    let shares = shares_of(storage, &CONFIG.load(storage)?, &market, lender, asset)?;
    Ok(SupplyResponse {
        shares,
        amount: market.assets_for_shares(shares)?,
    })
}

fn account_of(storage: &dyn Storage, owner: &Addr, asset: AssetId) -> Result<AccountResponse, ContractError> {
    listed(storage, &asset)?;
    let Account { amount, set_aside } = account(storage, owner, &asset)?;
    Ok(AccountResponse {
        asset,
        amount,
        set_aside,
    })
}

fn accounts(
    storage: &dyn Storage,
    owner: &Addr,
    start_after: Option<AssetId>,
    limit: Option<u32>,
) -> Result<Vec<AccountResponse>, ContractError> {
    ACCOUNTS
        .within(storage, owner, start_after.as_ref().map(AssetId::as_str))
        .take(page::size(limit))
        .map(|row| {
            let (name, Account { amount, set_aside }) = row?;
            Ok(AccountResponse {
                asset: named(name)?,
                amount,
                set_aside,
            })
        })
        .collect()
}

fn solvency(deps: Deps, own: &Addr, asset: &AssetId) -> Result<SolvencyResponse, ContractError> {
    let listed = listed(deps.storage, asset)?;
    let held = HOLDINGS.load(deps.storage, asset.as_str())?;
    let market = MARKETS.may_load(deps.storage, asset.as_str())?;
    let of_market =
        |part: fn(&glidepath_risk::market::Market) -> Uint128| market.as_ref().map_or(Uint128::zero(), part);
    Ok(SolvencyResponse {
        collateral: held.collateral,
        cash: of_market(|market| market.cash),
        dues: of_market(|market| market.dues),
        accounts: held.accounts,
        balance: listed.info.query_balance(&deps.querier, own)?,
    })
}

/// A name out of a storage key.
fn named(key: String) -> Result<AssetId, ContractError> {
    Ok(AssetId::try_from(key).map_err(|bad| StdError::generic_err(bad.to_string()))?)
}

//! What it publishes: its assets, markets and ledgers.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Decimal, Decimal256, QuerierWrapper, Uint128};
use cw_asset::AssetInfo;
use glidepath_risk::debt::Debt;
use glidepath_risk::interest::RateModel;
use glidepath_risk::market::Market;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::asset::Amount;
use crate::record::{ReadError, RecordMap};
use crate::AssetId;

/// Assets that the vault may hold, by name. Never changes once listed.
pub const ASSETS: RecordMap<&str, VaultAsset> = RecordMap::new("asset");
/// What the vault owes of an asset beside its market, by name.
pub const HOLDINGS: RecordMap<&str, Holdings> = RecordMap::new("held");
/// Lending markets, by name of their asset.
pub const MARKETS: RecordMap<&str, Market> = RecordMap::new("market");
/// Terms of the markets, by name of their asset.
pub const MARKET_TERMS: RecordMap<&str, MarketTerms> = RecordMap::new("market_terms");
/// Losses of the markets, by name of their asset.
pub const COVER: RecordMap<&str, Cover> = RecordMap::new("cover");
/// What the vault owes, by owner and asset.
pub const ACCOUNTS: RecordMap<(&Addr, &str), Account> = RecordMap::new("account");
/// Ledgers of the positions.
pub const LEDGERS: RecordMap<u64, Ledger> = RecordMap::new("ledger");

crate::record!(VaultAsset, "asset", 2);
crate::record!(Holdings, "holdings", 2);
crate::record!(Market, "market", 2);
crate::record!(MarketTerms, "market terms", 2);
crate::record!(Cover, "cover", 2);
crate::record!(Ledger, "ledger", 2);
crate::record!(Account, "account", 2);
crate::record!(Ticket, "ticket", 2);

/// What an asset's name stands for.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct VaultAsset {
    /// Native denom or cw20 token.
    pub info: AssetInfo,
    /// Decimals of a whole token, at most 18.
    pub decimals: u8,
}

/// What the vault owes of an asset beside its market's cash and dues.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
pub struct Holdings {
    /// Sum of all positions' collateral.
    pub collateral: Uint128,
    /// Sum of all accounts.
    pub accounts: Uint128,
}

/// Terms of a lending market.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct MarketTerms {
    /// Borrow rate by utilisation.
    pub rate_model: RateModel,
    /// Part of the interest that goes to the reserves, below 1.
    pub reserve_factor: Decimal,
    /// Most that may be supplied, in base units.
    pub supply_cap: Uint128,
    /// Most that may be lent, in base units.
    pub borrow_cap: Uint128,
}

/// What went wrong in a market.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
pub struct Cover {
    /// Number of the cover epoch (`time / epoch length`) that `covered` belongs to.
    pub epoch: u64,
    /// Base units that the fund has paid in that epoch.
    pub covered: Uint128,
    /// Debts of positions that are flagged insolvent.
    pub insolvent: u32,
}

/// Everything a position holds and owes. The vault's ledger counts, a bank balance never does.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// Collateral, in the order of the first deposit; no zero amounts.
    pub collateral: Vec<Amount>,
    /// Debts, in the order of the first borrow; none that owes nothing.
    pub debts: Vec<LedgerDebt>,
    /// Surcharge per year on the principal while the position is in distress, else zero.
    pub surcharge_rate: Decimal,
    /// Permission to sell, only in distress.
    pub sale: Option<SalePermission>,
}

/// One debt of a position.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct LedgerDebt {
    /// Which asset is owed.
    pub asset: AssetId,
    /// Shares and surcharge.
    pub debt: Debt,
    /// Counted among the market's insolvent debts.
    pub insolvent: bool,
}

/// The auction may settle this pair of this position, at this price or above, and nothing else.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct SalePermission {
    /// Collateral that may be sold.
    pub collateral: AssetId,
    /// Debt that it repays.
    pub debt: AssetId,
    /// Debt base units per whole collateral token.
    pub min_price: Decimal256,
    /// Debt base units earned by keepers and not credited yet.
    pub keepers: Uint128,
}

/// What the vault owes somebody of an asset. Spent by its owner, but for what he set aside: that the auction may exchange for
/// collateral.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// Base units.
    pub amount: Uint128,
    /// Part of them that the auction may spend on his bids.
    pub set_aside: Uint128,
}

/// Another contract's reading of an account: nothing where there is none.
pub fn account(
    querier: &QuerierWrapper,
    vault: &Addr,
    owner: &Addr,
    asset: &AssetId,
) -> Result<Account, ReadError> {
    let found = ACCOUNTS.may_query(querier, vault, (owner, asset.as_str()))?;
    Ok(found.unwrap_or_default())
}

/// A fill that was delivered and not paid yet. It lives inside one message.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct Ticket {
    /// Debt.
    pub asset: AssetId,
    /// Base units to pay, penalty included.
    pub owed: Uint128,
    /// Part of them that is the suppliers': counted among the market's tickets until it is paid.
    pub cash: Uint128,
}

//! Every storage key of the vault. The published ones (`asset`, `held`, `market`, `market_terms`, `cover`, `backstop`,
//! `account`, `ledger`) live in the interfaces, for others read them raw; so does `guardian`; `contract_info` and `ownership` belong to `cw2` and
//! `cw_ownable`.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Decimal, Storage, Uint128};
use cw_asset::AssetInfo;
use cw_storage_plus::Map;
pub use glidepath_interfaces::admin::GUARDIAN;
use glidepath_interfaces::record::{RecordItem, RecordMap};
use glidepath_interfaces::vault::{Account, PenaltySplit, Ticket, VaultAsset, ASSETS};
pub use glidepath_interfaces::vault::{ACCOUNTS, BACKSTOPS, COVER, HOLDINGS, LEDGERS, MARKETS, MARKET_TERMS};
use glidepath_interfaces::{record, AssetId, Peers};

use crate::error::ContractError;

/// Peers and split of penalties.
pub const CONFIG: RecordItem<Config> = RecordItem::new("config");

record!(Config, "config", 2);

/// Supply shares by lender and market. The fund's and the reserves' are counters in the market's record.
pub const SUPPLIES: Map<(&Addr, &str), Uint128> = Map::new("supply");
/// Fills that were delivered and not paid yet, by position.
pub const TICKETS: RecordMap<u64, Ticket> = RecordMap::new("ticket");
/// Name by token, the way back from [`ASSETS`]: no token has two names.
pub const NAMES: Map<&AssetInfo, AssetId> = Map::new("name");

/// Highest part of the repaid debt that a fill may take as penalty, whatever the auction says: the penalties of all
/// modes together are far below it, and it bounds what a broken auction could take from a borrower.
pub const MAX_PENALTY: Decimal = Decimal::percent(10);
/// Most decimals of a token: `10^18` whole units still resolve in a `Decimal`.
pub const MAX_DECIMALS: u8 = 18;

/// What a vault is told at its creation, and the owner's split of penalties.
#[cw_serde]
pub struct Config {
    /// The suite.
    pub peers: Peers<Addr>,
    /// Split of penalties.
    pub penalty_split: PenaltySplit,
}

impl Config {
    /// Is it the position manager?
    pub fn only_position_manager(&self, sender: &Addr) -> Result<(), ContractError> {
        only(sender, &self.peers.position_manager, "position manager")
    }

    /// Is it the auction?
    pub fn only_auction(&self, sender: &Addr) -> Result<(), ContractError> {
        only(sender, &self.peers.liquidation_auction, "liquidation auction")
    }

    /// Is it this contract?
    pub fn only_itself(&self, sender: &Addr) -> Result<(), ContractError> {
        only(sender, &self.peers.vault, "vault")
    }

    /// Somebody who may get coins: no contract of the suite, where they would be stuck.
    pub fn user(&self, address: &Addr) -> Result<(), ContractError> {
        if self.peers.contains(address) {
            return Err(ContractError::SuiteContract {
                address: address.clone(),
            });
        }
        Ok(())
    }

    /// Somebody who may own a supply, or whose account anybody may fill: a user, or the insurance fund.
    pub fn lender(&self, address: &Addr) -> Result<(), ContractError> {
        if *address == self.peers.insurance_fund {
            return Ok(());
        }
        self.user(address)
    }
}

fn only(sender: &Addr, allowed: &Addr, role: &'static str) -> Result<(), ContractError> {
    if sender != allowed {
        return Err(ContractError::Unauthorized {
            sender: sender.clone(),
            role,
        });
    }
    Ok(())
}

/// What somebody's account has.
pub fn account(storage: &dyn Storage, owner: &Addr, asset: &AssetId) -> Result<Account, ContractError> {
    Ok(ACCOUNTS
        .may_load(storage, (owner, asset.as_str()))?
        .unwrap_or_default())
}

/// Stores an account; one of nothing is removed.
pub fn set_account(
    storage: &mut dyn Storage,
    owner: &Addr,
    asset: &AssetId,
    account: &Account,
) -> Result<(), ContractError> {
    let key = (owner, asset.as_str());
    if account.amount.is_zero() {
        ACCOUNTS.remove(storage, key);
        return Ok(());
    }
    Ok(ACCOUNTS.save(storage, key, account)?)
}

/// What an asset's name stands for.
pub fn listed(storage: &dyn Storage, asset: &AssetId) -> Result<VaultAsset, ContractError> {
    ASSETS
        .may_load(storage, asset.as_str())?
        .ok_or_else(|| ContractError::NotListed { asset: asset.clone() })
}

/// Adds to an entry of a map of amounts.
pub fn add(
    storage: &mut dyn Storage,
    map: &Map<(&Addr, &str), Uint128>,
    key: (&Addr, &str),
    amount: Uint128,
) -> Result<(), ContractError> {
    let held = map.may_load(storage, key)?.unwrap_or_default();
    let sum = held.checked_add(amount).map_err(cosmwasm_std::StdError::from)?;
    Ok(map.save(storage, key, &sum)?)
}

/// Sets an entry of a map of amounts; one of zero is removed.
pub fn set(
    storage: &mut dyn Storage,
    map: &Map<(&Addr, &str), Uint128>,
    key: (&Addr, &str),
    amount: Uint128,
) -> Result<(), ContractError> {
    if amount.is_zero() {
        map.remove(storage, key);
        return Ok(());
    }
    Ok(map.save(storage, key, &amount)?)
}

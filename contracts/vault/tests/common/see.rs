//! What is seen of the vault: answers, records, events, and the invariants 1 and 2.

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_schema::serde::de::DeserializeOwned;
use cosmwasm_std::testing::mock_env;
use cosmwasm_std::{Deps, Event, StdResult, Uint128};
use cw_multi_test::AppResponse;
use glidepath_interfaces::vault::{
    AccountResponse, AssetResponse, Ledger, LedgerResponse, MarketResponse, QueryMsg, SolvencyResponse,
    SupplyResponse,
};
use glidepath_vault::{contract, ContractError};

use super::{denom, id, Suite, ASSETS, USERS};

impl Suite {
    // ------------------------------------------------------------ what is seen

    pub fn ask<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.vault, msg).unwrap()
    }

    /// Why a query is not answered.
    pub fn ask_err(&self, msg: &QueryMsg) -> ContractError {
        let storage = self.app.contract_storage(&self.vault);
        let deps = Deps {
            storage: storage.as_ref(),
            api: self.app.api(),
            querier: self.app.wrap(),
        };
        let mut env = mock_env();
        env.block = self.app.block_info();
        env.contract.address = self.vault.clone();
        contract::query(deps, env, msg.clone()).expect_err("an answer")
    }

    pub fn market(&self, asset: &str) -> MarketResponse {
        self.ask(&QueryMsg::Market { asset: id(asset) })
    }

    pub fn ledger(&self, position: u64) -> Ledger {
        self.ask::<LedgerResponse>(&QueryMsg::Ledger { position }).ledger
    }

    /// Principal and surcharge of the first debt.
    pub fn owed(&self, position: u64) -> (u128, u128) {
        let response: LedgerResponse = self.ask(&QueryMsg::Ledger { position });
        let first = &response.owed[0];
        (first.principal.u128(), first.surcharge.u128())
    }

    pub fn shares(&self, who: &str, asset: &str) -> SupplyResponse {
        self.ask(&QueryMsg::Supply {
            asset: id(asset),
            account: self.addr(who).into(),
        })
    }

    pub fn account(&self, who: &str, asset: &str) -> u128 {
        self.account_of(who, asset).amount.u128()
    }

    /// An account and what of it is set aside.
    pub fn account_of(&self, who: &str, asset: &str) -> AccountResponse {
        self.ask(&QueryMsg::Account {
            account: self.addr(who).into(),
            asset: id(asset),
        })
    }

    pub fn solvency(&self, asset: &str) -> SolvencyResponse {
        self.ask(&QueryMsg::Solvency { asset: id(asset) })
    }

    /// Coins or tokens in somebody's own purse.
    pub fn purse(&self, who: &str, asset: &str) -> u128 {
        let address = self.addr(who);
        if asset == "tok" {
            let query = cw20::Cw20QueryMsg::Balance {
                address: address.into(),
            };
            let balance: cw20::BalanceResponse =
                self.app.wrap().query_wasm_smart(&self.token, &query).unwrap();
            return balance.balance.u128();
        }
        let coin = self.app.wrap().query_balance(address, denom(asset)).unwrap();
        coin.amount.u128()
    }

    /// Every record of the vault.
    pub fn records(&self) -> BTreeMap<Vec<u8>, Vec<u8>> {
        self.app.dump_wasm_raw(&self.vault).into_iter().collect()
    }

    /// Keys of records that differ from `before`, as text.
    pub fn changed(&self, before: &BTreeMap<Vec<u8>, Vec<u8>>) -> Vec<String> {
        let after = self.records();
        let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
        keys.into_iter()
            .filter(|key| before.get(*key) != after.get(*key))
            .map(|key| {
                // A namespace has its length in two bytes before it.
                let text = String::from_utf8_lossy(key).into_owned();
                text.chars().filter(|c| !c.is_control()).collect()
            })
            .collect()
    }

    // ------------------------------------------------------------ invariants 1 and 2

    /// Coins cover what is owed, with equality but for donations; the sums of the parts are the totals; no supply
    /// price has fallen.
    pub fn check(&mut self) {
        let listed: Vec<AssetResponse> = self.ask(&QueryMsg::Assets {
            start_after: None,
            limit: None,
        });
        for asset in listed.iter().map(|listed| listed.asset.as_str()) {
            if ASSETS.contains(&asset) {
                self.check_asset(asset);
            }
        }
    }

    fn check_asset(&mut self, asset: &str) {
        let held = self.solvency(asset);
        let owed = held.collateral + held.cash + held.dues + held.accounts;
        let donated = self.donated.get(asset).copied().unwrap_or_default();
        assert_eq!(
            held.balance.u128(),
            owed.u128() + donated,
            "invariant 1: coins of {asset}"
        );
        let ledgers: Vec<Ledger> = self
            .positions
            .iter()
            .filter_map(|position| {
                let query = QueryMsg::Ledger { position: *position };
                let response: StdResult<LedgerResponse> =
                    self.app.wrap().query_wasm_smart(&self.vault, &query);
                Some(response.ok()?.ledger)
            })
            .collect();
        let collateral: Uint128 = ledgers
            .iter()
            .flat_map(|ledger| &ledger.collateral)
            .inspect(|entry| assert!(!entry.amount.is_zero(), "an entry of zero"))
            .filter(|entry| entry.asset.as_str() == asset)
            .map(|entry| entry.amount)
            .sum();
        assert_eq!(collateral, held.collateral, "collateral of {asset}");
        let accounts: u128 = self.holders().iter().map(|who| self.account(who, asset)).sum();
        assert_eq!(accounts, held.accounts.u128(), "accounts of {asset}");

        let query = QueryMsg::Market { asset: id(asset) };
        let Ok(market) = self
            .app
            .wrap()
            .query_wasm_smart::<MarketResponse>(&self.vault, &query)
        else {
            return;
        };
        let mut debts = ledgers
            .iter()
            .flat_map(|ledger| &ledger.debts)
            .filter(|entry| entry.asset.as_str() == asset)
            .collect::<Vec<_>>();
        let debt_shares: Uint128 = debts.iter().map(|entry| entry.debt.shares).sum();
        assert_eq!(
            debt_shares, market.market.debt_shares,
            "invariant 2: debts of {asset}"
        );
        debts.retain(|entry| entry.insolvent);
        assert_eq!(
            u32::try_from(debts.len()).unwrap(),
            market.cover.insolvent,
            "insolvent debts of {asset}"
        );
        let supplied: Uint128 = self
            .holders()
            .iter()
            .map(|who| self.shares(who, asset).shares)
            .sum();
        assert_eq!(
            supplied + market.market.reserve_shares,
            market.market.supply_shares,
            "invariant 2: supply of {asset}"
        );
        let dues: Uint128 = ledgers
            .iter()
            .filter_map(|ledger| ledger.sale.as_ref())
            .filter(|sale| sale.debt.as_str() == asset)
            .map(|sale| sale.keepers)
            .sum();
        assert_eq!(dues, market.market.dues, "dues of {asset}");
        let before = self.prices.insert(asset.into(), market.supply_price);
        assert!(
            before.is_none_or(|before| before <= market.supply_price),
            "invariant 2: the supply price of {asset} fell from {before:?} to {}",
            market.supply_price
        );
    }

    fn holders(&self) -> Vec<&'static str> {
        let bidder = self.bidder.as_ref().map(|_| "bidder");
        USERS
            .iter()
            .copied()
            .chain(["fund", "auction"])
            .chain(bidder)
            .collect()
    }
}

/// The one event of a type in a response.
pub fn event(response: &AppResponse, name: &str) -> Event {
    let wanted = format!("wasm-glidepath_vault/{name}");
    let found: Vec<&Event> = response.events.iter().filter(|e| e.ty == wanted).collect();
    assert_eq!(found.len(), 1, "events {wanted} in {:?}", response.events);
    found[0].clone()
}

/// An attribute of an event.
pub fn attr(event: &Event, key: &str) -> String {
    event
        .attributes
        .iter()
        .find(|attribute| attribute.key == key)
        .unwrap_or_else(|| panic!("no {key} in {event:?}"))
        .value
        .clone()
}

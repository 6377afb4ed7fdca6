//! A vault on an embedded chain: plain addresses as position manager, auction and oracle, a tiny contract that
//! publishes cover rules as the fund. After every message the invariants 1 and 2 are checked.
#![allow(dead_code)]

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use cosmwasm_schema::cw_serde;
use cosmwasm_schema::serde::de::DeserializeOwned;
use cosmwasm_std::testing::{mock_env, MockStorage};
use cosmwasm_std::{
    coin, to_json_binary, Addr, Binary, Coin, Decimal, Decimal256, Deps, DepsMut, Empty, Env, Event,
    MessageInfo, Response, StdResult, Uint128,
};
use cw20::{Cw20Coin, Cw20ExecuteMsg, Cw20ReceiveMsg};
use cw_asset::AssetInfoUnchecked;
use cw_multi_test::{
    AddressGenerator, App, AppResponse, BankSudo, ContractWrapper, Executor, SimpleAddressGenerator, SudoMsg,
};
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::fund::{CoverRule, COVER_RULES};
use glidepath_interfaces::vault::{
    ExecuteMsg, InstantiateMsg, Ledger, LedgerAction, LedgerResponse, MarketResponse, MarketTerms,
    PenaltySplit, Permission, QueryMsg, SolvencyResponse, SupplyResponse,
};
use glidepath_interfaces::{AssetId, Peers};
use glidepath_risk::interest::RateModel;
use glidepath_vault::{contract, ContractError};

/// Everybody but the contracts.
pub const USERS: [&str; 7] = ["owner", "alice", "bob", "carol", "dave", "caller", "opener"];
/// Listed assets; `eth` has no market, `tok` is a cw20 token.
pub const ASSETS: [&str; 4] = ["atom", "eth", "tok", "usd"];
/// What each user has of each asset.
pub const PURSE: u128 = 1_000_000_000_000;

pub struct Suite {
    pub app: App,
    pub code: u64,
    pub vault: Addr,
    pub owner: Addr,
    pub pm: Addr,
    pub auction: Addr,
    pub oracle: Addr,
    pub fund: Addr,
    pub token: Addr,
    /// Coins that came in without a message, by asset.
    pub donated: BTreeMap<String, u128>,
    prices: BTreeMap<String, Decimal256>,
    positions: BTreeSet<u64>,
}

pub fn id(name: &str) -> AssetId {
    AssetId::from_str(name).unwrap()
}

pub fn amount(asset: &str, units: u128) -> Amount {
    Amount {
        asset: id(asset),
        amount: units.into(),
    }
}

pub fn denom(asset: &str) -> String {
    match asset {
        "atom" => "ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2".into(),
        other => format!("u{other}"),
    }
}

pub fn coins(asset: &str, units: u128) -> Vec<Coin> {
    vec![coin(units, denom(asset))]
}

pub fn dec(text: &str) -> Decimal {
    Decimal::from_str(text).unwrap()
}

pub fn dec256(text: &str) -> Decimal256 {
    Decimal256::from_str(text).unwrap()
}

pub fn split() -> PenaltySplit {
    PenaltySplit {
        fund: dec("0.5"),
        keepers: dec("0.4"),
        reserves: dec("0.1"),
    }
}

/// 2 % a year, 12 % at 80 %, 112 % at 100 %; a tenth of it to the reserves.
pub fn terms() -> MarketTerms {
    MarketTerms {
        rate_model: RateModel {
            base: dec("0.02"),
            kink: dec("0.8"),
            slope_low: dec("0.1"),
            slope_high: dec("1"),
        },
        reserve_factor: dec("0.1"),
        supply_cap: Uint128::new(PURSE * 10),
        borrow_cap: Uint128::new(PURSE * 10),
    }
}

/// No interest: figures stay round.
pub fn free() -> MarketTerms {
    MarketTerms {
        rate_model: RateModel {
            base: Decimal::zero(),
            kink: dec("0.8"),
            slope_low: Decimal::zero(),
            slope_high: Decimal::zero(),
        },
        ..terms()
    }
}

pub fn supply(asset: &str) -> ExecuteMsg {
    ExecuteMsg::Supply {
        asset: id(asset),
        recipient: None,
    }
}

pub fn withdraw(asset: &str, units: Option<u128>) -> ExecuteMsg {
    ExecuteMsg::Withdraw {
        asset: id(asset),
        amount: units.map(Uint128::new),
        recipient: None,
    }
}

pub fn apply(position: u64, actions: Vec<LedgerAction>) -> ExecuteMsg {
    ExecuteMsg::Apply { position, actions }
}

pub fn permission(collateral: &str, debt: &str, min_price: &str) -> Permission {
    Permission {
        collateral: id(collateral),
        debt: id(debt),
        min_price: dec256(min_price),
    }
}

/// Addresses that the chain gives to contracts, in their order.
pub fn address_of(app: &App, code: u64, nth: u64) -> Addr {
    SimpleAddressGenerator
        .contract_address(app.api(), &mut MockStorage::new(), code, nth)
        .unwrap()
}

pub fn vault_code() -> Box<dyn cw_multi_test::Contract<Empty>> {
    Box::new(
        ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
            .with_migrate(contract::migrate),
    )
}

impl Suite {
    /// Markets without interest.
    pub fn new() -> Self {
        Self::with(free())
    }

    /// Markets of `atom`, `tok` and `usd` on these terms.
    pub fn with(terms: MarketTerms) -> Self {
        let mut suite = Self::bare();
        for (name, decimals) in [("atom", 6), ("eth", 18), ("usd", 6)] {
            suite.list(name, AssetInfoUnchecked::native(denom(name)), decimals);
        }
        let token = suite.token.to_string();
        suite.list("tok", AssetInfoUnchecked::cw20(token), 8);
        for name in ["atom", "tok", "usd"] {
            let msg = ExecuteMsg::SetMarket {
                asset: id(name),
                terms: terms.clone(),
            };
            suite.ok("owner", &msg, &[]);
        }
        suite
    }

    /// Nothing listed.
    pub fn bare() -> Self {
        let mut app = App::new(|router, api, storage| {
            let all: Vec<Coin> = ["atom", "eth", "usd", "other"]
                .iter()
                .map(|asset| coin(PURSE, denom(asset)))
                .collect();
            for user in USERS.iter().chain(&["pm", "auction", "oracle"]) {
                router
                    .bank
                    .init_balance(storage, &api.addr_make(user), all.clone())
                    .unwrap();
            }
        });
        let user = |app: &App, name: &str| app.api().addr_make(name);
        let owner = user(&app, "owner");
        let fund_code = app.store_code(Box::new(ContractWrapper::new(
            fund_execute,
            fund_instantiate,
            fund_query,
        )));
        let fund = app
            .instantiate_contract(fund_code, owner.clone(), &Empty {}, &[], "fund", None)
            .unwrap();
        let token_code = app.store_code(Box::new(ContractWrapper::new(
            cw20_base::contract::execute,
            cw20_base::contract::instantiate,
            cw20_base::contract::query,
        )));
        let token = app
            .instantiate_contract(
                token_code,
                owner.clone(),
                &cw20_base::msg::InstantiateMsg {
                    name: "Token".into(),
                    symbol: "TOK".into(),
                    decimals: 8,
                    initial_balances: USERS
                        .iter()
                        .chain(&["pm", "auction"])
                        .map(|name| Cw20Coin {
                            address: user(&app, name).into(),
                            amount: PURSE.into(),
                        })
                        .collect(),
                    mint: None,
                    marketing: None,
                },
                &[],
                "token",
                None,
            )
            .unwrap();
        let code = app.store_code(vault_code());
        let vault = address_of(&app, code, 2);
        let mut suite = Suite {
            code,
            pm: user(&app, "pm"),
            auction: user(&app, "auction"),
            oracle: user(&app, "oracle"),
            app,
            vault,
            owner,
            fund,
            token,
            donated: BTreeMap::new(),
            prices: BTreeMap::new(),
            positions: BTreeSet::new(),
        };
        let made = suite.instantiate(suite.peers(), split()).unwrap();
        assert_eq!(made, suite.vault);
        suite
    }

    pub fn peers(&self) -> Peers<String> {
        Peers {
            vault: self.vault.to_string(),
            position_manager: self.pm.to_string(),
            oracle_adapter: self.oracle.to_string(),
            liquidation_auction: self.auction.to_string(),
            insurance_fund: self.fund.to_string(),
        }
    }

    pub fn instantiate(
        &mut self,
        peers: Peers<String>,
        penalty_split: PenaltySplit,
    ) -> Result<Addr, ContractError> {
        let msg = InstantiateMsg {
            owner: self.owner.to_string(),
            peers,
            penalty_split,
        };
        let (code, owner) = (self.code, self.owner.clone());
        self.app
            .instantiate_contract(code, owner.clone(), &msg, &[], "vault", Some(owner.into()))
            .map_err(|error| error.downcast().expect("a typed error"))
    }

    // ------------------------------------------------------------ who

    /// A user, a peer (`pm`, `auction`, `oracle`, `fund`) or the token.
    pub fn addr(&self, name: &str) -> Addr {
        match name {
            "fund" => self.fund.clone(),
            "vault" => self.vault.clone(),
            "token" => self.token.clone(),
            user => self.app.api().addr_make(user),
        }
    }

    // ------------------------------------------------------------ what they do

    /// A message; invariants are checked after it, whether it was refused or not.
    pub fn exec(
        &mut self,
        who: &str,
        msg: &ExecuteMsg,
        funds: &[Coin],
    ) -> Result<AppResponse, ContractError> {
        if let ExecuteMsg::Apply { position, .. } = msg {
            self.positions.insert(*position);
        }
        let (sender, vault) = (self.addr(who), self.vault.clone());
        let result = self.app.execute_contract(sender, vault, msg, funds);
        self.check();
        result.map_err(|error| error.downcast().expect("a typed error"))
    }

    /// A message that succeeds.
    pub fn ok(&mut self, who: &str, msg: &ExecuteMsg, funds: &[Coin]) -> AppResponse {
        self.exec(who, msg, funds)
            .unwrap_or_else(|error| panic!("{who} was refused {msg:?}: {error}"))
    }

    /// Why a message is refused; nothing is changed by it.
    pub fn refused(&mut self, who: &str, msg: &ExecuteMsg, funds: &[Coin]) -> ContractError {
        let before = self.records();
        let error = match self.exec(who, msg, funds) {
            Ok(_) => panic!("{who} was not refused {msg:?}"),
            Err(error) => error,
        };
        assert_eq!(self.records(), before, "a refused message changed a record");
        error
    }

    /// `tok` sent with a message inside.
    pub fn send(&mut self, who: &str, units: u128, msg: &ExecuteMsg) -> Result<AppResponse, ContractError> {
        if let ExecuteMsg::Apply { position, .. } = msg {
            self.positions.insert(*position);
        }
        let (sender, token) = (self.addr(who), self.token.clone());
        let send = Cw20ExecuteMsg::Send {
            contract: self.vault.to_string(),
            amount: units.into(),
            msg: to_json_binary(msg).unwrap(),
        };
        let result = self.app.execute_contract(sender, token, &send, &[]);
        self.check();
        result.map_err(|error| error.downcast().expect("a typed error"))
    }

    pub fn send_refused(&mut self, who: &str, units: u128, msg: &ExecuteMsg) -> ContractError {
        let before = self.records();
        let error = match self.send(who, units, msg) {
            Ok(_) => panic!("{who} was not refused {msg:?}"),
            Err(error) => error,
        };
        assert_eq!(self.records(), before, "a refused message changed a record");
        error
    }

    /// What a token says: `sender` sent `units` with this message, whether true or not.
    pub fn claim(
        &mut self,
        token: &str,
        sender: &str,
        units: u128,
        msg: &ExecuteMsg,
    ) -> Result<AppResponse, ContractError> {
        let hook = ExecuteMsg::Receive(Cw20ReceiveMsg {
            sender: self.addr(sender).to_string(),
            amount: units.into(),
            msg: to_json_binary(msg).unwrap(),
        });
        let (token, vault) = (self.addr(token), self.vault.clone());
        let result = self.app.execute_contract(token, vault, &hook, &[]);
        result.map_err(|error| error.downcast().expect("a typed error"))
    }

    pub fn list(&mut self, name: &str, info: AssetInfoUnchecked, decimals: u8) {
        let msg = ExecuteMsg::ListAsset {
            asset: id(name),
            info,
            decimals,
        };
        self.ok("owner", &msg, &[]);
    }

    pub fn set_market(&mut self, name: &str, terms: MarketTerms) {
        let msg = ExecuteMsg::SetMarket {
            asset: id(name),
            terms,
        };
        self.ok("owner", &msg, &[]);
    }

    /// Lends native coins.
    pub fn lend(&mut self, who: &str, asset: &str, units: u128) {
        self.ok(who, &supply(asset), &coins(asset, units));
    }

    /// Collateral into a position.
    pub fn deposit(&mut self, position: u64, asset: &str, units: u128) {
        let msg = apply(position, vec![LedgerAction::Deposit(amount(asset, units))]);
        self.ok("pm", &msg, &coins(asset, units));
    }

    /// A loan, paid to dave.
    pub fn borrow(&mut self, position: u64, asset: &str, units: u128) {
        let recipient = self.addr("dave").into();
        let action = LedgerAction::Borrow {
            amount: amount(asset, units),
            recipient,
        };
        self.ok("pm", &apply(position, vec![action]), &[]);
    }

    pub fn repay(&mut self, position: u64, asset: &str, units: u128) {
        let msg = apply(position, vec![LedgerAction::Repay(amount(asset, units))]);
        self.ok("pm", &msg, &coins(asset, units));
    }

    /// Distress with a surcharge and maybe a sale.
    pub fn distress(&self, position: u64, surcharge_rate: &str, sale: Option<Permission>) -> ExecuteMsg {
        ExecuteMsg::SetDistress {
            position,
            surcharge_rate: dec(surcharge_rate),
            drop_stretch: false,
            sale,
            keepers: vec![self.addr("caller").into(), self.addr("opener").into()],
            insolvent: false,
        }
    }

    /// A fill, and what it costs; bob gets the collateral.
    pub fn fill(&self, position: u64, sold: u128, repaid: u128, penalty: u128) -> ExecuteMsg {
        ExecuteMsg::Settle {
            position,
            sold: sold.into(),
            repaid: repaid.into(),
            penalty: penalty.into(),
            recipient: self.addr("bob").into(),
        }
    }

    pub fn write_off(&self, position: u64) -> ExecuteMsg {
        ExecuteMsg::WriteOff {
            position,
            keepers: vec![self.addr("caller").into(), self.addr("opener").into()],
        }
    }

    pub fn cover(&mut self, asset: &str, max_share: &str, epoch_cap: u128) {
        let rule = CoverRule {
            max_share: dec(max_share),
            epoch_cap: epoch_cap.into(),
            epoch: 86_400,
        };
        let msg = FundMsg::Rule {
            asset: asset.into(),
            rule,
        };
        let (owner, fund) = (self.owner.clone(), self.fund.clone());
        self.app.execute_contract(owner, fund, &msg, &[]).unwrap();
    }

    /// Coins into the vault without a message.
    pub fn donate(&mut self, asset: &str, units: u128) {
        let vault = self.vault.clone();
        if asset == "tok" {
            let (alice, token) = (self.addr("alice"), self.token.clone());
            let transfer = Cw20ExecuteMsg::Transfer {
                recipient: vault.into(),
                amount: units.into(),
            };
            self.app.execute_contract(alice, token, &transfer, &[]).unwrap();
        } else {
            let mint = BankSudo::Mint {
                to_address: vault.into(),
                amount: coins(asset, units),
            };
            self.app.sudo(SudoMsg::Bank(mint)).unwrap();
        }
        *self.donated.entry(asset.into()).or_default() += units;
    }

    pub fn pass(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += seconds / 6 + 1;
        });
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    /// From here on a lower supply price is no fault: a loss was written off.
    pub fn forgive(&mut self) {
        self.prices.clear();
    }

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
        let balance: Uint128 = self.ask(&QueryMsg::Account {
            account: self.addr(who).into(),
            asset: id(asset),
        });
        balance.u128()
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
        let listed: Vec<glidepath_interfaces::vault::AssetResponse> = self.ask(&QueryMsg::Assets {
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
            debts.len() as u32,
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
        USERS.iter().copied().chain(["fund"]).collect()
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

// ---------------------------------------------------------------- a fund that publishes rules and nothing else

#[cw_serde]
pub enum FundMsg {
    Rule { asset: String, rule: CoverRule },
    Raw { key: Binary, value: Binary },
}

fn fund_instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn fund_execute(deps: DepsMut, _: Env, _: MessageInfo, msg: FundMsg) -> StdResult<Response> {
    match msg {
        FundMsg::Rule { asset, rule } => COVER_RULES.save(deps.storage, asset.as_str(), &rule).unwrap(),
        FundMsg::Raw { key, value } => deps.storage.set(&key, &value),
    }
    Ok(Response::new())
}

fn fund_query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    to_json_binary(&Empty {})
}

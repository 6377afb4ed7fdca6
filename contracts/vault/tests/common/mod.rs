//! A vault on an embedded chain: plain addresses as position manager, auction and oracle, a tiny contract that
//! publishes cover rules as the fund. After every message the invariants 1 and 2 are checked.
#![allow(dead_code, unused_imports)]

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{coin, to_json_binary, Addr, Binary, Coin, Decimal256, Empty, WasmMsg};
use cw20::{Cw20Coin, Cw20ExecuteMsg, Cw20ReceiveMsg};
use cw_asset::AssetInfoUnchecked;
use cw_multi_test::{App, AppResponse, BankSudo, ContractWrapper, Executor, SudoMsg};
use glidepath_interfaces::fund::CoverRule;
use glidepath_interfaces::vault::{
    ExecuteMsg, Fill, InstantiateMsg, LedgerAction, MarketTerms, PaidBy, PenaltySplit, Permission,
};
use glidepath_interfaces::Peers;
use glidepath_vault::ContractError;

mod bidder;
mod fund;
mod make;
mod see;

pub use bidder::Plan;
use bidder::{bidder_execute, bidder_instantiate, bidder_query};
use fund::{fund_execute, fund_instantiate, fund_query};
pub use fund::{FundMsg, TOLD};
pub use make::*;
pub use see::{attr, event};

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
    /// A contract that buys before it pays, where a test has one.
    pub bidder: Option<Addr>,
    /// Coins that came in without a message, by asset.
    pub donated: BTreeMap<String, u128>,
    prices: BTreeMap<String, Decimal256>,
    positions: BTreeSet<u64>,
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
            for user in USERS.iter().chain(&["guardian", "pm", "auction", "oracle"]) {
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
            bidder: None,
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
            guardian: Some(self.addr("guardian").to_string()),
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
            "bidder" => self.bidder.clone().expect("a bidder"),
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

    /// A message of a peer that books `tok`, and the `tok` behind it, as one transaction.
    pub fn pay_behind(&mut self, who: &str, units: u128, msg: &ExecuteMsg) {
        if let ExecuteMsg::Apply { position, .. } = msg {
            self.positions.insert(*position);
        }
        let pay = Cw20ExecuteMsg::Transfer {
            recipient: self.vault.to_string(),
            amount: units.into(),
        };
        let call = |contract: &Addr, msg: Binary| WasmMsg::Execute {
            contract_addr: contract.to_string(),
            msg,
            funds: vec![],
        };
        let msgs = vec![
            call(&self.vault, to_json_binary(msg).unwrap()).into(),
            call(&self.token, to_json_binary(&pay).unwrap()).into(),
        ];
        let sender = self.addr(who);
        self.app.execute_multi(sender, msgs).unwrap();
        self.check();
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
            fills: vec![glidepath_interfaces::vault::Fill {
                position,
                sold: sold.into(),
                repaid: repaid.into(),
                penalty: penalty.into(),
                ends: None,
                matched_by: None,
            }],
            paid_by: glidepath_interfaces::vault::PaidBy::Coins {},
            recipient: self.addr("bob").into(),
        }
    }

    /// A contract that buys before it pays, with `units` of usd and of tok.
    pub fn bidder(&mut self, units: u128) -> Addr {
        let code = ContractWrapper::new(bidder_execute, bidder_instantiate, bidder_query);
        let code = self.app.store_code(Box::new(code));
        let owner = self.owner.clone();
        let made = self
            .app
            .instantiate_contract(code, owner, &Empty {}, &[], "bidder", None);
        let bidder = made.unwrap();
        let mint = BankSudo::Mint {
            to_address: bidder.to_string(),
            amount: coins("usd", units),
        };
        self.app.sudo(SudoMsg::Bank(mint)).unwrap();
        let (alice, token) = (self.addr("alice"), self.token.clone());
        let transfer = Cw20ExecuteMsg::Transfer {
            recipient: bidder.to_string(),
            amount: units.into(),
        };
        self.app.execute_contract(alice, token, &transfer, &[]).unwrap();
        self.bidder = Some(bidder.clone());
        bidder
    }

    /// Fills with one payment; bob gets the collateral.
    pub fn settle(&self, fills: Vec<Fill>, paid_by: PaidBy) -> ExecuteMsg {
        ExecuteMsg::Settle {
            fills,
            paid_by,
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
}

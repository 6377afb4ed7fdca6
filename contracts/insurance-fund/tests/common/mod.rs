//! The fund beside a vault that knows only what the fund needs of it.
#![allow(dead_code, missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::indexing_slicing
)]

pub mod vault;

use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{coins, to_json_binary, Addr, Coin, Decimal, Timestamp, Uint128};
use cw20::{Cw20Coin, Cw20ExecuteMsg, Cw20ReceiveMsg};
use cw_asset::AssetInfo;
use cw_multi_test::error::AnyResult;
use cw_multi_test::{AddressGenerator, App, AppResponse, ContractWrapper, Executor, SimpleAddressGenerator};
use glidepath_insurance_fund::{contract, ContractError};
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::fund::{
    CoverRule, ExecuteMsg, InstantiateMsg, Params, PoolResponse, QueryMsg, StakeResponse,
};
use glidepath_interfaces::vault::{
    Account, Cover, MarketTerms, VaultAsset, ACCOUNTS, ASSETS, COVER, MARKETS, MARKET_TERMS,
};
use glidepath_interfaces::{AssetId, Peers};
use glidepath_risk::interest::RateModel;
use glidepath_risk::market::Market;
use serde::de::DeserializeOwned;

/// Block time at the start, in unix seconds.
pub const START: u64 = 1_571_797_419;
pub const DAY: u64 = 86_400;
/// Base units that every user has of each token.
pub const RICH: u128 = 1_000_000_000_000_000;

pub const PARAMS: Params = Params {
    cooldown: 10 * DAY,
    exit_window: 2 * DAY,
    stream: 7 * DAY,
};

pub struct Suite {
    pub app: App,
    pub owner: Addr,
    pub alice: Addr,
    pub bob: Addr,
    pub code: u64,
    pub fund: Addr,
    pub vault: Addr,
    /// Token of the market `dai`.
    pub token: Addr,
}

pub fn asset(name: &str) -> AssetId {
    name.parse().unwrap()
}

/// Where the `nth` contract of this chain will be, if it is of `code`.
pub fn address_of(app: &App, code: u64, nth: u64) -> Addr {
    SimpleAddressGenerator
        .contract_address(app.api(), &mut MockStorage::new(), code, nth)
        .unwrap()
}

/// The suite, with the fund at `fund`.
pub fn peers(app: &App, vault: &Addr, fund: &Addr) -> Peers<String> {
    let at = |name| app.api().addr_make(name).to_string();
    Peers {
        vault: vault.to_string(),
        position_manager: at("position_manager"),
        oracle_adapter: at("oracle_adapter"),
        liquidation_auction: at("liquidation_auction"),
        insurance_fund: fund.to_string(),
    }
}

pub fn rule() -> CoverRule {
    CoverRule {
        max_share: Decimal::percent(50),
        epoch_cap: Uint128::new(1_000_000),
        epoch: 7 * DAY,
    }
}

impl Suite {
    /// A market `usdc` of the coin `uusdc` and a market `dai` of a cw20 token, both with other lenders' 10⁹ units.
    pub fn new() -> Self {
        let mut app = App::new(|router, api, storage| {
            for name in ["alice", "bob", "owner"] {
                let funds = vec![Coin::new(RICH, "uatom"), Coin::new(RICH, "uusdc")];
                router
                    .bank
                    .init_balance(storage, &api.addr_make(name), funds)
                    .unwrap();
            }
        });
        app.update_block(|block| block.time = Timestamp::from_seconds(START));
        let [owner, alice, bob] = ["owner", "alice", "bob"].map(|name| app.api().addr_make(name));

        let vault_code = app.store_code(vault::code());
        let vault = app
            .instantiate_contract(vault_code, owner.clone(), &vault::Init {}, &[], "vault", None)
            .unwrap();
        let token_code = app.store_code(Box::new(ContractWrapper::<_, _, _, _, _, _>::new(
            cw20_base::contract::execute,
            cw20_base::contract::instantiate,
            cw20_base::contract::query,
        )));
        let init = cw20_base::msg::InstantiateMsg {
            name: "Dai".into(),
            symbol: "DAI".into(),
            decimals: 6,
            initial_balances: [&alice, &bob]
                .map(|who| Cw20Coin {
                    address: who.to_string(),
                    amount: RICH.into(),
                })
                .into(),
            mint: None,
            marketing: None,
        };
        let token = app
            .instantiate_contract(token_code, owner.clone(), &init, &[], "dai", None)
            .unwrap();
        let wrapper = ContractWrapper::<_, _, _, _, _, _>::new(
            contract::execute,
            contract::instantiate,
            contract::query,
        );
        let code = app.store_code(Box::new(wrapper.with_migrate(contract::migrate)));
        let init = InstantiateMsg {
            owner: owner.to_string(),
            peers: peers(&app, &vault, &address_of(&app, code, 2)),
            params: PARAMS,
        };
        let admin = Some(owner.to_string());
        let fund = app
            .instantiate_contract(code, owner.clone(), &init, &[], "fund", admin)
            .unwrap();
        let mut suite = Suite {
            app,
            owner,
            alice,
            bob,
            code,
            fund,
            vault,
            token: token.clone(),
        };
        suite.list("usdc", AssetInfo::native("uusdc"));
        suite.list("dai", AssetInfo::cw20(token));
        suite
    }

    fn list(&mut self, name: &str, info: AssetInfo) {
        let now = self.now();
        let mut storage = self.app.contract_storage_mut(&self.vault);
        let storage = storage.as_mut();
        ASSETS
            .save(storage, name, &VaultAsset { info, decimals: 6 })
            .unwrap();
        let mut market = Market::new(now, Decimal::zero());
        market.supply(1_000_000_000u128.into()).unwrap();
        MARKETS.save(storage, name, &market).unwrap();
        COVER.save(storage, name, &Cover::default()).unwrap();
        let terms = MarketTerms {
            rate_model: RateModel {
                base: Decimal::zero(),
                kink: Decimal::percent(80),
                slope_low: Decimal::percent(10),
                slope_high: Decimal::percent(100),
            },
            reserve_factor: Decimal::percent(10),
            supply_cap: Uint128::MAX,
            borrow_cap: Uint128::MAX,
        };
        MARKET_TERMS.save(storage, name, &terms).unwrap();
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    pub fn wait(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += 1;
        });
    }

    // ---- the vault's side

    pub fn market(&self, name: &str) -> Market {
        MARKETS.query(&self.app.wrap(), &self.vault, name).unwrap()
    }

    pub fn edit_market(&mut self, name: &str, edit: impl FnOnce(&mut Market)) {
        let mut market = self.market(name);
        edit(&mut market);
        let mut storage = self.app.contract_storage_mut(&self.vault);
        MARKETS.save(storage.as_mut(), name, &market).unwrap();
    }

    /// Lends part of the market out at a rate.
    pub fn lend(&mut self, name: &str, amount: u128, rate: Decimal) {
        self.edit_market(name, |market| {
            market.borrow(amount.into()).unwrap();
            market.rate = rate;
        });
    }

    /// Revenue of `amount` base units for the fund; returns its shares.
    pub fn revenue(&mut self, name: &str, amount: u128) -> Uint128 {
        let mut shares = Uint128::zero();
        self.edit_market(name, |market| shares = market.supply_fund(amount.into()).unwrap());
        shares
    }

    /// A loss that burns `shares` of the fund.
    pub fn burn(&mut self, name: &str, shares: Uint128) {
        self.edit_market(name, |market| {
            market.fund_shares -= shares;
            market.supply_shares -= shares;
        });
    }

    /// The stakers of `usdc` pay `amount` for so many `atom`: as the vault does it, which burns their shares first.
    pub fn buy(&mut self, amount: u128, atoms: u128) -> AnyResult<AppResponse> {
        let mut shares = Uint128::zero();
        self.edit_market("usdc", |market| {
            shares = market.spend_fund(amount.into()).unwrap()
        });
        self.credit(atoms);
        let vault = self.vault.clone();
        self.execute(&vault, &bought(shares, atoms))
    }

    /// So many `atom` more are in the fund's account.
    pub fn credit(&mut self, atoms: u128) {
        let (vault, fund) = (self.vault.clone(), self.fund.clone());
        let mut storage = self.app.contract_storage_mut(&vault);
        let key = (&fund, "atom");
        let mut account = ACCOUNTS
            .may_load(storage.as_ref(), key)
            .unwrap()
            .unwrap_or_default();
        account.amount += Uint128::new(atoms);
        ACCOUNTS.save(storage.as_mut(), key, &account).unwrap();
    }

    /// So much of an asset that is not the stakers' is in the fund's account, beside what they bought of `atom`.
    pub fn surrender(&mut self, name: &str, amount: u128) {
        let held: Vec<Amount> = self.query(&QueryMsg::Goods {
            start_after: None,
            limit: None,
        });
        let held = held.iter().find(|row| row.asset.as_str() == name);
        let held = held.map_or(0, |row| row.amount.u128());
        let (vault, fund) = (self.vault.clone(), self.fund.clone());
        let mut storage = self.app.contract_storage_mut(&vault);
        let account = Account {
            amount: (held + amount).into(),
            set_aside: Uint128::zero(),
        };
        ACCOUNTS.save(storage.as_mut(), (&fund, name), &account).unwrap();
    }

    pub fn claim(&mut self, who: &Addr) -> AnyResult<AppResponse> {
        let msg = ExecuteMsg::Claim {
            asset: asset("usdc"),
            collateral: asset("atom"),
        };
        self.execute(who, &msg)
    }

    /// What somebody's stake of `usdc` has of `atom` to take out.
    pub fn goods(&self, who: &Addr) -> u128 {
        let goods = self.staked("usdc", who).goods;
        goods.first().map_or(0, |goods| goods.amount.u128())
    }

    pub fn set_insolvent(&mut self, name: &str, insolvent: u32) {
        let mut storage = self.app.contract_storage_mut(&self.vault);
        let cover = Cover {
            insolvent,
            ..Cover::default()
        };
        COVER.save(storage.as_mut(), name, &cover).unwrap();
    }

    pub fn set_supply_cap(&mut self, name: &str, supply_cap: u128) {
        let terms = MARKET_TERMS.query(&self.app.wrap(), &self.vault, name).unwrap();
        let terms = MarketTerms {
            supply_cap: supply_cap.into(),
            ..terms
        };
        let mut storage = self.app.contract_storage_mut(&self.vault);
        MARKET_TERMS.save(storage.as_mut(), name, &terms).unwrap();
    }

    /// Supply shares that somebody holds outside the fund.
    pub fn supplied(&self, name: &str, who: &Addr) -> Uint128 {
        vault::SUPPLIES
            .query(&self.app.wrap(), self.vault.clone(), (name, who))
            .unwrap()
            .unwrap_or_default()
    }

    // ---- the fund's side

    pub fn execute(&mut self, sender: &Addr, msg: &ExecuteMsg) -> AnyResult<AppResponse> {
        self.pay(sender, msg, &[])
    }

    pub fn pay(&mut self, sender: &Addr, msg: &ExecuteMsg, funds: &[Coin]) -> AnyResult<AppResponse> {
        self.app
            .execute_contract(sender.clone(), self.fund.clone(), msg, funds)
    }

    pub fn stake(&mut self, who: &Addr, amount: u128) -> AnyResult<AppResponse> {
        self.pay(who, &stake_msg("usdc"), &coins(amount, "uusdc"))
    }

    pub fn stake_token(&mut self, who: &Addr, amount: u128) -> AnyResult<AppResponse> {
        self.send_token(who, amount, &to_json_binary(&stake_msg("dai")).unwrap())
    }

    pub fn send_token(
        &mut self,
        who: &Addr,
        amount: u128,
        msg: &cosmwasm_std::Binary,
    ) -> AnyResult<AppResponse> {
        let send = Cw20ExecuteMsg::Send {
            contract: self.fund.to_string(),
            amount: amount.into(),
            msg: msg.clone(),
        };
        self.app
            .execute_contract(who.clone(), self.token.clone(), &send, &[])
    }

    pub fn book(&mut self) -> AppResponse {
        let bob = self.bob.clone();
        self.execute(&bob, &ExecuteMsg::Book { asset: asset("usdc") })
            .unwrap()
    }

    pub fn request(&mut self, who: &Addr, units: Option<Uint128>) -> AnyResult<AppResponse> {
        let asset = asset("usdc");
        self.execute(who, &ExecuteMsg::RequestExit { asset, units })
    }

    pub fn exit(&mut self, who: &Addr) -> AnyResult<AppResponse> {
        self.execute(who, &ExecuteMsg::Exit { asset: asset("usdc") })
    }

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.fund, msg).unwrap()
    }

    pub fn pool(&self, name: &str) -> PoolResponse {
        self.query(&QueryMsg::Pool { asset: asset(name) })
    }

    pub fn usdc(&self) -> PoolResponse {
        self.pool("usdc")
    }

    pub fn staked(&self, name: &str, who: &Addr) -> StakeResponse {
        self.query(&QueryMsg::Stake {
            asset: asset(name),
            staker: who.to_string(),
        })
    }

    pub fn balance(&self, who: &Addr, denom: &str) -> u128 {
        self.app.wrap().query_balance(who, denom).unwrap().amount.u128()
    }
}

pub fn stake_msg(name: &str) -> ExecuteMsg {
    ExecuteMsg::Stake { asset: asset(name) }
}

pub fn bought(shares: Uint128, atoms: u128) -> ExecuteMsg {
    ExecuteMsg::Bought {
        asset: asset("usdc"),
        shares,
        goods: Amount {
            asset: asset("atom"),
            amount: atoms.into(),
        },
    }
}

pub fn hook(sender: &Addr, amount: u128, msg: &impl serde::Serialize) -> ExecuteMsg {
    ExecuteMsg::Receive(Cw20ReceiveMsg {
        sender: sender.to_string(),
        amount: amount.into(),
        msg: to_json_binary(msg).unwrap(),
    })
}

/// The typed error of a failed message.
pub fn refusal<T: std::fmt::Debug>(result: AnyResult<T>) -> ContractError {
    result.unwrap_err().downcast().unwrap()
}

/// Attributes of the only event of a type, without the contract's address.
pub fn event(response: &AppResponse, ty: &str) -> Vec<(String, String)> {
    let ty = format!("wasm-glidepath_insurance-fund/{ty}");
    let found: Vec<_> = response.events.iter().filter(|e| e.ty == ty).collect();
    assert_eq!(found.len(), 1, "{ty} in {:?}", response.events);
    found[0]
        .attributes
        .iter()
        .filter(|attribute| attribute.key != "_contract_address")
        .map(|attribute| (attribute.key.clone(), attribute.value.clone()))
        .collect()
}

pub fn has_event(response: &AppResponse, ty: &str) -> bool {
    let ty = format!("wasm-glidepath_insurance-fund/{ty}");
    response.events.iter().any(|e| e.ty == ty)
}

pub fn rows(pairs: &[(&str, &dyn ToString)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(key, value)| (key.to_string(), value.to_string()))
        .collect()
}

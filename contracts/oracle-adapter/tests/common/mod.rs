//! The adapter alone on an embedded chain.
#![allow(dead_code, missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic
)]

use std::str::FromStr;

use cosmwasm_std::testing::MockStorage;
use cosmwasm_std::{coins, Addr, Decimal, Event};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{AddressGenerator, App, AppResponse, ContractWrapper, Executor, SimpleAddressGenerator};
use glidepath_interfaces::oracle::{
    Breaker, ExecuteMsg, Feed, InstantiateMsg, PriceRecord, PriceResponse, QueryMsg, Report, ReportResponse,
    Source,
};
use glidepath_interfaces::{AssetId, Peers};
use glidepath_oracle_adapter::{contract, ContractError};
use glidepath_risk::Price;
use serde::de::DeserializeOwned;

/// Block time at the start, in unix seconds.
pub const START: u64 = 1_571_797_419;

pub struct Suite {
    pub app: App,
    pub owner: Addr,
    pub stranger: Addr,
    pub reporters: Vec<Addr>,
    pub code: u64,
    pub oracle: Addr,
}

pub fn asset(name: &str) -> AssetId {
    name.parse().unwrap()
}

pub fn price(text: &str) -> Price {
    Price(Decimal::from_str(text).unwrap())
}

/// A posted feed: quorum 1, fresh for 60 s, averages of an hour, 15 minutes and a week, outage after 10 minutes.
pub fn feed(quorum: u8) -> Feed {
    Feed {
        source: Source::Posted { quorum, fresh: 60 },
        smoothing: 3_600,
        volatility_window: 900,
        slow_volatility_window: 604_800,
        initial_volatility: Decimal::percent(80),
        warm_up: 1_800,
        outage_gap: 600,
        breaker: Breaker {
            max_move: Decimal::one(),
            cool_down: 1_800,
            confirm_jump: 180,
        },
    }
}

/// The outage of a record: since when if it is open, until when if it is over, and seconds of all that are over.
pub fn outage(record: &PriceRecord) -> (Option<u64>, Option<u64>, u64) {
    let outage = record.outage;
    let from = outage.is_open().then_some(outage.from);
    let until = outage.until.filter(|until| *until > 0);
    (
        from,
        until,
        until.map_or(outage.before, |until| outage.seconds_by(until)),
    )
}

/// Where the `nth` contract of this chain will be, if it is of `code`.
pub fn address_of(app: &App, code: u64, nth: u64) -> Addr {
    SimpleAddressGenerator
        .contract_address(app.api(), &mut MockStorage::new(), code, nth)
        .unwrap()
}

/// The suite, with the adapter as the `nth` contract of the chain.
pub fn peers(app: &App, code: u64, nth: u64) -> Peers<String> {
    let at = |name| app.api().addr_make(name).to_string();
    Peers {
        vault: at("vault"),
        position_manager: at("position_manager"),
        oracle_adapter: address_of(app, code, nth).to_string(),
        liquidation_auction: at("liquidation_auction"),
        insurance_fund: at("insurance_fund"),
    }
}

pub fn code(app: &mut App) -> u64 {
    let wrapper =
        ContractWrapper::<_, _, _, _, _, _>::new(contract::execute, contract::instantiate, contract::query);
    app.store_code(Box::new(wrapper.with_migrate(contract::migrate)))
}

impl Suite {
    /// Five reporters, no feed.
    pub fn empty() -> Self {
        let mut app = App::new(|router, api, storage| {
            let rich = api.addr_make("stranger");
            router
                .bank
                .init_balance(storage, &rich, coins(1_000, "utoken"))
                .unwrap();
            let rich = api.addr_make("owner");
            router
                .bank
                .init_balance(storage, &rich, coins(1_000, "utoken"))
                .unwrap();
        });
        app.update_block(|block| block.time = cosmwasm_std::Timestamp::from_seconds(START));
        let owner = app.api().addr_make("owner");
        let stranger = app.api().addr_make("stranger");
        let reporters: Vec<Addr> = (1..=5)
            .map(|n| app.api().addr_make(&format!("reporter{n}")))
            .collect();
        let code = code(&mut app);
        let init = InstantiateMsg {
            owner: owner.to_string(),
            peers: peers(&app, code, 0),
            reporters: reporters.iter().map(Addr::to_string).collect(),
            guardian: Some(app.api().addr_make("guardian").to_string()),
        };
        let admin = Some(owner.to_string());
        let oracle = app
            .instantiate_contract(code, owner.clone(), &init, &[], "oracle", admin)
            .unwrap();
        Suite {
            app,
            owner,
            stranger,
            reporters,
            code,
            oracle,
        }
    }

    /// Five reporters and a feed of `atom`.
    pub fn with_feed(feed: Feed) -> Self {
        let mut suite = Suite::empty();
        suite.set_feed("atom", feed).unwrap();
        suite
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

    pub fn execute(&mut self, sender: &Addr, msg: &ExecuteMsg) -> AnyResult<AppResponse> {
        self.app
            .execute_contract(sender.clone(), self.oracle.clone(), msg, &[])
    }

    pub fn set_feed(&mut self, name: &str, feed: Feed) -> AnyResult<AppResponse> {
        let owner = self.owner.clone();
        let asset = asset(name);
        self.execute(&owner, &ExecuteMsg::SetFeed { asset, feed })
    }

    /// Reporter `n` (from 1) posts on `atom`.
    pub fn post(&mut self, n: usize, text: &str, at: u64) -> AnyResult<AppResponse> {
        self.post_all(n, &[("atom", text, at)])
    }

    pub fn post_all(&mut self, n: usize, rows: &[(&str, &str, u64)]) -> AnyResult<AppResponse> {
        let reporter = self.reporters[n - 1].clone();
        self.execute(&reporter, &post_msg(rows))
    }

    /// Reporter `n` posts on `atom` for this block; must be accepted.
    pub fn tick(&mut self, n: usize, text: &str) -> AppResponse {
        self.post(n, text, self.now()).unwrap()
    }

    pub fn update(&mut self, names: &[&str]) -> AnyResult<AppResponse> {
        let stranger = self.stranger.clone();
        let assets = names.iter().map(|name| asset(name)).collect();
        self.execute(&stranger, &ExecuteMsg::UpdatePrices { assets })
    }

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.oracle, msg).unwrap()
    }

    pub fn has_price(&self, name: &str) -> bool {
        let msg = QueryMsg::Price { asset: asset(name) };
        let found: Result<PriceResponse, _> = self.app.wrap().query_wasm_smart(&self.oracle, &msg);
        found.is_ok()
    }

    pub fn record(&self, name: &str) -> PriceRecord {
        let response: PriceResponse = self.query(&QueryMsg::Price { asset: asset(name) });
        response.record
    }

    pub fn atom(&self) -> PriceRecord {
        self.record("atom")
    }

    pub fn reports(&self) -> Vec<ReportResponse> {
        self.query(&QueryMsg::Reports { asset: asset("atom") })
    }
}

pub fn post_msg(rows: &[(&str, &str, u64)]) -> ExecuteMsg {
    ExecuteMsg::Post {
        reports: rows
            .iter()
            .map(|(name, text, at)| Report {
                asset: asset(name),
                price: price(text),
                at: *at,
            })
            .collect(),
    }
}

/// The typed error of a failed message.
pub fn refusal<T: std::fmt::Debug>(result: AnyResult<T>) -> ContractError {
    result.unwrap_err().downcast().unwrap()
}

/// Attributes of the only event of a type, without the contract's address.
pub fn event(response: &AppResponse, ty: &str) -> Vec<(String, String)> {
    let found: Vec<&Event> = response
        .events
        .iter()
        .filter(|e| e.ty == format!("wasm-{ty}"))
        .collect();
    assert_eq!(found.len(), 1, "{ty} in {:?}", response.events);
    found[0]
        .attributes
        .iter()
        .filter(|attribute| attribute.key != "_contract_address")
        .map(|attribute| (attribute.key.clone(), attribute.value.clone()))
        .collect()
}

pub fn has_event(response: &AppResponse, ty: &str) -> bool {
    response.events.iter().any(|e| e.ty == format!("wasm-{ty}"))
}

pub fn rows(pairs: &[(&str, &dyn ToString)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(key, value)| (key.to_string(), value.to_string()))
        .collect()
}

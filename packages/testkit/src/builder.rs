//! Puts a suite together: chain, tokens, the five contracts at predicted addresses, assets, prices, lenders.

use std::collections::BTreeMap;

use cosmwasm_std::{instantiate2_address, to_json_binary, Addr, Api, Decimal, Timestamp};
use cw2::ContractVersion;
use cw_asset::AssetInfo;
use cw_multi_test::{App, Executor};
use glidepath_interfaces::admin::Ownership;
use glidepath_interfaces::auction::SaleTerms;
use glidepath_interfaces::oracle::Source;
use glidepath_interfaces::vault::PenaltySplit;
use glidepath_interfaces::{auction, fund, oracle, position_manager, vault, AssetId, Peers};
use glidepath_risk::{Price, Rounding, Value};
use serde::Serialize;

use crate::code::{Code, CodeSource, NativeCode};
use crate::invariants::Invariants;
use crate::spec::{AssetSpec, Token};
use crate::suite::{Listed, Suite};
use crate::{defaults, id};

/// A suite to be put together. What is not said is as in [`defaults`].
pub struct SuiteBuilder {
    assets: Vec<AssetSpec>,
    stakes: Vec<(AssetId, u128)>,
    reporters: u8,
    quorum: u8,
    terms: SaleTerms,
    rules: position_manager::Params,
    split: PenaltySplit,
    fund: fund::Params,
    start: u64,
    watched: bool,
    code: Box<dyn CodeSource>,
}

impl Default for SuiteBuilder {
    fn default() -> Self {
        SuiteBuilder {
            assets: vec![AssetSpec::atom(), AssetSpec::usdc()],
            stakes: vec![],
            reporters: 1,
            quorum: 1,
            terms: defaults::sale_terms(),
            rules: defaults::rules(),
            split: defaults::penalty_split(),
            fund: defaults::fund_params(),
            start: defaults::START,
            watched: true,
            code: Box::new(NativeCode),
        }
    }
}

impl SuiteBuilder {
    /// Adds an asset, or replaces the one of that name.
    pub fn asset(mut self, spec: AssetSpec) -> Self {
        self.assets.retain(|old| old.asset != spec.asset);
        self.assets.push(spec);
        self
    }

    /// Leaves an asset out.
    pub fn without(mut self, asset: &str) -> Self {
        self.assets.retain(|old| old.asset.as_str() != asset);
        self
    }

    /// Changes every asset chosen so far.
    pub fn each_asset(mut self, change: impl Fn(AssetSpec) -> AssetSpec) -> Self {
        self.assets = self.assets.into_iter().map(change).collect();
        self
    }

    /// The account `staker` stakes so many base units in the fund.
    pub fn stake(mut self, asset: &str, amount: u128) -> Self {
        self.stakes.push((id(asset), amount));
        self
    }

    /// So many reporters, of whom `quorum` make a price.
    pub fn reporters(mut self, count: u8, quorum: u8) -> Self {
        (self.reporters, self.quorum) = (count, quorum);
        self
    }

    /// Changes the terms of sales.
    pub fn terms(mut self, change: impl FnOnce(&mut SaleTerms)) -> Self {
        change(&mut self.terms);
        self
    }

    /// Changes the rules for all positions.
    pub fn rules(mut self, change: impl FnOnce(&mut position_manager::Params)) -> Self {
        change(&mut self.rules);
        self
    }

    /// Changes the split of penalties.
    pub fn split(mut self, split: PenaltySplit) -> Self {
        self.split = split;
        self
    }

    /// Changes when stakes may leave the fund.
    pub fn fund(mut self, change: impl FnOnce(&mut fund::Params)) -> Self {
        change(&mut self.fund);
        self
    }

    /// Begins at this moment, in unix seconds.
    pub fn start(mut self, time: u64) -> Self {
        self.start = time;
        self
    }

    /// Runs this code.
    pub fn code(mut self, code: impl CodeSource + 'static) -> Self {
        self.code = Box::new(code);
        self
    }

    /// Invariants are not checked after every message.
    pub fn unwatched(mut self) -> Self {
        self.watched = false;
        self
    }

    /// Puts it together. Assets are listed and priced, warm-ups are over, the account `lender` has supplied.
    ///
    /// # Panics
    /// Where anything is refused, or a contract does not read back as it was made.
    pub fn build(self) -> Suite {
        let mut app = App::default();
        let start = self.start;
        app.update_block(|block| block.time = Timestamp::from_seconds(start));
        let owner = app.api().addr_make("owner");
        let reporters: Vec<Addr> = (0..self.reporters)
            .map(|n| app.api().addr_make(&format!("reporter-{n}")))
            .collect();
        let peers = bootstrap(&mut app, &owner, &reporters, &self);
        let mut suite = Suite {
            app,
            peers,
            owner,
            reporters,
            messages: 0,
            assets: BTreeMap::new(),
            prices: BTreeMap::new(),
            watch: None,
        };
        check_readback(&suite);

        for spec in &self.assets {
            list(&mut suite, spec, self.quorum);
        }
        let prices: Vec<(AssetId, Decimal)> = self
            .assets
            .iter()
            .map(|spec| (spec.asset.clone(), spec.price))
            .collect();
        suite.post(&prices);
        let warm_up = self.assets.iter().map(|spec| spec.feed.warm_up).max();
        suite.elapse(warm_up.unwrap_or_default().saturating_add(defaults::BLOCK));

        for spec in &self.assets {
            set_params(&mut suite, spec);
        }
        for spec in self.assets.iter().filter(|spec| spec.lent > 0) {
            lend(&mut suite, spec);
        }
        let staker = suite.user("staker");
        for (asset, amount) in &self.stakes {
            suite.give(&staker, asset.as_str(), *amount);
            suite
                .fund()
                .stake(&staker, asset.as_str(), *amount)
                .expect("a stake");
        }
        if self.watched {
            suite.watch = Some(Box::new(Invariants::new(&suite)));
        }
        suite.messages = 0;
        suite
    }
}

/// Instantiates the five at addresses that are known before they exist.
fn bootstrap(app: &mut App, owner: &Addr, reporters: &[Addr], plan: &SuiteBuilder) -> Peers<Addr> {
    let deployer = app.api().addr_make("deployer");
    let mut prepare = |code: Code, name: &'static str| {
        let code_id = app.store_code(code);
        let checksum = app
            .wrap()
            .query_wasm_code_info(code_id)
            .expect("stored code")
            .checksum;
        let creator = app.api().addr_canonicalize(deployer.as_str()).expect("deployer");
        let address = instantiate2_address(checksum.as_slice(), &creator, name.as_bytes()).expect("a salt");
        let address = app.api().addr_humanize(&address).expect("an address");
        Site {
            code_id,
            name,
            address,
        }
    };
    let code = &plan.code;
    let vault = prepare(code.vault(), "vault");
    let position_manager = prepare(code.position_manager(), "position-manager");
    let oracle_adapter = prepare(code.oracle_adapter(), "oracle-adapter");
    let liquidation_auction = prepare(code.liquidation_auction(), "liquidation-auction");
    let insurance_fund = prepare(code.insurance_fund(), "insurance-fund");
    let peers = Peers {
        vault: vault.address.clone(),
        position_manager: position_manager.address.clone(),
        oracle_adapter: oracle_adapter.address.clone(),
        liquidation_auction: liquidation_auction.address.clone(),
        insurance_fund: insurance_fund.address.clone(),
    };
    let told = Peers {
        vault: peers.vault.to_string(),
        position_manager: peers.position_manager.to_string(),
        oracle_adapter: peers.oracle_adapter.to_string(),
        liquidation_auction: peers.liquidation_auction.to_string(),
        insurance_fund: peers.insurance_fund.to_string(),
    };
    let owned = || owner.to_string();
    let mut build = |site: Site, msg: cosmwasm_std::Binary| site.build(app, &deployer, owner, msg);
    build(
        vault,
        json(&vault::InstantiateMsg {
            owner: owned(),
            peers: told.clone(),
            penalty_split: plan.split.clone(),
        }),
    );
    build(
        position_manager,
        json(&position_manager::InstantiateMsg {
            owner: owned(),
            peers: told.clone(),
            params: plan.rules.clone(),
        }),
    );
    build(
        oracle_adapter,
        json(&oracle::InstantiateMsg {
            owner: owned(),
            peers: told.clone(),
            reporters: reporters.iter().map(Addr::to_string).collect(),
        }),
    );
    build(
        liquidation_auction,
        json(&auction::InstantiateMsg {
            owner: owned(),
            peers: told.clone(),
            terms: plan.terms.clone(),
        }),
    );
    build(
        insurance_fund,
        json(&fund::InstantiateMsg {
            owner: owned(),
            peers: told,
            params: plan.fund.clone(),
        }),
    );
    peers
}

fn json(msg: &impl Serialize) -> cosmwasm_std::Binary {
    to_json_binary(msg).expect("a message")
}

/// Where a contract will be.
struct Site {
    code_id: u64,
    name: &'static str,
    address: Addr,
}

impl Site {
    fn build(self, app: &mut App, deployer: &Addr, owner: &Addr, msg: cosmwasm_std::Binary) {
        let msg = cosmwasm_std::WasmMsg::Instantiate2 {
            admin: Some(owner.to_string()),
            code_id: self.code_id,
            label: format!("glidepath {}", self.name),
            msg,
            funds: vec![],
            salt: self.name.as_bytes().into(),
        };
        let done = app
            .execute(deployer.clone(), msg.into())
            .unwrap_or_else(|e| panic!("{} is instantiated: {e:#}", self.name));
        let at = done
            .events
            .iter()
            .find(|event| event.ty == "instantiate")
            .and_then(|event| event.attributes.iter().find(|a| a.key == "_contract_address"))
            .map(|attribute| attribute.value.clone());
        assert_eq!(
            at.as_deref(),
            Some(self.address.as_str()),
            "address of {}",
            self.name
        );
    }
}

/// Each of the five says who it is, whose it is, and who the other four are.
fn check_readback(suite: &Suite) {
    let Peers {
        vault,
        position_manager,
        oracle_adapter,
        liquidation_auction,
        insurance_fund,
    } = &suite.peers;
    let ask = suite.ask();
    let known = [
        (vault, "vault", ask.vault_config().expect("config").peers),
        (
            position_manager,
            "position-manager",
            ask.rules().expect("config").peers,
        ),
        (
            oracle_adapter,
            "oracle-adapter",
            ask.oracle_config().expect("config").peers,
        ),
        (
            liquidation_auction,
            "liquidation-auction",
            ask.auction_config().expect("config").peers,
        ),
        (
            insurance_fund,
            "insurance-fund",
            ask.fund_config().expect("config").peers,
        ),
    ];
    for (address, name, peers) in known {
        assert_eq!(peers, suite.peers, "peers of {name}");
        let owner: Ownership<Addr> = suite
            .ask()
            .smart(address, &vault::QueryMsg::Ownership {})
            .expect("an owner");
        assert_eq!(owner.owner.as_ref(), Some(&suite.owner), "owner of {name}");
        assert_eq!(owner.pending_owner, None, "proposed owner of {name}");
        let data = suite.app.contract_data(address).expect("a contract");
        assert_eq!(data.admin.as_ref(), Some(&suite.owner), "admin of {name}");
        let ContractVersion { contract, .. } =
            cw2::query_contract_info(&suite.app.wrap(), address.as_str()).expect("a version");
        assert!(
            contract.ends_with(&format!("glidepath-{name}")),
            "{name} calls itself {contract}"
        );
    }
}

/// Tells vault and oracle of an asset.
fn list(suite: &mut Suite, spec: &AssetSpec, quorum: u8) {
    let asset = &spec.asset;
    let info = match &spec.token {
        Token::Native { denom } => AssetInfo::native(denom.clone()),
        Token::Cw20 { code } => AssetInfo::cw20(suite.new_token(code(), asset.as_str(), spec.decimals)),
    };
    let owner = suite.owner.clone();
    let (vault, oracle) = (suite.peers.vault.clone(), suite.peers.oracle_adapter.clone());
    let mut tell = |contract: &Addr, msg: cosmwasm_std::Binary| {
        let msg = cosmwasm_std::WasmMsg::Execute {
            contract_addr: contract.to_string(),
            msg,
            funds: vec![],
        };
        suite
            .send(&owner, msg.into())
            .unwrap_or_else(|e| panic!("{asset} is listed: {e:#}"))
    };
    tell(
        &vault,
        json(&vault::ExecuteMsg::ListAsset {
            asset: asset.clone(),
            info: info.clone().into(),
            decimals: spec.decimals,
        }),
    );
    if let Some(terms) = &spec.market {
        tell(
            &vault,
            json(&vault::ExecuteMsg::SetMarket {
                asset: asset.clone(),
                terms: terms.clone(),
            }),
        );
    }
    let Source::Posted { fresh, .. } = spec.feed.source;
    let mut feed = spec.feed.clone();
    feed.source = Source::Posted { quorum, fresh };
    tell(
        &oracle,
        json(&oracle::ExecuteMsg::SetFeed {
            asset: asset.clone(),
            feed,
        }),
    );
    let decimals = spec.decimals;
    suite.assets.insert(asset.clone(), Listed { info, decimals });
}

/// Tells position manager and fund of an asset.
fn set_params(suite: &mut Suite, spec: &AssetSpec) {
    suite
        .positions()
        .set_asset(spec.asset.as_str(), spec.params.clone())
        .unwrap_or_else(|e| panic!("parameters of {}: {e:#}", spec.asset));
    if let Some(rule) = &spec.cover {
        suite
            .fund()
            .set_cover(spec.asset.as_str(), rule.clone())
            .unwrap_or_else(|e| panic!("cover of {}: {e:#}", spec.asset));
    }
}

fn lend(suite: &mut Suite, spec: &AssetSpec) {
    let amount = Price(spec.price)
        .amount_for(Value::usd(spec.lent), spec.decimals, Rounding::Up)
        .expect("an amount")
        .u128();
    let lender = suite.user("lender");
    let asset = spec.asset.as_str();
    suite.give(&lender, asset, amount);
    suite
        .vault()
        .supply(&lender, asset, amount)
        .unwrap_or_else(|e| panic!("{asset} is lent: {e:#}"));
}

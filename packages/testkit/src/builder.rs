//! Puts a suite together: chain, tokens, the five contracts at predicted addresses, assets, prices, lenders.

use std::collections::BTreeMap;

use cosmwasm_std::testing::MockApi;
use cosmwasm_std::{Addr, Decimal, Timestamp};
use cw_asset::AssetInfo;
use cw_multi_test::AppBuilder;
use glidepath_interfaces::auction::SaleTerms;
use glidepath_interfaces::oracle::Source;
use glidepath_interfaces::vault::PenaltySplit;
use glidepath_interfaces::{fund, oracle, position_manager, vault, AssetId};
use glidepath_risk::{Price, Rounding, Value};

use crate::bootstrap::{bootstrap, check_readback, json};
use crate::code::{default_code, CodeSource};
use crate::invariants::Invariants;
use crate::spec::{AssetSpec, Token};
use crate::suite::{person, Listed, Suite};
use crate::{defaults, id};

/// A suite to be put together. What is not said is as in [`defaults`].
pub struct SuiteBuilder {
    assets: Vec<AssetSpec>,
    stakes: Vec<(AssetId, u128)>,
    reporters: u8,
    quorum: u8,
    pub(crate) terms: SaleTerms,
    pub(crate) rules: position_manager::Params,
    pub(crate) split: PenaltySplit,
    pub(crate) fund: fund::Params,
    start: u64,
    watched: bool,
    pub(crate) code: Box<dyn CodeSource>,
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
            code: default_code(),
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
        // People and contracts have addresses as on a chain: some records and events hold them.
        let api = MockApi::default().with_prefix("wasm");
        let mut app = AppBuilder::new().with_api(api).build(|_, _, _| {});
        let start = self.start;
        app.update_block(|block| block.time = Timestamp::from_seconds(start));
        let owner = person(&app, "owner");
        let guardian = person(&app, "guardian");
        let reporters: Vec<Addr> = (0..self.reporters)
            .map(|n| person(&app, &format!("reporter-{n}")))
            .collect();
        let peers = bootstrap(&mut app, &owner, &reporters, &self);
        let mut suite = Suite {
            app,
            peers,
            owner,
            guardian,
            reporters,
            messages: 0,
            assets: BTreeMap::new(),
            prices: BTreeMap::new(),
            pyth: None,
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
    let mut feed = spec.feed.clone();
    if let Source::Posted { fresh, .. } = feed.source {
        feed.source = Source::Posted { quorum, fresh };
    }
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

//! The chain with the suite on it: time, prices, payments, messages.

use std::collections::BTreeMap;
use std::fmt::Debug;

use anyhow::Result;
use cosmwasm_std::{to_json_binary, Addr, Api, CanonicalAddr, Coin, CosmosMsg, Decimal, Uint128, WasmMsg};
use cw20::{Cw20Coin, Cw20ExecuteMsg};
use cw_asset::AssetInfo;
use cw_multi_test::{App, BankSudo, Executor, SudoMsg};
use glidepath_interfaces::asset::call_with;
use glidepath_interfaces::oracle::{self, Report};
use glidepath_interfaces::{AssetId, Peers};
use glidepath_risk::Price;
use serde::Serialize;

use crate::handles::{Auction, Fund, Oracle, Positions, Vault};
use crate::invariants::Invariants;
use crate::pyth::Pyth;
use crate::{defaults, Ask, Outcome, SuiteBuilder};

/// An asset's name.
///
/// # Panics
/// Where the text is none.
pub fn id(asset: &str) -> AssetId {
    asset.parse().expect("an asset's name")
}

/// The address of somebody, of 20 bytes as people have them on a chain; contracts have 32.
pub(crate) fn person(app: &App, name: &str) -> Addr {
    let long = app.api().addr_make(name);
    let bytes = app.api().addr_canonicalize(long.as_str()).expect("an address");
    let short = CanonicalAddr::from(bytes.as_slice().first_chunk::<20>().expect("32 bytes"));
    app.api().addr_humanize(&short).expect("an address")
}

/// Why a message was refused, as the contract's own error.
///
/// # Panics
/// Where it was not refused, or by another error; the whole chain of causes is shown.
pub fn refused<E: std::error::Error + Send + Sync + 'static>(result: Result<impl Debug>) -> E {
    match result {
        Ok(done) => panic!("it was not refused: {done:?}"),
        Err(error) => match error.downcast::<E>() {
            Ok(cause) => cause,
            Err(other) => panic!("refused by another error: {other:#}"),
        },
    }
}

/// What an asset's name stands for in this suite.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Denom or token.
    pub info: AssetInfo,
    /// Decimals of a whole token.
    pub decimals: u8,
}

/// The whole suite on an embedded chain.
pub struct Suite {
    /// The chain.
    pub app: App,
    /// The five contracts.
    pub peers: Peers<Addr>,
    /// The owner of all five.
    pub owner: Addr,
    /// Who may stop and lower.
    pub guardian: Addr,
    /// Who may post prices.
    pub reporters: Vec<Addr>,
    /// Messages sent so far.
    pub messages: u64,
    pub(crate) assets: BTreeMap<AssetId, Listed>,
    pub(crate) prices: BTreeMap<AssetId, Decimal>,
    pub(crate) pyth: Option<Pyth>,
    pub(crate) watch: Option<Box<Invariants>>,
}

impl Default for Suite {
    /// `atom` as collateral, `usdc` as debt, the starting figures of the design.
    fn default() -> Self {
        Suite::builder().build()
    }
}

impl Suite {
    /// A suite to be put together.
    pub fn builder() -> SuiteBuilder {
        SuiteBuilder::default()
    }

    // ------------------------------------------------------------ handles

    /// Messages to the vault.
    pub fn vault(&mut self) -> Vault<'_> {
        Vault(self)
    }

    /// Messages to the position manager.
    pub fn positions(&mut self) -> Positions<'_> {
        Positions(self)
    }

    /// Messages to the auction.
    pub fn auction(&mut self) -> Auction<'_> {
        Auction(self)
    }

    /// Messages to the oracle adapter.
    pub fn oracle(&mut self) -> Oracle<'_> {
        Oracle(self)
    }

    /// Messages to the insurance fund.
    pub fn fund(&mut self) -> Fund<'_> {
        Fund(self)
    }

    /// Queries to all five.
    pub fn ask(&self) -> Ask<'_> {
        Ask(self)
    }

    // ------------------------------------------------------------ people and coins

    /// The address of somebody.
    pub fn user(&self, name: &str) -> Addr {
        person(&self.app, name)
    }

    /// Denom or token, and decimals, of an asset.
    ///
    /// # Panics
    /// Where the suite has no such asset.
    pub fn listed(&self, asset: &str) -> &Listed {
        self.assets
            .get(&id(asset))
            .unwrap_or_else(|| panic!("the suite has no {asset}"))
    }

    /// The assets of this suite.
    pub fn assets(&self) -> impl Iterator<Item = (&AssetId, &Listed)> {
        self.assets.iter()
    }

    /// Base units of so many whole tokens, rounded down.
    pub fn units(&self, asset: &str, whole: &str) -> u128 {
        let whole: Decimal = whole.parse().expect("a decimal");
        let unit = 10u128.pow(self.listed(asset).decimals.into());
        Uint128::new(unit).mul_floor(whole).u128()
    }

    /// Makes coins or tokens out of nothing for somebody.
    pub fn give(&mut self, to: &Addr, asset: &str, amount: u128) {
        let info = self.listed(asset).info.clone();
        self.mint(to, &info, amount);
    }

    pub(crate) fn mint(&mut self, to: &Addr, info: &AssetInfo, amount: u128) {
        match info {
            AssetInfo::Native(denom) => {
                let mint = BankSudo::Mint {
                    to_address: to.to_string(),
                    amount: vec![Coin::new(amount, denom)],
                };
                self.app.sudo(SudoMsg::Bank(mint)).expect("minting coins");
            }
            AssetInfo::Cw20(token) => {
                let mint = Cw20ExecuteMsg::Mint {
                    recipient: to.to_string(),
                    amount: amount.into(),
                };
                let minter = self.user("minter");
                self.app
                    .execute_contract(minter, token.clone(), &mint, &[])
                    .expect("minting tokens");
            }
            other => panic!("{other} can't be made"),
        }
    }

    /// What somebody has.
    pub fn balance(&self, of: &Addr, asset: &str) -> u128 {
        let info = &self.listed(asset).info;
        info.query_balance(&self.app.wrap(), of)
            .expect("a balance")
            .u128()
    }

    /// Sends coins or tokens without any message, as a donation does.
    pub fn transfer(&mut self, from: &Addr, to: &Addr, asset: &str, amount: u128) -> Result<Outcome> {
        let coins = cw_asset::Asset::new(self.listed(asset).info.clone(), amount);
        let msg = coins.transfer_msg(to)?;
        let to_vault = *to == self.peers.vault;
        if let Some(watch) = self.watch.as_mut().filter(|_| to_vault) {
            watch.donated(&id(asset), amount);
        }
        self.send(from, msg)
    }

    // ------------------------------------------------------------ messages

    /// Sends any message. Invariants are checked after it, if the suite is watched.
    ///
    /// # Panics
    /// Where an invariant is broken.
    pub fn send(&mut self, sender: &Addr, msg: CosmosMsg) -> Result<Outcome> {
        self.messages += 1;
        let outcome = Outcome::from(self.app.execute(sender.clone(), msg)?);
        self.watched(&outcome);
        Ok(outcome)
    }

    /// Sends several messages as one transaction: all of them, or none.
    ///
    /// # Panics
    /// Where an invariant is broken.
    pub fn send_all(&mut self, sender: &Addr, msgs: Vec<CosmosMsg>) -> Result<Outcome> {
        self.messages += msgs.len() as u64;
        let done = self.app.execute_multi(sender.clone(), msgs)?;
        let outcome = done
            .into_iter()
            .fold(Outcome::default(), |all, one| all.and(one.into()));
        self.watched(&outcome);
        Ok(outcome)
    }

    fn watched(&mut self, outcome: &Outcome) {
        if let Some(mut watch) = self.watch.take() {
            watch
                .observe(self, outcome)
                .and_then(|()| watch.check(self))
                .unwrap_or_else(|broken| panic!("{broken}\nafter {:#?}", outcome.events));
            self.watch = Some(watch);
        }
    }

    /// Sends a message to a contract, with coins attached.
    pub fn execute<M: Serialize>(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        msg: &M,
        funds: &[Coin],
    ) -> Result<Outcome> {
        let msg = WasmMsg::Execute {
            contract_addr: contract.to_string(),
            msg: to_json_binary(msg)?,
            funds: funds.to_vec(),
        };
        self.send(sender, msg.into())
    }

    /// Sends a message to a contract with a payment: coins are attached, tokens go by the `Send` hook.
    pub fn pay<M: Serialize>(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        msg: &M,
        asset: &str,
        amount: u128,
    ) -> Result<Outcome> {
        let call = call_with(contract, msg, &self.listed(asset).info, amount.into())?;
        self.send(sender, call)
    }

    /// Sends a message with several coins attached, or with one token by its hook.
    ///
    /// # Panics
    /// Where a token is paid together with anything else: no message can do that.
    pub fn pay_all<M: Serialize>(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        msg: &M,
        payment: &[(&str, u128)],
    ) -> Result<Outcome> {
        if let [(asset, amount)] = payment {
            return self.pay(sender, contract, msg, asset, *amount);
        }
        let mut funds: Vec<Coin> = payment
            .iter()
            .map(|(asset, amount)| match &self.listed(asset).info {
                AssetInfo::Native(denom) => Coin::new(*amount, denom),
                other => panic!("{other} can't be paid together with another asset"),
            })
            .collect();
        funds.sort_by(|a, b| a.denom.cmp(&b.denom));
        self.execute(sender, contract, msg, &funds)
    }

    // ------------------------------------------------------------ time and prices

    /// Unix seconds.
    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    /// Lets time pass, in blocks of 6 s and at least one.
    pub fn advance_time(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += (seconds / defaults::BLOCK).max(1);
        });
    }

    /// Lets time pass and has all prices posted anew at the end of it.
    pub fn elapse(&mut self, seconds: u64) {
        self.advance_time(seconds);
        self.refresh();
    }

    /// Lets time pass until a moment (none if it is past) and has all prices posted anew then.
    pub fn until(&mut self, time: u64) {
        let seconds = time.saturating_sub(self.now());
        self.elapse(seconds);
    }

    /// Posts the last prices of all assets anew, by all reporters.
    pub fn refresh(&mut self) {
        let prices: Vec<(AssetId, Decimal)> = self.prices.clone().into_iter().collect();
        self.post(&prices);
    }

    /// Posts an asset's price now, by all reporters. A price that was posted in this very second can't be replaced
    /// by another, so a second passes first where that would be needed.
    ///
    /// # Panics
    /// Where the oracle refuses.
    pub fn set_price(&mut self, asset: &str, price: &str) {
        self.set_prices(&[(asset, price)]);
    }

    /// Posts prices now, by all reporters, as [`Suite::set_price`] does.
    pub fn set_prices(&mut self, prices: &[(&str, &str)]) {
        let parsed: Vec<(AssetId, Decimal)> = prices
            .iter()
            .map(|(asset, price)| (id(asset), price.parse().expect("a price is a decimal")))
            .collect();
        let now = self.now();
        let same_second = parsed.iter().any(|(asset, price)| {
            self.ask()
                .price(asset.as_str())
                .is_ok_and(|record| record.published_at == now && record.price.0 != *price)
        });
        if same_second {
            self.advance_time(1);
        }
        self.post(&parsed);
    }

    /// Posts prices now, by all reporters; those that come from Pyth are pushed and asked for instead.
    ///
    /// # Panics
    /// Where the oracle refuses.
    pub fn post(&mut self, prices: &[(AssetId, Decimal)]) {
        let at = self.now();
        let oracle = self.peers.oracle_adapter.clone();
        let (pushed, posted): (Vec<_>, Vec<_>) = prices
            .iter()
            .cloned()
            .partition(|(asset, _)| self.is_on_pyth(asset));
        self.push(&pushed);
        for chunk in posted.chunks(16) {
            let reports = chunk
                .iter()
                .map(|(asset, price)| Report {
                    asset: asset.clone(),
                    price: Price(*price),
                    at,
                })
                .collect();
            let msg = oracle::ExecuteMsg::Post { reports };
            for reporter in self.reporters.clone() {
                self.execute(&reporter, &oracle, &msg, &[])
                    .expect("prices are posted");
            }
        }
        self.prices.extend(prices.iter().cloned());
    }

    /// Stops or resumes checking the invariants after every message.
    pub fn watch(&mut self, on: bool) {
        self.watch = match (on, self.watch.take()) {
            (true, None) => Some(Box::new(Invariants::new(self))),
            (true, watch) => watch,
            (false, _) => None,
        };
    }

    /// Times that the invariants were checked.
    pub fn checks(&self) -> u64 {
        self.watch.as_ref().map_or(0, |watch| watch.checks)
    }

    pub(crate) fn new_token(&mut self, code: crate::Code, symbol: &str, decimals: u8) -> Addr {
        let code = self.app.store_code(code);
        let minter = self.user("minter");
        let msg = cw20_base::msg::InstantiateMsg {
            name: format!("token {symbol}"),
            symbol: symbol.to_uppercase().replace(['.', '-'], "").repeat(2),
            decimals,
            initial_balances: Vec::<Cw20Coin>::new(),
            mint: Some(cw20::MinterResponse {
                minter: minter.to_string(),
                cap: None,
            }),
            marketing: None,
        };
        self.app
            .instantiate_contract(code, minter, &msg, &[], format!("token {symbol}"), None)
            .expect("a token")
    }
}

//! The suite as it was before and as it is now, and what is told to it.

use std::collections::BTreeMap;

use crate::invariants::{Broken, Invariants};
use crate::{agent, Outcome, Suite};
use cosmwasm_std::{from_json, Addr, Binary, Coin as Coins, CosmosMsg, Decimal, Uint128, WasmMsg};
use cw20::Cw20ExecuteMsg;
use cw_asset::AssetInfo;
use glidepath_interfaces::asset::call_with;
use glidepath_interfaces::auction::{Sale, SALES};
use glidepath_interfaces::oracle::{PriceRecord, PRICES};
use glidepath_interfaces::position_manager::AssetStatus;
use glidepath_interfaces::vault::{Ledger, LEDGERS};
use glidepath_position_manager::listed::InForce;
use glidepath_position_manager::state::ASSETS;
use glidepath_risk::{Price, Rounding, Value};
use serde::Serialize;

use super::coverage::Coverage;
use super::op::{Coin, Kind, Much, Peer, Slot, Who};
use super::promises;
use super::refusal::{self, Refusal};
use super::setup;
use super::standing::Standing;

/// Something that must not be.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What kind of thing; a shorter script must fail in the same way.
    pub kind: String,
    /// What was expected and what was found.
    pub what: String,
}

impl Failure {
    /// A failure of a kind.
    pub fn new(kind: impl Into<String>, what: impl Into<String>) -> Self {
        Failure {
            kind: kind.into(),
            what: what.into(),
        }
    }
}

impl From<Broken> for Failure {
    fn from(broken: Broken) -> Self {
        Failure::new(format!("invariant-{}", broken.number), broken.what)
    }
}

impl From<crate::Error> for Failure {
    /// A question that must have an answer has none.
    fn from(error: crate::Error) -> Self {
        Failure::new("query", format!("{error:#}"))
    }
}

/// What a message came to.
pub type Told = Result<Outcome, Refusal>;

/// Everything that a step may change.
#[derive(Clone)]
pub struct Moment {
    chain: crate::Moment,
    watch: Invariants,
    orders: Standing,
    prices: BTreeMap<Coin, Decimal>,
    posted_at: u64,
    slots: BTreeMap<Slot, u64>,
    guarded: BTreeMap<(Coin, Kind), u64>,
}

/// The suite, and what the interpreter knows of it.
pub struct World {
    /// The suite; it does not watch itself.
    pub suite: Suite,
    /// Its invariants.
    pub watch: Invariants,
    /// Standing orders, each by itself.
    pub orders: Standing,
    /// What was seen.
    pub coverage: Coverage,
    /// A token that nobody listed.
    pub junk: Addr,
    /// A contract that owns positions, bids, and calls back.
    agent: Addr,
    /// Last price of each asset.
    pub prices: BTreeMap<Coin, Decimal>,
    /// Positions by who opened them.
    pub slots: BTreeMap<Slot, u64>,
    /// When the guardian's last stops end, as he set them.
    pub guarded: BTreeMap<(Coin, Kind), u64>,
    /// Assets whose prices nobody posts any more.
    pub silent: Vec<Coin>,
    posted_at: u64,
    first: BTreeMap<Coin, Decimal>,
}

/// The first word of a message.
fn verb(msg: &Binary) -> String {
    let text = String::from_utf8_lossy(msg);
    text.split('"').nth(1).unwrap_or_default().to_string()
}

impl Default for World {
    fn default() -> Self {
        World::new()
    }
}

impl World {
    /// A new one.
    pub fn new() -> Self {
        let mut suite = setup::suite();
        let (mut orders, mut coverage) = (Standing::default(), Coverage::default());
        for outcome in setup::min_orders(&mut suite) {
            orders
                .observe(&suite, &outcome, &mut coverage)
                .expect("nothing is ordered yet");
        }
        let (junk, agent) = (setup::junk(&mut suite), agent::agent(&mut suite, "agent"));
        let first: BTreeMap<Coin, Decimal> = Coin::ALL
            .iter()
            .map(|coin| (*coin, suite.ask().price(coin.word()).expect("a price").price.0))
            .collect();
        World {
            watch: Invariants::new(&suite),
            orders,
            coverage,
            junk,
            agent,
            prices: first.clone(),
            slots: BTreeMap::new(),
            guarded: BTreeMap::new(),
            silent: vec![],
            posted_at: suite.now(),
            first,
            suite,
        }
    }

    /// All that a step may change, to come back to.
    pub fn moment(&self) -> Moment {
        Moment {
            chain: crate::Moment::of(&self.suite),
            watch: self.watch.clone(),
            orders: self.orders.clone(),
            prices: self.prices.clone(),
            posted_at: self.posted_at,
            slots: self.slots.clone(),
            guarded: self.guarded.clone(),
        }
    }

    /// Goes back to a moment. What was seen stays seen.
    pub fn back_to(&mut self, moment: &Moment) {
        moment.chain.restore(&mut self.suite);
        self.watch = moment.watch.clone();
        self.orders = moment.orders.clone();
        self.prices = moment.prices.clone();
        self.posted_at = moment.posted_at;
        self.slots = moment.slots.clone();
        self.guarded = moment.guarded.clone();
        self.silent.clear();
    }

    // ------------------------------------------------------------ messages

    /// Sends a message. What is refused must be refused by a typed error and leave everything as it was.
    pub fn send(&mut self, sender: &Addr, msg: CosmosMsg) -> Result<Told, Failure> {
        self.send_but(sender, msg, &[])
    }

    /// The same where these errors are typed well enough.
    pub fn send_but(&mut self, sender: &Addr, msg: CosmosMsg, also: &[&str]) -> Result<Told, Failure> {
        let before = crate::Moment::digest(&self.suite);
        let name = self.name(&msg);
        let told = self.suite.send(sender, msg);
        if let Some(name) = name {
            self.coverage.message(name, told.is_ok());
        }
        match told {
            Ok(outcome) => {
                self.watch.observe(&self.suite, &outcome)?;
                self.orders.observe(&self.suite, &outcome, &mut self.coverage)?;
                promises::kept(self, &outcome)?;
                self.coverage.outcome(&outcome);
                Ok(Ok(outcome))
            }
            Err(error) => {
                if crate::Moment::digest(&self.suite) != before {
                    return Err(Failure::new(
                        "changed",
                        format!("a refusal changed something: {error:#}"),
                    ));
                }
                let refusal = refusal::of(&error);
                if !refusal.is_typed() && !also.contains(&refusal.name.as_str()) {
                    return Err(Failure::new(
                        format!("untyped-{}", refusal.name),
                        format!("{error:#}"),
                    ));
                }
                self.coverage.refused(&refusal);
                Ok(Err(refusal))
            }
        }
    }

    /// What a message is called, if it goes to one of the five: `vault supply`, `vault receive supply`.
    fn name(&self, msg: &CosmosMsg) -> Option<String> {
        let CosmosMsg::Wasm(WasmMsg::Execute {
            contract_addr, msg, ..
        }) = msg
        else {
            return None;
        };
        let peer = |address: &str| {
            let peers = Peer::ALL.iter();
            peers.copied().find(|peer| self.peer(*peer).as_str() == address)
        };
        if let Some(peer) = peer(contract_addr) {
            return Some(format!("{peer} {}", verb(msg)));
        }
        match from_json(msg) {
            Ok(Cw20ExecuteMsg::Send { contract, msg, .. }) => {
                peer(&contract).map(|peer| format!("{peer} receive {}", verb(&msg)))
            }
            _ => None,
        }
    }

    /// Sends a message to a contract, with coins.
    pub fn execute<M: Serialize>(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        msg: &M,
        funds: &[Coins],
    ) -> Result<Told, Failure> {
        let msg = WasmMsg::Execute {
            contract_addr: contract.to_string(),
            msg: cosmwasm_std::to_json_binary(msg).expect("a message"),
            funds: funds.to_vec(),
        };
        self.send(sender, msg.into())
    }

    /// Sends a message with a payment, whatever kind of asset it is; the sender is given it. One of nothing goes
    /// without coins.
    pub fn pay<M: Serialize>(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        msg: &M,
        coin: Coin,
        amount: u128,
    ) -> Result<Told, Failure> {
        let info = self.suite.listed(coin.word()).info.clone();
        if amount == 0 && matches!(info, AssetInfo::Native(_)) {
            return self.execute(sender, contract, msg, &[]);
        }
        self.give(sender, coin, amount);
        let call = call_with(contract, msg, &info, amount.into()).expect("a payment");
        // The standard token refuses to send nothing.
        self.send_but(sender, call, &["token InvalidZeroAmount"])
    }

    /// Makes coins for somebody.
    pub fn give(&mut self, to: &Addr, coin: Coin, amount: u128) {
        if amount > 0 {
            self.suite.give(to, coin.word(), amount);
        }
    }

    /// What must hold after every step.
    pub fn check(&mut self) -> Result<(), Failure> {
        self.coverage.checks += 1;
        self.watch.check(&self.suite)?;
        self.orders.check(&self.suite)
    }

    // ------------------------------------------------------------ who and what

    /// Somebody's address.
    pub fn who(&self, who: Who) -> Addr {
        if who == Who::Agent {
            return self.agent.clone();
        }
        self.suite.user(who.word())
    }

    /// A contract's address.
    pub fn peer(&self, peer: Peer) -> Addr {
        let peers = &self.suite.peers;
        match peer {
            Peer::Vault => &peers.vault,
            Peer::Manager => &peers.position_manager,
            Peer::Oracle => &peers.oracle_adapter,
            Peer::Auction => &peers.liquidation_auction,
            Peer::Fund => &peers.insurance_fund,
        }
        .clone()
    }

    /// A position's number, if it was opened.
    pub fn position(&self, slot: Slot) -> Option<u64> {
        self.slots.get(&slot).copied()
    }

    /// The coin of a name.
    pub fn coin(&self, asset: &str) -> Coin {
        asset.parse().expect("an asset of this world")
    }

    /// An asset's record of the oracle.
    pub fn record(&self, coin: Coin) -> PriceRecord {
        let storage = self.suite.app.contract_storage(&self.suite.peers.oracle_adapter);
        PRICES.load(&*storage, coin.word()).expect("a price")
    }

    /// An asset as the position manager has it now.
    pub fn listed(&self, coin: Coin) -> InForce {
        let storage = self
            .suite
            .app
            .contract_storage(&self.suite.peers.position_manager);
        let listed = ASSETS.load(&*storage, coin.word()).expect("a listed asset");
        listed.at(self.now()).expect("its parameters")
    }

    /// Where an asset is in its life.
    pub fn life(&self, coin: Coin) -> AssetStatus {
        self.listed(coin).params.status
    }

    /// A position's ledger.
    pub fn ledger(&self, position: u64) -> Ledger {
        let storage = self.suite.app.contract_storage(&self.suite.peers.vault);
        LEDGERS.load(&*storage, position).expect("a ledger")
    }

    /// A position's sale.
    pub fn sale(&self, position: u64) -> Option<Sale> {
        let storage = self
            .suite
            .app
            .contract_storage(&self.suite.peers.liquidation_auction);
        SALES.may_load(&*storage, position).expect("a sale")
    }

    /// Is a lot of this position alive?
    pub fn is_on_sale(&self, position: u64) -> bool {
        let sale = self.suite.ask().sale(position);
        sale.is_ok_and(|sale| sale.multiplier.is_some())
    }

    /// Base units that so many dollars buy at the last price.
    pub fn units(&self, coin: Coin, usd: u64) -> u128 {
        let decimals = self.suite.listed(coin.word()).decimals;
        let price = Price(self.record(coin).price.0);
        let value = Value::usd(usd.into());
        price
            .amount_for(value, decimals, Rounding::Down)
            .map_or(0, |amount| amount.u128())
    }

    /// How much that is, where there are `all` base units.
    pub fn much(&self, much: Much, coin: Coin, all: u128) -> u128 {
        match much {
            Much::Usd(usd) => self.units(coin, usd),
            Much::Part(part) => Uint128::new(all).multiply_ratio(part, 1_000u128).u128(),
            Much::Units(units) => units.into(),
            Much::All => all,
        }
    }
}

mod prices;

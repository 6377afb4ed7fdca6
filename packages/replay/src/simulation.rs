//! The loop over the blocks, and what it leaves behind.

use std::collections::{BTreeMap, BTreeSet};

use rand::seq::SliceRandom;

use crate::amounts::{Amounts, AssetNumber};
use crate::bidders::Bidders;
use crate::clock::Time;
use crate::config::Asset;
use crate::market::{Block, Market, Oracle, Outages, Prices};
use crate::path::Path;
use crate::population::PositionId;
use crate::rules::{Account, Bid, Counts, Event, Offer, QueueState, Rules, RulesError, RulesKind};
use crate::scene::Scene;
use crate::seed::{stream, Stream};

/// Something that happened, when, and at which prices.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Unix time in seconds.
    pub time: Time,
    /// Prices at that moment of the collateral that it is about.
    pub prices: Prices,
    /// What happened.
    pub event: Event,
}

/// All that a run leaves behind.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The rules that ran.
    pub rules: RulesKind,
    /// What happened, in order.
    pub log: Vec<Entry>,
    /// Of each collateral the price that the market paid at the end of each block, USD per whole token.
    pub market: Vec<Vec<f64>>,
    /// Of each collateral the price on chain at the end of each block, USD per whole token.
    pub oracle: Vec<Vec<f64>>,
    /// Of each collateral with a queue of lots its state at the end of each block.
    pub queues: Vec<Vec<QueueState>>,
    /// The positions at the end, in the order of their ids.
    pub accounts: Vec<Account>,
    /// What was sent and checked.
    pub counts: Counts,
    /// Seconds that it took.
    pub wall_s: f64,
}

/// Runs `rules` on `scene`; `progress` is told the number of blocks done.
pub fn run(
    scene: &Scene,
    kind: RulesKind,
    rules: &mut dyn Rules,
    progress: &mut dyn FnMut(usize),
) -> Result<Outcome, RulesError> {
    let started = std::time::Instant::now();
    let mut run = Run::new(scene, rules);
    for number in 0..scene.path.blocks() {
        run.block(Block {
            number,
            time: scene.path.time(number),
        })?;
        progress(number + 1);
    }
    let end = scene.path.to();
    run.rules.audit(end)?;
    Ok(Outcome {
        rules: kind,
        accounts: run.rules.accounts(end)?,
        counts: run.rules.counts(),
        log: run.log,
        market: run.market_prices,
        oracle: run.oracle_prices,
        queues: run.queues,
        wall_s: started.elapsed().as_secs_f64(),
    })
}

/// A run under way.
struct Run<'a> {
    scene: &'a Scene,
    rules: &'a mut dyn Rules,
    /// One for each collateral.
    markets: Vec<Market>,
    oracles: Vec<Oracle>,
    outages: Outages,
    bidders: Bidders<'a>,
    /// When owners repay, and of which position.
    cures: BTreeSet<(Time, PositionId)>,
    /// The living lots as last asked for.
    offers: Vec<Offer>,
    /// Keepers in the order in which they come in a block.
    order: Vec<usize>,
    next_audit: Time,
    events: Vec<Event>,
    log: Vec<Entry>,
    market_prices: Vec<Vec<f64>>,
    oracle_prices: Vec<Vec<f64>>,
    queues: Vec<Vec<QueueState>>,
    /// Prices that reach the chain in a block.
    arriving: Vec<(AssetNumber, f64)>,
}

impl<'a> Run<'a> {
    fn new(scene: &'a Scene, rules: &'a mut dyn Rules) -> Self {
        let (config, path) = (&scene.config, &scene.path);
        let bidders = Bidders::new(&scene.keepers, &config.bidders);
        let market = |(asset, path): (&Asset, &Path)| {
            Market::new(
                asset.depth_1pct_usd,
                &config.market,
                &config.stress,
                path.sigma_ref,
            )
        };
        let series = vec![Vec::with_capacity(path.blocks()); scene.assets.len()];
        Self {
            scene,
            rules,
            markets: scene.assets.iter().zip(scene.paths()).map(market).collect(),
            oracles: scene
                .paths()
                .map(|path| Oracle::new(&config.oracle, path.first()))
                .collect(),
            outages: Outages::new(config, path, scene.seed),
            order: (0..bidders.len()).collect(),
            bidders,
            cures: BTreeSet::new(),
            offers: Vec::new(),
            next_audit: path.from,
            events: Vec::new(),
            log: Vec::new(),
            market_prices: series.clone(),
            oracle_prices: series,
            queues: vec![Vec::new(); scene.assets.len()],
            arriving: Vec::new(),
        }
    }

    fn block(&mut self, block: Block) -> Result<(), RulesError> {
        for (market, path) in self.markets.iter_mut().zip(self.scene.paths()) {
            market.next_block(path.prices[block.number], path.sigma[block.number]);
        }
        let alive = self.outages.alive(block.number);
        self.bidders.sell_due(&mut self.markets, alive);
        if alive {
            self.live_block(block)?;
        }
        for (asset, (market, oracle)) in self.markets.iter().zip(&mut self.oracles).enumerate() {
            oracle.observe(block.number, market.price());
            self.market_prices[asset].push(market.price());
            self.oracle_prices[asset].push(oracle.price());
            self.queues[asset].extend(self.rules.queue(block.time, asset));
        }
        Ok(())
    }

    /// A block in which people can act.
    fn live_block(&mut self, block: Block) -> Result<(), RulesError> {
        if self.outages.oracle(block.number) {
            self.arriving.clear();
            for (asset, oracle) in self.oracles.iter_mut().enumerate() {
                self.arriving
                    .extend(oracle.arrive(block.number).map(|price| (asset, price)));
            }
            if !self.arriving.is_empty() {
                self.rules.prices(block.time, &self.arriving)?;
                self.record(block);
            }
        }
        self.owners(block)?;
        if self.outages.bidders(block.number) {
            self.advance(block)?;
            self.keepers(block)?;
            self.advance(block)?;
        }
        if block.time >= self.next_audit {
            self.rules.audit(block.time)?;
            self.next_audit = block.time + self.scene.config.checks.every_s;
        }
        Ok(())
    }

    /// Owners whose time has come repay.
    fn owners(&mut self, block: Block) -> Result<(), RulesError> {
        while let Some((_, position)) = self.cures.first().copied().filter(|(due, _)| *due <= block.time) {
            self.cures.pop_first();
            self.rules.cure(block.time, position)?;
            self.record(block);
        }
        Ok(())
    }

    /// Keepers send what is due.
    fn advance(&mut self, block: Block) -> Result<(), RulesError> {
        if self.rules.next_due().is_some_and(|due| due <= block.time) {
            self.rules.advance(block.time)?;
            self.record(block);
        }
        Ok(())
    }

    /// Keepers bid, in an order drawn for the block, each for the cheapest lots first: those furthest below the market.
    fn keepers(&mut self, block: Block) -> Result<(), RulesError> {
        self.ask_offers(block);
        if self.offers.is_empty() {
            return Ok(());
        }
        let mut order = std::mem::take(&mut self.order);
        order.sort_unstable();
        order.shuffle(&mut stream(self.scene.seed, Stream::Order, block.number as u64));
        let mut stale = match order.first() {
            Some(first) => self.match_orders(block, *first)?,
            None => false,
        };
        for keeper in &order {
            if std::mem::take(&mut stale) {
                self.ask_offers(block);
            }
            for index in 0..self.offers.len() {
                stale |= self.bid(block, *keeper, self.offers[index])?;
            }
        }
        self.order = order;
        Ok(())
    }

    /// A keeper, the first of the block, has standing orders buy wherever it pays. Returns whether they did.
    fn match_orders(&mut self, block: Block, keeper: usize) -> Result<bool, RulesError> {
        let least = self.scene.config.bidders.min_match_usd;
        let mut any = false;
        for index in 0..self.offers.len() {
            let position = self.offers[index].position;
            let pays = |rules: &dyn Rules| {
                let pay = rules.match_pays(block.time, position);
                pay.is_some_and(|pay| pay >= least)
            };
            while pays(self.rules) && self.rules.match_orders(block.time, keeper, position)? {
                self.record(block);
                any = true;
            }
        }
        Ok(any)
    }

    fn ask_offers(&mut self, block: Block) {
        self.offers.clear();
        self.rules.offers(block.time, &mut self.offers);
        let markets = &self.markets;
        let level = |offer: &Offer| offer.price / markets[offer.asset].price();
        self.offers
            .sort_by(|a, b| level(a).total_cmp(&level(b)).then(a.position.cmp(&b.position)));
    }

    /// Lets `keeper` bid for `offer` if it is worth it to him. Returns whether he tried.
    fn bid(&mut self, block: Block, keeper: usize, offer: Offer) -> Result<bool, RulesError> {
        let Some(want) = self.bidders.consider(keeper, &offer, &self.markets[offer.asset]) else {
            return Ok(false);
        };
        let bid = Bid {
            keeper,
            position: offer.position,
            tokens: want.tokens,
            max_price: offer.price,
        };
        if self.scene.keepers[keeper].sells_at_once() {
            return self.flash(block, bid, offer.asset);
        }
        if let Some(bought) = self.rules.bid(block.time, bid)? {
            self.bidders.bought(keeper, offer.asset, bought);
        }
        self.record(block);
        Ok(true)
    }

    /// A keeper without capital bids, and sells what he gets in the same block. Returns whether he tried.
    fn flash(&mut self, block: Block, bid: Bid, asset: AssetNumber) -> Result<bool, RulesError> {
        let sells_at = self.markets[asset].brings(bid.tokens);
        let profit = bid.tokens * (sells_at - bid.max_price)
            - bid.tokens * sells_at * self.scene.keepers[bid.keeper].margin;
        // What he reckoned with straight lines may bring less than he wants.
        if profit < self.scene.config.bidders.min_profit_usd {
            return Ok(false);
        }
        let bought = self.rules.flash(block.time, bid, sells_at)?;
        // At the market's price before the sale, as every other fill.
        self.record(block);
        if let Some(bought) = bought {
            self.markets[asset].sell(bought.tokens);
        }
        Ok(true)
    }

    /// Moves what the rules tell into the log; an owner who is called will think about it.
    fn record(&mut self, block: Block) {
        self.rules.drain(&mut self.events);
        for event in self.events.drain(..) {
            if let Event::Called {
                position,
                breached_at,
                ..
            } = event
            {
                let owner = self.scene.borrowers.get(position as usize - 1);
                if let Some(after) = owner.and_then(|owner| owner.cures_after) {
                    self.cures.retain(|(_, other)| *other != position);
                    self.cures.insert((breached_at + after as Time, position));
                }
            }
            let asset = event.asset();
            let (market, oracle) = (&self.markets[asset], &self.oracles[asset]);
            let prices = Prices {
                path: market.undisturbed(),
                market: market.price(),
                oracle: oracle.price(),
            };
            self.log.push(Entry {
                time: block.time,
                prices,
                event,
            });
        }
    }
}

/// Positions' collateral and debt over time, told from the log (interest and surcharge left out).
#[derive(Debug, Clone)]
pub struct Book {
    accounts: BTreeMap<PositionId, Account>,
}

impl Book {
    /// The positions before the first block.
    pub fn new(scene: &Scene) -> Self {
        let account = |collateral, debt| Account {
            collateral,
            debt,
            surcharge: 0.0,
        };
        let accounts = scene
            .borrowers
            .iter()
            .map(|b| (b.position, account(b.collateral, b.debt)))
            .collect();
        Self { accounts }
    }

    /// Takes an event in.
    pub fn apply(&mut self, event: &Event) {
        let Some(account) = self.accounts.get_mut(&event.position()) else {
            return;
        };
        match event {
            Event::Fill(fill) => {
                let held = &mut account.collateral[fill.asset];
                *held = (*held - fill.sold).max(0.0);
                account.debt = (account.debt - fill.repaid).max(0.0);
            }
            Event::Cured { cash, .. } => account.debt = (account.debt - cash).max(0.0),
            Event::WrittenOff { .. } => *account = Account::default(),
            _ => {}
        }
    }

    /// Holdings of a position.
    pub fn account(&self, position: PositionId) -> Account {
        self.accounts.get(&position).copied().unwrap_or_default()
    }

    /// Collateral in whole tokens and debt in USD of all positions.
    pub fn totals(&self) -> (Amounts, f64) {
        let mut sum = (Amounts::default(), 0.0);
        for account in self.accounts.values() {
            for (asset, held) in account.collateral.held() {
                sum.0[asset] += held;
            }
            sum.1 += account.debt;
        }
        sum
    }
}

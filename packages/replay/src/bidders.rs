//! The keepers: buy from lots, sell to the market some blocks later, and only act when they profit.

use std::collections::VecDeque;

use rand::RngExt;
use rand_distr::{Distribution, LogNormal};

use crate::amounts::{Amounts, AssetNumber};
use crate::clock::{BLOCK_S, YEAR_S};
use crate::config;
use crate::market::Market;
use crate::rules::{Bought, Offer};
use crate::seed::{stream, Stream};

/// One keeper.
#[derive(Debug, Clone, PartialEq)]
pub struct Keeper {
    /// Fee and wanted margin, part of the value bought.
    pub margin: f64,
    /// Standard deviations of the price until it is sold that he wants to be paid.
    pub risk: f64,
    /// Blocks from buying to selling. None: he sells in the message that buys, before he pays, and needs no capital.
    pub latency: usize,
    /// USD at the start.
    pub capital: f64,
}

impl Keeper {
    /// Draws the keepers of `config`; `depth` is USD for a percent.
    pub fn draw(config: &config::Bidders, depth: f64, seed: u64) -> Vec<Self> {
        let rng = &mut stream(seed, Stream::Keepers, 0);
        let capital = LogNormal::new((config.capital_median * depth).ln(), config.capital_sigma).ok();
        (0..config.count)
            .map(|_| Self {
                margin: rng.random_range(config.margin_min..=config.margin_max),
                risk: rng.random_range(config.risk_min..=config.risk_max),
                latency: rng.random_range(config.latency_min_blocks..=config.latency_max_blocks) as usize,
                capital: capital.map_or(depth, |capital| capital.sample(rng)),
            })
            .collect()
    }

    /// Draws those of `config` who have no capital: all that they buy is sold at once, at a price that they know.
    pub fn draw_flash(config: &config::Bidders, seed: u64) -> Vec<Self> {
        let rng = &mut stream(seed, Stream::Flash, 0);
        (0..config.flash_count)
            .map(|_| Self {
                margin: rng.random_range(config.margin_min..=config.margin_max),
                risk: 0.0,
                latency: 0,
                capital: f64::INFINITY,
            })
            .collect()
    }

    /// Does he sell in the callback of his bid?
    pub fn sells_at_once(&self) -> bool {
        self.latency == 0
    }

    /// Part of the value that must be left between the price paid and the market's.
    pub fn cost(&self, sigma: f64) -> f64 {
        let seconds = self.latency as f64 * BLOCK_S as f64;
        self.margin + self.risk * sigma * (seconds / YEAR_S).sqrt()
    }
}

/// What a keeper wants of an offer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Want {
    /// Whole tokens.
    pub tokens: f64,
    /// USD that he expects to be left with.
    pub profit: f64,
}

/// What `keeper` with `cash` USD wants of `offer` while stock of `unsold` USD, his own and others', waits to
/// be sold before his. None if he would lose.
///
/// Selling `v` after `unsold` costs a part `(unsold + v/2) · 1 % / depth` of `v`, so the profit
/// `v·(edge − that)` is greatest at `v = edge·depth/1 % − unsold`.
pub fn want(keeper: &Keeper, cash: f64, offer: &Offer, market: &Market, unsold: f64) -> Option<Want> {
    let price = market.price();
    let edge = 1.0 - keeper.cost(market.sigma()) - offer.price / price;
    let impact = 0.01 / market.next_percent(); // per USD sold
    let best = edge / impact - unsold;
    let affordable = cash / offer.price * price;
    let value = best.min(affordable).min(offer.tokens * price);
    let profit = value * (edge - impact * (unsold + value / 2.0));
    (value > 0.0 && profit > 0.0).then_some(Want {
        tokens: value / price,
        profit,
    })
}

/// Stock that waits to be sold.
#[derive(Debug, Clone, Copy)]
struct Stock {
    keeper: usize,
    asset: AssetNumber,
    tokens: f64,
}

/// All keepers, their cash and their stock.
#[derive(Debug)]
pub struct Bidders<'a> {
    keepers: &'a [Keeper],
    min_profit: f64,
    /// USD of each.
    cash: Vec<f64>,
    /// What is sold in the next blocks: the first is the next.
    stock: VecDeque<Vec<Stock>>,
    /// Whole tokens of all stock.
    unsold: Amounts,
}

impl<'a> Bidders<'a> {
    /// Keepers with their capital and no stock.
    pub fn new(keepers: &'a [Keeper], config: &config::Bidders) -> Self {
        Self {
            keepers,
            min_profit: config.min_profit_usd,
            cash: keepers.iter().map(|keeper| keeper.capital).collect(),
            stock: VecDeque::new(),
            unsold: Amounts::default(),
        }
    }

    /// Number of keepers.
    pub fn len(&self) -> usize {
        self.keepers.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keepers.is_empty()
    }

    /// Sells the stock whose time has come. In a block that is not `alive` it waits for the next.
    pub fn sell_due(&mut self, markets: &mut [Market], alive: bool) {
        let Some(due) = self.stock.pop_front() else { return };
        if !alive {
            self.slot(0).extend(due);
            return;
        }
        for stock in due {
            self.unsold[stock.asset] -= stock.tokens;
            self.cash[stock.keeper] += markets[stock.asset].sell(stock.tokens);
        }
        if self.stock.iter().all(Vec::is_empty) {
            self.unsold = Amounts::default(); // no rounding is carried on
        }
    }

    /// What keeper number `keeper` bids for of `offer`, whose collateral is sold to `market`.
    pub fn consider(&self, keeper: usize, offer: &Offer, market: &Market) -> Option<Want> {
        let own = &self.keepers[keeper];
        // Who sells at once sells before all stock that waits.
        let unsold = match own.sells_at_once() {
            true => 0.0,
            false => self.unsold[offer.asset] * market.price(),
        };
        let want = want(own, self.cash[keeper], offer, market, unsold)?;
        (want.profit >= self.min_profit).then_some(want)
    }

    /// Takes what a bid got into the keeper's stock.
    pub fn bought(&mut self, keeper: usize, asset: AssetNumber, bought: Bought) {
        self.cash[keeper] -= bought.paid;
        self.unsold[asset] += bought.tokens;
        let after = self.keepers[keeper].latency - 1;
        self.slot(after).push(Stock {
            keeper,
            asset,
            tokens: bought.tokens,
        });
    }

    fn slot(&mut self, after: usize) -> &mut Vec<Stock> {
        if self.stock.len() <= after {
            self.stock.resize_with(after + 1, Vec::new);
        }
        &mut self.stock[after]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn market() -> Market {
        let config = Config::default();
        let mut market = Market::new(1e6, &config.market, &config.stress, 1.0);
        market.next_block(100.0, 1.0);
        market
    }

    fn keeper() -> Keeper {
        Keeper {
            margin: 0.001,
            risk: 0.0,
            latency: 2,
            capital: 1e6,
        }
    }

    fn offer(price: f64) -> Offer {
        Offer {
            position: 1,
            asset: 0,
            price,
            tokens: 1e6,
        }
    }

    #[test]
    fn never_bids_at_a_loss() {
        let (keeper, market) = (keeper(), market());
        for price in [100.0, 99.95, 99.91, 120.0] {
            assert_eq!(
                want(&keeper, 1e6, &offer(price), &market, 0.0),
                None,
                "at {price}"
            );
        }
        // An edge of .4 % is used up by .4 depths of others' stock.
        assert!(want(&keeper, 1e6, &offer(99.5), &market, 3.9e5).is_some());
        assert_eq!(want(&keeper, 1e6, &offer(99.5), &market, 4.01e5), None);
    }

    #[test]
    fn takes_the_part_that_profits_most() {
        let (keeper, market) = (keeper(), market());
        let best = want(&keeper, 1e9, &offer(99.5), &market, 1e5).unwrap();
        assert!(
            (best.tokens - 3_000.0).abs() < 1e-3,
            "{} tokens, expected .4 − .1 depths",
            best.tokens
        );
        for tokens in [best.tokens * 0.9, best.tokens * 0.99] {
            let less = want(
                &keeper,
                1e9,
                &Offer {
                    tokens,
                    ..offer(99.5)
                },
                &market,
                1e5,
            )
            .unwrap();
            assert!(less.profit < best.profit);
        }
        let poor = want(&keeper, 9_950.0, &offer(99.5), &market, 1e5).unwrap();
        assert!(
            (poor.tokens - 100.0).abs() < 1e-9,
            "{} tokens for $9,950 at 99.5",
            poor.tokens
        );
    }

    #[test]
    fn wants_to_be_paid_for_the_risk_until_he_sells() {
        let keeper = Keeper {
            risk: 2.0,
            latency: 4,
            ..keeper()
        };
        let expected = 0.001 + 2.0 * 1.5 * (24.0 / YEAR_S).sqrt();
        assert!((keeper.cost(1.5) - expected).abs() < 1e-12);
    }

    #[test]
    fn capital_is_away_until_the_stock_is_sold() {
        let keepers = [keeper()];
        let mut bidders = Bidders::new(&keepers, &Config::default().bidders);
        let mut markets = [market()];
        bidders.bought(
            0,
            0,
            Bought {
                tokens: 10_000.0,
                paid: 990_000.0,
            },
        );
        assert!(
            bidders.consider(0, &offer(99.5), &markets[0]).is_none(),
            "a whole depth of stock is unsold"
        );
        bidders.sell_due(&mut markets, true);
        assert_eq!(bidders.cash[0], 10_000.0);
        bidders.sell_due(&mut markets, false); // dead: waits
        assert_eq!(markets[0].price(), 100.0);
        bidders.sell_due(&mut markets, true);
        assert!(bidders.cash[0] > 1e6 && markets[0].price() < 99.1);
        assert_eq!(bidders.unsold, Amounts::default());
    }

    #[test]
    fn small_profits_are_skipped() {
        let keepers = [keeper()];
        let bidders = Bidders::new(&keepers, &Config::default().bidders);
        let small = Offer {
            tokens: 20.0,
            ..offer(99.5)
        }; // $2,000 at .4 %
        assert!(bidders.consider(0, &small, &market()).is_none());
        let enough = Offer {
            tokens: 30.0,
            ..offer(99.5)
        };
        assert!(bidders.consider(0, &enough, &market()).is_some());
    }

    #[test]
    fn who_sells_at_once_is_paid_for_no_risk_and_waits_for_no_stock() {
        let config = config::Bidders {
            flash_count: 3,
            ..Config::default().bidders
        };
        let drawn = Keeper::draw_flash(&config, 4);
        assert_eq!(drawn.len(), 3);
        let margins = config.margin_min..=config.margin_max;
        assert!(drawn.iter().all(|keeper| keeper.sells_at_once()
            && keeper.cost(1.5) == keeper.margin
            && margins.contains(&keeper.margin)));
        let keepers = [keeper(), drawn[0].clone()];
        let mut bidders = Bidders::new(&keepers, &config);
        let bought = Bought {
            tokens: 5_000.0,
            paid: 500_000.0,
        };
        bidders.bought(0, 0, bought);
        assert_eq!(bidders.consider(0, &offer(99.5), &market()), None);
        let best = bidders.consider(1, &offer(99.5), &market()).unwrap();
        let expected = (0.005 - drawn[0].margin) / 0.01 * 1e4;
        assert!(
            (best.tokens - expected).abs() < 1e-3,
            "{} tokens, expected {expected}",
            best.tokens
        );
    }
}

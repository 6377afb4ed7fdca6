//! When the chain learns of a price.

use std::collections::VecDeque;

use crate::clock::BLOCK_S;
use crate::config;

/// Watches the market; what it has seen reaches the chain some blocks later.
#[derive(Debug, Clone)]
pub struct Oracle {
    deviation: f64,
    heartbeat_blocks: usize,
    delay_blocks: usize,
    /// Block and price of the last update sent.
    sent: (usize, f64),
    /// Block of arrival and price.
    under_way: VecDeque<(usize, f64)>,
    /// Price on chain.
    price: f64,
}

impl Oracle {
    /// An oracle that has published `price` in block 0.
    pub fn new(config: &config::Oracle, price: f64) -> Self {
        Self {
            deviation: config.deviation,
            heartbeat_blocks: (config.heartbeat_s / BLOCK_S).max(1) as usize,
            delay_blocks: config.delay_blocks as usize,
            sent: (0, price),
            under_way: VecDeque::new(),
            price,
        }
    }

    /// Price on chain, in USD.
    pub fn price(&self) -> f64 {
        self.price
    }

    /// Sees the market's price at the end of `block`; sends an update if one is due.
    pub fn observe(&mut self, block: usize, market: f64) {
        let (last_block, last) = self.sent;
        let moved = (market / last - 1.0).abs() >= self.deviation;
        if moved || block >= last_block + self.heartbeat_blocks {
            self.sent = (block, market);
            self.under_way.push_back((block + self.delay_blocks, market));
        }
    }

    /// The newest price that reaches the chain by `block`, if one does.
    pub fn arrive(&mut self, block: usize) -> Option<f64> {
        let mut newest = None;
        while self.under_way.front().is_some_and(|(at, _)| *at <= block) {
            newest = self.under_way.pop_front().map(|(_, price)| price);
        }
        if let Some(price) = newest {
            self.price = price;
        }
        newest
    }
}

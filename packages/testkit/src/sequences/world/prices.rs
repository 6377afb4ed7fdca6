//! Time and prices of the world.

use cosmwasm_std::Decimal;
use glidepath_interfaces::oracle::{ExecuteMsg, Report};
use glidepath_interfaces::position_manager::AssetStatus;
use glidepath_risk::Price;

use super::{Failure, World};
use crate::id;
use crate::sequences::op::{Coin, Peer};

impl World {
    /// Unix seconds.
    pub fn now(&self) -> u64 {
        self.suite.now()
    }

    /// Time passes.
    pub fn wait(&mut self, seconds: u64) {
        self.suite.advance_time(seconds);
    }

    /// Sets a price, within a factor of 500 down and 20 up from the first one, and posts all of them or it alone.
    pub fn reprice(&mut self, coin: Coin, price: Decimal, alone: bool) -> Result<(), Failure> {
        let first = self.first[&coin];
        let (low, high) = (
            first * Decimal::permille(2),
            first * Decimal::from_ratio(20u128, 1u128),
        );
        self.prices.insert(coin, price.clamp(low, high));
        match alone {
            true => self.post(&[coin]),
            false => self.post(Coin::ALL),
        }
    }

    /// Posts prices as they are. A second passes first where the reporter has posted in this one already. Where some are
    /// silent, all sources are asked but those of what is dead.
    pub fn post(&mut self, coins: &[Coin]) -> Result<(), Failure> {
        let coins = coins.iter().filter(|coin| !self.silent.contains(coin));
        let coins: Vec<Coin> = coins.copied().collect();
        if self.posted_at == self.now() {
            self.wait(1);
        }
        let at = self.now();
        self.posted_at = at;
        let reports = coins
            .iter()
            .map(|coin| Report {
                asset: id(coin.word()),
                price: Price(self.prices[coin]),
                at,
            })
            .collect();
        let (reporter, oracle) = (self.suite.reporters[0].clone(), self.peer(Peer::Oracle));
        let mut msgs = vec![ExecuteMsg::Post { reports }];
        if !self.silent.is_empty() {
            // Nobody asks for the price of what is dead.
            let alive = Coin::ALL
                .iter()
                .filter(|coin| self.life(**coin) != AssetStatus::Dead);
            let assets = alive.map(|coin| id(coin.word())).collect();
            msgs.push(ExecuteMsg::UpdatePrices { assets });
        }
        for msg in msgs {
            if let Err(refusal) = self.execute(&reporter, &oracle, &msg, &[])? {
                let what = format!("prices were refused: {}", refusal.text);
                return Err(Failure::new("post", what));
            }
        }
        Ok(())
    }
}

use anyhow::Result;
use cosmwasm_std::Addr;
use glidepath_interfaces::oracle::{ExecuteMsg, Feed, Report, StopKind};
use glidepath_risk::Price;

use crate::{id, Outcome, Suite};

/// The oracle adapter.
pub struct Oracle<'a>(pub(crate) &'a mut Suite);

impl Oracle<'_> {
    /// Any message.
    pub fn execute(&mut self, sender: &Addr, msg: &ExecuteMsg) -> Result<Outcome> {
        let oracle = self.0.peers.oracle_adapter.clone();
        self.0.execute(sender, &oracle, msg, &[])
    }

    /// One reporter posts one price as of now. The suite does not remember it as [`Suite::set_price`] does.
    pub fn post(&mut self, reporter: &Addr, asset: &str, price: &str) -> Result<Outcome> {
        let report = Report {
            asset: id(asset),
            price: Price(price.parse()?),
            at: self.0.now(),
        };
        let reports = vec![report];
        self.execute(reporter, &ExecuteMsg::Post { reports })
    }

    /// Somebody has the sources of assets asked.
    pub fn update_prices(&mut self, sender: &Addr, assets: &[&str]) -> Result<Outcome> {
        let assets = assets.iter().map(|asset| id(asset)).collect();
        self.execute(sender, &ExecuteMsg::UpdatePrices { assets })
    }

    /// Owner or guardian stops something with an asset's price.
    pub fn stop(&mut self, by: &Addr, asset: &str, kind: StopKind, seconds: u64) -> Result<Outcome> {
        let assets = vec![id(asset)];
        self.execute(
            by,
            &ExecuteMsg::Stop {
                assets,
                kind,
                seconds,
            },
        )
    }

    /// The owner ends a stop.
    pub fn lift(&mut self, asset: &str, kind: StopKind) -> Result<Outcome> {
        let (owner, assets) = (self.0.owner.clone(), vec![id(asset)]);
        self.execute(&owner, &ExecuteMsg::Lift { assets, kind })
    }

    /// Sets a feed.
    pub fn set_feed(&mut self, asset: &str, feed: Feed) -> Result<Outcome> {
        let owner = self.0.owner.clone();
        let msg = ExecuteMsg::SetFeed {
            asset: id(asset),
            feed,
        };
        self.execute(&owner, &msg)
    }
}

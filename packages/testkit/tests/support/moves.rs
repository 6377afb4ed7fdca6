//! What is sent together in one transaction.

use cosmwasm_std::{Coin, CosmosMsg};
use glidepath_interfaces::auction::{BidPreview, Lot, PreviewBidResponse};
use glidepath_interfaces::oracle::{ExecuteMsg as Oracle, Report};
use glidepath_interfaces::position_manager::ExecuteMsg as Manager;
use glidepath_risk::Price;
use glidepath_testkit::scenes::UNIT;
use glidepath_testkit::{id, Suite};

use super::calls::{bid, plain, with_coins};

/// The lot of a sale.
pub fn lot(suite: &Suite, position: u64) -> Lot {
    suite.ask().sale(position).unwrap().sale.lot.unwrap()
}

/// What $10,000 would buy now.
pub fn quote(suite: &Suite, position: u64) -> BidPreview {
    match suite.ask().preview_bid(position, Some(10_000 * UNIT)).unwrap() {
        PreviewBidResponse::Fills(quote) => quote,
        other => panic!("{other:?}"),
    }
}

/// A reporter's price as of now.
pub fn post(suite: &Suite, prices: &[(&str, &str)]) -> CosmosMsg {
    let report = |(asset, price): &(&str, &str)| Report {
        asset: id(asset),
        price: Price(price.parse().unwrap()),
        at: suite.now(),
    };
    let reports = prices.iter().map(report).collect();
    plain(&suite.peers.oracle_adapter, &Oracle::Post { reports })
}

/// Asks the sources of `atom` and `usdc`.
pub fn ask_sources(suite: &Suite) -> CosmosMsg {
    let assets = vec![id("atom"), id("usdc")];
    plain(&suite.peers.oracle_adapter, &Oracle::UpdatePrices { assets })
}

/// An advance.
pub fn advance(suite: &Suite, position: u64) -> CosmosMsg {
    plain(&suite.peers.position_manager, &Manager::Advance { position })
}

/// A bid of $10,000 at any price.
pub fn offer(suite: &Suite, position: u64) -> CosmosMsg {
    with_coins(
        &suite.peers.liquidation_auction,
        &bid(position),
        vec![Coin::new(10_000 * UNIT, "uusdc")],
    )
}

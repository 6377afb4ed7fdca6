//! Assets whose price comes from Pyth's contract, of which `mock-pyth` takes the place.

use std::collections::BTreeMap;

use cosmwasm_std::{to_json_binary, Addr, Binary, CosmosMsg, Decimal, Empty, Int64, Uint64, WasmMsg};
use cw_multi_test::{ContractWrapper, Executor};
use glidepath_interfaces::oracle::{Feed, Source};
use glidepath_interfaces::AssetId;
use mock_pyth::msg::{Answer, ExecuteMsg, Price, PriceFeed};

use crate::{id, Code, Suite};

/// Digits behind the point of what is pushed.
const EXPO: i32 = -8;

/// The contract, and the feed of each asset whose price comes from it.
#[derive(Clone, Debug)]
pub(crate) struct Pyth {
    contract: Addr,
    feeds: BTreeMap<AssetId, String>,
}

fn code() -> Code {
    Box::new(ContractWrapper::new(
        mock_pyth::execute,
        mock_pyth::instantiate,
        mock_pyth::query,
    ))
}

impl Suite {
    /// From now on the price of an asset comes from Pyth: the last one is pushed, the feed takes the reporters' place, and
    /// wherever the suite would have posted, somebody pushes and has the source asked. The contract is put on the chain
    /// if it is not there.
    ///
    /// # Panics
    /// Where the asset has no price, or anything is refused.
    pub fn move_to_pyth(&mut self, asset: &str) {
        if self.pyth.is_none() {
            let code = self.app.store_code(code());
            let anybody = self.user("pusher");
            let contract = self
                .app
                .instantiate_contract(code, anybody, &Empty {}, &[], "pyth", None)
                .expect("Pyth's contract");
            let feeds = BTreeMap::new();
            self.pyth = Some(Pyth { contract, feeds });
        }
        let asset = id(asset);
        let pyth = self.pyth.as_mut().expect("Pyth's contract");
        let feed = format!("{:064x}", pyth.feeds.len() + 1);
        pyth.feeds.insert(asset.clone(), feed.clone());
        let contract = pyth.contract.to_string();
        let price = self.prices.get(&asset).copied().expect("a price");
        let push = self.pushes(&[(asset.clone(), price)]);
        self.send(&self.user("pusher"), push).expect("a push");
        let old = self.ask().feed(asset.as_str()).expect("a feed");
        let source = Source::Pyth {
            contract,
            id: feed,
            max_confidence: Decimal::percent(10),
        };
        self.oracle()
            .set_feed(asset.as_str(), Feed { source, ..old })
            .expect("another source");
    }

    /// Does the price of an asset come from Pyth?
    pub(crate) fn is_on_pyth(&self, asset: &AssetId) -> bool {
        self.pyth
            .as_ref()
            .is_some_and(|pyth| pyth.feeds.contains_key(asset))
    }

    /// Somebody pushes prices of now and has their source asked.
    pub(crate) fn push(&mut self, prices: &[(AssetId, Decimal)]) {
        let pusher = self.user("pusher");
        for chunk in prices.chunks(16) {
            let push = self.pushes(chunk);
            self.send(&pusher, push).expect("prices are pushed");
            let assets: Vec<&str> = chunk.iter().map(|(asset, _)| asset.as_str()).collect();
            self.oracle()
                .update_prices(&pusher, &assets)
                .expect("sources are asked");
        }
    }

    /// The message that pushes prices of now into Pyth's contract, sure to a thousandth.
    ///
    /// # Panics
    /// Where the price of an asset does not come from Pyth, or has more than 8 digits behind the point.
    pub fn pushes(&self, prices: &[(AssetId, Decimal)]) -> CosmosMsg {
        let publish_time = i64::try_from(self.now()).expect("a time");
        let price_feeds = prices
            .iter()
            .map(|(asset, price)| {
                let digits = price.atomics().u128() / 10_u128.pow(10);
                assert_eq!(digits * 10_u128.pow(10), price.atomics().u128(), "8 digits");
                let price = Price {
                    price: Int64::new(i64::try_from(digits).expect("a price of Pyth")),
                    conf: Uint64::new(u64::try_from(digits / 1_000).expect("a width")),
                    expo: EXPO,
                    publish_time,
                };
                PriceFeed {
                    id: self.feed_of(asset),
                    ema_price: price.clone(),
                    price,
                }
            })
            .collect();
        self.tells(&ExecuteMsg::SetPriceFeeds { price_feeds })
    }

    /// From now on Pyth's contract answers these bytes for an asset.
    ///
    /// # Panics
    /// Where the price of the asset does not come from Pyth.
    pub fn break_pyth(&mut self, asset: &str, bytes: &[u8]) {
        let msg = self.tells(&ExecuteMsg::SetAnswer {
            id: self.feed_of(&id(asset)),
            answer: Answer::Bytes(Binary::from(bytes)),
        });
        self.send(&self.user("pusher"), msg).expect("an answer");
    }

    fn feed_of(&self, asset: &AssetId) -> String {
        let feed = self.pyth.as_ref().and_then(|pyth| pyth.feeds.get(asset));
        feed.unwrap_or_else(|| panic!("the price of {asset} does not come from Pyth"))
            .clone()
    }

    fn tells(&self, msg: &ExecuteMsg) -> CosmosMsg {
        let pyth = self.pyth.as_ref().expect("Pyth's contract");
        let msg = WasmMsg::Execute {
            contract_addr: pyth.contract.to_string(),
            msg: to_json_binary(msg).expect("a message"),
            funds: vec![],
        };
        msg.into()
    }
}

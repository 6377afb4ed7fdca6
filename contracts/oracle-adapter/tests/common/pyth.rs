//! Pyth's contract beside the adapter: answers in its wire format, byte by byte.
#![allow(dead_code, missing_docs, clippy::unwrap_used)]

use cosmwasm_std::{Addr, Binary, Decimal, Empty};
use cw_multi_test::{ContractWrapper, Executor};
use glidepath_interfaces::oracle::{Feed, Source};
use mock_pyth::msg::{Answer, ExecuteMsg};

use super::{feed, Suite};

/// Pyth's id of ATOM/USD.
pub const ATOM: &str = "b00b60f88b03a6a625a8d1c048c3f66653edf217439983d037e7222c4e612819";

/// A pyth feed: at most a tenth unsure.
pub fn pyth_feed(pyth: &Addr, id: &str) -> Feed {
    Feed {
        source: Source::Pyth {
            contract: pyth.to_string(),
            id: id.into(),
            max_confidence: Decimal::percent(10),
        },
        ..feed(1)
    }
}

/// An answer with these fields as they stand in its JSON.
pub fn answer(id: &str, price: &str, conf: &str, expo: &str, publish_time: &str) -> String {
    format!(
        r#"{{"price_feed":{{"id":"{id}","price":{{"price":{price},"conf":{conf},"expo":{expo},"publish_time":{publish_time}}},"ema_price":{{"price":"1012345678","conf":"712345","expo":-8,"publish_time":1571797418}}}}}}"#
    )
}

impl Suite {
    /// No feed, and Pyth's contract.
    pub fn beside_pyth() -> (Self, Addr) {
        let mut suite = Suite::empty();
        let code = ContractWrapper::new(mock_pyth::execute, mock_pyth::instantiate, mock_pyth::query);
        let code = suite.app.store_code(Box::new(code));
        let pyth = suite
            .app
            .instantiate_contract(code, suite.stranger.clone(), &Empty {}, &[], "pyth", None)
            .unwrap();
        (suite, pyth)
    }

    /// `atom` has a pyth feed, and a price of $10 of this second, sure to 5 cents.
    pub fn on_pyth() -> (Self, Addr) {
        let (mut suite, pyth) = Suite::beside_pyth();
        suite.set_feed("atom", pyth_feed(&pyth, ATOM)).unwrap();
        suite.push(&pyth, "1000000000", suite.now());
        suite.update(&["atom"]).unwrap();
        (suite, pyth)
    }

    /// From now on a feed is answered with these bytes.
    pub fn answers(&mut self, pyth: &Addr, id: &str, bytes: &[u8]) {
        let msg = ExecuteMsg::SetAnswer {
            id: id.into(),
            answer: Answer::Bytes(Binary::from(bytes)),
        };
        let stranger = self.stranger.clone();
        self.app
            .execute_contract(stranger, pyth.clone(), &msg, &[])
            .unwrap();
    }

    /// From now on `atom` is answered with this price, sure to 5 cents, in units of 10^-8.
    pub fn push(&mut self, pyth: &Addr, price: &str, publish_time: u64) {
        let price = format!("\"{price}\"");
        let json = answer(ATOM, &price, "\"5000000\"", "-8", &publish_time.to_string());
        self.answers(pyth, ATOM, json.as_bytes());
    }
}

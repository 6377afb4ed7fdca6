//! The contract answers as the real one does.
#![allow(missing_docs, clippy::unwrap_used)]

use cosmwasm_std::{from_json, Addr, Binary, Empty};
use cw_multi_test::{App, ContractWrapper, Executor};
use mock_pyth::msg::{Answer, ExecuteMsg, PriceFeed, PriceFeedResponse, QueryMsg};

const ID: &str = "e62df6c8b4a85fe1a67db44dc12de5db330f7ac66b72dc658afedf0f4a415b43";

fn feed(price: &str, publish_time: i64) -> PriceFeed {
    let json = format!(
        r#"{{"id":"{ID}","price":{{"price":"{price}","conf":"2715000000","expo":-8,"publish_time":{publish_time}}},"ema_price":{{"price":"6412345678901","conf":"2511223344","expo":-8,"publish_time":{publish_time}}}}}"#
    );
    from_json(json).unwrap()
}

fn setup() -> (App, Addr) {
    let mut app = App::default();
    let code = app.store_code(Box::new(ContractWrapper::new(
        mock_pyth::execute,
        mock_pyth::instantiate,
        mock_pyth::query,
    )));
    let sender = app.api().addr_make("anybody");
    let pyth = app
        .instantiate_contract(code, sender, &Empty {}, &[], "pyth", None)
        .unwrap();
    (app, pyth)
}

fn tell(app: &mut App, pyth: &Addr, msg: &ExecuteMsg) {
    let sender = app.api().addr_make("anybody");
    app.execute_contract(sender, pyth.clone(), msg, &[]).unwrap();
}

fn ask(app: &App, pyth: &Addr) -> Result<PriceFeedResponse, String> {
    let msg = QueryMsg::PriceFeed { id: ID.into() };
    app.wrap().query_wasm_smart(pyth, &msg).map_err(|e| e.to_string())
}

#[test]
fn the_newest_price_is_kept_and_an_unknown_feed_is_an_error() {
    let (mut app, pyth) = setup();
    assert!(ask(&app, &pyth).unwrap_err().contains("PriceFeedNotFound"));
    for (price, at, kept) in [
        ("6400000000000", 100, "6400000000000"),
        ("6500000000000", 100, "6400000000000"),
        ("6600000000000", 99, "6400000000000"),
        ("6300000000000", 101, "6300000000000"),
    ] {
        let price_feeds = vec![feed(price, at)];
        tell(&mut app, &pyth, &ExecuteMsg::SetPriceFeeds { price_feeds });
        assert_eq!(ask(&app, &pyth).unwrap().price_feed.price.price.to_string(), kept);
    }
}

#[test]
fn the_answer_is_the_wire_format() {
    let (mut app, pyth) = setup();
    let price_feeds = vec![feed("6400000000000", 1_731_500_000)];
    tell(&mut app, &pyth, &ExecuteMsg::SetPriceFeeds { price_feeds });
    let query = cosmwasm_std::WasmQuery::Smart {
        contract_addr: pyth.to_string(),
        msg: Binary::from(format!(r#"{{"price_feed":{{"id":"{ID}"}}}}"#).as_bytes()),
    };
    let raw = app.wrap().query::<serde_json::Value>(&query.into()).unwrap();
    let wire = format!(
        r#"{{"price_feed":{{"id":"{ID}","price":{{"price":"6400000000000","conf":"2715000000","expo":-8,"publish_time":1731500000}},"ema_price":{{"price":"6412345678901","conf":"2511223344","expo":-8,"publish_time":1731500000}}}}}}"#
    );
    assert_eq!(raw, serde_json::from_str::<serde_json::Value>(&wire).unwrap());
}

#[test]
fn it_misbehaves_as_told() {
    let (mut app, pyth) = setup();
    let answer = Answer::Bytes(Binary::from(b"{}".as_slice()));
    let id = ID.to_string();
    tell(&mut app, &pyth, &ExecuteMsg::SetAnswer { id, answer });
    assert!(ask(&app, &pyth).is_err(), "an answer without a price");
}

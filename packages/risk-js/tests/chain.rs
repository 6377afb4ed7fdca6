//! Answers from records equal the chain's, byte for byte. What is compared here on native code is written down, and compared
//! again with the compiled Wasm under Node (`packages/client/test`).
#![allow(
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use glidepath_interfaces::auction::{self, TryPrice};
use glidepath_interfaces::oracle::StopKind;
use glidepath_interfaces::position_manager::{self as manager, PositionResponse};
use glidepath_risk_js::{ask, Answer, AskError, Contract, Question, Records};
use glidepath_testkit::scenes::UNIT;
use glidepath_testkit::{id, scenes, Suite};
use support::{offline, read_all, Vectors};

#[test]
fn answers_are_the_chains() {
    let vectors = Vectors::all();
    let answered = vectors.scenes.iter().flat_map(|scene| &scene.questions);
    assert!(answered.count() > 100);
    vectors.compare_with_golden();
}

/// The price at which a position becomes liquidatable is that price: at it maintenance health is at least 1, a digit below
/// it is not.
#[test]
fn a_liquidation_price_is_where_health_passes_one() {
    let mut suite = Suite::default();
    let position = scenes::leveraged(&mut suite);
    let query = manager::QueryMsg::LiquidationPrices { position };
    let prices: Vec<manager::LiquidationPrice> = offline(&suite, &query);
    let price = prices[0].liquidation_price.expect("one");
    let health_at = |price| {
        let tried = TryPrice {
            asset: id("atom"),
            price,
        };
        let query = manager::QueryMsg::Position { position };
        let at: PositionResponse = support::offline_at(&suite, suite.now(), vec![tried], &query);
        at.health.maintenance.expect("a debt")
    };
    let one = cosmwasm_std::Decimal::one();
    let below = glidepath_risk::Price(price.0 - cosmwasm_std::Decimal::raw(1));
    assert!(health_at(price) >= one, "{} at {price}", health_at(price));
    assert!(health_at(below) < one, "{} at {below}", health_at(below));
}

/// A price that is tried is tried as the auction's own previews try it.
#[test]
fn a_tried_price_sells_what_a_preview_with_it_says() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let tried = vec![TryPrice {
        asset: id("atom"),
        price: glidepath_risk::Price(cosmwasm_std::Decimal::percent(885)),
    }];
    let preview = |prices| auction::QueryMsg::PreviewBid {
        position,
        pay: Some((5_000 * UNIT).into()),
        prices,
        bidder: None,
    };
    let here: serde_json::Value = support::offline_at(&suite, suite.now(), tried.clone(), &preview(None));
    let there: serde_json::Value = suite
        .ask()
        .smart(&suite.peers.liquidation_auction, &preview(Some(tried)))
        .expect("a preview");
    assert_eq!(here, there);
    assert!(here.get("fills").is_some(), "{here}");
}

/// What stood still stays so: a lot's clock is the same with a price that is tried.
#[test]
fn a_tried_price_forgets_no_stop_of_fills() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    suite.elapse(60);
    let guardian = suite.guardian.clone();
    let stopped = suite.oracle().stop(&guardian, "atom", StopKind::Fills, 600);
    stopped.expect("a stop");
    let tried = vec![TryPrice {
        asset: id("atom"),
        price: glidepath_risk::Price(cosmwasm_std::Decimal::percent(885)),
    }];
    let preview = |prices| auction::QueryMsg::PreviewBid {
        position,
        pay: Some((5_000 * UNIT).into()),
        prices,
        bidder: None,
    };
    // While it lasts, and when it is over.
    for seconds in [300, 330] {
        suite.elapse(seconds);
        let here: serde_json::Value = support::offline_at(&suite, suite.now(), tried.clone(), &preview(None));
        let there: serde_json::Value = suite
            .ask()
            .smart(&suite.peers.liquidation_auction, &preview(Some(tried.clone())))
            .expect("a preview");
        assert_eq!(here, there);
        assert!(here.get("fills").is_some(), "{here}");
    }
}

#[test]
fn nothing_is_answered_before_every_record_is_there() {
    let mut suite = Suite::default();
    let position = scenes::leveraged(&mut suite);
    let query = serde_json::to_vec(&manager::QueryMsg::Position { position }).expect("JSON");
    let question = support::question(&suite, suite.now(), Contract::PositionManager);
    let all = read_all(&suite, &question, &query);
    for (contract, records) in &all {
        for key in records.keys() {
            let mut some = all.clone();
            some.get_mut(contract).expect("there").remove(key);
            let answer = ask(&some, &question, &query);
            assert!(
                matches!(answer, Ok(Answer::Missing(_))),
                "without {key} of {contract}: {answer:?}"
            );
        }
    }
}

#[test]
fn another_version_of_a_contract_is_not_guessed_at() {
    let mut suite = Suite::default();
    let position = scenes::leveraged(&mut suite);
    let query = serde_json::to_vec(&manager::QueryMsg::Position { position }).expect("JSON");
    let question = support::question(&suite, suite.now(), Contract::PositionManager);
    let mut records = read_all(&suite, &question, &query);
    let version = br#"{"contract":"crates.io:glidepath-position-manager","version":"9.9.9"}"#;
    let key = "636f6e74726163745f696e666f".to_string();
    let manager = suite.peers.position_manager.to_string();
    records
        .get_mut(&manager)
        .expect("there")
        .insert(key, Some(version.into()));
    let refused = ask(&records, &question, &query).expect_err("another version");
    assert!(matches!(refused, AskError::Version { .. }), "{refused}");
}

#[test]
fn a_list_is_refused() {
    let suite = Suite::default();
    let query = serde_json::to_vec(&manager::QueryMsg::Positions {
        start_after: None,
        limit: None,
    })
    .expect("JSON");
    let question = support::question(&suite, suite.now(), Contract::PositionManager);
    let records: Records = read_all(&suite, &question, &query);
    assert_eq!(ask(&records, &question, &query), Err(AskError::List));
}

#[test]
fn a_refusal_is_the_contracts() {
    let suite = Suite::default();
    let query = serde_json::to_vec(&manager::QueryMsg::Position { position: 7 }).expect("JSON");
    let question: Question = support::question(&suite, suite.now(), Contract::PositionManager);
    let records = read_all(&suite, &question, &query);
    assert_eq!(
        ask(&records, &question, &query),
        Ok(Answer::Refused("there is no position 7".into()))
    );
}

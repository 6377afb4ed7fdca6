//! `Advance` through a soft sale: call, grace, lapse, lots, sleep, end.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{advance, buy_all, dec, did, stage, why, UNIT};
use cosmwasm_std::{from_json, Decimal};
use glidepath_interfaces::auction::Mode;
use glidepath_interfaces::events::auction::SaleOpened;
use glidepath_interfaces::events::position_manager::{Advanced as AdvancedEvent, DistressEnded};
use glidepath_interfaces::events::vault::DistressSet;
use glidepath_interfaces::oracle::PriceRefusal;
use glidepath_interfaces::position_manager::{Advanced, ExecuteMsg, Stage};
use glidepath_position_manager::ContractError;
use glidepath_testkit::{id, scenes, AssetSpec, Suite};

#[test]
fn a_call_is_recorded_with_who_called_it() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    assert_eq!(
        why(suite.positions().advance(position)),
        ContractError::NothingToAdvance {
            health: Some(dec("1.081081081081081081")),
            stage: Stage::Healthy {},
        }
    );
    assert_eq!(
        why(suite.positions().advance(9)),
        ContractError::NoPosition { position: 9 }
    );

    suite.set_price("atom", "9.20");
    assert_eq!(stage(&suite, position), Stage::Callable {});
    let called_at = suite.now();
    let done = suite.positions().advance(position).unwrap();
    let grace_until = called_at + 900;
    let data = cw_utils::parse_execute_response_data(&done.data.clone().unwrap()).unwrap();
    let data: Advanced = from_json(data.data.unwrap()).unwrap();
    assert_eq!(data, Advanced::Called { grace_until });
    let event = done.event(AdvancedEvent::TYPE).unwrap();
    assert_eq!(event.text("did"), Some("called"));
    assert_eq!(event.text("stage"), Some("callable"));
    assert_eq!(event.must::<u64>("grace_until"), grace_until);
    assert_eq!(
        event.must::<Decimal>("health_before"),
        dec("0.994594594594594594")
    );
    assert_eq!(
        stage(&suite, position),
        Stage::MarginCall {
            called_at,
            grace_until
        }
    );
    let told = done.event(DistressSet::TYPE).unwrap();
    assert_eq!(told.must::<Decimal>("surcharge_rate"), dec("0.1"));
    assert_eq!(told.text("collateral"), None, "nothing may be sold yet");
    let listed = suite.ask().distressed(None, 10).unwrap();
    assert_eq!(
        listed.iter().map(|row| row.position).collect::<Vec<_>>(),
        [position]
    );
    assert_eq!(suite.ask().position(position).unwrap().grace_left, Some(900));
}

#[test]
fn calling_and_opening_need_every_source_asked_lately() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    suite.set_price("atom", "9.20");
    suite.advance_time(16);
    let not_checked = |asset: &str, age| {
        ContractError::Price(PriceRefusal::NotChecked {
            asset: id(asset),
            age,
            max_age: 15,
        })
    };
    assert_eq!(why(suite.positions().advance(position)), not_checked("atom", 16));
    let keeper = suite.user("keeper");
    suite.oracle().update_prices(&keeper, &["atom"]).unwrap();
    assert!(matches!(
        why(suite.positions().advance(position)),
        ContractError::Price(PriceRefusal::NotChecked { asset, .. }) if asset == id("usdc")
    ));
    suite.oracle().update_prices(&keeper, &["usdc"]).unwrap();
    assert_eq!(advance(&mut suite, position), "called");
    suite.elapse(900);
    suite.advance_time(16);
    assert_eq!(why(suite.positions().advance(position)), not_checked("atom", 16));
    suite.refresh();
    assert_eq!(advance(&mut suite, position), "opened");
}

#[test]
fn grace_runs_and_then_a_sale_opens() {
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    let called_at = suite.now();
    let until = called_at + 900;
    assert_eq!(
        why(suite.positions().advance(position)),
        ContractError::GracePeriod { until }
    );
    suite.elapse(899);
    assert_eq!(
        why(suite.positions().advance(position)),
        ContractError::GracePeriod { until }
    );
    suite.elapse(1);
    let bob = suite.user("bob");
    let done = suite.positions().advance_by(&bob, position).unwrap();
    assert_eq!(did(&done), "opened");
    let opened = done.event(SaleOpened::TYPE).unwrap();
    assert_eq!(opened.text("mode"), Some("soft"));
    assert_eq!(opened.must::<u64>("breach_seen_at"), called_at);
    let told = done.event(DistressSet::TYPE).unwrap();
    assert_eq!(
        (told.text("collateral"), told.text("debt")),
        (Some("atom"), Some("usdc"))
    );
    // Half of 10 % below $9.20.
    assert_eq!(told.text("min_price"), Some("4140000"));
    let event = done.event(AdvancedEvent::TYPE).unwrap();
    assert_eq!(event.text("mode"), Some("soft"));
    assert_eq!(event.text("keeper"), Some(bob.as_str()));
    assert_eq!(
        stage(&suite, position),
        Stage::Selling {
            mode: Mode::Soft,
            asleep: false
        }
    );
    // A running lot is left alone.
    assert!(matches!(
        why(suite.positions().advance(position)),
        ContractError::NothingToAdvance { .. }
    ));
}

#[test]
fn grace_shrinks_with_volatility_and_is_none_far_below() {
    // At three times its reference, a third of 15 minutes.
    let mut suite = scenes::calm()
        .asset(
            AssetSpec::atom()
                .depth(200_000)
                .tune(|p| p.volatility_reference = dec("0.2")),
        )
        .build();
    let position = scenes::called(&mut suite);
    let grace = |suite: &Suite| suite.ask().position(position).unwrap().grace_left.unwrap();
    let volatility = suite.ask().price("atom").unwrap().volatility;
    let expected = Decimal::from_ratio(180u128, 1u128)
        .checked_div(volatility)
        .unwrap()
        .to_uint_floor();
    assert_eq!(u128::from(grace(&suite)), expected.u128());
    assert!(grace(&suite) < 300);

    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    // Health .9838: no grace, so one message calls and opens.
    suite.set_price("atom", "9.10");
    assert_eq!(advance(&mut suite, position), "opened");
    assert_eq!(
        stage(&suite, position),
        Stage::Selling {
            mode: Mode::Soft,
            asleep: false
        }
    );
}

#[test]
fn attack_63_a_call_lapses_with_the_recovery_and_its_last_stretch_of_surcharge() {
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    let owed = suite.ask().owed(position, "usdc").unwrap();
    suite.elapse(600);
    assert!(
        suite.ask().owed(position, "usdc").unwrap() > owed,
        "surcharge accrues"
    );
    suite.set_price("atom", "9.30");
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(did(&done), "lapsed");
    assert_eq!(
        done.event(DistressEnded::TYPE).unwrap().text("reason"),
        Some("lapsed")
    );
    assert_eq!(
        suite.ask().owed(position, "usdc").unwrap(),
        owed,
        "the stretch is dropped"
    );
    assert_eq!(
        suite.ask().ledger(position).unwrap().ledger.surcharge_rate,
        Decimal::zero()
    );
    assert!(suite.ask().distressed(None, 10).unwrap().is_empty());
    assert_eq!(stage(&suite, position), Stage::Restricted {});
    // Called again: what is left of the grace.
    suite.set_price("atom", "9.20");
    assert_eq!(advance(&mut suite, position), "called");
    let left = suite.ask().position(position).unwrap().grace_left.unwrap();
    assert!((298..=300).contains(&left), "{left} s");
}

#[test]
fn a_call_is_judged_without_its_last_stretch() {
    // Just at 1 without the surcharge of the stretch, a hair below with it.
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    suite.elapse(600);
    // $925,000 · .8 = 740,000: exactly 1 without 14 usdc of surcharge.
    suite.set_price("atom", "9.25");
    assert!(suite.ask().owed(position, "usdc").unwrap() > 740_000 * UNIT);
    assert!(scenes::health(&suite, position) < Decimal::one());
    assert_eq!(advance(&mut suite, position), "lapsed");
    assert_eq!(scenes::health(&suite, position), Decimal::one());
}

#[test]
fn attack_77_an_old_call_opens_no_sale_without_grace() {
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    suite.elapse(3 * 86_400);
    let called_at = suite.now();
    let bob = suite.user("bob");
    let done = suite.positions().advance_by(&bob, position).unwrap();
    assert_eq!(did(&done), "called");
    assert_eq!(
        stage(&suite, position),
        Stage::MarginCall {
            called_at,
            grace_until: called_at + 900
        }
    );
    // Void within its memory: the new one has no grace left and opens at once.
    suite.elapse(900 + 1_801);
    assert_eq!(advance(&mut suite, position), "opened");
    assert_eq!(
        suite.ask().sale(position).unwrap().terms.breach_seen_at,
        suite.now()
    );
}

#[test]
fn attack_44_strangers_neither_delay_nor_change_a_distress() {
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    let before = stage(&suite, position);
    let mallory = suite.user("mallory");
    suite.elapse(450);
    suite.positions().deposit(&mallory, position, "atom", 1).unwrap();
    suite.positions().repay(&mallory, position, "usdc", 1).unwrap();
    assert_eq!(stage(&suite, position), before, "called when it was called");
    suite.elapse(450);
    assert_eq!(advance(&mut suite, position), "opened");
    scenes::to_lot(&mut suite, position);
    let sale = suite.ask().sale(position).unwrap();
    suite.positions().deposit(&mallory, position, "atom", 1).unwrap();
    suite.positions().repay(&mallory, position, "usdc", 1).unwrap();
    assert_eq!(suite.ask().sale(position).unwrap(), sale);
    let msg = ExecuteMsg::Advance { position };
    assert!(
        suite.positions().execute(&mallory, &msg).is_err(),
        "nothing is due for him either"
    );
    buy_all(&mut suite, position);
}

#[test]
fn to_the_auction_nothing_due_is_no_error() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let auction = suite.peers.liquidation_auction.clone();
    let done = suite.positions().advance_by(&auction, position).unwrap();
    let data = cw_utils::parse_execute_response_data(&done.data.clone().unwrap()).unwrap();
    assert_eq!(
        from_json::<Advanced>(data.data.unwrap()).unwrap(),
        Advanced::Nothing {}
    );
    assert!(!done.has(AdvancedEvent::TYPE), "nothing happened");
    // Nor is a price that was not asked for.
    suite.set_price("atom", "8.00");
    suite.advance_time(16);
    suite.positions().advance_by(&auction, position).unwrap();
    // A position that is not there is one.
    let missing = suite.positions().advance_by(&auction, 9);
    assert_eq!(why(missing), ContractError::NoPosition { position: 9 });
}

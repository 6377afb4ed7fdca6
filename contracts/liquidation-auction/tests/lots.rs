//! Lot after lot as the position manager starts them: `advance` and the fill that asks for it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{dec, sale};
use cosmwasm_std::Decimal;
use glidepath_interfaces::auction::Mode;
use glidepath_interfaces::events::auction::{Filled, LotStarted, SaleEnded};
use glidepath_interfaces::events::position_manager::Advanced;
use glidepath_testkit::scenes::{calm, closing_out, on_sale, to_lot, UNIT};
use glidepath_testkit::{AssetSpec, Outcome, Suite};

fn did(done: &Outcome) -> Option<&str> {
    done.event(Advanced::TYPE).and_then(|event| event.text("did"))
}

#[test]
fn an_expired_lot_is_offered_again_from_the_top() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    for unsold in 1..=3 {
        let lot = sale(&suite, position).lot.unwrap();
        suite.until(lot.ends_at);
        assert!(
            suite.positions().advance(position).is_err(),
            "its last second is its own"
        );
        suite.elapse(1);
        let done = suite.positions().advance(position).unwrap();
        assert_eq!(did(&done), Some("restarted"));
        let started = done.event(LotStarted::TYPE).unwrap();
        assert_eq!(started.text("cause"), Some("restart"));
        assert_eq!(started.must::<Decimal>("from"), dec("1.005"));
        let after = sale(&suite, position);
        assert_eq!((after.unsold, after.pass), (unsold, 0));
        assert_eq!(after.lot.unwrap().start_at, suite.now() + 30);
    }
}

#[test]
fn a_lot_sold_in_part_restarts_with_what_is_left_to_do() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    let lot = sale(&suite, position).lot.unwrap();
    suite.until(lot.ends_at - 60);
    let done = suite.auction().bid(&bob, position, 20_000 * UNIT).unwrap();
    let multiplier: Decimal = done.event(Filled::TYPE).unwrap().must("multiplier");
    suite.elapse(61);
    let done = suite.positions().advance(position).unwrap();
    let started = done.event(LotStarted::TYPE).unwrap();
    assert_eq!(started.text("cause"), Some("restart"));
    assert_eq!(started.text("follows"), Some("false"));
    // It learned from the fill of a minute ago: .948 and a step is below the oracle price.
    assert!(multiplier < dec("0.96"));
    assert_eq!(started.must::<Decimal>("from"), Decimal::one());
    assert_eq!(sale(&suite, position).unsold, 0);
}

#[test]
fn nobody_bids_for_an_hour_and_then_no_fill_is_deep() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    suite.elapse(3_600);
    assert!(
        suite.auction().bid(&bob, position, 1_000 * UNIT).is_err(),
        "it is over"
    );
    suite.positions().advance(position).unwrap();
    to_lot(&mut suite, position);
    let done = suite.auction().bid(&bob, position, 1_000 * UNIT).unwrap();
    assert_eq!(
        done.event(Filled::TYPE).unwrap().text("multiplier"),
        Some("1.005")
    );
}

#[test]
fn the_fill_that_sells_the_last_of_it_writes_off_what_is_left() {
    let mut suite = calm().asset(AssetSpec::cusd().calm().no_interest()).build();
    let alice = suite.user("alice");
    let small = suite.units("cusd", "30000");
    let position = suite
        .positions()
        .open(
            &alice,
            &[("atom", 100_000 * UNIT)],
            &[("cusd", small), ("usdc", 710_000 * UNIT)],
        )
        .unwrap();
    // The largest debt is sold for first.
    suite.set_price("atom", "9.20");
    suite.positions().advance(position).unwrap();
    suite.elapse(901);
    suite.positions().advance(position).unwrap();
    assert_eq!(sale(&suite, position).debt.as_str(), "usdc");
    suite.set_price("atom", "3.00");
    suite.positions().advance(position).ok();
    suite.elapse(60);
    suite.positions().advance(position).unwrap();
    assert_eq!(sale(&suite, position).mode, Mode::CloseOut);
    // Under water by far: all of the collateral goes for the large debt, lot after lot, and what is left of both debts
    // is written off by the fill that sells the last of it.
    let bob = suite.user("bob");
    let last = loop {
        to_lot(&mut suite, position);
        let done = suite.auction().bid(&bob, position, 1_000_000 * UNIT).unwrap();
        if done.has(Advanced::TYPE) {
            break done;
        }
    };
    assert_eq!(did(&last), Some("written_off"));
    assert_eq!(
        last.event(SaleEnded::TYPE).unwrap().text("reason"),
        Some("written_off")
    );
    assert!(suite.ask().sale(position).is_err());
}

/// 100 `gold` and 50,000 `atom` against `usdc`: the gold has the lower weight, is sold first, and is not enough.
fn two_collaterals() -> (Suite, u64) {
    let mut suite = calm().asset(AssetSpec::gold().calm().depth(1_000_000)).build();
    let alice = suite.user("alice");
    let deposits = [("gold", suite.units("gold", "100")), ("atom", 50_000 * UNIT)];
    let position = suite
        .positions()
        .open(&alice, &deposits, &[("usdc", 495_000 * UNIT)])
        .unwrap();
    (suite, position)
}

#[test]
fn a_collateral_that_is_sold_out_makes_way_for_the_next_in_the_same_transaction() {
    let (mut suite, position) = two_collaterals();
    let bob = suite.user("bob");
    suite.set_prices(&[("atom", "7.60"), ("gold", "1500")]);
    suite.positions().advance(position).unwrap();
    suite.elapse(60);
    suite.positions().advance(position).ok();
    suite.elapse(60);
    suite.positions().advance(position).ok();
    let before = sale(&suite, position);
    assert_eq!(
        (before.mode, before.collateral.as_str()),
        (Mode::CloseOut, "gold")
    );
    to_lot(&mut suite, position);
    let done = suite.auction().bid(&bob, position, 1_000_000 * UNIT).unwrap();
    assert_eq!(did(&done), Some("next_lot"));
    let started = done.event(LotStarted::TYPE).unwrap();
    assert_eq!(
        (started.text("cause"), started.text("collateral")),
        (Some("next"), Some("atom"))
    );
    assert_eq!(
        started.text("follows"),
        Some("true"),
        "the lot before was cleared"
    );
    assert_eq!(suite.ask().held(position, "gold").unwrap(), 0);
    assert_eq!(suite.ask().sales(Some("gold"), None, None).unwrap(), vec![]);
    assert_eq!(suite.ask().sales(Some("atom"), None, None).unwrap().len(), 1);
}

#[test]
fn a_close_out_is_not_slowed_down_by_its_own_lots() {
    // Lot after lot, each a block after the one before.
    let mut suite = calm().asset(AssetSpec::atom().calm().depth(50_000)).build();
    let position = closing_out(&mut suite);
    let bob = suite.user("bob");
    let mut times = vec![];
    for _ in 0..4 {
        to_lot(&mut suite, position);
        times.push(suite.now());
        let done = suite.auction().bid(&bob, position, 1_000_000 * UNIT).unwrap();
        assert!(done.has(LotStarted::TYPE));
    }
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] == 6), "{times:?}");
}

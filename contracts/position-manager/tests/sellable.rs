//! `Sellable`: how much may be sold at a price, and what comes next.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{advance, dec, sellable, units, UNIT};
use cosmwasm_std::Decimal;
use cw_asset::AssetInfo;
use glidepath_interfaces::auction::{Mode, TryPrice};
use glidepath_interfaces::oracle::PriceRefusal;
use glidepath_interfaces::position_manager::{Next, QueryMsg, Refusal, SaleFill, SellableResponse};
use glidepath_risk::{Price, Value};
use glidepath_testkit::{defaults, id, scenes, Suite};

#[track_caller]
fn at(suite: &Suite, position: u64, multiplier: &str, max_pay: Option<u128>) -> SaleFill {
    match suite.ask().sellable(position, dec(multiplier), max_pay).unwrap() {
        SellableResponse::Fill(fill) => fill,
        SellableResponse::Refused(refusal) => panic!("{refusal}"),
    }
}

#[track_caller]
fn refused(suite: &Suite, position: u64) -> Refusal {
    match sellable(suite, position) {
        SellableResponse::Refused(refusal) => refusal,
        SellableResponse::Fill(fill) => panic!("{fill:?}"),
    }
}

fn tried(suite: &Suite, position: u64, multiplier: &str, prices: &[(&str, &str)]) -> SellableResponse {
    let prices = prices
        .iter()
        .map(|(asset, price)| TryPrice {
            asset: id(asset),
            price: Price(dec(price)),
        })
        .collect();
    let msg = QueryMsg::Sellable {
        position,
        multiplier: dec(multiplier),
        max_pay: None,
        prices: Some(prices),
        known: None,
    };
    suite.ask().smart(&suite.peers.position_manager, &msg).unwrap()
}

#[test]
fn nothing_is_sold_of_what_is_not_on_sale() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    assert_eq!(refused(&suite, position), Refusal::NoSale {});
    suite.set_price("atom", "9.20");
    assert_eq!(refused(&suite, position), Refusal::NoSale {});
    advance(&mut suite, position);
    assert_eq!(
        refused(&suite, position),
        Refusal::NoSale {},
        "called is not on sale"
    );
    // A position that is not there is an error, never "nothing".
    assert!(suite.ask().sellable(99, Decimal::one(), None).is_err());
}

#[test]
fn a_fill_to_the_unit() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let fill = at(&suite, position, "1", None);
    // A lot of $100,000 at $9.20, rounded up to the unit.
    assert_eq!(fill.sold, units(10_869_565_218));
    assert_eq!(fill.paid, units(100_000_000_006));
    assert_eq!(fill.repaid + fill.penalty, fill.paid);
    assert_eq!(fill.penalty, units(99_900_099));
    assert_eq!(fill.price.to_string(), "9200000");
    assert_eq!(fill.pay, AssetInfo::native("uusdc"));
    assert_eq!(fill.min_left, units(108_696));
    assert_eq!(fill.published_at, suite.now());
    assert_eq!(fill.health_before, scenes::health(&suite, position));
    let Next::Lot(offer) = &fill.next else {
        panic!("more is to be sold: {:?}", fill.next)
    };
    assert_eq!((&offer.collateral, &offer.debt), (&id("atom"), &id("usdc")));
    assert_eq!(offer.min_left, fill.min_left);
    assert_eq!(offer.depth, Value::usd(200_000));
    assert_eq!(offer.calm, Decimal::one());

    // Below the oracle price, and above it.
    assert_eq!(at(&suite, position, "0.97", None).price.to_string(), "8924000");
    assert_eq!(at(&suite, position, "1.005", None).price.to_string(), "9246000");
}

#[test]
fn attack_38_one_unit_exact_and_over() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let all = at(&suite, position, "1", None);
    // More than all that may be sold: all of it. Exactly its price: the same.
    assert_eq!(at(&suite, position, "1", Some(u128::MAX)), all);
    assert_eq!(at(&suite, position, "1", Some(all.paid.u128())), all);
    // One unit less buys a unit less, or what it pays for.
    let less = at(&suite, position, "1", Some(all.paid.u128() - 1));
    assert!(less.sold < all.sold && less.paid < all.paid);
    // One unit buys nothing: below the smallest fill, though more is allowed.
    assert_eq!(
        suite.ask().sellable(position, Decimal::one(), Some(1)).unwrap(),
        SellableResponse::Refused(Refusal::TooSmall {
            value: Value::ZERO,
            min_fill: Value::usd(1),
        })
    );
    match suite
        .ask()
        .sellable(position, Decimal::one(), Some(999_999))
        .unwrap()
    {
        SellableResponse::Refused(Refusal::TooSmall { value, .. }) => assert!(value < Value::usd(1)),
        other => panic!("{other:?}"),
    }
    let smallest = at(&suite, position, "1", Some(1_000_010));
    assert!(smallest.sold >= smallest.min_left);
    assert_eq!(
        suite.ask().sellable(position, Decimal::one(), Some(0)).unwrap(),
        SellableResponse::Refused(Refusal::TooSmall {
            value: Value::ZERO,
            min_fill: Value::usd(1),
        })
    );
}

#[test]
fn what_is_answered_is_what_happens() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    suite.elapse(100);
    let bidder = suite.user("bidder");
    for pay in [1_234_567_891u128, 33_333_333_333, 1_000_000 * UNIT] {
        let multiplier = suite.ask().sale(position).unwrap().multiplier.unwrap();
        let fill = at(&suite, position, &multiplier.to_string(), Some(pay));
        let held = suite.ask().held(position, "atom").unwrap();
        let owed = suite.ask().owed(position, "usdc").unwrap();
        suite.auction().bid(&bidder, position, pay).unwrap();
        assert_eq!(
            held - suite.ask().held(position, "atom").unwrap(),
            fill.sold.u128()
        );
        assert_eq!(
            owed - suite.ask().owed(position, "usdc").unwrap(),
            fill.repaid.u128()
        );
        assert_eq!(suite.ask().health(position).unwrap(), fill.health_after);
        assert!(fill.health_after.unwrap() > fill.health_before);
    }
}

#[test]
fn attack_52_the_first_fill_of_a_lot_needs_a_position_below_maintenance() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    // Attack 35: exactly 1 is not below it, a hair less is. (100,000 · .8 · price = debt.)
    suite.advance_time(2);
    let owed = suite.ask().owed(position, "usdc").unwrap();
    let exact = Decimal::from_ratio(owed, 80_000 * UNIT);
    suite.set_price("atom", &exact.to_string());
    suite.refresh();
    assert_eq!(scenes::health(&suite, position), Decimal::one());
    assert_eq!(
        refused(&suite, position),
        Refusal::NotInDistress {
            health: Decimal::one(),
            trigger: Decimal::one(),
        }
    );
    let below = exact - Decimal::raw(1);
    let usdc = ("usdc", "1");
    assert!(matches!(
        tried(&suite, position, "1", &[("atom", &below.to_string()), usdc]),
        SellableResponse::Fill(_)
    ));
    suite.set_price("atom", "9.26");
    match refused(&suite, position) {
        Refusal::NotInDistress { health, .. } => assert_eq!(health, scenes::health(&suite, position)),
        other => panic!("{other:?}"),
    }
    // Between maintenance and target it may dip: the untouched lot stays shut.
    suite.set_price("atom", "9.20");
    assert!(matches!(sellable(&suite, position), SellableResponse::Fill(_)));
    // Once it has sold, its later fills ask no more than health below the target.
    let bidder = suite.user("bidder");
    suite.auction().bid(&bidder, position, 10_000 * UNIT).unwrap();
    suite.set_price("atom", "9.40");
    assert!(scenes::health(&suite, position) > Decimal::one());
    assert!(matches!(sellable(&suite, position), SellableResponse::Fill(_)));
    // And so does a lot that follows a cleared one.
    suite.auction().bid(&bidder, position, 1_000_000 * UNIT).unwrap();
    scenes::to_lot(&mut suite, position);
    assert!(suite.ask().sale(position).unwrap().sale.lot.unwrap().follows);
    assert!(scenes::health(&suite, position) > Decimal::one());
    assert!(matches!(sellable(&suite, position), SellableResponse::Fill(_)));
    // Nothing beyond the target.
    suite.set_price("atom", "11");
    assert_eq!(refused(&suite, position), Refusal::TargetMet {});
}

#[test]
fn both_prices_must_be_good_for_a_fill() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    suite.advance_time(16);
    let not_checked = |asset: &str| {
        Refusal::Price(PriceRefusal::NotChecked {
            asset: id(asset),
            age: 16,
            max_age: 15,
        })
    };
    assert_eq!(refused(&suite, position), not_checked("atom"));
    let keeper = suite.user("keeper");
    suite.oracle().update_prices(&keeper, &["atom"]).unwrap();
    assert_eq!(refused(&suite, position), not_checked("usdc"));
    suite.oracle().update_prices(&keeper, &["usdc"]).unwrap();
    assert!(matches!(sellable(&suite, position), SellableResponse::Fill(_)));
    // Asked, but published too long ago.
    suite.advance_time(181 - 16);
    suite.oracle().update_prices(&keeper, &["atom", "usdc"]).unwrap();
    assert_eq!(
        refused(&suite, position),
        Refusal::Price(PriceRefusal::TooOld {
            asset: id("atom"),
            age: 181,
            max_age: 180,
        })
    );
}

#[test]
fn a_price_to_try_takes_the_place_of_the_record() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    suite.advance_time(1_000);
    // A tried price counts as just asked; the other record still has to be.
    let half = tried(&suite, position, "1", &[("atom", "9.00")]);
    assert!(matches!(
        half,
        SellableResponse::Refused(Refusal::Price(PriceRefusal::TooOld { .. }))
    ));
    match tried(&suite, position, "1", &[("atom", "9.00"), ("usdc", "1")]) {
        SellableResponse::Fill(fill) => {
            assert_eq!(fill.price.to_string(), "9000000");
            assert_eq!(fill.published_at, suite.now());
            assert!(fill.health_before < scenes::health(&suite, position));
        }
        SellableResponse::Refused(refusal) => panic!("{refusal}"),
    }
    let cured = tried(&suite, position, "1", &[("atom", "9.50"), ("usdc", "1")]);
    assert!(matches!(
        cured,
        SellableResponse::Refused(Refusal::NotInDistress { .. })
    ));
}

#[test]
fn while_soft_the_price_is_lifted_to_the_floor_at_the_live_health() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    // ½ (1 − 1.001 · .8 / .9946) = 9.7 %: the curve's floor of 6 % binds.
    assert_eq!(at(&suite, position, "0.5", None).multiplier, dec("0.94"));
    // At .8649 it is 3.7 %.
    suite.set_price("atom", "8.00");
    let health = scenes::health(&suite, position);
    let lowest = at(&suite, position, "0.5", None).multiplier;
    assert!(
        lowest > dec("0.96") && lowest < dec("0.965"),
        "{lowest} at {health}"
    );
    assert!(at(&suite, position, "0.5", None).health_after.unwrap() > health);
    assert_eq!(at(&suite, position, "0.99", None).multiplier, dec("0.99"));
    // A running sale keeps the floor that it opened with.
    let mut rules = defaults::rules();
    rules.eta = dec("0.3");
    suite.positions().set_params(rules).unwrap();
    assert_eq!(at(&suite, position, "0.5", None).multiplier, lowest);
    // Where every fill would lower it, nothing is sold softly.
    suite.set_price("atom", "7.40");
    let health = scenes::health(&suite, position);
    assert_eq!(refused(&suite, position), Refusal::NotSoftSellable { health });
}

#[test]
fn a_close_out_sells_not_below_the_loan_to_value_at_first() {
    let mut suite = scenes::calm().build();
    let position = scenes::closing_out(&mut suite);
    let sale = suite.ask().sale(position).unwrap().sale;
    assert_eq!((sale.mode, sale.pass), (Mode::CloseOut, 0));
    // 740,0xx / 840,000.
    let fill = at(&suite, position, "0.5", None);
    assert!(
        fill.multiplier > dec("0.8809") && fill.multiplier < dec("0.8811"),
        "{}",
        fill.multiplier
    );
    suite.set_price("atom", "7.00");
    assert_eq!(
        at(&suite, position, "0.95", None).multiplier,
        Decimal::one(),
        "insolvent: the oracle price"
    );
    assert!(
        at(&suite, position, "1", None).penalty.is_zero(),
        "no penalty from negative equity"
    );
    // The pass ends with the lot's life; the next goes down to the curve's floor.
    suite.elapse(600);
    assert_eq!(advance(&mut suite, position), "restarted");
    scenes::to_lot(&mut suite, position);
    assert_eq!(suite.ask().sale(position).unwrap().sale.pass, 1);
    assert_eq!(at(&suite, position, "0.95", None).multiplier, dec("0.95"));
}

#[test]
fn the_last_fill_says_that_the_sale_is_over() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let bidder = suite.user("bidder");
    suite.auction().bid(&bidder, position, 1_000_000 * UNIT).unwrap();
    scenes::to_lot(&mut suite, position);
    let fill = at(&suite, position, "1.02", None);
    let lot = suite.ask().sale(position).unwrap().sale.lot.unwrap();
    if fill.sold < lot.left {
        // Who called and who opened are one.
        let keepers = vec![suite.user("keeper").to_string()];
        assert_eq!(fill.next, Next::End { keepers });
    } else {
        assert!(matches!(fill.next, Next::Lot(_)));
    }
    // A part of it: the same pair goes on.
    let part = at(&suite, position, "1.02", Some(1_000 * UNIT));
    assert!(matches!(part.next, Next::Lot(_)));
}

#[test]
fn attack_83_a_halved_price_makes_no_fill_impossible() {
    let mut suite = scenes::calm().build();
    let position = scenes::closing_out(&mut suite);
    // Half of 10 % below $8.40.
    let min_price = suite
        .ask()
        .ledger(position)
        .unwrap()
        .ledger
        .sale
        .unwrap()
        .min_price;
    assert_eq!(min_price.to_string(), "3780000");
    suite.set_price("atom", "3.70");
    assert_eq!(
        refused(&suite, position),
        Refusal::BelowMinPrice {
            price: "3700000".parse().unwrap(),
            min_price,
        }
    );
    assert_eq!(advance(&mut suite, position), "refreshed");
    let ledger = suite.ask().ledger(position).unwrap().ledger;
    assert_eq!(ledger.sale.unwrap().min_price.to_string(), "1665000");
    assert_eq!(ledger.surcharge_rate, dec("0.2"));
    assert!(ledger.debts[0].insolvent, "and it is flagged by the way");
    // In the block of the fall nothing is sold at it: the lot starts again a little later, from the price reached.
    let lot = suite.ask().sale(position).unwrap().sale.lot.unwrap();
    assert_eq!(lot.start_at, suite.now() + 6);
    let bidder = suite.user("bidder");
    assert!(suite.auction().bid(&bidder, position, 10_000 * UNIT).is_err());
    assert!(suite.positions().advance(position).is_err(), "once");
    suite.elapse(6);
    suite.auction().bid(&bidder, position, 10_000 * UNIT).unwrap();
    // A quarter is far, less is not.
    suite.set_price("atom", "2.78");
    assert!(suite.positions().advance(position).is_err());
    suite.set_price("atom", "2.77");
    assert_eq!(advance(&mut suite, position), "refreshed");
}

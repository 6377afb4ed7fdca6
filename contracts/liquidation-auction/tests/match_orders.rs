//! `Match`, and orders in front of bids.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{error, sale};
use cosmwasm_std::{Addr, Decimal, Uint128};
use glidepath_interfaces::auction::{ExecuteMsg, PreviewBidResponse, TryPrice};
use glidepath_interfaces::events::auction::{BidPassedOver, Filled, OrdersMatched, SaleEnded};
use glidepath_interfaces::events::vault::KeeperCredited;
use glidepath_liquidation_auction::ContractError;
use glidepath_testkit::handles::{item, BidTerms};
use glidepath_testkit::scenes::{calm, on_sale, to_lot, UNIT};
use glidepath_testkit::{id, Outcome, Suite};

const PAIR: (&str, &str) = ("atom", "usdc");

/// A sale at its start: a lot of $100,000 from 1.005 of $9.20 on.
fn start() -> (Suite, u64, Addr) {
    let mut suite = calm().build();
    suite.auction().set_min_order("usdc", Some(100 * UNIT)).unwrap();
    let position = on_sale(&mut suite);
    let keeper = suite.user("keeper");
    (suite, position, keeper)
}

fn order(suite: &mut Suite, slot: u8, whole: u128) -> u64 {
    let vera = suite.user("vera");
    suite
        .auction()
        .place_order(&vera, PAIR, slot, whole * UNIT)
        .unwrap()
}

fn multipliers(done: &Outcome) -> Vec<String> {
    done.all(Filled::TYPE)
        .map(|event| event.must::<Decimal>("multiplier").to_string())
        .collect()
}

#[test]
fn orders_buy_at_their_own_price_once_the_lot_has_fallen_to_it() {
    let (mut suite, position, keeper) = start();
    order(&mut suite, 6, 10_000);
    // .995: the lot starts at 1.005.
    suite.elapse(6);
    let lot = sale(&suite, position);
    assert!(matches!(
        error(suite.auction().match_orders(&keeper, position)),
        ContractError::NothingToMatch { .. }
    ));
    assert_eq!(sale(&suite, position), lot);
    suite.elapse(120);
    let done = suite.auction().match_orders(&keeper, position).unwrap();
    assert_eq!(multipliers(&done), ["0.995"], "not the lower one of the clock");
    let matched = done.event(OrdersMatched::TYPE).unwrap();
    assert_eq!(matched.must::<u8>("slot"), 6);
    assert_eq!(matched.must::<Uint128>("left"), Uint128::zero());
    // Half of the keepers' part, 40 % of the penalty, at once.
    let filled = done.event(Filled::TYPE).unwrap();
    let penalty: Uint128 = filled.must("penalty");
    let credited = done.event(KeeperCredited::TYPE).unwrap();
    assert_eq!(
        credited.must::<Uint128>("amount").u128(),
        penalty.u128() * 4 / 10 / 2
    );
    assert_eq!(
        suite.ask().account(&keeper, "usdc").unwrap(),
        penalty.u128() * 4 / 10 / 2
    );
    // The lot's own clock goes on as it was.
    let curve = sale(&suite, position).lot.unwrap().curve;
    assert_eq!(curve, lot.lot.unwrap().curve);
    assert!(matches!(
        error(suite.auction().match_orders(&keeper, position)),
        ContractError::NothingToMatch { .. }
    ));
}

/// Who pays more than a lot costs teaches the next one nothing: it would start where nobody else buys.
#[test]
fn a_dear_order_does_not_put_off_the_next_lot() {
    let (mut suite, position, keeper) = start();
    suite.elapse(200);
    let clock = suite.ask().sale(position).unwrap().multiplier.unwrap();
    order(&mut suite, 0, 200_000);
    suite.elapse(6);
    let done = suite.auction().match_orders(&keeper, position).unwrap();
    assert_eq!(multipliers(&done), ["1.025"]);
    let last = sale(&suite, position).last.unwrap().multiplier;
    assert!(last < clock, "{last}, the clock was at {clock} a block before");
    let glidepath_risk::curve::Curve::Linear { from, .. } = sale(&suite, position).lot.unwrap().curve;
    assert_eq!(from, Decimal::one());
}

#[test]
fn nobody_jumps_in_front_in_the_same_block() {
    let (mut suite, position, keeper) = start();
    let mine = order(&mut suite, 0, 10_000);
    assert!(matches!(
        error(suite.auction().match_orders(&keeper, position)),
        ContractError::NothingToMatch { .. }
    ));
    let bob = suite.user("bob");
    let done = suite.auction().bid(&bob, position, 5_000 * UNIT).unwrap();
    assert!(!done.has(OrdersMatched::TYPE));
    suite.elapse(6);
    suite.auction().match_orders(&keeper, position).unwrap();
    assert_eq!(suite.ask().order(mine).unwrap().funds, Uint128::zero());
}

#[test]
fn one_placed_in_the_block_of_a_match_has_no_part_in_it() {
    let (mut suite, position, keeper) = start();
    let early = order(&mut suite, 0, 10_000);
    suite.elapse(6);
    let late = order(&mut suite, 0, 30_000);
    suite.auction().match_orders(&keeper, position).unwrap();
    let row = |order| suite.ask().order(order).unwrap();
    assert_eq!(row(early).funds, Uint128::zero());
    assert_eq!(
        (row(late).funds.u128(), row(late).gained.u128()),
        (30_000 * UNIT, 0)
    );
    suite.elapse(6);
    suite.auction().match_orders(&keeper, position).unwrap();
    assert!(!suite.ask().order(late).unwrap().gained.is_zero());
}

#[test]
fn the_dearest_orders_come_first() {
    let (mut suite, position, keeper) = start();
    for slot in [2, 0, 3] {
        order(&mut suite, slot, 1_000);
    }
    suite.elapse(6);
    let mut seen = vec![];
    for _ in 0..3 {
        seen.extend(multipliers(
            &suite.auction().match_orders(&keeper, position).unwrap(),
        ));
    }
    assert_eq!(seen, ["1.025", "1.015", "1.01"]);
}

#[test]
fn a_bid_serves_two_slots_first_and_is_told_of_the_third() {
    let (mut suite, position, keeper) = start();
    order(&mut suite, 0, 1_000);
    order(&mut suite, 1, 2_000);
    suite.elapse(6);
    let bob = suite.user("bob");
    assert_eq!(
        suite.ask().preview_bid(position, Some(5_000 * UNIT)).unwrap(),
        PreviewBidResponse::OrdersFirst {
            slot: 0,
            multiplier: Decimal::permille(1_025)
        }
    );
    let done = suite.auction().bid(&bob, position, 5_000 * UNIT).unwrap();
    assert_eq!(done.all(OrdersMatched::TYPE).count(), 2);
    let paid: Vec<u128> = done
        .all(Filled::TYPE)
        .map(|event| event.must::<Uint128>("paid").u128())
        .collect();
    assert_eq!(paid, [1_000 * UNIT, 2_000 * UNIT, 5_000 * UNIT]);
    assert_eq!(
        done.all(Filled::TYPE).last().unwrap().text("bidder"),
        Some(bob.as_str())
    );
    assert!(
        suite.ask().account(&bob, "usdc").unwrap() > 0,
        "paid for matching"
    );

    // With a third, what the first two bought stands and his coins are back; who wants something in return is refused.
    for slot in [0, 1, 2] {
        order(&mut suite, slot, 1_000);
    }
    suite.elapse(6);
    let before = suite.balance(&bob, "usdc");
    let strict = BidTerms {
        min_received: Some(1),
        ..BidTerms::default()
    };
    suite.give(&bob, "usdc", 5_000 * UNIT);
    let refused = error(
        suite
            .auction()
            .bid_with(&bob, position, strict, "usdc", 5_000 * UNIT),
    );
    assert_eq!(
        refused,
        ContractError::MatchFirst {
            position,
            slot: 2,
            pays: Decimal::permille(1_015)
        }
    );
    let done = suite.auction().bid(&bob, position, 5_000 * UNIT).unwrap();
    assert_eq!(done.all(OrdersMatched::TYPE).count(), 2);
    assert!(done.has(BidPassedOver::TYPE));
    assert_eq!(suite.balance(&bob, "usdc"), before + 10_000 * UNIT);
    suite.auction().match_orders(&keeper, position).unwrap();
    suite.auction().bid(&bob, position, 5_000 * UNIT).unwrap();
}

#[test]
fn orders_come_first_at_an_equal_price_and_not_at_a_lower_one() {
    let (mut suite, position, _) = start();
    // 1.005 is slot 4, and where the lot starts.
    order(&mut suite, 4, 1_000);
    order(&mut suite, 5, 1_000);
    suite.elapse(6);
    let start = sale(&suite, position).lot.unwrap().start_at;
    assert!(suite.now() > start);
    let bob = suite.user("bob");
    let done = suite.auction().bid(&bob, position, 3_000 * UNIT).unwrap();
    let seen = multipliers(&done);
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_eq!(seen[0], "1.005");
    assert!(seen[1].parse::<Decimal>().unwrap() > Decimal::one());
}

#[test]
fn in_every_way_of_bidding() {
    let (mut suite, position, _) = start();
    let bob = suite.user("bob");
    suite.vault().fund_bids(&bob, "usdc", 5_000 * UNIT).unwrap();
    order(&mut suite, 0, 1_000);
    suite.elapse(6);
    let done = suite
        .auction()
        .bid_from_account(&bob, position, 5_000 * UNIT)
        .unwrap();
    assert_eq!(done.all(Filled::TYPE).count(), 2);

    order(&mut suite, 0, 1_000);
    suite.elapse(6);
    let pool = glidepath_testkit::flash::pool(&mut suite, [("atom", "10000000"), ("usdc", "99000000")]);
    let flash = glidepath_testkit::flash::bidder(&mut suite, &pool);
    let msg = glidepath_testkit::flash::buy(&[position]);
    let done = suite.execute(&bob, &flash, &msg, &[]).unwrap();
    assert_eq!(done.all(Filled::TYPE).count(), 2);

    // Of several bids this one is passed over: what it gets hangs on the orders.
    to_lot(&mut suite, position);
    order(&mut suite, 0, 1_000);
    suite.elapse(6);
    suite.give(&bob, "usdc", 5_000 * UNIT);
    let refused = error(
        suite
            .auction()
            .bid_many(&bob, vec![item(position)], "usdc", 5_000 * UNIT),
    );
    assert!(
        matches!(refused, ContractError::MatchFirst { slot: 0, .. }),
        "{refused}"
    );
}

#[test]
fn orders_can_end_a_sale() {
    let (mut suite, position, keeper) = start();
    order(&mut suite, 0, 5_000_000);
    let mut ended = false;
    for _ in 0..20 {
        suite.elapse(36);
        let done = suite.auction().match_orders(&keeper, position).unwrap();
        ended = done.has(SaleEnded::TYPE);
        if ended {
            break;
        }
    }
    assert!(ended);
    assert!(suite.ask().sale(position).is_err());
}

#[test]
fn attack_73_what_is_too_little_to_buy_anything_is_in_nobodys_way() {
    let (mut suite, position, keeper) = start();
    suite.auction().set_min_order("usdc", Some(1)).unwrap();
    let vera = suite.user("vera");
    // Less than the smallest fill of a dollar, in three slots that are reached; and somebody's real order behind them.
    for slot in 0..3 {
        suite.auction().place_order(&vera, PAIR, slot, UNIT / 2).unwrap();
    }
    let real = order(&mut suite, 3, 1_000);
    suite.elapse(6);
    let bob = suite.user("bob");
    let done = suite.auction().bid(&bob, position, 5_000 * UNIT).unwrap();
    assert_eq!(multipliers(&done).len(), 2);
    assert_eq!(multipliers(&done)[0], "1.01", "the real one first");
    assert!(suite.ask().order(real).unwrap().funds.is_zero());
    assert!(matches!(
        error(suite.auction().match_orders(&keeper, position)),
        ContractError::NothingToMatch { .. }
    ));
    // With more in it, it buys.
    suite.auction().place_order(&vera, PAIR, 0, 1_000 * UNIT).unwrap();
    suite.elapse(6);
    let done = suite.auction().match_orders(&keeper, position).unwrap();
    let paid: Uint128 = done.event(Filled::TYPE).unwrap().must("paid");
    assert_eq!(paid.u128(), 1_000 * UNIT + UNIT / 2);
}

/// Orders that can't buy were taken for orders in front where several are bid for, by previews, and behind two slots that were
/// served; and four of them hid a fifth that can.
#[test]
fn attack_73_what_can_buy_nothing_stops_no_bid() {
    let (mut suite, position, keeper) = start();
    suite.auction().set_min_order("usdc", Some(1)).unwrap();
    let (vera, bob) = (suite.user("vera"), suite.user("bob"));
    for slot in 0..4 {
        suite.auction().place_order(&vera, PAIR, slot, UNIT / 2).unwrap();
    }
    suite.elapse(6);
    let preview = suite.ask().preview_bid(position, Some(100 * UNIT)).unwrap();
    let PreviewBidResponse::Fills(preview) = preview else {
        panic!("{preview:?}");
    };
    suite.give(&bob, "usdc", 100 * UNIT);
    let done = suite
        .auction()
        .bid_many(&bob, vec![item(position)], "usdc", 100 * UNIT)
        .unwrap();
    assert_eq!(
        done.event(Filled::TYPE).unwrap().must::<Uint128>("sold"),
        preview.sold
    );
    // A fifth that can buy is found behind the four.
    let real = order(&mut suite, 4, 1_000);
    suite.elapse(6);
    assert!(matches!(
        suite.ask().preview_bid(position, None).unwrap(),
        PreviewBidResponse::OrdersFirst { slot: 4, .. }
    ));
    suite.auction().match_orders(&keeper, position).unwrap();
    assert!(suite.ask().order(real).unwrap().funds.is_zero());
}

/// A price that is tried is tried for the orders in front as well: else they were thought unable to buy at the old one.
#[test]
fn a_preview_at_other_prices_sees_orders_in_front() {
    let (mut suite, position, _) = start();
    order(&mut suite, 0, 1_000);
    suite.advance_time(40);
    let tried = ["atom", "usdc"].map(|asset| TryPrice {
        asset: id(asset),
        price: suite.ask().price(asset).unwrap().price,
    });
    let preview = suite
        .ask()
        .preview_bid_at(position, Some(100 * UNIT), Some(tried.to_vec()))
        .unwrap();
    assert!(
        matches!(preview, PreviewBidResponse::OrdersFirst { slot: 0, .. }),
        "{preview:?}"
    );
}

/// Dust in a slot and a match in the block in which somebody places a real order there must not keep that from buying.
#[test]
fn nobody_shuts_a_slot_with_funds_in_it() {
    let (mut suite, position, keeper) = start();
    suite.auction().set_min_order("usdc", Some(1)).unwrap();
    let vera = suite.user("vera");
    suite.auction().place_order(&vera, PAIR, 0, 3).unwrap();
    suite.elapse(6);
    let real = order(&mut suite, 0, 1_000);
    assert!(matches!(
        error(suite.auction().match_orders(&keeper, position)),
        ContractError::NothingToMatch { .. }
    ));
    suite.elapse(6);
    suite.auction().match_orders(&keeper, position).unwrap();
    assert!(suite.ask().order(real).unwrap().funds.is_zero());
}

#[test]
fn a_larger_smallest_order_disables_nothing_that_is_there() {
    let (mut suite, position, keeper) = start();
    let vera = suite.user("vera");
    let first = suite.auction().place_order(&vera, PAIR, 0, 100 * UNIT).unwrap();
    let second = suite.auction().place_order(&vera, PAIR, 0, 100 * UNIT).unwrap();
    suite.auction().set_min_order("usdc", Some(1_000 * UNIT)).unwrap();
    suite.elapse(6);
    suite.auction().cancel_order(&vera, first).unwrap();
    suite.auction().match_orders(&keeper, position).unwrap();
    assert!(suite.ask().order(second).unwrap().funds.is_zero());
}

#[test]
fn the_limits_of_a_bid_behind_orders_are_its_own() {
    let (mut suite, position, _) = start();
    order(&mut suite, 0, 1_000);
    suite.elapse(6);
    let bob = suite.user("bob");
    let before = sale(&suite, position);
    let terms = BidTerms {
        min_received: Some(u128::MAX),
        ..BidTerms::default()
    };
    suite.give(&bob, "usdc", 5_000 * UNIT);
    let refused = error(
        suite
            .auction()
            .bid_with(&bob, position, terms, "usdc", 5_000 * UNIT),
    );
    assert!(matches!(refused, ContractError::BelowMinReceived { .. }));
    assert_eq!(sale(&suite, position), before);
}

#[test]
fn attack_21_nobody_else_resumes_a_bid() {
    let (mut suite, position, _) = start();
    let bob = suite.user("bob");
    suite.vault().fund_bids(&bob, "usdc", 5_000 * UNIT).unwrap();
    let mallory = suite.user("mallory");
    let resume = ExecuteMsg::Resume(glidepath_interfaces::auction::Resume {
        bid: item(position),
        bidder: bob.to_string(),
        recipient: mallory.to_string(),
        coins: None,
        pay: Some(glidepath_interfaces::auction::Pay::Account(
            glidepath_interfaces::asset::Amount {
                asset: id("usdc"),
                amount: Uint128::new(5_000 * UNIT),
            },
        )),
        served: 0,
    });
    assert_eq!(
        error(suite.auction().execute(&mallory, &resume)),
        ContractError::NotSelf { sender: mallory }
    );
}

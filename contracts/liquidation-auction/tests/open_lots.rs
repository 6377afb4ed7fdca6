//! Query `OpenLots`: what a bidder may buy, the best first, and what his funds would get.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::fallen;
use cosmwasm_std::{Addr, Decimal, Uint128};
use glidepath_interfaces::auction::{BidItem, Mode, OpenLotsResponse, PreviewBidResponse, QueryMsg};
use glidepath_interfaces::events::auction::Filled;
use glidepath_testkit::handles::item;
use glidepath_testkit::scenes::{calm, UNIT};
use glidepath_testkit::{id, Suite};

/// What is asked for; nothing in particular.
#[derive(Default)]
struct Asked {
    collateral: Option<&'static str>,
    debt: Option<&'static str>,
    bidder: Option<Addr>,
    funds: Option<u128>,
    ahead: Option<u64>,
    start_after: Option<u64>,
    limit: Option<u32>,
}

fn ask(suite: &Suite, asked: Asked) -> OpenLotsResponse {
    let msg = QueryMsg::OpenLots {
        collateral: asked.collateral.map(id),
        debt: asked.debt.map(id),
        bidder: asked.bidder.map(Into::into),
        funds: asked.funds.map(Uint128::new),
        ahead: asked.ahead,
        start_after: asked.start_after,
        limit: asked.limit,
    };
    suite.ask().open_lots(msg).unwrap()
}

fn positions(answer: &OpenLotsResponse) -> Vec<u64> {
    answer.lots.iter().map(|lot| lot.position).collect()
}

/// Three sales whose lots started 60 s after each other, the one of the last position first; the lot of the first is alive for
/// 30 s.
fn three() -> (Suite, [u64; 3]) {
    let mut suite = calm().build();
    let positions = fallen(&mut suite, &["alice", "anna", "amir"], 100_000);
    for (nth, position) in positions.iter().rev().enumerate() {
        suite.positions().advance(*position).unwrap();
        suite.elapse(if nth == 2 { 36 } else { 60 });
    }
    (suite, positions.try_into().unwrap())
}

#[test]
fn the_lowest_price_comes_first() {
    let (suite, [first, second, third]) = three();
    let answer = ask(&suite, Asked::default());
    assert_eq!(positions(&answer), [third, second, first]);
    assert_eq!(answer.next, None);
    let multipliers: Vec<Decimal> = answer
        .lots
        .iter()
        .map(|lot| match &lot.now {
            PreviewBidResponse::Fills(fill) => fill.multiplier,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(
        multipliers.is_sorted() && multipliers[0] < multipliers[2],
        "{multipliers:?}"
    );
    let lot = &answer.lots[0];
    let sale = suite.ask().sale(third).unwrap();
    assert_eq!(
        (lot.collateral.as_str(), lot.debt.as_str(), lot.mode),
        ("atom", "usdc", Mode::Soft)
    );
    assert_eq!(lot.start_at, sale.sale.lot.unwrap().start_at);
    assert_eq!(Some(lot.last), sale.last);
    assert_eq!(lot.now, suite.ask().preview_bid(third, None).unwrap());
    assert!(lot.ahead.is_none() && lot.gets.is_none());
}

#[test]
fn the_price_after_some_seconds_is_that_of_its_moment() {
    let (mut suite, [first, _, third]) = three();
    let asked = Asked {
        ahead: Some(60),
        ..Asked::default()
    };
    let answer = ask(&suite, asked);
    let then = answer.lots[0].ahead.clone().unwrap();
    assert_eq!(
        then,
        suite.ask().price_at(third, suite.now() + 60).unwrap(),
        "as the other query says"
    );
    suite.elapse(60);
    let bob = suite.user("bob");
    let done = suite.auction().bid(&bob, third, 100 * UNIT).unwrap();
    let filled = done.event(Filled::TYPE).unwrap();
    assert_eq!(filled.must::<Decimal>("multiplier"), then.multiplier);
    // Beyond its life there is none.
    let last = suite.ask().sale(first).unwrap().last.unwrap() - suite.now();
    let at = |seconds| {
        let asked = Asked {
            ahead: Some(seconds),
            ..Asked::default()
        };
        let answer = ask(&suite, asked);
        let lot = answer.lots.into_iter().find(|lot| lot.position == first);
        lot.unwrap().ahead
    };
    assert!(at(last).is_some());
    assert!(at(last + 1).is_none());
    assert!(at(u64::MAX).is_none());
}

#[test]
fn funds_get_what_bids_in_this_order_get() {
    let (mut suite, [_, second, third]) = three();
    // A lot is about $100,000: all of the best, and a part of the next.
    let funds = 150_000 * UNIT;
    let bob = suite.user("bob");
    let asked = Asked {
        debt: Some("usdc"),
        funds: Some(funds),
        ..Asked::default()
    };
    let answer = ask(&suite, asked);
    let gets: Vec<_> = answer
        .lots
        .iter()
        .map(|lot| lot.gets.as_ref().map(|fill| (lot.position, fill.paid, fill.sold)))
        .collect();
    assert!(
        gets[0].is_some() && gets[1].is_some() && gets[2].is_none(),
        "{gets:?}"
    );
    assert_eq!(gets[0].unwrap().1 + gets[1].unwrap().1, Uint128::new(funds));
    suite.give(&bob, "usdc", funds);
    let items: Vec<BidItem> = answer.lots.iter().map(|lot| item(lot.position)).collect();
    let done = suite.auction().bid_many(&bob, items, "usdc", funds).unwrap();
    let filled: Vec<_> = done
        .all(Filled::TYPE)
        .map(|fill| Some((fill.must("position"), fill.must("paid"), fill.must("sold"))))
        .collect();
    assert_eq!(filled, gets[..2]);
    assert_eq!([filled[0].unwrap().0, filled[1].unwrap().0], [third, second]);
}

#[test]
fn pages_and_filters() {
    let (suite, [first, second, third]) = three();
    let page = |start_after, limit| {
        ask(
            &suite,
            Asked {
                start_after,
                limit,
                ..Asked::default()
            },
        )
    };
    let one = page(None, Some(2));
    assert_eq!(positions(&one), [second, first], "sorted by itself");
    assert_eq!(one.next, Some(second));
    let two = page(one.next, Some(2));
    assert_eq!((positions(&two), two.next), (vec![third], None));
    assert_eq!(positions(&page(Some(third), None)), [0u64; 0]);
    assert_eq!(
        positions(&page(None, Some(0))),
        [first],
        "a page has a row at least"
    );
    let by = |collateral, debt| {
        positions(&ask(
            &suite,
            Asked {
                collateral,
                debt,
                ..Asked::default()
            },
        ))
    };
    assert_eq!(by(Some("atom"), Some("usdc")), [third, second, first]);
    assert_eq!(by(Some("osmo"), None), [0u64; 0]);
    assert_eq!(by(None, Some("atom")), [0u64; 0]);
}

#[test]
fn a_page_is_bounded_whatever_is_asked_for() {
    let mut suite = calm().build();
    let owners: Vec<String> = (0..21).map(|nth| format!("owner{nth}")).collect();
    let owners: Vec<&str> = owners.iter().map(String::as_str).collect();
    let positions = fallen(&mut suite, &owners, 10_000);
    for position in &positions {
        suite.positions().advance(*position).unwrap();
    }
    let asked = Asked {
        limit: Some(1_000),
        ..Asked::default()
    };
    let answer = ask(&suite, asked);
    assert_eq!((answer.lots.len(), answer.next), (20, Some(positions[19])));
}

#[test]
fn what_is_scheduled_or_of_others_comes_behind() {
    let mut suite = calm().build();
    let (bob, carol) = (suite.user("bob"), suite.user("carol"));
    let all = fallen(&mut suite, &["alice", "anna", "amir"], 100_000);
    let [open, theirs, to_come] = all[..] else {
        panic!("three");
    };
    suite.positions().advance(open).unwrap();
    suite.auction().set_bidders("atom", 60, &[&bob]).unwrap();
    suite.positions().advance(theirs).unwrap();
    suite.elapse(6);
    suite.positions().advance(to_come).unwrap();
    let of = |who: &Addr| {
        ask(
            &suite,
            Asked {
                bidder: Some(who.clone()),
                ahead: Some(6),
                ..Asked::default()
            },
        )
    };
    let answer = of(&carol);
    assert_eq!(positions(&answer), [open, theirs, to_come]);
    let now: Vec<_> = answer.lots.iter().map(|lot| lot.now.clone()).collect();
    assert!(matches!(now[0], PreviewBidResponse::Fills(_)));
    let until = answer.lots[1].start_at + 60;
    assert_eq!(now[1], PreviewBidResponse::Reserved { until });
    let starts_at = Some(answer.lots[2].start_at);
    assert_eq!(now[2], PreviewBidResponse::NoLot { starts_at });
    assert!(answer.lots[2].ahead.is_some(), "the price that it will start at");
    let answer = of(&bob);
    assert!(matches!(answer.lots[1].now, PreviewBidResponse::Fills(_)));
}

#[test]
fn what_is_over_or_sold_is_left_out() {
    let (mut suite, [first, second, third]) = three();
    let bob = suite.user("bob");
    let last = suite.ask().sale(third).unwrap().last.unwrap();
    suite.until(last + 1);
    assert_eq!(positions(&ask(&suite, Asked::default())), [second, first]);
    // All of a lot is sold and the next is scheduled: there it is, behind what can be bought.
    suite.auction().bid(&bob, second, 200_000 * UNIT).unwrap();
    assert_eq!(positions(&ask(&suite, Asked::default())), [first, second]);
}

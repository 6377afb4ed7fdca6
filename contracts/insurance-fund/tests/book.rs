//! `Book`: revenue, losses, and the end of a generation.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod common;

use common::*;
use cosmwasm_std::Uint128;
use glidepath_insurance_fund::ContractError;
use glidepath_interfaces::fund::ExecuteMsg;
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::record::ReadError;

const MILLION: Uint128 = Uint128::new(1_000_000_000_000);

/// Alice has staked a million, 10¹² shares.
fn staked() -> Suite {
    let mut suite = Suite::new();
    let alice = suite.alice.clone();
    suite.stake(&alice, 1_000_000).unwrap();
    suite
}

fn shares(suite: &Suite) -> (u128, u128) {
    let pool = suite.usdc();
    (pool.shares.u128(), pool.streaming.u128())
}

#[test]
fn revenue_arrives_over_the_stream() {
    let mut suite = staked();
    assert_eq!(suite.revenue("usdc", 700_000), Uint128::new(700_000_000_000));
    let response = suite.book();
    assert_eq!(
        event(&response, "revenue_booked"),
        rows(&[
            ("asset", &"usdc"),
            ("shares", &700_000_000_000u64),
            ("streaming", &700_000_000_000u64),
            ("stream_ends_at", &(START + 7 * DAY)),
        ])
    );
    let million = MILLION.u128();
    for day in 0..=8u64 {
        let arrived = u128::from(day.min(7)) * 100_000_000_000;
        assert_eq!(
            shares(&suite),
            (million + arrived, 700_000_000_000 - arrived),
            "after {day} days"
        );
        // Booking in between changes nothing.
        if day % 2 == 1 {
            suite.book();
        }
        suite.wait(DAY);
    }
    assert!(!has_event(&suite.book(), "revenue_booked"));
}

#[test]
fn attack_71_a_stake_one_block_before_revenue_gets_none_of_the_past() {
    let mut suite = staked();
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    // A week of nothing, then Bob comes with ten times as much a block before a large penalty.
    suite.wait(7 * DAY);
    suite.stake(&bob, 10_000_000).unwrap();
    suite.wait(6);
    suite.revenue("usdc", 1_000_000);
    suite.book();
    assert_eq!(
        suite.staked("usdc", &bob).amount,
        Uint128::new(10_000_000),
        "nothing at once"
    );
    suite.wait(6);
    let gained = suite.staked("usdc", &bob).amount.u128() - 10_000_000;
    assert!(gained <= 10, "{gained} in a block");
    // And with a cooldown longer than the stream he is at risk for all that he earns.
    suite.wait(7 * DAY);
    let sum = suite.staked("usdc", &bob).amount + suite.staked("usdc", &alice).amount;
    assert!((11_999_990..=12_000_000).contains(&sum.u128()), "{sum}");
}

#[test]
fn a_stake_during_the_stream_pays_nothing_for_it() {
    let mut suite = staked();
    let bob = suite.bob.clone();
    suite.revenue("usdc", 1_000_000);
    suite.book();
    suite.stake(&bob, 1_000_000).unwrap();
    assert_eq!(suite.staked("usdc", &bob).amount, Uint128::new(1_000_000));
    suite.wait(7 * DAY);
    assert_eq!(
        suite.staked("usdc", &bob).amount,
        Uint128::new(1_499_999),
        "rounded down"
    );
}

#[test]
fn dust_does_not_hold_up_the_stream() {
    let mut suite = staked();
    suite.revenue("usdc", 1_000_000);
    suite.book();
    for _ in 0..168 {
        suite.wait(3_600);
        suite.revenue("usdc", 1);
        suite.book();
    }
    let (arrived, streaming) = shares(&suite);
    assert!(
        arrived > 1_999_000_000_000,
        "{arrived} arrived, {streaming} did not"
    );
}

#[test]
fn a_second_gain_joins_by_weight() {
    let mut suite = staked();
    suite.revenue("usdc", 1_000_000);
    suite.book();
    suite.wait(6 * DAY);
    suite.revenue("usdc", 1_000_000);
    suite.book();
    // A seventh of the first is left, for a day; the second takes seven: (1/7·1 + 1·7)/(8/7) = 6.25 days,
    // less the second that rounds towards the first, whose seventh is rounded itself.
    let ends_at = suite.usdc().stream_ends_at;
    assert_eq!(ends_at, START + 6 * DAY + 6 * DAY + DAY / 4 - 1);
}

#[test]
fn the_stream_waits_while_nobody_has_staked() {
    let mut suite = Suite::new();
    let alice = suite.alice.clone();
    suite.revenue("usdc", 1_000_000);
    suite.book();
    suite.wait(30 * DAY);
    assert_eq!(shares(&suite), (0, MILLION.u128()));
    suite.stake(&alice, 1_000_000).unwrap();
    assert_eq!(suite.staked("usdc", &alice).amount, Uint128::new(1_000_000));
    assert_eq!(suite.usdc().stream_ends_at, START + 37 * DAY);
    suite.wait(7 * DAY);
    assert_eq!(
        suite.staked("usdc", &alice).amount,
        Uint128::new(1_999_999),
        "rounded down"
    );
}

#[test]
fn a_loss_takes_the_stream_first() {
    let mut suite = staked();
    suite.revenue("usdc", 500_000);
    suite.book();
    suite.burn("usdc", Uint128::new(400_000_000_000));
    let response = suite.book();
    assert_eq!(
        event(&response, "loss_booked"),
        rows(&[
            ("asset", &"usdc"),
            ("from_stream", &400_000_000_000u64),
            ("from_stakes", &0),
            ("shares", &MILLION),
        ])
    );
    assert_eq!(shares(&suite), (MILLION.u128(), 100_000_000_000));
    suite.burn("usdc", Uint128::new(300_000_000_000));
    let response = suite.book();
    assert_eq!(
        event(&response, "loss_booked"),
        rows(&[
            ("asset", &"usdc"),
            ("from_stream", &100_000_000_000u64),
            ("from_stakes", &200_000_000_000u64),
            ("shares", &800_000_000_000u64),
        ])
    );
    assert!(!has_event(&response, "pool_retired"));
}

#[test]
fn what_has_arrived_belongs_to_the_stakers_before_a_loss() {
    let mut suite = staked();
    suite.revenue("usdc", 700_000);
    suite.book();
    suite.wait(3 * DAY);
    suite.burn("usdc", Uint128::new(400_000_000_000));
    suite.book();
    assert_eq!(shares(&suite), (MILLION.u128() + 300_000_000_000, 0));
}

#[test]
fn a_loss_of_everything_ends_the_generation_and_spares_newcomers() {
    let mut suite = staked();
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    suite.request(&alice, None).unwrap();
    suite.burn("usdc", MILLION);
    let response = suite.stake(&bob, 1_000_000).unwrap();
    assert_eq!(
        event(&response, "pool_retired"),
        rows(&[("asset", &"usdc"), ("units", &MILLION), ("generation", &1)])
    );
    let has = suite.staked("usdc", &bob).amount.u128();
    assert!(
        (999_999..=1_000_000).contains(&has),
        "{has}: nothing of his is theirs"
    );
    let gone = suite.staked("usdc", &alice);
    assert!(gone.units.is_zero() && gone.shares.is_zero() && gone.exit.is_none());
    suite.wait(10 * DAY);
    assert_eq!(
        refusal(suite.exit(&alice)),
        ContractError::NoExit { asset: asset("usdc") }
    );
    assert_eq!(
        refusal(suite.request(&alice, None)),
        ContractError::Payment(PaymentError::ZeroAmount {})
    );
    // She may come again; her old units stay worthless.
    suite.stake(&alice, 1_000_000).unwrap();
    assert_eq!(
        suite.staked("usdc", &alice).units,
        suite.staked("usdc", &bob).units
    );
    let both = suite.staked("usdc", &alice).units + suite.staked("usdc", &bob).units;
    assert_eq!(suite.usdc().units, both);
}

#[test]
fn a_loss_that_leaves_a_millionth_leaves_the_generation() {
    let mut suite = staked();
    let alice = suite.alice.clone();
    suite.burn("usdc", MILLION - Uint128::new(1_000_000));
    assert!(!has_event(&suite.book(), "pool_retired"));
    assert_eq!(suite.staked("usdc", &alice).shares, Uint128::new(1_000_000));
    suite.burn("usdc", Uint128::one());
    let response = suite.book();
    assert!(has_event(&response, "pool_retired"));
    // What was left is on its way to those who stake next.
    assert_eq!(shares(&suite), (0, 999_999));
    assert_eq!(suite.market("usdc").fund_shares, Uint128::new(999_999));
}

#[test]
fn queries_book_a_copy() {
    let mut suite = staked();
    suite.revenue("usdc", 1_000_000);
    let seen = suite.usdc();
    assert_eq!(seen.streaming, MILLION);
    assert_eq!(seen.worth, Uint128::new(2_000_000));
    assert!(
        has_event(&suite.book(), "revenue_booked"),
        "the query stored nothing"
    );
    assert_eq!(suite.usdc(), seen);
}

#[test]
fn an_unknown_market_is_an_error() {
    let mut suite = Suite::new();
    let alice = suite.alice.clone();
    let refused = refusal(suite.execute(&alice, &ExecuteMsg::Book { asset: asset("osmo") }));
    assert!(
        matches!(refused, ContractError::Read(ReadError::Missing { .. })),
        "{refused:?}"
    );
}

//! What a message costs does not grow with other people's state: reads and writes of every message and query of the
//! five contracts, counted among a handful of others and among ten thousand; and what the largest position costs.
//! `cargo test -p glidepath-testkit --test sizes -- --nocapture` prints the figures.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

#[path = "sizes/crowd.rs"]
mod crowd;
#[path = "sizes/everything.rs"]
mod everything;
#[path = "sizes/questions.rs"]
mod questions;
#[path = "sizes/walk.rs"]
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use cosmwasm_std::{
    to_json_vec, Addr, ContractResult, CosmosMsg, Empty, Querier, QueryRequest, SystemResult, Uint128,
    WasmQuery,
};
use crowd::{Crowd, HANDFUL, MANY};
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::fund;
use glidepath_risk::health::Factors;
use glidepath_testkit::scenes::{calm, on_sale, unsold, UNIT};
use glidepath_testkit::{defaults, id, AssetSpec, Counts, Meter, Moment, Outcome, Result, Suite};
use support::messages::contracts;
use support::scene::Scene;
use walk::Walk;

/// What was measured, by what was done, in order.
type Measured = Vec<(String, Counts)>;

/// Counts what is done.
fn metered(meter: &Meter) -> impl Fn(&mut Suite, &Addr, CosmosMsg) -> Result<(Outcome, Counts)> + '_ {
    |suite, sender, msg| {
        let (done, counts) = meter.of(|| suite.send(sender, msg));
        Ok((done?, counts))
    }
}

/// All that can be done, among so many others.
fn among(crowd: Crowd) -> Measured {
    let begun = Instant::now();
    let meter = Meter::default();
    let mut suite = Scene::suite().code(meter.clone()).build();
    crowd::come(&mut suite, crowd);
    let mut scene = Scene::on(suite);
    println!("{crowd:?} came in {:.1} s", begun.elapsed().as_secs_f64());
    let measure = metered(&meter);
    let mut all = everything::messages(&mut scene, &measure);
    all.extend(queries(&scene, &meter));
    all.extend(everything::walks(&mut scene, &measure));
    println!("measured after {:.1} s", begun.elapsed().as_secs_f64());
    all
}

fn queries(scene: &Scene, meter: &Meter) -> Measured {
    let ask = |question: questions::Question| {
        let request = QueryRequest::<Empty>::Wasm(WasmQuery::Smart {
            contract_addr: question.contract.to_string(),
            msg: question.msg,
        });
        let request = to_json_vec(&request).unwrap();
        let (answer, counts) = meter.of(|| scene.suite.app.raw_query(&request));
        match answer {
            SystemResult::Ok(ContractResult::Ok(_)) => (question.name, counts),
            other => panic!("{}: {other:?}", question.name),
        }
    };
    questions::all(scene).into_iter().map(ask).collect()
}

/// Messages that nobody can send with success by itself in the scene, and where they are carried out instead.
const IN_WALKS: &[(&str, &str)] = &[
    ("insurance_fund exit", "fund: exit"),
    ("liquidation_auction receive", "paid in a token: bid: filled"),
];

/// Messages that take more than the scene has: a bidder's contract, or orders that a lot has reached.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "vault pay_ticket",
        "the callback of a bid: bid_callback.rs of the auction",
    ),
    ("liquidation_auction match", "orders_cost_the_same_among_many"),
    (
        "liquidation_auction backstop",
        "a_backstop_costs_the_same_among_many",
    ),
    (
        "liquidation_auction claim_order",
        "orders_cost_the_same_among_many",
    ),
];

/// What a walk must have seen an `advance` do.
const DONE: &[&str] = &[
    "called",
    "sighted",
    "opened",
    "next_lot",
    "restarted",
    "escalated",
    "slept",
    "woken",
    "ended",
    "written_off",
];

#[test]
fn attack_39_no_message_costs_more_for_what_others_have() {
    let (few, many) = (among(HANDFUL), among(MANY));
    let names = |rows: &Measured| rows.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&few), names(&many), "the same must be done in both");
    for ((name, few), (_, many)) in few.iter().zip(&many) {
        assert_eq!(
            (few.reads, few.writes),
            (many.reads, many.writes),
            "{name}: {few} among a handful, {many} among many"
        );
        // Numbers have more digits among many; no list has more rows.
        let most = |few: u64| few + few / 4 + 200;
        assert!(
            many.bytes_read <= most(few.bytes_read) && many.bytes_written <= most(few.bytes_written),
            "{name}: {few} among a handful, {many} among many"
        );
    }
    let undone: Vec<_> = DONE
        .iter()
        .filter(|did| !few.iter().any(|(name, _)| name.contains(**did)))
        .collect();
    let walked: Vec<_> = few
        .iter()
        .map(|(name, _)| name)
        .filter(|name| name.contains(": "))
        .collect();
    assert!(undone.is_empty(), "nothing was {undone:?}: {walked:#?}");
    every_message_was_carried_out(&few);
}

fn every_message_was_carried_out(rows: &Measured) {
    let scene = Scene::new();
    for (contract, _, messages) in contracts(&scene) {
        let labels: BTreeSet<&str> = messages
            .iter()
            .map(|row| row.name.split(' ').next().unwrap_or_default())
            .collect();
        for label in labels {
            let name = format!("{contract} {label}");
            if ELSEWHERE.iter().any(|(message, _)| *message == name) {
                continue;
            }
            let wanted = IN_WALKS
                .iter()
                .find_map(|(message, row)| (*message == name).then_some(*row))
                .unwrap_or(&name);
            let found = rows.iter().any(|(row, _)| row.starts_with(wanted));
            assert!(found, "{name} was never carried out");
        }
    }
}

/// Placing, matching, claiming and cancelling: with one order in the slot, and with many in it after many fills.
#[test]
fn orders_cost_the_same_among_many() {
    let cost = |others: u64| {
        let meter = Meter::default();
        let mut suite = calm().code(meter.clone()).unwatched().build();
        let position = on_sale(&mut suite);
        suite.auction().set_min_order("usdc", Some(1)).unwrap();
        let (vera, keeper) = (suite.user("vera"), suite.user("keeper"));
        let pair = ("atom", "usdc");
        for nth in 0..others {
            let who = suite.user(&format!("other-{nth}"));
            suite.auction().place_order(&who, pair, 0, 50 * UNIT).unwrap();
        }
        // Fills that use all that there is, each of which ends a run, and are the first of their kind.
        for _ in 0..=others / 10 {
            suite.auction().place_order(&keeper, pair, 0, 5 * UNIT).unwrap();
            suite.elapse(6);
            suite.auction().match_orders(&keeper, position).unwrap();
        }
        suite
            .auction()
            .place_order(&keeper, pair, 0, 1_000_000 * UNIT)
            .unwrap();
        let (mine, placing) = meter.of(|| suite.auction().place_order(&vera, pair, 0, 90 * UNIT).unwrap());
        suite.elapse(6);
        let ((), matching) = meter.of(|| drop(suite.auction().match_orders(&keeper, position).unwrap()));
        let ((), claiming) = meter.of(|| drop(suite.auction().claim_order(&vera, mine).unwrap()));
        let ((), cancelling) = meter.of(|| drop(suite.auction().cancel_order(&vera, mine).unwrap()));
        [placing, matching, claiming, cancelling].map(|counts| (counts.reads, counts.writes))
    };
    assert_eq!(cost(1), cost(200));
}

/// What the fund buys, what it is told, and what a staker takes out, stakes and leaves with behind it: with one other staker and
/// one purchase before, and with many.
#[test]
fn a_backstop_costs_the_same_among_many() {
    let cost = |others: u64| {
        let meter = Meter::default();
        let mut suite = calm()
            .stake("usdc", 1_000_000 * UNIT)
            .code(meter.clone())
            .unwatched()
            .build();
        suite
            .fund()
            .set_backstop("usdc", defaults::backstop_rule())
            .unwrap();
        let (vault, keeper, staker) = (
            suite.peers.vault.clone(),
            suite.user("keeper"),
            suite.user("staker"),
        );
        for nth in 0..others {
            let who = suite.user(&format!("other-{nth}"));
            suite.give(&who, "usdc", 10 * UNIT);
            suite.fund().stake(&who, "usdc", 10 * UNIT).unwrap();
            let bought = fund::ExecuteMsg::Bought {
                asset: id("usdc"),
                shares: Uint128::one(),
                goods: Amount {
                    asset: id("atom"),
                    amount: Uint128::one(),
                },
            };
            suite.fund().execute(&vault, &bought).unwrap();
        }
        suite.fund().request_exit(&staker, "usdc", None).unwrap();
        suite.elapse(suite.ask().fund_config().unwrap().params.cooldown);
        let position = on_sale(&mut suite);
        unsold(&mut suite, position, 3);
        let ((), buying) = meter.of(|| drop(suite.auction().backstop(&keeper, position).unwrap()));
        suite.give(&staker, "usdc", UNIT);
        let ((), staking) = meter.of(|| drop(suite.fund().stake(&staker, "usdc", UNIT).unwrap()));
        let ((), claiming) = meter.of(|| drop(suite.fund().claim(&staker, "usdc", "atom").unwrap()));
        let ((), leaving) = meter.of(|| drop(suite.fund().exit(&staker, "usdc").unwrap()));
        [buying, staking, claiming, leaving].map(|counts| {
            println!("{counts}");
            (counts.reads, counts.writes)
        })
    };
    assert_eq!(cost(1), cost(200));
}

/// The most that each kind of message costs.
fn worst(rows: &Measured) -> BTreeMap<String, Counts> {
    let mut worst: BTreeMap<String, Counts> = BTreeMap::new();
    for (name, counts) in rows {
        let (_, what) = name.split_once(": ").unwrap_or(("", name));
        let entry = worst.entry(what.to_string()).or_default();
        *entry = (*entry).max(*counts);
    }
    worst
}

/// Reads and writes of one message, whatever the position: a fill that ends a pair and starts the next one comes to 90 and
/// 18.
const MOST_READS: u64 = 120;
const MOST_WRITES: u64 = 25;

/// A position of as many assets as may be: eight collaterals, of which three have fallen silent, and four debts.
#[test]
fn attack_37_the_largest_position_stays_within_bounds() {
    const COLLATERALS: [&str; 8] = ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "gold"];
    const DEBTS: [&str; 4] = ["d1", "d2", "d3", "cusd"];
    let meter = Meter::default();
    let mut builder = Suite::builder().asset(AssetSpec::gold()).asset(AssetSpec::cusd());
    for asset in &COLLATERALS[..7] {
        let spec = AssetSpec::native(asset, &format!("u{asset}"), 6, "10");
        builder = builder.asset(spec.as_collateral(defaults::MAJOR));
    }
    for asset in &DEBTS[..3] {
        let spec = AssetSpec::native(asset, &format!("u{asset}"), 6, "1");
        builder = builder.asset(spec.as_debt(Factors::ONE));
    }
    let mut suite = builder
        .each_asset(|spec| spec.calm().depth(200_000))
        .code(meter.clone())
        .unwatched()
        .build();
    let measure = metered(&meter);
    let mut walk = Walk::new(&mut suite, &measure);
    let deposits = COLLATERALS.map(|asset| {
        (
            asset,
            walk.suite
                .units(asset, if asset == "gold" { "5" } else { "1000" }),
        )
    });
    let borrows = DEBTS.map(|asset| (asset, walk.suite.units(asset, "14000")));
    let position = walk.opens(&deposits, &borrows);
    let start = Moment::of(walk.suite);
    let silent: &[&str] = &["c1", "c2", "c3"];
    for (silent, price) in [
        (silent, "7.80"),
        (silent, "7"),
        (silent, "4"),
        (&[], "7"),
        (&[], "2"),
    ] {
        start.restore(walk.suite);
        walk.silent = silent;
        walk.wait(700);
        walk.wait(6);
        let prices: Vec<(&str, &str)> = COLLATERALS[3..7].iter().map(|asset| (*asset, price)).collect();
        walk.suite.set_prices(&prices);
        walk.run(position, 2, "");
    }
    let worst = worst(&walk.rows);
    for (what, counts) in &worst {
        println!("{what:<45} {counts}");
    }
    for (what, counts) in worst {
        assert!(
            counts.reads <= MOST_READS && counts.writes <= MOST_WRITES,
            "{what}: {counts}"
        );
    }
}

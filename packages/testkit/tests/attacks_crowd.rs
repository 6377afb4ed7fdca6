//! Attacks by many and by more: 30 (sources that diverge and die), 39 (a thousand sales beside a victim), 40 (what is added
//! after a sale has opened).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use cosmwasm_std::{Addr, Decimal, Uint128};
use glidepath_interfaces::events::auction::Filled;
use glidepath_position_manager::ContractError;
use glidepath_testkit::scenes::{advance_all, calm, leveraged, on_sale, to_lot, UNIT};
use glidepath_testkit::{refused, AssetSpec, Outcome, Result, Suite};
use support::moves::lot;

// ---------------------------------------------------------------- 39

/// What the suite tells of a message, but for the number of the message.
fn told(done: &Outcome) -> Vec<String> {
    done.of_suite()
        .map(|(_, event)| format!("{:?}", event.0))
        .collect()
}

/// The victim's life from the fall on: every event of it, the attacker's thousand called, on sale and touched in between.
fn life(attackers: u64) -> Vec<String> {
    let mut suite = calm().unwatched().build();
    let victim = leveraged(&mut suite);
    let (mallory, bob) = (suite.user("mallory"), suite.user("bob"));
    let mut crowd = vec![];
    for _ in 0..attackers {
        let open = suite
            .positions()
            .open(&mallory, &[("atom", 20 * UNIT)], &[("usdc", 148 * UNIT)]);
        crowd.push(open.unwrap());
    }
    suite.set_prices(&[("atom", "9.20"), ("usdc", "1")]);
    for position in &crowd {
        suite.positions().advance_by(&mallory, *position).unwrap();
    }
    let mut events = told(&suite.positions().advance(victim).unwrap());
    suite.elapse(901);
    for position in &crowd {
        suite.positions().advance_by(&mallory, *position).unwrap();
    }
    events.extend(told(&suite.positions().advance(victim).unwrap()));
    for round in 0..40 {
        let Ok(sale) = suite.ask().sale(victim) else { break };
        let lot = sale.sale.lot.unwrap();
        suite.until(lot.start_at + 30);
        // Spam around the victim's bid: dust, lots bought, lots left.
        for position in crowd.iter().skip(round).step_by(50) {
            let _ = suite.auction().bid(&mallory, *position, 5 * UNIT);
            let _ = suite.positions().deposit(&mallory, *position, "atom", 1);
            let _ = suite.positions().advance_by(&mallory, *position);
        }
        let done = suite.auction().bid(&bob, victim, 40_000 * UNIT).unwrap();
        events.extend(told(&done));
        if let Ok(done) = suite.positions().advance(victim) {
            events.extend(told(&done));
        }
    }
    assert!(suite.ask().sale(victim).is_err(), "the victim's sale has ended");
    events.push(format!("{:?}", suite.ask().ledger(victim).unwrap()));
    events
}

/// Everything that happens to a victim happens at the same times, in the same sizes and at the same prices to the digit.
/// (That it costs the same is counted in `sizes.rs`.)
#[test]
fn attack_39_a_thousand_sales_change_no_digit_of_a_victims() {
    let alone = life(0);
    assert!(alone.len() > 20, "{} events", alone.len());
    let among = life(1_000);
    for (nth, (found, expected)) in among.iter().zip(&alone).enumerate() {
        assert_eq!(found, expected, "event {nth}");
    }
    assert_eq!(among.len(), alone.len());
}

// ---------------------------------------------------------------- 40

/// Late in a lot, when its price is low, the owner adds more of what is on sale: the lot does not grow, and what was added
/// comes to market at the top of a lot of its own.
#[test]
fn attack_40_more_of_the_same_is_no_part_of_the_running_lot() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    suite.elapse(300);
    suite.auction().bid(&bob, position, 10_000 * UNIT).unwrap();
    let before = lot(&suite, position);
    suite
        .positions()
        .deposit(&alice, position, "atom", 1_000 * UNIT)
        .unwrap();
    assert_eq!(lot(&suite, position), before);
    let done = suite.auction().bid(&bob, position, 10_000_000 * UNIT).unwrap();
    let sold: Uint128 = done.event(Filled::TYPE).unwrap().must("sold");
    assert!(sold <= before.left, "{sold} of {}", before.left);
}

/// Another asset that is added while a lot is at its deepest is not sold in that lot, and starts at the top of its own, in a
/// soft sale and in a close-out.
#[test]
fn attack_40_an_asset_that_is_added_starts_at_the_top() {
    for price in ["9.20", "8.40"] {
        let mut suite = calm().asset(AssetSpec::eth().calm().depth(200_000)).build();
        let position = leveraged(&mut suite);
        suite.set_price("atom", price);
        suite.refresh();
        suite.positions().advance(position).unwrap();
        for _ in 0..20 {
            suite.elapse(60);
            advance_all(&mut suite, position);
            if suite.ask().sale(position).is_ok() {
                break;
            }
        }
        to_lot(&mut suite, position);
        let (alice, bob) = (suite.user("alice"), suite.user("bob"));
        let late = lot(&suite, position).ends_at - 6;
        suite.until(late);
        let eth = suite.units("eth", "1");
        suite.positions().deposit(&alice, position, "eth", eth).unwrap();
        let done = suite.auction().bid(&bob, position, 10_000 * UNIT).unwrap();
        let fill = done.event(Filled::TYPE).unwrap();
        assert_eq!(fill.text("collateral"), Some("atom"));
        assert!(fill.must::<Decimal>("multiplier") < Decimal::one());
        assert_eq!(suite.ask().held(position, "eth").unwrap(), eth);
        // Whenever its turn comes, it comes from the top.
        let mut seen = false;
        for _ in 0..30 {
            let Ok(sale) = suite.ask().sale(position) else {
                break;
            };
            let Some(lot) = sale.sale.lot else { break };
            suite.until(lot.start_at);
            if sale.sale.collateral.as_str() == "eth" {
                let first = suite.ask().price_at(position, lot.start_at).unwrap();
                assert!(first.multiplier >= Decimal::one(), "{first:?} at {price}");
                seen = true;
                break;
            }
            suite.until(lot.ends_at + 1);
            advance_all(&mut suite, position);
        }
        assert!(seen, "eth had no turn at {price}");
    }
}

// ---------------------------------------------------------------- 30

/// One reporter's price as of now.
fn says(suite: &mut Suite, reporter: usize, atom: &str) -> Result<Outcome> {
    let who = suite.reporters[reporter].clone();
    suite.oracle().post(&who, "usdc", "1")?;
    suite.oracle().post(&who, "atom", atom)
}

/// Two sources whose prices differ: where both must agree the middle counts, and neither alone moves it to where he likes.
/// When one is dead nothing can be borrowed against the other's word; when both are, repaying and adding work, and the owner
/// without debt leaves.
#[test]
fn attack_30_two_sources_diverge_one_dies_both_die() {
    let mut suite = calm().reporters(2, 2).build();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(&alice, &[("atom", 1_000 * UNIT)], &[("usdc", 7_000 * UNIT)])
        .unwrap();
    suite.elapse(6);
    suite.advance_time(6);
    says(&mut suite, 0, "10").unwrap();
    says(&mut suite, 1, "30").unwrap();
    let middle = suite.ask().price("atom").unwrap();
    assert_eq!(middle.price.0.to_string(), "20");
    // The middle is new: what may be borrowed is what the old average allows.
    match refused::<ContractError>(suite.positions().borrow(&alice, position, "usdc", 1_000 * UNIT)) {
        ContractError::BelowInitialMargin { .. } | ContractError::Price(_) => {}
        other => panic!("{other}"),
    }
    suite.advance_time(6);
    says(&mut suite, 0, "10").unwrap();
    says(&mut suite, 1, "10").unwrap();

    // One is dead, the other says what he likes.
    for _ in 0..30 {
        suite.advance_time(60);
        says(&mut suite, 0, "1000").unwrap();
    }
    let record = suite.ask().price("atom").unwrap();
    assert_eq!(record.price.0.to_string(), "10");
    assert!(record.published_at + 1_700 < suite.now());
    let refusals = [
        suite.positions().borrow(&alice, position, "usdc", UNIT),
        suite.positions().withdraw(&alice, position, "atom", UNIT),
        suite.positions().advance(position),
    ];
    assert!(refusals.iter().all(Result::is_err));

    // Both are dead, for a day.
    suite.advance_time(86_400);
    let bob = suite.user("bob");
    suite
        .positions()
        .repay(&bob, position, "usdc", 1_000 * UNIT)
        .unwrap();
    suite.positions().deposit(&alice, position, "atom", UNIT).unwrap();
    assert!(suite
        .positions()
        .withdraw(&alice, position, "atom", UNIT)
        .is_err());
    leaves(&mut suite, &alice, position);
}

/// Repays all and takes all out.
fn leaves(suite: &mut Suite, who: &Addr, position: u64) {
    suite
        .positions()
        .repay(who, position, "usdc", 10_000 * UNIT)
        .unwrap();
    let held = suite.ask().held(position, "atom").unwrap();
    suite.positions().withdraw(who, position, "atom", held).unwrap();
    assert_eq!(suite.ask().held(position, "atom").unwrap(), 0);
}

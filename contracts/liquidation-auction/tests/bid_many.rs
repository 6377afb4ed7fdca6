//! `BidMany`: several sales with one payment; what can't be filled is passed over.
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
use cosmwasm_std::{Addr, Decimal256, Uint128};
use glidepath_interfaces::auction::BidItem;
use glidepath_interfaces::events::auction::{BidPassedOver, Filled, SaleEnded};
use glidepath_interfaces::events::position_manager::DistressEnded;
use glidepath_interfaces::payment::PaymentError;
use glidepath_liquidation_auction::ContractError;
use glidepath_testkit::handles::item;
use glidepath_testkit::scenes::{calm, to_lot, UNIT};
use glidepath_testkit::{AssetSpec, Outcome, Suite};

/// Three positions on sale at the same second, and one that is healthy, whose owners are not the bidder.
fn on_sale() -> (Suite, Vec<u64>, Addr) {
    let mut suite = calm().build();
    let positions: Vec<u64> = ["alice", "anna", "amir", "safe"]
        .into_iter()
        .map(|who| {
            let owner = suite.user(who);
            let owed = if who == "safe" { 100_000 } else { 740_000 };
            suite
                .positions()
                .open(&owner, &[("atom", 100_000 * UNIT)], &[("usdc", owed * UNIT)])
                .unwrap()
        })
        .collect();
    suite.set_price("atom", "9.20");
    for position in &positions[..3] {
        suite.positions().advance(*position).unwrap();
    }
    suite.elapse(901);
    for position in &positions[..3] {
        suite.positions().advance(*position).unwrap();
    }
    to_lot(&mut suite, positions[0]);
    let bob = suite.user("bob");
    (suite, positions, bob)
}

fn filled(done: &Outcome) -> Vec<(u64, u128)> {
    done.all(Filled::TYPE)
        .map(|event| (event.must("position"), event.must::<Uint128>("paid").u128()))
        .collect()
}

fn passed_over(done: &Outcome) -> Vec<u64> {
    done.all(BidPassedOver::TYPE)
        .map(|event| event.must("position"))
        .collect()
}

#[test]
fn several_lots_are_what_each_of_them_would_be_alone() {
    let (mut suite, positions, bob) = on_sale();
    let (mut single, ..) = on_sale();
    let each = 924_600_000;
    let items = positions[..3].iter().map(|position| BidItem {
        max_pay: Some(each.into()),
        ..item(*position)
    });
    suite.give(&bob, "usdc", 4 * each);
    let done = suite
        .auction()
        .bid_many(&bob, items.collect(), "usdc", 4 * each)
        .unwrap();
    assert_eq!(
        filled(&done),
        positions[..3].iter().map(|p| (*p, each)).collect::<Vec<_>>()
    );
    assert_eq!(suite.balance(&bob, "usdc"), each, "the rest came back");
    assert_eq!(suite.balance(&bob, "atom"), 300_000_000);
    for position in &positions[..3] {
        single.auction().bid(&bob, *position, each).unwrap();
        assert_eq!(sale(&suite, *position), sale(&single, *position));
        assert_eq!(
            suite.ask().ledger(*position).unwrap(),
            single.ask().ledger(*position).unwrap()
        );
    }
    assert_eq!(
        suite.ask().market("usdc").unwrap(),
        single.ask().market("usdc").unwrap()
    );
}

#[test]
fn what_is_left_of_the_payment_is_for_the_next() {
    let (mut suite, positions, bob) = on_sale();
    // A lot costs a little more than 100,000.
    let pay = 150_000 * UNIT;
    suite.give(&bob, "usdc", pay);
    let items = positions[..2].iter().map(|position| item(*position)).collect();
    let done = suite.auction().bid_many(&bob, items, "usdc", pay).unwrap();
    let paid = filled(&done);
    assert!(
        paid[0].1 > 100_000 * UNIT && paid[1].1 < 50_000 * UNIT,
        "{paid:?}"
    );
    assert_eq!(suite.balance(&bob, "usdc"), pay - paid[0].1 - paid[1].1);
}

#[test]
fn one_that_can_not_be_filled_does_not_undo_the_others() {
    let (mut suite, positions, bob) = on_sale();
    let dear = BidItem {
        max_price: Decimal256::from_ratio(9u128, 1u128),
        ..item(positions[1])
    };
    let greedy = BidItem {
        min_received: Some(Uint128::MAX),
        ..item(positions[2])
    };
    let items = vec![item(999), dear, item(positions[3]), item(positions[0]), greedy];
    let pay = 10_000 * UNIT;
    suite.give(&bob, "usdc", 2 * pay);
    let mut items = items;
    items[3].max_pay = Some(pay.into());
    let done = suite.auction().bid_many(&bob, items, "usdc", 2 * pay).unwrap();
    assert_eq!(filled(&done), [(positions[0], pay)]);
    assert_eq!(
        passed_over(&done),
        [999, positions[1], positions[3], positions[2]]
    );
    let reasons: Vec<_> = done
        .all(BidPassedOver::TYPE)
        .map(|event| event.text("reason").unwrap().to_string())
        .collect();
    assert!(
        reasons[0].contains("nothing of position 999 is on sale"),
        "{reasons:?}"
    );
    assert!(reasons[1].contains("the bid is for at most 9"), "{reasons:?}");
    assert_eq!(suite.balance(&bob, "usdc"), pay);
}

#[test]
fn where_none_can_be_filled_the_message_fails_with_the_first_reason() {
    let (mut suite, positions, bob) = on_sale();
    suite.give(&bob, "usdc", 100);
    let items = vec![item(999), item(positions[3])];
    let refused: ContractError = error(suite.auction().bid_many(&bob, items, "usdc", 100));
    assert_eq!(refused, ContractError::NoSale { position: 999 });
    assert_eq!(suite.balance(&bob, "usdc"), 100);
}

#[test]
fn attack_07_no_position_twice_none_and_not_too_many() {
    let (mut suite, positions, bob) = on_sale();
    suite.give(&bob, "usdc", 100 * UNIT);
    let mut bids =
        |items| -> ContractError { error(suite.auction().bid_many(&bob, items, "usdc", 100 * UNIT)) };
    assert_eq!(
        bids(vec![item(positions[0]), item(positions[0])]),
        ContractError::BidTwice {
            position: positions[0]
        }
    );
    assert_eq!(bids(vec![]), ContractError::BadNumber { bids: 0, max: 64 });
    let many = (0..65).map(item).collect();
    assert_eq!(bids(many), ContractError::BadNumber { bids: 65, max: 64 });
}

#[test]
fn ends_several_sales_at_once() {
    let (mut suite, positions, bob) = on_sale();
    suite.vault().fund_bids(&bob, "usdc", 9_000_000 * UNIT).unwrap();
    let mut ended = 0;
    for _ in 0..20 {
        let running: Vec<u64> = positions
            .iter()
            .copied()
            .filter(|position| suite.ask().sale(*position).is_ok())
            .collect();
        let Some(first) = running.first() else { break };
        to_lot(&mut suite, *first);
        let items = running.iter().map(|position| item(*position)).collect();
        let done = suite
            .auction()
            .bid_many_from_account(&bob, items, "usdc", 3_000_000 * UNIT)
            .unwrap();
        assert_eq!(passed_over(&done), [0u64; 0]);
        ended += done.all(SaleEnded::TYPE).count();
        assert_eq!(
            done.all(SaleEnded::TYPE).count(),
            done.all(DistressEnded::TYPE).count()
        );
    }
    assert_eq!(ended, 3);
    let bought: u128 = positions[..3]
        .iter()
        .map(|position| 100_000 * UNIT - suite.ask().held(*position, "atom").unwrap())
        .sum();
    assert_eq!(suite.ask().account(&bob, "atom").unwrap(), bought);
}

#[test]
fn a_payment_is_in_one_asset_and_sales_of_others_are_passed_over() {
    let mut suite = calm().asset(AssetSpec::cusd().calm().no_interest()).build();
    let alice = suite.user("alice");
    let open = |suite: &mut Suite, debt: &str| {
        let owed = suite.units(debt, "740000");
        suite
            .positions()
            .open(&alice, &[("atom", 100_000 * UNIT)], &[(debt, owed)])
            .unwrap()
    };
    let positions = [open(&mut suite, "usdc"), open(&mut suite, "cusd")];
    suite.set_price("atom", "9.20");
    for position in positions {
        suite.positions().advance(position).unwrap();
    }
    suite.elapse(901);
    for position in positions {
        suite.positions().advance(position).unwrap();
    }
    to_lot(&mut suite, positions[0]);
    let bob = suite.user("bob");
    for (asset, good) in [("usdc", 0), ("cusd", 1)] {
        let pay = suite.units(asset, "1000");
        suite.give(&bob, asset, pay);
        let items = positions.iter().map(|position| item(*position)).collect();
        let done = suite.auction().bid_many(&bob, items, asset, pay).unwrap();
        assert_eq!(filled(&done), [(positions[good], pay)]);
        assert_eq!(passed_over(&done), [positions[1 - good]]);
    }
}

#[test]
fn of_nothing_is_refused() {
    let (mut suite, positions, bob) = on_sale();
    let refused: ContractError = error(suite.auction().bid_many_from_account(
        &bob,
        vec![item(positions[0])],
        "usdc",
        0,
    ));
    assert_eq!(refused, ContractError::Payment(PaymentError::ZeroAmount {}));
}

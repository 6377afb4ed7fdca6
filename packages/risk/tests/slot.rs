//! A slot of standing orders against a model that keeps each order by itself.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

#[path = "slot/book.rs"]
mod book;
#[path = "slot/exact.rs"]
mod exact;
#[path = "slot/examples.rs"]
mod examples;
mod model;

use book::{e, uint, Kept};
use cosmwasm_std::{Uint128, Uint256};
use exact::{amount, step, Exact, Step, World};
use glidepath_risk::slot::{Ended, Mark, Order, Slot, ONE};
use model::{cases, floor, int, ten, units};
use proptest::prelude::*;

/// A unit at a time of 10³⁰, ten thousand times: the product is rounded down each time.
#[test]
fn ten_thousand_fills_of_a_unit() {
    let mut world = World::new();
    for amount in [e(30) - 3, e(18), 7, 1] {
        world.place(amount);
    }
    world.book.height += 1;
    for n in 0..10_000 {
        world.fill(1, n % 3 * e(6));
    }
    assert_eq!(world.book.slot.run, 0);
    world.check();
    while !world.orders.is_empty() {
        world.cancel(0);
    }
    let (funds, gained) = world.book.held();
    // Each is rounded down once, and all the fills before lost less than a unit.
    assert!(funds <= 4 && gained <= 4, "{funds} and {gained} left");
}

/// A fortieth at a time with new orders now and then: the product goes through several steps, and the oldest orders out of
/// sight.
#[test]
fn four_thousand_fills_of_a_fortieth() {
    let mut world = World::new();
    for n in 0..4_000u32 {
        if n % 500 == 0 {
            world.place(e(24));
            world.place(e(9) + u128::from(n));
        }
        world.book.height += 1;
        let active = world.book.slot.active(world.book.height).unwrap().u128();
        let paid = (active / 40).max(1).min(active);
        if active > 0 {
            world.fill(paid, paid / 3);
        }
        if n % 250 == 0 {
            world.check();
        }
        if n % 1_000 == 999 {
            world.claim(1);
        }
    }
    assert!(world.book.slot.run >= 4, "{}", world.book.slot.run);
    while !world.orders.is_empty() {
        world.cancel(0);
    }
    let (funds, gained) = world.book.held();
    // A unit or three for each, and what 10⁻¹⁸ of them could buy.
    let gone = floor(&(world.placed / ten(18)));
    assert!(
        funds <= world.left.into() && gained <= gone / 3 + 3 * u128::from(world.left),
        "{funds} and {gained} left"
    );
}

proptest! {
    #![proptest_config(cases("proptest-regressions/slot.txt"))]

    /// Every step checks each order against the model, and all of them together against what the slot holds.
    #[test]
    fn no_order_of_steps_pays_out_more_than_there_is(steps in prop::collection::vec(step(), 1..60)) {
        let mut world = World::new();
        for step in &steps {
            world.take(step);
        }
        while !world.orders.is_empty() {
            world.cancel(world.orders.len() - 1);
            world.check();
        }
        // What is left is the model's to the last digit; of funds, a unit for each who left or claimed and next to nothing.
        let (funds, _) = world.book.held();
        prop_assert!(int(funds) <= int(world.left) + world.placed * int(2) / ten(18), "{} left", funds);
    }

    /// At prices of a real market, an order is short by less than 10⁻¹⁵ of what it had and three units.
    #[test]
    fn a_share_is_exact_to_15_digits(
        amounts in prop::collection::vec(e(6)..e(26), 1..5),
        fills in prop::collection::vec((1u32..1_000_000, 0usize..3, 900u128..1_100), 1..20),
        decimals in 0u32..13,
    ) {
        let mut world = World::new();
        for (n, (part, refill, permille)) in fills.into_iter().enumerate() {
            for amount in amounts.iter().take(if n == 0 { 9 } else { refill }) {
                world.place(*amount);
            }
            world.book.height += 1;
            let active = world.book.slot.active(world.book.height).unwrap();
            let paid = active.multiply_ratio(part, 1_000_000u32).max(Uint128::one()).min(active);
            if !active.is_zero() {
                let bought = paid.multiply_ratio(permille, 1_000 * e(decimals));
                world.fill(paid.u128(), bought.u128());
            }
        }
        world.check();
        for exact in &world.orders {
            let (funds, gained) = world.book.share(&exact.order);
            let amount = units(exact.order.amount);
            prop_assert!(&exact.funds - int(funds) < &amount / ten(15) + int(1));
            prop_assert!(&exact.gained - int(gained) < &exact.gained / ten(15) + int(3));
        }
    }

    /// Whoever comes as two has no more than as one, and no less but for rounding.
    #[test]
    fn a_split_order_gains_nothing(
        one in amount(),
        other in amount(),
        before in prop::collection::vec(step(), 0..20),
        after in prop::collection::vec(step(), 1..30),
    ) {
        let mut world = World::new();
        for step in &before {
            world.take(step);
        }
        let mut split = world.book.clone();
        let parts = [split.place(one), split.place(other)];
        let whole = world.book.place(one + other);
        prop_assert_eq!(&world.book.slot, &split.slot);
        world.placed += int(one + other);
        world.orders.push(Exact::new(whole));
        for step in &after {
            // None leaves: it might be this one.
            match step {
                Step::Cancel(_) | Step::Claim(_) => {}
                step => world.take(step),
            }
            let alone = world.book.share(&whole);
            let [first, second] = parts.map(|part| world.book.share(&part));
            let (funds, gained) = (first.0 + second.0, first.1 + second.1);
            prop_assert!(funds <= alone.0 && alone.0 <= funds + 1);
            prop_assert!(gained <= alone.1 && alone.1 <= gained + 3);
        }
    }

    /// Any figures, of no slot that could be: an answer or an error, never a panic.
    #[test]
    fn no_figures_panic(
        funds in any::<[u128; 3]>(),
        product in any::<u128>(),
        heights in any::<[u64; 3]>(),
        runs in prop::array::uniform2(prop_oneof![4 => 0u64..4, 1 => Just(u64::MAX)]),
        mark in any::<(u128, [u128; 2])>(),
        sums in any::<[[u128; 2]; 4]>(),
        steps in any::<[Option<u8>; 3]>(),
        amounts in any::<[u128; 3]>(),
    ) {
        let wide = |[high, low]: [u128; 2]| Uint256::from(high >> 8) * Uint256::from(ONE) + Uint256::from(low);
        let mut slot = Slot {
            funds: uint(funds[0]),
            pending: uint(funds[1]),
            pending_at: heights[0],
            gained: uint(funds[2]),
            run: runs[0],
            product: uint(product),
            sum: wide(sums[3]),
        };
        let mark = Mark { run: runs[1], product: uint(mark.0), sum: wide(mark.1) };
        let mut order = Order { amount: uint(amounts[0]), placed_at: heights[1], mark };
        let ended = (0u64..).zip(sums.iter().zip(steps)).map(|(run, (sum, steps))| (run, Ended { sum: wide(*sum), steps }));
        let kept = Kept { ended: ended.collect(), ..Kept::default() };
        let height = heights[2];
        let _ = order.share(&slot, &kept, height);
        let _ = slot.place(uint(amounts[1]), height);
        let _ = slot.fill(uint(amounts[1]), uint(amounts[2]), height);
        let _ = slot.claim(&mut order, &kept, height);
        let _ = slot.cancel(&order, &kept, height);
    }
}

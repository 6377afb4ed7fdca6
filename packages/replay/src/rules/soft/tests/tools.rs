//! Standing orders and bidders without capital, as keepers see and use them, against the contracts.

use super::super::units::from_units;
use super::*;
use crate::figures::Tools;
use crate::rules::{Buyer, Stage};

/// The stretch of the crash with tools beside the keepers.
fn with_tools(positions: u32, overhang: f64, holders_depths: f64, flash_bidders: u32) -> Scene {
    scene(positions, overhang).with_tools(Tools {
        holders_depths,
        flash_bidders,
        glide_share: 0.0,
    })
}

fn fills(outcome: &Outcome) -> impl Iterator<Item = (Time, &crate::rules::Fill)> {
    outcome.log.iter().filter_map(|entry| match &entry.event {
        Event::Fill(fill) => Some((entry.time, fill)),
        _ => None,
    })
}

/// USD paid out of each slot.
fn paid_by_slots(outcome: &Outcome) -> [f64; 16] {
    let mut paid = [0.0; 16];
    for (_, fill) in fills(outcome) {
        if let Buyer::Orders { slot } = fill.buyer {
            paid[usize::from(slot)] += fill.paid;
        }
    }
    paid
}

/// Slots and what is in them, what a match pays, and who comes first: `Held` asks the contracts each time.
#[test]
fn keepers_see_orders_as_the_contracts_have_them() {
    let scene = with_tools(24, 6.0, 1.5, 2);
    let (held, outcome) = held(&scene);
    assert!(
        held.in_front.get() > 10,
        "orders were in front {:?} times",
        held.in_front
    );
    assert!(held.matches > 10, "only {} matches", held.matches);
    assert_eq!(held.refused, 0, "bids or matches were refused");
    let by = |which: fn(Buyer) -> bool| fills(&outcome).filter(|(_, fill)| which(fill.buyer)).count();
    let kinds = [
        by(|buyer| buyer == Buyer::Keeper),
        by(|buyer| buyer == Buyer::Callback),
        by(|buyer| matches!(buyer, Buyer::Orders { .. })),
    ];
    assert!(kinds.iter().all(|count| *count > 5), "{kinds:?}");
}

/// Keepers for whom no match pays: they meet orders only in front of their bids, up to as many slots as a bid serves, and
/// match first where there are more. Nobody buys before orders that pay as much.
#[test]
fn orders_come_first_when_no_match_pays() {
    let mut scene = with_tools(24, 6.0, 1.0, 3);
    scene.config.bidders.min_match_usd = 1e9;
    // Slots above par, too, which each lot has reached when it starts.
    scene.config.holders.first_discount = -0.02;
    let (held, outcome) = held(&scene);
    assert_eq!(held.matches, 0, "keepers matched for nothing");
    let holders = &scene.config.holders;
    let mut funds = [0.0; 16];
    for slot in holders.slots() {
        funds[usize::from(slot)] = holders.usd_a_slot(&scene.assets[0]);
    }
    let (mut orders, mut most_at_once) = (0, 0);
    let mut last = None;
    for (time, fill) in fills(&outcome) {
        match fill.buyer {
            Buyer::Orders { slot } => {
                orders += 1;
                let pays = 1.025 - 0.005 * f64::from(slot);
                assert!((1.0 - fill.discount - pays).abs() < 1e-9, "{fill:?}");
                funds[usize::from(slot)] -= fill.paid;
                let same = last.is_some_and(|(at, of, _)| (at, of) == (time, fill.position));
                let count = if same {
                    last.map_or(0, |(_, _, count)| count) + 1
                } else {
                    1
                };
                most_at_once = most_at_once.max(count);
                last = Some((time, fill.position, count));
            }
            _ => {
                let better = (0..16u8).filter(|slot| {
                    let pays = 1.025 - 0.005 * f64::from(*slot);
                    pays >= 1.0 - fill.discount + 1e-9
                        && funds[usize::from(*slot)] > scene.config.risk.min_fill_usd * 1.1
                });
                assert_eq!(
                    better.count(),
                    0,
                    "orders paid more: {funds:?} at {time}, {fill:?}"
                );
            }
        }
    }
    assert!(orders > 10, "only {orders} fills of orders");
    assert!(
        most_at_once > 2,
        "never more than {most_at_once} slots were in front of a bid"
    );
}

/// What the log says that orders bought is what their owners take out, and what it says is left is what they get back.
#[test]
fn holders_take_out_what_their_orders_bought() {
    let scene = with_tools(24, 6.0, 1.0, 0);
    let (held, outcome) = held(&scene);
    let mut soft = held.soft.into_inner();
    let paid = paid_by_slots(&outcome);
    let (mut slots_used, mut bought, mut back) = (0, 0.0, 0.0);
    for slot in scene.config.holders.slots() {
        let owner = soft.suite.user(&super::super::orders::holder_name(slot));
        let [order] = &soft.suite.ask().orders(&owner, None, None).unwrap()[..] else {
            panic!("slot {slot} has one order")
        };
        let order = order.order;
        let placed = scene.config.holders.usd_a_slot(&scene.assets[0]);
        soft.suite.auction().cancel_order(&owner, order).unwrap();
        let left = from_units(soft.suite.balance(&owner, DEBT).into(), DEBT_DECIMALS);
        let expected = placed - paid[usize::from(slot)];
        assert!(
            (left - expected).abs() < 0.01,
            "slot {slot}: {left} back, expected {expected}"
        );
        let decimals = scene.assets[0].decimals;
        bought += from_units(soft.suite.balance(&owner, "coll").into(), decimals);
        back += left;
        slots_used += u32::from(paid[usize::from(slot)] > 0.0);
    }
    let to_orders = fills(&outcome).filter(|(_, fill)| matches!(fill.buyer, Buyer::Orders { .. }));
    let sold: f64 = to_orders.map(|(_, fill)| fill.sold).sum();
    assert!(slots_used > 2, "only {slots_used} slots bought");
    assert!(
        (bought - sold).abs() < 1e-5,
        "{bought} were taken out, {sold} were sold to orders"
    );
    assert!(
        (back + paid.iter().sum::<f64>() - 1e6).abs() < 1.0,
        "{back} came back"
    );
}

/// The collateral is gone, the ticket is paid, and no keeper without capital ever paid a coin of his own.
#[test]
fn bidders_without_capital_pay_from_what_they_sold() {
    let mut scene = with_tools(14, 3.0, 0.0, 2);
    let count = scene.keepers.len();
    let (held, outcome) = held(&scene);
    let soft = held.soft.into_inner();
    let callbacks: Vec<_> = fills(&outcome)
        .filter(|(_, fill)| fill.buyer == Buyer::Callback)
        .collect();
    assert!(callbacks.len() > 5, "only {} callbacks", callbacks.len());
    for keeper in count - 2..count {
        let own = soft
            .suite
            .balance(&soft.suite.user(&setup::keeper_name(keeper)), DEBT);
        assert_eq!(own, to_units(setup::PURSE_USD, DEBT_DECIMALS));
    }
    let flash = soft.flash.as_ref().unwrap();
    let of_contracts = flash.addresses().map(|contract| {
        assert_eq!(
            soft.suite.balance(contract, "coll"),
            0,
            "a contract kept collateral"
        );
        soft.suite.balance(contract, DEBT)
    });
    assert!(of_contracts.sum::<u128>() > 10_000_000, "nothing was earned");
    // Alone, they are the only ones who buy.
    scene.keepers.retain(crate::bidders::Keeper::sells_at_once);
    let outcome = super::held(&scene).1;
    assert!(fills(&outcome).all(|(_, fill)| fill.buyer == Buyer::Callback));
}

/// A collateral of 18 decimals and a cw20 token go through callbacks and slots as native coins do.
#[test]
fn tools_take_any_token() {
    for (decimals, cw20) in [(18, false), (6, true)] {
        let mut scene = with_tools(14, 3.0, 0.5, 2);
        let mut config = scene.config.clone();
        (config.risk.decimals, config.risk.cw20) = (decimals, cw20);
        scene = Scene::new(config, 1, scene.path, Vec::new());
        let (held, outcome) = held(&scene);
        assert_eq!(held.refused, 0, "bids were refused");
        let has = |which: fn(Buyer) -> bool| fills(&outcome).any(|(_, fill)| which(fill.buyer));
        assert!(has(|buyer| buyer == Buyer::Callback) && has(|buyer| matches!(buyer, Buyer::Orders { .. })));
    }
}

/// Owners who are sold in time: keepers see their lots as the contracts have them, some are forced further, and nobody is late.
#[test]
fn keepers_see_what_owners_ask_for_as_the_contracts_have_it() {
    let mut scene = scene(24, 6.0);
    scene.config.owners.glide_trigger = 1.03;
    let scene = scene.with_tools(Tools {
        glide_share: 1.0,
        ..Tools::default()
    });
    assert!(scene.glides.len() > 10, "{:?}", scene.glides);
    let (held, outcome) = held(&scene);
    assert!(
        held.quotes.get() > 150,
        "only {} quotes were compared",
        held.quotes.get()
    );
    assert_eq!(held.refused, 0, "bids were refused");
    let of_stage = |stage| fills(&outcome).filter(|(_, fill)| fill.stage == stage).count();
    assert!(of_stage(Stage::Asked) > 10, "{} fills", of_stage(Stage::Asked));
    assert!(of_stage(Stage::Soft) > 0, "none was forced");
    let asked = count(&outcome, |event| matches!(event, Event::Asked { .. }));
    assert!(asked > 5, "only {asked} sales that were asked for");
    for (_, fill) in fills(&outcome).filter(|(_, fill)| fill.stage == Stage::Asked) {
        assert!(fill.health_after.is_none_or(|after| after > fill.health_before));
        assert!(fill.penalty <= fill.repaid * 0.000_501);
    }
}

//! `SetOrder`: what an owner asks for, and the sale of his own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{advance, buy_all, dec, did, stage, why, UNIT};
use cosmwasm_std::{Addr, Decimal};
use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::auction::Mode;
use glidepath_interfaces::events::auction::{Filled, LotStarted, SaleEnded};
use glidepath_interfaces::events::position_manager::{DistressEnded, OrderSet};
use glidepath_interfaces::events::vault::{KeeperCredited, Settled};
use glidepath_interfaces::oracle::StopKind;
use glidepath_interfaces::position_manager::{
    AskedSale, ExecuteMsg, Goal, OwnerOrder, Refusal, SellableResponse, Stage,
};
use glidepath_position_manager::ContractError;
use glidepath_testkit::scenes::glide_path;
use glidepath_testkit::{id, refused, scenes, Outcome, Result, Suite};

fn set(suite: &mut Suite, position: u64, order: OwnerOrder) -> Result<Outcome> {
    let alice = suite.user("alice");
    suite.positions().set_order(&alice, position, order)
}

/// Sells down to so many `atom`, once.
fn unwind(atoms: u128) -> OwnerOrder {
    OwnerOrder {
        sell_order: vec![],
        sale: Some(AskedSale {
            trigger: None,
            goal: Goal::Keep(Amount {
                asset: id("atom"),
                amount: (atoms * UNIT).into(),
            }),
            max_discount: Decimal::percent(2),
        }),
    }
}

fn changed(order: OwnerOrder, change: impl FnOnce(&mut AskedSale)) -> OwnerOrder {
    let mut order = order;
    change(order.sale.as_mut().unwrap());
    order
}

fn reason(outcome: &Outcome) -> String {
    outcome.event(SaleEnded::TYPE).unwrap().must("reason")
}

/// Buys until its sale ends; each fill raises health.
fn sell_out(suite: &mut Suite, position: u64) -> (u32, Outcome) {
    let mut fills = 0;
    loop {
        scenes::to_lot(suite, position);
        let before = scenes::health(suite, position);
        let done = buy_all(suite, position);
        fills += 1;
        let after = suite.ask().health(position).unwrap();
        assert!(
            after.is_none_or(|after| after > before),
            "health falls to {after:?}"
        );
        if done.has(SaleEnded::TYPE) {
            return (fills, done);
        }
        assert!(fills < 20);
    }
}

#[test]
fn a_glide_path_sells_below_its_trigger_until_its_goal() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let done = set(&mut suite, position, glide_path()).unwrap();
    let told = done.event(OrderSet::TYPE).unwrap();
    assert_eq!(
        (
            told.text("trigger"),
            told.text("target"),
            told.text("max_discount")
        ),
        (Some("1.05"), Some("1"), Some("0.04"))
    );
    assert_eq!(suite.ask().owner_order(position).unwrap().order, glide_path());
    suite.elapse(1);
    assert!(matches!(
        why(suite.positions().advance(position)),
        ContractError::NothingToAdvance { .. }
    ));

    // Above maintenance and below the trigger anybody may start it.
    suite.set_price("atom", "9.40");
    assert!(scenes::health(&suite, position) > dec("1.01"));
    let bob = suite.user("bob");
    let done = suite.positions().advance_by(&bob, position).unwrap();
    assert_eq!(did(&done), "opened");
    assert_eq!(
        stage(&suite, position),
        Stage::Selling {
            mode: Mode::Asked,
            asleep: false
        }
    );
    let ledger = suite.ask().ledger(position).unwrap().ledger;
    assert!(ledger.sale.is_some());
    assert_eq!(
        ledger.surcharge_rate,
        Decimal::zero(),
        "nobody pays for acting in time"
    );
    let sale = suite.ask().sale(position).unwrap();
    assert_eq!((sale.sale.mode, sale.sale.target), (Mode::Asked, Decimal::one()));
    assert_eq!(sale.sale.penalty, dec("0.0005"));
    assert_eq!(suite.ask().distressed(None, 10).unwrap().len(), 1);

    let (fills, last) = sell_out(&mut suite, position);
    assert!(fills > 1, "lot by lot");
    assert_eq!(reason(&last), "target_met");
    let filled = last.event(Filled::TYPE).unwrap();
    let (repaid, penalty) = (filled.must::<u128>("repaid"), filled.must::<u128>("penalty"));
    assert!(penalty * 2_000 <= repaid && (penalty + 1) * 2_000 > repaid - 2_000);
    let health = suite.ask().position(position).unwrap().health;
    assert!(health.target.unwrap() >= Decimal::one());
    assert!(health.target.unwrap() < dec("1.000001"));
    // Who started it earned all of the keepers' part.
    assert!(last
        .all(KeeperCredited::TYPE)
        .all(|event| event.text("keeper") == Some(bob.as_str())));
    assert!(suite.ask().account(&bob, "usdc").unwrap() > 0);
    assert!(suite.ask().distressed(None, 10).unwrap().is_empty());

    // The path stays: it is there for the next fall.
    assert!(matches!(
        why(suite.positions().advance(position)),
        ContractError::NothingToAdvance { .. }
    ));
    suite.set_price("atom", "9.20");
    assert!(scenes::health(&suite, position) > dec("1.04"));
    assert_eq!(advance(&mut suite, position), "opened");
    assert_eq!(suite.ask().sale(position).unwrap().sale.mode, Mode::Asked);
}

#[test]
fn an_order_is_in_force_from_the_next_second_on() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    suite.set_price("atom", "9.60");
    set(&mut suite, position, glide_path()).unwrap();
    assert!(matches!(
        why(suite.positions().advance(position)),
        ContractError::NothingToAdvance { .. }
    ));
    suite.elapse(1);
    assert_eq!(advance(&mut suite, position), "opened");
}

#[test]
fn an_unwind_sells_down_to_what_is_kept_and_is_used_up() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    set(&mut suite, position, unwind(70_000)).unwrap();
    suite.elapse(1);
    suite.refresh();
    assert_eq!(advance(&mut suite, position), "opened");
    let offer = suite.ask().position(position).unwrap().sellable.unwrap();
    assert_eq!(offer.amount.u128(), 30_000 * UNIT);
    let mut sold = 0;
    let mut last = None;
    for _ in 0..20 {
        scenes::to_lot(&mut suite, position);
        let before = scenes::health(&suite, position);
        let done = buy_all(&mut suite, position);
        assert!(scenes::health(&suite, position) > before);
        sold += done.event(Settled::TYPE).unwrap().must::<u128>("sold");
        let over = done.has(SaleEnded::TYPE);
        last = Some(done);
        if over {
            break;
        }
    }
    assert_eq!(reason(&last.unwrap()), "target_met");
    assert_eq!(sold, 30_000 * UNIT);
    assert_eq!(suite.ask().held(position, "atom").unwrap(), 70_000 * UNIT);
    assert_eq!(suite.ask().owner_order(position).unwrap().order.sale, None);
    // What comes in later is not sold.
    let alice = suite.user("alice");
    suite
        .positions()
        .deposit(&alice, position, "atom", 1_000 * UNIT)
        .unwrap();
    suite.elapse(10);
    suite.refresh();
    assert!(matches!(
        why(suite.positions().advance(position)),
        ContractError::NothingToAdvance { .. }
    ));
}

#[test]
fn an_unwind_of_more_than_the_debt_ends_with_the_debt() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    set(&mut suite, position, unwind(0)).unwrap();
    suite.elapse(1);
    suite.refresh();
    assert_eq!(advance(&mut suite, position), "opened");
    let (_, last) = sell_out(&mut suite, position);
    assert_eq!(reason(&last), "target_met");
    assert_eq!(suite.ask().owed(position, "usdc").unwrap(), 0);
    let left = suite.ask().held(position, "atom").unwrap();
    // $740,000 at the premium of .5 % and down to a few lots later; 26,000 are left of 100,000.
    assert!((25_000 * UNIT..27_500 * UNIT).contains(&left), "{left}");
    assert_eq!(stage(&suite, position), Stage::Healthy {});
}

#[test]
fn what_is_withdrawn_is_sold_in_its_second_and_not_after_it() {
    let mut suite = scenes::calm().build();
    let position = scenes::gliding(&mut suite);
    set(&mut suite, position, OwnerOrder::default()).unwrap();
    // A bid that is under way finds what it was made for.
    let bob = suite.user("bob");
    suite.auction().bid(&bob, position, 1_000 * UNIT).unwrap();
    suite.elapse(1);
    suite.refresh();
    assert_eq!(
        suite.ask().sellable(position, Decimal::one(), None).unwrap(),
        SellableResponse::Refused(Refusal::NoSale {})
    );
    assert!(suite.auction().bid(&bob, position, 1_000 * UNIT).is_err());
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(
        (did(&done).as_str(), reason(&done).as_str()),
        ("ended", "withdrawn")
    );
    assert_eq!(
        done.event(DistressEnded::TYPE).unwrap().text("reason"),
        Some("withdrawn")
    );
    assert_eq!(suite.ask().ledger(position).unwrap().ledger.sale, None);
    assert_eq!(stage(&suite, position), Stage::Restricted {});
    assert!(matches!(
        why(suite.positions().advance(position)),
        ContractError::NothingToAdvance { .. }
    ));
}

#[test]
fn another_order_ends_the_sale_and_the_same_said_again_does_not() {
    let mut suite = scenes::calm().build();
    let position = scenes::gliding(&mut suite);
    let since = suite.ask().owner_order(position).unwrap().since;
    set(&mut suite, position, glide_path()).unwrap();
    assert_eq!(suite.ask().owner_order(position).unwrap().since, since);
    suite.elapse(1);
    suite.refresh();
    let tighter = changed(glide_path(), |sale| sale.max_discount = Decimal::percent(1));
    set(&mut suite, position, tighter).unwrap();
    suite.elapse(1);
    suite.refresh();
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(reason(&done), "withdrawn");
    assert_eq!(advance(&mut suite, position), "opened");
    let terms = suite.ask().sale(position).unwrap().terms.terms;
    assert_eq!(terms.asked.curve.floor(), Decimal::percent(1));
}

#[test]
fn nothing_is_sold_below_the_discount_that_the_owner_gives() {
    let mut suite = scenes::calm().build();
    let alice = suite.user("alice");
    let position = scenes::leveraged(&mut suite);
    let narrow = changed(glide_path(), |sale| sale.max_discount = Decimal::permille(5));
    suite.positions().set_order(&alice, position, narrow).unwrap();
    suite.elapse(1);
    suite.set_price("atom", "9.60");
    let done = suite.positions().advance(position).unwrap();
    let started = done.event(LotStarted::TYPE).unwrap();
    assert_eq!(started.must::<Decimal>("to"), dec("0.995"));
    let (from, until) = (started.must::<u64>("start_at"), started.must::<u64>("ends_at"));
    // From +.5 % to −.5 % as fast as from +.5 % to −6 %: 450 s · 1/6.5.
    assert_eq!(until - from, 70);
    suite.until(until);
    suite.refresh();
    let done = buy_all(&mut suite, position);
    let filled = done.event(Filled::TYPE).unwrap();
    let (paid, sold) = (filled.must::<u128>("paid"), filled.must::<u128>("sold"));
    assert!(paid * 1_000 >= sold * 9_552, "{paid} for {sold}");
}

#[test]
fn below_maintenance_a_forced_sale_replaces_it_at_once() {
    let mut suite = scenes::calm().build();
    let position = scenes::gliding(&mut suite);
    let starter = suite.user("keeper");
    buy_all(&mut suite, position);
    suite.elapse(30);
    suite.set_price("atom", "8.80");
    assert!(scenes::health(&suite, position) < Decimal::one());
    let bob = suite.user("bob");
    let done = suite.positions().advance_by(&bob, position).unwrap();
    assert_eq!(did(&done), "forced");
    assert_eq!(done.event(LotStarted::TYPE).unwrap().text("cause"), Some("force"));
    let sale = suite.ask().sale(position).unwrap().sale;
    assert_eq!(
        (sale.mode, sale.target, sale.penalty),
        (Mode::Soft, Decimal::one(), Decimal::permille(1))
    );
    let ledger = suite.ask().ledger(position).unwrap().ledger;
    assert_eq!(ledger.surcharge_rate, Decimal::percent(10));
    // An order withdrawn now ends no forced sale.
    set(&mut suite, position, OwnerOrder::default()).unwrap();
    suite.elapse(1);
    let (_, last) = sell_out(&mut suite, position);
    assert_eq!(reason(&last), "target_met");
    let earned: Vec<String> = last
        .all(KeeperCredited::TYPE)
        .map(|event| event.must("keeper"))
        .collect();
    assert_eq!(earned.len(), 2);
    for keeper in [&starter, &bob] {
        assert!(earned.contains(&keeper.to_string()));
    }
}

#[test]
fn a_forced_sale_goes_on_from_the_price_that_was_reached() {
    let mut suite = scenes::calm().build();
    let position = scenes::gliding(&mut suite);
    suite.elapse(200);
    suite.set_price("atom", "9.20");
    assert!(scenes::health(&suite, position) < Decimal::one());
    let lot = suite.ask().sale(position).unwrap();
    let reached = lot.multiplier.unwrap();
    assert!(reached < dec("0.98"), "{reached}");
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(did(&done), "forced");
    let from: Decimal = done.event(LotStarted::TYPE).unwrap().must("from");
    assert_eq!(from, reached);
}

fn flags(suite: &Suite) -> u32 {
    suite.ask().market("usdc").unwrap().cover.insolvent
}

#[test]
fn attack_86_who_withdraws_while_insolvent_lets_nobody_leave_and_keeps_nobody_in() {
    let mut suite = scenes::calm().build();
    let position = scenes::gliding(&mut suite);
    suite.elapse(1);
    suite.set_price("atom", "7.00");
    set(&mut suite, position, OwnerOrder::default()).unwrap();
    suite.elapse(1);
    suite.refresh();
    // Nothing of it can be sold softly, and a close-out is seen twice.
    assert_eq!(advance(&mut suite, position), "sighted");
    assert_eq!(advance(&mut suite, position), "counted");
    assert_eq!(flags(&suite), 1);
    let alice = suite.user("alice");
    suite.positions().deposit(&alice, position, "atom", UNIT).unwrap();
    assert_eq!(flags(&suite), 1, "he opens the door to none who stakes");
    suite.elapse(1);
    suite.set_price("atom", "12.00");
    assert_eq!(advance(&mut suite, position), "ended");
    assert_eq!(
        flags(&suite),
        0,
        "nobody is kept in by a position that is healthy"
    );
    assert_eq!(stage(&suite, position), Stage::Healthy {});
}

#[test]
fn governance_ends_an_insolvent_one_and_a_call_stands() {
    let mut suite = scenes::calm().build();
    let position = scenes::gliding(&mut suite);
    suite.elapse(1);
    suite.set_price("atom", "7.00");
    suite.positions().end_sale(position).unwrap();
    assert_eq!(flags(&suite), 1);
    assert!(matches!(stage(&suite, position), Stage::MarginCall { .. }));
    suite.set_price("atom", "12.00");
    assert_eq!(advance(&mut suite, position), "lapsed");
    assert_eq!(flags(&suite), 0);
}

#[test]
fn a_close_out_replaces_it_when_it_was_seen_twice() {
    let mut suite = scenes::calm().build();
    let position = scenes::gliding(&mut suite);
    suite.set_price("atom", "8.00");
    assert_eq!(advance(&mut suite, position), "forced");
    suite.elapse(60);
    suite.refresh();
    let mut steps = vec![];
    for _ in 0..4 {
        if let Ok(done) = suite.positions().advance(position) {
            steps.push(did(&done));
        }
        suite.elapse(60);
        suite.refresh();
    }
    assert!(steps.contains(&"escalated".to_string()), "{steps:?}");
    assert_eq!(suite.ask().sale(position).unwrap().sale.mode, Mode::CloseOut);
}

#[test]
fn who_asks_to_be_sold_in_time_has_no_grace_when_it_is_late() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    set(&mut suite, position, glide_path()).unwrap();
    suite.elapse(1);
    suite.set_price("atom", "9.20");
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(did(&done), "opened");
    assert_eq!(suite.ask().sale(position).unwrap().sale.mode, Mode::Soft);

    // In a call the wish ends the grace, too.
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    set(&mut suite, position, glide_path()).unwrap();
    assert!(matches!(
        why(suite.positions().advance(position)),
        ContractError::GracePeriod { .. }
    ));
    suite.elapse(1);
    suite.refresh();
    assert_eq!(advance(&mut suite, position), "opened");
}

#[test]
fn an_untouched_sale_ends_above_its_trigger_and_sleeps_there_once_begun() {
    let mut suite = scenes::calm().build();
    let position = scenes::gliding(&mut suite);
    suite.set_price("atom", "9.90");
    assert!(scenes::health(&suite, position) >= dec("1.05"));
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(reason(&done), "cured");

    let mut suite = scenes::calm().build();
    let position = scenes::gliding(&mut suite);
    let bob = suite.user("bob");
    suite.auction().bid(&bob, position, 1_000 * UNIT).unwrap();
    suite.elapse(500);
    suite.set_price("atom", "9.90");
    assert!(scenes::health(&suite, position) >= dec("1.05"));
    // Its target health is reached at this price: there is nothing left to do.
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(reason(&done), "target_met");

    // With a goal beyond the price it sleeps, and wakes below the trigger.
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let far = changed(glide_path(), |sale| sale.goal = Goal::Health(dec("1.2")));
    set(&mut suite, position, far).unwrap();
    suite.elapse(1);
    suite.set_price("atom", "9.60");
    assert_eq!(advance(&mut suite, position), "opened");
    scenes::to_lot(&mut suite, position);
    suite.auction().bid(&bob, position, 1_000 * UNIT).unwrap();
    suite.elapse(500);
    suite.set_price("atom", "9.90");
    assert_eq!(advance(&mut suite, position), "slept");
    suite.set_price("atom", "9.60");
    assert_eq!(advance(&mut suite, position), "woken");
    // A first fill of a lot needs the trigger, too.
    scenes::to_lot(&mut suite, position);
    suite.set_price("atom", "9.90");
    match suite.ask().sellable(position, Decimal::one(), None).unwrap() {
        SellableResponse::Refused(Refusal::NotInDistress { trigger, .. }) => {
            assert_eq!(trigger, dec("1.05"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn its_owner_may_reach_the_goal_himself() {
    let mut suite = scenes::calm().build();
    let position = scenes::gliding(&mut suite);
    buy_all(&mut suite, position);
    let alice = suite.user("alice");
    let done = suite
        .positions()
        .repay(&alice, position, "usdc", 100_000 * UNIT)
        .unwrap();
    assert_eq!(reason(&done), "target_met");
    assert_eq!(stage(&suite, position), Stage::Healthy {});
}

#[test]
fn governance_ends_it_and_the_path_stays() {
    let mut suite = scenes::calm().build();
    let position = scenes::gliding(&mut suite);
    let done = suite.positions().end_sale(position).unwrap();
    assert_eq!(reason(&done), "governance");
    assert_eq!(stage(&suite, position), Stage::Restricted {}, "no call stands");
    let ledger = suite.ask().ledger(position).unwrap().ledger;
    assert_eq!((ledger.sale, ledger.surcharge_rate), (None, Decimal::zero()));
    assert_eq!(advance(&mut suite, position), "opened");
}

#[test]
fn nobody_takes_over_what_its_owner_asks_to_be_sold() {
    let mut suite = scenes::calm().build();
    let position = scenes::gliding(&mut suite);
    let carol = common::rich(&mut suite, "carol", &[("usdc", 900_000 * UNIT)]);
    let pays = 900_000 * UNIT;
    let all = vec![glidepath_testkit::handles::repay_all("usdc")];
    let taken = suite
        .positions()
        .takeover(&carol, position, pays, all, &[("usdc", pays)]);
    assert_eq!(why(taken), ContractError::NoSale { position });
}

#[test]
fn a_new_owner_inherits_no_wish() {
    let mut suite = scenes::calm().build();
    let position = scenes::gliding(&mut suite);
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    suite.positions().offer(&alice, position, Some(&bob)).unwrap();
    let take = ExecuteMsg::TakePosition {
        position,
        min_equity: None,
    };
    let manager = common::manager(&suite);
    suite.execute(&bob, &manager, &take, &[]).unwrap();
    let now = suite.ask().owner_order(position).unwrap();
    assert_eq!((now.owner, now.order), (bob, OwnerOrder::default()));
    suite.elapse(1);
    suite.refresh();
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(reason(&done), "withdrawn");
}

#[test]
fn a_forced_sale_follows_the_order_of_collaterals() {
    let sold_first = |sell_order: Vec<&str>| {
        let mut suite = common::wide();
        let alice = suite.user("alice");
        let deposits = [("atom", 10_000 * UNIT), ("eth", 50 * common::ETH)];
        let position = suite
            .positions()
            .open(&alice, &deposits, &[("usdc", 130_000 * UNIT)])
            .unwrap();
        let order = OwnerOrder {
            sell_order: sell_order.into_iter().map(id).collect(),
            sale: None,
        };
        suite.positions().set_order(&alice, position, order).unwrap();
        suite.elapse(1);
        for percent in ["0.90", "0.85", "0.80", "0.75"] {
            let price = |of: &str| (dec(of) * dec(percent)).to_string();
            suite.set_prices(&[("atom", &price("10")), ("eth", &price("2000"))]);
            suite.elapse(1_000);
            suite.refresh();
            while let Ok(done) = suite.positions().advance(position) {
                if did(&done) == "opened" {
                    return done
                        .event(LotStarted::TYPE)
                        .unwrap()
                        .text("collateral")
                        .unwrap()
                        .to_string();
                }
            }
        }
        panic!("no sale");
    };
    assert_eq!(sold_first(vec!["eth"]), "eth");
    assert_eq!(sold_first(vec!["atom", "eth"]), "atom");
    assert_eq!(sold_first(vec!["eth", "atom"]), "eth");
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    for other in [&bob, &suite.owner.clone(), &suite.guardian.clone()] {
        assert_eq!(
            why(suite.positions().set_order(other, position, glide_path())),
            ContractError::NotPositionOwner {
                position,
                owner: alice.clone()
            }
        );
    }
    assert_eq!(
        why(suite.positions().set_order(&alice, 99, glide_path())),
        ContractError::NoPosition { position: 99 }
    );
    let cases: Vec<(OwnerOrder, &str)> = vec![
        (
            changed(glide_path(), |s| s.trigger = Some(Decimal::one())),
            "trigger",
        ),
        (
            changed(glide_path(), |s| s.trigger = Some(dec("10.1"))),
            "trigger",
        ),
        (
            changed(glide_path(), |s| s.goal = Goal::Health(dec("0.99"))),
            "goal",
        ),
        (
            changed(glide_path(), |s| s.goal = Goal::Health(dec("10.01"))),
            "goal",
        ),
        (
            changed(glide_path(), |s| s.max_discount = dec("0.0009")),
            "max_discount",
        ),
        (
            changed(glide_path(), |s| s.max_discount = dec("0.21")),
            "max_discount",
        ),
    ];
    for (order, wrong) in cases {
        match why(set(&mut suite, position, order)) {
            ContractError::BadParameter { field, .. } => assert_eq!(field, wrong),
            other => panic!("{other}"),
        }
    }
    let named = |names: &[&str]| OwnerOrder {
        sell_order: names.iter().map(|name| id(name)).collect(),
        sale: None,
    };
    assert_eq!(
        why(set(&mut suite, position, named(&["atom", "atom"]))),
        ContractError::NamedTwice { asset: id("atom") }
    );
    assert_eq!(
        why(set(&mut suite, position, named(&["gold"]))),
        ContractError::NotListed { asset: id("gold") }
    );
    let many: Vec<String> = (0..17).map(|n| format!("a{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(matches!(
        why(set(&mut suite, position, named(&many))),
        ContractError::BadParameter {
            field: "sell_order",
            ..
        }
    ));
    // An unwind that would sell nothing now.
    for order in [
        unwind(100_000),
        changed(unwind(0), |sale| sale.goal = Goal::Health(dec("1.01"))),
    ] {
        assert_eq!(
            why(set(&mut suite, position, order)),
            ContractError::GoalReached { position }
        );
    }
    let empty = suite.positions().open(&alice, &[("atom", UNIT)], &[]).unwrap();
    assert_eq!(
        why(set(&mut suite, empty, unwind(0))),
        ContractError::GoalReached { position: empty }
    );
    let now = suite.ask().owner_order(position).unwrap();
    assert_eq!((now.order, now.since), (OwnerOrder::default(), 0));
}

#[test]
fn a_preview_says_what_acting_costs_and_what_waiting_does() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let preview = suite.ask().preview_order(position, glide_path()).unwrap();
    assert_eq!(preview.refused, None);
    // At a trigger of 1.05: 740,000 · 1.05 / (100,000 · .8) = $9.7125; forced at $9.25.
    let (asked, forced) = (preview.asked.unwrap(), preview.forced.unwrap());
    assert_eq!((asked.price.0, forced.price.0), (dec("9.7125"), dec("9.25")));
    assert_eq!((asked.collateral, asked.debt), (id("atom"), id("usdc")));
    // s = (D − C·wT) / (k − wT), k = (1 − d)/(1 + φ), buyers expected at d = 1.5 %.
    let need = |price: f64, penalty: f64| {
        let k = 0.985 / (1.0 + penalty);
        let sold = (740_000.0 - 100_000.0 * price * 0.75) / (k - 0.75);
        (sold, 0.015 * sold, sold * k * penalty)
    };
    for (estimate, price, penalty) in [
        (
            (asked.value, asked.discount_cost, asked.penalty_cost),
            9.7125,
            0.0005,
        ),
        (
            (forced.value, forced.discount_cost, forced.penalty_cost),
            9.25,
            0.001,
        ),
    ] {
        let (sold, discount, penalty) = need(price, penalty);
        for (found, expected) in [(estimate.0, sold), (estimate.1, discount), (estimate.2, penalty)] {
            let found: f64 = found.to_string().parse().unwrap();
            assert!((found / expected - 1.0).abs() < 1e-4, "{found} {expected}");
        }
    }
    let refused = suite
        .ask()
        .preview_order(position, unwind(100_000))
        .unwrap()
        .refused;
    assert!(refused.unwrap().contains("nothing would be sold"));
    // An unwind is estimated at the prices of now.
    let now = suite
        .ask()
        .preview_order(position, unwind(90_000))
        .unwrap()
        .asked
        .unwrap();
    assert_eq!(now.price.0, dec("10"));
    assert_eq!(now.value.to_string(), "100000");
}

/// Sends a bid with so much.
#[test]
fn a_preview_of_what_is_refused_says_why() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    for trigger in [Decimal::MAX, Decimal::zero()] {
        let order = changed(glide_path(), |sale| sale.trigger = Some(trigger));
        let shown = suite.ask().preview_order(position, order).unwrap();
        assert!(shown.refused.unwrap().contains("trigger"));
        assert_eq!(shown.asked, None, "what can't be asked for sells nothing");
        assert!(shown.forced.is_some());
    }
}

fn bid(suite: &mut Suite, who: &Addr, position: u64, usd: u128) -> Result<Outcome> {
    suite.auction().bid(who, position, usd * UNIT)
}

#[test]
fn attack_59_an_unwind_that_nobody_buys_keeps_no_forced_sale_waiting() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let tight = changed(unwind(0), |sale| sale.max_discount = Decimal::permille(1));
    set(&mut suite, position, tight).unwrap();
    suite.elapse(1);
    suite.set_price("atom", "9.60");
    assert_eq!(advance(&mut suite, position), "opened");
    suite.elapse(400);
    suite.set_price("atom", "9.00");
    assert_eq!(advance(&mut suite, position), "forced");
    scenes::to_lot(&mut suite, position);
    suite.elapse(200);
    suite.refresh();
    let bob = suite.user("bob");
    let done = bid(&mut suite, &bob, position, 10_000).unwrap();
    let filled = done.event(Filled::TYPE).unwrap();
    let price = filled.must::<u128>("repaid") * 1_000 / filled.must::<u128>("sold");
    assert!(price < 8_950, "deeper than the owner would have given: {price}");
}

#[test]
fn attack_59_an_unsellable_asset_ordered_first_shields_nothing() {
    let mut suite = common::wide();
    let alice = suite.user("alice");
    let deposits = [("atom", 10_000 * UNIT), ("eth", 50 * common::ETH)];
    let position = suite
        .positions()
        .open(&alice, &deposits, &[("usdc", 130_000 * UNIT)])
        .unwrap();
    let order = OwnerOrder {
        sell_order: vec![id("eth")],
        sale: None,
    };
    suite.positions().set_order(&alice, position, order).unwrap();
    suite.elapse(1);
    suite.set_prices(&[("atom", "8"), ("eth", "1600")]);
    let guardian = suite.guardian.clone();
    suite
        .oracle()
        .stop(&guardian, "eth", StopKind::Fills, 7_200)
        .unwrap();
    let mut sold = None;
    for _ in 0..30 {
        if let Ok(done) = suite.positions().advance(position) {
            if let Some(started) = done.event(LotStarted::TYPE) {
                sold = started.text("collateral").map(str::to_string);
                break;
            }
        }
        suite.elapse(60);
        suite.refresh();
    }
    assert_eq!(sold.as_deref(), Some("atom"));
}

#[test]
fn attack_55_unwinds_take_no_room_of_forced_sales() {
    let mut suite = scenes::queued().build();
    let bob = suite.user("bob");
    let mut asked = vec![];
    for _ in 0..12 {
        asked.push(scenes::leaning(&mut suite, "bob", 20_000));
    }
    let forced = scenes::leaning(&mut suite, "alice", 20_000);
    for position in &asked {
        suite.positions().set_order(&bob, *position, unwind(0)).unwrap();
    }
    suite.elapse(1);
    suite.refresh();
    let mut waiting = None;
    for position in &asked {
        if let Err(error) = suite.positions().advance(*position) {
            waiting = Some(refused::<ContractError>(Err::<Outcome, _>(error)));
            break;
        }
    }
    assert!(
        matches!(waiting, Some(ContractError::QueueFull { .. })),
        "{waiting:?}"
    );
    // The line of forced sales is empty for all that.
    suite.set_price("atom", "9");
    assert_eq!(advance(&mut suite, forced), "opened");
    assert_eq!(suite.ask().sale(forced).unwrap().sale.mode, Mode::Soft);
    // And one that falls below maintenance leaves the unwinds' line for it.
    assert_eq!(advance(&mut suite, asked[0]), "forced");
}

#[test]
fn an_unwind_waits_for_room_behind_forced_sales() {
    let mut suite = scenes::queued().build();
    let carol = suite.user("carol");
    let healthy = suite
        .positions()
        .open(&carol, &[("atom", 20_000 * UNIT)], &[("usdc", 60_000 * UNIT)])
        .unwrap();
    let positions: Vec<u64> = (0..16)
        .map(|_| scenes::leaning(&mut suite, "bob", 20_000))
        .collect();
    suite.positions().set_order(&carol, healthy, unwind(0)).unwrap();
    suite.elapse(1);
    suite.set_price("atom", "9");
    let mut full = false;
    for position in positions {
        full |= advance(&mut suite, position) == "called";
    }
    assert!(full, "the last lots wait");
    assert!(matches!(
        why(suite.positions().advance(healthy)),
        ContractError::QueueFull { .. }
    ));
    let until = suite.ask().due(healthy).unwrap().not_before.unwrap();
    suite.until(until);
    suite.refresh();
    assert_eq!(advance(&mut suite, healthy), "opened");
}

//! `Advance` through a close-out: seen twice, escalation, what is written off.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{advance, dec, did, stage, why, UNIT};
use cosmwasm_std::Decimal;
use glidepath_interfaces::auction::Mode;
use glidepath_interfaces::events::auction::{LotStarted, SaleEnded};
use glidepath_interfaces::events::position_manager::{Advanced as AdvancedEvent, DistressEnded};
use glidepath_interfaces::events::vault::{DebtWrittenOff, DistressSet, KeeperCredited};
use glidepath_interfaces::position_manager::Stage;
use glidepath_position_manager::ContractError;
use glidepath_testkit::{scenes, AssetSpec, Suite};

#[test]
fn a_soft_sale_becomes_a_close_out_when_that_was_seen_twice() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    suite.elapse(60);
    suite.set_price("atom", "8.40");
    assert!(scenes::health(&suite, position) < dec("0.93"));
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(did(&done), "sighted");
    assert_eq!(
        done.event(AdvancedEvent::TYPE)
            .unwrap()
            .must::<u64>("confirm_from"),
        suite.now() + 45
    );
    assert_eq!(
        stage(&suite, position),
        Stage::Selling {
            mode: Mode::Soft,
            asleep: false
        }
    );
    suite.elapse(44);
    assert!(matches!(
        why(suite.positions().advance(position)),
        ContractError::NothingToAdvance { .. }
    ));
    suite.elapse(1);
    let reached = suite.ask().sale(position).unwrap().multiplier.unwrap();
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(did(&done), "escalated");
    let lot = done.event(LotStarted::TYPE).unwrap();
    assert_eq!(
        (lot.text("cause"), lot.text("mode")),
        (Some("escalate"), Some("close_out"))
    );
    assert_eq!(lot.must::<Decimal>("from"), reached, "from the price reached");
    let told = done.event(DistressSet::TYPE).unwrap();
    assert_eq!(told.must::<Decimal>("surcharge_rate"), dec("0.2"));
    assert_eq!(
        stage(&suite, position),
        Stage::Selling {
            mode: Mode::CloseOut,
            asleep: false
        }
    );
    // Once is enough: no further sighting, nothing to forget.
    suite.elapse(6);
    assert!(matches!(
        why(suite.positions().advance(position)),
        ContractError::NothingToAdvance { .. }
    ));
}

#[test]
fn the_same_price_twice_is_one_sighting_until_it_was_asked_for_long_enough() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    suite.set_price("atom", "8.40");
    assert_eq!(advance(&mut suite, position), "sighted");
    let keeper = suite.user("keeper");
    let mut waited = 0;
    loop {
        suite.advance_time(20);
        waited += 20;
        suite.oracle().update_prices(&keeper, &["atom", "usdc"]).unwrap();
        if suite.positions().advance(position).is_ok() {
            break;
        }
        assert!(waited < 300, "not escalated after {waited} s");
    }
    assert_eq!(waited, 300);
    assert_eq!(
        stage(&suite, position),
        Stage::Selling {
            mode: Mode::CloseOut,
            asleep: false
        }
    );
}

#[test]
fn attack_64_one_wrong_price_closes_nobody_out() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    suite.set_price("atom", "8.40");
    assert_eq!(advance(&mut suite, position), "sighted");
    suite.elapse(6);
    suite.set_price("atom", "9.20");
    // Anybody may have it forgotten, and so does any update.
    assert_eq!(advance(&mut suite, position), "forgotten");
    suite.elapse(60);
    suite.set_price("atom", "8.40");
    assert_eq!(advance(&mut suite, position), "sighted");
    suite.set_price("atom", "9.20");
    let bob = suite.user("bob");
    suite.positions().repay(&bob, position, "usdc", 1).unwrap();
    suite.elapse(60);
    suite.set_price("atom", "8.40");
    assert_eq!(advance(&mut suite, position), "sighted", "the first of two again");
    // Too long ago to count.
    suite.elapse(1_801);
    let done = did(&suite.positions().advance(position).unwrap());
    assert_eq!(done, "restarted");
    assert_eq!(
        stage(&suite, position),
        Stage::Selling {
            mode: Mode::Soft,
            asleep: false
        }
    );
}

#[test]
fn grace_does_not_protect_from_a_close_out() {
    // A weight of .95 leaves the soft stage soon: at .986 grace still runs, but no soft sale would do.
    let mut suite = scenes::calm()
        .asset(
            AssetSpec::native("steth", "usteth", 6, "10")
                .as_collateral(glidepath_risk::health::Weights {
                    initial: dec("0.93"),
                    target: dec("0.93"),
                    maintenance: dec("0.95"),
                })
                .calm()
                .tune(|p| p.collateral.as_mut().unwrap().clearing_discount = dec("0.0185")),
        )
        .build();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(&alice, &[("steth", 1_000 * UNIT)], &[("usdc", 9_300 * UNIT)])
        .unwrap();
    suite.set_price("steth", "9.66");
    let health = scenes::health(&suite, position);
    assert!(health > dec("0.985") && health < dec("0.987"), "{health}");
    assert_eq!(advance(&mut suite, position), "called");
    let confirm_from = suite.now() + 45;
    suite.elapse(30);
    match why(suite.positions().advance(position)) {
        ContractError::GracePeriod { until } => assert!(until > suite.now()),
        other => panic!("{other:?}"),
    }
    assert_eq!(suite.ask().due(position).unwrap().not_before, Some(confirm_from));
    suite.elapse(15);
    assert_eq!(advance(&mut suite, position), "opened");
    assert_eq!(
        stage(&suite, position),
        Stage::Selling {
            mode: Mode::CloseOut,
            asleep: false
        }
    );
    assert_eq!(suite.ask().sale(position).unwrap().sale.mode, Mode::CloseOut);
}

/// Buys everything that is offered until the sale ends, at the end of each lot's life.
fn buy_out(suite: &mut Suite, position: u64) -> glidepath_testkit::Outcome {
    let bidder = suite.user("bidder");
    for _ in 0..40 {
        let lot = suite.ask().sale(position).unwrap().sale.lot.unwrap();
        suite.until(lot.ends_at);
        if let Ok(done) = suite.auction().bid(&bidder, position, 5_000_000 * UNIT) {
            if done.has(SaleEnded::TYPE) {
                return done;
            }
        } else {
            suite.elapse(6);
            suite.positions().advance(position).unwrap();
        }
    }
    panic!("never sold out")
}

#[test]
fn the_fill_that_sells_the_last_collateral_writes_off_what_is_left() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let keeper = suite.user("keeper");
    suite.set_price("atom", "6.00");
    assert_eq!(stage(&suite, position), Stage::Insolvent {});
    let done = suite.positions().advance(position).unwrap();
    let told = done.event(DistressSet::TYPE).unwrap();
    assert!(told.must::<bool>("insolvent"), "flagged");
    scenes::advance_all(&mut suite, position);
    suite.elapse(60);
    scenes::advance_all(&mut suite, position);
    assert_eq!(
        stage(&suite, position),
        Stage::Selling {
            mode: Mode::CloseOut,
            asleep: false
        }
    );
    assert_eq!(suite.ask().market("usdc").unwrap().cover.insolvent, 1);

    let last = buy_out(&mut suite, position);
    assert_eq!(did(&last), "written_off");
    assert_eq!(
        last.event(SaleEnded::TYPE).unwrap().text("reason"),
        Some("written_off")
    );
    assert_eq!(
        last.event(DistressEnded::TYPE).unwrap().text("reason"),
        Some("written_off")
    );
    let loss = last.event(DebtWrittenOff::TYPE).unwrap();
    assert!(loss.must::<u128>("loss") > 100_000 * UNIT);
    assert!(!last.has(KeeperCredited::TYPE), "no penalty from negative equity");
    assert_eq!(suite.ask().owed(position, "usdc").unwrap(), 0);
    assert_eq!(suite.ask().market("usdc").unwrap().cover.insolvent, 0);
    assert_eq!(stage(&suite, position), Stage::Healthy {});
    assert_eq!(suite.ask().account(&keeper, "usdc").unwrap(), 0);
    assert!(suite.ask().distressed(None, 10).unwrap().is_empty());
    // The number lives on.
    let alice = suite.user("alice");
    suite.positions().deposit(&alice, position, "atom", UNIT).unwrap();
}

#[test]
fn dust_that_nobody_would_buy_is_written_off_by_anybody() {
    let mut suite = scenes::calm().build();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(&alice, &[("atom", 2 * UNIT)], &[("usdc", 14 * UNIT)])
        .unwrap();
    suite.set_price("atom", "0.40");
    assert!(suite.ask().position(position).unwrap().collateral_value < glidepath_risk::Value::usd(1));
    // Seen twice, like a close-out: a wrong price must not give a collateral up.
    assert_eq!(advance(&mut suite, position), "called");
    suite.elapse(60);
    let due = suite.ask().due(position).unwrap();
    assert_eq!(
        due.due,
        Some(glidepath_interfaces::position_manager::Advanced::WrittenOff {})
    );
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(did(&done), "written_off");
    assert!(!done.has(SaleEnded::TYPE), "there was no sale");
    let fund = suite.peers.insurance_fund.clone();
    assert_eq!(
        suite.ask().account(&fund, "atom").unwrap(),
        2 * UNIT,
        "surrendered, not lost"
    );
    assert_eq!(suite.ask().held(position, "atom").unwrap(), 0);
}

#[test]
fn attack_86_what_became_insolvent_is_flagged_at_once_whatever_else_is_due() {
    let flags = |suite: &Suite| suite.ask().market("usdc").unwrap().cover.insolvent;
    // In grace: the first sighting of the close-out, and then the flag, long before a sale may open.
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    suite.elapse(60);
    suite.set_price("atom", "7.30");
    assert_eq!(advance(&mut suite, position), "sighted");
    assert_eq!(
        suite.ask().due(position).unwrap().due,
        Some(glidepath_interfaces::position_manager::Advanced::Counted {})
    );
    let surcharge = suite.ask().rules().unwrap().params.surcharge_soft;
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(did(&done), "counted");
    let told = done.event(DistressSet::TYPE).unwrap();
    assert!(told.must::<bool>("insolvent"));
    assert_eq!(
        told.must::<Decimal>("surcharge_rate"),
        surcharge,
        "and nothing else changed"
    );
    assert_eq!(flags(&suite), 1);
    assert!(suite.positions().advance(position).is_err(), "once");
    // Back above water, though still called: nobody's exit is held up for it.
    suite.set_price("atom", "9.19");
    assert_eq!(advance(&mut suite, position), "forgotten");
    assert_eq!(advance(&mut suite, position), "counted");
    assert_eq!(flags(&suite), 0);

    // While a lot lives: its permission stays as it is.
    let mut suite = scenes::calm().build();
    let position = scenes::closing_out(&mut suite);
    let before = suite.ask().ledger(position).unwrap().ledger.sale;
    suite.set_price("atom", "7.30");
    assert_eq!(advance(&mut suite, position), "counted");
    assert_eq!(flags(&suite), 1);
    assert_eq!(suite.ask().ledger(position).unwrap().ledger.sale, before);
    assert!(before.is_some());
    // Not on prices that nobody asked for lately.
    suite.set_price("atom", "8.00");
    suite.advance_time(16);
    assert!(suite.positions().advance(position).is_err());
    assert_eq!(flags(&suite), 1);
}

#[test]
fn a_close_out_goes_on_from_the_price_that_the_soft_floor_held_up() {
    // At $7.80 the health is .843: the soft floor allows 2.5 %, the lot's clock is at its end near 6 %. What nobody was
    // offered while soft is not where the close-out starts.
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    suite.elapse(60);
    suite.set_price("atom", "7.80");
    assert_eq!(advance(&mut suite, position), "sighted");
    let ends_at = suite.ask().sale(position).unwrap().sale.lot.unwrap().ends_at;
    suite.until(ends_at);
    let clock = suite.ask().sale(position).unwrap().multiplier.unwrap();
    let offered = suite.ask().price_at(position, suite.now()).unwrap().multiplier;
    assert!(
        clock < dec("0.941") && offered > dec("0.97"),
        "{clock}, {offered}"
    );
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(did(&done), "escalated");
    let from: Decimal = done.event(LotStarted::TYPE).unwrap().must("from");
    assert_eq!(from, offered);
}

#[test]
fn a_close_out_starts_without_a_discount_where_no_soft_fill_was_allowed() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    suite.elapse(60);
    suite.set_price("atom", "7.40");
    assert_eq!(advance(&mut suite, position), "sighted");
    let ends_at = suite.ask().sale(position).unwrap().sale.lot.unwrap().ends_at;
    suite.until(ends_at);
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(did(&done), "escalated");
    let from: Decimal = done.event(LotStarted::TYPE).unwrap().must("from");
    assert_eq!(from, Decimal::one());
}

/// Where no pair has two usable prices nothing can be sold: the refusal says so, and while a close-out was seen once, from
/// when a second sighting counts.
#[test]
fn what_has_no_price_can_t_be_sold_now() {
    let refusal_after = |price: Option<&str>| {
        // The silence is no outage yet, which would make the grace longer.
        let patient = |mut spec: glidepath_testkit::AssetSpec| {
            spec.feed.outage_gap = 3_600;
            spec
        };
        let mut suite = scenes::calm().each_asset(patient).build();
        let position = scenes::called(&mut suite);
        if let Some(price) = price {
            suite.set_price("atom", price);
        }
        // Grace is over and so is the life of the prices: the sources are asked, and say nothing new.
        suite.advance_time(901);
        let keeper = suite.user("keeper");
        suite.oracle().update_prices(&keeper, &["atom", "usdc"]).unwrap();
        if price.is_some() {
            assert_eq!(advance(&mut suite, position), "sighted");
        }
        (why(suite.positions().advance(position)), suite.now())
    };
    let (refusal, _) = refusal_after(None);
    assert_eq!(refusal, ContractError::NothingSellable {});
    let (refusal, now) = refusal_after(Some("8.40"));
    assert_eq!(refusal, ContractError::Unconfirmed { from: now + 45 });
}

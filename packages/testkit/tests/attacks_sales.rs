//! Attacks on sales: 35 (health of exactly one, cures, recovery), 36 (bidding on oneself), 43 (what is left over), 45 (keepers),
//! 60 (a close-out bought by its borrower), 82 (a tiny fill and the first pass).
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
use glidepath_interfaces::events::auction::{Filled, LotStarted, SaleEnded};
use glidepath_interfaces::events::vault::{DebtWrittenOff, KeeperCredited, Settled};
use glidepath_liquidation_auction::ContractError as Refused;
use glidepath_position_manager::ContractError;
use glidepath_testkit::handles::{withdraw_all, BidTerms};
use glidepath_testkit::scenes::{
    advance_all, called, calm, closing_out, health, leveraged, on_sale, opened, to_lot, UNIT,
};
use glidepath_testkit::{refused, Outcome, Suite};
use support::moves::lot;

/// A name and how a position gets there.
type Scene = (&'static str, fn(&mut Suite) -> u64);

/// What people have in wallets, accounts and positions, less what they owe, in millionths of a dollar at a price of `atom`
/// in hundredths of a dollar.
fn worth(suite: &Suite, people: &[&Addr], positions: &[u64], cents: i128) -> i128 {
    let signed = |amount: u128| i128::try_from(amount).unwrap();
    let ask = suite.ask();
    let (mut atoms, mut dollars) = (0, 0);
    for who in people {
        atoms += signed(suite.balance(who, "atom"));
        dollars += signed(suite.balance(who, "usdc") + ask.account(who, "usdc").unwrap());
    }
    for position in positions {
        atoms += signed(ask.held(*position, "atom").unwrap());
        dollars -= signed(ask.owed(*position, "usdc").unwrap());
    }
    atoms * cents / 100 + dollars
}

fn reason(done: &Outcome) -> Option<String> {
    done.event(SaleEnded::TYPE).map(|event| event.must("reason"))
}

fn sum(all: &Outcome, event: &str, key: &str) -> u128 {
    all.all(event)
        .map(|event| event.must::<Uint128>(key).u128())
        .sum()
}

// ---------------------------------------------------------------- 35

/// 100,000 atoms against $740,000 at a weight of .8: one is at $9.25 to the digit.
#[test]
fn attack_35_health_of_exactly_one_on_the_suite() {
    let mut suite = calm().build();
    let position = leveraged(&mut suite);
    suite.set_price("atom", "9.25");
    assert_eq!(health(&suite, position), Decimal::one());
    match refused::<ContractError>(suite.positions().advance(position)) {
        ContractError::NothingToAdvance { health, .. } => assert_eq!(health, Some(Decimal::one())),
        other => panic!("{other}"),
    }
    // A digit of the price, or a unit of the debt, makes the difference.
    suite.set_price("atom", "9.249999999999999999");
    assert!(health(&suite, position) < Decimal::one());
    suite.positions().advance(position).unwrap();
    suite.set_price("atom", "9.25");
    suite.positions().advance(position).unwrap();
    assert!(suite.ask().distressed(None, 10).unwrap().is_empty());
    suite.set_price("atom", "9.249999999999");
    let bob = suite.user("bob");
    suite.positions().repay(&bob, position, "usdc", 1).unwrap();
    assert!(health(&suite, position) >= Decimal::one());
    assert!(suite.positions().advance(position).is_err());
}

/// Cures before a sale, before its first lot, in the middle of a lot before and after a fill: by repaying and by adding. The
/// sale is gone at once, and nothing more is bought.
#[test]
fn attack_35_cures_at_every_moment() {
    let scenes: [Scene; 4] = [
        ("called", called),
        ("opened", opened),
        ("on sale", on_sale),
        ("bought from", |suite| {
            let position = on_sale(suite);
            let bob = suite.user("bob");
            suite.auction().bid(&bob, position, 10_000 * UNIT).unwrap();
            position
        }),
    ];
    for (name, scene) in scenes {
        for by_repaying in [true, false] {
            let mut suite = calm().build();
            let position = scene(&mut suite);
            let (alice, bob) = (suite.user("alice"), suite.user("bob"));
            let before = suite.ask().sale(position).is_ok();
            let done = match by_repaying {
                true => suite.positions().repay(&alice, position, "usdc", 60_000 * UNIT),
                false => suite.positions().deposit(&alice, position, "atom", 9_000 * UNIT),
            };
            let done = done.unwrap();
            assert_eq!(reason(&done).is_some(), before, "{name}");
            assert!(suite.ask().sale(position).is_err(), "{name}");
            let ledger = suite.ask().ledger(position).unwrap().ledger;
            assert_eq!((ledger.sale, ledger.surcharge_rate), (None, Decimal::zero()));
            let late = suite
                .auction()
                .bid_with(&bob, position, BidTerms::default(), "usdc", UNIT);
            assert!(late.is_err(), "{name}: a bid after the cure");
            assert!(suite.positions().advance(position).is_err(), "{name}");
        }
    }
}

/// Recovery in the middle of a lot. Before the first fill it ends the sale at maintenance, and nobody can be the first to
/// buy; after it the sale goes on to the target and no further.
#[test]
fn attack_35_recovery_in_the_middle_of_a_lot() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    suite.elapse(60);
    suite.set_price("atom", "9.26");
    let late = refused::<Refused>(suite.auction().bid(&bob, position, 10_000 * UNIT));
    assert!(matches!(late, Refused::Refused(_)), "{late}");
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(reason(&done).as_deref(), Some("cured"));

    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    suite.auction().bid(&bob, position, 10_000 * UNIT).unwrap();
    suite.set_price("atom", "9.40");
    suite.auction().bid(&bob, position, 10_000 * UNIT).unwrap();
    suite.set_price("atom", "9.90");
    let late = refused::<Refused>(suite.auction().bid(&bob, position, 10_000 * UNIT));
    assert!(matches!(late, Refused::Refused(_)), "{late}");
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(reason(&done).as_deref(), Some("target_met"));
}

// ---------------------------------------------------------------- 36, 45

/// The owner lets himself be called, opens the sale, starts its lots and buys them, all from his other accounts, early, in
/// the middle and at the end of each lot: all of him together is worth no more after it, and pays the part of the penalty
/// that is not the keepers'.
#[test]
fn attack_36_and_45_who_liquidates_himself_pays_for_it() {
    for scene in [on_sale, closing_out] {
        for wait in [0, 60, 150, 400] {
            let mut suite = calm().build();
            let position = scene(&mut suite);
            let cents = if suite.ask().price("atom").unwrap().price.0 > "9".parse().unwrap() {
                920
            } else {
                840
            };
            let people = ["alice", "keeper", "carl"].map(|name| suite.user(name));
            let all = [&people[0], &people[1], &people[2]];
            suite.give(&people[2], "usdc", 1_000_000 * UNIT);
            let before = worth(&suite, &all, &[position], cents);
            let mut story = Outcome::default();
            for _ in 0..40 {
                let Ok(sale) = suite.ask().sale(position) else {
                    break;
                };
                let Some(lot) = sale.sale.lot else { break };
                suite.until((lot.start_at + wait).min(lot.ends_at));
                let bid = suite.auction().bid_with(
                    &people[2],
                    position,
                    BidTerms::default(),
                    "usdc",
                    400_000 * UNIT,
                );
                match bid {
                    Ok(done) => story = story.and(done),
                    Err(_) => suite.until(lot.ends_at + 1),
                }
                let _ = advance_all(&mut suite, position);
            }
            assert!(suite.ask().sale(position).is_err(), "after {wait} s");
            assert!(story.has(Filled::TYPE));
            let after = worth(&suite, &all, &[position], cents);
            let [fund, reserves] = ["penalty_fund", "penalty_reserves"]
                .map(|key| i128::try_from(sum(&story, Settled::TYPE, key)).unwrap());
            assert!(
                after <= before - fund - reserves,
                "{before} → {after} after {wait} s, {fund} + {reserves} paid"
            );
            assert!(!story.has(DebtWrittenOff::TYPE));
        }
    }
}

/// Calls that lapse, cures, restarts of lots that nobody buys: nothing is earned. What is earned in the end is the keepers'
/// part of the penalties that were paid, to the unit.
#[test]
fn attack_45_keepers_earn_from_what_is_sold_and_nothing_else() {
    let mut suite = calm().build();
    let position = leveraged(&mut suite);
    let (keeper, alice, bob) = (suite.user("keeper"), suite.user("alice"), suite.user("bob"));
    let everybody = [keeper.clone(), alice.clone(), bob.clone()];
    let earned = |suite: &Suite| -> u128 {
        let of = |who| suite.ask().account(who, "usdc").unwrap();
        everybody.iter().map(of).sum()
    };
    for _ in 0..10 {
        suite.set_prices(&[("atom", "9.20"), ("usdc", "1")]);
        suite.positions().advance_by(&alice, position).unwrap();
        suite.set_prices(&[("atom", "9.30"), ("usdc", "1")]);
        suite.positions().advance_by(&alice, position).unwrap();
        suite.set_prices(&[("atom", "9.20"), ("usdc", "1")]);
        suite.positions().advance_by(&alice, position).unwrap();
        suite
            .positions()
            .deposit(&alice, position, "atom", 600 * UNIT)
            .unwrap();
        suite.set_prices(&[("atom", "10"), ("usdc", "1")]);
        let _ = advance_all(&mut suite, position);
        suite
            .positions()
            .withdraw(&alice, position, "atom", 600 * UNIT)
            .unwrap();
    }
    assert_eq!(earned(&suite), 0, "from calls and cures");
    suite.set_prices(&[("atom", "9.20"), ("usdc", "1")]);
    suite.positions().advance(position).unwrap();
    suite.elapse(901);
    advance_all(&mut suite, position);
    for _ in 0..5 {
        let over = lot(&suite, position).ends_at + 1;
        suite.until(over);
        suite.positions().advance_by(&alice, position).unwrap();
    }
    assert_eq!(earned(&suite), 0, "from lots that nobody buys");
    assert_eq!(suite.ask().solvency("usdc").unwrap().dues.u128(), 0);

    // $10 are sold, the owner cures the rest: a part of a cent on the dollar is all there is.
    to_lot(&mut suite, position);
    let done = suite.auction().bid(&bob, position, 10 * UNIT).unwrap();
    let penalty: Uint128 = done.event(Filled::TYPE).unwrap().must("penalty");
    let part = sum(&done, Settled::TYPE, "penalty_keepers");
    assert_eq!(earned(&suite), 0, "before the sale ends");
    let done = suite
        .positions()
        .repay(&alice, position, "usdc", 100_000 * UNIT)
        .unwrap();
    assert_eq!(sum(&done, KeeperCredited::TYPE, "amount"), part);
    assert_eq!(earned(&suite), part);
    assert!(
        part * 10 <= penalty.u128() * 4 && penalty.u128() <= 10 * UNIT / 1_000,
        "{part} of {penalty}"
    );
}

// ---------------------------------------------------------------- 43

/// What a bidder paid too much comes back once; what is left of the collateral is the owner's, once.
#[test]
fn attack_43_what_is_left_over_goes_back_once() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    suite.give(&bob, "usdc", 10_000_000 * UNIT);
    let (mut sold, mut paid) = (0, 0);
    while suite.ask().sale(position).is_ok() {
        to_lot(&mut suite, position);
        let before = suite.balance(&bob, "usdc");
        let done = suite
            .auction()
            .bid_with(&bob, position, BidTerms::default(), "usdc", 5_000_000 * UNIT)
            .unwrap();
        let fill = done.event(Filled::TYPE).unwrap();
        sold += fill.must::<Uint128>("sold").u128();
        paid += fill.must::<Uint128>("paid").u128();
        assert_eq!(
            before - suite.balance(&bob, "usdc"),
            fill.must::<Uint128>("paid").u128()
        );
    }
    assert_eq!(suite.balance(&bob, "usdc"), 10_000_000 * UNIT - paid);
    assert_eq!(suite.balance(&bob, "atom"), sold);
    suite
        .positions()
        .repay(&alice, position, "usdc", 800_000 * UNIT)
        .unwrap();
    assert_eq!(suite.ask().owed(position, "usdc").unwrap(), 0);
    let left = suite.ask().held(position, "atom").unwrap();
    assert_eq!(left, 100_000 * UNIT - sold);
    let all = || vec![withdraw_all("atom")];
    suite
        .positions()
        .update(&alice, Some(position), all(), &[])
        .unwrap();
    assert_eq!(suite.balance(&alice, "atom"), left);
    assert!(suite
        .positions()
        .update(&alice, Some(position), all(), &[])
        .is_err());
    assert_eq!(suite.balance(&alice, "atom"), left);
    for contract in [&suite.peers.position_manager, &suite.peers.liquidation_auction] {
        assert_eq!(suite.balance(contract, "usdc"), 0);
        assert_eq!(suite.balance(contract, "atom"), 0);
    }
}

// ---------------------------------------------------------------- 60, 82

/// Called and seen twice at `price`, with little or no equity: the first second of the first lot of a close-out.
fn closing_out_at(suite: &mut Suite, price: &str) -> u64 {
    let position = leveraged(suite);
    suite.set_price("atom", price);
    suite.positions().advance(position).unwrap();
    advance_all(suite, position);
    suite.elapse(60);
    advance_all(suite, position);
    to_lot(suite, position);
    position
}

/// 1 to 6 % of equity: the borrower waits for the end of each lot and buys his own collateral from another account. In
/// the first pass no lender pays for it, no penalty is taken out of what lenders are owed, and he gains nothing.
#[test]
fn attack_60_a_borrower_who_buys_his_own_close_out_gains_nothing() {
    for (price, cents) in [("7.90", 790), ("7.70", 770), ("7.50", 750), ("7.45", 745)] {
        let mut suite = calm().build();
        let position = closing_out_at(&mut suite, price);
        let people = ["alice", "keeper", "carl"].map(|name| suite.user(name));
        let all = [&people[0], &people[1], &people[2]];
        suite.give(&people[2], "usdc", 2_000_000 * UNIT);
        let before = worth(&suite, &all, &[position], cents);
        let price_before = suite.ask().market("usdc").unwrap().supply_price;
        let mut story = Outcome::default();
        while let Ok(sale) = suite.ask().sale(position) {
            assert_eq!(sale.sale.pass, 0, "at {price}");
            let lot = sale.sale.lot.unwrap();
            suite.until(lot.ends_at);
            let done = suite
                .auction()
                .bid_with(
                    &people[2],
                    position,
                    BidTerms::default(),
                    "usdc",
                    1_000_000 * UNIT,
                )
                .unwrap();
            story = story.and(done);
        }
        let after = worth(&suite, &all, &[position], cents);
        assert!(after <= before, "{before} → {after} at {price}");
        assert!(!story.has(DebtWrittenOff::TYPE), "a loss at {price}");
        let price_after = suite.ask().market("usdc").unwrap().supply_price;
        assert!(price_after >= price_before, "lenders pay at {price}");
    }
}

/// A dollar is bought of each lot, so that each is touched: the pass ends all the same with what is left unsold.
#[test]
fn attack_82_a_dollar_in_each_lot_does_not_keep_the_first_pass_alive() {
    let mut suite = calm().build();
    let position = closing_out_at(&mut suite, "7.70");
    let bob = suite.user("bob");
    for pass in 0..4u32 {
        let running = suite.ask().sale(position).unwrap().sale;
        assert_eq!(u32::from(running.pass), pass);
        assert_eq!(running.penalty.is_zero(), pass > 1, "penalty of pass {pass}");
        for at in [0, 60, 120] {
            let start = running.lot.as_ref().unwrap().start_at;
            suite.until(start + at);
            suite.auction().bid(&bob, position, 2 * UNIT).unwrap();
        }
        let last = suite.ask().sale(position).unwrap().sale.lot.unwrap();
        assert!(last.left > last.amount.mul_floor(Decimal::percent(99)));
        suite.until(last.ends_at);
        // The first pass holds lenders harmless to its end, the second falls as deep as the curve.
        let ltv = Decimal::from_ratio(740u128, 770u128);
        let quote = suite.auction().bid(&bob, position, 2 * UNIT).unwrap();
        let deepest: Decimal = quote.event(Filled::TYPE).unwrap().must("multiplier");
        match pass {
            0 => assert!(deepest >= ltv, "{deepest} in the first pass"),
            _ => assert!(deepest <= Decimal::percent(91), "{deepest} in pass {pass}"),
        }
        suite.until(last.ends_at + 1);
        let done = suite.positions().advance(position).unwrap();
        let started = done.event(LotStarted::TYPE).unwrap();
        assert_eq!(started.text("cause"), Some("restart"));
        to_lot(&mut suite, position);
    }
}

//! Attacks on the life of a sale: 38, 52, 53, 64, 76.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{dec, error, opened_with_its_call, sale};
use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::auction::Mode;
use glidepath_interfaces::events::auction::{Filled, LotStarted, SaleEnded, SaleSlept};
use glidepath_interfaces::position_manager::Refusal;
use glidepath_liquidation_auction::ContractError;
use glidepath_testkit::scenes::{calm, health, on_sale, to_lot, UNIT};
use glidepath_testkit::{AssetSpec, Outcome, Suite};

fn sold(done: &Outcome) -> u128 {
    done.event(Filled::TYPE).unwrap().must::<Uint128>("sold").u128()
}

fn paid(done: &Outcome) -> u128 {
    done.event(Filled::TYPE).unwrap().must::<Uint128>("paid").u128()
}

// ---------------------------------------------------------------- 38

#[test]
fn attack_38_one_unit_exact_and_over() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    // One unit buys nothing, and a fill under the smallest is refused while more may be had.
    for pay in [1, 9, 999_999] {
        match error(suite.auction().bid(&bob, position, pay)) {
            ContractError::Refused(Refusal::TooSmall { .. }) => {}
            other => panic!("{pay}: {other}"),
        }
    }
    let lot = sale(&suite, position).lot.unwrap();
    let whole = (9_246_000 * lot.amount.u128()).div_ceil(UNIT);
    let short = suite.ask().preview_bid(position, Some(whole - 10)).unwrap();
    // A unit of the collateral costs 9.246. What would not buy one repays; what would comes back.
    let had = 1 + 9 + 999_999;
    for (over, back) in [(1, 0), (9, 0), (10, 10), (1_000, 1_000)] {
        let mut suite = calm().build();
        let position = on_sale(&mut suite);
        let done = suite.auction().bid(&bob, position, whole + over).unwrap();
        let expected = (lot.amount.u128(), whole + over - back);
        assert_eq!((sold(&done), paid(&done)), expected, "{over}: {short:?}");
        assert_eq!(suite.balance(&bob, "usdc"), back);
    }
    assert_eq!(suite.balance(&bob, "usdc"), had);
}

#[test]
fn attack_38_two_bids_in_a_block_cost_no_less_than_one() {
    let price_of = |parts: &[u128]| {
        let mut suite = calm().build();
        let position = on_sale(&mut suite);
        let bob = suite.user("bob");
        let (mut atoms, mut coins) = (0, 0);
        for part in parts {
            let done = suite.auction().bid(&bob, position, *part).unwrap();
            atoms += sold(&done);
            coins += paid(&done);
        }
        (atoms, coins)
    };
    let (atoms, coins) = price_of(&[50_000 * UNIT]);
    for parts in [
        &[25_000 * UNIT, 25_000 * UNIT][..],
        &[1_234_567, 50_000 * UNIT - 1_234_567],
        &[7_777_777; 100],
    ] {
        let (split_atoms, split_coins) = price_of(parts);
        assert!(
            split_coins * atoms >= coins * split_atoms,
            "{split_coins} for {split_atoms} is cheaper than {coins} for {atoms}"
        );
    }
}

#[test]
fn attack_38_at_the_start_the_end_and_years_later() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    let multiplier = |suite: &mut Suite| {
        let done = suite.auction().bid(&bob, position, 100 * UNIT).unwrap();
        done.event(Filled::TYPE).unwrap().must::<Decimal>("multiplier")
    };
    assert_eq!(multiplier(&mut suite), dec("1.005"), "τ = 0");
    suite.elapse(1);
    let step = dec("1.005") - multiplier(&mut suite);
    assert!(
        step > dec("0.000144") && step < dec("0.000145"),
        "a second is worth {step}"
    );
    let lot = sale(&suite, position).lot.unwrap();
    suite.until(lot.ends_at);
    let last = multiplier(&mut suite);
    assert!(
        last >= dec("0.94") && last < dec("0.940000000000001"),
        "the floor: {last}"
    );
    for later in [1, 3_600, 10 * 365 * 86_400] {
        suite.elapse(later);
        assert!(matches!(
            error(suite.auction().bid(&bob, position, 100 * UNIT)),
            ContractError::LotExpired { .. }
        ));
    }
}

// ---------------------------------------------------------------- 52, 53

#[test]
fn attack_52_a_zombie_sale_sells_nothing_at_its_old_floor() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    // It has begun, then the price recovers past the target and nobody calls.
    suite.auction().bid(&bob, position, 1_000 * UNIT).unwrap();
    suite.set_price("atom", "10.50");
    suite.elapse(3 * 86_400);
    // Days later health dips below the target, but not below maintenance.
    suite.set_price("atom", "9.60");
    assert!(health(&suite, position) > Decimal::one());
    assert!(suite.ask().position(position).unwrap().health.target.unwrap() < Decimal::one());
    assert!(matches!(
        error(suite.auction().bid(&bob, position, 1_000 * UNIT)),
        ContractError::LotExpired { .. }
    ));
    // Whoever advances it finds that it sleeps, and no lot starts before it is below maintenance again.
    let done = suite.positions().advance(position).unwrap();
    assert!(done.has(SaleSlept::TYPE));
    assert_eq!(
        error(suite.auction().bid(&bob, position, 1_000 * UNIT)),
        ContractError::NoLot { position }
    );
    suite.elapse(86_401);
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(
        done.event(SaleEnded::TYPE).unwrap().text("reason"),
        Some("slept_away")
    );
}

#[test]
fn attack_52_a_scheduled_lot_sells_nothing_once_the_reason_is_gone() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    // Nothing was bought yet and the price is back above maintenance: the first fill needs a health below 1.
    suite.set_price("atom", "9.40");
    assert!(matches!(
        error(suite.auction().bid(&bob, position, 1_000 * UNIT)),
        ContractError::Refused(Refusal::NotInDistress { .. })
    ));
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(done.event(SaleEnded::TYPE).unwrap().text("reason"), Some("cured"));
}

#[test]
fn attack_53_a_cleared_lot_whose_next_finds_the_target_met() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    let done = suite.auction().bid(&bob, position, 1_000_000 * UNIT).unwrap();
    assert!(done.has(LotStarted::TYPE), "the next lot is scheduled");
    suite.set_price("atom", "10.00");
    to_lot(&mut suite, position);
    assert_eq!(
        error(suite.auction().bid(&bob, position, 1_000 * UNIT)),
        ContractError::Refused(Refusal::TargetMet {})
    );
    suite.positions().advance(position).unwrap();
    assert!(suite.ask().sale(position).is_err());
}

// ---------------------------------------------------------------- 64

#[test]
fn attack_64_a_price_that_is_wrong_for_one_block_sells_nothing() {
    let mut suite = calm().build();
    // $9.10 where the true price is $10: so far below maintenance that no grace is left, and the sale opens at once.
    let position = opened_with_its_call(&mut suite);
    let bob = suite.user("bob");
    let now = suite.now();
    assert_eq!(
        error(suite.auction().bid(&bob, position, 1_000 * UNIT)),
        ContractError::LotNotStarted {
            start_at: now + 6,
            now
        }
    );
    suite.advance_time(6);
    suite.set_price("atom", "10");
    match error(suite.auction().bid(&bob, position, 1_000 * UNIT)) {
        ContractError::Refused(Refusal::NotInDistress { .. }) => {}
        other => panic!("{other}"),
    }
    suite.positions().advance(position).unwrap();
    assert!(suite.ask().sale(position).is_err());
    assert_eq!(suite.ask().held(position, "atom").unwrap(), 100_000 * UNIT);
}

// ---------------------------------------------------------------- 76

#[test]
fn attack_76_lot_after_cleared_lot_up_to_the_target_and_not_beyond() {
    // A depth of $50,000: lots of $25,000.
    let mut suite = calm().asset(AssetSpec::atom().calm().depth(50_000)).build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    let (mut lots, mut above, mut last) = (0, 0, Decimal::zero());
    loop {
        let before = health(&suite, position);
        if before >= Decimal::one() {
            above += 1;
            assert!(sale(&suite, position).lot.unwrap().follows);
        }
        assert!(before > last, "every lot raises health");
        last = before;
        lots += 1;
        let done = suite.auction().bid(&bob, position, 1_000_000 * UNIT).unwrap();
        if done.has(SaleEnded::TYPE) {
            break;
        }
        to_lot(&mut suite, position);
    }
    assert!(lots >= 8, "{lots} lots");
    assert!(above >= 2, "{above} lots above maintenance");
    let target = suite.ask().position(position).unwrap().health.target.unwrap();
    assert!(target >= Decimal::one() && target < dec("1.0001"), "{target}");
}

#[test]
fn attack_76_a_lot_that_waited_sells_nothing_above_maintenance() {
    let mut suite = calm().asset(AssetSpec::atom().calm().depth(50_000)).build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    // Lots are bought until health is above maintenance, then nobody looks for two hours.
    while health(&suite, position) < Decimal::one() {
        suite.auction().bid(&bob, position, 1_000_000 * UNIT).unwrap();
        to_lot(&mut suite, position);
    }
    assert_eq!(sale(&suite, position).mode, Mode::Soft);
    suite.elapse(7_200);
    assert!(matches!(
        error(suite.auction().bid(&bob, position, 1_000 * UNIT)),
        ContractError::LotExpired { .. }
    ));
    let done = suite.positions().advance(position).unwrap();
    assert!(done.has(SaleSlept::TYPE), "in between it sleeps");
    // Below maintenance again it wakes, with a lot that needs that health for its first fill.
    suite.set_price("atom", "9.00");
    suite.positions().advance(position).unwrap();
    assert!(!sale(&suite, position).lot.unwrap().follows);
    to_lot(&mut suite, position);
    suite.auction().bid(&bob, position, 1_000 * UNIT).unwrap();
}

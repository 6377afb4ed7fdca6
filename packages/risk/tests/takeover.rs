//! What a takeover costs, against exact fractions: the owner never gets more, and nobody ever pays less.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::{Decimal, Uint128};
use glidepath_risk::sizing::{effective_penalty, ltv, NoFill, Subject, Terms};
use glidepath_risk::takeover::Takeover;
use glidepath_risk::Value;
use model::position::{bare, indebted, multiplier, position, terms, Asset, Position};
use model::{cases, dec, floor, int, show, ulp, units, usd, Q};
use num_traits::{One, Zero};
use proptest::prelude::*;

const FILE: &str = "proptest-regressions/takeover.txt";

/// Collateral less debt, exactly; nothing where the debts are more.
fn equity(p: &Position) -> Q {
    let (held, owed) = p.plain();
    (held - owed).max(Q::zero())
}

/// `d·s` of all that may be sold, in exact dollars, and the penalty that its payment holds, to the unit.
fn parts(p: &Position, subject: &Subject, m: Decimal, t: &Terms) -> (Q, Uint128) {
    let allowed = subject.allowed(m, t).unwrap().unwrap();
    let s = units(allowed.sold) * p.collaterals[0].unit();
    let d = (Q::one() - dec(allowed.multiplier)).max(Q::zero());
    let ltv = ltv(&subject.book.plain).unwrap();
    let phi = dec(effective_penalty(t.penalty, allowed.multiplier, ltv).unwrap());
    let paid = units(allowed.paid);
    let penalty = floor(&(&paid - &paid / (Q::one() + phi)));
    (d * s, penalty.into())
}

/// Base units that fit into so many dollars.
fn floor_units(dollars: &Q, unit: &Q) -> Uint128 {
    floor(&(dollars / unit)).into()
}

fn priced(p: &Position, m: Decimal, t: &Terms) -> Option<(Subject, Takeover)> {
    let subject = p.subject();
    let takeover = subject.takeover(m, t).unwrap().ok()?;
    Some((subject, takeover))
}

proptest! {
    #![proptest_config(cases(FILE))]

    /// The owner gets no more than his exact equity less the exact cost, and less than a unit too little; who takes over pays no
    /// less than that and the penalty, and less than a unit too much. What 10⁻¹⁸ USD of each value does is all that is allowed
    /// beside it, always in the owner's disfavour or in that of who takes over.
    #[test]
    fn attack_12_the_owner_gets_no_more_and_nobody_pays_less(p in position(300..1_100), m in multiplier(), t in terms()) {
        let Some((subject, takeover)) = priced(&p, m, &t) else { return Ok(()) };
        let (discount, penalty) = parts(&p, &subject, m, &t);
        let unit = p.debts[0].unit();
        let digits = int(p.collaterals.len() + p.debts.len() + 4) * ulp();
        let exact = (equity(&p) - discount - units(penalty) * &unit).max(Q::zero());
        let credit = units(takeover.credit) * &unit;
        prop_assert!(credit <= exact, "credited {} of {}", show(&credit), show(&exact));
        prop_assert!(credit.clone() + &unit + &digits > exact, "credited {} of {}", show(&credit), show(&exact));
        let beside = units(takeover.paid().unwrap() - penalty) * &unit;
        prop_assert!(beside.clone() + &digits >= exact, "paid {} for {}", show(&beside), show(&exact));
        prop_assert!(beside < exact.clone() + &unit + &digits, "paid {} for {}", show(&beside), show(&exact));
        prop_assert!(takeover.penalty - penalty <= Uint128::new(2) + floor_units(&digits, &unit), "{} and {penalty}", takeover.penalty);
    }

    /// Never more than the equity for the owner, and the cost that is told is what is missing of it.
    #[test]
    fn attack_36_nobody_has_more_than_his_equity(p in position(300..1_100), m in multiplier(), t in terms()) {
        let Some((subject, takeover)) = priced(&p, m, &t) else { return Ok(()) };
        let unit = p.debts[0].unit();
        prop_assert!(units(takeover.credit) * &unit <= equity(&p));
        prop_assert!(usd(takeover.equity) <= equity(&p));
        prop_assert_eq!(takeover.equity, subject.book.plain.collateral.minus(subject.book.plain.debt));
        let left = usd(takeover.equity) - usd(takeover.cost);
        prop_assert!(units(takeover.credit) * &unit <= left.max(Q::zero()));
    }

    /// Below the oracle's price the owner gets the less the lower the clock.
    #[test]
    fn it_is_cheaper_the_lower_the_clock(p in indebted(300..900), m in multiplier(), less in 1u64..1_000) {
        let t = bare(Decimal::bps(10));
        // Of a few coarse units a sale at another price takes another number, or none.
        let least = p.collaterals[0].amount.min(p.debts[0].amount);
        if least.u128() < 1_000_000_000 {
            return Ok(());
        }
        let m = m.min(Decimal::one());
        let lower = m.saturating_sub(Decimal::bps(less).min(m));
        let (Some((_, high)), Some((_, low))) = (priced(&p, m, &t), priced(&p, lower, &t)) else { return Ok(()) };
        prop_assert!(low.credit <= high.credit, "{} at {lower}, {} at {m}", low.credit, high.credit);
    }

    /// What owes more than it holds has nothing to credit, and pays no penalty.
    #[test]
    fn what_is_insolvent_has_no_price(p in indebted(1_001..1_500), m in multiplier(), t in terms()) {
        let Some((_, takeover)) = priced(&p, m, &t) else { return Ok(()) };
        // A debt of few coarse units need not be what was asked for.
        if !equity(&p).is_zero() {
            return Ok(());
        }
        prop_assert_eq!((takeover.credit.u128(), takeover.penalty.u128()), (0, 0));
    }
}

fn example() -> Position {
    let asset = |amount: u128, target: u64, maintenance: u64| Asset {
        amount: amount.into(),
        decimals: 6,
        price: Decimal::one(),
        target: Decimal::percent(target),
        maintenance: Decimal::percent(maintenance),
    };
    Position {
        collaterals: vec![asset(1_000_000_000, 75, 80)],
        debts: vec![asset(760_000_000, 100, 100)],
    }
}

/// The figures of the doc comment.
#[test]
fn the_example_by_hand() {
    let (_, takeover) = priced(&example(), Decimal::percent(98), &bare(Decimal::permille(1))).unwrap();
    assert_eq!(takeover.equity, Value::usd(240));
    assert_eq!(takeover.credit.u128(), 239_083_969);
    // 42,748, and the one that the owner's part does not divide into.
    assert_eq!(takeover.penalty.u128(), 42_749);
    assert_eq!(takeover.multiplier, Decimal::percent(98));
    // At a premium the penalty alone is taken off.
    let (_, takeover) = priced(&example(), Decimal::percent(102), &bare(Decimal::permille(1))).unwrap();
    assert_eq!(takeover.paid().unwrap().u128(), 240_000_000);
    assert!(takeover.penalty.u128() > 0);
}

/// A unit of the debt that is worth 60 cents: what does not divide is penalty, not the owner's and not who takes over's.
#[test]
fn what_does_not_divide_is_penalty() {
    let mut p = example();
    p.debts[0].decimals = 0;
    p.debts[0].price = Decimal::permille(600);
    p.debts[0].amount = 1_260u128.into();
    // $244 of equity, no discount, no penalty: 406⅔ units.
    let (_, takeover) = priced(&p, Decimal::one(), &bare(Decimal::zero())).unwrap();
    assert_eq!((takeover.credit.u128(), takeover.penalty.u128()), (406, 1));
    assert_eq!(takeover.paid().unwrap().u128(), 407);
}

#[test]
fn nothing_to_sell_is_no_price() {
    let mut p = example();
    p.debts[0].amount = 700_000_000u128.into();
    let none = p
        .subject()
        .takeover(Decimal::one(), &bare(Decimal::zero()))
        .unwrap();
    assert_eq!(none, Err(NoFill::TargetMet));
}

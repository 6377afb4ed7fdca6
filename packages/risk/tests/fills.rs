//! Fills on random positions: never beyond the target, never against the position.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::Decimal;
use glidepath_risk::health::Tier;
use glidepath_risk::sizing::{effective_penalty, ltv, NoFill, Protection, Terms};
use glidepath_risk::Value;
use model::position::{bare, indebted, multiplier, position, terms, whole, Position};
use model::{cases, dec, dec256, frac, not_negative, show, units, usd, Q};
use num_traits::{One, Zero};
use proptest::prelude::*;

const FILE: &str = "proptest-regressions/fills.txt";

/// `Σ C·wT − h·Σ D·bT`: zero or above once the target is met.
fn excess(position: &Position, h: Decimal) -> Q {
    let (held, owed) = position.target();
    held - dec(h) * owed
}

proptest! {
    #![proptest_config(cases(FILE))]

    /// Invariant 6: one base unit of collateral less would not have reached the target; or a cap was met.
    #[test]
    fn the_target_is_reached_and_not_exceeded(p in position(500..1_100), m in multiplier(), t in terms()) {
        let subject = p.subject();
        let Some(fill) = whole(&subject, m, &t) else { return Ok(()) };
        let after = p.after(fill.sold, fill.repaid);
        let all_debt = after.debts[0].amount.is_zero();
        if !all_debt && !after.collaterals[0].amount.is_zero() {
            prop_assert!(not_negative(&(excess(&after, t.h) + frac(1, 1_000_000_000_000_000))),
                "short of the target by {}", show(&excess(&after, t.h)));
        }
        // The exact position after one unit less, paid at the exact price and penalty.
        let k = dec(fill.multiplier)
            / (Q::one() + dec(effective_penalty(t.penalty, fill.multiplier, ltv(&subject.book.plain).unwrap()).unwrap()));
        let less = (units(fill.sold) - Q::one()) * p.collaterals[0].unit();
        let (held, owed) = p.target();
        let short = dec(t.h) * (owed - &k * &less * dec(p.debts[0].target)) - (held - &less * dec(p.collaterals[0].target));
        let gain = dec(t.h) * &k * dec(p.debts[0].target) - dec(p.collaterals[0].target);
        if gain > frac(1, 1_000_000) {
            prop_assert!(not_negative(&(short.clone() + frac(1, 1_000_000_000))), "one unit less exceeds by {}", show(&short));
        }
    }

    /// Invariant 7, on exact amounts; and the soft solve always knows where to stop.
    #[test]
    fn every_soft_fill_raises_maintenance_health(
        p in position(500..1_400), m in multiplier(), t in terms(), eta in 1u64..=75, part in 1u128..=1_000,
        weight in 85u64..99, penalty in 0u64..30,
    ) {
        // A collateral with a high weight is where the frontier is near.
        let mut p = p;
        p.collaterals[0].maintenance = Decimal::percent(weight);
        p.collaterals[0].target = Decimal::percent(weight);
        let t = Terms { penalty: Decimal::bps(penalty), ..t };
        let t = Terms { protection: Protection::Soft { floor: Decimal::percent(25), eta: Decimal::percent(eta) }, ..t };
        let subject = p.subject();
        let Some(all) = whole(&subject, m, &t) else { return Ok(()) };
        let budget = all.paid.multiply_ratio(part, 1_000u128);
        let Ok(fill) = subject.fill(m, &t, Some(budget), None).unwrap() else { return Ok(()) };
        let after = p.after(fill.sold, fill.repaid);
        let ((held, owed), (held_after, owed_after)) = (p.maintenance(), after.maintenance());
        prop_assert!(&held_after * &owed > &held * &owed_after || owed_after.is_zero(),
            "health fell from {} to {}", show(&(held / owed)), show(&(held_after / owed_after)));
        // What is missing to the target shrinks too; its *ratio* need not rise, see `the_claim_of_the_frontier`.
        prop_assert!(excess(&after, t.h) > excess(&p, t.h), "further from the target");
    }

    /// Attack 12: every rounding of a fill is against the bidder, and nothing leaves its bounds.
    #[test]
    fn attack_12_a_fill_never_costs_the_position_a_unit(
        p in position(300..1_100), m in multiplier(), t in terms(), part in 1u128..=1_000, lot in 1u128..=1_000,
    ) {
        let subject = p.subject();
        let Some(all) = whole(&subject, m, &t) else { return Ok(()) };
        let budget = all.paid.multiply_ratio(part, 1_000u128);
        let left = all.sold.multiply_ratio(lot, 1_000u128);
        let Ok(fill) = subject.fill(m, &t, Some(budget), Some(left)).unwrap() else { return Ok(()) };
        prop_assert!(!fill.sold.is_zero() && !fill.repaid.is_zero());
        prop_assert!(fill.sold <= left && fill.sold <= subject.collateral.amount);
        prop_assert!(fill.paid <= budget && fill.repaid <= subject.debt.amount);
        prop_assert_eq!(fill.repaid + fill.penalty, fill.paid);
        prop_assert!(units(fill.penalty) <= dec(t.penalty) * units(fill.repaid));
        let exact = units(fill.sold) * p.collaterals[0].unit() * dec(fill.multiplier) / p.debts[0].unit();
        prop_assert!(units(fill.paid) >= exact, "paid {} for {}", fill.paid, show(&exact));
        // Dearer by rounding at most: a unit of debt, and what the 18th digit of the price is worth.
        let grid = units(fill.sold) / model::ten(p.collaterals[0].decimals.into()) * model::ulp();
        if fill.repaid < subject.debt.amount {
            prop_assert!(units(fill.paid) <= exact + Q::one() + grid, "overpaid");
        }
    }

    /// `after` is what a fresh computation from the amounts gives, to the last digit.
    #[test]
    fn after_equals_a_fresh_computation(p in position(300..1_100), sold in 0u128..=1_000, repaid in 0u128..=1_000) {
        let sold = p.collaterals[0].amount.multiply_ratio(sold, 1_000u128);
        let repaid = p.debts[0].amount.multiply_ratio(repaid, 1_000u128);
        prop_assert_eq!(p.subject().after(sold, repaid).unwrap(), p.after(sold, repaid).subject());
    }

    /// A bidder who offers exactly what he would be charged gets exactly the same fill.
    #[test]
    fn a_quote_equals_the_execution(p in position(300..1_100), m in multiplier(), t in terms(), part in 1u128..=1_000) {
        let subject = p.subject();
        let Some(all) = whole(&subject, m, &t) else { return Ok(()) };
        let budget = all.paid.multiply_ratio(part, 1_000u128);
        let Ok(fill) = subject.fill(m, &t, Some(budget), None).unwrap() else { return Ok(()) };
        prop_assert_eq!(subject.fill(m, &t, Some(fill.paid), None).unwrap(), Ok(fill));
        prop_assert_eq!(subject.fill(m, &t, Some(fill.paid), Some(fill.sold)).unwrap(), Ok(fill));
    }

    /// The dust rule takes either what was allowed without it, or the whole debt or holding; and only for dust.
    #[test]
    fn the_dust_rule_leaves_no_dust(p in position(500..1_050), m in multiplier(), t in terms(), c in 1u128..5_000, d in 1u128..5_000) {
        let subject = p.subject();
        let Some(bare) = whole(&subject, m, &t) else { return Ok(()) };
        let strict = Terms { min_collateral: Value::usd(c), min_debt: Value::usd(d), ..t };
        let fill = whole(&subject, m, &strict).unwrap();
        let (left, would) = (p.after(fill.sold, fill.repaid), p.after(bare.sold, bare.repaid));
        let all = left.debts[0].amount.is_zero() || left.collaterals[0].amount.is_zero();
        let dust = |q: &Q, least: Value| !q.is_zero() && *q < usd(least);
        let was_dust = dust(&would.debts[0].worth(), strict.min_debt) || dust(&would.collaterals[0].worth(), strict.min_collateral);
        prop_assert!(if was_dust { all } else { fill == bare }, "{fill:?} without the rule {bare:?}");
        // All of it: not a unit of debt remains where the collateral sufficed.
        if was_dust && !left.collaterals[0].amount.is_zero() {
            prop_assert!(left.debts[0].amount.is_zero());
        }
    }

    /// Invariant 10: no penalty from a fill that leaves or deepens negative equity.
    #[test]
    fn a_penalty_never_makes_bad_debt(p in indebted(900..1_050), m in multiplier(), t in terms(), part in 1u128..=1_000) {
        let subject = p.subject();
        let Some(all) = whole(&subject, m, &t) else { return Ok(()) };
        let budget = all.paid.multiply_ratio(part, 1_000u128);
        let Ok(fill) = subject.fill(m, &t, Some(budget), None).unwrap() else { return Ok(()) };
        let (held, owed) = p.after(fill.sold, fill.repaid).plain();
        // One unit of collateral is what rounding may be worth.
        let equity = &held - &owed + p.collaterals[0].unit().min(frac(1, 1_000_000));
        prop_assert!(fill.penalty.is_zero() || not_negative(&equity), "penalty {} at equity {}", fill.penalty, show(&(held - owed)));
    }

    /// A fill above the loan-to-value never makes the position worse for its lenders, whatever the mode.
    #[test]
    fn the_first_pass_of_a_close_out_never_raises_the_loan_to_value(p in indebted(700..1_050), m in multiplier(), t in terms()) {
        let t = Terms { protection: Protection::AboveLtv, ..t };
        let subject = p.subject();
        let Some(fill) = whole(&subject, m, &t) else { return Ok(()) };
        let ((held, owed), (held_after, owed_after)) = (p.plain(), p.after(fill.sold, fill.repaid).plain());
        if held > owed {
            prop_assert!(&owed_after * held <= owed * &held_after, "worse for the lenders");
        }
    }

    /// The price that a fill reports is the oracle's, times the multiplier, rounded up on its 18th digit.
    #[test]
    fn the_price_is_exact_in_any_decimals(p in position(500..1_000), m in multiplier()) {
        let subject = p.subject();
        let price = dec256(subject.price(m).unwrap());
        let exact = dec(p.collaterals[0].price) * dec(m) / p.debts[0].unit();
        prop_assert!(price >= exact && price < &exact + model::ulp(), "{} exact {}", show(&price), show(&exact));
    }
}

/// Health exactly at the target and one unit beside it.
#[test]
fn attack_35_exactly_at_the_target_nothing_is_sold_and_one_unit_below_something_is() {
    use glidepath_risk::Price;
    let asset = |amount: u128, weight| model::position::Asset {
        amount: amount.into(),
        decimals: 6,
        price: Decimal::one(),
        target: weight,
        maintenance: weight,
    };
    let at = |debt: u128| Position {
        collaterals: vec![asset(1_000_000_000, Decimal::percent(80))],
        debts: vec![asset(debt, Decimal::one())],
    };
    let terms = bare(Decimal::zero());
    let exact = at(800_000_000).subject();
    assert_eq!(exact.health(Tier::Maintenance).unwrap(), Decimal::one());
    assert_eq!(
        exact.allowed(Decimal::one(), &terms).unwrap(),
        Err(NoFill::TargetMet)
    );
    let above = at(799_999_999).subject();
    assert_eq!(
        above.allowed(Decimal::one(), &terms).unwrap(),
        Err(NoFill::TargetMet)
    );
    let below = at(800_000_001).subject();
    assert!(below.health(Tier::Maintenance).unwrap() < Decimal::one());
    // One unit of debt too much, a fifth of a unit won back per unit sold.
    let fill = below.fill(Decimal::one(), &terms, None, None).unwrap().unwrap();
    assert_eq!((fill.sold.u128(), fill.paid.u128()), (5, 5));
    assert_eq!(below.collateral.price, Price(Decimal::one()));
}

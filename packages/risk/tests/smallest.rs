//! The smallest fill: nothing smaller is sold or waited for.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::{Decimal, Uint128};
use glidepath_risk::sizing::{effective_penalty, ltv, Fill, NoFill, Protection, Terms};
use glidepath_risk::Value;
use model::position::{bare, multiplier, position, soft, terms, Asset, Position};
use model::{cases, dec, frac, int, not_negative, show, units, usd, Q};
use num_traits::One;
use proptest::prelude::*;

const FILE: &str = "proptest-regressions/smallest.txt";

/// What must be sold to reach the target, exactly, and what a unit of it brings nearer; none where the solve is too
/// near its frontier to be compared.
fn exact(p: &Position, m: Decimal, t: &Terms) -> Option<(Q, Q)> {
    let subject = p.subject();
    let m = subject.protected(m, t).unwrap()?;
    let penalty = effective_penalty(t.penalty, m, ltv(&subject.book.plain).unwrap()).unwrap();
    let k = dec(m) / (Q::one() + dec(penalty));
    let gain = dec(t.h) * k * dec(p.debts[0].target) - dec(p.collaterals[0].target);
    let (held, owed) = p.target();
    let missing = dec(t.h) * owed - held;
    (gain > frac(1, 1_000_000) && missing > frac(1, 1_000_000)).then(|| (missing / &gain, gain))
}

proptest! {
    #![proptest_config(cases(FILE))]

    /// From maintenance on less than the smallest fill is the target; whatever is more is solved as ever; and below
    /// maintenance the smallest fill is sold, to the unit, or what holding and debt allow.
    #[test]
    fn less_than_the_smallest_fill_is_neither_sold_nor_waited_for(
        p in position(900..1_150), m in multiplier(), t in terms(),
        part in prop_oneof![1u64..990, 1_010u64..5_000],
    ) {
        let Some((need, gain)) = exact(&p, m, &t) else { return Ok(()) };
        let Some(least) = model::down(&(&need * int(1_000u32) / int(part))) else { return Ok(()) };
        let strict = Terms { min_fill: Value(least.into()), ..t };
        prop_assume!(need > frac(1, 1_000) && usd(strict.min_fill) > frac(1, 1_000));
        let subject = p.subject();
        let (plain, got) = (subject.allowed(m, &t).unwrap(), subject.allowed(m, &strict).unwrap());
        let Ok(plain) = plain else {
            prop_assert_eq!(got, plain);
            return Ok(());
        };
        let (held, owed) = p.maintenance();
        if part > 1_000 {
            prop_assert_eq!(got, Ok(plain), "more than the smallest fill is missing");
        } else if held >= owed {
            prop_assert_eq!(got, Err(NoFill::TargetMet), "health {}", show(&(held / owed)));
        } else {
            let got = got.unwrap();
            if got.sold.is_zero() {
                // The whole debt is worth less than a unit of the collateral: no fill, with or without the rule.
                prop_assert!(plain.sold.is_zero());
                return Ok(());
            }
            let (one, sold) = (p.collaterals[0].unit(), units(got.sold) * p.collaterals[0].unit());
            let after = subject.fill(m, &strict, None, None).unwrap().unwrap();
            prop_assert_eq!(after.sold, got.sold, "whoever buys all of it is served");
            let all = after.sold == subject.collateral.amount || after.repaid == subject.debt.amount;
            prop_assert!(all || sold >= usd(strict.min_fill), "sold {}", show(&sold));
            prop_assert!(sold < usd(strict.min_fill) + &one, "more than the smallest fill: {}", show(&sold));
            prop_assert!(got.sold >= plain.sold);
            prop_assert_eq!(got.price, plain.price);
            // Invariant 6: beyond the target by at most what the smallest fill brings.
            let (held, owed) = p.after(after.sold, after.repaid).target();
            let beyond = held - dec(t.h) * owed;
            // A unit of either asset is what rounding is worth.
            let slack = &one + p.debts[0].unit() * int(2u32);
            prop_assert!(not_negative(&(usd(strict.min_fill) * &gain + slack - &beyond)), "beyond by {}", show(&beyond));
        }
    }
}

/// `collateral` and `debt` in millionths of a dollar each, `wT` = .75, `wM` = .80.
fn owing(collateral: u128, debt: u128) -> Position {
    let asset = |amount: u128, target, maintenance| Asset {
        amount: amount.into(),
        decimals: 6,
        price: Decimal::one(),
        target: Decimal::percent(target),
        maintenance: Decimal::percent(maintenance),
    };
    Position {
        collaterals: vec![asset(collateral, 75, 80)],
        debts: vec![asset(debt, 100, 100)],
    }
}

fn a_dollar() -> Terms {
    Terms {
        min_fill: Value::usd(1),
        ..bare(Decimal::zero())
    }
}

fn whole(p: &Position, terms: &Terms) -> Result<Fill, NoFill> {
    p.subject().fill(Decimal::one(), terms, None, None).unwrap()
}

fn sizes(fill: Result<Fill, NoFill>) -> (u128, u128) {
    let fill = fill.unwrap();
    (fill.sold.u128(), fill.paid.u128())
}

#[test]
fn above_maintenance_what_is_missing_by_less_than_a_fill_is_met() {
    for protection in [Protection::Curve, Protection::AboveLtv, soft()] {
        let terms = Terms {
            protection,
            ..a_dollar()
        };
        // $750.10 against $750 of weighted collateral: $.40 to sell, $1.00 a quarter of a dollar of debt later.
        assert_eq!(
            whole(&owing(1_000_000_000, 750_100_000), &terms),
            Err(NoFill::TargetMet)
        );
        assert_eq!(
            whole(&owing(1_000_000_000, 750_249_999), &terms),
            Err(NoFill::TargetMet)
        );
        assert_eq!(
            sizes(whole(&owing(1_000_000_000, 750_250_000), &terms)),
            (1_000_000, 1_000_000)
        );
        assert_eq!(
            sizes(whole(&owing(1_000_000_000, 750_300_000), &terms)),
            (1_200_000, 1_200_000)
        );
    }
    // A fill that stops short of it by less than a fill ends the sale.
    let before = owing(1_000_000_000, 760_000_000);
    let fill = before
        .subject()
        .fill(Decimal::one(), &a_dollar(), Some(Uint128::new(39_000_001)), None)
        .unwrap()
        .unwrap();
    let after = before.after(fill.sold, fill.repaid);
    assert_eq!(whole(&after, &a_dollar()), Err(NoFill::TargetMet));
    // Where no smallest fill is asked for, the last unit is sold.
    assert!(whole(&after, &bare(Decimal::zero())).is_ok());
}

#[test]
fn below_maintenance_the_smallest_fill_is_sold() {
    // $4.00 · .80 = $3.20: a debt of exactly that is healthy and misses the target by $.80 to sell.
    assert_eq!(
        whole(&owing(4_000_000, 3_200_000), &a_dollar()),
        Err(NoFill::TargetMet)
    );
    // A unit more is not: $1.00 instead of $.800004.
    let below = owing(4_000_000, 3_200_001);
    assert_eq!(sizes(whole(&below, &bare(Decimal::zero()))), (800_004, 800_004));
    assert_eq!(sizes(whole(&below, &a_dollar())), (1_000_000, 1_000_000));
    // $3.21: $1.00 instead of $.84; $3.00 · .75 are $.04 more than the $2.21 that are left.
    let fill = whole(&owing(4_000_000, 3_210_000), &a_dollar()).unwrap();
    let (held, owed) = owing(4_000_000, 3_210_000).after(fill.sold, fill.repaid).target();
    assert_eq!(held - owed, frac(4, 100));
    // $.92 for a debt of $.90, and what buys it all is no smaller than allowed.
    assert_eq!(
        sizes(whole(&owing(1_120_000, 900_000), &a_dollar())),
        (900_000, 900_000)
    );
    // A holding below the smallest fill is sold whole if the debt is larger, and for the debt if that is smaller.
    assert_eq!(
        sizes(whole(&owing(900_000, 2_000_000), &a_dollar())),
        (900_000, 900_000)
    );
    assert_eq!(
        sizes(whole(&owing(900_000, 800_000), &a_dollar())),
        (800_000, 800_000)
    );
    // The dust rule looks at what the smallest fill leaves: $2.21 of debt, or $3.00 of collateral.
    for (min_debt, min_collateral, sold) in [(2, 3, 1_000_000), (3, 0, 3_210_000), (0, 4, 3_210_000)] {
        let terms = Terms {
            min_debt: Value::usd(min_debt),
            min_collateral: Value::usd(min_collateral),
            ..a_dollar()
        };
        assert_eq!(sizes(whole(&owing(4_000_000, 3_210_000), &terms)), (sold, sold));
    }
}

#[test]
fn a_bid_below_the_smallest_fill_is_refused_unless_the_lot_has_no_more() {
    let subject = owing(4_000_000, 3_210_000).subject();
    let fill = |pay: u128, lot: u128| {
        let (pay, lot) = (Some(pay.into()), Some(lot.into()));
        subject.fill(Decimal::one(), &a_dollar(), pay, lot).unwrap()
    };
    // $.84 would reach the target; $1.00 is the smallest that is sold.
    assert!(matches!(fill(840_000, 8_000_000), Err(NoFill::TooSmall { .. })));
    assert!(matches!(fill(999_999, 1_000_000), Err(NoFill::TooSmall { .. })));
    assert_eq!(sizes(fill(1_000_000, 8_000_000)), (1_000_000, 1_000_000));
    assert_eq!(sizes(fill(5_000_000, 840_000)), (840_000, 840_000));
    assert!(matches!(fill(839_999, 840_000), Err(NoFill::TooSmall { .. })));
}

#[test]
fn selling_without_end_in_sight_asks_for_no_smallest_fill() {
    // At .70 a unit sold takes .75 and repays .70: close-out sells all, soft nothing, above maintenance or not.
    let m = Decimal::percent(70);
    for debt in [3_010_000, 3_210_000] {
        let subject = owing(4_000_000, debt).subject();
        let all = subject.fill(m, &a_dollar(), None, None).unwrap().unwrap();
        assert_eq!(all.sold.u128(), 4_000_000);
    }
}

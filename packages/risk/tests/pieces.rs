//! One bid or many for the same: invariant 9.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::{Decimal, Uint128};
use glidepath_risk::curve::CurveTerms;
use glidepath_risk::sizing::{effective_penalty, ltv, Protection, Terms};
use model::position::{bare, multiplier, position, soft, terms, whole, Position};
use model::{cases, dec, frac, show, units};
use proptest::prelude::*;

const FILE: &str = "proptest-regressions/pieces.txt";

proptest! {
    #![proptest_config(cases(FILE))]

    /// Invariant 9, attack 13: at a price that fills do not move, pieces cost at least what one bid costs.
    #[test]
    fn attack_13_many_bids_never_cost_less_than_one(
        p in position(300..1_050), m in multiplier(), t in terms(), parts in prop::collection::vec(1u128..=400, 2..12),
    ) {
        let t = match t.protection {
            Protection::Soft { .. } => Terms { protection: Protection::Curve, ..t },
            _ => t,
        };
        let subject = p.subject();
        let Some(all) = whole(&subject, m, &t) else { return Ok(()) };
        let (mut now, mut sold, mut paid) = (subject, Uint128::zero(), Uint128::zero());
        for part in parts {
            let budget = all.paid.multiply_ratio(part, 1_000u128);
            if let Ok(fill) = now.fill(m, &t, Some(budget), None).unwrap() {
                (sold, paid) = (sold + fill.sold, paid + fill.paid);
                now = now.after(fill.sold, fill.repaid).unwrap();
            }
        }
        // AboveLtv prices at the loan-to-value, which rounding may lower by its last digits.
        let slack = units(sold) * p.collaterals[0].unit() / p.debts[0].unit() * frac(1, 1_000_000_000_000);
        let exact = units(sold) * p.collaterals[0].unit() * dec(all.multiplier) / p.debts[0].unit();
        prop_assert!(units(paid) + slack >= exact, "{} units for {paid}, one bid {}", sold, show(&exact));
        // Where the penalty is the same all along, pieces end where one bid ends.
        let first = effective_penalty(t.penalty, all.multiplier, ltv(&subject.book.plain).unwrap()).unwrap();
        if first == t.penalty {
            // Each piece rounds by a unit of either asset, and the loan-to-value by its last digit.
            let unit = (p.collaterals[0].unit() + p.debts[0].unit()) * units(12u128.into());
            let digit = p.collaterals[0].worth() * frac(1, 1_000_000_000_000_000);
            let more = (units(sold) - units(all.sold)) * p.collaterals[0].unit();
            prop_assert!(more <= unit + digit, "pieces got {sold}, one bid {}", all.sold);
        }
    }

    /// The same in the soft stage, where the lot keeps what the soft limit held up: pieces all over a lot's life, and
    /// several in a second, cost at least the price of the first of them at its second. See
    /// `pieces_are_cheaper_where_the_soft_limit_binds`.
    #[test]
    fn attack_13_a_lot_that_keeps_its_price_makes_pieces_no_cheaper(
        p in position(900..1_050), t in terms(), weight in 85u64..98, start in 0u64..460,
        parts in prop::collection::vec((1u128..=400, prop_oneof![Just(0u64), 1u64..60]), 2..12),
    ) {
        let mut p = p;
        p.collaterals[0].maintenance = Decimal::percent(weight);
        let mut curve = CurveTerms::Linear { premium: Decimal::permille(5), floor: Decimal::percent(6), fall: 450 }
            .lot(Decimal::permille(1_005), Decimal::one())
            .unwrap();
        let (mut now, mut at) = (p.subject(), start);
        let (mut in_this_second, mut budget) = (None, Uint128::zero());
        for (part, later) in parts {
            if later > 0 {
                (at, in_this_second) = (at + later, None);
            }
            let clock = curve.multiplier(at).unwrap();
            let floor = Decimal::one().saturating_sub(curve.multiplier(u64::MAX).unwrap());
            let t = Terms { protection: Protection::Soft { floor, eta: Decimal::percent(50) }, ..t };
            let Some(all) = whole(&now, clock, &t) else { return Ok(()) };
            if in_this_second.is_none() {
                budget = all.paid;
            }
            let first = *in_this_second.get_or_insert(all.multiplier);
            prop_assert!(all.multiplier >= first, "{} after {first} in one second", all.multiplier);
            let Ok(fill) = now.fill(clock, &t, Some(budget.multiply_ratio(part, 1_000u128)), None).unwrap() else { continue };
            let exact = units(fill.sold) * p.collaterals[0].unit() * dec(first) / p.debts[0].unit();
            prop_assert!(units(fill.paid) >= exact, "{} for what costs {}", fill.paid, show(&exact));
            if fill.multiplier > clock {
                curve = curve.not_below(fill.multiplier);
            }
            now = now.after(fill.sold, fill.repaid).unwrap();
        }
    }
}

/// What the live soft limit does to invariant 9, as a figure: a collateral with `wM` = .95 at a health of .96, the
/// clock at its floor. Each fill lifts health, and with it the discount that the limit allows: in ten pieces the same
/// collateral is .26 % cheaper than at once, the last piece 1.13 %. So a lot must keep the highest limit that one of its fills has met.
#[test]
fn pieces_are_cheaper_where_the_soft_limit_binds() {
    let asset = |amount: u128, weight| model::position::Asset {
        amount: amount.into(),
        decimals: 6,
        price: Decimal::one(),
        target: weight,
        maintenance: weight,
    };
    let start = Position {
        collaterals: vec![asset(960_000_000, Decimal::percent(95))],
        debts: vec![asset(950_000_000, Decimal::one())],
    }
    .subject();
    let terms = Terms {
        protection: soft(),
        ..bare(Decimal::permille(1))
    };
    let floor = Decimal::percent(94);
    let once = start.fill(floor, &terms, None, None).unwrap().unwrap();
    let (mut now, mut sold, mut paid) = (start, Uint128::zero(), Uint128::zero());
    let mut last = once.multiplier;
    while let Ok(fill) = now
        .fill(floor, &terms, Some(once.paid.multiply_ratio(1u128, 10u128)), None)
        .unwrap()
    {
        assert!(fill.multiplier <= last);
        last = fill.multiplier;
        (sold, paid) = (sold + fill.sold, paid + fill.paid);
        now = now.after(fill.sold, fill.repaid).unwrap();
    }
    let average = Decimal::from_ratio(paid, sold);
    assert!(
        once.multiplier > average,
        "{} at once, {average} in pieces",
        once.multiplier
    );
    assert_eq!(once.multiplier, Decimal::raw(995_286_458_333_333_333));
    assert!(average < Decimal::permille(993) && last < Decimal::permille(984));
    // With the limit of the first fill as the floor of the lot all pieces cost the same: `Curve::not_below`.
    let floor = once.multiplier;
    let first = start
        .fill(floor, &terms, Some(once.paid.multiply_ratio(1u128, 2u128)), None)
        .unwrap()
        .unwrap();
    let second = start
        .after(first.sold, first.repaid)
        .unwrap()
        .fill(floor, &terms, None, None)
        .unwrap()
        .unwrap();
    assert_eq!((first.multiplier, second.multiplier), (floor, floor));
}

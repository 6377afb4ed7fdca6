//! The claims about when a fill helps, on exact positions: the crate only takes part where it is asked for `k`.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::Decimal;
use glidepath_risk::sizing::{need, soft_limit, Need, Protection, Terms};
use model::position::{bare, multiplier, position, terms, weighted, Position};
use model::{dec, frac, not_negative, show, usd, Q};
use num_traits::{One, Zero};
use proptest::prelude::*;

/// Cheap cases, so many of them.
fn many() -> ProptestConfig {
    ProptestConfig {
        cases: 2_000,
        ..model::cases("proptest-regressions/frontier.txt")
    }
}

/// Health after collateral worth `sold` left for a repayment of `k` per dollar.
fn health_after(p: &Position, sold: &Q, k: &Q) -> (Q, Q) {
    let (held, owed) = p.maintenance();
    (
        held - sold * dec(p.collaterals[0].maintenance),
        owed - sold * k * dec(p.debts[0].maintenance),
    )
}

proptest! {
    #![proptest_config(many())]

    /// "A fill raises maintenance health iff k·bM_r·H_M > wM_j", by any size that leaves debt.
    #[test]
    fn the_claim_of_the_frontier(p in position(300..1_600), k in 300u128..1_100, part in 1u128..=1_000) {
        let k = frac(k as i128, 1_000);
        let (held, owed) = p.maintenance();
        let most = p.collaterals[0].worth().min(p.debts[0].worth() / &k);
        let sold = most * frac(part as i128, 1_000);
        let (held_after, owed_after) = health_after(&p, &sold, &k);
        prop_assume!(!owed_after.is_zero());
        let rises = &held_after * &owed > &held * &owed_after;
        let claim = &k * dec(p.debts[0].maintenance) * (held / owed) > dec(p.collaterals[0].maintenance);
        prop_assert_eq!(rises, claim);
    }

    /// Anywhere down to the soft limit a fill is inside the frontier, and the target can be reached from there.
    #[test]
    fn the_soft_limit_is_inside_the_frontier(p in position(500..1_400), eta in 1u64..=75, t in terms(), depth in 0u128..=1_000) {
        let (held, owed) = p.maintenance();
        let health = model::down(&(held / owed)).unwrap().min(t.h);
        let (w, b) = (p.collaterals[0].maintenance, p.debts[0].maintenance);
        let Some(limit) = soft_limit(Decimal::one(), Decimal::percent(eta), t.penalty, w, b, health).unwrap() else {
            // Not soft-sellable: at the oracle price a fill lowers health, or as good as.
            let at_par = dec(b) * dec(health) / (Q::one() + dec(t.penalty));
            prop_assert!(at_par <= dec(w) + frac(1, 1_000_000_000_000_000));
            return Ok(());
        };
        let k = (Q::one() - dec(limit) * frac(depth as i128, 1_000)) / (Q::one() + dec(t.penalty));
        prop_assert!(&k * dec(b) * dec(health) > dec(w), "outside by {}", show(&(dec(w) - &k * dec(b) * dec(health))));
        prop_assert!(dec(t.h) * k * dec(p.debts[0].target) > dec(p.collaterals[0].target));
    }

    /// Selling what `need` says, exactly, meets the target: by definition of health, not by the formula.
    #[test]
    fn selling_what_is_needed_meets_the_target(p in position(300..1_400), m in multiplier(), t in terms()) {
        let k = Decimal::from_ratio(m.atomics(), (Decimal::one() + t.penalty).atomics());
        let (held, owed) = p.target();
        let (w, b) = (p.collaterals[0].target, p.debts[0].target);
        let book = p.subject().book;
        match need(&book.target, t.h, k, w, b).unwrap() {
            Need::Nothing => prop_assert!(not_negative(&(held - dec(t.h) * owed))),
            Need::All => prop_assert!(dec(t.h) * dec(k) * dec(b) <= dec(w) + frac(1, 100_000_000_000_000_000)),
            Need::Sell(value) => {
                let sold = usd(value);
                let per_value = dec(t.h) * dec(k) * dec(b) - dec(w);
                prop_assume!(per_value > frac(1, 1_000_000));
                let gap = dec(t.h) * (owed - &sold * dec(k) * dec(b)) - (held - &sold * dec(w));
                // What rounding may leave: a few last digits of value, for each asset and for the size itself.
                model::assert_near(&gap, &Q::zero(), &(frac(1, 100_000_000_000_000) * (Q::one() + sold)));
                prop_assert!(!not_negative(&(gap - frac(1, 1_000_000_000_000))));
            }
        }
    }
}

/// A position above maintenance whose target is held down by another asset: the live limit alone would allow 20 % off,
/// where each dollar sold takes .95 of target collateral and repays .80. The limit stays where the sale can end.
#[test]
fn a_soft_sale_above_maintenance_ends_at_the_target() {
    let asset = |amount: u128, target, maintenance| model::position::Asset {
        amount: amount.into(),
        decimals: 6,
        price: Decimal::one(),
        target: Decimal::percent(target),
        maintenance: Decimal::percent(maintenance),
    };
    let p = Position {
        collaterals: vec![asset(1_000_000_000, 95, 95), asset(1_000_000_000, 40, 95)],
        debts: vec![asset(1_450_000_000, 100, 100)],
    };
    let terms = Terms {
        protection: Protection::Soft {
            floor: Decimal::percent(25),
            eta: Decimal::percent(75),
        },
        ..bare(Decimal::zero())
    };
    let subject = p.subject();
    assert_eq!(
        soft_limit(
            Decimal::percent(25),
            Decimal::percent(75),
            terms.penalty,
            Decimal::percent(95),
            Decimal::one(),
            subject.health(glidepath_risk::health::Tier::Maintenance).unwrap()
        )
        .unwrap()
        .map(|d| d > Decimal::percent(20)),
        Some(true)
    );
    let multiplier = subject.protected(Decimal::percent(75), &terms).unwrap().unwrap();
    assert_eq!(multiplier, Decimal::raw(962_500_000_000_000_000));
    let fill = subject
        .fill(Decimal::percent(75), &terms, None, None)
        .unwrap()
        .unwrap();
    let after = p.after(fill.sold, fill.repaid);
    let gap = |p: &Position| weighted(&p.debts, |a| a.target) - weighted(&p.collaterals, |a| a.target);
    assert!(gap(&after) < gap(&p), "further from the target");
}

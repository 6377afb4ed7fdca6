//! Attack 11: what a first depositor can take from those who follow, if he could put coins into a market for nothing.
//! (He can't: a donation to the vault is no cash of a market. This is the second line of defence.)
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::{Decimal, Uint128};
use glidepath_risk::market::Market;
use model::cases;
use proptest::prelude::*;

/// The attacker supplies, donates, waits for the victims and takes everything out that his shares are worth.
/// Returns his profit and what the victims lost together.
fn attack(first: u128, donation: u128, victims: &[u128]) -> (i128, i128) {
    let mut market = Market::new(0, Decimal::zero());
    let shares = market.supply(first.into()).unwrap();
    market.cash += Uint128::from(donation);
    let mut lost = 0i128;
    let mut held = Vec::new();
    for paid in victims {
        let minted = market.shares_for_supply((*paid).into()).unwrap();
        // The vault refuses a supply that is not worth a share.
        if !minted.is_zero() {
            held.push((*paid, market.supply((*paid).into()).unwrap()));
        }
    }
    let taken = market.assets_for_shares(shares).unwrap();
    market.withdraw(taken, shares).unwrap();
    for (paid, minted) in held {
        lost += i128::try_from(paid).unwrap()
            - i128::try_from(market.assets_for_shares(minted).unwrap().u128()).unwrap();
    }
    let profit = i128::try_from(taken.u128()).unwrap() - i128::try_from(first + donation).unwrap();
    (profit, lost)
}

#[test]
fn attack_11_the_classic_with_one_victim() {
    // One unit in, a million donated, a victim of two million.
    let (profit, lost) = attack(1, 1_000_000, &[2_000_000]);
    assert!(profit < -499_000, "profit {profit}");
    assert!(lost <= 1, "lost {lost}");
}

#[test]
fn attack_11_with_a_thousand_victims_just_below_a_share() {
    // Each victim pays just too little for one more share: the most that rounding can take of him.
    let donation = 10u128.pow(12);
    let share = (donation + 2) / 2_000_000;
    let victims = vec![2 * share - 1; 1_000];
    let (profit, lost) = attack(1, donation, &victims);
    assert!(profit < 0, "profit {profit}");
    assert!(-profit > 100 * lost, "{profit} spent to take {lost}");
}

proptest! {
    #![proptest_config(cases("proptest-regressions/inflation.txt"))]

    /// Never profitable, whatever he supplies and donates, for up to fifty victims of any size.
    #[test]
    fn attack_11_inflation_never_pays(
        first in 1u128..1_000_000, magnitude in 0u32..60, victims in prop::collection::vec((0u32..60, 1u128..1_000), 1..50),
    ) {
        let donation = 1u128 << magnitude;
        let victims: Vec<u128> = victims.into_iter().map(|(bits, m)| ((1u128 << bits) * m / 500).max(1)).collect();
        let (profit, _) = attack(first, donation, &victims);
        prop_assert!(profit <= 0, "profit {profit} of a donation of {donation}");
    }

    /// What a victim loses to rounding is at most the worth of one share, a millionth of what was donated.
    #[test]
    fn attack_11_a_victim_loses_a_millionth_of_the_donation_at_most(first in 1u128..1_000_000, donation in 0u128..1 << 60, paid in 1u128..1 << 70) {
        let (_, lost) = attack(first, donation, &[paid]);
        let share = (first + donation + 1) / (first * 1_000_000 + 1_000_000) + 1;
        prop_assert!(lost <= i128::try_from(share).unwrap() + 1, "lost {lost}, a share is {share}");
    }

    /// Attack 13: a thousand small supplies and withdrawals never beat one, and nor do many small debts.
    #[test]
    fn attack_13_dust_never_beats_one(total in 1_000u128..1_000_000_000, parts in 2u128..40, donated in 0u128..1_000_000_000, index in 100u64..400) {
        let mut base = Market::new(0, Decimal::zero());
        base.supply(1_000_000_000u128.into()).unwrap();
        base.cash += Uint128::from(donated);
        base.index = Decimal::percent(index);
        let piece = Uint128::from(total / parts);
        let (mut one, mut many) = (base.clone(), base.clone());
        let all = one.supply(piece * Uint128::from(parts)).unwrap();
        let sum: Uint128 = (0..parts).map(|_| many.supply(piece).unwrap()).sum();
        prop_assert!(sum <= all);
        let (mut one, mut many) = (base.clone(), base.clone());
        let debt = one.borrow((piece * Uint128::from(parts)).min(base.cash)).unwrap();
        let debts: Uint128 = (0..parts).map(|_| many.borrow(piece.min(many.cash)).unwrap()).sum();
        prop_assert!(debts >= debt);
        // Paid back in pieces, more is left than paid at once.
        let mut left = debt;
        let mut pieces = one.clone();
        for _ in 0..parts {
            left = pieces.repay(piece.min(pieces.debt_of_shares(left, 0).unwrap()), left).unwrap();
        }
        let paid = (piece * Uint128::from(parts)).min(one.debt_of_shares(debt, 0).unwrap());
        prop_assert!(left >= one.repay(paid, debt).unwrap());
    }
}

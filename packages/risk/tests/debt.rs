//! What a position owes: principal with interest up, surcharge down, and never more than half an hour of it at once.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::{Decimal, Uint128};
use glidepath_risk::debt::{debt_of, Debt, Owed, SURCHARGE_STRETCH};
use glidepath_risk::market::Market;
use glidepath_risk::{RiskError, SECONDS_PER_YEAR};
use model::{cases, ceil, dec, floor, frac, int};
use proptest::prelude::*;

fn market(index: Decimal, rate: Decimal) -> Market {
    Market {
        index,
        ..Market::new(0, rate)
    }
}

fn owed(principal: u128, surcharge: u128) -> Owed {
    Owed {
        principal: principal.into(),
        surcharge: surcharge.into(),
    }
}

#[test]
fn an_hour_unwatched_costs_half_an_hour() {
    let debt = Debt {
        shares: 1_000_000_000u128.into(),
        surcharge: 7u128.into(),
        since: 100,
    };
    let at = |now| {
        debt_of(
            &debt,
            &market(Decimal::one(), Decimal::zero()),
            Decimal::percent(10),
            now,
        )
        .unwrap()
    };
    assert_eq!(at(100), owed(1_000_000_000, 7));
    assert_eq!(at(99), owed(1_000_000_000, 7));
    // 1,000 USD at 10 % a year: 5,707.76 units in half an hour.
    assert_eq!(at(100 + SURCHARGE_STRETCH), owed(1_000_000_000, 7 + 5_707));
    assert_eq!(at(u64::MAX), at(100 + SURCHARGE_STRETCH));
}

#[test]
fn no_debt_owes_nothing() {
    let got = debt_of(
        &Debt::default(),
        &market(Decimal::one(), Decimal::percent(50)),
        Decimal::percent(20),
        1_000_000,
    )
    .unwrap();
    assert_eq!(got, Owed::default());
    assert_eq!(got.total().unwrap(), Uint128::zero());
}

#[test]
fn a_repayment_pays_the_principal_first() {
    let debt = owed(100, 10);
    assert_eq!(debt.split(60u128.into()).unwrap(), owed(60, 0));
    assert_eq!(debt.split(105u128.into()).unwrap(), owed(100, 5));
    assert_eq!(debt.split(110u128.into()).unwrap(), debt);
    assert_eq!(
        debt.split(111u128.into()),
        Err(RiskError::Underflow {
            held: 110,
            taken: 111
        })
    );
    assert_eq!(owed(u128::MAX, 1).total(), Err(RiskError::Overflow));
}

proptest! {
    #![proptest_config(cases("proptest-regressions/debt.txt"))]

    #[test]
    fn a_debt_is_the_exact_one_rounded(
        shares in 0u128..1 << 70, index in 1_000u128..9_999, rate in 0u64..500, surcharge in 0u64..50, booked in 0u128..1_000, since in 0u64..10_000, now in 10_000u64..40_000_000,
    ) {
        let market = market(Decimal::raw(index * 1_000_000_000_000_000), Decimal::percent(rate));
        let debt = Debt { shares: shares.into(), surcharge: booked.into(), since };
        let got = debt_of(&debt, &market, Decimal::percent(surcharge), now).unwrap();
        let year = int(SECONDS_PER_YEAR);
        let exact = int(shares) * dec(market.index) * model::exp(&(frac(rate.into(), 100) * int(now) / &year));
        model::assert_near(&int(got.principal.u128()), &exact, &(int(1) + &exact * frac(1, 1_000_000_000_000_000)));
        if rate == 0 {
            prop_assert_eq!(got.principal.u128(), ceil(&exact));
        }
        let fresh = int(got.principal.u128()) * frac(surcharge.into(), 100) * int((now - since).min(SURCHARGE_STRETCH)) / year;
        let fresh_got = got.surcharge.u128() - booked;
        prop_assert!(fresh_got <= floor(&fresh));
        // The rate over the stretch is itself rounded down on its 18th digit.
        model::assert_near(&int(fresh_got), &fresh, &(int(1) + int(2) * int(got.principal.u128()) * model::ulp()));
    }

    /// Attack 13: touching a position more often never adds surcharge.
    #[test]
    fn attack_13_touching_never_adds_surcharge(shares in 1u128..1 << 60, parts in 1u64..60, step in 1u64..600) {
        let market = market(Decimal::one(), Decimal::zero());
        let rate = Decimal::percent(10);
        let mut often = Debt { shares: shares.into(), ..Debt::default() };
        for touch in 1..=parts {
            often.surcharge = debt_of(&often, &market, rate, touch * step).unwrap().surcharge;
            often.since = touch * step;
        }
        let exact = int(shares) * frac(1, 10) * int(parts * step) / int(SECONDS_PER_YEAR);
        prop_assert!(int(often.surcharge.u128()) <= exact);
    }

    #[test]
    fn a_split_adds_up(principal in any::<u64>(), surcharge in any::<u64>(), amount in any::<u64>()) {
        let debt = owed(principal.into(), surcharge.into());
        match debt.split(amount.into()) {
            Ok(paid) => {
                prop_assert_eq!(paid.total().unwrap(), Uint128::from(amount));
                prop_assert!(paid.principal <= debt.principal && paid.surcharge <= debt.surcharge);
                prop_assert!(paid.surcharge.is_zero() || paid.principal == debt.principal);
            }
            Err(_) => prop_assert!(Uint128::from(amount) > debt.total().unwrap()),
        }
    }
}

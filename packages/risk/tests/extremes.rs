//! Attack 14: amounts near `u128::MAX`, any decimals, prices from 10⁻¹² to 10⁹: a figure or a checked error.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::{Decimal, Uint128};
use glidepath_risk::curve::{CurveTerms, Learning};
use glidepath_risk::debt::{debt_of, Debt};
use glidepath_risk::health::{Factors, Sums, Tier, Weights};
use glidepath_risk::interest::{growth, rate_over, RateModel};
use glidepath_risk::market::Market;
use glidepath_risk::math;
use glidepath_risk::sizing::{Book, Leg, Protection, Subject, Terms};
use glidepath_risk::tempo::{calm, grace, tempo};
use glidepath_risk::volatility::{smooth, volatility};
use glidepath_risk::{Price, Rounding, Value};
use model::cases;
use proptest::prelude::*;

/// Small, large, powers of two and their neighbours, and the ends.
fn wild() -> impl Strategy<Value = u128> {
    prop_oneof![
        Just(0u128),
        Just(1),
        Just(u128::MAX),
        any::<u128>(),
        0u128..1_000,
        (0u32..128, 0u128..3).prop_map(|(bit, add)| (1u128 << bit).wrapping_sub(1).wrapping_add(add)),
        (0u32..39).prop_map(|e| 10u128.pow(e)),
    ]
}

fn wild_decimal() -> impl Strategy<Value = Decimal> {
    wild().prop_map(Decimal::raw)
}

fn wild_price() -> impl Strategy<Value = Price> {
    prop_oneof![
        wild_decimal().prop_map(Price),
        (6u32..28).prop_map(|e| Price(Decimal::raw(10u128.pow(e))))
    ]
}

fn wild_time() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0u64), Just(u64::MAX), any::<u64>(), 0u64..100_000_000]
}

fn wild_leg() -> impl Strategy<Value = Leg> {
    let decimals = prop_oneof![prop::sample::select(vec![0u8, 6, 8, 18]), any::<u8>()];
    (wild(), decimals, wild_price(), wild_decimal(), wild_decimal()).prop_map(
        |(amount, decimals, price, target, maintenance)| Leg {
            amount: amount.into(),
            decimals,
            price,
            target,
            maintenance,
        },
    )
}

fn wild_sums() -> impl Strategy<Value = Sums> {
    (wild(), wild(), wild(), wild()).prop_map(|(a, b, c, d)| Sums {
        collateral: Value(cosmwasm_std::Decimal256::new(
            cosmwasm_std::Uint256::from(a) * cosmwasm_std::Uint256::from(b),
        )),
        debt: Value(cosmwasm_std::Decimal256::new(
            cosmwasm_std::Uint256::from(c) * cosmwasm_std::Uint256::from(d),
        )),
    })
}

proptest! {
    #![proptest_config(cases("proptest-regressions/extremes.txt"))]

    /// Nothing here is asserted but that it returns.
    #[test]
    fn attack_14_no_sale_panics(
        (target, maintenance, plain) in (wild_sums(), wild_sums(), wild_sums()),
        (collateral, debt) in (wild_leg(), wild_leg()),
        (h, penalty, floor, eta, m) in (wild_decimal(), wild_decimal(), wild_decimal(), wild_decimal(), wild_decimal()),
        (x, y, pass) in (wild(), wild(), 0u8..3),
    ) {
        let subject = Subject { book: Book { target, maintenance, plain }, collateral, debt };
        let protection = match pass { 0 => Protection::Soft { floor, eta }, 1 => Protection::AboveLtv, _ => Protection::Curve };
        let usd = Value::usd(x);
        let terms = Terms { h, penalty, protection, min_fill: usd, min_collateral: usd, min_debt: usd };
        let _ = subject.allowed(m, &terms);
        let fill = subject.fill(m, &terms, Some(x.into()), Some(y.into()));
        let _ = subject.fill(m, &terms, None, None);
        let _ = subject.after(x.into(), y.into());
        for tier in [Tier::Initial, Tier::Target, Tier::Maintenance] {
            let _ = subject.health(tier);
        }
        // And what does come out is within its bounds.
        if let Ok(Ok(fill)) = fill {
            prop_assert!(fill.sold <= collateral.amount && fill.sold.u128() <= y);
            prop_assert!(fill.paid.u128() <= x && fill.repaid <= debt.amount);
            prop_assert_eq!(fill.repaid + fill.penalty, fill.paid);
            prop_assert!(!fill.sold.is_zero() && !fill.repaid.is_zero());
        }
    }

    #[test]
    fn attack_14_no_market_panics(
        (cash, debt_shares, supply, fund, tickets) in (wild(), wild(), wild(), wild(), wild()),
        (index, rate, factor) in (wild_decimal(), wild_decimal(), wild_decimal()),
        (since, now, x, y) in (wild_time(), wild_time(), wild(), wild()),
    ) {
        let market = Market {
            cash: cash.into(), debt_shares: debt_shares.into(), index, rate, accrued_at: since, supply_shares: supply.into(),
            fund_shares: fund.into(), reserve_shares: Uint128::zero(), dues: Uint128::zero(), tickets: tickets.into(),
        };
        let (x, y) = (Uint128::new(x), Uint128::new(y));
        let _ = (market.total_assets(), market.utilisation(), market.supply_price(), market.is_retired(), market.index_at(now));
        let _ = (market.shares_for_supply(x), market.shares_for_withdrawal(x), market.assets_for_shares(x));
        let _ = (market.clone().accrue(factor, now), market.clone().supply(x), market.clone().supply_fund(x), market.clone().supply_reserves(x));
        let _ = (market.clone().withdraw(x, y), market.clone().borrow(x), market.clone().repay(x, y), market.clone().write_off(x, y));
        let model = RateModel { base: rate, kink: index, slope_low: factor, slope_high: rate };
        let _ = (model.is_valid(), model.borrow_rate(factor), market.clone().set_rate(&model));
        let _ = debt_of(&Debt { shares: x, surcharge: y, since }, &market, rate, now).map(|owed| owed.split(x));
    }

    #[test]
    fn attack_14_no_helper_panics(
        (a, b, c) in (wild_decimal(), wild_decimal(), wild_decimal()), (s, t) in (wild_time(), wild_time()),
        (x, y, z) in (wild(), wild(), wild()), decimals in any::<u8>(), price in wild_price(),
    ) {
        let _ = (math::exp(a), math::exp_neg(a), math::abs_ln_ratio(a, b), math::ten_pow(decimals));
        for rounding in [Rounding::Down, Rounding::Up] {
            let (x, y, z) = (Uint128::new(x), Uint128::new(y), Uint128::new(z));
            let _ = (math::mul_div(x, y, z, rounding), math::mul(x, a, rounding), math::div(x, a, rounding));
            let _ = (math::mul_256(a.into(), b.into(), rounding), math::div_256(a.into(), b.into(), rounding));
            let value = price.value_of(x, decimals, rounding);
            let _ = value.and_then(|v| price.amount_for(v, decimals, rounding));
            let _ = value.and_then(|v| v.times(a, rounding));
            let _ = value.and_then(|v| v.plus(v)).and_then(|v| v.ratio(Value::usd(y.u128())));
        }
        let _ = (rate_over(a, s), growth(a, s), smooth(a, b, s, t), volatility(a, b, c, s, t));
        let _ = (calm(a, b).map(tempo), grace(s, a, b, c, a));
        let _ = Learning { step: a, premium_max: b }.start_after(c);
        let curve = CurveTerms::Linear { premium: a, floor: b, fall: s };
        let _ = (curve.start(), curve.floor(), curve.steepest(c, t));
        if let Ok(lot) = curve.lot(a, c) {
            let _ = (lot.multiplier(t), lot.life());
        }
        let _ = Weights { initial: a, target: b, maintenance: c }.is_ordered();
        let _ = Factors { initial: a, target: b, maintenance: c }.is_ordered();
        let _ = Sums::of([(Value::usd(x), a), (Value::usd(y), b)], [(Value::usd(z), c)]).and_then(|s| s.health());
    }

    /// Attack 15: the same USD value has the same health in any decimals and at any price.
    #[test]
    fn attack_15_health_does_not_depend_on_decimals(held in 1u128..1_000_000_000_000, owed in 1u128..1_000_000_000_000) {
        let health = |decimals: u8, exponent: u32| {
            let price = Price(Decimal::raw(10u128.pow(exponent)));
            let value = |cents: u128, rounding| {
                let amount = cents * 10u128.pow(u32::from(decimals) + 16 - exponent);
                price.value_of(amount.into(), decimals, rounding).unwrap()
            };
            Sums::of(
                [(value(held, Rounding::Down), Decimal::percent(75))],
                [(value(owed, Rounding::Up), Decimal::percent(105))],
            ).unwrap().health().unwrap().unwrap()
        };
        let base = health(0, 16);
        for (decimals, exponent) in [(6, 22), (6, 10), (8, 24), (8, 18), (18, 27), (18, 18), (18, 14)] {
            prop_assert_eq!(health(decimals, exponent), base, "{} decimals at 10^{}", decimals, exponent);
        }
    }
}

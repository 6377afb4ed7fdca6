//! How far away a liquidation price is, against an independent model: the normal distribution by numerical integration, and
//! paths that are really walked.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)]

use cosmwasm_std::Decimal;
use glidepath_risk::horizon::{horizon, Horizon};
use glidepath_risk::{RiskError, SECONDS_PER_YEAR};
use proptest::prelude::*;

const DAY: u64 = 86_400;

fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn float(value: Decimal) -> f64 {
    value.to_string().parse().unwrap()
}

/// `2·(1 − Φ(x))` by Simpson's rule.
fn two_tails(x: f64) -> f64 {
    let (steps, end) = (20_000u32, 12.0f64);
    if x >= end {
        return 0.0;
    }
    let width = (end - x) / f64::from(steps);
    let density = |at: f64| (-at * at / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let sum: f64 = (0..=steps)
        .map(|n| {
            let weight = match n {
                0 => 1.0,
                n if n == steps => 1.0,
                n if n % 2 == 1 => 4.0,
                _ => 2.0,
            };
            weight * density(x + f64::from(n) * width)
        })
        .sum();
    2.0 * sum * width / 3.0
}

#[test]
fn the_example_of_its_description() {
    let away = horizon(d("100"), d("90"), d("1"), DAY).unwrap();
    assert_eq!(away.deviations.unwrap().to_string()[..6], *"2.0129");
    assert_eq!(away.probability.to_string()[..6], *"0.0441");
    assert_eq!(away.one_deviation_in, Some(350_076));
}

#[test]
fn at_the_limit_and_without_movement() {
    let touched = Horizon {
        deviations: Some(Decimal::zero()),
        probability: Decimal::one(),
        one_deviation_in: Some(0),
    };
    assert_eq!(horizon(d("90"), d("90"), d("1"), DAY).unwrap(), touched);
    assert_eq!(horizon(d("80"), d("90"), d("0"), 0).unwrap(), touched);
    let still = Horizon {
        deviations: None,
        probability: Decimal::zero(),
        one_deviation_in: None,
    };
    assert_eq!(horizon(d("100"), d("90"), d("0"), DAY).unwrap(), still);
    // No time is no movement, but the distance is what it is.
    let now = horizon(d("100"), d("90"), d("1"), 0).unwrap();
    assert_eq!((now.deviations, now.probability), (None, Decimal::zero()));
    assert_eq!(now.one_deviation_in, Some(350_076));
    assert_eq!(
        horizon(d("100"), d("0"), d("1"), DAY),
        Err(RiskError::DivisionByZero)
    );
}

#[test]
fn a_hair_above_the_limit_is_as_good_as_touched() {
    let away = horizon(d("100.000000000000000001"), d("100"), d("1"), DAY).unwrap();
    assert!(away.probability > d("0.9999998") && away.probability <= Decimal::one());
}

/// Paths of one-minute steps, whose lowest minute is compared. Steps miss what is between them: Broadie, Glasserman and Kou
/// move the barrier by .5826 of a step's deviation for it.
#[test]
fn so_many_of_the_paths_that_are_walked_touch_it() {
    let (volatility, minutes, paths) = (1.0f64, 1_440u32, 4_000u32);
    let step = volatility * (60.0 / SECONDS_PER_YEAR as f64).sqrt();
    let mut dice: u64 = 0x2545_f491_4f6c_dd1d;
    let mut uniform = || {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        (dice >> 11) as f64 / (1u64 << 53) as f64
    };
    let limit = (0.9f64.ln() + 0.5826 * step).exp();
    let mut touched = 0u32;
    for _ in 0..paths {
        let mut log = 0.0f64;
        for _ in 0..minutes / 2 {
            // Box and Muller, two at once.
            let radius = (-2.0 * (1.0 - uniform()).ln()).sqrt();
            let angle = 2.0 * std::f64::consts::PI * uniform();
            log += step * radius * angle.cos();
            if log <= limit.ln() {
                touched += 1;
                break;
            }
            log += step * radius * angle.sin();
            if log <= limit.ln() {
                touched += 1;
                break;
            }
        }
    }
    let share = f64::from(touched) / f64::from(paths);
    let said = float(horizon(d("1"), d("0.9"), d("1"), DAY).unwrap().probability);
    // Four standard errors of the share.
    let error = 4.0 * (said * (1.0 - said) / f64::from(paths)).sqrt();
    assert!(
        (share - said).abs() < error,
        "{share} of the paths, {said} was said"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn it_is_the_normal_distribution(
        price in 1u128..1_000_000_000_000,
        part in 1u64..=9_999,
        volatility in 1u64..100_000,
        seconds in 1u64..100_000_000,
    ) {
        let price = Decimal::from_ratio(price, 1_000_000u128);
        let limit = price * Decimal::from_ratio(part, 10_000u64);
        prop_assume!(!limit.is_zero() && limit < price);
        let volatility = Decimal::from_ratio(volatility, 10_000u64);
        let away = horizon(price, limit, volatility, seconds).unwrap();
        let deviation = float(volatility) * (seconds as f64 / SECONDS_PER_YEAR as f64).sqrt();
        let distance = (float(price) / float(limit)).ln();
        let x = distance / deviation;
        let deviations = float(away.deviations.unwrap());
        prop_assert!((deviations / x - 1.0).abs() < 1e-6, "{deviations} deviations, not {x}");
        let likely = float(away.probability);
        prop_assert!((likely - two_tails(deviations)).abs() < 2e-7, "{likely}, not {}", two_tails(deviations));
        let seconds = (distance / float(volatility)).powi(2) * SECONDS_PER_YEAR as f64;
        if let Some(said) = away.one_deviation_in {
            prop_assert!((said as f64 / seconds - 1.0).abs() < 1e-5 || (said as f64 - seconds).abs() < 2.0);
        }
    }

    /// Nearer, longer and wilder are never less likely.
    #[test]
    fn it_is_monotonous(part in 2u64..9_999, volatility in 1u64..100_000, seconds in 1u64..10_000_000) {
        let likely = |part, volatility, seconds| {
            let limit = Decimal::from_ratio(part, 10_000u64);
            let volatility = Decimal::from_ratio(volatility, 10_000u64);
            horizon(Decimal::one(), limit, volatility, seconds).unwrap().probability
        };
        let this = likely(part, volatility, seconds);
        // The approximation waves by 10⁻⁷.
        let slack = Decimal::raw(300_000_000_000);
        prop_assert!(likely(part - 1, volatility, seconds) <= this + slack);
        prop_assert!(likely(part, volatility, seconds / 2) <= this + slack);
        prop_assert!(likely(part, volatility / 2, seconds) <= this + slack);
    }

    #[test]
    fn no_figure_is_too_large_for_it(
        price in any::<u128>(),
        limit in 1u128..,
        volatility in 0u128..1_000_000_000_000_000_000_000,
        seconds in any::<u64>(),
    ) {
        let away = horizon(Decimal::raw(price), Decimal::raw(limit), Decimal::raw(volatility), seconds);
        let away = away.unwrap();
        prop_assert!(away.probability <= Decimal::one());
    }
}

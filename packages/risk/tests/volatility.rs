//! Smoothed price and volatility: exact averages, whoever updates and however often.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod model;

use cosmwasm_std::Decimal;
use glidepath_risk::volatility::{smooth, volatility};
use glidepath_risk::{RiskError, SECONDS_PER_YEAR};
use model::{cases, dec, exp, frac, int, ln, Q};
use num_traits::One;
use proptest::prelude::*;
use std::str::FromStr;

const HOUR: u64 = 3_600;

fn d(text: &str) -> Decimal {
    Decimal::from_str(text).unwrap()
}

/// A record as an oracle would keep it.
#[derive(Clone, Copy, Debug)]
struct Record {
    price: Decimal,
    smoothed: Decimal,
    volatility: Decimal,
    at: u64,
}

impl Record {
    fn new(price: Decimal, volatility: Decimal) -> Self {
        Record {
            price,
            smoothed: price,
            volatility,
            at: 0,
        }
    }

    /// The price that held is integrated; a price within the same second waits.
    fn update(&mut self, price: Decimal, now: u64) {
        let gap = now - self.at;
        if gap == 0 {
            return;
        }
        self.smoothed = smooth(self.smoothed, self.price, gap, HOUR).unwrap();
        self.volatility = volatility(self.volatility, self.price, price, gap, HOUR).unwrap();
        self.price = price;
        self.at = now;
    }
}

/// Reproducible noise.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// A path of one price a second: 60 % a year is 1.07·10⁻⁴ a second.
    fn path(&mut self, seconds: usize) -> Vec<Decimal> {
        let mut price = 100_000_000_000_000_000_000u128;
        (0..seconds)
            .map(|_| {
                // Twelve uniform steps are as good as normal.
                let sum: i128 = (0..12).map(|_| i128::from(self.next() % 2_001) - 1_000).sum();
                // Standard deviation 2,000, so the unit is 53.4 millionths of a thousandth.
                let change = i128::try_from(price).unwrap() / 1_000_000_000_000 * sum * 53_420;
                price = u128::try_from(i128::try_from(price).unwrap() + change).unwrap();
                Decimal::raw(price)
            })
            .collect()
    }
}

#[test]
fn worked_examples() {
    assert_eq!(
        smooth(d("100"), d("110"), HOUR, HOUR).unwrap().to_string()[..6],
        *"106.32"
    );
    assert_eq!(
        smooth(d("100"), d("110"), 60, 1_800).unwrap().to_string()[..6],
        *"100.32"
    );
    let got = volatility(d("0.6"), d("100"), d("99"), 60, HOUR).unwrap();
    assert_eq!(got.to_string()[..5], *"1.109");
    assert_eq!(smooth(d("1"), d("1"), 1, 0), Err(RiskError::DivisionByZero));
    assert_eq!(
        volatility(d("1"), d("1"), d("0"), 1, 1),
        Err(RiskError::DivisionByZero)
    );
}

/// The same path sampled each 6 s, each 60 s and at random moments: the smoothed price within .02 %, the volatility
/// (mean over two days, which is what sampling can resolve) within 3 %, and near what the path was made with.
#[test]
fn the_cadence_of_updates_does_not_matter() {
    let path = Noise(7).path(2 * 86_400);
    let mut irregular = Noise(11);
    let sampled = |next: &mut dyn FnMut() -> u64| {
        let mut record = Record::new(path[0], d("0.6"));
        let (mut now, mut sum, mut weight, mut smoothed) = (0u64, 0u128, 0u128, Vec::new());
        let mut mark = HOUR;
        loop {
            let step = next();
            now += step;
            if usize::try_from(now).unwrap() >= path.len() {
                break (Decimal::from_ratio(sum, weight), smoothed);
            }
            record.update(path[usize::try_from(now).unwrap()], now);
            let square = record.volatility * record.volatility;
            sum += square.atomics().u128() / 1_000_000 * u128::from(step);
            weight += u128::from(step) * 1_000_000_000_000;
            if now >= mark {
                smoothed.push(record.smoothed);
                mark += HOUR;
            }
        }
    };
    let fast = sampled(&mut || 6);
    let slow = sampled(&mut || 60);
    let random = sampled(&mut || 1 + irregular.next() % 120);
    let close = |a: Decimal, b: Decimal, permille: u64| {
        let gap = a.abs_diff(b);
        assert!(gap <= b * Decimal::permille(permille), "{a} and {b}");
    };
    for other in [&slow, &random] {
        close(other.0.sqrt(), fast.0.sqrt(), 30);
        assert_eq!(other.1.len(), fast.1.len());
        for (a, b) in other.1.iter().zip(&fast.1) {
            close(*a, *b, 2);
        }
    }
    close(fast.0.sqrt(), d("0.6"), 50);
}

/// Many prices within a second: the first counts, the others find no time in which they held.
#[test]
fn pushing_many_prices_in_a_second_moves_nothing() {
    let mut one = Record::new(d("100"), d("0.6"));
    one.update(d("101"), 60);
    let mut many = one;
    for price in ["150", "50", "100", "1000000", "0.000001"] {
        many.update(d(price), 60);
        assert_eq!(smooth(many.smoothed, d(price), 0, HOUR).unwrap(), many.smoothed);
        assert_eq!(
            volatility(many.volatility, many.price, d(price), 0, HOUR).unwrap(),
            many.volatility
        );
    }
    assert_eq!(
        (many.smoothed, many.volatility, many.price),
        (one.smoothed, one.volatility, one.price)
    );
}

/// Waiting and pushing one price moves the smoothed price not at all when it arrives, and by what it held later.
#[test]
fn waiting_and_pushing_one_price_moves_nothing_at_once() {
    for wait in [1u64, 60, HOUR, 30 * 86_400] {
        let mut record = Record::new(d("100"), d("0.6"));
        record.update(d("200"), wait);
        assert_eq!(record.smoothed, d("100"), "after {wait} s");
        record.update(d("100"), wait + 6);
        assert_eq!(record.smoothed.to_string()[..7], *"100.166", "after {wait} s");
    }
}

/// The weight of one return is not bought by waiting for it: the longer the gap, the less it counts.
#[test]
fn waiting_before_a_move_never_makes_it_count_more() {
    let mut last = Decimal::MAX;
    for wait in [1u64, 6, 60, 600, HOUR, 2 * HOUR, 86_400] {
        let got = volatility(Decimal::zero(), d("100"), d("110"), wait, HOUR).unwrap();
        assert!(got < last, "{got} after {wait} s, {last} before");
        last = got;
    }
}

/// One late price does not replace the memory: e⁻¹ of the old variance is left after any gap.
#[test]
fn one_late_price_leaves_a_part_of_the_memory() {
    let day = volatility(d("0.6"), d("100"), d("100"), 86_400, HOUR).unwrap();
    assert_eq!(day, volatility(d("0.6"), d("100"), d("100"), HOUR, HOUR).unwrap());
    model::assert_near(
        &dec(day),
        &(frac(6, 10) * exp(&frac(-1, 2))),
        &frac(1, 1_000_000_000_000_000),
    );
}

#[test]
fn a_price_that_stands_still_is_left_alone() {
    let tiny = Decimal::raw(1_234_567);
    let mut record = Record::new(tiny, d("0.6"));
    for second in 1..=2_000 {
        record.update(tiny, second);
    }
    assert_eq!(record.smoothed, tiny);
    model::assert_near(
        &dec(record.volatility),
        &(frac(6, 10) * exp(&frac(-2_000, 7_200))),
        &frac(1, 1_000_000_000_000),
    );
}

/// Moves of a millionth are still seen in gaps of a minute.
#[test]
fn small_moves_are_not_lost() {
    let got = volatility(Decimal::zero(), d("1"), d("1.000001"), 60, HOUR).unwrap();
    let square = ln(&frac(1_000_001, 1_000_000)) * ln(&frac(1_000_001, 1_000_000));
    let exact = square * int(SECONDS_PER_YEAR) / int(60) * (Q::one() - exp(&frac(-1, 60)));
    let error = (dec(got) * dec(got) - &exact) / exact;
    model::assert_near(&error, &int(0), &frac(1, 10_000));
}

proptest! {
    #![proptest_config(cases("proptest-regressions/volatility.txt"))]

    /// The exact average, within the last digits, and always between the two.
    #[test]
    fn smoothing_is_the_exact_average(a in 1u128..1 << 100, b in 1u128..1 << 100, seconds in 0u64..1_000_000, window in 1u64..100_000) {
        let (a, b) = (Decimal::raw(a), Decimal::raw(b));
        let got = smooth(a, b, seconds, window).unwrap();
        let keep = exp(&(-int(seconds) / int(window)));
        let exact = dec(a) * &keep + dec(b) * (Q::one() - keep);
        model::assert_near(&dec(got), &exact, &(int(2) * model::ulp() + (dec(a) + dec(b)) * frac(2, 10_000_000_000_000_000)));
        prop_assert!(got >= a.min(b) && got <= a.max(b));
    }

    /// A price that held is integrated alike in one step or in many: independent of who asked how often.
    #[test]
    fn smoothing_does_not_depend_on_the_cadence(a in 1u128..1 << 70, b in 1u128..1 << 70, gaps in prop::collection::vec(0u64..600, 1..40)) {
        let (a, b) = (Decimal::raw(a << 20), Decimal::raw(b << 20));
        let total = gaps.iter().sum();
        let many = gaps.iter().fold(a, |s, gap| smooth(s, b, *gap, HOUR).unwrap());
        let once = smooth(a, b, total, HOUR).unwrap();
        model::assert_near(&dec(many), &dec(once), &(int(50) * model::ulp() + (dec(a) + dec(b)) * frac(1, 100_000_000_000_000)));
    }

    #[test]
    fn volatility_is_the_exact_average(previous in 0u64..5_000, from in 1u128..1 << 90, change in 800u128..1_250, seconds in 1u64..20_000, window in 60u64..10_000) {
        let (previous, from) = (Decimal::permille(previous), Decimal::raw(from << 10));
        let to = from * Decimal::permille(u64::try_from(change).unwrap());
        prop_assume!(from > Decimal::raw(1_000_000_000));
        let got = volatility(previous, from, to, seconds, window).unwrap();
        let keep = exp(&(-int(seconds.min(window)) / int(window)));
        let log = ln(&(dec(to) / dec(from)));
        let exact = dec(previous) * dec(previous) * &keep + &log * &log * int(SECONDS_PER_YEAR) / int(seconds) * (Q::one() - keep);
        let exact = model::sqrt(&exact);
        model::assert_near(&dec(got), &exact, &(frac(1, 1_000_000_000) * (Q::one() + &exact)));
    }

    /// Bounded by the price, whatever comes: a crash to a billionth in a second is a volatility, not an error.
    #[test]
    fn attack_14_any_two_prices_have_a_volatility(a in 1u128.., b in 1u128.., seconds in 1u64.., window in 1u64..) {
        let got = volatility(d("0.6"), Decimal::raw(a), Decimal::raw(b), seconds, window).unwrap();
        prop_assert!(got <= d("12000"), "{}", got);
    }
}

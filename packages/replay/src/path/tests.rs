use super::csv::parse;
use super::*;
use crate::config::Config;

const HEADER: &str = "time,open,high,low,close,volume\n";

fn config() -> Config {
    Config::default()
}

fn error(text: &str) -> String {
    parse(text.as_bytes(), "prices.csv").unwrap_err().to_string()
}

fn rows(lines: &[&str]) -> String {
    format!("{HEADER}{}\n", lines.join("\n"))
}

/// Candles of `step` seconds that open and close at `prices` in turn, without wicks.
fn plain(step: u64, prices: &[f64]) -> Candles {
    let rows = prices
        .windows(2)
        .enumerate()
        .map(|(i, pair)| Candle {
            time: i as u64 * step,
            open: pair[0],
            high: pair[0].max(pair[1]),
            low: pair[0].min(pair[1]),
            close: pair[1],
        })
        .collect();
    Candles {
        name: "plain".to_owned(),
        step,
        rows,
    }
}

#[test]
fn a_good_file_is_read_whatever_the_order_of_its_columns() {
    let text = "volume,time,close,open,low,high\n1,60,11,10,9,12\n0,120,11,11,11,11\n";
    let candles = parse(text.as_bytes(), "prices.csv").unwrap();
    assert_eq!((candles.step, candles.from(), candles.to()), (60, 60, 180));
    assert_eq!(
        candles.rows[0],
        Candle {
            time: 60,
            open: 10.0,
            high: 12.0,
            low: 9.0,
            close: 11.0
        }
    );
}

#[test]
fn each_bad_file_is_refused_with_file_line_and_reason() {
    let good = "60,10,12,9,11,1";
    let cases = [
        (
            "time,open,high,low,close\n".to_owned(),
            "prices.csv:1: missing column `volume`",
        ),
        (
            rows(&[good, "120,11,ten,9,11,1"]),
            "prices.csv:3: `high` is not a number: `ten`",
        ),
        (rows(&[good, "120,11,12,9"]), "prices.csv:3: `close` is missing"),
        (
            rows(&[good, "120,11,12,0,11,1"]),
            "prices.csv:3: `low` is 0, expected more than zero",
        ),
        (
            rows(&[good, "120,-11,12,9,11,1"]),
            "prices.csv:3: `open` is -11, expected more than zero",
        ),
        (
            rows(&[good, "120,11,NaN,9,11,1"]),
            "prices.csv:3: `high` is NaN, expected more than zero",
        ),
        (
            rows(&["1621296000000,10,12,9,11,1"]),
            "prices.csv:2: time 1621296000000 is after the year 2200: unix seconds",
        ),
        (
            rows(&[good, "120,11,12,1e-12,11,1"]),
            "prices.csv:3: `low` is 0.000000000001: prices from 1e-9 to 1e9 USD",
        ),
        (
            rows(&[good, "120,11,12,9,11,-1"]),
            "prices.csv:3: `volume` is -1, expected at least zero",
        ),
        (
            rows(&[good, "120,11,9,12,11,1"]),
            "prices.csv:3: high 9 is below low 12",
        ),
        (
            rows(&[good, "120,13,12,9,11,1"]),
            "prices.csv:3: open 13 is outside of low 9 to high 12",
        ),
        (
            rows(&[good, "60,11,12,9,11,1"]),
            "prices.csv:3: time 60 is out of order: the row before has 60",
        ),
        (
            rows(&[good, "120,11,12,9,11,1", "240,11,12,9,11,1"]),
            "prices.csv:4: gap: time 240 follows 120, expected 180 (candles of 60 s)",
        ),
        (
            rows(&[good, "240,11,12,9,11,1", "300,11,12,9,11,1"]),
            "prices.csv:3: gap: time 240 follows 60, expected 120 (candles of 60 s)",
        ),
        (rows(&[good, "90,11,12,9,11,1"]), "prices.csv:3: candles of 30 s"),
        (
            rows(&["0,10,12,9,11,1", "172800,11,12,9,11,1"]),
            "prices.csv:3: candles of 172800 s",
        ),
        (
            rows(&[good]),
            "prices.csv:2: at least 2 rows of candles are needed, found 1",
        ),
    ];
    for (text, expected) in cases {
        let said = error(&text);
        assert!(said.starts_with(expected), "said `{said}`, expected `{expected}`");
    }
    let missing = super::csv::read(std::path::Path::new("no-such.csv"))
        .unwrap_err()
        .to_string();
    assert!(missing.starts_with("no-such.csv: "), "{missing}");
}

#[test]
fn refined_candles_keep_open_extremes_and_close() {
    for (step, time) in [(60, 60), (300, 600), (3_600, 7_200), (86_400, 86_400)] {
        let candle = Candle {
            time,
            open: 100.0,
            high: 107.0,
            low: 91.0,
            close: 95.0,
        };
        for seed in 0..20 {
            let prices = bridge::refine(&candle, step, seed, 0.75);
            assert_eq!(prices.len() as u64, step / BLOCK_S);
            assert_eq!((prices[0], prices[prices.len() - 1]), (100.0, 95.0));
            let high = prices.iter().copied().fold(0.0, f64::max);
            let low = prices.iter().copied().fold(f64::MAX, f64::min);
            assert_eq!((high, low), (107.0, 91.0), "seed {seed}, candles of {step} s");
        }
    }
}

#[test]
fn a_falling_candle_touches_its_high_first_three_times_in_four() {
    let high_first = (0..2_000)
        .filter(|i| {
            let candle = Candle {
                time: i * 60,
                open: 100.0,
                high: 105.0,
                low: 95.0,
                close: 98.0,
            };
            let prices = bridge::refine(&candle, 60, 1, 0.75);
            let at = |extreme: f64| prices.iter().position(|price| *price == extreme);
            at(105.0) < at(95.0)
        })
        .count();
    assert!(
        (1_400..1_600).contains(&high_first),
        "{high_first} of 2000, expected about 1500"
    );
}

#[test]
fn refining_keeps_about_the_volatility_of_the_candles() {
    let candle = Candle {
        time: 0,
        open: 100.0,
        high: 101.0,
        low: 98.5,
        close: 99.0,
    };
    let parkinson = (101.0f64 / 98.5).ln() / (4.0 * std::f64::consts::LN_2).sqrt();
    let expected = parkinson * (crate::clock::YEAR_S / 3_600.0).sqrt();
    let mean = (0..50)
        .map(|seed| volatility::realised(&bridge::refine(&candle, 3_600, seed, 0.75)))
        .sum::<f64>()
        / 50.0;
    assert!(
        (mean / expected - 1.0).abs() < 0.15,
        "{mean:.3} a year, expected {expected:.3}"
    );
}

#[test]
fn crash_starts_an_hour_before_the_steepest_four_hours() {
    // Hourly candles, flat but for a fall of 20 % over hours 20 to 24.
    let prices: Vec<f64> = (0..=48)
        .map(|hour: i32| 100.0 - 5.0 * f64::from((hour - 20).clamp(0, 4)))
        .collect();
    let (from, to) = Window::Crash
        .find(&plain(3_600, &prices), &config().path)
        .unwrap();
    assert_eq!((from, to), (19 * 3_600, 27 * 3_600));
}

#[test]
fn calm_is_the_least_volatile_stretch_that_falls_a_little() {
    // Hours 0 to 8 fall by 3 % unevenly, 8 to 16 rise, 16 to 24 fall by 2 % evenly, then flat.
    let mut prices = vec![100.0, 102.0, 99.0, 101.0, 98.0, 100.0, 97.0, 98.0, 97.0];
    prices.extend((1..=8).map(|i| 97.0 + 3.0 * f64::from(i) / 8.0));
    prices.extend((1..=8).map(|i| 100.0 - 2.0 * f64::from(i) / 8.0));
    prices.extend([98.0; 2]);
    let (from, _) = Window::Calm.find(&plain(3_600, &prices), &config().path).unwrap();
    assert!(
        (16..=18).contains(&(from / 3_600)),
        "starts at hour {}",
        from / 3_600
    );

    let flat = Window::Calm
        .find(&plain(3_600, &[100.0; 30]), &config().path)
        .unwrap_err()
        .to_string();
    assert!(flat.contains("there is no calm window"), "{flat}");
    let short = Window::Crash
        .find(&plain(3_600, &[100.0; 5]), &config().path)
        .unwrap_err()
        .to_string();
    assert_eq!(
        short,
        "plain: 4.0 hours of candles, a crash or calm window needs 8"
    );
}

#[test]
fn windows_of_one_file_agree_where_they_overlap() {
    let (candles, config) = (builtin(7), config());
    let all = Path::new(&candles, Window::All, 7, &config).unwrap();
    let crash = Path::new(&candles, Window::Crash, 7, &config).unwrap();
    assert_eq!((all.blocks(), crash.blocks()), (43_200, 4_800));
    let offset = ((crash.from - all.from) / BLOCK_S) as usize;
    assert_eq!(crash.prices, all.prices[offset..offset + crash.blocks()]);
    assert_eq!(crash.sigma_ref, all.sigma_ref);
    let worst = crash.worst_hour();
    assert!(crash.prices[worst.end] / crash.prices[worst.start] < 0.85);
}

#[test]
fn the_builtin_scenario_goes_through_its_waypoints() {
    let candles = builtin(1);
    let low = candles
        .rows
        .iter()
        .map(|candle| candle.low)
        .fold(f64::MAX, f64::min);
    assert!((1_800.0..1_910.0).contains(&low), "lowest price {low}");
    assert!(candles.rows.windows(2).all(|pair| pair[0].close == pair[1].open));
    assert_ne!(builtin(2).rows, candles.rows);
}

#[test]
fn a_path_follows_another_as_its_beta_says() {
    let path = Path::new(&builtin(1), Window::Crash, 1, &config()).unwrap();
    let other = path.following(8.0, 2.0, &config());
    assert_eq!(
        (other.blocks(), other.from, other.first()),
        (path.blocks(), path.from, 8.0)
    );
    let moved = |path: &Path| (path.prices[2_000] / path.first()).ln();
    assert!((moved(&other) - 2.0 * moved(&path)).abs() < 1e-9);
    assert!((other.sigma[2_000] / path.sigma[2_000] - 2.0).abs() < 1e-9);
    let still = path.following(1.0, 0.0, &config());
    assert!(still.prices.iter().all(|price| *price == 1.0) && still.sigma_ref == 0.03);
}

#[test]
fn another_file_covers_the_same_blocks_on_ways_of_its_own() {
    let (candles, config) = (builtin(3), config());
    let path = Path::new(&candles, Window::Crash, 3, &config).unwrap();
    let beside = path.beside(&candles, 1, 3, &config).unwrap();
    assert_eq!((beside.from, beside.to()), (path.from, path.to()));
    assert_ne!(beside.prices, path.prices);
    // Both touch what the candles say.
    let of_minute = BLOCK_S as usize / 6 * 10;
    let opens = |path: &Path| -> Vec<f64> { path.prices.iter().copied().step_by(of_minute).collect() };
    assert_eq!(opens(&beside), opens(&path));
}

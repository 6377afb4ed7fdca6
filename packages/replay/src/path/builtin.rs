//! The built-in scenario: three days of one-minute candles around 19 May 2021.
//!
//! The candles are made up. They go through the daily opens, highs, lows and closes of ether that everybody
//! could see at the time, at about the hour at which they were seen; the way between is drawn.

use rand_distr::{Distribution, StandardNormal};

use super::{Candle, Candles};
use crate::clock::{Time, YEAR_S};
use crate::seed::{stream, Stream};

/// Name of the scenario in reports.
const NAME: &str = "built-in: ether, 18 to 20 May 2021 (made up through known prices)";
/// 2021-05-18 00:00 UTC.
const START: Time = 1_621_296_000;
/// Seconds of a candle.
const STEP: u64 = 60;
/// Draws inside a candle.
const DRAWS: usize = 10;

/// `(hour from the start, price in USD, volatility a year of the way there)`.
const WAYPOINTS: &[(f64, f64, f64)] = &[
    (0.0, 3_282.0, 0.0),
    (4.0, 3_410.0, 1.0),
    (9.5, 3_560.0, 0.9),
    (15.0, 3_420.0, 0.9),
    (20.0, 3_460.0, 0.9),
    (24.0, 3_375.0, 1.0),
    (26.0, 3_435.0, 1.0),
    (29.0, 3_200.0, 1.6),
    (31.5, 2_960.0, 2.0),
    (33.5, 3_030.0, 1.8),
    (35.6, 2_700.0, 2.4),
    (36.3, 2_560.0, 3.5),
    (36.8, 2_250.0, 4.5),
    (37.15, 1_900.0, 6.0),
    (37.5, 2_340.0, 6.0),
    (38.2, 2_610.0, 4.0),
    (40.0, 2_780.0, 3.0),
    (43.0, 2_620.0, 2.5),
    (46.0, 2_520.0, 2.2),
    (48.0, 2_440.0, 2.2),
    (50.5, 2_170.0, 2.4),
    (55.0, 2_640.0, 2.2),
    (60.0, 2_990.0, 1.8),
    (66.0, 2_720.0, 1.6),
    (72.0, 2_770.0, 1.4),
];

/// The built-in candles under `seed`.
pub fn builtin(seed: u64) -> Candles {
    let rng = &mut stream(seed, Stream::Scenario, 0);
    let draw_hours = STEP as f64 / 3_600.0 / DRAWS as f64;
    let minutes = (WAYPOINTS[WAYPOINTS.len() - 1].0 * 3_600.0 / STEP as f64).round() as usize;

    let mut rows = Vec::with_capacity(minutes);
    let mut at = WAYPOINTS[0].1.ln();
    let mut leg = 1;
    for minute in 0..minutes {
        let open = at.exp();
        let (mut high, mut low) = (open, open);
        for draw in 0..DRAWS {
            let hour = (minute * DRAWS + draw) as f64 * draw_hours;
            while WAYPOINTS[leg].0 <= hour + draw_hours / 2.0 && leg + 1 < WAYPOINTS.len() {
                leg += 1;
            }
            let (goal_hour, goal, sigma) = WAYPOINTS[leg];
            let left = ((goal_hour - hour) / draw_hours).max(1.0);
            let noise = sigma * (draw_hours * 3_600.0 / YEAR_S).sqrt() * ((left - 1.0) / left).sqrt();
            let normal: f64 = StandardNormal.sample(rng);
            at += (goal.ln() - at) / left + normal * noise;
            high = high.max(at.exp());
            low = low.min(at.exp());
        }
        let cents = |price: f64| (price * 100.0).round() / 100.0;
        rows.push(Candle {
            time: START + minute as u64 * STEP,
            open: cents(open),
            high: cents(high),
            low: cents(low),
            close: cents(at.exp()),
        });
    }
    Candles {
        name: NAME.to_owned(),
        step: STEP,
        rows,
    }
}

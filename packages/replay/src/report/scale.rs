//! Axes: from values to pixels, and where the ticks are.

use crate::clock::{day_month, hour_minute, Time, DAY_S};

/// A straight scale from values to pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// Values at both ends.
    pub(super) values: (f64, f64),
    /// Pixels at both ends.
    pub(super) pixels: (f64, f64),
}

impl Scale {
    /// The pixel of `value`.
    pub(super) fn at(&self, value: f64) -> f64 {
        let (low, high) = self.values;
        let part = if high > low {
            (value - low) / (high - low)
        } else {
            0.5
        };
        self.pixels.0 + part * (self.pixels.1 - self.pixels.0)
    }

    /// The pixel of `value`, kept between both ends.
    pub(super) fn clamped(&self, value: f64) -> f64 {
        self.at(value.clamp(self.values.0, self.values.1))
    }
}

/// Round numbers inside of `low..=high`, about `count` of them, and the decimals that they need.
pub(super) fn ticks(low: f64, high: f64, count: usize) -> (Vec<f64>, usize) {
    let step = nice_step((high - low) / count.max(1) as f64);
    let decimals = (-step.log10().floor()).clamp(0.0, 8.0) as usize;
    let decimals = if (step * 10f64.powi(decimals as i32)).fract().abs() > 1e-6 {
        decimals + 1
    } else {
        decimals
    };
    let (first, last) = (
        (low / step - 1e-9).ceil() as i64,
        (high / step + 1e-9).floor() as i64,
    );
    ((first..=last).map(|i| i as f64 * step).collect(), decimals)
}

/// The next of 1, 2, 5, 10 … at or above `step`.
pub(super) fn nice_step(step: f64) -> f64 {
    if !step.is_finite() || step <= 0.0 {
        return 1.0;
    }
    let magnitude = 10f64.powf(step.log10().floor());
    let nice = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .find(|nice| nice * magnitude >= step * (1.0 - 1e-9));
    nice.unwrap_or(10.0) * magnitude
}

/// `(low, high)` of `values` with a twentieth of room on both sides; never empty.
pub(super) fn extent(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values
        .filter(|value| value.is_finite())
        .fold((f64::MAX, f64::MIN), |(low, high), value| {
            (low.min(value), high.max(value))
        });
    if low > high {
        return (0.0, 1.0);
    }
    let room = ((high - low) * 0.05).max(high.abs() * 1e-4).max(1e-9);
    (low - room, high + room)
}

/// Times of day inside of `from..=to`, about `count` of them, with their labels.
pub(super) fn time_ticks(from: Time, to: Time, count: usize) -> Vec<(Time, String)> {
    const STEPS: [u64; 16] = [
        60,
        120,
        300,
        600,
        900,
        1_800,
        3_600,
        7_200,
        10_800,
        14_400,
        21_600,
        43_200,
        DAY_S,
        2 * DAY_S,
        5 * DAY_S,
        10 * DAY_S,
    ];
    let wanted = (to - from) / count.max(1) as u64;
    let step = STEPS
        .into_iter()
        .find(|step| *step >= wanted)
        .unwrap_or(20 * DAY_S);
    let label = |time: Time| {
        if time.is_multiple_of(DAY_S) {
            day_month(time)
        } else {
            hour_minute(time)
        }
    };
    (from.div_ceil(step)..=to / step)
        .map(|i| (i * step, label(i * step)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(
            ticks(1_893.0, 3_561.0, 4),
            (vec![2_000.0, 2_500.0, 3_000.0, 3_500.0], 0)
        );
        let (at, decimals) = ticks(0.97, 1.09, 5);
        assert_eq!((at.len(), decimals), (5, 3));
        assert_eq!(ticks(0.0, 3.0, 4).0, vec![0.0, 1.0, 2.0, 3.0]);
    }

    #[test]
    fn days_are_named_and_hours_are_not() {
        let labels: Vec<String> = time_ticks(1_621_296_000, 1_621_382_400, 4)
            .into_iter()
            .map(|(_, label)| label)
            .collect();
        assert_eq!(labels, ["18 May", "06:00", "12:00", "18:00", "19 May"]);
    }

    #[test]
    fn flat_values_have_room() {
        let (low, high) = extent([5.0, 5.0].into_iter());
        assert!(low < 5.0 && high > 5.0);
        assert_eq!(extent(std::iter::empty()), (0.0, 1.0));
    }
}

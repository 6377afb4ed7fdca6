//! The frame of a picture: size, margins, axes and grid.

use super::scale::{ticks, time_ticks, Scale};
use super::svg::{Anchor, Svg};
use crate::clock::Time;

/// For which screen a picture is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Screen {
    Wide,
    Narrow,
}

impl Screen {
    /// Pixels from left to right.
    fn width(self) -> f64 {
        match self {
            Screen::Wide => 1_040.0,
            Screen::Narrow => 358.0,
        }
    }

    /// Height of a picture that is `wide` pixels high on a wide screen.
    pub(super) fn height(self, wide: f64) -> f64 {
        match self {
            Screen::Wide => wide,
            Screen::Narrow => (wide * 0.75).max(200.0),
        }
    }

    fn class(self) -> &'static str {
        match self {
            Screen::Wide => "wide",
            Screen::Narrow => "narrow",
        }
    }

    /// About how many labels fit under a picture.
    fn x_ticks(self) -> usize {
        match self {
            Screen::Wide => 10,
            Screen::Narrow => 4,
        }
    }
}

/// A picture with axes. The area of the data is `left..right` by `top..bottom`.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) svg: Svg,
    pub(super) screen: Screen,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Frame {
    /// An empty picture; `height` is that on a wide screen.
    pub(super) fn new(screen: Screen, height: f64) -> Self {
        let (width, height) = (screen.width(), screen.height(height));
        let left = if screen == Screen::Wide { 58.0 } else { 44.0 };
        Self {
            svg: Svg::new(width, height, screen.class()),
            screen,
            left,
            right: width - 8.0,
            top: 22.0,
            bottom: height - 24.0,
        }
    }

    /// A scale of times over the width of the data, with its labels below.
    pub(super) fn time_axis(&mut self, from: Time, to: Time) -> Scale {
        let scale = Scale {
            values: (from as f64, to as f64),
            pixels: (self.left, self.right),
        };
        for (time, label) in time_ticks(from, to, self.screen.x_ticks()) {
            self.x_tick(scale.at(time as f64), &label);
        }
        scale
    }

    /// A scale over the width of the data for numbers, with its labels below and the unit at its end.
    pub(super) fn x_axis(&mut self, low: f64, high: f64, unit: &str) -> Scale {
        let scale = Scale {
            values: (low, high),
            pixels: (self.left, self.right),
        };
        let (at, decimals) = ticks(low, high, self.screen.x_ticks());
        for value in at {
            self.x_tick(scale.at(value), &format!("{value:.decimals$}{unit}"));
        }
        scale
    }

    fn x_tick(&mut self, x: f64, label: &str) {
        self.svg.line("grid", (x, self.top), (x, self.bottom));
        if x - self.left > 14.0 && self.right - x > 14.0 {
            self.svg
                .text("tick", (x, self.bottom + 17.0), Anchor::Middle, label);
        }
    }

    /// A scale over the height of the data, with its labels at the left and `unit` above them.
    pub(super) fn y_axis(&mut self, low: f64, high: f64, unit: &str) -> Scale {
        let scale = Scale {
            values: (low, high),
            pixels: (self.bottom, self.top),
        };
        let count = ((self.bottom - self.top) / 46.0).max(3.0) as usize;
        let (at, decimals) = ticks(low, high, count);
        for value in at {
            let y = scale.at(value);
            self.svg.line("grid", (self.left, y), (self.right, y));
            let label = if decimals == 0 {
                thousands(value)
            } else {
                format!("{value:.decimals$}")
            };
            self.svg
                .text("tick", (self.left - 7.0, y + 4.0), Anchor::End, &label);
        }
        self.svg.text("unit", (0.0, 12.0), Anchor::Start, unit);
        scale
    }

    /// A stretch of time behind the data, named at its top.
    pub(super) fn stretch(&mut self, x: &Scale, (from, to): (Time, Time), name: &str) {
        let (left, right) = (x.clamped(from as f64), x.clamped(to as f64));
        let (corner, height) = ((left, self.top), self.bottom - self.top);
        self.svg.rect("b-stress", corner, (right - left, height));
        let (at, anchor) = match right > (self.left + self.right) / 2.0 {
            true => (right - 4.0, Anchor::End),
            false => (left + 4.0, Anchor::Start),
        };
        if right > left {
            self.svg.text("note", (at, self.top + 11.0), anchor, name);
        }
    }

    /// The line at the foot of the data.
    pub(super) fn base_line(&mut self) {
        self.svg
            .line("axis", (self.left, self.bottom), (self.right, self.bottom));
    }

    /// The picture, described by `label`.
    pub(super) fn finish(mut self, label: &str) -> String {
        self.base_line();
        self.svg.finish(label)
    }
}

/// A whole number with separators.
fn thousands(value: f64) -> String {
    let usd = crate::show::usd(value);
    usd.replace('$', "")
}

/// A step line or a line through many values, with what can't be told apart at `columns` pixels left out: of
/// each column the first, lowest, highest and last value are kept, so that no spike is lost.
pub(super) fn decimate(
    values: &[f64],
    x: impl Fn(usize) -> f64,
    y: &Scale,
    columns: usize,
) -> Vec<(f64, f64)> {
    let per_column = (values.len() / columns.max(1)).max(1);
    let mut points = Vec::new();
    for (column, chunk) in values.chunks(per_column).enumerate() {
        let start = column * per_column;
        let extreme = |better: fn(&f64, &f64) -> std::cmp::Ordering| {
            chunk
                .iter()
                .enumerate()
                .max_by(|a, b| better(a.1, b.1))
                .map_or(0, |(index, _)| index)
        };
        let mut kept = [
            0,
            extreme(|a, b| a.total_cmp(b)),
            extreme(|a, b| b.total_cmp(a)),
            chunk.len() - 1,
        ];
        kept.sort_unstable();
        for index in kept {
            points.push((x(start + index), y.clamped(chunk[index])));
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimating_keeps_spikes_and_ends() {
        let mut values = vec![1.0; 1_000];
        values[512] = 9.0;
        values[513] = 0.0;
        let y = Scale {
            values: (0.0, 10.0),
            pixels: (0.0, 10.0),
        };
        let points = decimate(&values, |i| i as f64, &y, 50);
        assert!(points.len() <= 200);
        assert!(points.contains(&(512.0, 9.0)) && points.contains(&(513.0, 0.0)));
        assert_eq!(points.last(), Some(&(999.0, 1.0)));
    }
}

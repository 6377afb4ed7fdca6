//! A small writer of SVG elements. Colours come from classes, so that one picture serves light and dark.

use std::fmt::Write;

/// An SVG picture under way.
#[derive(Debug)]
pub(super) struct Svg {
    body: String,
    width: f64,
    height: f64,
    class: &'static str,
}

/// Where a text is anchored.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Svg {
    /// An empty picture of `width` by `height` pixels that is shown where `class` is.
    pub(super) fn new(width: f64, height: f64, class: &'static str) -> Self {
        Self {
            body: String::new(),
            width,
            height,
            class,
        }
    }

    /// The element, described by `label` for those who don't see it.
    pub(super) fn finish(self, label: &str) -> String {
        format!(
            "<svg class=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">{}</svg>\n",
            self.class,
            self.width,
            self.height,
            escape(label),
            self.body
        )
    }

    /// A straight line.
    pub(super) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let (x1, y1, x2, y2) = (num(from.0), num(from.1), num(to.0), num(to.1));
        let _ = write!(
            self.body,
            "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"
        );
    }

    /// A rectangle; nothing if it has no area.
    pub(super) fn rect(&mut self, class: &str, corner: (f64, f64), size: (f64, f64)) {
        if size.0 <= 0.0 || size.1 <= 0.0 {
            return;
        }
        let (x, y, width, height) = (num(corner.0), num(corner.1), num(size.0), num(size.1));
        let _ = write!(
            self.body,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
        );
    }

    /// Level bars of one class as one element: `(from, to, height)` in pixels, `thick` pixels wide.
    pub(super) fn bars(&mut self, class: &str, thick: f64, bars: &[(f64, f64, f64)]) {
        let long = bars.iter().filter(|(from, to, _)| to > from);
        let data: String = long
            .map(|(from, to, y)| format!("M{} {}H{}", num(*from), num(*y), num(*to)))
            .collect();
        if !data.is_empty() {
            let thick = num(thick);
            let _ = write!(
                self.body,
                "<path class=\"{class}\" stroke-width=\"{thick}\" d=\"{data}\"/>"
            );
        }
    }

    /// A text of one line.
    pub(super) fn text(&mut self, class: &str, at: (f64, f64), anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let (x, y, text) = (num(at.0), num(at.1), escape(text));
        let _ = write!(
            self.body,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>"
        );
    }

    /// A circle, with a text that shows under the pointer.
    pub(super) fn dot(&mut self, class: &str, at: (f64, f64), radius: f64, title: Option<&str>) {
        let (x, y, r) = (num(at.0), num(at.1), num(radius));
        let _ = write!(
            self.body,
            "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\""
        );
        match title {
            Some(title) => {
                let _ = write!(self.body, "><title>{}</title></circle>", escape(title));
            }
            None => self.body.push_str("/>"),
        }
    }

    /// Many dots of one class as one element: lines of no length with round ends.
    pub(super) fn dots(&mut self, class: &str, at: &[(f64, f64)]) {
        if at.is_empty() {
            return;
        }
        let data: String = at
            .iter()
            .map(|(x, y)| format!("M{} {}h0", num(*x), num(*y)))
            .collect();
        let _ = write!(self.body, "<path class=\"{class}\" d=\"{data}\"/>");
    }

    /// A line through `points`.
    pub(super) fn polyline(&mut self, class: &str, points: &[(f64, f64)]) {
        if points.len() > 1 {
            let _ = write!(self.body, "<path class=\"{class}\" d=\"{}\"/>", through(points));
        }
    }

    /// Many lines of one class as one element.
    pub(super) fn polylines(&mut self, class: &str, lines: &[Vec<(f64, f64)>]) {
        let data: String = lines
            .iter()
            .filter(|line| line.len() > 1)
            .map(|line| through(line))
            .collect();
        if !data.is_empty() {
            let _ = write!(self.body, "<path class=\"{class}\" d=\"{data}\"/>");
        }
    }

    /// The area between `points` and the height `base`.
    pub(super) fn area(&mut self, class: &str, points: &[(f64, f64)], base: f64) {
        if let (Some(first), Some(last), true) = (points.first(), points.last(), points.len() > 1) {
            let (from, to, base) = (num(first.0), num(last.0), num(base));
            let top = through(points).replacen('M', "L", 1);
            let _ = write!(
                self.body,
                "<path class=\"{class}\" d=\"M{from} {base}{top}L{to} {base}Z\"/>"
            );
        }
    }
}

/// A path through `points`; those that are drawn on the one before are left out.
fn through(points: &[(f64, f64)]) -> String {
    let mut data = String::new();
    let mut last = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let point = format!("{} {}", num(*x), num(*y));
        if point != last {
            data.push(if index == 0 { 'M' } else { 'L' });
            data.push_str(&point);
            last = point;
        }
    }
    data
}

/// A coordinate with one decimal.
fn num(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    format!("{}", if rounded == 0.0 { 0.0 } else { rounded })
}

/// Text that is safe inside of elements and attributes; a percent sign stays with its number.
pub(super) fn escape(text: &str) -> String {
    text.replace(" %", "\u{a0}%")
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_not_break_out() {
        let mut svg = Svg::new(10.0, 10.0, "wide");
        svg.text("tick", (1.0, 2.0), Anchor::Middle, "<a & \"b\">");
        let text = svg.finish("x\"y");
        assert!(
            text.contains("&lt;a &amp; &quot;b&quot;&gt;") && text.contains("aria-label=\"x&quot;y\""),
            "{text}"
        );
    }

    #[test]
    fn points_on_top_of_each_other_are_drawn_once() {
        assert_eq!(through(&[(0.0, 1.0), (0.01, 1.0), (2.0, -0.04)]), "M0 1L2 0");
    }
}

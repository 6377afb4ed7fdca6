//! The pictures. Each is drawn once for a wide and once for a narrow screen; the page shows the one that fits.

mod health;
mod holdings;
mod impact;
mod lanes;
mod loss;
mod price;

use super::frame::Screen;
use super::View;

/// A picture with its words.
#[derive(Debug)]
pub(super) struct Chart {
    pub(super) title: String,
    /// What it shows and how to read it.
    pub(super) caption: String,
    /// `(class of the mark, meaning)`.
    pub(super) legend: &'static [(&'static str, &'static str)],
    /// For both screens.
    pub(super) pictures: String,
}

/// Draws for both screens.
fn both(draw: impl Fn(Screen) -> String) -> String {
    draw(Screen::Wide) + &draw(Screen::Narrow)
}

/// All pictures, in the order of the page.
pub(super) fn all(view: &View) -> Vec<Chart> {
    let mut charts = vec![price::whole(view)];
    if view.chosen().is_some() {
        charts.push(price::chosen(view));
        charts.push(health::chart(view));
    }
    charts.push(lanes::chart(view));
    charts.push(holdings::chart(view));
    charts.push(impact::chart(view));
    charts.push(loss::chart(view));
    charts
}

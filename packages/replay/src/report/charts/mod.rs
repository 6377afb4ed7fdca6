//! The pictures. Each is drawn once for a wide and once for a narrow screen; the page shows the one that fits.

mod health;
mod holdings;
mod impact;
mod lanes;
mod loss;
mod price;
mod queue;

use super::frame::Screen;
use super::View;
use crate::show::Story;

/// A picture with its words.
#[derive(Debug)]
pub(super) struct Chart {
    pub(super) title: String,
    /// What it shows and how to read it.
    pub(super) caption: String,
    pub(super) legend: Legend,
    /// For both screens.
    pub(super) pictures: String,
}

/// `(class of the mark, meaning)` of the marks.
pub(super) type Legend = Vec<(&'static str, String)>;

fn legend(marks: &[(&'static str, &str)]) -> Legend {
    marks
        .iter()
        .map(|(class, name)| (*class, (*name).to_owned()))
        .collect()
}

/// What the chosen position began with, without its name.
pub(super) fn begins(story: &Story) -> &str {
    story
        .title
        .split_once(": ")
        .map_or(&story.title, |(_, begins)| begins)
}

/// Draws for both screens.
fn both(draw: impl Fn(Screen) -> String) -> String {
    draw(Screen::Wide) + &draw(Screen::Narrow)
}

/// All pictures, in the order of the page.
pub(super) fn all(view: &View) -> Vec<Chart> {
    let mut charts: Vec<Chart> = (0..view.scene.assets.len())
        .map(|asset| price::whole(view, asset))
        .collect();
    if view.has_chosen() {
        charts.push(health::chart(view));
        charts.push(price::chosen(view));
    }
    charts.push(lanes::chart(view));
    charts.extend((0..view.scene.assets.len()).filter_map(|asset| queue::chart(view, asset)));
    charts.push(holdings::chart(view));
    charts.push(impact::chart(view));
    charts.push(loss::chart(view));
    charts
}

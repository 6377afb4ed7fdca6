//! The pictures. Each is drawn once for a wide and once for a narrow screen; the page shows the one that fits.

mod health;
mod holdings;
mod impact;
mod lanes;
mod loss;
mod price;
mod queue;
mod slots;

use super::frame::Screen;
use super::View;
use crate::rules::Buyer;
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

/// The slots of standing orders of each collateral, where there are any.
pub(super) fn slots(view: &View) -> Vec<Chart> {
    let assets = 0..view.scene.assets.len();
    assets.filter_map(|asset| slots::chart(view, asset)).collect()
}

/// The marks of fills by who bought: those that there are in the run.
fn fill_marks(view: &View) -> Legend {
    let sold_to = &view.figures.sold_to;
    let mut marks = Vec::new();
    let (orders, callback) = (sold_to.orders.fills > 0, sold_to.callback.fills > 0);
    let keepers = if orders || callback {
        "fill by a keeper"
    } else {
        "fill"
    };
    marks.push(("d-fill", keepers));
    marks.extend(orders.then_some(("d-order", "fill by standing orders")));
    marks.extend(callback.then_some(("d-callback", "fill in a callback")));
    legend(&marks)
}

/// Is it this kind of buyer?
type IsBuyer = fn(Buyer) -> bool;

/// Classes of the dots of fills, and whose they are.
const FILL_KINDS: [(&str, IsBuyer); 3] = [
    ("fills", |buyer| buyer == Buyer::Keeper),
    ("fills callback", |buyer| buyer == Buyer::Callback),
    ("fills order", |buyer| matches!(buyer, Buyer::Orders { .. })),
];

/// Class of the dot of one fill.
fn fill_class(buyer: Buyer) -> &'static str {
    match buyer {
        Buyer::Keeper => "fill",
        Buyer::Callback => "fill callback",
        Buyer::Orders { .. } => "fill order",
    }
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
    charts.extend(slots(view));
    charts.extend((0..view.scene.assets.len()).filter_map(|asset| queue::chart(view, asset)));
    charts.push(holdings::chart(view));
    charts.push(impact::chart(view));
    charts.push(loss::chart(view));
    charts
}

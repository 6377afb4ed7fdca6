//! The report: one HTML file with pictures, readable without anything else.

mod charts;
mod frame;
mod lots;
mod page;
mod scale;
mod svg;

use crate::clock::{Time, BLOCK_S};
use crate::figures::{episodes, Episode, Figures};
use crate::rules::Event;
use crate::scene::Scene;
use crate::show::Story;
use crate::simulation::Outcome;

/// The report on `outcome`.
pub fn html(scene: &Scene, outcome: &Outcome, figures: &Figures, story: &Story) -> String {
    let view = View::new(scene, outcome, figures, story);
    page::page(&view)
}

/// What the pictures are drawn from.
#[derive(Debug)]
struct View<'a> {
    scene: &'a Scene,
    outcome: &'a Outcome,
    figures: &'a Figures,
    story: &'a Story,
    episodes: Vec<Episode>,
    lots: Vec<lots::Lot>,
}

impl<'a> View<'a> {
    fn new(scene: &'a Scene, outcome: &'a Outcome, figures: &'a Figures, story: &'a Story) -> Self {
        let lots = lots::lots(&outcome.log, scene.path.to());
        Self {
            scene,
            outcome,
            figures,
            story,
            episodes: episodes(&outcome.log),
            lots,
        }
    }

    /// The whole run.
    fn all(&self) -> (Time, Time) {
        (self.scene.path.from, self.scene.path.to())
    }

    /// From the first call to the last end or fill, with room on both sides; the whole run if nobody was called.
    fn busy(&self) -> (Time, Time) {
        let first = self.episodes.iter().map(|episode| episode.breached).min();
        let acts = self.outcome.log.iter().filter(|entry| {
            matches!(
                entry.event,
                Event::Fill(_) | Event::Ended { .. } | Event::WrittenOff { .. }
            )
        });
        match (first, acts.map(|entry| entry.time).max()) {
            (Some(first), Some(last)) => self.around(first, last.max(first)),
            _ => self.all(),
        }
    }

    /// The distress of the chosen position in which most happened.
    fn chosen(&self) -> Option<&Episode> {
        let own = self
            .episodes
            .iter()
            .filter(|episode| episode.position == self.story.position);
        own.max_by_key(|episode| {
            let fills = self.outcome.log.iter().filter(|entry| {
                let within =
                    entry.time >= episode.called && episode.ended.is_none_or(|(end, _)| entry.time <= end);
                within && matches!(&entry.event, Event::Fill(fill) if fill.position == episode.position)
            });
            fills.count()
        })
    }

    /// That distress from its breach to its end, with room on both sides.
    fn chosen_span(&self) -> (Time, Time) {
        let Some(episode) = self.chosen() else {
            return self.all();
        };
        let end = episode.ended.map_or(self.scene.path.to(), |(end, _)| end);
        self.around(episode.breached, end)
    }

    /// `from..to` with a sixth of it, but five minutes at least, on both sides.
    fn around(&self, from: Time, to: Time) -> (Time, Time) {
        let room = ((to - from) / 6).max(300);
        let (first, last) = self.all();
        (from.saturating_sub(room).max(first), (to + room).min(last))
    }

    /// The blocks of a span.
    fn blocks(&self, (from, to): (Time, Time)) -> std::ops::Range<usize> {
        let block = |time: Time| ((time - self.scene.path.from) / BLOCK_S) as usize;
        let last = self.scene.path.blocks();
        block(from).min(last.saturating_sub(1))..block(to).min(last)
    }
}

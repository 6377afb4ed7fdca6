//! The report: one HTML file with pictures, readable without anything else.

mod charts;
mod frame;
mod lots;
mod page;
mod scale;
mod svg;

use crate::amounts::{AssetNumber, MOST_COLLATERALS};
use crate::clock::{Time, BLOCK_S, HOUR_S};
use crate::figures::{episodes, Episode, Figures};
use crate::rules::Event;
use crate::scene::Scene;
use crate::show::Story;
use crate::simulation::Outcome;

/// Seconds of the chosen position's life that its pictures show, about.
const CHOSEN_S: Time = 4 * HOUR_S;

/// The report on `outcome`; its figures are the first of `figures`, others stand beside them in the totals.
pub fn html(scene: &Scene, outcome: &Outcome, figures: &[Figures], story: &Story) -> String {
    let Some(own) = figures.first() else {
        return String::new();
    };
    let view = View::new(scene, outcome, own, story);
    page::page(&view, figures, &[])
}

/// The same where `others` are the runs behind the other figures: of those with standing orders the slots are drawn.
pub fn compared(
    scene: &Scene,
    outcome: &Outcome,
    figures: &[Figures],
    story: &Story,
    others: &[(Scene, Outcome)],
) -> String {
    let Some((own, rest)) = figures.split_first() else {
        return String::new();
    };
    let view = View::new(scene, outcome, own, story);
    let beside = others.iter().zip(rest);
    let beside: Vec<View> = beside
        .map(|((scene, outcome), figures)| View::new(scene, outcome, figures, story))
        .collect();
    page::page(&view, figures, &beside)
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

    /// Shades the stresses that do not last for the whole run.
    fn shade_stresses(&self, frame: &mut frame::Frame, x: &scale::Scale) {
        for stress in &self.figures.stress {
            let felt = (stress.from, stress.to);
            if felt != self.all() {
                frame.stretch(x, felt, &stress.kind.to_string());
            }
        }
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

    /// Was the chosen position ever called?
    fn has_chosen(&self) -> bool {
        self.chosen().next().is_some()
    }

    /// The distresses of the chosen position.
    fn chosen(&self) -> impl Iterator<Item = &Episode> {
        let position = self.story.position;
        self.episodes
            .iter()
            .filter(move |episode| episode.position == position)
    }

    /// The distress of the chosen position in which most happened, with room on both sides.
    fn one_distress(&self) -> (Time, Time) {
        let fills = |episode: &Episode| {
            let own = self.outcome.log.iter().filter(|entry| {
                matches!(&entry.event, Event::Fill(fill) if fill.position == episode.position)
                    && entry.time >= episode.called
                    && episode.ended.is_none_or(|(end, _)| entry.time <= end)
            });
            own.count()
        };
        let life = |episode: &Episode| {
            let end = episode.ended.map_or(self.scene.path.to(), |(end, _)| end);
            (episode.breached, end)
        };
        let best = self.chosen().max_by_key(|episode| {
            let (from, to) = life(episode);
            (fills(episode), (to - from).min(HOUR_S))
        });
        best.map_or(self.all(), |episode| {
            let (from, to) = life(episode);
            self.around(from, to)
        })
    }

    /// The collateral of which the chosen position sold most fills in a span; its first one where it sold none.
    fn sold_most(&self, (from, to): (Time, Time)) -> AssetNumber {
        let mut fills = [0usize; MOST_COLLATERALS];
        for entry in &self.outcome.log {
            match &entry.event {
                Event::Fill(fill)
                    if fill.position == self.story.position && (from..=to).contains(&entry.time) =>
                {
                    fills[fill.asset] += 1;
                }
                _ => {}
            }
        }
        let most = fills.iter().enumerate().rev().max_by_key(|(_, count)| **count);
        match most {
            Some((asset, count)) if *count > 0 => asset,
            _ => self
                .scene
                .borrowers
                .get(self.story.position as usize - 1)
                .and_then(|borrower| borrower.collateral.held().next())
                .map_or(0, |(asset, _)| asset),
        }
    }

    /// The [`CHOSEN_S`] of its life in which most was sold of it, with room on both sides.
    fn chosen_span(&self) -> (Time, Time) {
        let end_of = |episode: &Episode| episode.ended.map_or(self.scene.path.to(), |(end, _)| end);
        let fills = |from: Time| {
            let own = self.outcome.log.iter();
            own.filter(|entry| {
                let within = (from..=from + CHOSEN_S).contains(&entry.time);
                within && matches!(&entry.event, Event::Fill(fill) if fill.position == self.story.position)
            })
            .count()
        };
        // The first of equals.
        let starts: Vec<Time> = self.chosen().map(|episode| episode.breached).collect();
        let Some(from) = starts.into_iter().rev().max_by_key(|from| fills(*from)) else {
            return self.all();
        };
        let within = self
            .chosen()
            .filter(|episode| (from..=from + CHOSEN_S).contains(&episode.breached));
        let to = within.map(end_of).max().unwrap_or(from);
        self.around(from, to.min(from + 2 * CHOSEN_S))
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

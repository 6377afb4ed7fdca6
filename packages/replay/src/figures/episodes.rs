//! Distresses, from call to end.

use std::collections::BTreeMap;

use crate::clock::Time;
use crate::population::PositionId;
use crate::rules::{End, Event};
use crate::simulation::Entry;

/// One distress of one position. Times are unix seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Episode {
    /// The position.
    pub position: PositionId,
    /// Its owner asked to be sold: nobody called it.
    pub asked: bool,
    /// When the oracle's price put it below maintenance.
    pub breached: Time,
    /// When this was recorded.
    pub called: Time,
    /// When grace was over, if it came to that.
    pub grace_ended: Option<Time>,
    /// First fill.
    pub first_fill: Option<Time>,
    /// First sight of close-out terms.
    pub escalated: Option<Time>,
    /// Seconds from start to last fill of each lot that was sold.
    pub lots_cleared_s: Vec<u64>,
    /// End and reason; none if the run ended before.
    pub ended: Option<(Time, End)>,
}

/// The distresses in `log`, in the order of their calls.
pub fn episodes(log: &[Entry]) -> Vec<Episode> {
    let mut episodes: Vec<Episode> = Vec::new();
    let mut current: BTreeMap<PositionId, usize> = BTreeMap::new();
    let mut lot_starts: BTreeMap<(PositionId, u32), Time> = BTreeMap::new();
    for entry in log {
        let (time, position) = (entry.time, entry.event.position());
        let begins = match entry.event {
            Event::Called { breached_at, .. } => Some((false, breached_at)),
            Event::Asked { .. } => Some((true, time)),
            _ => None,
        };
        if let Some((asked, breached)) = begins {
            current.insert(position, episodes.len());
            episodes.push(Episode {
                position,
                asked,
                breached,
                called: time,
                grace_ended: asked.then_some(time),
                first_fill: None,
                escalated: None,
                lots_cleared_s: Vec::new(),
                ended: None,
            });
            continue;
        }
        let Some(episode) = current.get(&position).and_then(|index| episodes.get_mut(*index)) else {
            continue;
        };
        match &entry.event {
            Event::Opened { grace_ended, .. } => {
                episode.grace_ended.get_or_insert(*grace_ended);
            }
            Event::LotStarted { lot, start_at, .. } => {
                lot_starts.insert((position, *lot), *start_at);
            }
            Event::Fill(fill) => {
                episode.first_fill.get_or_insert(time);
                if let Some(start) = lot_starts.get(&(position, fill.lot)).filter(|_| fill.cleared) {
                    episode.lots_cleared_s.push(time.saturating_sub(*start));
                }
            }
            Event::Escalated { .. } => {
                episode.escalated.get_or_insert(time);
            }
            Event::Ended { why, .. } => {
                episode.ended = Some((time, *why));
                current.remove(&position);
            }
            _ => {}
        }
    }
    episodes
}

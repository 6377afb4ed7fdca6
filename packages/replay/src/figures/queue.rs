//! How long lots waited for their collateral's queue.

use std::collections::BTreeMap;

use crate::clock::{Time, BLOCK_S};
use crate::population::PositionId;
use crate::rules::{Event, QueueState};
use crate::simulation::Entry;

/// A queue counts as full from this part of its burst.
const FULL: f64 = 0.9;

/// Seconds that each lot waited that had to: until it, or another of its position, started or the distress was over; of
/// those that wait at `end`, until then.
pub(super) fn queue_waits(log: &[Entry], end: Time) -> Vec<u64> {
    let mut since: BTreeMap<PositionId, Time> = BTreeMap::new();
    let mut waits = Vec::new();
    for entry in log {
        let position = entry.event.position();
        match entry.event {
            Event::Queued { .. } => {
                since.entry(position).or_insert(entry.time);
            }
            Event::LotStarted { .. } | Event::Ended { .. } | Event::Slept { .. } => {
                waits.extend(since.remove(&position).map(|from| entry.time - from));
            }
            _ => {}
        }
    }
    waits.extend(since.into_values().map(|from| end.saturating_sub(from)));
    waits
}

/// Seconds in which a queue was full.
pub(super) fn full_s(queue: &[QueueState]) -> u64 {
    let full = queue.iter().filter(|state| state.backlog >= FULL * state.burst);
    full.count() as u64 * BLOCK_S
}

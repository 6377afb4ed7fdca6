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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::Prices;
    use crate::rules::{End, Stage};

    #[test]
    fn a_wait_is_from_the_first_refusal_to_the_lot_or_the_end() {
        let prices = Prices {
            path: 1.0,
            market: 1.0,
            oracle: 1.0,
        };
        let queued = |position| Event::Queued { position, until: 0 };
        let started = |position| Event::LotStarted {
            position,
            lot: 1,
            asset: 0,
            stage: Stage::Soft,
            start_at: 0,
            over_at: None,
            value: 1.0,
            from: 1.0,
            to: 0.9,
        };
        let ended = |position| Event::Ended {
            position,
            why: End::Lapsed,
            health: None,
        };
        let events = [
            (10, queued(1)),
            (12, queued(2)),
            (20, queued(1)),
            (25, started(3)),
            (40, started(1)),
            (50, ended(2)),
            (60, queued(1)),
        ];
        let log = events.map(|(time, event)| Entry { time, prices, event });
        assert_eq!(queue_waits(&log, 100), [30, 38, 40]);
        let state = |backlog| QueueState {
            backlog,
            burst: 100.0,
            waiting: 0,
        };
        assert_eq!(full_s(&[state(89.0), state(90.0), state(100.0)]), 2 * BLOCK_S);
    }
}

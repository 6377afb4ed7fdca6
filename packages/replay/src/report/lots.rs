//! Lots as they lived: from the events to stretches of time.

use std::collections::BTreeMap;

use crate::amounts::AssetNumber;
use crate::clock::Time;
use crate::population::PositionId;
use crate::rules::{Event, Stage};
use crate::simulation::Entry;

/// A lot from its start to its end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lot {
    pub(super) position: PositionId,
    pub(super) asset: AssetNumber,
    pub(super) stage: Stage,
    pub(super) start: Time,
    /// Sold, over, replaced or ended with the sale.
    pub(super) end: Time,
    over_at: Option<Time>,
    from: f64,
    to: f64,
}

impl Lot {
    /// Its price at `time` as a part of the oracle's price: a straight line over its life.
    pub(super) fn multiplier(&self, time: Time) -> f64 {
        let life = self.over_at.map_or(0, |over| over.saturating_sub(self.start)) as f64;
        if life <= 0.0 {
            return self.from;
        }
        let part = (time.saturating_sub(self.start) as f64 / life).min(1.0);
        self.from + (self.to - self.from) * part
    }
}

/// The lots in `log`; those that live at `end` end then. Lots that never started are left out.
pub(super) fn lots(log: &[Entry], end: Time) -> Vec<Lot> {
    let mut lots: Vec<Lot> = Vec::new();
    let mut living: BTreeMap<PositionId, usize> = BTreeMap::new();
    for entry in log {
        let position = entry.event.position();
        let ends = match &entry.event {
            Event::LotStarted { .. }
            | Event::Ended { .. }
            | Event::Slept { .. }
            | Event::Restarted { .. } => true,
            Event::Fill(fill) => fill.cleared,
            _ => false,
        };
        if ends {
            if let Some(lot) = living.remove(&position).and_then(|index| lots.get_mut(index)) {
                lot.end = lot.end.min(entry.time);
            }
        }
        if let Event::LotStarted {
            asset,
            stage,
            start_at,
            over_at,
            from,
            to,
            ..
        } = entry.event
        {
            living.insert(position, lots.len());
            let end = over_at.map_or(end, |over| over.min(end));
            lots.push(Lot {
                position,
                asset,
                stage,
                start: start_at,
                end,
                over_at,
                from,
                to,
            });
        }
    }
    lots.retain(|lot| lot.end >= lot.start);
    lots
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::Prices;
    use crate::rules::End;

    #[test]
    fn a_lot_ends_when_it_is_over_or_the_sale_ends() {
        let prices = Prices {
            path: 1.0,
            market: 1.0,
            oracle: 1.0,
        };
        let started = |lot, start_at| Event::LotStarted {
            position: 1,
            lot,
            asset: 0,
            stage: Stage::Soft,
            start_at,
            over_at: Some(start_at + 100),
            value: 1.0,
            from: 1.0,
            to: 0.9,
        };
        let ended = Event::Ended {
            position: 1,
            why: End::Lapsed,
            health: None,
        };
        let log = [(0, started(1, 10)), (150, started(2, 160)), (200, ended)].map(|(time, event)| Entry {
            time,
            prices,
            event,
        });
        let lots = lots(&log, 1_000);
        assert_eq!(
            lots.iter().map(|lot| (lot.start, lot.end)).collect::<Vec<_>>(),
            [(10, 110), (160, 200)]
        );
        assert!((lots[0].multiplier(60) - 0.95).abs() < 1e-12);
    }
}

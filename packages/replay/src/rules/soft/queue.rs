//! The queue of lots as keepers see it: how much of a collateral is on sale, and when a lot that waits may start.

use cosmwasm_std::Decimal;
use glidepath_interfaces::position_manager::DueResponse;
use glidepath_position_manager::ContractError as ManagerError;
use glidepath_risk::queue;
use glidepath_risk::Value;

use crate::amounts::AssetNumber;
use crate::clock::Time;
use crate::rules::{Event, PositionId, Stage};

use super::keeper::{Case, NEVER};
use super::units::{decimal, float_256};
use super::{records, Soft};

/// A collateral's queue as it was when a lot last started or a price last came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Queue {
    /// USD in it.
    backlog: f64,
    at: Time,
    /// USD that it drains by in a second.
    rate: f64,
    /// Most USD that may be in it.
    pub burst: f64,
}

impl Queue {
    /// USD in it now.
    pub fn left(&self, now: Time) -> f64 {
        (self.backlog - self.rate * now.saturating_sub(self.at) as f64).max(0.0)
    }

    /// When it admits a lot that draws `draw` USD; a time that has passed if it does so already.
    fn admits_at(&self, draw: f64) -> Time {
        let excess = self.backlog + draw.min(self.burst) - self.burst;
        // A second early, where rounding would be late.
        self.at + (excess / self.rate).clamp(0.0, 1e9) as Time
    }
}

impl Soft {
    /// Reads the queues as they are on chain.
    pub(super) fn read_queues(&mut self) -> anyhow::Result<()> {
        for asset in 0..self.queues.len() {
            let terms = &self.known.assets[asset];
            if terms.queue_rate <= 0.0 {
                continue;
            }
            let volatility = records::price(&self.suite, &terms.name)?.volatility;
            let backlog = records::backlog(&self.suite, &terms.name)?;
            let sale = &self.config.sale;
            let lots = [&sale.soft, &sale.close_out, &sale.asked].map(|terms_of| {
                let size = terms.depth_1pct_usd * terms_of.lot_tolerance * 100.0;
                size.clamp(terms_of.lot_min_usd, terms_of.lot_max_usd)
            });
            let reference = decimal(self.sigma_ref[asset]);
            let queue = queue::Queue {
                terms: queue::QueueTerms {
                    rate: decimal(terms.queue_rate),
                    burst: decimal(terms.queue_burst),
                },
                depth: Value(decimal(terms.depth_1pct_usd).into()),
                calm: reference.checked_div(volatility).unwrap_or(Decimal::one()),
                largest: Value(decimal(lots.into_iter().fold(0.0, f64::max)).into()),
                backlog,
            };
            self.queues[asset] = Some(Queue {
                backlog: float_256(backlog.value.0),
                at: backlog.at,
                rate: float_256(queue.rate()?.0) / 3_600.0,
                burst: float_256(queue.burst()?.0),
            });
        }
        Ok(())
    }

    /// Takes in whether the contract says that a position's next lot waits, or how long its grace is.
    pub(super) fn wait(&mut self, now: Time, position: PositionId, answer: &DueResponse) {
        let Some(case) = self.cases.get_mut(&position) else {
            return;
        };
        let refused = |why: fn(Time) -> ManagerError| {
            answer
                .not_before
                .filter(|until| answer.refused == Some(why(*until).to_string()))
        };
        if let Some(until) = refused(|until| ManagerError::GracePeriod { until }) {
            case.told_grace(until);
        }
        let until = refused(|until| ManagerError::QueueFull { until });
        match until {
            Some(until) if case.waits_since.is_none() => {
                case.waits_since = Some(now);
                self.events.push(Event::Queued { position, until });
            }
            None => case.waits_since = None,
            _ => {}
        }
    }

    /// When to look at a position.
    pub(super) fn look_at(&self, position: PositionId, case: &Case) -> Time {
        case.look_at
            .min(self.admitted_at(position, case).unwrap_or(NEVER))
    }

    /// When the lot that a position waits for may start, as far as keepers can reckon it: the queue may have drained, or
    /// got back what another lot left unsold, before the time that the contract named.
    fn admitted_at(&self, position: PositionId, case: &Case) -> Option<Time> {
        case.waits_since?;
        let now = self.suite.now();
        let asset = self.next_asset(now, position, case)?;
        let queue = self.queues.get(asset)?.as_ref()?;
        let standing = self.standing(now, position);
        // What escalates or wakes draws what a close-out does, at most.
        let stage = case.sale.map_or(Stage::Soft, |sale| sale.stage);
        Some(queue.admits_at(standing.draw(asset, stage)))
    }

    /// The collateral that the next lot of a position is likely to be of.
    pub(super) fn next_asset(&self, now: Time, position: PositionId, case: &Case) -> Option<AssetNumber> {
        match case.sale {
            Some(sale) => Some(sale.asset),
            None => self.standing(now, position).first_for_sale(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_drains_and_admits_what_fits() {
        let queue = Queue {
            backlog: 1_900.0,
            at: 50,
            rate: 10.0,
            burst: 2_000.0,
        };
        assert_eq!((queue.left(60), queue.left(1_000)), (1_800.0, 0.0));
        assert_eq!(queue.admits_at(100.0), 50);
        assert_eq!(queue.admits_at(500.0), 90);
        // What is larger than the burst waits for an empty queue.
        assert_eq!(queue.admits_at(9_000.0), 240);
    }
}

//! The queue of each collateral's lots: its published record, and what a lot that is about to start takes up of it. One
//! rule for the auction, which starts lots, and the position manager, which says when they wait.

use cosmwasm_std::{Addr, QuerierWrapper};
use glidepath_risk::queue::{Backlog, Queue};
use glidepath_risk::{RiskResult, Value};

use super::{LotCause, Mode, Offer, Sale, SaleTerms};
use crate::record::{ReadError, RecordMap};
use crate::AssetId;

/// Backlogs by collateral and line; none where no lot has started yet.
pub const BACKLOGS: RecordMap<(&str, &str), Backlog> = RecordMap::new("backlog");

crate::record!(Backlog, "backlog", 2);

/// Whose lots a queue holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    /// Forced sales, soft and close-out: a faster line for close-outs makes everything late and in a heap.
    Distress,
    /// Sales that owners ask for: they wait for room in the line of forced ones, too, and take none of it.
    Asked,
}

impl Line {
    /// Its part of a key.
    pub fn as_str(self) -> &'static str {
        match self {
            Line::Distress => "distress",
            Line::Asked => "asked",
        }
    }
}

/// What both lines of a collateral hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlogs {
    /// Forced sales.
    pub distress: Backlog,
    /// Sales that owners ask for.
    pub asked: Backlog,
}

impl Backlogs {
    /// Of one line.
    pub fn of(&self, line: Line) -> Backlog {
        match line {
            Line::Distress => self.distress,
            Line::Asked => self.asked,
        }
    }
}

/// Another contract's reading of a backlog: an empty one where no lot has started yet. An address without a contract
/// answers the same, so read another record of the auction beside it.
pub fn backlog(
    querier: &QuerierWrapper,
    auction: &Addr,
    collateral: &AssetId,
    line: Line,
) -> Result<Backlog, ReadError> {
    let found = BACKLOGS.may_query(querier, auction, (collateral.as_str(), line.as_str()))?;
    Ok(found.unwrap_or_default())
}

/// A lot that is about to start.
#[derive(Clone, Copy, Debug)]
pub struct LotStart<'a> {
    /// Terms of its sale.
    pub terms: &'a SaleTerms,
    /// Mode that it starts in.
    pub mode: Mode,
    /// What it is cut from.
    pub offer: &'a Offer,
    /// Why it starts, and the sale before; none where it opens the sale.
    pub after: Option<(LotCause, &'a Sale)>,
    /// Is the life of the lot before over? What it held of the queue is lost with it.
    pub is_over: bool,
}

impl LotStart<'_> {
    /// The queue that has to admit it, with its backlog. None where there is none, and for a lot that starts over on the
    /// same collateral: that has drawn already.
    pub fn queue(&self, backlog: Backlog) -> RiskResult<Option<Queue>> {
        let Some(terms) = self.offer.queue.filter(|_| !self.starts_over()) else {
            return Ok(None);
        };
        Ok(Some(Queue {
            terms,
            depth: self.offer.depth,
            calm: self.offer.calm,
            largest: self.terms.largest_lot(self.offer.depth)?,
            backlog,
        }))
    }

    /// Does the same collateral start over?
    pub fn starts_over(&self) -> bool {
        let again = |cause| matches!(cause, LotCause::Restart | LotCause::Refresh);
        self.after
            .is_some_and(|(cause, sale)| again(cause) && sale.collateral == self.offer.collateral)
    }

    /// USD that it draws: a lot of its mode, or all that may be sold now if that is less.
    pub fn draw(&self) -> RiskResult<Value> {
        let size = self.terms.of(self.mode).lot_size(self.offer.depth)?;
        Ok(size.min(self.offer.value))
    }

    /// USD of the same collateral's queue that the lot before still holds: it draws only what it is larger.
    pub fn held(&self) -> Value {
        let before = self.after.filter(|_| !self.is_over).map(|(_, sale)| sale);
        let is_same =
            |sale: &&Sale| sale.collateral == self.offer.collateral && sale.mode.line() == self.mode.line();
        let draw = before
            .filter(is_same)
            .and_then(|sale| sale.lot.as_ref()?.draw.as_ref());
        draw.map_or(Value::ZERO, |draw| draw.value)
    }

    /// The backlog of its line with the lot in it; none where it has no queue. Or from when on it may start if nothing else
    /// does before. A lot that an owner asks for needs room among the forced ones besides.
    pub fn admit(&self, backlogs: Backlogs, now: u64) -> RiskResult<Result<Option<Backlog>, u64>> {
        let line = self.mode.line();
        let draw = self.draw()?;
        let Some(queue) = self.queue(backlogs.of(line))? else {
            return Ok(Ok(None));
        };
        let admitted = queue.admit(self.held(), draw, now)?;
        let forced = match line {
            Line::Distress => None,
            Line::Asked => {
                let backlog = backlogs.distress;
                Queue { backlog, ..queue }.admit(Value::ZERO, draw, now)?.err()
            }
        };
        Ok(match (admitted, forced) {
            (Ok(after), None) => Ok(Some(after)),
            (Err(until), other) => Err(other.map_or(until, |other| other.max(until))),
            (Ok(_), Some(until)) => Err(until),
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use cosmwasm_std::{Decimal, Uint128};
    use glidepath_risk::curve::{CurveTerms, Learning};
    use glidepath_risk::queue::QueueTerms;

    use super::super::ModeTerms;
    use super::*;

    fn terms() -> SaleTerms {
        let mode = ModeTerms {
            curve: CurveTerms::Linear {
                premium: Decimal::permille(5),
                floor: Decimal::percent(6),
                fall: 450,
            },
            penalty: Decimal::zero(),
            tolerance: Decimal::percent(1),
            lot_min: Value::usd(1),
            lot_max: Value::usd(1_000),
            spacing: 6,
        };
        SaleTerms {
            soft: mode.clone(),
            close_out: mode.clone(),
            asked: mode,
            learning: Learning {
                step: Decimal::zero(),
                premium_max: Decimal::zero(),
            },
        }
    }

    fn full() -> Backlog {
        Backlog {
            value: Value::usd(2_000),
            at: 100,
        }
    }

    /// A queue of $2,000 that drains $1 a second, and a lot of $1,000.
    fn admit(mode: Mode, backlogs: Backlogs) -> Result<Option<Backlog>, u64> {
        let (terms, depth) = (terms(), Value::usd(1_000));
        let offer = Offer {
            collateral: "atom".parse().unwrap(),
            debt: "usdc".parse().unwrap(),
            value: depth,
            amount: Uint128::new(1_000),
            depth,
            calm: Decimal::one(),
            queue: Some(QueueTerms {
                rate: Decimal::percent(360),
                burst: Decimal::percent(200),
            }),
            min_left: Uint128::one(),
        };
        let start = LotStart {
            terms: &terms,
            mode,
            offer: &offer,
            after: None,
            is_over: false,
        };
        start.admit(backlogs, 100).unwrap()
    }

    #[test]
    fn what_owners_ask_for_waits_for_both_lines_and_forced_lots_for_their_own() {
        let (none, full) = (Backlog::default(), full());
        let lines = |distress, asked| Backlogs { distress, asked };
        let drawn = Ok(Some(Backlog {
            value: Value::usd(1_000),
            at: 100,
        }));
        for mode in [Mode::Soft, Mode::CloseOut] {
            assert_eq!(admit(mode, lines(none, full)), drawn);
            assert!(admit(mode, lines(full, none)).is_err());
        }
        assert_eq!(admit(Mode::Asked, lines(none, none)), drawn);
        assert_eq!(admit(Mode::Asked, lines(none, full)), Err(1_100));
        assert_eq!(admit(Mode::Asked, lines(full, none)), Err(1_100));
    }
}

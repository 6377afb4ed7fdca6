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

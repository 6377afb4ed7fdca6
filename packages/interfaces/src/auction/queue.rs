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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Forced sales, soft and close-out: a faster line for close-outs makes everything late and in a heap.
    Distress,
}

impl Line {
    /// Its part of a key.
    pub fn as_str(self) -> &'static str {
        match self {
            Line::Distress => "distress",
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
        let draw = before
            .filter(|sale| sale.collateral == self.offer.collateral)
            .and_then(|sale| sale.lot.as_ref()?.draw.as_ref());
        draw.map_or(Value::ZERO, |draw| draw.value)
    }

    /// From when on it may start if nothing else does before; none where it may now.
    pub fn waits_until(&self, backlog: Backlog, now: u64) -> RiskResult<Option<u64>> {
        let Some(queue) = self.queue(backlog)? else {
            return Ok(None);
        };
        Ok(queue.admit(self.held(), self.draw()?, now)?.err())
    }
}

//! What a full queue keeps waiting, and what it must not keep waiting.

use glidepath_interfaces::auction::{LotCause, LotStart, Mode};

use super::{Case, Decision, Figures, Hold, Step};
use crate::choose::Choice;
use crate::state::Distress;

impl Case<'_> {
    /// A lot of the sale, if a queue admits it.
    pub(super) fn lot(&self, mode: Mode, cause: LotCause, figures: &Figures) -> Result<Step, Hold> {
        let choice = self.admitted(mode, Some(cause), figures)?;
        Ok(Step::Lot(cause, choice.clone()))
    }

    /// The first of a mode's choices whose collateral's queue admits a lot of it now; or when the first one will be
    /// admitted.
    pub(super) fn admitted<'f>(
        &self,
        mode: Mode,
        cause: Option<LotCause>,
        figures: &'f Figures,
    ) -> Result<&'f Choice, Hold> {
        let mut earliest = None;
        for choice in figures.choices(mode) {
            match self.waits_until(mode, cause, choice, figures)? {
                None => return Ok(choice),
                Some(until) => earliest = Some(earliest.map_or(until, |other: u64| other.min(until))),
            }
        }
        Err(earliest.map_or(Hold::NothingSellable, |until| Hold::Queue { until }))
    }

    /// Until when a lot of the choice has to wait for its collateral's queue. The auction judges by the same rule.
    fn waits_until(
        &self,
        mode: Mode,
        cause: Option<LotCause>,
        choice: &Choice,
        figures: &Figures,
    ) -> Result<Option<u64>, Hold> {
        let Some(terms) = &figures.terms else {
            return Ok(None);
        };
        let start = LotStart {
            terms,
            mode,
            offer: &choice.offer,
            after: cause.zip(self.sale),
            is_over: figures.lot_over,
        };
        let backlogs = figures.backlogs.get(&choice.offer.collateral);
        let admitted = start.admit(backlogs.copied().unwrap_or_default(), self.now);
        Ok(admitted.map_err(Hold::Risk)?.err())
    }

    /// The larger lot of a close-out waits longer for its queue, and the soft lots of others take its room. Meanwhile soft lots
    /// of its own are sold, as they are where a sale runs already.
    pub(super) fn open_meanwhile(
        &self,
        hold: Hold,
        over: bool,
        seen: &Distress,
        figures: &Figures,
    ) -> Result<Decision, Hold> {
        let until = match hold {
            Hold::Queue { until } if over => until,
            _ => return Err(hold),
        };
        self.open(Mode::Soft, seen, figures).map_err(|soft| match soft {
            Hold::Queue { until: soft } => Hold::Queue {
                until: soft.min(until),
            },
            _ => hold,
        })
    }
}

//! The stages of a position: a pure function from what is known to one step.
//!
//! ```text
//!              H_M < 1               grace over                cleared: next · expired: restart
//!  healthy ───────────────▶ called ──────────────▶ soft sale ◀──────────────┐
//!     ▲  H_M ≥ 1: lapses      │                       │  └──────────────────┘
//!     └───────────────────────┤                       │ H_T ≥ target: ended
//!                             │ close-out, seen twice ▼
//!                             └───────────────────▶ close-out ──▶ written off
//! ```
//!
//! Above it all a sale that the owner asks for: below his trigger, until his goal is reached; below maintenance it becomes a
//! soft one at once.

mod figures;
mod grace;
mod queue;
mod sighting;
mod stage;
#[cfg(test)]
mod tests;

use cosmwasm_std::{Addr, Decimal};
use glidepath_interfaces::auction::{EndReason, LotCause, Mode, Sale};
use glidepath_interfaces::oracle::PriceRefusal;
use glidepath_interfaces::position_manager::Params;
use glidepath_interfaces::vault::Permission;
use glidepath_risk::RiskError;

use crate::asked;
use crate::choose::Choice;
use crate::state::{Asked, Distress, Position};

pub use figures::{Figures, TARGET};
pub use grace::{grace_until, recalled, without_distress};
pub use sighting::touched;
pub use stage::stage;

use grace::spend_grace;
use sighting::{unseen, Sighting};

/// What is known when a position is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// Unix seconds.
    pub now: u64,
    /// Who looks.
    pub keeper: &'a Addr,
    /// Rules.
    pub params: &'a Params,
    /// What is stored of the position.
    pub position: &'a Position,
    /// Its sale.
    pub sale: Option<&'a Sale>,
    /// What it is worth; none without debt.
    pub figures: Option<&'a Figures>,
}

/// What the rules say is due.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A margin call.
    Call {
        /// When grace ends.
        grace_until: u64,
    },
    /// The first sighting of a close-out.
    Sight {
        /// From when the second counts.
        confirm_from: u64,
    },
    /// A first sighting is forgotten.
    Forget,
    /// The call ends without a sale.
    Lapse,
    /// A sale opens.
    Open(Mode, Choice),
    /// A lot starts.
    Lot(LotCause, Choice),
    /// The count of insolvent debts follows the prices; surcharge and permission stay as they are.
    Count {
        /// Surcharge per year in force.
        surcharge_rate: Decimal,
        /// Permission in force.
        permission: Option<Permission>,
    },
    /// The sale sleeps.
    Sleep,
    /// The sale ends.
    End(EndReason),
    /// Debt is left and nothing to sell.
    WriteOff,
}

/// A step, and what is stored of the position after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Step.
    pub step: Step,
    /// Position after it.
    pub position: Position,
}

/// Why nothing is due.
#[derive(Clone, Debug, PartialEq)]
pub enum Hold {
    /// Nothing is due; perhaps at a time, without a change of price.
    Nothing {
        /// When something may be due.
        next: Option<u64>,
    },
    /// Grace runs.
    Grace {
        /// When it ends.
        until: u64,
        /// When something may be due.
        next: u64,
    },
    /// A close-out was seen once.
    Unconfirmed {
        /// From when a second sighting counts.
        from: u64,
    },
    /// A price must be asked for first.
    Price(PriceRefusal),
    /// A lot is due, but so much of its collateral is on sale that it waits.
    Queue {
        /// From when on it may start, if no other does before.
        until: u64,
    },
    /// Something is due, but nothing can be sold now.
    NothingSellable,
    /// A figure left its range.
    Risk(RiskError),
}

/// The end of a distress that is due, if one is. Needs no fresh price.
///
/// A sale that is asked for does not end while the position owes more than it holds: its debts are counted as insolvent only
/// beside a distress, so it is forced instead.
pub fn end_due(
    position: &Position,
    sale: Option<&Sale>,
    figures: Option<&Figures>,
    now: u64,
) -> Option<Step> {
    let distress = position.distress.as_ref()?;
    if distress.asked.is_some() && figures.is_some_and(|f| f.insolvent) {
        return None;
    }
    if position.is_withdrawn(now) {
        return Some(Step::End(EndReason::Withdrawn));
    }
    let cured = figures.is_some_and(|f| !distress.stands(f));
    match (sale, figures) {
        (None, None) => Some(Step::Lapse),
        (None, Some(_)) => cured.then_some(Step::Lapse),
        (Some(_), None) => Some(Step::End(EndReason::TargetMet)),
        (Some(sale), _) if cured && sale.first_fill_at.is_none() => Some(Step::End(EndReason::Cured)),
        (Some(_), Some(f)) => f.met.then_some(Step::End(EndReason::TargetMet)),
    }
}

/// What is due.
pub fn decide(case: &Case) -> Result<Decision, Hold> {
    if let Some(step) = end_due(case.position, case.sale, case.figures, case.now) {
        let position = without_distress(case.position, case.params, case.now, case.figures);
        return Ok(Decision { step, position });
    }
    let Some(figures) = case.figures else {
        return Err(Hold::Nothing { next: None });
    };
    match (&case.position.distress, case.sale) {
        (None, _) if figures.maintenance >= Decimal::one() => case.asked(figures),
        (None, _) => case.call(case.position.clone(), figures),
        (Some(distress), None) => case.called(distress, figures),
        (Some(distress), Some(sale)) => case.selling(distress, sale, figures),
    }
}

impl Distress {
    /// Is there still a reason to sell what was not begun: below maintenance, or as its owner asked?
    fn stands(&self, figures: &Figures) -> bool {
        match &self.asked {
            Some(asked) => asked::stands(&asked.sale, figures.maintenance),
            None => figures.maintenance < Decimal::one(),
        }
    }
}

impl Case<'_> {
    /// At or above maintenance and without a sale: opens the one that its owner asks for.
    fn asked(&self, figures: &Figures) -> Result<Decision, Hold> {
        let order = self.position.order_at(self.now);
        let asks = order.and_then(|order| order.sale.as_ref());
        let due = asks.filter(|sale| asked::stands(sale, figures.maintenance));
        let Some(sale) = due.filter(|_| !figures.asked.is_empty()) else {
            return Err(Hold::Nothing { next: None });
        };
        figures.checked()?;
        let choice = self.admitted(Mode::Asked, None, figures)?;
        let distress = Distress {
            called_at: self.now,
            caller: self.keeper.clone(),
            opener: Some(self.keeper.clone()),
            sighted_at: None,
            sighted_worthless: false,
            stood: vec![],
            asked: Some(Asked {
                sale: sale.clone(),
                since: self.position.ordered_at,
            }),
        };
        Ok(Decision {
            step: Step::Open(Mode::Asked, choice.clone()),
            position: with(self.position, distress),
        })
    }

    /// Below maintenance without a standing call: calls, and goes on to a sale where no grace is left.
    fn call(&self, mut position: Position, figures: &Figures) -> Result<Decision, Hold> {
        figures.checked()?;
        if self.now.saturating_sub(position.grace_used_at) > self.params.grace_memory {
            position.grace_used = 0;
        }
        let distress = Distress {
            called_at: self.now,
            caller: self.keeper.clone(),
            opener: None,
            sighted_at: None,
            sighted_worthless: false,
            stood: figures.stood.clone(),
            asked: None,
        };
        position.distress = Some(distress.clone());
        let case = Case {
            position: &position,
            ..*self
        };
        let grace_until = grace_until(&position, &distress, figures);
        if grace_until <= self.now {
            if let Ok(decision) = case.open(Mode::Soft, &distress, figures) {
                return Ok(decision);
            }
        }
        let (_, seen) = case.sighting(&distress, figures);
        Ok(Decision {
            step: Step::Call { grace_until },
            position: with(&position, seen),
        })
    }

    /// Called and below maintenance.
    fn called(&self, distress: &Distress, figures: &Figures) -> Result<Decision, Hold> {
        let until = grace_until(self.position, distress, figures);
        if self.now > until.saturating_add(self.params.void_after) {
            let mut position = self.position.clone();
            spend_grace(&mut position, self.params, self.now, Some(figures));
            return self.call(position, figures);
        }
        let (sighting, seen) = self.sighting(distress, figures);
        let over = until <= self.now;
        let opened = match sighting {
            Sighting::Twice => self
                .open(Mode::CloseOut, &seen, figures)
                .or_else(|hold| self.open_meanwhile(hold, over, &seen, figures)),
            _ if over => self.open(Mode::Soft, &seen, figures),
            _ => Err(Hold::Grace {
                until,
                next: match sighting {
                    Sighting::Waiting(from) => until.min(from),
                    _ => until,
                },
            }),
        };
        opened.or_else(|hold| self.sight(sighting, &seen, hold))
    }

    /// Opens a sale, or writes off what has nothing to sell.
    fn open(&self, mode: Mode, distress: &Distress, figures: &Figures) -> Result<Decision, Hold> {
        // A close-out has been seen twice.
        if figures.holds_nothing || (figures.sold_out && mode == Mode::CloseOut) {
            return self.write_off(figures);
        }
        figures.checked()?;
        let choice = self.admitted(mode, None, figures)?;
        let mut position = self.position.clone();
        spend_grace(&mut position, self.params, self.now, Some(figures));
        let seen = match mode {
            Mode::Soft | Mode::Asked => self.sighting(distress, figures).1,
            Mode::CloseOut => unseen(distress),
        };
        let distress = Distress {
            opener: Some(self.keeper.clone()),
            ..seen
        };
        Ok(Decision {
            step: Step::Open(mode, choice.clone()),
            position: with(&position, distress),
        })
    }

    fn write_off(&self, figures: &Figures) -> Result<Decision, Hold> {
        if !figures.holds_nothing {
            figures.checked()?;
        }
        Ok(Decision {
            step: Step::WriteOff,
            position: without_distress(self.position, self.params, self.now, Some(figures)),
        })
    }

    /// With a sale whose end is not due.
    fn selling(&self, distress: &Distress, sale: &Sale, figures: &Figures) -> Result<Decision, Hold> {
        let below = figures.maintenance < Decimal::one();
        // What is closed out already can only be seen without anything to sell.
        let (sighting, seen) = match sale.mode {
            Mode::CloseOut if !figures.sold_out => (Sighting::None, unseen(distress)),
            _ => self.sighting(distress, figures),
        };
        let given_up = figures.sold_out && sighting == Sighting::Twice;
        if below && (figures.holds_nothing || given_up) {
            return self.write_off(figures);
        }
        let due = match sighting {
            Sighting::Twice if !figures.close_out.is_empty() => figures
                .checked()
                .and_then(|()| self.lot(Mode::CloseOut, LotCause::Escalate, figures)),
            _ => Err(Hold::Nothing { next: None }),
        };
        let due = due.or_else(|hold| match sale.asleep_since {
            _ if below && distress.asked.is_some() => figures
                .checked()
                .and_then(|()| self.lot(Mode::Soft, LotCause::Force, figures)),
            Some(since) => self.asleep(since, distress, sale.mode, figures),
            None => self.awake(distress, sale, figures).map_err(|other| match hold {
                Hold::Price(_) | Hold::Queue { .. } => hold,
                _ => other,
            }),
        });
        match due {
            Ok(Step::End(reason)) => Ok(Decision {
                step: Step::End(reason),
                position: without_distress(self.position, self.params, self.now, Some(figures)),
            }),
            Ok(Step::Lot(LotCause::Escalate, choice)) => Ok(Decision {
                step: Step::Lot(LotCause::Escalate, choice),
                position: with(self.position, self.forced(unseen(&seen), figures)),
            }),
            Ok(Step::Lot(LotCause::Force, choice)) => Ok(Decision {
                step: Step::Lot(LotCause::Force, choice),
                position: with(self.position, self.forced(seen, figures)),
            }),
            Ok(step) => Ok(Decision {
                step,
                position: with(self.position, seen),
            }),
            Err(hold) => self.sight(sighting, &seen, hold),
        }
    }

    /// The distress of a sale that is forced from now on. Who started it for its owner has earned half of what comes.
    fn forced(&self, seen: Distress, figures: &Figures) -> Distress {
        if seen.asked.is_none() {
            return seen;
        }
        Distress {
            called_at: self.now,
            opener: Some(self.keeper.clone()),
            stood: figures.stood.clone(),
            asked: None,
            ..seen
        }
    }

    /// A sale that offers nothing: wakes when its reason is back, and ends when it slept for too long.
    fn asleep(&self, since: u64, distress: &Distress, mode: Mode, figures: &Figures) -> Result<Step, Hold> {
        if distress.stands(figures) {
            figures.checked()?;
            return self.lot(mode, LotCause::Wake, figures);
        }
        let until = since.saturating_add(self.params.grace_memory);
        if self.now >= until {
            return Ok(Step::End(EndReason::SleptAway));
        }
        Err(Hold::Nothing { next: Some(until) })
    }

    /// A sale with a lot: when that is gone, the next one starts, the same again, or the sale sleeps.
    fn awake(&self, distress: &Distress, sale: &Sale, figures: &Figures) -> Result<Step, Hold> {
        let lot = sale.lot.as_ref();
        let below = distress.stands(figures);
        if lot.is_some() && !figures.pair_done && !figures.lot_over {
            let next = figures.lot_last.saturating_add(1);
            let (cause, is_due) = match figures.pair_stuck {
                // What can't be bought now must not hold up what can; the lot that waits is given up for it.
                true => (LotCause::Next, below),
                // A lowest price that follows the market in the block of its fall would hold nothing up: the lot
                // starts again a little later.
                false => (LotCause::Refresh, figures.fell_far),
            };
            let choice = figures.choices(sale.mode).first();
            return match choice.is_some_and(|choice| is_due && !choice.silent) {
                true => self.lot(sale.mode, cause, figures),
                false => Err(Hold::Nothing { next: Some(next) }),
            };
        }
        let cleared = figures.pair_done || lot.is_none_or(|lot| lot.left.is_zero());
        let life = lot.map_or(0, |lot| lot.ends_at.saturating_sub(lot.start_at));
        let recent = sale
            .last
            .as_ref()
            .is_some_and(|fill| self.now.saturating_sub(fill.at) <= life);
        let goes_on = below || (cleared && recent && !figures.choices(sale.mode).is_empty());
        let silent = figures
            .choices(sale.mode)
            .first()
            .is_some_and(|choice| choice.silent);
        let cause = match (cleared, silent) {
            (true, _) => LotCause::Next,
            // A lot that is over while nobody can buy was no pass, nor is the one behind it.
            (false, true) => LotCause::Refresh,
            (false, false) => LotCause::Restart,
        };
        match goes_on {
            true => self.lot(sale.mode, cause, figures),
            false => Ok(Step::Sleep),
        }
    }
}

/// The position with this distress.
fn with(position: &Position, distress: Distress) -> Position {
    Position {
        distress: Some(distress),
        ..position.clone()
    }
}

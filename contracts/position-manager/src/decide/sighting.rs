//! A close-out is seen twice, with fresh prices in between, and so is a collateral that is worth nothing: one wrong
//! price for one block closes nobody out, and gives up nobody's collateral.

use cosmwasm_std::Decimal;
use glidepath_interfaces::position_manager::Params;

use super::{with, Case, Decision, Figures, Hold, Step};
use crate::state::Distress;

/// What a sighting of a close-out's trigger means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sighting {
    /// The trigger is not met, or can't be judged now.
    None,
    /// Seen for the first time.
    First,
    /// Seen before; the second sighting counts from then on.
    Waiting(u64),
    /// Seen twice.
    Twice,
}

/// Is the trigger of a close-out met?
fn is_triggered(figures: &Figures, params: &Params) -> bool {
    let health = figures.maintenance;
    health < Decimal::one() && (health < params.close_out_below || figures.out_of_reach || figures.sold_out)
}

/// What a touch leaves of a first sighting: none where the trigger of a close-out is not met, and none of a collateral worth
/// nothing where something is worth more.
pub fn touched(distress: &Distress, figures: Option<&Figures>, params: &Params) -> Distress {
    match figures.filter(|figures| is_triggered(figures, params)) {
        Some(figures) => Distress {
            sighted_worthless: distress.sighted_worthless && figures.sold_out,
            ..distress.clone()
        },
        None => unseen(distress),
    }
}

/// A distress without a first sighting.
pub fn unseen(distress: &Distress) -> Distress {
    Distress {
        sighted_at: None,
        sighted_worthless: false,
        ..distress.clone()
    }
}

impl Case<'_> {
    /// Is the trigger of a close-out met, and what does that mean together with a first sighting? Also the distress with
    /// what is remembered of it.
    pub(super) fn sighting(&self, distress: &Distress, figures: &Figures) -> (Sighting, Distress) {
        let (sighting, sighted_at) = self.sighted(distress, figures);
        let before = sighting == Sighting::First || distress.sighted_worthless;
        let seen = Distress {
            sighted_at,
            sighted_worthless: sighted_at.is_some() && before && figures.sold_out,
            ..distress.clone()
        };
        (sighting, seen)
    }

    fn sighted(&self, distress: &Distress, figures: &Figures) -> (Sighting, Option<u64>) {
        if !is_triggered(figures, self.params) {
            return (Sighting::None, None);
        }
        // Who was seen in need of a close-out was not yet seen without anything to sell.
        let first = distress
            .sighted_at
            .filter(|at| self.now.saturating_sub(*at) <= self.params.sighting_memory)
            .filter(|_| distress.sighted_worthless || !figures.sold_out);
        let Some(at) = first else {
            return match figures.checked {
                Ok(()) => (Sighting::First, Some(self.now)),
                Err(_) => (Sighting::None, None),
            };
        };
        let age = self.now.saturating_sub(at);
        let anew = age >= self.params.confirm && figures.published_at > at;
        let asked = age >= self.params.confirm_unpublished && figures.checked_at > at;
        if anew || asked {
            return (Sighting::Twice, Some(at));
        }
        (
            Sighting::Waiting(at.saturating_add(self.params.confirm)),
            Some(at),
        )
    }

    /// Where nothing else is due: a first sighting is worth a step of its own, and so is forgetting one.
    pub(super) fn sight(&self, sighting: Sighting, seen: &Distress, hold: Hold) -> Result<Decision, Hold> {
        let before = self.position.distress.as_ref().and_then(|d| d.sighted_at);
        let step = match sighting {
            Sighting::First => Step::Sight {
                confirm_from: self.now.saturating_add(self.params.confirm),
            },
            Sighting::None if before.is_some() => Step::Forget,
            Sighting::Waiting(from) => {
                return Err(match hold {
                    Hold::NothingSellable => Hold::Unconfirmed { from },
                    Hold::Nothing { next } => Hold::Nothing {
                        next: Some(next.map_or(from, |next| next.min(from))),
                    },
                    other => other,
                })
            }
            _ => return Err(hold),
        };
        Ok(Decision {
            step,
            position: with(self.position, seen.clone()),
        })
    }
}

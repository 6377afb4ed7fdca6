//! Grace: a courtesy of calm markets, used up once and remembered.

use glidepath_interfaces::position_manager::Params;

use super::Figures;
use crate::state::{Distress, Position};

/// When a call's grace ends at the health and volatility of now.
pub fn grace_until(position: &Position, call: &Distress, figures: &Figures) -> u64 {
    let left = figures.grace.saturating_sub(position.grace_used);
    call.called_at.saturating_add(left)
}

/// A position without its distress; the grace that its call used is remembered.
pub fn without_distress(position: &Position, params: &Params, now: u64) -> Position {
    let mut after = position.clone();
    spend_grace(&mut after, params, now);
    after.distress = None;
    after
}

/// Books the grace that the running call has used. It ends where a sale opens, and was booked there.
pub fn spend_grace(position: &mut Position, params: &Params, now: u64) {
    let running = position.distress.as_ref().filter(|call| call.opener.is_none());
    let Some(distress) = running else { return };
    let left = params.grace.saturating_sub(position.grace_used);
    let used = now.saturating_sub(distress.called_at).min(left);
    if used > 0 {
        position.grace_used = position.grace_used.saturating_add(used);
        position.grace_used_at = distress.called_at.saturating_add(used);
    }
}

//! Grace: a courtesy of calm markets, used up once and remembered. What keeps an owner from acting, or a price from being
//! known, does not use it up: an outage of one of its assets, or a stop of its fills, makes it longer by its own length.

use glidepath_interfaces::position_manager::Params;

use super::Figures;
use crate::state::{Distress, Position};

/// When a call's grace ends at the health and volatility of now. While something stands still it moves along. Who asks to be
/// sold in time has none.
pub fn grace_until(position: &Position, call: &Distress, figures: &Figures) -> u64 {
    if position.asks_for(figures.now).is_some() {
        return call.called_at;
    }
    let left = figures.grace.saturating_sub(position.grace_used);
    call.called_at
        .saturating_add(left)
        .saturating_add(stood_since(call, figures))
}

/// Seconds that an asset of the position has stood still since the call; the largest of those that it had then and has
/// now, so that nobody makes a grace longer by adding an asset. Of what turns out to have begun before the call, only what
/// came behind it. Never more than has passed.
fn stood_since(call: &Distress, figures: &Figures) -> u64 {
    let since = |now: &crate::state::Stood| {
        let then = call.stood.iter().find(|then| then.asset == now.asset)?;
        let (_, pauses) = figures.pauses.iter().find(|(asset, _)| *asset == now.asset)?;
        let before = pauses.known_at(call.called_at).unwrap_or_default();
        Some(now.seconds.saturating_sub(then.seconds.max(before)))
    };
    let passed = figures.now.saturating_sub(call.called_at);
    let longest = figures.stood.iter().filter_map(since).max();
    longest.unwrap_or_default().min(passed)
}

/// A position without its distress; the grace that its call used is remembered. A sale that was asked for once is not asked for
/// any more.
pub fn without_distress(
    position: &Position,
    params: &Params,
    now: u64,
    figures: Option<&Figures>,
) -> Position {
    let mut after = position.clone();
    spend_grace(&mut after, params, now, figures);
    if let Some(asked) = position.asked() {
        if asked.sale.trigger.is_none() && asked.since == position.ordered_at {
            after.order.sale = None;
        }
    }
    after.distress = None;
    after
}

/// A position whose sale ended before its time: called anew by who called it, with what is left of its grace.
pub fn recalled(position: &Position, sold: &Distress, figures: Option<&Figures>, now: u64) -> Position {
    let call = Distress {
        called_at: now,
        opener: None,
        stood: figures.map_or_else(Vec::new, |figures| figures.stood.clone()),
        asked: None,
        ..sold.clone()
    };
    Position {
        distress: Some(call),
        ..position.clone()
    }
}

/// Books the grace that the running call has used. It ends where a sale opens, and was booked there. Of a position without
/// debt nobody reads a price, nor what stood still.
pub fn spend_grace(position: &mut Position, params: &Params, now: u64, figures: Option<&Figures>) {
    let running = position.distress.as_ref().filter(|call| call.opener.is_none());
    let Some(distress) = running else { return };
    let stood = figures.map_or(0, |figures| stood_since(distress, figures));
    let left = params.grace.saturating_sub(position.grace_used);
    let ran = now.saturating_sub(distress.called_at).saturating_sub(stood);
    let used = ran.min(left);
    if used > 0 {
        position.grace_used = position.grace_used.saturating_add(used);
        position.grace_used_at = distress.called_at.saturating_add(stood).saturating_add(used);
    }
}

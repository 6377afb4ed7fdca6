//! Sales: advancing.

use crate::Seen;
use glidepath_interfaces::events::position_manager as events;
use glidepath_interfaces::position_manager::{self, Advanced};

use crate::sequences::op::{Peer, Slot, Who};
use crate::sequences::world::{Failure, Told, World};

/// Moves a position on; what `Due` says beforehand is what happens.
pub fn advance(world: &mut World, who: Who, slot: Slot) -> Result<(), Failure> {
    let Some(position) = world.position(slot) else {
        return Ok(());
    };
    advance_position(world, who, position).map(|_| ())
}

/// The same by number.
pub fn advance_position(world: &mut World, who: Who, position: u64) -> Result<Told, Failure> {
    let due = world.suite.ask().due(position)?;
    let (who, manager) = (world.who(who), world.peer(Peer::Manager));
    let msg = position_manager::ExecuteMsg::Advance { position };
    let told = world.execute(&who, &manager, &msg, &[])?;
    let differs = |what: String| Err(Failure::new("due", what));
    match (&told, &due.due, &due.refused) {
        (Ok(outcome), Some(due), _) => {
            let event = outcome.event(events::Advanced::TYPE);
            if !event.is_some_and(|event| is_told(due, &event)) {
                return differs(format!("{due:?} was due, it came to {event:?}"));
            }
        }
        (Err(refusal), None, Some(reason)) if refusal.text == *reason => {}
        (told, due, reason) => {
            return differs(format!("due was {due:?} or {reason:?}, it came to {told:?}"));
        }
    }
    Ok(told)
}

/// Is it what the event tells?
fn is_told(due: &Advanced, event: &Seen) -> bool {
    let figure = match due {
        Advanced::Called { grace_until } => event.get("grace_until") == Some(*grace_until),
        Advanced::Sighted { confirm_from } => event.get("confirm_from") == Some(*confirm_from),
        Advanced::Opened { mode } => event.text("mode") == Some(mode.to_string().as_str()),
        _ => true,
    };
    figure && event.text("did") == Some(due.to_string().as_str())
}

//! Events of the position-manager.

use crate::events::events;

events! { "position-manager"; }

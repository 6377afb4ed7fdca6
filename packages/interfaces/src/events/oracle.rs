//! Events of the oracle-adapter.

use crate::events::events;

events! { "oracle-adapter"; }

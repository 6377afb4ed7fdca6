//! Events of the vault.

use crate::events::events;

events! { "vault"; }

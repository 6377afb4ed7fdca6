//! Events of the insurance-fund.

use crate::events::events;

events! { "insurance-fund"; }

//! Messages: one file each, or a tight group.

mod backstop;
mod bid;
mod config;
mod fill;
mod matching;
mod orders;
mod sale;

pub use backstop::{backstop, backstop_quote, LOTS_UNSOLD};
pub use bid::{bid, bid_many, resume};
pub use config::{set_bidders, set_terms, update_ownership};
pub use matching::{in_front, match_orders};
pub use orders::{cancel, claim, place, set_min_order};
pub use sale::{end, open, sleep, start_lot, Opening};

//! Messages: one file each, or a tight group.

mod bid;
mod config;
mod sale;

pub use bid::{bid, Bid};
pub use config::{set_terms, update_ownership};
pub use sale::{end, open, sleep, start_lot, Opening};

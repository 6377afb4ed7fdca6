//! One file a message.

pub mod ownership;
pub mod post;
pub mod set_feed;
pub mod set_reporters;
pub mod update_prices;

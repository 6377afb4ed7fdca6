//! One file a message.

pub mod guardian;
pub mod ownership;
pub mod post;
pub mod set_feed;
pub mod set_reporters;
pub mod stop;
pub mod update_prices;

//! The oracle adapter: one guarded price record per asset.

mod messages;
mod record;

pub use self::messages::*;
pub use self::record::*;

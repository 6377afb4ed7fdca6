//! The position manager: who owns a position, risk parameters, margin checks, distress, and the choice of what is
//! sold for which debt.

mod answers;
mod messages;
mod order;
mod params;
mod sellable;
mod takeover;

pub use self::answers::*;
pub use self::messages::*;
pub use self::order::*;
pub use self::params::*;
pub use self::sellable::*;
pub use self::takeover::*;

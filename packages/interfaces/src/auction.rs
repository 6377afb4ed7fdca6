//! The liquidation auction: the sale of each distressed position, its lots and their clocks, and bids.

mod messages;
mod orders;
mod queue;
mod records;

pub use self::messages::*;
pub use self::orders::*;
pub use self::queue::{backlog, Backlogs, Line, LotStart, BACKLOGS};
pub use self::records::*;

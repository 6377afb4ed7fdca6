//! The vault: every coin, the ledger of each position, the lending markets, and accounts.

mod messages;
mod records;

pub use self::messages::*;
pub use self::records::*;

//! The vault: every coin, the ledger of each position, the lending markets, and accounts.

mod callback;
mod messages;
mod records;

pub use self::callback::*;
pub use self::messages::*;
pub use self::records::*;

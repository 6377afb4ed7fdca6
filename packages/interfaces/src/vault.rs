//! The vault: every coin, the ledger of each position, the lending markets, and accounts.

mod backstop;
mod callback;
mod messages;
mod records;

pub use self::backstop::*;
pub use self::callback::*;
pub use self::messages::*;
pub use self::records::*;

//! Messages to the five contracts. Each method sends one message, unless it says otherwise.

mod auction;
mod fund;
mod oracle;
mod positions;
mod vault;

pub use auction::{item, Auction, BidTerms};
pub use fund::Fund;
pub use oracle::Oracle;
pub use positions::{borrow, deposit, repay, repay_all, withdraw, withdraw_all, Positions};
pub use vault::Vault;

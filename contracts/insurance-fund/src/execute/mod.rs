//! One file a message or tight group.

pub mod account;
pub mod backstop;
pub mod book;
pub mod cover;
pub mod exit;
pub mod ownership;
pub mod params;
pub mod stake;

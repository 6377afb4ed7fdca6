//! Handlers of messages, one group a file. Each goes: authority, funds, load, accrue, check, effects, save,
//! messages, event.

pub mod account;
pub mod admin;
pub mod apply;
pub mod backstop;
pub mod distress;
pub mod reserves;
pub mod settle;
pub mod supply;
pub mod take_over;
pub mod ticket;
pub mod write_off;

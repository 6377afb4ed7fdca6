//! One message a file.

pub mod admin;
pub mod advance;
pub mod end_sale;
pub mod lower_cap;
pub mod messages;
pub mod set_asset;
pub mod set_order;
pub mod set_takeover;
pub mod takeover;
pub mod target_met;
pub mod transfer;
pub mod update;

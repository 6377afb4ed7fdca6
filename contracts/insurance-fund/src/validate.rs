//! Bounds of parameters, each with its reason.

use std::fmt::Display;

use cosmwasm_std::Decimal;
use glidepath_interfaces::fund::{CoverRule, Params};

use crate::error::ContractError;

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// A cooldown below a day could be sat out while a loss is building up.
pub const MIN_COOLDOWN: u64 = DAY;
/// Nobody stakes what he can't have back for more than two months.
pub const MAX_COOLDOWN: u64 = 60 * DAY;
/// A window below an hour can be missed because of a busy chain.
pub const MIN_EXIT_WINDOW: u64 = HOUR;
/// A window of weeks is an option to leave at the first sign of a loss. For the same reason a window is never longer
/// than the cooldown: whoever asks again and again is out of his window at least half of the time.
pub const MAX_EXIT_WINDOW: u64 = 14 * DAY;
/// Revenue that arrives within a day could be bought into for one event.
pub const MIN_STREAM: u64 = DAY;
/// Revenue that arrives later than two months from now is no reason to stake.
pub const MAX_STREAM: u64 = 60 * DAY;
/// The cap of an epoch below an hour bounds nothing: a crash takes longer.
pub const MIN_EPOCH: u64 = HOUR;
/// A cap per year is the longest that can be meant.
pub const MAX_EPOCH: u64 = 365 * DAY;

fn within<T: PartialOrd + Display>(
    field: &'static str,
    value: T,
    min: T,
    max: T,
) -> Result<(), ContractError> {
    if value < min || value > max {
        return Err(ContractError::BadParameter {
            field,
            value: value.to_string(),
            bound: format!("{min} to {max}"),
        });
    }
    Ok(())
}

/// Are the parameters possible?
pub fn params(params: &Params) -> Result<(), ContractError> {
    within("cooldown", params.cooldown, MIN_COOLDOWN, MAX_COOLDOWN)?;
    let longest = MAX_EXIT_WINDOW.min(params.cooldown);
    within("exit_window", params.exit_window, MIN_EXIT_WINDOW, longest)?;
    within("stream", params.stream, MIN_STREAM, MAX_STREAM)
}

/// Is the rule possible? A cap of zero is: the fund then pays for nothing.
pub fn rule(rule: &CoverRule) -> Result<(), ContractError> {
    if rule.max_share.is_zero() || rule.max_share > Decimal::one() {
        return Err(ContractError::BadParameter {
            field: "max_share",
            value: rule.max_share.to_string(),
            bound: "above 0 and at most 1".into(),
        });
    }
    within("epoch", rule.epoch, MIN_EPOCH, MAX_EPOCH)
}

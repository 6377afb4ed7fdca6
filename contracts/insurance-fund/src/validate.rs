//! Bounds of parameters, each with its reason.

use std::fmt::Display;

use cosmwasm_std::Decimal;
use glidepath_interfaces::fund::{BackstopRule, CoverRule, Params};
use glidepath_interfaces::{first_twice, AssetId};

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
/// Of what the stakes are worth an epoch spends half at most: the rest stays to bear losses.
pub const MAX_BACKSTOP_SHARE: Decimal = Decimal::percent(50);
/// Assets that the units of a market may have bought, those of earlier rules counted in: whoever stakes or leaves is settled
/// with all of them.
pub const MAX_GOODS: usize = 16;

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

/// Is the rule possible, in a market whose units have `bought` these assets? A cap of zero is, and no collateral at all: nothing
/// is bought.
pub fn backstop(asset: &AssetId, rule: &BackstopRule, bought: &[AssetId]) -> Result<(), ContractError> {
    let most = MAX_BACKSTOP_SHARE;
    if rule.max_share.is_zero() || rule.max_share > most {
        return Err(ContractError::BadParameter {
            field: "max_share",
            value: rule.max_share.to_string(),
            bound: format!("above 0 and at most {most}"),
        });
    }
    within("epoch", rule.epoch, MIN_EPOCH, MAX_EPOCH)?;
    let named = || rule.collaterals.iter().map(|cap| &cap.asset);
    let bad = first_twice(named()).or_else(|| named().find(|name| *name == asset));
    if let Some(collateral) = bad {
        return Err(ContractError::BadCollateral {
            asset: asset.clone(),
            collateral: collateral.clone(),
        });
    }
    let others = bought.iter().filter(|one| !named().any(|name| name == *one));
    let assets = rule.collaterals.len().saturating_add(others.count());
    if assets > MAX_GOODS {
        return Err(ContractError::TooManyGoods {
            asset: asset.clone(),
            assets,
            max: MAX_GOODS,
        });
    }
    Ok(())
}

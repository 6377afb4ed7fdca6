//! What a takeover of a position on sale would take, before anybody signs.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal, Uint128};
use glidepath_risk::Value;

use super::Healths;
use crate::AssetId;

/// What a takeover would do.
#[cw_serde]
pub struct PreviewTakeoverResponse {
    /// What is paid for the position; none where it can't be taken over now whatever is paid.
    pub price: Option<TakeoverPrice>,
    /// Health before.
    pub before: Healths,
    /// Health after the actions.
    pub after: Healths,
    /// Weighted USD that initial margin still needs after the actions, at prices that are good for borrowing: so much debt
    /// (times its initial factor) is to be repaid, or so much collateral (times its initial weight) to be added. None where a
    /// debt's price is not good for it.
    pub missing: Option<Value>,
    /// From when on its owner lets nobody take it over while it is sold softly, in unix seconds.
    pub refused_from: Option<u64>,
    /// Why it would be refused.
    pub refused: Option<String>,
}

/// What is paid for a position that is taken over.
#[cw_serde]
pub struct TakeoverPrice {
    /// In what: the debt on sale.
    pub asset: AssetId,
    /// Base units, all together.
    pub paid: Uint128,
    /// Base units of them for its owner's account.
    pub credit: Uint128,
    /// Base units of them that are penalty.
    pub penalty: Uint128,
    /// USD that its collateral is worth more than its debts.
    pub equity: Value,
    /// USD that the auction would cost its owner right now.
    pub cost: Value,
    /// Price of the auction right now as a multiple of the oracle's.
    pub multiplier: Decimal,
}

//! What the stakers of a pool bought together: each unit's part of it, at a cost that does not grow with the stakers.
//!
//! A purchase belongs to the units that were staked when it was made. It is added to a figure per unit; whoever's units
//! change, or who takes out what is his, is settled with the difference of that figure since he was last.

use cosmwasm_std::{Uint128, Uint256};

use crate::math::mul_div_256;
use crate::{RiskResult, Rounding};

/// What one base unit is on the scale of a figure per unit: 2¹²⁸, so that the smallest purchase of the largest pool resolves.
const SCALE: Uint256 = Uint256::from_be_bytes([
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/// By how much the figure per unit rises when `units` together buy `amount`, rounded down.
///
/// # Errors
/// `DivisionByZero` where there are no units.
pub fn per_unit(amount: Uint128, units: Uint128) -> RiskResult<Uint256> {
    mul_div_256(amount.into(), SCALE, units.into(), Rounding::Down)
}

/// What `units` have of a rise of that figure, in base units, rounded down: all parts together are never more than what was
/// bought.
///
/// 90 bought by 60 units: of them 20 units have 30 (29 where the figure does not divide).
pub fn part(units: Uint128, rise: Uint256) -> RiskResult<Uint128> {
    Ok(mul_div_256(units.into(), rise, SCALE, Rounding::Down)?.try_into()?)
}

//! What volatility does to grace and to clocks: fast markets, short grace, fast clocks.

use cosmwasm_std::Decimal;

use crate::math::mul;
use crate::{RiskResult, Rounding};

/// No clock runs more than four times as fast as its terms say.
const SLOWEST: Decimal = Decimal::percent(25);

/// `σ_ref / σ`, at most 1; 1 where nothing has moved yet.
fn calm(reference: Decimal, volatility: Decimal) -> RiskResult<Decimal> {
    if volatility <= reference {
        return Ok(Decimal::one());
    }
    Ok(reference.checked_div(volatility)?)
}

/// Factor on the length of a lot's fall: `clamp(σ_ref/σ, ¼, 1)`.
pub fn tempo(reference: Decimal, volatility: Decimal) -> RiskResult<Decimal> {
    Ok(calm(reference, volatility)?.max(SLOWEST))
}

/// Seconds of grace: `grace · min(1, σ_ref/σ)`, rounded down, and none once maintenance health is below
/// `no_grace_below`. Judged with the current volatility: grace is a courtesy of calm markets.
pub fn grace(
    grace: u64,
    reference: Decimal,
    volatility: Decimal,
    maintenance_health: Decimal,
    no_grace_below: Decimal,
) -> RiskResult<u64> {
    if maintenance_health < no_grace_below {
        return Ok(0);
    }
    let seconds = mul(grace.into(), calm(reference, volatility)?, Rounding::Down)?;
    Ok(u64::try_from(seconds.u128()).unwrap_or(grace))
}

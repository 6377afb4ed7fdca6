//! What volatility does to grace and to clocks: fast markets, short grace, fast clocks.

use cosmwasm_std::Decimal;

use crate::math::mul_div;
use crate::{RiskResult, Rounding};

/// No clock runs more than four times as fast as its terms say.
const FASTEST: Decimal = Decimal::percent(25);

/// How calm a market is: `min(1, σ_ref/σ)`, rounded down. At 80 % a year with a reference of 60 % it is ¾.
pub fn calm(reference: Decimal, volatility: Decimal) -> RiskResult<Decimal> {
    if volatility <= reference {
        return Ok(Decimal::one());
    }
    Ok(reference.checked_div(volatility)?)
}

/// Factor on the length of a lot's fall: `clamp(σ_ref/σ, ¼, 1)`. A market at 80 % a year with a reference of 60 %
/// runs its clocks in ¾ of the time, one at 300 % in ¼.
pub fn tempo(calm: Decimal) -> Decimal {
    calm.clamp(FASTEST, Decimal::one())
}

/// Seconds of grace: `grace · min(1, σ_ref/σ)`, rounded down, and none once maintenance health is below
/// `no_grace_below`. Judged with the current volatility: grace is a courtesy of calm markets.
///
/// 900 s at a reference of 60 % and a volatility of 90 % are 600 s; at a health of .984, with none below .985, 0.
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
    if volatility <= reference {
        return Ok(grace);
    }
    // One division: with the ratio rounded first, two thirds of 900 s would be 599.
    let seconds = mul_div(
        grace.into(),
        reference.atomics(),
        volatility.atomics(),
        Rounding::Down,
    )?;
    Ok(u64::try_from(seconds.u128()).unwrap_or(grace))
}

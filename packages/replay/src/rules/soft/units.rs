//! Between the floats of the market model and the integers of the chain.

use cosmwasm_std::{Decimal, Decimal256, Uint128};

/// A part, rate or USD amount as a decimal, to 12 digits behind the point.
pub fn decimal(value: f64) -> Decimal {
    let atomics = (value.max(0.0) * 1e12).round() as u128;
    Decimal::new(Uint128::new(atomics * 1_000_000))
}

/// A price as the text that a reporter posts, to 12 digits behind the point.
pub fn price_text(price: f64) -> String {
    format!("{price:.12}")
}

/// Base units of whole tokens, rounded to the nearest.
pub fn to_units(tokens: f64, decimals: u8) -> u128 {
    (tokens.max(0.0) * 10f64.powi(decimals.into())).round() as u128
}

/// Whole tokens of base units.
pub fn from_units(units: Uint128, decimals: u8) -> f64 {
    units.u128() as f64 / 10f64.powi(decimals.into())
}

/// A decimal as a float.
pub fn float(value: Decimal) -> f64 {
    value.atomics().u128() as f64 / 1e18
}

/// The same of a wider one.
pub fn float_256(value: Decimal256) -> f64 {
    value.to_string().parse().unwrap_or_default()
}

/// Debt base units per whole token for a price in USD, a millionth above it: the price moves by rounding between the
/// float that a keeper reckons with and the contract's own.
pub fn max_price(price: f64, debt_decimals: u8) -> Decimal256 {
    Decimal256::from(decimal(price * (1.0 + 1e-6)))
        * Decimal256::from_ratio(10u128.pow(debt_decimals.into()), 1u128)
}

/// USD per whole token for a price in debt base units.
pub fn usd_price(price: Decimal256, debt_decimals: u8) -> f64 {
    float_256(price) / 10f64.powi(debt_decimals.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        assert_eq!(decimal(0.75), Decimal::percent(75));
        assert_eq!(to_units(12.345_678_9, 6), 12_345_679);
        assert_eq!(from_units(Uint128::new(12_345_679), 6), 12.345679);
        assert_eq!(float(Decimal::permille(5)), 0.005);
        assert_eq!(price_text(0.000_012_5), "0.000012500000");
        let most = max_price(2.0, 6);
        assert!(most > Decimal256::from_ratio(2_000_000u128, 1u128), "{most}");
        assert!(most < Decimal256::from_ratio(2_000_003u128, 1u128), "{most}");
        assert!((usd_price(most, 6) - 2.000_002).abs() < 1e-9);
    }
}

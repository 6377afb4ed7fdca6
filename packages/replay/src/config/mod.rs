//! All that can be set for a replay, in one TOML file.
//!
//! A file names only what differs from the preset of its `risk.kind`. `glidepath-replay config` writes out
//! the whole of it with units.

mod check;
mod docs;
mod load;

use serde::{Deserialize, Serialize};

pub use check::RangeError;
pub use load::{read, to_toml, ConfigError};

/// Which of the two sets of starting figures a configuration begins with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A liquid asset: weights .80 / .75.
    #[default]
    Major,
    /// A thin or volatile asset: weights .70 / .65.
    Volatile,
}

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Margin rules of the collateral.
    pub risk: Risk,
    /// Terms of the sale.
    pub sale: Sale,
    /// The plain liquidation that soft rules are compared with.
    pub hard: Hard,
    /// Depth, impact and what goes wrong in the worst hour.
    pub market: Market,
    /// When the chain learns of a price.
    pub oracle: Oracle,
    /// Who has borrowed.
    pub population: Population,
    /// Who buys.
    pub bidders: Bidders,
    /// How often the invariants are checked.
    pub checks: Checks,
}

/// Margin rules of the collateral.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // keys are explained in `docs`, for people and for the written file alike
pub struct Risk {
    pub kind: Kind,
    pub maintenance_weight: f64,
    pub target_weight: f64,
    pub grace_s: u64,
    pub grace_health: f64,
    pub grace_memory_s: u64,
    pub close_out_health: f64,
    pub confirm_s: u64,
    pub floor_share: f64,
    pub clearing_discount: f64,
    pub surcharge_soft: f64,
    pub surcharge_close_out: f64,
    pub min_fill_usd: f64,
    pub min_debt_usd: f64,
    pub min_collateral_usd: f64,
    pub overhang_cap: f64,
}

/// Terms of the sale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Sale {
    pub premium: f64,
    pub premium_max: f64,
    pub premium_step: f64,
    pub soft: Terms,
    pub close_out: Terms,
}

/// Terms of one stage of a sale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Terms {
    pub penalty: f64,
    pub floor: f64,
    pub fall_s: u64,
    pub spacing_s: u64,
    pub lot_tolerance: f64,
    pub lot_min_usd: f64,
    pub lot_max_usd: f64,
}

/// The plain liquidation that soft rules are compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Hard {
    pub bonus: f64,
    pub close_factor: f64,
    pub all_below_health: f64,
}

/// Depth, impact and what goes wrong in the worst hour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Market {
    pub depth_1pct_usd: f64,
    pub absorb_half_life_s: f64,
    pub depth_min: f64,
    pub sigma_half_life_s: f64,
    pub sigma_ref_min: f64,
    pub sigma_ref_max: f64,
    pub dead_share: f64,
    pub hour_without_bidder: bool,
    pub hour_without_oracle: bool,
}

/// When the chain learns of a price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Oracle {
    pub deviation: f64,
    pub heartbeat_s: u64,
    pub delay_blocks: u64,
}

/// Who has borrowed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Population {
    pub positions: u32,
    pub overhang: f64,
    pub size_sigma: f64,
    pub largest_share: f64,
    pub health_min: f64,
    pub health_mean_above: f64,
    pub cure_share: f64,
    pub cure_median_s: f64,
    pub cure_sigma: f64,
}

/// Who buys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Bidders {
    pub count: u32,
    pub margin_min: f64,
    pub margin_max: f64,
    pub risk_min: f64,
    pub risk_max: f64,
    pub latency_min_blocks: u64,
    pub latency_max_blocks: u64,
    pub capital_median: f64,
    pub capital_sigma: f64,
    pub min_profit_usd: f64,
}

/// How often the invariants are checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Checks {
    pub every_s: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self::preset(Kind::default())
    }
}

impl Config {
    /// The starting figures of `kind`.
    pub fn preset(kind: Kind) -> Self {
        let (maintenance_weight, target_weight) = match kind {
            Kind::Major => (0.80, 0.75),
            Kind::Volatile => (0.70, 0.65),
        };
        Self {
            risk: Risk {
                kind,
                maintenance_weight,
                target_weight,
                grace_s: 900,
                grace_health: 0.985,
                grace_memory_s: 86_400,
                close_out_health: 0.93,
                confirm_s: 45,
                floor_share: 0.5,
                clearing_discount: 0.015,
                surcharge_soft: 0.10,
                surcharge_close_out: 0.20,
                min_fill_usd: 500.0,
                min_debt_usd: 10.0,
                min_collateral_usd: 10.0,
                overhang_cap: 10.0,
            },
            sale: Sale {
                premium: 0.002,
                premium_max: 0.02,
                premium_step: 0.003,
                soft: Terms {
                    penalty: 0.001,
                    floor: 0.06,
                    fall_s: 390,
                    spacing_s: 30,
                    lot_tolerance: 0.005,
                    lot_min_usd: 100.0,
                    lot_max_usd: 1_000_000.0,
                },
                close_out: Terms {
                    penalty: 0.005,
                    floor: 0.10,
                    fall_s: 180,
                    spacing_s: 6,
                    lot_tolerance: 0.02,
                    lot_min_usd: 100.0,
                    lot_max_usd: 4_000_000.0,
                },
            },
            hard: Hard {
                bonus: 0.05,
                close_factor: 0.5,
                all_below_health: 0.95,
            },
            market: Market {
                depth_1pct_usd: 1_000_000.0,
                absorb_half_life_s: 1_200.0,
                depth_min: 1.0 / 3.0,
                sigma_half_life_s: 900.0,
                sigma_ref_min: 0.03,
                sigma_ref_max: 1.5,
                dead_share: 0.2,
                hour_without_bidder: false,
                hour_without_oracle: false,
            },
            oracle: Oracle {
                deviation: 0.0025,
                heartbeat_s: 60,
                delay_blocks: 2,
            },
            population: Population {
                positions: 200,
                overhang: 10.0,
                size_sigma: 1.2,
                largest_share: 0.08,
                health_min: 1.003,
                health_mean_above: 0.12,
                cure_share: 0.3,
                cure_median_s: 900.0,
                cure_sigma: 0.8,
            },
            bidders: Bidders {
                count: 6,
                margin_min: 0.0008,
                margin_max: 0.0025,
                risk_min: 0.5,
                risk_max: 2.0,
                latency_min_blocks: 1,
                latency_max_blocks: 4,
                capital_median: 1.0,
                capital_sigma: 0.5,
                min_profit_usd: 10.0,
            },
            checks: Checks { every_s: 600 },
        }
    }
}

#[cfg(test)]
mod tests;

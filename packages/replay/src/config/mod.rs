//! All that can be set for a replay, in one TOML file.
//!
//! A file names only what differs from the preset of its `risk.kind`. `glidepath-replay config` writes out
//! the whole of it with units.

mod check;
mod docs;
mod load;

use serde::{Deserialize, Serialize};

pub use check::{is_name, NameError, RangeError};
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
    /// What the insurance fund pays for.
    pub fund: Fund,
    /// The plain liquidation that soft rules are compared with.
    pub hard: Hard,
    /// From candles to blocks, and which part of them is run.
    pub path: Path,
    /// Depth and impact.
    pub market: Market,
    /// What goes wrong besides.
    pub stress: Stress,
    /// When the chain learns of a price.
    pub oracle: Oracle,
    /// What the chain makes of prices.
    pub feed: Feed,
    /// Who has borrowed.
    pub population: Population,
    /// Who buys.
    pub bidders: Bidders,
    /// How often the invariants are checked.
    pub checks: Checks,
    /// Further collaterals.
    pub assets: Vec<Asset>,
}

/// A collateral.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct Asset {
    pub name: String,
    pub prices: String,
    pub first_price: f64,
    pub beta: f64,
    pub share: f64,
    pub maintenance_weight: f64,
    pub target_weight: f64,
    pub depth_1pct_usd: f64,
    pub overhang_cap: f64,
    pub queue_rate: f64,
    pub queue_burst: f64,
    pub decimals: u8,
    pub cw20: bool,
}

impl Default for Asset {
    /// The first collateral of the major preset without a name, with prices that follow the first one's.
    fn default() -> Self {
        Config::preset(Kind::Major).first()
    }
}

/// Margin rules of the collateral.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // keys are explained in `docs`, for people and for the written file alike
pub struct Risk {
    pub kind: Kind,
    pub name: String,
    pub maintenance_weight: f64,
    pub target_weight: f64,
    pub grace_s: u64,
    pub grace_health: f64,
    pub grace_memory_s: u64,
    pub void_after_s: u64,
    pub close_out_health: f64,
    pub confirm_s: u64,
    pub confirm_unpublished_s: u64,
    pub sighting_memory_s: u64,
    pub floor_share: f64,
    pub clearing_discount: f64,
    pub surcharge_soft: f64,
    pub surcharge_close_out: f64,
    pub min_fill_usd: f64,
    pub min_debt_usd: f64,
    pub min_collateral_usd: f64,
    pub overhang_cap: f64,
    pub queue_rate: f64,
    pub queue_burst: f64,
    pub decimals: u8,
    pub cw20: bool,
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
    pub split: Split,
}

/// Who gets the penalties.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Split {
    pub fund: f64,
    pub keepers: f64,
    pub reserves: f64,
}

/// What the insurance fund pays for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Fund {
    pub max_share: f64,
    pub epoch_cap_usd: f64,
    pub epoch_s: u64,
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

/// From candles to blocks, and which part of them is run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Path {
    pub against_first: f64,
    pub window_s: u64,
    pub fall_s: u64,
    pub lead_s: u64,
    pub calm_fall_min: f64,
    pub calm_fall_max: f64,
    pub warm_up_s: u64,
}

/// Depth and impact, and the dead blocks of the worst hour.
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
}

/// What goes wrong besides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Stress {
    pub kinds: Vec<StressKind>,
    pub outage_s: u64,
    pub thin_depth: f64,
    pub congestion_s: u64,
    pub congestion_dead_share: f64,
    pub aftermath_s: u64,
    pub deep_discount: f64,
}

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum StressKind {
    /// No keeper bids or advances in the hour of the steepest fall.
    #[serde(rename = "no-bidders-1h")]
    #[value(name = "no-bidders-1h")]
    NoBidders,
    /// No price reaches the chain in that hour.
    #[serde(rename = "oracle-silent-1h")]
    #[value(name = "oracle-silent-1h")]
    OracleSilent,
    /// The market is six times as thin as the contracts are told.
    ThinDepth,
    /// In the worst three hours four of five blocks are dead for everybody.
    Congestion,
}

impl std::fmt::Display for StressKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            StressKind::NoBidders => "no-bidders-1h",
            StressKind::OracleSilent => "oracle-silent-1h",
            StressKind::ThinDepth => "thin-depth",
            StressKind::Congestion => "congestion",
        })
    }
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

/// What the chain makes of prices: its averages, and how old a price may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Feed {
    pub smoothing_s: u64,
    pub volatility_window_s: u64,
    pub slow_volatility_window_s: u64,
    pub outage_gap_s: u64,
    pub breaker_max_move: f64,
    pub breaker_cool_down_s: u64,
    pub confirm_jump_s: u64,
    pub fresh_s: u64,
    pub age_borrow_s: u64,
    pub age_fill_s: u64,
    pub age_health_s: u64,
    pub age_check_s: u64,
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
    pub holds_two: f64,
    pub holds_three: f64,
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
    pub hoped_above: f64,
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
        let (maintenance_weight, target_weight, queue_rate, close_out_tolerance) = match kind {
            Kind::Major => (0.80, 0.75, 0.0, 0.02),
            // A queue holds at least the largest lot, and what it holds at once pushes a market that is three times
            // thinner in a crash: close-out lots of a depth, not of two.
            Kind::Volatile => (0.70, 0.65, 8.0, 0.01),
        };
        Self {
            risk: Risk {
                kind,
                name: "coll".to_owned(),
                maintenance_weight,
                target_weight,
                grace_s: 900,
                grace_health: 0.985,
                grace_memory_s: 86_400,
                void_after_s: 1_800,
                close_out_health: 0.93,
                confirm_s: 45,
                confirm_unpublished_s: 300,
                sighting_memory_s: 1_800,
                floor_share: 0.5,
                clearing_discount: 0.015,
                surcharge_soft: 0.10,
                surcharge_close_out: 0.20,
                min_fill_usd: 500.0,
                min_debt_usd: 10.0,
                min_collateral_usd: 10.0,
                overhang_cap: 10.0,
                queue_rate,
                queue_burst: 1.0,
                decimals: 8,
                cw20: false,
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
                    lot_tolerance: close_out_tolerance,
                    lot_min_usd: 100.0,
                    lot_max_usd: 4_000_000.0,
                },
                split: Split {
                    fund: 0.5,
                    keepers: 0.4,
                    reserves: 0.1,
                },
            },
            fund: Fund {
                max_share: 1.0,
                epoch_cap_usd: 1e12,
                epoch_s: 30 * 86_400,
            },
            hard: Hard {
                bonus: 0.05,
                close_factor: 0.5,
                all_below_health: 0.95,
            },
            path: Path {
                against_first: 0.75,
                window_s: 28_800,
                fall_s: 14_400,
                lead_s: 3_600,
                calm_fall_min: 0.015,
                calm_fall_max: 0.04,
                warm_up_s: 7_200,
            },
            market: Market {
                depth_1pct_usd: 1_000_000.0,
                absorb_half_life_s: 1_200.0,
                depth_min: 1.0 / 3.0,
                sigma_half_life_s: 900.0,
                sigma_ref_min: 0.03,
                sigma_ref_max: 1.5,
                dead_share: 0.2,
            },
            stress: Stress {
                kinds: Vec::new(),
                outage_s: 3_600,
                thin_depth: 1.0 / 6.0,
                congestion_s: 10_800,
                congestion_dead_share: 0.8,
                aftermath_s: 7_200,
                deep_discount: 0.03,
            },
            oracle: Oracle {
                deviation: 0.0025,
                heartbeat_s: 60,
                delay_blocks: 2,
            },
            feed: Feed {
                smoothing_s: 1_800,
                volatility_window_s: 3_600,
                slow_volatility_window_s: 14 * 86_400,
                outage_gap_s: 600,
                // Off. Nobody borrows here, and its care only delays sales: while a price falls on, waiting costs. Over the
                // recorded crashes .2 costs borrowers .05 to .08 % of what is sold, .1 about half a percent.
                breaker_max_move: 1.0,
                breaker_cool_down_s: 1_800,
                confirm_jump_s: 180,
                fresh_s: 120,
                age_borrow_s: 120,
                age_fill_s: 180,
                age_health_s: 900,
                age_check_s: 15,
            },
            population: Population {
                positions: 200,
                overhang: 10.0,
                size_sigma: 1.2,
                largest_share: 0.08,
                holds_two: 0.4,
                holds_three: 0.2,
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
                hoped_above: 0.01,
            },
            checks: Checks { every_s: 600 },
            assets: Vec::new(),
        }
    }

    /// All collaterals, that of `risk` and `market` in front.
    pub fn collaterals(&self) -> Vec<Asset> {
        let first = self.first();
        std::iter::once(first)
            .chain(self.assets.iter().cloned())
            .collect()
    }

    /// The collateral of `risk` and `market`.
    fn first(&self) -> Asset {
        let risk = &self.risk;
        Asset {
            name: risk.name.clone(),
            prices: String::new(),
            first_price: 100.0,
            beta: 1.0,
            share: 1.0,
            maintenance_weight: risk.maintenance_weight,
            target_weight: risk.target_weight,
            depth_1pct_usd: self.market.depth_1pct_usd,
            overhang_cap: risk.overhang_cap,
            queue_rate: risk.queue_rate,
            queue_burst: risk.queue_burst,
            decimals: risk.decimals,
            cw20: risk.cw20,
        }
    }
}

#[cfg(test)]
mod tests;

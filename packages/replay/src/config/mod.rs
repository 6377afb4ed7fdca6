//! All that can be set for a replay, in one TOML file.
//!
//! A file names only what differs from the preset of its `risk.kind`. `glidepath-replay config` writes out
//! the whole of it with units.

mod check;
mod docs;
mod load;
mod preset;

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
    /// Who waits with standing orders.
    pub holders: Holders,
    /// Who is sold in time because he asked for it.
    pub owners: Owners,
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
    pub asked: Terms,
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
    pub flash_count: u32,
    pub min_match_usd: f64,
}

/// Who waits with standing orders, and keeps what they buy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Holders {
    pub depths: f64,
    pub first_discount: f64,
    pub last_discount: f64,
}

/// Who is sold in time because he asked for it: owners with a glide path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Owners {
    pub glide_share: f64,
    pub glide_trigger: f64,
}

/// How often the invariants are checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Checks {
    pub every_s: u64,
}

impl Holders {
    /// The slots that hold orders: a slot for each half per cent, the dearest of them at a premium of 2.5 %.
    pub fn slots(&self) -> std::ops::RangeInclusive<u8> {
        let slot = |discount: f64| ((discount + 0.025) / 0.005).round().clamp(0.0, 15.0) as u8;
        slot(self.first_discount)..=slot(self.last_discount)
    }

    /// USD in each of them for a collateral.
    pub fn usd_a_slot(&self, asset: &Asset) -> f64 {
        self.depths * asset.depth_1pct_usd / self.slots().count() as f64
    }
}

impl Config {
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

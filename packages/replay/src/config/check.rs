//! Bounds of the configuration.

use crate::amounts::MOST_COLLATERALS;

use super::{Bidders, Config, Holders, Market, Owners, Path, Population, Risk, Stress, Terms};
use crate::clock::{BLOCK_S, DAY_S};

/// A value out of its bounds, or two that contradict each other.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("`{key}` is {value}, expected {expected}")]
pub struct RangeError {
    /// Section and key.
    pub key: &'static str,
    /// What the file says.
    pub value: f64,
    /// What it should say.
    pub expected: String,
}

/// A collateral whose name is none, or not its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` names no collateral: 1 to 20 lower-case letters and digits are expected, a letter in front, each name once and none `usd`")]
pub struct NameError {
    /// The name.
    pub name: String,
}

/// Can a collateral be called that?
pub fn is_name(text: &str) -> bool {
    let starts = text.starts_with(|first: char| first.is_ascii_lowercase());
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    starts && text.len() <= 20 && text.chars().all(plain)
}

/// Fails unless `holds`.
fn ensure(key: &'static str, value: f64, holds: bool, expected: impl Into<String>) -> Result<(), RangeError> {
    if holds && value.is_finite() {
        return Ok(());
    }
    Err(RangeError {
        key,
        value,
        expected: expected.into(),
    })
}

/// Fails unless `low <= value <= high`.
fn within(key: &'static str, value: f64, low: f64, high: f64) -> Result<(), RangeError> {
    ensure(
        key,
        value,
        (low..=high).contains(&value),
        format!("{low} to {high}"),
    )
}

/// Fails unless `value > 0` and no larger than the chain's decimals can tell.
fn positive(key: &'static str, value: f64) -> Result<(), RangeError> {
    ensure(
        key,
        value,
        value > 0.0 && value <= 1e15,
        "more than 0 and at most 1e15",
    )
}

/// Fails unless `seconds` are a block at least and `most` at most.
fn blocks(key: &'static str, seconds: u64, most: f64) -> Result<(), RangeError> {
    ensure(
        key,
        seconds as f64,
        seconds >= BLOCK_S && seconds as f64 <= most,
        format!("a block of 6 s at least and {most} s at most"),
    )
}

impl Config {
    /// Fails on the first value that is out of its bounds.
    pub fn check(&self) -> Result<(), RangeError> {
        self.risk.check()?;
        self.check_sale()?;

        within("hard.bonus", self.hard.bonus, 0.0, 0.5)?;
        within("hard.close_factor", self.hard.close_factor, 0.01, 1.0)?;
        within("hard.all_below_health", self.hard.all_below_health, 0.0, 1.0)?;

        self.path.check()?;
        self.market.check()?;
        self.stress.check()?;
        within("oracle.deviation", self.oracle.deviation, 0.0, 0.5)?;
        let heartbeat = self.oracle.heartbeat_s;
        ensure(
            "oracle.heartbeat_s",
            heartbeat as f64,
            heartbeat >= BLOCK_S,
            "a block of 6 s or more",
        )?;
        within("oracle.delay_blocks", self.oracle.delay_blocks as f64, 0.0, 100.0)?;

        self.population.check()?;
        self.bidders.check()?;
        self.holders.check()?;
        self.owners.check()?;
        self.check_assets()?;
        let every = self.checks.every_s;
        ensure(
            "checks.every_s",
            every as f64,
            every >= BLOCK_S,
            "a block of 6 s or more",
        )
    }

    /// Fails unless every collateral has a name of its own that the chain takes.
    pub fn check_names(&self) -> Result<(), NameError> {
        let mut names = vec!["usd".to_owned()];
        for asset in self.collaterals() {
            if !is_name(&asset.name) || names.contains(&asset.name) {
                return Err(NameError { name: asset.name });
            }
            names.push(asset.name);
        }
        Ok(())
    }

    fn check_assets(&self) -> Result<(), RangeError> {
        let count = self.assets.len() as f64;
        within("assets", count, 0.0, MOST_COLLATERALS as f64 - 1.0)?;
        for asset in &self.assets {
            let weight = asset.maintenance_weight;
            within("assets.maintenance_weight", weight, 0.01, 0.99)?;
            ensure(
                "assets.target_weight",
                asset.target_weight,
                asset.target_weight > 0.0 && asset.target_weight < weight,
                format!("more than 0 and less than the maintenance weight {weight}"),
            )?;
            positive("assets.first_price", asset.first_price)?;
            within("assets.beta", asset.beta, -5.0, 5.0)?;
            within("assets.share", asset.share, 0.0, 1_000.0)?;
            positive("assets.depth_1pct_usd", asset.depth_1pct_usd)?;
        }
        for asset in self.collaterals() {
            let slowest = if asset.queue_rate > 0.0 { 1.0 } else { 0.0 };
            within("queue_rate", asset.queue_rate, slowest, 100.0)?;
            within("queue_burst", asset.queue_burst, 0.01, 20.0)?;
            within("decimals", f64::from(asset.decimals), 0.0, 18.0)?;
        }
        Ok(())
    }

    fn check_sale(&self) -> Result<(), RangeError> {
        let sale = &self.sale;
        within("sale.premium", sale.premium, 0.0, 0.2)?;
        within("sale.premium_max", sale.premium_max, sale.premium, 0.2)?;
        within("sale.premium_step", sale.premium_step, 0.0, 0.1)?;
        sale.soft.check(&[
            "sale.soft.penalty",
            "sale.soft.floor",
            "sale.soft.fall_s",
            "sale.soft.lot_tolerance",
            "sale.soft.lot_min_usd",
            "sale.soft.lot_max_usd",
        ])?;
        for (key, part) in [
            ("sale.split.fund", sale.split.fund),
            ("sale.split.keepers", sale.split.keepers),
            ("sale.split.reserves", sale.split.reserves),
            ("fund.max_share", self.fund.max_share),
        ] {
            within(key, part, 0.0, 1.0)?;
        }
        within("fund.epoch_cap_usd", self.fund.epoch_cap_usd, 0.0, 1e15)?;
        sale.close_out.check(&[
            "sale.close_out.penalty",
            "sale.close_out.floor",
            "sale.close_out.fall_s",
            "sale.close_out.lot_tolerance",
            "sale.close_out.lot_min_usd",
            "sale.close_out.lot_max_usd",
        ])
    }
}

impl Risk {
    fn check(&self) -> Result<(), RangeError> {
        within("risk.maintenance_weight", self.maintenance_weight, 0.01, 0.99)?;
        let below = self.maintenance_weight;
        ensure(
            "risk.target_weight",
            self.target_weight,
            self.target_weight > 0.0 && self.target_weight < below,
            format!("more than 0 and less than the maintenance weight {below}"),
        )?;
        within("risk.grace_health", self.grace_health, 0.0, 1.0)?;
        ensure(
            "risk.close_out_health",
            self.close_out_health,
            self.close_out_health > 0.0 && self.close_out_health < self.grace_health,
            format!(
                "more than 0 and less than risk.grace_health {}",
                self.grace_health
            ),
        )?;
        within("risk.floor_share", self.floor_share, 0.0, 0.75)?;
        within("risk.clearing_discount", self.clearing_discount, 0.0, 0.2)?;
        within("risk.surcharge_soft", self.surcharge_soft, 0.0, 2.0)?;
        within("risk.surcharge_close_out", self.surcharge_close_out, 0.0, 2.0)?;
        within("risk.min_fill_usd", self.min_fill_usd, 0.0, 1e6)?;
        within("risk.min_debt_usd", self.min_debt_usd, 0.0, 1e6)?;
        within("risk.min_collateral_usd", self.min_collateral_usd, 0.0, 1e6)?;
        within("risk.overhang_cap", self.overhang_cap, 0.0, 20.0)
    }
}

impl Terms {
    /// `keys` are the names of the fields checked, in this order.
    fn check(&self, keys: &[&'static str; 6]) -> Result<(), RangeError> {
        within(keys[0], self.penalty, 0.0, 0.1)?;
        within(keys[1], self.floor, 0.001, 0.5)?;
        ensure(
            keys[2],
            self.fall_s as f64,
            self.fall_s >= BLOCK_S,
            "a block of 6 s or more",
        )?;
        within(keys[3], self.lot_tolerance, 0.0001, 0.5)?;
        positive(keys[4], self.lot_min_usd)?;
        let least = self.lot_min_usd;
        ensure(
            keys[5],
            self.lot_max_usd,
            self.lot_max_usd >= least,
            format!("lot_min_usd {least} or more"),
        )
    }
}

impl Path {
    fn check(&self) -> Result<(), RangeError> {
        within("path.against_first", self.against_first, 0.0, 1.0)?;
        let day = DAY_S as f64;
        blocks("path.window_s", self.window_s, 30.0 * day)?;
        blocks("path.fall_s", self.fall_s, self.window_s as f64)?;
        within(
            "path.lead_s",
            self.lead_s as f64,
            0.0,
            (self.window_s - self.fall_s) as f64,
        )?;
        within("path.calm_fall_min", self.calm_fall_min, -1.0, 1.0)?;
        within("path.calm_fall_max", self.calm_fall_max, self.calm_fall_min, 1.0)?;
        within("path.warm_up_s", self.warm_up_s as f64, 0.0, 30.0 * day)
    }
}

impl Stress {
    fn check(&self) -> Result<(), RangeError> {
        blocks("stress.outage_s", self.outage_s, DAY_S as f64)?;
        within("stress.thin_depth", self.thin_depth, 0.001, 1.0)?;
        blocks("stress.congestion_s", self.congestion_s, DAY_S as f64)?;
        within(
            "stress.congestion_dead_share",
            self.congestion_dead_share,
            0.0,
            1.0,
        )?;
        within("stress.aftermath_s", self.aftermath_s as f64, 0.0, DAY_S as f64)?;
        within("stress.deep_discount", self.deep_discount, 0.0, 1.0)
    }
}

impl Market {
    fn check(&self) -> Result<(), RangeError> {
        positive("market.depth_1pct_usd", self.depth_1pct_usd)?;
        positive("market.absorb_half_life_s", self.absorb_half_life_s)?;
        within("market.depth_min", self.depth_min, 0.01, 1.0)?;
        positive("market.sigma_half_life_s", self.sigma_half_life_s)?;
        positive("market.sigma_ref_min", self.sigma_ref_min)?;
        within(
            "market.sigma_ref_max",
            self.sigma_ref_max,
            self.sigma_ref_min,
            100.0,
        )?;
        within("market.dead_share", self.dead_share, 0.0, 1.0)
    }
}

impl Population {
    fn check(&self) -> Result<(), RangeError> {
        within("population.positions", f64::from(self.positions), 1.0, 100_000.0)?;
        within("population.overhang", self.overhang, 0.001, 1_000.0)?;
        within("population.size_sigma", self.size_sigma, 0.0, 5.0)?;
        within("population.largest_share", self.largest_share, 1e-6, 1.0)?;
        within("population.holds_two", self.holds_two, 0.0, 1.0)?;
        within(
            "population.holds_three",
            self.holds_three,
            0.0,
            1.0 - self.holds_two,
        )?;
        within("population.health_min", self.health_min, 1.0, 10.0)?;
        positive("population.health_mean_above", self.health_mean_above)?;
        within("population.cure_share", self.cure_share, 0.0, 1.0)?;
        positive("population.cure_median_s", self.cure_median_s)?;
        within("population.cure_sigma", self.cure_sigma, 0.0, 5.0)
    }
}

impl Bidders {
    fn check(&self) -> Result<(), RangeError> {
        within("bidders.count", f64::from(self.count), 0.0, 1_000.0)?;
        within("bidders.margin_min", self.margin_min, 0.0, 0.5)?;
        within("bidders.margin_max", self.margin_max, self.margin_min, 0.5)?;
        within("bidders.risk_min", self.risk_min, 0.0, 100.0)?;
        within("bidders.risk_max", self.risk_max, self.risk_min, 100.0)?;
        let least = self.latency_min_blocks as f64;
        within("bidders.latency_min_blocks", least, 1.0, 1_000.0)?;
        within(
            "bidders.latency_max_blocks",
            self.latency_max_blocks as f64,
            least,
            1_000.0,
        )?;
        positive("bidders.capital_median", self.capital_median)?;
        within("bidders.capital_sigma", self.capital_sigma, 0.0, 5.0)?;
        within("bidders.min_profit_usd", self.min_profit_usd, 0.0, 1e9)?;
        within("bidders.hoped_above", self.hoped_above, 0.0, 0.5)?;
        within("bidders.flash_count", f64::from(self.flash_count), 0.0, 1_000.0)?;
        within("bidders.min_match_usd", self.min_match_usd, 0.0, 1e9)
    }
}

impl Owners {
    fn check(&self) -> Result<(), RangeError> {
        within("owners.glide_share", self.glide_share, 0.0, 1.0)?;
        within("owners.glide_trigger", self.glide_trigger, 1.000_1, 10.0)
    }
}

impl Holders {
    fn check(&self) -> Result<(), RangeError> {
        within("holders.depths", self.depths, 0.0, 1_000.0)?;
        let (first, last) = (self.first_discount, self.last_discount);
        within("holders.first_discount", first, -0.025, 0.05)?;
        within("holders.last_discount", last, first, 0.05)
    }
}

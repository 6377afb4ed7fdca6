//! What a keeper works out for himself, with floats, about a position in distress: when to look again, and what a lot
//! offers at a moment. What really happens is the contracts' to decide.

use glidepath_interfaces::auction::{Mode, Sale};
use glidepath_risk::curve::Curve;

use crate::clock::Time;
use crate::config::{Config, Terms};
use crate::rules::{Account, Offer, PositionId, Stage};

use super::setup::COLLATERAL_DECIMALS;
use super::units::{float, from_units};

/// A position in distress, as its keepers know it.
#[derive(Debug, Clone)]
pub struct Case {
    /// When the oracle's price first put it below maintenance.
    pub breached_at: Time,
    /// The margin call was recorded.
    pub called: bool,
    /// End of grace as last judged.
    pub grace_until: Option<Time>,
    /// Its sale.
    pub sale: Option<OnSale>,
    /// Side of every threshold on which it was when last looked at.
    pub regime: Regime,
    /// When to look at it again if no price crosses a threshold.
    pub look_at: Time,
}

/// Sides of the thresholds at which something may become due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Regime {
    healthy: bool,
    without_grace: bool,
    close_out: bool,
    restored: bool,
    thin: bool,
}

/// A running sale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OnSale {
    /// Its terms.
    pub stage: Stage,
    /// Pass of a close-out.
    pass: u8,
    penalty: f64,
    /// The lot, if there is one.
    pub lot: Option<Lot>,
}

/// A lot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lot {
    start_at: Time,
    ends_at: Time,
    from: f64,
    /// Multiplier at its end.
    pub to: f64,
    slope: f64,
    left: f64,
    /// The first fill asks no more than health below the target.
    open: bool,
}

impl From<&Sale> for OnSale {
    fn from(sale: &Sale) -> Self {
        let lot = sale.lot.as_ref().map(|lot| {
            let Curve::Linear { from, to, slope } = &lot.curve;
            Lot {
                start_at: lot.start_at,
                ends_at: lot.ends_at,
                from: float(*from),
                to: float(*to),
                slope: float(*slope),
                left: from_units(lot.left, COLLATERAL_DECIMALS),
                open: lot.follows || !lot.is_untouched(),
            }
        });
        let stage = match sale.mode {
            Mode::Soft => Stage::Soft,
            Mode::CloseOut => Stage::CloseOut,
        };
        Self {
            stage,
            pass: sale.pass,
            penalty: float(sale.penalty),
            lot,
        }
    }
}

/// A position's account at a price, under the configured weights.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// Weights and thresholds.
    pub config: &'a Config,
    /// What it holds and owes.
    pub account: Account,
    /// USD per whole token on chain.
    pub price: f64,
}

impl Standing<'_> {
    fn value(&self) -> f64 {
        self.account.collateral * self.price
    }

    /// Maintenance health; none without debt.
    pub fn health(&self) -> Option<f64> {
        (self.account.debt > 0.0)
            .then(|| self.value() * self.config.risk.maintenance_weight / self.account.debt)
    }

    /// Debt that is missing to the target, USD.
    pub fn missing(&self) -> f64 {
        self.account.debt - self.value() * self.config.risk.target_weight
    }

    /// Deepest discount of a soft fill; not positive where none raises health.
    fn soft_limit(&self, terms: &Terms) -> f64 {
        let risk = &self.config.risk;
        let health = self.health().unwrap_or(f64::MAX).min(1.0);
        let bracket = 1.0 - (1.0 + terms.penalty) * risk.maintenance_weight / health;
        (risk.floor_share * bracket).min(terms.floor)
    }

    /// Value to sell at the multiplier `m` to reach the target; all of it where no part would do.
    fn need(&self, m: f64, penalty: f64) -> f64 {
        let ltv = self.account.debt / self.value();
        let penalty = if ltv >= 1.0 {
            0.0
        } else {
            (m / ltv - 1.0).clamp(0.0, penalty)
        };
        let k = m / (1.0 + penalty);
        let per_value = k - self.config.risk.target_weight;
        let all = self.value().min(self.account.debt / k);
        if per_value <= 0.0 {
            return all;
        }
        (self.missing() / per_value).clamp(0.0, all)
    }

    /// On which side of every threshold it is.
    pub fn regime(&self) -> Regime {
        let risk = &self.config.risk;
        let soft = &self.config.sale.soft;
        let health = self.health().unwrap_or(f64::MAX);
        let clearing = 1.0 - risk.clearing_discount;
        let per_value = clearing / (1.0 + soft.penalty) - risk.target_weight;
        let out_of_reach = per_value <= 0.0 || self.missing() / per_value > self.value();
        Regime {
            healthy: health >= 1.0,
            without_grace: health < risk.grace_health,
            close_out: health < risk.close_out_health,
            restored: self.missing() <= 0.0,
            thin: out_of_reach || self.soft_limit(soft) < risk.clearing_discount,
        }
    }

    /// What the lot of `sale` offers at `now`, if it can be bought at all.
    pub fn offer(&self, position: PositionId, sale: &OnSale, now: Time) -> Option<Offer> {
        let lot = sale
            .lot
            .filter(|lot| lot.start_at <= now && now <= lot.ends_at && lot.left > 0.0)?;
        let health = self.health()?;
        if self.missing() <= 0.0 || (health >= 1.0 && !lot.open) {
            return None;
        }
        let curve = (lot.from - lot.slope * (now - lot.start_at) as f64).max(lot.to);
        let m = match sale.stage {
            Stage::CloseOut if sale.pass == 0 => curve.max((self.account.debt / self.value()).min(1.0)),
            Stage::CloseOut => curve,
            _ => {
                let limit = self.soft_limit(&self.config.sale.soft);
                if limit <= 0.0 {
                    return None;
                }
                curve.max(1.0 - limit)
            }
        };
        let tokens = (self.need(m, sale.penalty) / self.price).min(lot.left);
        (tokens > 0.0).then_some(Offer {
            position,
            price: self.price * m,
            tokens,
        })
    }
}

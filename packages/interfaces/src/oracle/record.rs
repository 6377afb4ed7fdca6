//! What it publishes: the price record of an asset, and for what it may be used.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Decimal;
use glidepath_risk::pause::{Pause, Pauses};
use glidepath_risk::Price;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::record::RecordMap;
use crate::AssetId;

/// Price records by asset.
pub const PRICES: RecordMap<&str, PriceRecord> = RecordMap::new("price");

crate::record!(PriceRecord, "price", 2);

/// What is known of an asset's price. Times are unix seconds.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct PriceRecord {
    /// USD per whole token.
    pub price: Price,
    /// Exponential average in time.
    pub smoothed: Price,
    /// Annualised volatility.
    pub volatility: Decimal,
    /// The same with a memory of weeks; moves maintenance weights (later).
    pub slow_volatility: Decimal,
    /// Half-width of the source's confidence interval as a part of the price; zero where the source gives none.
    pub confidence: Decimal,
    /// The source's own time of this price.
    pub published_at: u64,
    /// When the source was last asked, whatever it answered.
    pub checked_at: u64,
    /// When the source last had no answer; open while it has none.
    pub outage: Pause,
    /// What must not be done with this price.
    pub stops: Stops,
}

/// What must not be done with a price, and until when (unix seconds; in the past: not stopped).
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
pub struct Stops {
    /// No risk-increasing action: a new price warms up, or the jump breaker stands.
    pub soft_until: u64,
    /// No risk-increasing action: the owner or the guardian said so.
    pub borrowing_until: u64,
    /// No fill: the owner or the guardian said so.
    pub fills: Pause,
    /// The price jumped: fills of the asset as collateral are priced with care for a while.
    pub care: Option<Care>,
}

/// With what care the fills of an asset are priced that jumped.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct Care {
    /// Unix seconds.
    pub until: u64,
    /// Part of the smoothed price by which the price of a fill may be below it.
    pub band: Decimal,
}

/// What a price must be to be used. Ages are in seconds; `borrow < fill ≤ health`.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct PriceLimits {
    /// How old it may be for risk-increasing actions.
    pub borrow: u64,
    /// For a fill.
    pub fill: u64,
    /// For health; older counts as unusable.
    pub health: u64,
    /// Since the source was last asked, for a fill and for calling, opening and escalating.
    pub check: u64,
    /// Widest half-width of its confidence interval for risk-increasing actions, as a part of the price.
    pub confidence: Decimal,
    /// Furthest that it may be from its smoothed price for risk-increasing actions, as a part of that.
    pub deviation: Decimal,
}

impl PriceLimits {
    /// Is `0 < check`, `0 < borrow < fill ≤ health`, and may a price have some width and move?
    pub fn is_ordered(&self) -> bool {
        self.check > 0
            && self.borrow > 0
            && self.borrow < self.fill
            && self.fill <= self.health
            && !self.confidence.is_zero()
            && self.confidence < Decimal::one()
            && !self.deviation.is_zero()
            && self.deviation <= Decimal::one()
    }
}

/// Why a price can't be used for a purpose.
#[cw_serde]
#[derive(Error)]
pub enum PriceRefusal {
    /// The source's price is too old.
    #[error("price of {asset} is {age} s old, at most {max_age} s allowed")]
    TooOld {
        /// Asset.
        asset: AssetId,
        /// Seconds since it was published.
        age: u64,
        /// Seconds allowed.
        max_age: u64,
    },
    /// The source was not asked lately: put `update_prices` in front.
    #[error("price of {asset} was checked {age} s ago, at most {max_age} s allowed: update it first")]
    NotChecked {
        /// Asset.
        asset: AssetId,
        /// Seconds since it was asked.
        age: u64,
        /// Seconds allowed.
        max_age: u64,
    },
    /// Its source is too unsure of it.
    #[error("price of {asset} is sure to a part of {confidence} only, at most {max} allowed")]
    TooWide {
        /// Asset.
        asset: AssetId,
        /// Half-width of its confidence interval as a part of the price.
        confidence: Decimal,
        /// Most allowed.
        max: Decimal,
    },
    /// Too far from its smoothed price.
    #[error("price of {asset} is {price}, smoothed {smoothed}: further apart than a part of {max}")]
    TooFar {
        /// Asset.
        asset: AssetId,
        /// Price.
        price: Price,
        /// Smoothed price.
        smoothed: Price,
        /// Furthest allowed, as a part of the smoothed price.
        max: Decimal,
    },
    /// Stopped for this purpose.
    #[error("price of {asset} is stopped until {until}")]
    Stopped {
        /// Asset.
        asset: AssetId,
        /// Unix seconds.
        until: u64,
    },
}

/// For what a price is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Borrowing, or withdrawing while in debt.
    RiskIncreasing,
    /// A fill of a sale.
    Fill,
    /// Health.
    Health,
}

impl PriceRecord {
    /// May this record be used for `purpose`? Which of its prices is then used is the consumer's rule
    /// (`min(price, smoothed)` of a collateral and `max` of a debt when risk increases, `price` elsewhere).
    pub fn judge(
        &self,
        asset: &AssetId,
        purpose: Purpose,
        limits: &PriceLimits,
        now: u64,
    ) -> Result<(), PriceRefusal> {
        let (max_age, stop) = match purpose {
            Purpose::RiskIncreasing => (limits.borrow, self.no_borrowing_until(now)),
            Purpose::Fill => (limits.fill, self.no_fills_until(now)),
            Purpose::Health => (limits.health, 0),
        };
        if stop > now {
            return Err(PriceRefusal::Stopped {
                asset: asset.clone(),
                until: stop,
            });
        }
        let age = now.saturating_sub(self.published_at);
        if age > max_age {
            return Err(PriceRefusal::TooOld {
                asset: asset.clone(),
                age,
                max_age,
            });
        }
        match purpose {
            Purpose::RiskIncreasing => self.is_sure(asset, limits),
            Purpose::Fill => self.is_checked(asset, limits, now),
            Purpose::Health => Ok(()),
        }
    }

    /// Was the source asked lately, whatever it answered? A fill, a call, an opening and an escalation need it; an answer
    /// that is too old does not shield a position.
    pub fn is_checked(&self, asset: &AssetId, limits: &PriceLimits, now: u64) -> Result<(), PriceRefusal> {
        let age = now.saturating_sub(self.checked_at);
        if age > limits.check {
            return Err(PriceRefusal::NotChecked {
                asset: asset.clone(),
                age,
                max_age: limits.check,
            });
        }
        Ok(())
    }

    /// Is the price sure enough, and near enough to its average, to increase a risk on it?
    fn is_sure(&self, asset: &AssetId, limits: &PriceLimits) -> Result<(), PriceRefusal> {
        if self.confidence > limits.confidence {
            return Err(PriceRefusal::TooWide {
                asset: asset.clone(),
                confidence: self.confidence,
                max: limits.confidence,
            });
        }
        if self.strays(limits.deviation) {
            return Err(PriceRefusal::TooFar {
                asset: asset.clone(),
                price: self.price,
                smoothed: self.smoothed,
                max: limits.deviation,
            });
        }
        Ok(())
    }

    /// Is the price further from its smoothed price than this part of that?
    pub fn strays(&self, part: Decimal) -> bool {
        is_apart(self.price, self.smoothed, part)
    }

    /// Until when no fill may be made; in the past if none is stopped.
    pub fn no_fills_until(&self, now: u64) -> u64 {
        match self.stops.fills.runs_at(now) {
            true => self.stops.fills.until.unwrap_or(u64::MAX),
            false => 0,
        }
    }

    /// Until when no risk may be increased; in the past if nothing is stopped.
    pub fn no_borrowing_until(&self, now: u64) -> u64 {
        let Stops {
            soft_until,
            borrowing_until,
            ..
        } = self.stops;
        soft_until.max(borrowing_until).max(self.no_fills_until(now))
    }

    /// The same with a price to try: published and checked now, and nothing stopped any more. What stood still up to now did:
    /// a lot's clock is not moved by it.
    pub fn tried(self, price: Price, now: u64) -> Self {
        let fills = match self.stops.fills {
            stop if stop.runs_at(now) => stop.over(now),
            stop => stop,
        };
        PriceRecord {
            price,
            published_at: now,
            checked_at: now,
            stops: Stops {
                fills,
                ..Stops::default()
            },
            ..self
        }
    }

    /// Outages and stops of fills.
    pub fn pauses(&self) -> Pauses {
        Pauses {
            outage: self.outage,
            fills: self.stops.fills,
        }
    }

    /// Lowest price at which the asset is sold as collateral while its jump is not confirmed: `smoothed · (1 − band)`.
    pub fn careful_price(&self, now: u64) -> Option<Price> {
        let care = self.stops.care.as_ref().filter(|care| now < care.until)?;
        let part = Decimal::one().saturating_sub(care.band);
        let low = self.smoothed.0.checked_mul(part).ok()?;
        (low > self.price.0).then_some(Price(low))
    }
}

/// Is a price further from another than this part of that other one?
pub fn is_apart(price: Price, other: Price, part: Decimal) -> bool {
    // A price too large for the product is one that no price can be too far from.
    let allowed = other.0.checked_mul(part).unwrap_or(Decimal::MAX);
    price.0.abs_diff(other.0) > allowed
}

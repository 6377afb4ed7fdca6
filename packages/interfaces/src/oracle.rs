//! The oracle adapter: one guarded price record per asset.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Addr, Decimal};
use glidepath_risk::pause::{Pause, Pauses};
use glidepath_risk::Price;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::admin::{Ownership, OwnershipMsg};
use crate::record::{record, PublishedMap};
use crate::{AssetId, Peers};

/// Price records by asset.
pub const PRICES: PublishedMap<&str, PriceRecord> = PublishedMap::new("price");

record!(PriceRecord, "price", 1);

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
pub enum PriceRefusal {
    /// The source's price is too old.
    TooOld {
        /// Asset.
        asset: AssetId,
        /// Seconds since it was published.
        age: u64,
        /// Seconds allowed.
        max_age: u64,
    },
    /// The source was not asked lately: put `update_prices` in front.
    NotChecked {
        /// Asset.
        asset: AssetId,
        /// Seconds since it was asked.
        age: u64,
        /// Seconds allowed.
        max_age: u64,
    },
    /// Its source is too unsure of it.
    TooWide {
        /// Asset.
        asset: AssetId,
        /// Half-width of its confidence interval as a part of the price.
        confidence: Decimal,
        /// Most allowed.
        max: Decimal,
    },
    /// Too far from its smoothed price.
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
    Stopped {
        /// Asset.
        asset: AssetId,
        /// Unix seconds.
        until: u64,
    },
}

impl std::fmt::Display for PriceRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PriceRefusal::TooOld { asset, age, max_age } => {
                write!(f, "price of {asset} is {age} s old, at most {max_age} s allowed")
            }
            PriceRefusal::NotChecked { asset, age, max_age } => {
                write!(
                    f,
                    "price of {asset} was checked {age} s ago, at most {max_age} s allowed: update it first"
                )
            }
            PriceRefusal::TooWide {
                asset,
                confidence,
                max,
            } => write!(
                f,
                "price of {asset} is sure to a part of {confidence} only, at most {max} allowed"
            ),
            PriceRefusal::TooFar {
                asset,
                price,
                smoothed,
                max,
            } => write!(
                f,
                "price of {asset} is {price}, smoothed {smoothed}: further apart than a part of {max}"
            ),
            PriceRefusal::Stopped { asset, until } => write!(f, "price of {asset} is stopped until {until}"),
        }
    }
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

/// Where prices come from. A further source is one more variant and one more file in the adapter.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum Source {
    /// Whitelisted reporters post prices; the median of the fresh ones counts, one vote each.
    Posted {
        /// Fewest fresh reports.
        quorum: u8,
        /// Seconds that a report stays fresh.
        fresh: u64,
    },
}

/// How an asset's price is watched.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// Where the price comes from.
    pub source: Source,
    /// Time constant of the smoothed price, in seconds.
    pub smoothing: u64,
    /// Time constant of the volatility, in seconds.
    pub volatility_window: u64,
    /// Time constant of the slow volatility, in seconds.
    pub slow_volatility_window: u64,
    /// Volatility to start with, annualised.
    pub initial_volatility: Decimal,
    /// Seconds after the first price in which nobody may borrow on it.
    pub warm_up: u64,
    /// A check that finds nothing newer than this, in seconds, witnesses an outage; a shorter pause is none.
    pub outage_gap: u64,
    /// The jump breaker.
    pub breaker: Breaker,
}

/// The jump breaker. A price further from its smoothed price than `max_move` trips it: who wants to increase a risk
/// waits, and fills are priced with care at first.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Breaker {
    /// Furthest that a price may be from its smoothed price, as a part of that.
    pub max_move: Decimal,
    /// Seconds from the last price that is too far to the end of the stop.
    pub cool_down: u64,
    /// Seconds from the jump in which fills of the asset as collateral are not priced below `smoothed · (1 − max_move)`.
    pub confirm_jump: u64,
}

/// Creation.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct InstantiateMsg {
    /// The chain's governance account.
    pub owner: String,
    /// The suite.
    pub peers: Peers<String>,
    /// Who may post prices.
    pub reporters: Vec<String>,
    /// Who may stop borrowing and fills for a while; nobody but the owner if not said.
    pub guardian: Option<String>,
}

/// What a stop forbids with an asset's price. It ends by itself.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum StopKind {
    /// Risk-increasing actions: borrowing, and withdrawing while in debt. Guardian: 72 hours at most; owner: 30 days.
    Borrowing,
    /// Fills of sales of this asset, for it or in it, and risk-increasing actions with them. Guardian: 4 hours at most;
    /// owner: 24 hours.
    Fills,
}

impl StopKind {
    /// Its word in events, errors and messages.
    pub fn word(self) -> &'static str {
        match self {
            StopKind::Borrowing => "borrowing",
            StopKind::Fills => "fills",
        }
    }
}

impl std::fmt::Display for StopKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// One report.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Asset.
    pub asset: AssetId,
    /// USD per whole token.
    pub price: Price,
    /// When this was the price, in unix seconds; not in the future.
    pub at: u64,
}

/// Messages.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ExecuteMsg {
    /// *Reporters.* Posts prices and updates the records of their assets.
    Post {
        /// At most one an asset, at most 16.
        reports: Vec<Report>,
    },
    /// Anyone: asks the sources of these assets and stores what they say. A silent source is no error for an asset
    /// that has a price.
    UpdatePrices {
        /// At most 16, none of them twice.
        assets: Vec<AssetId>,
    },
    /// *Owner.* Sets an asset's feed. A feed in use keeps its record. Another source for an asset that has a price must
    /// answer now, and agree with the record within 2 %; if the record's price is older than an hour, whatever the old
    /// source is asked, it is seeded anew with the answer and warms up.
    SetFeed {
        /// Asset.
        asset: AssetId,
        /// Feed.
        feed: Feed,
    },
    /// *Owner.* Sets who may post prices; reports of others count no more.
    SetReporters {
        /// At most 16.
        reporters: Vec<String>,
    },
    /// *Owner or guardian.* Stops something with the prices of these assets, from now on and for so long. All of them or
    /// none. The owner may shorten or lengthen a stop that runs; the guardian can't, and not stop the same asset in the
    /// same way before 7 days after the end that he set last.
    Stop {
        /// At most 16, none of them twice; each has a price.
        assets: Vec<AssetId>,
        /// What.
        kind: StopKind,
        /// For how long, in seconds; above zero.
        seconds: u64,
    },
    /// *Owner.* Ends stops at once; one that is over is passed over.
    Lift {
        /// At most 16, none of them twice; each has a price.
        assets: Vec<AssetId>,
        /// Of which kind.
        kind: StopKind,
    },
    /// *Owner.* Names the guardian, or none.
    SetGuardian {
        /// Who; nobody if not said.
        guardian: Option<String>,
    },
    /// Two-step transfer of the contract.
    UpdateOwnership(OwnershipMsg),
}

/// Queries.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Peers, reporters and guardian.
    #[returns(ConfigResponse)]
    Config {},
    /// A price record.
    #[returns(PriceResponse)]
    Price {
        /// Asset.
        asset: AssetId,
    },
    /// Price records in order of their names.
    #[returns(Vec<PriceResponse>)]
    Prices {
        /// Name after which to start.
        start_after: Option<AssetId>,
        /// Rows, 20 if not said, at most 100.
        limit: Option<u32>,
    },
    /// An asset's feed.
    #[returns(Feed)]
    Feed {
        /// Asset.
        asset: AssetId,
    },
    /// Reports on an asset, fresh or not.
    #[returns(Vec<ReportResponse>)]
    Reports {
        /// Asset.
        asset: AssetId,
    },
    /// Owner and proposed owner.
    #[returns(Ownership<Addr>)]
    Ownership {},
}

/// Peers, reporters and guardian.
#[cw_serde]
pub struct ConfigResponse {
    /// The suite.
    pub peers: Peers<Addr>,
    /// Who may post prices.
    pub reporters: Vec<Addr>,
    /// Who may stop.
    pub guardian: Option<Addr>,
}

/// A price record.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct PriceResponse {
    /// Asset.
    pub asset: AssetId,
    /// Record.
    pub record: PriceRecord,
}

/// A report.
#[cw_serde]
pub struct ReportResponse {
    /// Who posted it.
    pub reporter: Addr,
    /// USD per whole token.
    pub price: Price,
    /// Unix seconds.
    pub at: u64,
    /// Does it count now?
    pub fresh: bool,
}

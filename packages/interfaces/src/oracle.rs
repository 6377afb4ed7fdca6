//! The oracle adapter: one guarded price record per asset.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Addr, Decimal};
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
    /// When an outage began that is still open.
    pub outage_from: Option<u64>,
    /// When the last outage ended.
    pub outage_until: Option<u64>,
    /// Seconds of all outages together.
    pub outage_total: u64,
    /// What must not be done with this price.
    pub stops: Stops,
}

/// What must not be done with a price, and until when (unix seconds; in the past: not stopped).
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, Default, PartialEq)]
pub struct Stops {
    /// No risk-increasing action: a new asset warms up, or the jump breaker stands.
    pub soft_until: u64,
    /// No fill: the owner's alone.
    pub hard_until: u64,
}

/// How old a price may be, in seconds; `borrow < fill ≤ health`.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct PriceAges {
    /// For risk-increasing actions.
    pub borrow: u64,
    /// For a fill.
    pub fill: u64,
    /// For health; older counts as unusable.
    pub health: u64,
    /// Since the source was last asked, for a fill and for calling, opening and escalating.
    pub check: u64,
}

impl PriceAges {
    /// Is `0 < check`, `0 < borrow < fill ≤ health`?
    pub fn is_ordered(&self) -> bool {
        self.check > 0 && self.borrow > 0 && self.borrow < self.fill && self.fill <= self.health
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
    /// Calling, opening, escalating.
    Advance,
}

impl PriceRecord {
    /// May this record be used for `purpose`? Which of its prices is then used is the consumer's rule
    /// (`min(price, smoothed)` of a collateral and `max` of a debt when risk increases, `price` elsewhere).
    pub fn judge(
        &self,
        asset: &AssetId,
        purpose: Purpose,
        ages: &PriceAges,
        now: u64,
    ) -> Result<(), PriceRefusal> {
        let (max_age, stop) = match purpose {
            Purpose::RiskIncreasing => (ages.borrow, self.stops.soft_until.max(self.stops.hard_until)),
            Purpose::Fill => (ages.fill, self.stops.hard_until),
            Purpose::Health | Purpose::Advance => (ages.health, 0),
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
        let unchecked = now.saturating_sub(self.checked_at);
        if matches!(purpose, Purpose::Fill | Purpose::Advance) && unchecked > ages.check {
            let asset = asset.clone();
            return Err(PriceRefusal::NotChecked {
                asset,
                age: unchecked,
                max_age: ages.check,
            });
        }
        Ok(())
    }
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
    /// *Owner.* Sets an asset's feed. A feed in use keeps its record.
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
    /// Two-step transfer of the contract.
    UpdateOwnership(OwnershipMsg),
}

/// Queries.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Peers and reporters.
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

/// Peers and reporters.
#[cw_serde]
pub struct ConfigResponse {
    /// The suite.
    pub peers: Peers<Addr>,
    /// Who may post prices.
    pub reporters: Vec<Addr>,
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

//! What it is told, asked, and answers.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Addr, Decimal};
use glidepath_risk::Price;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PriceRecord;
use crate::admin::{Ownership, OwnershipMsg};
use crate::{AssetId, Peers};

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
    /// A feed in Pyth's contract on this chain. It has the prices that were pushed into it: whoever needs a newer one puts
    /// `update_price_feeds` of that contract in front of `update_prices`. Because he can, its silence is never an outage.
    Pyth {
        /// Pyth's contract.
        contract: String,
        /// Feed of a price in USD: 64 hexadecimal digits in lower case, without `0x`.
        id: String,
        /// Widest half-width of the confidence interval, as a part of the price, from .01 to .5. A price that is less sure
        /// is none for any purpose: what one less unsure is good for, its consumers judge.
        max_confidence: Decimal,
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
    /// A check that finds nothing newer than this, in seconds, witnesses an outage; a shorter pause is none. Not of a source
    /// into which anybody can push a price himself.
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
    /// *Reporters.* Posts prices and updates the records of their assets, which must have posted sources.
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
    /// source is asked, it is seeded anew with the answer and warms up. (A source in another contract that nobody has asked
    /// for an hour is not asked any more.)
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

//! Events of the oracle adapter.

use cosmwasm_std::{Addr, Decimal};
use glidepath_risk::Price;

use crate::events::events;
use crate::AssetId;

events! { "oracle-adapter";
    /// A source was asked; the record after it. Emitted once a block at most unless the price moved again.
    PriceUpdated = "price_updated" {
        /// Asset.
        asset: AssetId,
        /// USD per whole token.
        price: Price,
        /// Exponential average in time.
        smoothed: Price,
        /// Annualised volatility.
        volatility: Decimal,
        /// The source's own time of the price.
        published_at: u64,
        /// Now.
        checked_at: u64,
    }
    /// A source was asked, and its last price is older than the gap of its feed.
    OutageOpened = "outage_opened" {
        /// Asset.
        asset: AssetId,
        /// Time of the last price.
        from: u64,
        /// Now.
        seen_at: u64,
    }
    /// A newer answer ended an outage.
    OutageClosed = "outage_closed" {
        /// Asset.
        asset: AssetId,
        /// When it began.
        from: u64,
        /// Time of the answer.
        until: u64,
        /// Seconds of all outages of this asset.
        total: u64,
    }
    /// A check found the price too far from its smoothed price: the jump breaker stands.
    Jumped = "jumped" {
        /// Asset.
        asset: AssetId,
        /// USD per whole token.
        price: Price,
        /// Exponential average in time.
        smoothed: Price,
        /// Until when no risk may be increased, if it is not too far any more from now on.
        until: u64,
        /// Until when fills are priced with care, if this jump has begun that.
        care_until: Option<u64>,
    }
    /// Another source took the place of one that was dead: the record was seeded anew with its answer.
    SourceReplaced = "source_replaced" {
        /// Asset.
        asset: AssetId,
        /// Last price of the dead source.
        before: Price,
        /// USD per whole token.
        price: Price,
        /// Until when it warms up.
        until: u64,
    }
    /// A reporter posted a price.
    Reported = "reported" {
        /// Asset.
        asset: AssetId,
        /// Who.
        reporter: Addr,
        /// USD per whole token.
        price: Price,
        /// When this was the price.
        at: u64,
    }
    /// An asset's feed was set.
    FeedSet = "feed_set" {
        /// Asset.
        asset: AssetId,
        /// `posted` or `pyth`.
        source: &'static str,
        /// Fewest fresh reports, of a posted source.
        quorum: Option<u8>,
        /// Seconds that a report stays fresh, of a posted source.
        fresh: Option<u64>,
        /// Pyth's contract, of a pyth source.
        contract: Option<String>,
        /// Feed in it, of a pyth source.
        id: Option<String>,
        /// Widest half-width of the confidence interval as a part of the price, of a pyth source.
        max_confidence: Option<Decimal>,
        /// Time constant of the smoothed price, in seconds.
        smoothing: u64,
        /// Time constant of the volatility, in seconds.
        volatility_window: u64,
        /// Time constant of the slow volatility, in seconds.
        slow_volatility_window: u64,
        /// Volatility to start with.
        initial_volatility: Decimal,
        /// Seconds without borrowing after the first price.
        warm_up: u64,
        /// Seconds of silence that are an outage.
        outage_gap: u64,
        /// Furthest that a price may be from its smoothed price.
        max_move: Decimal,
        /// Seconds without borrowing after a price that was further.
        cool_down: u64,
        /// Seconds of care with fills after a jump.
        confirm_jump: u64,
    }
    /// The reporters were replaced.
    ReportersSet = "reporters_set" {
        /// Addresses, separated by commas; left out if there are none.
        reporters: Option<String>,
    }
    /// Something was stopped with an asset's price.
    Stopped = "stopped" {
        /// Asset.
        asset: AssetId,
        /// `borrowing` or `fills`.
        kind: &'static str,
        /// When it ends by itself.
        until: u64,
        /// Owner or guardian.
        by: Addr,
    }
    /// A stop was ended.
    Lifted = "lifted" {
        /// Asset.
        asset: AssetId,
        /// `borrowing` or `fills`.
        kind: &'static str,
        /// When it would have ended.
        until: u64,
    }
    /// The guardian was named, or there is none any more.
    GuardianSet = "guardian_set" {
        /// Who.
        guardian: Option<Addr>,
    }
    /// Ownership moved on.
    OwnershipUpdated = "ownership_updated" {
        /// Owner.
        owner: Option<Addr>,
        /// Proposed owner.
        pending_owner: Option<Addr>,
    }
}

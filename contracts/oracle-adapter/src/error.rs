//! Everything that can go wrong, with the figures to act on it.

use cosmwasm_std::{Addr, Decimal, StdError};
use cw_ownable::OwnershipError;
use glidepath_interfaces::admin::AdminError;
use glidepath_interfaces::oracle::StopKind;
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::record::ReadError;
use glidepath_interfaces::AssetId;
use glidepath_risk::{Price, RiskError};
use thiserror::Error;

/// Why the adapter refused.
#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    /// Storage, serialisation or address.
    #[error(transparent)]
    Std(#[from] StdError),
    /// Not the owner.
    #[error(transparent)]
    Ownership(#[from] OwnershipError),
    /// Transfer of ownership or migration.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// Coins attached: no message of the adapter takes any.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// A record is missing or of another version.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A figure left its range.
    #[error(transparent)]
    Risk(#[from] RiskError),
    /// The peers name another oracle adapter.
    #[error("the peers name {named} as the oracle adapter, this is {own}")]
    NotItself {
        /// Named in the peers.
        named: Addr,
        /// This contract.
        own: Addr,
    },
    /// Only whitelisted reporters post prices.
    #[error("{sender} is no reporter")]
    NotReporter {
        /// Who tried.
        sender: Addr,
    },
    /// The asset has no feed.
    #[error("{asset} has no feed")]
    NoFeed {
        /// Asset.
        asset: AssetId,
    },
    /// Nobody posts this asset's price: it comes from another source.
    #[error("the price of {asset} is not posted, it comes from another source")]
    NotPosted {
        /// Asset.
        asset: AssetId,
    },
    /// The asset never had a price and its source gives none.
    #[error("{asset} has no price yet, and its source gives none")]
    NoPrice {
        /// Asset.
        asset: AssetId,
    },
    /// The asset never had a price: there is nothing to stop.
    #[error("{asset} never had a price")]
    NeverPriced {
        /// Asset.
        asset: AssetId,
    },
    /// The guardian has stopped this before, and rests.
    #[error("the guardian can't stop {kind} of {asset} again before {from}")]
    GuardianAgain {
        /// Asset.
        asset: AssetId,
        /// What.
        kind: StopKind,
        /// First moment at which he may, in unix seconds.
        from: u64,
    },
    /// A stop runs, and it is not the guardian's to change.
    #[error("{kind} of {asset} is stopped until {until} already")]
    AlreadyStopped {
        /// Asset.
        asset: AssetId,
        /// What.
        kind: StopKind,
        /// Its end, in unix seconds.
        until: u64,
    },
    /// The source that is to take another's place says nothing, or nothing of the last hour.
    #[error("the new source of {asset} gives no price now")]
    SourceSilent {
        /// Asset.
        asset: AssetId,
    },
    /// The source that is to take another's place says something else, and the other is not dead.
    #[error(
        "the new source of {asset} says {found}, the record {record}: further apart than a part of {bound}"
    )]
    SourceDisagrees {
        /// Asset.
        asset: AssetId,
        /// Price of the record.
        record: Price,
        /// Price of the new source.
        found: Price,
        /// Furthest that they may be apart, as a part of the record's.
        bound: Decimal,
    },
    /// A list without entries.
    #[error("the list of {list} is empty")]
    EmptyList {
        /// Which list.
        list: &'static str,
    },
    /// A list with too many entries.
    #[error("{count} {list}, at most {max} allowed")]
    TooMany {
        /// Which list.
        list: &'static str,
        /// Entries.
        count: usize,
        /// Entries allowed.
        max: usize,
    },
    /// A list that has the same entry twice.
    #[error("{entry} is twice in the list of {list}")]
    Duplicate {
        /// Which list.
        list: &'static str,
        /// Which entry.
        entry: String,
    },
    /// A report of a time to come (milliseconds instead of seconds, say).
    #[error("report on {asset} is of {at}, it is only {now}")]
    FutureReport {
        /// Asset.
        asset: AssetId,
        /// Unix seconds of the report.
        at: u64,
        /// Unix seconds of the block.
        now: u64,
    },
    /// A report so old that it could never count.
    #[error("report on {asset} is of {at}, the oldest that counts now is of {oldest}")]
    StaleReport {
        /// Asset.
        asset: AssetId,
        /// Unix seconds of the report.
        at: u64,
        /// Oldest time that counts, in unix seconds.
        oldest: u64,
    },
    /// A report that is not newer than the reporter's last one on this asset.
    #[error("report on {asset} is of {at}, the last one by this reporter is of {last}")]
    ReplayedReport {
        /// Asset.
        asset: AssetId,
        /// Unix seconds of the report.
        at: u64,
        /// Unix seconds of the last report.
        last: u64,
    },
    /// A price of zero, or one that is a mistake of scale.
    #[error("price {price} of {asset} is outside {min} to {max} USD")]
    PriceOutOfBounds {
        /// Asset.
        asset: AssetId,
        /// Price of the report.
        price: Price,
        /// Lowest price.
        min: Price,
        /// Highest price.
        max: Price,
    },
    /// A parameter outside its bounds.
    #[error("{field} is {value}, it must be {bound}")]
    BadParameter {
        /// Which one.
        field: &'static str,
        /// What was given.
        value: String,
        /// What is allowed.
        bound: String,
    },
}

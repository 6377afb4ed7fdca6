//! Why the auction refuses.

use cosmwasm_std::{Addr, Decimal256, OverflowError, StdError, Uint128};
use cw_asset::AssetError;
use cw_ownable::OwnershipError;
use glidepath_interfaces::admin::AdminError;
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::position_manager::Refusal;
use glidepath_interfaces::record::ReadError;
use glidepath_interfaces::AssetId;
use glidepath_risk::RiskError;
use thiserror::Error;

/// Why the auction refused.
#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    /// Storage, address or JSON.
    #[error(transparent)]
    Std(#[from] StdError),
    /// A figure left its range.
    #[error(transparent)]
    Risk(#[from] RiskError),
    /// A published record could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Migration or ownership.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// Not the owner.
    #[error(transparent)]
    Ownership(#[from] OwnershipError),
    /// A transfer message could not be built.
    #[error(transparent)]
    Asset(#[from] AssetError),
    /// What came with the message is not what it takes.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// The peers name another auction.
    #[error("the peers name {named} as the auction, this is {own}")]
    NotItself {
        /// Named in the peers.
        named: Addr,
        /// This contract.
        own: Addr,
    },
    /// Only the position manager moves a sale.
    #[error("{sender} is not the position manager {expected}")]
    NotPositionManager {
        /// Who sent it.
        sender: Addr,
        /// Who may.
        expected: Addr,
    },
    /// The collateral can't go to a contract of the suite.
    #[error("{recipient} is a contract of the suite and can't be a recipient")]
    RecipientIsSuite {
        /// The address.
        recipient: Addr,
    },
    /// No sale of this position.
    #[error("nothing of position {position} is on sale")]
    NoSale {
        /// Position.
        position: u64,
    },
    /// A sale of this position runs already.
    #[error("position {position} is on sale already")]
    SaleExists {
        /// Position.
        position: u64,
    },
    /// The sale sleeps, or its lot was cleared and the next one is not scheduled.
    #[error("the sale of position {position} has no lot now: advance the position")]
    NoLot {
        /// Position.
        position: u64,
    },
    /// Too early.
    #[error("the lot starts at {start_at}, it is {now}")]
    LotNotStarted {
        /// First second of its life.
        start_at: u64,
        /// The moment asked for.
        now: u64,
    },
    /// Too late.
    #[error("the lot ended at {ended_at}, it is {now}: advance the position")]
    LotExpired {
        /// Last second of its life.
        ended_at: u64,
        /// The moment asked for.
        now: u64,
    },
    /// The lot's time is up, and starts over with the end of the outage.
    #[error("a price source of what is on sale of position {position} is out: its lot starts over when it is back")]
    OutageLasts {
        /// Position.
        position: u64,
    },
    /// The offer holds nothing.
    #[error("a lot of nothing was offered for position {position}")]
    EmptyOffer {
        /// Position.
        position: u64,
    },
    /// The position manager could not sell a listed collateral softly under them.
    #[error("terms refused by the position manager: {reason}")]
    TermsRefused {
        /// What it says.
        reason: String,
    },
    /// So much of the collateral is on sale that another lot has to wait.
    #[error("the queue of {collateral} is full until {until}")]
    QueueFull {
        /// Collateral.
        collateral: AssetId,
        /// From when on the lot is admitted if no other starts before.
        until: u64,
    },
    /// The position manager says no.
    #[error("{0}")]
    Refused(Refusal),
    /// The price is above the bidder's.
    #[error("the price is {price}, the bid is for at most {max}")]
    BidAboveMaxPrice {
        /// Debt base units per whole collateral token.
        price: Decimal256,
        /// The bidder's limit.
        max: Decimal256,
    },
    /// Less would be delivered than the bidder wants.
    #[error("{sold} base units would be delivered, the bid wants at least {min}")]
    BelowMinReceived {
        /// Collateral base units.
        sold: Uint128,
        /// The bidder's limit.
        min: Uint128,
    },
    /// A parameter outside its bounds.
    #[error("{field} is {value}: {bound}")]
    BadTerms {
        /// Parameter.
        field: &'static str,
        /// Its value.
        value: String,
        /// What it has to be.
        bound: String,
    },
}

impl From<OverflowError> for ContractError {
    fn from(e: OverflowError) -> Self {
        ContractError::Std(e.into())
    }
}

//! Why the auction refuses.

use cosmwasm_std::{Addr, Decimal, Decimal256, OverflowError, StdError, Uint128};
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
    /// What is bought out of an account goes into the same account.
    #[error("a bid out of an account is for its owner only, not for {recipient}")]
    AccountBuysForItself {
        /// Who was to get it.
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
    /// In the first seconds of a lot only listed bidders buy.
    #[error("until {until} the lot of position {position} is for listed bidders only")]
    Reserved {
        /// Position.
        position: u64,
        /// From when on it is for everybody.
        until: u64,
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
    /// The fund buys from a lot that is over.
    #[error("the lot of position {position} ends at {ends_at}, it is {now}: the fund buys when it is over")]
    LotNotOver {
        /// Position.
        position: u64,
        /// Last second of its life.
        ends_at: u64,
        /// Unix seconds.
        now: u64,
    },
    /// Too few lots found nobody.
    #[error("{unsold} lots of position {position} in a row found nobody: the fund buys after {needed}")]
    BackstopNotDue {
        /// Position.
        position: u64,
        /// So many did.
        unsold: u8,
        /// So many must.
        needed: u8,
    },
    /// The fund buys at no price that is stopped or doubtful.
    #[error("the price of {asset} is stopped or doubtful{}: the fund does not buy", until.map_or_else(String::new, |until| format!(" until {until}")))]
    PriceStopped {
        /// Asset.
        asset: AssetId,
        /// Until when; nobody knows of an outage.
        until: Option<u64>,
    },
    /// The fund pays no more than the smoothed prices say.
    #[error("the fund would pay {pays} times the smoothed price, at most {most} times is allowed: it does not buy")]
    AboveAverage {
        /// The fill's price of the collateral as a multiple of its smoothed one.
        pays: Decimal256,
        /// The same of the debt's price.
        most: Decimal256,
    },
    /// The fund publishes no rule by which it would buy this, or nobody has staked.
    #[error("the fund buys no {collateral} for {debt}")]
    NoBackstop {
        /// Collateral.
        collateral: AssetId,
        /// Debt.
        debt: AssetId,
    },
    /// What the fund's rule leaves to be bought in this epoch is less than a fill.
    #[error("the fund may take {take} {collateral} for {pay} {debt} in this epoch: too little for a fill")]
    BackstopUsedUp {
        /// Collateral.
        collateral: AssetId,
        /// Debt.
        debt: AssetId,
        /// Collateral base units.
        take: Uint128,
        /// Debt base units.
        pay: Uint128,
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
    /// The bid pays in another asset than the sale takes.
    #[error("the sale of position {position} takes {debt}, the bid pays in {paid}")]
    OtherDebt {
        /// Position.
        position: u64,
        /// What it takes.
        debt: AssetId,
        /// What the bid pays in.
        paid: AssetId,
    },
    /// Orders that pay more come first: match them.
    #[error("orders of slot {slot} pay {pays} times the oracle's price and come before the bid: match position {position} first")]
    MatchFirst {
        /// Position.
        position: u64,
        /// Slot.
        slot: u8,
        /// The multiple of the oracle's price that they pay.
        pays: Decimal,
    },
    /// No order pays what the lot costs.
    #[error("no standing order of {debt} for {collateral} pays {multiplier} times the oracle's price")]
    NothingToMatch {
        /// Collateral.
        collateral: AssetId,
        /// Debt.
        debt: AssetId,
        /// The lot's multiple of the oracle's price.
        multiplier: Decimal,
    },
    /// Nobody takes orders in this asset.
    #[error("no standing orders are taken in {debt}")]
    NoOrdersIn {
        /// Debt.
        debt: AssetId,
    },
    /// An order of an asset for itself.
    #[error("an order can't buy {asset} for {asset}")]
    SameAsset {
        /// Asset.
        asset: AssetId,
    },
    /// There is no such slot.
    #[error("there is no slot {slot}: they are 0 to {last}")]
    NoSlot {
        /// What was said.
        slot: u8,
        /// The last one.
        last: u8,
    },
    /// Too little.
    #[error("an order of {amount} {debt} is too small: the smallest is {min}")]
    OrderTooSmall {
        /// Debt.
        debt: AssetId,
        /// Base units.
        amount: Uint128,
        /// Smallest.
        min: Uint128,
    },
    /// There is no such order.
    #[error("there is no order {order}")]
    NoOrder {
        /// Number.
        order: u64,
    },
    /// Somebody else's order.
    #[error("order {order} is {owner}'s, not {sender}'s")]
    NotOwner {
        /// Number.
        order: u64,
        /// Whose it is.
        owner: Addr,
        /// Who asked.
        sender: Addr,
    },
    /// The order has bought nothing since it was placed or last claimed.
    #[error("order {order} has bought nothing that was not claimed")]
    NothingToClaim {
        /// Number.
        order: u64,
    },
    /// Only this contract tells itself.
    #[error("only the auction itself sends this, not {sender}")]
    NotSelf {
        /// Who sent it.
        sender: Addr,
    },
    /// A number of bids that one message can't take.
    #[error("{bids} bids: one message takes from 1 to {max}")]
    BadNumber {
        /// How many there are.
        bids: usize,
        /// Most.
        max: usize,
    },
    /// The same position twice.
    #[error("two bids on position {position}: each must be on another one")]
    BidTwice {
        /// Position.
        position: u64,
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

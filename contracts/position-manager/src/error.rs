//! Why the position manager refuses.

use cosmwasm_std::{Addr, Decimal, StdError, Uint128};
use cw_asset::AssetError;
use cw_ownable::OwnershipError;
use glidepath_interfaces::admin::AdminError;
use glidepath_interfaces::oracle::PriceRefusal;
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::position_manager::{AssetStatus, Refusal, Stage};
use glidepath_interfaces::record::ReadError;
use glidepath_interfaces::AssetId;
use glidepath_risk::{RiskError, Value};
use thiserror::Error;

/// Why the position manager refuses. Amounts are base units of the asset named beside them.
#[derive(Error, Debug, PartialEq)]
pub enum ContractError {
    /// Storage, addresses, JSON.
    #[error(transparent)]
    Std(#[from] StdError),
    /// A figure left its range.
    #[error(transparent)]
    Risk(#[from] RiskError),
    /// A record could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Ownership or migration refused.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// Not the owner of the contract.
    #[error(transparent)]
    Ownership(#[from] OwnershipError),
    /// What came with the message is not what it takes.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// A transfer could not be built.
    #[error(transparent)]
    Asset(#[from] AssetError),

    /// The peers name another position manager.
    #[error("the peers name {named} as the position manager, this is {own}")]
    NotItself {
        /// Named in the peers.
        named: Addr,
        /// This contract.
        own: Addr,
    },
    /// Only the auction says that.
    #[error("{sender} is not the auction {expected}")]
    NotAuction {
        /// Who sent it.
        sender: Addr,
        /// Who may.
        expected: Addr,
    },
    /// A parameter out of its bounds.
    #[error("{field} is {value}, it must be {bound}")]
    BadParameter {
        /// Which.
        field: &'static str,
        /// What was given.
        value: String,
        /// What it must be.
        bound: String,
    },
    /// The asset is in use and can't be taken off the list.
    #[error("{asset} is in use as {field}: it stays listed")]
    InUse {
        /// Asset.
        asset: AssetId,
        /// As what.
        field: &'static str,
    },
    /// The asset is in use and would become worse for its positions too fast.
    #[error(
        "{asset} is in use: its {field} goes from {now} to {wanted} in {ramp} s, it needs at least {least}"
    )]
    RampTooShort {
        /// Asset.
        asset: AssetId,
        /// What would become worse.
        field: &'static str,
        /// What it is.
        now: Decimal,
        /// Where it leads.
        wanted: Decimal,
        /// Seconds asked for.
        ramp: u64,
        /// Fewest.
        least: u64,
    },
    /// There are as many assets as may be.
    #[error("{max} assets are listed, and no more may be")]
    TooManyAssets {
        /// Most.
        max: usize,
    },
    /// The asset is on its way out, or given up.
    #[error("{asset} is {status}: it is neither deposited nor borrowed any more")]
    ReduceOnly {
        /// Asset.
        asset: AssetId,
        /// Where it is in its life.
        status: AssetStatus,
    },
    /// A soft sale of it could not be sold at the discount at which its buyers come.
    #[error("at a health of {health} {asset} could be sold softly down to a discount of {limit}, its buyers come at {clearing}")]
    NotSoftSellable {
        /// Asset.
        asset: AssetId,
        /// Maintenance health at which it was tried.
        health: Decimal,
        /// Deepest soft discount there.
        limit: Decimal,
        /// Discount at which buyers are expected.
        clearing: Decimal,
    },

    /// So much of the collateral is on sale that the next lot waits.
    #[error("the queue of its collateral is full until {until}")]
    QueueFull {
        /// From when on the lot may start, in unix seconds, if no other does before.
        until: u64,
    },
    /// It has no sale.
    #[error("nothing of position {position} is on sale")]
    NoSale {
        /// Which.
        position: u64,
    },
    /// Nobody can buy of it now.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// No lot of it is alive that anybody may bid for: what the auction would cost right now is not known.
    #[error("position {position} has no lot now that anybody may bid for")]
    NoLot {
        /// Which.
        position: u64,
    },
    /// It has recovered, and its call or its sale ends with the next touch.
    #[error("position {position} has recovered")]
    Recovered {
        /// Which.
        position: u64,
    },
    /// Its owner lets nobody take it over while it is sold softly.
    #[error("since {since} {owner} lets nobody take position {position} over while it is sold softly")]
    Kept {
        /// Position.
        position: u64,
        /// Its owner.
        owner: Addr,
        /// Unix seconds.
        since: u64,
    },
    /// There is nothing of it to take over.
    #[error("position {position} holds ${collateral} and owes ${debt}: nobody takes over more debt than collateral")]
    Insolvent {
        /// Position.
        position: u64,
        /// Value of its collateral.
        collateral: Value,
        /// Value of its debts.
        debt: Value,
    },
    /// It costs more than is to be paid for it.
    #[error("the position costs {paid} of {asset}, {max} is to be paid at most")]
    AboveMaxPay {
        /// Debt on sale.
        asset: AssetId,
        /// Base units to be paid.
        paid: Uint128,
        /// Most.
        max: Uint128,
    },
    /// An action needs more than came along.
    #[error("{needed} of {asset} are to be paid in, {paid} came along")]
    Unpaid {
        /// Asset.
        asset: AssetId,
        /// Base units that the action takes.
        needed: Uint128,
        /// Base units that were left for it.
        paid: Uint128,
    },
    /// The token that calls the hook stands for none of the assets to be paid in.
    #[error("{token} stands for no asset that the actions pay in")]
    WrongToken {
        /// Who called the hook.
        token: Addr,
    },
    /// By the hook, payments come first: a token's word may move no asset before its own coins are in.
    #[error("by the cw20 hook deposits and repayments come before withdrawals and borrows")]
    PaymentsFirst {},
    /// By the hook coins go to the sender only.
    #[error("by the cw20 hook coins can't go to anybody but the sender")]
    RecipientByHook {},
    /// The position was not offered to the sender.
    #[error("position {position} is not offered to {sender}")]
    NotOffered {
        /// Position.
        position: u64,
        /// Who wants it.
        sender: Addr,
    },
    /// An order of collaterals names one twice.
    #[error("{asset} is named twice")]
    NamedTwice {
        /// Asset.
        asset: AssetId,
    },
    /// The sale that is asked for would sell nothing.
    #[error("position {position} is where the sale would lead already: nothing would be sold")]
    GoalReached {
        /// Position.
        position: u64,
    },
    /// Its owner has it already.
    #[error("position {position} is {owner}'s already")]
    OwnPosition {
        /// Position.
        position: u64,
        /// Its owner.
        owner: Addr,
    },
    /// A position is worth less than who takes it over wants.
    #[error("position {position} holds ${collateral} and owes ${debt}, its equity is to be at least ${min}")]
    TooLittleEquity {
        /// Position.
        position: u64,
        /// Value of its collateral.
        collateral: Value,
        /// Value of its debts.
        debt: Value,
        /// Least difference.
        min: Value,
    },
    /// A contract of the suite is no user.
    #[error("{recipient} is a contract of the suite, no user")]
    RecipientIsSuite {
        /// Which.
        recipient: Addr,
    },
    /// An amount of zero.
    #[error("the amount of {asset} is zero")]
    ZeroAmount {
        /// Asset.
        asset: AssetId,
    },
    /// A list without an action.
    #[error("there is no action")]
    NoActions {},
    /// More actions than one message may hold.
    #[error("{actions} actions are more than {max}")]
    TooManyActions {
        /// How many there are.
        actions: usize,
        /// Most.
        max: usize,
    },

    /// No such position.
    #[error("there is no position {position}")]
    NoPosition {
        /// Which.
        position: u64,
    },
    /// Somebody else's position.
    #[error("position {position} belongs to {owner}: others may only repay and add to what it holds")]
    NotPositionOwner {
        /// Which.
        position: u64,
        /// Its owner.
        owner: Addr,
    },
    /// A stranger may add only to what is there.
    #[error("position {position} holds no {asset}: only its owner may add another asset")]
    StrangersAsset {
        /// Which.
        position: u64,
        /// Asset.
        asset: AssetId,
    },
    /// A new position would hold nothing.
    #[error("a new position must hold something")]
    EmptyPosition {},
    /// No such asset here.
    #[error("{asset} is not listed")]
    NotListed {
        /// Asset.
        asset: AssetId,
    },
    /// The asset is no collateral.
    #[error("{asset} is no collateral")]
    NotCollateral {
        /// Asset.
        asset: AssetId,
    },
    /// The asset can't be borrowed.
    #[error("{asset} can't be borrowed")]
    NotBorrowable {
        /// Asset.
        asset: AssetId,
    },
    /// The position holds less.
    #[error("{wanted} {asset} is wanted, the position holds {held}")]
    NotEnoughCollateral {
        /// Asset.
        asset: AssetId,
        /// What is held.
        held: Uint128,
        /// What is wanted.
        wanted: Uint128,
    },
    /// A collateral whose base unit is worth more than a fill.
    #[error("a base unit of {asset} is worth {unit} USD, at most min_fill, {min_fill}, is allowed")]
    CoarseUnit {
        /// Asset.
        asset: AssetId,
        /// USD of a base unit.
        unit: Value,
        /// Smallest fill.
        min_fill: Value,
    },
    /// A debt whose base unit is worth more than a fill may miss it by.
    #[error("a base unit of {asset} is worth {unit} USD, at most {most} is allowed for a debt")]
    CoarseDebt {
        /// Asset.
        asset: AssetId,
        /// USD of a base unit.
        unit: Value,
        /// Most that it may be.
        most: Value,
    },
    /// The market takes no new debt: its supply price has fallen too far.
    #[error("the market of {asset} is retired: it lends nothing")]
    MarketRetired {
        /// Asset.
        asset: AssetId,
    },
    /// The vault lends no more of it.
    #[error("{asset} would have {total} lent out, its cap is {cap}")]
    BorrowCap {
        /// Asset.
        asset: AssetId,
        /// Base units lent out with this loan.
        total: Uint128,
        /// Most base units.
        cap: Uint128,
    },
    /// The market's coins are lent out.
    #[error("{asset} has {cash} in cash, {wanted} is wanted")]
    NotEnoughCash {
        /// Market.
        asset: AssetId,
        /// Coins that are there.
        cash: Uint128,
        /// Coins wanted.
        wanted: Uint128,
    },
    /// The position does not owe this.
    #[error("the position owes no {asset}")]
    NothingOwed {
        /// Asset.
        asset: AssetId,
    },
    /// The position would hold too many assets.
    #[error("{count} collateral assets are more than {max}")]
    TooManyCollaterals {
        /// How many it would hold.
        count: usize,
        /// Most.
        max: u8,
    },
    /// The position would owe too many assets.
    #[error("{count} debt assets are more than {max}")]
    TooManyDebts {
        /// How many it would owe.
        count: usize,
        /// Most.
        max: u8,
    },
    /// The debt would be too small to be worth a sale.
    #[error("the debt of {asset} would be ${debt}, the smallest is ${min_debt}")]
    BelowMinDebt {
        /// Debt asset.
        asset: AssetId,
        /// What would be owed.
        debt: Value,
        /// Smallest debt.
        min_debt: Value,
    },
    /// The suite would hold more of the asset than its market can take.
    #[error("the suite would hold ${total} of {asset}, its cap is ${cap}")]
    OverhangCap {
        /// Asset.
        asset: AssetId,
        /// What all positions would hold.
        total: Value,
        /// Most that they may hold.
        cap: Value,
    },
    /// A price can't be used for this.
    #[error("{0}")]
    Price(PriceRefusal),
    /// Initial margin would not be met.
    #[error("initial health would be {health}, {required} is required")]
    BelowInitialMargin {
        /// `H_I` after the actions.
        health: Decimal,
        /// What is required.
        required: Decimal,
    },

    /// Nothing is due.
    #[error("nothing is due: the position is {stage} at a maintenance health of {}", text(.health))]
    NothingToAdvance {
        /// Maintenance health; none without debt.
        health: Option<Decimal>,
        /// Where it stands.
        stage: Stage,
    },
    /// Called, and not to be sold yet.
    #[error("called; its grace runs until {until}")]
    GracePeriod {
        /// Unix seconds.
        until: u64,
    },
    /// A close-out needs a second sighting.
    #[error("close-out was seen once; a second sighting counts from {from} on, with prices published after the first")]
    Unconfirmed {
        /// Unix seconds.
        from: u64,
    },
    /// Something is due, but no pair of collateral and debt can be sold now.
    #[error("no collateral and debt with usable prices can be sold now")]
    NothingSellable {},
}

impl From<PriceRefusal> for ContractError {
    fn from(refusal: PriceRefusal) -> Self {
        ContractError::Price(refusal)
    }
}

fn text(health: &Option<Decimal>) -> String {
    health.map_or_else(|| "none".into(), |health| health.to_string())
}

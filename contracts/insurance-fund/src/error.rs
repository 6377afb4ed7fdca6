//! Everything that can go wrong, with the figures to act on it.

use cosmwasm_std::{Addr, StdError, Uint128};
use cw_ownable::OwnershipError;
use glidepath_interfaces::admin::AdminError;
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::record::ReadError;
use glidepath_interfaces::AssetId;
use glidepath_risk::RiskError;
use thiserror::Error;

/// Why the fund refused.
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
    /// A record of the vault is missing or of another version.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A figure left its range.
    #[error(transparent)]
    Risk(#[from] RiskError),
    /// What came with the message is not what it takes.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// The peers name another insurance fund.
    #[error("the peers name {named} as the insurance fund, this is {own}")]
    NotItself {
        /// Named in the peers.
        named: Addr,
        /// This contract.
        own: Addr,
    },
    /// Only the vault says what was bought.
    #[error("{sender} is not the vault {expected}")]
    NotVault {
        /// Who sent it.
        sender: Addr,
        /// Who may.
        expected: Addr,
    },
    /// Nothing to take out.
    #[error("no {collateral} bought by a stake of {asset} is there to take out")]
    NothingToClaim {
        /// Market.
        asset: AssetId,
        /// Collateral.
        collateral: AssetId,
    },
    /// What stakers bought is not the owner's to move.
    #[error("{wanted} {asset} wanted, {free} are free: stakers bought {held}")]
    StakersGoods {
        /// Asset.
        asset: AssetId,
        /// Base units that stakers bought and have not taken out.
        held: Uint128,
        /// Base units beside them.
        free: Uint128,
        /// Base units wanted.
        wanted: Uint128,
    },
    /// A rule names an asset twice, or the debt itself.
    #[error("{collateral} can't stand in the backstop of {asset}: it is there already, or the debt itself")]
    BadCollateral {
        /// Market.
        asset: AssetId,
        /// Collateral.
        collateral: AssetId,
    },
    /// More assets than a staker can be settled with at once.
    #[error("stakers of {asset} would have bought up to {assets} assets, at most {max} are possible")]
    TooManyGoods {
        /// Market.
        asset: AssetId,
        /// Assets of the rule, and those that were bought before.
        assets: usize,
        /// Most that are possible.
        max: usize,
    },
    /// Coins that buy no share of the market, or a share that is worth no stake unit.
    #[error("{amount} of {asset} is too little for a stake")]
    StakeTooSmall {
        /// Market.
        asset: AssetId,
        /// Base units.
        amount: Uint128,
    },
    /// More units than the stake has.
    #[error("{wanted} units of {asset} wanted, the stake has {held}")]
    NotEnoughUnits {
        /// Market.
        asset: AssetId,
        /// Units staked.
        held: Uint128,
        /// Units wanted.
        wanted: Uint128,
    },
    /// Nothing was asked to leave.
    #[error("no exit of {asset} was requested")]
    NoExit {
        /// Market.
        asset: AssetId,
    },
    /// The cooldown is not over.
    #[error("the exit is possible from {from} on, it is {now}")]
    CoolingDown {
        /// First second of leaving.
        from: u64,
        /// Unix seconds.
        now: u64,
    },
    /// The window is over: ask again.
    #[error("the exit was possible until {until}, it is {now}: request it again")]
    ExitExpired {
        /// Last second of leaving.
        until: u64,
        /// Unix seconds.
        now: u64,
    },
    /// Nobody leaves while a loss is in sight.
    #[error("{count} debts of {asset} are insolvent: no exit until they are dealt with")]
    InsolvencyOpen {
        /// Market.
        asset: AssetId,
        /// Debts of positions that owe more than they hold.
        count: u32,
    },
    /// The units are worth no share.
    #[error("{units} units of {asset} are worth no supply share")]
    ExitTooSmall {
        /// Market.
        asset: AssetId,
        /// Units.
        units: Uint128,
    },
    /// A contract of the suite can't be paid as a user.
    #[error("{recipient} is a contract of the suite")]
    BadRecipient {
        /// Who was to be paid.
        recipient: Addr,
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

//! Why the vault refuses.

use cosmwasm_std::{Addr, Decimal, Decimal256, StdError, Uint128};
use cw_asset::{AssetError, AssetInfo};
use cw_ownable::OwnershipError;
use glidepath_interfaces::admin::AdminError;
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::record::ReadError;
use glidepath_interfaces::AssetId;
use glidepath_risk::RiskError;
use thiserror::Error;

/// Why the vault refuses. Amounts are base units of the asset named beside them.
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
    /// Not the owner.
    #[error(transparent)]
    Ownership(#[from] OwnershipError),
    /// What came with the message is not what it takes.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// A transfer could not be built.
    #[error(transparent)]
    Asset(#[from] AssetError),

    /// Somebody else's message.
    #[error("only the {role} may do this, not {sender}")]
    Unauthorized {
        /// Who tried.
        sender: Addr,
        /// Whose message it is.
        role: &'static str,
    },
    /// The peers name another vault.
    #[error("the peers name {named} as the vault, this is {own}")]
    NotItself {
        /// Named in the peers.
        named: Addr,
        /// This contract.
        own: Addr,
    },

    /// A hook call by a token that is not listed.
    #[error("{token} is not a listed token")]
    UnknownToken {
        /// Who called the hook.
        token: Addr,
    },
    /// A contract of the suite can't be paid or credited.
    #[error("{address} is a contract of the suite, no user")]
    SuiteContract {
        /// Which.
        address: Addr,
    },

    /// What an account pays for goes into the same account.
    #[error("what the account of {payer} pays for is {payer}'s, not {recipient}'s")]
    OthersAccount {
        /// Whose account.
        payer: Addr,
        /// Who was to get it.
        recipient: Addr,
    },

    /// No such asset.
    #[error("{asset} is not listed")]
    NotListed {
        /// Which.
        asset: AssetId,
    },
    /// The asset has no lending market.
    #[error("{asset} has no market")]
    NoMarket {
        /// Which.
        asset: AssetId,
    },
    /// The market's shares are worth too little to resolve amounts.
    #[error("the market of {asset} is retired: only withdrawing and repaying are open")]
    Retired {
        /// Which.
        asset: AssetId,
    },
    /// Too little to be worth a share.
    #[error("{amount} {asset} is worth no supply share")]
    NoShares {
        /// Market.
        asset: AssetId,
        /// What was paid.
        amount: Uint128,
    },
    /// More would be supplied than the market takes.
    #[error("{asset} would have {total} supplied, its cap is {cap}")]
    SupplyCap {
        /// Market.
        asset: AssetId,
        /// Supplied after it.
        total: Uint128,
        /// Most that may be.
        cap: Uint128,
    },
    /// More would be lent than the market lends.
    #[error("{asset} would have {total} lent out, its cap is {cap}")]
    BorrowCap {
        /// Market.
        asset: AssetId,
        /// Lent after it.
        total: Uint128,
        /// Most that may be.
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
    /// The supplier has fewer shares.
    #[error("{wanted} supply shares of {asset} are needed, {held} are held")]
    NotEnoughShares {
        /// Market.
        asset: AssetId,
        /// Supply shares held.
        held: Uint128,
        /// Supply shares needed.
        wanted: Uint128,
    },
    /// The account has less.
    #[error("{wanted} {asset} is wanted, the account has {held}")]
    NotEnoughInAccount {
        /// Asset.
        asset: AssetId,
        /// What is in it.
        held: Uint128,
        /// What is wanted.
        wanted: Uint128,
    },

    /// No such position in the ledger.
    #[error("there is no position {position}")]
    NoPosition {
        /// Which.
        position: u64,
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
    /// The position owes less.
    #[error("{amount} {asset} is to be repaid, {owed} is owed")]
    RepaysTooMuch {
        /// Asset.
        asset: AssetId,
        /// What is owed.
        owed: Uint128,
        /// What was to be repaid.
        amount: Uint128,
    },
    /// The position does not owe this.
    #[error("the position owes no {asset}")]
    NothingOwed {
        /// Asset.
        asset: AssetId,
    },
    /// There is no debt to write off.
    #[error("position {position} owes nothing")]
    NoDebt {
        /// Position.
        position: u64,
    },
    /// The position's ledger has no permission to sell.
    #[error("position {position} is not on sale")]
    NoSale {
        /// Position.
        position: u64,
    },
    /// Nothing is settled.
    #[error("no fill is settled")]
    NoFills {},
    /// A ticket is of one fill.
    #[error("a ticket is of one fill, not of {fills}")]
    OneFillATicket {
        /// How many there are.
        fills: usize,
    },
    /// The position's last ticket has to be paid first.
    #[error("the ticket of position {position} is open: it has to be paid first")]
    TicketOpen {
        /// Position.
        position: u64,
    },
    /// There is nothing to pay.
    #[error("position {position} has no open ticket")]
    NoTicket {
        /// Position.
        position: u64,
    },
    /// A ticket is paid exactly.
    #[error("the ticket of position {position} owes {owed}, {paid} was paid")]
    TicketOwes {
        /// Position.
        position: u64,
        /// Debt base units.
        owed: Uint128,
        /// What came.
        paid: Uint128,
    },
    /// The bidder's contract returned and had not paid.
    #[error("the ticket of position {position} was not paid: {owed} is owed")]
    TicketUnpaid {
        /// Position.
        position: u64,
        /// Debt base units.
        owed: Uint128,
    },
    /// The penalty is more than the vault lets any auction take.
    #[error("a penalty of {penalty} is more than {max}")]
    PenaltyTooHigh {
        /// Debt base units.
        penalty: Uint128,
        /// Most that it may be.
        max: Uint128,
    },
    /// The fill is under the lowest price of the permission.
    #[error("{paid} for {sold} is less than {min_price} a whole token")]
    BelowMinPrice {
        /// Debt base units.
        paid: Uint128,
        /// Collateral base units.
        sold: Uint128,
        /// Debt base units per whole collateral token.
        min_price: Decimal256,
    },
    /// The fund buys from one lot at a time.
    #[error("{fills} fills: the fund pays for one at a time")]
    OneFillForTheFund {
        /// How many there are.
        fills: usize,
    },
    /// The fund pays no penalty: part of it would be its own.
    #[error("the fund pays no penalty, not {penalty}")]
    FundPaysNoPenalty {
        /// Debt base units.
        penalty: Uint128,
    },
    /// The fund publishes no rule by which it would buy this, or nobody has staked.
    #[error("the fund buys no {collateral} for {debt}")]
    NoBackstop {
        /// Collateral.
        collateral: AssetId,
        /// Debt.
        debt: AssetId,
    },
    /// More than its rule leaves to be bought in this epoch.
    #[error("the fund would buy {sold} {collateral} for {paid} {debt}, its rule leaves {take} for {pay}")]
    BackstopExceeded {
        /// Collateral.
        collateral: AssetId,
        /// Debt.
        debt: AssetId,
        /// Collateral base units.
        sold: Uint128,
        /// Debt base units.
        paid: Uint128,
        /// Most collateral base units.
        take: Uint128,
        /// Most debt base units.
        pay: Uint128,
    },
    /// Keepers earned something, and nobody was named.
    #[error("{amount} {asset} is due to keepers, none was named")]
    NoKeepers {
        /// Asset.
        asset: AssetId,
        /// What is due.
        amount: Uint128,
    },

    /// The name stands for another token already.
    #[error("{asset} is listed already")]
    AlreadyListed {
        /// Name.
        asset: AssetId,
    },
    /// What should be a token does not say what it is.
    #[error("{token} is no cw20 token: {reason}")]
    NoToken {
        /// Where it should be.
        token: Addr,
        /// What was answered.
        reason: String,
    },
    /// The token has other decimals.
    #[error("{asset} would have {decimals} decimals, its token says {token}")]
    WrongDecimals {
        /// Name.
        asset: AssetId,
        /// Decimals given.
        decimals: u8,
        /// Decimals that the token has.
        token: u8,
    },
    /// The token has another name already.
    #[error("{info} is listed already, as {asset}")]
    AlsoListedAs {
        /// Token.
        info: AssetInfo,
        /// Its name.
        asset: AssetId,
    },
    /// No denom of a bank module.
    #[error("`{denom}` is no denom: 3 to 128 of letters, digits, '/', ':', '.', '_' and '-', a letter first, and not like `cw20:…`")]
    BadDenom {
        /// What was given.
        denom: String,
    },
    /// A whole token can't be counted with so many digits.
    #[error("{decimals} decimals are more than {max}")]
    TooManyDecimals {
        /// What was given.
        decimals: u8,
        /// Most that are possible.
        max: u8,
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
    /// The parts of the penalty don't add up to all of it.
    #[error("the parts of the penalty add up to {sum}, not to 1")]
    BadSplit {
        /// Their sum.
        sum: Decimal,
    },
}

//! What it is told, asked, and answers.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Addr, Binary, Decimal, Decimal256, Uint128};
use cw20::Cw20ReceiveMsg;
use cw_asset::{AssetInfo, AssetInfoUnchecked};
use glidepath_risk::market::Market;

use super::{Backstop, Cover, Ledger, MarketTerms, Ticket};
use crate::admin::{Ownership, OwnershipMsg};
use crate::asset::Amount;
use crate::{AssetId, Peers};

/// How the penalty of a fill is split; the three add up to one.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct PenaltySplit {
    /// To the insurance fund.
    pub fund: Decimal,
    /// To who called and who opened, half each.
    pub keepers: Decimal,
    /// To the reserves.
    pub reserves: Decimal,
}

/// Creation.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct InstantiateMsg {
    /// The chain's governance account.
    pub owner: String,
    /// The suite.
    pub peers: Peers<String>,
    /// Split of liquidation penalties.
    pub penalty_split: PenaltySplit,
    /// Who may lower caps; nobody but the owner if not said.
    pub guardian: Option<String>,
}

/// Messages. Those that take a payment (marked *payable*) take it as attached coins, or by the cw20 `Send` hook
/// with the same message inside.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ExecuteMsg {
    /// *Payable.* Lends coins to a market for supply shares.
    Supply {
        /// Market.
        asset: AssetId,
        /// Who gets the shares; the sender if not said.
        recipient: Option<String>,
    },
    /// Burns supply shares for coins.
    Withdraw {
        /// Market.
        asset: AssetId,
        /// Base units; all that the sender has if not said.
        amount: Option<Uint128>,
        /// Who gets the coins; the sender if not said.
        recipient: Option<String>,
    },
    /// Hands supply shares to somebody else.
    TransferSupply {
        /// Market.
        asset: AssetId,
        /// Supply shares.
        shares: Uint128,
        /// Who gets them.
        recipient: String,
    },
    /// *Payable.* Puts coins into an account.
    Deposit {
        /// Asset.
        asset: AssetId,
        /// Whose account; the sender's if not said.
        recipient: Option<String>,
    },
    /// Takes coins out of the sender's account.
    WithdrawAccount {
        /// Asset.
        asset: AssetId,
        /// Base units; all if not said.
        amount: Option<Uint128>,
        /// Who gets them; the sender if not said.
        recipient: Option<String>,
    },
    /// Says how much of the sender's account the auction may spend on his bids. It can do nothing else with it than buy, at
    /// a sale's price, and credits what it bought to the account that he names. Taking coins out lowers it to what is left.
    SetAside {
        /// Asset.
        asset: AssetId,
        /// Base units, instead of what was set aside before; at most what is in the account.
        amount: Uint128,
    },
    /// *Payable; position manager only.* Changes a position's ledger. The payment is exactly what the actions deposit and
    /// repay: coins are attached, tokens are transferred behind it. Never by the cw20 hook: what a token says about its sender
    /// must not stand for the position manager's word.
    Apply {
        /// Position.
        position: u64,
        /// In this order.
        actions: Vec<LedgerAction>,
    },
    /// *Position manager only.* Sets what distress means for the ledger. Earnings of keepers are credited when the
    /// permission changes or ends.
    SetDistress {
        /// Position.
        position: u64,
        /// Surcharge per year from now on; zero outside distress.
        surcharge_rate: Decimal,
        /// Drop the surcharge of the stretch since the last booking (the call had lapsed).
        drop_stretch: bool,
        /// Pair and lowest price that may be settled.
        sale: Option<Permission>,
        /// Who earned the keepers' part so far, in equal parts.
        keepers: Vec<String>,
        /// Are the debts more than the collateral?
        insolvent: bool,
    },
    /// *Payable; auction only.* Fills of sales. Coins are attached, a token is transferred behind it. Never by the cw20 hook.
    Settle {
        /// At least one.
        fills: Vec<Fill>,
        /// How they are paid, and how the collateral is delivered.
        paid_by: PaidBy,
        /// Who gets the collateral.
        recipient: String,
    },
    /// *Payable.* Pays an open ticket: exactly what it owes, by anybody.
    PayTicket {
        /// The position whose fill it is of.
        position: u64,
    },
    /// *The vault itself.* Refuses while the ticket is open: the last message of a fill that was delivered before it was paid.
    TicketPaid {
        /// Position.
        position: u64,
    },
    /// *Payable; position manager only.* A position on sale was taken over: the payment, of the debt on sale, is `credit` for its
    /// owner's account and `penalty`, which is split as that of a fill. The permission and the distress end with it. Coins are
    /// attached, a token is transferred behind it; nothing at all where both are zero. Never by the cw20 hook.
    TakeOver {
        /// Position.
        position: u64,
        /// Whose it was.
        owner: String,
        /// Base units for his account.
        credit: Uint128,
        /// Base units of penalty.
        penalty: Uint128,
        /// Who earned the keepers' part, in equal parts.
        keepers: Vec<String>,
    },
    /// *Position manager only.* Ends a position that has debt and nothing to sell: what is left becomes the fund's
    /// account, the surcharge is deleted, the loss burns the fund's shares and then lowers the supply price.
    WriteOff {
        /// Position.
        position: u64,
        /// Who earned the keepers' part so far, in equal parts.
        keepers: Vec<String>,
    },
    /// *Owner.* Lists an asset; its name stands for this token for ever.
    ListAsset {
        /// Name.
        asset: AssetId,
        /// Denom or token.
        info: AssetInfoUnchecked,
        /// Decimals of a whole token.
        decimals: u8,
    },
    /// *Owner.* Opens a lending market, or changes the terms of one (interest is booked under the old ones first).
    SetMarket {
        /// Listed asset.
        asset: AssetId,
        /// Terms.
        terms: MarketTerms,
    },
    /// *Owner or guardian.* Lowers caps of a market: never above the cap in force, never below what is in use.
    LowerCaps {
        /// Market.
        asset: AssetId,
        /// Most that may be supplied, in base units; as it is if not said.
        supply_cap: Option<Uint128>,
        /// Most that may be lent, in base units; as it is if not said.
        borrow_cap: Option<Uint128>,
    },
    /// *Owner.* Names the guardian, or none.
    SetGuardian {
        /// Who; nobody if not said.
        guardian: Option<String>,
    },
    /// *Owner.* Changes the split of penalties from the next fill on.
    SetPenaltySplit {
        /// Split.
        split: PenaltySplit,
    },
    /// *Owner.* Takes coins out of the reserves.
    WithdrawReserves {
        /// Market.
        asset: AssetId,
        /// Base units; all if not said.
        amount: Option<Uint128>,
        /// Who gets them.
        recipient: String,
    },
    /// Two-step transfer of the contract.
    UpdateOwnership(OwnershipMsg),
    /// cw20 hook: a payable message of this enum inside.
    Receive(Cw20ReceiveMsg),
}

/// One fill of a sale: `repaid + penalty` of the debt on sale for `sold` of the collateral.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Fill {
    /// Position.
    pub position: u64,
    /// Collateral base units.
    pub sold: Uint128,
    /// Debt base units that repay.
    pub repaid: Uint128,
    /// Debt base units of penalty.
    pub penalty: Uint128,
    /// Who matched a standing order, for half of the keepers' part of this fill.
    pub matched_by: Option<String>,
    /// Of a fill that ends its sale: who earned the keepers' part, in equal parts. The distress ends with it, as if the
    /// position manager had said so.
    pub ends: Option<Vec<String>>,
}

/// How fills are paid.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum PaidBy {
    /// With coins that come with the message; the collateral goes out in coins.
    Coins {},
    /// Out of what somebody set aside; the collateral goes into the same account, and `recipient` must be its owner. No coin
    /// moves. The auction pays out of its own account, where the funds of standing orders are.
    Account {
        /// Whose account.
        payer: String,
    },
    /// With supply shares of the insurance fund, of one fill without a penalty: they are burnt for what is paid, within the
    /// fund's backstop rule, the collateral goes into the fund's account, and it is told. `recipient` must be the fund. No coin
    /// moves.
    Fund {},
    /// Later in the same message, of one fill: the collateral goes out in coins, then `bidder` is called with
    /// [`CallbackMsg`](super::CallbackMsg), and if the ticket is still open after it, all of it is undone.
    Ticket {
        /// The contract that bids.
        bidder: String,
        /// For the bidder.
        msg: Binary,
    },
}

/// Pair and lowest price of a sale permission.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// Collateral that may be sold.
    pub collateral: AssetId,
    /// Debt that it repays.
    pub debt: AssetId,
    /// Debt base units per whole collateral token.
    pub min_price: Decimal256,
}

/// One change of a position's ledger. Amounts are base units and never zero.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum LedgerAction {
    /// Adds collateral out of the payment.
    Deposit(Amount),
    /// Takes collateral out.
    Withdraw {
        /// What.
        amount: Amount,
        /// Who gets it.
        recipient: String,
    },
    /// Lends from the market.
    Borrow {
        /// What.
        amount: Amount,
        /// Who gets it.
        recipient: String,
    },
    /// Repays out of the payment; at most what is owed.
    Repay(Amount),
    /// Repays a debt with collateral of the same asset.
    Offset(Amount),
}

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
#[serde(deny_unknown_fields)]
pub enum QueryMsg {
    /// Peers, split and guardian.
    #[returns(ConfigResponse)]
    Config {},
    /// Listed assets, in order of their names.
    #[returns(Vec<AssetResponse>)]
    Assets {
        /// Name after which to start.
        start_after: Option<AssetId>,
        /// Rows, 20 if not said, at most 100.
        limit: Option<u32>,
    },
    /// A market with interest up to now.
    #[returns(MarketResponse)]
    Market {
        /// Asset.
        asset: AssetId,
    },
    /// Markets in order of their names.
    #[returns(Vec<MarketResponse>)]
    Markets {
        /// Name after which to start.
        start_after: Option<AssetId>,
        /// Rows, 20 if not said, at most 100.
        limit: Option<u32>,
    },
    /// A position's ledger with debts up to now.
    #[returns(LedgerResponse)]
    Ledger {
        /// Position.
        position: u64,
    },
    /// A lender's supply.
    #[returns(SupplyResponse)]
    Supply {
        /// Market.
        asset: AssetId,
        /// Lender.
        account: String,
    },
    /// An account.
    #[returns(AccountResponse)]
    Account {
        /// Whose.
        account: String,
        /// Asset.
        asset: AssetId,
    },
    /// All accounts of one owner, in order of the assets' names.
    #[returns(Vec<AccountResponse>)]
    Accounts {
        /// Whose.
        account: String,
        /// Name after which to start.
        start_after: Option<AssetId>,
        /// Rows, 20 if not said, at most 100.
        limit: Option<u32>,
    },
    /// The open ticket of a position's fill; there is none but inside a message.
    #[returns(Option<Ticket>)]
    Ticket {
        /// Position.
        position: u64,
    },
    /// What the vault owes of an asset, beside what the bank says it has.
    #[returns(SolvencyResponse)]
    Solvency {
        /// Asset.
        asset: AssetId,
    },
    /// Owner and proposed owner.
    #[returns(Ownership<Addr>)]
    Ownership {},
}

/// Peers, split and guardian.
#[cw_serde]
pub struct ConfigResponse {
    /// The suite.
    pub peers: Peers<Addr>,
    /// Split of penalties.
    pub penalty_split: PenaltySplit,
    /// Who may lower caps.
    pub guardian: Option<Addr>,
}

/// A listed asset.
#[cw_serde]
pub struct AssetResponse {
    /// Name.
    pub asset: AssetId,
    /// Denom or token.
    pub info: AssetInfo,
    /// Decimals of a whole token.
    pub decimals: u8,
    /// Sum of all positions' collateral.
    pub collateral: Uint128,
    /// Sum of all accounts.
    pub accounts: Uint128,
}

/// What the vault owes somebody.
#[cw_serde]
pub struct AccountResponse {
    /// Asset.
    pub asset: AssetId,
    /// Base units.
    pub amount: Uint128,
    /// Part of them that the auction may spend on his bids.
    pub set_aside: Uint128,
}

/// A market with interest up to now.
#[cw_serde]
pub struct MarketResponse {
    /// Asset.
    pub asset: AssetId,
    /// State.
    pub market: Market,
    /// Terms.
    pub terms: MarketTerms,
    /// Losses.
    pub cover: Cover,
    /// What the insurance fund bought of lots that nobody wanted, in the epoch in which it last did.
    pub backstop: Backstop,
    /// What all suppliers own.
    pub total_assets: Uint128,
    /// What all borrowers owe.
    pub total_debt: Uint128,
    /// Part of the assets that is lent out.
    pub utilisation: Decimal,
    /// What a borrower pays a year.
    pub borrow_rate: Decimal,
    /// What a supplier earns a year.
    pub supply_rate: Decimal,
    /// Base units that a million supply shares are worth; 1 at the start.
    pub supply_price: Decimal256,
}

/// A position's ledger with debts up to now.
#[cw_serde]
pub struct LedgerResponse {
    /// As stored.
    pub ledger: Ledger,
    /// What is owed now, principal, interest and surcharge, in the order of `ledger.debts`.
    pub owed: Vec<OwedResponse>,
}

/// What is owed of one asset.
#[cw_serde]
pub struct OwedResponse {
    /// Asset.
    pub asset: AssetId,
    /// Principal and interest.
    pub principal: Uint128,
    /// Surcharge.
    pub surcharge: Uint128,
}

/// A lender's supply.
#[cw_serde]
pub struct SupplyResponse {
    /// Supply shares.
    pub shares: Uint128,
    /// What they are worth now, rounded down.
    pub amount: Uint128,
}

/// What the vault owes of an asset.
#[cw_serde]
pub struct SolvencyResponse {
    /// To positions.
    pub collateral: Uint128,
    /// To suppliers, out of coins that are here.
    pub cash: Uint128,
    /// To keepers, not credited yet.
    pub dues: Uint128,
    /// To accounts.
    pub accounts: Uint128,
    /// What the bank or token says the vault has; more than the rest together only by donations.
    pub balance: Uint128,
}

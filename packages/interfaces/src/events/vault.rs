//! Events of the vault. Amounts are base units of the asset beside them.

use cosmwasm_std::{Addr, Decimal, Decimal256, Uint128};

use crate::events::events;
use crate::AssetId;

events! { "vault";
    /// Coins were lent to a market.
    Supplied = "supplied" {
        /// Market.
        asset: AssetId,
        /// Who paid.
        sender: Addr,
        /// Who got the shares.
        recipient: Addr,
        /// Coins in.
        amount: Uint128,
        /// Supply shares minted.
        shares: Uint128,
    }
    /// A lender took coins out of a market.
    SupplyWithdrawn = "supply_withdrawn" {
        /// Market.
        asset: AssetId,
        /// Whose shares were burnt.
        sender: Addr,
        /// Who got the coins.
        recipient: Addr,
        /// Coins out.
        amount: Uint128,
        /// Supply shares burnt.
        shares: Uint128,
    }
    /// Supply shares changed hands.
    SupplyTransferred = "supply_transferred" {
        /// Market.
        asset: AssetId,
        /// Who gave them.
        sender: Addr,
        /// Who got them.
        recipient: Addr,
        /// Supply shares.
        shares: Uint128,
    }
    /// Coins were put into an account.
    AccountDeposited = "account_deposited" {
        /// Asset.
        asset: AssetId,
        /// Who paid.
        sender: Addr,
        /// Whose account.
        recipient: Addr,
        /// Coins in.
        amount: Uint128,
    }
    /// Coins were taken out of an account.
    AccountWithdrawn = "account_withdrawn" {
        /// Asset.
        asset: AssetId,
        /// Whose account.
        sender: Addr,
        /// Who got the coins.
        recipient: Addr,
        /// Coins out.
        amount: Uint128,
    }
    /// An owner said how much of his account the auction may spend on his bids.
    SetAside = "set_aside" {
        /// Asset.
        asset: AssetId,
        /// Whose account.
        owner: Addr,
        /// Base units.
        amount: Uint128,
    }
    /// Collateral was added to a position.
    CollateralDeposited = "collateral_deposited" {
        /// Position.
        position: u64,
        /// Asset.
        asset: AssetId,
        /// Coins in.
        amount: Uint128,
    }
    /// Collateral was taken out of a position.
    CollateralWithdrawn = "collateral_withdrawn" {
        /// Position.
        position: u64,
        /// Asset.
        asset: AssetId,
        /// Who got the coins.
        recipient: Addr,
        /// Coins out.
        amount: Uint128,
    }
    /// A position borrowed.
    Borrowed = "borrowed" {
        /// Position.
        position: u64,
        /// Asset.
        asset: AssetId,
        /// Who got the coins.
        recipient: Addr,
        /// Coins out.
        amount: Uint128,
        /// Debt shares minted.
        shares: Uint128,
    }
    /// A debt of a position was repaid.
    Repaid = "repaid" {
        /// Position.
        position: u64,
        /// Asset.
        asset: AssetId,
        /// Principal and interest repaid.
        principal: Uint128,
        /// Surcharge paid.
        surcharge: Uint128,
    }
    /// A debt was repaid with collateral of the same asset.
    DebtOffset = "debt_offset" {
        /// Position.
        position: u64,
        /// Asset.
        asset: AssetId,
        /// Principal and interest repaid.
        principal: Uint128,
        /// Surcharge paid.
        surcharge: Uint128,
    }
    /// What distress means for a position's ledger was set.
    DistressSet = "distress_set" {
        /// Position.
        position: u64,
        /// Surcharge per year from now on.
        surcharge_rate: Decimal,
        /// Collateral that may be sold.
        collateral: Option<AssetId>,
        /// Debt that it repays.
        debt: Option<AssetId>,
        /// Debt base units per whole collateral token.
        min_price: Option<Decimal256>,
        /// Are the debts more than the collateral?
        insolvent: bool,
    }
    /// A keeper's part of penalties went to his account.
    KeeperCredited = "keeper_credited" {
        /// Position.
        position: u64,
        /// Asset.
        asset: AssetId,
        /// Who.
        keeper: Addr,
        /// Base units.
        amount: Uint128,
    }
    /// A fill of a sale was settled.
    Settled = "settled" {
        /// Position.
        position: u64,
        /// Collateral sold.
        collateral: AssetId,
        /// Debt repaid.
        debt: AssetId,
        /// Who got the collateral.
        recipient: Addr,
        /// Collateral base units.
        sold: Uint128,
        /// Principal and interest repaid, in debt base units.
        principal: Uint128,
        /// Surcharge paid.
        surcharge: Uint128,
        /// Part of the penalty for the insurance fund.
        penalty_fund: Uint128,
        /// Part of the penalty for keepers.
        penalty_keepers: Uint128,
        /// Part of the penalty for the reserves.
        penalty_reserves: Uint128,
        /// Whose account paid, and got the collateral; without it coins moved.
        payer: Option<Addr>,
    }
    /// A position on sale was taken over.
    TakenOver = "taken_over" {
        /// Position.
        position: u64,
        /// Debt that was on sale.
        asset: AssetId,
        /// Whose it was.
        owner: Addr,
        /// Base units credited to his account.
        credit: Uint128,
        /// Part of the penalty for the insurance fund.
        penalty_fund: Uint128,
        /// Part of the penalty for keepers.
        penalty_keepers: Uint128,
        /// Part of the penalty for the reserves.
        penalty_reserves: Uint128,
    }
    /// A fill is delivered before it is paid.
    TicketOpened = "ticket_opened" {
        /// Position.
        position: u64,
        /// Debt.
        asset: AssetId,
        /// Who bids.
        bidder: Addr,
        /// Base units to pay.
        owed: Uint128,
    }
    /// It was paid.
    TicketPaid = "ticket_paid" {
        /// Position.
        position: u64,
        /// Debt.
        asset: AssetId,
        /// Who paid.
        sender: Addr,
        /// Base units.
        amount: Uint128,
    }
    /// Collateral that could not be sold became the insurance fund's account.
    CollateralSurrendered = "collateral_surrendered" {
        /// Position.
        position: u64,
        /// Asset.
        asset: AssetId,
        /// Base units.
        amount: Uint128,
    }
    /// A debt was written off; `fund + suppliers = loss`.
    DebtWrittenOff = "debt_written_off" {
        /// Position.
        position: u64,
        /// Market.
        asset: AssetId,
        /// By how much the market's assets fell.
        loss: Uint128,
        /// Surcharge that was deleted; nobody had it.
        surcharge: Uint128,
        /// Borne by the insurance fund.
        fund: Uint128,
        /// Supply shares of the fund that were burnt.
        burnt: Uint128,
        /// Borne by all suppliers.
        suppliers: Uint128,
        /// Base units that a million supply shares were worth before.
        price_before: Decimal256,
        /// The same after.
        price_after: Decimal256,
    }
    /// The insurance fund paid for a fill with its supply shares.
    FundBought = "fund_bought" {
        /// Position.
        position: u64,
        /// Collateral that it bought.
        collateral: AssetId,
        /// Debt that it repaid.
        debt: AssetId,
        /// Collateral base units.
        sold: Uint128,
        /// Debt base units that its shares were worth.
        paid: Uint128,
        /// Supply shares burnt.
        burnt: Uint128,
        /// Number of the epoch.
        epoch: u64,
        /// Debt base units that it has paid in that epoch.
        spent: Uint128,
    }
    /// An asset was listed.
    AssetListed = "asset_listed" {
        /// Name.
        asset: AssetId,
        /// `native:` or `cw20:` and the denom or token.
        info: String,
        /// Decimals of a whole token.
        decimals: u8,
    }
    /// A market was opened or its terms changed.
    MarketSet = "market_set" {
        /// Asset.
        asset: AssetId,
        /// Borrow rate at utilisation 0.
        base: Decimal,
        /// Utilisation where the second line starts.
        kink: Decimal,
        /// Rise of the rate up to the kink.
        slope_low: Decimal,
        /// Rise of the rate from the kink on.
        slope_high: Decimal,
        /// Part of the interest that goes to the reserves.
        reserve_factor: Decimal,
        /// Most that may be supplied.
        supply_cap: Uint128,
        /// Most that may be lent.
        borrow_cap: Uint128,
    }
    /// Caps of a market were lowered.
    CapsLowered = "caps_lowered" {
        /// Asset.
        asset: AssetId,
        /// Most that may be supplied.
        supply_cap: Uint128,
        /// Most that may be lent.
        borrow_cap: Uint128,
        /// Owner or guardian.
        by: Addr,
    }
    /// The guardian was named, or there is none any more.
    GuardianSet = "guardian_set" {
        /// Who.
        guardian: Option<Addr>,
    }
    /// The split of penalties changed.
    PenaltySplitSet = "penalty_split_set" {
        /// To the insurance fund.
        fund: Decimal,
        /// To who called and who opened.
        keepers: Decimal,
        /// To the reserves.
        reserves: Decimal,
    }
    /// Coins were taken out of the reserves.
    ReservesWithdrawn = "reserves_withdrawn" {
        /// Market.
        asset: AssetId,
        /// Who got the coins.
        recipient: Addr,
        /// Coins out.
        amount: Uint128,
        /// Supply shares burnt.
        shares: Uint128,
    }
    /// Ownership moved on.
    OwnershipUpdated = "ownership_updated" {
        /// Owner.
        owner: Option<Addr>,
        /// Proposed owner.
        pending_owner: Option<Addr>,
    }
}

//! Events of the insurance fund.

use cosmwasm_std::{Addr, Decimal, Uint128};

use crate::events::events;
use crate::AssetId;

events! { "insurance-fund";
    /// The fund's shares in a market grew: revenue, to be handed to the stakers over time.
    RevenueBooked = "revenue_booked" {
        /// Market.
        asset: AssetId,
        /// Supply shares.
        shares: Uint128,
        /// Supply shares on their way to the stakers now.
        streaming: Uint128,
        /// When the last of them arrives.
        stream_ends_at: u64,
    }
    /// The fund's shares in a market were burnt for a loss.
    LossBooked = "loss_booked" {
        /// Market.
        asset: AssetId,
        /// Supply shares that were still on their way to the stakers.
        from_stream: Uint128,
        /// Supply shares of the stakers.
        from_stakes: Uint128,
        /// Supply shares that the stakers have left.
        shares: Uint128,
    }
    /// A loss left nothing: the stakes until now are worth nothing, those from now on are counted anew.
    PoolRetired = "pool_retired" {
        /// Market.
        asset: AssetId,
        /// Stake units that ended.
        units: Uint128,
        /// Generation of the stakes from now on.
        generation: u32,
    }
    /// Coins were staked.
    Staked = "staked" {
        /// Market.
        asset: AssetId,
        /// Who.
        staker: Addr,
        /// Base units.
        amount: Uint128,
        /// Supply shares that they bought.
        shares: Uint128,
        /// Stake units for them.
        units: Uint128,
    }
    /// Units began their cooldown.
    ExitRequested = "exit_requested" {
        /// Market.
        asset: AssetId,
        /// Who.
        staker: Addr,
        /// Stake units.
        units: Uint128,
        /// First moment of leaving.
        from: u64,
        /// Last moment of leaving.
        until: u64,
    }
    /// A request was taken back.
    ExitCancelled = "exit_cancelled" {
        /// Market.
        asset: AssetId,
        /// Who.
        staker: Addr,
        /// Stake units.
        units: Uint128,
    }
    /// Units left for supply shares.
    Exited = "exited" {
        /// Market.
        asset: AssetId,
        /// Who.
        staker: Addr,
        /// Stake units.
        units: Uint128,
        /// Supply shares.
        shares: Uint128,
    }
    /// What the fund pays for in a market was set.
    CoverSet = "cover_set" {
        /// Market.
        asset: AssetId,
        /// Most of the fund's worth that one loss may take.
        max_share: Decimal,
        /// Most that all losses of an epoch may take, in base units.
        epoch_cap: Uint128,
        /// Length of an epoch in seconds.
        epoch: u64,
    }
    /// What the stakers of a market may buy of lots that nobody wanted was set.
    BackstopSet = "backstop_set" {
        /// Market.
        asset: AssetId,
        /// Most of what the stakes are worth that an epoch may spend.
        max_share: Decimal,
        /// Length of an epoch in seconds.
        epoch: u64,
        /// Most that an epoch may buy of each collateral, as `asset:base units` with commas between them; none if there is none.
        collaterals: Option<String>,
    }
    /// The stakers of a market bought collateral with their shares.
    GoodsBought = "goods_bought" {
        /// Market.
        asset: AssetId,
        /// Collateral.
        collateral: AssetId,
        /// Collateral base units.
        amount: Uint128,
        /// Supply shares that they paid.
        shares: Uint128,
        /// Stake units that it belongs to.
        units: Uint128,
    }
    /// A staker took out what his units bought.
    GoodsClaimed = "goods_claimed" {
        /// Market.
        asset: AssetId,
        /// Who.
        staker: Addr,
        /// Collateral.
        collateral: AssetId,
        /// Collateral base units.
        amount: Uint128,
    }
    /// Cooldown, window and stream were set; seconds.
    ParamsSet = "params_set" {
        /// From asking to the first moment of leaving.
        cooldown: u64,
        /// How long that moment lasts.
        exit_window: u64,
        /// Over how long a gain is handed out.
        stream: u64,
    }
    /// The fund's account in the vault was moved to somebody.
    AccountWithdrawn = "account_withdrawn" {
        /// Asset.
        asset: AssetId,
        /// Base units; all of it if not said.
        amount: Option<Uint128>,
        /// Who got it.
        recipient: Addr,
    }
    /// Ownership moved on.
    OwnershipUpdated = "ownership_updated" {
        /// Owner.
        owner: Option<Addr>,
        /// Proposed owner.
        pending_owner: Option<Addr>,
    }
}

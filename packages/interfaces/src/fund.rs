//! The insurance fund: first-loss capital as the junior tranche of the lending markets.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Addr, Decimal, Uint128};
use cw20::Cw20ReceiveMsg;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::admin::{Ownership, OwnershipMsg};
use glidepath_risk::pool::Pool;

use crate::asset::Amount;
use crate::record::RecordMap;
use crate::{AssetId, Peers};

mod backstop;

pub use self::backstop::*;

/// Cover rules by market. The vault reads them when it writes off a debt; no rule means no cover.
pub const COVER_RULES: RecordMap<&str, CoverRule> = RecordMap::new("cover_rule");

/// Pools by market. The vault and the auction read what of the fund's shares is its stakers'; none where nobody has staked.
pub const POOLS: RecordMap<&str, Pool> = RecordMap::new("pool");

crate::record!(Pool, "pool", 2);
crate::record!(CoverRule, "cover rule", 2);

/// What the fund pays for in a market.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct CoverRule {
    /// Most of the fund's worth in the market that one loss may take, in (0, 1].
    pub max_share: Decimal,
    /// Most that all losses of an epoch may take, in base units.
    pub epoch_cap: Uint128,
    /// Length of an epoch in seconds.
    pub epoch: u64,
}

/// Creation.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct InstantiateMsg {
    /// The chain's governance account.
    pub owner: String,
    /// The suite.
    pub peers: Peers<String>,
    /// When stakes may leave and how fast revenue arrives.
    pub params: Params,
}

/// When stakes may leave and how fast revenue arrives; seconds.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// From asking to the first moment of leaving.
    pub cooldown: u64,
    /// How long that moment lasts; after it one has to ask again.
    pub exit_window: u64,
    /// Over how long a gain is handed to the stakers.
    pub stream: u64,
}

/// Messages.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ExecuteMsg {
    /// *Payable (coins, or the cw20 `Send` hook with this message inside).* Supplies the coins to the market and
    /// keeps the shares as stake.
    Stake {
        /// Market.
        asset: AssetId,
    },
    /// Starts (or restarts) the cooldown of units of the sender's stake. They stay at risk until they leave.
    RequestExit {
        /// Market.
        asset: AssetId,
        /// Stake units; all if not said.
        units: Option<Uint128>,
    },
    /// Takes back a request.
    CancelExit {
        /// Market.
        asset: AssetId,
    },
    /// Leaves with the requested units: the sender gets supply shares of the market, not coins.
    Exit {
        /// Market.
        asset: AssetId,
    },
    /// Books revenue and losses of a market; every other message does this first too.
    Book {
        /// Market.
        asset: AssetId,
    },
    /// *Owner.* Sets what the fund pays for in a market.
    SetCover {
        /// Market.
        asset: AssetId,
        /// Rule.
        rule: CoverRule,
    },
    /// *Owner.* Sets what the stakers of a market may buy of lots that nobody wanted.
    SetBackstop {
        /// Market.
        asset: AssetId,
        /// Rule.
        rule: BackstopRule,
    },
    /// *Vault.* The stakers of a market bought collateral with supply shares that were burnt.
    Bought {
        /// Market.
        asset: AssetId,
        /// Supply shares that were burnt.
        shares: Uint128,
        /// What was bought; it is in the fund's account.
        goods: Amount,
    },
    /// Takes out what the sender's units have bought of a collateral.
    Claim {
        /// Market of the stake.
        asset: AssetId,
        /// Collateral.
        collateral: AssetId,
    },
    /// *Owner.* Cooldown, window and stream; requests under way keep the times they were given.
    SetParams {
        /// Parameters.
        params: Params,
    },
    /// *Owner.* Moves what the fund was credited in the vault (collateral that could not be sold) to somebody; never what its
    /// stakers bought.
    WithdrawAccount {
        /// Asset.
        asset: AssetId,
        /// Base units; all that is not the stakers' if not said.
        amount: Option<Uint128>,
        /// Who gets it.
        recipient: String,
    },
    /// Two-step transfer of the contract.
    UpdateOwnership(OwnershipMsg),
    /// cw20 hook: `Stake` inside.
    Receive(Cw20ReceiveMsg),
}

/// Queries.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Peers and parameters.
    #[returns(ConfigResponse)]
    Config {},
    /// The pool of a market, booked up to now.
    #[returns(PoolResponse)]
    Pool {
        /// Market.
        asset: AssetId,
    },
    /// Pools in order of their names.
    #[returns(Vec<PoolResponse>)]
    Pools {
        /// Name after which to start.
        start_after: Option<AssetId>,
        /// Rows, 20 if not said, at most 100.
        limit: Option<u32>,
    },
    /// A staker's stake in a market.
    #[returns(StakeResponse)]
    Stake {
        /// Market.
        asset: AssetId,
        /// Staker.
        staker: String,
    },
    /// What stakers bought and have not taken out yet, in order of the assets' names.
    #[returns(Vec<Amount>)]
    Goods {
        /// Name after which to start.
        start_after: Option<AssetId>,
        /// Rows, 20 if not said, at most 100.
        limit: Option<u32>,
    },
    /// Owner and proposed owner.
    #[returns(Ownership<Addr>)]
    Ownership {},
}

/// Peers and parameters.
#[cw_serde]
pub struct ConfigResponse {
    /// The suite.
    pub peers: Peers<Addr>,
    /// Parameters.
    pub params: Params,
}

/// A pool.
#[cw_serde]
pub struct PoolResponse {
    /// Market.
    pub asset: AssetId,
    /// Stake units of all stakers.
    pub units: Uint128,
    /// Generation of these units: a loss that leaves nothing begins the next one.
    pub generation: u32,
    /// Supply shares that belong to the stakers now.
    pub shares: Uint128,
    /// Supply shares still being streamed to them.
    pub streaming: Uint128,
    /// When the stream ends, in unix seconds, if nothing is added; it stands still while the stakes are next to
    /// nothing, or less than a tenth of it.
    pub stream_ends_at: u64,
    /// What all of the fund's shares are worth, in base units.
    pub worth: Uint128,
    /// What the fund pays for.
    pub rule: Option<CoverRule>,
    /// What its stakers may buy of lots that nobody wanted.
    pub backstop: Option<BackstopRule>,
}

/// A stake.
#[cw_serde]
pub struct StakeResponse {
    /// Stake units, requested ones included.
    pub units: Uint128,
    /// What they are worth now, in supply shares of the market.
    pub shares: Uint128,
    /// What those are worth, in base units.
    pub amount: Uint128,
    /// Units that want to leave.
    pub exit: Option<ExitResponse>,
    /// What they bought and was not taken out yet.
    pub goods: Vec<Amount>,
}

/// A request to leave.
#[cw_serde]
pub struct ExitResponse {
    /// Stake units.
    pub units: Uint128,
    /// First moment, in unix seconds.
    pub from: u64,
    /// Last moment.
    pub until: u64,
}

//! The backstop: what the fund publishes of the lots that it buys because nobody else did, and how much that leaves to be
//! bought. One rule for the vault, which enforces it, and the auction, which asks for no more.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Decimal, QuerierWrapper, Uint128};
use glidepath_risk::market::Market;
use glidepath_risk::math::mul;
use glidepath_risk::pool::Pool;
use glidepath_risk::{RiskResult, Rounding};

use super::POOLS;
use crate::asset::Amount;
use crate::record::{ReadError, RecordMap};
use crate::vault::Backstop;
use crate::AssetId;

/// Backstop rules by debt market; no rule means no backstop.
pub const BACKSTOP_RULES: RecordMap<&str, BackstopRule> = RecordMap::new("backstop_rule");

crate::record!(BackstopRule, "backstop rule", 1);

/// What the stakers of a market may buy of lots that expired unsold, lot after lot.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct BackstopRule {
    /// Most of what the stakes are worth that an epoch may spend, what it has spent counted in; in (0, ½].
    pub max_share: Decimal,
    /// Length of an epoch in seconds.
    pub epoch: u64,
    /// Collaterals that may be bought; none of which is none at all.
    pub collaterals: Vec<CollateralCap>,
}

/// A collateral that may be bought.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct CollateralCap {
    /// Which.
    pub asset: AssetId,
    /// Most that an epoch may buy of it, in base units.
    pub epoch_cap: Uint128,
}

/// How much may be bought now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Debt base units to pay.
    pub pay: Uint128,
    /// Collateral base units to take.
    pub take: Uint128,
}

/// What a market's stakers buy with: their rule and their pool.
#[derive(Clone, Debug, PartialEq)]
pub struct Purse {
    /// Rule.
    pub rule: BackstopRule,
    /// Pool, as it was last booked.
    pub pool: Pool,
}

impl Purse {
    /// Reads the fund's; none where it has no rule for the market, or nobody has staked.
    ///
    /// # Errors
    /// Where a record can't be read: what a broken rule allows, nobody knows.
    pub fn read(querier: &QuerierWrapper, fund: &Addr, debt: &AssetId) -> Result<Option<Self>, ReadError> {
        let Some(rule) = BACKSTOP_RULES.may_query(querier, fund, debt.as_str())? else {
            return Ok(None);
        };
        let pool = POOLS.may_query(querier, fund, debt.as_str())?;
        Ok(pool.map(|pool| Purse { rule, pool }))
    }

    /// How much of a collateral may be bought, of what this epoch has `used`, in a market with interest up to now. None of a
    /// collateral that is not in the rule.
    pub fn room(&self, market: &Market, used: &Backstop, collateral: &AssetId) -> RiskResult<Option<Room>> {
        let mut allowed = self.rule.collaterals.iter();
        let Some(cap) = allowed.find(|cap| cap.asset == *collateral) else {
            return Ok(None);
        };
        let worth = self.worth(market)?;
        let most = mul(
            worth.checked_add(used.spent)?,
            self.rule.max_share,
            Rounding::Down,
        )?;
        Ok(Some(Room {
            pay: most.saturating_sub(used.spent).min(worth),
            take: cap.epoch_cap.saturating_sub(used.bought_of(collateral)),
        }))
    }

    /// What the stakers own is worth, in base units, rounded down. Not what is still on its way to them: that is nobody's yet,
    /// and bears a loss first, so of one that is not booked yet the stakers are left with the lesser of the two.
    fn worth(&self, market: &Market) -> RiskResult<Uint128> {
        if self.pool.units.is_zero() {
            return Ok(Uint128::zero());
        }
        market.assets_for_shares(self.pool.shares.min(market.fund_shares))
    }
}

impl Backstop {
    /// The same in the epoch of `now`: what an earlier one used is forgotten.
    ///
    /// # Errors
    /// `DivisionByZero` for an epoch of no length.
    pub fn at(self, rule: &BackstopRule, now: u64) -> RiskResult<Self> {
        let epoch = now
            .checked_div(rule.epoch)
            .ok_or(glidepath_risk::RiskError::DivisionByZero)?;
        if self.epoch == epoch {
            return Ok(self);
        }
        Ok(Backstop {
            epoch,
            ..Backstop::default()
        })
    }

    /// Base units of a collateral that were bought in the epoch.
    pub fn bought_of(&self, collateral: &AssetId) -> Uint128 {
        let mut bought = self.bought.iter();
        bought
            .find(|bought| bought.asset == *collateral)
            .map_or(Uint128::zero(), |bought| bought.amount)
    }

    /// With another purchase.
    pub fn and(mut self, paid: Uint128, goods: &Amount) -> RiskResult<Self> {
        self.spent = self.spent.checked_add(paid)?;
        let mut there = self.bought.iter_mut();
        match there.find(|bought| bought.asset == goods.asset) {
            Some(bought) => bought.amount = bought.amount.checked_add(goods.amount)?,
            None => self.bought.push(goods.clone()),
        }
        Ok(self)
    }
}

//! An asset as it is stored, with the ramp that it is on, and as it is in force at a moment.
//!
//! What is stored says where weights and factors lead; only [`Listed::at`] says what they are, so that nobody reads the
//! one for the other.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Decimal;
use cw_asset::AssetInfo;
use glidepath_interfaces::position_manager::{AssetParams, Ramp};
use glidepath_risk::ramp::Span;
use glidepath_risk::RiskResult;

/// A listed asset, as stored.
#[cw_serde]
pub struct Listed {
    /// Denom or token, as the vault has it.
    info: AssetInfo,
    /// Decimals of a whole token, as the vault has them.
    decimals: u8,
    /// Risk parameters as they were set.
    params: AssetParams,
    /// How target and maintenance weights and factors get there.
    ramp: Option<Ramp>,
}

/// A listed asset at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct InForce {
    /// Denom or token.
    pub info: AssetInfo,
    /// Decimals of a whole token.
    pub decimals: u8,
    /// Risk parameters.
    pub params: AssetParams,
}

impl Listed {
    /// An asset whose weights and factors move within `ramp` seconds from those of `old` to those of `params`; with a
    /// ramp of zero, or without an old one, they are there.
    pub fn new(
        info: AssetInfo,
        decimals: u8,
        params: AssetParams,
        old: Option<&AssetParams>,
        ramp: u64,
        now: u64,
    ) -> Self {
        let ramp = old.filter(|_| ramp > 0).map(|old| Ramp {
            weights: old.collateral.as_ref().map(|old| old.weights),
            factors: old.debt.as_ref().map(|old| old.factors),
            span: Span {
                start: now,
                end: now.saturating_add(ramp),
            },
        });
        Listed {
            info,
            decimals,
            params,
            ramp,
        }
    }

    /// As it is at `now`.
    pub fn at(&self, now: u64) -> RiskResult<InForce> {
        let mut params = self.params.clone();
        if let Some(Ramp {
            weights,
            factors,
            span,
        }) = self.ramp(now)
        {
            if let (Some(from), Some(to)) = (weights, &mut params.collateral) {
                to.weights = span.weights(from, &to.weights, now)?;
            }
            if let (Some(from), Some(to)) = (factors, &mut params.debt) {
                to.factors = span.factors(from, &to.factors, now)?;
            }
        }
        Ok(InForce {
            info: self.info.clone(),
            decimals: self.decimals,
            params,
        })
    }

    /// Its parameters as they were set: where the ramp leads.
    pub fn target(&self) -> &AssetParams {
        &self.params
    }

    /// The ramp that it is on.
    pub fn ramp(&self, now: u64) -> Option<&Ramp> {
        self.ramp.as_ref().filter(|ramp| !ramp.span.is_over(now))
    }

    /// The highest maintenance weight from `now` on: a line is highest at one of its ends. None if it is no collateral.
    pub fn highest_maintenance(&self, now: u64) -> RiskResult<Option<Decimal>> {
        let of = |params: &AssetParams| params.collateral.as_ref().map(|c| c.weights.maintenance);
        Ok(of(&self.at(now)?.params).max(of(&self.params)))
    }

    /// The same with another overhang cap, where it is a collateral.
    pub fn with_overhang_cap(mut self, cap: Decimal) -> Self {
        if let Some(collateral) = &mut self.params.collateral {
            collateral.overhang_cap = cap;
        }
        self
    }
}

//! What actions may take their payments from.

use cosmwasm_std::Uint128;
use cw_asset::{Asset, AssetInfo};
use glidepath_interfaces::payment::{text, PaymentError};
use glidepath_interfaces::AssetId;

use crate::ContractError;

/// What actions may take their payments from.
pub enum Purse {
    /// What came with the message and is not taken yet.
    Paid(Vec<Asset>),
    /// Whatever is needed (previews).
    Full,
}

impl Purse {
    /// Takes `amount` of an asset.
    ///
    /// # Errors
    /// `Unpaid`.
    pub fn take(&mut self, asset: &AssetId, info: &AssetInfo, amount: Uint128) -> Result<(), ContractError> {
        let Purse::Paid(coins) = self else { return Ok(()) };
        let coin = coins.iter_mut().find(|coin| coin.info == *info);
        let there = coin.as_ref().map_or(Uint128::zero(), |coin| coin.amount);
        match coin {
            Some(coin) if amount <= there => coin.amount = there.saturating_sub(amount),
            _ => {
                return Err(ContractError::Unpaid {
                    asset: asset.clone(),
                    needed: amount,
                    paid: there,
                })
            }
        }
        Ok(())
    }

    /// What is left of an asset; `all` if the purse is full.
    pub fn rest(&self, info: &AssetInfo, all: Uint128) -> Uint128 {
        match self {
            Purse::Full => all,
            Purse::Paid(coins) => coins
                .iter()
                .find(|coin| coin.info == *info)
                .map_or(Uint128::zero(), |coin| coin.amount),
        }
    }

    /// What was not taken; nothing of a full one.
    pub fn left(self) -> Vec<Asset> {
        match self {
            Purse::Full => vec![],
            Purse::Paid(coins) => coins.into_iter().filter(|coin| !coin.amount.is_zero()).collect(),
        }
    }

    /// Was all of it taken?
    ///
    /// # Errors
    /// `UnexpectedFunds`.
    pub fn is_spent(&self) -> Result<(), PaymentError> {
        let Purse::Paid(coins) = self else { return Ok(()) };
        let left: Vec<Asset> = coins
            .iter()
            .filter(|coin| !coin.amount.is_zero())
            .cloned()
            .collect();
        if !left.is_empty() {
            return Err(PaymentError::UnexpectedFunds { found: text(&left) });
        }
        Ok(())
    }
}

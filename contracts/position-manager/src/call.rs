//! Who called with which payment, whichever door they came in by.

use cosmwasm_std::{Addr, MessageInfo, Uint128};
use cw_asset::{Asset, AssetInfo};
use glidepath_interfaces::asset::attached;
use glidepath_interfaces::AssetId;

use crate::ContractError;

/// A message's sender and payment.
pub struct Call {
    /// Who called; for the hook, who the token says it was.
    pub sender: Addr,
    /// What came with it.
    pub paid: Vec<Asset>,
    /// The token whose `Send` brought the message: it vouches for sender and amount.
    pub hook: Option<Addr>,
}

impl Call {
    /// A plain message with its coins.
    pub fn direct(info: MessageInfo) -> Self {
        Call {
            paid: attached(&info.funds),
            sender: info.sender,
            hook: None,
        }
    }

    /// A token's hook.
    pub fn by_hook(token: Addr, sender: Addr, amount: Uint128) -> Self {
        Call {
            sender,
            paid: vec![Asset::cw20(token.clone(), amount)],
            hook: Some(token),
        }
    }

    /// Who sent a message that takes no payment.
    pub fn unpaid(&self) -> Result<&Addr, ContractError> {
        if self.hook.is_some() {
            return Err(ContractError::NotPayable {});
        }
        if !self.paid.is_empty() {
            return Err(ContractError::UnexpectedFunds {
                found: text(&self.paid),
            });
        }
        Ok(&self.sender)
    }

    /// The payment to take from.
    ///
    /// # Errors
    /// `PaidTwice`, `UnexpectedFunds` for a coin of zero.
    pub fn purse(&self) -> Result<Purse, ContractError> {
        for (nth, coin) in self.paid.iter().enumerate() {
            if self
                .paid
                .iter()
                .skip(nth.saturating_add(1))
                .any(|other| other.info == coin.info)
            {
                return Err(ContractError::PaidTwice {
                    info: coin.info.to_string(),
                });
            }
            if coin.amount.is_zero() {
                return Err(ContractError::UnexpectedFunds {
                    found: coin.to_string(),
                });
            }
        }
        Ok(Purse::Paid(self.paid.clone()))
    }
}

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

    /// Was all of it taken?
    ///
    /// # Errors
    /// `UnexpectedFunds`.
    pub fn is_spent(&self) -> Result<(), ContractError> {
        let Purse::Paid(coins) = self else { return Ok(()) };
        let left: Vec<Asset> = coins
            .iter()
            .filter(|coin| !coin.amount.is_zero())
            .cloned()
            .collect();
        if !left.is_empty() {
            return Err(ContractError::UnexpectedFunds { found: text(&left) });
        }
        Ok(())
    }
}

/// A payment as a person reads it.
fn text(assets: &[Asset]) -> String {
    let parts: Vec<String> = assets.iter().map(Asset::to_string).collect();
    parts.join(", ")
}

//! Who called with which payment, whichever door they came in by: coins attached, or a cw20 token's `Send` hook with the
//! same message inside.

use cosmwasm_std::{from_json, Addr, Api, MessageInfo, StdError, StdResult, Uint128};
use cw20::Cw20ReceiveMsg;
use cw_asset::{Asset, AssetInfo};
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::asset::attached;

/// A payment refused; nothing of it is kept.
#[derive(Error, Debug, PartialEq)]
pub enum PaymentError {
    /// A token's hook with a message that takes no payment.
    #[error("a token's Send can't carry this message")]
    NotPayable {},
    /// Something came with a message that takes nothing, or more than it takes.
    #[error("came with {found}, which is not asked for")]
    UnexpectedFunds {
        /// What came too much.
        found: String,
    },
    /// Not the payment that the message asks for.
    #[error("expected a payment in {expected}, found {found}")]
    WrongPayment {
        /// What is asked for.
        expected: String,
        /// What came.
        found: String,
    },
    /// A payment of nothing.
    #[error("the amount is zero")]
    ZeroAmount {},
    /// The same asset twice.
    #[error("{info} is paid twice in one message")]
    PaidTwice {
        /// Which.
        info: String,
    },
    /// A hook's sender or message that can't be read.
    #[error(transparent)]
    Std(#[from] StdError),
}

/// A message's sender and payment.
pub struct Call {
    /// Who called; for the hook, who the token says it was: not to be believed before the token is known to be the one
    /// that is asked for.
    pub sender: Addr,
    /// What came with it.
    pub paid: Vec<Asset>,
    /// The token whose `Send` brought the message. It vouches for sender and amount, so neither may move another asset.
    pub token: Option<Addr>,
}

impl Call {
    /// A plain message with its coins.
    pub fn direct(info: MessageInfo) -> Self {
        Call {
            paid: attached(&info.funds),
            sender: info.sender,
            token: None,
        }
    }

    /// A token's hook and the message inside.
    ///
    /// # Errors
    /// `UnexpectedFunds` for coins with the hook, `Std` for a sender or a message that can't be read.
    pub fn by_hook<M: DeserializeOwned>(
        api: &dyn Api,
        info: MessageInfo,
        hook: Cw20ReceiveMsg,
    ) -> Result<(Self, M), PaymentError> {
        let token = Call::direct(info).unpaid()?.clone();
        let call = Call {
            sender: api.addr_validate(&hook.sender)?,
            paid: vec![Asset::cw20(token.clone(), hook.amount)],
            token: Some(token),
        };
        Ok((call, from_json(&hook.msg)?))
    }

    /// Did a token's `Send` bring it?
    pub fn is_by_hook(&self) -> bool {
        self.token.is_some()
    }

    /// Who sent a message that takes no payment.
    ///
    /// # Errors
    /// `NotPayable`, `UnexpectedFunds`.
    pub fn unpaid(&self) -> Result<&Addr, PaymentError> {
        if self.is_by_hook() {
            return Err(PaymentError::NotPayable {});
        }
        if !self.paid.is_empty() {
            return Err(PaymentError::UnexpectedFunds {
                found: text(&self.paid),
            });
        }
        Ok(&self.sender)
    }

    /// The amount of a payment in one asset: exactly that one, and not zero.
    ///
    /// # Errors
    /// `WrongPayment`, `ZeroAmount`.
    pub fn paid_in(&self, info: &AssetInfo) -> Result<Uint128, PaymentError> {
        match self.paid.as_slice() {
            [one] if one.info == *info => some(one.amount),
            other => Err(PaymentError::WrongPayment {
                expected: info.to_string(),
                found: text(other),
            }),
        }
    }

    /// A payment in one asset, whichever, and not of zero.
    ///
    /// # Errors
    /// `WrongPayment`, `ZeroAmount`.
    pub fn paid_in_one(&self) -> Result<&Asset, PaymentError> {
        let [one] = self.paid.as_slice() else {
            return Err(PaymentError::WrongPayment {
                expected: "one asset".into(),
                found: text(&self.paid),
            });
        };
        some(one.amount)?;
        Ok(one)
    }

    /// Is the payment exactly `due` (each asset once, none of zero)? In any order.
    ///
    /// # Errors
    /// `WrongPayment`.
    pub fn pays(&self, due: &[Asset]) -> Result<(), PaymentError> {
        let exact = self.paid.len() == due.len() && due.iter().all(|one| self.paid.contains(one));
        if !exact {
            return Err(PaymentError::WrongPayment {
                expected: text(due),
                found: text(&self.paid),
            });
        }
        Ok(())
    }

    /// A payment in any assets: none of zero, none twice.
    ///
    /// # Errors
    /// `ZeroAmount`, `PaidTwice`.
    pub fn each(&self) -> Result<&[Asset], PaymentError> {
        for (nth, one) in self.paid.iter().enumerate() {
            some(one.amount)?;
            let twice = self.paid.iter().take(nth).any(|other| other.info == one.info);
            if twice {
                return Err(PaymentError::PaidTwice {
                    info: one.info.to_string(),
                });
            }
        }
        Ok(&self.paid)
    }

    /// Who is meant: the address in the message, or the sender if it has none.
    ///
    /// # Errors
    /// For what is no address.
    pub fn or_sender(&self, api: &dyn Api, address: Option<String>) -> StdResult<Addr> {
        Ok(match address {
            Some(text) => api.addr_validate(&text)?,
            None => self.sender.clone(),
        })
    }
}

/// An amount that is something.
///
/// # Errors
/// `ZeroAmount`.
pub fn some(amount: Uint128) -> Result<Uint128, PaymentError> {
    if amount.is_zero() {
        return Err(PaymentError::ZeroAmount {});
    }
    Ok(amount)
}

/// A payment as a person reads it.
pub fn text(assets: &[Asset]) -> String {
    if assets.is_empty() {
        return "nothing".into();
    }
    let parts: Vec<String> = assets.iter().map(Asset::to_string).collect();
    parts.join(", ")
}

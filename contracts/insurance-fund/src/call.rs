//! Who called with which payment.

use cosmwasm_std::{from_json, Addr, Api, MessageInfo, Uint128};
use cw20::Cw20ReceiveMsg;
use cw_asset::{Asset, AssetInfo};
use glidepath_interfaces::asset::attached;
use glidepath_interfaces::fund::ExecuteMsg;

use crate::error::ContractError;

/// A message's sender and payment, whichever door they came in by.
pub struct Call {
    /// Who called; for the hook, who the token says it was: not to be believed before [`Call::paid_in`] has shown
    /// that the token is the one expected.
    pub sender: Addr,
    /// What came with it.
    pub paid: Vec<Asset>,
    /// By a token's `Send`.
    pub by_hook: bool,
}

impl Call {
    /// A plain message with its coins.
    pub fn direct(info: MessageInfo) -> Self {
        Call {
            paid: attached(&info.funds),
            sender: info.sender,
            by_hook: false,
        }
    }

    /// A token's hook and the message inside.
    pub fn hook(
        api: &dyn Api,
        info: MessageInfo,
        hook: Cw20ReceiveMsg,
    ) -> Result<(Self, ExecuteMsg), ContractError> {
        if !info.funds.is_empty() {
            return Err(ContractError::UnexpectedFunds {
                found: text(&attached(&info.funds)),
            });
        }
        let call = Call {
            sender: api.addr_validate(&hook.sender)?,
            paid: vec![Asset::cw20(info.sender, hook.amount)],
            by_hook: true,
        };
        Ok((call, from_json(&hook.msg)?))
    }

    /// Refuses a payment.
    pub fn unpaid(&self) -> Result<(), ContractError> {
        if self.by_hook {
            return Err(ContractError::NotPayable {});
        }
        if !self.paid.is_empty() {
            return Err(ContractError::UnexpectedFunds {
                found: text(&self.paid),
            });
        }
        Ok(())
    }

    /// The amount of a payment in one asset: exactly that one, and not zero.
    pub fn paid_in(&self, info: &AssetInfo) -> Result<Uint128, ContractError> {
        match self.paid.as_slice() {
            [one] if one.info == *info && one.amount.is_zero() => Err(ContractError::ZeroAmount {}),
            [one] if one.info == *info => Ok(one.amount),
            other => Err(ContractError::WrongPayment {
                expected: info.to_string(),
                found: text(other),
            }),
        }
    }
}

/// A payment as a person reads it.
fn text(assets: &[Asset]) -> String {
    if assets.is_empty() {
        return "nothing".into();
    }
    let parts: Vec<String> = assets.iter().map(Asset::to_string).collect();
    parts.join(", ")
}

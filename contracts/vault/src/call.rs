//! Who called with which payment, and payouts.

use cosmwasm_std::{from_json, Addr, Api, CosmosMsg, Deps, MessageInfo, Uint128};
use cw20::Cw20ReceiveMsg;
use cw_asset::{Asset, AssetInfo};
use glidepath_interfaces::asset::attached;
use glidepath_interfaces::vault::ExecuteMsg;

use crate::error::ContractError;
use crate::state::NAMES;

/// A message's sender and payment, whichever door they came in by.
pub struct Call {
    /// Who called; for the hook, who the token says it was.
    pub sender: Addr,
    /// What came with it.
    pub paid: Vec<Asset>,
    /// By a token's `Send`: the token vouches for sender and amount, so neither may move another asset.
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

    /// A token's hook and the message inside. Only a listed token's word is taken for anything.
    pub fn hook(
        deps: Deps,
        info: MessageInfo,
        hook: Cw20ReceiveMsg,
    ) -> Result<(Self, ExecuteMsg), ContractError> {
        let token = AssetInfo::cw20(info.sender.clone());
        if !NAMES.has(deps.storage, &token) {
            return Err(ContractError::UnknownToken { token: info.sender });
        }
        if !info.funds.is_empty() {
            return Err(ContractError::UnexpectedFunds {
                found: text(&attached(&info.funds)),
            });
        }
        let call = Call {
            sender: deps.api.addr_validate(&hook.sender)?,
            paid: vec![Asset::new(token, hook.amount)],
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

    /// Is the payment exactly `due` (each asset once, none of zero)? In any order.
    pub fn pays(&self, due: &[Asset]) -> Result<(), ContractError> {
        let exact = self.paid.len() == due.len() && due.iter().all(|one| self.paid.contains(one));
        if !exact {
            return Err(ContractError::WrongPayment {
                expected: text(due),
                found: text(&self.paid),
            });
        }
        Ok(())
    }

    /// Who is meant: the address in the message, or the sender if it has none.
    pub fn or_sender(&self, api: &dyn Api, address: Option<String>) -> Result<Addr, ContractError> {
        Ok(match address {
            Some(text) => api.addr_validate(&text)?,
            None => self.sender.clone(),
        })
    }
}

/// A payment as a person reads it.
fn text(assets: &[Asset]) -> String {
    let parts: Vec<String> = assets.iter().map(Asset::to_string).collect();
    if parts.is_empty() {
        return "nothing".into();
    }
    parts.join(", ")
}

/// Sends coins out. The amount is never zero and the recipient no contract of the suite: callers have checked.
pub fn payout(info: AssetInfo, amount: Uint128, to: &Addr) -> Result<CosmosMsg, ContractError> {
    Ok(Asset::new(info, amount).transfer_msg(to)?)
}

/// An amount that is something.
pub fn some(amount: Uint128) -> Result<Uint128, ContractError> {
    if amount.is_zero() {
        return Err(ContractError::ZeroAmount {});
    }
    Ok(amount)
}

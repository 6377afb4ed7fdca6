//! Payments in by a token's hook, and out.

use cosmwasm_std::{Addr, CosmosMsg, Deps, MessageInfo, Uint128};
use cw20::Cw20ReceiveMsg;
use cw_asset::{Asset, AssetInfo};
use glidepath_interfaces::payment::{Call, PaymentError};
use glidepath_interfaces::vault::ExecuteMsg;

use crate::error::ContractError;
use crate::state::NAMES;

/// A token's hook and the message inside. Only a listed token's word is taken for anything.
pub fn by_hook(
    deps: Deps,
    info: MessageInfo,
    hook: Cw20ReceiveMsg,
) -> Result<(Call, ExecuteMsg), ContractError> {
    if !NAMES.has(deps.storage, &AssetInfo::cw20(info.sender.clone())) {
        return Err(ContractError::UnknownToken { token: info.sender });
    }
    Ok(Call::by_hook(deps.api, info, hook)?)
}

/// The payment of a contract of the suite: exactly the coins of `due` are attached; its tokens follow at the caller's word. By
/// a token's hook such a message is never taken: the token would be the one to say who sent it.
///
/// # Errors
/// `NotPayable`, `WrongPayment`.
pub fn paid_by_peer(call: &Call, due: &[Asset]) -> Result<(), ContractError> {
    if call.is_by_hook() {
        return Err(PaymentError::NotPayable {}.into());
    }
    let is_coin = |one: &&Asset| matches!(one.info, AssetInfo::Native(_));
    let coins: Vec<Asset> = due.iter().filter(is_coin).cloned().collect();
    Ok(call.pays(&coins)?)
}

/// Sends coins out. The amount is never zero and the recipient no contract of the suite: callers have checked.
pub fn payout(info: AssetInfo, amount: Uint128, to: &Addr) -> Result<CosmosMsg, ContractError> {
    Ok(Asset::new(info, amount).transfer_msg(to)?)
}

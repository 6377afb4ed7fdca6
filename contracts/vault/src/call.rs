//! Payments in by a token's hook, and out.

use cosmwasm_std::{Addr, CosmosMsg, Deps, MessageInfo, Uint128};
use cw20::Cw20ReceiveMsg;
use cw_asset::{Asset, AssetInfo};
use glidepath_interfaces::payment::Call;
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

/// Sends coins out. The amount is never zero and the recipient no contract of the suite: callers have checked.
pub fn payout(info: AssetInfo, amount: Uint128, to: &Addr) -> Result<CosmosMsg, ContractError> {
    Ok(Asset::new(info, amount).transfer_msg(to)?)
}

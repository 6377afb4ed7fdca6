//! `WithdrawAccount`: collateral that could not be sold, handed to who can do something with it.

use cosmwasm_std::{to_json_binary, Addr, Deps, DepsMut, Response, Uint128, WasmMsg};
use glidepath_interfaces::events::fund::AccountWithdrawn;
use glidepath_interfaces::payment::some;
use glidepath_interfaces::{vault, AssetId, Peers};

use crate::error::ContractError;
use crate::goods::held;
use crate::state::CONFIG;

/// Has the vault pay out what it owes the fund, but for what its stakers bought; the rest of the amount is the vault's to check.
pub fn withdraw(
    deps: DepsMut,
    sender: &Addr,
    asset: AssetId,
    amount: Option<Uint128>,
    recipient: &str,
) -> Result<Response, ContractError> {
    cw_ownable::assert_owner(deps.storage, sender)?;
    let recipient = deps.api.addr_validate(recipient)?;
    let peers = CONFIG.load(deps.storage)?.peers;
    if peers.contains(&recipient) {
        return Err(ContractError::BadRecipient { recipient });
    }
    amount.map(some).transpose()?;
    let amount = free(deps.as_ref(), &peers, &asset, amount)?;
    let payout = vault::ExecuteMsg::WithdrawAccount {
        asset: asset.clone(),
        amount,
        recipient: Some(recipient.to_string()),
    };
    Ok(Response::new()
        .add_message(WasmMsg::Execute {
            contract_addr: peers.vault.into(),
            msg: to_json_binary(&payout)?,
            funds: vec![],
        })
        .add_event(AccountWithdrawn {
            asset,
            amount,
            recipient,
        }))
}

/// The amount, if it is not the stakers'; all that is not theirs if none is said.
fn free(
    deps: Deps,
    peers: &Peers<Addr>,
    asset: &AssetId,
    amount: Option<Uint128>,
) -> Result<Option<Uint128>, ContractError> {
    let held = held(deps.storage, asset)?;
    if held.is_zero() {
        return Ok(amount);
    }
    let account = vault::account(&deps.querier, &peers.vault, &peers.insurance_fund, asset)?;
    let free = account.amount.saturating_sub(held);
    let wanted = some(amount.unwrap_or(free))?;
    if wanted > free {
        return Err(ContractError::StakersGoods {
            asset: asset.clone(),
            held,
            free,
            wanted,
        });
    }
    Ok(Some(wanted))
}

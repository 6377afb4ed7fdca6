//! Assets: the short name that the suite uses everywhere, and payments in native coins and cw20 tokens alike.

use std::fmt;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{to_json_binary, Addr, Coin, CosmosMsg, Uint128, WasmMsg};
use cw20::Cw20ExecuteMsg;
use cw_asset::{Asset, AssetInfo};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The suite's name of an asset, chosen by governance when it is listed: 2 to 16 characters of `a–z`, `0–9`, `.`
/// and `-`, a letter first. Records, keys, events and errors carry this name; only the vault (and whoever pays)
/// knows the denom or token behind it. It keeps records short (an `ibc/…` denom is 68 bytes), it reads well in an
/// error, and native coins and cw20 tokens can't be confused by their strings.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[serde(try_from = "String", into = "String")]
pub struct AssetId(String);

/// The text is no name of an asset.
#[derive(Error, Debug, PartialEq, Eq)]
#[error("`{0}` is no asset name: 2 to 16 of a-z, 0-9, '.', '-', a letter first")]
pub struct BadAssetId(pub String);

impl AssetId {
    /// The name as text; also its storage key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AssetId {
    type Error = BadAssetId;

    fn try_from(text: String) -> Result<Self, BadAssetId> {
        let tail = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-';
        let fits = (2..=16).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(tail);
        if fits {
            Ok(AssetId(text))
        } else {
            Err(BadAssetId(text))
        }
    }
}

impl std::str::FromStr for AssetId {
    type Err = BadAssetId;

    fn from_str(text: &str) -> Result<Self, BadAssetId> {
        text.to_string().try_into()
    }
}

impl From<AssetId> for String {
    fn from(id: AssetId) -> String {
        id.0
    }
}

impl fmt::Display for AssetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Coins attached to a message as assets.
pub fn attached(funds: &[Coin]) -> Vec<Asset> {
    funds
        .iter()
        .map(|coin| Asset::native(coin.denom.clone(), coin.amount))
        .collect()
}

/// A call of `contract` that pays nothing.
pub fn call<M: Serialize>(contract: &Addr, msg: &M) -> cosmwasm_std::StdResult<CosmosMsg> {
    Ok(WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg: to_json_binary(msg)?,
        funds: vec![],
    }
    .into())
}

/// A call of `contract` that carries `amount` of one asset: coins are attached, cw20 tokens go by the standard
/// `Send` hook with the same message inside.
pub fn call_with<M: Serialize>(
    contract: &Addr,
    msg: &M,
    info: &AssetInfo,
    amount: Uint128,
) -> cosmwasm_std::StdResult<CosmosMsg> {
    let inner = to_json_binary(msg)?;
    Ok(match info {
        AssetInfo::Cw20(token) => WasmMsg::Execute {
            contract_addr: token.to_string(),
            msg: to_json_binary(&Cw20ExecuteMsg::Send {
                contract: contract.to_string(),
                amount,
                msg: inner,
            })?,
            funds: vec![],
        },
        AssetInfo::Native(denom) => WasmMsg::Execute {
            contract_addr: contract.to_string(),
            msg: inner,
            funds: vec![Coin {
                denom: denom.clone(),
                amount,
            }],
        },
        // cw-asset keeps this enum open; a kind that we don't know can't have been listed.
        other => return Err(unpayable(other)),
    }
    .into())
}

fn unpayable(what: impl fmt::Display) -> cosmwasm_std::StdError {
    cosmwasm_std::StdError::generic_err(format!("{what} can't be paid"))
}

/// A call of one contract of the suite by another, with what it pays: coins are attached, cw20 tokens follow in transfers
/// of their own, to be sent behind it. The called one books what its peer says, so that no token has a word between what was
/// checked and what is done; if a transfer fails, all of it does.
pub fn call_then_pay<M: Serialize>(
    contract: &Addr,
    msg: &M,
    paid: &[Asset],
) -> cosmwasm_std::StdResult<(CosmosMsg, Vec<CosmosMsg>)> {
    let (mut funds, mut transfers) = (vec![], vec![]);
    for one in paid {
        match &one.info {
            AssetInfo::Native(denom) => funds.push(Coin {
                denom: denom.clone(),
                amount: one.amount,
            }),
            info => transfers.push(
                Asset::new(info.clone(), one.amount)
                    .transfer_msg(contract)
                    .map_err(unpayable)?,
            ),
        }
    }
    let call = WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg: to_json_binary(msg)?,
        funds,
    };
    Ok((call.into(), transfers))
}

/// An asset's name with an amount in base units.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// Which asset.
    pub asset: AssetId,
    /// Base units.
    pub amount: Uint128,
}

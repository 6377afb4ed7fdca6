//! Messages and payments as transactions of the suite's contracts.

use cosmwasm_std::{to_json_binary, Addr, Binary, Coin, CosmosMsg, Decimal256, WasmMsg};
use glidepath_interfaces::asset::call_with;
use glidepath_interfaces::auction::ExecuteMsg as Auction;
use glidepath_interfaces::position_manager::{Action, ExecuteMsg as Manager};
use glidepath_testkit::{Outcome, Suite};
use serde::Serialize;

pub fn plain<M: Serialize>(contract: &Addr, msg: &M) -> CosmosMsg {
    with_coins(contract, msg, vec![])
}

pub fn with_coins<M: Serialize>(contract: &Addr, msg: &M, funds: Vec<Coin>) -> CosmosMsg {
    WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg: to_json_binary(msg).unwrap(),
        funds,
    }
    .into()
}

pub fn paid<M: Serialize>(suite: &Suite, contract: &Addr, msg: &M, asset: &str, amount: u128) -> CosmosMsg {
    call_with(contract, msg, &suite.listed(asset).info, amount.into()).unwrap()
}

pub fn update(position: u64, actions: Vec<Action>) -> Manager {
    Manager::Update {
        position: Some(position),
        actions,
        recipient: None,
    }
}

pub fn bid(position: u64) -> Auction {
    Auction::Bid {
        position,
        max_price: Decimal256::MAX,
        recipient: None,
        min_received: None,
        pay: None,
    }
}

/// How many of an agent's messages were carried out.
pub fn carried_out(done: &Outcome) -> usize {
    done.events
        .iter()
        .filter(|event| event.ty == "wasm-agent")
        .filter(|event| {
            event
                .attributes
                .iter()
                .any(|a| a.key == "done" && a.value == "true")
        })
        .count()
}

/// A message as it is written.
pub fn raw(funds: &[Coin], contract: &Addr, msg: &Binary) -> CosmosMsg {
    WasmMsg::Execute {
        contract_addr: contract.to_string(),
        msg: msg.clone(),
        funds: funds.to_vec(),
    }
    .into()
}

//! A contract that is an owner, a bidder or a recipient: it sends whatever it is told, several messages in one
//! transaction, and goes on where some are refused. It has no entry for coins that come in.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, CosmosMsg, Deps, DepsMut, Empty, Env, Event, MessageInfo, Reply, Response, StdError,
    StdResult, SubMsg, WasmMsg,
};
use cw_multi_test::{ContractWrapper, Executor};

use crate::Suite;

/// What it is told.
#[cw_serde]
pub struct Run {
    /// In this order.
    pub msgs: Vec<CosmosMsg>,
    /// Must each of them be carried out?
    pub all: bool,
    /// Number of the first, to tell them apart.
    pub first: u64,
}

/// What an agent tells of a message that need not be carried out: `nth` and `done`.
pub const TOLD: &str = "agent";

/// An agent on a suite's chain.
///
/// # Panics
/// Where the chain refuses.
pub fn agent(suite: &mut Suite, name: &str) -> Addr {
    let code = suite.app.store_code(Box::new(
        ContractWrapper::new(execute, instantiate, query).with_reply(reply),
    ));
    let maker = suite.user("maker");
    suite
        .app
        .instantiate_contract(code, maker, &Empty {}, &[], name, None)
        .expect("an agent")
}

/// The call that makes an agent send messages.
pub fn run(agent: &Addr, msgs: Vec<CosmosMsg>, all: bool) -> CosmosMsg {
    let first = 0;
    call(agent, &Run { msgs, all, first })
}

/// The same with all that it is told.
///
/// # Panics
/// Never: it can be written.
pub fn call(agent: &Addr, run: &Run) -> CosmosMsg {
    WasmMsg::Execute {
        contract_addr: agent.to_string(),
        msg: cosmwasm_std::to_json_binary(run).expect("a message"),
        funds: vec![],
    }
    .into()
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn execute(_: DepsMut, _: Env, _: MessageInfo, Run { msgs, all, first }: Run) -> StdResult<Response> {
    let msgs = msgs.into_iter().zip(first..).map(|(msg, nth)| match all {
        true => SubMsg::new(msg),
        false => SubMsg::reply_always(msg, nth),
    });
    Ok(Response::new().add_submessages(msgs))
}

fn query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    Err(StdError::generic_err("an agent answers nothing"))
}

/// Tells what became of each message.
fn reply(_: DepsMut, _: Env, reply: Reply) -> StdResult<Response> {
    let done = reply.result.is_ok();
    let told = Event::new(TOLD)
        .add_attribute("nth", reply.id.to_string())
        .add_attribute("done", done.to_string());
    Ok(Response::new().add_event(told))
}

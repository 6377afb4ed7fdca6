//! A contract that is an owner, a bidder or a recipient: it sends whatever it is told, several messages in one
//! transaction, and goes on where some are refused. It has no entry for coins that come in. When it bids without paying, it
//! says with its bid what it will do in the vault's call: what it sends, and how it pays.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, CosmosMsg, Deps, DepsMut, Empty, Env, Event, MessageInfo, Reply, Response, StdError,
    StdResult, SubMsg, Uint128, WasmMsg,
};
use cw_multi_test::{ContractWrapper, Executor};
use glidepath_interfaces::asset::call_with;
use glidepath_interfaces::vault::{self, Bought};

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

/// How it pays what it bought, in the vault's call.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Pays {
    /// What is owed.
    Exactly,
    /// A unit less.
    Less,
    /// A unit more.
    More,
    /// Nothing.
    Nothing,
    /// What is owed, and then again.
    Twice,
}

/// What it says with a bid that it will pay for when it is called.
#[cw_serde]
pub struct Bargain {
    /// What it sends first.
    pub runs: Vec<Run>,
    /// How it pays then.
    pub pays: Pays,
}

/// Its messages.
#[cw_serde]
enum AgentMsg {
    /// Sends messages.
    Run(Run),
    /// The vault's call.
    GlidepathBought(Bought),
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
    let msg = AgentMsg::Run(run.clone());
    WasmMsg::Execute {
        contract_addr: agent.to_string(),
        msg: cosmwasm_std::to_json_binary(&msg).expect("a message"),
        funds: vec![],
    }
    .into()
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn execute(_: DepsMut, _: Env, info: MessageInfo, msg: AgentMsg) -> StdResult<Response> {
    match msg {
        AgentMsg::Run(run) => Ok(Response::new().add_submessages(sent(run))),
        AgentMsg::GlidepathBought(bought) => {
            let Bargain { runs, pays } = cosmwasm_std::from_json(&bought.msg)?;
            let pay = vault::ExecuteMsg::PayTicket {
                position: bought.position,
            };
            let one = Uint128::one();
            let amounts = match pays {
                Pays::Exactly => vec![bought.owed],
                Pays::Less => vec![bought.owed - one],
                Pays::More => vec![bought.owed + one],
                Pays::Nothing => vec![],
                Pays::Twice => vec![bought.owed; 2],
            };
            let payments = amounts
                .into_iter()
                .filter(|amount| !amount.is_zero())
                .map(|amount| call_with(&info.sender, &pay, &bought.debt, amount));
            Ok(Response::new()
                .add_submessages(runs.into_iter().flat_map(sent))
                .add_messages(payments.collect::<StdResult<Vec<_>>>()?))
        }
    }
}

fn sent(Run { msgs, all, first }: Run) -> impl Iterator<Item = SubMsg> {
    msgs.into_iter().zip(first..).map(move |(msg, nth)| match all {
        true => SubMsg::new(msg),
        false => SubMsg::reply_always(msg, nth),
    })
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

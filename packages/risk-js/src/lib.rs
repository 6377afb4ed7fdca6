//! The contracts' own answers, away from the chain: in a browser, a bot, a test.
//!
//! A question to the position manager or the auction is answered by the code that answers it on the chain, from records that
//! were read there. So there is no second copy of a formula, and the digits are the chain's. What is gained over asking a
//! node: any moment (the price of a lot in a minute, a debt in an hour) and any prices, without a network.
//!
//! Nobody has to know which records an answer takes. [`ask`] says which are missing; whoever asks reads these from the
//! chain ([`Records`]) and asks again. Lists of positions and sales are for a node.

#[cfg(target_arch = "wasm32")]
mod js;
mod offline;
mod records;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{from_json, to_json_string, Addr, Binary, StdError};
use glidepath_interfaces::auction::TryPrice;
use glidepath_interfaces::Peers;
use thiserror::Error;

use offline::Chain;
pub use records::{Key, Records};

/// What is asked, and of which moment.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The suite.
    pub contracts: Peers<Addr>,
    /// Unix seconds; not before the records were read.
    pub time: u64,
    /// The position manager or the auction.
    pub to: Contract,
    /// Prices to try instead of the records: each as if it had been published and checked at `time`.
    pub prices: Vec<TryPrice>,
}

/// Who answers.
#[cw_serde]
#[derive(Copy)]
pub enum Contract {
    /// The position manager.
    PositionManager,
    /// The liquidation auction.
    LiquidationAuction,
}

/// What is answered.
#[cw_serde]
pub enum Answer {
    /// The contract's answer: JSON.
    Answered(Binary),
    /// Its refusal, in its words.
    Refused(String),
    /// These have to be read first. There may be more behind them.
    Missing(Vec<Key>),
}

/// Why there is no answer at all.
#[derive(Error, Debug, PartialEq)]
pub enum AskError {
    /// The question or a record can't be read.
    #[error(transparent)]
    Std(#[from] StdError),
    /// The chain runs another version of the contract.
    #[error("the chain runs {found}, this is {expected}")]
    Version {
        /// Name and version on the chain.
        found: String,
        /// Name and version here.
        expected: String,
    },
    /// The answer would take all of a list.
    #[error("lists are answered by a node only")]
    List,
}

/// Answers `query`, a message to the contract as JSON, from `records`.
///
/// # Errors
/// `Version` where the chain runs another version of a contract, `List` for a question that walks a list, `Std` for what can't
/// be read.
pub fn ask(records: &Records, question: &Question, query: &[u8]) -> Result<Answer, AskError> {
    let chain = Chain::new(records, question)?;
    let answer = chain.answer(question.to, query);
    let (missing, has_list) = chain.into_missing();
    // What was found to be missing makes the rest of no use: a record that may be absent was taken to be.
    if !missing.is_empty() {
        return Ok(Answer::Missing(missing));
    }
    if has_list {
        return Err(AskError::List);
    }
    Ok(match answer? {
        Ok(answer) => Answer::Answered(answer),
        Err(refusal) => Answer::Refused(refusal),
    })
}

/// The same from and to JSON text.
///
/// # Errors
/// Those of [`ask`].
pub fn ask_json(records: &str, question: &str, query: &str) -> Result<String, AskError> {
    let (records, question) = (from_json(records)?, from_json(question)?);
    Ok(to_json_string(&ask(&records, &question, query.as_bytes())?)?)
}

//! The same call on native code: it must answer the same, write the same and ask the same.
//!
//! So every test that runs on bytecode is also a comparison of the two, and a refusal keeps its type: what the bytecode
//! refuses with a text, native code refuses with the error of that very text.

use std::cell::Cell;

use anyhow::Result;
use cosmwasm_std::{
    to_json_string, Binary, Deps, DepsMut, Empty, Querier, QuerierResult, QuerierWrapper, Response,
    SystemError, SystemResult,
};

use crate::bridge::Asked;
use crate::contract::Did;
use crate::overlay::Overlay;

/// Gives the answers that the bytecode was given, to the same questions in the same order.
struct Replayed<'a> {
    asked: &'a Asked,
    next: Cell<usize>,
}

impl Querier for Replayed<'_> {
    fn raw_query(&self, request: &[u8]) -> QuerierResult {
        let nth = self.next.replace(self.next.get() + 1);
        match self.asked.borrow().get(nth) {
            Some((asked, answer)) if asked == request => answer.clone(),
            other => SystemResult::Err(SystemError::InvalidRequest {
                error: format!(
                    "question {nth} of the bytecode is {:?}",
                    other.map(|(asked, _)| String::from_utf8_lossy(asked).into_owned())
                ),
                request: request.into(),
            }),
        }
    }
}

/// Runs a message on native code.
///
/// # Errors
/// The native error of what both refused.
///
/// # Panics
/// Where the two differ.
pub fn same_message(
    name: &str,
    did: &Did<Response>,
    deps: Deps,
    native: impl FnOnce(DepsMut) -> Result<Response>,
) -> Result<()> {
    let querier = Replayed {
        asked: &did.asked,
        next: Cell::new(0),
    };
    let mut storage = Overlay::new(deps.storage);
    let answer = native(DepsMut {
        storage: &mut storage,
        api: deps.api,
        querier: QuerierWrapper::<Empty>::new(&querier),
    });
    let answer = agree(name, &did.answer, answer, |answer| to_json_string(answer).ok())?;
    let writes = storage.into_writes();
    if answer && writes != did.writes {
        let differ = |key: &Vec<u8>| writes.get(key) != did.writes.get(key);
        let keys: Vec<String> = writes
            .keys()
            .chain(did.writes.keys())
            .filter(|key| differ(key))
            .map(|key| {
                let text = |value: Option<&Option<Vec<u8>>>| {
                    format!(
                        "{:?}",
                        value.map(|v| v.as_ref().map(|v| String::from_utf8_lossy(v).into_owned()))
                    )
                };
                format!(
                    "{}: bytecode {}, native {}",
                    String::from_utf8_lossy(key),
                    text(did.writes.get(key)),
                    text(writes.get(key))
                )
            })
            .collect();
        panic!("{name} writes differently on bytecode and on native code: {keys:#?}");
    }
    all_asked(name, &querier);
    Ok(())
}

/// Runs a query on native code.
///
/// # Errors
/// The native error of what both refused.
///
/// # Panics
/// Where the two differ.
pub fn same_answer(
    name: &str,
    did: &Did<Binary>,
    deps: Deps,
    native: impl FnOnce(Deps) -> Result<Binary>,
) -> Result<()> {
    let querier = Replayed {
        asked: &did.asked,
        next: Cell::new(0),
    };
    let answer = native(Deps {
        storage: deps.storage,
        api: deps.api,
        querier: QuerierWrapper::<Empty>::new(&querier),
    });
    agree(name, &did.answer, answer, |answer| {
        Some(String::from_utf8_lossy(answer).into_owned())
    })?;
    all_asked(name, &querier);
    Ok(())
}

/// Whether both did it; the native error where both refused for the same cause.
fn agree<T>(
    name: &str,
    bytecode: &Result<T, String>,
    native: Result<T>,
    words: impl Fn(&T) -> Option<String>,
) -> Result<bool> {
    match (bytecode, native) {
        (Ok(bytecode), Ok(native)) => {
            assert_eq!(
                words(bytecode),
                words(&native),
                "answers of {name}: bytecode, native code"
            );
            Ok(true)
        }
        (Err(bytecode), Err(native)) => {
            assert_eq!(
                *bytecode,
                native.to_string(),
                "refusals of {name}: bytecode, native code"
            );
            Err(native)
        }
        (Ok(bytecode), Err(native)) => {
            panic!(
                "{name}: bytecode did {:?}, native code refused: {native:#}",
                words(bytecode)
            )
        }
        (Err(bytecode), Ok(native)) => {
            panic!(
                "{name}: bytecode refused: {bytecode}, native code did {:?}",
                words(&native)
            )
        }
    }
}

fn all_asked(name: &str, querier: &Replayed) {
    let (native, bytecode) = (querier.next.get(), querier.asked.borrow().len());
    assert_eq!(bytecode, native, "queries of {name}: bytecode, native code");
}

//! Published records as they are stored.

use std::collections::BTreeSet;

use cosmwasm_std::Addr;
use glidepath_testkit::Suite;
use serde_json::Value as Json;

use super::{names, stored};

/// A published record as it is stored.
pub struct Published {
    pub owner: &'static str,
    pub contract: Addr,
    pub kind: String,
    pub key: Vec<u8>,
    pub value: Json,
}

/// Every published record of a suite: what is stored as a version and a record.
pub fn published(suite: &Suite) -> Vec<Published> {
    let mut found = vec![];
    for (owner, contract) in names(suite) {
        for (key, value) in stored(suite, &contract) {
            let Ok(value) = serde_json::from_slice::<Json>(&value) else {
                continue;
            };
            let fields = value.as_object().map(|fields| fields.keys().cloned().collect());
            if fields != Some(BTreeSet::from(["v".to_string(), "r".to_string()])) {
                continue;
            }
            let kind = namespace(&key);
            found.push(Published {
                owner,
                contract: contract.clone(),
                kind,
                key,
                value,
            });
        }
    }
    found
}

/// The namespace of a map's key, or the key of an item.
pub fn namespace(key: &[u8]) -> String {
    let length = usize::from(u16::from_be_bytes([key[0], key[1]]));
    let name = key.get(2..2 + length).unwrap_or(key);
    String::from_utf8_lossy(name).into_owned()
}

//! Published records as they are stored.

use cosmwasm_std::Addr;
use glidepath_testkit::Suite;

use super::{names, stored};

/// What each contract publishes: the namespaces that others may read.
const PUBLISHED: &[(&str, &[&str])] = &[
    (
        "vault",
        &[
            "asset",
            "held",
            "market",
            "market_terms",
            "cover",
            "backstop",
            "account",
            "ledger",
        ],
    ),
    ("oracle-adapter", &["price"]),
    (
        "liquidation-auction",
        &[
            "terms",
            "sale_terms",
            "sale",
            "backlog",
            "book",
            "slot",
            "slot_end",
            "slot_mark",
            "order",
            "min_order",
        ],
    ),
    ("insurance-fund", &["cover_rule", "backstop_rule", "pool"]),
];

/// A published record as it is stored.
pub struct Published {
    pub owner: &'static str,
    pub contract: Addr,
    pub kind: String,
    pub key: Vec<u8>,
    pub value: Vec<u8>,
}

/// Every published record of a suite.
pub fn published(suite: &Suite) -> Vec<Published> {
    let mut found = vec![];
    for (owner, contract) in names(suite) {
        let Some((_, kinds)) = PUBLISHED.iter().find(|(name, _)| *name == owner) else {
            continue;
        };
        for (key, value) in stored(suite, &contract) {
            let kind = namespace(&key);
            if kinds.contains(&&*kind) {
                found.push(Published {
                    owner,
                    contract: contract.clone(),
                    kind,
                    key,
                    value,
                });
            }
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

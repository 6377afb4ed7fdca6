//! Attack 27: storage keys that collide, inside a contract and across contracts. `golden/keys.txt` is the frozen list;
//! `UPDATE_GOLDEN=1 cargo test -p glidepath-testkit --test storage_keys` writes it anew; a changed key needs a migration.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use cosmwasm_std::Addr;
use glidepath_interfaces::auction::{SALES, SALE_TERMS, TERMS};
use glidepath_interfaces::fund::COVER_RULES;
use glidepath_interfaces::oracle::{StopKind, PRICES};
use glidepath_interfaces::record::ReadError;
use glidepath_interfaces::vault::{ASSETS, COVER, HOLDINGS, LEDGERS, MARKETS, MARKET_TERMS};
use glidepath_testkit::scenes::{calm, closing_out, unsold, UNIT};
use glidepath_testkit::{defaults, id, AssetSpec, Suite};
use support::records::published;
use support::scene::Scene;
use support::{golden, names};

// ---------------------------------------------------------------- inside a contract

/// The keys that a source declares: what stands in `Item::new("…")`, `Map::new("…")` and their published kin, outside
/// tests.
fn declared(source: &str) -> Vec<String> {
    let mut keys = vec![];
    for kind in ["Item::new(\"", "Map::new(\""] {
        for part in source.split(kind).skip(1) {
            keys.push(part.split('"').next().unwrap().to_string());
        }
    }
    keys
}

/// Of `interfaces::admin`, in each contract that has something to stop or to lower.
const GUARDIAN: &str = "Item::new(\"guardian\")";

/// The key or namespace of what is stored under `key`, of all that a contract declares.
fn namespace<'a>(key: &[u8], all: &'a BTreeSet<String>) -> Option<&'a str> {
    all.iter().map(String::as_str).find(|name| {
        let length = u16::try_from(name.len()).unwrap().to_be_bytes();
        let map = [&length[..], name.as_bytes()].concat();
        key == name.as_bytes() || key.starts_with(&map)
    })
}

/// A suite in which everything has happened that leaves a record.
fn lived_in() -> Suite {
    let mut suite = calm()
        .asset(AssetSpec::gold().queue(8, 2))
        .stake("usdc", 1_000 * UNIT)
        .build();
    let (lena, stan) = (suite.user("lena"), suite.user("staker"));
    suite.give(&lena, "usdc", 2 * UNIT);
    suite.vault().deposit(&lena, "usdc", UNIT).unwrap();
    suite.fund().request_exit(&stan, "usdc", None).unwrap();
    // A lot that draws from a queue.
    let gus = suite.user("gus");
    let (held, owed) = (suite.units("gold", "100"), 128_000 * UNIT);
    let queued = suite
        .positions()
        .open(&gus, &[("gold", held)], &[("usdc", owed)])
        .unwrap();
    suite.set_price("gold", "1790");
    suite.positions().advance(queued).unwrap();
    let close_out = closing_out(&mut suite);
    // Orders that are used up, and one that is placed in the block of a fill.
    suite.auction().set_min_order("usdc", Some(UNIT)).unwrap();
    let first = suite.user("first");
    suite.positions().offer(&gus, queued, Some(&first)).unwrap();
    suite.positions().set_takeover(&gus, queued, false).unwrap();
    suite.auction().set_bidders("atom", 6, &[&first]).unwrap();
    let pair = ("atom", "usdc");
    suite.auction().place_order(&lena, pair, 0, 1_000 * UNIT).unwrap();
    suite.elapse(6);
    suite.auction().place_order(&lena, pair, 0, 1_000 * UNIT).unwrap();
    suite.auction().match_orders(&lena, close_out).unwrap();
    // Three lots that nobody wanted, behind the one in which the last order bought.
    suite.elapse(6);
    suite.auction().match_orders(&lena, close_out).unwrap();
    let backstop = defaults::backstop_rule();
    suite.fund().set_backstop("usdc", backstop).unwrap();
    unsold(&mut suite, close_out, 4);
    suite.auction().backstop(&lena, close_out).unwrap();
    suite.give(&stan, "usdc", UNIT);
    suite.fund().stake(&stan, "usdc", UNIT).unwrap();
    let guardian = suite.guardian.clone();
    suite
        .oracle()
        .stop(&guardian, "atom", StopKind::Borrowing, 60)
        .unwrap();
    suite
}

#[test]
fn attack_27_storage_keys_are_distinct_inside_each_contract() {
    let suite = lived_in();
    let peers = suite.peers.clone();
    let declarations =
        |source: &'static str| -> &'static str { source.split("// -----").nth(1).unwrap_or(source) };
    let contracts: [(&str, Addr, Vec<&str>); 5] = [
        (
            "vault",
            peers.vault,
            vec![
                include_str!("../../../contracts/vault/src/state.rs"),
                declarations(include_str!("../../interfaces/src/vault/records.rs")),
                include_str!("../../interfaces/src/vault/backstop.rs"),
                GUARDIAN,
            ],
        ),
        (
            "position manager",
            peers.position_manager,
            vec![
                include_str!("../../../contracts/position-manager/src/state.rs"),
                GUARDIAN,
            ],
        ),
        (
            "oracle adapter",
            peers.oracle_adapter,
            vec![
                include_str!("../../../contracts/oracle-adapter/src/state.rs"),
                include_str!("../../interfaces/src/oracle/record.rs"),
                GUARDIAN,
            ],
        ),
        (
            "liquidation auction",
            peers.liquidation_auction,
            vec![
                include_str!("../../../contracts/liquidation-auction/src/state.rs"),
                declarations(include_str!("../../interfaces/src/auction/records.rs")),
                include_str!("../../../contracts/liquidation-auction/src/orders.rs"),
                include_str!("../../interfaces/src/auction/queue.rs"),
                include_str!("../../interfaces/src/auction/orders.rs"),
            ],
        ),
        (
            "insurance fund",
            peers.insurance_fund,
            vec![
                include_str!("../../../contracts/insurance-fund/src/state.rs"),
                include_str!("../../interfaces/src/fund.rs"),
                include_str!("../../interfaces/src/fund/backstop.rs"),
            ],
        ),
    ];
    let mut text = String::new();
    for (name, address, sources) in contracts {
        // Of cw2 and cw_ownable.
        let mut all: BTreeSet<String> = ["contract_info", "ownership"].map(String::from).into();
        for key in sources.iter().flat_map(|source| declared(source)) {
            assert!(all.insert(key.clone()), "the {name} uses `{key}` twice");
        }
        let mut used: BTreeMap<&str, u32> = all.iter().map(|key| (key.as_str(), 0)).collect();
        for (key, _) in suite.app.dump_wasm_raw(&address) {
            let space = namespace(&key, &all);
            let Some(space) = space else {
                panic!(
                    "the {name} stores `{}`, which its state.rs does not declare",
                    key.escape_ascii()
                );
            };
            *used.entry(space).or_default() += 1;
        }
        for (key, records) in used {
            // A ticket lives inside one message.
            assert!(
                records > 0 || key == "ticket",
                "the {name} declares `{key}` and stores nothing there"
            );
            writeln!(text, "{name}: {key}").unwrap();
        }
    }
    golden("keys.txt", &text);
}

// ---------------------------------------------------------------- across contracts

/// What a contract publishes reads at no other contract as anything: a mixed-up address is an error, not another's figures.
/// No two contracts publish under the same key.
#[test]
fn attack_27_what_one_contract_publishes_reads_at_no_other() {
    let scene = Scene::new();
    let suite = &scene.suite;
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    for record in published(suite) {
        let owner = owners.entry(record.kind.clone()).or_insert(record.owner);
        assert_eq!(*owner, record.owner, "two contracts publish `{}`", record.kind);
    }
    let (querier, position) = (suite.app.wrap(), scene.position);
    let (atom, usdc) = (id("atom"), id("usdc"));
    for (name, contract) in names(suite) {
        let read: [(&str, &str, Result<(), ReadError>); 11] = [
            (
                "asset",
                "vault",
                ASSETS.query(&querier, &contract, atom.as_str()).map(drop),
            ),
            (
                "held",
                "vault",
                HOLDINGS.query(&querier, &contract, atom.as_str()).map(drop),
            ),
            (
                "market",
                "vault",
                MARKETS.query(&querier, &contract, usdc.as_str()).map(drop),
            ),
            (
                "terms of a market",
                "vault",
                MARKET_TERMS.query(&querier, &contract, usdc.as_str()).map(drop),
            ),
            (
                "cover",
                "vault",
                COVER.query(&querier, &contract, usdc.as_str()).map(drop),
            ),
            (
                "ledger",
                "vault",
                LEDGERS.query(&querier, &contract, position).map(drop),
            ),
            (
                "price",
                "oracle-adapter",
                PRICES.query(&querier, &contract, atom.as_str()).map(drop),
            ),
            (
                "sale",
                "liquidation-auction",
                SALES.query(&querier, &contract, position).map(drop),
            ),
            (
                "terms of a sale",
                "liquidation-auction",
                SALE_TERMS.query(&querier, &contract, position).map(drop),
            ),
            (
                "terms",
                "liquidation-auction",
                TERMS.query(&querier, &contract).map(drop),
            ),
            (
                "cover rule",
                "insurance-fund",
                COVER_RULES.query(&querier, &contract, usdc.as_str()).map(drop),
            ),
        ];
        for (kind, owner, result) in read {
            match result {
                Ok(()) => assert_eq!(name, owner, "{kind} was read at the {name}"),
                Err(error) => assert_ne!(name, owner, "{kind} at the {name}: {error}"),
            }
        }
    }
}

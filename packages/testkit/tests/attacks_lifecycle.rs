//! Attacks on what the contracts are made of and on their lives: 18 (arithmetic that wraps), 23 (addresses pointed
//! elsewhere), 24 (migration).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use std::path::Path;

use cosmwasm_std::{to_json_binary, Addr, Binary, Decimal256, Empty, WasmMsg};
use glidepath_interfaces::Peers;
use glidepath_testkit::handles::repay_all;
use glidepath_testkit::scenes::UNIT;
use glidepath_testkit::Suite;
use serde_json::{json, Value as Json};
use support::calls::raw;
use support::scene::{rightful, Scene};
use support::{names, stored, Moment};

// ---------------------------------------------------------------- 18

/// The value of `key` in a section of a manifest.
fn setting<'a>(manifest: &'a str, section: &str, key: &str) -> Option<&'a str> {
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line == format!("[{section}]");
        } else if inside {
            if let Some((found, value)) = line.split_once('=') {
                if found.trim() == key {
                    return Some(value.trim());
                }
            }
        }
    }
    None
}

/// What goes on chain is built with overflow checks, whatever a profile of a crate says; and no contract, nor the maths, is
/// let off the lint that denies unchecked arithmetic.
#[test]
fn attack_18_a_release_checks_overflows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let manifest = read(&root.join("Cargo.toml"));
    assert_eq!(
        setting(&manifest, "profile.release", "overflow-checks"),
        Some("true")
    );
    let off = manifest.lines().filter(|line| {
        let line: String = line.split_whitespace().collect();
        line.starts_with("overflow-checks=") && line != "overflow-checks=true"
    });
    assert_eq!(off.count(), 0, "a profile turns the checks off");

    let members = [
        "vault",
        "position-manager",
        "oracle-adapter",
        "liquidation-auction",
        "insurance-fund",
    ]
    .map(|name| root.join("contracts").join(name))
    .into_iter()
    .chain([root.join("packages/risk"), root.join("packages/interfaces")]);
    for member in members {
        let own = read(&member.join("Cargo.toml"));
        assert_eq!(
            setting(&own, "lints", "workspace"),
            Some("true"),
            "lints of {}",
            member.display()
        );
        assert!(!own.contains("[profile"), "a profile of {}", member.display());
        let mut sources = vec![member.join("src")];
        while let Some(path) = sources.pop() {
            if path.is_dir() {
                sources.extend(
                    std::fs::read_dir(path)
                        .unwrap()
                        .map(|entry| entry.unwrap().path()),
                );
                continue;
            }
            let is_test =
                path.ends_with("tests.rs") || path.components().any(|part| part.as_os_str() == "tests");
            let text = read(&path);
            let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            assert!(
                is_test || !product.contains("arithmetic_side_effects"),
                "{} is let off",
                path.display()
            );
        }
    }
    for lint in [
        "arithmetic_side_effects",
        "cast_possible_truncation",
        "cast_sign_loss",
    ] {
        assert_eq!(
            setting(&manifest, "workspace.lints.clippy", lint),
            Some("\"deny\""),
            "{lint}"
        );
    }
}

/// Every place of a message that holds a number, with the largest one that its type can hold.
fn largest(value: &Json, path: &str, found: &mut Vec<(String, Json)>) {
    match value {
        Json::Object(fields) => {
            for (name, field) in fields {
                largest(field, &format!("{path}/{name}"), found);
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                largest(item, &format!("{path}/{index}"), found);
            }
        }
        Json::Number(_) => found.push((path.to_string(), json!(u64::MAX))),
        Json::String(text) if text.parse::<f64>().is_ok() => {
            found.push((path.to_string(), json!(u128::MAX.to_string())));
            // The largest of a decimal with 18 digits, in 128 and in 256 bits.
            found.push((
                path.to_string(),
                json!("340282366920938463463.374607431768211455"),
            ));
            found.push((path.to_string(), json!(Decimal256::MAX.to_string())));
        }
        _ => {}
    }
}

/// The largest number in any place of any message by who may send it: it is carried out or refused, and nothing wraps:
/// with the checks on, a sum without one of its own would end this test. Whatever is carried out leaves the books right.
#[test]
fn attack_14_and_18_the_largest_number_anywhere_wraps_nothing() {
    let mut scene = Scene::new();
    let start = Moment::of(&scene.suite);
    let (mut tried, mut done) = (0, 0);
    for (contract, address, row, sender) in rightful(&mut scene, &start) {
        let message: Json = serde_json::from_slice(&row.msg).unwrap();
        let mut places = vec![];
        largest(&message, "", &mut places);
        for (path, number) in places {
            start.restore(&mut scene.suite);
            let mut more = message.clone();
            *more.pointer_mut(&path).unwrap() = number.clone();
            let msg = Binary::from(serde_json::to_vec(&more).unwrap());
            let result = scene.suite.send(&sender, raw(&row.funds, &address, &msg));
            tried += 1;
            match result {
                Ok(_) => done += 1,
                Err(_) => assert!(
                    start.is_now(&scene.suite),
                    "{contract} {} left something with {number} at {path}",
                    row.name
                ),
            }
        }
    }
    assert!(tried > 100 && done > 10, "{done} of {tried} were carried out");
}

// ---------------------------------------------------------------- 23

fn peers_of(suite: &Suite) -> [Peers<Addr>; 5] {
    let ask = suite.ask();
    [
        ask.vault_config().unwrap().peers,
        ask.rules().unwrap().peers,
        ask.oracle_config().unwrap().peers,
        ask.auction_config().unwrap().peers,
        ask.fund_config().unwrap().peers,
    ]
}

/// No message by anybody who may send it changes who the peers are, none can name them, and what sounds like one that
/// could is no message.
#[test]
fn attack_23_no_message_points_an_address_elsewhere() {
    let mut scene = Scene::new();
    let start = Moment::of(&scene.suite);
    let told = peers_of(&scene.suite);
    for (contract, address, row, sender) in rightful(&mut scene, &start) {
        start.restore(&mut scene.suite);
        assert_eq!(scene.verdict(&sender, &address, &row), "yes");
        assert_eq!(peers_of(&scene.suite), told, "{contract} {}", row.name);
    }
    start.restore(&mut scene.suite);
    let owner = scene.suite.owner.clone();
    let mallory = scene.suite.user("mallory").to_string();
    let elsewhere = json!({ "vault": mallory, "position_manager": mallory, "oracle_adapter": mallory,
        "liquidation_auction": mallory, "insurance_fund": mallory });
    for (name, address) in names(&scene.suite) {
        for msg in [
            json!({ "set_peers": { "peers": elsewhere } }),
            json!({ "update_peers": elsewhere }),
            json!({ "set_config": { "peers": elsewhere } }),
            json!({ "update_config": { "owner": mallory, "peers": elsewhere } }),
            json!({ "migrate": {} }),
            json!({ "instantiate": { "owner": mallory, "peers": elsewhere } }),
        ] {
            let msg = to_json_binary(&msg).unwrap();
            assert!(scene.suite.send(&owner, raw(&[], &address, &msg)).is_err());
            assert!(start.is_now(&scene.suite), "{name} left something");
        }
        // What can be sent has no place for the address of a peer.
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema");
        let schema = std::fs::read_to_string(root.join(format!("{name}/glidepath-{name}.json"))).unwrap();
        let schema: Json = serde_json::from_str(&schema).unwrap();
        for part in ["execute", "migrate"] {
            let text = schema[part].to_string();
            for word in [
                "peers",
                "Peers",
                "\"position_manager\":",
                "\"liquidation_auction\":",
            ] {
                assert!(!text.contains(word), "{part} of {name} has {word}");
            }
        }
    }
}

// ---------------------------------------------------------------- 24

fn set_version(suite: &mut Suite, contract: &Addr, name: &str, version: &str) {
    let mut storage = suite.app.contract_storage_mut(contract);
    cw2::set_contract_version(&mut *storage, name, version).unwrap();
}

/// Migrates a contract to the code that it runs.
fn migrate(suite: &mut Suite, sender: &Addr, contract: &Addr, msg: &Json) -> Result<(), String> {
    let code = suite.app.contract_data(contract).unwrap().code_id;
    let msg = WasmMsg::Migrate {
        contract_addr: contract.to_string(),
        new_code_id: code,
        msg: to_json_binary(msg).unwrap(),
    };
    let done = suite.send(sender, msg.into());
    done.map(drop).map_err(|error| format!("{error:#}"))
}

/// With positions, sales, stakes and requests open: a migration over any number of versions changes the version that is
/// stored, and nothing else; addresses stay; a sale under way goes on to the same digit.
#[test]
fn attack_23_and_24_a_migration_keeps_every_record_and_every_address() {
    let mut scene = Scene::new();
    let (position, bob) = (scene.position, scene.suite.user("bob"));
    let suite = &mut scene.suite;
    let owner = suite.owner.clone();
    let told = peers_of(suite);
    let quoted = suite.ask().preview_bid(position, Some(10_000 * UNIT)).unwrap();
    for (name, address) in names(suite) {
        let name = format!("crates.io:glidepath-{name}");
        let now = cw2::query_contract_info(&suite.app.wrap(), address.as_str()).unwrap();
        assert_eq!(now.contract, name);
        let records = stored(suite, &address);
        for older in ["0.0.0", "0.0.1", "0.0.99", "0.1.0-rc.1"] {
            set_version(suite, &address, &name, older);
            migrate(suite, &owner, &address, &json!({})).unwrap();
            assert_eq!(stored(suite, &address), records, "{name} from {older}");
        }
        let refused = |suite: &mut Suite, sender: &Addr, contract: &str, version: &str, msg: &Json| {
            set_version(suite, &address, contract, version);
            let moment = Moment::of(suite);
            let error = migrate(suite, sender, &address, msg).unwrap_err();
            assert!(moment.is_now(suite), "{name} left something: {error}");
            error
        };
        let nothing = json!({});
        for newer in [now.version.as_str(), "0.1.1", "1.0.0", "99.0.0"] {
            let error = refused(suite, &owner, &name, newer, &nothing);
            assert!(
                error.contains("can't be migrated"),
                "{name} from {newer}: {error}"
            );
        }
        for (contract, version) in [
            ("crates.io:glidepath-other", "0.0.1"),
            ("glidepath", "0.0.1"),
            (&name, ""),
            (&name, "one"),
            (&name, "0.0"),
        ] {
            refused(suite, &owner, contract, version, &nothing);
        }
        // Nobody but the owner; nothing that sounds like more.
        let mallory = suite.user("mallory");
        refused(suite, &mallory, &name, "0.0.1", &nothing);
        refused(suite, &owner, &name, "0.0.1", &json!({ "peers": {} }));
        set_version(suite, &address, &name, &now.version);
        assert_eq!(stored(suite, &address), records, "{name}");
    }
    assert_eq!(peers_of(suite), told);
    assert_eq!(
        suite.ask().preview_bid(position, Some(10_000 * UNIT)).unwrap(),
        quoted
    );
    suite.auction().bid(&bob, position, 10_000 * UNIT).unwrap();
    let alice = suite.user("alice");
    suite.give(&alice, "usdc", 1_000_000 * UNIT);
    suite
        .positions()
        .update(
            &alice,
            Some(position),
            vec![repay_all("usdc")],
            &[("usdc", 1_000_000 * UNIT)],
        )
        .unwrap();
    assert!(suite.ask().sale(position).is_err());
}

/// A version is told by every contract, and it is the one that its code is of.
#[test]
fn attack_24_a_contract_of_another_kind_takes_nobodys_place() {
    let mut suite = Suite::default();
    let owner = suite.owner.clone();
    let all = names(&suite);
    let codes: Vec<u64> = all
        .iter()
        .map(|(_, address)| suite.app.contract_data(address).unwrap().code_id)
        .collect();
    for (name, address) in &all {
        let own = suite.app.contract_data(address).unwrap().code_id;
        set_version(
            &mut suite,
            address,
            &format!("crates.io:glidepath-{name}"),
            "0.0.1",
        );
        for code in codes.iter().filter(|code| **code != own) {
            let moment = Moment::of(&suite);
            let msg = WasmMsg::Migrate {
                contract_addr: address.to_string(),
                new_code_id: *code,
                msg: to_json_binary(&Empty {}).unwrap(),
            };
            let error = suite.send(&owner, msg.into()).unwrap_err();
            assert!(
                format!("{error:#}").contains("this is crates.io:glidepath-"),
                "{name} with code {code}: {error:#}"
            );
            assert!(moment.is_now(&suite), "{name} left something");
        }
    }
}

//! Attack 19: who may send what to the five contracts, on the whole suite. `golden/roles.txt` is the frozen matrix;
//! `UPDATE_GOLDEN=1 cargo test -p glidepath-testkit --test roles` writes it anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value as Json;
use support::messages::contracts;
use support::scene::Scene;
use support::{golden, Moment};

// ---------------------------------------------------------------- the matrix

#[test]
fn attack_19_who_may_send_what_to_the_suite() {
    let mut scene = Scene::new();
    let start = Moment::of(&scene.suite);
    let contracts = contracts(&scene);
    let mut text = String::from(
        "Who may send what: `yes`, or the refusal. heir: proposed as the next owner; holder: owns the position;\n\
         token: a listed cw20 token, which as a caller of `receive` says whatever it likes.\n",
    );
    for (contract, address, rows) in &contracts {
        for row in rows {
            let mut verdicts: BTreeMap<(bool, String), Vec<&str>> = BTreeMap::new();
            for (role, sender) in scene.roles.clone() {
                start.restore(&mut scene.suite);
                let verdict = scene.verdict(&sender, address, row);
                if verdict != "yes" {
                    assert!(
                        start.is_now(&scene.suite),
                        "{} by {role} left something",
                        row.name
                    );
                }
                verdicts
                    .entry((verdict != "yes", verdict))
                    .or_default()
                    .push(role);
            }
            writeln!(text, "\n{contract} {}", row.name).unwrap();
            for ((_, verdict), roles) in verdicts {
                writeln!(text, "    {verdict}: {}", roles.join(" ")).unwrap();
            }
        }
    }
    golden("roles.txt", &text);
}

// ---------------------------------------------------------------- unknown fields

/// Every object within `value`, by the way to it.
fn objects(value: &Json, path: &str, found: &mut Vec<String>) {
    match value {
        Json::Object(fields) => {
            found.push(path.to_string());
            for (name, field) in fields {
                objects(field, &format!("{path}/{name}"), found);
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                objects(item, &format!("{path}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// A misspelt optional field or parameter must never be dropped in silence, at any depth.
#[test]
fn attack_9_an_unknown_field_at_any_depth_of_any_message_is_an_error() {
    let scene = Scene::new();
    let mut tried = 0;
    for (contract, _, rows) in contracts(&scene) {
        for row in rows {
            let message: Json = serde_json::from_slice(&row.msg).unwrap();
            assert!((row.parses)(&row.msg), "{contract} {}", row.name);
            let mut paths = vec![];
            objects(&message, "", &mut paths);
            for path in paths {
                // The standard's own envelope of a token's hook may grow by the standard.
                if path == "/receive" {
                    continue;
                }
                let mut more = message.clone();
                let object = more.pointer_mut(&path).and_then(Json::as_object_mut).unwrap();
                object.insert("unheard_of".into(), Json::Null);
                let text = serde_json::to_vec(&more).unwrap();
                assert!(
                    !(row.parses)(&text),
                    "{contract} {} takes one at {path:?}",
                    row.name
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "only {tried} objects were tried");
}

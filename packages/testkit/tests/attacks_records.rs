//! Attack 69 on what contracts read of each other: a raw read of nothing, of an address without a contract, of a record of
//! another version.
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

use cosmwasm_std::{Addr, Order, Record};
use glidepath_testkit::handles::{borrow, withdraw};
use glidepath_testkit::scenes::{glide_path, UNIT};
use glidepath_testkit::Suite;
use support::calls::raw;
use support::records::{published, Published};
use support::scene::{rightful, Scene};
use support::{names, stored, Moment};

/// What may be wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wrong {
    Missing,
    Newer,
    Older,
    Short,
    Long,
}

const WRONGS: [Wrong; 5] = [
    Wrong::Missing,
    Wrong::Newer,
    Wrong::Older,
    Wrong::Short,
    Wrong::Long,
];

impl Wrong {
    fn happen(self, suite: &mut Suite, record: &Published) {
        let mut storage = suite.app.contract_storage_mut(&record.contract);
        let (version, fields) = record.value.split_first().unwrap();
        let of_version = |version: u8| [&[version], fields].concat();
        let cut = record.value.len() - 1;
        match self {
            Wrong::Missing => storage.remove(&record.key),
            Wrong::Newer => storage.set(&record.key, &of_version(version + 1)),
            Wrong::Older => storage.set(&record.key, &of_version(version - 1)),
            Wrong::Short => storage.set(&record.key, &record.value[..cut]),
            Wrong::Long => storage.set(&record.key, &[&record.value[..], b"\0"].concat()),
        }
    }
}

/// All that is stored but one record of a contract.
fn without(suite: &Suite, record: &Published) -> Vec<Vec<Record>> {
    let of = |(_, contract): &(&str, Addr)| -> Vec<Record> {
        let rows = stored(suite, contract).into_iter();
        rows.filter(|(key, _)| *contract != record.contract || *key != record.key)
            .collect()
    };
    names(suite).iter().map(of).collect()
}

/// For each published record: which messages it stops when it is missing, of another version or unreadable. Whatever it does
/// not stop does to the digit what it does with the record in place: nowhere does nothing stand for zero. What is stopped
/// leaves nothing behind.
///
/// The one exception is meant: a write-off without a cover rule is borne by the suppliers (`attack_42_…` of the vault).
#[test]
fn attack_69_a_record_that_is_missing_or_of_another_version_is_an_error_everywhere() {
    let mut scene = Scene::new();
    let start = Moment::of(&scene.suite);
    let messages = rightful(&mut scene, &start);
    let records = published(&scene.suite);
    let mut stopped: BTreeMap<(String, Wrong), BTreeSet<String>> = BTreeMap::new();
    for record in &records {
        let kind = format!("{} {}", record.owner, record.kind);
        let newer = format!("is of version {}", record.value[0] + 1);
        for (contract, address, row, sender) in &messages {
            start.restore(&mut scene.suite);
            let msg = || raw(&row.funds, address, &row.msg);
            scene.suite.send(sender, msg()).unwrap();
            let right = without(&scene.suite, record);
            let name = format!("{contract} {}", row.name);
            let is_own = record.owner.replace('-', "_") == *contract;
            for wrong in WRONGS {
                start.restore(&mut scene.suite);
                wrong.happen(&mut scene.suite, record);
                let before = Moment::of(&scene.suite);
                match scene.suite.send(sender, msg()) {
                    Ok(_) => {
                        let uncovered = name == "vault write_off" && kind == "insurance-fund cover_rule";
                        // A contract may find nothing of its own: a position's first ledger.
                        let is_first = is_own && wrong == Wrong::Missing;
                        assert!(
                            uncovered || is_first || without(&scene.suite, record) == right,
                            "{name} goes another way with a {wrong:?} {kind}"
                        );
                    }
                    Err(error) => {
                        assert!(before.is_now(&scene.suite), "{name} left something");
                        let text = format!("{error:#}");
                        assert!(
                            wrong != Wrong::Newer || text.contains(&newer),
                            "{name} with a newer {kind}: {text}"
                        );
                        stopped
                            .entry((kind.clone(), wrong))
                            .or_default()
                            .insert(name.clone());
                    }
                }
            }
        }
    }
    // Who reads what of whom; each of them stops.
    let readers: &[(&str, &[&str])] = &[
        (
            "vault asset",
            &[
                "position_manager set_asset",
                "insurance_fund stake",
                "vault supply",
            ],
        ),
        (
            "vault held",
            &["position_manager set_asset", "position_manager update open"],
        ),
        (
            "vault market",
            &[
                "position_manager update borrow",
                "position_manager update repay",
                "position_manager advance",
                "liquidation_auction bid",
                "insurance_fund stake",
                "insurance_fund book",
            ],
        ),
        (
            "vault market_terms",
            &["position_manager update borrow", "insurance_fund stake"],
        ),
        (
            "vault ledger",
            &[
                "position_manager update add what is held",
                "position_manager update repay",
                "position_manager update withdraw",
                "position_manager advance",
                "liquidation_auction bid",
                "vault settle",
                "vault write_off",
                "vault set_distress",
            ],
        ),
        (
            "oracle-adapter price",
            &[
                "position_manager update open",
                "position_manager update withdraw",
                "position_manager update borrow",
                "position_manager advance",
                "liquidation_auction bid",
            ],
        ),
        (
            "liquidation-auction sale",
            &[
                "position_manager update add what is held",
                "position_manager advance",
                "liquidation_auction bid",
            ],
        ),
        ("liquidation-auction sale_terms", &["position_manager advance"]),
        ("liquidation-auction terms", &["position_manager set_asset"]),
    ];
    for (kind, expected) in readers {
        for wrong in WRONGS {
            let found = stopped
                .get(&(kind.to_string(), wrong))
                .cloned()
                .unwrap_or_default();
            for name in *expected {
                assert!(
                    found.iter().any(|message| message.starts_with(name)),
                    "a {wrong:?} {kind} does not stop {name}, but {found:?}"
                );
            }
        }
    }
}

const PREVIEW: &str = "preview of an update";

fn is_refused(preview: &str) -> bool {
    preview.contains("refused: Some")
}

/// What a person or another contract asks, with the answers as text; none where it is an error.
fn answers(suite: &Suite, position: u64, sound: u64) -> BTreeMap<&'static str, Option<String>> {
    let (ask, bob) = (suite.ask(), suite.user("bob"));
    let actions = vec![withdraw("atom", UNIT), borrow("usdc", UNIT)];
    let multiplier = cosmwasm_std::Decimal::one();
    macro_rules! answers {
        ($($name:expr => $answer:expr,)+) => {
            BTreeMap::from([$(($name, $answer.ok().map(|answer| format!("{answer:?}")))),+])
        };
    }
    answers! {
        "position" => ask.position(position),
        "due" => ask.due(position),
        "liquidation prices" => ask.liquidation_prices(position),
        "time to liquidation" => ask.time_to_liquidation(position, None),
        "order" => ask.owner_order(position),
        "preview of an order" => ask.preview_order(position, glide_path()),
        PREVIEW => ask.preview_update(Some(sound), actions),
        "sellable" => ask.sellable(position, multiplier, None),
        "sale" => ask.sale(position),
        "sales" => ask.sales(None, None, None),
        "preview of a bid" => ask.preview_bid(position, Some(100 * UNIT)),
        "price at" => ask.price_at(position, suite.now()),
        "pool" => ask.pool("usdc"),
        "stake" => ask.stake(&bob, "usdc"),
        "market" => ask.market("usdc"),
        "ledger" => ask.ledger(position),
        "supply" => ask.supply(&bob, "usdc"),
        "price" => ask.price("atom"),
    }
}

/// Queries know no zero either: each answers what it answered before, or an error.
#[test]
fn attack_69_no_query_answers_zero_for_a_record_that_is_wrong() {
    let mut scene = Scene::new();
    let start = Moment::of(&scene.suite);
    let right = answers(&scene.suite, scene.position, scene.sound);
    for (name, answer) in &right {
        assert!(answer.is_some(), "{name} has no answer");
    }
    assert!(!is_refused(right[PREVIEW].as_ref().unwrap()));
    let mut errors = 0;
    for record in published(&scene.suite) {
        for wrong in WRONGS {
            start.restore(&mut scene.suite);
            wrong.happen(&mut scene.suite, &record);
            for (name, answer) in answers(&scene.suite, scene.position, scene.sound) {
                // A page has no row of a sale that is not there, a market may be without a rule, and nobody need have staked.
                let may_miss = [
                    ("sales", "sale"),
                    ("pool", "cover_rule"),
                    ("pool", "pool"),
                    ("stake", "pool"),
                ];
                let is_own = may_miss.contains(&(name, &*record.kind));
                if is_own && wrong == Wrong::Missing {
                    continue;
                }
                // Where a lot stands is unknown without a price, and told as unknown: one such row must not fail a page.
                if ["sale", "sales"].contains(&name) && record.kind == "price" {
                    let unknown = |text: &String| text.contains("multiplier: None, last: None");
                    assert!(answer == right[name] || answer.is_none_or(|text| unknown(&text)));
                    continue;
                }
                // A preview says why it would be refused.
                let refused = name == PREVIEW && answer.as_deref().is_some_and(is_refused);
                errors += u32::from(answer.is_none() || refused);
                assert!(
                    answer.is_none() || refused || answer == right[name],
                    "{name} with a {wrong:?} {} {}: {answer:?}",
                    record.owner,
                    record.kind
                );
            }
        }
    }
    assert!(errors > 100, "{errors} errors");
}

/// An exit from the fund needs the vault's count of insolvent debts, at the end of its cooldown.
#[test]
fn attack_69_no_exit_without_a_count_of_insolvent_debts() {
    let mut scene = Scene::new();
    let (bob, params) = (
        scene.suite.user("bob"),
        scene.suite.ask().fund_config().unwrap().params,
    );
    scene.suite.advance_time(params.cooldown);
    let start = Moment::of(&scene.suite);
    let records = published(&scene.suite);
    let needed = |record: &&Published| {
        record.owner == "vault"
            && ["cover", "market"].contains(&&*record.kind)
            && record.key.ends_with(b"usdc")
    };
    let needed: Vec<_> = records.iter().filter(needed).collect();
    assert_eq!(needed.len(), 2);
    for record in needed {
        for wrong in WRONGS {
            start.restore(&mut scene.suite);
            wrong.happen(&mut scene.suite, record);
            let before = Moment::of(&scene.suite);
            scene.suite.fund().exit(&bob, "usdc").unwrap_err();
            assert!(before.is_now(&scene.suite), "{wrong:?} {}", record.kind);
        }
    }
    start.restore(&mut scene.suite);
    scene.suite.fund().exit(&bob, "usdc").unwrap();
}

/// A raw read of an address without a contract answers "empty". With a peer's address pointed to one (by tampering: no
/// message can), every message that asks that peer fails; none goes on as if nothing were owed or held.
#[test]
fn attack_69_an_address_without_a_contract_is_an_error() {
    let mut scene = Scene::new();
    let start = Moment::of(&scene.suite);
    let messages = rightful(&mut scene, &start);
    let nobody = scene.suite.user("an address without a contract");
    let peers = scene.suite.peers.clone();
    let reads = [
        ("position_manager", &peers.position_manager, &peers.vault),
        ("position_manager", &peers.position_manager, &peers.oracle_adapter),
        (
            "position_manager",
            &peers.position_manager,
            &peers.liquidation_auction,
        ),
        (
            "liquidation_auction",
            &peers.liquidation_auction,
            &peers.position_manager,
        ),
        ("liquidation_auction", &peers.liquidation_auction, &peers.vault),
        (
            "liquidation_auction",
            &peers.liquidation_auction,
            &peers.oracle_adapter,
        ),
        ("insurance_fund", &peers.insurance_fund, &peers.vault),
    ];
    for (reader, address, peer) in reads {
        let mut stopped = 0;
        for (contract, to, row, sender) in &messages {
            start.restore(&mut scene.suite);
            let msg = || raw(&row.funds, to, &row.msg);
            scene.suite.send(sender, msg()).unwrap();
            let others = |suite: &Suite| -> Vec<_> {
                let all = names(suite)
                    .into_iter()
                    .filter(|(_, contract)| contract != address);
                all.map(|(_, contract)| stored(suite, &contract)).collect()
            };
            let right = others(&scene.suite);
            start.restore(&mut scene.suite);
            point(&mut scene.suite, address, peer, &nobody);
            let before = Moment::of(&scene.suite);
            match scene.suite.send(sender, msg()) {
                Ok(_) => assert_eq!(
                    others(&scene.suite),
                    right,
                    "{contract} {} goes another way without {peer}",
                    row.name
                ),
                Err(_) => {
                    stopped += 1;
                    assert!(
                        before.is_now(&scene.suite),
                        "{contract} {} left something",
                        row.name
                    );
                }
            }
        }
        assert!(stopped > 0, "{reader} never needs {peer}");
        start.restore(&mut scene.suite);
        let right = answers(&scene.suite, scene.position, scene.sound);
        point(&mut scene.suite, address, peer, &nobody);
        for (name, answer) in answers(&scene.suite, scene.position, scene.sound) {
            let unknown = ["sale", "sales"].contains(&name)
                && answer
                    .as_ref()
                    .is_some_and(|text| text.contains("multiplier: None, last: None"));
            assert!(
                answer.is_none() || unknown || answer == right[name],
                "{name} without {peer}: {answer:?}"
            );
        }
    }
}

/// Changes an address that a contract was told at its creation.
fn point(suite: &mut Suite, contract: &Addr, from: &Addr, to: &Addr) {
    let mut storage = suite.app.contract_storage_mut(contract);
    let rows: Vec<Record> = storage.range(None, None, Order::Ascending).collect();
    for (key, value) in rows {
        let is_config = key == b"config" || key == b"peers";
        if is_config {
            let told = |address: &Addr| {
                let mut bytes = vec![];
                glidepath_interfaces::record::format::write(address, &mut bytes).unwrap();
                bytes
            };
            let (old, new) = (told(from), told(to));
            let at = value.windows(old.len()).position(|bytes| bytes == old);
            let at = at.expect("an address that it was told");
            storage.set(&key, &[&value[..at], &new, &value[at + old.len()..]].concat());
        }
    }
}

//! Attacks on who may do what: 21 (internal messages from outside), 22 (somebody else's contracts posing as ours).
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

use cosmwasm_std::{to_json_binary, Addr, Binary, Coin, Decimal256};
use cw20::Cw20ReceiveMsg;
use glidepath_interfaces::auction::{ExecuteMsg as Auction, SALES, SALE_TERMS};
use glidepath_interfaces::fund::ExecuteMsg as Fund;
use glidepath_interfaces::oracle::{ExecuteMsg as Oracle, Feed, Report};
use glidepath_interfaces::position_manager::ExecuteMsg as Manager;
use glidepath_interfaces::vault::ExecuteMsg as Vault;
use glidepath_interfaces::Peers;
use glidepath_risk::Price;
use glidepath_testkit::handles::{borrow, deposit};
use glidepath_testkit::scenes::{on_sale, UNIT};
use glidepath_testkit::{defaults, id, AssetSpec, Suite};
use serde_json::json;
use support::calls::raw;
use support::messages::{contracts, Row};
use support::scene::Scene;
use support::{all_stored, refusal, stored, Moment};

/// Which role may send the messages that only a contract of the suite may send.
const INTERNAL: &[(&str, &str, &str)] = &[
    ("vault", "apply", "manager"),
    ("vault", "set_distress", "manager"),
    ("vault", "take_over", "manager"),
    ("vault", "write_off", "manager"),
    ("vault", "settle", "auction"),
    ("vault", "ticket_paid", "vault"),
    ("liquidation_auction", "open", "manager"),
    ("liquidation_auction", "start_lot", "manager"),
    ("liquidation_auction", "sleep", "manager"),
    ("liquidation_auction", "end", "manager"),
    ("liquidation_auction", "resume", "auction"),
    ("insurance_fund", "bought", "vault"),
];

/// The peer that alone may send a message, if it is an internal one.
fn peer(contract: &str, row: &Row) -> Option<&'static str> {
    let kind = row.name.split(' ').next().unwrap();
    let mut found = INTERNAL
        .iter()
        .filter(|(at, name, _)| *at == contract && *name == kind);
    found.next().map(|(_, _, peer)| *peer)
}

/// Was it refused because it is not the sender's to send, but a peer's?
fn is_a_peers(verdict: &str) -> bool {
    [" Unauthorized", " NotPositionManager", " NotSelf", " NotVault"]
        .iter()
        .any(|kind| verdict.ends_with(kind))
}

// ---------------------------------------------------------------- 21

/// What only a contract of the suite may send is refused as such from everybody else: user, owner, holder, reporter, a
/// token, and every other contract of the suite; by itself and as what a token's hook says was sent by that very peer.
#[test]
fn attack_21_internal_messages_come_from_their_peer_alone() {
    let mut scene = Scene::new();
    let start = Moment::of(&scene.suite);
    let roles = scene.roles.clone();
    let by_role: BTreeMap<&str, Addr> = roles.iter().cloned().collect();
    let mut seen = vec![];
    for (contract, address, rows) in contracts(&scene) {
        for row in rows {
            let peer = peer(contract, &row);
            for (role, sender) in &roles {
                start.restore(&mut scene.suite);
                let verdict = scene.verdict(sender, &address, &row);
                let is_of_others = is_a_peers(&verdict);
                match peer {
                    Some(peer) if peer == *role => assert_eq!(verdict, "yes", "{contract} {}", row.name),
                    Some(_) => {
                        assert!(is_of_others, "{contract} {} by {role}: {verdict}", row.name);
                        assert!(
                            start.is_now(&scene.suite),
                            "{} by {role} left something",
                            row.name
                        );
                    }
                    // No message that is missing from the list is kept for a peer.
                    None => assert!(!is_of_others, "{contract} {} by {role}: {verdict}", row.name),
                }
            }
            let Some(peer) = peer else { continue };
            seen.push((contract, row.name.clone()));
            // A listed token that says its sender is the peer.
            start.restore(&mut scene.suite);
            let hook = Cw20ReceiveMsg {
                sender: by_role[peer].to_string(),
                amount: 10u128.into(),
                msg: row.msg.clone(),
            };
            let msg = to_json_binary(&json!({ "receive": hook })).unwrap();
            let lie = scene
                .suite
                .send(&by_role["token"], raw(&[], &address, &msg))
                .unwrap_err();
            let refusal = refusal::of(&lie);
            assert!(refusal.is_typed(), "{contract} {} by hook: {lie:#}", row.name);
            assert!(start.is_now(&scene.suite), "{} by hook left something", row.name);
        }
    }
    for (contract, name, _) in INTERNAL {
        assert!(
            seen.iter()
                .any(|(at, row)| at == contract && row.split(' ').next() == Some(*name)),
            "{contract} {name} was not tried"
        );
    }
}

// ---------------------------------------------------------------- 22

/// Points one peer of a contract that is the attacker's own to another address.
fn repoint(suite: &mut Suite, contract: &Addr, from: &Addr, to: &Addr) {
    let mut changed = 0;
    for (key, value) in stored(suite, contract) {
        let text = String::from_utf8_lossy(&value).into_owned();
        if text.contains(from.as_str()) {
            let text = text.replace(from.as_str(), to.as_str());
            suite
                .app
                .contract_storage_mut(contract)
                .set(&key, text.as_bytes());
            changed += 1;
        }
    }
    assert!(changed > 0, "{contract} knows no {from}");
}

/// Contracts of the same code that are somebody else's are nobody to ours, whatever message they send.
#[test]
fn attack_22_contracts_of_the_same_code_are_nobody() {
    let mut scene = Scene::new();
    let mallory = scene.suite.user("mallory");
    let theirs = scene.suite.impostor(&mallory);
    let start = Moment::of(&scene.suite);
    let Peers {
        vault,
        position_manager,
        oracle_adapter,
        liquidation_auction,
        insurance_fund,
    } = theirs;
    for impostor in [
        vault,
        position_manager,
        oracle_adapter,
        liquidation_auction,
        insurance_fund,
    ] {
        for (contract, address, rows) in contracts(&scene) {
            for row in rows.iter().filter(|row| peer(contract, row).is_some()) {
                start.restore(&mut scene.suite);
                for coin in &row.funds {
                    scene.suite.give(&impostor, "usdc", coin.amount.u128());
                }
                let verdict = scene.verdict(&impostor, &address, row);
                assert!(is_a_peers(&verdict), "{contract} {}: {verdict}", row.name);
            }
        }
    }
}

/// Each of the five in turn is the attacker's own, which knows ours as its peers: our state never moves, and he loses no
/// less than he put in.
#[test]
fn attack_22_an_impostor_in_the_place_of_each_contract() {
    let mut suite = Suite::builder()
        .asset(AssetSpec::atom().calm().depth(200_000))
        .asset(AssetSpec::usdc().calm().no_interest())
        .stake("usdc", 1_000 * UNIT)
        .build();
    let position = on_sale(&mut suite);
    let mallory = suite.user("mallory");
    let theirs = suite.impostor(&mallory);
    let ours = suite.peers.clone();
    suite.give(&mallory, "atom", 10_000 * UNIT);
    suite.give(&mallory, "usdc", 100_000 * UNIT);
    let before = all_stored(&suite);
    let refused = |suite: &mut Suite, contract: &Addr, msg: Binary, coins: &[Coin]| {
        let moment = Moment::of(suite);
        let error = suite.send(&mallory, raw(coins, contract, &msg)).unwrap_err();
        assert!(moment.is_now(suite), "{contract} left something");
        refusal::of(&error).name
    };
    let atoms = |amount: u128| vec![Coin::new(amount, "uatom")];

    // A position manager without weights worth the name: it asks our vault to lend against nothing.
    let manager = theirs.position_manager.clone();
    for (from, to) in [
        (&theirs.vault, &ours.vault),
        (&theirs.oracle_adapter, &ours.oracle_adapter),
        (&theirs.liquidation_auction, &ours.liquidation_auction),
    ] {
        repoint(&mut suite, &manager, from, to);
    }
    for spec in [AssetSpec::atom().depth(1_000_000_000), AssetSpec::usdc()] {
        let set = Manager::SetAsset {
            asset: spec.asset.clone(),
            params: spec.params,
            ramp: 0,
        };
        suite.execute(&mallory, &manager, &set, &[]).unwrap();
    }
    let open = |actions| {
        to_json_binary(&Manager::Update {
            position: None,
            actions,
            recipient: None,
        })
        .unwrap()
    };
    let borrow_all = open(vec![deposit("atom", 1_000 * UNIT), borrow("usdc", 5_000 * UNIT)]);
    assert_eq!(
        refused(&mut suite, &manager, borrow_all, &atoms(1_000 * UNIT)),
        "vault Unauthorized"
    );
    let add = open(vec![deposit("atom", UNIT)]);
    assert_eq!(
        refused(&mut suite, &manager, add, &atoms(UNIT)),
        "vault Unauthorized"
    );

    // An auction that has a copy of our sale, as if it had opened it, and asks our position manager how much.
    let auction = theirs.liquidation_auction.clone();
    for (from, to) in [
        (&theirs.vault, &ours.vault),
        (&theirs.position_manager, &ours.position_manager),
        (&theirs.oracle_adapter, &ours.oracle_adapter),
    ] {
        repoint(&mut suite, &auction, from, to);
    }
    let storage = suite.app.contract_storage(&ours.liquidation_auction);
    let (sale, terms) = (
        SALES.load(&*storage, position).unwrap(),
        SALE_TERMS.load(&*storage, position).unwrap(),
    );
    drop(storage);
    let mut storage = suite.app.contract_storage_mut(&auction);
    SALES.save(&mut *storage, position, &sale).unwrap();
    SALE_TERMS.save(&mut *storage, position, &terms).unwrap();
    drop(storage);
    let bid = to_json_binary(&Auction::Bid {
        position,
        max_price: Decimal256::MAX,
        recipient: None,
        min_received: None,
        pay: None,
    })
    .unwrap();
    let dollars = vec![Coin::new(10_000 * UNIT, "uusdc")];
    assert_eq!(refused(&mut suite, &auction, bid, &dollars), "vault Unauthorized");

    // An oracle with another price: nobody reads it.
    let oracle = theirs.oracle_adapter.clone();
    let feed: Feed = defaults::feed(1);
    let asset = id("atom");
    suite
        .execute(&mallory, &oracle, &Oracle::SetFeed { asset, feed }, &[])
        .unwrap();
    let report = Report {
        asset: id("atom"),
        price: Price("1000".parse().unwrap()),
        at: suite.now(),
    };
    let reports = vec![report];
    suite
        .execute(&mallory, &oracle, &Oracle::Post { reports }, &[])
        .unwrap();
    assert_eq!(
        suite.ask().price("atom").unwrap().price,
        Price("9.20".parse().unwrap())
    );

    // A vault of his own: what is supplied there is not here.
    let vault = theirs.vault.clone();
    for (from, to) in [
        (&theirs.position_manager, &ours.position_manager),
        (&theirs.insurance_fund, &ours.insurance_fund),
    ] {
        repoint(&mut suite, &vault, from, to);
    }
    let list = Vault::ListAsset {
        asset: id("usdc"),
        info: suite.listed("usdc").info.clone().into(),
        decimals: 6,
    };
    let terms = Vault::SetMarket {
        asset: id("usdc"),
        terms: defaults::market_terms(),
    };
    for msg in [list, terms] {
        suite.execute(&mallory, &vault, &msg, &[]).unwrap();
    }
    let supply = Vault::Supply {
        asset: id("usdc"),
        recipient: Some(ours.insurance_fund.to_string()),
    };
    suite
        .execute(&mallory, &vault, &supply, &[Coin::new(1_000 * UNIT, "uusdc")])
        .unwrap();
    assert_eq!(all_stored(&suite), before, "our contracts have moved");

    // A fund that supplies to our vault is a lender like any other: no fund's share counter, and no account.
    let fund = theirs.insurance_fund.clone();
    repoint(&mut suite, &fund, &theirs.vault, &ours.vault);
    let shares = suite.ask().market("usdc").unwrap().market.fund_shares;
    let stake = Fund::Stake { asset: id("usdc") };
    suite
        .execute(&mallory, &fund, &stake, &[Coin::new(1_000 * UNIT, "uusdc")])
        .unwrap();
    assert_eq!(suite.ask().market("usdc").unwrap().market.fund_shares, shares);
    assert!(!suite.ask().supply(&fund, "usdc").unwrap().shares.is_zero());
    let take = to_json_binary(&Fund::WithdrawAccount {
        asset: id("usdc"),
        amount: None,
        recipient: mallory.to_string(),
    })
    .unwrap();
    assert_eq!(refused(&mut suite, &fund, take, &[]), "vault Payment ZeroAmount");
    // He gets out what he put in, and nothing else.
    let leave = Vault::Withdraw {
        asset: id("usdc"),
        amount: None,
        recipient: Some(mallory.to_string()),
    };
    let had = suite.balance(&mallory, "usdc");
    suite.execute(&fund, &ours.vault, &leave, &[]).unwrap();
    let back = suite.balance(&mallory, "usdc") - had;
    assert!(back <= 1_000 * UNIT, "{back} of {}", 1_000 * UNIT);
}

//! Attacks by strangers and by those who act for others: 36 (dust that delays), 44 (settings changed for others), 62 (a stranger
//! fills the slots or the cap).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use cosmwasm_std::Coin;
use glidepath_interfaces::auction::Lot;
use glidepath_interfaces::fund::ExecuteMsg as Fund;
use glidepath_interfaces::oracle::ExecuteMsg as Oracle;
use glidepath_interfaces::position_manager::ExecuteMsg as Manager;
use glidepath_interfaces::vault::ExecuteMsg as Vault;
use glidepath_position_manager::ContractError;
use glidepath_testkit::handles::{borrow, deposit, repay, withdraw, withdraw_all};
use glidepath_testkit::scenes::{called, calm, closing_out, leveraged, on_sale, opened, UNIT};
use glidepath_testkit::{defaults, id, refused, AssetSpec, Suite};
use support::calls::{plain, with_coins};
use support::stored;

/// A name and how a position gets there.
type Scene = (&'static str, fn(&mut Suite) -> u64);

/// A called position beside others who have filled the cap of its collateral, $4,000,000.
fn full() -> (Suite, u64) {
    let mut suite = calm().asset(AssetSpec::eth().calm()).build();
    let position = called(&mut suite);
    let mallory = suite.user("mallory");
    // At a smoothed price near $10 there is room for some 400,000 in all.
    let mut room = 300_000 * UNIT;
    while room > UNIT {
        let opened = suite.positions().open(&mallory, &[("atom", room)], &[]);
        if opened.is_err() {
            room /= 2;
        }
    }
    (suite, position)
}

/// What cures a distress may exceed a full cap; but not by more than the target needs, and with a loan or a withdrawal in
/// the same message it would need whatever one likes.
#[test]
fn attack_62_a_cure_is_no_way_around_the_cap() {
    let (mut suite, position) = full();
    let alice = suite.user("alice");
    let over = |result| match refused::<ContractError>(result) {
        ContractError::OverhangCap { total, cap, .. } => assert!(total > cap),
        other => panic!("{other}"),
    };
    let mut attempt = |actions, atoms: u128| {
        suite.give(&alice, "atom", atoms);
        let payment = [("atom", atoms)];
        suite
            .positions()
            .update(&alice, Some(position), actions, &payment)
    };
    // Ten times the position, lent against to the last.
    over(attempt(
        vec![
            deposit("atom", 1_000_000 * UNIT),
            borrow("usdc", 6_500_000 * UNIT),
        ],
        1_000_000 * UNIT,
    ));
    // More than the target needs.
    over(attempt(vec![deposit("atom", 50_000 * UNIT)], 50_000 * UNIT));
    // What it needs.
    attempt(vec![deposit("atom", 8_000 * UNIT)], 8_000 * UNIT).unwrap();
}

/// The same with another collateral that leaves in its place.
#[test]
fn attack_62_a_cure_is_no_way_to_change_sides_over_the_cap() {
    let (mut suite, _) = full();
    let carol = suite.user("carol");
    let eth = suite.units("eth", "400");
    // $1,000,000 of eth and a dollar of atom against $740,000; then eth falls.
    let whale = suite
        .positions()
        .open(&carol, &[("eth", eth)], &[("usdc", 740_000 * UNIT)])
        .unwrap();
    suite.set_price("atom", "9.00");
    suite
        .positions()
        .deposit(&carol, whale, "atom", UNIT / 100)
        .unwrap();
    suite.set_price("eth", "2300");
    suite.positions().advance(whale).unwrap();
    suite.give(&carol, "atom", 110_000 * UNIT);
    let swap = vec![deposit("atom", 110_000 * UNIT), withdraw("eth", eth - 1)];
    let payment = [("atom", 110_000 * UNIT)];
    let result = suite.positions().update(&carol, Some(whale), swap, &payment);
    match refused::<ContractError>(result) {
        ContractError::OverhangCap { total, cap, .. } => assert!(total > cap),
        other => panic!("{other}"),
    }
}

/// A stranger can put a victim only into more of what he has: no slot of his is taken, at any number of them, and with all
/// of them taken the owner goes on with what he holds.
#[test]
fn attack_62_a_stranger_fills_no_slot() {
    const ASSETS: [&str; 8] = ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"];
    let mut builder = calm().rules(|rules| rules.max_collaterals = 4);
    for asset in ASSETS {
        let denom = format!("u{asset}");
        builder = builder.asset(
            AssetSpec::native(asset, &denom, 6, "10")
                .as_collateral(defaults::MAJOR)
                .calm(),
        );
    }
    let mut suite = builder.build();
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    let held = |count: usize| ASSETS[..count].iter().map(|asset| (*asset, 100 * UNIT));
    let position = suite
        .positions()
        .open(&alice, &held(1).collect::<Vec<_>>(), &[("usdc", 300 * UNIT)])
        .unwrap();
    for count in 1..=4 {
        for asset in &ASSETS[count..] {
            let result = suite.positions().deposit(&bob, position, asset, 1);
            match refused::<ContractError>(result) {
                ContractError::StrangersAsset { .. } => {}
                other => panic!("{other}"),
            }
        }
        for asset in &ASSETS[..count] {
            suite.positions().deposit(&bob, position, asset, 1).unwrap();
        }
        if count < 4 {
            suite
                .positions()
                .deposit(&alice, position, ASSETS[count], 100 * UNIT)
                .unwrap();
        }
    }
    match refused::<ContractError>(suite.positions().deposit(&alice, position, "a5", UNIT)) {
        ContractError::TooManyCollaterals { count: 5, max: 4 } => {}
        other => panic!("{other}"),
    }
    // Full, and in distress: he adds, repays and leaves.
    suite.set_prices(&[("a1", "1"), ("a2", "0.9"), ("a3", "0.9"), ("a4", "0.9")]);
    suite.refresh();
    suite.positions().advance(position).unwrap();
    suite.positions().deposit(&alice, position, "a4", UNIT).unwrap();
    suite
        .positions()
        .repay(&alice, position, "usdc", 300 * UNIT)
        .unwrap();
    let all = ASSETS[..4].iter().map(|asset| withdraw_all(asset)).collect();
    suite
        .positions()
        .update(&alice, Some(position), all, &[])
        .unwrap();
}

/// Where a stranger's dust can't tip the scales there is room in the cap for an owner who cures, whoever filled it.
#[test]
fn attack_62_a_full_cap_stops_no_cure_and_no_repayment() {
    let (mut suite, position) = full();
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    suite.positions().repay(&bob, position, "usdc", UNIT).unwrap();
    suite
        .positions()
        .deposit(&alice, position, "atom", 8_000 * UNIT)
        .unwrap();
    assert!(suite.ask().distressed(None, 10).unwrap().is_empty());
    // Out of distress there is no more room for him than for others.
    match refused::<ContractError>(suite.positions().deposit(&alice, position, "atom", 8_000 * UNIT)) {
        ContractError::OverhangCap { .. } => {}
        other => panic!("{other}"),
    }
}

// ---------------------------------------------------------------- 44

/// What is stored of a position's owner, call and sale, of a stake and its request, and of who owns what; not the amounts
/// that a gift changes.
fn settings(suite: &Suite, position: u64) -> Vec<(Vec<u8>, Vec<u8>)> {
    let peers = &suite.peers;
    let mut found = vec![];
    for contract in [
        &peers.position_manager,
        &peers.liquidation_auction,
        &peers.insurance_fund,
        &peers.oracle_adapter,
    ] {
        let pool = |key: &[u8]| *contract == peers.insurance_fund && key.starts_with(b"\x00\x04pool");
        found.extend(
            stored(suite, contract)
                .into_iter()
                .filter(|(key, _)| !pool(key) && !key.starts_with(b"\x00\x05price")),
        );
    }
    let ledger = suite.ask().ledger(position).unwrap().ledger;
    let distress = format!("{:?} {:?}", ledger.surcharge_rate, ledger.sale);
    found.push((b"distress".to_vec(), distress.into_bytes()));
    found
}

/// Whatever a stranger sends that names a victim, as recipient or by the number of his position, at every stage of it: it adds
/// to what he has or is refused. It changes no owner, call, grace, sale, lot, permission, rate, stake or request.
#[test]
fn attack_44_what_strangers_send_changes_no_setting() {
    let scenes: [Scene; 5] = [
        ("healthy", leveraged),
        ("called", called),
        ("opened", opened),
        ("on sale", on_sale),
        ("closing out", closing_out),
    ];
    for (name, scene) in scenes {
        let mut suite = calm().build();
        let position = scene(&mut suite);
        let (alice, bob) = (suite.user("alice"), suite.user("bob"));
        suite.give(&alice, "usdc", 1_000 * UNIT);
        suite.fund().stake(&alice, "usdc", 100 * UNIT).unwrap();
        suite.fund().request_exit(&alice, "usdc", None).unwrap();
        for asset in ["usdc", "atom"] {
            suite.give(&bob, asset, 1_000_000 * UNIT);
        }
        suite.vault().supply(&bob, "usdc", 100 * UNIT).unwrap();
        let before = settings(&suite, position);
        let worth = |suite: &Suite| {
            let ask = suite.ask();
            [
                ask.held(position, "atom").unwrap(),
                u128::MAX - ask.owed(position, "usdc").unwrap(),
                ask.supply(&alice, "usdc").unwrap().shares.u128(),
                ask.account(&alice, "usdc").unwrap(),
                suite.balance(&alice, "usdc"),
                suite.balance(&alice, "atom"),
            ]
        };
        let peers = suite.peers.clone();
        let to = || Some(alice.to_string());
        let asset = || id("usdc");
        let manager = |actions, recipient| Manager::Update {
            position: Some(position),
            actions,
            recipient,
        };
        let coins = |denom: &str| vec![Coin::new(10u128, denom)];
        let supply = Vault::Supply {
            asset: asset(),
            recipient: to(),
        };
        let account = Vault::Deposit {
            asset: asset(),
            recipient: to(),
        };
        let hand_over = Vault::TransferSupply {
            asset: asset(),
            shares: 10u128.into(),
            recipient: alice.to_string(),
        };
        let take = Vault::WithdrawAccount {
            asset: asset(),
            amount: None,
            recipient: to(),
        };
        let leave = Vault::Withdraw {
            asset: asset(),
            amount: Some(5u128.into()),
            recipient: to(),
        };
        let (dust, tiny) = (deposit("atom", 10), repay("usdc", 10));
        let (vault, manager_at) = (&peers.vault, &peers.position_manager);
        let sent = [
            (with_coins(vault, &supply, coins("uusdc")), true),
            (with_coins(vault, &account, coins("uusdc")), true),
            (plain(vault, &hand_over), true),
            (plain(vault, &take), false),
            (plain(vault, &leave), true),
            (
                with_coins(manager_at, &manager(vec![dust.clone()], None), coins("uatom")),
                true,
            ),
            (
                with_coins(manager_at, &manager(vec![dust], to()), coins("uatom")),
                true,
            ),
            (
                with_coins(manager_at, &manager(vec![tiny.clone()], None), coins("uusdc")),
                true,
            ),
            (
                with_coins(manager_at, &manager(vec![tiny], to()), coins("uusdc")),
                true,
            ),
            (
                plain(manager_at, &manager(vec![withdraw("atom", 1)], None)),
                false,
            ),
            (
                plain(manager_at, &manager(vec![withdraw("atom", 1)], to())),
                false,
            ),
            (plain(manager_at, &manager(vec![borrow("usdc", 1)], to())), false),
            (plain(manager_at, &manager(vec![], to())), false),
            (plain(manager_at, &Manager::Advance { position }), false),
            (
                plain(&peers.insurance_fund, &Fund::CancelExit { asset: asset() }),
                false,
            ),
            (
                plain(
                    &peers.insurance_fund,
                    &Fund::RequestExit {
                        asset: asset(),
                        units: None,
                    },
                ),
                false,
            ),
            (
                plain(&peers.insurance_fund, &Fund::Exit { asset: asset() }),
                false,
            ),
            (plain(&peers.insurance_fund, &Fund::Book { asset: asset() }), true),
            (
                plain(
                    &peers.oracle_adapter,
                    &Oracle::UpdatePrices {
                        assets: vec![id("atom"), id("usdc")],
                    },
                ),
                true,
            ),
        ];
        for (nth, (msg, works)) in sent.into_iter().enumerate() {
            let had = worth(&suite);
            let done = suite.send(&bob, msg);
            assert_eq!(done.is_ok(), works, "{name}, message {nth}: {done:?}");
            assert!(
                settings(&suite, position) == before,
                "{name}: message {nth} changed a setting"
            );
            let has = worth(&suite);
            assert!(
                has.iter().zip(had).all(|(has, had)| *has >= had),
                "{name}, message {nth}"
            );
        }
    }
}

// ---------------------------------------------------------------- 36

/// The story of a fall: what happened to the position, and when; with a keeper in every block, a bidder a minute into each
/// lot, and dust by a stranger in every block, or without.
fn story(price: &str, dust: bool) -> Vec<(u64, String)> {
    let mut suite = calm().build();
    let position = leveraged(&mut suite);
    let (bob, carl) = (suite.user("bob"), suite.user("carl"));
    suite.set_price("atom", price);
    let mut told = vec![];
    for _ in 0..400 {
        if dust {
            let _ = suite.positions().deposit(&bob, position, "atom", 1);
            let _ = suite.positions().repay(&bob, position, "usdc", 1);
        }
        let mut done = suite.positions().advance(position).unwrap_or_default();
        if let Ok(sale) = suite.ask().sale(position) {
            let due = |lot: Lot| lot.start_at + 60 <= suite.now();
            if sale.multiplier.is_some() && sale.sale.lot.is_some_and(due) {
                if let Ok(fill) = suite.auction().bid(&carl, position, 60_000 * UNIT) {
                    done = done.and(fill);
                }
            }
        }
        let now = suite.now();
        told.extend(done.of_suite().map(|(kind, _)| (now, kind.to_string())));
        suite.elapse(defaults::BLOCK);
    }
    told
}

/// A unit of collateral and a unit of debt in every block: nothing that happens to the position happens later or in another
/// way.
#[test]
fn attack_36_and_44_dust_in_every_block_delays_nothing() {
    for price in ["9.20", "8.90", "8.40", "7.80"] {
        let (quiet, disturbed) = (story(price, false), story(price, true));
        assert!(quiet.len() > 10, "{quiet:?}");
        assert_eq!(disturbed, quiet, "at {price}");
    }
}

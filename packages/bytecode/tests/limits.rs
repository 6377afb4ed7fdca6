//! Where a chain differs from the embedded one: gas ends, and so do stacks, memory and blocks.

use std::collections::BTreeSet;

use cosmwasm_std::{to_json_binary, Addr, CosmosMsg, Decimal256, WasmMsg};
use glidepath_bytecode::gas::{Entry, Gas};
use glidepath_bytecode::{analyze, artifacts, store, whole, Bytecode, Cost, Mode, Rig};
use glidepath_interfaces::{auction, position_manager};
use glidepath_risk::health::Factors;
use glidepath_testkit::scenes::{calm, on_sale, to_lot, UNIT};
use glidepath_testkit::{defaults, AssetSpec, Moment, Suite};

const CONTRACTS: [&str; 5] = [
    "glidepath_vault",
    "glidepath_position_manager",
    "glidepath_oracle_adapter",
    "glidepath_liquidation_auction",
    "glidepath_insurance_fund",
];
/// Messages of a transaction of ours, those of contracts among them: wasmd lets them be 100 deep, and answers 10.
const MOST_CALLS: usize = 15;
/// Blocks of chains hold 30 to 100 million.
const MOST_GAS: u64 = 2_000_000;

fn bid(suite: &Suite, position: u64, amount: u128, denom: &str) -> CosmosMsg {
    let msg = auction::ExecuteMsg::Bid {
        position,
        max_price: Decimal256::MAX,
        recipient: None,
        min_received: None,
        pay: None,
    };
    WasmMsg::Execute {
        contract_addr: suite.peers.liquidation_auction.to_string(),
        msg: to_json_binary(&msg).unwrap(),
        funds: vec![cosmwasm_std::Coin::new(amount, denom)],
    }
    .into()
}

fn advance(suite: &Suite, position: u64) -> CosmosMsg {
    WasmMsg::Execute {
        contract_addr: suite.peers.position_manager.to_string(),
        msg: to_json_binary(&position_manager::ExecuteMsg::Advance { position }).unwrap(),
        funds: vec![],
    }
    .into()
}

/// A sale, and somebody who can buy.
fn sale(code: &Bytecode) -> (Suite, u64, Addr) {
    code.run(Mode::Native);
    let mut suite = calm().code(code.clone()).unwatched().build();
    let position = on_sale(&mut suite);
    suite.elapse(45);
    let bidder = suite.user("bidder");
    suite.give(&bidder, "usdc", 1_000_000 * UNIT);
    code.run(Mode::Bytecode);
    (suite, position, bidder)
}

#[test]
fn a_call_that_runs_out_of_gas_leaves_nothing() {
    let code = Bytecode::default();
    let (mut suite, position, bidder) = sale(&code);
    let msg = bid(&suite, position, 10_000 * UNIT, "uusdc");
    let before = Moment::of(&suite);
    code.gas().begin(Gas::AMPLE, true);
    suite.send(&bidder, msg.clone()).unwrap();
    let used = code.gas().used().total();
    before.restore(&mut suite);
    // Wherever it ends: in a load, at a key, in the VM, in a query, behind a payment.
    for nth in 1..=40 {
        let limit = used * nth / 40 - 1;
        code.gas().begin(limit, true);
        let error = suite
            .send(&bidder, msg.clone())
            .expect_err("the limit is lower than what is used");
        let told = format!("{error:#}").to_lowercase();
        assert!(told.contains("out of gas"), "{limit} of {used}: {told}");
        assert!(before.is_now(&suite), "{limit} of {used} left something");
    }
    code.gas().begin(used, true);
    suite.send(&bidder, msg).expect("what it used is enough");
}

#[test]
fn no_message_has_a_deep_tail_and_no_question_asks_on() {
    for (name, cost) in whole::messages(&Rig::default()) {
        assert!(
            cost.calls.len() <= MOST_CALLS,
            "{name}: {} calls",
            cost.calls.len()
        );
        let asked: Vec<_> = cost.calls.iter().map(|call| call.entry).collect();
        let deep = asked.windows(2).any(|two| two == [Entry::Query, Entry::Query]);
        assert!(!deep, "{name}: a query within a query: {asked:?}");
    }
}

#[test]
fn contracts_have_the_entry_points_of_the_suite_and_ask_nothing_of_a_chain() {
    for contract in CONTRACTS {
        let code = store(&artifacts::read(contract).unwrap()).unwrap();
        let report = analyze(&code).unwrap();
        let entries: BTreeSet<String> = report.entrypoints.iter().map(|entry| entry.to_string()).collect();
        let ours = ["execute", "instantiate", "migrate", "query"].map(String::from);
        assert_eq!(entries, BTreeSet::from(ours), "{contract}");
        let needs: Vec<_> = report.required_capabilities.iter().collect();
        assert!(
            needs.iter().all(|need| *need == "iterator"),
            "{contract} needs {needs:?}"
        );
    }
}

/// Eight collaterals and four debts.
fn largest(rig: &Rig) -> (Suite, u64) {
    let mut builder = Suite::builder().without("atom").without("usdc");
    let (mut deposits, mut borrows) = (vec![], vec![]);
    let names: Vec<String> = (1..=8)
        .map(|nth| format!("c{nth}"))
        .chain((1..=4).map(|nth| format!("d{nth}")))
        .collect();
    for name in &names {
        let price = if name.starts_with('c') { "10" } else { "1" };
        let spec = AssetSpec::native(name, &format!("u{name}"), 6, price)
            .calm()
            .depth(200_000);
        builder = builder.asset(match name.starts_with('c') {
            true => spec.as_collateral(defaults::MAJOR),
            false => spec.as_debt(Factors::ONE),
        });
        match name.starts_with('c') {
            true => deposits.push((name.as_str(), 1_000 * UNIT)),
            false => borrows.push((name.as_str(), 14_500 * UNIT)),
        }
    }
    let mut suite = rig.suite(builder);
    let alice = suite.user("alice");
    let position = suite.positions().open(&alice, &deposits, &borrows).unwrap();
    (suite, position)
}

#[test]
fn the_largest_position_fits_in_a_block_many_times() {
    let rig = Rig::default();
    let (mut suite, position) = largest(&rig);
    let bidder = suite.user("bidder");
    let fallen: Vec<(String, &str)> = (1..=8).map(|nth| (format!("c{nth}"), "8.90")).collect();
    let fallen: Vec<(&str, &str)> = fallen
        .iter()
        .map(|(name, price)| (name.as_str(), *price))
        .collect();
    suite.set_prices(&fallen);
    let mut costs: Vec<(String, Cost)> = vec![];
    let mut does = |suite: &mut Suite, name: &str, msg: &CosmosMsg| {
        if let Ok((_, cost)) = rig.cost(suite, &bidder, msg) {
            costs.push((name.to_string(), cost));
        }
    };
    for _ in 0..12 {
        suite.elapse(60);
        let msg = advance(&suite, position);
        does(&mut suite, "advance", &msg);
        if let Ok(sale) = suite.ask().sale(position) {
            if sale.sale.lot.is_some() {
                to_lot(&mut suite, position);
                suite.elapse(30);
            }
            let asset = sale.sale.debt.to_string();
            suite.give(&bidder, &asset, 50_000 * UNIT);
            let msg = bid(&suite, position, 50_000 * UNIT, &format!("u{asset}"));
            does(&mut suite, "bid", &msg);
        }
        suite.elapse(900);
    }
    assert!(costs.iter().any(|(name, _)| name == "bid"), "nothing was bought");
    for (name, cost) in costs {
        println!(
            "{name}: {} unpinned, {} pinned",
            cost.unpinned.total(),
            cost.pinned.total()
        );
        assert!(
            cost.unpinned.total() <= MOST_GAS,
            "{name}: {}",
            cost.unpinned.total()
        );
    }
}

#[test]
fn a_page_of_a_hundred_is_answered() {
    let code = Bytecode::default();
    code.run(Mode::Native);
    let mut suite = calm().code(code.clone()).unwatched().build();
    for nth in 0..110 {
        let who = suite.user(&format!("owner-{nth}"));
        suite
            .positions()
            .open(&who, &[("atom", 100 * UNIT)], &[("usdc", 700 * UNIT)])
            .unwrap();
    }
    suite.set_price("atom", "8.60");
    for position in 1..=110 {
        glidepath_testkit::scenes::advance_all(&mut suite, position);
    }
    suite.elapse(60);
    code.run(Mode::Both);
    let positions = suite.ask().distressed(None, 100).unwrap();
    assert_eq!(positions.len(), 100);
}

//! What the tests of the position manager share.
#![allow(dead_code)]

use cosmwasm_std::{Addr, Decimal, Uint128};
use glidepath_interfaces::position_manager::{Action, ExecuteMsg, SellableResponse, Stage, TakeoverPrice};
use glidepath_position_manager::ContractError;
use glidepath_testkit::handles::repay;
use glidepath_testkit::{refused, AssetSpec, Outcome, Result, Suite};

/// Base units of a whole `atom` or `usdc`.
pub const UNIT: u128 = 1_000_000;

/// A decimal.
pub fn dec(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

/// Why the position manager refused.
#[track_caller]
pub fn why(result: Result<Outcome>) -> ContractError {
    refused(result)
}

/// The position manager.
pub fn manager(suite: &Suite) -> Addr {
    suite.peers.position_manager.clone()
}

/// An `update` of an existing or new position.
pub fn update(position: Option<u64>, actions: Vec<Action>) -> ExecuteMsg {
    ExecuteMsg::Update {
        position,
        actions,
        recipient: None,
    }
}

/// What an `advance` says that it did.
#[track_caller]
pub fn did(outcome: &Outcome) -> String {
    outcome
        .event("glidepath_position-manager/advanced")
        .expect("an advance")
        .must("did")
}

/// Advances, and says what that did.
#[track_caller]
pub fn advance(suite: &mut Suite, position: u64) -> String {
    did(&suite.positions().advance(position).expect("something is due"))
}

/// Where a position stands.
#[track_caller]
pub fn stage(suite: &Suite, position: u64) -> Stage {
    suite.ask().position(position).expect("a position").stage
}

/// What may be sold at the oracle price.
#[track_caller]
pub fn sellable(suite: &Suite, position: u64) -> SellableResponse {
    suite
        .ask()
        .sellable(position, Decimal::one(), None)
        .expect("an answer")
}

/// Somebody with coins.
pub fn rich(suite: &mut Suite, name: &str, coins: &[(&str, u128)]) -> Addr {
    let who = suite.user(name);
    for (asset, amount) in coins {
        suite.give(&who, asset, *amount);
    }
    who
}

/// Base units.
pub fn units(amount: u128) -> Uint128 {
    Uint128::new(amount)
}

/// Two collaterals and two debts, all native, no interest.
pub fn wide() -> Suite {
    Suite::builder()
        .asset(AssetSpec::eth().no_interest())
        .asset(AssetSpec::usdc().no_interest())
        .asset(
            AssetSpec::native("eusd", "ueusd", 6, "1")
                .as_debt(glidepath_risk::health::Factors::ONE)
                .no_interest(),
        )
        .build()
}

/// Base units of a whole `eth`.
pub const ETH: u128 = 1_000_000_000_000_000_000;

/// Buys as much of a lot as can be bought at its start price, by somebody new.
pub fn buy_all(suite: &mut Suite, position: u64) -> Outcome {
    let bidder = suite.user("bidder");
    suite.auction().bid(&bidder, position, 2_000_000 * UNIT).unwrap()
}

/// Base units of a whole `gold`.
pub const GOLD: u128 = 100_000_000;
/// Base units of a whole `cusd`.
pub const CUSD: u128 = 1_000_000_000_000_000_000;

/// Coins and tokens as collateral and as debt.
pub fn mixed() -> Suite {
    Suite::builder()
        .asset(AssetSpec::usdc().no_interest())
        .asset(AssetSpec::gold().no_interest())
        .asset(AssetSpec::cusd().no_interest())
        .build()
}

/// A position of 1,000 `atom` and 10 `gold` that owes 5,000 `usdc` and 5,000 `cusd`.
pub fn position(suite: &mut Suite) -> u64 {
    let alice = suite.user("alice");
    let deposits = [("atom", 1_000 * UNIT), ("gold", 10 * GOLD)];
    let borrows = [("usdc", 5_000 * UNIT), ("cusd", 5_000 * CUSD)];
    suite.positions().open(&alice, &deposits, &borrows).unwrap()
}

// ---------------------------------------------------------------- takeovers

/// What a position costs now.
#[track_caller]
pub fn price(suite: &Suite, position: u64) -> TakeoverPrice {
    let preview = suite.ask().preview_takeover(position, None, vec![]).unwrap();
    preview.price.unwrap_or_else(|| panic!("{:?}", preview.refused))
}

/// Somebody with so many usdc.
pub fn taker(suite: &mut Suite, whole: u128) -> Addr {
    rich(suite, "tara", &[("usdc", whole * UNIT)])
}

/// Takes a position over with $300,000, repaying $60,000 of them.
#[track_caller]
pub fn take(suite: &mut Suite, position: u64) -> (Addr, Outcome) {
    let tara = taker(suite, 300_000);
    let actions = vec![repay("usdc", 60_000 * UNIT)];
    let done = suite
        .positions()
        .takeover(
            &tara,
            position,
            240_000 * UNIT,
            actions,
            &[("usdc", 300_000 * UNIT)],
        )
        .unwrap();
    (tara, done)
}

/// Collateral less debt in millionths of a dollar, with `atom` at so many cents.
pub fn equity(suite: &Suite, position: u64, cents: u128) -> u128 {
    let held = suite.ask().held(position, "atom").unwrap() * cents / 100;
    held - suite.ask().owed(position, "usdc").unwrap()
}

//! Attacks on losses and failures: 46 (a contract that fails), 49 (a frozen denom), 72 (a lender who leaves in time), 84 (unpaid
//! surcharge).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use cosmwasm_std::{
    to_json_binary, Addr, Binary, Decimal256, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError,
    StdResult, Uint128, WasmMsg,
};
use cw_multi_test::ContractWrapper;
use glidepath_interfaces::events::auction::Filled;
use glidepath_interfaces::events::vault::{DebtWrittenOff, Settled};
use glidepath_testkit::scenes::{advance_all, calm, leveraged, on_sale, to_lot, UNIT};
use glidepath_testkit::{AssetSpec, Outcome, Suite};
use serde_json::Value as Json;
use support::calls::raw;
use support::scene::{rightful, Scene};
use support::{names, stored, Moment};

// ---------------------------------------------------------------- 46

fn fails(_: DepsMut, _: Env, _: MessageInfo, _: Json) -> StdResult<Response> {
    Err(StdError::generic_err("this contract is broken"))
}

fn answers_nothing(_: Deps, _: Env, _: Json) -> StdResult<Binary> {
    Err(StdError::generic_err("this contract is broken"))
}

fn migrates(_: DepsMut, _: Env, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

/// Puts code in a contract's place that fails at every message and every query. What it has published is still there.
fn break_down(suite: &mut Suite, contract: &Addr) {
    let code = ContractWrapper::new(fails, fails, answers_nothing).with_migrate(migrates);
    let new_code_id = suite.app.store_code(Box::new(code));
    let owner = suite.owner.clone();
    let msg = WasmMsg::Migrate {
        contract_addr: contract.to_string(),
        new_code_id,
        msg: to_json_binary(&Empty {}).unwrap(),
    };
    suite.send(&owner, msg.into()).unwrap();
}

/// Each contract in turn fails at every message. What needs it fails as a whole, and what does not goes its way to the
/// digit: no flow has a leg that may fail by itself.
#[test]
fn attack_46_a_contract_that_fails_fails_every_flow_through_it_as_a_whole() {
    let mut scene = Scene::new();
    let start = Moment::of(&scene.suite);
    let messages = rightful(&mut scene, &start);
    for (name, broken) in names(&scene.suite) {
        let mut goes_on = vec![];
        for (contract, address, row, sender) in &messages {
            start.restore(&mut scene.suite);
            let msg = || raw(&row.funds, address, &row.msg);
            scene.suite.send(sender, msg()).unwrap();
            let all = |suite: &Suite| -> Vec<_> {
                names(suite).map(|(_, contract)| stored(suite, &contract)).into()
            };
            let right = all(&scene.suite);
            start.restore(&mut scene.suite);
            break_down(&mut scene.suite, &broken);
            let before = Moment::of(&scene.suite);
            match scene.suite.send(sender, msg()) {
                Ok(_) => {
                    assert!(
                        all(&scene.suite) == right,
                        "{contract} {} without the {name}",
                        row.name
                    );
                    goes_on.push(format!("{contract} {}", row.name));
                }
                Err(_) => assert!(
                    before.is_now(&scene.suite),
                    "{contract} {} left something",
                    row.name
                ),
            }
        }
        // What nothing but the vault may stop, and what the fund may stop of others: nothing.
        let never = |message: &str| !goes_on.iter().any(|other| other.starts_with(message));
        match name {
            "vault" => assert!(never("position_manager update ") && never("liquidation_auction bid")),
            "position-manager" => assert!(!never("vault withdraw own") && !never("insurance_fund stake")),
            "oracle-adapter" | "liquidation-auction" => {
                for open in ["update repay", "update borrow", "update withdraw", "update add"] {
                    assert!(
                        !never(&format!("position_manager {open}")),
                        "{open} needs the {name}"
                    );
                }
                assert!(!never("vault withdraw own") && !never("insurance_fund stake"));
            }
            _ => {
                for (contract, _, row, _) in &messages {
                    let message = format!("{contract} {}", row.name);
                    let is_the_funds = *contract == "insurance_fund";
                    assert!(
                        is_the_funds || goes_on.contains(&message),
                        "{message} needs the fund"
                    );
                }
            }
        }
    }
}

// ---------------------------------------------------------------- 49

/// Nothing of a denom moves out of the vault any more, as if an issuer had frozen it: the vault can't pay it.
fn freeze(suite: &mut Suite, denom: &str) {
    suite.watch(false);
    let vault = suite.peers.vault.clone();
    let mut coins = vec![];
    for (_, listed) in suite.assets() {
        if let cw_asset::AssetInfo::Native(other) = &listed.info {
            if other != denom {
                coins.push(suite.app.wrap().query_balance(&vault, other).unwrap());
            }
        }
    }
    coins.retain(|coin| !coin.amount.is_zero());
    suite
        .app
        .init_modules(|router, _, storage| router.bank.init_balance(storage, &vault, coins))
        .unwrap();
}

/// A frozen collateral: its own withdrawals and fills fail, whole. Its positions can be repaid, added to, called; lending and
/// every other collateral go on, that of the same position too.
#[test]
fn attack_49_a_frozen_collateral_stops_nothing_else() {
    let mut suite = calm().asset(AssetSpec::eth().calm().depth(200_000)).build();
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    let eth = suite.units("eth", "200");
    let both = [("atom", 50_000 * UNIT), ("eth", eth)];
    let mixed = suite
        .positions()
        .open(&alice, &both, &[("usdc", 740_000 * UNIT)])
        .unwrap();
    let other = suite
        .positions()
        .open(&bob, &[("eth", 2 * eth)], &[("usdc", 700_000 * UNIT)])
        .unwrap();
    let position = on_sale(&mut suite);
    freeze(&mut suite, "uatom");
    let before = Moment::of(&suite);
    assert!(suite.positions().withdraw(&alice, mixed, "atom", UNIT).is_err());
    suite.give(&bob, "usdc", 10_000_000 * UNIT);
    let funded = Moment::of(&suite);
    let bid = |suite: &mut Suite, position, who: &Addr| {
        suite
            .auction()
            .bid_with(who, position, Default::default(), "usdc", 10_000 * UNIT)
    };
    bid(&mut suite, position, &bob).unwrap_err();
    assert!(funded.is_now(&suite) && !before.is_now(&suite));

    suite.positions().repay(&bob, position, "usdc", UNIT).unwrap();
    suite.positions().deposit(&alice, position, "atom", UNIT).unwrap();
    suite.positions().withdraw(&bob, other, "eth", eth / 10).unwrap();
    suite.positions().borrow(&bob, other, "usdc", UNIT).unwrap();
    suite.vault().supply(&bob, "usdc", 1_000 * UNIT).unwrap();
    suite.vault().withdraw(&bob, "usdc", None).unwrap();
    // The mixed position: what can't be bought passes its turn on.
    suite.set_prices(&[("eth", "2200"), ("atom", "9.20"), ("usdc", "1")]);
    suite.positions().advance(mixed).unwrap();
    suite.elapse(901);
    let (mut sold, mut tries) = (0, 0);
    while sold == 0 && tries < 8 {
        tries += 1;
        advance_all(&mut suite, mixed);
        to_lot(&mut suite, mixed);
        match bid(&mut suite, mixed, &bob) {
            Ok(done) => sold = done.event(Filled::TYPE).unwrap().must::<Uint128>("sold").u128(),
            Err(_) => {
                let last = suite.ask().sale(mixed).unwrap().last.unwrap();
                suite.until(last + 1);
            }
        }
    }
    assert!(sold > 0 && tries <= 3, "{sold} after {tries} lots");
    assert!(suite.ask().held(mixed, "eth").unwrap() < eth);
}

/// A frozen debt asset: nothing of it is lent, withdrawn or taken out of accounts. What comes in is not stopped: repayments,
/// bids, supplies, stakes; a sale ends as it would.
#[test]
fn attack_49_a_frozen_debt_stops_no_repayment_and_no_sale() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let (alice, bob, lender) = (suite.user("alice"), suite.user("bob"), suite.user("lender"));
    let sound = suite
        .positions()
        .open(&alice, &[("atom", 1_000 * UNIT)], &[("usdc", 1_000 * UNIT)])
        .unwrap();
    freeze(&mut suite, "uusdc");
    assert!(suite
        .positions()
        .borrow(&alice, sound, "usdc", 1_000 * UNIT)
        .is_err());
    assert!(suite
        .vault()
        .withdraw(&lender, "usdc", Some(1_000 * UNIT))
        .is_err());
    // One who pays too much gets it back from the auction, which was paid it.
    let before = suite.balance(&bob, "usdc");
    suite.auction().bid(&bob, position, 2_000_000 * UNIT).unwrap();
    assert!(suite.balance(&bob, "usdc") > before);
    suite
        .positions()
        .repay(&bob, position, "usdc", 1_000 * UNIT)
        .unwrap();
    suite.positions().withdraw(&alice, sound, "atom", UNIT).unwrap();
    suite.give(&bob, "usdc", 2 * UNIT);
    suite.vault().supply(&bob, "usdc", UNIT).unwrap();
    suite.fund().stake(&bob, "usdc", UNIT).unwrap();
    while suite.ask().sale(position).is_ok() {
        to_lot(&mut suite, position);
        suite.auction().bid(&bob, position, 2_000_000 * UNIT).unwrap();
    }
    suite
        .positions()
        .repay(&alice, position, "usdc", 1_000_000 * UNIT)
        .unwrap();
    assert_eq!(suite.ask().owed(position, "usdc").unwrap(), 0);
}

// ---------------------------------------------------------------- 72

/// A crash to $6.00, sold out to the fill that writes off the rest: the moment before it, and its bidder.
fn before_the_loss(stake: u128) -> (Suite, u64) {
    let mut suite = calm()
        .asset(AssetSpec::usdc().calm().no_interest().lent(1_000_000))
        .asset(AssetSpec::eth().calm())
        .stake("usdc", stake)
        .build();
    let lena = suite.user("lena");
    suite.give(&lena, "usdc", 1_000_000 * UNIT);
    suite.vault().supply(&lena, "usdc", 1_000_000 * UNIT).unwrap();
    let position = leveraged(&mut suite);
    let bob = suite.user("bob");
    suite.set_price("atom", "6.00");
    suite.positions().advance(position).unwrap();
    for _ in 0..200 {
        suite.refresh();
        advance_all(&mut suite, position);
        if suite.ask().sale(position).is_err() {
            suite.elapse(60);
            continue;
        }
        to_lot(&mut suite, position);
        let before = Moment::of(&suite);
        suite.watch(false);
        let done = suite.auction().bid(&bob, position, 10_000_000 * UNIT).unwrap();
        let is_last = done.has(DebtWrittenOff::TYPE);
        if is_last {
            before.restore(&mut suite);
        }
        suite.watch(true);
        if is_last {
            return (suite, position);
        }
    }
    panic!("no loss");
}

/// Who withdraws in the block before a write-off gets what his shares are worth then and not a unit more. Without a fund those
/// who stay bear the loss, all of it, once; with one there is nothing to run from.
#[test]
fn attack_72_a_lender_who_leaves_in_the_block_before_the_loss() {
    for stake in [UNIT, 500_000 * UNIT] {
        let (mut suite, position) = before_the_loss(stake);
        let [lena, lender, bob] = ["lena", "lender", "bob"].map(|name| suite.user(name));
        let start = Moment::of(&suite);
        let supplied = |suite: &Suite, who: &Addr| suite.ask().supply(who, "usdc").unwrap().amount.u128();
        let (hers, his) = (supplied(&suite, &lena), supplied(&suite, &lender));
        let last = |suite: &mut Suite| -> [u128; 3] {
            let done = suite.auction().bid(&bob, position, 10_000_000 * UNIT).unwrap();
            let event = done.event(DebtWrittenOff::TYPE).unwrap();
            ["loss", "fund", "suppliers"].map(|key| event.must::<Uint128>(key).u128())
        };

        // She stays: both bear the same.
        let stays = last(&mut suite);
        let (her_loss, his_loss) = (hers - supplied(&suite, &lena), his - supplied(&suite, &lender));
        assert!(her_loss.abs_diff(his_loss) <= 2, "{her_loss} and {his_loss}");

        // She leaves a block earlier.
        suite.watch(false);
        start.restore(&mut suite);
        suite.watch(true);
        let had = suite.balance(&lena, "usdc");
        suite.vault().withdraw(&lena, "usdc", None).unwrap();
        assert_eq!(suite.balance(&lena, "usdc") - had, hers);
        assert_eq!(
            supplied(&suite, &lender),
            his,
            "her leaving costs nobody anything"
        );
        let leaves = last(&mut suite);
        assert_eq!(
            (leaves[0], leaves[1] + leaves[2]),
            (stays[0], stays[0]),
            "{leaves:?} {stays:?}"
        );
        let his_loss_then = his - supplied(&suite, &lender);
        if stake > UNIT {
            assert_eq!(leaves, stays);
            assert!(
                leaves[2] == 0 && his_loss <= 1 && his_loss_then <= 1,
                "the fund pays"
            );
        } else {
            assert!(leaves[2] > 100_000 * UNIT);
            assert!(
                his_loss_then.abs_diff(leaves[2]) <= 2,
                "{his_loss_then} of {}",
                leaves[2]
            );
        }
        // A second time there is nothing to leave with, and nothing to come back for: no share was cheap in between.
        assert!(suite.vault().withdraw(&lena, "usdc", None).is_err());
    }
}

/// What is lent out can't be withdrawn by who runs: he gets no more than the cash that is here.
#[test]
fn attack_72_who_runs_gets_no_more_than_the_cash() {
    let (mut suite, _) = before_the_loss(UNIT);
    let [lena, lender, carol] = ["lena", "lender", "carol"].map(|name| suite.user(name));
    let cash = suite.ask().solvency("usdc").unwrap().cash.u128();
    let eth = suite.units("eth", "1000");
    suite
        .positions()
        .open(&carol, &[("eth", eth)], &[("usdc", cash - 500_000 * UNIT)])
        .unwrap();
    assert!(suite.vault().withdraw(&lena, "usdc", None).is_err());
    suite
        .vault()
        .withdraw(&lena, "usdc", Some(500_000 * UNIT))
        .unwrap();
    assert!(suite.vault().withdraw(&lender, "usdc", Some(UNIT)).is_err());
}

// ---------------------------------------------------------------- 84

fn fund_of(suite: &Suite) -> (Uint128, Uint128, Decimal256) {
    let (pool, market) = (
        suite.ask().pool("usdc").unwrap(),
        suite.ask().market("usdc").unwrap(),
    );
    (
        pool.shares + pool.streaming,
        market.market.fund_shares,
        market.supply_price,
    )
}

/// A surcharge that is owed and not paid is nobody's: the fund has no share of it, no staker can leave with it, no supplier
/// has earned it. Once paid, the fund has exactly that.
#[test]
fn attack_84_an_unpaid_surcharge_is_nobodys() {
    let mut suite = calm().stake("usdc", 100_000 * UNIT).build();
    let position = on_sale(&mut suite);
    let (bob, alice, staker) = (suite.user("bob"), suite.user("alice"), suite.user("staker"));
    suite.fund().book(&bob, "usdc").unwrap();
    let before = fund_of(&suite);
    for _ in 0..20 {
        suite.elapse(600);
        advance_all(&mut suite, position);
    }
    let owed = suite.ask().ledger(position).unwrap().owed[0].surcharge;
    assert!(owed > Uint128::new(5 * UNIT), "{owed}");
    suite.fund().book(&bob, "usdc").unwrap();
    assert_eq!(fund_of(&suite), before, "a surcharge of {owed} was counted");
    let stake = suite.ask().stake(&staker, "usdc").unwrap();
    assert!(stake.amount <= Uint128::new(100_000 * UNIT), "{stake:?}");

    // A repayment pays principal first: still nothing.
    suite
        .positions()
        .repay(&bob, position, "usdc", 10_000 * UNIT)
        .unwrap();
    assert_eq!(fund_of(&suite), before);
    let owed = suite.ask().ledger(position).unwrap().owed[0].surcharge.u128();
    suite
        .positions()
        .repay(&alice, position, "usdc", 1_000_000 * UNIT)
        .unwrap();
    let market = suite.ask().market("usdc").unwrap();
    let gained = market.market.fund_shares - before.1;
    let worth = (Decimal256::from_ratio(gained, 1_000_000u128) * market.supply_price).to_uint_floor();
    let worth = Uint128::try_from(worth).unwrap().u128();
    assert!(owed.abs_diff(worth) <= 2, "{owed} paid, {worth} gained");
}

/// A loss has no surcharge in it: what is written off is what was lent and its interest; the rest never was anybody's.
#[test]
fn attack_84_no_surcharge_is_left_in_a_loss() {
    for stake in [UNIT, 500_000 * UNIT] {
        let (mut suite, position) = before_the_loss(stake);
        let bob = suite.user("bob");
        let ledger = suite.ask().ledger(position).unwrap();
        let (principal, surcharge) = (ledger.owed[0].principal, ledger.owed[0].surcharge);
        assert!(!surcharge.is_zero());
        let before = suite.ask().market("usdc").unwrap();
        let done: Outcome = suite.auction().bid(&bob, position, 10_000_000 * UNIT).unwrap();
        let paid = done.event(Settled::TYPE).unwrap();
        let repaid: Uint128 = paid.must("principal");
        assert!(paid.must::<Uint128>("surcharge").is_zero());
        let event = done.event(DebtWrittenOff::TYPE).unwrap();
        let [loss, deleted, fund, suppliers] =
            ["loss", "surcharge", "fund", "suppliers"].map(|key| event.must::<Uint128>(key));
        assert!(
            loss.abs_diff(principal - repaid) <= Uint128::new(2),
            "{loss} of {principal} − {repaid}"
        );
        assert!(deleted >= surcharge, "{deleted} of {surcharge} deleted");
        assert_eq!(loss, fund + suppliers);
        // All that is left of the market: what was there, less the loss, and the penalty's parts.
        let after = suite.ask().market("usdc").unwrap();
        let kept = before.total_assets - loss;
        let parts = after.total_assets.abs_diff(kept);
        let penalty: u128 = ["penalty_fund", "penalty_reserves"]
            .map(|key| paid.must::<Uint128>(key).u128())
            .iter()
            .sum();
        assert!(parts.u128().abs_diff(penalty) <= 2, "{parts} and {penalty}");
        assert_eq!(after.total_debt, Uint128::zero());
    }
}

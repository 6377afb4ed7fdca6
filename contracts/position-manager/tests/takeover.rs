//! `Takeover`: a position on sale changes hands as a whole, for its equity less what the auction would cost right now.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{advance, dec, equity, manager, mixed, price, rich, take, taker, CUSD, GOLD, UNIT};
use cosmwasm_std::{Addr, Decimal};
use glidepath_interfaces::auction::{backlog, Line};
use glidepath_interfaces::events::auction::SaleEnded;
use glidepath_interfaces::events::position_manager::{DistressEnded, PositionTransferred, PositionUpdated};
use glidepath_interfaces::events::vault::{KeeperCredited, TakenOver};
use glidepath_interfaces::position_manager::Stage;
use glidepath_testkit::handles::{borrow, deposit, repay, repay_all, withdraw, withdraw_all};
use glidepath_testkit::{id, scenes, Suite};

fn owned(suite: &Suite, owner: &Addr) -> Vec<u64> {
    let rows = suite.ask().positions_of(owner).unwrap();
    rows.iter().map(|row| row.position).collect()
}

#[test]
fn the_whole_position_changes_hands_for_its_equity_less_the_cost() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    suite.positions().offer(&alice, position, Some(&bob)).unwrap();
    let equity = equity(&suite, position, 920);
    let owed = suite.ask().owed(position, "usdc").unwrap();
    let purse = suite.balance(&alice, "usdc");
    let fund = suite
        .ask()
        .supply(&suite.peers.insurance_fund.clone(), "usdc")
        .unwrap();
    let told = price(&suite, position);
    let (tara, done) = take(&mut suite, position);

    // At a premium of .5 % nothing is taken off but the penalty: s = (D − .75·C)/(k − .75) at k = 1.005/1.001, of which .1 %
    // of s·k is penalty.
    let short = owed - 690_000 * UNIT;
    let penalty = short * 1_005 / (1_005_000 - 750 * 1_001) * 1_001 / 1_001;
    let got: u128 = told.penalty.into();
    assert!(
        got.abs_diff(penalty) <= penalty / 1_000 + 2,
        "{got}, not {penalty}"
    );
    assert_eq!(told.credit.u128(), equity - got, "to the unit");
    assert_eq!(told.paid, told.credit + told.penalty);
    assert_eq!(told.multiplier, dec("1.005"));

    // The owner has it in his account; nothing was sent to him.
    assert_eq!(suite.ask().account(&alice, "usdc").unwrap(), told.credit.u128());
    assert_eq!(suite.balance(&alice, "usdc"), purse);
    // Who took it over paid the price and his actions, and has the rest back.
    assert_eq!(
        suite.balance(&tara, "usdc"),
        300_000 * UNIT - told.paid.u128() - 60_000 * UNIT
    );
    assert_eq!(suite.balance(&manager(&suite), "usdc"), 0);
    let after = suite.ask().position(position).unwrap();
    assert_eq!((after.owner.clone(), after.offered_to), (tara.clone(), None));
    assert!(owned(&suite, &alice).is_empty());
    assert_eq!(owned(&suite, &tara), [position]);
    assert_eq!(after.stage, Stage::Healthy {});
    assert_eq!(suite.ask().owed(position, "usdc").unwrap(), owed - 60_000 * UNIT);

    // The sale is over for everybody.
    assert!(suite.ask().sale(position).is_err());
    let ledger = suite.ask().ledger(position).unwrap().ledger;
    assert_eq!((ledger.sale, ledger.surcharge_rate), (None, Decimal::zero()));
    assert!(suite.ask().distressed(None, 10).unwrap().is_empty());
    for kind in [SaleEnded::TYPE, DistressEnded::TYPE] {
        assert_eq!(
            done.event(kind).unwrap().text("reason"),
            Some("taken_over"),
            "{kind}"
        );
    }
    let transferred = done.event(PositionTransferred::TYPE).unwrap();
    assert_eq!(transferred.text("from"), Some(alice.as_str()));
    assert_eq!(transferred.text("to"), Some(tara.as_str()));
    assert_eq!(done.all(PositionUpdated::TYPE).count(), 1);

    // Half of the penalty is the fund's, two fifths the keeper's, the rest the reserves', to the unit.
    let taken = done.event(TakenOver::TYPE).unwrap();
    let part = |name: &str| taken.must::<u128>(name);
    let parts = [
        part("penalty_fund"),
        part("penalty_keepers"),
        part("penalty_reserves"),
    ];
    assert_eq!(parts, [got / 2, got * 2 / 5, got - got / 2 - got * 2 / 5]);
    let keeper = suite.user("keeper");
    assert_eq!(suite.ask().account(&keeper, "usdc").unwrap(), parts[1]);
    let now = suite
        .ask()
        .supply(&suite.peers.insurance_fund.clone(), "usdc")
        .unwrap();
    assert!((now.amount.u128() - fund.amount.u128()).abs_diff(parts[0]) <= 1);

    // The new owner's it is, and nobody else's.
    suite
        .positions()
        .update(&tara, Some(position), vec![withdraw("atom", UNIT)], &[])
        .unwrap();
    assert!(suite
        .positions()
        .update(&alice, Some(position), vec![withdraw("atom", UNIT)], &[])
        .is_err());
    suite.vault().withdraw_account(&alice, "usdc", None).unwrap();
    assert_eq!(suite.balance(&alice, "usdc"), purse + told.credit.u128());
}

#[test]
fn exactly_the_margin_is_enough_and_a_unit_less_is_not() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let tara = taker(&mut suite, 400_000);
    let missing = suite.ask().owed(position, "usdc").unwrap() - 690_000 * UNIT;
    let mut with = |repaid: u128| {
        let (actions, paid) = (vec![repay("usdc", repaid)], [("usdc", 300_000 * UNIT)]);
        suite
            .positions()
            .takeover(&tara, position, 200_000 * UNIT, actions, &paid)
    };
    assert!(matches!(
        common::why(with(missing - 1)),
        glidepath_position_manager::ContractError::BelowInitialMargin { .. }
    ));
    let done = with(missing).unwrap();
    let updated = done.event(PositionUpdated::TYPE).unwrap();
    assert_eq!(updated.text("initial_health"), Some("1"));
}

#[test]
fn collateral_may_be_what_it_needs_and_loans_and_withdrawals_go_with_it() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let tara = rich(
        &mut suite,
        "tara",
        &[("usdc", 200_000 * UNIT), ("atom", 20_000 * UNIT)],
    );
    let actions = vec![
        deposit("atom", 20_000 * UNIT),
        borrow("usdc", 1_000 * UNIT),
        withdraw("atom", 10 * UNIT),
    ];
    let paid = [("usdc", 200_000 * UNIT), ("atom", 20_000 * UNIT)];
    let told = price(&suite, position);
    suite
        .positions()
        .takeover(&tara, position, 200_000 * UNIT, actions, &paid)
        .unwrap();
    assert_eq!(suite.balance(&tara, "usdc"), 201_000 * UNIT - told.paid.u128());
    assert_eq!(suite.balance(&tara, "atom"), 10 * UNIT);
    assert_eq!(suite.ask().held(position, "atom").unwrap(), 119_990 * UNIT);
}

#[test]
fn all_of_the_debt_may_be_repaid_and_all_of_the_collateral_taken_out() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let tara = taker(&mut suite, 1_000_000);
    let (told, owed) = (
        price(&suite, position),
        suite.ask().owed(position, "usdc").unwrap(),
    );
    let actions = vec![repay_all("usdc"), withdraw_all("atom")];
    let paid = [("usdc", 1_000_000 * UNIT)];
    suite
        .positions()
        .takeover(&tara, position, 200_000 * UNIT, actions, &paid)
        .unwrap();
    assert_eq!(suite.balance(&tara, "atom"), 100_000 * UNIT);
    assert_eq!(
        suite.balance(&tara, "usdc"),
        1_000_000 * UNIT - told.paid.u128() - owed
    );
}

#[test]
fn behind_a_fill_keepers_have_what_they_earned_of_it_too() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let (bob, keeper) = (suite.user("bob"), suite.user("keeper"));
    suite.auction().bid(&bob, position, 20_000 * UNIT).unwrap();
    let earned = suite
        .ask()
        .ledger(position)
        .unwrap()
        .ledger
        .sale
        .unwrap()
        .keepers
        .u128();
    assert!(earned > 0);
    let (_, done) = take(&mut suite, position);
    let part: u128 = done.event(TakenOver::TYPE).unwrap().must("penalty_keepers");
    assert_eq!(suite.ask().account(&keeper, "usdc").unwrap(), earned + part);
    assert_eq!(
        done.all(KeeperCredited::TYPE).count(),
        1,
        "who called opened, too"
    );
    assert_eq!(suite.ask().market("usdc").unwrap().market.dues.u128(), 0);
}

#[test]
fn what_the_lot_took_up_of_its_queue_is_given_back() {
    let mut suite = scenes::queued().build();
    let position = scenes::leaning(&mut suite, "alice", 100_000);
    suite.set_price("atom", "9");
    suite.positions().advance(position).unwrap();
    scenes::to_lot(&mut suite, position);
    let full = |suite: &Suite| {
        let auction = &suite.peers.liquidation_auction;
        backlog(&suite.app.wrap(), auction, &id("atom"), Line::Distress)
            .unwrap()
            .value
    };
    let before = full(&suite);
    let tara = taker(&mut suite, 400_000);
    let actions = vec![repay("usdc", 100_000 * UNIT)];
    suite
        .positions()
        .takeover(
            &tara,
            position,
            300_000 * UNIT,
            actions,
            &[("usdc", 400_000 * UNIT)],
        )
        .unwrap();
    assert!(full(&suite) < before, "{} of {before}", full(&suite));
}

#[test]
fn a_token_pays_by_its_hook() {
    let mut suite = mixed();
    let (alice, tara) = (suite.user("alice"), suite.user("tara"));
    let position = suite
        .positions()
        .open(&alice, &[("gold", 100 * GOLD)], &[("cusd", 129_000 * CUSD)])
        .unwrap();
    suite.set_price("gold", "1800");
    suite.positions().advance(position).unwrap();
    scenes::advance_all(&mut suite, position);
    scenes::to_lot(&mut suite, position);
    let told = price(&suite, position);
    suite.give(&tara, "cusd", 100_000 * CUSD);
    let actions = vec![repay("cusd", 20_000 * CUSD), withdraw("gold", 1)];
    suite
        .positions()
        .takeover(
            &tara,
            position,
            60_000 * CUSD,
            actions,
            &[("cusd", 90_000 * CUSD)],
        )
        .unwrap();
    assert_eq!(suite.ask().account(&alice, "cusd").unwrap(), told.credit.u128());
    assert_eq!(suite.balance(&tara, "cusd"), 80_000 * CUSD - told.paid.u128());
    assert_eq!(suite.balance(&tara, "gold"), 1);
    assert_eq!(suite.balance(&manager(&suite), "cusd"), 0);
    assert_eq!(suite.ask().position(position).unwrap().owner, tara);
}

/// "A change of owner resets nothing": the grace that a position has used is no longer there for the next owner either.
#[test]
fn used_grace_stays_used() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let (tara, _) = take(&mut suite, position);
    // At $8.50 a health of .997, at which a first call has a grace of 15 minutes.
    suite.set_price("atom", "8.50");
    assert_eq!(advance(&mut suite, position), "opened");
    assert_eq!(suite.ask().position(position).unwrap().owner, tara);
}

/// The owner with another account of his own: he pays the penalty, which he would not pay where he simply repaid.
#[test]
fn attack_36_who_takes_his_own_position_over_pays_the_penalty() {
    for seconds in [0, 180, 400] {
        let worth = |suite: &Suite, who: &[Addr]| -> i128 {
            let mut sum = 0i128;
            for one in who {
                let (purse, account) = (
                    suite.balance(one, "usdc"),
                    suite.ask().account(one, "usdc").unwrap(),
                );
                sum += i128::try_from(purse + account).unwrap();
            }
            let position = suite.ask().position(1).unwrap();
            if who.contains(&position.owner) {
                sum += i128::try_from(equity(suite, 1, 920)).unwrap();
            }
            sum
        };
        let mut suite = scenes::calm().build();
        let position = scenes::on_sale(&mut suite);
        suite.elapse(seconds);
        let both = [suite.user("alice"), taker(&mut suite, 300_000)];
        let told = price(&suite, position);
        let before = worth(&suite, &both);
        let actions = vec![repay("usdc", 60_000 * UNIT)];
        suite
            .positions()
            .takeover(
                &both[1],
                position,
                240_000 * UNIT,
                actions,
                &[("usdc", 300_000 * UNIT)],
            )
            .unwrap();
        let lost = before - worth(&suite, &both);
        assert!(told.penalty.u128() > 0);
        assert_eq!(
            lost,
            i128::try_from(told.penalty.u128()).unwrap(),
            "after {seconds} s"
        );
    }
}

/// Nobody else's money pays for it: lenders and depositors have what they had, and the fund and reserves their parts.
#[test]
fn lenders_lose_nothing_by_it() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    suite.elapse(400);
    let before = suite.ask().market("usdc").unwrap();
    let (_, done) = take(&mut suite, position);
    let after = suite.ask().market("usdc").unwrap();
    assert!(after.supply_price >= before.supply_price);
    let taken = done.event(TakenOver::TYPE).unwrap();
    let parts = taken.must::<u128>("penalty_fund") + taken.must::<u128>("penalty_reserves");
    assert_eq!(
        after.total_assets.u128() - before.total_assets.u128(),
        parts,
        "assets grow by what is supplied"
    );
    assert_eq!(
        after.market.cash.u128() - before.market.cash.u128(),
        parts + 60_000 * UNIT
    );
}

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

use common::{advance, dec, manager, mixed, rich, stage, wide, CUSD, ETH, GOLD, UNIT};
use cosmwasm_std::{Addr, Decimal};
use glidepath_interfaces::auction::{backlog, Line};
use glidepath_interfaces::events::auction::SaleEnded;
use glidepath_interfaces::events::position_manager::{DistressEnded, PositionTransferred, PositionUpdated};
use glidepath_interfaces::events::vault::{KeeperCredited, TakenOver};
use glidepath_interfaces::position_manager::{Stage, TakeoverPrice};
use glidepath_testkit::handles::{borrow, deposit, repay, repay_all, withdraw, withdraw_all};
use glidepath_testkit::{id, scenes, Outcome, Suite};

/// What a position costs now.
#[track_caller]
fn price(suite: &Suite, position: u64) -> TakeoverPrice {
    let preview = suite.ask().preview_takeover(position, None, vec![]).unwrap();
    preview.price.unwrap_or_else(|| panic!("{:?}", preview.refused))
}

/// Somebody with so many usdc.
fn taker(suite: &mut Suite, whole: u128) -> Addr {
    rich(suite, "tara", &[("usdc", whole * UNIT)])
}

/// Takes a position over with $300,000, repaying $60,000 of them.
#[track_caller]
fn take(suite: &mut Suite, position: u64) -> (Addr, Outcome) {
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

fn owned(suite: &Suite, owner: &Addr) -> Vec<u64> {
    let rows = suite.ask().positions_of(owner).unwrap();
    rows.iter().map(|row| row.position).collect()
}

/// Collateral less debt in millionths of a dollar, with `atom` at so many cents.
fn equity(suite: &Suite, position: u64, cents: u128) -> u128 {
    let held = suite.ask().held(position, "atom").unwrap() * cents / 100;
    held - suite.ask().owed(position, "usdc").unwrap()
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
fn it_becomes_cheaper_as_the_lot_does_and_a_preview_is_the_execution() {
    let mut last = u128::MAX;
    for (seconds, multiplier) in [
        (0, "1.005"),
        (90, "0.992"),
        (180, "0.979"),
        (360, "0.953"),
        (449, "0.940144444444444445"),
    ] {
        let mut suite = scenes::calm().build();
        let position = scenes::on_sale(&mut suite);
        suite.elapse(seconds);
        let told = price(&suite, position);
        assert!(
            told.multiplier.abs_diff(dec(multiplier)) < dec("0.000001"),
            "{}",
            told.multiplier
        );
        assert!(told.paid.u128() < last, "{} after {seconds} s", told.paid);
        last = told.paid.into();
        // d·s + φ·s·k of what the sale would sell at that price, from the other query for it.
        let owed = Decimal::from_ratio(suite.ask().owed(position, "usdc").unwrap(), UNIT);
        let phi = dec("1.001");
        let k = told.multiplier / phi;
        let s = (owed - dec("690000")) / (k - dec("0.75"));
        let d = Decimal::one().saturating_sub(told.multiplier);
        let cost = d * s + s * k * dec("0.001");
        let off = Decimal::try_from(told.cost.0).unwrap().abs_diff(cost);
        assert!(off < dec("0.00001"), "{} and {cost}", told.cost);
        let (alice, actions) = (suite.user("alice"), vec![repay("usdc", 60_000 * UNIT)]);
        let tara = taker(&mut suite, 300_000);
        let preview = suite
            .ask()
            .preview_takeover(position, Some(&tara), actions.clone())
            .unwrap();
        assert_eq!(preview.refused, None);
        assert_eq!(preview.price.unwrap(), told);
        assert_eq!(preview.missing.unwrap(), glidepath_risk::Value::ZERO);
        let paid = told.paid.u128() + 60_000 * UNIT;
        suite
            .positions()
            .takeover(&tara, position, told.paid.into(), actions, &[("usdc", paid)])
            .unwrap();
        assert_eq!(suite.ask().account(&alice, "usdc").unwrap(), told.credit.u128());
        assert_eq!(suite.balance(&tara, "usdc"), 300_000 * UNIT - paid);
        assert_eq!(suite.ask().position(position).unwrap().health, preview.after);
    }
}

#[test]
fn a_preview_says_what_initial_margin_needs() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let owed = suite.ask().owed(position, "usdc").unwrap();
    let preview = suite.ask().preview_takeover(position, None, vec![]).unwrap();
    // The debt less 75 % of $920,000.
    let missing = owed - 690_000 * UNIT;
    assert_eq!(
        preview.missing.unwrap().to_string(),
        Decimal::from_ratio(missing, UNIT).to_string()
    );
    assert!(preview.price.is_some());
    assert_eq!(preview.refused.as_deref(), Some("there is no action"));
    assert_eq!(preview.refused_from, None);
    // A unit less is not enough, exactly that much is.
    let ask = |less| {
        let actions = vec![repay("usdc", missing - less)];
        suite.ask().preview_takeover(position, None, actions).unwrap()
    };
    let short = ask(1);
    assert!(
        short
            .refused
            .unwrap()
            .starts_with("initial health would be 0.99999"),
        "{:?}",
        short.after
    );
    assert_eq!(short.missing.unwrap().to_string(), "0.000001");
    assert_eq!(ask(0).refused, None);
    assert_eq!(ask(0).after.initial, Some(Decimal::one()));
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
fn in_a_close_out_it_is_taken_over_at_the_prices_of_the_close_out() {
    let mut suite = scenes::calm().build();
    let position = scenes::closing_out(&mut suite);
    suite.elapse(60);
    let alice = suite.user("alice");
    let told = price(&suite, position);
    assert!(told.multiplier < Decimal::one());
    // $840,000 against a little over $740,000.
    let equity = equity(&suite, position, 840);
    assert!(told.paid.u128() < equity && told.credit.u128() > 0);
    let tara = taker(&mut suite, 400_000);
    let paid = [("usdc", 400_000 * UNIT)];
    let actions = vec![repay("usdc", 150_000 * UNIT)];
    suite
        .positions()
        .takeover(&tara, position, 100_000 * UNIT, actions, &paid)
        .unwrap();
    assert_eq!(suite.ask().account(&alice, "usdc").unwrap(), told.credit.u128());
    assert_eq!(stage(&suite, position), Stage::Healthy {});
}

/// At the end of a close-out's second pass the auction would leave its owner nothing: he is credited nothing, and the lenders
/// have a position that is worth its margin.
#[test]
fn where_the_auction_would_leave_nothing_nothing_is_paid() {
    let mut suite = scenes::calm().build();
    let position = scenes::closing_out(&mut suite);
    suite.set_price("atom", "7.60");
    let alice = suite.user("alice");
    for _ in 0..40 {
        let sale = suite.ask().sale(position).unwrap();
        if sale.sale.pass > 0 && sale.multiplier.is_some_and(|multiplier| multiplier < dec("0.93")) {
            break;
        }
        suite.elapse(30);
        let _ = suite.positions().advance(position);
    }
    let told = price(&suite, position);
    assert_eq!((told.credit.u128(), told.penalty.u128()), (0, 0), "{told:?}");
    assert!(!told.equity.is_zero());
    let tara = taker(&mut suite, 400_000);
    let paid = [("usdc", 250_000 * UNIT)];
    // All of what comes repays; nothing of it is kept beside that.
    suite
        .positions()
        .takeover(&tara, position, 0, vec![repay_all("usdc")], &paid)
        .unwrap();
    assert_eq!(suite.ask().account(&alice, "usdc").unwrap(), 0);
    assert_eq!(suite.balance(&tara, "usdc"), 150_000 * UNIT);
    assert_eq!(suite.ask().position(position).unwrap().owner, tara);
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
fn orders_that_pay_more_than_the_clock_say_what_the_auction_costs() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    suite.elapse(180);
    let without = price(&suite, position);
    assert!(without.multiplier < dec("0.9791"));
    // The seventh slot pays the oracle's price less half a per cent.
    let bob = suite.user("bob");
    suite.auction().set_min_order("usdc", Some(UNIT)).unwrap();
    suite
        .auction()
        .place_order(&bob, ("atom", "usdc"), 6, 1_000 * UNIT)
        .unwrap();
    let with = price(&suite, position);
    assert_eq!(with.multiplier, dec("0.995"));
    assert!(with.credit > without.credit);
    // One that pays less waits on.
    suite
        .auction()
        .place_order(&bob, ("atom", "usdc"), 15, 1_000 * UNIT)
        .unwrap();
    assert_eq!(price(&suite, position), with);
    // Once they have bought, the clock says it again.
    suite.elapse(6);
    let keeper = suite.user("keeper");
    suite.auction().match_orders(&keeper, position).unwrap();
    assert!(price(&suite, position).multiplier < dec("0.979"));
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

/// Of several collaterals and debts all count for the equity; what is paid is the debt on sale.
#[test]
fn all_that_it_holds_and_owes_counts() {
    let mut suite = wide();
    let (alice, tara) = (suite.user("alice"), suite.user("tara"));
    let deposits = [("atom", 10_000 * UNIT), ("eth", 40 * ETH)];
    let borrows = [("usdc", 100_000 * UNIT), ("eusd", 45_000 * UNIT)];
    let position = suite.positions().open(&alice, &deposits, &borrows).unwrap();
    suite.set_price("eth", "2000");
    suite.positions().advance(position).unwrap();
    scenes::advance_all(&mut suite, position);
    if suite.ask().sale(position).is_err() {
        suite.elapse(901);
        suite.positions().advance(position).unwrap();
    }
    scenes::to_lot(&mut suite, position);
    let before = suite.ask().position(position).unwrap();
    let told = price(&suite, position);
    assert_eq!(told.equity, before.collateral_value.minus(before.debt_value));
    assert_eq!(told.asset, suite.ask().sale(position).unwrap().sale.debt);
    let asset = told.asset.to_string();
    for debt in ["usdc", "eusd"] {
        suite.give(&tara, debt, 200_000 * UNIT);
    }
    let actions = vec![repay("usdc", 30_000 * UNIT), repay("eusd", 20_000 * UNIT)];
    let beside = if asset == "usdc" { 30_000 } else { 20_000 } * UNIT;
    let other = if asset == "usdc" {
        ("eusd", 20_000 * UNIT)
    } else {
        ("usdc", 30_000 * UNIT)
    };
    let paid = [(asset.as_str(), told.paid.u128() + beside), other];
    suite
        .positions()
        .takeover(&tara, position, told.paid.u128(), actions, &paid)
        .unwrap();
    assert_eq!(suite.ask().account(&alice, &asset).unwrap(), told.credit.u128());
    assert_eq!(suite.ask().account(&alice, other.0).unwrap(), 0);
    assert_eq!(stage(&suite, position), Stage::Healthy {});
}

//! `RequestExit`, `CancelExit` and `Exit`.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

mod common;

use common::*;
use cosmwasm_std::{Decimal, Uint128};
use glidepath_insurance_fund::ContractError;
use glidepath_interfaces::fund::{ExecuteMsg, ExitResponse, Params};
use glidepath_interfaces::payment::PaymentError;

/// Alice and Bob have staked a million each.
fn staked() -> Suite {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    suite.stake(&alice, 1_000_000).unwrap();
    suite.stake(&bob, 1_000_000).unwrap();
    suite
}

fn cancel(suite: &mut Suite) -> cw_multi_test::error::AnyResult<cw_multi_test::AppResponse> {
    let alice = suite.alice.clone();
    suite.execute(&alice, &ExecuteMsg::CancelExit { asset: asset("usdc") })
}

#[test]
fn an_exit_hands_over_supply_shares() {
    let mut suite = staked();
    let alice = suite.alice.clone();
    let units = suite.staked("usdc", &alice).units;
    let response = suite.request(&alice, None).unwrap();
    let (from, until) = (START + 10 * DAY, START + 12 * DAY);
    assert_eq!(
        event(&response, "exit_requested"),
        rows(&[
            ("asset", &"usdc"),
            ("staker", &alice),
            ("units", &units),
            ("from", &from),
            ("until", &until)
        ])
    );
    assert_eq!(
        suite.staked("usdc", &alice).exit,
        Some(ExitResponse { units, from, until })
    );
    assert_eq!(
        suite.staked("usdc", &alice).units,
        units,
        "they stay at risk until they leave"
    );
    suite.wait(10 * DAY);
    let response = suite.exit(&alice).unwrap();
    assert_eq!(
        event(&response, "exited"),
        rows(&[
            ("asset", &"usdc"),
            ("staker", &alice),
            ("units", &units),
            ("shares", &units)
        ])
    );
    assert_eq!(suite.supplied("usdc", &alice), units);
    assert!(suite.staked("usdc", &alice).units.is_zero());
    let pool = suite.usdc();
    assert_eq!((pool.units, pool.shares), (units, units), "Bob's are left");
    assert_eq!(suite.market("usdc").fund_shares, units);
    assert_eq!(
        refusal(suite.exit(&alice)),
        ContractError::NoExit { asset: asset("usdc") }
    );
}

#[test]
fn a_part_may_leave_and_the_rest_stays() {
    let mut suite = staked();
    let alice = suite.alice.clone();
    let units = suite.staked("usdc", &alice).units;
    let part = Uint128::new(300_000_000_001);
    suite.request(&alice, Some(part)).unwrap();
    suite.wait(10 * DAY);
    suite.exit(&alice).unwrap();
    let left = suite.staked("usdc", &alice);
    assert_eq!((left.units, left.exit), (units - part, None));
    assert_eq!(suite.supplied("usdc", &alice), part);
}

#[test]
fn the_window_opens_and_closes_to_the_second() {
    for (wait, outcome) in [
        (
            10 * DAY - 1,
            Some(ContractError::CoolingDown {
                from: START + 10 * DAY,
                now: START + 10 * DAY - 1,
            }),
        ),
        (10 * DAY, None),
        (12 * DAY, None),
        (
            12 * DAY + 1,
            Some(ContractError::ExitExpired {
                until: START + 12 * DAY,
                now: START + 12 * DAY + 1,
            }),
        ),
    ] {
        let mut suite = staked();
        let alice = suite.alice.clone();
        suite.request(&alice, None).unwrap();
        suite.wait(wait);
        match outcome {
            Some(error) => assert_eq!(refusal(suite.exit(&alice)), error),
            None => drop(suite.exit(&alice).unwrap()),
        }
    }
}

#[test]
fn a_new_request_replaces_the_old_one() {
    let mut suite = staked();
    let alice = suite.alice.clone();
    suite.request(&alice, Some(Uint128::new(5))).unwrap();
    suite.wait(10 * DAY);
    suite.request(&alice, Some(Uint128::new(7))).unwrap();
    let from = START + 20 * DAY;
    assert_eq!(
        refusal(suite.exit(&alice)),
        ContractError::CoolingDown {
            from,
            now: START + 10 * DAY
        }
    );
    suite.wait(10 * DAY);
    suite.exit(&alice).unwrap();
    assert_eq!(suite.supplied("usdc", &alice), Uint128::new(7));
}

#[test]
fn a_request_can_be_taken_back() {
    let mut suite = staked();
    let alice = suite.alice.clone();
    assert_eq!(
        refusal(cancel(&mut suite)),
        ContractError::NoExit { asset: asset("usdc") }
    );
    suite.request(&alice, Some(Uint128::new(5))).unwrap();
    let response = cancel(&mut suite).unwrap();
    assert_eq!(
        event(&response, "exit_cancelled"),
        rows(&[("asset", &"usdc"), ("staker", &alice), ("units", &5)])
    );
    suite.wait(10 * DAY);
    assert_eq!(
        refusal(suite.exit(&alice)),
        ContractError::NoExit { asset: asset("usdc") }
    );
}

#[test]
fn attack_8_zero_and_more_than_staked_are_refused() {
    let mut suite = staked();
    let alice = suite.alice.clone();
    let held = suite.staked("usdc", &alice).units;
    assert_eq!(
        refusal(suite.request(&alice, Some(Uint128::zero()))),
        ContractError::Payment(PaymentError::ZeroAmount {})
    );
    let wanted = held + Uint128::one();
    assert_eq!(
        refusal(suite.request(&alice, Some(wanted))),
        ContractError::NotEnoughUnits {
            asset: asset("usdc"),
            held,
            wanted
        }
    );
    // Somebody without a stake has nothing to ask for.
    let owner = suite.owner.clone();
    assert_eq!(
        refusal(suite.request(&owner, None)),
        ContractError::Payment(PaymentError::ZeroAmount {})
    );
    assert_eq!(
        refusal(suite.exit(&owner)),
        ContractError::NoExit { asset: asset("usdc") }
    );
}

#[test]
fn a_request_keeps_the_times_it_was_given() {
    let mut suite = staked();
    let (alice, owner) = (suite.alice.clone(), suite.owner.clone());
    suite.request(&alice, None).unwrap();
    let params = Params {
        cooldown: 60 * DAY,
        exit_window: DAY,
        stream: DAY,
    };
    suite.execute(&owner, &ExecuteMsg::SetParams { params }).unwrap();
    suite.wait(12 * DAY);
    suite.exit(&alice).unwrap();
}

#[test]
fn nobody_leaves_while_a_debt_is_insolvent() {
    let mut suite = staked();
    let alice = suite.alice.clone();
    suite.request(&alice, None).unwrap();
    suite.wait(10 * DAY);
    suite.set_insolvent("usdc", 3);
    let open = ContractError::InsolvencyOpen {
        asset: asset("usdc"),
        count: 3,
    };
    assert_eq!(refusal(suite.exit(&alice)), open);
    // Another market's is none of this one's business.
    suite.set_insolvent("usdc", 0);
    suite.set_insolvent("dai", 1);
    suite.exit(&alice).unwrap();
}

#[test]
fn attack_71_a_tenth_of_a_cent_takes_no_revenue_out_of_an_empty_fund() {
    let mut suite = Suite::new();
    let (alice, bob) = (suite.alice.clone(), suite.bob.clone());
    suite.revenue("usdc", 1_000_000_000);
    suite.stake(&alice, 1_000).unwrap();
    suite.request(&alice, None).unwrap();
    suite.wait(10 * DAY);
    assert!(suite.staked("usdc", &alice).amount <= Uint128::new(1_000));
    // It is there still for who bears a loss worth the name.
    suite.stake(&bob, 100_000_000).unwrap();
    suite.wait(7 * DAY);
    assert!(suite.staked("usdc", &bob).amount > Uint128::new(1_099_000_000));
}

#[test]
fn attack_71_an_old_request_is_no_option_on_the_first_sign_of_a_loss() {
    let mut suite = staked();
    let alice = suite.alice.clone();
    suite.request(&alice, None).unwrap();
    suite.wait(100 * DAY);
    // The loss is in sight and not flagged yet: asked long ago is asked too long ago.
    let until = START + 12 * DAY;
    assert_eq!(
        refusal(suite.exit(&alice)),
        ContractError::ExitExpired {
            until,
            now: START + 100 * DAY
        }
    );
    suite.request(&alice, None).unwrap();
    suite.burn("usdc", Uint128::new(1_000_000_000_000));
    suite.wait(10 * DAY);
    suite.exit(&alice).unwrap();
    let got = suite.supplied("usdc", &alice);
    assert_eq!(got, Uint128::new(500_000_000_000), "the loss is hers as well");
}

#[test]
fn a_loss_counts_even_if_nobody_booked_it_before_the_exit() {
    let mut suite = staked();
    let alice = suite.alice.clone();
    suite.request(&alice, None).unwrap();
    suite.wait(10 * DAY);
    suite.burn("usdc", Uint128::new(400_000_000_000));
    let response = suite.exit(&alice).unwrap();
    assert!(has_event(&response, "loss_booked"));
    assert_eq!(suite.supplied("usdc", &alice), Uint128::new(800_000_000_000));
    assert_eq!(suite.usdc().shares, Uint128::new(800_000_000_000));
}

#[test]
fn units_that_are_worth_no_share_can_t_leave() {
    let mut suite = staked();
    let alice = suite.alice.clone();
    suite.request(&alice, Some(Uint128::one())).unwrap();
    suite.wait(10 * DAY);
    suite.burn("usdc", Uint128::new(1));
    let small = ContractError::ExitTooSmall {
        asset: asset("usdc"),
        units: Uint128::one(),
    };
    assert_eq!(refusal(suite.exit(&alice)), small);
}

#[test]
fn attack_12_a_round_trip_never_gains_a_share() {
    for (amount, revenue, lost) in [
        (1, 0, 0),
        (7, 5_555_555, 0),
        (999_983, 1_234_567, 333_333_333_333),
        (13, 0, 999),
    ] {
        let mut suite = staked();
        let owner = suite.owner.clone();
        suite.lend("usdc", 500_000_000, Decimal::percent(20));
        suite.revenue("usdc", revenue);
        suite.burn("usdc", Uint128::new(lost));
        suite.book();
        suite.wait(7 * DAY);
        suite.book();
        let before = suite.market("usdc").fund_shares;
        suite.stake(&owner, amount).unwrap();
        let bought = suite.market("usdc").fund_shares - before;
        suite.request(&owner, None).unwrap();
        suite.wait(10 * DAY);
        suite.exit(&owner).unwrap();
        let got = suite.supplied("usdc", &owner);
        assert!(got <= bought, "{got} for {bought}");
        assert!(
            got + Uint128::new(5) >= bought,
            "rounding takes at most a few shares: {got} for {bought}"
        );
    }
}

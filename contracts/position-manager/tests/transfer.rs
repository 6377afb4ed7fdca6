//! `OfferPosition` and `TakePosition`: a position changes hands.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{manager, stage, why, UNIT};
use cosmwasm_std::Addr;
use glidepath_interfaces::events::position_manager::{PositionOffered, PositionTransferred};
use glidepath_interfaces::position_manager::{Action, ExecuteMsg};
use glidepath_position_manager::ContractError;
use glidepath_risk::Value;
use glidepath_testkit::{id, scenes, Outcome, Result, Suite};

fn offer(suite: &mut Suite, sender: &Addr, position: u64, to: Option<&Addr>) -> Result<Outcome> {
    suite.positions().offer(sender, position, to)
}

fn take(suite: &mut Suite, sender: &Addr, position: u64, min_equity: Option<Value>) -> Result<Outcome> {
    let manager = manager(suite);
    let msg = ExecuteMsg::TakePosition { position, min_equity };
    suite.execute(sender, &manager, &msg, &[])
}

fn owned(suite: &Suite, who: &Addr) -> Vec<u64> {
    let rows = suite.ask().positions_of(who).unwrap();
    rows.into_iter().map(|row| row.position).collect()
}

#[test]
fn whom_it_is_offered_to_takes_it() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    let ledger = suite.ask().ledger(position).unwrap();
    let done = offer(&mut suite, &alice, position, Some(&bob)).unwrap();
    let told = done.event(PositionOffered::TYPE).unwrap();
    assert_eq!(
        (told.must::<u64>("position"), told.text("to")),
        (position, Some(bob.as_str()))
    );
    assert_eq!(
        suite.ask().position(position).unwrap().offered_to,
        Some(bob.clone())
    );
    assert_eq!(owned(&suite, &alice), [position], "an offer is no transfer");

    let done = take(&mut suite, &bob, position, None).unwrap();
    let told = done.event(PositionTransferred::TYPE).unwrap();
    assert_eq!(
        (told.text("from"), told.text("to")),
        (Some(alice.as_str()), Some(bob.as_str()))
    );
    let now = suite.ask().position(position).unwrap();
    assert_eq!((now.owner, now.offered_to), (bob.clone(), None));
    assert_eq!(
        (owned(&suite, &alice), owned(&suite, &bob)),
        (vec![], vec![position])
    );
    assert_eq!(suite.ask().ledger(position).unwrap(), ledger);

    // What an owner may do, the new one may, and the old one may not any more.
    let withdraw = |who: &Addr| ExecuteMsg::Update {
        position: Some(position),
        actions: vec![Action::Withdraw {
            asset: id("atom"),
            amount: Some(UNIT.into()),
        }],
        recipient: Some(who.to_string()),
    };
    let manager = manager(&suite);
    assert_eq!(
        why(suite.execute(&alice, &manager, &withdraw(&alice), &[])),
        ContractError::NotPositionOwner {
            position,
            owner: bob.clone()
        }
    );
    suite.execute(&bob, &manager, &withdraw(&bob), &[]).unwrap();
    // An offer is used up.
    assert_eq!(
        why(take(&mut suite, &bob, position, None)),
        ContractError::NotOffered {
            position,
            sender: bob
        }
    );
}

#[test]
fn nobody_else_offers_or_takes() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let [alice, bob, carol] = ["alice", "bob", "carol"].map(|who| suite.user(who));
    let not_owner = ContractError::NotPositionOwner {
        position,
        owner: alice.clone(),
    };
    let (owner, guardian) = (suite.owner.clone(), suite.guardian.clone());
    for other in [&bob, &owner, &guardian] {
        assert_eq!(why(offer(&mut suite, other, position, Some(&bob))), not_owner);
        assert_eq!(why(offer(&mut suite, other, position, None)), not_owner);
        assert_eq!(
            why(take(&mut suite, other, position, None)),
            ContractError::NotOffered {
                position,
                sender: other.clone()
            }
        );
    }
    // To one at a time, and to nobody once it is taken back.
    offer(&mut suite, &alice, position, Some(&bob)).unwrap();
    offer(&mut suite, &alice, position, Some(&carol)).unwrap();
    assert!(matches!(
        why(take(&mut suite, &bob, position, None)),
        ContractError::NotOffered { .. }
    ));
    let done = offer(&mut suite, &alice, position, None).unwrap();
    assert_eq!(done.event(PositionOffered::TYPE).unwrap().text("to"), None);
    assert!(matches!(
        why(take(&mut suite, &carol, position, None)),
        ContractError::NotOffered { .. }
    ));
    assert_eq!(owned(&suite, &alice), [position]);
}

#[test]
fn to_himself_to_a_contract_of_the_suite_or_of_nothing_it_is_not_offered() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let alice = suite.user("alice");
    assert_eq!(
        why(offer(&mut suite, &alice, position, Some(&alice))),
        ContractError::OwnPosition {
            position,
            owner: alice.clone()
        }
    );
    let peers = suite.peers.clone();
    for contract in [
        peers.vault,
        peers.position_manager,
        peers.oracle_adapter,
        peers.insurance_fund,
    ] {
        assert_eq!(
            why(offer(&mut suite, &alice, position, Some(&contract))),
            ContractError::RecipientIsSuite { recipient: contract }
        );
    }
    let nowhere = Addr::unchecked("nowhere");
    assert!(matches!(
        why(offer(&mut suite, &alice, position, Some(&nowhere))),
        ContractError::Std(_)
    ));
    assert_eq!(
        why(offer(&mut suite, &alice, 77, None)),
        ContractError::NoPosition { position: 77 }
    );
    assert_eq!(
        why(take(&mut suite, &alice, 77, None)),
        ContractError::NoPosition { position: 77 }
    );
}

#[test]
fn what_is_taken_out_before_is_seen_by_the_least_equity() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    offer(&mut suite, &alice, position, Some(&bob)).unwrap();
    // $1,000,000 of atom and a debt of $740,000; then alice borrows 5,000 more.
    let equity = Value::usd(260_000);
    let borrow = ExecuteMsg::Update {
        position: Some(position),
        actions: vec![Action::Borrow(glidepath_interfaces::asset::Amount {
            asset: id("usdc"),
            amount: (5_000 * UNIT).into(),
        })],
        recipient: None,
    };
    let manager = manager(&suite);
    suite.execute(&alice, &manager, &borrow, &[]).unwrap();
    let refused = why(take(&mut suite, &bob, position, Some(equity)));
    assert_eq!(
        refused,
        ContractError::TooLittleEquity {
            position,
            collateral: Value::usd(1_000_000),
            debt: Value::usd(745_000),
            min: equity,
        }
    );
    assert!(refused.to_string().contains("$745000"), "{refused}");
    take(&mut suite, &bob, position, Some(Value::usd(255_000))).unwrap();
}

#[test]
fn a_call_a_sale_and_its_clocks_stay_as_they_are() {
    let mut suite = scenes::calm().build();
    let position = scenes::called(&mut suite);
    let (alice, bob, keeper) = (suite.user("alice"), suite.user("bob"), suite.user("keeper"));
    let before = stage(&suite, position);
    offer(&mut suite, &alice, position, Some(&bob)).unwrap();
    take(&mut suite, &bob, position, None).unwrap();
    assert_eq!(stage(&suite, position), before, "grace does not begin again");
    suite.elapse(901);
    suite.positions().advance(position).unwrap();
    scenes::to_lot(&mut suite, position);
    let sale = suite.ask().sale(position).unwrap();
    offer(&mut suite, &bob, position, Some(&alice)).unwrap();
    take(&mut suite, &alice, position, None).unwrap();
    assert_eq!(suite.ask().sale(position).unwrap(), sale);
    suite.auction().bid(&keeper, position, 1_000 * UNIT).unwrap();
}

#[test]
fn an_old_price_sells_no_equity() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    offer(&mut suite, &alice, position, Some(&bob)).unwrap();
    suite.advance_time(20 * 3_600);
    let refused = why(take(&mut suite, &bob, position, Some(Value::usd(100_000))));
    assert!(matches!(refused, ContractError::Price(_)), "{refused}");
    // And a price that jumped up counts at its average.
    suite.refresh();
    suite.set_price("atom", "12");
    let refused = why(take(&mut suite, &bob, position, Some(Value::usd(300_000))));
    assert!(
        matches!(
            refused,
            ContractError::TooLittleEquity { .. } | ContractError::Price(_)
        ),
        "{refused}"
    );
}

#[test]
fn an_offer_ends_by_itself() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    let manager = manager(&suite);
    for (seconds, lasts) in [(Some(60), 60), (None, 7 * 86_400)] {
        let msg = ExecuteMsg::OfferPosition {
            position,
            to: Some(bob.to_string()),
            expires_at: seconds.map(|seconds| suite.now() + seconds),
        };
        suite.execute(&alice, &manager, &msg, &[]).unwrap();
        suite.advance_time(lasts - 1);
        assert!(suite.ask().position(position).unwrap().offered_to.is_some());
        suite.advance_time(1);
        assert_eq!(suite.ask().position(position).unwrap().offered_to, None);
        assert!(matches!(
            why(take(&mut suite, &bob, position, None)),
            ContractError::NotOffered { .. }
        ));
    }
}

#[test]
fn without_a_least_equity_no_price_is_needed() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    offer(&mut suite, &alice, position, Some(&bob)).unwrap();
    suite.advance_time(6 * 86_400);
    take(&mut suite, &bob, position, None).unwrap();
    assert_eq!(owned(&suite, &bob), [position]);
}

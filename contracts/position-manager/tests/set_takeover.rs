//! `SetTakeover`: an owner keeps his position from being taken over while it is sold softly.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{rich, why, UNIT};
use cosmwasm_std::Addr;
use glidepath_interfaces::events::position_manager::TakeoverSet;
use glidepath_interfaces::position_manager::ExecuteMsg;
use glidepath_position_manager::ContractError;
use glidepath_testkit::handles::repay;
use glidepath_testkit::{scenes, Outcome, Result, Suite};

fn take(suite: &mut Suite, position: u64) -> Result<Outcome> {
    let tara = rich(suite, "tara", &[("usdc", 500_000 * UNIT)]);
    let actions = vec![repay("usdc", 150_000 * UNIT)];
    let paid = [("usdc", 500_000 * UNIT)];
    suite
        .positions()
        .takeover(&tara, position, u128::MAX, actions, &paid)
}

fn is_kept(suite: &Suite, position: u64) -> bool {
    let preview = suite.ask().preview_takeover(position, None, vec![]).unwrap();
    preview.price.is_none()
}

fn kept(position: u64, owner: &Addr, since: u64) -> ContractError {
    ContractError::Kept {
        position,
        owner: owner.clone(),
        since,
    }
}

#[test]
fn only_the_owner_says_so() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let (alice, tara) = (suite.user("alice"), suite.user("tara"));
    let (owner, guardian) = (suite.owner.clone(), suite.guardian.clone());
    for other in [&tara, &owner, &guardian] {
        assert_eq!(
            why(suite.positions().set_takeover(other, position, false)),
            ContractError::NotPositionOwner {
                position,
                owner: alice.clone()
            }
        );
    }
    assert_eq!(
        why(suite.positions().set_takeover(&alice, 9, false)),
        ContractError::NoPosition { position: 9 }
    );
    let done = suite.positions().set_takeover(&alice, position, false).unwrap();
    let event = done.event(TakeoverSet::TYPE).unwrap();
    assert_eq!(event.text("allowed"), Some("false"));
    assert_eq!(event.must::<u64>("refused_from"), suite.now() + 1);
    let done = suite.positions().set_takeover(&alice, position, true).unwrap();
    let event = done.event(TakeoverSet::TYPE).unwrap();
    assert_eq!(
        (event.text("allowed"), event.text("refused_from")),
        (Some("true"), None)
    );
}

/// Who saw that he may take it over is not refused by what its owner sends in front of him.
#[test]
fn attack_44_a_refusal_counts_from_the_next_second_on() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let alice = suite.user("alice");
    suite.positions().set_takeover(&alice, position, false).unwrap();
    let since = suite.now() + 1;
    let preview = suite.ask().preview_takeover(position, None, vec![]).unwrap();
    assert_eq!(preview.refused_from, Some(since));
    assert!(preview.price.is_some());
    suite.elapse(1);
    assert_eq!(why(take(&mut suite, position)), kept(position, &alice, since));
    // Said again it is as it was: nothing opens in between.
    suite.positions().set_takeover(&alice, position, false).unwrap();
    assert_eq!(why(take(&mut suite, position)), kept(position, &alice, since));
    // What is allowed is so at once, and a refusal behind it begins anew.
    suite.positions().set_takeover(&alice, position, true).unwrap();
    suite.positions().set_takeover(&alice, position, false).unwrap();
    take(&mut suite, position).unwrap();
}

#[test]
fn it_may_be_said_long_before_and_lasts() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let alice = suite.user("alice");
    suite.positions().set_takeover(&alice, position, false).unwrap();
    let since = suite.now() + 1;
    suite.elapse(86_400);
    suite.set_price("atom", "9.20");
    suite.positions().advance(position).unwrap();
    suite.elapse(901);
    suite.positions().advance(position).unwrap();
    scenes::to_lot(&mut suite, position);
    assert_eq!(why(take(&mut suite, position)), kept(position, &alice, since));
    // It keeps nobody from bidding.
    let bob = suite.user("bob");
    suite.auction().bid(&bob, position, 1_000 * UNIT).unwrap();
}

#[test]
fn in_a_close_out_it_does_not_count() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let alice = suite.user("alice");
    suite.positions().set_takeover(&alice, position, false).unwrap();
    suite.set_price("atom", "8.40");
    assert!(is_kept(&suite, position), "still soft");
    scenes::advance_all(&mut suite, position);
    suite.elapse(60);
    scenes::advance_all(&mut suite, position);
    scenes::to_lot(&mut suite, position);
    assert_eq!(
        suite.ask().sale(position).unwrap().sale.mode.to_string(),
        "close_out"
    );
    take(&mut suite, position).unwrap();
}

#[test]
fn it_is_not_the_next_owners_word() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    suite.positions().set_takeover(&alice, position, false).unwrap();
    suite.elapse(1);
    suite.positions().offer(&alice, position, Some(&bob)).unwrap();
    let msg = ExecuteMsg::TakePosition {
        position,
        min_equity: None,
    };
    suite.positions().execute(&bob, &msg).unwrap();
    let preview = suite.ask().preview_takeover(position, None, vec![]).unwrap();
    assert_eq!(preview.refused_from, None);
    // Bob keeps it; tara, who takes it over once he lets her, has not said so.
    suite.positions().set_takeover(&bob, position, false).unwrap();
    suite.elapse(1);
    assert!(is_kept(&suite, position));
    suite.positions().set_takeover(&bob, position, true).unwrap();
    suite.positions().set_takeover(&bob, position, false).unwrap();
    take(&mut suite, position).unwrap();
    let preview = suite.ask().preview_takeover(position, None, vec![]).unwrap();
    assert_eq!(preview.refused_from, None);
}

//! `Takeover`: what is refused, and that nothing of it is left.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{dec, manager, mixed, rich, why, CUSD, GOLD, UNIT};
use cosmwasm_std::{to_json_binary, Addr};
use cw20::{Cw20ExecuteMsg, Cw20ReceiveMsg};
use cw_asset::AssetInfo;
use glidepath_interfaces::oracle::{PriceRefusal, StopKind};
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::position_manager::{Action, AssetStatus, ExecuteMsg, Refusal};
use glidepath_position_manager::ContractError;
use glidepath_testkit::handles::{deposit, repay, withdraw};
use glidepath_testkit::{id, refused, scenes, AssetSpec, Moment, Suite};

/// Somebody who could pay for it.
fn tara(suite: &mut Suite) -> Addr {
    rich(
        suite,
        "tara",
        &[("usdc", 1_000_000 * UNIT), ("atom", 10_000 * UNIT)],
    )
}

/// Why he may not take a position over; nothing is left of the attempt, and a preview says the same.
#[track_caller]
fn why_not(suite: &mut Suite, position: u64) -> ContractError {
    let tara = tara(suite);
    let actions = vec![repay("usdc", 100_000 * UNIT)];
    let preview = suite
        .ask()
        .preview_takeover(position, Some(&tara), actions.clone())
        .unwrap();
    let moment = Moment::of(suite);
    let paid = [("usdc", 500_000 * UNIT)];
    let refusal = why(suite
        .positions()
        .takeover(&tara, position, u128::MAX, actions, &paid));
    assert!(
        moment.is_now(suite),
        "something is left of a refused takeover: {refusal}"
    );
    assert_eq!(preview.refused, Some(refusal.to_string()));
    assert_eq!(preview.price, None);
    refusal
}

#[test]
fn only_what_is_on_sale() {
    let mut suite = scenes::calm().build();
    let position = scenes::leveraged(&mut suite);
    let no_sale = ContractError::NoSale { position };
    assert_eq!(why_not(&mut suite, position), no_sale, "healthy");
    suite.set_price("atom", "9.20");
    assert_eq!(why_not(&mut suite, position), no_sale, "to be called");
    suite.positions().advance(position).unwrap();
    assert_eq!(why_not(&mut suite, position), no_sale, "called, in its grace");
    let tara = tara(&mut suite);
    let nobodys = suite.positions().takeover(&tara, 77, 0, vec![], &[]);
    assert_eq!(why(nobodys), ContractError::NoPosition { position: 77 });
}

#[test]
fn only_while_anybody_may_bid() {
    let mut suite = scenes::calm().build();
    let position = scenes::opened(&mut suite);
    let no_lot = ContractError::NoLot { position };
    let lot = suite.ask().sale(position).unwrap().sale.lot.unwrap();
    suite.until(lot.ends_at);
    let tara = tara(&mut suite);
    let ask = |suite: &Suite| {
        suite
            .ask()
            .preview_takeover(position, Some(&tara), vec![])
            .unwrap()
    };
    assert!(ask(&suite).price.is_some(), "in its last second");
    suite.elapse(1);
    assert_eq!(why_not(&mut suite, position), no_lot, "over");
    suite.positions().advance(position).unwrap();
    assert_eq!(why_not(&mut suite, position), no_lot, "not begun");
    scenes::to_lot(&mut suite, position);
    assert!(ask(&suite).price.is_some());
}

#[test]
fn not_while_only_listed_bidders_may_buy() {
    let mut suite = scenes::calm().build();
    let first = suite.user("first");
    suite.auction().set_bidders("atom", 60, &[&first]).unwrap();
    let position = scenes::on_sale(&mut suite);
    assert_eq!(why_not(&mut suite, position), ContractError::NoLot { position });
    suite.elapse(60);
    assert!(suite
        .ask()
        .preview_takeover(position, None, vec![])
        .unwrap()
        .price
        .is_some());
}

#[test]
fn not_what_sleeps_or_has_recovered() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    // Above maintenance before anything was sold: it ends with the next touch.
    suite.set_price("atom", "9.40");
    assert_eq!(
        why_not(&mut suite, position),
        ContractError::Recovered { position }
    );
    // Once something was, it goes on below the target; the first fill of the next lot needs a breach.
    suite.set_price("atom", "9.20");
    let bob = suite.user("bob");
    suite.auction().bid(&bob, position, 10_000 * UNIT).unwrap();
    suite.set_price("atom", "9.20");
    let lot = suite.ask().sale(position).unwrap().sale.lot.unwrap();
    suite.until(lot.ends_at + 1);
    suite.positions().advance(position).unwrap();
    scenes::to_lot(&mut suite, position);
    suite.set_price("atom", "9.40");
    assert!(matches!(
        why_not(&mut suite, position),
        ContractError::Refused(Refusal::NotInDistress { .. })
    ));
    let lot = suite.ask().sale(position).unwrap().sale.lot.unwrap();
    suite.until(lot.ends_at + 1);
    assert_eq!(common::advance(&mut suite, position), "slept");
    assert_eq!(why_not(&mut suite, position), ContractError::NoLot { position });
}

#[test]
fn not_what_owes_more_than_it_holds() {
    let mut suite = scenes::calm().build();
    let position = scenes::closing_out(&mut suite);
    suite.set_price("atom", "7.40");
    let ContractError::Insolvent { collateral, debt, .. } = why_not(&mut suite, position) else {
        panic!("it is insolvent")
    };
    assert_eq!(collateral, glidepath_risk::Value::usd(740_000));
    assert!(debt > collateral);
}

#[test]
fn its_owner_and_the_suite_take_nothing_over() {
    let mut suite = scenes::calm().unwatched().build();
    let position = scenes::on_sale(&mut suite);
    let alice = rich(&mut suite, "alice", &[("usdc", 500_000 * UNIT)]);
    let actions = vec![repay("usdc", 100_000 * UNIT)];
    let paid = [("usdc", 500_000 * UNIT)];
    let own = ContractError::OwnPosition {
        position,
        owner: alice.clone(),
    };
    let preview = suite
        .ask()
        .preview_takeover(position, Some(&alice), actions.clone())
        .unwrap();
    assert_eq!(preview.refused, Some(own.to_string()));
    let refusal = why(suite
        .positions()
        .takeover(&alice, position, u128::MAX, actions.clone(), &paid));
    assert_eq!(refusal, own);
    let peers = suite.peers.clone();
    for peer in [
        peers.vault,
        peers.liquidation_auction,
        peers.insurance_fund,
        peers.oracle_adapter,
    ] {
        suite.give(&peer, "usdc", 500_000 * UNIT);
        let refusal = why(suite
            .positions()
            .takeover(&peer, position, u128::MAX, actions.clone(), &paid));
        assert_eq!(
            refusal,
            ContractError::RecipientIsSuite {
                recipient: peer.clone()
            }
        );
        let preview = suite
            .ask()
            .preview_takeover(position, Some(&peer), actions.clone())
            .unwrap();
        assert_eq!(preview.refused, Some(refusal.to_string()));
    }
}

#[test]
fn for_no_more_than_is_said_and_with_what_came() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let tara = tara(&mut suite);
    let price = suite
        .ask()
        .preview_takeover(position, None, vec![])
        .unwrap()
        .price
        .unwrap();
    let paid = price.paid.u128();
    let mut with = |max: u128, actions: Vec<Action>, payment: &[(&str, u128)]| {
        let moment = Moment::of(&suite);
        let refusal = why(suite.positions().takeover(&tara, position, max, actions, payment));
        assert!(moment.is_now(&suite), "something is left: {refusal}");
        refusal
    };
    let repays = || vec![repay("usdc", 100_000 * UNIT)];
    assert_eq!(
        with(paid - 1, repays(), &[("usdc", 500_000 * UNIT)]),
        ContractError::AboveMaxPay {
            asset: id("usdc"),
            paid: price.paid,
            max: (paid - 1).into()
        }
    );
    // A unit short of the price, and of the actions behind it.
    assert_eq!(
        with(paid, repays(), &[("usdc", paid - 1)]),
        ContractError::Unpaid {
            asset: id("usdc"),
            needed: price.paid,
            paid: (paid - 1).into()
        }
    );
    assert_eq!(
        with(paid, repays(), &[("usdc", paid + 100_000 * UNIT - 1)]),
        ContractError::Unpaid {
            asset: id("usdc"),
            needed: (100_000 * UNIT).into(),
            paid: (100_000 * UNIT - 1).into()
        }
    );
    assert!(matches!(with(paid, repays(), &[]), ContractError::Unpaid { .. }));
    // What nothing takes, of another asset than the one that is returned.
    assert!(matches!(
        with(paid, repays(), &[("usdc", 500_000 * UNIT), ("atom", UNIT)]),
        ContractError::Payment(PaymentError::UnexpectedFunds { .. })
    ));
    assert_eq!(
        with(paid, vec![], &[("usdc", 500_000 * UNIT)]),
        ContractError::NoActions {}
    );
    // Whatever he does, initial margin is met.
    for actions in [vec![repay("usdc", 40_000 * UNIT)], vec![withdraw("atom", 1)]] {
        assert!(matches!(
            with(paid, actions, &[("usdc", 500_000 * UNIT)]),
            ContractError::BelowInitialMargin { .. }
        ));
    }
    let deposits = [("usdc", 500_000 * UNIT), ("atom", UNIT)];
    assert!(matches!(
        with(paid, vec![deposit("atom", UNIT)], &deposits),
        ContractError::BelowInitialMargin { .. }
    ));
    // Only repaying needs no margin of an update; taking over does.
    suite
        .positions()
        .takeover(
            &tara,
            position,
            paid,
            repays(),
            &[("usdc", paid + 100_000 * UNIT)],
        )
        .unwrap();
}

/// Attack 65: nobody holds an option on an old record.
#[test]
fn attack_65_with_fresh_prices_only() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    suite.advance_time(16);
    assert!(matches!(
        why_not(&mut suite, position),
        ContractError::Price(PriceRefusal::NotChecked {
            age: 16,
            max_age: 15,
            ..
        })
    ));
    let keeper = suite.user("keeper");
    suite.advance_time(110);
    suite.oracle().update_prices(&keeper, &["atom", "usdc"]).unwrap();
    // A fill may use a price of two minutes; what is borrowed against, and changes hands as a whole, may not.
    assert!(matches!(
        why_not(&mut suite, position),
        ContractError::Price(PriceRefusal::TooOld {
            age: 126,
            max_age: 120,
            ..
        })
    ));
    suite.refresh();
    assert!(suite
        .ask()
        .preview_takeover(position, None, vec![])
        .unwrap()
        .price
        .is_some());
}

#[test]
fn not_while_something_is_stopped() {
    for kind in [StopKind::Fills, StopKind::Borrowing] {
        let mut suite = scenes::calm().build();
        let position = scenes::on_sale(&mut suite);
        let owner = suite.owner.clone();
        for asset in ["atom", "usdc"] {
            suite.oracle().stop(&owner, asset, kind, 600).unwrap();
            assert!(matches!(
                why_not(&mut suite, position),
                ContractError::Price(PriceRefusal::Stopped { .. })
            ));
            suite.oracle().lift(asset, kind).unwrap();
        }
    }
}

/// A wrong price trips the breaker, and the fills go on with care; the whole position does not change hands at it.
#[test]
fn attack_64_not_at_a_price_that_jumped() {
    let atom = AssetSpec::atom().calm().depth(200_000);
    let mut suite = Suite::builder()
        .asset(atom)
        .asset(AssetSpec::usdc().calm().no_interest())
        .build();
    let position = scenes::on_sale(&mut suite);
    let mut feed = suite.ask().feed("atom").unwrap();
    feed.breaker.max_move = dec("0.1");
    suite.oracle().set_feed("atom", feed).unwrap();
    suite.elapse(3_600);
    scenes::advance_all(&mut suite, position);
    scenes::to_lot(&mut suite, position);
    assert!(suite
        .ask()
        .preview_takeover(position, None, vec![])
        .unwrap()
        .price
        .is_some());
    suite.set_price("atom", "8.10");
    assert!(matches!(
        why_not(&mut suite, position),
        ContractError::Price(PriceRefusal::Stopped { .. })
    ));
}

#[test]
fn not_with_what_is_dead() {
    let mut suite = scenes::calm().asset(AssetSpec::eth().calm()).build();
    let position = scenes::on_sale(&mut suite);
    let alice = suite.user("alice");
    suite.positions().deposit(&alice, position, "eth", 1).unwrap();
    assert!(suite
        .ask()
        .preview_takeover(position, None, vec![])
        .unwrap()
        .price
        .is_some());
    suite.positions().set_status("eth", AssetStatus::Dead).unwrap();
    assert_eq!(
        why_not(&mut suite, position),
        ContractError::ReduceOnly {
            asset: id("eth"),
            status: AssetStatus::Dead
        }
    );
}

/// Attack 61: an asset without a good price, a unit of it, keeps nobody from buying; the whole has no price without it.
#[test]
fn not_without_a_good_price_of_everything() {
    let mut suite = scenes::calm().asset(AssetSpec::eth().calm()).build();
    let position = scenes::on_sale(&mut suite);
    let alice = suite.user("alice");
    suite.positions().deposit(&alice, position, "eth", 1).unwrap();
    suite.advance_time(130);
    let [atom, usdc] = ["atom", "usdc"].map(|asset| (id(asset), suite.ask().price(asset).unwrap().price.0));
    suite.post(&[atom, usdc]);
    let keeper = suite.user("keeper");
    suite.oracle().update_prices(&keeper, &["eth"]).unwrap();
    assert!(matches!(
        why_not(&mut suite, position),
        ContractError::Price(PriceRefusal::TooOld { asset, .. }) if asset == id("eth")
    ));
    let bob = suite.user("bob");
    suite.auction().bid(&bob, position, 1_000 * UNIT).unwrap();
}

#[test]
fn by_a_tokens_hook_only_with_that_token_in_it() {
    let mut suite = mixed();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(&alice, &[("gold", 100 * GOLD)], &[("cusd", 129_000 * CUSD)])
        .unwrap();
    suite.set_price("gold", "1800");
    suite.positions().advance(position).unwrap();
    scenes::advance_all(&mut suite, position);
    scenes::to_lot(&mut suite, position);
    let tara = rich(
        &mut suite,
        "tara",
        &[("gold", 50 * GOLD), ("cusd", 100_000 * CUSD)],
    );
    // The price is in cusd: gold alone can't pay it.
    let actions = vec![deposit("gold", 50 * GOLD)];
    let paid = [("gold", 50 * GOLD)];
    assert!(matches!(
        why(suite.positions().takeover(&tara, position, u128::MAX, actions, &paid)),
        ContractError::Unpaid { asset, .. } if asset == id("cusd")
    ));
    // A token that stands for nothing of it.
    let actions = vec![repay("cusd", CUSD)];
    assert!(matches!(
        why(suite
            .positions()
            .takeover(&tara, position, u128::MAX, actions, &paid)),
        ContractError::WrongToken { .. }
    ));
    // Payments first.
    let actions = vec![withdraw("gold", 1), repay("cusd", 20_000 * CUSD)];
    let paid = [("cusd", 90_000 * CUSD)];
    assert_eq!(
        why(suite
            .positions()
            .takeover(&tara, position, u128::MAX, actions, &paid)),
        ContractError::PaymentsFirst {}
    );
    // Somebody who is no listed token, and says who sent it.
    let takes = ExecuteMsg::Takeover {
        position,
        max_pay: u128::MAX.into(),
        actions: vec![repay("cusd", 20_000 * CUSD)],
    };
    let hook = ExecuteMsg::Receive(Cw20ReceiveMsg {
        sender: tara.to_string(),
        amount: (90_000 * CUSD).into(),
        msg: to_json_binary(&takes).unwrap(),
    });
    let mallory = suite.user("mallory");
    let manager = manager(&suite);
    assert_eq!(
        why(suite.execute(&mallory, &manager, &hook, &[])),
        ContractError::WrongToken { token: mallory }
    );
    // And the opt-out takes nothing.
    let AssetInfo::Cw20(token) = suite.listed("cusd").info.clone() else {
        panic!("cusd is a token")
    };
    let send = Cw20ExecuteMsg::Send {
        contract: manager.to_string(),
        amount: 1u128.into(),
        msg: to_json_binary(&ExecuteMsg::SetTakeover {
            position,
            allowed: false,
        })
        .unwrap(),
    };
    let refusal: ContractError = refused(suite.execute(&tara, &token, &send, &[]));
    assert_eq!(refusal, ContractError::Payment(PaymentError::NotPayable {}));
}

/// Two who want it in one block: the first has it, the second has his coins.
#[test]
fn the_second_finds_nothing() {
    let mut suite = scenes::calm().build();
    let position = scenes::on_sale(&mut suite);
    let tara = tara(&mut suite);
    let actions = || vec![repay("usdc", 100_000 * UNIT)];
    let paid = [("usdc", 500_000 * UNIT)];
    suite
        .positions()
        .takeover(&tara, position, u128::MAX, actions(), &paid)
        .unwrap();
    let vera = rich(&mut suite, "vera", &[("usdc", 500_000 * UNIT)]);
    let refusal = why(suite
        .positions()
        .takeover(&vera, position, u128::MAX, actions(), &paid));
    assert_eq!(refusal, ContractError::NoSale { position });
    assert_eq!(suite.balance(&vera, "usdc"), 500_000 * UNIT);
}

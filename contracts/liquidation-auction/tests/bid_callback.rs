//! `Bid` by callback: collateral first, paid from what it brings.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{error, sale};
use cosmwasm_std::{to_json_binary, Addr, CosmosMsg, Uint128};
use glidepath_interfaces::auction::{ExecuteMsg, Pay};
use glidepath_interfaces::events::auction::{Filled, SaleEnded};
use glidepath_interfaces::events::position_manager::DistressEnded;
use glidepath_interfaces::events::vault::{TicketOpened, TicketPaid};
use glidepath_interfaces::position_manager::{self, Stage};
use glidepath_interfaces::{oracle, vault};
use glidepath_liquidation_auction::ContractError;
use glidepath_position_manager::ContractError as ManagerError;
use glidepath_testkit::flash::{self, FlashMsg};
use glidepath_testkit::handles::BidTerms;
use glidepath_testkit::scenes::{calm, on_sale, to_lot, UNIT};
use glidepath_testkit::{defaults, id, refused, AssetSpec, Outcome, Result, Suite};
use glidepath_vault::ContractError as VaultError;

/// A contract without capital beside a deep pool at $9.20.
fn flash(suite: &mut Suite) -> Addr {
    let pool = flash::pool(suite, [("atom", "10000000"), ("usdc", "92000000")]);
    flash::bidder(suite, &pool)
}

fn send(suite: &mut Suite, flash: &Addr, msg: &FlashMsg) -> Result<Outcome> {
    let anyone = suite.user("anyone");
    suite.execute(&anyone, flash, msg, &[])
}

/// Lets the price fall until the pool pays more.
fn until_it_pays(suite: &mut Suite, position: u64) {
    let lot = sale(suite, position).lot.unwrap();
    suite.until(lot.start_at + 200);
}

#[test]
fn a_liquidation_without_capital() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    until_it_pays(&mut suite, position);
    let flash = flash(&mut suite);
    assert_eq!(
        (suite.balance(&flash, "atom"), suite.balance(&flash, "usdc")),
        (0, 0)
    );
    let done = send(&mut suite, &flash, &flash::buy(&[position])).unwrap();
    let event = done.event(Filled::TYPE).unwrap();
    let owed: Uint128 = done.event(TicketOpened::TYPE).unwrap().must("owed");
    assert_eq!(event.must::<Uint128>("paid"), owed);
    assert_eq!(
        done.event(TicketPaid::TYPE).unwrap().must::<Uint128>("amount"),
        owed
    );
    assert_eq!(suite.balance(&flash, "atom"), 0, "all of it sold");
    assert!(suite.balance(&flash, "usdc") > 0, "and something is left");
}

#[test]
fn is_the_same_fill_as_with_coins() {
    let run = |by_callback: bool| {
        let mut suite = calm().build();
        let position = on_sale(&mut suite);
        until_it_pays(&mut suite, position);
        let flash = flash(&mut suite);
        let bob = suite.user("bob");
        if by_callback {
            send(&mut suite, &flash, &flash::buy(&[position])).unwrap();
        } else {
            suite.auction().bid(&bob, position, 10_000_000 * UNIT).unwrap();
        }
        let ask = suite.ask();
        let market = ask.market("usdc").unwrap();
        (
            sale(&suite, position),
            ask.ledger(position).unwrap(),
            market.market,
        )
    };
    assert_eq!(run(true), run(false));
}

#[test]
fn two_nested_ones() {
    let mut suite = calm().build();
    let (alice, anna) = (suite.user("alice"), suite.user("anna"));
    let positions = [&alice, &anna].map(|owner| {
        suite
            .positions()
            .open(owner, &[("atom", 100_000 * UNIT)], &[("usdc", 740_000 * UNIT)])
            .unwrap()
    });
    suite.set_price("atom", "9.20");
    for position in positions {
        suite.positions().advance(position).unwrap();
    }
    suite.elapse(901);
    for position in positions {
        suite.positions().advance(position).unwrap();
    }
    to_lot(&mut suite, positions[1]);
    until_it_pays(&mut suite, positions[1]);
    let flash = flash(&mut suite);
    let done = send(&mut suite, &flash, &flash::buy(&positions)).unwrap();
    assert_eq!(done.all(TicketOpened::TYPE).count(), 2);
    assert_eq!(done.all(TicketPaid::TYPE).count(), 2);
    assert_eq!(done.all(Filled::TYPE).count(), 2);
    // The same position inside its own callback: its last ticket is open.
    let twice = FlashMsg::Buy {
        positions: vec![positions[0], positions[0]],
        max: Some((5_000 * UNIT).into()),
        meanwhile: vec![],
    };
    for position in positions {
        to_lot(&mut suite, position);
        until_it_pays(&mut suite, position);
    }
    let why: VaultError = refused(send(&mut suite, &flash, &twice));
    assert_eq!(
        why,
        VaultError::TicketOpen {
            position: positions[0]
        }
    );
}

#[test]
fn in_tokens_on_both_sides() {
    let tok = AssetSpec::cw20("tok", 8, "10")
        .as_collateral(defaults::MAJOR)
        .calm()
        .depth(200_000);
    let mut suite = calm()
        .asset(tok)
        .asset(AssetSpec::cusd().calm().no_interest())
        .build();
    let alice = suite.user("alice");
    let (held, owed) = (suite.units("tok", "100000"), suite.units("cusd", "740000"));
    let position = suite
        .positions()
        .open(&alice, &[("tok", held)], &[("cusd", owed)])
        .unwrap();
    suite.set_price("tok", "9.20");
    suite.positions().advance(position).unwrap();
    suite.elapse(901);
    suite.positions().advance(position).unwrap();
    until_it_pays(&mut suite, position);
    let pool = flash::pool(&mut suite, [("tok", "10000000"), ("cusd", "92000000")]);
    let flash = flash::bidder(&mut suite, &pool);
    send(&mut suite, &flash, &flash::buy(&[position])).unwrap();
    assert!(suite.balance(&flash, "cusd") > 0);
    assert_eq!(suite.balance(&flash, "tok"), 0);
}

#[test]
fn at_a_price_that_the_market_does_not_pay_nothing_happens() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let flash = flash(&mut suite);
    let before = (sale(&suite, position), suite.ask().ledger(position).unwrap());
    // The lot costs 1.005 of what the pool pays: the proceeds are not enough.
    assert!(send(&mut suite, &flash, &flash::buy(&[position])).is_err());
    let after = (sale(&suite, position), suite.ask().ledger(position).unwrap());
    assert_eq!(before, after);
}

#[test]
fn the_last_fill_is_over_before_its_bidder_is_called() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let flash = flash(&mut suite);
    for _ in 0..20 {
        until_it_pays(&mut suite, position);
        // In the callback of the fill that ends the sale nothing is due, and the owner is free.
        let advance = position_manager::ExecuteMsg::Advance { position };
        let manager = suite.peers.position_manager.clone();
        let msg = FlashMsg::Buy {
            positions: vec![position],
            max: None,
            meanwhile: vec![call(&manager, &advance)],
        };
        let why = refused::<ManagerError>(send(&mut suite, &flash, &msg));
        let done = send(&mut suite, &flash, &flash::buy(&[position])).unwrap();
        if done.has(SaleEnded::TYPE) {
            assert!(done.has(DistressEnded::TYPE));
            assert!(matches!(why, ManagerError::NothingToAdvance { .. }), "{why:?}");
            assert_eq!(suite.ask().position(position).unwrap().stage, Stage::Healthy {});
            return;
        }
        to_lot(&mut suite, position);
    }
    panic!("the sale did not end");
}

fn call(contract: &Addr, msg: &impl cosmwasm_schema::serde::Serialize) -> CosmosMsg {
    glidepath_interfaces::asset::call(contract, msg).unwrap()
}

/// Whatever is done in the callback finds the state that there will be.
#[test]
fn attack_70_inside_a_callback() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    until_it_pays(&mut suite, position);
    let flash = flash(&mut suite);
    let (auction, manager) = (
        suite.peers.liquidation_auction.clone(),
        suite.peers.position_manager.clone(),
    );
    let (vault, oracle) = (suite.peers.vault.clone(), suite.peers.oracle_adapter.clone());
    let withdraw = vault::ExecuteMsg::Withdraw {
        asset: id("usdc"),
        amount: None,
        recipient: None,
    };
    let settle = vault::ExecuteMsg::TicketPaid { position };
    let borrow = position_manager::ExecuteMsg::Update {
        position: Some(position),
        actions: vec![position_manager::Action::Withdraw {
            asset: id("atom"),
            amount: None,
        }],
        recipient: None,
    };
    let end = ExecuteMsg::End {
        position,
        reason: glidepath_interfaces::auction::EndReason::Cured,
    };
    let hostile = [
        call(&manager, &position_manager::ExecuteMsg::Advance { position }),
        call(&vault, &withdraw),
        call(&vault, &settle),
        call(&manager, &borrow),
        call(&auction, &end),
    ];
    for msg in hostile {
        let msg = FlashMsg::Buy {
            positions: vec![position],
            max: None,
            meanwhile: vec![msg],
        };
        assert!(send(&mut suite, &flash, &msg).is_err());
    }
    // What anybody may do is none of its business.
    let update = oracle::ExecuteMsg::UpdatePrices {
        assets: vec![id("atom")],
    };
    let msg = FlashMsg::Buy {
        positions: vec![position],
        max: Some((5_000 * UNIT).into()),
        meanwhile: vec![call(&oracle, &update)],
    };
    let done = send(&mut suite, &flash, &msg).unwrap();
    assert!(done.event(Filled::TYPE).unwrap().must::<Uint128>("paid").u128() <= 5_000 * UNIT);
}

#[test]
fn a_callback_pays_later_and_not_with_coins() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    let terms = BidTerms {
        pay: Some(Pay::Callback {
            max: None,
            msg: to_json_binary("nothing").unwrap(),
        }),
        ..BidTerms::default()
    };
    suite.give(&bob, "usdc", 100 * UNIT);
    let why: ContractError =
        error(
            suite
                .auction()
                .bid_with(&bob, position, terms.clone(), "usdc", 100 * UNIT),
        );
    assert!(matches!(why, ContractError::Payment(_)));
    // Somebody who is no contract can't be called.
    assert!(suite.auction().execute(&bob, &terms.on(position)).is_err());
    assert_eq!(suite.balance(&bob, "atom"), 0);
}

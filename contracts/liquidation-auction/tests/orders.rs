//! `PlaceOrder`, `CancelOrder`, `ClaimOrder`, `SetMinOrder`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::error;
use cosmwasm_std::{Addr, Uint128};
use glidepath_interfaces::auction::{slot_multiplier, ExecuteMsg};
use glidepath_interfaces::events::auction::OrderCancelled;
use glidepath_interfaces::payment::PaymentError;
use glidepath_liquidation_auction::ContractError;
use glidepath_testkit::scenes::{calm, on_sale, UNIT};
use glidepath_testkit::{id, AssetSpec, Outcome, Suite};

const PAIR: (&str, &str) = ("atom", "usdc");

/// A suite that takes orders of 100 usdc or more.
fn taking() -> Suite {
    let mut suite = calm().build();
    suite.auction().set_min_order("usdc", Some(100 * UNIT)).unwrap();
    suite
}

fn has(suite: &Suite, order: u64) -> (u128, u128) {
    let order = suite.ask().order(order).unwrap();
    (order.funds.u128(), order.gained.u128())
}

#[test]
fn slots_go_from_a_premium_to_a_discount() {
    assert_eq!(slot_multiplier(0).unwrap().to_string(), "1.025");
    assert_eq!(slot_multiplier(5).unwrap().to_string(), "1");
    assert_eq!(slot_multiplier(15).unwrap().to_string(), "0.95");
    assert_eq!(slot_multiplier(16), None);
}

#[test]
fn what_is_placed_is_in_the_vault_and_comes_back_to_the_unit() {
    let mut suite = taking();
    let (vera, vault) = (suite.user("vera"), suite.peers.vault.clone());
    let before = suite.balance(&vault, "usdc");
    let order = suite
        .auction()
        .place_order(&vera, PAIR, 7, 250 * UNIT + 1)
        .unwrap();
    let auction = suite.peers.liquidation_auction.clone();
    assert_eq!(suite.balance(&auction, "usdc"), 0, "the auction holds no coin");
    assert_eq!(suite.balance(&vault, "usdc"), before + 250 * UNIT + 1);
    assert_eq!(suite.ask().account(&auction, "usdc").unwrap(), 250 * UNIT + 1);
    let row = suite.ask().order(order).unwrap();
    assert_eq!((row.owner, row.slot), (vera.clone(), 7));
    assert_eq!(row.multiplier.to_string(), "0.99");
    assert_eq!(row.active_from, suite.app.block_info().height + 1);
    let book = suite.ask().book("atom", "usdc").unwrap();
    assert_eq!(book.min_order, Some(Uint128::new(100 * UNIT)));
    assert_eq!(
        (book.slots[0].funds.u128(), book.slots[0].pending.u128()),
        (0, 250 * UNIT + 1)
    );
    assert!(book.slots[0].open);

    let done = suite.auction().cancel_order(&vera, order).unwrap();
    let event = done.event(OrderCancelled::TYPE).unwrap();
    assert_eq!(event.must::<Uint128>("funds").u128(), 250 * UNIT + 1);
    assert_eq!(suite.balance(&vera, "usdc"), 250 * UNIT + 1);
    assert_eq!(suite.ask().account(&auction, "usdc").unwrap(), 0);
    assert_eq!(suite.ask().book("atom", "usdc").unwrap().slots, []);
    assert_eq!(
        error(suite.auction().cancel_order(&vera, order)),
        ContractError::NoOrder { order }
    );
}

#[test]
fn in_tokens() {
    let mut suite = calm().asset(AssetSpec::cusd().calm().no_interest()).build();
    suite.auction().set_min_order("cusd", Some(1)).unwrap();
    let vera = suite.user("vera");
    let order = suite
        .auction()
        .place_order(&vera, ("atom", "cusd"), 3, 12_345)
        .unwrap();
    suite.elapse(6);
    suite.auction().cancel_order(&vera, order).unwrap();
    assert_eq!(suite.balance(&vera, "cusd"), 12_345);
}

fn place(suite: &mut Suite, who: &Addr, pair: (&str, &str), slot: u8, paid: (&str, u128)) -> ContractError {
    suite.give(who, paid.0, paid.1);
    let msg = ExecuteMsg::PlaceOrder {
        collateral: id(pair.0),
        debt: id(pair.1),
        slot,
    };
    let auction = suite.peers.liquidation_auction.clone();
    error(suite.pay(who, &auction, &msg, paid.0, paid.1))
}

#[test]
fn what_is_no_order_is_refused_with_the_figures() {
    let mut suite = taking();
    let vera = suite.user("vera");
    assert_eq!(
        place(&mut suite, &vera, PAIR, 0, ("usdc", 100 * UNIT - 1)),
        ContractError::OrderTooSmall {
            debt: id("usdc"),
            amount: Uint128::new(100 * UNIT - 1),
            min: Uint128::new(100 * UNIT),
        }
    );
    assert_eq!(
        place(&mut suite, &vera, PAIR, 16, ("usdc", 100 * UNIT)),
        ContractError::NoSlot { slot: 16, last: 15 }
    );
    assert_eq!(
        place(&mut suite, &vera, ("usdc", "usdc"), 0, ("usdc", 100 * UNIT)),
        ContractError::SameAsset { asset: id("usdc") }
    );
    assert_eq!(
        place(&mut suite, &vera, ("usdc", "atom"), 0, ("atom", 100 * UNIT)),
        ContractError::NoOrdersIn { debt: id("atom") }
    );
    assert!(matches!(
        place(&mut suite, &vera, ("nope", "usdc"), 0, ("usdc", 100 * UNIT)),
        ContractError::Read(_)
    ));
    assert!(matches!(
        place(&mut suite, &vera, PAIR, 0, ("atom", 100 * UNIT)),
        ContractError::Payment(PaymentError::WrongPayment { .. })
    ));
    assert_eq!(suite.ask().book("atom", "usdc").unwrap().slots, []);
}

#[test]
fn attack_44_somebody_elses_order_is_his() {
    let mut suite = taking();
    let (vera, mallory) = (suite.user("vera"), suite.user("mallory"));
    let order = suite.auction().place_order(&vera, PAIR, 0, 100 * UNIT).unwrap();
    let not_owner = ContractError::NotOwner {
        order,
        owner: vera.clone(),
        sender: mallory.clone(),
    };
    assert_eq!(error(suite.auction().cancel_order(&mallory, order)), not_owner);
    assert_eq!(error(suite.auction().claim_order(&mallory, order)), not_owner);
    assert_eq!(
        error(suite.auction().claim_order(&vera, order)),
        ContractError::NothingToClaim { order }
    );
    // Nor does it go to a contract of the suite.
    let vault = suite.peers.vault.clone();
    let msg = ExecuteMsg::CancelOrder {
        order,
        recipient: Some(vault.to_string()),
    };
    assert_eq!(
        error(suite.auction().execute(&vera, &msg)),
        ContractError::RecipientIsSuite { recipient: vault }
    );
    assert_eq!(has(&suite, order), (100 * UNIT, 0));
}

#[test]
fn the_owner_says_how_small_orders_may_be_and_those_that_are_there_stay() {
    let mut suite = taking();
    let vera = suite.user("vera");
    let order = suite.auction().place_order(&vera, PAIR, 0, 100 * UNIT).unwrap();
    let set = ExecuteMsg::SetMinOrder {
        debt: id("usdc"),
        amount: Some(Uint128::one()),
    };
    assert!(matches!(
        error(suite.auction().execute(&vera, &set)),
        ContractError::Ownership(_)
    ));
    suite.auction().set_min_order("usdc", None).unwrap();
    assert_eq!(
        place(&mut suite, &vera, PAIR, 0, ("usdc", 100 * UNIT)),
        ContractError::NoOrdersIn { debt: id("usdc") }
    );
    assert!(matches!(
        error(suite.auction().set_min_order("nope", Some(5))),
        ContractError::Read(_)
    ));
    assert_eq!(
        error(suite.auction().set_min_order("usdc", Some(0))),
        ContractError::Payment(PaymentError::ZeroAmount {})
    );
    suite.elapse(6);
    suite.auction().cancel_order(&vera, order).unwrap();
    assert!(suite.balance(&vera, "usdc") >= 100 * UNIT);
}

/// A sale at its start, with orders of 30,000 and 60,000 at a premium of 2 %.
fn shared() -> (Suite, u64, [(Addr, u64); 2]) {
    let mut suite = taking();
    let position = on_sale(&mut suite);
    let owners = [("vera", 30_000), ("walt", 60_000)].map(|(who, usd)| {
        let who = suite.user(who);
        let order = suite.auction().place_order(&who, PAIR, 1, usd * UNIT).unwrap();
        (who, order)
    });
    suite.elapse(6);
    (suite, position, owners)
}

fn sold(done: &Outcome) -> (u128, u128) {
    let event = done
        .event(glidepath_interfaces::events::auction::Filled::TYPE)
        .unwrap();
    (
        event.must::<Uint128>("sold").u128(),
        event.must::<Uint128>("paid").u128(),
    )
}

#[test]
fn what_a_slot_bought_is_each_ones_part_and_claimed_once() {
    let (mut suite, position, [(vera, first), (walt, second)]) = shared();
    let keeper = suite.user("keeper");
    let done = suite.auction().match_orders(&keeper, position).unwrap();
    let (atoms, paid) = sold(&done);
    assert_eq!(paid, 90_000 * UNIT);
    for (order, part) in [(first, 1), (second, 2)] {
        let (funds, gained) = has(&suite, order);
        assert_eq!(funds, 0);
        assert!(
            gained <= atoms * part / 3 && gained + 2 >= atoms * part / 3,
            "{gained} of {atoms}"
        );
    }
    let (_, gained) = has(&suite, first);
    suite.auction().claim_order(&vera, first).unwrap();
    assert_eq!(suite.balance(&vera, "atom"), gained);
    assert_eq!(
        error(suite.auction().claim_order(&vera, first)),
        ContractError::NoOrder { order: first },
        "nothing is left of it"
    );
    suite.auction().cancel_order(&walt, second).unwrap();
    let auction = suite.peers.liquidation_auction.clone();
    let left = suite.ask().account(&auction, "atom").unwrap();
    assert!(left <= 2, "{left} atoms of rounding");
    assert_eq!(suite.ask().account(&auction, "usdc").unwrap(), 0);
}

#[test]
fn a_slot_partly_used_goes_on_and_a_newcomer_shares_only_what_comes() {
    let (mut suite, position, [(vera, first), (walt, second)]) = shared();
    let keeper = suite.user("keeper");
    // More than a lot holds: 100,000 at 1.02.
    suite
        .auction()
        .place_order(&vera, PAIR, 1, 300_000 * UNIT)
        .unwrap();
    suite.elapse(6);
    let done = suite.auction().match_orders(&keeper, position).unwrap();
    let (_, paid) = sold(&done);
    assert!(paid < 110_000 * UNIT);
    let (funds, gained) = has(&suite, first);
    assert!(funds > 20_000 * UNIT && gained > 0);
    let xenia = suite.user("xenia");
    let late = suite
        .auction()
        .place_order(&xenia, PAIR, 1, 50_000 * UNIT)
        .unwrap();
    suite.elapse(30);
    assert_eq!(has(&suite, late), (50_000 * UNIT, 0));
    suite.auction().claim_order(&walt, second).unwrap();
    assert_eq!(has(&suite, second).1, 0);
    let done = suite.auction().match_orders(&keeper, position).unwrap();
    assert!(sold(&done).1 > 0);
    let (_, gained_late) = has(&suite, late);
    assert!(gained_late > 0);
    // Everybody leaves; nobody gets more than there is.
    for (who, order) in [(vera.clone(), first), (walt, second), (xenia, late), (vera, 3)] {
        suite.auction().cancel_order(&who, order).unwrap();
    }
    let auction = suite.peers.liquidation_auction.clone();
    for asset in ["atom", "usdc"] {
        let left = suite.ask().account(&auction, asset).unwrap();
        assert!(left <= 8, "{left} {asset} of rounding");
    }
}

#[test]
fn pages_of_ones_own_orders() {
    let mut suite = taking();
    let (vera, walt) = (suite.user("vera"), suite.user("walt"));
    let mut mine = vec![];
    for slot in [3, 1, 3] {
        mine.push(
            suite
                .auction()
                .place_order(&vera, PAIR, slot, 100 * UNIT)
                .unwrap(),
        );
        suite
            .auction()
            .place_order(&walt, PAIR, slot, 100 * UNIT)
            .unwrap();
    }
    let page = |after: Option<u64>, limit| -> Vec<u64> {
        let orders = suite.ask().orders(&vera, after, limit).unwrap();
        orders.iter().map(|row| row.order).collect()
    };
    assert_eq!(page(None, None), mine);
    assert_eq!(page(None, Some(2)), mine[..2]);
    assert_eq!(page(Some(mine[1]), None), mine[2..]);
}

//! Attacks by contracts and by people in many roles: 47 (owners, bidders and recipients that answer nothing), 48 (several
//! messages with borrowed coins in one transaction), 51 (one address in all roles).
//!
//! The suite checks its invariants after every message by itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use cosmwasm_std::{Addr, Coin, Decimal256, Uint128};
use glidepath_interfaces::auction::ExecuteMsg as Auction;
use glidepath_interfaces::events::auction::Filled;
use glidepath_interfaces::oracle::ExecuteMsg as Oracle;
use glidepath_interfaces::position_manager::Action;
use glidepath_interfaces::vault::ExecuteMsg as Vault;
use glidepath_testkit::handles::BidTerms;
use glidepath_testkit::scenes::{advance_all, calm, on_sale, to_lot, UNIT};
use glidepath_testkit::{id, Suite};
use support::agent::{agent, run};
use support::calls::{bid, plain, update, with_coins};

/// A contract without an entry for coins owns the position, bids, and gets the collateral; a recipient that could not
/// even be called is delivered to, too.
#[test]
fn attack_47_contracts_that_answer_nothing_are_owners_bidders_and_recipients() {
    let mut suite = calm().build();
    let (agent, keeper) = (agent(&mut suite, "agent"), suite.user("keeper"));
    let position = suite
        .positions()
        .open(&agent, &[("atom", 100_000 * UNIT)], &[("usdc", 740_000 * UNIT)])
        .unwrap();
    suite.set_price("atom", "9.20");
    suite.positions().advance(position).unwrap();
    suite.elapse(901);
    advance_all(&mut suite, position);
    to_lot(&mut suite, position);
    let auction = suite.peers.liquidation_auction.clone();
    let oracle = address_of_nobody(&suite);
    for recipient in [agent.clone(), oracle, suite.user("lena")] {
        let msg = Auction::Bid {
            position,
            max_price: Decimal256::MAX,
            recipient: Some(recipient.to_string()),
            min_received: None,
            pay: None,
        };
        let had = suite.balance(&recipient, "atom");
        let msg = with_coins(&auction, &msg, vec![Coin::new(1_000 * UNIT, "uusdc")]);
        let done = suite.send(&keeper, run(&agent, vec![msg], true)).unwrap();
        let sold: Uint128 = done.event(Filled::TYPE).unwrap().must("sold");
        assert_eq!(suite.balance(&recipient, "atom"), had + sold.u128());
    }
    // The owner cures and leaves, all in one transaction.
    suite.give(&agent, "usdc", 800_000 * UNIT);
    let manager = suite.peers.position_manager.clone();
    let leave = with_coins(
        &manager,
        &update(
            position,
            vec![
                Action::Repay {
                    asset: id("usdc"),
                    amount: None,
                },
                Action::Withdraw {
                    asset: id("atom"),
                    amount: None,
                },
            ],
        ),
        vec![Coin::new(800_000 * UNIT, "uusdc")],
    );
    suite.send(&keeper, run(&agent, vec![leave], true)).unwrap();
    assert_eq!(suite.ask().held(position, "atom").unwrap(), 0);
    assert!(suite.ask().sale(position).is_err());
}

/// The address of a contract of no use to anybody: the deployer of the tokens never made one there.
fn address_of_nobody(suite: &Suite) -> Addr {
    suite.user("an address that nobody has a key of")
}

/// Coins that must be back at the end of the transaction buy nothing that coins of one's own could not: bid, sell what
/// was bought, lend, withdraw. What a fill takes in it does not give back in the same transaction.
#[test]
fn attack_48_several_messages_with_borrowed_coins_in_one_transaction() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let (agent, keeper) = (agent(&mut suite, "agent"), suite.user("keeper"));
    suite.give(&agent, "usdc", 1_000_000 * UNIT);
    let peers = suite.peers.clone();
    let supply = Vault::Supply {
        asset: id("usdc"),
        recipient: None,
    };
    let leave = Vault::Withdraw {
        asset: id("usdc"),
        amount: None,
        recipient: None,
    };
    let all = vec![
        with_coins(&peers.vault, &supply, vec![Coin::new(500_000 * UNIT, "uusdc")]),
        with_coins(
            &peers.liquidation_auction,
            &bid(position),
            vec![Coin::new(400_000 * UNIT, "uusdc")],
        ),
        plain(&peers.vault, &leave),
    ];
    let done = suite.send(&keeper, run(&agent, all, true)).unwrap();
    let fill = done.event(Filled::TYPE).unwrap();
    let (sold, paid): (Uint128, Uint128) = (fill.must("sold"), fill.must("paid"));
    // The penalty's part for suppliers by way of the fund and reserves is nobody's supply: a lender of one block gets
    // nothing of it.
    let left = suite.balance(&agent, "usdc");
    assert!(
        left <= 1_000_000 * UNIT - paid.u128(),
        "{left} left after {paid} paid"
    );
    assert!(
        left + 2 >= 1_000_000 * UNIT - paid.u128(),
        "{left} left after {paid} paid"
    );
    assert_eq!(suite.balance(&agent, "atom"), sold.u128());
    // At a premium over the oracle price: what was bought is worth less than what was paid.
    let worth = sold.multiply_ratio(92u128, 10u128);
    assert!(worth < paid, "{sold} for {paid}");
}

/// Owner of the contracts, reporter, owner of the position, lender, staker, keeper and bidder in one person: nothing is
/// counted twice, and nothing is his that is not his in any one of these roles.
#[test]
fn attack_51_one_address_in_all_roles() {
    let mut suite = calm().build();
    let me = suite.owner.clone();
    suite.give(&me, "usdc", 2_000_000 * UNIT);
    suite.vault().supply(&me, "usdc", 100_000 * UNIT).unwrap();
    suite.fund().stake(&me, "usdc", 100_000 * UNIT).unwrap();
    let oracle = suite.peers.oracle_adapter.clone();
    let reporters = vec![me.to_string()];
    suite
        .execute(&me, &oracle, &Oracle::SetReporters { reporters }, &[])
        .unwrap();
    suite.reporters = vec![me.clone()];
    suite.elapse(1);
    let position = suite
        .positions()
        .open(&me, &[("atom", 100_000 * UNIT)], &[("usdc", 740_000 * UNIT)])
        .unwrap();
    suite.set_price("atom", "9.20");
    suite.positions().advance_by(&me, position).unwrap();
    suite.elapse(901);
    for _ in 0..3 {
        if suite.positions().advance_by(&me, position).is_err() {
            break;
        }
    }
    to_lot(&mut suite, position);
    let before = suite.balance(&me, "usdc");
    let done = suite
        .auction()
        .bid_with(&me, position, BidTerms::default(), "usdc", 50_000 * UNIT)
        .unwrap();
    let fill = done.event(Filled::TYPE).unwrap();
    let [sold, paid, repaid, penalty] =
        ["sold", "paid", "repaid", "penalty"].map(|key| fill.must::<Uint128>(key).u128());
    assert_eq!(suite.balance(&me, "usdc"), before - paid);
    assert_eq!((suite.balance(&me, "atom"), repaid + penalty), (sold, paid));
    // He cures it; what the keepers earned of his own penalty comes to his account, and no more than that.
    suite
        .positions()
        .repay(&me, position, "usdc", 200_000 * UNIT)
        .unwrap();
    let earned = suite.ask().account(&me, "usdc").unwrap();
    assert_eq!(earned, penalty * 4 / 10, "of a penalty of {penalty}");
}

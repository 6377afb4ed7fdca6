//! Attacks by prices: 31 (pushed and taken back), 65 (an old record), 66 (silence, then a pushed price).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use cosmwasm_std::{Addr, Coin, CosmosMsg, Decimal};
use glidepath_interfaces::auction::PreviewBidResponse;
use glidepath_interfaces::oracle::{ExecuteMsg as Oracle, PriceRefusal};
use glidepath_interfaces::position_manager::{Action, ExecuteMsg as Manager, Refusal};
use glidepath_liquidation_auction::ContractError as Refused;
use glidepath_position_manager::ContractError;
use glidepath_testkit::handles::{borrow, deposit, withdraw, BidTerms};
use glidepath_testkit::scenes::{calm, leveraged, on_sale, UNIT};
use glidepath_testkit::{defaults, refused, Outcome, Suite};
use support::agent::{agent, run};
use support::calls::with_coins;
use support::moves::{advance, ask_sources, offer, post};
use support::Moment;

fn update(suite: &Suite, position: Option<u64>, actions: Vec<Action>, atoms: u128) -> CosmosMsg {
    let msg = Manager::Update {
        position,
        actions,
        recipient: None,
    };
    let coins = if atoms == 0 {
        vec![]
    } else {
        vec![Coin::new(atoms, "uatom")]
    };
    with_coins(&suite.peers.position_manager, &msg, coins)
}

/// A contract that is the one reporter, and has coins: whoever moves the source moves it in the middle of a transaction.
fn mover(suite: &mut Suite) -> Addr {
    let agent = agent(suite, "mover");
    let (owner, oracle) = (suite.owner.clone(), suite.peers.oracle_adapter.clone());
    let reporters = vec![agent.to_string()];
    suite
        .execute(&owner, &oracle, &Oracle::SetReporters { reporters }, &[])
        .unwrap();
    suite.reporters = vec![agent.clone()];
    suite.give(&agent, "atom", 1_000_000 * UNIT);
    suite.give(&agent, "usdc", 1_000_000 * UNIT);
    agent
}

/// Sends messages of an agent as one transaction.
fn at_once(suite: &mut Suite, agent: &Addr, msgs: Vec<CosmosMsg>) -> glidepath_testkit::Result<Outcome> {
    let keeper = suite.user("keeper");
    suite.send(&keeper, run(agent, msgs, true))
}

fn below_initial_margin(result: glidepath_testkit::Result<Outcome>) -> Decimal {
    match refused::<ContractError>(result) {
        ContractError::BelowInitialMargin { health, .. } => health,
        other => panic!("{other}"),
    }
}

// ---------------------------------------------------------------- 31, 66

/// The source is pushed, borrowed against, and taken back a block later. The smoothed price weighs a new one with
/// nothing at the moment it arrives, so neither more collateral nor less debt is seen, after a block or after an hour of
/// silence; nor may what is there be withdrawn.
#[test]
fn attack_31_and_66_a_pushed_price_lends_nothing_in_its_transaction() {
    for silence in [6, 60, 3_600, 86_400] {
        let mut suite = calm().build();
        let mover = mover(&mut suite);
        suite.elapse(1);
        let open = vec![deposit("atom", 1_000 * UNIT), borrow("usdc", 7_400 * UNIT)];
        let open = update(&suite, None, open, 1_000 * UNIT);
        let done = at_once(&mut suite, &mover, vec![open]).unwrap();
        let position: u64 = done
            .of_suite()
            .find_map(|(_, event)| event.get("position"))
            .unwrap();
        suite.advance_time(silence);
        let start = Moment::of(&suite);
        for prices in [[("atom", "20"), ("usdc", "1")], [("atom", "10"), ("usdc", "0.5")]] {
            for (name, action) in [
                ("borrow", borrow("usdc", 1_000 * UNIT)),
                ("withdraw", withdraw("atom", 100 * UNIT)),
            ] {
                let msgs = vec![
                    post(&suite, &prices),
                    ask_sources(&suite),
                    update(&suite, Some(position), vec![action], 0),
                ];
                let health = below_initial_margin(at_once(&mut suite, &mover, msgs));
                assert!(health < Decimal::one(), "{name} at {health} after {silence} s");
                assert!(start.is_now(&suite), "{name} left something");
            }
            let all = vec![deposit("atom", 1_000 * UNIT), borrow("usdc", 8_000 * UNIT)];
            let msgs = vec![
                post(&suite, &prices),
                ask_sources(&suite),
                update(&suite, None, all, 1_000 * UNIT),
            ];
            below_initial_margin(at_once(&mut suite, &mover, msgs));
        }
        // A price that is pushed and stands for a block, and taken back: still nothing.
        let msgs = vec![post(&suite, &[("atom", "20"), ("usdc", "1")])];
        at_once(&mut suite, &mover, msgs).unwrap();
        suite.advance_time(defaults::BLOCK);
        let msgs = vec![
            post(&suite, &[("atom", "20"), ("usdc", "1")]),
            update(&suite, Some(position), vec![borrow("usdc", 1_000 * UNIT)], 0),
        ];
        below_initial_margin(at_once(&mut suite, &mover, msgs));
    }
}

/// Whoever pushes a price down and liquidates at once gets nothing: no fill in the transaction, whatever the depth of the
/// push, and none in the next block at the price that is right again. The position comes out without a scratch.
#[test]
fn attack_31_a_pushed_price_sells_nothing_in_its_transaction() {
    for pushed in ["9.20", "9", "8", "5", "0.01"] {
        let mut suite = calm().build();
        let mover = mover(&mut suite);
        suite.elapse(1);
        let position = leveraged(&mut suite);
        let before = suite.ask().ledger(position).unwrap();
        let (pushed, right) = ([("atom", pushed), ("usdc", "1")], [("atom", "10"), ("usdc", "1")]);
        suite.advance_time(defaults::BLOCK);

        let attempts = [
            vec![advance(&suite, position), offer(&suite, position)],
            vec![
                advance(&suite, position),
                advance(&suite, position),
                offer(&suite, position),
            ],
        ];
        for attempt in attempts {
            let start = Moment::of(&suite);
            let msgs = [vec![post(&suite, &pushed)], attempt].concat();
            at_once(&mut suite, &mover, msgs).unwrap_err();
            assert!(start.is_now(&suite));
        }
        let msgs = vec![post(&suite, &pushed), advance(&suite, position)];
        at_once(&mut suite, &mover, msgs).unwrap();
        suite.advance_time(defaults::BLOCK);
        let start = Moment::of(&suite);
        for attempt in [
            vec![offer(&suite, position)],
            vec![ask_sources(&suite), offer(&suite, position)],
        ] {
            let msgs = [vec![post(&suite, &right)], attempt].concat();
            at_once(&mut suite, &mover, msgs).unwrap_err();
            assert!(start.is_now(&suite));
        }
        let msgs = vec![post(&suite, &right), advance(&suite, position)];
        at_once(&mut suite, &mover, msgs).unwrap();
        let after = suite.ask().ledger(position).unwrap();
        assert_eq!(after.owed, before.owed, "after {pushed:?}");
        assert_eq!(after.ledger.collateral, before.ledger.collateral);
        assert_eq!(
            (after.ledger.surcharge_rate, after.ledger.sale),
            (Decimal::zero(), None)
        );
        assert!(suite.ask().distressed(None, 10).unwrap().is_empty());
        assert_eq!(suite.ask().account(&mover, "usdc").unwrap(), 0);
    }
}

// ---------------------------------------------------------------- 65

/// The market is 5 % higher than a record that is four minutes old: no bid gets through at it, asked for or not. A
/// younger record must have been asked for in the same transaction, so that nobody holds an option on it.
#[test]
fn attack_65_no_bid_at_an_old_record() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    suite.give(&bob, "usdc", 100_000 * UNIT);
    let reporter = suite.reporters[0].clone();
    let start = Moment::of(&suite);
    let refusal = |result| match refused::<Refused>(result) {
        Refused::Refused(Refusal::Price(refusal)) => refusal,
        other => panic!("{other}"),
    };

    // Half a minute old and not asked for since.
    suite.advance_time(30);
    let alone = vec![offer(&suite, position)];
    let error = refusal(suite.send_all(&bob, alone));
    assert!(
        matches!(error, PriceRefusal::NotChecked { age: 30, .. }),
        "{error}"
    );
    let asked = vec![ask_sources(&suite), offer(&suite, position)];
    suite.send_all(&bob, asked).unwrap();

    // Four minutes old: the source has nothing newer, and is asked in vain.
    start.restore(&mut suite);
    suite.advance_time(240);
    let old = Moment::of(&suite);
    for msgs in [
        vec![offer(&suite, position)],
        vec![ask_sources(&suite), offer(&suite, position)],
    ] {
        let error = refusal(suite.send_all(&bob, msgs));
        assert!(matches!(error, PriceRefusal::TooOld { age: 240, .. }), "{error}");
        assert!(old.is_now(&suite));
    }
    let preview = suite.ask().preview_bid(position, Some(UNIT)).unwrap();
    assert!(matches!(preview, PreviewBidResponse::Refused(_)), "{preview:?}");

    // With the market's price the bid pays it: 5 % more than the old record would have had him pay.
    let newer = post(&suite, &[("atom", "9.66"), ("usdc", "1")]);
    suite.send(&reporter, newer).unwrap();
    match refused::<Refused>(suite.auction().bid_with(
        &bob,
        position,
        BidTerms::default(),
        "usdc",
        10_000 * UNIT,
    )) {
        Refused::Refused(Refusal::NotInDistress { health, trigger }) => {
            assert!(health > trigger && trigger == Decimal::one());
        }
        other => panic!("{other}"),
    }
}

//! Attacks by and on takeovers of positions on sale: 4 and 47 (hostile tokens), 43 (an owner who takes no coins), 48 (several
//! messages with borrowed coins in one transaction), 70 (from within a bid that is not paid yet).
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

use cosmwasm_std::{to_json_binary, Addr, Coin, CosmosMsg, Decimal, Decimal256, Uint128};
use glidepath_interfaces::auction::{EndReason, ExecuteMsg as Auction, Pay};
use glidepath_interfaces::events::auction::Filled;
use glidepath_interfaces::events::vault::{TakenOver, TicketPaid};
use glidepath_interfaces::oracle::ExecuteMsg as Oracle;
use glidepath_interfaces::position_manager::{Action, ExecuteMsg as Manager};
use glidepath_interfaces::vault::ExecuteMsg as Vault;
use glidepath_testkit::handles::{repay, repay_all, withdraw, withdraw_all};
use glidepath_testkit::hostile::{self, Mischief};
use glidepath_testkit::scenes::{advance_all, calm, closing_out, on_sale, to_lot, UNIT};
use glidepath_testkit::{id, AssetSpec, Outcome, Result, Suite};
use support::agent::{agent, run, Bargain, Pays, Run, TOLD};
use support::calls::{bid, plain, with_coins};

/// A takeover paid with so many usdc.
fn take(suite: &Suite, position: u64, actions: Vec<Action>, paid: u128) -> CosmosMsg {
    let msg = Manager::Takeover {
        position,
        max_pay: Uint128::MAX,
        actions,
    };
    with_coins(
        &suite.peers.position_manager,
        &msg,
        vec![Coin::new(paid, "uusdc")],
    )
}

fn owner(suite: &Suite, position: u64) -> Addr {
    suite.ask().position(position).unwrap().owner
}

/// A bidder's contract that has the collateral and has not paid takes the rest of the position over in the vault's call: what it
/// finds is what there will be, and it pays for both.
#[test]
fn attack_70_from_within_a_bid_that_is_not_paid_yet() {
    for (most, closes) in [
        (10_000, false),
        (100_000, false),
        (2_000_000, false),
        (2_000_000, true),
    ] {
        let mut suite = calm().build();
        let position = match closes {
            true => closing_out(&mut suite),
            false => on_sale(&mut suite),
        };
        let (agent, alice, keeper) = (
            agent(&mut suite, "agent"),
            suite.user("alice"),
            suite.user("keeper"),
        );
        suite.give(&agent, "usdc", 2_000_000 * UNIT);
        let takes = take(
            &suite,
            position,
            vec![repay("usdc", 300_000 * UNIT)],
            1_000_000 * UNIT,
        );
        let bargain = Bargain {
            runs: vec![Run {
                msgs: vec![takes],
                all: false,
                first: 0,
            }],
            pays: Pays::Exactly,
        };
        let msg = Auction::Bid {
            position,
            max_price: Decimal256::MAX,
            recipient: None,
            min_received: None,
            pay: Some(Pay::Callback {
                max: Some((most * UNIT).into()),
                msg: to_json_binary(&bargain).unwrap(),
            }),
        };
        let bids = plain(&suite.peers.liquidation_auction, &msg);
        let done = suite.send(&keeper, run(&agent, vec![bids], true)).unwrap();
        let fill = done.event(Filled::TYPE).unwrap();
        assert!(done.has(TicketPaid::TYPE));
        let told: bool = done.event(TOLD).unwrap().must("done");
        // What the fill has cleared has no lot that anybody may bid for; what goes on can be taken over.
        assert_eq!(told, done.has(TakenOver::TYPE), "a bid of {most}");
        assert_eq!(told, most <= 100_000, "a bid of {most}");
        if told {
            let taken = done.event(TakenOver::TYPE).unwrap();
            let credit: u128 = taken.must("credit");
            assert_eq!(owner(&suite, position), agent);
            assert_eq!(suite.ask().account(&alice, "usdc").unwrap(), credit);
            assert!(suite.ask().sale(position).is_err());
            let paid: u128 = fill.must("paid");
            let parts: u128 = ["penalty_fund", "penalty_keepers", "penalty_reserves"]
                .map(|part| taken.must::<u128>(part))
                .iter()
                .sum();
            assert_eq!(
                suite.balance(&agent, "usdc"),
                (2_000_000 - 300_000) * UNIT - paid - credit - parts
            );
        } else {
            assert_eq!(owner(&suite, position), alice);
        }
    }
}

/// Prices, a bid, the takeover, all of the debt repaid and all of the collateral taken out, in one transaction with coins that
/// somebody lent for it: what is gained is what any buyer at these prices would have, no more than the discount.
#[test]
fn attack_48_everything_in_one_transaction() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    suite.advance_time(200);
    suite.refresh();
    let (agent, alice, keeper) = (
        agent(&mut suite, "agent"),
        suite.user("alice"),
        suite.user("keeper"),
    );
    let lent = 2_000_000 * UNIT;
    suite.give(&agent, "usdc", lent);
    let peers = suite.peers.clone();
    let updates = Oracle::UpdatePrices {
        assets: vec![id("atom"), id("usdc")],
    };
    let msgs = vec![
        plain(&peers.oracle_adapter, &updates),
        with_coins(
            &peers.liquidation_auction,
            &bid(position),
            vec![Coin::new(20_000 * UNIT, "uusdc")],
        ),
        take(
            &suite,
            position,
            vec![repay_all("usdc"), withdraw_all("atom")],
            1_500_000 * UNIT,
        ),
    ];
    let before = suite.ask().position(position).unwrap();
    let done = suite.send(&keeper, run(&agent, msgs, true)).unwrap();
    let multiplier: Decimal = done.event(Filled::TYPE).unwrap().must("multiplier");
    assert!(multiplier < Decimal::one());
    // At $9.20 he has no more than the discount of what a sale to the target would have sold, about $240,000 of it.
    let has = suite.balance(&agent, "usdc") + suite.balance(&agent, "atom") * 92 / 10;
    let most = 300_000 * UNIT * (Decimal::one() - multiplier).atomics().u128() / 10u128.pow(18);
    assert!(
        has > lent && has - lent < most,
        "gained {}, at most {most}",
        has - lent
    );
    // And the owner has the rest of what he had.
    let had = (before.collateral_value.minus(before.debt_value))
        .0
        .to_uint_floor();
    let account = suite.ask().account(&alice, "usdc").unwrap();
    let lost = Uint128::try_from(had).unwrap().u128() * UNIT - account;
    assert!(lost < most + 1_000 * UNIT, "he lost {lost}");
}

/// The owner is a contract that can't be sent anything that calls it: it is credited, and finds its coins when it looks.
#[test]
fn attack_43_an_owner_can_not_be_in_the_way() {
    let mut suite = calm().build();
    let (agent, tara) = (agent(&mut suite, "agent"), suite.user("tara"));
    let position = suite
        .positions()
        .open(&agent, &[("atom", 100_000 * UNIT)], &[("usdc", 740_000 * UNIT)])
        .unwrap();
    suite.set_price("atom", "9.20");
    suite.positions().advance(position).unwrap();
    suite.elapse(901);
    advance_all(&mut suite, position);
    to_lot(&mut suite, position);
    let purse = suite.balance(&agent, "usdc");
    suite.give(&tara, "usdc", 300_000 * UNIT);
    let takes = take(
        &suite,
        position,
        vec![repay("usdc", 60_000 * UNIT)],
        300_000 * UNIT,
    );
    let done = suite.send(&tara, takes).unwrap();
    let credit: u128 = done.event(TakenOver::TYPE).unwrap().must("credit");
    assert_eq!(suite.balance(&agent, "usdc"), purse);
    assert_eq!(suite.ask().account(&agent, "usdc").unwrap(), credit);
    let to_agent = done.events.iter().filter(|event| event.ty == "transfer");
    let received = to_agent
        .flat_map(|event| &event.attributes)
        .any(|attribute| attribute.key == "recipient" && attribute.value == agent.as_str());
    assert!(!received);
}

/// Coins that lie with the position manager are nobody's payment, and nobody's refund.
#[test]
fn attack_10_donations_pay_for_nothing() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let (manager, tara) = (suite.peers.position_manager.clone(), suite.user("tara"));
    suite.give(&manager, "usdc", 500_000 * UNIT);
    suite.give(&tara, "usdc", 300_000 * UNIT);
    let cheap = take(
        &suite,
        position,
        vec![repay("usdc", 60_000 * UNIT)],
        100_000 * UNIT,
    );
    assert!(suite.send(&tara, cheap).is_err());
    let takes = take(
        &suite,
        position,
        vec![repay("usdc", 60_000 * UNIT)],
        300_000 * UNIT,
    );
    let done = suite.send(&tara, takes).unwrap();
    let taken = done.event(TakenOver::TYPE).unwrap();
    let price: u128 = ["credit", "penalty_fund", "penalty_keepers", "penalty_reserves"]
        .map(|part| taken.must::<u128>(part))
        .iter()
        .sum();
    assert_eq!(suite.balance(&manager, "usdc"), 500_000 * UNIT);
    assert_eq!(suite.balance(&tara, "usdc"), 240_000 * UNIT - price);
}

/// A sale of `gold`, a hostile token, for `cusd`, another; and who can pay for it.
fn hostile_sale() -> (Suite, u64, Addr) {
    let mut suite = Suite::builder()
        .asset(AssetSpec::gold().calm().depth(500_000).token_code(hostile::token))
        .asset(AssetSpec::cusd().calm().no_interest().token_code(hostile::token))
        .build();
    let (alice, tara) = (suite.user("alice"), suite.user("tara"));
    let (held, owed) = (suite.units("gold", "100"), suite.units("cusd", "129000"));
    let position = suite
        .positions()
        .open(&alice, &[("gold", held)], &[("cusd", owed)])
        .unwrap();
    suite.set_price("gold", "1835");
    suite.positions().advance(position).unwrap();
    suite.elapse(901);
    suite.positions().advance(position).unwrap();
    to_lot(&mut suite, position);
    let funds = suite.units("cusd", "100000");
    suite.give(&tara, "cusd", funds);
    (suite, position, tara)
}

/// Takes it over with all that he has, and takes some of the collateral out.
fn take_with_tokens(suite: &mut Suite, position: u64, tara: &Addr) -> Result<Outcome> {
    let (paid, repaid) = (suite.units("cusd", "100000"), suite.units("cusd", "20000"));
    let actions = vec![repay("cusd", repaid), withdraw("gold", 1_000)];
    suite
        .positions()
        .takeover(tara, position, u128::MAX, actions, &[("cusd", paid)])
}

/// What is left of it, for everybody.
fn left(suite: &Suite, position: u64, tara: &Addr) -> impl PartialEq + std::fmt::Debug {
    let alice = suite.user("alice");
    (
        suite.ask().ledger(position).unwrap(),
        owner(suite, position),
        suite.ask().account(&alice, "cusd").unwrap(),
        suite.balance(tara, "cusd"),
        suite.balance(tara, "gold"),
        suite.ask().sale(position).is_err(),
    )
}

/// Whatever a token sends in the middle of any of its transfers, a takeover is what it is without that.
#[test]
fn attack_47_a_token_that_calls_back_while_it_pays_for_a_takeover() {
    let (mut suite, position, tara) = hostile_sale();
    take_with_tokens(&mut suite, position, &tara).unwrap();
    let expected = left(&suite, position, &tara);
    let peers = suite.peers.clone();
    let mallory = suite.user("mallory").to_string();
    let tries = [
        plain(&peers.position_manager, &Manager::Advance { position }),
        plain(
            &peers.position_manager,
            &Manager::SetTakeover {
                position,
                allowed: false,
            },
        ),
        plain(
            &peers.position_manager,
            &Manager::Takeover {
                position,
                max_pay: Uint128::MAX,
                actions: vec![withdraw("gold", 1)],
            },
        ),
        plain(
            &peers.liquidation_auction,
            &Auction::End {
                position,
                reason: EndReason::TakenOver,
            },
        ),
        plain(
            &peers.vault,
            &Vault::TakeOver {
                position,
                owner: mallory.clone(),
                credit: Uint128::zero(),
                penalty: Uint128::zero(),
                keepers: vec![mallory],
            },
        ),
    ];
    for asset in ["cusd", "gold"] {
        for nth in 0..4 {
            for msg in &tries {
                let (mut suite, position, tara) = hostile_sale();
                hostile::tell(&mut suite, asset, &Mischief::ReenterAt(nth, vec![msg.clone()]));
                take_with_tokens(&mut suite, position, &tara).unwrap();
                assert!(
                    left(&suite, position, &tara) == expected,
                    "{msg:?} by {asset} at {nth}"
                );
            }
        }
    }
}

/// A token that moves only some of what it is told undoes all of it.
#[test]
fn attack_4_a_token_that_refuses_undoes_all_of_a_takeover() {
    for mischief in [
        Mischief::Refuse {},
        Mischief::RefuseAfter(1),
        Mischief::RefuseAfter(2),
        Mischief::RefuseAfter(3),
    ] {
        let (mut suite, position, tara) = hostile_sale();
        hostile::tell(&mut suite, "cusd", &mischief);
        let before = left(&suite, position, &tara);
        assert!(
            take_with_tokens(&mut suite, position, &tara).is_err(),
            "{mischief:?}"
        );
        assert!(left(&suite, position, &tara) == before, "{mischief:?}");
        hostile::tell(&mut suite, "cusd", &Mischief::Behave {});
        take_with_tokens(&mut suite, position, &tara).unwrap();
    }
}

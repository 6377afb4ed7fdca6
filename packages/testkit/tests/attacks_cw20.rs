//! Tokens that refuse, lie, tell too much or call back, in each role that a token can have: collateral, debt, supply, bid,
//! stake, payout (4, 43, 46, 47, 49, 75).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod support;

use std::collections::BTreeSet;

use cosmwasm_std::{Addr, CosmosMsg, Decimal, Event, Uint128};
use glidepath_interfaces::events::auction::Filled;
use glidepath_testkit::handles::{borrow, repay, withdraw, BidTerms};
use glidepath_testkit::hostile::{tell, Mischief};
use glidepath_testkit::scenes::{leveraged, UNIT};
use glidepath_testkit::{Outcome, Suite};
use support::agent::run;
use support::calls::{paid, plain, update};
use support::trap::{Door, Trap};
use support::{all_stored, Moment};

/// The roles of a token, and the doors of a trap through which it comes in or goes out in each.
const ROLES: [(&str, &[&str]); 6] = [
    ("collateral", &["deposit"]),
    ("debt", &["repay", "repay too much"]),
    ("supply", &["supply"]),
    ("bid", &["bid, paid in", "bid for more than the lot"]),
    ("stake", &["stake"]),
    (
        "payout",
        &[
            "bid, paid out",
            "bid for all",
            "withdraw a supply",
            "withdraw from an account",
            "withdraw collateral",
            "borrow",
        ],
    ),
];

/// The doors of each role; every door has one.
fn roles(trap: &Trap) -> Vec<(&'static str, Door)> {
    let role = |door: &Door| {
        let mut found = ROLES.iter().filter(|(_, doors)| doors.contains(&door.name));
        found.next().map(|(role, _)| *role)
    };
    let found: Vec<_> = trap
        .doors()
        .into_iter()
        .map(|door| {
            (
                role(&door).unwrap_or_else(|| panic!("{} has no role", door.name)),
                door,
            )
        })
        .collect();
    let seen: BTreeSet<_> = found.iter().map(|(role, _)| *role).collect();
    assert_eq!(seen.len(), ROLES.len(), "only {seen:?}");
    found
}

impl Trap {
    /// Sends a door's message as the one that everybody is here.
    fn knock(&mut self, msg: &CosmosMsg) -> glidepath_testkit::Result<Outcome> {
        let (keeper, agent) = (self.suite.user("keeper"), self.agent.clone());
        self.suite.send(&keeper, run(&agent, vec![msg.clone()], true))
    }
}

/// What the suite tells of a message.
fn told(done: &Outcome) -> Vec<String> {
    done.of_suite()
        .map(|(_, event)| format!("{:?}", event.0))
        .collect()
}

/// Money in and out, a call, a sale and a bid in other assets, by other people.
fn others_go_on(suite: &mut Suite) {
    let (lena, bob) = (suite.user("lena"), suite.user("bob"));
    suite.give(&lena, "usdc", 1_000 * UNIT);
    suite.vault().supply(&lena, "usdc", 500 * UNIT).unwrap();
    suite.vault().withdraw(&lena, "usdc", Some(100 * UNIT)).unwrap();
    suite.fund().stake(&lena, "usdc", 100 * UNIT).unwrap();
    suite.vault().deposit(&lena, "usdc", 100 * UNIT).unwrap();
    suite.vault().withdraw_account(&lena, "usdc", None).unwrap();
    let position = leveraged(suite);
    let alice = suite.user("alice");
    suite.positions().repay(&alice, position, "usdc", UNIT).unwrap();
    suite
        .positions()
        .withdraw(&alice, position, "atom", UNIT / 1_000)
        .unwrap();
    suite.set_price("atom", "9.20");
    suite.refresh();
    suite.positions().advance(position).unwrap();
    suite.elapse(901);
    suite.positions().advance(position).unwrap();
    suite.elapse(30);
    let done = suite.auction().bid(&bob, position, 1_000 * UNIT).unwrap();
    assert!(done.has(Filled::TYPE));
}

// ---------------------------------------------------------------- refuse

/// A token that refuses, at every leg of every flow in each role: the message fails with it, nothing is half-written, others
/// go on, and when the token moves again so does the message, as if nothing had been.
#[test]
fn attack_04_and_46_and_49_a_token_that_refuses_at_any_leg_in_any_role() {
    let mut trap = Trap::new();
    let mut most = 0;
    for (role, door) in roles(&trap) {
        trap.restore();
        let right = told(&trap.knock(&door.msg).unwrap());
        let mut refusals = vec![Mischief::Refuse {}];
        // From the first transfer on, from the second, …: until it is never reached.
        let mut legs = 0;
        loop {
            trap.restore();
            tell(&mut trap.suite, door.token, &Mischief::RefuseAfter(legs));
            if trap.knock(&door.msg).is_ok() {
                break;
            }
            refusals.push(Mischief::RefuseAfter(legs));
            legs += 1;
        }
        assert!(legs > 0, "{} never moves {}", door.name, door.token);
        most = most.max(legs);
        for refusal in refusals {
            trap.restore();
            tell(&mut trap.suite, door.token, &refusal);
            let before = Moment::of(&trap.suite);
            trap.knock(&door.msg).unwrap_err();
            assert!(
                before.is_now(&trap.suite),
                "{role}: {} with {refusal:?} left something",
                door.name
            );
            tell(&mut trap.suite, door.token, &Mischief::Behave {});
            assert_eq!(told(&trap.knock(&door.msg).unwrap()), right, "{}", door.name);
        }
        trap.restore();
        tell(&mut trap.suite, door.token, &Mischief::Refuse {});
        others_go_on(&mut trap.suite);
    }
    // A token that goes on from contract to contract has several.
    assert!(most >= 3, "at most {most} legs");
}

/// A recipient to whom the token does not move stops what was to be paid to him, and nothing of anybody else.
#[test]
fn attack_43_and_49_a_recipient_who_is_refused_blocks_nobody() {
    let mut trap = Trap::new();
    let position = trap.position;
    let [bob, carl, nina] = ["bob", "carl", "nina"].map(|name| trap.suite.user(name));
    let suite = &mut trap.suite;
    for who in [&bob, &carl] {
        suite.give(who, "owe", 100_000 * UNIT);
    }
    let bid = |suite: &mut Suite, who: &Addr, to: Option<&Addr>| {
        let terms = BidTerms {
            recipient: to.map(Addr::to_string),
            ..BidTerms::default()
        };
        suite
            .auction()
            .bid_with(who, position, terms, "owe", 10_000 * UNIT)
    };
    // Neither to himself, nor by another for him; everybody else buys, the next second too.
    tell(suite, "evil", &Mischief::RefuseTo(bob.clone()));
    let before = Moment::of(suite);
    bid(suite, &bob, None).unwrap_err();
    bid(suite, &carl, Some(&bob)).unwrap_err();
    assert!(before.is_now(suite));
    bid(suite, &carl, None).unwrap();
    bid(suite, &bob, Some(&nina)).unwrap();
    assert!(suite.balance(&nina, "evil") > 0);
    suite.elapse(6);
    bid(suite, &carl, None).unwrap();

    // One who can't be paid back what he paid too much: his own repayment fails, an exact one does not.
    tell(suite, "owe", &Mischief::RefuseTo(carl.clone()));
    let owed = suite.ask().owed(position, "owe").unwrap();
    let before = Moment::of(suite);
    suite.give(&nina, "owe", UNIT);
    assert!(!before.is_now(suite));
    suite
        .positions()
        .repay(&nina, position, "owe", 1_000 * UNIT)
        .unwrap();
    // The owner is refused the collateral: it stays his, others repay and buy it.
    let agent = trap.agent.clone();
    tell(&mut trap.suite, "evil", &Mischief::RefuseTo(agent));
    let withdraw = roles(&trap)
        .into_iter()
        .find(|(_, door)| door.name == "withdraw collateral")
        .unwrap()
        .1;
    let held = trap.suite.ask().held(trap.sound, "evil").unwrap();
    trap.knock(&withdraw.msg).unwrap_err();
    assert_eq!(trap.suite.ask().held(trap.sound, "evil").unwrap(), held);
    assert!(trap.suite.ask().owed(position, "owe").unwrap() < owed);
    bid(&mut trap.suite, &bob, None).unwrap();
}

// ---------------------------------------------------------------- lie

/// A token that says it has moved and has not. What comes in is told by its hook alone, which it never calls: nothing is
/// booked. What goes out is gone from the books and still here: nobody else's coins are touched.
#[test]
fn attack_04_a_token_that_moves_nothing_in_any_role() {
    let mut trap = Trap::new();
    for (role, door) in roles(&trap) {
        trap.restore();
        let right = told(&trap.knock(&door.msg).unwrap());
        trap.restore();
        trap.suite.watch(false);
        tell(&mut trap.suite, door.token, &Mischief::Lie {});
        let (before, balances) = (all_stored(&trap.suite), balances(&trap.suite));
        let done = trap.knock(&door.msg).unwrap();
        let goes_out = role == "payout" && !(door.token == "owe" && door.name.starts_with("bid"));
        if goes_out {
            assert_eq!(told(&done), right, "{}", door.name);
        } else {
            assert!(
                all_stored(&trap.suite) == before,
                "{role}: {} was booked",
                door.name
            );
        }
        let after = balances_but(&trap.suite, door.token, &balances);
        if !door.name.starts_with("bid") {
            assert!(after, "{}: other assets have moved", door.name);
        }
        tell(&mut trap.suite, door.token, &Mischief::Behave {});
        // What the vault has of each asset is still what it owes, or more.
        for asset in ["atom", "usdc", "evil", "owe"] {
            let owes = trap.suite.ask().solvency(asset).unwrap();
            let sum = owes.collateral + owes.cash + owes.dues + owes.accounts;
            assert!(owes.balance >= sum, "{role}: {} leaves {asset} short", door.name);
        }
        others_go_on(&mut trap.suite);
    }
}

const ASSETS: [&str; 4] = ["atom", "usdc", "evil", "owe"];

/// What vault and agent have of each asset.
fn balances(suite: &Suite) -> [u128; 4] {
    ASSETS.map(|asset| suite.balance(&suite.peers.vault, asset))
}

/// Has the vault what it had of all assets but one?
fn balances_but(suite: &Suite, but: &str, before: &[u128; 4]) -> bool {
    let now = balances(suite);
    let pairs = ASSETS.iter().zip(now.iter().zip(before));
    pairs
        .filter(|(asset, _)| **asset != but)
        .all(|(_, (now, before))| now == before)
}

/// A token that moves half and tells of all. It robs those who hold it; where the suite hands it on, the second transfer
/// finds the first short and all of it fails. Nobody's other coins pay for it.
#[test]
fn attack_04_a_token_that_tells_too_much_in_any_role() {
    let mut trap = Trap::new();
    let mut failed = vec![];
    for (role, door) in roles(&trap) {
        trap.restore();
        trap.suite.watch(false);
        tell(&mut trap.suite, door.token, &Mischief::Skim {});
        let (before, balances) = (Moment::of(&trap.suite), balances(&trap.suite));
        match trap.knock(&door.msg) {
            Ok(_) => {
                let only = balances_but(&trap.suite, door.token, &balances);
                assert!(only || door.name.starts_with("bid"), "{role}: {}", door.name);
            }
            Err(_) => {
                assert!(before.is_now(&trap.suite), "{role}: {} left something", door.name);
                failed.push(door.name);
            }
        }
        tell(&mut trap.suite, door.token, &Mischief::Behave {});
        for asset in ["atom", "usdc"] {
            let owes = trap.suite.ask().solvency(asset).unwrap();
            let sum = owes.collateral + owes.cash + owes.dues + owes.accounts;
            assert_eq!(owes.balance, sum, "{role}: {} and {asset}", door.name);
        }
        others_go_on(&mut trap.suite);
    }
    // What goes over a second contract to the vault.
    for name in ["deposit", "repay", "bid, paid in", "stake"] {
        assert!(failed.contains(&name), "{name} did not fail, only {failed:?}");
    }
}

// ---------------------------------------------------------------- re-enter

/// The same message again, in the middle of its own transfer, in each role: it is refused, or both do what two in a row do.
#[test]
fn attack_47_the_same_again_in_the_middle_in_any_role() {
    let mut trap = Trap::new();
    let (agent, keeper) = (trap.agent.clone(), trap.suite.user("keeper"));
    let mut nested = 0;
    for (role, door) in roles(&trap) {
        trap.restore();
        trap.knock(&door.msg).unwrap();
        let once = all_stored(&trap.suite);
        // A second time in the same block may be refused: there is nothing left to withdraw, to buy or to repay.
        let twice = trap.knock(&door.msg).is_ok();
        let in_a_row = all_stored(&trap.suite);
        trap.restore();
        let again = vec![run(&agent, vec![door.msg.clone()], false)];
        tell(&mut trap.suite, door.token, &Mischief::Reenter(again));
        let before = all_stored(&trap.suite);
        let result = trap
            .suite
            .send(&keeper, run(&agent, vec![door.msg.clone()], true));
        let now = all_stored(&trap.suite);
        match result {
            Err(_) => assert!(now == before, "{role}: {} left something", door.name),
            Ok(_) if now == once => {}
            Ok(_) => {
                nested += 1;
                assert!(twice && now == in_a_row, "{role}: {} goes another way", door.name);
            }
        }
        others_go_on(&mut trap.suite);
    }
    assert!(nested >= 6, "{nested} were carried out inside themselves");
}

/// What a repayment did not need goes back behind the loan of the same update: who is called back by the refund finds the loan
/// in the ledger, and takes out nothing that it stands on.
#[test]
fn attack_47_a_refund_that_calls_back_finds_the_loan() {
    let mut trap = Trap::new();
    let (agent, keeper, sound) = (trap.agent.clone(), trap.suite.user("keeper"), trap.sound);
    let manager = trap.suite.peers.position_manager.clone();
    let loan = vec![repay("owe", 11_000 * UNIT), borrow("usdc", 60_000 * UNIT)];
    let loan = paid(&trap.suite, &manager, &update(sound, loan), "owe", 11_000 * UNIT);
    let out = plain(&manager, &update(sound, vec![withdraw("evil", 8_000 * UNIT)]));
    let begun = trap.suite.balance(&agent, "evil");
    // Without the loan it could be taken out.
    trap.knock(&out).unwrap();
    assert_eq!(trap.suite.balance(&agent, "evil"), begun + 8_000 * UNIT);
    trap.restore();
    let again = Mischief::ReenterTo(agent.clone(), vec![run(&agent, vec![out], true)]);
    tell(&mut trap.suite, "owe", &again);
    let done = trap.suite.send(&keeper, run(&agent, vec![loan], true)).unwrap();
    let refused = |event: &Event| event.attributes.iter().any(|one| one.key == "reentry");
    assert!(done.events.iter().any(refused), "it did call back, in vain");
    assert_eq!(trap.suite.balance(&agent, "usdc"), 60_000 * UNIT);
    assert_eq!(trap.suite.balance(&agent, "evil"), begun);
    let health = trap.suite.ask().position(sound).unwrap().health;
    assert!(health.initial.unwrap() >= Decimal::one(), "{health:?}");
}

// ---------------------------------------------------------------- 75

/// The one collateral of a position does not move any more, and its price is gone to nothing: what is left of it becomes the
/// fund's account, without a transfer; the debt ends and stops growing; the loss is borne once.
#[test]
fn attack_75_a_frozen_only_collateral_is_written_off_by_a_credit() {
    let mut trap = Trap::new();
    let position = trap.position;
    let (fund, bob) = (trap.suite.peers.insurance_fund.clone(), trap.suite.user("bob"));
    let suite = &mut trap.suite;
    tell(suite, "evil", &Mischief::Refuse {});
    let held = suite.ask().held(position, "evil").unwrap();
    suite.give(&bob, "owe", 10_000_000 * UNIT);

    // While it is worth something nobody can buy it, and nobody is kept from trying, calling, repaying.
    let frozen = |suite: &mut Suite| {
        suite
            .auction()
            .bid_with(&bob, position, BidTerms::default(), "owe", 10_000 * UNIT)
            .is_err()
    };
    for price in ["9.00", "7.00", "4.00"] {
        suite.set_prices(&[("evil", price), ("owe", "1")]);
        for _ in 0..4 {
            glidepath_testkit::scenes::advance_all(suite, position);
            suite.elapse(60);
            assert!(frozen(suite), "at {price}");
        }
        suite.positions().repay(&bob, position, "owe", UNIT).unwrap();
    }
    assert_eq!(suite.ask().held(position, "evil").unwrap(), held);
    assert_eq!(suite.ask().market("owe").unwrap().cover.insolvent, 1);

    // Worth nothing, and seen so twice.
    suite.set_prices(&[("evil", "0.000000001"), ("owe", "1")]);
    let mut story = Outcome::default();
    for _ in 0..20 {
        if let Ok(done) = suite.positions().advance(position) {
            story = story.and(done);
        }
        if suite.ask().owed(position, "owe").unwrap() == 0 {
            break;
        }
        suite.elapse(60);
    }
    let ledger = suite.ask().ledger(position).unwrap();
    assert!(
        ledger.ledger.collateral.is_empty() && ledger.owed.is_empty(),
        "{ledger:?}"
    );
    assert_eq!(suite.ask().account(&fund, "evil").unwrap(), held);
    let written_off = story
        .event(glidepath_interfaces::events::vault::DebtWrittenOff::TYPE)
        .unwrap();
    let [loss, by_fund, suppliers] =
        ["loss", "fund", "suppliers"].map(|key| written_off.must::<Uint128>(key).u128());
    assert!(loss > 700_000 * UNIT);
    assert_eq!(loss, by_fund + suppliers);
    assert_eq!(suite.ask().market("owe").unwrap().cover.insolvent, 0);
    suite.elapse(86_400);
    assert!(
        suite.ask().ledger(position).unwrap().owed.is_empty(),
        "the debt has stopped"
    );
    assert!(suite.ask().sale(position).is_err());

    // What was surrendered can be taken out as soon as it moves, and not before.
    let treasury = suite.user("treasury");
    assert!(suite.fund().withdraw_account("evil", None, &treasury).is_err());
    assert_eq!(suite.ask().account(&fund, "evil").unwrap(), held);
    tell(suite, "evil", &Mischief::Behave {});
    suite.fund().withdraw_account("evil", None, &treasury).unwrap();
    assert_eq!(suite.balance(&treasury, "evil"), held);
}

//! `Open`, sent by a test that plays the position manager.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{dec, error, offer, sale, Puppet};
use cosmwasm_std::{coins, Decimal, Uint128};
use glidepath_interfaces::auction::{ExecuteMsg, Mode, Offer, RunningTerms};
use glidepath_interfaces::events::auction::{LotStarted, SaleOpened};
use glidepath_interfaces::payment::PaymentError;
use glidepath_liquidation_auction::ContractError;
use glidepath_risk::curve::Curve;
use glidepath_risk::Value;
use glidepath_testkit::defaults;

#[test]
fn a_sale_opens_with_a_copy_of_the_terms_and_its_first_lot() {
    let mut puppet = Puppet::new();
    let now = puppet.suite.now();
    let done = puppet.open(7, Mode::Soft, offer(1_200_000)).unwrap();

    let answer = puppet.suite.ask().sale(7).unwrap();
    let terms = RunningTerms {
        terms: defaults::sale_terms(),
        breach_seen_at: now - 900,
        opened_at: now,
    };
    assert_eq!(answer.terms, terms);
    assert_eq!(answer.multiplier, Some(dec("1.005")), "the lot starts at once");
    let sale = answer.sale;
    assert_eq!((sale.mode, sale.target), (Mode::Soft, Decimal::one()));
    assert_eq!(sale.penalty, dec("0.001"));
    assert_eq!((sale.pass, sale.unsold, sale.asleep_since), (0, 0, None));
    assert_eq!((sale.last, sale.first_fill_at), (None, None));

    let lot = sale.lot.unwrap();
    assert_eq!(lot.amount, Uint128::new(50_000_000_000), "$500,000 at $10");
    assert_eq!(lot.left, lot.amount);
    assert_eq!((lot.start_at, lot.ends_at), (now, now + 450));
    assert!(!lot.follows);
    let Curve::Linear { from, to, .. } = lot.curve;
    assert_eq!((from, to), (dec("1.005"), dec("0.94")));

    let opened = done.event(SaleOpened::TYPE).unwrap();
    assert_eq!(opened.must::<u64>("position"), 7);
    assert_eq!(opened.must::<u64>("opened_at"), now);
    let started = done.event(LotStarted::TYPE).unwrap();
    assert_eq!(started.text("cause"), Some("open"));
    assert_eq!(started.must::<Uint128>("amount"), lot.amount);
    assert_eq!(started.must::<Decimal>("to"), dec("0.94"));
}

#[test]
fn a_close_out_has_its_own_terms() {
    let mut puppet = Puppet::new();
    let now = puppet.suite.now();
    puppet.open(7, Mode::CloseOut, offer(5_000_000)).unwrap();
    let sale = sale(&puppet.suite, 7);
    assert_eq!(sale.penalty, dec("0.005"));
    let lot = sale.lot.unwrap();
    assert_eq!(lot.amount, Uint128::new(200_000_000_000), "four times as large");
    assert_eq!((lot.start_at, lot.ends_at), (now, now + 180));
}

#[test]
fn a_first_lot_never_starts_in_the_block_in_which_the_breach_was_seen() {
    for (mode, life) in [(Mode::Soft, 450), (Mode::CloseOut, 180)] {
        for (age, wait) in [(0, 6), (5, 1), (6, 0), (7, 0)] {
            let mut puppet = Puppet::new();
            let now = puppet.suite.now();
            let done = puppet.send(&ExecuteMsg::Open {
                position: 7,
                mode,
                target: Decimal::one(),
                eta: Decimal::percent(50),
                max_discount: None,
                breach_seen_at: now - age,
                offer: offer(1_000),
            });
            let start_at: u64 = done.unwrap().event(LotStarted::TYPE).unwrap().must("start_at");
            assert_eq!(start_at, now + wait, "{mode}, seen {age} s ago");
            assert_eq!(sale(&puppet.suite, 7).lot.unwrap().ends_at, start_at + life);
        }
    }
}

#[test]
fn a_fast_market_has_a_fast_clock() {
    let mut puppet = Puppet::new();
    let now = puppet.suite.now();
    let fast = Offer {
        calm: dec("0.25"),
        ..offer(100_000)
    };
    puppet.open(7, Mode::Soft, fast).unwrap();
    let lot = sale(&puppet.suite, 7).lot.unwrap();
    // ¼ of 450 s are 112.5: in the 113th second it reaches the floor.
    assert_eq!((lot.start_at, lot.ends_at), (now, now + 113));
}

#[test]
fn lots_are_cut_by_depth_within_their_bounds() {
    let cut = |usd: u128, depth: u128, min: u128, max: u128| {
        let mut puppet = Puppet::with(|terms| {
            terms.soft.lot_min = Value::usd(min);
            terms.soft.lot_max = Value::usd(max);
        });
        let mut offer = offer(usd);
        offer.depth = Value::usd(depth);
        puppet.open(7, Mode::Soft, offer).unwrap();
        sale(&puppet.suite, 7).lot.unwrap().amount.u128() / 100_000
    };
    assert_eq!(cut(300_000, 200_000, 1, 1_000_000), 100_000, "half of the depth");
    assert_eq!(
        cut(300_000, 200_000, 150_000, 1_000_000),
        150_000,
        "not below the smallest"
    );
    assert_eq!(cut(300_000, 200_000, 1, 70_000), 70_000, "not above the largest");
    assert_eq!(
        cut(300_000, 600_000, 1, 1_000_000),
        300_000,
        "all of it fits exactly"
    );
    assert_eq!(
        cut(300_000, 1_000_000, 1, 1_000_000),
        500_000,
        "a last lot has room"
    );
    assert_eq!(
        cut(300_000, 10_000_000, 1, 10_000_000),
        600_000,
        "twice of it at most"
    );
}

#[test]
fn a_rest_too_small_to_be_sold_goes_into_the_lot() {
    let lot = |rest: u128| {
        let mut puppet = Puppet::new();
        let mut offer = offer(500_000);
        offer.amount += Uint128::new(rest);
        // The value with the rest, so that the lot would be exactly $500,000.
        offer.value = Value((Decimal::from_ratio(offer.amount, 100_000u128)).into());
        puppet.open(7, Mode::Soft, offer).unwrap();
        sale(&puppet.suite, 7).lot.unwrap().amount.u128()
    };
    assert_eq!(lot(99_999), 50_000_099_999);
    assert_eq!(lot(100_000), 50_000_000_000);
}

#[test]
fn attack_41_terms_of_a_running_sale_never_change() {
    let mut puppet = Puppet::new();
    puppet.open(7, Mode::Soft, offer(1_200_000)).unwrap();
    let before = puppet.suite.ask().sale(7).unwrap();
    let mut terms = defaults::sale_terms();
    terms.soft.penalty = dec("0.05");
    terms.soft.spacing = 600;
    puppet.suite.auction().set_terms(terms.clone()).unwrap();
    assert_eq!(puppet.suite.ask().sale(7).unwrap(), before);
    puppet.open(8, Mode::Soft, offer(1_200_000)).unwrap();
    assert_eq!(puppet.suite.ask().sale(8).unwrap().terms.terms, terms);
}

#[test]
fn only_the_position_manager_opens_a_sale() {
    let mut puppet = Puppet::new();
    let expected = puppet.manager.clone();
    for sender in [puppet.suite.owner.clone(), puppet.suite.peers.vault.clone()] {
        puppet.manager = sender.clone();
        let refused = error(puppet.open(7, Mode::Soft, offer(1_000)));
        let expected = expected.clone();
        assert_eq!(refused, ContractError::NotPositionManager { sender, expected });
    }
}

#[test]
fn a_position_has_one_sale() {
    let mut puppet = Puppet::new();
    puppet.open(7, Mode::Soft, offer(1_000)).unwrap();
    let refused = error(puppet.open(7, Mode::CloseOut, offer(1_000)));
    assert_eq!(refused, ContractError::SaleExists { position: 7 });
}

#[test]
fn nothing_is_no_lot() {
    let mut puppet = Puppet::new();
    let refused = error(puppet.open(7, Mode::Soft, offer(0)));
    assert_eq!(refused, ContractError::EmptyOffer { position: 7 });
    assert!(puppet.suite.ask().sale(7).is_err(), "nothing was stored");
}

#[test]
fn attack_1_opening_takes_no_payment() {
    let mut puppet = Puppet::new();
    let manager = puppet.manager.clone();
    puppet.suite.give(&manager, "usdc", 5);
    let auction = puppet.suite.peers.liquidation_auction.clone();
    let msg = ExecuteMsg::Open {
        position: 7,
        mode: Mode::Soft,
        target: Decimal::one(),
        eta: Decimal::percent(50),
        max_discount: None,
        breach_seen_at: 0,
        offer: offer(1_000),
    };
    let done = puppet.suite.execute(&manager, &auction, &msg, &coins(5, "uusdc"));
    assert_eq!(
        error(done),
        ContractError::Payment(PaymentError::UnexpectedFunds {
            found: "native:uusdc:5".into()
        })
    );
}

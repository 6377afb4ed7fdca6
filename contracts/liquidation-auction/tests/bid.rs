//! `Bid`: what it delivers, what it keeps, what it schedules.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{bid_with, dec, error, sale};
use cosmwasm_std::{Decimal, Decimal256, Uint128};
use glidepath_interfaces::auction::Mode;
use glidepath_interfaces::events::auction::{Filled, LotStarted, SaleEnded};
use glidepath_interfaces::events::{position_manager, vault};
use glidepath_liquidation_auction::ContractError;
use glidepath_risk::curve::Curve;
use glidepath_testkit::handles::BidTerms;
use glidepath_testkit::scenes::{calm, closing_out, gained, health, on_sale, opened, to_lot, UNIT};
use glidepath_testkit::{AssetSpec, Suite};

#[test]
fn a_part_of_a_lot_to_the_unit() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    let (held, owed) = (
        suite.ask().held(position, "atom").unwrap(),
        suite.ask().owed(position, "usdc").unwrap(),
    );
    let lot = sale(&suite, position).lot.unwrap();

    // At its start the lot is 1.005 × $9.20 = $9.246 an atom.
    let pay = 924_600_000;
    suite.give(&bob, "usdc", pay);
    let (done, atoms) = gained(&mut suite, &bob, "atom", |suite| {
        suite
            .auction()
            .bid_with(&bob, position, BidTerms::default(), "usdc", pay)
            .unwrap()
    });
    assert_eq!(atoms, 100_000_000, "100 atoms");
    assert_eq!(suite.balance(&bob, "usdc"), 0);

    let event = done.event(Filled::TYPE).unwrap();
    let number = |key| event.must::<Uint128>(key).u128();
    assert_eq!((number("sold"), number("paid")), (100_000_000, pay));
    // pay − pay/1.001, rounded down.
    assert_eq!((number("penalty"), number("repaid")), (923_676, pay - 923_676));
    assert_eq!(number("lot_left"), lot.left.u128() - 100_000_000);
    assert_eq!(event.text("price"), Some("9246000"));
    assert_eq!(event.text("multiplier"), Some("1.005"));
    assert_eq!(event.must::<u64>("first_fill_at"), suite.now());
    assert_eq!(event.text("bidder"), Some(bob.as_str()));
    assert_eq!(event.text("recipient"), Some(bob.as_str()));

    assert_eq!(suite.ask().held(position, "atom").unwrap(), held - 100_000_000);
    assert_eq!(
        suite.ask().owed(position, "usdc").unwrap(),
        owed - (pay - 923_676)
    );
    assert_eq!(event.must::<Decimal>("health_after"), health(&suite, position));
    let sale = sale(&suite, position);
    assert_eq!(sale.lot.unwrap().left, lot.left - Uint128::new(100_000_000));
    let last = sale.last.unwrap();
    assert_eq!((last.multiplier, last.at), (dec("1.005"), suite.now()));
    assert_eq!(sale.first_fill_at, Some(suite.now()));
    assert!(!done.has(position_manager::Advanced::TYPE), "nothing to advance");
}

#[test]
fn a_whole_lot_schedules_the_next_and_returns_the_rest() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    let lot = sale(&suite, position).lot.unwrap();
    // $100,000 at $9.20, rounded up.
    assert_eq!(lot.amount.u128(), 10_869_565_218);

    suite.advance_time(10);
    suite.refresh();
    let pay = 5_000_000 * UNIT;
    let done = suite.auction().bid(&bob, position, pay).unwrap();
    let event = done.event(Filled::TYPE).unwrap();
    assert_eq!(event.must::<Uint128>("sold"), lot.amount);
    assert_eq!(event.must::<Uint128>("lot_left"), Uint128::zero());
    let paid = event.must::<Uint128>("paid").u128();
    assert_eq!(suite.balance(&bob, "usdc"), pay - paid);
    assert_eq!(suite.balance(&bob, "atom"), lot.amount.u128());
    let auction = suite.peers.liquidation_auction.clone();
    assert_eq!(suite.balance(&auction, "usdc"), 0, "the auction keeps nothing");
    assert_eq!(suite.balance(&auction, "atom"), 0);

    let started = done.event(LotStarted::TYPE).unwrap();
    assert_eq!(started.text("cause"), Some("next"));
    let sale = sale(&suite, position);
    let next = sale.lot.unwrap();
    assert_eq!(next.start_at, suite.now() + 30);
    assert!(next.follows && next.is_untouched());
    let Curve::Linear { from, .. } = next.curve;
    assert_eq!(from, sale.last.unwrap().multiplier + dec("0.003"), "learned");
    assert!(
        !done.has(position_manager::Advanced::TYPE),
        "a fill schedules it alone"
    );
}

#[test]
fn the_first_lot_may_be_bought_in_the_block_of_its_opening_above_the_oracle_price() {
    let mut suite = calm().build();
    let position = opened(&mut suite);
    let bob = suite.user("bob");
    let at = sale(&suite, position).lot.unwrap().start_at;
    assert_eq!(at, suite.now(), "grace is over: the first lot starts at once");
    let done = suite.auction().bid(&bob, position, 10_000 * UNIT).unwrap();
    assert_eq!(suite.now(), at, "still the same block");
    let event = done.event(Filled::TYPE).unwrap();
    assert_eq!(event.must::<Decimal>("multiplier"), dec("1.005"));
    let (sold, paid) = (event.must::<Uint128>("sold"), event.must::<Uint128>("paid"));
    // $9.20 for an atom of the oracle's, both with six decimals.
    let worth = sold.mul_ceil((92u128, 10u128));
    assert!(paid >= worth, "{paid} for what is worth {worth}");
    assert_eq!(sale(&suite, position).first_fill_at, Some(at));
}

#[test]
fn a_price_descends_and_several_bidders_share_a_lot() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let lot = sale(&suite, position).lot.unwrap();
    let mut last = Decimal256::MAX;
    let mut sold = Uint128::zero();
    for (n, wait) in [0u64, 0, 6, 60, 200].into_iter().enumerate() {
        suite.elapse(wait);
        let bidder = suite.user(&format!("bidder-{n}"));
        let done = suite.auction().bid(&bidder, position, 5_000 * UNIT).unwrap();
        let event = done.event(Filled::TYPE).unwrap();
        let price: Decimal256 = event.must("price");
        assert!(
            price < last || (wait == 0 && price <= last),
            "{price} after {wait} s"
        );
        last = price;
        sold += event.must::<Uint128>("sold");
        assert_eq!(
            suite.balance(&bidder, "atom"),
            event.must::<Uint128>("sold").u128()
        );
    }
    assert_eq!(sale(&suite, position).lot.unwrap().left, lot.left - sold);
}

#[test]
fn a_sale_ends_at_its_target_with_the_fill_that_reaches_it() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    let mut fills = 0;
    let last = loop {
        fills += 1;
        let done = suite.auction().bid(&bob, position, 1_000_000 * UNIT).unwrap();
        if done.has(SaleEnded::TYPE) {
            break done;
        }
        to_lot(&mut suite, position);
        assert!(fills < 10);
    };
    assert!(fills >= 2, "it took {fills} lots");
    assert_eq!(
        last.event(SaleEnded::TYPE).unwrap().text("reason"),
        Some("target_met")
    );
    assert_eq!(
        last.event(position_manager::DistressEnded::TYPE)
            .unwrap()
            .text("reason"),
        Some("target_met")
    );
    assert!(suite.ask().sale(position).is_err());
    assert_eq!(suite.ask().ledger(position).unwrap().ledger.sale, None);
    let health = suite.ask().position(position).unwrap().health.target.unwrap();
    assert!(
        health >= Decimal::one() && health < dec("1.0001"),
        "target health is {health}"
    );
    assert_eq!(
        error(
            suite
                .auction()
                .bid_with(&bob, position, BidTerms::default(), "usdc", UNIT)
        ),
        ContractError::NoSale { position }
    );
}

#[test]
fn keepers_fund_and_reserves_get_the_penalty() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let bob = suite.user("bob");
    let before = suite.ask().market("usdc").unwrap().market;
    let done = suite.auction().bid(&bob, position, 50_000 * UNIT).unwrap();
    let penalty = done.event(Filled::TYPE).unwrap().must::<Uint128>("penalty");
    let settled = done.event(vault::Settled::TYPE).unwrap();
    let [fund, keepers, reserves]: [Uint128; 3] =
        ["penalty_fund", "penalty_keepers", "penalty_reserves"].map(|part| settled.must(part));
    assert_eq!(fund + keepers + reserves, penalty);
    assert_eq!(fund, penalty.mul_floor(dec("0.5")));
    assert_eq!(keepers, penalty.mul_floor(dec("0.4")));
    let after = suite.ask().market("usdc").unwrap().market;
    assert_eq!(after.dues - before.dues, keepers);
    assert!(after.fund_shares > before.fund_shares && after.reserve_shares > before.reserve_shares);
    // The sale ends by the owner's repayment, and who called and opened is credited.
    let alice = suite.user("alice");
    suite
        .positions()
        .repay(&alice, position, "usdc", 300_000 * UNIT)
        .unwrap();
    let keeper = suite.user("keeper");
    assert_eq!(suite.ask().account(&keeper, "usdc").unwrap(), keepers.u128());
}

#[test]
fn somebody_else_may_receive() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    let (bob, carol) = (suite.user("bob"), suite.user("carol"));
    let terms = BidTerms {
        recipient: Some(carol.to_string()),
        ..BidTerms::default()
    };
    // More than the lot: the rest goes back to who paid.
    let pay = 1_000_000 * UNIT;
    let done = bid_with(&mut suite, &bob, position, terms, pay).unwrap();
    let event = done.event(Filled::TYPE).unwrap();
    assert_eq!(event.text("recipient"), Some(carol.as_str()));
    assert_eq!(
        suite.balance(&carol, "atom"),
        event.must::<Uint128>("sold").u128()
    );
    assert_eq!(suite.balance(&bob, "atom"), 0);
    assert_eq!(
        suite.balance(&bob, "usdc"),
        pay - event.must::<Uint128>("paid").u128()
    );
    assert_eq!(suite.balance(&carol, "usdc"), 0);
}

#[test]
fn tokens_pay_and_are_sold_like_coins() {
    let mut suite = Suite::builder()
        .asset(AssetSpec::gold().calm().depth(500_000))
        .asset(AssetSpec::cusd().calm().no_interest())
        .build();
    let alice = suite.user("alice");
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

    let bob = suite.user("bob");
    // 1.005 × $1,835 = $1,844.175; a tenth of a token.
    let pay = suite.units("cusd", "184.4175");
    let done = suite.auction().bid(&bob, position, pay).unwrap();
    assert_eq!(suite.balance(&bob, "gold"), suite.units("gold", "0.1"));
    assert_eq!(suite.balance(&bob, "cusd"), 0);
    let event = done.event(Filled::TYPE).unwrap();
    assert_eq!(event.must::<Uint128>("paid").u128(), pay);
    assert_eq!(event.text("price"), Some("1844175000000000000000"));

    // With far too much of it: the rest comes back in the same transaction.
    let pay = suite.units("cusd", "10000000");
    let done = suite.auction().bid(&bob, position, pay).unwrap();
    let paid = done.event(Filled::TYPE).unwrap().must::<Uint128>("paid").u128();
    assert!(paid < pay);
    assert_eq!(suite.balance(&bob, "cusd"), pay - paid);
    let auction = suite.peers.liquidation_auction.clone();
    assert_eq!(suite.balance(&auction, "cusd"), 0);
    assert_eq!(suite.balance(&auction, "gold"), 0);
}

#[test]
fn a_soft_fill_never_gets_the_curves_price_below_the_soft_floor() {
    // A weight of .95 leaves a soft discount of about 1 % at a health of .97, whatever the curve says.
    let mut suite = Suite::builder()
        .asset(AssetSpec::atom().calm().depth(200_000).tune(|params| {
            let collateral = params.collateral.as_mut().unwrap();
            collateral.weights.maintenance = dec("0.95");
            collateral.weights.target = dec("0.92");
            collateral.weights.initial = dec("0.92");
            collateral.clearing_discount = dec("0.001");
        }))
        .asset(AssetSpec::usdc().calm().no_interest())
        .build();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(&alice, &[("atom", 100_000 * UNIT)], &[("usdc", 915_000 * UNIT)])
        .unwrap();
    suite.set_price("atom", "9.55");
    suite.positions().advance(position).unwrap();
    suite.elapse(901);
    suite.positions().advance(position).unwrap();
    let lot = sale(&suite, position).lot.unwrap();
    suite.until(lot.ends_at);
    let shown = suite.ask().sale(position).unwrap().multiplier.unwrap();
    assert!(shown < dec("0.941"), "the curve is at {shown}");
    let bob = suite.user("bob");
    let done = suite.auction().bid(&bob, position, 1_000 * UNIT).unwrap();
    let multiplier: Decimal = done.event(Filled::TYPE).unwrap().must("multiplier");
    assert!(multiplier > dec("0.97"), "sold at {multiplier}");
    assert_eq!(
        sale(&suite, position).last.unwrap().multiplier,
        multiplier,
        "what was paid teaches"
    );
}

#[test]
fn a_close_out_sells_larger_lots_faster() {
    let mut suite = calm().build();
    let position = closing_out(&mut suite);
    let before = sale(&suite, position);
    assert_eq!(
        (before.mode, before.pass, before.penalty),
        (Mode::CloseOut, 0, dec("0.005"))
    );
    let lot = before.lot.unwrap();
    assert_eq!(lot.amount.u128(), 47_619_047_620, "$400,000 at $8.40");
    // It was escalated on its way down and goes on at .105 in 180 s to .90.
    let Curve::Linear { from, to, slope } = lot.curve;
    assert_eq!(to, dec("0.9"));
    assert_eq!(slope, Decimal::from_ratio(105u128, 180_000u128));
    assert!(from > dec("0.98") && from <= dec("1.005"), "{from}");
    let life = lot.ends_at - lot.start_at;
    assert!((150..=180).contains(&life), "{life} s");
    let bob = suite.user("bob");
    let done = suite.auction().bid(&bob, position, 10_000 * UNIT).unwrap();
    let event = done.event(Filled::TYPE).unwrap();
    assert_eq!(event.text("mode"), Some("close_out"));
    // 10,000 − 10,000/1.005.
    assert_eq!(event.must::<Uint128>("penalty"), Uint128::new(49_751_243));
}

#[test]
fn a_first_pass_never_sells_below_the_loan_to_value() {
    // At $7.60 the position owes 740,000 on 760,000: LTV .9737, far above the curve's floor of .90.
    let mut suite = calm().build();
    let position = closing_out(&mut suite);
    suite.set_price("atom", "7.60");
    let lot = sale(&suite, position).lot.unwrap();
    suite.until(lot.ends_at);
    let bob = suite.user("bob");
    let done = suite.auction().bid(&bob, position, 10_000 * UNIT).unwrap();
    let event = done.event(Filled::TYPE).unwrap();
    let multiplier: Decimal = event.must("multiplier");
    assert!(
        multiplier >= dec("0.9736") && multiplier < dec("0.9738"),
        "{multiplier}"
    );
    assert!(
        event.must::<Uint128>("penalty").u128() < 10,
        "nothing is left to take"
    );

    // Nobody wants the rest: the second pass may go down to the floor, the third takes no penalty.
    suite.elapse(1);
    suite.positions().advance(position).unwrap();
    let second = sale(&suite, position);
    assert_eq!((second.pass, second.penalty), (1, dec("0.005")));
    suite.until(second.lot.unwrap().ends_at);
    let done = suite.auction().bid(&bob, position, 10_000 * UNIT).unwrap();
    let multiplier: Decimal = done.event(Filled::TYPE).unwrap().must("multiplier");
    assert!(multiplier < dec("0.91"), "{multiplier}");
    suite.elapse(1);
    suite.positions().advance(position).unwrap();
    let third = sale(&suite, position);
    assert_eq!((third.pass, third.penalty), (2, Decimal::zero()));
}

#[test]
fn a_fall_escalates_the_running_lot_from_the_price_it_reached() {
    let mut suite = calm().build();
    let position = on_sale(&mut suite);
    suite.elapse(100);
    suite.set_price("atom", "8.40");
    let done = suite.positions().advance(position).unwrap();
    assert_eq!(
        done.event(position_manager::Advanced::TYPE).unwrap().text("did"),
        Some("sighted")
    );
    suite.elapse(60);
    let reached = suite.ask().sale(position).unwrap().multiplier.unwrap();
    let done = suite.positions().advance(position).unwrap();
    let started = done.event(LotStarted::TYPE).unwrap();
    assert_eq!(started.text("cause"), Some("escalate"));
    assert_eq!(started.must::<Decimal>("from"), reached);
    assert_eq!(sale(&suite, position).mode, Mode::CloseOut);
}

//! `Backstop`: the insurance fund buys from a lot that nobody wanted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{error, fallen, sale};
use cosmwasm_std::{Addr, Decimal, Uint128};
use glidepath_interfaces::auction::{BidPreview, PreviewBackstopResponse};
use glidepath_interfaces::events::auction::{Filled, SaleEnded};
use glidepath_interfaces::events::fund::GoodsBought;
use glidepath_interfaces::events::vault::{FundBought, KeeperCredited, Settled};
use glidepath_interfaces::fund::BackstopRule;
use glidepath_interfaces::oracle::{Breaker, StopKind};
use glidepath_interfaces::position_manager::Refusal;
use glidepath_liquidation_auction::ContractError;
use glidepath_testkit::defaults::backstop_rule;
use glidepath_testkit::scenes::{calm, health, leaning, on_sale, queued, to_lot, unsold, UNIT};
use glidepath_testkit::{id, AssetSpec, Moment, Outcome, Suite, SuiteBuilder};

/// What is staked: a fifth of it, 200,000, may be spent a week.
const STAKED: u128 = 1_000_000 * UNIT;

/// A rule by which the fund may spend `percent` of the stakes, and take so many whole `atom`.
fn rule(percent: u64, atoms: u128) -> BackstopRule {
    let mut rule = BackstopRule {
        max_share: Decimal::percent(percent),
        ..backstop_rule()
    };
    rule.collaterals[0].epoch_cap = (atoms * UNIT).into();
    rule
}

fn build(suite: SuiteBuilder, rule: BackstopRule) -> (Suite, Addr) {
    let mut suite = suite.stake("usdc", STAKED).build();
    suite.fund().set_backstop("usdc", rule).unwrap();
    let keeper = suite.user("keeper");
    (suite, keeper)
}

/// A soft sale whose third lot in a row is over, and nobody bought. A lot of $100,000 at $9.20.
fn unwanted(rule: BackstopRule) -> (Suite, u64, Addr) {
    let (mut suite, keeper) = build(calm(), rule);
    let position = on_sale(&mut suite);
    unsold(&mut suite, position, 3);
    (suite, position, keeper)
}

fn bought(done: &Outcome) -> (u128, u128) {
    let bought = done.event(FundBought::TYPE).expect("the fund bought");
    (
        bought.must::<Uint128>("sold").u128(),
        bought.must::<Uint128>("paid").u128(),
    )
}

fn shown(suite: &Suite, position: u64) -> BidPreview {
    match suite.ask().preview_backstop(position).unwrap() {
        PreviewBackstopResponse::Buys(preview) => preview,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_fund_buys_the_third_lot_in_a_row_at_its_floor_and_pays_with_its_shares() {
    let (mut suite, position, keeper) = unwanted(backstop_rule());
    let fund = suite.peers.insurance_fund.clone();
    let before = suite.ask().market("usdc").unwrap();
    let (owed, held) = (
        suite.ask().owed(position, "usdc").unwrap(),
        suite.ask().held(position, "atom").unwrap(),
    );
    let lot = sale(&suite, position).lot.unwrap();
    let floor = lot.curve.multiplier(u64::MAX).unwrap();
    let shown = shown(&suite, position);
    let done = suite.auction().backstop(&keeper, position).unwrap();

    let (sold, paid) = bought(&done);
    assert_eq!(sold, shown.sold.u128(), "a preview is the execution");
    assert_eq!((paid, shown.paid.u128()), (shown.repaid.u128(), paid));
    let filled = done.event(Filled::TYPE).unwrap();
    assert_eq!(filled.text("bidder"), Some(fund.as_str()));
    // The soft floor holds the price above the lot's own, as it would for anybody.
    assert!(filled.must::<Decimal>("multiplier") >= floor);
    assert_eq!(filled.must::<Uint128>("penalty"), Uint128::zero());
    assert!(!done.has(KeeperCredited::TYPE));
    let settled = done.event(Settled::TYPE).unwrap();
    assert_eq!(settled.text("payer"), Some(fund.as_str()));

    // What was sold is the fund's, what was owed is less by what was paid; no coin moved, and the cash is as it was.
    assert_eq!(suite.ask().account(&fund, "atom").unwrap(), sold);
    assert_eq!(suite.ask().held(position, "atom").unwrap(), held - sold);
    assert_eq!(suite.ask().owed(position, "usdc").unwrap(), owed - paid);
    let after = suite.ask().market("usdc").unwrap();
    assert_eq!(
        after.market.cash + after.market.dues,
        before.market.cash + before.market.dues
    );
    assert!(after.supply_price >= before.supply_price);
    let burnt = done.event(FundBought::TYPE).unwrap().must::<Uint128>("burnt");
    assert_eq!(
        burnt.u128(),
        paid * 1_000_000,
        "a share is a millionth of a unit here"
    );
    assert!(before.market.fund_shares - after.market.fund_shares <= burnt);
    assert_eq!(after.backstop.spent.u128(), paid);
    assert_eq!(after.backstop.bought[0].amount.u128(), sold);
    assert!(health(&suite, position) > shown.health_before);
}

#[test]
fn what_was_bought_is_the_stakers_at_once() {
    let (mut suite, position, keeper) = unwanted(backstop_rule());
    let staker = suite.user("staker");
    let before = suite.ask().pool("usdc").unwrap();
    let done = suite.auction().backstop(&keeper, position).unwrap();
    let (sold, _) = bought(&done);
    let told = done.event(GoodsBought::TYPE).unwrap();
    assert_eq!(told.must::<Uint128>("units"), before.units);
    // What they own fell by what was burnt; what is on its way to them did not pay.
    let after = suite.ask().pool("usdc").unwrap();
    assert_eq!(before.shares - after.shares, told.must::<Uint128>("shares"));
    assert!(after.streaming >= before.streaming);
    let stake = suite.ask().stake(&staker, "usdc").unwrap();
    assert_eq!(stake.goods.len(), 1);
    let mine = stake.goods[0].amount.u128();
    assert!(sold - mine <= 1, "{mine} of {sold}");
    assert_eq!(suite.ask().goods().unwrap()[0].amount.u128(), sold);
    suite.fund().claim(&staker, "usdc", "atom").unwrap();
    assert_eq!(suite.balance(&staker, "atom"), mine);
    assert!(suite.ask().stake(&staker, "usdc").unwrap().goods.is_empty());
}

#[test]
fn not_before_three_lots_in_a_row() {
    let (mut suite, keeper) = build(calm(), backstop_rule());
    let position = on_sale(&mut suite);
    for nth in 1..=3 {
        let refused = error(suite.auction().backstop(&keeper, position));
        assert!(matches!(refused, ContractError::LotNotOver { .. }), "{refused:?}");
        assert_eq!(
            suite.ask().preview_backstop(position).unwrap(),
            PreviewBackstopResponse::NotDue {
                unsold: nth - 1,
                needed: 3
            }
        );
        unsold(&mut suite, position, 1);
        if nth == 3 {
            break;
        }
        assert_eq!(
            error(suite.auction().backstop(&keeper, position)),
            ContractError::BackstopNotDue {
                position,
                unsold: nth,
                needed: 3
            }
        );
        suite.positions().advance(position).unwrap();
    }
    suite.auction().backstop(&keeper, position).unwrap();
}

/// The count begins anew with whatever is sold, by the fund too.
#[test]
fn a_fill_of_a_dollar_is_somebody_who_wants_it() {
    let (mut suite, keeper) = build(calm(), rule(1, 1_000_000));
    let position = on_sale(&mut suite);
    unsold(&mut suite, position, 2);
    suite.positions().advance(position).unwrap();
    to_lot(&mut suite, position);
    let bob = suite.user("bob");
    suite.refresh();
    suite.auction().bid(&bob, position, 20 * UNIT).unwrap();
    unsold(&mut suite, position, 1);
    let not_due = |unsold| ContractError::BackstopNotDue {
        position,
        unsold,
        needed: 3,
    };
    assert_eq!(error(suite.auction().backstop(&keeper, position)), not_due(0));
    suite.positions().advance(position).unwrap();
    unsold(&mut suite, position, 3);
    // A hundredth of the stakes buys a part of the lot: the rest starts over.
    suite.auction().backstop(&keeper, position).unwrap();
    assert_eq!(error(suite.auction().backstop(&keeper, position)), not_due(0));
    suite.positions().advance(position).unwrap();
    assert_eq!(sale(&suite, position).unsold, 0);
}

#[test]
fn no_rule_no_stake_or_another_collateral_is_no_backstop() {
    let none = ContractError::NoBackstop {
        collateral: id("atom"),
        debt: id("usdc"),
    };
    // No rule.
    let mut suite = calm().stake("usdc", STAKED).build();
    let keeper = suite.user("keeper");
    let position = on_sale(&mut suite);
    unsold(&mut suite, position, 3);
    assert_eq!(error(suite.auction().backstop(&keeper, position)), none);
    assert_eq!(
        suite.ask().preview_backstop(position).unwrap(),
        PreviewBackstopResponse::None {}
    );
    // A rule that names nothing.
    let nothing = BackstopRule {
        collaterals: vec![],
        ..backstop_rule()
    };
    suite.fund().set_backstop("usdc", nothing).unwrap();
    assert_eq!(error(suite.auction().backstop(&keeper, position)), none);
    // A rule, and nobody who has staked.
    let mut suite = calm().build();
    suite.fund().set_backstop("usdc", backstop_rule()).unwrap();
    let position = on_sale(&mut suite);
    unsold(&mut suite, position, 3);
    let refused = error(suite.auction().backstop(&keeper, position));
    assert!(
        matches!(&refused, ContractError::BackstopUsedUp { pay, .. } if pay.is_zero()),
        "{refused:?}"
    );
    assert!(!suite
        .ask()
        .sale(position)
        .unwrap()
        .sale
        .lot
        .unwrap()
        .left
        .is_zero());
}

#[test]
fn a_stake_below_the_smallest_fill_buys_nothing() {
    // A fifth of four dollars is less than a dollar.
    let mut suite = calm().stake("usdc", 4 * UNIT).build();
    suite.fund().set_backstop("usdc", backstop_rule()).unwrap();
    let keeper = suite.user("keeper");
    let position = on_sale(&mut suite);
    unsold(&mut suite, position, 3);
    assert!(matches!(
        error(suite.auction().backstop(&keeper, position)),
        ContractError::Refused(Refusal::TooSmall { .. })
    ));
    // Nor does a cap of a hundredth of a token: a crumb is no reason to start the count anew.
    let staker = suite.user("staker");
    suite.give(&staker, "usdc", STAKED);
    suite.fund().stake(&staker, "usdc", STAKED).unwrap();
    let mut tiny = backstop_rule();
    tiny.collaterals[0].epoch_cap = Uint128::new(UNIT / 100);
    suite.fund().set_backstop("usdc", tiny).unwrap();
    let refused = error(suite.auction().backstop(&keeper, position));
    assert!(
        matches!(&refused, ContractError::BackstopUsedUp { take, .. } if take.u128() == UNIT / 100),
        "{refused:?}"
    );
    assert_eq!(sale(&suite, position).unsold, 2);
}

#[test]
fn no_more_of_the_collateral_than_the_rule_says() {
    let (mut suite, position, keeper) = unwanted(rule(50, 1_000));
    let lot = sale(&suite, position).lot.unwrap();
    assert!(lot.left.u128() > 1_000 * UNIT);
    let done = suite.auction().backstop(&keeper, position).unwrap();
    assert_eq!(bought(&done).0, 1_000 * UNIT);
    // The rest of the lot is there, over as before.
    let rest = sale(&suite, position).lot.unwrap();
    assert_eq!(rest.left + Uint128::new(1_000 * UNIT), lot.left);
    assert_eq!((rest.start_at, rest.ends_at), (lot.start_at, lot.ends_at));
}

/// Three lots of each of several positions are over in the same block.
#[test]
fn attack_42_the_caps_of_an_epoch_hold_across_positions_in_one_block() {
    let (mut suite, keeper) = build(calm(), rule(5, 1_000_000));
    let positions = fallen(&mut suite, &["anna", "ben", "carl"], 20_000);
    for position in &positions {
        suite.positions().advance(*position).unwrap();
    }
    for nth in 1..=3 {
        let last = positions
            .iter()
            .map(|p| suite.ask().sale(*p).unwrap().last.unwrap());
        let last = last.max().unwrap();
        suite.until(last + 1);
        suite.refresh();
        for position in positions.iter().filter(|_| nth < 3) {
            suite.positions().advance(*position).unwrap();
        }
    }
    let mut paid = 0;
    let mut refused = 0;
    for position in &positions {
        match suite.auction().backstop(&keeper, *position) {
            Ok(done) => paid += bought(&done).1,
            Err(_) => refused += 1,
        }
    }
    let worth = suite.ask().pool("usdc").unwrap().worth.u128() + paid;
    assert!(paid <= worth / 20, "{paid} of {worth}");
    assert!(
        paid > worth / 20 - 100 * UNIT,
        "all that may be spent: {paid} of {worth}"
    );
    assert!(refused > 0);
    assert_eq!(suite.ask().market("usdc").unwrap().backstop.spent.u128(), paid);
    // In the next epoch there is another twentieth.
    let left = *positions.last().unwrap();
    suite.elapse(7 * 86_400);
    suite.refresh();
    assert!(shown(&suite, left).paid.u128() > 0);
}

/// What the stakes are worth is counted up to the block: a market that nobody touched for a month lends the fund no less.
#[test]
fn what_may_be_spent_counts_the_interest_of_now() {
    let with_interest = Suite::builder()
        .asset(AssetSpec::atom().calm().depth(200_000))
        .asset(AssetSpec::usdc().calm());
    let (mut suite, keeper) = build(with_interest, rule(1, 1_000_000));
    let other = suite.user("other");
    suite
        .positions()
        .open(&other, &[("atom", 300_000 * UNIT)], &[("usdc", 1_000_000 * UNIT)])
        .unwrap();
    let staker = suite.user("staker");
    suite.fund().book(&staker, "usdc").unwrap();
    let position = on_sale(&mut suite);
    unsold(&mut suite, position, 3);
    // The position waits for a month, and nobody touches the market.
    suite.elapse(30 * 86_400);
    let shown = shown(&suite, position);
    let worth = suite.ask().stake(&staker, "usdc").unwrap().amount.u128();
    assert!(worth > STAKED, "interest of a month: {worth}");
    assert!(shown.paid.u128() <= worth / 100);
    assert!(worth / 100 - shown.paid.u128() <= 2, "{} of {worth}", shown.paid);
    let done = suite.auction().backstop(&keeper, position).unwrap();
    assert_eq!(bought(&done).1, shown.paid.u128());
}

/// Who can keep bidders out, by a stop or an outage, gains no lot by it: what stands still does not count as unwanted, and
/// while it stands, or doubt does, the fund does not buy.
#[test]
fn attack_26_a_stop_keeps_the_fund_out_as_it_does_bidders() {
    for kind in [StopKind::Borrowing, StopKind::Fills] {
        for asset in ["atom", "usdc"] {
            let (mut suite, position, keeper) = unwanted(backstop_rule());
            let guardian = suite.guardian.clone();
            suite.oracle().stop(&guardian, asset, kind, 3_600).unwrap();
            let until = suite.now() + 3_600;
            assert_eq!(
                error(suite.auction().backstop(&keeper, position)),
                ContractError::PriceStopped {
                    asset: id(asset),
                    until: Some(until),
                }
            );
            assert_eq!(
                suite.ask().preview_backstop(position).unwrap(),
                PreviewBackstopResponse::Stopped {
                    asset: id(asset),
                    until: Some(until)
                }
            );
            suite.until(until);
            suite.refresh();
            suite.auction().backstop(&keeper, position).unwrap();
        }
    }
}

#[test]
fn attack_26_a_lot_whose_fills_were_stopped_lives_as_long_as_if_they_had_not_been() {
    let (mut suite, keeper) = build(calm(), backstop_rule());
    let position = on_sale(&mut suite);
    unsold(&mut suite, position, 2);
    suite.positions().advance(position).unwrap();
    to_lot(&mut suite, position);
    let ends_at = sale(&suite, position).lot.unwrap().ends_at;
    let guardian = suite.guardian.clone();
    suite
        .oracle()
        .stop(&guardian, "atom", StopKind::Fills, 3_600)
        .unwrap();
    suite.elapse(3_600);
    suite.refresh();
    assert!(suite.now() > ends_at);
    assert!(matches!(
        error(suite.auction().backstop(&keeper, position)),
        ContractError::LotNotOver { .. }
    ));
    unsold(&mut suite, position, 1);
    assert!(suite.now() >= ends_at + 3_600);
    suite.auction().backstop(&keeper, position).unwrap();
}

/// Sources are out after a minute of silence. While one is, the lot is not over; when it answers again the lot starts over;
/// and an outage that begins behind a lot's end keeps the fund out as long as it lasts.
#[test]
fn attack_79_an_outage_is_no_lot_that_nobody_wanted() {
    let watchful = |silent: &str| {
        let (mut suite, keeper) = build(calm(), backstop_rule());
        let mut feed = suite.ask().feed(silent).unwrap();
        feed.outage_gap = 60;
        suite.oracle().set_feed(silent, feed).unwrap();
        let position = on_sale(&mut suite);
        unsold(&mut suite, position, 2);
        suite.positions().advance(position).unwrap();
        to_lot(&mut suite, position);
        (suite, position, keeper)
    };
    for silent in ["atom", "usdc"] {
        let (mut suite, position, keeper) = watchful(silent);
        suite.advance_time(3_600);
        suite.oracle().update_prices(&keeper, &[silent]).unwrap();
        for _ in 0..2 {
            let refused = error(suite.auction().backstop(&keeper, position));
            assert!(matches!(refused, ContractError::LotNotOver { .. }), "{refused:?}");
            suite.refresh();
        }
        unsold(&mut suite, position, 1);
        suite.auction().backstop(&keeper, position).unwrap();

        let (mut suite, position, keeper) = watchful(silent);
        unsold(&mut suite, position, 1);
        suite.advance_time(3_600);
        let others = ["atom", "usdc"]
            .map(id)
            .into_iter()
            .filter(|asset| *asset != id(silent));
        let others: Vec<_> = others
            .map(|asset| (asset.clone(), suite.ask().price(asset.as_str()).unwrap().price.0))
            .collect();
        suite.post(&others);
        suite.oracle().update_prices(&keeper, &[silent]).unwrap();
        assert_eq!(
            error(suite.auction().backstop(&keeper, position)),
            ContractError::PriceStopped {
                asset: id(silent),
                until: None
            }
        );
        suite.refresh();
        suite.auction().backstop(&keeper, position).unwrap();
    }
}

#[test]
fn attack_28_at_prices_that_are_not_good_for_a_fill_nothing_is_bought() {
    let (mut suite, position, keeper) = unwanted(backstop_rule());
    suite.advance_time(60);
    assert!(matches!(
        error(suite.auction().backstop(&keeper, position)),
        ContractError::Refused(Refusal::Price(_))
    ));
}

/// In the first seconds only listed bidders may buy: the rest of each lot's life was everybody's.
#[test]
fn listed_bidders_do_not_make_a_lot_the_funds() {
    let (mut suite, keeper) = build(calm(), backstop_rule());
    let bob = suite.user("bob");
    suite.auction().set_bidders("atom", 60, &[&bob]).unwrap();
    let position = on_sale(&mut suite);
    assert!(sale(&suite, position).lot.unwrap().reserved > 0);
    unsold(&mut suite, position, 2);
    suite.positions().advance(position).unwrap();
    to_lot(&mut suite, position);
    suite.refresh();
    assert!(matches!(
        error(suite.auction().backstop(&keeper, position)),
        ContractError::LotNotOver { .. }
    ));
    unsold(&mut suite, position, 1);
    suite.auction().backstop(&keeper, position).unwrap();
}

/// A price that is pushed at the moment of the backstop, in either direction, by whoever can: the breaker trips in the same call
/// that books it, and the fund waits until prices agree again. What the breaker lets pass is as for any bid.
#[test]
fn attack_64_a_price_that_jumps_at_the_moment_of_the_backstop_buys_nothing() {
    let jumpy = |mut spec: AssetSpec| {
        spec.feed.breaker = Breaker {
            max_move: Decimal::percent(10),
            cool_down: 1_800,
            confirm_jump: 180,
        };
        spec
    };
    for (asset, pushed) in [("atom", "10.50"), ("atom", "8"), ("usdc", "1.2"), ("usdc", "0.8")] {
        let (mut suite, position, keeper) = {
            let (mut suite, keeper) = build(calm().each_asset(jumpy), backstop_rule());
            let position = on_sale(&mut suite);
            unsold(&mut suite, position, 3);
            (suite, position, keeper)
        };
        let honest = suite.ask().price(asset).unwrap().price.0.to_string();
        suite.set_price(asset, pushed);
        let refused = error(suite.auction().backstop(&keeper, position));
        assert!(
            matches!(&refused, ContractError::PriceStopped { asset: of, until: Some(_) } if *of == id(asset)),
            "{asset} at {pushed}: {refused:?}"
        );
        suite.set_price(asset, &honest);
        let refused = error(suite.auction().backstop(&keeper, position));
        assert!(
            matches!(refused, ContractError::PriceStopped { .. }),
            "{refused:?}"
        );
        suite.elapse(1_800);
        suite.auction().backstop(&keeper, position).unwrap();
    }
}

/// A price that is pushed up as far as the breaker lets it (here as far as one likes), where the market is lower and nobody buys
/// for that reason: the fund pays no more than the average of the last while.
#[test]
fn attack_64_a_price_above_the_average_buys_nothing() {
    let (mut suite, keeper) = build(calm(), backstop_rule());
    let position = glidepath_testkit::scenes::leveraged(&mut suite);
    suite.set_price("atom", "8.61");
    suite.positions().advance(position).unwrap();
    unsold(&mut suite, position, 16);
    let before = Moment::of(&suite);
    suite.set_price("atom", "9.24");
    let refused = error(suite.auction().backstop(&keeper, position));
    let ContractError::AboveAverage { pays, most } = refused else {
        panic!("{refused:?}")
    };
    assert!(pays > most);
    assert_eq!(
        suite.ask().preview_backstop(position).unwrap(),
        PreviewBackstopResponse::AboveAverage { pays, most }
    );
    before.restore(&mut suite);
    suite.auction().backstop(&keeper, position).unwrap();
    // Nor at a debt's price that is pushed down.
    before.restore(&mut suite);
    suite.set_prices(&[("usdc", "0.93"), ("atom", "8.55")]);
    assert!(matches!(
        error(suite.auction().backstop(&keeper, position)),
        ContractError::AboveAverage { .. } | ContractError::Refused(Refusal::NotInDistress { .. })
    ));
}

/// Who borrowed has no way out at the floor: all of what is sold pays his debt, at a discount that is his loss, and what is
/// left is his as before.
#[test]
fn attack_36_the_borrower_loses_the_discount() {
    let (mut suite, position, _) = unwanted(backstop_rule());
    let alice = suite.user("alice");
    let equity = |suite: &Suite| {
        let held = suite.ask().held(position, "atom").unwrap() as i128;
        held * 92 / 10 - suite.ask().owed(position, "usdc").unwrap() as i128
    };
    let (before, purse) = (equity(&suite), suite.balance(&alice, "usdc"));
    let done = suite.auction().backstop(&alice, position).unwrap();
    let (sold, paid) = bought(&done);
    let discount = (sold * 92 / 10 - paid) as i128;
    assert!(discount > 0);
    assert!((before - equity(&suite) - discount).abs() <= 1);
    assert_eq!(suite.balance(&alice, "usdc"), purse);
}

#[test]
fn attack_10_coins_that_are_given_to_anybody_change_nothing() {
    let (suite, position, _) = unwanted(backstop_rule());
    let expected = shown(&suite, position);
    let (mut suite, position, _) = unwanted(backstop_rule());
    let peers = suite.peers.clone();
    let donor = suite.user("donor");
    for contract in [&peers.insurance_fund, &peers.vault, &peers.liquidation_auction] {
        for asset in ["usdc", "atom"] {
            suite.give(&donor, asset, 1_000_000 * UNIT);
            suite.transfer(&donor, contract, asset, 1_000_000 * UNIT).unwrap();
        }
    }
    assert_eq!(shown(&suite, position), expected);
}

#[test]
fn orders_that_pay_as_much_come_first() {
    let (mut suite, keeper) = build(calm(), backstop_rule());
    suite.auction().set_min_order("usdc", Some(100 * UNIT)).unwrap();
    let position = on_sale(&mut suite);
    unsold(&mut suite, position, 2);
    let vera = suite.user("vera");
    let pair = ("atom", "usdc");
    suite.auction().place_order(&vera, pair, 5, 1_000 * UNIT).unwrap();
    suite.positions().advance(position).unwrap();
    unsold(&mut suite, position, 1);
    let refused = error(suite.auction().backstop(&keeper, position));
    assert!(
        matches!(refused, ContractError::MatchFirst { slot: 5, .. }),
        "{refused:?}"
    );
    assert!(matches!(
        suite.ask().preview_backstop(position).unwrap(),
        PreviewBackstopResponse::OrdersFirst { slot: 5, .. }
    ));
}

/// The fund's purchase is nobody else's business: others' bids, advances and lots go on as they would have.
#[test]
fn a_backstop_makes_no_message_on_another_position_fail() {
    let (mut suite, keeper) = build(calm(), backstop_rule());
    let positions = fallen(&mut suite, &["anna", "ben"], 20_000);
    for position in &positions {
        suite.positions().advance(*position).unwrap();
    }
    for nth in 1..=3 {
        let last = positions
            .iter()
            .map(|p| suite.ask().sale(*p).unwrap().last.unwrap());
        let last = last.max().unwrap();
        suite.until(last + 1);
        suite.refresh();
        for position in positions.iter().filter(|_| nth < 3) {
            suite.positions().advance(*position).unwrap();
        }
    }
    let [first, second] = positions[..] else {
        unreachable!()
    };
    suite.auction().backstop(&keeper, first).unwrap();
    suite.positions().advance(second).unwrap();
    to_lot(&mut suite, second);
    suite.refresh();
    let bob = suite.user("bob");
    suite.auction().bid(&bob, second, 1_000 * UNIT).unwrap();
}

/// A fill that meets the target ends the sale in the same message.
#[test]
fn a_backstop_that_meets_the_target_ends_the_sale() {
    let (mut suite, keeper) = build(calm(), rule(50, 1_000_000));
    let positions = fallen(&mut suite, &["anna"], 2_000);
    let position = positions[0];
    suite.positions().advance(position).unwrap();
    unsold(&mut suite, position, 3);
    let done = suite.auction().backstop(&keeper, position).unwrap();
    let ended = done.event(SaleEnded::TYPE).unwrap();
    assert_eq!(ended.text("reason"), Some("target_met"));
    assert!(suite.ask().sale(position).is_err());
    assert!(suite.ask().ledger(position).unwrap().ledger.sale.is_none());
}

/// A lot that expired has used up its collateral's queue, whoever buys from it then: also where a better price lets less of it
/// be sold than it drew.
#[test]
fn attack_55_what_an_expired_lot_drew_is_not_given_back() {
    let (mut suite, keeper) = build(queued(), rule(50, 1_000_000));
    let position = leaning(&mut suite, "anna", 20_000);
    suite.set_price("atom", "8.90");
    suite.positions().advance(position).unwrap();
    let drawn = sale(&suite, position).lot.unwrap().draw.unwrap();
    unsold(&mut suite, position, 3);
    suite.set_price("atom", "9.12");
    let before = suite.ask().queue("atom", None).unwrap().backlog;
    let done = suite.auction().backstop(&keeper, position).unwrap();
    assert!(done.has(SaleEnded::TYPE));
    assert!(bought(&done).0 < drawn.amount.u128(), "less than was drawn for");
    assert_eq!(suite.ask().queue("atom", None).unwrap().backlog, before);
}

/// A position that owes more than it holds: its debt is no insolvent one any more once it is gone.
#[test]
fn the_count_of_insolvent_debts_stays_right() {
    let (mut suite, keeper) = build(calm(), rule(50, 1_000_000));
    let positions = fallen(&mut suite, &["anna"], 2_000);
    let position = positions[0];
    suite.set_price("atom", "7.30");
    suite.positions().advance(position).unwrap();
    let count = |suite: &Suite| suite.ask().market("usdc").unwrap().cover.insolvent;
    let mut bought = 0;
    for _ in 0..100 {
        suite.elapse(30);
        if matches!(
            suite.ask().preview_backstop(position),
            Ok(PreviewBackstopResponse::Buys(_))
        ) {
            assert_eq!(count(&suite), 1);
            suite.auction().backstop(&keeper, position).unwrap();
            bought += 1;
        }
        let _ = suite.positions().advance(position);
        if suite.ask().owed(position, "usdc").unwrap() == 0 {
            break;
        }
    }
    assert!(bought > 0);
    assert_eq!(count(&suite), 0);
    assert_eq!(suite.ask().owed(position, "usdc").unwrap(), 0);
}

/// Who leaves right before it, within his window, has bought nothing; the others buy no more than the same part of what is
/// theirs. Who leaves right behind it keeps what his units bought.
#[test]
fn attack_71_who_leaves_right_before_makes_nobody_buy_more_than_his_part() {
    let cooldown = 10 * 86_400;
    let (mut suite, keeper) = build(
        calm().fund(|params| params.cooldown = cooldown),
        rule(5, 1_000_000),
    );
    let (staker, vera) = (suite.user("staker"), suite.user("vera"));
    suite.give(&vera, "usdc", STAKED);
    suite.fund().stake(&vera, "usdc", STAKED).unwrap();
    suite.fund().request_exit(&vera, "usdc", None).unwrap();
    suite.elapse(cooldown);
    let position = on_sale(&mut suite);
    unsold(&mut suite, position, 3);
    let before = Moment::of(&suite);
    let worth = |suite: &Suite, who: &Addr| suite.ask().stake(who, "usdc").unwrap().amount.u128();
    let mine = worth(&suite, &staker);

    suite.fund().exit(&vera, "usdc").unwrap();
    let done = suite.auction().backstop(&keeper, position).unwrap();
    let (sold, paid) = bought(&done);
    assert!(paid <= mine / 20, "{paid} of {mine}");
    assert!(suite.ask().stake(&vera, "usdc").unwrap().goods.is_empty());
    let all = suite.ask().stake(&staker, "usdc").unwrap().goods[0].amount.u128();
    assert!(sold - all <= 1);

    before.restore(&mut suite);
    let done = suite.auction().backstop(&keeper, position).unwrap();
    let (sold, twice) = bought(&done);
    assert!(twice > paid);
    suite.fund().exit(&vera, "usdc").unwrap();
    let half = suite.ask().stake(&vera, "usdc").unwrap().goods[0].amount.u128();
    assert!((sold / 2 - 1..=sold / 2).contains(&half), "{half} of {sold}");
    suite.fund().claim(&vera, "usdc", "atom").unwrap();
    assert_eq!(suite.balance(&vera, "atom"), half);
    // He left with what his units were worth behind it.
    let left = suite.ask().supply(&vera, "usdc").unwrap().amount.u128();
    assert!(left.abs_diff(worth(&suite, &staker)) <= 2, "{left}");
}

#[test]
fn attack_1_no_coin_comes_with_it() {
    let (mut suite, position, keeper) = unwanted(backstop_rule());
    suite.give(&keeper, "usdc", UNIT);
    let auction = suite.peers.liquidation_auction.clone();
    let msg = glidepath_interfaces::auction::ExecuteMsg::Backstop { position };
    let refused = error(suite.pay(&keeper, &auction, &msg, "usdc", UNIT));
    assert!(matches!(refused, ContractError::Payment(_)), "{refused:?}");
    assert!(matches!(
        error(suite.auction().backstop(&keeper, 77_000_000)),
        ContractError::NoSale { .. }
    ));
}

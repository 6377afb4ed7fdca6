//! Distress that once stalled, or was dealt with at the wrong price: several collaterals, escalations, prices that are
//! wrong for a block, positions of little.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

use cosmwasm_std::Decimal;
use glidepath_interfaces::auction::Mode;
use glidepath_interfaces::events::auction::{Filled, LotStarted};
use glidepath_interfaces::events::vault::DebtWrittenOff;
use glidepath_position_manager::ContractError;
use glidepath_risk::health::{Factors, Weights};
use glidepath_testkit::handles::BidTerms;
use glidepath_testkit::hostile::{tell, token, Mischief};
use glidepath_testkit::scenes::{advance_all, calm, closing_out, health, leveraged, run_down, to_lot, UNIT};
use glidepath_testkit::{defaults, refused, AssetSpec};

/// Two collaterals that can't be moved, both of a lower weight than the third, which everybody wants.
#[test]
fn attack_59_two_frozen_collaterals_do_not_shield_the_third() {
    let frozen = |name: &str| {
        AssetSpec::cw20(name, 6, "10")
            .as_collateral(defaults::VOLATILE)
            .calm()
            .depth(200_000)
            .token_code(token)
    };
    let mut suite = calm().asset(frozen("ice")).asset(frozen("snow")).build();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(
            &alice,
            &[
                ("ice", 1_000 * UNIT),
                ("snow", 1_000 * UNIT),
                ("atom", 100_000 * UNIT),
            ],
            &[("usdc", 740_000 * UNIT)],
        )
        .unwrap();
    suite.set_price("atom", "8.20");
    tell(&mut suite, "ice", &Mischief::Refuse {});
    tell(&mut suite, "snow", &Mischief::Refuse {});
    advance_all(&mut suite, position);
    suite.elapse(60);
    advance_all(&mut suite, position);
    let bob = suite.user("bob");
    let (mut on_sale, mut fills) = (std::collections::BTreeMap::new(), 0);
    for _ in 0..1_000 {
        suite.elapse(10);
        let _ = suite.positions().advance(position);
        let Ok(sale) = suite.ask().sale(position) else {
            break;
        };
        *on_sale.entry(sale.sale.collateral.to_string()).or_insert(0) += 1;
        fills += u32::from(suite.auction().bid(&bob, position, 1_000_000 * UNIT).is_ok());
    }
    assert!(fills > 0, "nothing was sold in three hours: {on_sale:?}");
}

/// The same with two collaterals of $2 each that are not worth a bidder's time.
#[test]
fn attack_36_dust_of_two_collaterals_does_not_shield_the_third() {
    let dust = |name: &str, denom: &str| {
        AssetSpec::native(name, denom, 6, "10")
            .as_collateral(defaults::VOLATILE)
            .calm()
            .depth(200_000)
    };
    let mut suite = calm()
        .asset(dust("dusta", "udusta"))
        .asset(dust("dustb", "udustb"))
        .build();
    let alice = suite.user("alice");
    let position = leveraged(&mut suite);
    suite
        .positions()
        .deposit(&alice, position, "dusta", UNIT / 5)
        .unwrap();
    suite
        .positions()
        .deposit(&alice, position, "dustb", UNIT / 5)
        .unwrap();
    suite.set_price("atom", "8.20");
    advance_all(&mut suite, position);
    suite.elapse(60);
    advance_all(&mut suite, position);
    assert_eq!(suite.ask().sale(position).unwrap().sale.mode, Mode::CloseOut);
    let bob = suite.user("bob");
    let (mut on_sale, mut fills) = (std::collections::BTreeMap::new(), 0);
    for _ in 0..1_000 {
        suite.elapse(10);
        let _ = suite.positions().advance(position);
        let Ok(sale) = suite.ask().sale(position) else {
            break;
        };
        *on_sale.entry(sale.sale.collateral.to_string()).or_insert(0) += 1;
        // Worth his while: $50.
        let terms = BidTerms {
            min_received: Some(5 * UNIT),
            ..BidTerms::default()
        };
        suite.give(&bob, "usdc", 1_000_000 * UNIT);
        fills += u32::from(
            suite
                .auction()
                .bid_with(&bob, position, terms, "usdc", 1_000_000 * UNIT)
                .is_ok(),
        );
    }
    assert!(fills > 0, "nothing was sold in three hours: {on_sale:?}");
}

/// A dollar of an asset of a lower weight expires unsold; the first lot of what is really there is a first pass all the
/// same.
#[test]
fn attack_82_a_dollar_of_dust_does_not_use_up_the_first_pass() {
    let dust = AssetSpec::native("dusta", "udusta", 6, "10")
        .as_collateral(defaults::VOLATILE)
        .calm()
        .depth(200_000);
    let mut suite = calm().asset(dust).build();
    let alice = suite.user("alice");
    let position = leveraged(&mut suite);
    suite
        .positions()
        .deposit(&alice, position, "dusta", UNIT / 5)
        .unwrap();
    suite.set_price("atom", "7.70");
    advance_all(&mut suite, position);
    suite.elapse(60);
    advance_all(&mut suite, position);
    let bob = suite.user("bob");
    for _ in 0..100 {
        suite.elapse(6);
        let _ = suite.positions().advance(position);
        let found = suite.ask().sale(position).unwrap();
        let sale = found.sale;
        if sale.collateral.as_str() == "atom" && found.multiplier.is_some() {
            let end = sale.lot.unwrap().ends_at;
            suite.until(end);
            let before = suite.ask().position(position).unwrap();
            let ltv = before.debt_value.ratio(before.collateral_value).unwrap();
            let done = suite.auction().bid(&bob, position, 50_000 * UNIT).unwrap();
            let multiplier: Decimal = done.event(Filled::TYPE).unwrap().must("multiplier");
            assert!(
                multiplier >= ltv,
                "sold at {multiplier} in pass {}, below {ltv}",
                sale.pass
            );
            return;
        }
    }
    panic!("no lot of atom");
}

/// A token whose base unit is worth more than the debt that it would repay can't be sold: it is no collateral.
#[test]
fn attack_15_a_token_whose_unit_is_worth_a_debt_is_no_collateral() {
    let mut deed = AssetSpec::native("deed", "deed", 0, "1000").calm().depth(200_000);
    let mut suite = calm().asset(deed.clone()).build();
    deed = deed.as_collateral(defaults::MAJOR);
    let refused: ContractError = refused(suite.positions().set_asset("deed", deed.params));
    assert!(matches!(refused, ContractError::CoarseUnit { .. }), "{refused}");
}

/// A debt is counted in shares that are worth a base unit and its interest. Of a token in whole dollars a fill of two repaid
/// one: a hundred of them sold $200 of collateral, repaid $100 and lowered health. It is no debt. Of one in cents the smallest
/// fill still raises health.
#[test]
fn attack_15_a_token_whose_unit_is_worth_a_fill_is_no_debt() {
    let points = |name: &str, decimals| AssetSpec::native(name, name, decimals, "1").calm();
    let mut suite = calm().asset(points("whole", 0)).build();
    let terms = AssetSpec::usdc().market.unwrap();
    suite.vault().set_market("whole", terms).unwrap();
    let whole = points("whole", 0).as_debt(Factors::ONE);
    let refused: ContractError = refused(suite.positions().set_asset("whole", whole.params));
    assert!(matches!(refused, ContractError::CoarseDebt { .. }), "{refused}");

    let cents = points("cents", 2).as_debt(Factors::ONE).lent(10_000);
    let mut suite = calm().asset(cents).build();
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    let position = suite
        .positions()
        .open(&alice, &[("atom", 1_000 * UNIT)], &[("cents", 500_000)])
        .unwrap();
    suite.elapse(30 * 86_400);
    suite.set_price("atom", "6.20");
    suite.positions().advance(position).unwrap();
    suite.elapse(901);
    suite.positions().advance(position).unwrap();
    to_lot(&mut suite, position);
    for _ in 0..50 {
        let before = health(&suite, position);
        suite.auction().bid(&bob, position, 102).unwrap();
        assert!(health(&suite, position) > before);
    }
}

/// The soft floor holds up the price of an asset of a high weight; a fall escalates to another pair. What the first had
/// reached by its clock (and was offered to nobody) is not where the second starts.
#[test]
fn a_close_out_of_another_pair_does_not_go_on_from_the_price_of_the_first() {
    let dear = AssetSpec::native("dear", "udear", 6, "1000")
        .as_collateral(Weights {
            initial: Decimal::percent(80),
            target: Decimal::percent(80),
            maintenance: Decimal::percent(85),
        })
        .calm()
        .depth(200_000);
    let firm = AssetSpec::native("firm", "ufirm", 6, "1")
        .as_collateral(Weights {
            initial: Decimal::percent(88),
            target: Decimal::percent(88),
            maintenance: Decimal::percent(91),
        })
        .calm()
        .depth(2_000_000);
    let mut suite = calm().asset(dear).asset(firm).build();
    let alice = suite.user("alice");
    // $20,000 of dear alone can't reach the target, so the soft sale is of firm; a close-out begins with the lower weight.
    let position = suite
        .positions()
        .open(
            &alice,
            &[("dear", 5 * UNIT), ("firm", 1_000_000 * UNIT)],
            &[("usdc", 880_000 * UNIT)],
        )
        .unwrap();
    suite.set_price("firm", "0.955");
    suite.positions().advance(position).unwrap();
    suite.elapse(901);
    let _ = suite.positions().advance(position);
    to_lot(&mut suite, position);
    let sale = suite.ask().sale(position).unwrap().sale;
    assert_eq!(sale.collateral.as_str(), "firm");
    // A fall, seen twice in the life of the lot, near whose end the soft floor holds the price up.
    suite.elapse(60);
    suite.set_price("firm", "0.89");
    suite.positions().advance(position).expect("a sighting");
    suite.until(sale.lot.unwrap().ends_at);
    let clock = suite.ask().sale(position).unwrap().multiplier.unwrap();
    let done = suite.positions().advance(position).unwrap();
    let now = suite.ask().sale(position).unwrap().sale;
    assert_eq!((now.mode, now.collateral.as_str()), (Mode::CloseOut, "dear"));
    let from: Decimal = done.event(LotStarted::TYPE).unwrap().must("from");
    assert!(
        from >= Decimal::one(),
        "nobody was offered it yet: {from}; the clock of the other was at {clock}"
    );
}

/// A debt of which only surcharge is left is still a debt: its asset stays listed, or its position can't be cured.
#[test]
fn attack_32_an_asset_owed_as_surcharge_alone_stays_listed() {
    let eusd = AssetSpec::native("eusd", "ueusd", 6, "1")
        .as_debt(Factors::ONE)
        .calm()
        .no_interest();
    let mut suite = calm().asset(eusd).build();
    let alice = suite.user("alice");
    let position = suite
        .positions()
        .open(
            &alice,
            &[("atom", 100_000 * UNIT)],
            &[("usdc", 640_000 * UNIT), ("eusd", 100_000 * UNIT)],
        )
        .unwrap();
    suite.set_price("atom", "8.00");
    suite.positions().advance(position).unwrap();
    suite.elapse(600);
    suite
        .positions()
        .repay(&alice, position, "eusd", 100_000 * UNIT)
        .unwrap();
    assert!(suite.ask().owed(position, "eusd").unwrap() > 0);
    let mut params = suite.ask().asset("eusd").unwrap().params;
    params.debt = None;
    suite.positions().set_asset("eusd", params).unwrap();
    let cured = suite.positions().repay(&alice, position, "usdc", 300_000 * UNIT);
    cured.unwrap();
}

/// Two of the smallest collaterals that are sold at all: what is worth more than it owes is sold, not given to the fund at
/// the lenders' cost.
#[test]
fn a_position_that_holds_more_than_it_owes_is_never_written_off() {
    let small = |name: &str, denom: &str| {
        AssetSpec::native(name, denom, 6, "10")
            .as_collateral(defaults::MAJOR)
            .calm()
            .tune(|params| {
                params.collateral.as_mut().unwrap().min_collateral = glidepath_risk::Value::usd(100);
            })
    };
    let mut suite = calm()
        .asset(small("smalla", "usmalla"))
        .asset(small("smallb", "usmallb"))
        .build();
    let alice = suite.user("alice");
    let ten = 10 * UNIT + UNIT / 10;
    let position = suite
        .positions()
        .open(
            &alice,
            &[("smalla", ten), ("smallb", ten)],
            &[("usdc", 150 * UNIT)],
        )
        .unwrap();
    suite.set_prices(&[("smalla", "9.20"), ("smallb", "9.20")]);
    let before = suite.ask().position(position).unwrap();
    for _ in 0..30 {
        suite.elapse(60);
        let _ = suite.positions().advance(position);
    }
    let fund = suite.peers.insurance_fund.clone();
    let given = suite.ask().account(&fund, "smalla").unwrap();
    assert_eq!(
        given, 0,
        "held {:?}, owed {:?}",
        before.collateral_value, before.debt_value
    );
}

/// A unit of an asset of which less than $100 is not worth a sale, beside $83 of one that is sold down to a dollar: that is
/// sold, not given to the fund at the lenders' and the owner's cost.
#[test]
fn attack_59_a_unit_of_a_coarse_asset_gives_nothing_else_away() {
    let coarse = AssetSpec::native("coarse", "ucoarse", 6, "10")
        .as_collateral(defaults::MAJOR)
        .calm()
        .tune(|params| {
            params.collateral.as_mut().unwrap().min_collateral = glidepath_risk::Value::usd(100);
        });
    let mut suite = calm().asset(coarse).build();
    let (alice, bob) = (suite.user("alice"), suite.user("bob"));
    let position = suite
        .positions()
        .open(
            &alice,
            &[("atom", 9 * UNIT), ("coarse", 1)],
            &[("usdc", 67 * UNIT)],
        )
        .unwrap();
    suite.set_price("atom", "9.20");
    suite.positions().advance(position).unwrap();
    let done = run_down(&mut suite, position, &bob);
    assert!(
        !done.has(DebtWrittenOff::TYPE),
        "a solvent position was written off"
    );
    assert!(done.has(Filled::TYPE));
    let fund = suite.peers.insurance_fund.clone();
    assert_eq!(suite.ask().account(&fund, "atom").unwrap(), 0);
}

/// The source gives no newer price for five minutes; for the last two nobody may buy. What nobody was offered is not
/// where the close-out goes on.
#[test]
fn a_close_out_does_not_go_on_from_a_price_at_which_nobody_could_buy() {
    let mut suite = calm().build();
    let position = glidepath_testkit::scenes::on_sale(&mut suite);
    suite.set_price("atom", "7.80");
    suite.positions().advance(position).expect("a sighting");
    for _ in 0..31 {
        suite.advance_time(10);
        let keeper = suite.user("keeper");
        suite.oracle().update_prices(&keeper, &["atom", "usdc"]).unwrap();
    }
    let done = suite.positions().advance(position).unwrap();
    let from: Decimal = done.event(LotStarted::TYPE).unwrap().must("from");
    assert!(from >= Decimal::percent(97), "{from}");
}

/// The lowest price of a permission follows the market, but not so that a price that is wrong for one block is sold at in
/// that block.
#[test]
fn attack_64_a_lowest_price_that_follows_a_wrong_price_sells_nothing_at_it() {
    let mut suite = calm().build();
    let position = closing_out(&mut suite);
    let bob = suite.user("bob");
    suite.set_price("atom", "0.10");
    assert!(suite.auction().bid(&bob, position, 1_000_000 * UNIT).is_err());
    let _ = suite.positions().advance(position);
    assert!(suite.auction().bid(&bob, position, 1_000_000 * UNIT).is_err());
    suite.elapse(6);
    suite.set_price("atom", "8.40");
    let done = suite.auction().bid(&bob, position, 100_000 * UNIT).unwrap();
    let price: Decimal = done.event(Filled::TYPE).unwrap().must("price");
    assert!(price > Decimal::from_ratio(8u128 * UNIT, 1u128), "{price}");
}

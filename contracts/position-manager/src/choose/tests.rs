#![allow(clippy::arithmetic_side_effects)]

use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::auction::{Mode, ModeTerms, SaleTerms};
use glidepath_interfaces::oracle::{PriceLimits, PriceRecord, Stops};
use glidepath_interfaces::position_manager::{AssetStatus, CollateralParams, DebtParams};
use glidepath_risk::curve::{CurveTerms, Learning};
use glidepath_risk::health::{Factors, Weights};
use glidepath_risk::pause::Pause;
use glidepath_risk::{Price, Value};

use super::*;
use crate::view::Quote;

fn mode(floor: u64, penalty: u64) -> ModeTerms {
    ModeTerms {
        curve: CurveTerms::Linear {
            premium: Decimal::permille(5),
            floor: Decimal::percent(floor),
            fall: 450,
        },
        penalty: Decimal::permille(penalty),
        tolerance: Decimal::permille(5),
        lot_min: Value::usd(100),
        lot_max: Value::usd(1_000_000),
        spacing: 30,
    }
}

fn terms() -> SaleTerms {
    SaleTerms {
        soft: mode(6, 1),
        close_out: mode(10, 5),
        asked: mode(6, 0),
        learning: Learning {
            step: Decimal::permille(3),
            premium_max: Decimal::percent(2),
        },
    }
}

fn quote(price: u64) -> Quote {
    let price = Price(Decimal::from_ratio(price, 1u64));
    Quote {
        status: AssetStatus::Listed,
        decimals: 6,
        depth: Value::usd(1_000_000),
        volatility_reference: Decimal::percent(60),
        limits: PriceLimits {
            borrow: 60,
            fill: 120,
            health: 600,
            check: 15,
            confidence: Decimal::percent(5),
            deviation: Decimal::one(),
        },
        record: PriceRecord {
            price,
            smoothed: price,
            volatility: Decimal::percent(60),
            slow_volatility: Decimal::percent(60),
            confidence: Decimal::zero(),
            published_at: 0,
            checked_at: 0,
            outage: Pause::NEVER,
            stops: Stops::default(),
        },
        usable: true,
        tradable: true,
        silent: false,
    }
}

/// `usd` of an asset at $1 with a maintenance weight (in percent) and a target weight five points lower.
fn held(name: &str, usd: u128, weight: u64) -> Held {
    let weights = Weights {
        initial: Decimal::percent(weight - 5),
        target: Decimal::percent(weight - 5),
        maintenance: Decimal::percent(weight),
    };
    Held {
        asset: name.parse().unwrap(),
        amount: Uint128::new(usd * 1_000_000),
        spare: Uint128::new(usd * 1_000_000),
        params: CollateralParams {
            weights,
            overhang_cap: Decimal::one(),
            clearing_discount: Decimal::permille(15),
            min_fill: Value::usd(1),
            min_collateral: Value::usd(1),
            volatility_factor: Decimal::zero(),
            size_factor: Decimal::zero(),
            queue: None,
        },
        quote: quote(1),
        price: quote(1).record.price,
        value: Value::usd(usd),
        worth: Value::usd(usd),
    }
}

/// A debt of `usd` with a maintenance factor (in percent).
fn owed(name: &str, usd: u128, factor: u64) -> Owed {
    let factor = Decimal::percent(factor);
    Owed {
        asset: name.parse().unwrap(),
        amount: Uint128::new(usd * 1_000_000),
        params: DebtParams {
            factors: Factors {
                initial: factor,
                target: factor,
                maintenance: factor,
            },
            min_debt: Value::usd(10),
        },
        quote: quote(1),
        price: quote(1).record.price,
        value: Value::usd(usd),
    }
}

fn view(held: Vec<Held>, owed: Vec<Owed>) -> View {
    View { held, owed }
}

fn rules(terms: &SaleTerms) -> Rules<'_> {
    Rules {
        terms,
        eta: Decimal::percent(50),
        target: Decimal::one(),
        sell_order: &[],
    }
}

/// The pair that a mode sells, as `collateral/debt`.
fn pair(view: &View, mode: Mode) -> String {
    chosen(view, mode, Turn::First)
}

fn passing(view: &View, mode: Mode, (held, owed): (&str, &str)) -> String {
    let (held, owed) = (held.parse().unwrap(), owed.parse().unwrap());
    chosen(view, mode, Turn::Behind((&held, &owed)))
}

fn chosen(view: &View, mode: Mode, turn: Turn) -> String {
    let terms = terms();
    match choose(view, &rules(&terms), mode, turn).unwrap().first() {
        Some(choice) => format!("{}/{}", choice.offer.collateral, choice.offer.debt),
        None => "none".into(),
    }
}

fn out_of_reach(view: &View) -> bool {
    let terms = terms();
    is_out_of_reach(view, &rules(&terms)).unwrap()
}

#[test]
fn debts_go_by_price_factor_and_value() {
    let collateral = || vec![held("atom", 2_000, 80)];
    let debts = |debts: Vec<Owed>| pair(&view(collateral(), debts), Mode::Soft);
    assert_eq!(
        debts(vec![owed("aa", 800, 100), owed("bb", 805, 100)]),
        "atom/bb",
        "larger"
    );
    assert_eq!(
        debts(vec![owed("aa", 1_405, 100), owed("bb", 200, 110)]),
        "atom/bb",
        "higher factor"
    );
    let mut dead = owed("bb", 200, 110);
    dead.quote.tradable = false;
    assert_eq!(
        debts(vec![owed("aa", 1_405, 100), dead.clone()]),
        "atom/aa",
        "no price"
    );
    assert_eq!(debts(vec![dead]), "none");
    // A unit of a debt with a high factor does not hold up the rest.
    assert_eq!(debts(vec![owed("aa", 1_610, 100), owed("bb", 9, 110)]), "atom/aa");
    assert_eq!(debts(vec![owed("bb", 9, 110)]), "none", "the target is met");
}

#[test]
fn attack_59_and_61_collaterals_go_by_price_reach_and_weight() {
    let debt = || vec![owed("usdc", 1_610, 100)];
    let soft = |held: Vec<Held>| pair(&view(held, debt()), Mode::Soft);
    // Both reach the target alone: the lower weight.
    assert_eq!(
        soft(vec![held("aa", 1_000, 80), held("bb", 1_070, 70)]),
        "bb/usdc"
    );
    // Equal weights: the first deposit.
    assert_eq!(
        soft(vec![held("bb", 1_000, 80), held("aa", 1_000, 80)]),
        "bb/usdc"
    );
    // The lower weight can't reach it alone, the other can.
    assert_eq!(soft(vec![held("aa", 1_990, 80), held("bb", 15, 70)]), "aa/usdc");
    // Neither price nor place shields: what has no price is passed over.
    let mut dead = held("bb", 1_070, 70);
    dead.quote.tradable = false;
    assert_eq!(soft(vec![held("aa", 1_000, 80), dead.clone()]), "aa/usdc");
    assert_eq!(soft(vec![dead]), "none");
    // What is worth less than the least that may remain is not for sale.
    let mut dust = held("bb", 1, 70);
    dust.params.min_collateral = Value::usd(2);
    assert_eq!(soft(vec![held("aa", 2_000, 80), dust]), "aa/usdc");
    // The same asset on both sides is offset, never sold.
    let same = view(vec![held("usdc", 2_000, 80)], debt());
    assert_eq!(pair(&same, Mode::Soft), "none");
}

#[test]
fn attack_81_while_soft_only_what_is_soft_sellable_is_sold() {
    // At a health of .94 a weight of .95 is beyond the frontier; at .99 it is just within.
    let at = |health: u128| {
        view(
            vec![held("stable", 1_000, 95)],
            vec![owed("usdc", 950_000 / health, 100)],
        )
    };
    assert_eq!(pair(&at(940), Mode::Soft), "none");
    assert!(out_of_reach(&at(940)));
    assert_eq!(pair(&at(940), Mode::CloseOut), "stable/usdc");
    assert_eq!(pair(&at(985), Mode::Soft), "stable/usdc");
    assert!(!out_of_reach(&at(985)));
    // Dust of another asset does not keep it in the soft stage.
    let with_dust = view(
        vec![held("stable", 990, 95), held("eth", 10, 80)],
        vec![owed("usdc", 1_010, 100)],
    );
    assert_eq!(pair(&with_dust, Mode::Soft), "eth/usdc");
    assert!(out_of_reach(&with_dust));
    assert_eq!(
        pair(&with_dust, Mode::CloseOut),
        "stable/usdc",
        "what is not worth a lot comes last"
    );
    let more = view(
        vec![held("stable", 900, 95), held("eth", 100, 80)],
        vec![owed("usdc", 1_010, 100)],
    );
    assert_eq!(pair(&more, Mode::CloseOut), "eth/usdc", "lowest weight first");
}

#[test]
fn attack_81_dust_that_is_never_sold_keeps_nothing_in_reach() {
    // Seven assets of $99, each less than may be sold, beside one that is not soft-sellable at .96: no soft sale has
    // anything to sell, so it must become a close-out.
    let mut stable = held("stable", 9_000, 95);
    stable.params.weights.target = stable.params.weights.maintenance;
    let mut held_all = vec![stable];
    for name in ["aa", "bb", "cc", "dd", "ee", "ff", "gg"] {
        let mut dust = held(name, 99, 30);
        dust.params.min_collateral = Value::usd(100);
        held_all.push(dust);
    }
    let position = view(held_all, vec![owed("usdc", 9_122, 100)]);
    assert_eq!(pair(&position, Mode::Soft), "none");
    assert_eq!(pair(&position, Mode::CloseOut), "stable/usdc");
    assert!(out_of_reach(&position));
}

#[test]
fn close_out_sells_whatever_has_a_price() {
    let debt = || vec![owed("usdc", 1_900, 100)];
    let close = |held: Vec<Held>| pair(&view(held, debt()), Mode::CloseOut);
    assert_eq!(
        close(vec![held("aa", 1_000, 80), held("bb", 1_000, 70)]),
        "bb/usdc"
    );
    let mut dead = held("bb", 1_000, 70);
    dead.quote.tradable = false;
    assert_eq!(close(vec![held("aa", 1_000, 80), dead]), "aa/usdc");
}

#[test]
fn attack_59_pairs_that_nobody_buys_have_their_turn_one_after_the_other() {
    let position = view(
        vec![held("aa", 1_000, 80), held("bb", 1_070, 70)],
        vec![owed("usdc", 1_400, 100), owed("eusd", 210, 100)],
    );
    let next = |passed| passing(&position, Mode::Soft, passed);
    assert_eq!(pair(&position, Mode::Soft), "bb/usdc");
    assert_eq!(next(("bb", "usdc")), "aa/usdc");
    // Each has its turn, or two that nobody buys would shield a third.
    assert_eq!(next(("aa", "usdc")), "bb/eusd");
    assert_eq!(next(("bb", "eusd")), "aa/eusd");
    assert_eq!(next(("aa", "eusd")), "bb/usdc");
    assert_eq!(next(("cc", "usdc")), "bb/usdc", "what is gone has no place");
    // A lot that starts again keeps its pair.
    let (aa, eusd, cc) = (
        "aa".parse().unwrap(),
        "eusd".parse().unwrap(),
        "cc".parse().unwrap(),
    );
    let stays = |held| chosen(&position, Mode::Soft, Turn::Stays((held, &eusd)));
    assert_eq!((stays(&aa), stays(&cc)), ("aa/eusd".into(), "bb/usdc".into()));
    let single = view(vec![held("aa", 1_000, 80)], vec![owed("usdc", 805, 100)]);
    assert_eq!(passing(&single, Mode::Soft, ("aa", "usdc")), "aa/usdc");
}

#[test]
fn an_offer_is_what_may_be_sold_at_the_oracle_price() {
    let terms = terms();
    let position = view(vec![held("aa", 1_000, 80)], vec![owed("usdc", 805, 100)]);
    let choices = choose(&position, &rules(&terms), Mode::Soft, Turn::First).unwrap();
    let choice = choices.first().unwrap();
    let offer = &choice.offer;
    // (805 − 750) / (1/1.001 − .75) = $220.882647…
    assert_eq!(offer.amount, Uint128::new(220_882_648));
    assert_eq!(offer.value.to_string(), "220.882648");
    assert_eq!(offer.min_left, Uint128::new(1_000_000));
    assert_eq!(offer.calm, Decimal::one());
    // Half of 10 % below the price, in debt base units per whole token.
    assert_eq!(choice.min_price.to_string(), "450000");
    let mut fast = position;
    fast.held[0].quote.record.volatility = Decimal::percent(120);
    let choices = choose(&fast, &rules(&terms), Mode::Soft, Turn::First).unwrap();
    let choice = choices.first().unwrap();
    assert_eq!(choice.offer.calm, Decimal::percent(50));
}

#[test]
fn out_of_reach_is_judged_over_all_soft_sellable_collaterals_together() {
    // Where all of it is soft-sellable it reaches the target; deep below nothing is.
    let two = |debt| {
        view(
            vec![held("aa", 1_000, 80), held("bb", 1_000, 80)],
            vec![owed("usdc", debt, 100)],
        )
    };
    assert!(!out_of_reach(&two(1_900)));
    assert!(out_of_reach(&two(1_970)));
    // Half of it has no price now: that puts nothing out of reach that comes back with its source.
    let half = |debt| {
        let mut position = two(debt);
        position.held[1].quote.usable = false;
        position
    };
    assert!(!out_of_reach(&half(1_900)));
    assert!(out_of_reach(&half(1_970)));
    // A debt that can't be bought stays: the collateral that repays the other is kept where it is not needed.
    let stuck = |collateral| {
        let mut position = view(
            vec![held("aa", collateral, 80)],
            vec![owed("usdc", 100, 100), owed("dead", 720, 100)],
        );
        position.owed[1].quote.tradable = false;
        position
    };
    // $1,062 less $101.63 sold, at .75: $720.28.
    assert!(!out_of_reach(&stuck(1_062)));
    assert!(out_of_reach(&stuck(1_061)));
    // Nobody can tell without a debt that can be bought.
    let mut blind = two(1_970);
    blind.owed[0].quote.tradable = false;
    assert!(!out_of_reach(&blind));
}

#[test]
fn a_target_is_met_where_what_is_missing_is_no_fill() {
    let met = |debt: &str| {
        let units =
            (debt.parse::<Decimal>().unwrap() * Decimal::from_ratio(1_000_000u128, 1u128)).to_uint_floor();
        let mut owed = owed("usdc", 1, 100);
        owed.amount = units;
        owed.value = Value(debt.parse().unwrap());
        is_met(
            &view(vec![held("aa", 1_000, 80)], vec![owed]),
            Decimal::one(),
            Decimal::zero(),
        )
        .unwrap()
    };
    assert!(met("700"));
    assert!(met("750"));
    // A quarter of a dollar too much debt is a dollar to sell: (750.25 − 750) / (1 − .75).
    assert!(met("750.249999"));
    assert!(!met("750.25"));
    assert!(!met("801"), "below maintenance whatever is missing");
    let no_price = |mut position: View| {
        position.owed[0].quote.tradable = false;
        is_met(&position, Decimal::one(), Decimal::zero()).unwrap()
    };
    assert!(!no_price(view(
        vec![held("aa", 1_000, 80)],
        vec![owed("usdc", 751, 100)]
    )));
    assert!(
        no_price(view(vec![held("aa", 1_000, 80)], vec![owed("usdc", 750, 100)])),
        "reached needs no price"
    );
}

//! `SetAsset`: what may be listed, and what may change while it is in use.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{dec, manager, why, UNIT};
use cosmwasm_std::{coins, Decimal};
use cw_asset::AssetInfo;
use cw_ownable::OwnershipError;
use glidepath_interfaces::events::position_manager::AssetSet;
use glidepath_interfaces::payment::PaymentError;
use glidepath_interfaces::position_manager::{AssetParams, ExecuteMsg};
use glidepath_interfaces::record::ReadError;
use glidepath_position_manager::ContractError;
use glidepath_risk::health::{Factors, Weights};
use glidepath_risk::Value;
use glidepath_testkit::{defaults, id, AssetSpec, Suite};

fn atom() -> AssetParams {
    AssetSpec::atom().params
}

/// The field for which parameters are refused.
#[track_caller]
fn bad(suite: &mut Suite, change: impl FnOnce(&mut AssetParams)) -> &'static str {
    let mut params = AssetSpec::eth().params;
    change(&mut params);
    let before = suite.ask().asset("eth").unwrap();
    let field = match why(suite.positions().set_asset("eth", params)) {
        ContractError::BadParameter { field, value, bound } => {
            assert!(!value.is_empty() && !bound.is_empty());
            field
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(
        suite.ask().asset("eth").unwrap(),
        before,
        "nothing is half-written"
    );
    field
}

#[track_caller]
fn good(suite: &mut Suite, change: impl FnOnce(&mut AssetParams)) {
    let mut params = AssetSpec::eth().params;
    change(&mut params);
    suite.positions().set_asset("eth", params.clone()).unwrap();
    assert_eq!(suite.ask().asset("eth").unwrap().params, params);
}

fn weights(initial: &str, target: &str, maintenance: &str) -> Weights {
    Weights {
        initial: dec(initial),
        target: dec(target),
        maintenance: dec(maintenance),
    }
}

fn factors(initial: &str, target: &str, maintenance: &str) -> Factors {
    Factors {
        initial: dec(initial),
        target: dec(target),
        maintenance: dec(maintenance),
    }
}

#[test]
fn lists_what_the_vault_knows() {
    let mut suite = Suite::default();
    let info = AssetInfo::native("udoge");
    let params = AssetParams {
        debt: None,
        ..AssetSpec::atom().params
    };
    // Unknown to the vault.
    let refused = why(suite.positions().set_asset("doge", params.clone()));
    assert!(
        matches!(&refused, ContractError::Read(ReadError::Missing { key, .. }) if key == "doge"),
        "{refused:?}"
    );
    suite.vault().list_asset("doge", info.clone(), 8).unwrap();
    // Unknown to the oracle.
    let refused = why(suite.positions().set_asset("doge", params.clone()));
    assert!(
        matches!(&refused, ContractError::Read(ReadError::Missing { key, .. }) if key == "doge"),
        "{refused:?}"
    );
    suite
        .oracle()
        .set_feed("doge", glidepath_testkit::defaults::feed(1))
        .unwrap();
    suite.post(&[(id("doge"), dec("0.1"))]);
    let done = suite.positions().set_asset("doge", params.clone()).unwrap();
    let event = done.event(AssetSet::TYPE).unwrap();
    assert_eq!(event.text("asset"), Some("doge"));
    assert_eq!(event.must::<Decimal>("maintenance_weight"), dec("0.8"));
    assert_eq!(event.text("maintenance_factor"), None);
    let listed = suite.ask().asset("doge").unwrap();
    assert_eq!((listed.info, listed.decimals, listed.params), (info, 8, params));
    // As debt it needs a market.
    let borrowable = AssetSpec::usdc().params;
    let refused = why(suite.positions().set_asset("doge", borrowable.clone()));
    assert!(matches!(
        refused,
        ContractError::Read(ReadError::Missing { record: "market", .. })
    ));
    suite
        .vault()
        .set_market("doge", defaults::market_terms())
        .unwrap();
    suite.positions().set_asset("doge", borrowable).unwrap();
}

#[test]
fn only_the_owner_and_without_coins() {
    let mut suite = Suite::default();
    let (bob, owner) = (suite.user("bob"), suite.owner.clone());
    let msg = ExecuteMsg::SetAsset {
        asset: id("atom"),
        params: atom(),
        ramp: 0,
    };
    assert_eq!(
        why(suite.positions().execute(&bob, &msg)),
        ContractError::Ownership(OwnershipError::NotOwner)
    );
    // Attack 1: a coin attached.
    suite.give(&owner, "atom", 1);
    let manager = manager(&suite);
    let refused = suite.execute(&owner, &manager, &msg, &coins(1, "uatom"));
    assert_eq!(
        why(refused),
        ContractError::Payment(PaymentError::UnexpectedFunds {
            found: "native:uatom:1".into()
        })
    );
}

#[test]
fn attack_25_every_parameter_at_its_bounds_and_one_past() {
    let mut suite = Suite::builder().asset(AssetSpec::eth()).build();
    let collateral = |change: fn(&mut glidepath_interfaces::position_manager::CollateralParams)| {
        move |p: &mut AssetParams| change(p.collateral.as_mut().unwrap())
    };
    let hair = Decimal::raw(1);

    assert_eq!(bad(&mut suite, |p| p.depth = Value::ZERO), "depth");
    good(&mut suite, |p| {
        p.depth = Value("0.000000000000000001".parse().unwrap())
    });

    assert_eq!(
        bad(&mut suite, |p| p.volatility_reference = Decimal::zero()),
        "volatility_reference"
    );
    assert_eq!(
        bad(&mut suite, |p| p.volatility_reference = dec("10") + hair),
        "volatility_reference"
    );
    good(&mut suite, |p| p.volatility_reference = dec("10"));
    good(&mut suite, |p| p.volatility_reference = hair);

    for (borrow, fill, health, check) in [
        (0, 10, 10, 5),
        (10, 10, 10, 5),
        (5, 11, 10, 5),
        (5, 10, 10, 0),
        (5, 10, 604_801, 5),
    ] {
        let limits = |p: &mut AssetParams| {
            (p.limits.borrow, p.limits.fill, p.limits.health, p.limits.check) = (borrow, fill, health, check);
        };
        assert_eq!(
            bad(&mut suite, limits),
            "limits",
            "{borrow} {fill} {health} {check}"
        );
    }
    good(&mut suite, |p| {
        (p.limits.borrow, p.limits.fill, p.limits.health, p.limits.check) = (1, 2, 2, 1)
    });
    // Below dead_after too: a price is too old before it is gone.
    assert_eq!(bad(&mut suite, |p| p.limits.health = 86_400), "dead_after");
    good(&mut suite, |p| p.limits.health = 86_399);
    let mut rules = defaults::rules();
    rules.dead_after = 2_592_000;
    suite.positions().set_params(rules).unwrap();
    good(&mut suite, |p| p.limits.health = 604_800);

    let set = |w: Weights| move |p: &mut AssetParams| p.collateral.as_mut().unwrap().weights = w;
    assert_eq!(bad(&mut suite, set(weights("0.76", "0.75", "0.8"))), "weights");
    assert_eq!(bad(&mut suite, set(weights("0.7", "0.81", "0.8"))), "weights");
    assert_eq!(bad(&mut suite, set(weights("0.7", "0.75", "1"))), "weights");
    good(&mut suite, set(weights("0", "0.8", "0.8")));
    good(&mut suite, set(weights("0.8", "0.8", "0.8")));

    assert_eq!(
        bad(&mut suite, collateral(|c| c.overhang_cap = Decimal::zero())),
        "overhang_cap"
    );
    assert_eq!(
        bad(
            &mut suite,
            collateral(|c| c.overhang_cap = dec("20") + Decimal::raw(1))
        ),
        "overhang_cap"
    );
    good(&mut suite, collateral(|c| c.overhang_cap = dec("20")));
    good(&mut suite, collateral(|c| c.overhang_cap = Decimal::raw(1)));

    assert_eq!(
        bad(&mut suite, collateral(|c| c.clearing_discount = Decimal::zero())),
        "clearing_discount"
    );
    assert_eq!(
        bad(&mut suite, collateral(|c| c.clearing_discount = dec("0.2"))),
        "clearing_discount"
    );
    good(&mut suite, collateral(|c| c.clearing_discount = Decimal::raw(1)));

    assert_eq!(
        bad(&mut suite, collateral(|c| c.min_fill = Value::ZERO)),
        "min_fill"
    );
    for field in ["volatility_factor", "size_factor"] {
        let set = |value: Decimal| {
            move |p: &mut AssetParams| {
                let collateral = p.collateral.as_mut().unwrap();
                match field {
                    "size_factor" => collateral.size_factor = value,
                    _ => collateral.volatility_factor = value,
                }
            }
        };
        assert_eq!(bad(&mut suite, set(Decimal::one() + hair)), field);
        good(&mut suite, set(Decimal::one()));
    }
    let queue = |rate: &str, burst: &str| {
        let (rate, burst) = (dec(rate), dec(burst));
        move |p: &mut AssetParams| {
            let collateral = p.collateral.as_mut().unwrap();
            collateral.weights = weights("0.6", "0.65", "0.7");
            collateral.queue = Some(glidepath_risk::queue::QueueTerms { rate, burst });
        }
    };
    assert_eq!(bad(&mut suite, queue("0.999999999999999999", "2")), "queue.rate");
    assert_eq!(
        bad(&mut suite, queue("100.000000000000000001", "2")),
        "queue.rate"
    );
    assert_eq!(bad(&mut suite, queue("8", "0")), "queue.burst");
    assert_eq!(
        bad(&mut suite, queue("8", "20.000000000000000001")),
        "queue.burst"
    );
    good(&mut suite, queue("100", "20"));
    good(&mut suite, queue("1", "0.000000000000000001"));
    let cent = Value("0.01".parse().unwrap());
    let above = |usd| Value::usd(usd).plus(cent).unwrap();
    let set = |usd| move |p: &mut AssetParams| p.collateral.as_mut().unwrap().min_fill = usd;
    assert_eq!(bad(&mut suite, set(above(1_000))), "min_fill");
    good(&mut suite, set(Value::usd(1_000)));
    let set = |usd| move |p: &mut AssetParams| p.collateral.as_mut().unwrap().min_collateral = usd;
    assert_eq!(bad(&mut suite, set(above(100))), "min_collateral");
    assert_eq!(bad(&mut suite, set(Value::ZERO)), "min_collateral");
    good(&mut suite, set(Value::usd(100)));
    good(&mut suite, set(cent));
    let set = |usd| move |p: &mut AssetParams| p.debt.as_mut().unwrap().min_debt = usd;
    assert_eq!(bad(&mut suite, set(above(10_000))), "min_debt");
    good(&mut suite, set(Value::usd(10_000)));
    good(&mut suite, set(Value::ZERO));

    let set = |f: Factors| move |p: &mut AssetParams| p.debt.as_mut().unwrap().factors = f;
    assert_eq!(bad(&mut suite, set(factors("1", "1.01", "1"))), "factors");
    assert_eq!(bad(&mut suite, set(factors("1.1", "1", "1.01"))), "factors");
    assert_eq!(
        bad(&mut suite, set(factors("1", "1", "0.999999999999999999"))),
        "factors"
    );
    assert_eq!(
        bad(&mut suite, set(factors("10.000000000000000001", "1", "1"))),
        "factors"
    );
    good(&mut suite, set(factors("10", "10", "10")));
    good(&mut suite, set(factors("1", "1", "1")));
}

#[test]
fn attack_56_what_no_soft_sale_could_sell_is_no_collateral() {
    let mut suite = Suite::default();
    // d_max = ½ (1 − 1.001 · wM / .99), with a clearing discount of 1.5 %: wM ≤ .97 · .99 / 1.001.
    let mut list = |maintenance: &str| {
        let mut params = atom();
        params.collateral.as_mut().unwrap().weights = weights("0.7", "0.75", maintenance);
        suite.positions().set_asset("atom", params)
    };
    list("0.9593").unwrap();
    match why(list("0.9594")) {
        ContractError::NotSoftSellable {
            asset,
            health,
            limit,
            clearing,
        } => {
            assert_eq!((asset, health, clearing), (id("atom"), dec("0.99"), dec("0.015")));
            assert!(limit < clearing && limit > dec("0.0149"), "{limit}");
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(
        why(list("0.99")),
        ContractError::NotSoftSellable { limit, .. } if limit.is_zero()
    ));
    // Nor one whose buyers come only below the floor of 6 %.
    let mut params = atom();
    params.collateral.as_mut().unwrap().clearing_discount = dec("0.06");
    suite.positions().set_asset("atom", params.clone()).unwrap();
    params.collateral.as_mut().unwrap().clearing_discount = dec("0.061");
    assert!(matches!(
        why(suite.positions().set_asset("atom", params)),
        ContractError::NotSoftSellable { .. }
    ));
}

#[test]
fn what_is_in_use_does_not_become_worse_at_once() {
    let mut suite = Suite::builder().asset(AssetSpec::eth()).build();
    let change = |suite: &mut Suite, change: &dyn Fn(&mut AssetParams)| {
        let mut params = suite.ask().asset("eth").unwrap().params;
        change(&mut params);
        suite.positions().set_asset("eth", params)
    };
    let lower = |p: &mut AssetParams| p.collateral.as_mut().unwrap().weights = weights("0.7", "0.74", "0.79");
    let higher = |p: &mut AssetParams| p.debt.as_mut().unwrap().factors = factors("1.2", "1.09", "1.06");
    // Nobody uses it: anything goes.
    change(&mut suite, &lower).unwrap();
    change(&mut suite, &higher).unwrap();
    change(&mut suite, &|p| p.collateral = None).unwrap();
    suite
        .positions()
        .set_asset("eth", AssetSpec::eth().params)
        .unwrap();

    let alice = suite.user("alice");
    let eth = 1_000_000_000_000_000_000u128;
    let position = suite
        .positions()
        .open(&alice, &[("eth", eth)], &[("usdc", 1_000 * UNIT)])
        .unwrap();
    let in_use = |field: &'static str, now: &str, wanted: &str| ContractError::RampTooShort {
        asset: id("eth"),
        field,
        now: dec(now),
        wanted: dec(wanted),
        ramp: 0,
        least: 86_400,
    };
    let stays = |field| ContractError::InUse {
        asset: id("eth"),
        field,
    };
    assert_eq!(
        why(change(&mut suite, &lower)),
        in_use("target weight", "0.75", "0.74")
    );
    let maintenance = |p: &mut AssetParams| p.collateral.as_mut().unwrap().weights.maintenance = dec("0.79");
    assert_eq!(
        why(change(&mut suite, &maintenance)),
        in_use("maintenance weight", "0.8", "0.79")
    );
    assert_eq!(
        why(change(&mut suite, &|p| p.collateral = None)),
        stays("collateral")
    );
    // What can't make anybody liquidatable goes: initial weights, rises, and its debt, which nobody has.
    change(&mut suite, &|p| {
        p.collateral.as_mut().unwrap().weights.initial = dec("0.1")
    })
    .unwrap();
    change(&mut suite, &|p| {
        p.collateral.as_mut().unwrap().weights.maintenance = dec("0.81")
    })
    .unwrap();
    change(&mut suite, &higher).unwrap();
    suite.set_price("eth", "2500");
    assert!(
        suite
            .ask()
            .position(position)
            .unwrap()
            .health
            .maintenance
            .unwrap()
            > Decimal::one()
    );

    suite
        .positions()
        .open(&alice, &[("atom", 10_000 * UNIT)], &[("eth", eth)])
        .unwrap();
    let higher = |p: &mut AssetParams| p.debt.as_mut().unwrap().factors = factors("1.2", "1.1", "1.06");
    assert_eq!(
        why(change(&mut suite, &higher)),
        in_use("target factor", "1.09", "1.1")
    );
    let higher = |p: &mut AssetParams| p.debt.as_mut().unwrap().factors.maintenance = dec("1.07");
    assert_eq!(
        why(change(&mut suite, &higher)),
        in_use("maintenance factor", "1.06", "1.07")
    );
    assert_eq!(why(change(&mut suite, &|p| p.debt = None)), stays("debt"));
    change(&mut suite, &|p| {
        p.debt.as_mut().unwrap().factors.initial = dec("2")
    })
    .unwrap();
}

#[test]
fn a_base_unit_is_worth_no_more_than_a_fill() {
    let mut suite = Suite::builder()
        .asset(AssetSpec::native("deed", "deed", 0, "1.01"))
        .build();
    let params = AssetSpec::atom().params;
    let refused = why(suite.positions().set_asset("deed", params.clone()));
    assert!(
        matches!(refused, ContractError::CoarseUnit { unit, min_fill, .. } if unit > min_fill),
        "{refused:?}"
    );
    suite.set_price("deed", "1");
    suite.positions().set_asset("deed", params.clone()).unwrap();
    // What is listed can be changed at any price, but for smaller fills.
    suite.set_price("deed", "2");
    suite.positions().set_asset("deed", params.clone()).unwrap();
    let fill = |usd| {
        let mut params = params.clone();
        params.collateral.as_mut().unwrap().min_fill = Value::usd(usd);
        params
    };
    suite.positions().set_asset("deed", fill(3)).unwrap();
    let refused = why(suite.positions().set_asset("deed", fill(1)));
    assert!(
        matches!(refused, ContractError::CoarseUnit { unit, min_fill, .. } if unit > min_fill),
        "{refused:?}"
    );
    suite.positions().set_asset("deed", fill(2)).unwrap();
}

#[test]
fn a_base_unit_of_a_debt_is_worth_a_cent_at_most() {
    let mut suite = Suite::builder()
        .asset(AssetSpec::native("cents", "cents", 2, "1.000000000000000001"))
        .build();
    let terms = AssetSpec::usdc().market.unwrap();
    suite.vault().set_market("cents", terms).unwrap();
    let params = AssetSpec::usdc().params;
    let refused = why(suite.positions().set_asset("cents", params.clone()));
    assert!(
        matches!(refused, ContractError::CoarseDebt { unit, most, .. } if unit > most),
        "{refused:?}"
    );
    suite.set_price("cents", "1");
    suite.positions().set_asset("cents", params.clone()).unwrap();
    // What is listed can be changed at any price.
    suite.set_price("cents", "2");
    suite.positions().set_asset("cents", params).unwrap();
}

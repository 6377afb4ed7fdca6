//! Ramps of weights and factors, and terms of sales checked against them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod common;

use common::{advance, dec, why, UNIT};
use cosmwasm_std::{Decimal, Empty};
use glidepath_interfaces::position_manager::{AssetParams, QueryMsg};
use glidepath_position_manager::ContractError;
use glidepath_risk::health::{Factors, Weights};
use glidepath_risk::queue::QueueTerms;
use glidepath_testkit::scenes::calm;
use glidepath_testkit::{defaults, AssetSpec, Suite};

const DAY: u64 = 86_400;

fn weights(initial: u64, target: u64, maintenance: u64) -> Weights {
    Weights {
        initial: Decimal::percent(initial),
        target: Decimal::percent(target),
        maintenance: Decimal::percent(maintenance),
    }
}

fn with(spec: AssetSpec, weights: Weights) -> AssetParams {
    spec.tune(|params| params.collateral.as_mut().unwrap().weights = weights)
        .params
}

fn atom(weights: Weights) -> AssetParams {
    with(AssetSpec::atom().calm().depth(200_000), weights)
}

fn in_force(suite: &Suite) -> Weights {
    suite
        .ask()
        .asset("atom")
        .unwrap()
        .params
        .collateral
        .unwrap()
        .weights
}

/// 1,000 `atom` ($10,000) that owe 7,400 `usdc`: maintenance health 1.081.
fn position(suite: &mut Suite) -> u64 {
    let alice = suite.user("alice");
    suite
        .positions()
        .open(&alice, &[("atom", 1_000 * UNIT)], &[("usdc", 7_400 * UNIT)])
        .unwrap()
}

#[test]
fn what_is_healthy_stays_so_in_the_block_of_a_change_and_is_called_along_its_ramp() {
    let mut suite = calm().build();
    let position = position(&mut suite);
    let before = suite.ask().health(position).unwrap();
    suite
        .positions()
        .ramp_asset("atom", atom(weights(60, 65, 70)), 10 * DAY)
        .unwrap();
    assert_eq!(suite.ask().health(position).unwrap(), before);
    assert!(suite.positions().advance(position).is_err());
    // Nobody borrows against the old weight any more.
    assert_eq!(in_force(&suite), weights(60, 75, 80));
    let told = suite.ask().asset("atom").unwrap();
    assert_eq!(told.target.collateral.unwrap().weights, weights(60, 65, 70));
    assert_eq!(told.ramp.unwrap().span.end, suite.now() + 10 * DAY);

    // .76 after four days: 1.027. .74 after six: exactly 1. A minute later it is called.
    suite.elapse(4 * DAY);
    assert_eq!(in_force(&suite), weights(60, 71, 76));
    assert!(suite.positions().advance(position).is_err());
    suite.elapse(2 * DAY);
    assert_eq!(suite.ask().health(position).unwrap(), Some(Decimal::one()));
    assert!(suite.positions().advance(position).is_err());
    suite.elapse(60);
    let health = suite.ask().health(position).unwrap().unwrap();
    assert!(health < Decimal::one() && health > dec("0.9999"), "{health}");
    assert_eq!(advance(&mut suite, position), "called");

    suite.elapse(4 * DAY);
    let told = suite.ask().asset("atom").unwrap();
    assert_eq!((told.params, told.ramp), (told.target, None));
}

#[test]
fn another_change_goes_on_from_where_the_ramp_is() {
    let mut suite = calm().build();
    position(&mut suite);
    suite
        .positions()
        .ramp_asset("atom", atom(weights(65, 65, 70)), 10 * DAY)
        .unwrap();
    suite.elapse(5 * DAY);
    assert_eq!(in_force(&suite), weights(65, 70, 75));
    // What it leads to is worse than what is: not at once.
    let refused = suite.positions().set_asset("atom", atom(weights(65, 65, 70)));
    assert!(matches!(why(refused), ContractError::RampTooShort { now, .. } if now == Decimal::percent(70)));
    suite
        .positions()
        .ramp_asset("atom", atom(weights(65, 66, 71)), 2 * DAY)
        .unwrap();
    assert_eq!(in_force(&suite), weights(65, 70, 75));
    suite.elapse(DAY);
    assert_eq!(in_force(&suite), weights(65, 68, 73));
    // Back to where they are, or better: at once.
    suite
        .positions()
        .set_asset("atom", atom(weights(65, 68, 74)))
        .unwrap();
    assert_eq!(in_force(&suite), weights(65, 68, 74));
}

#[test]
fn attack_25_a_ramp_takes_a_day_for_the_worse_of_what_is_in_use_and_at_most_ninety() {
    let mut suite = calm().build();
    let worse = atom(weights(74, 74, 79));
    // In use by nobody: at once, or as slowly as one likes.
    suite.positions().set_asset("atom", worse.clone()).unwrap();
    suite
        .positions()
        .set_asset("atom", atom(weights(75, 75, 80)))
        .unwrap();
    position(&mut suite);
    let mut set = |params: &AssetParams, ramp| suite.positions().ramp_asset("atom", params.clone(), ramp);
    for ramp in [0, DAY - 1] {
        let refused = why(set(&worse, ramp));
        assert!(
            matches!(refused, ContractError::RampTooShort { ramp: told, least: DAY, .. } if told == ramp),
            "{refused:?}"
        );
    }
    let refused = why(set(&worse, 90 * DAY + 1));
    assert!(
        matches!(refused, ContractError::BadParameter { field: "ramp", .. }),
        "{refused:?}"
    );
    set(&worse, DAY).unwrap();
    set(&worse, 90 * DAY).unwrap();
    set(&atom(weights(75, 75, 80)), 0).unwrap();

    // A debt that begins to count for more.
    let heavier = |ramp| {
        let usdc = AssetSpec::usdc().calm().no_interest().tune(|params| {
            params.debt.as_mut().unwrap().factors = Factors {
                initial: Decimal::percent(110),
                target: Decimal::percent(108),
                maintenance: Decimal::percent(104),
            };
        });
        (usdc.params, ramp)
    };
    let (params, ramp) = heavier(DAY - 1);
    let refused = why(suite.positions().ramp_asset("usdc", params, ramp));
    assert!(
        matches!(
            refused,
            ContractError::RampTooShort {
                field: "target factor",
                ..
            }
        ),
        "{refused:?}"
    );
    let (params, ramp) = heavier(2 * DAY);
    suite.positions().ramp_asset("usdc", params, ramp).unwrap();
    suite.elapse(DAY);
    let factors = suite.ask().asset("usdc").unwrap().params.debt.unwrap().factors;
    let wanted = Factors {
        initial: Decimal::percent(110),
        target: Decimal::percent(104),
        maintenance: Decimal::percent(102),
    };
    assert_eq!(factors, wanted);
}

#[test]
fn a_queue_and_a_soft_sale_fit_both_ends_of_a_ramp() {
    let mut suite = calm().build();
    suite
        .positions()
        .set_asset("atom", atom(weights(90, 90, 95)))
        .unwrap();
    position(&mut suite);
    let queued = |maintenance| {
        let mut params = atom(weights(60, 60, maintenance));
        params.collateral.as_mut().unwrap().queue = Some(QueueTerms {
            rate: Decimal::percent(800),
            burst: Decimal::percent(200),
        });
        params
    };
    // .70 at its end, .95 now.
    let refused = suite.positions().ramp_asset("atom", queued(70), DAY);
    assert!(matches!(
        why(refused),
        ContractError::BadParameter { field: "queue", .. }
    ));
    suite
        .positions()
        .ramp_asset("atom", atom(weights(60, 60, 70)), DAY)
        .unwrap();
    let mut terms = defaults::sale_terms();
    let check = |suite: &Suite, terms: &glidepath_interfaces::auction::SaleTerms| {
        let terms = terms.clone();
        let manager = common::manager(suite);
        let answer: glidepath_testkit::Result<Empty> =
            suite.ask().smart(&manager, &QueryMsg::CheckTerms { terms });
        answer.map_err(|error| error.to_string())
    };
    check(&suite, &terms).unwrap();
    // ½ (1 − 1.02 · .95 / .99) = 1.06 %, and buyers come at 1.5 %: with the weight of now, not with that of the end.
    terms.soft.penalty = Decimal::percent(2);
    let refused = check(&suite, &terms).unwrap_err();
    assert!(refused.contains("atom could be sold softly"), "{refused}");
    let mut rules = defaults::rules();
    rules.eta = Decimal::percent(15);
    let refused = why(suite.positions().set_params(rules.clone()));
    assert!(
        matches!(refused, ContractError::NotSoftSellable { .. }),
        "{refused:?}"
    );
    assert_eq!(suite.ask().rules().unwrap().params, defaults::rules());
    suite.elapse(DAY);
    check(&suite, &terms).unwrap();
    suite.positions().set_params(rules).unwrap();
    suite.positions().set_asset("atom", queued(70)).unwrap();
    let refused = suite.positions().set_asset("atom", queued(71));
    assert!(matches!(
        why(refused),
        ContractError::BadParameter { field: "queue", .. }
    ));
}

//! States of a position's life, and what is asked in each.

use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::auction::{self, TryPrice};
use glidepath_interfaces::position_manager::{self as manager, Action};
use glidepath_risk::health::Weights;
use glidepath_risk::Price;
use glidepath_testkit::handles::{borrow, deposit, repay_all, withdraw};
use glidepath_testkit::scenes::{self, UNIT};
use glidepath_testkit::{id, AssetSpec, Outcome, Suite};

use super::{texts, RefusedWith, Scene, Told, Vectors};

pub fn all() -> Vectors {
    let (events, contracts) = life();
    Vectors {
        scenes: vec![
            healthy(),
            several_assets(),
            ramping(),
            called(),
            on_sale(),
            closing_out(),
            queued(),
            silent(),
        ],
        contracts,
        events,
        refusals: refusals(),
    }
}

fn healthy() -> Scene {
    let mut suite = Suite::default();
    let position = scenes::leveraged(&mut suite);
    suite.elapse(86_400);
    let mut scene = Scene::of("a healthy position with a day of interest", &suite);
    about(&mut scene, &suite, position);
    later(&mut scene, &mut suite, position, &[6, 3_600, 86_400]);
    scene
}

fn several_assets() -> Scene {
    let mut suite = Suite::builder()
        .asset(AssetSpec::eth())
        .asset(AssetSpec::gold())
        .asset(AssetSpec::cusd())
        .build();
    let alice = suite.user("alice");
    let held = [
        ("atom", 20_000 * UNIT),
        ("eth", 30 * 10u128.pow(18)),
        ("gold", 50 * 10u128.pow(8)),
    ];
    let owed = [("usdc", 60_000 * UNIT), ("cusd", 40_000 * 10u128.pow(18))];
    let position = suite.positions().open(&alice, &held, &owed).expect("a position");
    suite.elapse(7_000);
    let mut scene = Scene::of("coins and tokens, two debts", &suite);
    about(&mut scene, &suite, position);
    later(&mut scene, &mut suite, position, &[600]);
    scene
}

fn ramping() -> Scene {
    let mut suite = Suite::default();
    let position = scenes::leveraged(&mut suite);
    let mut params = suite.ask().asset("atom").expect("listed").target;
    if let Some(collateral) = &mut params.collateral {
        collateral.weights = Weights {
            initial: Decimal::percent(70),
            target: Decimal::percent(71),
            maintenance: Decimal::percent(75),
        };
    }
    suite
        .positions()
        .ramp_asset("atom", params, 864_000)
        .expect("a ramp");
    suite.elapse(100_000);
    let mut scene = Scene::of("weights on a ramp", &suite);
    about(&mut scene, &suite, position);
    later(&mut scene, &mut suite, position, &[200_000, 900_000]);
    scene
}

fn called() -> Scene {
    let mut suite = Suite::default();
    let position = scenes::called(&mut suite);
    let mut scene = Scene::of("a margin call", &suite);
    about(&mut scene, &suite, position);
    later(&mut scene, &mut suite, position, &[60, 900, 901]);
    scene
}

fn on_sale() -> Scene {
    let mut suite = Suite::default();
    let position = scenes::on_sale(&mut suite);
    let mut scene = Scene::of("a soft sale", &suite);
    about(&mut scene, &suite, position);
    sale(&mut scene, &suite, position);
    for seconds in [1, 10, 20, 40, 400] {
        suite.advance_time(seconds);
        sale(&mut scene, &suite, position);
    }
    scene
}

fn closing_out() -> Scene {
    let mut suite = Suite::default();
    let position = scenes::closing_out(&mut suite);
    let mut scene = Scene::of("a close-out", &suite);
    about(&mut scene, &suite, position);
    sale(&mut scene, &suite, position);
    suite.advance_time(20);
    sale(&mut scene, &suite, position);
    scene
}

fn queued() -> Scene {
    let mut suite = scenes::queued().build();
    let first = scenes::leaning(&mut suite, "alice", 200_000);
    let second = scenes::leaning(&mut suite, "carol", 200_000);
    suite.set_price("atom", "9");
    scenes::advance_all(&mut suite, first);
    scenes::advance_all(&mut suite, second);
    let mut scene = Scene::of("two sales in one queue", &suite);
    for position in [first, second] {
        about(&mut scene, &suite, position);
    }
    for draw in [None, Some(glidepath_risk::Value::usd(50_000))] {
        let collateral = id("atom");
        scene.ask(&suite, &auction::QueryMsg::Queue { collateral, draw });
    }
    scene
}

fn silent() -> Scene {
    let mut suite = Suite::default();
    let position = scenes::on_sale(&mut suite);
    suite.advance_time(7_300);
    let mut scene = Scene::of("nobody has asked for prices in two hours", &suite);
    about(&mut scene, &suite, position);
    sale(&mut scene, &suite, position);
    scene
}

/// What a frontend asks about any position.
fn about(scene: &mut Scene, suite: &Suite, position: u64) {
    use manager::QueryMsg::{Asset, Config, Due, LiquidationPrices, PreviewUpdate, TimeToLiquidation};
    scene.ask(suite, &Config {});
    scene.ask(suite, &Asset { asset: id("atom") });
    standing(scene, suite, position);
    scene.ask(suite, &LiquidationPrices { position });
    for within in [None, Some(3_600)] {
        scene.ask(suite, &TimeToLiquidation { position, within });
    }
    scene.ask(suite, &Due { position });
    let several: [Vec<Action>; 5] = [
        vec![deposit("atom", 10 * UNIT)],
        vec![borrow("usdc", 1_000 * UNIT)],
        vec![withdraw("atom", 60_000 * UNIT)],
        vec![repay_all("usdc"), withdraw("atom", UNIT)],
        vec![repay_all("atom")],
    ];
    for actions in several {
        let position = Some(position);
        scene.ask(suite, &PreviewUpdate { position, actions });
    }
    let actions = vec![deposit("atom", 1_000 * UNIT), borrow("usdc", 6_000 * UNIT)];
    scene.ask(
        suite,
        &PreviewUpdate {
            position: None,
            actions,
        },
    );
}

fn standing(scene: &mut Scene, suite: &Suite, position: u64) {
    scene.ask(suite, &manager::QueryMsg::Position { position });
}

/// What is asked about a sale.
fn sale(scene: &mut Scene, suite: &Suite, position: u64) {
    use auction::QueryMsg::{PreviewBid, PriceAt, Sale};
    standing(scene, suite, position);
    scene.ask(suite, &Sale { position });
    let pays = [None, Some(Uint128::new(5_000 * UNIT)), Some(Uint128::one())];
    for pay in pays {
        let prices = None;
        scene.ask(
            suite,
            &PreviewBid {
                position,
                pay,
                prices,
                bidder: None,
            },
        );
    }
    let low = TryPrice {
        asset: id("atom"),
        price: Price(Decimal::percent(800)),
    };
    let prices = Some(vec![low.clone()]);
    scene.ask(
        suite,
        &PreviewBid {
            position,
            pay: None,
            prices,
            bidder: None,
        },
    );
    for seconds in [0, 5, 60, 10_000] {
        let time = suite.now() + seconds;
        scene.ask(suite, &PriceAt { position, time });
    }
    for percent in [101, 98, 90] {
        for (max_pay, prices) in [
            (None, None),
            (Some(Uint128::new(777_777)), Some(vec![low.clone()])),
        ] {
            let multiplier = Decimal::percent(percent);
            scene.ask(
                suite,
                &manager::QueryMsg::Sellable {
                    position,
                    multiplier,
                    max_pay,
                    prices,
                    known: None,
                },
            );
        }
    }
}

/// The same records at later moments.
fn later(scene: &mut Scene, suite: &mut Suite, position: u64, after: &[u64]) {
    for seconds in after {
        suite.advance_time(*seconds);
        standing(scene, suite, position);
        scene.ask(suite, &manager::QueryMsg::LiquidationPrices { position });
        scene.ask(suite, &manager::QueryMsg::Due { position });
    }
}

/// Events of a position's whole life, sold softly and restored.
fn life() -> (Vec<Told>, glidepath_interfaces::Peers<String>) {
    let mut suite = Suite::default();
    let bob = suite.user("bob");
    suite.give(&bob, "usdc", 100_000_000 * UNIT);
    let alice = suite.user("alice");
    suite.give(&alice, "usdc", 5 * UNIT);
    let mut done = suite.vault().supply(&alice, "usdc", 5 * UNIT).expect("a supply");
    let position = scenes::called(&mut suite);
    suite.elapse(901);
    let end: Outcome = scenes::run_down(&mut suite, position, &bob);
    done = done.and(end);
    let told = |event: &cosmwasm_std::Event| Told {
        kind: event.ty.clone(),
        attributes: event
            .attributes
            .iter()
            .map(|one| {
                [
                    ("key".into(), one.key.clone()),
                    ("value".into(), one.value.clone()),
                ]
                .into()
            })
            .collect(),
    };
    (done.events.iter().map(told).collect(), texts(&suite))
}

/// Refusals that people meet, in the contracts' words.
fn refusals() -> Vec<RefusedWith> {
    let mut suite = Suite::default();
    let position = scenes::leveraged(&mut suite);
    let (alice, mallory) = (suite.user("alice"), suite.user("mallory"));
    let mut all = vec![];
    let mut add = |by: &str, error: glidepath_testkit::Error, name: String| {
        let code: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
        let text = error.root_cause().to_string();
        all.push(RefusedWith {
            by: by.into(),
            code,
            text,
        });
    };
    let debug = |error: &glidepath_testkit::Error| {
        error
            .downcast_ref::<glidepath_position_manager::ContractError>()
            .map_or_else(|| panic!("{error:#}"), |e| format!("{e:?}"))
    };
    let updates: Vec<(Option<u64>, Vec<Action>)> = vec![
        (Some(position), vec![borrow("usdc", 100_000 * UNIT)]),
        (Some(position), vec![borrow("usdc", 100_000_000 * UNIT)]),
        (Some(position), vec![withdraw("atom", 100_001 * UNIT)]),
        (Some(position), vec![borrow("nothing", 1)]),
        (Some(position), vec![]),
        (Some(77), vec![withdraw("atom", 1)]),
    ];
    for (position, actions) in updates {
        let error = suite
            .positions()
            .update(&alice, position, actions, &[])
            .expect_err("refused");
        let name = debug(&error);
        add("position_manager", error, name);
    }
    let error = suite
        .positions()
        .update(&mallory, Some(position), vec![withdraw("atom", 1)], &[])
        .expect_err("refused");
    let name = debug(&error);
    add("position_manager", error, name);
    let error = suite.positions().advance(position).expect_err("refused");
    let name = debug(&error);
    add("position_manager", error, name);
    all
}

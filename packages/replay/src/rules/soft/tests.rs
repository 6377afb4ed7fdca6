//! Keepers' floats and habits against the contracts, over a stretch of the crash in which everything happens.

use super::*;
use crate::config::{Asset, StressKind};
use crate::path::{builtin, Path, Window};
use crate::rules::RulesKind;
use crate::simulation::{run, Outcome};

use held::Held;

mod held;
mod tools;

/// Part of a price or amount by which floats may differ.
const TOLERANCE: f64 = 1e-6;
/// USD below which amounts are rounding.
const CENTS: f64 = 1e-4;

/// An hour and a half around the low of the built-in crash.
fn scene(positions: u32, overhang: f64) -> Scene {
    let mut config = Config::default();
    config.population.positions = positions;
    config.population.overhang = overhang;
    config.checks.every_s = crate::clock::BLOCK_S;
    let mut path = Path::new(&builtin(1), Window::Crash, 1, &config).unwrap();
    let from = path.worst_hour().start - 300;
    path.from = path.time(from);
    path.prices = path.prices.split_off(from);
    path.sigma = path.sigma.split_off(from);
    path.prices.truncate(900);
    path.sigma.truncate(900);
    Scene::new(config, 1, path, Vec::new())
}

fn held(scene: &Scene) -> (Held, Outcome) {
    let mut held = Held::new(scene);
    let outcome = run(scene, RulesKind::Soft, &mut held, &mut |_| {}).unwrap();
    (held, outcome)
}

fn count(outcome: &Outcome, which: impl Fn(&Event) -> bool) -> usize {
    outcome.log.iter().filter(|entry| which(&entry.event)).count()
}

#[test]
fn keepers_see_what_the_contracts_do_and_are_never_late() {
    let scene = scene(14, 3.0);
    let (held, outcome) = held(&scene);
    let fills = count(&outcome, |event| matches!(event, Event::Fill(_)));
    assert!(fills > 20, "only {fills} fills");
    assert!(
        held.quotes.get() > 150,
        "only {} quotes were compared",
        held.quotes.get()
    );
    assert!(held.looks > 2_000, "looked only {} times", held.looks);
    assert_eq!(held.refused, 0, "bids were refused");
}

#[test]
fn small_positions_are_not_offered_for_ever_and_close_out_is_not_held_up() {
    let mut scene = scene(10, 0.003);
    scene.config.risk.min_fill_usd = 1.0;
    scene.config.risk.close_out_health = 0.97;
    let (held, outcome) = held(&scene);
    assert!(held.declined > 10, "declined only {} times", held.declined);
    let restarts = count(&outcome, |event| matches!(event, Event::Restarted { .. }));
    assert!(
        restarts < 60,
        "{restarts} restarts of positions of a few hundred dollars"
    );
    let escalated = count(&outcome, |event| matches!(event, Event::Escalated { .. }));
    assert!(escalated > 0, "no sale went on under close-out terms");
}

#[test]
fn an_hour_without_an_oracle_refuses_each_lot_once_a_price() {
    let mut scene = scene(8, 3.0);
    scene.config.stress.kinds = vec![StressKind::OracleSilent];
    let (held, outcome) = held(&scene);
    let tried = count(&outcome, |event| matches!(event, Event::Fill(_))) as u64 + held.refused;
    assert!(
        held.refused <= tried.max(40) && held.refused < 200,
        "{} refusals",
        held.refused
    );
}

/// The same with positions of up to three collaterals: one follows the first's price, of 18 decimals; one runs against
/// it, a cw20 token.
#[test]
fn keepers_see_what_the_contracts_do_with_several_collaterals() {
    let mut scene = scene(24, 6.0);
    let mut config = scene.config.clone();
    config.population.holds_two = 0.5;
    config.population.holds_three = 0.3;
    let asset = |name: &str, beta, maintenance_weight, target_weight| Asset {
        name: name.to_owned(),
        beta,
        maintenance_weight,
        target_weight,
        ..Asset::default()
    };
    config.assets = vec![
        Asset {
            decimals: 18,
            ..asset("two", 1.2, 0.8, 0.75)
        },
        Asset {
            cw20: true,
            decimals: 6,
            depth_1pct_usd: 300_000.0,
            ..asset("three", 0.4, 0.75, 0.7)
        },
    ];
    let others = config.assets.iter().map(|asset| {
        let (first, beta) = (asset.first_price, asset.beta);
        scene.path.following(first, beta, &config)
    });
    let others = others.collect();
    scene = Scene::new(config, 1, scene.path, others);
    let (held, outcome) = held(&scene);
    assert!(
        held.quotes.get() > 150,
        "only {} quotes were compared",
        held.quotes.get()
    );
    assert_eq!(held.refused, 0, "bids were refused");
    for asset in 0..3 {
        let fills = count(
            &outcome,
            |event| matches!(event, Event::Fill(fill) if fill.asset == asset),
        );
        assert!(fills > 5, "only {fills} fills of collateral {asset}");
    }
    // Nothing went but by fills.
    let mut left: Vec<_> = scene
        .borrowers
        .iter()
        .map(|borrower| borrower.collateral)
        .collect();
    for entry in &outcome.log {
        if let Event::Fill(fill) = &entry.event {
            left[fill.position as usize - 1][fill.asset] -= fill.sold;
        }
    }
    let written_off = |position: PositionId| {
        let mut log = outcome.log.iter();
        log.any(|entry| matches!(entry.event, Event::WrittenOff { position: of, .. } if of == position))
    };
    for ((position, account), left) in (1..).zip(&outcome.accounts).zip(&left) {
        for asset in (0..3).filter(|_| !written_off(position)) {
            let (found, expected) = (account.collateral[asset], left[asset]);
            assert!(
                (found - expected).abs() < 1e-5,
                "position {position} holds {found} of {asset}, expected {expected}"
            );
        }
    }
}

/// A queue that lets little through: lots wait, nobody is late when one may start, and no more is on sale than may be.
#[test]
fn keepers_come_back_when_the_queue_admits_a_lot() {
    let mut scene = scene(24, 20.0);
    let preset = Config::preset(crate::config::Kind::Volatile);
    let mut config = scene.config.clone();
    config.risk = preset.risk;
    scene = Scene::new(config, 1, scene.path, Vec::new());
    let (held, outcome) = held(&scene);
    let queued = count(&outcome, |event| matches!(event, Event::Queued { .. }));
    assert!(queued > 10, "only {queued} lots waited");
    assert!(
        held.quotes.get() > 150,
        "only {} quotes were compared",
        held.quotes.get()
    );
    let [queue] = &outcome.queues[..] else {
        panic!("one collateral has a queue")
    };
    assert_eq!(queue.len(), scene.path.blocks());
    for state in queue {
        assert!(
            state.burst == 2e6 && state.backlog <= state.burst * (1.0 + 1e-9),
            "{state:?}"
        );
    }
    assert!(
        queue
            .iter()
            .any(|state| state.waiting > 5 && state.backlog > 1.5e6),
        "it was never full"
    );
}

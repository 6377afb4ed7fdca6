//! Whole runs: the same seed gives the same figures, and any rules give a report.

mod support;

use glidepath_replay::config::Config;
use glidepath_replay::figures::Figures;
use glidepath_replay::path::{builtin, Path, Window};
use glidepath_replay::report;
use glidepath_replay::rules::{self, Event, Rules, RulesKind};
use glidepath_replay::scene::Scene;
use glidepath_replay::show::{self, Story};
use glidepath_replay::simulation::{run, Outcome};

fn scene(seed: u64, positions: u32, overhang: f64) -> Scene {
    let mut config = Config::default();
    config.population.positions = positions;
    config.population.overhang = overhang;
    let path = Path::new(&builtin(seed), Window::Crash, seed, &config.market).unwrap();
    Scene::new(config, seed, path)
}

fn outcome(scene: &Scene, rules: &mut dyn Rules) -> Outcome {
    run(scene, RulesKind::Hard, rules, &mut |_| {}).unwrap()
}

/// The figures of a run under hard rules, as JSON without the time that it took.
fn json(scene: &Scene) -> serde_json::Value {
    let outcome = outcome(scene, rules::open(RulesKind::Hard, scene).unwrap().as_mut());
    let mut json = serde_json::to_value(Figures::new(scene, &outcome)).unwrap();
    json["wall_s"] = 0.into();
    json
}

#[test]
fn the_same_seed_gives_the_same_json() {
    let first = json(&scene(5, 20, 5.0));
    assert_eq!(first, json(&scene(5, 20, 5.0)));
    assert_ne!(first, json(&scene(6, 20, 5.0)));
    assert!(first["positions"]["called"].as_u64() > Some(10), "{first}");
    assert!(first["liquidated_usd"].as_f64() > Some(1e5), "{first}");
}

#[test]
fn the_loss_is_the_sum_of_its_parts() {
    let figures = json(&scene(3, 50, 10.0));
    let figure = |key: &str| figures[key].as_f64().unwrap();
    let parts =
        figure("penalty_usd") + figure("discount_usd") + figure("impact_usd") + figure("surcharge_usd");
    assert!(
        (figure("borrower_loss_usd") - parts).abs() < 1.0,
        "{parts} in {figures}"
    );
    let sold = figure("liquidated_usd");
    assert!((figure("borrower_loss_usd") - (sold - figure("debt_repaid_usd"))).abs() < 1.0);
}

#[test]
fn keepers_push_the_market_and_only_when_they_profit() {
    let scene = scene(3, 50, 10.0);
    let outcome = outcome(&scene, rules::open(RulesKind::Hard, &scene).unwrap().as_mut());
    for entry in &outcome.log {
        if let Event::Fill(fill) = &entry.event {
            assert!(fill.price < entry.prices.market, "a fill at a loss: {entry:?}");
        }
    }
    let pushed = outcome
        .market
        .iter()
        .zip(&scene.path.prices)
        .any(|(market, path)| market < &(path * 0.99));
    assert!(pushed, "no sale moved the market by a percent");
}

#[test]
fn nobody_bids_in_an_hour_without_bidders() {
    let mut scene = scene(3, 50, 10.0);
    scene.config.market.hour_without_bidder = true;
    let hour = scene.path.worst_hour();
    let (from, to) = (scene.path.time(hour.start), scene.path.time(hour.end));
    let outcome = outcome(&scene, rules::open(RulesKind::Hard, &scene).unwrap().as_mut());
    let fills = outcome
        .log
        .iter()
        .filter(|entry| matches!(entry.event, Event::Fill(_)));
    assert!(fills.clone().count() > 0);
    assert!(fills
        .into_iter()
        .all(|entry| entry.time < from || entry.time >= to));
}

#[test]
fn rules_with_lots_and_grace_plug_in_and_are_drawn() {
    let scene = scene(2, 60, 5.0);
    let outcome = outcome(&scene, &mut support::Gradual::open(&scene));
    let figures = Figures::new(&scene, &outcome);
    assert!(
        figures.fills > 50 && figures.positions.restored > 10,
        "{figures:?}"
    );
    assert!(figures.first_fill_after_grace_s.p50.is_some() && figures.lot_cleared_s.p95.is_some());

    let story = Story::new(&scene, &outcome, None);
    let told = show::timeline(&story);
    for word in ["margin call", "sale opened", "fill", "end"] {
        assert!(told.contains(word), "`{word}` is not in the timeline:\n{told}");
    }
    let html = report::html(&scene, &outcome, &figures, &story);
    assert!(html.len() < 1_500_000, "{} bytes", html.len());
    assert_eq!(
        html.matches("class=\"wide\"").count(),
        html.matches("class=\"narrow\"").count()
    );
    assert!(html.matches("<svg").count() >= 14 && !html.contains("NaN") && !html.contains("http"));
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/gradual.html"), html).unwrap();
}

#[test]
fn a_run_in_which_nothing_happens_is_reported_too() {
    let mut scene = scene(2, 3, 5.0);
    scene
        .borrowers
        .iter_mut()
        .for_each(|borrower| borrower.debt = 1.0);
    let outcome = outcome(&scene, rules::open(RulesKind::Hard, &scene).unwrap().as_mut());
    let (figures, story) = (Figures::new(&scene, &outcome), Story::new(&scene, &outcome, None));
    let html = report::html(&scene, &outcome, &figures, &story);
    assert!(html.contains("never called") && !html.contains("NaN"));
    assert_eq!(figures.positions.called, 0);
}

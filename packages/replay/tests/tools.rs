//! Whole runs with standing orders and bidders without capital.

use glidepath_replay::config::Config;
use glidepath_replay::figures::{Figures, Tools};
use glidepath_replay::path::{builtin, Path, Window};
use glidepath_replay::report;
use glidepath_replay::rules::{self, Event, RulesKind};
use glidepath_replay::scene::Scene;
use glidepath_replay::show::{self, Story};
use glidepath_replay::simulation::{run, Outcome};

fn scene(seed: u64, positions: u32, overhang: f64) -> Scene {
    let mut config = Config::default();
    config.population.positions = positions;
    config.population.overhang = overhang;
    let path = Path::new(&builtin(seed), Window::Crash, seed, &config).unwrap();
    Scene::new(config, seed, path, Vec::new())
}

fn run_soft(scene: &Scene) -> Outcome {
    let mut rules = rules::open(RulesKind::Soft, scene).unwrap();
    run(scene, RulesKind::Soft, rules.as_mut(), &mut |_| {}).unwrap()
}

/// Orders alone buy, matched by a keeper who can afford nothing: what they hold never meets the market, and the loss is what
/// slots and the oracle's lag cost.
#[test]
fn what_is_sold_to_orders_pushes_nobody() {
    let mut scene = scene(3, 30, 4.0).with_tools(Tools {
        holders_depths: 20.0,
        flash_bidders: 0,
        ..Tools::default()
    });
    scene.keepers.truncate(1);
    scene.keepers[0].capital = 1.0;
    let outcome = run_soft(&scene);
    let figures = Figures::new(&scene, &outcome);
    assert!(figures.fills > 30, "only {} fills", figures.fills);
    assert_eq!(figures.sold_to.orders.pct, 100.0);
    assert_eq!((figures.worst_impact_pct, figures.impact_usd), (0.0, 0.0));
    assert_eq!(outcome.market[0], scene.path.prices);
    let parts = figures.penalty_usd + figures.discount_usd + figures.surcharge_usd;
    assert!((figures.borrower_loss_usd - parts).abs() < 1.0, "{figures:?}");
    // Par and a half below it, in the mean, at a price that the chain learns late.
    assert!(figures.borrower_loss_pct < 1.5, "{}", figures.borrower_loss_pct);
}

/// Keepers without capital alone: they sell in the block in which they buy, and its market falls by what they sold.
#[test]
fn what_is_sold_in_callbacks_is_sold_at_once() {
    let mut scene = scene(3, 30, 4.0).with_tools(Tools {
        holders_depths: 0.0,
        flash_bidders: 2,
        ..Tools::default()
    });
    scene.keepers.retain(|keeper| keeper.sells_at_once());
    let outcome = run_soft(&scene);
    let figures = Figures::new(&scene, &outcome);
    assert!(figures.fills > 30, "only {} fills", figures.fills);
    assert_eq!(figures.sold_to.callback.pct, 100.0);
    let fills = outcome
        .log
        .iter()
        .filter(|entry| matches!(entry.event, Event::Fill(_)));
    for entry in fills {
        let block = ((entry.time - scene.path.from) / 6) as usize;
        let path = scene.path.prices[block];
        assert!(
            outcome.market[0][block] < path,
            "nothing was sold at {}",
            entry.time
        );
    }
}

/// All tools at once are told on the terminal and in the report, each fill by its buyer.
#[test]
fn tools_are_told_and_drawn() {
    let scene = scene(2, 40, 8.0).with_tools(Tools {
        holders_depths: 3.0,
        flash_bidders: 3,
        ..Tools::default()
    });
    let outcome = run_soft(&scene);
    let figures = [Figures::new(&scene, &outcome)];
    let text = show::totals(&figures);
    assert!(
        text.contains("soft + orders + callback") && text.contains("left in the orders at the end"),
        "{text}"
    );
    let sold_to = &figures[0].sold_to;
    let whole = sold_to.orders.pct + sold_to.callback.pct + sold_to.keepers.pct;
    assert!(
        (whole - 100.0).abs() < 1e-9 && sold_to.orders.pct > 5.0 && sold_to.callback.pct > 5.0,
        "{sold_to:?}"
    );
    let told: String = (1..=40)
        .map(|position| show::timeline(&Story::new(&scene, &outcome, Some(position)), true))
        .collect();
    for words in [
        "order fill",
        "callback",
        " sold to orders of slot ",
        " sold in a callback at ",
    ] {
        assert!(told.contains(words), "`{words}` is not in the timelines");
    }
    let story = Story::new(&scene, &outcome, None);
    let html = report::html(&scene, &outcome, &figures, &story);
    for part in [
        "<h2>Standing orders, slot by slot</h2>",
        "class=\"fills order",
        "class=\"fills callback",
        "fill by standing orders",
        "% used",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("NaN"));
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/tools.html"), html).unwrap();
}

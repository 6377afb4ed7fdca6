//! Whole runs: the same seed gives the same figures, and any rules give a report.

mod support;

use glidepath_replay::cli::{self, RunArgs, SceneArgs};
use glidepath_replay::config::{Asset, Config, Kind, StressKind};
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
    let path = Path::new(&builtin(seed), Window::Crash, seed, &config).unwrap();
    Scene::new(config, seed, path, Vec::new())
}

fn outcome(scene: &Scene, rules: &mut dyn Rules) -> Outcome {
    run(scene, RulesKind::Hard, rules, &mut |_| {}).unwrap()
}

fn run_under(kind: RulesKind, scene: &Scene) -> Outcome {
    run(
        scene,
        kind,
        rules::open(kind, scene).unwrap().as_mut(),
        &mut |_| {},
    )
    .unwrap()
}

/// The figures of a run, as JSON without the time that it took.
fn json(kind: RulesKind, scene: &Scene) -> serde_json::Value {
    let mut json = serde_json::to_value(Figures::new(scene, &run_under(kind, scene))).unwrap();
    json["wall_s"] = 0.into();
    json
}

#[test]
fn the_same_seed_gives_the_same_json() {
    for kind in RulesKind::ALL {
        let first = json(kind, &scene(5, 20, 5.0));
        assert_eq!(first, json(kind, &scene(5, 20, 5.0)), "{kind} rules");
        assert_ne!(first, json(kind, &scene(6, 20, 5.0)), "{kind} rules");
        assert!(first["positions"]["called"].as_u64() > Some(10), "{first}");
        assert!(first["liquidated_usd"].as_f64() > Some(1e5), "{first}");
    }
}

/// Every key that others use, and no figure that is none.
#[test]
fn the_json_has_all_its_keys_under_all_rules() {
    let keys = "rules seed window overhang tools path positions liquidated_usd debt_repaid_usd borrower_loss_usd \
                borrower_loss_pct penalty_usd discount_usd impact_usd take_pct sold_to surcharge_usd end_equity_pct \
                bad_debt_usd bad_debt_pct insurance_paid_usd index_loss_usd sold_of_debt_at_first_breach_pct \
                assets stress fills floor_fills restarts first_fill_after_breach_s first_fill_after_grace_s lot_cleared_s \
                queue_waits queue_wait_s queue_full_s restored_s worst_impact_pct messages invariant_checks wall_s";
    let within = [
        ("path", "file from to blocks"),
        (
            "positions",
            "total called cured_by_owner restored closed written_off",
        ),
        ("first_fill_after_breach_s", "p50 p95 max"),
        ("first_fill_after_grace_s", "p50 p95 max"),
        ("lot_cleared_s", "p50 p95 max"),
        ("restored_s", "p50 p95 max"),
    ];
    for kind in RulesKind::ALL {
        let json = json(kind, &scene(1, 12, 2.0));
        let mut expected: Vec<&str> = keys.split_whitespace().collect();
        let mut found: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "{kind} rules");
        for (key, parts) in within {
            for part in parts.split_whitespace() {
                assert!(
                    !json[key][part].is_null(),
                    "{key}.{part} is missing under {kind} rules: {json}"
                );
            }
        }
    }
}

#[test]
fn every_block_of_a_soft_run_keeps_the_invariants() {
    let mut scene = scene(1, 12, 2.0);
    scene.config.checks.every_s = 6;
    let outcome = run_under(RulesKind::Soft, &scene);
    let live_blocks = scene.path.blocks() as u64 * 9 / 10;
    assert!(
        outcome.counts.invariant_checks > live_blocks,
        "{} checks in {} blocks",
        outcome.counts.invariant_checks,
        scene.path.blocks()
    );
}

#[test]
fn the_figures_are_the_sums_of_what_happened() {
    for kind in RulesKind::ALL {
        let scene = scene(2, 40, 8.0);
        let outcome = run_under(kind, &scene);
        let figures = Figures::new(&scene, &outcome);
        let positions = &figures.positions;
        let ends = positions.cured_by_owner
            + positions.restored
            + positions.closed
            + positions.written_off
            + positions.lapsed
            + positions.in_distress;
        assert!(
            positions.called <= positions.total && ends == positions.called,
            "{positions:?}"
        );

        let (mut value, mut repaid, mut fills, mut sold) = (0.0, 0.0, 0, [0.0; 41]);
        for entry in &outcome.log {
            if let Event::Fill(fill) = &entry.event {
                value += fill.sold * entry.prices.path;
                repaid += fill.repaid;
                fills += 1;
                sold[fill.position as usize] += fill.sold;
                assert!((fill.paid - fill.repaid - fill.penalty).abs() < 1e-6, "{fill:?}");
                assert!(
                    fill.health_after.is_none_or(|after| after > fill.health_before),
                    "{fill:?}"
                );
            }
        }
        assert!(fills > 40, "only {fills} fills under {kind} rules");
        assert!(
            (figures.liquidated_usd - value).abs() < 1e-3 && (figures.debt_repaid_usd - repaid).abs() < 1e-3
        );
        assert_eq!(figures.fills, fills);
        // Nothing went but by fills.
        for (borrower, account) in scene.borrowers.iter().zip(&outcome.accounts) {
            let left = borrower.collateral[0] - sold[borrower.position as usize];
            assert!(
                (account.collateral[0] - left).abs() < 1e-6,
                "position {}",
                borrower.position
            );
        }
    }
}

#[test]
fn compare_writes_all_and_run_the_one_that_is_asked_for() {
    let file = |name: &str| std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let args = |name: &str| SceneArgs {
        window: Window::Crash,
        positions: Some(15),
        overhang: Some(2.0),
        json: Some(file(&format!("{name}.json"))),
        report: Some(file(&format!("{name}.html"))),
        quiet: true,
        ..SceneArgs::default()
    };
    let read = |name: &str| std::fs::read_to_string(file(name)).unwrap();
    let json = |name: &str| -> serde_json::Value { serde_json::from_str(&read(name)).unwrap() };

    cli::compare(&args("both")).unwrap();
    let both = json("both.json");
    let rules: Vec<&str> = both
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["rules"].as_str().unwrap())
        .collect();
    assert_eq!(rules, ["soft", "soft", "soft", "soft", "hard"]);
    let tools = |column: usize| {
        let tools = &both[column]["tools"];
        let number = |tool: &str| tools[tool].as_f64().unwrap();
        (
            number("holders_depths"),
            number("flash_bidders"),
            number("glide_share"),
        )
    };
    let found = [0, 1, 2, 3, 4].map(tools);
    let none = (0.0, 0.0, 0.0);
    assert_eq!(
        found,
        [none, (5.0, 0.0, 0.0), (0.0, 6.0, 0.0), (0.0, 0.0, 1.0), none]
    );
    let asked = |column: usize| both[column]["positions"]["asked"].as_u64().unwrap();
    assert!(asked(3) > 5 && asked(0) == 0, "{both}");
    let loss = |column: usize| both[column]["borrower_loss_pct"].as_f64().unwrap();
    assert!((0..4).all(|soft| loss(soft) < loss(4)), "{both}");
    let sold_to = |column: usize, to: &str| both[column]["sold_to"][to]["pct"].as_f64().unwrap();
    assert!(
        sold_to(1, "orders") > 5.0 && sold_to(2, "callback") > 5.0,
        "{both}"
    );
    assert_eq!((sold_to(0, "keepers"), sold_to(4, "keepers")), (100.0, 100.0));
    let html = read("both.html");
    assert!(
        html.contains(
            "<td>soft</td><td>soft + orders</td><td>soft + callback</td><td>soft + glide</td><td>hard</td>"
        ),
        "{html}"
    );
    for said in [
        "Under hard rules",
        "Under soft rules with standing orders of 5 depths",
        "Under soft rules with 6 bidders without capital",
        "<h2>Standing orders, slot by slot</h2>",
    ] {
        assert!(html.contains(said), "{said}");
    }

    for kind in RulesKind::ALL {
        let name = format!("one-{kind}");
        let run = RunArgs {
            rules: kind,
            scene: args(&name),
            position: None,
        };
        cli::run(&run).unwrap();
        let one = json(&format!("{name}.json"));
        assert_eq!(one["rules"], kind.to_string());
        let index = if kind == RulesKind::Hard { 4 } else { 0 };
        assert_eq!(
            one["liquidated_usd"], both[index]["liquidated_usd"],
            "{kind} rules alone and beside the other"
        );
        assert!(read(&format!("{name}.html")).contains(&format!("Glidepath replay: {kind} rules")));
    }
}

#[test]
fn the_loss_is_the_sum_of_its_parts() {
    let figures = json(RulesKind::Hard, &scene(3, 50, 10.0));
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
    let outcome = run_under(RulesKind::Hard, &scene);
    for entry in &outcome.log {
        if let Event::Fill(fill) = &entry.event {
            assert!(fill.price < entry.prices.market, "a fill at a loss: {entry:?}");
        }
    }
    let pushed = outcome.market[0]
        .iter()
        .zip(&scene.path.prices)
        .any(|(market, path)| market < &(path * 0.99));
    assert!(pushed, "no sale moved the market by a percent");
}

#[test]
fn nobody_bids_in_an_hour_without_bidders() {
    let mut scene = scene(3, 50, 10.0);
    scene.config.stress.kinds = vec![StressKind::NoBidders];
    let hour = scene.path.worst_hour();
    let (from, to) = (scene.path.time(hour.start), scene.path.time(hour.end));
    let outcome = run_under(RulesKind::Hard, &scene);
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
    let told = show::timeline(&story, true);
    for word in ["margin call", "sale opened", "fill", "end"] {
        assert!(told.contains(word), "`{word}` is not in the timeline:\n{told}");
    }
    let html = report::html(&scene, &outcome, std::slice::from_ref(&figures), &story);
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
    let outcome = run_under(RulesKind::Hard, &scene);
    let (figures, story) = (Figures::new(&scene, &outcome), Story::new(&scene, &outcome, None));
    let html = report::html(&scene, &outcome, std::slice::from_ref(&figures), &story);
    assert!(html.contains("not called") && !html.contains("NaN"));
    assert_eq!(figures.positions.called, 0);
}

/// Each stress is told in figures, on the terminal and in the report, and changes what it is about.
#[test]
fn each_stress_is_told() {
    let plain = json(RulesKind::Soft, &scene(2, 30, 10.0));
    assert_eq!(plain["stress"], serde_json::json!([]));
    for kind in [
        StressKind::NoBidders,
        StressKind::OracleSilent,
        StressKind::ThinDepth,
        StressKind::Congestion,
    ] {
        let mut scene = scene(2, 30, 10.0);
        scene.config.stress.kinds = vec![kind];
        let outcome = run_under(RulesKind::Soft, &scene);
        let figures = [Figures::new(&scene, &outcome)];
        let told = &figures[0].stress[0];
        assert_eq!(told.kind, kind);
        assert!(told.until <= scene.path.to() && told.from < told.to, "{told:?}");
        match kind {
            StressKind::NoBidders => {
                assert_eq!((told.fills, told.calls), (0, 0), "{told:?}");
                assert!(told.in_distress_at_end > 10 && told.fills_after > 10, "{told:?}");
                // Bidders are the keepers who advance: only owners act, so no lot is met in the middle of its fall.
                let during = outcome.log.iter();
                let mut during = during.filter(|entry| (told.from..told.to).contains(&entry.time));
                assert!(
                    during.all(|entry| matches!(entry.event, Event::Cured { .. } | Event::Ended { .. })),
                    "a keeper acted"
                );
                assert_eq!(told.fills_of_old_lots, 0, "{told:?}");
                assert!(
                    told.first_fill_after_s.is_some_and(|seconds| seconds < 120),
                    "{told:?}"
                );
            }
            StressKind::OracleSilent => {
                let published = outcome.oracle[0]
                    .iter()
                    .zip(0..)
                    .filter(|(_, block)| (told.from..told.to).contains(&scene.path.time(*block)));
                let prices: Vec<f64> = published.map(|(price, _)| *price).collect();
                assert!(
                    prices.windows(2).all(|pair| pair[0] == pair[1]),
                    "a price was published"
                );
            }
            StressKind::ThinDepth => {
                let deeper = figures[0].worst_impact_pct;
                assert!(
                    deeper > 1.5 * plain["worst_impact_pct"].as_f64().unwrap(),
                    "{deeper}"
                );
            }
            StressKind::Congestion => {
                let later = figures[0].first_fill_after_breach_s.p50;
                assert!(
                    later > plain["first_fill_after_breach_s"]["p50"].as_u64(),
                    "{later:?}"
                );
            }
        }
        let text = show::stresses(&scene, &figures);
        assert!(text.starts_with(&format!("Stress {kind}: ")), "{text}");
        let story = Story::new(&scene, &outcome, None);
        let html = report::html(&scene, &outcome, &figures, &story);
        assert!(html.contains(&format!("<h2>Stress {kind}</h2>")));
        // What lasts for the whole run is not shaded.
        assert_eq!(
            html.contains("class=\"b-stress\""),
            kind != StressKind::ThinDepth,
            "{kind}"
        );
    }
}

/// Three collaterals of one scene under both sets of rules: totals are the sums, each is told by itself.
#[test]
fn several_collaterals_are_told_one_by_one() {
    let mut config = Config::default();
    config.population.positions = 40;
    for (name, beta) in [("two", 1.1), ("three", 0.5)] {
        config.assets.push(Asset {
            name: name.to_owned(),
            beta,
            cw20: name == "two",
            ..Asset::default()
        });
    }
    let path = Path::new(&builtin(4), Window::Crash, 4, &config).unwrap();
    let others = config
        .assets
        .iter()
        .map(|asset| path.following(50.0, asset.beta, &config));
    let others = others.collect();
    let scene = Scene::new(config, 4, path, others);
    let outcomes = RulesKind::ALL.map(|kind| run_under(kind, &scene));
    let figures = outcomes.each_ref().map(|outcome| Figures::new(&scene, outcome));
    for figures in &figures {
        let names: Vec<&str> = figures.assets.iter().map(|asset| asset.name.as_str()).collect();
        assert_eq!(names, ["coll", "two", "three"]);
        let sold: f64 = figures.assets.iter().map(|asset| asset.liquidated_usd).sum();
        assert!((sold / figures.liquidated_usd - 1.0).abs() < 1e-9, "{figures:?}");
        let fills: usize = figures.assets.iter().map(|asset| asset.fills).sum();
        assert_eq!(fills as u64, figures.fills);
        assert!(figures.assets.iter().all(|asset| asset.fills > 5), "{figures:?}");
        let deepest = figures
            .assets
            .iter()
            .map(|asset| asset.worst_impact_pct)
            .fold(0.0, f64::max);
        assert_eq!(deepest, figures.worst_impact_pct);
        let held: f64 = figures.assets.iter().map(|asset| asset.held_usd).sum();
        assert!((held - 1e7).abs() < 1.0, "{held}");
    }
    let text = show::by_asset(&figures);
    assert!(
        text.contains("Each collateral under soft rules") && text.contains("under hard rules"),
        "{text}"
    );
    let story = Story::new(&scene, &outcomes[0], None);
    let html = report::html(&scene, &outcomes[0], &figures, &story);
    for name in ["coll", "two", "three"] {
        assert!(
            html.contains(&format!("Prices, lots and fills of {name}")),
            "{name}"
        );
    }
    assert!(html.contains("<h2>Each collateral</h2>") && !html.contains("NaN"));
    // With one, nothing is said of it.
    let alone = self::scene(2, 3, 5.0);
    let figures = Figures::new(&alone, &run_under(RulesKind::Hard, &alone));
    assert_eq!(show::by_asset(&[figures]), "");
}

/// The volatile preset has a queue: waits are in the figures, on the terminal and in the report.
#[test]
fn the_queue_is_told() {
    let mut config = Config::preset(Kind::Volatile);
    config.population.positions = 40;
    config.population.overhang = 50.0;
    let path = Path::new(&builtin(2), Window::Crash, 2, &config).unwrap();
    let scene = Scene::new(config, 2, path, Vec::new());
    let outcome = run_under(RulesKind::Soft, &scene);
    let figures = [Figures::new(&scene, &outcome)];
    let told = &figures[0];
    assert!(told.queue_waits > 20 && told.queue_full_s > 600, "{told:?}");
    assert!(told.queue_wait_s.max >= told.queue_wait_s.p95 && told.queue_wait_s.p95 > Some(60));
    let waited: Vec<_> = outcome
        .log
        .iter()
        .filter_map(|entry| match entry.event {
            Event::Queued { position, .. } => Some(position),
            _ => None,
        })
        .collect();
    let story = Story::new(&scene, &outcome, waited.first().copied());
    assert!(show::timeline(&story, true).contains("its next lot waits"));
    assert!(show::totals(&figures).contains("lots that waited in the queue"));
    let html = report::html(&scene, &outcome, &figures, &story);
    assert!(html.contains("<h2>The queue of lots</h2>") && !html.contains("NaN"));
}

use super::*;
use crate::amounts::Amounts;
use crate::config::{Config, StressKind};
use crate::market::Prices;
use crate::path::Path;
use crate::population::Borrower;
use crate::rules::{Account, Buyer, Counts, Fill, Stage};
use crate::simulation::Entry;

/// A log by hand. Two positions of 10 tokens at $100: one with a debt of $790 of which 3 tokens are sold in
/// two fills, one with a debt of $780 whose owner pays $50; a third without trouble.
fn example() -> (Scene, Outcome) {
    let path = Path {
        name: "hand".to_owned(),
        window: Window::All,
        from: 600,
        prices: vec![100.0, 98.0, 97.0, 96.0],
        sigma: vec![1.0; 4],
        sigma_ref: 1.0,
    };
    let borrower = |position, debt| Borrower {
        position,
        collateral: Amounts::of(0, 10.0),
        debt,
        cures_after: None,
    };
    let borrowers = vec![borrower(1, 790.0), borrower(2, 780.0), borrower(3, 400.0)];
    let scene = Scene {
        config: Config::default(),
        seed: 9,
        path,
        others: Vec::new(),
        assets: Config::default().collaterals(),
        borrowers,
        glides: Default::default(),
        keepers: Vec::new(),
    };

    let entry = |time, path, market, event| Entry {
        time,
        prices: Prices {
            path,
            market,
            oracle: market,
        },
        event,
    };
    let fill = |sold: f64, price: f64, penalty: f64, cleared, at_floor| {
        Event::Fill(Fill {
            position: 1,
            lot: 1,
            asset: 0,
            stage: Stage::Soft,
            sold,
            paid: sold * price,
            repaid: sold * price - penalty,
            penalty,
            price,
            discount: 0.0,
            health_before: 0.99,
            health_after: Some(1.01),
            cleared,
            at_floor,
            buyer: Buyer::Keeper,
        })
    };
    let called = |position, breached_at| Event::Called {
        position,
        health: 0.99,
        breached_at,
        grace_until: 700,
    };
    let ended = |position, why| Event::Ended {
        position,
        why,
        health: Some(1.06),
    };
    let log = vec![
        entry(606, 98.0, 98.0, called(1, 600)),
        entry(612, 98.0, 98.0, called(2, 612)),
        entry(
            706,
            98.0,
            98.0,
            Event::Opened {
                position: 1,
                health: 0.99,
                grace_ended: 700,
            },
        ),
        entry(
            706,
            98.0,
            98.0,
            Event::LotStarted {
                position: 1,
                lot: 1,
                asset: 0,
                stage: Stage::Soft,
                start_at: 736,
                over_at: Some(1_186),
                value: 294.0,
                from: 1.005,
                to: 0.94,
            },
        ),
        entry(760, 97.0, 96.5, fill(1.0, 95.0, 0.1, false, false)),
        entry(772, 96.5, 96.0, fill(2.0, 94.0, 0.2, true, true)),
        entry(772, 96.5, 96.0, ended(1, End::Restored)),
        entry(
            800,
            96.5,
            96.0,
            Event::Cured {
                position: 2,
                cash: 50.0,
                health: Some(1.06),
            },
        ),
        entry(800, 96.5, 96.0, ended(2, End::Cured)),
    ];
    let account = |collateral, debt, surcharge| Account {
        collateral: Amounts::of(0, collateral),
        debt,
        surcharge,
    };
    let accounts = vec![
        account(7.0, 507.3, 0.5),
        account(10.0, 730.0, 0.0),
        account(4.0, 400.0, 0.0),
    ];
    let outcome = Outcome {
        rules: RulesKind::Hard,
        log,
        market: vec![vec![100.0, 98.0, 96.5, 96.0]],
        oracle: vec![vec![100.0; 4]],
        queues: vec![Vec::new()],
        accounts,
        counts: Counts {
            messages: 11,
            invariant_checks: 5,
            ..Counts::default()
        },
        wall_s: 0.1,
    };
    (scene, outcome)
}

fn close(name: &str, actual: f64, expected: f64) {
    assert!(
        (actual - expected).abs() < 1e-9,
        "{name}: {actual}, expected {expected}"
    );
}

#[test]
fn a_hand_computed_example() {
    let (scene, outcome) = example();
    let figures = Figures::new(&scene, &outcome);

    // 1·97 + 2·96.5 sold; 95 + 188 paid of which .3 penalty.
    close("liquidated", figures.liquidated_usd, 290.0);
    close("repaid", figures.debt_repaid_usd, 282.7);
    close("penalty", figures.penalty_usd, 0.3);
    close(
        "discount",
        figures.discount_usd,
        (96.5 - 95.0) + 2.0 * (96.0 - 94.0),
    );
    close("impact", figures.impact_usd, 0.5 + 2.0 * 0.5);
    close("surcharge", figures.surcharge_usd, 0.5);
    close("loss", figures.borrower_loss_usd, 290.0 - 282.7 + 0.5);
    let parts = figures.penalty_usd + figures.discount_usd + figures.impact_usd + figures.surcharge_usd;
    close("loss and its parts", figures.borrower_loss_usd, parts);
    close("loss %", figures.borrower_loss_pct, 100.0 * 7.8 / 290.0);
    close("take %", figures.take_pct, 100.0 * 5.8 / 290.0);

    // At 96: 672 − 507.3, 960 − 730, and 384 against 400 is bad debt.
    close(
        "end equity %",
        figures.end_equity_pct,
        100.0 * (164.7 + 230.0 - 50.0) / 1_970.0,
    );
    close("bad debt", figures.bad_debt_usd, 16.0);
    close("bad debt %", figures.bad_debt_pct, 100.0 * 16.0 / 290.0);
    close(
        "sold of debt",
        figures.sold_of_debt_at_first_breach_pct,
        100.0 * 290.0 / 790.0,
    );
    close(
        "worst impact",
        figures.worst_impact_pct,
        100.0 * (1.0 - 96.5 / 97.0),
    );

    assert_eq!((figures.fills, figures.floor_fills, figures.restarts), (2, 1, 0));
    assert_eq!(figures.first_fill_after_breach_s.max, Some(160));
    assert_eq!(figures.first_fill_after_grace_s.max, Some(60));
    assert_eq!(figures.lot_cleared_s.p50, Some(36));
    assert_eq!(figures.restored_s.p95, Some(72));
    let expected = PositionFigures {
        asked: 0,
        total: 3,
        called: 2,
        cured_by_owner: 1,
        restored: 1,
        closed: 0,
        written_off: 0,
        lapsed: 0,
        in_distress: 0,
    };
    assert_eq!(figures.positions, expected);
}

#[test]
fn the_json_says_rules_window_and_spreads_in_words() {
    let (scene, outcome) = example();
    let json = serde_json::to_value(Figures::new(&scene, &outcome)).unwrap();
    assert_eq!(json["path"]["to"], 624);
    assert_eq!((&json["rules"], &json["window"]), (&"hard".into(), &"all".into()));
    assert_eq!(json["restored_s"]["p50"], 72);
    assert_eq!(json["positions"]["cured_by_owner"], 1);
}

#[test]
fn a_run_in_which_nothing_happens_has_no_percentages() {
    let (scene, mut outcome) = example();
    outcome.log.clear();
    let figures = Figures::new(&scene, &outcome);
    close("loss %", figures.borrower_loss_pct, 0.0);
    assert_eq!(figures.restored_s, Spread::default());
}

/// An hour of blocks from 600; the price falls by a tenth from the 100th to the 110th block. One lot lives out unsold in
/// that minute, one is sold a little after it, at 4 % below the oracle and 5 % below the market; of one that began in that
/// minute a third of all is sold after it, at 2 % below the oracle.
#[test]
fn a_stress_is_told_by_hand() {
    let (mut scene, mut outcome) = example();
    scene.path.prices = (0..600)
        .map(|block: i32| 100.0 - f64::from((block - 100).clamp(0, 10)))
        .collect();
    scene.path.sigma = vec![1.0; 600];
    outcome.market = vec![scene.path.prices.iter().map(|price| price * 0.99).collect()];
    scene.config.stress.kinds = vec![StressKind::NoBidders];
    scene.config.stress.outage_s = 60;
    scene.config.stress.aftermath_s = 600;
    let (from, to) = (1_200, 1_260);

    let prices = Prices {
        path: 90.0,
        market: 80.0 / 0.95,
        oracle: 80.0 / 0.96,
    };
    let entry = |time, event| Entry { time, prices, event };
    let lot = |position, start_at, over_at| Event::LotStarted {
        position,
        lot: 1,
        asset: 0,
        stage: Stage::Soft,
        start_at,
        over_at: Some(over_at),
        value: 1.0,
        from: 1.0,
        to: 0.9,
    };
    let fill = |position, sold, discount| {
        Event::Fill(Fill {
            position,
            lot: 1,
            asset: 0,
            stage: Stage::Soft,
            sold,
            paid: 80.0 * sold,
            repaid: 79.0 * sold,
            penalty: 1.0,
            price: 80.0,
            discount,
            health_before: 0.9,
            health_after: Some(0.95),
            cleared: true,
            at_floor: false,
            buyer: Buyer::Keeper,
        })
    };
    let called = |position, breached_at| Event::Called {
        position,
        health: 0.99,
        breached_at,
        grace_until: 1_300,
    };
    let written_off = |debt| Event::WrittenOff {
        position: 3,
        debt,
        insurance: 0.0,
        index_loss: debt,
    };
    outcome.log = vec![
        entry(1_100, called(1, 1_090)),
        entry(1_110, lot(1, 1_110, 1_250)),
        entry(1_210, called(2, 1_206)),
        entry(1_220, written_off(5.0)),
        entry(1_254, lot(4, 1_254, 1_400)),
        entry(1_270, lot(2, 1_270, 1_400)),
        entry(1_284, fill(2, 1.0, 0.04)),
        entry(1_284, fill(4, 0.5, 0.02)),
        entry(1_290, Event::Restarted { position: 1, lot: 1 }),
        entry(1_890, fill(2, 1.0, 0.5)), // the aftermath is over
        entry(1_890, written_off(7.0)),
    ];

    let figures = Figures::new(&scene, &outcome);
    let [stress] = &figures.stress[..] else {
        panic!("one stress was asked for: {:?}", figures.stress)
    };
    assert_eq!((stress.from, stress.to, stress.until), (from, to, to + 600));
    assert_eq!((stress.calls, stress.fills, stress.fills_after), (1, 0, 2));
    assert_eq!(stress.fills_of_old_lots, 1);
    assert_eq!(
        (stress.lots_unsold, stress.in_distress_at_end, stress.deep_fills),
        (1, 2, 1)
    );
    assert_eq!(stress.first_fill_after_s, Some(24));
    close("fell", stress.path_fell_pct, 10.0);
    close("below the oracle", stress.deepest_discount_pct.unwrap(), 4.0);
    close("below the market", stress.deepest_below_market_pct.unwrap(), 5.0);
    close("deep", stress.deep_sold_pct, 100.0 * 2.0 / 3.0);
    close("loss", stress.loss_pct, 100.0 * 11.0 / 90.0);
    close("bad debt", stress.bad_debt_usd, 5.0);
    close("impact", stress.worst_impact_pct, 1.0);
    let json = serde_json::to_value(&figures).unwrap();
    assert_eq!(json["stress"][0]["kind"], "no-bidders-1h");
}

/// 1 token at a path price of $97 for $95 and 2 at $96.5 for $94, by whom they went.
#[test]
fn what_was_sold_is_told_by_who_bought() {
    let (mut scene, mut outcome) = example();
    let sold_to = |scene: &Scene, outcome: &Outcome| Figures::new(scene, outcome).sold_to;
    let keepers = sold_to(&scene, &outcome);
    close("keepers", keepers.keepers.usd, 290.0);
    close("keepers", keepers.keepers.pct, 100.0);
    assert_eq!((keepers.orders.fills, keepers.callback.fills), (0, 0));

    scene.config.holders.depths = 2.0;
    outcome.rules = RulesKind::Soft;
    let mut buyers = [Buyer::Callback, Buyer::Orders { slot: 7 }].into_iter();
    for entry in &mut outcome.log {
        if let Event::Fill(fill) = &mut entry.event {
            fill.buyer = buyers.next().unwrap();
        }
    }
    let before = Figures::new(&scene, &outcome);
    let told = sold_to(&scene, &outcome);
    close("callbacks", told.callback.usd, 97.0);
    close("orders", told.orders.usd, 193.0);
    close("orders", told.orders.pct, 100.0 * 193.0 / 290.0);
    // 2 tokens at a market price of $96, for $188.
    close(
        "below the market",
        told.orders.below_market_pct,
        100.0 * 4.0 / 193.0,
    );
    close("left", told.orders_left_usd, 2e6 - 188.0);
    assert_eq!(
        (told.orders.fills, told.callback.fills, told.keepers.usd),
        (1, 1, 0.0)
    );
    // The loss does not ask who bought: value at the path less what was repaid, and the surcharge.
    close(
        "loss",
        before.borrower_loss_usd,
        290.0 - (95.0 + 188.0 - 0.3) + 0.5,
    );
    assert_eq!(before.text(), "soft rules with standing orders of 2 depths");
    // Hard rules know no orders.
    outcome.rules = RulesKind::Hard;
    assert_eq!(Figures::new(&scene, &outcome).name(), "hard");
}

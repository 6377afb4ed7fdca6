use super::*;
use crate::config::Config;
use crate::market::Prices;
use crate::path::Path;
use crate::population::Borrower;
use crate::rules::{Account, Counts, Fill, Stage};
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
        collateral: 10.0,
        debt,
        cures_after: None,
    };
    let borrowers = vec![borrower(1, 790.0), borrower(2, 780.0), borrower(3, 400.0)];
    let scene = Scene {
        config: Config::default(),
        seed: 9,
        path,
        borrowers,
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
        collateral,
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
        market: vec![100.0, 98.0, 96.5, 96.0],
        oracle: vec![100.0; 4],
        accounts,
        counts: Counts {
            messages: 11,
            invariant_checks: 5,
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

//! Up to a sale: calls, grace, lapse, sightings; and the stages.

use super::*;

#[test]
fn without_distress() {
    // (what is known, what is due)
    assert_eq!(look(&calm(), None, None), Err(NOTHING), "no debt");
    for healthy in [1_000, 1_001, 1_500] {
        assert_eq!(hold(&calm(), None, at(healthy)), NOTHING);
    }
    let grace_until = NOW + GRACE;
    assert_eq!(step(&calm(), None, at(999)), Step::Call { grace_until });
    assert_eq!(step(&calm(), None, at(985)), Step::Call { grace_until });
    assert_eq!(
        step(&calm(), None, at(984)),
        open(Mode::Soft),
        "no grace: sold at once"
    );
    assert_eq!(hold(&calm(), None, unchecked(at(999))), Hold::Price(refusal()));
}

#[test]
fn attack_35_health_one_is_healthy_and_a_hair_below_is_called() {
    let hair = Decimal::raw(1);
    let below = Figures {
        maintenance: Decimal::one() - hair,
        ..at(999)
    };
    assert!(matches!(step(&calm(), None, below), Step::Call { .. }));
    let exact = Figures {
        maintenance: Decimal::one(),
        ..at(999)
    };
    assert_eq!(hold(&calm(), None, exact.clone()), NOTHING);
    assert_eq!(step(&called(10), None, exact.clone()), Step::Lapse);
    let restarted = step(
        &selling(),
        Some(&expired()),
        Figures {
            maintenance: Decimal::one() - hair,
            ..at(999)
        },
    );
    assert_eq!(restarted, start(LotCause::Restart));
    assert_eq!(step(&selling(), Some(&expired()), exact), Step::Sleep);
    let at_target = |target: Decimal| Figures {
        target,
        met: target >= Decimal::one(),
        ..at(1_050)
    };
    assert_eq!(
        step(&selling(), Some(&sale()), at_target(Decimal::one())),
        Step::End(EndReason::TargetMet)
    );
    assert!(matches!(
        hold(&selling(), Some(&sale()), at_target(Decimal::one() - hair)),
        Hold::Nothing { next: Some(_) }
    ));
}

#[test]
fn a_call_runs_its_grace_then_opens() {
    let until = NOW - 899 + GRACE;
    assert_eq!(
        hold(&called(899), None, at(999)),
        Hold::Grace { until, next: until }
    );
    assert_eq!(step(&called(900), None, at(999)), open(Mode::Soft));
    assert_eq!(
        step(&called(10), None, at(984)),
        open(Mode::Soft),
        "grace ends below h_g"
    );
    let volatile = Figures {
        grace: 300,
        ..at(999)
    };
    assert_eq!(
        step(&called(300), None, volatile),
        open(Mode::Soft),
        "judged with the volatility of now"
    );
    assert_eq!(
        hold(&called(900), None, unchecked(at(999))),
        Hold::Price(refusal())
    );
    let suspended = Figures {
        soft: vec![],
        ..at(999)
    };
    assert_eq!(hold(&called(900), None, suspended), Hold::NothingSellable);
}

#[test]
fn opening_books_the_grace_and_the_opener() {
    let decision = look(&called(1_000), None, Some(&at(999))).unwrap();
    assert_eq!(decision.position.grace_used, GRACE);
    assert_eq!(decision.position.grace_used_at, NOW - 100);
    let distress = decision.position.distress.unwrap();
    assert_eq!(distress.called_at, NOW - 1_000);
    assert_eq!(distress.keepers(), ["caller", "keeper"]);
}

#[test]
fn a_call_lapses_above_maintenance_and_remembers_its_grace() {
    let decision = look(&called(300), None, Some(&at(1_001))).unwrap();
    assert_eq!(decision.step, Step::Lapse);
    assert_eq!(decision.position.distress, None);
    assert_eq!(
        (decision.position.grace_used, decision.position.grace_used_at),
        (300, NOW)
    );
    assert_eq!(
        look(&called(300), None, None).unwrap().step,
        Step::Lapse,
        "no debt left"
    );

    // Called again within the memory: what is left.
    let again = decision.position;
    let grace_until = NOW + GRACE - 300;
    assert_eq!(step(&again, None, at(999)), Step::Call { grace_until });
    // After it: all of it.
    let later = Position {
        grace_used_at: NOW - MEMORY - 1,
        ..again
    };
    let grace_until = NOW + GRACE;
    assert_eq!(step(&later, None, at(999)), Step::Call { grace_until });
    let used_up = Position {
        grace_used: GRACE,
        grace_used_at: NOW - MEMORY,
        ..calm()
    };
    assert_eq!(step(&used_up, None, at(999)), open(Mode::Soft), "no grace left");
}

#[test]
fn a_call_that_led_to_nothing_is_void() {
    let last = GRACE + VOID;
    assert_eq!(
        step(&called(last), None, at(999)),
        open(Mode::Soft),
        "still stands"
    );
    // A second later it is void. Its grace is used up and remembered, so the new call opens at once, by its keeper.
    let decision = look(&called(last + 1), None, Some(&at(999))).unwrap();
    assert_eq!(decision.step, open(Mode::Soft));
    let distress = decision.position.distress.unwrap();
    assert_eq!((distress.called_at, distress.caller.as_str()), (NOW, "keeper"));
    // A call of three days ago opens no sale without grace.
    let old = called(3 * 86_400);
    assert_eq!(
        step(&old, None, at(999)),
        Step::Call {
            grace_until: NOW + GRACE
        }
    );
}

#[test]
fn a_close_out_is_seen_twice() {
    let deep = || at(900);
    // No grace so deep: sold softly at once, and the first sighting noted.
    let decision = look(&called(10), None, Some(&deep())).unwrap();
    assert_eq!(decision.step, open(Mode::Soft));
    assert_eq!(decision.position.distress.unwrap().sighted_at, Some(NOW));
    // Nothing to sell softly: the sighting is the step.
    let stuck = || Figures {
        soft: vec![],
        out_of_reach: true,
        ..at(990)
    };
    let confirm_from = NOW + 45;
    assert_eq!(step(&called(10), None, stuck()), Step::Sight { confirm_from });
    assert_eq!(step(&called(901), None, stuck()), Step::Sight { confirm_from });
    let fresh = look(&calm(), None, Some(&stuck())).unwrap();
    assert!(matches!(fresh.step, Step::Call { .. }));
    assert_eq!(
        fresh.position.distress.unwrap().sighted_at,
        Some(NOW),
        "called and sighted in one"
    );

    // Grace does not protect from it.
    assert_eq!(
        step(&sighted(called(60), 45), None, stuck()),
        open(Mode::CloseOut)
    );
    // Too early.
    let from = NOW + 1;
    let until = NOW - 60 + GRACE;
    assert_eq!(
        hold(&sighted(called(60), 44), None, stuck()),
        Hold::Grace { until, next: from }
    );
    assert_eq!(
        hold(&sighted(called(901), 44), None, stuck()),
        Hold::Unconfirmed { from }
    );
    // The same prices again do not count, until they were asked for long enough.
    let same = |seconds_ago| Figures {
        published_at: NOW - seconds_ago,
        ..stuck()
    };
    assert!(look(&sighted(called(901), 299), None, Some(&same(299))).is_err());
    assert_eq!(
        step(&sighted(called(901), 300), None, same(300)),
        open(Mode::CloseOut)
    );
    let not_asked = Figures {
        checked_at: NOW - 300,
        ..same(300)
    };
    assert!(look(&sighted(called(901), 300), None, Some(&not_asked)).is_err());
    // Too old to count: the first of two again.
    assert_eq!(
        step(&sighted(called(901), 1_801), None, stuck()),
        Step::Sight { confirm_from }
    );
    // Seen above the trigger: forgotten.
    assert_eq!(step(&sighted(called(60), 30), None, at(990)), Step::Forget);
    assert_eq!(
        look(&sighted(called(60), 30), None, Some(&at(990)))
            .unwrap()
            .position,
        called(60)
    );
    // A sighting counts only with fresh prices, and so does the second.
    assert_eq!(
        hold(
            &sighted(called(60), 45),
            None,
            Figures {
                checked: Err(refusal()),
                ..stuck()
            }
        ),
        Hold::Price(refusal())
    );
    assert!(matches!(
        hold(&called(60), None, unchecked(stuck())),
        Hold::Grace { .. }
    ));
}

#[test]
fn stages() {
    let stage_of = |position: &Position, sale: Option<&Sale>, figures: Option<Figures>| {
        stage(position, sale, figures.as_ref())
    };
    let insolvent = Figures {
        insolvent: true,
        ..at(700)
    };
    assert_eq!(stage_of(&calm(), None, None), Stage::Healthy {});
    assert_eq!(stage_of(&calm(), None, Some(at(1_500))), Stage::Healthy {});
    assert_eq!(stage_of(&calm(), None, Some(at(1_010))), Stage::Restricted {});
    assert_eq!(stage_of(&calm(), None, Some(at(999))), Stage::Callable {});
    assert_eq!(stage_of(&calm(), None, Some(insolvent)), Stage::Insolvent {});
    assert_eq!(
        stage_of(&called(100), None, Some(at(999))),
        Stage::MarginCall {
            called_at: NOW - 100,
            grace_until: NOW + 800
        }
    );
    assert_eq!(
        stage_of(&selling(), Some(&sale()), Some(at(999))),
        Stage::Selling {
            mode: Mode::Soft,
            asleep: false
        }
    );
    assert_eq!(
        stage_of(&selling(), Some(&asleep(5)), Some(at(999))),
        Stage::Selling {
            mode: Mode::Soft,
            asleep: true
        }
    );
}

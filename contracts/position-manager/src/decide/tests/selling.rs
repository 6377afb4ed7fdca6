//! With a sale: lots, sleep, escalation, end.

use super::*;

#[test]
fn a_running_lot_is_left_alone() {
    let next = Some(NOW + 351);
    assert_eq!(hold(&selling(), Some(&sale()), at(990)), Hold::Nothing { next });
    assert_eq!(hold(&selling(), Some(&sale()), at(1_010)), Hold::Nothing { next });
    let scheduled = lot(|lot| {
        lot.start_at = NOW + 30;
        lot.ends_at = NOW + 480;
    });
    let next = Some(NOW + 481);
    assert_eq!(
        hold(&selling(), Some(&scheduled), at(990)),
        Hold::Nothing { next }
    );
}

#[test]
fn attack_83_a_running_lot_follows_a_price_that_fell_far() {
    let fallen = |permille| Figures {
        fell_far: true,
        ..at(permille)
    };
    let decision = look(&selling(), Some(&sale()), Some(&fallen(900))).unwrap();
    assert_eq!(decision.step, start(LotCause::Refresh));
    assert_eq!(
        decision.position.distress.unwrap().sighted_at,
        Some(NOW),
        "and the sighting is noted"
    );
    // What starts a lot gives a permission of its own.
    assert_eq!(
        step(&selling(), Some(&expired()), fallen(990)),
        start(LotCause::Restart)
    );
    let escalated = step(&sighted(selling(), 45), Some(&sale()), fallen(900));
    assert_eq!(escalated, start(LotCause::Escalate));
}

#[test]
fn a_sale_ends_at_its_target_and_before_a_fill_at_maintenance() {
    let met = || Figures {
        target: Decimal::one(),
        met: true,
        ..at(1_060)
    };
    assert_eq!(
        step(&selling(), Some(&sale()), met()),
        Step::End(EndReason::TargetMet)
    );
    assert_eq!(
        step(&selling(), Some(&asleep(5)), met()),
        Step::End(EndReason::TargetMet)
    );
    let none = look(&selling(), Some(&sale()), None).unwrap();
    assert_eq!(none.step, Step::End(EndReason::TargetMet), "nothing is owed");
    assert_eq!(none.position.distress, None);
    assert_eq!(none.position.grace_used, GRACE, "booked when it opened");
    let begun_not = untouched(sale());
    assert_eq!(
        step(&selling(), Some(&begun_not), at(1_000)),
        Step::End(EndReason::Cured)
    );
    assert!(matches!(
        hold(&selling(), Some(&begun_not), at(999)),
        Hold::Nothing { .. }
    ));
}

#[test]
fn a_lot_that_is_gone_is_followed_restarted_or_put_to_sleep() {
    // Cleared within a lot's life: goes on below the target, also above maintenance.
    assert_eq!(
        step(&selling(), Some(&cleared(0)), at(1_010)),
        start(LotCause::Next)
    );
    assert_eq!(
        step(&selling(), Some(&cleared(450)), at(1_010)),
        start(LotCause::Next)
    );
    // Attack 53: later only below maintenance.
    assert_eq!(step(&selling(), Some(&cleared(451)), at(1_010)), Step::Sleep);
    assert_eq!(
        step(&selling(), Some(&cleared(451)), at(999)),
        start(LotCause::Next)
    );
    // The pair has nothing left, whatever the lot says.
    let done = |permille| Figures {
        pair_done: true,
        ..at(permille)
    };
    assert_eq!(step(&selling(), Some(&sale()), done(999)), start(LotCause::Next));
    // Expired.
    assert_eq!(
        step(&selling(), Some(&expired()), at(999)),
        start(LotCause::Restart)
    );
    assert_eq!(step(&selling(), Some(&expired()), at(1_000)), Step::Sleep);
    // Starting a lot asks for no fresh price: its fills do.
    assert_eq!(
        step(&selling(), Some(&expired()), unchecked(at(999))),
        start(LotCause::Restart)
    );
    let suspended = |permille| Figures {
        soft: vec![],
        ..at(permille)
    };
    assert_eq!(
        hold(&selling(), Some(&expired()), suspended(999)),
        Hold::NothingSellable
    );
    assert_eq!(step(&selling(), Some(&cleared(0)), suspended(1_010)), Step::Sleep);
}

#[test]
fn a_sleeping_sale_wakes_below_maintenance_or_ends() {
    let next = Some(NOW - 5 + MEMORY);
    assert_eq!(
        hold(&selling(), Some(&asleep(5)), at(1_010)),
        Hold::Nothing { next }
    );
    assert_eq!(
        step(&selling(), Some(&asleep(MEMORY - 1)), at(999)),
        start(LotCause::Wake)
    );
    assert_eq!(
        hold(&selling(), Some(&asleep(5)), unchecked(at(999))),
        Hold::Price(refusal())
    );
    assert_eq!(
        step(&selling(), Some(&asleep(MEMORY)), at(1_010)),
        Step::End(EndReason::SleptAway)
    );
}

#[test]
fn a_soft_sale_escalates_when_seen_twice_and_never_again() {
    let deep = at(900);
    let first = look(&selling(), Some(&sale()), Some(&deep)).unwrap();
    assert_eq!(
        first.step,
        Step::Sight {
            confirm_from: NOW + 45
        }
    );
    let second = look(&sighted(selling(), 45), Some(&sale()), Some(&deep)).unwrap();
    assert_eq!(second.step, start(LotCause::Escalate));
    assert_eq!(second.position.distress.unwrap().sighted_at, None);
    // The lot that expired goes on softly with the first sighting noted.
    let both = look(&selling(), Some(&expired()), Some(&deep)).unwrap();
    assert_eq!(both.step, start(LotCause::Restart));
    assert_eq!(both.position.distress.unwrap().sighted_at, Some(NOW));
    // Asleep and far below: woken by the escalation.
    assert_eq!(
        step(&sighted(selling(), 45), Some(&asleep(600)), at(900)),
        start(LotCause::Escalate)
    );
    // Forgotten at the first touch above the trigger, also while a lot runs.
    assert_eq!(
        step(&sighted(selling(), 30), Some(&sale()), at(950)),
        Step::Forget
    );
    assert_eq!(
        hold(&sighted(selling(), 30), Some(&sale()), deep.clone()),
        Hold::Nothing { next: Some(NOW + 15) }
    );
    let closing = Sale {
        mode: Mode::CloseOut,
        ..sale()
    };
    assert_eq!(
        hold(&selling(), Some(&closing), deep),
        Hold::Nothing {
            next: Some(NOW + 351)
        }
    );
    // Seen twice but not checked: the price is asked for, and what else is due goes on.
    let unfresh = || Figures {
        checked: Err(refusal()),
        ..at(900)
    };
    assert_eq!(
        hold(&sighted(selling(), 45), Some(&sale()), unfresh()),
        Hold::Price(refusal())
    );
    assert_eq!(
        step(&sighted(selling(), 45), Some(&expired()), unfresh()),
        start(LotCause::Restart)
    );
    // Out of reach above maintenance is no trigger.
    let far = Figures {
        out_of_reach: true,
        ..at(1_010)
    };
    assert!(matches!(
        hold(&selling(), Some(&sale()), far),
        Hold::Nothing { .. }
    ));
}

#[test]
fn what_has_nothing_to_sell_is_written_off() {
    let dust = |permille| Figures {
        sold_out: true,
        soft: vec![],
        close_out: vec![],
        ..at(permille)
    };
    let empty = Figures {
        holds_nothing: true,
        ..unchecked(dust(0))
    };
    assert_eq!(step(&selling(), Some(&cleared(0)), empty), Step::WriteOff);
    let twice = |position: Position| {
        let mut seen = sighted(position, 45);
        seen.distress.as_mut().unwrap().sighted_worthless = true;
        seen
    };
    let closing = Sale {
        mode: Mode::CloseOut,
        ..sale()
    };
    for sale in [sale(), closing, expired()] {
        assert_eq!(step(&twice(selling()), Some(&sale), dust(700)), Step::WriteOff);
        assert!(
            matches!(step(&selling(), Some(&sale), dust(700)), Step::Sight { .. }),
            "one wrong price gives nothing up"
        );
        assert!(
            matches!(
                step(&sighted(selling(), 45), Some(&sale), dust(700)),
                Step::Sight { .. }
            ),
            "what was seen before was worth a close-out"
        );
        let stale = unchecked(dust(700));
        assert!(
            look(&twice(selling()), Some(&sale), Some(&stale)).is_err(),
            "what is left must really be worth so little"
        );
    }
    let decision = look(&calm(), None, Some(&dust(700))).unwrap();
    assert!(matches!(decision.step, Step::Call { .. }));
    assert!(decision.position.distress.unwrap().sighted_worthless);
    assert_eq!(step(&twice(called(60)), None, dust(700)), Step::WriteOff);
    assert_eq!(
        step(&selling(), Some(&expired()), dust(1_010)),
        Step::Sleep,
        "not while it is healthy"
    );
    let back = look(&twice(called(60)), None, Some(&at(900))).unwrap();
    assert_eq!(back.step, Step::Open(Mode::CloseOut, choice("close")));
    let decision = look(&twice(selling()), Some(&sale()), Some(&dust(700))).unwrap();
    assert_eq!(decision.position.distress, None);
}

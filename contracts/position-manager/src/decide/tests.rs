//! A table of situations: each row is what is known, and the one step that the rules name.
#![allow(clippy::arithmetic_side_effects)]

use cosmwasm_std::{Addr, Decimal, Decimal256, Uint128};
use glidepath_interfaces::auction::{EndReason, Lot, LotCause, Mode, Offer, Reached, Sale};
use glidepath_interfaces::oracle::PriceRefusal;
use glidepath_interfaces::position_manager::{Params, Stage};
use glidepath_risk::curve::Curve;
use glidepath_risk::Value;

use super::*;

const NOW: u64 = 1_700_000_000;
const GRACE: u64 = 900;
const MEMORY: u64 = 86_400;
const VOID: u64 = 1_800;

fn params() -> Params {
    Params {
        grace: GRACE,
        grace_memory: MEMORY,
        void_after: VOID,
        no_grace_below: Decimal::permille(985),
        close_out_below: Decimal::percent(93),
        confirm: 45,
        confirm_unpublished: 300,
        sighting_memory: 1_800,
        eta: Decimal::percent(50),
        surcharge_soft: Decimal::percent(10),
        surcharge_close_out: Decimal::percent(20),
        max_collaterals: 8,
        max_debts: 4,
    }
}

fn choice(collateral: &str) -> Choice {
    Choice {
        offer: Offer {
            collateral: collateral.parse().unwrap(),
            debt: "usdc".parse().unwrap(),
            value: Value::usd(100),
            amount: Uint128::new(10),
            depth: Value::usd(1_000_000),
            tempo: Decimal::one(),
            min_left: Uint128::one(),
        },
        min_price: Decimal256::one(),
    }
}

/// A position with debt at this maintenance health (in thousandths), all prices fresh.
fn at(permille: u64) -> Figures {
    let maintenance = Decimal::permille(permille);
    Figures {
        initial: maintenance * Decimal::percent(94),
        target: maintenance * Decimal::percent(94),
        maintenance,
        insolvent: false,
        out_of_reach: false,
        sold_out: false,
        holds_nothing: false,
        pair_done: false,
        soft: Some(choice("soft")),
        close_out: Some(choice("close")),
        grace: if permille < 985 { 0 } else { GRACE },
        checked: Ok(()),
        published_at: NOW,
        checked_at: NOW,
    }
}

fn unchecked(figures: Figures) -> Figures {
    Figures {
        checked: Err(refusal()),
        published_at: NOW - 100,
        checked_at: NOW - 100,
        ..figures
    }
}

fn refusal() -> PriceRefusal {
    PriceRefusal::NotChecked {
        asset: "atom".parse().unwrap(),
        age: 100,
        max_age: 15,
    }
}

fn calm() -> Position {
    Position::new(Addr::unchecked("owner"))
}

fn called(seconds_ago: u64) -> Position {
    Position {
        distress: Some(Distress {
            called_at: NOW - seconds_ago,
            caller: Addr::unchecked("caller"),
            opener: None,
            sighted_at: None,
        }),
        ..calm()
    }
}

fn sighted(mut position: Position, seconds_ago: u64) -> Position {
    position.distress.as_mut().unwrap().sighted_at = Some(NOW - seconds_ago);
    position
}

fn selling() -> Position {
    let mut position = called(2_000);
    position.distress.as_mut().unwrap().opener = Some(Addr::unchecked("opener"));
    position.grace_used = GRACE;
    position.grace_used_at = NOW - 1_100;
    position
}

/// A soft sale whose lot started 100 s ago, lives 450 s and has sold a part.
fn sale() -> Sale {
    Sale {
        mode: Mode::Soft,
        target: Decimal::one(),
        penalty: Decimal::permille(1),
        collateral: "soft".parse().unwrap(),
        debt: "usdc".parse().unwrap(),
        pass: 0,
        unsold: 0,
        lot: Some(Lot {
            amount: Uint128::new(10),
            left: Uint128::new(4),
            start_at: NOW - 100,
            ends_at: NOW + 350,
            curve: Curve::Linear {
                from: Decimal::one(),
                to: Decimal::percent(94),
                slope: Decimal::permille(1),
            },
            follows: false,
        }),
        last: Some(Reached {
            multiplier: Decimal::percent(99),
            at: NOW - 50,
        }),
        first_fill_at: Some(NOW - 50),
        asleep_since: None,
    }
}

fn lot(change: impl FnOnce(&mut Lot)) -> Sale {
    let mut sale = sale();
    change(sale.lot.as_mut().unwrap());
    sale
}

fn expired() -> Sale {
    lot(|lot| {
        lot.start_at = NOW - 500;
        lot.ends_at = NOW - 50;
    })
}

fn cleared(seconds_ago: u64) -> Sale {
    let mut sale = lot(|lot| lot.left = Uint128::zero());
    sale.last.as_mut().unwrap().at = NOW - seconds_ago;
    sale
}

fn asleep(seconds_ago: u64) -> Sale {
    Sale {
        lot: None,
        asleep_since: Some(NOW - seconds_ago),
        ..sale()
    }
}

fn untouched(sale: Sale) -> Sale {
    Sale {
        first_fill_at: None,
        last: None,
        ..sale
    }
}

fn look(position: &Position, sale: Option<&Sale>, figures: Option<&Figures>) -> Result<Decision, Hold> {
    decide(&Case {
        now: NOW,
        keeper: &Addr::unchecked("keeper"),
        params: &params(),
        position,
        sale,
        figures,
    })
}

#[track_caller]
fn step(position: &Position, sale: Option<&Sale>, figures: Figures) -> Step {
    look(position, sale, Some(&figures)).expect("a step").step
}

#[track_caller]
fn hold(position: &Position, sale: Option<&Sale>, figures: Figures) -> Hold {
    look(position, sale, Some(&figures)).expect_err("no step")
}

fn open(mode: Mode) -> Step {
    let name = if mode == Mode::Soft { "soft" } else { "close" };
    Step::Open(mode, choice(name))
}

fn start(cause: LotCause) -> Step {
    let name = if cause == LotCause::Escalate {
        "close"
    } else {
        "soft"
    };
    Step::Lot(cause, choice(name))
}

const NOTHING: Hold = Hold::Nothing { next: None };

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
    let at_target = |target| Figures { target, ..at(1_050) };
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
        soft: None,
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
        soft: None,
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
fn a_sale_ends_at_its_target_and_before_a_fill_at_maintenance() {
    let met = || Figures {
        target: Decimal::one(),
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
        soft: None,
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
        soft: None,
        close_out: None,
        ..at(permille)
    };
    let empty = Figures {
        holds_nothing: true,
        ..unchecked(dust(0))
    };
    assert_eq!(step(&selling(), Some(&cleared(0)), empty), Step::WriteOff);
    assert_eq!(step(&selling(), Some(&sale()), dust(700)), Step::WriteOff);
    assert_eq!(step(&calm(), None, dust(700)), Step::WriteOff, "without a call");
    assert_eq!(
        hold(&selling(), Some(&cleared(0)), unchecked(dust(700))),
        Hold::Price(refusal()),
        "what is left must really be worth so little"
    );
    assert_eq!(
        step(&selling(), Some(&expired()), dust(1_010)),
        Step::Sleep,
        "not while it is healthy"
    );
    assert!(
        matches!(hold(&called(10), None, dust(990)), Hold::Grace { .. }),
        "grace is grace"
    );
    let decision = look(&selling(), Some(&sale()), Some(&dust(700))).unwrap();
    assert_eq!(decision.position.distress, None);
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

//! Sales that the owner asks for.

use glidepath_interfaces::asset::Amount;
use glidepath_interfaces::position_manager::{AskedSale, Goal, OwnerOrder};

use super::*;
use crate::state::Asked;

fn path(trigger: Option<u64>) -> AskedSale {
    AskedSale {
        trigger: trigger.map(Decimal::percent),
        goal: Goal::Keep(Amount {
            asset: "soft".parse().unwrap(),
            amount: Uint128::new(1),
        }),
        max_discount: Decimal::percent(3),
    }
}

/// A calm position whose owner asks for it, since so many seconds.
fn asking(trigger: Option<u64>, seconds_ago: u64) -> Position {
    Position {
        order: OwnerOrder {
            sell_order: vec![],
            sale: Some(path(trigger)),
        },
        ordered_at: NOW - seconds_ago,
        ..calm()
    }
}

/// The same with his sale, which somebody started 50 seconds ago.
fn running(trigger: Option<u64>) -> Position {
    let mut position = asking(trigger, 100);
    position.distress = Some(Distress {
        called_at: NOW - 50,
        caller: Addr::unchecked("starter"),
        opener: Some(Addr::unchecked("starter")),
        sighted_at: None,
        sighted_worthless: false,
        stood: vec![],
        asked: Some(Asked {
            sale: path(trigger),
            since: NOW - 100,
        }),
    });
    position
}

fn asked(permille: u64) -> Figures {
    Figures {
        asked: vec![choice("asked")],
        ..at(permille)
    }
}

fn on_sale(sale: Sale) -> Sale {
    Sale {
        mode: Mode::Asked,
        ..sale
    }
}

fn open_asked() -> Step {
    Step::Open(Mode::Asked, choice("asked"))
}

#[test]
fn it_opens_below_its_trigger_and_not_before_the_order_counts() {
    assert_eq!(step(&asking(Some(105), 1), None, asked(1_049)), open_asked());
    assert_eq!(hold(&asking(Some(105), 1), None, asked(1_050)), NOTHING);
    assert_eq!(hold(&asking(Some(105), 0), None, asked(1_049)), NOTHING);
    // An unwind needs no trigger, and nothing where its goal is reached.
    assert_eq!(step(&asking(None, 1), None, asked(1_900)), open_asked());
    assert_eq!(hold(&asking(None, 1), None, at(1_900)), NOTHING);
    let decision = look(&asking(Some(105), 1), None, Some(&asked(1_010))).unwrap();
    let distress = decision.position.distress.unwrap();
    assert_eq!(distress.asked.as_ref().map(|asked| asked.since), Some(NOW - 1));
    assert_eq!(distress.keepers(), ["keeper"]);
    // Prices must have been asked for lately.
    assert_eq!(
        hold(&asking(Some(105), 1), None, unchecked(asked(1_010))),
        Hold::Price(refusal())
    );
}

#[test]
fn below_maintenance_nobody_who_asked_has_grace() {
    assert_eq!(step(&asking(Some(105), 1), None, asked(990)), open(Mode::Soft));
    assert_eq!(step(&asking(None, 1), None, asked(990)), open(Mode::Soft));
    assert!(matches!(
        step(&asking(Some(105), 0), None, asked(990)),
        Step::Call { .. }
    ));
    let mut position = called(100);
    position.order = asking(Some(105), 1).order;
    position.ordered_at = NOW - 1;
    assert_eq!(step(&position, None, asked(990)), open(Mode::Soft));
    position.ordered_at = NOW;
    assert!(matches!(hold(&position, None, asked(990)), Hold::Grace { .. }));
}

#[test]
fn its_lots_go_on_while_its_reason_stands() {
    let lot_of = |cause| Step::Lot(cause, choice("asked"));
    let path = running(Some(105));
    assert_eq!(
        step(&path, Some(&on_sale(expired())), asked(1_020)),
        lot_of(LotCause::Restart)
    );
    assert_eq!(step(&path, Some(&on_sale(expired())), asked(1_060)), Step::Sleep);
    assert_eq!(
        step(&path, Some(&on_sale(cleared(5))), asked(1_060)),
        lot_of(LotCause::Next)
    );
    assert_eq!(
        step(&path, Some(&on_sale(asleep(5))), asked(1_020)),
        lot_of(LotCause::Wake)
    );
    // An unwind has no reason to rest.
    assert_eq!(
        step(&running(None), Some(&on_sale(expired())), asked(2_000)),
        lot_of(LotCause::Restart)
    );
    // Untouched it ends above its trigger, an unwind never by a price.
    let fresh = on_sale(untouched(sale()));
    assert_eq!(
        step(&path, Some(&fresh), asked(1_050)),
        Step::End(EndReason::Cured)
    );
    assert!(matches!(
        hold(&running(None), Some(&fresh), asked(2_000)),
        Hold::Nothing { .. }
    ));
}

#[test]
fn an_unwind_is_used_up_by_its_end_and_a_path_is_not() {
    let met = Figures {
        met: true,
        ..at(1_060)
    };
    let sale = on_sale(sale());
    let after = |position: &Position| look(position, Some(&sale), Some(&met)).unwrap().position;
    assert_eq!(after(&running(None)).order.sale, None);
    assert_eq!(after(&running(Some(105))).order.sale, Some(path(Some(105))));
    // What was asked for since then is another one.
    let mut changed = running(None);
    changed.ordered_at = NOW;
    assert_eq!(after(&changed).order.sale, Some(path(None)));
}

#[test]
fn what_is_withdrawn_ends_in_the_next_second() {
    let sale = on_sale(sale());
    let mut changed = running(Some(105));
    changed.order = OwnerOrder::default();
    changed.ordered_at = NOW;
    assert!(matches!(
        hold(&changed, Some(&sale), asked(1_020)),
        Hold::Nothing { .. }
    ));
    changed.ordered_at = NOW - 1;
    let decision = look(&changed, Some(&sale), Some(&asked(1_020))).unwrap();
    assert_eq!(decision.step, Step::End(EndReason::Withdrawn));
    assert_eq!(decision.position.distress, None);
    // Also where nobody knows a price any more, and nothing is owed.
    let none = look(&changed, Some(&sale), None).unwrap();
    assert_eq!(none.step, Step::End(EndReason::Withdrawn));
}

#[test]
fn below_maintenance_it_is_forced_and_keeps_who_started_it() {
    for sale in [sale(), expired(), cleared(5), asleep(5)] {
        let decision = look(&running(Some(105)), Some(&on_sale(sale)), Some(&asked(990))).unwrap();
        assert_eq!(decision.step, Step::Lot(LotCause::Force, choice("soft")));
        let distress = decision.position.distress.unwrap();
        assert_eq!((distress.asked, distress.called_at), (None, NOW));
        assert_eq!(
            (
                distress.caller.as_str(),
                distress.opener.as_ref().map(Addr::as_str)
            ),
            ("starter", Some("keeper"))
        );
    }
    // Far below, seen twice, it is closed out.
    let twice = sighted(running(Some(105)), 45);
    let decision = look(&twice, Some(&on_sale(sale())), Some(&asked(900))).unwrap();
    assert_eq!(decision.step, start(LotCause::Escalate));
    assert_eq!(decision.position.distress.unwrap().asked, None);
    // Nothing can be sold as a soft one: seen once it waits for the close-out.
    let stuck = Figures {
        soft: vec![],
        out_of_reach: true,
        ..asked(990)
    };
    assert!(matches!(
        step(&running(Some(105)), Some(&on_sale(sale())), stuck),
        Step::Sight { .. }
    ));
}

use super::*;
use crate::config::Config;
use crate::path::{Path, Window};
use crate::population::Borrower;

/// One position: 10 tokens of $100 at weight .8 against `debt` USD.
fn hard(debt: f64) -> Hard {
    let path = Path {
        name: "test".to_owned(),
        window: Window::All,
        from: 0,
        prices: vec![100.0],
        sigma: vec![1.0],
        sigma_ref: 1.0,
    };
    let borrowers = vec![Borrower {
        position: 1,
        collateral: Amounts::of(0, 10.0),
        debt,
        cures_after: None,
    }];
    Hard::open(&Scene {
        config: Config::default(),
        seed: 1,
        path,
        others: Vec::new(),
        assets: Config::default().collaterals(),
        borrowers,
        glides: Default::default(),
        keepers: Vec::new(),
    })
}

fn events(hard: &mut Hard) -> Vec<Event> {
    let mut events = Vec::new();
    hard.drain(&mut events);
    events
}

fn offer(hard: &Hard) -> Option<Offer> {
    let mut offers = Vec::new();
    hard.offers(0, &mut offers);
    offers.first().copied()
}

fn buy(hard: &mut Hard, part: f64) -> Bought {
    let offer = offer(hard).unwrap();
    let bid = Bid {
        keeper: 0,
        position: 1,
        tokens: offer.tokens * part,
        max_price: offer.price,
    };
    hard.bid(6, bid).unwrap().unwrap()
}

#[test]
fn nothing_is_offered_at_or_above_maintenance() {
    let mut hard = hard(800.0);
    assert_eq!(offer(&hard), None);
    hard.prices(6, &[(0, 100.0)]).unwrap();
    assert_eq!(offer(&hard), None);
    assert!(events(&mut hard).is_empty());
}

#[test]
fn half_the_debt_for_its_value_and_the_bonus() {
    let mut hard = hard(800.0);
    hard.prices(6, &[(0, 99.0)]).unwrap();
    let offer = offer(&hard).unwrap();
    assert!((offer.price - 99.0 / 1.05).abs() < 1e-9);
    let bought = buy(&mut hard, 1.0);
    assert!((bought.paid - 400.0).abs() < 1e-9);
    assert!((bought.tokens * 99.0 - 420.0).abs() < 1e-9);
    let account = hard.accounts(6).unwrap()[0];
    assert!(
        (account.debt - 400.0).abs() < 1e-9 && (account.collateral[0] - (10.0 - bought.tokens)).abs() < 1e-9
    );

    let events = events(&mut hard);
    assert!(matches!(events[0], Event::Called { breached_at: 6, .. }));
    assert!(matches!(events[1], Event::Opened { grace_ended: 6, .. }));
    assert!(matches!(events[2], Event::LotStarted { lot: 1, .. }));
    let Event::Fill(fill) = &events[3] else {
        panic!("expected a fill, found {:?}", events[3])
    };
    assert!((fill.discount - (1.0 - 1.0 / 1.05)).abs() < 1e-12 && fill.cleared && fill.penalty == 0.0);
    assert!((fill.health_before - 0.99).abs() < 1e-12 && fill.health_after.unwrap() > 1.0);
    assert!(matches!(
        events[4],
        Event::Ended {
            why: End::Restored,
            ..
        }
    ));
}

#[test]
fn all_of_it_in_deep_distress() {
    let mut hard = hard(800.0);
    hard.prices(6, &[(0, 94.0)]).unwrap();
    let bought = buy(&mut hard, 1.0);
    assert!((bought.paid - 800.0).abs() < 1e-9);
    assert!(matches!(
        events(&mut hard).last(),
        Some(Event::Ended {
            why: End::Closed,
            health: None,
            ..
        })
    ));
}

#[test]
fn what_collateral_does_not_pay_is_written_off() {
    let mut hard = hard(800.0);
    hard.prices(6, &[(0, 60.0)]).unwrap();
    let bought = buy(&mut hard, 1.0);
    assert!((bought.tokens - 10.0).abs() < 1e-9 && (bought.paid - 600.0 / 1.05).abs() < 1e-9);
    let events = events(&mut hard);
    let Event::WrittenOff { debt, index_loss, .. } = &events[4] else {
        panic!("found {:?}", events[4])
    };
    assert!((debt - (800.0 - 600.0 / 1.05)).abs() < 1e-9);
    assert_eq!(debt, index_loss);
    hard.audit(12).unwrap();
    assert_eq!(hard.counts().invariant_checks, 2);
}

#[test]
fn parts_may_be_taken_and_the_rest_stays_on_offer() {
    let mut hard = hard(800.0);
    hard.prices(6, &[(0, 99.0)]).unwrap();
    buy(&mut hard, 0.01);
    assert!(offer(&hard).is_some());
    hard.prices(12, &[(0, 101.0)]).unwrap();
    assert_eq!(offer(&hard), None);
    assert!(matches!(
        events(&mut hard).last(),
        Some(Event::Ended {
            why: End::Restored,
            ..
        })
    ));
}

#[test]
fn a_call_without_a_sale_lapses_and_owners_cure() {
    let mut hard = hard(800.0);
    hard.prices(6, &[(0, 99.0)]).unwrap();
    hard.prices(12, &[(0, 101.0)]).unwrap();
    assert!(matches!(
        events(&mut hard).last(),
        Some(Event::Ended { why: End::Lapsed, .. })
    ));
    hard.cure(18, 1).unwrap();
    assert!(events(&mut hard).is_empty(), "a healthy position needs no cure");
    hard.prices(24, &[(0, 99.0)]).unwrap();
    hard.cure(30, 1).unwrap();
    let events = events(&mut hard);
    let Event::Cured { cash, .. } = &events[3] else {
        panic!("found {:?}", events[3])
    };
    assert!((cash - (800.0 - 990.0 * 0.75)).abs() < 1e-9, "paid {cash}");
    assert!((hard.accounts(30).unwrap()[0].debt - 990.0 * 0.75).abs() < 1e-9);
}

#[test]
fn bids_below_the_price_or_for_nothing_are_refused() {
    let mut hard = hard(800.0);
    let bid = Bid {
        keeper: 0,
        position: 1,
        tokens: 1.0,
        max_price: 1.0,
    };
    assert_eq!(hard.bid(0, bid).unwrap(), None);
    hard.prices(6, &[(0, 99.0)]).unwrap();
    assert_eq!(hard.bid(6, bid).unwrap(), None);
}

#[test]
fn a_ledger_that_does_not_add_up_is_an_error() {
    let mut hard = hard(800.0);
    hard.audit(6).unwrap();
    hard.accounts.insert(
        1,
        Account {
            collateral: Amounts::of(0, 10.0),
            debt: 799.0,
            surcharge: 0.0,
        },
    );
    let said = hard.audit(12).unwrap_err().to_string();
    assert_eq!(
        said,
        "1970-01-01 00:00:12 UTC, checking that debt adds up: accounts hold 799, expected 800"
    );
}

//! Figures of wasmd's own tests and of its sources.

use cosmwasm_std::{attr, Attribute, Event};

use super::*;

fn empty() -> Attribute {
    Attribute {
        key: String::new(),
        value: String::new(),
    }
}

#[test]
fn events_cost_what_wasmd_says() {
    // gas_register_test.go
    assert_eq!(Events::cost(&[], &[Event::new("")]), 20);
    assert_eq!(Events::cost(&[empty()], &[]), 10);
    assert_eq!(Events::cost(&[], &[]), 0);
    // A type is never free, and 100 bytes of attributes are, once in an answer.
    let event = Event::new("foo").add_attribute("x".repeat(60), "y".repeat(40));
    assert_eq!(Events::cost(&[], std::slice::from_ref(&event)), 20 + 3 + 10);
    assert_eq!(
        Events::cost(&[], &[event.clone(), event]),
        2 * (20 + 3 + 10) + 100
    );
    assert_eq!(Events::cost(&[attr("k".repeat(99), "vv")], &[]), 10 + 1);
}

#[test]
fn keys_cost_what_the_store_says() {
    assert_eq!(Kv::get(5, 0), 1_000 + 15);
    assert_eq!(Kv::get(5, 7), 1_000 + 36);
    assert_eq!(Kv::set(5, 7), 2_000 + 360);
    assert_eq!(Kv::step(Some((5, 7))), 30 + 36);
    assert_eq!(Kv::step(None), 30);
}

#[test]
fn the_first_load_of_a_code_costs_more() {
    let gas = Gas::default();
    gas.begin(Gas::AMPLE, false);
    let load = |code| {
        let before = gas.used()[Part::Loads];
        gas.enter(code, Entry::Execute, b"{}").unwrap();
        gas.leave();
        gas.used()[Part::Loads] - before
    };
    let (first, second, other) = (load("a"), load("a"), load("b"));
    assert_eq!((first - second, other), (58_000, first));
    gas.begin(Gas::AMPLE, false);
    assert_eq!(gas.used(), Parts::default());
}

#[test]
fn there_is_an_end_to_it() {
    let gas = Gas::default();
    gas.begin(10, true);
    gas.charge(Part::Events, 10).unwrap();
    assert_eq!(gas.left(), 0);
    assert_eq!(gas.charge(Part::Events, 1), Err(OutOfGas { limit: 10 }));
}

//! A table of situations: each row is what is known, and the one step that the rules name.
#![allow(clippy::arithmetic_side_effects)]

use cosmwasm_std::{Addr, Decimal, Decimal256, Uint128};
use glidepath_interfaces::auction::{EndReason, Lot, LotCause, Mode, Offer, Reached, Sale};
use glidepath_interfaces::oracle::PriceRefusal;
use glidepath_interfaces::position_manager::{Params, Stage};
use glidepath_risk::curve::Curve;
use glidepath_risk::Value;

use super::*;

mod asked;
mod called;
mod selling;

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
        dead_after: 86_400,
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
            calm: Decimal::one(),
            queue: None,
            min_left: Uint128::one(),
        },
        min_price: Decimal256::one(),
        silent: false,
    }
}

/// A position with debt at this maintenance health (in thousandths), all prices fresh.
fn at(permille: u64) -> Figures {
    let maintenance = Decimal::permille(permille);
    Figures {
        now: NOW,
        initial: maintenance * Decimal::percent(94),
        target: maintenance * Decimal::percent(94),
        maintenance,
        met: false,
        insolvent: false,
        out_of_reach: false,
        sold_out: false,
        holds_nothing: false,
        pair_done: false,
        lot_over: false,
        lot_last: NOW + 350,
        fell_far: false,
        terms: None,
        backlogs: Default::default(),
        soft: vec![choice("soft")],
        close_out: vec![choice("close")],
        asked: vec![],
        stood: vec![],
        pauses: vec![],
        pair_stuck: false,
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
            sighted_worthless: false,
            stood: vec![],
            asked: None,
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
            reserved: 0,
            draw: None,
        }),
        last: Some(Reached {
            multiplier: Decimal::percent(99),
            at: NOW - 50,
        }),
        first_fill_at: Some(NOW - 50),
        eta: Decimal::percent(50),
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
    let lot = sale.and_then(|sale| sale.lot.as_ref());
    let figures = figures.map(|figures| Figures {
        lot_over: lot.is_none_or(|lot| lot.is_over(&Default::default(), NOW)),
        lot_last: lot.map_or(NOW, |lot| lot.ends_at),
        ..figures.clone()
    });
    let figures = figures.as_ref();
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

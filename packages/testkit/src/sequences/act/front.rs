//! Orders in front of a bid. What a bid does that serves them is what their matches and the bid behind them do by themselves.

use cosmwasm_std::{Decimal, Decimal256, Uint128};
use glidepath_interfaces::auction::{ExecuteMsg, PreviewBidResponse};
use glidepath_interfaces::events::auction::{BidPassedOver, Filled};
use glidepath_interfaces::position_manager::SellableResponse;

use super::bids::{preview, same, Bid};
use crate::sequences::op::{Peer, Slot, Who};
use crate::sequences::world::{Failure, Told, World};
use crate::{Moment, Outcome};

/// Most slots that a bid serves.
const MOST_SERVED: usize = 2;

/// The order that comes before a bid of so much, by the orders themselves: slot, what it pays, what it may use.
///
/// # Errors
/// Where a question has no answer.
pub fn first(world: &World, position: u64, pay: u128) -> Result<Option<(u8, Decimal, u128)>, Failure> {
    let sale = world.suite.ask().sale(position)?;
    let Some(clock) = sale.multiplier else {
        return Ok(None);
    };
    let fill = match world.suite.ask().sellable(position, clock, Some(pay))? {
        SellableResponse::Fill(fill) => fill,
        SellableResponse::Refused(_) => return Ok(None),
    };
    // Where a jump of the price is met with care, orders wait.
    if fill.multiplier > fill.of_lot {
        return Ok(None);
    }
    for (nth, pays, funds) in crossed(world, position, fill.multiplier) {
        if can_buy(world, position, pays, funds)?.is_some() {
            return Ok(Some((nth, pays, funds)));
        }
    }
    Ok(None)
}

/// What orders at `pays` with so much get for it, if they can buy: what they have may be too little, or the price held up above
/// theirs.
fn can_buy(
    world: &World,
    position: u64,
    pays: Decimal,
    funds: u128,
) -> Result<Option<[Uint128; 2]>, Failure> {
    match world.suite.ask().sellable(position, pays, Some(funds))? {
        SellableResponse::Fill(fill) if fill.multiplier <= pays => Ok(Some([fill.sold, fill.paid])),
        _ => Ok(None),
    }
}

/// Are there orders at this price or above which a bid that is filled has passed, because they can't buy?
pub fn is_past_idle_orders(world: &World, position: u64, multiplier: Decimal) -> bool {
    !crossed(world, position, multiplier).is_empty()
}

/// Would orders come before a bid at this price if they were not of this block?
pub fn is_past_new_orders(world: &World, position: u64, multiplier: Decimal) -> bool {
    let next = world.suite.app.block_info().height + 1;
    let sale = world.sale(position);
    sale.is_some_and(|sale| {
        let (collateral, debt) = (sale.collateral.as_str(), sale.debt.as_str());
        !world
            .orders
            .crossed(collateral, debt, multiplier, next)
            .is_empty()
    })
}

fn crossed(world: &World, position: u64, multiplier: Decimal) -> Vec<(u8, Decimal, u128)> {
    let height = world.suite.app.block_info().height;
    let Some(sale) = world.sale(position) else {
        return vec![];
    };
    let (collateral, debt) = (sale.collateral.as_str(), sale.debt.as_str());
    world.orders.crossed(collateral, debt, multiplier, height)
}

/// What one fill came to.
type Fill = (Option<String>, [Uint128; 2], Decimal256, Decimal);

fn fills(outcome: &Outcome) -> Vec<Fill> {
    outcome
        .all(Filled::TYPE)
        .map(|event| {
            (
                event.text("bidder").map(str::to_string),
                [event.must("sold"), event.must("paid")],
                event.must("price"),
                event.must("multiplier"),
            )
        })
        .collect()
}

/// What must come of a bid.
enum Expected {
    /// All of it, and the chain is as it is on the fork.
    Done(Vec<Fill>, u64),
    /// Orders were served, and it bought nothing.
    PassedOver(Vec<Fill>),
    Refused,
}

/// Sends a bid that orders come before.
///
/// # Errors
/// Where it comes to something else than, on a fork, matching them and bidding behind them.
pub fn behind_orders(world: &mut World, bid: &Bid) -> Result<Told, Failure> {
    let expected = match bid.is_modest() {
        true => by_hand(world, bid)?,
        false => Expected::Refused,
    };
    let told = bid.send(world)?;
    let differs = |what: String| Err(Failure::new("orders-in-front", what));
    match (&expected, &told) {
        (Expected::Done(then, chain), Ok(outcome)) => {
            let now = fills(outcome);
            if now != *then {
                return differs(format!(
                    "the bid's fills are {now:?}, one by one they were {then:?}"
                ));
            }
            if Moment::digest(&world.suite) != *chain {
                return differs("what is stored is something else than after one by one".into());
            }
        }
        (Expected::PassedOver(then), Ok(outcome)) => {
            let now = fills(outcome);
            if now != *then || !outcome.has(BidPassedOver::TYPE) {
                return differs(format!("the bid's fills are {now:?}, not {then:?} and no more"));
            }
        }
        (Expected::Refused, Err(_)) => {}
        (expected, told) => {
            let expected = match expected {
                Expected::Done(..) => "done",
                Expected::PassedOver(_) => "passed over",
                Expected::Refused => "refused",
            };
            return differs(format!("it should be {expected}, it came to {told:?}"));
        }
    }
    Ok(told)
}

/// The orders in front, and then the bid, in messages of their own on a fork.
fn by_hand(world: &mut World, bid: &Bid) -> Result<Expected, Failure> {
    let here = world.moment();
    let seen = std::mem::take(&mut world.coverage);
    let expected = one_by_one(world, bid);
    world.coverage = seen;
    world.back_to(&here);
    let (expected, served, blocked) = expected?;
    if served == 0 {
        let what = "the preview says that orders come first, and none can buy";
        return Err(Failure::new("orders-first", what));
    }
    world.coverage.count(match (served, blocked) {
        (served, false) => format!("bid behind {served} slots"),
        (_, true) => "bid behind more slots than it serves".into(),
    });
    Ok(expected)
}

fn one_by_one(world: &mut World, bid: &Bid) -> Result<(Expected, usize, bool), Failure> {
    let mut then = vec![];
    let (mut served, mut stuck) = (0, false);
    while served < MOST_SERVED && !stuck && is_behind(world, bid)? {
        match match_position(world, bid.who, bid.position)? {
            Ok(outcome) => {
                then.extend(fills(&outcome));
                served += 1;
            }
            Err(_) => stuck = true,
        }
    }
    let passed_over = |then| match bid.is_strict() || served == 0 {
        true => Expected::Refused,
        false => Expected::PassedOver(then),
    };
    if served == MOST_SERVED && is_behind(world, bid)? {
        return Ok((passed_over(then), served, true));
    }
    let preview = preview(world, bid.position, bid.pay)?;
    let outcome = match bid.send(world)? {
        Ok(outcome) => outcome,
        Err(refusal) => {
            // What the auction would have filled was not paid for: that undoes the orders' fills, too.
            let expected = match refusal.name.starts_with("auction ") {
                true => passed_over(then),
                false => Expected::Refused,
            };
            return Ok((expected, served, false));
        }
    };
    if let Some(PreviewBidResponse::Fills(preview)) = &preview {
        same(preview, &outcome)?;
    }
    then.extend(fills(&outcome));
    Ok((Expected::Done(then, Moment::digest(&world.suite)), served, false))
}

fn is_behind(world: &World, bid: &Bid) -> Result<bool, Failure> {
    let preview = preview(world, bid.position, bid.pay)?;
    Ok(matches!(preview, Some(PreviewBidResponse::OrdersFirst { .. })))
}

/// Has the dearest orders buy.
pub fn match_orders(world: &mut World, who: Who, slot: Slot) -> Result<(), Failure> {
    let Some(position) = world.position(slot) else {
        return Ok(());
    };
    match_position(world, who, position).map(|_| ())
}

/// The same by number: the dearest slot that the lot's price has reached and that can buy does so, at its own price, with all
/// that it has.
///
/// # Errors
/// Where another one does, or none.
pub fn match_position(world: &mut World, who: Who, position: u64) -> Result<Told, Failure> {
    let expected = buyer(world, position)?;
    let (keeper, auction) = (world.who(who), world.peer(Peer::Auction));
    let told = world.execute(&keeper, &auction, &ExecuteMsg::Match { position }, &[])?;
    let now = match &told {
        Ok(outcome) => {
            let fill = outcome.event(Filled::TYPE);
            let matched = outcome.event(glidepath_interfaces::events::auction::OrdersMatched::TYPE);
            fill.zip(matched).map(|(fill, matched)| {
                let amounts = ["sold", "paid"].map(|key| fill.must::<Uint128>(key));
                (matched.must("slot"), amounts)
            })
        }
        Err(_) => None,
    };
    if now != expected || now.is_none() != told.is_err() {
        let what = format!("{expected:?} should buy of position {position}, it is {now:?}: {told:?}");
        return Err(Failure::new("orders-match", what));
    }
    Ok(told)
}

/// The slot that buys next, with what it gets and pays.
fn buyer(world: &World, position: u64) -> Result<Option<(u8, [Uint128; 2])>, Failure> {
    let Ok(sale) = world.suite.ask().sale(position) else {
        return Ok(None);
    };
    let Some(clock) = sale.multiplier else {
        return Ok(None);
    };
    for (nth, pays, funds) in crossed(world, position, clock) {
        if let Some(buys) = can_buy(world, position, pays, funds)? {
            return Ok(Some((nth, buys)));
        }
    }
    Ok(None)
}

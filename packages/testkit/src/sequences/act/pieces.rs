//! Invariant 9: one bid in several.

use cosmwasm_std::{Decimal256, Uint128};
use glidepath_interfaces::auction::SLOTS_A_BOOK;
use glidepath_interfaces::events::auction::Filled;

use super::bids::{Bid, Means};
use crate::sequences::op::{Limit, Much, Slot, Who};
use crate::sequences::world::{Failure, World};
use crate::Outcome;

/// What somebody got for what.
#[derive(Default)]
struct Bought {
    sold: u128,
    paid: u128,
    dearest: Decimal256,
}

impl Bought {
    /// Adds his own fills; those of orders in front of them are not his.
    fn add(&mut self, outcome: &Outcome, bidder: &str) {
        let fills = outcome.all(Filled::TYPE);
        for event in fills.filter(|event| event.text("bidder") == Some(bidder)) {
            self.sold += event.must::<Uint128>("sold").u128();
            self.paid += event.must::<Uint128>("paid").u128();
            self.dearest = self.dearest.max(event.must("price"));
        }
    }
}

/// Invariant 9: what is bought in several bids of one block costs at least what one bid for it costs. Every other piece is
/// paid out of an account if he has one.
///
/// # Errors
/// Where it costs less.
pub fn pieces(world: &mut World, who: Who, slot: Slot, much: Much, parts: u8) -> Result<(), Failure> {
    // Who calls back in the middle buys something else beside it.
    let Some(position) = world.position(slot).filter(|_| who != Who::Agent) else {
        return Ok(());
    };
    let bid = Bid::of(world, who, position, much, Limit::Any, Means::Coins)?;
    let Some(sale) = world.sale(position) else {
        return Ok(());
    };
    let bidder = world.who(who);
    let before = world.moment();
    let mut once = Bought::default();
    // Behind more orders than it serves it buys nothing: then again, until they were all served.
    for _ in 0..=SLOTS_A_BOOK {
        let Ok(outcome) = bid.send(world)? else {
            break;
        };
        once.add(&outcome, bidder.as_str());
        if once.sold > 0 {
            break;
        }
    }
    world.back_to(&before);
    if once.sold == 0 {
        return Ok(());
    }

    let mut often = Bought::default();
    let parts = u128::from(parts.clamp(2, 8));
    let piece = Bid {
        pay: bid.pay / parts,
        ..bid
    };
    for nth in 0..parts {
        let set_aside = world
            .suite
            .ask()
            .account_of(&bidder, piece.coin.word())?
            .set_aside;
        let piece = match nth % 2 == 1 && set_aside.u128() >= piece.pay && piece.pay > 0 {
            true => Bid {
                means: Means::Account,
                ..piece.clone()
            },
            false => piece.clone(),
        };
        if let Ok(outcome) = piece.send(world)? {
            often.add(&outcome, bidder.as_str());
            if matches!(piece.means, Means::Account) {
                world.coverage.count("piece out of an account");
            }
        }
    }
    if often.sold == 0 {
        return Ok(());
    }
    world.coverage.count("pieces");
    // What the pieces got, at the price of the one bid. A piece rounds by a unit of either asset, and the loan-to-value
    // (the bound of a first pass) by as much.
    let unit = 10u128.pow(world.suite.listed(sale.collateral.as_str()).decimals.into());
    let cost = |units: u128| {
        let cost = once.dearest * Decimal256::from_ratio(units, unit);
        Uint128::try_from(cost.to_uint_ceil()).expect("a cost").u128()
    };
    let slack = parts * (2 + cost(2)) + cost(often.sold) / 1_000_000_000_000;
    if often.paid + slack < cost(often.sold) {
        return Err(Failure::new(
            "invariant-9",
            format!(
                "{} were paid for {} in {parts} pieces, at once they cost {}",
                often.paid,
                often.sold,
                cost(often.sold)
            ),
        ));
    }
    Ok(())
}

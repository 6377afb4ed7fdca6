//! A bidder without capital: it gets the collateral, is called by the vault, does whatever it likes, and has paid exactly what it
//! owes when it returns; or else nothing happened.

use glidepath_interfaces::auction::PreviewBidResponse;
use glidepath_interfaces::events::auction::Filled;

use super::bids::{place_bid, preview, Bid, Means};
use super::hook;
use crate::agent::{self, Bargain, Run, TOLD};
use crate::sequences::coverage::IN_A_TICKET;
use crate::sequences::op::{Back, Backs, Limit, Much, Pays, Slot, Who};
use crate::sequences::world::{Failure, World};

impl From<Pays> for agent::Pays {
    fn from(pays: Pays) -> Self {
        match pays {
            Pays::Exactly => agent::Pays::Exactly,
            Pays::Less => agent::Pays::Less,
            Pays::More => agent::Pays::More,
            Pays::Nothing => agent::Pays::Nothing,
            Pays::Twice => agent::Pays::Twice,
        }
    }
}

/// What it will do when it is called: the messages that may be refused, each by itself, and then the payment.
fn bargain(world: &mut World, backs: &[Back], at: u64, pays: Pays) -> Bargain {
    let runs = backs.iter().map(|back| {
        let coin = hook::coin_of(world, *back, at);
        let nth = Back::ALL.iter().position(|one| one == back).unwrap_or_default();
        Run {
            msgs: vec![hook::message(world, *back, at, coin)],
            all: false,
            first: IN_A_TICKET + nth as u64,
        }
    });
    Bargain {
        runs: runs.collect(),
        pays: pays.into(),
    }
}

/// Bids so.
///
/// # Errors
/// Where it is carried out and was not paid exactly, or refused although it was.
pub fn flash(
    world: &mut World,
    who: Who,
    slot: Slot,
    much: Much,
    pays: Pays,
    backs: &Backs,
    at: Slot,
) -> Result<(), Failure> {
    let Some(position) = world.position(slot) else {
        return Ok(());
    };
    let at = world.position(at).unwrap_or(position);
    let bargain = bargain(world, &backs.0, at, pays);
    let bid = Bid::of(world, who, position, much, Limit::Any, Means::Ticket(bargain))?;
    let offered = match preview(world, position, bid.pay)? {
        Some(PreviewBidResponse::Fills(_)) => true,
        // With orders in front of it there may be nothing left to deliver; then nobody is called.
        Some(PreviewBidResponse::OrdersFirst { .. }) => false,
        _ => return place_bid(world, &bid).map(|_| ()),
    };
    let told = place_bid(world, &bid)?;
    let exactly = pays == Pays::Exactly && who == Who::Agent;
    match &told {
        Ok(outcome) => {
            let delivered = outcome
                .all(Filled::TYPE)
                .any(|fill| fill.text("bidder") == Some(world.who(who).as_str()));
            if delivered && !exactly {
                let what = format!("a bid that pays {pays} was carried out: {:#?}", outcome.events);
                return Err(Failure::new("ticket", what));
            }
            if delivered {
                let calls = outcome.has(TOLD);
                world.coverage.count("ticket paid");
                if calls {
                    world.coverage.count("ticket paid after something else");
                }
            }
        }
        Err(refusal) if exactly && offered => {
            let what = format!("a bid that pays exactly was refused: {}", refusal.text);
            return Err(Failure::new("ticket", what));
        }
        Err(_) if offered => world.coverage.count(format!("ticket refused: {pays}")),
        Err(_) => {}
    }
    Ok(())
}

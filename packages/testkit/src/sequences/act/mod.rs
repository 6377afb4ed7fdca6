//! The interpreter: carries out one operation on a world. Nothing that an operation says can make it panic; what does
//! not fit the state (a position that was never opened) does nothing.

mod accounts;
mod attack;
mod backstop;
mod bids;
mod flash;
mod front;
mod governance;
mod guardian;
mod hook;
mod life;
mod many;
mod mispay;
mod money;
mod orders;
mod pieces;
mod purse;
mod sales;
mod source;
mod takeover;
mod time;
mod wishes;

pub use bids::bid_position;
pub use orders::{all_leave, place as place_order};
pub use sales::advance_position;
pub use source::mend;

use super::op::Op;
use super::world::{Failure, World};

/// Carries out an operation and checks what must hold after it.
///
/// # Errors
/// What was broken by it.
pub fn act(world: &mut World, op: &Op) -> Result<(), Failure> {
    world.coverage.operation(op);
    match op {
        Op::Wait { seconds } => {
            world.wait((*seconds).min(time::LONGEST));
            Ok(())
        }
        Op::Fresh {} => time::fresh(world),
        Op::Ask { who } => time::ask(world, *who),
        Op::Move { coin, bp } => time::shift(world, *coin, *bp, false),
        Op::Post { coin, bp } => time::shift(world, *coin, *bp, true),
        Op::Aim { slot, coin, health } => time::aim(world, *slot, *coin, *health),
        Op::Lot { slot, at } => time::lot(world, *slot, *at),
        Op::Due { slot } => time::due(world, *slot),

        Op::Update { who, slot, acts } => money::update(world, *who, *slot, acts),
        Op::Supply { who, coin, much } => money::supply(world, *who, *coin, *much),
        Op::Withdraw { who, coin, much } => money::withdraw(world, *who, *coin, *much),
        Op::Hand { who, coin, much, to } => money::hand(world, *who, *coin, *much, *to),
        Op::Put { who, coin, much } => accounts::put(world, *who, *coin, *much),
        Op::Take { who, coin, much } => accounts::take(world, *who, *coin, *much),
        Op::Aside { who, coin, much } => accounts::aside(world, *who, *coin, *much),
        Op::Stake { who, coin, much } => money::stake(world, *who, *coin, *much),
        Op::Request { who, coin, much } => money::request(world, *who, *coin, *much),
        Op::Cancel { who, coin } => money::cancel(world, *who, *coin),
        Op::Exit { who, coin } => money::exit(world, *who, *coin),
        Op::Book { who, coin } => money::book(world, *who, *coin),

        Op::Advance { who, slot } => sales::advance(world, *who, *slot),
        Op::Takeover { who, slot, acts } => takeover::takeover(world, *who, *slot, acts),
        Op::Keep { who, slot, allowed } => takeover::keep(world, *who, *slot, *allowed),
        Op::Bid {
            who,
            slot,
            much,
            limit,
        } => bids::bid(world, *who, *slot, *much, *limit),
        Op::Pieces {
            who,
            slot,
            much,
            parts,
        } => pieces::pieces(world, *who, *slot, *much, *parts),
        Op::Spend {
            who,
            slot,
            much,
            limit,
        } => bids::spend(world, *who, *slot, *much, *limit),
        Op::Flash {
            who,
            slot,
            much,
            pays,
            backs,
            at,
        } => flash::flash(world, *who, *slot, *much, *pays, backs, *at),
        Op::Many { who, way, much, legs } => many::many(world, *who, *way, *much, legs),

        Op::Place {
            who,
            coin,
            debt,
            nth,
            much,
        } => orders::place(world, *who, *coin, *debt, *nth, *much),
        Op::Unplace { who, of, nth } => orders::unplace(world, *who, *of, *nth),
        Op::Claim { who, of, nth } => orders::claim(world, *who, *of, *nth),
        Op::Match { who, slot } => front::match_orders(world, *who, *slot),
        Op::Backstop { who, slot } => backstop::buy(world, *who, *slot),
        Op::Fetch { who, coin, debt } => backstop::fetch(world, *who, *coin, *debt),
        Op::MinOrder { coin, much } => orders::min_order(world, *coin, *much),

        Op::Wish { slot, variant } => wishes::wish(world, *slot, *variant),

        Op::Rate { coin, variant } => governance::rate(world, *coin, *variant),
        Op::Caps { coin, permille } => governance::caps(world, *coin, *permille),
        Op::Split { variant } => governance::split(world, *variant),
        Op::Terms { variant } => governance::terms(world, *variant),
        Op::Asset { coin, variant } => governance::asset(world, *coin, *variant),
        Op::Status { coin, life } => life::status(world, *coin, *life),
        Op::Ramp { coin, points, days } => life::ramp(world, *coin, *points, *days),
        Op::Rules { variant } => governance::rules(world, *variant),
        Op::Cover { coin, variant } => governance::cover(world, *coin, *variant),
        Op::Buys { coin, variant } => backstop::rule(world, *coin, *variant),
        Op::Stay { variant } => governance::stay(world, *variant),
        Op::Source { coin, quorum, fresh } => source::replace(world, *coin, *quorum, *fresh).map(|_| ()),
        Op::Second { coin, bp } => source::second(world, *coin, *bp),
        Op::Alone {} => source::alone(world),
        Op::Feed { coin, variant } => governance::feed(world, *coin, *variant),
        Op::Reserves { coin, much } => governance::reserves(world, *coin, *much),
        Op::Salvage { coin } => governance::salvage(world, *coin),
        Op::EndSale { slot } => governance::end_sale(world, *slot),
        Op::Stop {
            by,
            coin,
            kind,
            seconds,
        } => guardian::stop(world, *by, *coin, *kind, *seconds),
        Op::Lift { by, coin, kind } => guardian::lift(world, *by, *coin, *kind),
        Op::Lower { by, coin, permille } => guardian::lower(world, *by, *coin, *permille),
        Op::Overhang { by, coin, permille } => guardian::overhang(world, *by, *coin, *permille),
        Op::Guardian { peer, named } => guardian::name(world, *peer, *named),
        Op::Owner { peer, variant } => governance::owner(world, *peer, *variant),

        Op::Donate { coin, peer, much } => attack::donate(world, *coin, *peer, *much),
        Op::Hook { what, slot, coin } => hook::hook(world, *what, *slot, *coin),
        Op::Forge { who, slot, what } => attack::forge(world, *who, *slot, *what),
        Op::Mispay { who, slot, what } => mispay::mispay(world, *who, *slot, *what),
    }?;
    world.check()
}

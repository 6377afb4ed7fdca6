//! Where a price comes from: other reporters, another source.

use cosmwasm_std::{Addr, Decimal};
use glidepath_interfaces::events::oracle::SourceReplaced;
use glidepath_interfaces::oracle::{ExecuteMsg, Feed, Report, Source};
use glidepath_risk::Price;

use crate::id;
use crate::sequences::op::{Coin, Peer};
use crate::sequences::world::{Failure, World};

/// A source without a price for longer is dead.
const DEAD: u64 = 3_600;

/// Another source, which must answer now and agree with the record; only where the old one is dead does its word count
/// alone. Was it carried out?
pub fn replace(world: &mut World, coin: Coin, quorum: u8, fresh: u64) -> Result<bool, Failure> {
    let feed = world.suite.ask().feed(coin.word())?;
    let source = Source::Posted { quorum, fresh };
    let (is_other, age) = (
        source != feed.source,
        world.now() - world.record(coin).published_at,
    );
    let before = world.record(coin).price.0;
    let msg = ExecuteMsg::SetFeed {
        asset: id(coin.word()),
        feed: Feed { source, ..feed },
    };
    let (owner, oracle) = (world.suite.owner.clone(), world.peer(Peer::Oracle));
    let Ok(outcome) = world.execute(&owner, &oracle, &msg, &[])? else {
        return Ok(false);
    };
    if outcome.has(SourceReplaced::TYPE) && age <= DEAD {
        let what =
            format!("the source of {coin} had a price {age} s ago, and another one took its place unseen");
        return Err(Failure::new("source", what));
    }
    if is_other && !outcome.has(SourceReplaced::TYPE) {
        world.coverage.count("source that agrees");
    }
    if !is_other && world.record(coin).price.0 != before {
        let what = format!("the price of {coin} moved with a feed of the same source");
        return Err(Failure::new("source", what));
    }
    Ok(true)
}

fn other(world: &World) -> Addr {
    world.suite.user("second reporter")
}

fn name(world: &mut World, reporters: Vec<Addr>) -> Result<(), Failure> {
    if world.suite.ask().oracle_config()?.reporters == reporters {
        return Ok(());
    }
    let reporters = reporters.iter().map(Addr::to_string).collect();
    let (owner, oracle) = (world.suite.owner.clone(), world.peer(Peer::Oracle));
    let msg = ExecuteMsg::SetReporters { reporters };
    match world.execute(&owner, &oracle, &msg, &[])? {
        Ok(_) => Ok(()),
        Err(refusal) => Err(Failure::new("reporters", refusal.text)),
    }
}

/// The second reporter posts a price of his own.
pub fn second(world: &mut World, coin: Coin, bp: i64) -> Result<(), Failure> {
    let (first, second) = (world.suite.reporters[0].clone(), other(world));
    name(world, vec![first, second.clone()])?;
    let factor = Decimal::from_ratio((10_000 + bp).max(1) as u128, 10_000u128);
    let report = Report {
        asset: id(coin.word()),
        price: Price(world.prices[&coin] * factor),
        at: world.now(),
    };
    let (oracle, reports) = (world.peer(Peer::Oracle), vec![report]);
    world
        .execute(&second, &oracle, &ExecuteMsg::Post { reports }, &[])
        .map(|_| ())
}

/// The first reporter is the only one again.
pub fn alone(world: &mut World) -> Result<(), Failure> {
    let first = world.suite.reporters[0].clone();
    name(world, vec![first])
}

/// Every price comes from the one reporter of this world again: where its source waits for another one, it is replaced, at
/// the latest when it is dead.
pub fn mend(world: &mut World) -> Result<(), Failure> {
    for coin in Coin::ALL.iter().copied() {
        let fresh = match world.suite.ask().feed(coin.word())?.source {
            Source::Posted { quorum, fresh } if quorum != 1 => fresh,
            _ => continue,
        };
        for wait in [0, DEAD + 1] {
            world.wait(wait);
            world.post(Coin::ALL)?;
            if replace(world, coin, 1, fresh)? {
                break;
            }
        }
        let source = world.suite.ask().feed(coin.word())?.source;
        if !matches!(source, Source::Posted { quorum: 1, .. }) {
            let what = format!("the source of {coin} is dead, and another one can't take its place");
            return Err(Failure::new("source", what));
        }
        world.coverage.count("source mended");
    }
    Ok(())
}

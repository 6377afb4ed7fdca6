//! Invariant 11: with fresh prices, a funded bidder and keepers, every unhealthy position comes to its end in a bounded
//! number of calls, whatever led to where it is, and also in a plight: healthy, sold out or written off.

use std::fmt::{Display, Formatter};

use cosmwasm_std::Decimal;
use glidepath_interfaces::events::vault::DebtWrittenOff;
use glidepath_interfaces::position_manager::{AssetStatus, Row, Stage};
use glidepath_risk::Value;

use super::act::{advance_position, bid_position, mend};
use super::op::{Coin, Limit, Much, Who};
use super::plight;
use super::world::{Failure, World};

/// Calls (advances and bids) within which a position must come to its end.
pub const MOST_CALLS: u32 = 200;
/// Calls and waits. Most waits are for the next lot.
const MOST_STEPS: u32 = 1_000;
/// After so long a silence what has no other asset is left alone: its end waits for a price.
const SUSPENDED: u64 = 3_600;
/// Where nothing says how long to wait, first a minute, then ever longer, at most so long.
const LONGEST_WAIT: u64 = 6 * 3_600;

/// What is wrong while positions are brought to their end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plight {
    /// Nothing.
    None,
    /// Every owner adds some of an asset, and then nobody posts its price any more.
    Silent(Coin),
    /// The same, and so long ago that it counts nothing any more; the owner of the contracts gives it up.
    Gone(Coin),
    /// The fund pays for nothing.
    NoCover,
    /// The fund has nothing: no stake, nothing on its way to stakers, and nothing comes in.
    EmptyFund,
    /// The guardian has stopped all that he may stop, for as long as he may.
    Stopped,
    /// Orders wait in every slot of every pair that positions hold and owe, every second one too small to buy anything.
    Waiting,
}

impl Plight {
    /// All of them.
    pub const ALL: &'static [Plight] = &[
        Plight::None,
        Plight::Silent(Coin::Atom),
        Plight::Silent(Coin::Eth),
        Plight::Gone(Coin::Atom),
        Plight::Gone(Coin::Gold),
        Plight::NoCover,
        Plight::EmptyFund,
        Plight::Stopped,
        Plight::Waiting,
    ];
}

impl Display for Plight {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Plight::None => f.write_str("nothing is wrong"),
            Plight::Silent(coin) => write!(f, "{coin} is silent"),
            Plight::Gone(coin) => write!(f, "{coin} is given up"),
            Plight::EmptyFund => f.write_str("the fund is empty"),
            Plight::NoCover => f.write_str("the fund pays for nothing"),
            Plight::Stopped => f.write_str("all is stopped"),
            Plight::Waiting => f.write_str("orders wait everywhere"),
        }
    }
}

/// What the slowest position took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Longest {
    /// Calls: advances and bids.
    pub calls: u32,
    /// Seconds.
    pub seconds: u64,
}

impl Longest {
    /// The longer of two, each figure by itself.
    pub fn max(self, other: Longest) -> Longest {
        Longest {
            calls: self.calls.max(other.calls),
            seconds: self.seconds.max(other.seconds),
        }
    }
}

/// Brings every position to its end. The world is another one afterwards.
///
/// # Errors
/// Where a position comes to none, or an invariant is broken on the way.
pub fn all_end(world: &mut World, plight: Plight) -> Result<Longest, Failure> {
    mend(world)?;
    begin(world, plight)?;
    let positions: Vec<u64> = world.slots.values().copied().collect();
    let mut longest = Longest::default();
    for position in positions {
        longest = longest.max(ends(world, position, plight)?);
    }
    world.silent.clear();
    Ok(longest)
}

fn begin(world: &mut World, plight: Plight) -> Result<(), Failure> {
    match plight {
        Plight::None => Ok(()),
        Plight::Silent(coin) => plight::silent(world, coin),
        Plight::Gone(coin) => plight::gone(world, coin),
        Plight::Stopped => plight::stopped(world),
        Plight::EmptyFund => plight::empty_fund(world),
        Plight::NoCover => plight::no_cover(world),
        Plight::Waiting => plight::waiting(world),
    }
}

fn ends(world: &mut World, position: u64, plight: Plight) -> Result<Longest, Failure> {
    let mut way = Way {
        begun: world.now(),
        ..Way::default()
    };
    for _ in 0..MOST_STEPS {
        world.post(Coin::ALL)?;
        let asked = world.suite.ask().position(position)?;
        let sound = asked
            .health
            .maintenance
            .is_none_or(|health| health >= Decimal::one());
        if sound {
            if !way.story.is_empty() {
                let ended = match (asked.debts.is_empty(), way.story.last().map(String::as_str)) {
                    (false, _) => "healthy",
                    (true, Some("written off")) => "written off",
                    (true, _) => "sold out",
                };
                world.coverage.count(format!("liveness: {ended}"));
            }
            return Ok(way.longest(world));
        }
        // What is dead is no asset that waits for a price: as collateral it is given up, as debt nothing is sold for it.
        let dead = |row: &Row| world.life(world.coin(row.asset.as_str())) == AssetStatus::Dead;
        let silent = |row: &Row| world.silent.contains(&world.coin(row.asset.as_str())) && !dead(row);
        // Beside an asset that is worth it, dust is not sold.
        let worth = |row: &Row| row.value >= Value::usd(1);
        let buys_nothing = asked.debts.iter().all(|row| silent(row) || dead(row))
            && asked.collateral.iter().any(|row| silent(row) || worth(row));
        let has_no_price = asked.collateral.iter().any(silent)
            && asked.collateral.iter().all(|row| silent(row) || !worth(row));
        // What is left has no price: that suspends the end until there is one. And while an asset is silent, grace runs on.
        let courtesy = asked.collateral.iter().chain(&asked.debts).any(silent)
            && matches!(asked.stage, Stage::MarginCall { .. });
        let suspended = buys_nothing || has_no_price || courtesy;
        if suspended && world.now() > way.begun + SUSPENDED {
            world.coverage.count(match courtesy {
                true => "liveness: grace while an asset is silent",
                false if world.silent.is_empty() => "liveness: owes only what was given up",
                false => "liveness: waits for a price",
            });
            return Ok(way.longest(world));
        }
        if way.calls >= MOST_CALLS {
            break;
        }
        way.step(world, position)?;
        world.check()?;
    }
    let Way { calls, mut story, .. } = way;
    let steps = story.len();
    story.truncate(40);
    Err(Failure::new(
        "invariant-11",
        format!("{plight}: position {position} came to no end in {calls} calls, {steps} steps: {story:?} …"),
    ))
}

/// A position's way to its end.
#[derive(Default)]
struct Way {
    begun: u64,
    calls: u32,
    waits: u32,
    wait: u64,
    story: Vec<String>,
}

impl Way {
    fn longest(&self, world: &World) -> Longest {
        Longest {
            calls: self.calls,
            seconds: world.now() - self.begun,
        }
    }

    /// One step towards the end.
    fn step(&mut self, world: &mut World, position: u64) -> Result<(), Failure> {
        let due = world.suite.ask().due(position)?;
        if due.due.is_some() {
            self.calls += 1;
            let told = advance_position(world, Who::Keeper, position)?;
            let off = world.ledger(position).debts.is_empty();
            (self.waits, self.wait) = (0, 0);
            self.story.push(match (told, off) {
                (Ok(_), true) => "written off".into(),
                (Ok(_), false) => format!("{:?}", due.due),
                (Err(refusal), _) => refusal.text,
            });
            return Ok(());
        }
        let now = world.now();
        let lot = world.sale(position).and_then(|sale| sale.lot);
        let mut until = due.not_before.unwrap_or(now);
        match lot {
            Some(lot) if now < lot.start_at => until = lot.start_at,
            Some(_) if world.suite.ask().price_at(position, now).is_ok() => {
                self.calls += 1;
                if let Ok(outcome) = bid_position(world, Who::Bea, position, Much::All, Limit::Any)? {
                    (self.waits, self.wait) = (0, 0);
                    self.story.push(match outcome.has(DebtWrittenOff::TYPE) {
                        true => "written off".into(),
                        false => "bid".into(),
                    });
                    return Ok(());
                }
            }
            _ => {}
        }
        // What is said to be due in a second, and is not, is waited for longer and longer.
        self.waits += 1;
        if until <= now || self.waits > 3 {
            self.wait = (self.wait * 2).clamp(60, LONGEST_WAIT);
            until = until.max(now + self.wait);
        }
        world.wait(until - now);
        self.story
            .push(format!("waited {} for {:?}", until - now, due.refused));
        Ok(())
    }
}

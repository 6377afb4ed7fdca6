//! What somebody does, as one line of a script: `bid ben alice.0 0.500 any`.
//!
//! Everything is said relative to the state in which it is done (half of what may be bought, the first second of the
//! lot), so that a script still means something after lines were taken out of it.

use std::fmt::{Display, Formatter, Result as Fmt};
use std::str::FromStr;

pub use super::words::*;

/// An enum of operations: a verb and its arguments, each one word.
macro_rules! ops {
    ($($(#[$doc:meta])* $name:ident = $verb:literal { $($field:ident: $type:ty),* $(,)? }),* $(,)?) => {
        /// What somebody does.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Op { $($(#[$doc])* #[allow(missing_docs)] $name { $($field: $type),* }),* }

        impl Op {
            /// Its first word.
            pub fn verb(&self) -> &'static str {
                match self { $(Op::$name { .. } => $verb),* }
            }
        }

        impl Display for Op {
            fn fmt(&self, f: &mut Formatter<'_>) -> Fmt {
                match self {
                    $(Op::$name { $($field),* } => {
                        f.write_str($verb)?;
                        $(write!(f, " {}", $field)?;)*
                        Ok(())
                    })*
                }
            }
        }

        impl FromStr for Op {
            type Err = BadLine;

            fn from_str(line: &str) -> Result<Self, BadLine> {
                let bad = || BadLine(line.into());
                let mut words = line.split_whitespace();
                let op = match words.next() {
                    $(Some($verb) => Op::$name {
                        $($field: words.next().and_then(|word| word.parse().ok()).ok_or_else(bad)?),*
                    },)*
                    _ => return Err(bad()),
                };
                match words.next() {
                    Some(_) => Err(bad()),
                    None => Ok(op),
                }
            }
        }
    };
}

ops! {
    // ---------------------------------------------------------------- time and prices
    /// Time passes; nobody posts a price.
    Wait = "wait" { seconds: u64 },
    /// All prices are posted as they are.
    Fresh = "fresh" {},
    /// Somebody has all sources asked.
    Ask = "ask" { who: Who },
    /// A price moves by so many hundredths of a per cent; all are posted.
    Move = "move" { coin: Coin, bp: i64 },
    /// The same, and no other price is posted.
    Post = "post" { coin: Coin, bp: i64 },
    /// The price of an asset moves so that a position's maintenance health is so many ten-thousandths; all are posted.
    Aim = "aim" { slot: Slot, coin: Coin, health: u32 },
    /// Time passes to a moment of the lot's life, in thousandths; above 1000 so many seconds after it. Prices are posted.
    Lot = "lot" { slot: Slot, at: u32 },
    /// Time passes until something may be due, at most two days. Prices are posted.
    Due = "due" { slot: Slot },

    // ---------------------------------------------------------------- money
    /// A position's `update`; its owner's first one opens it.
    Update = "update" { who: Who, slot: Slot, acts: Acts },
    /// Lends.
    Supply = "supply" { who: Who, coin: Coin, much: Much },
    /// Takes a supply out.
    Withdraw = "withdraw" { who: Who, coin: Coin, much: Much },
    /// Hands supply shares on.
    Hand = "hand" { who: Who, coin: Coin, much: Much, to: Who },
    /// Puts coins into his account in the vault.
    Put = "put" { who: Who, coin: Coin, much: Much },
    /// Takes coins out of it.
    Take = "take" { who: Who, coin: Coin, much: Much },
    /// Sets aside so much of it for bids.
    Aside = "aside" { who: Who, coin: Coin, much: Much },
    /// Stakes.
    Stake = "stake" { who: Who, coin: Coin, much: Much },
    /// Asks to leave the fund.
    Request = "request" { who: Who, coin: Coin, much: Much },
    /// Takes that back.
    Cancel = "cancel" { who: Who, coin: Coin },
    /// Leaves the fund.
    Exit = "exit" { who: Who, coin: Coin },
    /// Has the fund's revenue and losses booked.
    Book = "book" { who: Who, coin: Coin },

    // ---------------------------------------------------------------- sales
    /// Moves a position to where the rules say it is.
    Advance = "advance" { who: Who, slot: Slot },
    /// Takes a position over, with these actions.
    Takeover = "takeover" { who: Who, slot: Slot, acts: Acts },
    /// Says whether it may be taken over while it is sold softly.
    Keep = "keep" { who: Who, slot: Slot, allowed: bool },
    /// Bids; a part is one of what may be bought.
    Bid = "bid" { who: Who, slot: Slot, much: Much, limit: Limit },
    /// Bids in several pieces in one block, which must not be cheaper than at once.
    Pieces = "pieces" { who: Who, slot: Slot, much: Much, parts: u8 },

    /// Bids out of what the bidder set aside in his account.
    Spend = "spend" { who: Who, slot: Slot, much: Much, limit: Limit },
    /// Bids without paying; in the vault's call it does this and that with a position, and pays so.
    Flash = "flash" { who: Who, slot: Slot, much: Much, pays: Pays, backs: Backs, at: Slot },
    /// Bids on several positions with one payment; a part is one of what may be bought of all.
    Many = "many" { who: Who, way: Way, much: Much, legs: Legs },

    // ---------------------------------------------------------------- standing orders
    /// Places a standing order in the n-th slot of a pair.
    Place = "place" { who: Who, coin: Coin, debt: Coin, nth: u8, much: Much },
    /// Takes out the n-th standing order of somebody.
    Unplace = "unplace" { who: Who, of: Who, nth: u8 },
    /// Takes out what it has bought.
    Claim = "claim" { who: Who, of: Who, nth: u8 },
    /// Has the dearest orders buy.
    Match = "match" { who: Who, slot: Slot },
    /// Has the fund buy what nobody wanted.
    Backstop = "backstop" { who: Who, slot: Slot },
    /// Takes out what a stake in a market bought of a collateral.
    Fetch = "fetch" { who: Who, coin: Coin, debt: Coin },
    /// Another smallest order in a debt; none at all with `all`.
    MinOrder = "minorder" { coin: Coin, much: Much },

    // ---------------------------------------------------------------- owners
    /// An owner asks for something else: a glide path, an unwind, an order of collaterals, or nothing.
    Wish = "wish" { slot: Slot, variant: u8 },

    // ---------------------------------------------------------------- governance
    /// Another rate model.
    Rate = "rate" { coin: Coin, variant: u8 },
    /// Caps at so many thousandths of what is in use.
    Caps = "caps" { coin: Coin, permille: u32 },
    /// Another split of penalties.
    Split = "split" { variant: u8 },
    /// Other terms of new sales.
    Terms = "terms" { variant: u8 },
    /// Other parameters of an asset.
    Asset = "asset" { coin: Coin, variant: u8 },
    /// Another stage of an asset's life.
    Status = "status" { coin: Coin, life: Life },
    /// Weights and factors move by so many hundredths, up or down, within so many days. A negative number is for the worse.
    Ramp = "ramp" { coin: Coin, points: i64, days: u32 },
    /// Other rules for positions.
    Rules = "rules" { variant: u8 },
    /// Another cover rule.
    Cover = "cover" { coin: Coin, variant: u8 },
    /// Another backstop rule.
    Buys = "buys" { coin: Coin, variant: u8 },
    /// Other parameters of the fund.
    Stay = "stay" { variant: u8 },
    /// Another source of a price: so many reporters, whose reports stay fresh for so many seconds.
    Source = "source" { coin: Coin, quorum: u8, fresh: u64 },
    /// A second reporter, named if he is none, posts a price so many hundredths of a per cent off.
    Second = "second" { coin: Coin, bp: i64 },
    /// He is no reporter any more.
    Alone = "alone" {},
    /// Another feed.
    Feed = "feed" { coin: Coin, variant: u8 },
    /// Takes coins out of the reserves.
    Reserves = "reserves" { coin: Coin, much: Much },
    /// Takes what the fund was credited out of the vault.
    Salvage = "salvage" { coin: Coin },
    /// Ends a sale.
    EndSale = "endsale" { slot: Slot },
    /// Stops something with an asset's price for so long.
    Stop = "stop" { by: Power, coin: Coin, kind: Kind, seconds: u64 },
    /// Ends a stop.
    Lift = "lift" { by: Power, coin: Coin, kind: Kind },
    /// Lowers caps to so many thousandths of what is in use.
    Lower = "lower" { by: Power, coin: Coin, permille: u32 },
    /// Lowers an asset's overhang cap to so many thousandths of what is in use.
    Overhang = "overhang" { by: Power, coin: Coin, permille: u32 },
    /// Names the guardian of a contract that has one.
    Guardian = "guardian" { peer: Peer, named: Named },
    /// Proposes a new owner, takes that back, or proposes and accepts and returns it.
    Owner = "owner" { peer: Peer, variant: u8 },

    // ---------------------------------------------------------------- no good
    /// Sends coins to a contract.
    Donate = "donate" { coin: Coin, peer: Peer, much: Much },
    /// When it is paid in a token next, the agent calls back in the middle of it.
    Hook = "hook" { what: Back, slot: Slot, coin: Coin },
    /// Sends a message that is not his.
    Forge = "forge" { who: Who, slot: Slot, what: Forged },
    /// Pays wrongly.
    Mispay = "mispay" { who: Who, slot: Slot, what: Wrong },
}

/// A script: a line for each operation, `#` begins a comment.
pub fn parse(script: &str) -> Result<Vec<Op>, BadLine> {
    script
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .filter(|line| !line.is_empty())
        .map(str::parse)
        .collect()
}

/// The lines of a script.
pub fn print(ops: &[Op]) -> String {
    ops.iter().map(|op| format!("{op}\n")).collect()
}

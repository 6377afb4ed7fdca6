//! Words that are lists: the actions of an `update`, the legs of a bid on several positions, what is done in the middle.

use std::fmt::{Display, Formatter, Result as Fmt};
use std::str::FromStr;

use super::{Back, BadLine, Coin, Limit, Much, Slot, Verb};

/// One action of an `update`: `borrow:usdc:0.900`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// What it does.
    pub verb: Verb,
    /// With which asset.
    pub coin: Coin,
    /// How much: a part is one of what is held, owed, or may be borrowed.
    pub much: Much,
}

/// Actions, in one word: `deposit:atom:$500,borrow:usdc:0.900`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acts(pub Vec<Act>);

impl Display for Acts {
    fn fmt(&self, f: &mut Formatter<'_>) -> Fmt {
        for (nth, Act { verb, coin, much }) in self.0.iter().enumerate() {
            let comma = if nth == 0 { "" } else { "," };
            write!(f, "{comma}{verb}:{coin}:{much}")?;
        }
        Ok(())
    }
}

impl FromStr for Acts {
    type Err = BadLine;

    fn from_str(text: &str) -> Result<Self, BadLine> {
        text.split(',')
            .map(|act| {
                let mut parts = act.split(':');
                let (verb, coin, much) = (parts.next(), parts.next(), parts.next());
                let (Some(verb), Some(coin), Some(much), None) = (verb, coin, much, parts.next()) else {
                    return Err(BadLine(text.into()));
                };
                Ok(Act {
                    verb: verb.parse()?,
                    coin: coin.parse()?,
                    much: much.parse()?,
                })
            })
            .collect::<Result<_, _>>()
            .map(Acts)
    }
}

/// One of several bids: `alice.0:any:0.500`. A part is one of what may be bought there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// On which position.
    pub slot: Slot,
    /// What he asks for.
    pub limit: Limit,
    /// How much he pays at most.
    pub much: Much,
}

/// Bids on several positions, in one word: `alice.0:any:all,bob.1:low:0.500`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legs(pub Vec<Leg>);

impl Display for Legs {
    fn fmt(&self, f: &mut Formatter<'_>) -> Fmt {
        for (nth, Leg { slot, limit, much }) in self.0.iter().enumerate() {
            let comma = if nth == 0 { "" } else { "," };
            write!(f, "{comma}{slot}:{limit}:{much}")?;
        }
        Ok(())
    }
}

impl FromStr for Legs {
    type Err = BadLine;

    fn from_str(text: &str) -> Result<Self, BadLine> {
        text.split(',')
            .map(|leg| {
                let mut parts = leg.split(':');
                let (slot, limit, much) = (parts.next(), parts.next(), parts.next());
                let (Some(slot), Some(limit), Some(much), None) = (slot, limit, much, parts.next()) else {
                    return Err(BadLine(text.into()));
                };
                Ok(Leg {
                    slot: slot.parse()?,
                    limit: limit.parse()?,
                    much: much.parse()?,
                })
            })
            .collect::<Result<_, _>>()
            .map(Legs)
    }
}

/// What a contract does in the middle of something, in one word: `bid,withdraw`, or `-` for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backs(pub Vec<Back>);

impl Display for Backs {
    fn fmt(&self, f: &mut Formatter<'_>) -> Fmt {
        if self.0.is_empty() {
            return f.write_str("-");
        }
        let words: Vec<&str> = self.0.iter().map(|back| back.word()).collect();
        f.write_str(&words.join(","))
    }
}

impl FromStr for Backs {
    type Err = BadLine;

    fn from_str(text: &str) -> Result<Self, BadLine> {
        if text == "-" {
            return Ok(Backs(vec![]));
        }
        text.split(',')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Backs)
    }
}

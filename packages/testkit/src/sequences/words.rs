//! The words of a script: who, what, how much.

use std::fmt::{Display, Formatter, Result as Fmt};
use std::str::FromStr;

/// Why a line is no operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine(pub String);

impl Display for BadLine {
    fn fmt(&self, f: &mut Formatter<'_>) -> Fmt {
        write!(f, "`{}` is no operation", self.0)
    }
}

/// An enum of words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$word_doc])* $word),* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$word),*];

            /// As it is written.
            pub fn word(self) -> &'static str {
                match self { $($name::$word => $text),* }
            }
        }

        impl Display for $name {
            fn fmt(&self, f: &mut Formatter<'_>) -> Fmt {
                f.write_str(self.word())
            }
        }

        impl FromStr for $name {
            type Err = BadLine;

            fn from_str(text: &str) -> Result<Self, BadLine> {
                Self::ALL.iter().copied().find(|one| one.word() == text).ok_or_else(|| BadLine(text.into()))
            }
        }
    };
}

words! {
    /// Who acts.
    Who {
        /// Owns positions.
        Alice = "alice",
        /// Owns positions.
        Bob = "bob",
        /// Owns positions.
        Carol = "carol",
        /// Lends.
        Lena = "lena",
        /// Lends.
        Luis = "luis",
        /// Stakes.
        Stan = "stan",
        /// Bids.
        Bea = "bea",
        /// Bids.
        Ben = "ben",
        /// Bids.
        Bill = "bill",
        /// Advances positions.
        Keeper = "keeper",
        /// Means no good.
        Mallory = "mallory",
        /// A contract that owns positions and bids, and may call back when it is paid in a token.
        Agent = "agent",
    }
}

impl Who {
    /// Who has positions.
    pub const OWNERS: &'static [Who] = &[Who::Alice, Who::Bob, Who::Carol, Who::Agent];
    /// Who lends.
    pub const LENDERS: &'static [Who] = &[Who::Lena, Who::Luis];
    /// Who bids.
    pub const BIDDERS: &'static [Who] = &[Who::Bea, Who::Ben, Who::Bill];
}

words! {
    /// An asset of the world.
    Coin {
        /// Native, 6 decimals, $10: collateral.
        Atom = "atom",
        /// Native, 18 decimals, $2,500: collateral and debt.
        Eth = "eth",
        /// cw20, 8 decimals, $2,000: collateral and debt.
        Gold = "gold",
        /// Native, 6 decimals, $1: debt.
        Usdc = "usdc",
        /// Native, 6 decimals, $1: collateral with a high weight, where the soft floor binds.
        Yusd = "yusd",
    }
}

impl Coin {
    /// What can be deposited.
    pub const COLLATERALS: &'static [Coin] = &[Coin::Atom, Coin::Eth, Coin::Gold, Coin::Yusd];
    /// What can be borrowed, lent and staked.
    pub const DEBTS: &'static [Coin] = &[Coin::Usdc, Coin::Eth, Coin::Gold];
}

words! {
    /// Who stops or lowers.
    Power {
        /// The owner of the contracts.
        Owner = "owner",
        /// Whoever is the guardian.
        Guardian = "guardian",
        /// Who was the guardian at the start, whether he still is or not.
        First = "first",
        /// Somebody.
        Stranger = "stranger",
    }
}

words! {
    /// Who is named as guardian.
    Named {
        /// Who was it at the start.
        First = "first",
        /// The keeper.
        Keeper = "keeper",
        /// Nobody.
        Nobody = "nobody",
    }
}

words! {
    /// Where an asset is in its life.
    Life {
        /// As its parameters say.
        Listed = "listed",
        /// On its way out.
        ReduceOnly = "reduce_only",
        /// Given up.
        Dead = "dead",
    }
}

words! {
    /// What is stopped.
    Kind {
        /// Risk-increasing actions.
        Borrowing = "borrowing",
        /// Fills.
        Fills = "fills",
    }
}

words! {
    /// A contract of the suite.
    Peer {
        /// The vault.
        Vault = "vault",
        /// The position manager.
        Manager = "manager",
        /// The oracle adapter.
        Oracle = "oracle",
        /// The auction.
        Auction = "auction",
        /// The insurance fund.
        Fund = "fund",
    }
}

impl Peer {
    /// Those that have a guardian.
    pub const GUARDED: &'static [Peer] = &[Peer::Vault, Peer::Manager, Peer::Oracle];
}

words! {
    /// What a bidder asks for beside what he pays.
    Limit {
        /// Nothing.
        Any = "any",
        /// Exactly the price of now.
        Exact = "exact",
        /// A price just below the one of now: refused.
        Low = "low",
        /// A unit more than he would get: refused.
        Greedy = "greedy",
        /// A contract of the suite as recipient: refused.
        Suite = "suite",
        /// Somebody else as recipient.
        Gift = "gift",
    }
}

words! {
    /// What pays for a bid beside coins that come with it.
    Way {
        /// Coins.
        Coins = "coins",
        /// What the bidder set aside in his account.
        Account = "account",
    }
}

words! {
    /// How a bidder's contract pays when it is called.
    Pays {
        /// What is owed.
        Exactly = "exactly",
        /// A unit less.
        Less = "less",
        /// A unit more.
        More = "more",
        /// Nothing.
        Nothing = "nothing",
        /// What is owed, twice.
        Twice = "twice",
    }
}

/// A position: the n-th of an owner, whatever number it gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// Who opens it.
    pub owner: Who,
    /// Which of his.
    pub nth: u8,
}

impl Display for Slot {
    fn fmt(&self, f: &mut Formatter<'_>) -> Fmt {
        write!(f, "{}.{}", self.owner, self.nth)
    }
}

impl FromStr for Slot {
    type Err = BadLine;

    fn from_str(text: &str) -> Result<Self, BadLine> {
        let bad = || BadLine(text.into());
        let (owner, nth) = text.split_once('.').ok_or_else(bad)?;
        Ok(Slot {
            owner: owner.parse()?,
            nth: nth.parse().map_err(|_| bad())?,
        })
    }
}

/// How much of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Much {
    /// Dollars at the price of now: `$500`.
    Usd(u64),
    /// Thousandths of what there is: `0.500`.
    Part(u32),
    /// Base units: `1u`.
    Units(u64),
    /// All, left to the contract: `all`.
    All,
}

impl Display for Much {
    fn fmt(&self, f: &mut Formatter<'_>) -> Fmt {
        match self {
            Much::Usd(usd) => write!(f, "${usd}"),
            Much::Part(part) => write!(f, "{}.{:03}", part / 1_000, part % 1_000),
            Much::Units(units) => write!(f, "{units}u"),
            Much::All => f.write_str("all"),
        }
    }
}

impl FromStr for Much {
    type Err = BadLine;

    fn from_str(text: &str) -> Result<Self, BadLine> {
        let bad = || BadLine(text.into());
        if text == "all" {
            return Ok(Much::All);
        }
        if let Some(usd) = text.strip_prefix('$') {
            return Ok(Much::Usd(usd.parse().map_err(|_| bad())?));
        }
        if let Some(units) = text.strip_suffix('u') {
            return Ok(Much::Units(units.parse().map_err(|_| bad())?));
        }
        let (whole, rest) = text.split_once('.').ok_or_else(bad)?;
        let (whole, thousandths): (u32, u32) = (
            whole.parse().map_err(|_| bad())?,
            rest.parse().map_err(|_| bad())?,
        );
        if rest.len() != 3 {
            return Err(bad());
        }
        Ok(Much::Part(whole * 1_000 + thousandths))
    }
}

words! {
    /// What an action of an `update` does.
    Verb {
        /// Adds collateral.
        Deposit = "deposit",
        /// Takes collateral out.
        Withdraw = "withdraw",
        /// Borrows.
        Borrow = "borrow",
        /// Repays.
        Repay = "repay",
    }
}

mod attempts;
mod lists;

pub use attempts::*;
pub use lists::*;

//! What somebody does, as one line of a script: `bid ben alice.0 0.500 any`.
//!
//! Everything is said relative to the state in which it is done (half of what may be bought, the first second of the
//! lot), so that a script still means something after lines were taken out of it.

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
    }
}

impl Who {
    /// Who has positions.
    pub const OWNERS: &'static [Who] = &[Who::Alice, Who::Bob, Who::Carol];
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
    /// A message that is not the sender's to send. All are refused.
    Forged {
        /// `vault.apply`
        Apply = "apply",
        /// `vault.set_distress`
        SetDistress = "set_distress",
        /// `vault.settle`
        Settle = "settle",
        /// `vault.write_off`
        WriteOff = "write_off",
        /// `vault.list_asset`
        ListAsset = "list_asset",
        /// `vault.set_market`
        SetMarket = "set_market",
        /// `vault.set_penalty_split`
        SetSplit = "set_split",
        /// `vault.withdraw_reserves`
        Reserves = "reserves",
        /// `auction.open`
        Open = "open",
        /// `auction.start_lot`
        StartLot = "start_lot",
        /// `auction.sleep`
        Sleep = "sleep",
        /// `auction.end`
        End = "end",
        /// `auction.set_terms`
        SetTerms = "set_terms",
        /// `position_manager.set_asset`
        SetAsset = "set_asset",
        /// `position_manager.set_params`
        SetParams = "set_params",
        /// `oracle.post`
        Post = "post",
        /// `oracle.set_feed`
        SetFeed = "set_feed",
        /// `oracle.set_reporters`
        SetReporters = "set_reporters",
        /// `fund.set_cover`
        SetCover = "set_cover",
        /// `fund.set_params`
        FundParams = "fund_params",
        /// `fund.withdraw_account`
        FundAccount = "fund_account",
        /// `update_ownership` of each contract in turn
        Ownership = "ownership",
    }
}

words! {
    /// A payment that is not what the message takes. All are refused.
    Wrong {
        /// A bid in the collateral on sale.
        BidDenom = "bid_denom",
        /// A bid in two coins.
        BidTwo = "bid_two",
        /// A bid without a coin.
        BidNothing = "bid_nothing",
        /// A supply in another coin.
        SupplyDenom = "supply_denom",
        /// A supply without a coin.
        SupplyNothing = "supply_nothing",
        /// A deposit with a coin too many.
        UpdateExtra = "update_extra",
        /// A deposit that is not paid for.
        UpdateUnpaid = "update_unpaid",
        /// A coin with `advance`.
        AdvancePaid = "advance_paid",
        /// A coin with `withdraw`.
        WithdrawPaid = "withdraw_paid",
        /// A stake in another coin.
        StakeDenom = "stake_denom",
        /// A token that nobody listed, by the hook of each contract in turn.
        Token = "token",
        /// A listed token with a message that nobody knows.
        Message = "message",
        /// A hook inside a hook.
        Nested = "nested",
        /// A hook that no token sent.
        Posing = "posing",
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
    /// Bids; a part is one of what may be bought.
    Bid = "bid" { who: Who, slot: Slot, much: Much, limit: Limit },
    /// Bids in several pieces in one block, which must not be cheaper than at once.
    Pieces = "pieces" { who: Who, slot: Slot, much: Much, parts: u8 },

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
    /// Other rules for positions.
    Rules = "rules" { variant: u8 },
    /// Another cover rule.
    Cover = "cover" { coin: Coin, variant: u8 },
    /// Other parameters of the fund.
    Stay = "stay" { variant: u8 },
    /// Another feed.
    Feed = "feed" { coin: Coin, variant: u8 },
    /// Takes coins out of the reserves.
    Reserves = "reserves" { coin: Coin, much: Much },
    /// Takes what the fund was credited out of the vault.
    Salvage = "salvage" { coin: Coin },
    /// Proposes a new owner, takes that back, or proposes and accepts and returns it.
    Owner = "owner" { peer: Peer, variant: u8 },

    // ---------------------------------------------------------------- no good
    /// Sends coins to a contract.
    Donate = "donate" { coin: Coin, peer: Peer, much: Much },
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

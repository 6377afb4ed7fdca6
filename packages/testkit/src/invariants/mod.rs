//! What must always hold, whatever was done before: invariants 1–5 of the design after every step, 6, 7, 10 and 12 from
//! the events of fills and write-offs.
//!
//! | | what holds | where |
//! |---|---|---|
//! | 1 | coins held = collateral + cash + dues + accounts, sums = their parts, but for donations | [`books`] |
//! | 2 | debt shares and supply shares add up; the supply price falls only by a write-off | [`books`] |
//! | 3 | a donation changes nothing | [`donation_changes_nothing`] |
//! | 4 | nobody came out of a risk-increasing action below initial margin | [`steps`] |
//! | 5 | a sale belongs to a position in distress or is asked for by its owner; the first fill of a lot to one below maintenance (or his trigger), or to a lot that follows; of what he asks for nothing is sold after he withdrew it, below his price or of what he keeps | [`books`], [`steps`], [`wishes`] |
//! | 6 | nothing is sold beyond the target | [`steps`] |
//! | 7 | a fill raises maintenance health, but for those of a close-out | [`steps`] |
//! | 10 | the parts of a penalty add up, and keepers get theirs to the unit, half of it who matched orders; none from a fill that leaves negative equity | [`steps`], [`books`] |
//! | 12 | a loss is borne once and fully | [`steps`] |

mod books;
mod donation;
mod steps;
mod wishes;

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::{Decimal, Uint128, Uint256};
use glidepath_interfaces::auction::{Mode, SALES};
use glidepath_interfaces::vault::LEDGERS;
use glidepath_interfaces::AssetId;

use crate::{Outcome, Suite};

use wishes::Wish;

pub use donation::{donation_changes_nothing, DONATION};

/// An invariant is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Its number in the design.
    pub number: u8,
    /// What was expected and what was found.
    pub what: String,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "invariant {} is broken: {}", self.number, self.what)
    }
}

impl std::error::Error for Broken {}

/// Holds, or invariant `number` is broken.
fn holds(number: u8, holds: bool, what: impl FnOnce() -> String) -> Result<(), Broken> {
    if holds {
        return Ok(());
    }
    let what = what();
    Err(Broken { number, what })
}

/// Watches a suite: remembers what it needs of the past to tell whether a step was one that may be.
#[derive(Clone, Debug, Default)]
pub struct Invariants {
    /// Times that [`Invariants::check`] was called.
    pub checks: u64,
    /// Assets and shares (both with the virtual ones) of each market when it was last looked at.
    supply_prices: BTreeMap<AssetId, (Uint256, Uint256)>,
    /// Markets that wrote off a debt since.
    written_off: BTreeSet<AssetId>,
    /// Coins that the vault got beside every message.
    donated: BTreeMap<AssetId, i128>,
    /// Running sales.
    sales: BTreeMap<u64, SaleSeen>,
    /// What owners ask for, since which second.
    wishes: BTreeMap<u64, (Wish, u64)>,
    /// What keepers have earned of each position and were not credited with yet.
    earned: BTreeMap<u64, Uint128>,
}

/// What is remembered of a running sale.
#[derive(Clone, Debug)]
struct SaleSeen {
    target: Decimal,
    follows: bool,
    untouched: bool,
    /// As its owner asked for it, if he did.
    asked: Option<Wish>,
}

impl Invariants {
    /// Starts to watch a suite as it is now; what it holds beyond what it owes counts as donated.
    pub fn new(suite: &Suite) -> Self {
        let mut watch = Invariants::default();
        let storage = suite.app.contract_storage(&suite.peers.liquidation_auction);
        watch.wishes = wishes::standing(suite);
        for row in SALES.after(&*storage, None) {
            let (position, sale) = row.expect("a sale");
            let wish = watch.wishes.get(&position).map(|(wish, _)| wish.clone());
            let seen = SaleSeen {
                target: sale.target,
                follows: sale.lot.as_ref().is_some_and(|lot| lot.follows),
                untouched: sale.lot.as_ref().is_some_and(|lot| lot.is_untouched()),
                asked: wish.filter(|_| sale.mode == Mode::Asked),
            };
            watch.sales.insert(position, seen);
        }
        watch.rewound(suite);
        watch.donated = books::surplus(suite).expect("the vault's books");
        watch.check(suite).unwrap_or_else(|broken| panic!("{broken}"));
        watch
    }

    /// The chain was put back to a moment of its past: what keepers have earned is what it was then.
    pub(crate) fn rewound(&mut self, suite: &Suite) {
        self.earned.clear();
        let storage = suite.app.contract_storage(&suite.peers.vault);
        for row in LEDGERS.after(&*storage, None) {
            let (position, ledger) = row.expect("a ledger");
            let earned = ledger.sale.map(|sale| (position, sale.keepers));
            self.earned.extend(earned);
        }
    }

    /// Coins were sent to the vault beside every message.
    pub fn donated(&mut self, asset: &AssetId, amount: u128) {
        let amount = i128::try_from(amount).expect("a donation that a person can afford");
        *self.donated.entry(asset.clone()).or_default() += amount;
    }

    /// Looks at what a message did: invariants 4, 5 (first fills), 6, 7, 10, 12. Call it for every message, in order.
    pub fn observe(&mut self, suite: &Suite, outcome: &Outcome) -> Result<(), Broken> {
        steps::observe(self, suite, outcome)
    }

    /// Looks at the whole as it is now: invariants 1, 2, 5.
    pub fn check(&mut self, suite: &Suite) -> Result<(), Broken> {
        self.checks += 1;
        books::check(self, suite)
    }
}

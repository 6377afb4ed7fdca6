//! The boundary between the simulation and a set of rules.
//!
//! The simulation owns the market, the oracle's schedule, the owners and the keepers. A set of rules owns
//! the positions: it is told of prices and of who does what, and answers with events. Figures, timeline
//! and report are made from the events alone, so they don't know which rules ran.

mod event;
mod hard;
mod soft;
mod watch;

use serde::Serialize;

use crate::amounts::{Amounts, AssetNumber};
use crate::clock::{stamp, Time};
use crate::population::PositionId;
use crate::scene::Scene;

pub use event::{Buyer, End, Event, Fill, Stage};
pub use hard::Hard;
pub use soft::Soft;
pub use watch::{Breach, Watch};

/// The sets of rules that can be run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum RulesKind {
    /// Gradual liquidation, by the contracts of the suite on an embedded chain.
    #[default]
    Soft,
    /// A plain hard liquidation, modelled here: a fixed bonus, a close factor, at once.
    Hard,
}

impl RulesKind {
    /// All of them, in the order in which they are compared.
    pub const ALL: [RulesKind; 2] = [RulesKind::Soft, RulesKind::Hard];
}

impl std::fmt::Display for RulesKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            RulesKind::Soft => "soft",
            RulesKind::Hard => "hard",
        })
    }
}

/// Sets up the rules of `kind` with the positions of `scene`, at its first price and time.
///
/// # Errors
/// Where the rules refuse what the configuration says.
pub fn open(kind: RulesKind, scene: &Scene) -> Result<Box<dyn Rules>, SetupError> {
    Ok(match kind {
        RulesKind::Soft => Box::new(Soft::open(scene)?),
        RulesKind::Hard => Box::new(Hard::open(scene)),
    })
}

/// Rules by which positions are liquidated.
///
/// The simulation calls, in every block in which anybody can act and in this order: [`Rules::prices`] if
/// any arrives, [`Rules::cure`] for every owner whose time has come, and, if keepers act,
/// [`Rules::advance`] if something is due, [`Rules::offers`] and [`Rules::bid`] for every keeper, and
/// [`Rules::advance`] again. Between two calls nothing changes but the time.
pub trait Rules {
    /// Prices of collaterals reach the chain, USD per whole token: at least one, none of them twice.
    fn prices(&mut self, now: Time, new: &[(AssetNumber, f64)]) -> Result<(), RulesError>;

    /// The earliest time at which [`Rules::advance`] would do something if no price, bid or owner came
    /// before; a time that has passed where something is due already. May be too early (an `advance`
    /// that finds nothing due is no error), never too late.
    fn next_due(&self) -> Option<Time>;

    /// Keepers send `advance` for every position for which it is due.
    fn advance(&mut self, now: Time) -> Result<(), RulesError>;

    /// Appends every lot that can be bid for now. Called for every keeper in every block: no message, no
    /// query, only the price at a time and the size as known.
    fn offers(&self, now: Time, into: &mut Vec<Offer>);

    /// A keeper bids. What was bought, or none if the bid was refused (the price has moved, the lot is
    /// gone, too little is left); an error only if the machinery failed.
    fn bid(&mut self, now: Time, bid: Bid) -> Result<Option<Bought>, RulesError>;

    /// What a keeper would be paid, in USD, for having the dearest standing orders that a position's lot has reached buy
    /// from it now; none where there are none. Like [`Rules::offers`], no message and no query.
    fn match_pays(&self, _now: Time, _position: PositionId) -> Option<f64> {
        None
    }

    /// A keeper has them buy. Whether they did.
    fn match_orders(
        &mut self,
        _now: Time,
        _keeper: usize,
        _position: PositionId,
    ) -> Result<bool, RulesError> {
        Ok(false)
    }

    /// A keeper without capital bids: he has the collateral first, and pays from what it brings him at `sells_at` USD a
    /// token in the same message. What was bought, or none if it was refused, or the rules know no such bids.
    fn flash(&mut self, _now: Time, _bid: Bid, _sells_at: f64) -> Result<Option<Bought>, RulesError> {
        Ok(None)
    }

    /// An owner repays what brings his position to the target, if it is in distress still.
    fn cure(&mut self, now: Time, position: PositionId) -> Result<(), RulesError>;

    /// Checks the invariants of the whole and counts them; an error if one is broken.
    fn audit(&mut self, now: Time) -> Result<(), RulesError>;

    /// Moves the events since the last call to the end of `into`, in the order in which they happened.
    fn drain(&mut self, into: &mut Vec<Event>);

    /// All positions as they are now, in the order of their ids.
    fn accounts(&mut self, now: Time) -> Result<Vec<Account>, RulesError>;

    /// What was sent and checked so far.
    fn counts(&self) -> Counts;

    /// The queue of a collateral's lots, where the rules have one.
    fn queue(&self, _now: Time, _asset: AssetNumber) -> Option<QueueState> {
        None
    }
}

/// A queue of lots at a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct QueueState {
    /// USD that were put on sale and are not taken up.
    pub backlog: f64,
    /// Most USD that may be in it.
    pub burst: f64,
    /// Positions whose next lot waits for it.
    pub waiting: usize,
}

/// A lot that can be bid for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offer {
    /// Whose collateral.
    pub position: PositionId,
    /// Which.
    pub asset: AssetNumber,
    /// USD per whole token that a buyer pays now, penalty included.
    pub price: f64,
    /// Whole tokens that can be bought now. A bid may get less, never more.
    pub tokens: f64,
}

/// A keeper's bid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bid {
    /// Number of the keeper, from 0.
    pub keeper: usize,
    /// Whose collateral.
    pub position: PositionId,
    /// Whole tokens wanted; the funds are `tokens × max_price`.
    pub tokens: f64,
    /// Most that is paid, USD per whole token: the price of the offer.
    pub max_price: f64,
}

/// What a bid got.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bought {
    /// Whole tokens received.
    pub tokens: f64,
    /// USD paid after refunds.
    pub paid: f64,
}

/// A position's holdings.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Account {
    /// Whole tokens.
    pub collateral: Amounts,
    /// USD, interest and surcharge included.
    pub debt: f64,
    /// Surcharge in USD so far, whether paid or still owed; deleted surcharge is not in it.
    pub surcharge: f64,
}

/// What was sent and checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages that were sent to the rules.
    pub messages: u64,
    /// Invariants that were checked.
    pub invariant_checks: u64,
    /// What silent sources of prices did.
    pub silence: Silence,
}

/// Outages of the sources of prices, as the rules saw them: those that ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Silence {
    /// Seconds of all of them.
    pub seconds: u64,
    /// Margin calls whose grace ran when one began.
    pub graces: usize,
    /// Lots that were on offer when one began.
    pub lots: usize,
}

/// The contracts refuse a configuration.
#[derive(Debug, thiserror::Error)]
#[error("the contracts refuse {0}")]
pub struct SetupError(
    /// What, and what they say.
    pub String,
);

/// The machinery failed, or an invariant is broken: the run is worth nothing.
#[derive(Debug, thiserror::Error)]
#[error("{} UTC, {action}: {cause}", stamp(*.time))]
pub struct RulesError {
    /// When.
    pub time: Time,
    /// What was being done.
    pub action: String,
    /// What was answered.
    pub cause: String,
}

//! What happens to positions, as the rules tell it. Amounts in USD and whole tokens, prices in USD per whole
//! token, multipliers and discounts as parts of the oracle price, healths are maintenance healths.

use crate::amounts::AssetNumber;
use crate::clock::Time;
use crate::population::PositionId;

/// One thing that happened to one position.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The position is below maintenance and this was recorded.
    Called {
        /// The position.
        position: PositionId,
        /// Its health.
        health: f64,
        /// When the oracle's price first put it below.
        breached_at: Time,
        /// End of grace as judged now.
        grace_until: Time,
    },
    /// Its owner asked for it, and his sale begins.
    Asked {
        /// The position.
        position: PositionId,
        /// Its health.
        health: f64,
    },
    /// Grace is over, its sale begins.
    Opened {
        /// The position.
        position: PositionId,
        /// Its health.
        health: f64,
        /// When grace ended: now, or earlier if nobody came.
        grace_ended: Time,
    },
    /// A lot is scheduled.
    LotStarted {
        /// The position.
        position: PositionId,
        /// Number of the lot within the position, from 1.
        lot: u32,
        /// Collateral on sale.
        asset: AssetNumber,
        /// Under which terms.
        stage: Stage,
        /// From when it can be bid for.
        start_at: Time,
        /// Until when, if it ends by itself.
        over_at: Option<Time>,
        /// What it offers, at the oracle's price.
        value: f64,
        /// Multiplier at its start.
        from: f64,
        /// Multiplier at its end.
        to: f64,
    },
    /// Collateral was sold.
    Fill(Fill),
    /// A lot was over with some of it unsold and another one took its place.
    Restarted {
        /// The position.
        position: PositionId,
        /// The lot that was over.
        lot: u32,
    },
    /// Its next lot has to wait: so much of the collateral is on sale already.
    Queued {
        /// The position.
        position: PositionId,
        /// When the lot may start if no other does before.
        until: Time,
    },
    /// From here the terms of close-out hold.
    Escalated {
        /// The position.
        position: PositionId,
        /// Its health.
        health: f64,
    },
    /// A lot was over unsold, between maintenance and target: the sale rests.
    Slept {
        /// The position.
        position: PositionId,
        /// Its health.
        health: f64,
    },
    /// The owner repaid to the target.
    Cured {
        /// The position.
        position: PositionId,
        /// USD that he paid.
        cash: f64,
        /// Health after it; none without debt.
        health: Option<f64>,
    },
    /// Nothing was left to sell: the debt became a loss.
    WrittenOff {
        /// The position.
        position: PositionId,
        /// The debt, surcharge left out.
        debt: f64,
        /// Part of it that the insurance fund paid.
        insurance: f64,
        /// Part of it that lowered the supply price.
        index_loss: f64,
    },
    /// The distress is over.
    Ended {
        /// The position.
        position: PositionId,
        /// Why.
        why: End,
        /// Health now; none without debt.
        health: Option<f64>,
    },
}

/// Collateral that was sold.
#[derive(Debug, Clone, PartialEq)]
pub struct Fill {
    /// The position.
    pub position: PositionId,
    /// Number of the lot.
    pub lot: u32,
    /// Collateral sold.
    pub asset: AssetNumber,
    /// Under which terms.
    pub stage: Stage,
    /// Whole tokens sold.
    pub sold: f64,
    /// USD paid: what was repaid and the penalty.
    pub paid: f64,
    /// USD of debt repaid.
    pub repaid: f64,
    /// USD of penalty.
    pub penalty: f64,
    /// USD per whole token.
    pub price: f64,
    /// Below the oracle's price, as a part of it; negative above.
    pub discount: f64,
    /// Health before.
    pub health_before: f64,
    /// Health after; none without debt.
    pub health_after: Option<f64>,
    /// Whether nothing of the lot is left.
    pub cleared: bool,
    /// Whether the price was the lowest that the rules allow here.
    pub at_floor: bool,
    /// Who bought.
    pub buyer: Buyer,
}

/// Who buys from a lot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Buyer {
    /// A keeper with capital, who pays and sells later.
    #[default]
    Keeper,
    /// One without, who sells in the callback of his bid.
    Callback,
    /// Standing orders, who pay the price of their slot and keep what they buy.
    Orders {
        /// The slot, from 0.
        slot: u8,
    },
}

/// The terms of a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Gradual, to the target.
    Soft,
    /// Faster and steeper.
    CloseOut,
    /// As a soft one, before it must be: its owner asked for it.
    Asked,
    /// At once and at a fixed price.
    AtOnce,
}

/// Why a distress ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// Sales brought it back to the health that the rules aim at.
    Restored,
    /// The price came back before anything was sold, or the sale slept until it was forgotten.
    Lapsed,
    /// The owner repaid.
    Cured,
    /// No debt is left, or neither debt nor collateral.
    Closed,
    /// Debt was left and nothing to sell.
    WrittenOff,
}

impl Event {
    /// The position that it happened to.
    pub fn position(&self) -> PositionId {
        match self {
            Event::Called { position, .. }
            | Event::Asked { position, .. }
            | Event::Opened { position, .. }
            | Event::LotStarted { position, .. }
            | Event::Restarted { position, .. }
            | Event::Queued { position, .. }
            | Event::Escalated { position, .. }
            | Event::Slept { position, .. }
            | Event::Cured { position, .. }
            | Event::WrittenOff { position, .. }
            | Event::Ended { position, .. } => *position,
            Event::Fill(fill) => fill.position,
        }
    }
}

impl Event {
    /// The collateral that it is about: where it is about none, the first.
    pub fn asset(&self) -> AssetNumber {
        match self {
            Event::LotStarted { asset, .. } => *asset,
            Event::Fill(fill) => fill.asset,
            _ => 0,
        }
    }
}

impl End {
    /// As a person would say it.
    pub fn text(self) -> &'static str {
        match self {
            End::Restored => "restored by sales",
            End::Lapsed => "lapsed, the price came back",
            End::Cured => "cured by its owner",
            End::Closed => "closed, no debt is left",
            End::WrittenOff => "written off",
        }
    }
}

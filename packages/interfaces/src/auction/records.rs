//! What it publishes: its terms, its sales and their lots.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Decimal, Decimal256, Uint128};
use glidepath_risk::curve::{Curve, CurveTerms, Learning};
use glidepath_risk::math::mul_div_256;
use glidepath_risk::pause::{Life, Pauses};
use glidepath_risk::queue::QueueTerms;
use glidepath_risk::{RiskResult, Rounding, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Line;
use crate::record::{RecordItem, RecordMap};
use crate::AssetId;

/// Terms of sales that open from now on.
pub const TERMS: RecordItem<SaleTerms> = RecordItem::new("terms");
/// Terms of running sales by position: copied at opening, never changed, stored apart from what changes.
pub const SALE_TERMS: RecordMap<u64, RunningTerms> = RecordMap::new("sale_terms");
/// Running sales by position.
pub const SALES: RecordMap<u64, Sale> = RecordMap::new("sale");

crate::record!(SaleTerms, "sale terms", 3);
crate::record!(RunningTerms, "running terms", 3);
crate::record!(Sale, "sale", 3);

/// How urgent a sale is.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Mode {
    /// Small lots, gentle curve, low penalty, soft floor.
    Soft,
    /// Larger lots, steeper curve, higher penalty.
    CloseOut,
    /// Asked for by the position's owner: as a soft one, at the lowest penalty.
    Asked,
}

impl Mode {
    /// Must its fills raise the position's health? Those of a close-out alone need not.
    pub fn is_soft(self) -> bool {
        self != Mode::CloseOut
    }

    /// Whose queue its lots wait in.
    pub fn line(self) -> Line {
        match self {
            Mode::Soft | Mode::CloseOut => Line::Distress,
            Mode::Asked => Line::Asked,
        }
    }
}

impl std::fmt::Display for Mode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Mode::Soft => "soft",
            Mode::CloseOut => "close_out",
            Mode::Asked => "asked",
        })
    }
}

/// Terms of one mode.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct ModeTerms {
    /// How the price descends.
    pub curve: CurveTerms,
    /// Penalty on repaid debt.
    pub penalty: Decimal,
    /// Part of the market's price that a lot may move: a lot is `depth_1% · tolerance / 1 %`.
    pub tolerance: Decimal,
    /// Smallest lot.
    pub lot_min: Value,
    /// Largest lot.
    pub lot_max: Value,
    /// Seconds from scheduling a lot to its start; the first lot of a sale does not wait for it.
    pub spacing: u64,
}

/// Terms of a sale.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct SaleTerms {
    /// While soft.
    pub soft: ModeTerms,
    /// In close-out.
    pub close_out: ModeTerms,
    /// Where the owner of the position asked for it.
    pub asked: ModeTerms,
    /// Where a lot starts after a fill.
    pub learning: Learning,
}

impl ModeTerms {
    /// USD of a full lot in a market of this depth: `clamp(depth · tolerance / 1 %, lot_min, lot_max)`, rounded down. With a
    /// depth of $1,000,000 and a tolerance of .5 %, $500,000.
    pub fn lot_size(&self, depth: Value) -> RiskResult<Value> {
        let percents = self.tolerance.checked_mul(Decimal::from_ratio(100u128, 1u128))?;
        let size = depth.times(percents, Rounding::Down)?;
        Ok(size.max(self.lot_min).min(self.lot_max))
    }
}

impl SaleTerms {
    /// Terms of a mode.
    pub fn of(&self, mode: Mode) -> &ModeTerms {
        match mode {
            Mode::Soft => &self.soft,
            Mode::CloseOut => &self.close_out,
            Mode::Asked => &self.asked,
        }
    }

    /// USD of the largest lot of all modes in a market of this depth.
    pub fn largest_lot(&self, depth: Value) -> RiskResult<Value> {
        let forced = self.soft.lot_size(depth)?.max(self.close_out.lot_size(depth)?);
        Ok(forced.max(self.asked.lot_size(depth)?))
    }

    /// The same terms with the discount of a sale that is asked for bounded by what its owner wants to give. It goes no deeper
    /// than a soft one, whose lots go on from the price reached where it is forced, and its penalty is no higher: who acts in
    /// time must not pay more than who waits.
    pub fn asked_down_to(self, max_discount: Decimal) -> RiskResult<Self> {
        let deepest = max_discount.min(self.soft.curve.floor());
        let asked = ModeTerms {
            curve: self.asked.curve.down_to(deepest)?,
            penalty: self.asked.penalty.min(self.soft.penalty),
            ..self.asked
        };
        Ok(SaleTerms { asked, ..self })
    }
}

/// What never changes about a running sale.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct RunningTerms {
    /// Copied at opening.
    pub terms: SaleTerms,
    /// When the breach was first seen, in unix seconds.
    pub breach_seen_at: u64,
    /// When the sale was opened.
    pub opened_at: u64,
}

/// What changes about a running sale.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct Sale {
    /// How urgent.
    pub mode: Mode,
    /// Health to reach under target weights.
    pub target: Decimal,
    /// Penalty in force: the mode's, none from the third pass of a close-out on.
    pub penalty: Decimal,
    /// Part of the way to the frontier that its soft fills may go in their discount: the position manager's `eta` when it
    /// opened.
    pub eta: Decimal,
    /// Collateral on sale.
    pub collateral: AssetId,
    /// Debt that it repays.
    pub debt: AssetId,
    /// Pass of a close-out: 0 not below LTV, 1 down to the floor, from 2 on without a penalty.
    pub pass: u8,
    /// Lots in a row of which nothing was sold.
    pub unsold: u8,
    /// The lot on sale or scheduled; none between lots and asleep.
    pub lot: Option<Lot>,
    /// Price reached by the last fill.
    pub last: Option<Reached>,
    /// First fill, in unix seconds.
    pub first_fill_at: Option<u64>,
    /// Since when it sleeps.
    pub asleep_since: Option<u64>,
}

/// One lot.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct Lot {
    /// Collateral base units at its start. A last lot has room for lower prices, at which more must be sold to reach
    /// the target: what may be bought at a price is what the position manager says, at most `left`.
    pub amount: Uint128,
    /// Collateral base units left; none of a lot that is done.
    pub left: Uint128,
    /// First second of its life.
    pub start_at: u64,
    /// Last second of its life, if neither an outage nor a stop falls into it; a lot does not rest at the floor of its
    /// terms.
    pub ends_at: u64,
    /// Multiplier over time. Once the soft floor held up the price of a fill, it falls no lower than that price: later
    /// pieces of the same lot cost no less.
    pub curve: Curve,
    /// Follows a cleared lot of the same sale within a lot's life: its first fill asks no more than health below
    /// the target.
    pub follows: bool,
    /// What it still takes up of its collateral's queue; one that starts over on the same collateral keeps it.
    pub draw: Option<Draw>,
    /// First seconds of its life in which only listed bidders may buy.
    pub reserved: u64,
}

/// What a lot has drawn from a queue and not sold yet.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct Draw {
    /// USD.
    pub value: Value,
    /// Base units that it was drawn for.
    pub amount: Uint128,
}

impl Draw {
    /// What is left of it when `sold` base units of its lot are: none where that is all that it was drawn for. Rounded
    /// down, so that no more is given back than was drawn.
    pub fn less(&self, sold: Uint128) -> RiskResult<Option<Draw>> {
        let amount = self.amount.saturating_sub(sold);
        if amount.is_zero() {
            return Ok(None);
        }
        let value = mul_div_256(
            self.value.0.atomics(),
            amount.into(),
            self.amount.into(),
            Rounding::Down,
        )?;
        Ok(Some(Draw {
            value: Value(Decimal256::new(value)),
            amount,
        }))
    }
}

impl Lot {
    /// May it be bought at `now`, if its fills are not stopped? `pauses` are those of the two assets on sale.
    pub fn is_alive(&self, pauses: &[Pauses; 2], now: u64) -> bool {
        !self.left.is_zero() && self.life().is_alive(pauses, now)
    }

    /// Is it sold, or its life over?
    pub fn is_over(&self, pauses: &[Pauses; 2], now: u64) -> bool {
        self.left.is_zero() || self.life().is_over(pauses, now)
    }

    /// Its life as it was fixed at its start.
    pub fn life(&self) -> Life {
        Life {
            start_at: self.start_at,
            ends_at: self.ends_at,
        }
    }

    /// Multiplier of its curve at `at`, with what stood still of its pair; the start's before its start.
    pub fn multiplier(&self, pauses: &[Pauses; 2], at: u64) -> RiskResult<Decimal> {
        self.curve
            .multiplier(self.life().elapsed(pauses, at).unwrap_or_default())
    }

    /// Until when only listed bidders may buy, at `now` in its life; none from then on. What stood still of it does not count.
    pub fn reserved_until(&self, pauses: &[Pauses; 2], now: u64) -> Option<u64> {
        let elapsed = self.life().elapsed(pauses, now).unwrap_or_default();
        let left = self.reserved.checked_sub(elapsed).filter(|left| *left > 0)?;
        Some(now.saturating_add(left))
    }

    /// Has nothing of it been sold?
    pub fn is_untouched(&self) -> bool {
        self.left == self.amount
    }

    /// Is more than half of it left? A pair that finds so few buyers makes way for the one behind it.
    pub fn is_mostly_left(&self) -> bool {
        self.left > self.amount.saturating_sub(self.left)
    }
}

impl Sale {
    /// Must the reason of the sale stand for the next fill: the position below maintenance, or below its owner's trigger? For the first one of a lot, unless the lot follows a cleared
    /// one; and for the first one after a lot stood still, unless something was sold at most a lot's life before it went on.
    pub fn needs_breach(&self, lot: &Lot, pauses: &[Pauses; 2], now: u64) -> bool {
        let life = lot.life();
        let resumed_at = life.resumed_at(pauses, now);
        let length = lot.ends_at.saturating_sub(lot.start_at);
        let is_stale = |fill: &Reached| resumed_at.saturating_sub(fill.at) > length;
        let has_stood = resumed_at > lot.start_at;
        let first = lot.is_untouched() && !lot.follows;
        first || (has_stood && self.last.as_ref().is_none_or(is_stale))
    }
}

/// A multiplier and when it was reached.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
pub struct Reached {
    /// Price as a multiple of the oracle's.
    pub multiplier: Decimal,
    /// Unix seconds.
    pub at: u64,
}

/// What the position manager offers for sale; the auction makes a lot of it.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// Collateral to sell.
    pub collateral: AssetId,
    /// Debt that it repays.
    pub debt: AssetId,
    /// What may be sold now at the oracle price.
    pub value: Value,
    /// The same in collateral base units.
    pub amount: Uint128,
    /// USD that moves the collateral's market by 1 %.
    pub depth: Value,
    /// How calm the collateral's market is: `min(1, σ_ref/σ)`.
    pub calm: Decimal,
    /// The collateral's queue, if it has one.
    pub queue: Option<QueueTerms>,
    /// A lot that would leave less than this (in collateral base units) is cleared.
    pub min_left: Uint128,
}

/// Why a lot starts.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(Copy, Eq)]
pub enum LotCause {
    /// The one before was cleared, or its pair is done.
    Next,
    /// The one before expired.
    Restart,
    /// The sale became a close-out.
    Escalate,
    /// The position fell below maintenance while its owner's sale ran: it is a forced one from now on.
    Force,
    /// The sale slept.
    Wake,
    /// Prices fell far: the running lot starts again, from the price reached. Or it is over while a source is silent: it
    /// starts again, and was no pass.
    Refresh,
}

impl LotCause {
    /// The mode of a lot that starts for this in a sale of `mode`.
    pub fn mode(self, mode: Mode) -> Mode {
        match self {
            LotCause::Force => Mode::Soft,
            LotCause::Escalate => Mode::CloseOut,
            LotCause::Next | LotCause::Restart | LotCause::Wake | LotCause::Refresh => mode,
        }
    }
}

impl std::fmt::Display for LotCause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            LotCause::Next => "next",
            LotCause::Restart => "restart",
            LotCause::Escalate => "escalate",
            LotCause::Force => "force",
            LotCause::Wake => "wake",
            LotCause::Refresh => "refresh",
        })
    }
}

/// Why a sale ends.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(Copy, Eq)]
pub enum EndReason {
    /// Target health is reached, or nothing is owed.
    TargetMet,
    /// Back above maintenance before anything was sold.
    Cured,
    /// Debt is left and nothing to sell.
    WrittenOff,
    /// Asleep for too long.
    SleptAway,
    /// The owner of the contracts ended it; what it was for is judged anew.
    Governance,
    /// The owner of the position does not ask for it any more.
    Withdrawn,
    /// Somebody took the position over, with what its initial margin needs.
    TakenOver,
}

impl std::fmt::Display for EndReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            EndReason::TargetMet => "target_met",
            EndReason::Cured => "cured",
            EndReason::WrittenOff => "written_off",
            EndReason::SleptAway => "slept_away",
            EndReason::Governance => "governance",
            EndReason::Withdrawn => "withdrawn",
            EndReason::TakenOver => "taken_over",
        })
    }
}

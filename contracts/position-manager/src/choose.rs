//! What is sold for which debt. Pure.
//!
//! Debts: a tradable price, then not below its smallest size (so that a unit of a debt can't hold up the rest), then
//! the highest maintenance factor, then the largest value. Collaterals: while soft only those that are soft-sellable,
//! first those worth a lot; then those that can reach the target alone; then the owner's order; then the lowest maintenance
//! weight; then the order of the first deposit. In close-out only untradable ones are skipped, and those not worth a lot come last: dust of a low
//! weight would hold up the rest and use up the first pass. What is worth less than the least that may remain is not for
//! sale beside what is worth more.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use cosmwasm_std::{Decimal, Decimal256};
use glidepath_interfaces::auction::{Mode, Offer, SaleTerms};
use glidepath_interfaces::AssetId;
use glidepath_risk::health::Tier;
use glidepath_risk::sizing::{effective_penalty, ltv, need, Book, Need, NoFill, Protection, Subject, Terms};
use glidepath_risk::tempo::calm;
use glidepath_risk::{RiskError, RiskResult, Rounding, Value};

use crate::view::{subject, Held, Owed, View};

/// Under which rules a position is sold.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// Terms of its sale.
    pub terms: &'a SaleTerms,
    /// Part of the way to the frontier that a soft discount may go.
    pub eta: Decimal,
    /// Health to reach under target weights.
    pub target: Decimal,
    /// In which order the owner wants his collaterals sold.
    pub sell_order: &'a [AssetId],
}

/// A pair to sell.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What the auction makes a lot of.
    pub offer: Offer,
    /// Lowest price that may be settled, in debt base units per whole collateral token.
    pub min_price: Decimal256,
    /// Can nobody buy of it before one of its sources speaks again?
    pub silent: bool,
}

impl Rules<'_> {
    /// How a pair is sized in a mode. A close-out's first pass protects nothing at the oracle price that its curve
    /// does not.
    pub fn sizing(&self, mode: Mode, held: &Held, owed: &Owed) -> Terms {
        let protection = match mode {
            Mode::Soft | Mode::Asked => Protection::Soft {
                floor: self.terms.of(mode).curve.floor(),
                eta: self.eta,
            },
            Mode::CloseOut => Protection::Curve,
        };
        sizing(held, owed, self.target, self.terms.of(mode).penalty, protection)
    }

    /// The discount at which buyers are expected, no deeper than the mode's curve goes.
    pub fn clearing(&self, mode: Mode, held: &Held) -> Decimal {
        let floor = self.terms.of(mode).curve.floor();
        held.params.clearing_discount.min(floor)
    }

    /// Where the owner wants it sold; what he does not name comes behind what he does.
    fn place(&self, held: &Held) -> usize {
        let named = self.sell_order.iter().position(|asset| *asset == held.asset);
        named.unwrap_or(usize::MAX)
    }
}

/// The terms under which the size of a fill of this pair is solved.
pub fn sizing(held: &Held, owed: &Owed, h: Decimal, penalty: Decimal, protection: Protection) -> Terms {
    Terms {
        h,
        penalty,
        protection,
        min_fill: held.params.min_fill,
        min_collateral: held.params.min_collateral,
        min_debt: owed.params.min_debt,
    }
}

/// A collateral and the debt that it repays.
pub type Pair<'a> = (&'a AssetId, &'a AssetId);

/// Whose turn it is.
#[derive(Clone, Copy, Debug)]
pub enum Turn<'a> {
    /// The first in order.
    First,
    /// This one, if it can be sold still.
    Stays(Pair<'a>),
    /// The one behind this one, of which less than half was sold; behind the last comes the first again. Two that nobody
    /// buys must not shield a third, nor one of which its owner buys a dollar in each lot.
    Behind(Pair<'a>),
}

/// The pairs that may be sold next: the one whose turn it is, and behind each whose collateral has a queue the next one. What
/// has a queue may have to wait, and must not keep waiting what need not. One that nobody can buy before a source speaks again
/// has no turn while another can be bought.
pub fn choose(view: &View, rules: &Rules, mode: Mode, turn: Turn) -> RiskResult<Vec<Choice>> {
    let book = view.book()?;
    let (mut ranked, mut is_behind) = (vec![], false);
    for owed in debts(view) {
        for held in collaterals(view, &book, rules, mode, owed)? {
            let pair = (&held.asset, &owed.asset);
            if let Some(choice) = choice(&book, rules, mode, held, owed)? {
                let has_turn = match turn {
                    Turn::First => true,
                    Turn::Stays(stays) => pair == stays,
                    Turn::Behind(_) => is_behind,
                };
                let rank = (choice.silent, !has_turn);
                let is_last = rank == (false, false) && choice.offer.queue.is_none();
                ranked.push((rank, choice));
                if is_last {
                    return Ok(in_turn(ranked));
                }
            }
            is_behind |= matches!(turn, Turn::Behind(passed) if pair == passed);
        }
    }
    Ok(in_turn(ranked))
}

/// Choices by rank, as far as each may have to wait for a queue; what nobody can buy now is none to what somebody can.
fn in_turn(mut ranked: Vec<((bool, bool), Choice)>) -> Vec<Choice> {
    ranked.sort_by_key(|(rank, _)| *rank);
    let (mut choices, mut waits) = (Vec::<Choice>::new(), true);
    for (_, choice) in ranked {
        if !waits || choices.first().is_some_and(|first| first.silent != choice.silent) {
            break;
        }
        waits = choice.offer.queue.is_some();
        choices.push(choice);
    }
    choices
}

/// Debts that can be repaid, in order.
fn debts(view: &View) -> Vec<&Owed> {
    let mut debts: Vec<&Owed> = view.owed.iter().filter(|owed| owed.quote.tradable).collect();
    debts.sort_by_key(|owed| {
        let whole = owed.value >= owed.params.min_debt;
        Reverse((whole, owed.params.factors.maintenance, owed.value))
    });
    debts
}

/// Collaterals that can be sold for a debt, in order.
fn collaterals<'v>(
    view: &'v View,
    book: &Book,
    rules: &Rules,
    mode: Mode,
    owed: &Owed,
) -> RiskResult<Vec<&'v Held>> {
    let mut ranked = vec![];
    for held in view.held.iter().filter(|held| is_for_sale(view, held, owed)) {
        let alone = match mode {
            Mode::CloseOut => true,
            Mode::Soft | Mode::Asked => {
                let subject = subject(book, held, owed);
                let sizing = rules.sizing(mode, held, owed);
                let clearing = rules.clearing(mode, held);
                if !is_soft_sellable(&subject, &sizing, clearing)? {
                    continue;
                }
                reaches_alone(&subject, &sizing, clearing, held)?
            }
        };
        let is_small = held.value < rules.terms.of(mode).lot_min;
        let weight = held.params.weights.maintenance;
        ranked.push(((is_small, !alone, rules.place(held), weight), held));
    }
    // Stable: equals stay in the order of the first deposit.
    ranked.sort_by_key(|(rank, _)| *rank);
    Ok(ranked.into_iter().map(|(_, held)| held).collect())
}

/// Is the deepest soft discount at the live health at least the one at which buyers come?
pub fn is_soft_sellable(subject: &Subject, sizing: &Terms, clearing: Decimal) -> RiskResult<bool> {
    let lowest = subject.protected(Decimal::zero(), sizing)?;
    Ok(lowest.is_some_and(|lowest| Decimal::one().saturating_sub(lowest) >= clearing))
}

/// Debt value repaid per unit of collateral value sold at the discount at which buyers come.
fn clearing_yield(subject: &Subject, sizing: &Terms, clearing: Decimal) -> RiskResult<Decimal> {
    let multiplier = Decimal::one().saturating_sub(clearing);
    let penalty = effective_penalty(sizing.penalty, multiplier, ltv(&subject.book.plain)?)?;
    Ok(multiplier.checked_div(Decimal::one().checked_add(penalty)?)?)
}

/// Could this collateral reach the target alone, were the debt large enough?
fn reaches_alone(subject: &Subject, sizing: &Terms, clearing: Decimal, held: &Held) -> RiskResult<bool> {
    let k = clearing_yield(subject, sizing, clearing)?;
    let (weight, factor) = (subject.collateral.target, subject.debt.target);
    Ok(match need(&subject.book.target, sizing.h, k, weight, factor)? {
        Need::Nothing => true,
        Need::Sell(value) => value <= held.value,
        Need::All => false,
    })
}

fn choice(book: &Book, rules: &Rules, mode: Mode, held: &Held, owed: &Owed) -> RiskResult<Option<Choice>> {
    let subject = subject(book, held, owed);
    let Some(offer) = offer(&subject, &rules.sizing(mode, held, owed), held, owed)? else {
        return Ok(None);
    };
    Ok(Some(Choice {
        offer,
        min_price: min_price(&subject, rules.terms)?,
        silent: held.quote.silent || owed.quote.silent,
    }))
}

/// Half of the deepest close-out price: the vault settles nothing below it, whatever an auction says.
pub fn min_price(subject: &Subject, terms: &SaleTerms) -> RiskResult<Decimal256> {
    let lowest = Decimal::one().saturating_sub(terms.close_out.curve.floor());
    subject.price(lowest.checked_mul(Decimal::percent(50))?)
}

/// What may be sold of a pair at the oracle price; none if nothing may.
pub fn offer(subject: &Subject, sizing: &Terms, held: &Held, owed: &Owed) -> RiskResult<Option<Offer>> {
    let amount = match subject.allowed(Decimal::one(), sizing)? {
        Ok(allowed) if !allowed.sold.is_zero() => allowed.sold,
        _ => return Ok(None),
    };
    let quote = &held.quote;
    Ok(Some(Offer {
        collateral: held.asset.clone(),
        debt: owed.asset.clone(),
        value: held.price.value_of(amount, quote.decimals, Rounding::Down)?,
        amount,
        depth: quote.depth,
        calm: calm(quote.volatility_reference, quote.record.volatility)?,
        queue: held.params.queue,
        min_left: held
            .price
            .amount_for(held.params.min_fill, quote.decimals, Rounding::Up)?,
    }))
}

/// Is the target reached, or so nearly that nothing may be sold for it any more? What would be sold of a pair at the
/// oracle price says so.
pub fn is_met(view: &View, target: Decimal, penalty: Decimal) -> RiskResult<bool> {
    let book = view.book()?;
    if book.target.reaches(target)? {
        return Ok(true);
    }
    for owed in debts(view) {
        for held in view.held.iter().filter(|held| is_for_sale(view, held, owed)) {
            let sizing = sizing(held, owed, target, penalty, Protection::Curve);
            let allowed = subject(&book, held, owed).allowed(Decimal::one(), &sizing)?;
            if matches!(allowed, Err(NoFill::TargetMet)) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Can it be sold for this debt at all? The same asset is offset instead.
fn is_for_sale(view: &View, held: &Held, owed: &Owed) -> bool {
    held.quote.tradable && !held.spare.is_zero() && view.is_worth_selling(held) && held.asset != owed.asset
}

/// Are the soft-sellable collaterals together, sold at the discounts at which their buyers come, unable to reach the
/// target? Without a debt that can be repaid nobody can tell, and it is not said.
pub fn is_out_of_reach(view: &View, rules: &Rules) -> RiskResult<bool> {
    let debts = debts(view);
    let Some(first) = debts.first() else {
        return Ok(false);
    };
    let book = view.book()?;
    let (mut repaid, mut sold, mut kept) = (Value::ZERO, Value::ZERO, Value::ZERO);
    for held in &view.held {
        let weighted = held
            .value
            .times(held.params.weights.of(Tier::Target), Rounding::Down)?;
        let subject = subject(&book, held, first);
        let sizing = rules.sizing(Mode::Soft, held, first);
        let clearing = rules.clearing(Mode::Soft, held);
        // A price that is out or stopped for an hour puts nothing out of reach; what is too little to be sold is.
        if view.is_worth_selling(held) && is_soft_sellable(&subject, &sizing, clearing)? {
            let k = clearing_yield(&subject, &sizing, clearing)?;
            repaid = repaid.plus(held.value.times(k, Rounding::Down)?)?;
            sold = sold.plus(weighted)?;
        } else {
            kept = kept.plus(weighted)?;
        }
    }
    let mut budget = repaid;
    let mut owed_after = Value::ZERO;
    for owed in &view.owed {
        let factor = owed.params.factors.of(Tier::Target);
        owed_after = owed_after.plus(owed.value.times(factor, Rounding::Up)?)?;
    }
    for owed in debts {
        let part = owed.value.min(budget);
        budget = budget.minus(part);
        let factor = owed.params.factors.of(Tier::Target);
        owed_after = owed_after.minus(part.times(factor, Rounding::Down)?);
    }
    // What the debts did not need stays unsold.
    let unsold = match budget.ratio(repaid) {
        Ok(part) => sold.times(part, Rounding::Down)?,
        Err(RiskError::DivisionByZero) => Value::ZERO,
        Err(other) => return Err(other),
    };
    let held_after = kept.plus(unsold)?;
    Ok(held_after < owed_after.times(rules.target, Rounding::Up)?)
}

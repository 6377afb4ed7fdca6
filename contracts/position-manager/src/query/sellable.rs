//! `Sellable`: how much of the pair on sale may be sold at a price. Asked by every fill, so every record is read once.

use cosmwasm_std::{Decimal, Deps, Uint128};
use glidepath_interfaces::auction::{Lot, Mode, Sale, TryPrice};
use glidepath_interfaces::oracle::{PriceRefusal, Purpose};
use glidepath_interfaces::position_manager::{Next, Refusal, SaleFill, SellableResponse};
use glidepath_risk::health::Tier;
use glidepath_risk::math::mul_div;
use glidepath_risk::sizing::{Fill, NoFill, Protection, Subject, Terms};
use glidepath_risk::{RiskResult, Rounding};

use crate::choose::{is_soft_sellable, offer, sizing};
use crate::records::Records;
use crate::view::{subject, Held, Owed, View};
use crate::ContractError;

/// What a bidder gets at `multiplier` of the curve for at most `max_pay`.
pub fn sellable(
    deps: Deps,
    now: u64,
    position: u64,
    multiplier: Decimal,
    max_pay: Option<Uint128>,
    tries: Vec<TryPrice>,
) -> Result<SellableResponse, ContractError> {
    let mut records = Records::open(deps, now)?.trying(tries);
    let ledger = records.ledger(position)?;
    let no_sale = Ok(SellableResponse::Refused(Refusal::NoSale {}));
    let Some(permission) = &ledger.sale else {
        return no_sale;
    };
    let sale = records.sale(position)?;
    let Some(view) = View::of(&mut records, &ledger)? else {
        return Ok(SellableResponse::Refused(Refusal::TargetMet {}));
    };
    let pair = (view.held(&sale.collateral), view.owed(&sale.debt), &sale.lot);
    let (Some(held), Some(owed), Some(lot)) = pair else {
        return no_sale;
    };
    if held.quote.is_dead() || owed.quote.is_dead() {
        return no_sale;
    }
    let subject = subject(&view.book()?, held, owed);
    let on_sale = OnSale {
        lot,
        held,
        owed,
        terms: sizing(held, owed, sale.target, sale.penalty, protection(&sale, lot)?),
    };
    if let Some(refusal) = on_sale.refused(&subject, &sale, now)? {
        return Ok(SellableResponse::Refused(refusal));
    }
    let (careful, price) = care(held, now);
    let lifted = mul_div(multiplier.atomics(), careful, price, Rounding::Up)?;
    let fill = match subject.fill(Decimal::new(lifted), &on_sale.terms, max_pay, Some(lot.left))? {
        Ok(fill) => fill,
        Err(none) => return Ok(SellableResponse::Refused(refusal(none, &subject)?)),
    };
    // What care adds to the price is not the lot's: its clock, and the next lot's start, know nothing of it.
    let of_lot = match fill.multiplier.atomics() == lifted {
        true => multiplier,
        false => Decimal::new(mul_div(
            fill.multiplier.atomics(),
            price,
            careful,
            Rounding::Down,
        )?)
        .max(multiplier),
    };
    if fill.price < permission.min_price {
        return Ok(SellableResponse::Refused(Refusal::BelowMinPrice {
            price: fill.price,
            min_price: permission.min_price,
        }));
    }
    let after = subject.after(fill.sold, fill.repaid)?;
    let pay = records.asset(&owed.asset)?.info.clone();
    let next = on_sale.next(&after)?;
    let Fill {
        sold,
        paid,
        repaid,
        penalty,
        price,
        multiplier,
    } = fill;
    Ok(SellableResponse::Fill(SaleFill {
        sold,
        paid,
        repaid,
        penalty,
        price,
        multiplier,
        of_lot,
        pay,
        health_before: subject.health(Tier::Maintenance)?,
        health_after: after.book.maintenance.health()?,
        min_left: on_sale.min_left()?,
        published_at: held.quote.record.published_at.min(owed.quote.record.published_at),
        next,
    }))
}

/// By what a fill is dearer while the jump of its collateral's price is not confirmed, as a fraction: the careful price over
/// the price, else one.
fn care(held: &Held, now: u64) -> (Uint128, Uint128) {
    let record = &held.quote.record;
    let price = record.price.0.atomics();
    match record.careful_price(now) {
        Some(careful) => (careful.0.atomics(), price),
        None => (Uint128::one(), Uint128::one()),
    }
}

/// What keeps a fill from harming the position: while soft the soft floor, in the first pass of a close-out the
/// loan-to-value, after it the curve alone. The deepest discount of the sale's curve is where its lot ends.
pub fn protection(sale: &Sale, lot: &Lot) -> RiskResult<Protection> {
    Ok(match (sale.mode, sale.pass) {
        (Mode::Soft, _) => Protection::Soft {
            floor: Decimal::one().saturating_sub(lot.curve.multiplier(u64::MAX)?),
            eta: sale.eta,
        },
        (Mode::CloseOut, 0) => Protection::AboveLtv,
        (Mode::CloseOut, _) => Protection::Curve,
    })
}

/// The pair of a running lot.
struct OnSale<'a> {
    lot: &'a Lot,
    held: &'a Held,
    owed: &'a Owed,
    terms: Terms,
}

impl OnSale<'_> {
    /// Why nothing may be sold whatever the size.
    fn refused(&self, subject: &Subject, sale: &Sale, now: u64) -> Result<Option<Refusal>, ContractError> {
        if let Err(refusal) = self.judge(now) {
            return Ok(Some(Refusal::Price(refusal)));
        }
        let health = subject.health(Tier::Maintenance)?;
        // The first fill of a lot is to a position below maintenance right then, unless the lot follows a fill that was.
        let pauses = [&self.held.quote, &self.owed.quote].map(|quote| quote.record.pauses());
        let first = sale.needs_breach(self.lot, &pauses, now);
        if first && health >= Decimal::one() {
            return Ok(Some(Refusal::NotInDistress { health }));
        }
        Ok(None)
    }

    /// Both prices must be good for a fill.
    fn judge(&self, now: u64) -> Result<(), PriceRefusal> {
        let (held, owed) = (&self.held.quote, &self.owed.quote);
        held.record
            .judge(&self.held.asset, Purpose::Fill, &held.limits, now)?;
        owed.record
            .judge(&self.owed.asset, Purpose::Fill, &owed.limits, now)
    }

    /// Does the pair go on after the fill?
    fn next(&self, after: &Subject) -> RiskResult<Next> {
        let done = Ok(Next::Advance {});
        let params = &self.held.params;
        let left = after.collateral.price.value_of(
            after.collateral.amount,
            after.collateral.decimals,
            Rounding::Down,
        )?;
        if after.debt.amount.is_zero() || left < params.min_collateral {
            return done;
        }
        if let Protection::Soft { eta, .. } = self.terms.protection {
            // The frontier alone: what this lot has met already is no floor for the next.
            let floor = Decimal::one();
            let frontier = Terms {
                protection: Protection::Soft { floor, eta },
                ..self.terms
            };
            if !is_soft_sellable(after, &frontier, params.clearing_discount)? {
                return done;
            }
        }
        Ok(match offer(after, &self.terms, self.held, self.owed)? {
            Some(offer) => Next::Lot(offer),
            None => Next::Advance {},
        })
    }

    fn min_left(&self) -> RiskResult<Uint128> {
        let Held {
            price, params, quote, ..
        } = self.held;
        price.amount_for(params.min_fill, quote.decimals, Rounding::Up)
    }
}

fn refusal(none: NoFill, subject: &Subject) -> RiskResult<Refusal> {
    Ok(match none {
        NoFill::TargetMet => Refusal::TargetMet {},
        NoFill::NotSoftSellable => Refusal::NotSoftSellable {
            health: subject.health(Tier::Maintenance)?,
        },
        NoFill::TooSmall { value, min_fill } => Refusal::TooSmall { value, min_fill },
    })
}

//! `Sellable`: how much of the pair on sale may be sold at a price. Asked by every fill, so every record is read once.

use cosmwasm_std::{Decimal, Decimal256, Deps, Uint128};
use glidepath_interfaces::auction::{Lot, Mode, Offer, Sale, TryPrice};
use glidepath_interfaces::oracle::{PriceRefusal, Purpose};
use glidepath_interfaces::position_manager::{AskedSale, Known, Next, Refusal, SaleFill, SellableResponse};
use glidepath_interfaces::record::decode;
use glidepath_risk::health::Tier;
use glidepath_risk::math::{mul_div, ten_pow};
use glidepath_risk::sizing::{Fill, NoFill, Protection, Subject, Terms};
use glidepath_risk::{RiskResult, Rounding};

use crate::asked;
use crate::choose::{is_soft_sellable, offer, sizing};
use crate::records::Records;
use crate::state::load_position;
use crate::view::{subject, Held, Owed, View};
use crate::ContractError;

/// What a bidder gets at `multiplier` of the curve for at most `max_pay`; of the sale and its prices that are `known`, if they
/// are.
pub fn sellable(
    deps: Deps,
    now: u64,
    position: u64,
    multiplier: Decimal,
    max_pay: Option<Uint128>,
    tries: Vec<TryPrice>,
    known: Option<Known>,
) -> Result<SellableResponse, ContractError> {
    let mut records = Records::open(deps, now)?.trying(tries);
    let ledger = records.ledger(position)?;
    let no_sale = Ok(SellableResponse::Refused(Refusal::NoSale {}));
    let Some(permission) = &ledger.sale else {
        return no_sale;
    };
    let sale = match known {
        Some(known) => {
            let sale = decode(&known.sale)?;
            records = records.knowing(&sale, &known)?;
            sale
        }
        None => records.sale(position)?,
    };
    let Some(view) = View::of(&mut records, &ledger)? else {
        return Ok(SellableResponse::Refused(Refusal::TargetMet {}));
    };
    let asked = match sale.mode {
        Mode::Soft | Mode::CloseOut => None,
        Mode::Asked => match asked_for(deps, position, now)? {
            Wish::Withdrawn => return no_sale,
            Wish::Stands(asked) => Some(asked),
            Wish::Forced => None,
        },
    };
    let view = match &asked {
        Some(asked) => asked::offered(view, &asked.goal),
        None => view,
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
        asked: asked.as_ref(),
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
    let fill = without_change(fill, max_pay, &subject)?;
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
    let next = match on_sale.next(&after)? {
        After::Lot(offer) => Next::Lot(offer),
        After::Met => Next::End {
            keepers: load_position(deps.storage, position)?.keepers(),
        },
        After::Done => Next::Advance {},
    };
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

/// Why a sale runs that the owner of a position asked for.
// One lives at a time; a box would only be in the way.
#[allow(clippy::large_enum_variant)]
enum Wish {
    /// As he asked for it.
    Stands(AskedSale),
    /// He asks for it no more.
    Withdrawn,
    /// It is being forced: the auction, which is told behind what is stored here, asks what price its lot has reached.
    Forced,
}

fn asked_for(deps: Deps, position: u64, now: u64) -> Result<Wish, ContractError> {
    let position = load_position(deps.storage, position)?;
    Ok(match position.asked() {
        Some(asked) if !position.is_withdrawn(now) => Wish::Stands(asked.sale.clone()),
        None if position.is_in_distress() => Wish::Forced,
        _ => Wish::Withdrawn,
    })
}

/// Of a round sum a few base units are nearly always left, for which not one base unit of the collateral can be had: they
/// repay, rounded against who picks the moment, while there is debt enough left for it. To give them back would cost a bidder a
/// seventh of the gas of his bid. Never more than a millionth of the payment, however coarse the collateral's units are.
fn without_change(fill: Fill, max_pay: Option<Uint128>, subject: &Subject) -> RiskResult<Fill> {
    let change = max_pay.map_or(Uint128::zero(), |max| max.saturating_sub(fill.paid));
    let unit = fill
        .price
        .atomics()
        .checked_div(ten_pow(subject.collateral.decimals)?)?;
    let buys_one = Decimal256::from_ratio(change, 1u128).atomics() >= unit;
    let is_much = change.checked_mul(MILLION).map_or(true, |part| part > fill.paid);
    let repaid = fill.repaid.saturating_add(change);
    if change.is_zero() || buys_one || is_much || repaid >= subject.debt.amount {
        return Ok(fill);
    }
    Ok(Fill {
        paid: fill.paid.checked_add(change)?,
        repaid,
        ..fill
    })
}

const MILLION: Uint128 = Uint128::new(1_000_000);

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
        (Mode::Soft | Mode::Asked, _) => Protection::Soft {
            floor: Decimal::one().saturating_sub(lot.curve.multiplier(u64::MAX)?),
            eta: sale.eta,
        },
        (Mode::CloseOut, 0) => Protection::AboveLtv,
        (Mode::CloseOut, _) => Protection::Curve,
    })
}

/// What a fill leaves of the pair on sale.
// One lives at a time; a box would only be in the way.
#[allow(clippy::large_enum_variant)]
enum After {
    /// It goes on.
    Lot(Offer),
    /// The target is met.
    Met,
    /// It is done, or can't be sold now.
    Done,
}

/// The pair of a running lot.
struct OnSale<'a> {
    lot: &'a Lot,
    held: &'a Held,
    owed: &'a Owed,
    terms: Terms,
    /// As its owner asked for it.
    asked: Option<&'a AskedSale>,
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
        let trigger = match self.asked {
            Some(asked) => asked.trigger,
            None => Some(Decimal::one()),
        };
        Ok(trigger
            .filter(|trigger| first && health >= *trigger)
            .map(|trigger| Refusal::NotInDistress { health, trigger }))
    }

    /// Both prices must be good for a fill.
    fn judge(&self, now: u64) -> Result<(), PriceRefusal> {
        let (held, owed) = (&self.held.quote, &self.owed.quote);
        held.record
            .judge(&self.held.asset, Purpose::Fill, &held.limits, now)?;
        owed.record
            .judge(&self.owed.asset, Purpose::Fill, &owed.limits, now)
    }

    /// Does the pair go on after the fill? Nothing is wanted of it any more exactly where an `advance` would end the sale.
    fn next(&self, after: &Subject) -> RiskResult<After> {
        if after.book.target.reaches(self.terms.h)? {
            return Ok(After::Met);
        }
        let params = &self.held.params;
        let left = after.collateral.price.value_of(
            after.collateral.amount,
            after.collateral.decimals,
            Rounding::Down,
        )?;
        if after.debt.amount.is_zero() || left < params.min_collateral {
            return Ok(After::Done);
        }
        if let Protection::Soft { eta, .. } = self.terms.protection {
            // The frontier alone: what this lot has met already is no floor for the next.
            let floor = Decimal::one();
            let frontier = Terms {
                protection: Protection::Soft { floor, eta },
                ..self.terms
            };
            let most = self.asked.map_or(Decimal::MAX, |asked| asked.max_discount);
            if !is_soft_sellable(after, &frontier, params.clearing_discount.min(most))? {
                return self.met_or_done(after);
            }
        }
        match offer(after, &self.terms, self.held, self.owed)? {
            Some(offer) => Ok(After::Lot(offer)),
            None => self.met_or_done(after),
        }
    }

    /// Is what is missing to the target too little to be sold?
    fn met_or_done(&self, after: &Subject) -> RiskResult<After> {
        let at_market = Terms {
            protection: Protection::Curve,
            ..self.terms
        };
        Ok(match after.allowed(Decimal::one(), &at_market)? {
            Err(NoFill::TargetMet) => After::Met,
            _ => After::Done,
        })
    }

    fn min_left(&self) -> RiskResult<Uint128> {
        let Held {
            price, params, quote, ..
        } = self.held;
        price.amount_for(params.min_fill, quote.decimals, Rounding::Up)
    }
}

/// A refusal of the maths, as it is told.
pub fn refusal(none: NoFill, subject: &Subject) -> RiskResult<Refusal> {
    Ok(match none {
        NoFill::TargetMet => Refusal::TargetMet {},
        NoFill::NotSoftSellable => Refusal::NotSoftSellable {
            health: subject.health(Tier::Maintenance)?,
        },
        NoFill::TooSmall { value, min_fill } => Refusal::TooSmall { value, min_fill },
    })
}

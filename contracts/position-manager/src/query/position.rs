//! One position: health, stage, what may be sold, liquidation prices.

use cosmwasm_std::{Decimal, Deps};
use glidepath_interfaces::auction::{Offer, Sale};
use glidepath_interfaces::oracle::PriceRecord;
use glidepath_interfaces::position_manager::{
    LiquidationPrice, PositionResponse, Row, Stage, TimeToLiquidation,
};
use glidepath_interfaces::vault::Ledger;
use glidepath_interfaces::AssetId;
use glidepath_risk::health::Tier;
use glidepath_risk::horizon::horizon;
use glidepath_risk::math::div_256;
use glidepath_risk::{Price, RiskResult, Rounding};

use super::sellable::protection;
use crate::asked;
use crate::choose::{offer, sizing};
use crate::decide::{stage, Figures};
use crate::execute::advance::figures;
use crate::records::Records;
use crate::state::{load_position, Position, OFFERS};
use crate::view::{subject, Held, Owed, View};
use crate::ContractError;

/// A position with the records that it depends on.
pub struct Known {
    /// Its ledger.
    pub ledger: Ledger,
    /// Its sale.
    pub sale: Option<Sale>,
    /// What its stages depend on; none without debt.
    pub figures: Option<Figures>,
    /// Where it stands.
    pub stage: Stage,
}

/// Looks at a position.
pub fn look(records: &mut Records, id: u64, position: &Position) -> Result<Known, ContractError> {
    let ledger = records.ledger(id)?;
    let sale = records.sale_of(id, position)?;
    let figures = figures(records, id, position, &ledger, sale.as_ref())?;
    Ok(Known {
        stage: stage(position, sale.as_ref(), figures.as_ref()),
        ledger,
        sale,
        figures,
    })
}

/// A position with everything that is known of it.
pub fn position(deps: Deps, now: u64, id: u64) -> Result<PositionResponse, ContractError> {
    let mut records = Records::open(deps, now)?;
    let position = load_position(deps.storage, id)?;
    let known = look(&mut records, id, &position)?;
    let view = View::whole(&mut records, &known.ledger)?;
    let plain = view.plain()?;
    let grace_left = match known.stage {
        Stage::MarginCall { grace_until, .. } => {
            Some(grace_until.saturating_sub(now)).filter(|left| *left > 0)
        }
        _ => None,
    };
    Ok(PositionResponse {
        position: id,
        owner: position.owner.clone(),
        offered_to: OFFERS
            .may_load(deps.storage, id)?
            .filter(|(_, expires_at)| now < *expires_at)
            .map(|(to, _)| to),
        collateral: view.held.iter().map(held_row).collect(),
        debts: view.owed.iter().map(owed_row).collect(),
        collateral_value: plain.collateral,
        debt_value: plain.debt,
        health: Figures::healths(known.figures.as_ref()),
        sellable: on_offer(view, &position, &known)?,
        stage: known.stage,
        grace_left,
    })
}

/// What may be sold at the oracle price: of the pair on sale, or of the one that a sale would start with.
fn on_offer(view: View, position: &Position, known: &Known) -> RiskResult<Option<Offer>> {
    let Some(figures) = &known.figures else {
        return Ok(None);
    };
    let lot = known
        .sale
        .as_ref()
        .and_then(|sale| Some((sale, sale.lot.as_ref()?)));
    if let Some((sale, lot)) = lot {
        let view = match position.asked() {
            Some(asked) => asked::offered(view, &asked.sale.goal),
            None => view,
        };
        let (Some(held), Some(owed)) = (view.held(&sale.collateral), view.owed(&sale.debt)) else {
            return Ok(None);
        };
        if held.quote.is_dead() || owed.quote.is_dead() {
            return Ok(None);
        }
        let protection = protection(sale, lot)?;
        let terms = sizing(held, owed, sale.target, sale.penalty, protection);
        return offer(&subject(&view.book()?, held, owed), &terms, held, owed);
    }
    if figures.maintenance >= Decimal::one() {
        return Ok(None);
    }
    Ok(figures.first().map(|choice| choice.offer.clone()))
}

fn held_row(held: &Held) -> Row {
    Row {
        asset: held.asset.clone(),
        amount: held.amount,
        value: held.value,
        price: held.price,
        usable: held.quote.usable,
    }
}

fn owed_row(owed: &Owed) -> Row {
    Row {
        asset: owed.asset.clone(),
        amount: owed.amount,
        value: owed.value,
        price: owed.price,
        usable: owed.quote.usable,
    }
}

/// `p = (Σ C·wM − Σ_{others} D·bM) / (amount·bM)`, rounded down: the price of a debt at which maintenance health is 1 while
/// all other prices stay. None of what is held as well, whose two sides are set off first, nor of a debt of nothing.
fn rise_to_liquidation(view: &View, owed: &Owed) -> RiskResult<Option<Price>> {
    if view.held(&owed.asset).is_some() {
        return Ok(None);
    }
    let sums = view.sums(Tier::Maintenance)?;
    let factor = owed.params.factors.maintenance;
    let others = sums.debt.minus(owed.value.times(factor, Rounding::Down)?);
    let counts = Price(Decimal::one())
        .value_of(owed.amount, owed.quote.decimals, Rounding::Up)?
        .times(factor, Rounding::Up)?;
    if counts.is_zero() {
        return Ok(None);
    }
    let price = div_256(sums.collateral.minus(others).0, counts.0, Rounding::Down)?;
    Ok(Decimal::try_from(price).ok().map(Price))
}

/// For each collateral, the price at which maintenance health is 1 while all other prices stay.
pub fn liquidation_prices(deps: Deps, now: u64, id: u64) -> Result<Vec<LiquidationPrice>, ContractError> {
    let mut records = Records::open(deps, now)?;
    load_position(deps.storage, id)?;
    let ledger = records.ledger(id)?;
    let view = View::whole(&mut records, &ledger)?;
    let rows = view.held.iter().map(|held| {
        Ok(LiquidationPrice {
            asset: held.asset.clone(),
            price: held.price,
            liquidation_price: price_at(&view, held, Decimal::one())?,
        })
    });
    rows.collect()
}

/// Seconds that are looked ahead if nothing is said: a day.
const DAY: u64 = 86_400;

/// How far away each liquidation price is, the most likely first.
pub fn time_to_liquidation(
    deps: Deps,
    now: u64,
    id: u64,
    within: Option<u64>,
) -> Result<Vec<TimeToLiquidation>, ContractError> {
    let mut records = Records::open(deps, now)?;
    load_position(deps.storage, id)?;
    let ledger = records.ledger(id)?;
    let view = View::whole(&mut records, &ledger)?;
    let mut rows = vec![];
    let within = within.unwrap_or(DAY);
    let mut row = |asset: &AssetId, price: Price, limit: Price, record: &PriceRecord, is_debt| {
        let (high, low) = match is_debt {
            true => (limit, price),
            false => (price, limit),
        };
        let away = horizon(high.0, low.0, record.volatility, within)?;
        rows.push(TimeToLiquidation {
            asset: asset.clone(),
            is_debt,
            price,
            liquidation_price: limit,
            volatility: record.volatility,
            deviations: away.deviations,
            probability: away.probability,
            one_deviation_in: away.one_deviation_in,
        });
        Ok::<_, ContractError>(())
    };
    for held in &view.held {
        let limit = price_at(&view, held, Decimal::one())?.filter(|limit| !limit.0.is_zero());
        if let Some(limit) = limit {
            row(&held.asset, held.price, limit, &held.quote.record, false)?;
        }
    }
    for owed in &view.owed {
        if let Some(limit) = rise_to_liquidation(&view, owed)? {
            row(&owed.asset, owed.price, limit, &owed.quote.record, true)?;
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.probability));
    Ok(rows)
}

/// `p = (h·Σ D·bM − Σ_{others} C·wM) / (amount·wM)`, rounded up: the price of a collateral at which maintenance health is `h`
/// while all other prices stay. Where the asset is also owed, its own debt moves with
/// the price and is taken off the amount.
///
/// Returns none where the other collaterals carry the debts alone, or where a fall of the price does not hurt: that of
/// what counts zero does not.
pub fn price_at(view: &View, held: &Held, health: Decimal) -> RiskResult<Option<Price>> {
    let unit = Price(Decimal::one());
    let decimals = held.quote.decimals;
    let sums = view.sums(Tier::Maintenance)?;
    let weight = held.params.weights.maintenance;
    let mut counts = unit
        .value_of(held.amount, decimals, Rounding::Down)?
        .times(weight, Rounding::Down)?;
    let mut debt = sums.debt.times(health, Rounding::Up)?;
    if let Some(own) = view.owed(&held.asset) {
        let factor = own.params.factors.maintenance.checked_mul(health)?;
        debt = debt.minus(own.value.times(factor, Rounding::Up)?);
        counts = counts.minus(
            unit.value_of(own.amount, decimals, Rounding::Up)?
                .times(factor, Rounding::Up)?,
        );
    }
    let others = sums.collateral.minus(held.value.times(weight, Rounding::Down)?);
    let missing = debt.minus(others);
    if missing.is_zero() || counts.is_zero() || !held.counts() {
        return Ok(None);
    }
    let price = div_256(missing.0, counts.0, Rounding::Up)?;
    Ok(Decimal::try_from(price).ok().map(Price))
}

//! `Advance`: moves a position to where the rules say it is now.

use std::collections::BTreeSet;

use cosmwasm_std::{to_json_binary, Addr, CosmosMsg, Decimal, Deps, DepsMut, Response};
use glidepath_interfaces::auction::{Line, LotCause, Sale};
use glidepath_interfaces::events::position_manager::{self as events, DistressEnded};
use glidepath_interfaces::position_manager::{Advanced, Stage};
use glidepath_interfaces::vault::{Ledger, LedgerAction, Permission};

use glidepath_risk::health::Tier;

use super::messages::Told;
use crate::asked;
use crate::decide::{decide, end_due, stage, without_distress, Case, Decision, Figures, Hold, Step};
use crate::ledger;
use crate::records::Records;
use crate::state::{load_position, save_position, Position, CONFIG};
use crate::view::View;
use crate::ContractError;

/// What an advance would do, or why it would do nothing.
pub struct Plan {
    /// Position before.
    pub before: Position,
    /// Its sale before.
    pub sale: Option<Sale>,
    /// Its figures before an offset; none without debt.
    pub figures: Option<Figures>,
    /// Its figures after it.
    pub after: Option<Figures>,
    /// Debts that are offset first.
    pub offset: Vec<LedgerAction>,
    /// What is due, after the offset.
    pub decision: Result<Decision, Hold>,
}

/// Carries out what is due.
///
/// # Errors
/// `NothingToAdvance`, `GracePeriod`, `Unconfirmed`, `QueueFull`, `NothingSellable`, `Price`: to the auction they are no errors.
pub fn advance(deps: DepsMut, now: u64, keeper: &Addr, id: u64) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let plan = plan(deps.as_ref(), now, keeper, id)?;
    let did = plan.did();
    let (decision, did) = match (&plan.decision, did) {
        (Ok(decision), Some(did)) => (Some(decision), did),
        (Err(_), Some(did)) => (None, did),
        (Err(_), None) if *keeper == config.peers.liquidation_auction => (None, Advanced::Nothing {}),
        (Err(hold), None) => return Err(plan.refusal(hold)),
        // Every step has a name.
        (Ok(_), None) => (None, Advanced::Nothing {}),
    };
    if let Some(decision) = decision {
        save_position(deps.storage, id, &decision.position)?;
    }

    let told = Told {
        config: &config,
        id,
        distress: plan.before.distress.as_ref(),
        mode: plan.sale.as_ref().map(|sale| sale.mode),
        insolvent: plan.after.as_ref().is_some_and(|figures| figures.insolvent),
        asked: decision
            .and_then(|decision| decision.position.asked())
            .map(|asked| &asked.sale),
    };
    let mut messages: Vec<CosmosMsg> = vec![];
    if !plan.offset.is_empty() {
        messages.push(told.apply(plan.offset.clone())?);
    }
    if let Some(decision) = decision {
        let step = &decision.step;
        messages.extend(match step {
            // What ends a distress behind an offset is the offset, not the price.
            Step::Lapse | Step::End(_) if !plan.offset.is_empty() => told.ended(step)?,
            _ => told.of(step, plan.called_at(now))?,
        });
    }
    let mut response = Response::new()
        .set_data(to_json_binary(&did)?)
        .add_messages(messages);
    if did != (Advanced::Nothing {}) {
        response = response.add_event(plan.event(id, keeper, &did));
    }
    if let Some(ended) = decision.and_then(|decision| plan.ended(id, now, decision)) {
        response = response.add_event(ended);
    }
    Ok(response)
}

/// What an advance by `keeper` would do now.
pub fn plan(deps: Deps, now: u64, keeper: &Addr, id: u64) -> Result<Plan, ContractError> {
    let mut records = Records::open(deps, now)?;
    let before = load_position(deps.storage, id)?;
    let mut ledger = records.ledger(id)?;
    let sale = records.sale_of(id, &before)?;
    if let Some(step) = recovered(&mut records, &before, &ledger, sale.as_ref())? {
        let figures = figures(&mut records, id, &before, &ledger, sale.as_ref())?;
        let position = without_distress(&before, &records.config.params, now, figures.as_ref());
        return Ok(Plan {
            before,
            sale,
            after: figures.clone(),
            figures,
            offset: vec![],
            decision: Ok(Decision { step, position }),
        });
    }
    let figures_before = figures(&mut records, id, &before, &ledger, sale.as_ref())?;
    let params = records.config.params.clone();
    let judge = |figures: Option<&Figures>| {
        decide(&Case {
            now,
            keeper,
            params: &params,
            position: &before,
            sale: sale.as_ref(),
            figures,
        })
    };
    let mut decision = judge(figures_before.as_ref());
    let (mut offset, mut after) = (vec![], figures_before.clone());
    if sells(&decision) {
        offset = ledger::offset(&mut records, &mut ledger)?;
        if !offset.is_empty() {
            after = figures(&mut records, id, &before, &ledger, sale.as_ref())?;
            decision = judge(after.as_ref());
        }
    }
    if let (Err(_), true, Some(figures)) = (&decision, offset.is_empty(), &after) {
        decision = miscounted(&before, &ledger, figures).map_or(decision, Ok);
    }
    Ok(Plan {
        before,
        sale,
        figures: figures_before,
        after,
        offset,
        decision,
    })
}

/// Where nothing else is due: while a distress stands, the vault counts its debts as insolvent exactly while they are
/// more than the collateral. Otherwise a loss that everybody sees would let the insurance fund's stakers leave.
fn miscounted(position: &Position, ledger: &Ledger, figures: &Figures) -> Option<Decision> {
    position.distress.as_ref()?;
    let counted_right = ledger
        .debts
        .iter()
        .all(|debt| debt.insolvent == figures.insolvent);
    if counted_right || figures.checked.is_err() {
        return None;
    }
    let step = Step::Count {
        surcharge_rate: ledger.surcharge_rate,
        permission: ledger.sale.as_ref().map(|sale| Permission {
            collateral: sale.collateral.clone(),
            debt: sale.debt.clone(),
            min_price: sale.min_price,
        }),
    };
    Some(Decision {
        step,
        position: position.clone(),
    })
}

/// Did a position recover before anything of it was sold? Judged without the surcharge since it was last booked,
/// which is dropped if so.
pub fn recovered(
    records: &mut Records,
    position: &Position,
    ledger: &Ledger,
    sale: Option<&Sale>,
) -> Result<Option<Step>, ContractError> {
    let has_begun = sale.is_some_and(|sale| sale.first_fill_at.is_some());
    if position.distress.is_none() || has_begun || ledger.debts.is_empty() {
        return Ok(None);
    }
    let mut without = ledger.clone();
    without.surcharge_rate = Decimal::zero();
    let figures = bare(records, position, &without, sale)?;
    Ok(end_due(position, sale, figures.as_ref(), records.now))
}

/// The figures of a ledger without choices.
pub fn bare(
    records: &mut Records,
    position: &Position,
    ledger: &Ledger,
    sale: Option<&Sale>,
) -> Result<Option<Figures>, ContractError> {
    let now = records.now;
    let view = View::of(records, ledger)?;
    let params = &records.config.params;
    view.map(|view| Ok(Figures::of(&view, params, position, None, sale, None, now)?))
        .transpose()
}

/// The figures of a ledger; with choices where one may be due.
pub fn figures(
    records: &mut Records,
    id: u64,
    position: &Position,
    ledger: &Ledger,
    sale: Option<&Sale>,
) -> Result<Option<Figures>, ContractError> {
    let now = records.now;
    let Some(view) = View::of(records, ledger)? else {
        return Ok(None);
    };
    let health = view.sums(Tier::Maintenance)?.health()?.unwrap_or(Decimal::MAX);
    let asks = position.asks_for(now);
    let may_sell = position.distress.is_some()
        || health < Decimal::one()
        || asks.is_some_and(|sale| asked::stands(sale, health));
    let terms = may_sell.then(|| records.terms_of(id, position)).transpose()?;
    let params = &records.config.params;
    let permission = ledger.sale.as_ref();
    let mut figures = Figures::of(&view, params, position, terms.as_ref(), sale, permission, now)?;
    for (collateral, line) in figures.queued().collect::<BTreeSet<_>>() {
        let backlog = records.backlog(&collateral, line)?;
        let backlogs = figures.backlogs.entry(collateral).or_default();
        match line {
            Line::Distress => backlogs.distress = backlog,
            Line::Asked => backlogs.asked = backlog,
        }
    }
    Ok(Some(figures))
}

/// Is something to be sold, or to be given up, or would it be if there were a pair to sell?
fn sells(decision: &Result<Decision, Hold>) -> bool {
    match decision {
        Ok(decision) => matches!(decision.step, Step::Open(..) | Step::Lot(..) | Step::WriteOff),
        Err(hold) => matches!(
            hold,
            Hold::NothingSellable | Hold::Unconfirmed { .. } | Hold::Queue { .. }
        ),
    }
}

impl Plan {
    /// What it does; none if nothing.
    pub fn did(&self) -> Option<Advanced> {
        Some(match &self.decision {
            Ok(decision) => match &decision.step {
                Step::Call { grace_until } => Advanced::Called {
                    grace_until: *grace_until,
                },
                Step::Sight { confirm_from } => Advanced::Sighted {
                    confirm_from: *confirm_from,
                },
                Step::Forget => Advanced::Forgotten {},
                Step::Lapse => Advanced::Lapsed {},
                Step::Open(mode, _) => Advanced::Opened { mode: *mode },
                Step::Lot(LotCause::Next, _) => Advanced::NextLot {},
                Step::Lot(LotCause::Restart, _) => Advanced::Restarted {},
                Step::Lot(LotCause::Force, _) => Advanced::Forced {},
                Step::Lot(LotCause::Escalate, _) => Advanced::Escalated {},
                Step::Lot(LotCause::Wake, _) => Advanced::Woken {},
                Step::Lot(LotCause::Refresh, _) => Advanced::Refreshed {},
                Step::Count { .. } => Advanced::Counted {},
                Step::Sleep => Advanced::Slept {},
                Step::End(_) => Advanced::Ended {},
                Step::WriteOff => Advanced::WrittenOff {},
            },
            Err(_) if !self.offset.is_empty() => Advanced::Offset {},
            Err(_) => return None,
        })
    }

    /// The error of a hold.
    pub fn refusal(&self, hold: &Hold) -> ContractError {
        match hold {
            Hold::Nothing { .. } => ContractError::NothingToAdvance {
                health: self.figures.as_ref().map(|figures| figures.maintenance),
                stage: self.stage(),
            },
            Hold::Grace { until, .. } => ContractError::GracePeriod { until: *until },
            Hold::Unconfirmed { from } => ContractError::Unconfirmed { from: *from },
            Hold::Price(refusal) => ContractError::Price(refusal.clone()),
            Hold::Queue { until } => ContractError::QueueFull { until: *until },
            Hold::NothingSellable => ContractError::NothingSellable {},
            Hold::Risk(error) => ContractError::Risk(*error),
        }
    }

    fn stage(&self) -> Stage {
        stage(&self.before, self.sale.as_ref(), self.figures.as_ref())
    }

    fn called_at(&self, now: u64) -> u64 {
        let after = self
            .decision
            .as_ref()
            .ok()
            .and_then(|decision| decision.position.distress.as_ref());
        after.map_or(now, |distress| distress.called_at)
    }

    fn event(&self, id: u64, keeper: &Addr, did: &Advanced) -> events::Advanced {
        let step = self.decision.as_ref().ok().map(|decision| &decision.step);
        let on_sale = match step {
            Some(Step::Open(mode, choice)) => Some((*mode, &choice.offer)),
            Some(Step::Lot(cause, choice)) => {
                let sale = self.sale.as_ref();
                sale.map(|sale| (cause.mode(sale.mode), &choice.offer))
            }
            _ => None,
        };
        let offset = !self.offset.is_empty();
        let health = |figures: &Option<Figures>| figures.as_ref().map(|figures| figures.maintenance);
        events::Advanced {
            position: id,
            keeper: keeper.clone(),
            did: did.to_string(),
            stage: self.stage().to_string(),
            health_before: health(&self.figures),
            health_after: health(&self.after).filter(|_| offset),
            target_health: self.after.as_ref().map(|figures| figures.target),
            grace_until: match did {
                Advanced::Called { grace_until } => Some(*grace_until),
                _ => None,
            },
            confirm_from: match did {
                Advanced::Sighted { confirm_from } => Some(*confirm_from),
                _ => None,
            },
            mode: on_sale.map(|(mode, _)| mode.to_string()),
            collateral: on_sale.map(|(_, offer)| offer.collateral.clone()),
            debt: on_sale.map(|(_, offer)| offer.debt.clone()),
            amount: on_sale.map(|(_, offer)| offer.amount),
            insolvent: self.after.as_ref().is_some_and(|figures| figures.insolvent),
        }
    }

    fn ended(&self, id: u64, now: u64, decision: &Decision) -> Option<DistressEnded> {
        if decision.position.distress.is_some() {
            return None;
        }
        Some(DistressEnded {
            position: id,
            reason: reason(&decision.step),
            called_at: self
                .before
                .distress
                .as_ref()
                .map_or(now, |distress| distress.called_at),
            health: self.after.as_ref().map(|figures| figures.maintenance),
        })
    }
}

/// Why a distress ended, for its event.
pub fn reason(step: &Step) -> String {
    match step {
        Step::End(reason) => reason.to_string(),
        Step::WriteOff => glidepath_interfaces::auction::EndReason::WrittenOff.to_string(),
        _ => "lapsed".into(),
    }
}

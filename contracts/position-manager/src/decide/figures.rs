//! What the stages of a position depend on, computed once from its view.

use std::collections::BTreeMap;

use cosmwasm_std::{Decimal, Decimal256};
use glidepath_interfaces::auction::{Backlogs, Line, Mode, Sale, SaleTerms};
use glidepath_interfaces::oracle::PriceRefusal;
use glidepath_interfaces::position_manager::{AskedSale, Healths, Params};
use glidepath_interfaces::vault::SalePermission;
use glidepath_interfaces::AssetId;
use glidepath_risk::health::{Sums, Tier};
use glidepath_risk::math::mul_256;
use glidepath_risk::pause::Pauses;
use glidepath_risk::tempo::grace;
use glidepath_risk::{RiskResult, Rounding};

use super::Hold;
use crate::asked;
use crate::choose::{choose, is_met, is_out_of_reach, min_price, Choice, Rules, Turn};
use crate::state::{Position, Stood};
use crate::view::{subject, View};

/// What the stages of a position with debt depend on.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Of which moment, in unix seconds.
    pub now: u64,
    /// `H_I` at guarded prices whatever their age.
    pub initial: Decimal,
    /// `H_T`.
    pub target: Decimal,
    /// `H_M`.
    pub maintenance: Decimal,
    /// The target of its sale is reached, or so nearly that nothing may be sold for it.
    pub met: bool,
    /// Owes more than it holds.
    pub insolvent: bool,
    /// The soft-sellable collaterals together can't reach the target.
    pub out_of_reach: bool,
    /// All collaterals together are worth less than the least that may remain of one.
    pub sold_out: bool,
    /// There is no collateral at all.
    pub holds_nothing: bool,
    /// Of the pair on sale nothing is held, or nothing owed.
    pub pair_done: bool,
    /// Is the lot on sale sold, or its life over?
    pub lot_over: bool,
    /// Last second of its life, as far as is known.
    pub lot_last: u64,
    /// Have the prices of the pair on sale fallen far since its permission was given?
    pub fell_far: bool,
    /// Terms of its sale, or those under which one would open.
    pub terms: Option<SaleTerms>,
    /// What of the chosen collaterals is on sale already, of those that have a queue.
    pub backlogs: BTreeMap<AssetId, Backlogs>,
    /// What a soft sale would sell, the next if the queue of the one before is full.
    pub soft: Vec<Choice>,
    /// What a close-out would sell, in the same way.
    pub close_out: Vec<Choice>,
    /// What a sale would sell that the owner asks for, in the same way; nothing where its goal is reached.
    pub asked: Vec<Choice>,
    /// Seconds of grace that health and volatility allow now.
    pub grace: u64,
    /// How long each asset has stood still by now.
    pub stood: Vec<Stood>,
    /// What the oracle knows of that.
    pub pauses: Vec<(AssetId, Pauses)>,
    /// Can't the pair on sale be bought now, for want of a price or because its fills are stopped?
    pub pair_stuck: bool,
    /// Was every source asked lately?
    pub checked: Result<(), PriceRefusal>,
    /// Publish time of the oldest price in use.
    pub published_at: u64,
    /// When the source was asked that was not asked for longest.
    pub checked_at: u64,
}

/// Health to reach under target weights when a sale is forced.
pub const TARGET: Decimal = Decimal::one();

/// A lowest price that fell to this part of the permission's is worth an advance of its own.
pub const REFRESH_AT: Decimal256 = Decimal256::percent(75);

impl Figures {
    /// The figures of a view. Below maintenance, or with a sale, choices are made; above they are of no use.
    pub fn of(
        view: &View,
        params: &Params,
        position: &Position,
        terms: Option<&SaleTerms>,
        sale: Option<&Sale>,
        permission: Option<&SalePermission>,
        now: u64,
    ) -> RiskResult<Self> {
        let health = |sums: Sums| -> RiskResult<Decimal> { Ok(sums.health()?.unwrap_or(Decimal::MAX)) };
        let mut figures = Figures {
            now,
            initial: health(view.initial()?)?,
            target: health(view.sums(Tier::Target)?)?,
            maintenance: health(view.sums(Tier::Maintenance)?)?,
            met: match (sale, position.asked()) {
                (None, _) => false,
                (Some(sale), None) => is_met(view, sale.target, sale.penalty)?,
                (Some(sale), Some(asked)) => {
                    let goal = &asked.sale.goal;
                    asked::is_reached(&asked::offered(view.clone(), goal), goal, sale.penalty)?
                }
            },
            insolvent: view.is_insolvent()?,
            out_of_reach: false,
            sold_out: view.is_sold_out()?,
            holds_nothing: view.held.is_empty(),
            pair_done: sale
                .is_some_and(|sale| view.held(&sale.collateral).is_none() || view.owed(&sale.debt).is_none()),
            lot_over: true,
            lot_last: now,
            fell_far: false,
            terms: terms.cloned(),
            backlogs: BTreeMap::new(),
            soft: vec![],
            close_out: vec![],
            asked: vec![],
            grace: params.grace,
            stood: view.stood(now)?,
            pauses: view
                .quotes()
                .map(|(asset, quote)| (asset.clone(), quote.record.pauses()))
                .collect(),
            pair_stuck: sale.is_some_and(|sale| {
                let held = view.held(&sale.collateral).map(|held| &held.quote);
                let owed = view.owed(&sale.debt).map(|owed| &owed.quote);
                held.into_iter()
                    .chain(owed)
                    .any(|quote| !quote.tradable || quote.silent)
            }),
            checked: view.checked(now),
            published_at: view
                .quotes()
                .map(|(_, q)| q.record.published_at)
                .min()
                .unwrap_or(now),
            checked_at: view
                .quotes()
                .map(|(_, q)| q.record.checked_at)
                .min()
                .unwrap_or(now),
        };
        if let Some((sale, lot)) = sale.and_then(|sale| Some((sale, sale.lot.as_ref()?))) {
            let pauses = view.pauses(&sale.collateral, &sale.debt);
            figures.lot_over = lot.is_over(&pauses, now);
            figures.lot_last = lot.life().last(&pauses, now);
        }
        if let Some(terms) = terms {
            figures.choose(view, params, position, terms, sale)?;
            figures.fell_far = permission.map_or(Ok(false), |old| has_fallen_far(view, terms, old))?;
        }
        Ok(figures)
    }

    fn choose(
        &mut self,
        view: &View,
        params: &Params,
        position: &Position,
        terms: &SaleTerms,
        sale: Option<&Sale>,
    ) -> RiskResult<()> {
        let order = position.order_at(self.now);
        let forced = sale.filter(|sale| sale.mode != Mode::Asked);
        let rules = Rules {
            terms,
            eta: sale.map_or(params.eta, |sale| sale.eta),
            target: forced.map_or(TARGET, |sale| sale.target),
            sell_order: order.map_or(&[], |order| &order.sell_order),
        };
        let turn = |mode| turn(sale, mode, self.lot_over);
        self.soft = choose(view, &rules, Mode::Soft, turn(Mode::Soft))?;
        self.close_out = choose(view, &rules, Mode::CloseOut, turn(Mode::CloseOut))?;
        self.out_of_reach = is_out_of_reach(view, &rules)?;
        if let Some(asks) = position.asks_for(self.now).filter(|_| forced.is_none()) {
            self.asked = self.choose_asked(view, rules, asks, sale)?;
        }
        let quote = self
            .first()
            .and_then(|choice| view.held(&choice.offer.collateral))
            .map(|held| &held.quote);
        let (reference, volatility) = quote.map_or((Decimal::one(), Decimal::zero()), |quote| {
            (quote.volatility_reference, quote.record.volatility)
        });
        self.grace = grace(
            params.grace,
            reference,
            volatility,
            self.maintenance,
            params.no_grace_below,
        )?;
        Ok(())
    }

    /// What the owner's sale would sell, down to the discount that he gives.
    fn choose_asked(
        &self,
        view: &View,
        rules: Rules,
        asks: &AskedSale,
        sale: Option<&Sale>,
    ) -> RiskResult<Vec<Choice>> {
        let view = asked::offered(view.clone(), &asks.goal);
        let terms = rules.terms.clone().asked_down_to(asks.max_discount)?;
        if asked::is_reached(&view, &asks.goal, terms.asked.penalty)? {
            return Ok(vec![]);
        }
        let rules = Rules {
            terms: &terms,
            target: asked::target(&asks.goal),
            ..rules
        };
        choose(&view, &rules, Mode::Asked, turn(sale, Mode::Asked, self.lot_over))
    }

    /// Health under the three tiers.
    pub fn healths(figures: Option<&Self>) -> Healths {
        Healths {
            initial: figures.map(|figures| figures.initial),
            target: figures.map(|figures| figures.target),
            maintenance: figures.map(|figures| figures.maintenance),
        }
    }

    /// What a mode would sell, in order.
    pub fn choices(&self, mode: Mode) -> &[Choice] {
        match mode {
            Mode::Soft => &self.soft,
            Mode::CloseOut => &self.close_out,
            Mode::Asked => &self.asked,
        }
    }

    /// What a sale would start with.
    pub fn first(&self) -> Option<&Choice> {
        self.soft.first().or(self.close_out.first())
    }

    /// Chosen collaterals that have a queue, with the lines that a lot of them looks at.
    pub fn queued(&self) -> impl Iterator<Item = (AssetId, Line)> + '_ {
        let all = self.soft.iter().chain(&self.close_out).chain(&self.asked);
        let distress = all.map(|choice| (choice, Line::Distress));
        let asked = self.asked.iter().map(|choice| (choice, Line::Asked));
        let queued = distress
            .chain(asked)
            .filter(|(choice, _)| choice.offer.queue.is_some());
        queued.map(|(choice, line)| (choice.offer.collateral.clone(), line))
    }

    /// # Errors
    /// The price that has to be asked for first.
    pub fn checked(&self) -> Result<(), Hold> {
        self.checked.clone().map_err(Hold::Price)
    }
}

/// Whose turn it is: a lot that is over with less than half of it sold passes it on, one that runs keeps it, but for
/// an escalation.
fn turn(sale: Option<&Sale>, mode: Mode, lot_over: bool) -> Turn<'_> {
    let Some((sale, lot)) = sale.and_then(|sale| Some((sale, sale.lot.as_ref()?))) else {
        return Turn::First;
    };
    let pair = (&sale.collateral, &sale.debt);
    match lot_over {
        true if lot.is_mostly_left() => Turn::Behind(pair),
        false if sale.mode == mode => Turn::Stays(pair),
        _ => Turn::First,
    }
}

/// Have the prices of the pair on sale fallen far since its permission was given?
fn has_fallen_far(view: &View, terms: &SaleTerms, old: &SalePermission) -> RiskResult<bool> {
    let (Some(held), Some(owed)) = (view.held(&old.collateral), view.owed(&old.debt)) else {
        return Ok(false);
    };
    let min_price = min_price(&subject(&view.book()?, held, owed), terms)?;
    Ok(min_price <= mul_256(old.min_price, REFRESH_AT, Rounding::Down)?)
}

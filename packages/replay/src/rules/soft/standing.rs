//! What a position in distress is worth, with floats: its keepers reckon with it when to look and what to bid. What
//! really happens is the contracts' to decide; a test holds both against each other.

use glidepath_risk::pause::Pauses;

use crate::amounts::{Amounts, AssetNumber};
use crate::clock::{Time, YEAR_S};
use crate::config::{Asset, Config, Terms};
use crate::rules::{Account, Breach, Offer, PositionId, Stage};

use super::keeper::{Lot, OnSale, Stood};
use super::orders::Book;

/// A stretch between two touches counts at most this many seconds for the surcharge.
const SURCHARGE_STRETCH_S: Time = glidepath_risk::debt::SURCHARGE_STRETCH;
/// Nearer to a threshold than this, floats can't tell on which side the contracts see it.
const EDGE: f64 = 1e-6;
/// The vault settles nothing below this part of the deepest price of a close-out …
const LOWEST: f64 = 0.5;
/// … which follows a price that has fallen to this part.
const REFRESH_AT: f64 = 0.75;

/// What a position holds and owes, as its ledger said when it was last touched.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Holding {
    /// Whole tokens.
    pub collateral: Amounts,
    /// USD of principal; there is no interest.
    pub principal: f64,
    /// USD of surcharge booked and not paid.
    pub surcharge: f64,
    /// From when the surcharge is not booked yet.
    pub since: Time,
    /// Surcharge a year of the principal.
    pub rate: f64,
    /// USD per token below which the vault settles nothing, while it may be sold.
    pub min_price: Option<f64>,
}

impl Holding {
    /// USD of surcharge owed.
    pub fn surcharge(&self, now: Time) -> f64 {
        let stretch = now.saturating_sub(self.since).min(SURCHARGE_STRETCH_S);
        self.surcharge + self.principal * self.rate * stretch as f64 / YEAR_S
    }

    /// USD owed, surcharge included.
    pub fn debt(&self, now: Time) -> f64 {
        self.principal + self.surcharge(now)
    }

    /// For the figures; `paid` is the surcharge that was paid so far.
    pub fn account(&self, now: Time, paid: f64) -> Account {
        Account {
            collateral: self.collateral,
            debt: self.debt(now),
            surcharge: paid + self.surcharge(now),
        }
    }
}

/// On which side of every threshold a position is: something may be due where this changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Regime {
    /// Not below maintenance.
    pub healthy: bool,
    /// Below its owner's trigger.
    due: bool,
    without_grace: bool,
    close_out: bool,
    at_target: bool,
    thin: bool,
    sold_out: bool,
    fell_far: bool,
}

impl Regime {
    /// Is the trigger of a close-out met?
    pub fn is_triggered(&self) -> bool {
        !self.healthy && (self.close_out || self.thin)
    }
}

/// What is known of the collaterals and the debt on chain.
#[derive(Debug, Clone)]
pub struct Known {
    /// Terms of the collaterals.
    pub assets: Vec<Asset>,
    /// USD per whole token of each.
    pub prices: Vec<f64>,
    /// What stood still of each, and of the debt.
    pub pauses: (Vec<Pauses>, Pauses),
}

impl Known {
    /// What stood still of a pair.
    pub fn pauses(&self, asset: AssetNumber) -> [Pauses; 2] {
        let (collaterals, debt) = &self.pauses;
        [collaterals[asset], *debt]
    }
}

/// A position at the prices of a moment, under the configured weights.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// Thresholds and terms of sales.
    pub config: &'a Config,
    /// Collaterals and prices.
    pub known: &'a Known,
    /// What it holds and owes.
    pub holding: Holding,
    /// Maintenance health below which it may be sold: 1, or its owner's trigger.
    pub trigger: f64,
    /// The moment.
    pub now: Time,
}

impl Standing<'_> {
    /// What all of it is worth.
    fn value(&self) -> f64 {
        self.holding.collateral.value(&self.known.prices)
    }

    fn value_of(&self, asset: AssetNumber) -> f64 {
        self.holding.collateral[asset] * self.known.prices[asset]
    }

    fn weighted(&self, weight: fn(&Asset) -> f64) -> f64 {
        let weights = self.known.assets.iter().map(weight);
        self.holding.collateral.weighted(&self.known.prices, weights)
    }

    fn debt(&self) -> f64 {
        self.holding.debt(self.now)
    }

    /// Loan-to-value, unweighted.
    fn ltv(&self) -> f64 {
        self.debt() / self.value()
    }

    /// What stood still of a pair.
    pub fn pauses(&self, asset: AssetNumber) -> [Pauses; 2] {
        self.known.pauses(asset)
    }

    /// Seconds that each collateral that it holds has stood still.
    pub fn stood(&self) -> Stood {
        let mut stood = Stood::default();
        for (asset, _) in self.holding.collateral.held() {
            stood[asset] = self.known.pauses.0[asset].seconds_by(self.now);
        }
        stood
    }

    /// When it is below maintenance, or its owner's trigger.
    pub fn breach(&self) -> Breach {
        let held = self.holding.collateral;
        match held.single() {
            _ if self.debt() <= 0.0 => Breach::Never,
            Some((asset, amount)) => {
                let weighted = amount * self.known.assets[asset].maintenance_weight;
                Breach::Below(asset, self.trigger * self.debt() / weighted)
            }
            None if held.held().next().is_some() => Breach::Mixed,
            None => Breach::Never,
        }
    }

    /// Maintenance health; none without debt.
    pub fn health(&self) -> Option<f64> {
        (self.debt() > 0.0).then(|| self.weighted(|asset| asset.maintenance_weight) / self.debt())
    }

    /// Is it below maintenance?
    pub fn is_below(&self) -> bool {
        self.health().is_some_and(|health| health < 1.0)
    }

    /// May it be sold, by the rules or because its owner asked for it?
    pub fn is_due(&self) -> bool {
        self.health().is_some_and(|health| health < self.trigger)
    }

    /// Does the reason of a sale under the terms of `stage` stand?
    pub fn stands(&self, stage: Stage) -> bool {
        match stage {
            Stage::Asked => self.is_due(),
            _ => self.is_below(),
        }
    }

    /// Debt that is missing to the target, USD.
    pub fn missing(&self) -> f64 {
        self.debt() - self.weighted(|asset| asset.target_weight)
    }

    fn terms(&self, stage: Stage) -> &Terms {
        match stage {
            Stage::CloseOut => &self.config.sale.close_out,
            Stage::Asked => &self.config.sale.asked,
            _ => &self.config.sale.soft,
        }
    }

    /// Deepest discount of a soft fill of a collateral; not positive where none raises health.
    fn soft_limit(&self, asset: AssetNumber, penalty: f64, floor: f64) -> f64 {
        let weight = self.known.assets[asset].maintenance_weight;
        let health = self.health().unwrap_or(f64::MAX).min(1.0);
        let bracket = 1.0 - (1.0 + penalty) * weight / health;
        (self.config.risk.floor_share * bracket).min(floor)
    }

    /// Lowest multiplier that a fill can have under the terms of `sale` for a curve that ends at `to`; none where a
    /// soft fill is refused.
    pub fn lowest(&self, sale: &OnSale, to: f64) -> Option<f64> {
        match sale.stage {
            Stage::CloseOut if sale.pass == 0 => Some(to.max(self.ltv().min(1.0))),
            Stage::CloseOut => Some(to),
            _ => {
                let limit = self.soft_limit(sale.asset, sale.penalty, 1.0 - to);
                (limit > 0.0).then_some(1.0 - limit)
            }
        }
    }

    /// Debt repaid per value sold at the multiplier `m`, a penalty up to `penalty` taken off.
    fn yield_per_value(&self, m: f64, penalty: f64) -> f64 {
        let ltv = self.ltv();
        let room = if ltv < 1.0 { m / ltv - 1.0 } else { 0.0 };
        m / (1.0 + room.clamp(0.0, penalty))
    }

    /// Value of a collateral to sell at the multiplier `m` to reach the target, at least the smallest fill and with no
    /// dust left behind; none where no part would do. Zero where nothing may be sold.
    fn need(&self, asset: AssetNumber, m: f64, penalty: f64) -> Option<f64> {
        let (risk, held) = (&self.config.risk, self.value_of(asset));
        let k = self.yield_per_value(m, penalty);
        let per_value = k - self.known.assets[asset].target_weight;
        let all = held.min(self.debt() / k);
        let missing = self.missing();
        if missing <= 0.0 || (missing < risk.min_fill_usd * per_value && !self.is_below()) {
            return Some(0.0);
        }
        if per_value <= 0.0 {
            return None;
        }
        let sold = (missing / per_value).max(risk.min_fill_usd).min(all);
        let (debt_left, held_left) = (self.debt() - sold * k, held - sold);
        let is_dust = |left: f64, least: f64| left > 0.0 && left < least;
        let dust = is_dust(debt_left, risk.min_debt_usd) || is_dust(held_left, risk.min_collateral_usd);
        Some(if dust { all } else { sold })
    }

    /// Value of a collateral that reaches the target at the oracle's price, USD.
    pub fn need_at_oracle(&self, asset: AssetNumber) -> f64 {
        let need = self.need(asset, 1.0, self.config.sale.soft.penalty);
        need.unwrap_or_else(|| self.value_of(asset))
    }

    /// The collaterals that can be sold: beside one that is worth the least that may remain, smaller ones are not.
    fn for_sale(&self) -> impl Iterator<Item = AssetNumber> + '_ {
        let least = self.config.risk.min_collateral_usd;
        let is_whole = move |asset: AssetNumber| self.value_of(asset) >= least;
        let held = || self.holding.collateral.held().map(|(asset, _)| asset);
        let any_whole = held().any(is_whole);
        held().filter(move |asset| is_whole(*asset) || !any_whole)
    }

    /// The one that is likely to be sold first: that of the lowest weight.
    pub fn first_for_sale(&self) -> Option<AssetNumber> {
        let weight = |asset: &AssetNumber| self.known.assets[*asset].maintenance_weight;
        self.for_sale().min_by(|a, b| weight(a).total_cmp(&weight(b)))
    }

    /// USD that a lot of a collateral draws from its queue.
    pub fn draw(&self, asset: AssetNumber, stage: Stage) -> f64 {
        self.need_at_oracle(asset).min(self.lot_size(asset, stage))
    }

    /// USD of a full lot.
    fn lot_size(&self, asset: AssetNumber, stage: Stage) -> f64 {
        let (terms, depth) = (self.terms(stage), self.known.assets[asset].depth_1pct_usd);
        (depth * terms.lot_tolerance * 100.0).clamp(terms.lot_min_usd, terms.lot_max_usd)
    }

    /// Can the soft-sellable collaterals together, sold where buyers come, not reach the target?
    fn is_out_of_reach(&self) -> bool {
        let (risk, soft) = (&self.config.risk, &self.config.sale.soft);
        let k = self.yield_per_value(1.0 - risk.clearing_discount, soft.penalty);
        let (mut repaid, mut sold) = (0.0, 0.0);
        for asset in self.for_sale() {
            if self.soft_limit(asset, soft.penalty, soft.floor) >= risk.clearing_discount {
                repaid += self.value_of(asset) * k;
                sold += self.value_of(asset) * self.known.assets[asset].target_weight;
            }
        }
        let kept = self.weighted(|asset| asset.target_weight) - sold;
        let paid = repaid.min(self.debt());
        let unsold = if repaid > 0.0 {
            sold * (repaid - paid) / repaid
        } else {
            0.0
        };
        kept.max(0.0) + unsold < self.debt() - paid
    }

    /// On which side of every threshold it is, under the penalty of its sale, if it has one.
    pub fn regime(&self, sale: Option<&OnSale>) -> Regime {
        let risk = &self.config.risk;
        let penalty = sale.map_or(self.config.sale.soft.penalty, |sale| sale.penalty);
        let health = self.health().unwrap_or(f64::MAX);
        let of_price = LOWEST * (1.0 - self.config.sale.close_out.floor);
        let lowest = sale.map_or(f64::MAX, |sale| self.known.prices[sale.asset] * of_price);
        Regime {
            healthy: health >= 1.0,
            due: self.is_due(),
            without_grace: health < risk.grace_health,
            close_out: health < risk.close_out_health,
            at_target: self.missing() <= 0.0
                || self
                    .for_sale()
                    .any(|asset| self.need(asset, 1.0, penalty) == Some(0.0)),
            thin: self.is_out_of_reach(),
            sold_out: self.value() < risk.min_collateral_usd,
            fell_far: self
                .holding
                .min_price
                .is_some_and(|least| lowest <= REFRESH_AT * least),
        }
    }

    /// Is it too near to a threshold to tell the side with floats?
    pub fn is_on_edge(&self) -> bool {
        let risk = &self.config.risk;
        let health = self.health().unwrap_or(f64::MAX);
        [1.0, risk.grace_health, risk.close_out_health, self.trigger]
            .iter()
            .any(|threshold| (health - threshold).abs() < EDGE)
            || self.missing().abs() < EDGE * self.debt()
    }

    /// Could anybody earn enough from another lot of this stage at the prices of now? A keeper does not start one that
    /// nobody would buy.
    pub fn is_worth_a_lot(&self, stage: Stage) -> bool {
        self.for_sale().any(|asset| self.is_worth_a_lot_of(asset, stage))
    }

    fn is_worth_a_lot_of(&self, asset: AssetNumber, stage: Stage) -> bool {
        let (terms, bidders) = (self.terms(stage), &self.config.bidders);
        let deepest = match stage {
            Stage::CloseOut => terms.floor,
            _ => self.soft_limit(asset, terms.penalty, terms.floor),
        };
        let need = self.need(asset, 1.0 - deepest, terms.penalty);
        let value = need
            .unwrap_or_else(|| self.value_of(asset))
            .min(self.lot_size(asset, stage));
        value * (deepest + bidders.hoped_above - bidders.margin_min) >= bidders.min_profit_usd
    }

    /// What the lot of `sale` offers now, if it can be bought at all.
    pub fn offer(&self, position: PositionId, sale: &OnSale) -> Option<Offer> {
        let lot = self.open_lot(sale)?;
        let m = self.multiplier(sale)?;
        let (asset, price) = (sale.asset, self.known.prices[sale.asset]);
        let tokens = self.sellable(sale, lot.left, m)?;
        (tokens > 0.0).then_some(Offer {
            position,
            asset,
            price: price * m,
            tokens,
        })
    }

    /// The lot of a sale, if it can be bought from now.
    fn open_lot(&self, sale: &OnSale) -> Option<Lot> {
        let pauses = self.pauses(sale.asset);
        let lot = sale.lot.filter(|lot| lot.is_alive(&pauses, self.now))?;
        (lot.open || self.stands(sale.stage)).then_some(lot)
    }

    /// Multiplier at which a bidder buys from the lot of a sale now.
    pub fn multiplier(&self, sale: &OnSale) -> Option<f64> {
        let lot = self.open_lot(sale)?;
        let clock = lot.multiplier(&self.pauses(sale.asset), self.now);
        Some(clock.max(self.lowest(sale, lot.to)?))
    }

    /// Whole tokens that can be bought at the multiplier `m` of a lot of which `left` tokens are left.
    fn sellable(&self, sale: &OnSale, left: f64, m: f64) -> Option<f64> {
        let asset = sale.asset;
        let need = match self.need(asset, m, sale.penalty) {
            Some(need) => need,
            None if sale.stage == Stage::CloseOut => self
                .value_of(asset)
                .min(self.debt() / self.yield_per_value(m, sale.penalty)),
            None => return None,
        };
        Some((need / self.known.prices[asset]).min(left))
    }

    /// USD of penalty in the fill of the dearest orders in `book` that the lot of `sale` has reached and that can buy from
    /// it: who have enough for a fill, and pay no less than the price is held up at.
    pub fn order_penalty(&self, sale: &OnSale, book: &Book) -> Option<f64> {
        let lot = self.open_lot(sale)?;
        let price_now = self.multiplier(sale)?;
        let price = self.known.prices[sale.asset];
        let penalty_at = |(pays, funds): (f64, f64)| {
            let all = self.sellable(sale, lot.left, pays)? * price;
            let value = all.min(funds / pays);
            let enough = value >= self.config.risk.min_fill_usd || value >= all;
            let yields = self.yield_per_value(pays, sale.penalty);
            (value > 0.0 && enough).then_some(value * (pays - yields))
        };
        book.reached(price_now).find_map(penalty_at)
    }
}

//! What a position is worth, and with which prices.
//!
//! | for | collateral | debt |
//! |---|---|---|
//! | health, sizing, stages | `price`; not usable: the last good one, and never sold; dead or gone for `dead_after`: zero | `price`; not usable: `max(price, smoothed)`, and never chosen |
//! | borrowing and withdrawing | `min(price, smoothed)` at a weight that volatility and size shrink; not usable, or reduce-only: zero | `max(price, smoothed)`; not usable: refused |
//! | giving it up unsold | the last good `price`, whatever its age; dead: zero | – |
//!
//! A silent oracle takes a collateral's weight, never the collateral: only its owner's word that it is dead, or a good
//! price that makes it worth nothing, gives it up.
//!
//! A position without debt has no view: nothing of it depends on a price.

use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::oracle::{PriceLimits, PriceRecord, PriceRefusal, Purpose};
use glidepath_interfaces::position_manager::{AssetStatus, CollateralParams, DebtParams};
use glidepath_interfaces::vault::Ledger;
use glidepath_interfaces::AssetId;
use glidepath_risk::debt::debt_of;
use glidepath_risk::health::{Factors, Shrink, Sums, Tier};
use glidepath_risk::pause::Pauses;
use glidepath_risk::sizing::{Book, Leg, Subject};
use glidepath_risk::{Price, RiskResult, Rounding, Value};

use crate::listed::InForce;
use crate::records::Records;
use crate::state::Stood;
use crate::ContractError;

/// An asset's price and what is known of its market.
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    /// Where the asset is in its life.
    pub status: AssetStatus,
    /// Decimals of a whole token.
    pub decimals: u8,
    /// USD that moves its market by 1 %.
    pub depth: Value,
    /// Normal volatility.
    pub volatility_reference: Decimal,
    /// How old its price may be.
    pub limits: PriceLimits,
    /// The oracle's record.
    pub record: PriceRecord,
    /// May the price be used for health? Else the last good one stands in. Of what is dead, none is.
    pub usable: bool,
    /// May it be sold or bought now: usable, and fills are not stopped?
    pub tradable: bool,
    /// Has its source, asked lately, no price that is good for a fill? Nobody can buy at it now; a record that merely nobody
    /// refreshed is another thing, because a bidder may do so.
    pub silent: bool,
}

impl Quote {
    fn of(listed: &InForce, record: &PriceRecord, asset: &AssetId, now: u64) -> Self {
        let params = &listed.params;
        let limits = &params.limits;
        let judged = record.judge(asset, Purpose::Health, limits, now);
        let too_old = now.saturating_sub(record.published_at) > limits.fill;
        let usable = params.status != AssetStatus::Dead && judged.is_ok();
        Quote {
            status: params.status,
            decimals: listed.decimals,
            depth: params.depth,
            volatility_reference: params.volatility_reference,
            limits: limits.clone(),
            record: record.clone(),
            usable,
            tradable: usable && record.no_fills_until(now) <= now,
            silent: too_old && record.is_checked(asset, limits, now).is_ok(),
        }
    }

    /// Given up by the contract's owner?
    pub fn is_dead(&self) -> bool {
        self.status == AssetStatus::Dead
    }

    /// Whichever of last and smoothed price is higher.
    pub fn higher(&self) -> Price {
        self.record.price.max(self.record.smoothed)
    }

    /// Is the price good for borrowing?
    fn lends(&self, asset: &AssetId, now: u64) -> Result<(), PriceRefusal> {
        self.record
            .judge(asset, Purpose::RiskIncreasing, &self.limits, now)
    }

    /// Whichever of last and smoothed price is lower.
    pub fn lower(&self) -> Price {
        self.record.price.min(self.record.smoothed)
    }
}

/// A collateral of a position.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Asset.
    pub asset: AssetId,
    /// Base units.
    pub amount: Uint128,
    /// Base units that may be sold: all, unless the owner gives less.
    pub spare: Uint128,
    /// Its parameters.
    pub params: CollateralParams,
    /// Its price and market.
    pub quote: Quote,
    /// Last good price.
    pub price: Price,
    /// Value that counts, at that price and rounded down: zero of what is dead, or has had no price for too long.
    pub value: Value,
    /// What would be given up with it, at that price and rounded down: zero of what is dead.
    pub worth: Value,
}

/// A debt of a position.
#[derive(Clone, Debug, PartialEq)]
pub struct Owed {
    /// Asset.
    pub asset: AssetId,
    /// Base units: principal, interest and surcharge.
    pub amount: Uint128,
    /// Its parameters.
    pub params: DebtParams,
    /// Its price and market.
    pub quote: Quote,
    /// Price for health.
    pub price: Price,
    /// Value at that price, rounded up.
    pub value: Value,
}

/// What a position with debt is worth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// Collaterals, in the order of the first deposit.
    pub held: Vec<Held>,
    /// Debts, in the order of the first borrow.
    pub owed: Vec<Owed>,
}

/// Part of the collateral, or of the debt, that an asset has to be for a grace to wait for it.
const WEIGHTY: Decimal = Decimal::percent(10);

impl View {
    /// The view of a ledger; none without debt, and then no price is read.
    pub fn of(records: &mut Records, ledger: &Ledger) -> Result<Option<Self>, ContractError> {
        if ledger.debts.is_empty() {
            return Ok(None);
        }
        Self::whole(records, ledger).map(Some)
    }

    /// The same with or without debt, for queries.
    pub fn whole(records: &mut Records, ledger: &Ledger) -> Result<Self, ContractError> {
        let mut view = View::default();
        for held in &ledger.collateral {
            view.held.push(Held::load(records, &held.asset, held.amount)?);
        }
        for entry in &ledger.debts {
            let now = records.now;
            let market = records.market(&entry.asset)?;
            let amount = debt_of(&entry.debt, market, ledger.surcharge_rate, now)?.total()?;
            view.owed.push(Owed::load(records, &entry.asset, amount)?);
        }
        Ok(view)
    }

    /// Weighted sums for health and sizing.
    pub fn sums(&self, tier: Tier) -> RiskResult<Sums> {
        Sums::of(
            self.held
                .iter()
                .map(|held| (held.value, held.params.weights.of(tier))),
            self.owed
                .iter()
                .map(|owed| (owed.value, owed.params.factors.of(tier))),
        )
    }

    /// Values without weights.
    pub fn plain(&self) -> RiskResult<Sums> {
        Sums::of(
            self.held.iter().map(|held| (held.value, Decimal::one())),
            self.owed.iter().map(|owed| (owed.value, Decimal::one())),
        )
    }

    /// Sums of a sale.
    pub fn book(&self) -> RiskResult<Book> {
        Ok(Book {
            target: self.sums(Tier::Target)?,
            maintenance: self.sums(Tier::Maintenance)?,
            plain: self.plain()?,
        })
    }

    /// Initial sums at guarded prices whatever their age: what a person should see.
    pub fn initial(&self) -> RiskResult<Sums> {
        self.guarded(|held| held.quote.usable)
    }

    /// Initial sums at guarded prices that must be good for borrowing, with the first refusal of a collateral, which
    /// then counts zero.
    ///
    /// # Errors
    /// `Price` where a debt's price is refused, `ReduceOnly` where it is dead.
    pub fn margin(&self, now: u64) -> Result<(Sums, Option<PriceRefusal>), ContractError> {
        for owed in &self.owed {
            if owed.quote.is_dead() {
                return Err(ContractError::ReduceOnly {
                    asset: owed.asset.clone(),
                    status: owed.quote.status,
                });
            }
            owed.quote.lends(&owed.asset, now)?;
        }
        let judge = |held: &Held| held.quote.lends(&held.asset, now);
        let refused = self.held.iter().find_map(|held| judge(held).err());
        Ok((self.guarded(|held| judge(held).is_ok())?, refused))
    }

    /// What the collaterals are worth, and the debts, at guarded prices that must be good for borrowing: for who pays for the
    /// difference.
    ///
    /// # Errors
    /// `Price` where one is refused.
    pub fn worth(&self, now: u64) -> Result<(Value, Value), ContractError> {
        let (mut collateral, mut debt) = (Value::ZERO, Value::ZERO);
        for held in self.held.iter().filter(|held| !held.quote.is_dead()) {
            held.quote.lends(&held.asset, now)?;
            collateral = collateral.plus(held.guarded()?)?;
        }
        for owed in &self.owed {
            owed.quote.lends(&owed.asset, now)?;
            debt = debt.plus(owed.guarded()?)?;
        }
        Ok((collateral, debt))
    }

    fn guarded(&self, counts: impl Fn(&Held) -> bool) -> RiskResult<Sums> {
        let mut collaterals = vec![];
        let lends = |held: &&Held| held.quote.status == AssetStatus::Listed && counts(held);
        for held in self.held.iter().filter(lends) {
            let value = held.guarded()?;
            collaterals.push((value, held.initial_weight(value)?));
        }
        let mut debts = vec![];
        for owed in &self.owed {
            debts.push((owed.guarded()?, owed.params.factors.initial));
        }
        Sums::of(collaterals, debts)
    }

    /// Does it owe more than it holds?
    pub fn is_insolvent(&self) -> RiskResult<bool> {
        let plain = self.plain()?;
        Ok(!plain.debt.is_zero() && plain.debt >= plain.collateral)
    }

    /// Is a collateral worth being sold? Beside one that is worth at least the least that may remain of it, smaller ones
    /// are not; where all are smaller they are, one by one. What merely has no price now is worth its last good one.
    pub fn is_worth_selling(&self, held: &Held) -> bool {
        held.is_whole() || !self.held.iter().any(Held::is_whole)
    }

    /// Is no collateral worth the least that may remain of it, and are all together worth less than the most of these? At
    /// their last good prices, and but for the dead ones: of those nothing is left to sell.
    pub fn is_sold_out(&self) -> RiskResult<bool> {
        if self.held.iter().any(Held::is_whole) {
            return Ok(false);
        }
        let alive = || self.held.iter().filter(|held| !held.quote.is_dead());
        let least = alive().map(|held| held.params.min_collateral).max();
        let worth = alive().try_fold(Value::ZERO, |sum, held| sum.plus(held.worth))?;
        Ok(least.is_none_or(|least| worth < least))
    }

    /// Has every source been asked lately?
    pub fn checked(&self, now: u64) -> Result<(), PriceRefusal> {
        self.quotes()
            .try_for_each(|(asset, quote)| quote.record.is_checked(asset, &quote.limits, now))
    }

    /// Every asset with a price in use, collaterals first. Nobody asks for the price of what is dead.
    pub fn quotes(&self) -> impl Iterator<Item = (&AssetId, &Quote)> {
        let held = self.held.iter().map(|held| (&held.asset, &held.quote));
        let owed = self.owed.iter().map(|owed| (&owed.asset, &owed.quote));
        held.chain(owed).filter(|(_, quote)| !quote.is_dead())
    }

    /// What stood still of a pair. What the position has no more of never did.
    pub fn pauses(&self, collateral: &AssetId, debt: &AssetId) -> [Pauses; 2] {
        let held = self.held(collateral).map(|held| held.quote.record.pauses());
        let owed = self.owed(debt).map(|owed| owed.quote.record.pauses());
        [held.unwrap_or_default(), owed.unwrap_or_default()]
    }

    /// How long each asset has stood still by now. What is less than a tenth of its side, or counts no more, makes no grace
    /// longer: a little of an asset without a price would shield the rest.
    pub fn stood(&self, now: u64) -> RiskResult<Vec<Stood>> {
        let plain = self.plain()?;
        let (least_held, least_owed) = (
            plain.collateral.times(WEIGHTY, Rounding::Up)?,
            plain.debt.times(WEIGHTY, Rounding::Up)?,
        );
        let held = self
            .held
            .iter()
            .filter(|held| held.counts() && held.value >= least_held);
        let held = held.map(|held| (&held.asset, &held.quote));
        let weighty = |owed: &&Owed| !owed.quote.is_dead() && owed.value >= least_owed;
        let owed = self.owed.iter().filter(weighty);
        let owed = owed.map(|owed| (&owed.asset, &owed.quote));
        let stood = held.chain(owed).map(|(asset, quote)| Stood {
            asset: asset.clone(),
            seconds: quote.record.pauses().seconds_by(now),
        });
        Ok(stood.collect())
    }

    /// A collateral.
    pub fn held(&self, asset: &AssetId) -> Option<&Held> {
        self.held.iter().find(|held| held.asset == *asset)
    }

    /// A debt.
    pub fn owed(&self, asset: &AssetId) -> Option<&Owed> {
        self.owed.iter().find(|owed| owed.asset == *asset)
    }
}

/// A position as a sale of this pair sees it.
pub fn subject(book: &Book, held: &Held, owed: &Owed) -> Subject {
    Subject {
        book: *book,
        collateral: held.leg(),
        debt: owed.leg(),
    }
}

impl Held {
    /// Value at the guarded price, whether that is good or not.
    fn guarded(&self) -> RiskResult<Value> {
        self.quote
            .lower()
            .value_of(self.amount, self.quote.decimals, Rounding::Down)
    }

    fn load(records: &mut Records, asset: &AssetId, amount: Uint128) -> Result<Self, ContractError> {
        let (now, dead_after) = (records.now, records.config.params.dead_after);
        let listed = records.asset(asset)?.clone();
        let quote = Quote::of(&listed, records.price(asset)?, asset, now);
        let params = listed
            .params
            .collateral
            .ok_or_else(|| ContractError::NotCollateral { asset: asset.clone() })?;
        let price = quote.record.price;
        let at_last = price.value_of(amount, quote.decimals, Rounding::Down)?;
        let is_gone = now.saturating_sub(quote.record.published_at) > dead_after;
        let unless = |zero: bool| if zero { Value::ZERO } else { at_last };
        Ok(Held {
            asset: asset.clone(),
            amount,
            spare: amount,
            params,
            price,
            value: unless(quote.is_dead() || is_gone),
            worth: unless(quote.is_dead()),
            quote,
        })
    }

    /// Does it count: neither dead nor without a price for too long?
    pub fn counts(&self) -> bool {
        !self.quote.is_dead() && self.value == self.worth
    }

    /// Is it worth the least that may remain of it, at its last good price?
    fn is_whole(&self) -> bool {
        self.worth >= self.params.min_collateral
    }

    /// What a holding of `value` may be borrowed against: volatility and size shrink it, at this very moment.
    fn initial_weight(&self, value: Value) -> RiskResult<Decimal> {
        let Held { params, quote, .. } = self;
        let shrink = Shrink {
            volatility_factor: params.volatility_factor,
            size_factor: params.size_factor,
            volatility: quote.record.volatility,
            reference: quote.volatility_reference,
            value,
            depth: quote.depth,
        };
        shrink.apply(params.weights.initial)
    }

    /// As one side of a pair on sale.
    pub fn leg(&self) -> Leg {
        Leg {
            amount: self.spare,
            decimals: self.quote.decimals,
            price: self.price,
            target: self.params.weights.target,
            maintenance: self.params.weights.maintenance,
        }
    }
}

impl Owed {
    /// Value at the guarded price, whether that is good or not.
    fn guarded(&self) -> RiskResult<Value> {
        self.quote
            .higher()
            .value_of(self.amount, self.quote.decimals, Rounding::Up)
    }

    fn load(records: &mut Records, asset: &AssetId, amount: Uint128) -> Result<Self, ContractError> {
        let now = records.now;
        let listed = records.asset(asset)?.clone();
        let quote = Quote::of(&listed, records.price(asset)?, asset, now);
        // What may not be borrowed any more can still be owed: a surcharge outlives the principal, and its market.
        let params = listed.params.debt.unwrap_or(DebtParams {
            factors: Factors::ONE,
            min_debt: Value::ZERO,
        });
        let price = if quote.usable {
            quote.record.price
        } else {
            quote.higher()
        };
        Ok(Owed {
            asset: asset.clone(),
            amount,
            params,
            price,
            value: price.value_of(amount, quote.decimals, Rounding::Up)?,
            quote,
        })
    }

    /// As one side of a pair on sale.
    pub fn leg(&self) -> Leg {
        Leg {
            amount: self.amount,
            decimals: self.quote.decimals,
            price: self.price,
            target: self.params.factors.target,
            maintenance: self.params.factors.maintenance,
        }
    }
}

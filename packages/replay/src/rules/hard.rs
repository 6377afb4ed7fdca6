//! A plain hard liquidation: whoever repays debt of a position below maintenance takes collateral of that
//! value and a fixed bonus, at once; up to the close factor of the debt, or all of it in deep distress.

use std::collections::BTreeMap;

use super::{
    Account, Bid, Bought, Breach, Buyer, Counts, End, Event, Fill, Offer, PositionId, Rules, RulesError,
    Stage, Watch,
};
use crate::amounts::{Amounts, AssetNumber};
use crate::clock::Time;
use crate::config;
use crate::scene::Scene;

/// Less than this part of an amount is rounding.
const ROUNDING: f64 = 1e-9;

/// Positions under hard liquidation.
#[derive(Debug)]
pub struct Hard {
    terms: config::Hard,
    /// Maintenance and target weights of the collaterals.
    maintenance: Vec<f64>,
    target: Vec<f64>,
    /// USD per whole token.
    prices: Vec<f64>,
    accounts: BTreeMap<PositionId, Account>,
    watch: Watch,
    /// What stands open for liquidation.
    distress: BTreeMap<PositionId, Distress>,
    /// Number of each position's last lot.
    lots: BTreeMap<PositionId, u32>,
    events: Vec<Event>,
    counts: Counts,
    flows: Flows,
}

/// A position below maintenance.
#[derive(Debug, Clone, Copy, Default)]
struct Distress {
    /// Whether anything of it was sold.
    begun: bool,
    /// Collateral that is taken: the one worth most when the lot began.
    asset: AssetNumber,
}

/// All that ever moved, to check the accounts against.
#[derive(Debug, Default)]
struct Flows {
    collateral_in: Amounts,
    collateral_sold: Amounts,
    debt_in: f64,
    debt_out: f64,
}

impl Hard {
    /// The positions of `scene` under its configuration.
    pub fn open(scene: &Scene) -> Self {
        let mut hard = Self {
            terms: scene.config.hard.clone(),
            maintenance: scene.maintenance_weights().collect(),
            target: scene.assets.iter().map(|asset| asset.target_weight).collect(),
            prices: scene.first_prices(),
            accounts: BTreeMap::new(),
            watch: Watch::default(),
            distress: BTreeMap::new(),
            lots: BTreeMap::new(),
            events: Vec::new(),
            counts: Counts::default(),
            flows: Flows::default(),
        };
        for borrower in &scene.borrowers {
            let account = Account {
                collateral: borrower.collateral,
                debt: borrower.debt,
                surcharge: 0.0,
            };
            for (asset, amount) in account.collateral.held() {
                hard.flows.collateral_in[asset] += amount;
            }
            hard.flows.debt_in += account.debt;
            hard.store(borrower.position, account);
        }
        hard
    }

    /// Maintenance health; none without debt.
    fn health(&self, account: &Account) -> Option<f64> {
        (account.debt > 0.0).then(|| {
            let weighted = account
                .collateral
                .weighted(&self.prices, self.maintenance.iter().copied());
            weighted / account.debt
        })
    }

    /// Maintenance health of a position with debt, below 1 where it can be liquidated.
    fn health_of(&self, position: PositionId) -> Option<f64> {
        self.accounts
            .get(&position)
            .and_then(|account| self.health(account))
    }

    /// Writes an account back and watches it at its new breach price.
    fn store(&mut self, position: PositionId, account: Account) {
        let breach = match account.collateral.single() {
            _ if account.debt <= 0.0 => Breach::Never,
            Some((asset, amount)) => Breach::Below(asset, account.debt / (amount * self.maintenance[asset])),
            None if account.collateral.held().next().is_some() => Breach::Mixed,
            None => Breach::Never,
        };
        self.watch.set(position, breach);
        self.accounts.insert(position, account);
    }

    /// USD per token that a liquidator pays.
    fn lot_price(&self, asset: AssetNumber) -> f64 {
        self.prices[asset] / (1.0 + self.terms.bonus)
    }

    /// The collateral that a position holds most of, by value.
    fn largest(&self, account: &Account) -> AssetNumber {
        let held = account.collateral.held();
        let values = held.map(|(asset, amount)| (asset, amount * self.prices[asset]));
        values
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map_or(0, |(asset, _)| asset)
    }

    /// Tokens of a collateral that may be taken from a position below maintenance now.
    fn allowed(&self, account: &Account, asset: AssetNumber) -> f64 {
        match self.health(account) {
            Some(health) if health < 1.0 => {
                let all = health < self.terms.all_below_health;
                let repaid = account.debt * if all { 1.0 } else { self.terms.close_factor };
                (repaid / self.lot_price(asset)).min(account.collateral[asset])
            }
            _ => 0.0,
        }
    }

    fn start_lot(&mut self, now: Time, position: PositionId, account: &Account) {
        let lot = self.lots.entry(position).or_default();
        *lot += 1;
        let (lot, multiplier) = (*lot, 1.0 / (1.0 + self.terms.bonus));
        let asset = self.largest(account);
        if let Some(distress) = self.distress.get_mut(&position) {
            distress.asset = asset;
        }
        self.events.push(Event::LotStarted {
            position,
            lot,
            asset,
            stage: Stage::AtOnce,
            start_at: now,
            over_at: None,
            value: self.allowed(account, asset) * self.prices[asset],
            from: multiplier,
            to: multiplier,
        });
    }

    fn end(&mut self, position: PositionId, why: End) {
        self.distress.remove(&position);
        let health = self.health_of(position);
        self.events.push(Event::Ended {
            position,
            why,
            health,
        });
    }

    /// What follows a fill: the end, another lot, or the rest of this one.
    fn after_fill(&mut self, now: Time, position: PositionId, account: &Account, cleared: bool) {
        if account.debt <= 0.0 {
            return self.end(position, End::Closed);
        }
        if account.collateral.held().next().is_none() {
            let debt = account.debt;
            self.flows.debt_out += debt;
            self.store(
                position,
                Account {
                    debt: 0.0,
                    ..*account
                },
            );
            self.events.push(Event::WrittenOff {
                position,
                debt,
                insurance: 0.0,
                index_loss: debt,
            });
            return self.end(position, End::WrittenOff);
        }
        if self.health(account).is_none_or(|health| health >= 1.0) {
            return self.end(position, End::Restored);
        }
        if cleared {
            self.start_lot(now, position, account);
        }
    }

    /// Fails unless the accounts hold what came in less what went out.
    fn check(&mut self, now: Time, what: &str, flow: (f64, f64), actual: f64) -> Result<(), RulesError> {
        self.counts.invariant_checks += 1;
        let expected = flow.0 - flow.1;
        if (expected - actual).abs() <= ROUNDING * flow.0.max(1.0) {
            return Ok(());
        }
        Err(RulesError {
            time: now,
            action: format!("checking that {what} adds up"),
            cause: format!("accounts hold {actual}, expected {expected}"),
        })
    }
}

impl Rules for Hard {
    fn prices(&mut self, now: Time, new: &[(AssetNumber, f64)]) -> Result<(), RulesError> {
        for (asset, price) in new {
            self.prices[*asset] = *price;
            self.counts.messages += 1;
        }
        let singles = new
            .iter()
            .flat_map(|(asset, price)| self.watch.below(*asset, *price));
        let mixed = self.watch.mixed();
        let mixed = mixed.filter(|position| self.health_of(*position).is_some_and(|health| health < 1.0));
        let below: Vec<PositionId> = singles
            .chain(mixed)
            .filter(|position| !self.distress.contains_key(position))
            .collect();
        for position in below {
            let Some(account) = self.accounts.get(&position).copied() else {
                continue;
            };
            let health = self.health(&account).unwrap_or_default();
            self.distress.insert(position, Distress::default());
            self.events.push(Event::Called {
                position,
                health,
                breached_at: now,
                grace_until: now,
            });
            self.events.push(Event::Opened {
                position,
                health,
                grace_ended: now,
            });
            self.start_lot(now, position, &account);
        }
        let recovered: Vec<(PositionId, End)> = self
            .distress
            .iter()
            .filter(|(position, _)| self.health_of(**position).is_none_or(|health| health >= 1.0))
            .map(|(position, distress)| {
                (
                    *position,
                    if distress.begun {
                        End::Restored
                    } else {
                        End::Lapsed
                    },
                )
            })
            .collect();
        for (position, why) in recovered {
            self.end(position, why);
        }
        Ok(())
    }

    fn next_due(&self) -> Option<Time> {
        None
    }

    fn advance(&mut self, _now: Time) -> Result<(), RulesError> {
        Ok(())
    }

    fn offers(&self, _now: Time, into: &mut Vec<Offer>) {
        for (position, distress) in &self.distress {
            if let Some(account) = self.accounts.get(position) {
                into.push(Offer {
                    position: *position,
                    asset: distress.asset,
                    price: self.lot_price(distress.asset),
                    tokens: self.allowed(account, distress.asset),
                });
            }
        }
    }

    fn bid(&mut self, now: Time, bid: Bid) -> Result<Option<Bought>, RulesError> {
        let position = bid.position;
        let (Some(mut account), Some(distress)) = (
            self.accounts.get(&position).copied(),
            self.distress.get(&position).copied(),
        ) else {
            return Ok(None);
        };
        let asset = distress.asset;
        let price = self.lot_price(asset);
        let allowed = self.allowed(&account, asset);
        let tokens = bid.tokens.min(allowed);
        if tokens <= 0.0 || price > bid.max_price * (1.0 + ROUNDING) {
            return Ok(None);
        }
        let begun = Distress {
            begun: true,
            ..distress
        };
        self.distress.insert(position, begun);
        self.counts.messages += 1;

        let cleared = tokens >= allowed * (1.0 - ROUNDING);
        let health_before = self.health(&account).unwrap_or_default();
        let repaid = (tokens * price).min(account.debt);
        account.collateral[asset] -= tokens;
        account.debt -= repaid;
        self.flows.collateral_sold[asset] += tokens;
        self.flows.debt_out += repaid;
        if account.collateral[asset] * price < ROUNDING {
            self.flows.collateral_sold[asset] += account.collateral[asset];
            account.collateral[asset] = 0.0;
        }
        if account.debt < ROUNDING {
            self.flows.debt_out += account.debt;
            account.debt = 0.0;
        }
        self.store(position, account);
        self.events.push(Event::Fill(Fill {
            position,
            lot: self.lots.get(&position).copied().unwrap_or_default(),
            asset,
            stage: Stage::AtOnce,
            sold: tokens,
            paid: repaid,
            repaid,
            penalty: 0.0,
            price,
            discount: 1.0 - price / self.prices[asset],
            health_before,
            health_after: self.health(&account),
            cleared,
            at_floor: false,
            buyer: Buyer::Keeper,
        }));
        self.after_fill(now, position, &account, cleared);
        Ok(Some(Bought { tokens, paid: repaid }))
    }

    fn cure(&mut self, _now: Time, position: PositionId) -> Result<(), RulesError> {
        let Some(mut account) = self.accounts.get(&position).copied() else {
            return Ok(());
        };
        if !self.distress.contains_key(&position) {
            return Ok(());
        }
        self.counts.messages += 1;
        let target = account
            .collateral
            .weighted(&self.prices, self.target.iter().copied());
        let cash = (account.debt - target).max(0.0);
        account.debt -= cash;
        self.flows.debt_out += cash;
        self.store(position, account);
        self.events.push(Event::Cured {
            position,
            cash,
            health: self.health(&account),
        });
        self.end(position, End::Cured);
        Ok(())
    }

    fn audit(&mut self, now: Time) -> Result<(), RulesError> {
        for asset in 0..self.prices.len() {
            let held = self.accounts.values().map(|account| account.collateral[asset]);
            let collateral: f64 = held.sum();
            let flows = &self.flows;
            let tokens = (flows.collateral_in[asset], flows.collateral_sold[asset]);
            self.check(now, "collateral", tokens, collateral)?;
        }
        let debt: f64 = self.accounts.values().map(|account| account.debt).sum();
        let owed = (self.flows.debt_in, self.flows.debt_out);
        self.check(now, "debt", owed, debt)
    }

    fn drain(&mut self, into: &mut Vec<Event>) {
        into.append(&mut self.events);
    }

    fn accounts(&mut self, _now: Time) -> Result<Vec<Account>, RulesError> {
        Ok(self.accounts.values().copied().collect())
    }

    fn counts(&self) -> Counts {
        self.counts
    }
}

#[cfg(test)]
mod tests;

//! A plain hard liquidation: whoever repays debt of a position below maintenance takes collateral of that
//! value and a fixed bonus, at once; up to the close factor of the debt, or all of it in deep distress.

use std::collections::BTreeMap;

use super::{
    Account, Bid, Bought, Counts, End, Event, Fill, Offer, PositionId, Rules, RulesError, Stage, Watch,
};
use crate::clock::Time;
use crate::config;
use crate::scene::Scene;

/// Less than this part of an amount is rounding.
const ROUNDING: f64 = 1e-9;

/// Positions under hard liquidation.
#[derive(Debug)]
pub struct Hard {
    terms: config::Hard,
    maintenance_weight: f64,
    target_weight: f64,
    price: f64,
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
}

/// All that ever moved, to check the accounts against.
#[derive(Debug, Default)]
struct Flows {
    collateral_in: f64,
    collateral_sold: f64,
    debt_in: f64,
    debt_out: f64,
}

impl Hard {
    /// The positions of `scene` under its configuration.
    pub fn open(scene: &Scene) -> Self {
        let mut hard = Self {
            terms: scene.config.hard.clone(),
            maintenance_weight: scene.config.risk.maintenance_weight,
            target_weight: scene.config.risk.target_weight,
            price: scene.path.first(),
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
            hard.flows.collateral_in += account.collateral;
            hard.flows.debt_in += account.debt;
            hard.store(borrower.position, account);
        }
        hard
    }

    /// Maintenance health; none without debt.
    fn health(&self, account: &Account) -> Option<f64> {
        (account.debt > 0.0).then(|| account.collateral * self.price * self.maintenance_weight / account.debt)
    }

    /// Maintenance health of a position with debt, below 1 where it can be liquidated.
    fn health_of(&self, position: PositionId) -> Option<f64> {
        self.accounts
            .get(&position)
            .and_then(|account| self.health(account))
    }

    /// Writes an account back and watches it at its new breach price.
    fn store(&mut self, position: PositionId, account: Account) {
        let breach = account.debt / (account.collateral * self.maintenance_weight);
        self.watch.set(
            position,
            (account.debt > 0.0 && account.collateral > 0.0).then_some(breach),
        );
        self.accounts.insert(position, account);
    }

    /// USD per token that a liquidator pays.
    fn lot_price(&self) -> f64 {
        self.price / (1.0 + self.terms.bonus)
    }

    /// Tokens that may be taken from a position below maintenance now.
    fn allowed(&self, account: &Account) -> f64 {
        match self.health(account) {
            Some(health) if health < 1.0 => {
                let all = health < self.terms.all_below_health;
                let repaid = account.debt * if all { 1.0 } else { self.terms.close_factor };
                (repaid / self.lot_price()).min(account.collateral)
            }
            _ => 0.0,
        }
    }

    fn start_lot(&mut self, now: Time, position: PositionId, account: &Account) {
        let lot = self.lots.entry(position).or_default();
        *lot += 1;
        let (lot, multiplier) = (*lot, 1.0 / (1.0 + self.terms.bonus));
        self.events.push(Event::LotStarted {
            position,
            lot,
            stage: Stage::AtOnce,
            start_at: now,
            over_at: None,
            value: self.allowed(account) * self.price,
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
        if account.collateral <= 0.0 {
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
    fn price(&mut self, now: Time, price: f64) -> Result<(), RulesError> {
        self.price = price;
        self.counts.messages += 1;
        let below: Vec<PositionId> = self
            .watch
            .below(price)
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
        for position in self.distress.keys() {
            if let Some(account) = self.accounts.get(position) {
                into.push(Offer {
                    position: *position,
                    price: self.lot_price(),
                    tokens: self.allowed(account),
                });
            }
        }
    }

    fn bid(&mut self, now: Time, bid: Bid) -> Result<Option<Bought>, RulesError> {
        let (position, price) = (bid.position, self.lot_price());
        let Some(mut account) = self.accounts.get(&position).copied() else {
            return Ok(None);
        };
        let allowed = self.allowed(&account);
        let tokens = bid.tokens.min(allowed);
        if tokens <= 0.0 || price > bid.max_price * (1.0 + ROUNDING) {
            return Ok(None);
        }
        let Some(distress) = self.distress.get_mut(&position) else {
            return Ok(None);
        };
        distress.begun = true;
        self.counts.messages += 1;

        let cleared = tokens >= allowed * (1.0 - ROUNDING);
        let health_before = self.health(&account).unwrap_or_default();
        let repaid = (tokens * price).min(account.debt);
        account.collateral -= tokens;
        account.debt -= repaid;
        self.flows.collateral_sold += tokens;
        self.flows.debt_out += repaid;
        if account.collateral * price < ROUNDING {
            self.flows.collateral_sold += account.collateral;
            account.collateral = 0.0;
        }
        if account.debt < ROUNDING {
            self.flows.debt_out += account.debt;
            account.debt = 0.0;
        }
        self.store(position, account);
        self.events.push(Event::Fill(Fill {
            position,
            lot: self.lots.get(&position).copied().unwrap_or_default(),
            stage: Stage::AtOnce,
            sold: tokens,
            paid: repaid,
            repaid,
            penalty: 0.0,
            price,
            discount: 1.0 - price / self.price,
            health_before,
            health_after: self.health(&account),
            cleared,
            at_floor: false,
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
        let target = account.collateral * self.price * self.target_weight;
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
        let collateral: f64 = self.accounts.values().map(|account| account.collateral).sum();
        let debt: f64 = self.accounts.values().map(|account| account.debt).sum();
        let flows = &self.flows;
        let (tokens, owed) = (
            (flows.collateral_in, flows.collateral_sold),
            (flows.debt_in, flows.debt_out),
        );
        self.check(now, "collateral", tokens, collateral)?;
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

//! Rules for tests only: gradual sales in the simplest form that uses all of the boundary. They are not the
//! rules of the suite, and nothing is measured with them.

use std::collections::BTreeMap;

use glidepath_replay::amounts::AssetNumber;
use glidepath_replay::clock::Time;
use glidepath_replay::population::PositionId;
use glidepath_replay::rules::{
    Account, Bid, Bought, Breach, Buyer, Counts, End, Event, Fill, Offer, Rules, RulesError, Stage, Watch,
};
use glidepath_replay::scene::Scene;

const GRACE_S: u64 = 600;
const LIFE_S: u64 = 450;
const SPACING_S: u64 = 30;
const LOT_USD: f64 = 20_000.0;
const TARGET: f64 = 0.75;
const MAINTENANCE: f64 = 0.80;

/// What stands for a position in distress.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Grace { until: Time },
    Lot { start: Time, left: f64 },
}

/// Gradual sales in the simplest form.
pub struct Gradual {
    price: f64,
    accounts: BTreeMap<PositionId, Account>,
    watch: Watch,
    steps: BTreeMap<PositionId, Step>,
    lots: BTreeMap<PositionId, u32>,
    events: Vec<Event>,
    counts: Counts,
}

impl Gradual {
    pub fn open(scene: &Scene) -> Self {
        let mut rules = Self {
            price: scene.path.first(),
            accounts: BTreeMap::new(),
            watch: Watch::default(),
            steps: BTreeMap::new(),
            lots: BTreeMap::new(),
            events: Vec::new(),
            counts: Counts::default(),
        };
        for b in &scene.borrowers {
            rules.store(
                b.position,
                Account {
                    collateral: b.collateral,
                    debt: b.debt,
                    surcharge: 0.0,
                },
            );
        }
        rules
    }

    fn store(&mut self, position: PositionId, account: Account) {
        let breach = account.debt / (account.collateral[0] * MAINTENANCE);
        let held = account.debt > 0.0 && account.collateral[0] > 0.0;
        self.watch.set(
            position,
            if held {
                Breach::Below(0, breach)
            } else {
                Breach::Never
            },
        );
        self.accounts.insert(position, account);
    }

    fn account(&self, position: PositionId) -> Account {
        self.accounts.get(&position).copied().unwrap_or_default()
    }

    fn health(&self, account: Account) -> Option<f64> {
        (account.debt > 0.0).then(|| account.collateral[0] * self.price * MAINTENANCE / account.debt)
    }

    /// Tokens that bring the position to its target at `multiplier` of the price.
    fn solve(&self, account: Account, multiplier: f64) -> f64 {
        let missing = account.debt - account.collateral[0] * self.price * TARGET;
        (missing / ((multiplier * 0.999 - TARGET) * self.price)).clamp(0.0, account.collateral[0])
    }

    fn multiplier(now: Time, start: Time) -> f64 {
        1.005 - 0.065 * (now.saturating_sub(start) as f64 / LIFE_S as f64).min(1.0)
    }

    fn start_lot(&mut self, position: PositionId, start: Time) {
        let left = self.solve(self.account(position), 1.0).min(LOT_USD / self.price);
        let lot = self.lots.entry(position).or_default();
        *lot += 1;
        self.events.push(Event::LotStarted {
            position,
            lot: *lot,
            asset: 0,
            stage: Stage::Soft,
            start_at: start,
            over_at: Some(start + LIFE_S),
            value: left * self.price,
            from: Self::multiplier(0, 0),
            to: Self::multiplier(LIFE_S, 0),
        });
        self.steps.insert(position, Step::Lot { start, left });
    }

    fn end(&mut self, position: PositionId, why: End) {
        self.steps.remove(&position);
        let health = self.health(self.account(position));
        self.events.push(Event::Ended {
            position,
            why,
            health,
        });
    }

    fn due(step: &Step) -> Time {
        match step {
            Step::Grace { until } => *until,
            Step::Lot { start, .. } => start + LIFE_S,
        }
    }
}

impl Rules for Gradual {
    fn prices(&mut self, now: Time, new: &[(AssetNumber, f64)]) -> Result<(), RulesError> {
        let price = new[0].1;
        self.price = price;
        let below: Vec<PositionId> = self
            .watch
            .below(0, price)
            .filter(|position| !self.steps.contains_key(position))
            .collect();
        for position in below {
            let health = self.health(self.account(position)).unwrap_or_default();
            let grace_until = if health < 0.985 { now } else { now + GRACE_S };
            self.events.push(Event::Called {
                position,
                health,
                breached_at: now,
                grace_until,
            });
            self.steps.insert(position, Step::Grace { until: grace_until });
        }
        Ok(())
    }

    fn next_due(&self) -> Option<Time> {
        self.steps.values().map(Self::due).min()
    }

    fn advance(&mut self, now: Time) -> Result<(), RulesError> {
        let due: Vec<(PositionId, Step)> = self
            .steps
            .iter()
            .filter(|(_, step)| Self::due(step) <= now)
            .map(|(position, step)| (*position, *step))
            .collect();
        for (position, step) in due {
            self.counts.messages += 1;
            let health = self.health(self.account(position)).unwrap_or(f64::MAX);
            match step {
                Step::Grace { .. } if health >= 1.0 => self.end(position, End::Lapsed),
                Step::Grace { until } => {
                    self.events.push(Event::Opened {
                        position,
                        health,
                        grace_ended: until,
                    });
                    self.start_lot(position, now);
                }
                Step::Lot { .. } => {
                    let lot = self.lots.get(&position).copied().unwrap_or_default();
                    self.events.push(Event::Restarted { position, lot });
                    self.start_lot(position, now + SPACING_S);
                }
            }
        }
        Ok(())
    }

    fn offers(&self, now: Time, into: &mut Vec<Offer>) {
        for (position, step) in &self.steps {
            if let Step::Lot { start, left } = step {
                if *start <= now && now < start + LIFE_S {
                    let multiplier = Self::multiplier(now, *start);
                    let tokens = self.solve(self.account(*position), multiplier).min(*left);
                    into.push(Offer {
                        position: *position,
                        asset: 0,
                        price: self.price * multiplier,
                        tokens,
                    });
                }
            }
        }
    }

    fn bid(&mut self, now: Time, bid: Bid) -> Result<Option<Bought>, RulesError> {
        let position = bid.position;
        let Some(Step::Lot { start, left }) = self.steps.get(&position).copied() else {
            return Ok(None);
        };
        let multiplier = Self::multiplier(now, start);
        let (price, mut account) = (self.price * multiplier, self.account(position));
        let allowed = self.solve(account, multiplier).min(left);
        let sold = bid.tokens.min(allowed);
        if sold <= 0.0 {
            return Ok(None);
        }
        self.counts.messages += 1;
        let health_before = self.health(account).unwrap_or_default();
        let (paid, penalty) = (sold * price, sold * price * 0.001);
        account.collateral[0] -= sold;
        account.debt -= paid - penalty;
        self.store(position, account);
        let cleared = sold >= allowed * 0.999;
        self.events.push(Event::Fill(Fill {
            position,
            lot: self.lots.get(&position).copied().unwrap_or_default(),
            asset: 0,
            stage: Stage::Soft,
            sold,
            paid,
            repaid: paid - penalty,
            penalty,
            price,
            discount: 1.0 - multiplier,
            health_before,
            health_after: self.health(account),
            cleared,
            at_floor: false,
            buyer: Buyer::Keeper,
        }));
        if self.solve(account, multiplier) * self.price < 1.0 {
            self.end(position, End::Restored);
        } else if cleared {
            self.start_lot(position, now + SPACING_S);
        } else {
            self.steps.insert(
                position,
                Step::Lot {
                    start,
                    left: left - sold,
                },
            );
        }
        Ok(Some(Bought { tokens: sold, paid }))
    }

    fn cure(&mut self, _now: Time, position: PositionId) -> Result<(), RulesError> {
        if self.steps.contains_key(&position) {
            let mut account = self.account(position);
            let cash = (account.debt - account.collateral[0] * self.price * TARGET).max(0.0);
            account.debt -= cash;
            self.store(position, account);
            self.events.push(Event::Cured {
                position,
                cash,
                health: self.health(account),
            });
            self.end(position, End::Cured);
        }
        Ok(())
    }

    fn audit(&mut self, _now: Time) -> Result<(), RulesError> {
        self.counts.invariant_checks += 1;
        Ok(())
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

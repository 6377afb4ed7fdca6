//! What the contracts' events tell of positions.

use cosmwasm_std::{Decimal, Uint128};
use glidepath_interfaces::events::{auction, position_manager, vault};
use glidepath_testkit::{Outcome, Seen};

use crate::amounts::AssetNumber;
use crate::clock::Time;
use crate::rules::{Buyer, End, Event, Fill, PositionId, Stage};

use super::keeper::Call;
use super::setup::DEBT_DECIMALS;
use super::units::{float, from_units};
use super::{records, Soft};

/// A price this near to the lowest one is at the floor.
const ROUNDING: f64 = 1e-6;

/// An amount of the debt in USD.
pub(super) fn usd(event: &Seen, key: &str) -> f64 {
    from_units(event.must(key), DEBT_DECIMALS)
}

fn stage(event: &Seen) -> Stage {
    match event.text("mode") {
        Some("close_out") => Stage::CloseOut,
        Some("asked") => Stage::Asked,
        _ => Stage::Soft,
    }
}

impl Soft {
    /// Number of the collateral on sale.
    fn asset(&self, event: &Seen) -> AssetNumber {
        let name = event.text("collateral").unwrap_or_default();
        records::number(&self.known.assets, name).unwrap_or_default()
    }

    /// An amount of the collateral on sale in whole tokens.
    pub(super) fn tokens(&self, event: &Seen, key: &str) -> f64 {
        let decimals = self.known.assets[self.asset(event)].decimals;
        from_units(event.must(key), decimals)
    }

    /// Takes in what a message did: invariants, events, the ledger and sale of the positions that it touched.
    pub(super) fn absorb(&mut self, now: Time, outcome: &Outcome) -> anyhow::Result<()> {
        self.invariants.observe(&self.suite, outcome)?;
        self.observed += 1;
        let (mut touched, mut started) = (Vec::new(), Vec::new());
        let told = self.events.len();
        for (name, event) in outcome.of_suite() {
            let position: Option<u64> = event.get("position");
            let Some(position) = position.and_then(|n| PositionId::try_from(n).ok()) else {
                continue;
            };
            if !touched.contains(&position) {
                touched.push(position);
            }
            match name {
                position_manager::Advanced::TYPE => self.advanced(now, position, &event)?,
                position_manager::DistressEnded::TYPE => self.ended(position, &event),
                auction::LotStarted::TYPE => {
                    started.push(position);
                    self.lot_started(position, &event);
                }
                auction::Filled::TYPE => self.filled(now, position, &event),
                auction::OrdersMatched::TYPE => self.matched(position, &event),
                vault::Repaid::TYPE | vault::Settled::TYPE => self.surcharge_paid(position, &event),
                vault::DebtWrittenOff::TYPE => self.written_off(position, &event),
                _ => {}
            }
        }
        self.read_queues()?;
        self.read_books()?;
        for position in touched {
            self.refresh(now, position)?;
            self.hold_lots_to_need(now, position, told);
            if let Some(mut case) = self.cases.remove(&position) {
                case.waits_since = case.waits_since.filter(|_| !started.contains(&position));
                case.sale = records::sale(&self.suite, &self.known, position)?;
                case.touched(&self.standing(now, position), &self.params);
                self.cases.insert(position, case);
            }
        }
        Ok(())
    }

    fn advanced(&mut self, now: Time, position: PositionId, event: &Seen) -> anyhow::Result<()> {
        let health = event.get::<Decimal>("health_before").map_or(0.0, float);
        let lot = self.lots.get(&position).copied().unwrap_or_default();
        let Some(case) = self.cases.get(&position) else {
            return Ok(());
        };
        let (breached_at, call) = (case.breached_at, case.call);
        let called = |grace_until| Event::Called {
            position,
            health,
            breached_at,
            grace_until,
        };
        let mut new_call = None;
        match event.text("did").unwrap_or_default() {
            "called" => {
                let grace_until = event.must("grace_until");
                let grace = self.grace(&self.standing(now, position), &self.volatilities()?)?;
                new_call = Some(Call::new(
                    now,
                    grace,
                    grace_until,
                    self.standing(now, position).stood(),
                ));
                // A void call is recorded anew; the distress is the same.
                self.events.extend(call.is_none().then(|| called(grace_until)));
            }
            "opened" if event.text("mode") == Some("asked") => {
                self.events.push(Event::Asked { position, health });
            }
            // What was asked for is forced from now on.
            "opened" | "forced" => {
                if call.is_none() {
                    new_call = Some(Call::new(now, 0, now, self.standing(now, position).stood()));
                    self.events.push(called(now));
                }
                let grace_ended = call.map_or(now, |call| call.grace_ended(now));
                self.events.push(Event::Opened {
                    position,
                    health,
                    grace_ended,
                });
            }
            "escalated" => self.events.push(Event::Escalated { position, health }),
            "slept" => self.events.push(Event::Slept { position, health }),
            "restarted" => self.events.push(Event::Restarted { position, lot }),
            _ => {}
        }
        if let Some(case) = self.cases.get_mut(&position) {
            case.call = new_call.or(case.call);
        }
        Ok(())
    }

    fn lot_started(&mut self, position: PositionId, event: &Seen) {
        let (asset, tokens) = (self.asset(event), self.tokens(event, "amount"));
        let lot = self.lots.entry(position).or_default();
        *lot += 1;
        self.events.push(Event::LotStarted {
            position,
            lot: *lot,
            asset,
            stage: stage(event),
            start_at: event.must("start_at"),
            over_at: Some(event.must("ends_at")),
            value: tokens * self.known.prices[asset],
            from: float(event.must("from")),
            to: float(event.must("to")),
        });
    }

    /// A last lot has room for lower prices: told is what may be sold at the oracle's price.
    fn hold_lots_to_need(&mut self, now: Time, position: PositionId, since: usize) {
        let mut events = std::mem::take(&mut self.events);
        for event in events.iter_mut().skip(since) {
            match event {
                Event::LotStarted {
                    position: of,
                    asset,
                    value,
                    ..
                } if *of == position => {
                    *value = value.min(self.standing(now, position).need_at_oracle(*asset))
                }
                _ => {}
            }
        }
        self.events = events;
    }

    /// The ledger and the sale are still known as they were before the fill.
    fn filled(&mut self, now: Time, position: PositionId, event: &Seen) {
        let multiplier = float(event.must("multiplier"));
        let asset = self.asset(event);
        let sale = self.cases.get(&position).and_then(|case| case.sale);
        let lowest = sale.and_then(|sale| self.standing(now, position).lowest(&sale, sale.lot?.to));
        self.events.push(Event::Fill(Fill {
            position,
            lot: self.lots.get(&position).copied().unwrap_or_default(),
            stage: stage(event),
            asset,
            sold: self.tokens(event, "sold"),
            paid: usd(event, "paid"),
            repaid: usd(event, "repaid"),
            penalty: usd(event, "penalty"),
            price: self.known.prices[asset] * multiplier,
            discount: 1.0 - multiplier,
            health_before: float(event.must("health_before")),
            health_after: event.get("health_after").map(float),
            cleared: event.must::<Uint128>("lot_left").is_zero(),
            at_floor: lowest.is_some_and(|lowest| multiplier <= lowest + ROUNDING),
            buyer: self.buyer(event),
        }));
    }

    /// Who bought; of standing orders the slot is told by another event.
    fn buyer(&self, event: &Seen) -> Buyer {
        let bidder = event.text("bidder").unwrap_or_default();
        let flash = self.flash.as_ref();
        if flash.is_some_and(|flash| flash.is_contract(bidder)) {
            return Buyer::Callback;
        }
        if bidder == self.suite.peers.liquidation_auction.as_str() {
            return Buyer::Orders { slot: u8::MAX };
        }
        Buyer::Keeper
    }

    /// Which orders the last fill was of.
    fn matched(&mut self, position: PositionId, event: &Seen) {
        let fill = self.events.iter_mut().rev().find_map(|told| match told {
            Event::Fill(fill) if fill.position == position => Some(fill),
            _ => None,
        });
        if let Some(fill) = fill {
            fill.buyer = Buyer::Orders {
                slot: event.must("slot"),
            };
        }
    }

    fn surcharge_paid(&mut self, position: PositionId, event: &Seen) {
        *self.surcharge_paid.entry(position).or_default() += usd(event, "surcharge");
    }

    fn written_off(&mut self, position: PositionId, event: &Seen) {
        self.events.push(Event::WrittenOff {
            position,
            debt: usd(event, "loss"),
            insurance: usd(event, "fund"),
            index_loss: usd(event, "suppliers"),
        });
    }

    fn ended(&mut self, position: PositionId, event: &Seen) {
        let health = event.get("health").map(float);
        let why = match event.text("reason").unwrap_or_default() {
            _ if self.curing == Some(position) => End::Cured,
            "written_off" => End::WrittenOff,
            "target_met" if health.is_none() => End::Closed,
            "target_met" => End::Restored,
            _ => End::Lapsed,
        };
        self.cases.remove(&position);
        self.events.push(Event::Ended {
            position,
            why,
            health,
        });
    }
}

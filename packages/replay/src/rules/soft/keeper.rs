//! What the keepers know of a position in distress, and when they look at it.

use glidepath_interfaces::auction::{Mode, Sale};
use glidepath_interfaces::position_manager::Params;
use glidepath_risk::curve::Curve;
use glidepath_risk::pause::{Life, Pauses};

use crate::amounts::{AssetNumber, MOST_COLLATERALS};
use crate::clock::Time;
use crate::rules::Stage;

use super::standing::{Regime, Standing};
use super::units::{float, from_units};

/// Nothing will be due by itself.
pub const NEVER: Time = Time::MAX;

/// A position in distress, as its keepers know it.
#[derive(Debug, Clone)]
pub struct Case {
    /// When the oracle's price first put it below maintenance.
    pub breached_at: Time,
    /// The margin call, once it is recorded.
    pub call: Option<Call>,
    /// Its sale.
    pub sale: Option<OnSale>,
    /// When something may be due without a change of price, as the contract said when it was last asked.
    not_before: Option<Time>,
    /// A bid was refused: nobody tries again before the price or the position changes.
    pub shut: bool,
    /// When to look at it, if no price says otherwise.
    pub look_at: Time,
    /// Since when its next lot waits for the queue.
    pub waits_since: Option<Time>,
    /// Where it stood when it was last looked at.
    regime: Regime,
}

impl Case {
    /// A position that a price has just put below maintenance.
    pub fn new(now: Time) -> Self {
        Self {
            breached_at: now,
            call: None,
            sale: None,
            not_before: None,
            shut: false,
            look_at: now,
            waits_since: None,
            regime: Regime::default(),
        }
    }

    /// It was looked at and nothing is due, and by the contract's answer not before a time (a time that has passed waits
    /// for a price to be published or a source to be asked anew: anybody may do that at any moment).
    pub fn looked(&mut self, standing: &Standing, rules: &Params, not_before: Option<Time>) {
        self.regime = standing.regime(self.sale.as_ref());
        self.not_before = not_before.map(|time| time.max(standing.now + 1));
        let later = self.times(rules).filter(|time| *time > standing.now);
        self.look_at = later.min().unwrap_or(NEVER);
    }

    /// A message has touched it: looks at once where that moved it over a threshold or a close-out may be near.
    pub fn touched(&mut self, standing: &Standing, rules: &Params) {
        self.shut = false;
        self.not_before = None;
        let regime = standing.regime(self.sale.as_ref());
        let moved = self.is_new() || self.regime != regime;
        let soft = self.sale.is_none_or(|sale| sale.stage != Stage::CloseOut);
        self.look_at = if moved || (soft && regime.is_triggered()) {
            standing.now
        } else {
            let next = self.times(rules).min();
            next.map_or(NEVER, |time| time.max(standing.now))
        };
    }

    /// A price has come, which allows `grace` seconds: looks where that may have made something due.
    pub fn priced(&mut self, standing: &Standing, grace: impl FnOnce() -> u64) {
        let now = standing.now;
        self.shut = false;
        if let (Some(call), None) = (&mut self.call, &self.sale) {
            call.judge(now, grace(), standing.stood());
        }
        let regime = standing.regime(self.sale.as_ref());
        let moved = self.is_new() || self.regime != regime || standing.is_on_edge();
        if moved || (self.waits_since.is_none() && self.is_worth_a_lot(standing)) {
            self.look_at = now;
        } else if let (Some(call), None) = (&self.call, &self.sale) {
            self.look_at = self.look_at.min(call.until.max(now));
        }
    }

    /// Nothing was recorded of it.
    fn is_new(&self) -> bool {
        self.call.is_none() && self.sale.is_none()
    }

    /// The contract says until when grace runs: of several collaterals keepers reckon with less.
    pub fn told_grace(&mut self, until: Time) {
        if let (Some(call), None) = (&mut self.call, &self.sale) {
            (call.until, call.ended) = (until, None);
        }
    }

    /// Below maintenance, without a lot on sale, and with something to gain from one?
    fn is_worth_a_lot(&self, standing: &Standing) -> bool {
        let unsold = self.sale.filter(|sale| !sale.has_lot(standing));
        unsold.is_some_and(|sale| standing.stands(sale.stage) && standing.is_worth_a_lot(sale.stage))
    }

    /// The times at which something may be due without a change of price.
    fn times(&self, rules: &Params) -> impl Iterator<Item = Time> {
        let of_sale = match (&self.sale, &self.call) {
            (Some(sale), _) => [Some(sale.over_at(rules)), None],
            (None, Some(call)) => [Some(call.until), Some(call.until + rules.void_after + 1)],
            (None, None) => [None, None],
        };
        of_sale.into_iter().flatten().chain(self.not_before)
    }
}

/// A margin call.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    at: Time,
    /// Seconds of grace that were used before it.
    used: u64,
    /// End of grace as last judged.
    pub until: Time,
    /// Since when grace is over.
    ended: Option<Time>,
    /// Seconds that each collateral had stood still when it was recorded.
    stood: Stood,
}

/// Seconds that each collateral has stood still.
pub type Stood = [u64; MOST_COLLATERALS];

impl Call {
    /// A call recorded at `at` where the price allows `grace` seconds, with grace until `until`.
    pub fn new(at: Time, grace: u64, until: Time, stood: Stood) -> Self {
        Self {
            at,
            used: grace.saturating_sub(until.saturating_sub(at)),
            until,
            ended: (until <= at).then_some(at),
            stood,
        }
    }

    /// A price allows `grace` seconds now, and what stood still since the call makes it longer.
    fn judge(&mut self, now: Time, grace: u64, stood: Stood) {
        if self.until <= now {
            self.ended.get_or_insert(self.until);
        }
        let since = stood.iter().zip(&self.stood);
        let longest = since.map(|(now, then)| now.saturating_sub(*then)).max();
        let stood = longest.unwrap_or_default().min(now.saturating_sub(self.at));
        self.until = self.at + grace.saturating_sub(self.used) + stood;
        if self.until <= now {
            self.ended.get_or_insert(now);
        } else {
            self.ended = None;
        }
    }

    /// When grace was over for a sale that opens now; now, if it opens without waiting for that.
    pub fn grace_ended(&self, now: Time) -> Time {
        self.ended.unwrap_or(self.until).min(now)
    }
}

/// A running sale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OnSale {
    /// Its terms.
    pub stage: Stage,
    /// Collateral on sale.
    pub asset: AssetNumber,
    /// Pass of a close-out.
    pub pass: u8,
    /// Penalty in force.
    pub penalty: f64,
    /// The lot, if there is one.
    pub lot: Option<Lot>,
    asleep_since: Option<Time>,
}

impl OnSale {
    /// Is there a lot that is not over?
    pub fn has_lot(&self, standing: &Standing) -> bool {
        self.lot
            .is_some_and(|lot| !lot.is_over(&standing.pauses(self.asset), standing.now))
    }

    /// When its lot, or its sleep, is over.
    fn over_at(&self, rules: &Params) -> Time {
        match (self.asleep_since, &self.lot) {
            (Some(since), _) => since + rules.grace_memory,
            (None, Some(lot)) if lot.left > 0.0 => lot.life.ends_at + 1,
            _ => 0,
        }
    }
}

/// A lot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lot {
    /// From when to when, if nothing stands still.
    pub life: Life,
    from: f64,
    /// Multiplier at its end.
    pub to: f64,
    slope: f64,
    /// Whole tokens left.
    pub left: f64,
    /// Its next fill asks no more than health below the target.
    pub open: bool,
}

impl Lot {
    /// Can it be bought now?
    pub fn is_alive(&self, pauses: &[Pauses; 2], now: Time) -> bool {
        self.left > 0.0 && self.life.is_alive(pauses, now)
    }

    /// Is it sold, or its life over?
    pub fn is_over(&self, pauses: &[Pauses; 2], now: Time) -> bool {
        self.left <= 0.0 || self.life.is_over(pauses, now)
    }

    /// Multiplier of its curve now.
    pub fn multiplier(&self, pauses: &[Pauses; 2], now: Time) -> f64 {
        let elapsed = self.life.elapsed(pauses, now).unwrap_or_default() as f64;
        (self.from - self.slope * elapsed).max(self.to)
    }
}

impl OnSale {
    /// A sale of collateral number `asset` as it stands now; `pauses` are those of its pair.
    pub fn new(sale: &Sale, asset: AssetNumber, decimals: u8, pauses: &[Pauses; 2], now: Time) -> Self {
        let lot = sale.lot.as_ref().map(|lot| {
            let Curve::Linear { from, to, slope } = &lot.curve;
            Lot {
                life: lot.life(),
                from: float(*from),
                to: float(*to),
                slope: float(*slope),
                left: from_units(lot.left, decimals),
                open: !sale.needs_breach(lot, pauses, now),
            }
        });
        let stage = match sale.mode {
            Mode::Soft => Stage::Soft,
            Mode::CloseOut => Stage::CloseOut,
            Mode::Asked => Stage::Asked,
        };
        Self {
            stage,
            asset,
            pass: sale.pass,
            penalty: float(sale.penalty),
            lot,
            asleep_since: sale.asleep_since,
        }
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::{Decimal, Uint128};
    use glidepath_interfaces::auction::{Lot as AuctionLot, Reached};
    use glidepath_risk::pause::Pause;
    use glidepath_testkit::id;

    use super::*;

    /// A sale with a lot from 1,000 to 1,100 that follows the cleared one of a fill at 990.
    fn sale() -> Sale {
        Sale {
            mode: Mode::Soft,
            target: Decimal::one(),
            penalty: Decimal::zero(),
            collateral: id("coll"),
            debt: id("usd"),
            pass: 0,
            unsold: 0,
            lot: Some(AuctionLot {
                amount: Uint128::new(10),
                left: Uint128::new(10),
                start_at: 1_000,
                ends_at: 1_100,
                curve: Curve::Linear {
                    from: Decimal::one(),
                    to: Decimal::percent(94),
                    slope: Decimal::permille(1),
                },
                follows: true,
                reserved: 0,
                draw: None,
            }),
            last: Some(Reached {
                multiplier: Decimal::one(),
                at: 990,
            }),
            first_fill_at: Some(990),
            eta: Decimal::percent(50),
            asleep_since: None,
        }
    }

    #[test]
    fn a_lot_that_stood_still_for_longer_than_it_lives_is_open_no_more() {
        for (until, open) in [(1_085, true), (1_600, false)] {
            let silent = Pauses {
                outage: Pause::NEVER.then(1_050, Some(until)),
                ..Pauses::default()
            };
            let seen = OnSale::new(&sale(), 0, 6, &[silent, Pauses::default()], until + 5);
            assert_eq!(seen.lot.unwrap().open, open, "silent until {until}");
        }
    }

    #[test]
    fn the_contract_has_the_last_word_on_a_grace() {
        let mut case = Case::new(1_000);
        let mut call = Call::new(1_000, 900, 1_900, Stood::default());
        // Keepers reckon that a price leaves 300 seconds.
        call.judge(1_500, 300, Stood::default());
        assert_eq!((call.until, call.grace_ended(1_700)), (1_300, 1_500));
        case.call = Some(call);
        case.told_grace(1_650);
        let call = case.call.unwrap();
        assert_eq!((call.until, call.grace_ended(1_700)), (1_650, 1_650));
    }
}

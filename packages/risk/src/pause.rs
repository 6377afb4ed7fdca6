//! Stretches of time in which something stood still, an outage of a price source or a stop of fills, and what they do to
//! the clock of a lot and to a grace.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The last stretch in which something stood still, and how long all earlier ones lasted. Times are unix seconds.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// First second of the last one.
    pub from: u64,
    /// First second after it; none while nobody knows.
    pub until: Option<u64>,
    /// Seconds of all earlier ones together.
    pub before: u64,
}

impl Default for Pause {
    fn default() -> Self {
        Pause::NEVER
    }
}

impl Pause {
    /// Nothing ever stood still.
    pub const NEVER: Pause = Pause {
        from: 0,
        until: Some(0),
        before: 0,
    };

    /// Has it begun, and is it not over?
    pub fn runs_at(&self, now: u64) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }

    /// Is its end not known?
    pub fn is_open(&self) -> bool {
        self.until.is_none()
    }

    /// The next one, from `from` to `until`. Give it a `from` that is not before the end of the last one.
    pub fn then(&self, from: u64, until: Option<u64>) -> Self {
        Pause {
            from,
            until,
            before: self.seconds_by(from),
        }
    }

    /// The same, over at `until`.
    pub fn over(&self, until: u64) -> Self {
        Pause {
            until: Some(until),
            ..*self
        }
    }

    /// Seconds of all of them together up to `at`. For an `at` before the last one began, those before it.
    pub fn seconds_by(&self, at: u64) -> u64 {
        self.before.saturating_add(self.seconds_between(0, at))
    }

    /// Seconds of the last one between two moments.
    fn seconds_between(&self, from: u64, to: u64) -> u64 {
        let end = self.until.map_or(to, |until| until.min(to));
        end.saturating_sub(self.from.max(from))
    }

    /// What is in both.
    fn and(&self, other: &Pause) -> Pause {
        let until = match (self.until, other.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Pause {
            from: self.from.max(other.from),
            until,
            before: 0,
        }
    }
}

/// What stood still of one asset.
#[derive(Serialize, Deserialize, JsonSchema, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pauses {
    /// Its price source had no answer.
    pub outage: Pause,
    /// Its fills were stopped.
    pub fills: Pause,
}

impl Pauses {
    /// Seconds of both kinds together up to `at`, those once in which the last outage and the last stop ran at once: by what
    /// they have grown since a call, its grace is longer.
    pub fn seconds_by(&self, at: u64) -> u64 {
        let Pauses { outage, fills } = self;
        outage
            .seconds_by(at)
            .saturating_add(fills.seconds_by(at))
            .saturating_sub(outage.and(fills).seconds_between(0, at))
    }

    /// The same at a moment that is past, with what is known of it since; none where one of the last two began later: how
    /// long the earlier ones had lasted by then is forgotten.
    pub fn known_at(&self, at: u64) -> Option<u64> {
        (self.outage.from <= at && self.fills.from <= at).then(|| self.seconds_by(at))
    }
}

/// The life of a lot, as it was fixed at its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// First second.
    pub start_at: u64,
    /// Last second, if nothing stands still.
    pub ends_at: u64,
}

impl Life {
    /// From which second on the lot's clock runs: where an outage of one of the two prices fell into its life, the end of
    /// that outage, because its price then starts over with a price that is known; else its start. An outage that began
    /// when the lot was over does not revive it.
    ///
    /// A lot from 1,000 to 1,450 runs from 1,700 if a source was out from 1,200 to 1,700.
    pub fn origin(&self, pauses: &[Pauses; 2]) -> u64 {
        self.outages(pauses)
            .filter_map(|outage| outage.until)
            .fold(self.start_at, u64::max)
    }

    /// Outages that began in its life, as stops of fills have lengthened it. Those that began in what the first one added
    /// do not count: a life is extended once.
    fn outages<'a>(&self, pauses: &'a [Pauses; 2]) -> impl Iterator<Item = &'a Pause> {
        let end = self.end_from(self.start_at, pauses);
        pauses
            .iter()
            .map(|asset| &asset.outage)
            .filter(move |outage| outage.from <= end)
    }

    /// Last second of a life that begins at `origin`: a stop of the fills of one of the two assets that begins in it makes
    /// it longer. The end of time if a stop has no end.
    fn end_from(&self, origin: u64, pauses: &[Pauses; 2]) -> u64 {
        let [a, b] = pauses.map(|asset| asset.fills);
        let stops = if a.from <= b.from { [a, b] } else { [b, a] };
        let mut end = origin.saturating_add(self.ends_at.saturating_sub(self.start_at));
        let mut counted = origin;
        for stop in stops {
            let (from, until) = (stop.from.max(counted), stop.until.unwrap_or(u64::MAX));
            if from <= end {
                end = end.saturating_add(until.saturating_sub(from));
                counted = counted.max(until);
            }
        }
        end
    }

    /// Seconds that the lot's clock has run at `now`: a stop of the fills of one of the two assets holds it. None before
    /// its start.
    ///
    /// A lot from 1,000 on whose fills were stopped from 1,100 to 4,700 has run for 100 s at 4,000 and for 300 s at 4,900.
    pub fn elapsed(&self, pauses: &[Pauses; 2], now: u64) -> Option<u64> {
        if now < self.start_at {
            return None;
        }
        let origin = self.origin(pauses);
        let [a, b] = pauses.map(|asset| asset.fills);
        let stopped = |pause: Pause| pause.seconds_between(origin, now);
        let stood = stopped(a)
            .saturating_add(stopped(b))
            .saturating_sub(stopped(a.and(&b)));
        Some(now.saturating_sub(origin).saturating_sub(stood))
    }

    /// May the lot be bought at `now`, if its fills are not stopped? Not in an outage that has outlasted its time: its price
    /// would rest at its floor.
    pub fn is_alive(&self, pauses: &[Pauses; 2], now: u64) -> bool {
        self.start_at <= now && now <= self.end(pauses)
    }

    /// Is the lot's time over at `now`? Never while a source is out whose outage fell into its life: nobody could bid, and
    /// the end of the outage starts its clock over.
    pub fn is_over(&self, pauses: &[Pauses; 2], now: u64) -> bool {
        let waits = self.outages(pauses).any(Pause::is_open);
        !waits && now > self.end(pauses)
    }

    /// Last second of its life, if nothing stands still again. While an outage lasts nobody knows it: the last second as if
    /// it had none.
    pub fn end(&self, pauses: &[Pauses; 2]) -> u64 {
        self.end_from(self.origin(pauses), pauses)
    }

    /// Last second of its life that may still come at `now`: `now` itself where that is past.
    pub fn last(&self, pauses: &[Pauses; 2], now: u64) -> u64 {
        self.end(pauses).max(now)
    }

    /// When it last went on after standing still in its life, as far as that is past at `now`: its start if it never did.
    pub fn resumed_at(&self, pauses: &[Pauses; 2], now: u64) -> u64 {
        let (origin, end) = (self.origin(pauses), self.end(pauses));
        pauses
            .iter()
            .map(|asset| asset.fills)
            .filter(|stop| stop.from <= end && stop.until != Some(stop.from))
            .filter_map(|stop| stop.until)
            .filter(|until| *until <= now)
            .fold(origin, u64::max)
    }
}

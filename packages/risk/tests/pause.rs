//! The clock of a lot around outages and stops, against a clock that ticks.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod model;

use glidepath_risk::pause::{Life, Pause, Pauses};
use model::cases;
use proptest::prelude::*;

/// A clock that ticks once a second, and what it is told.
struct Ticks<'a> {
    life: Life,
    pauses: &'a [Pauses; 2],
}

impl Ticks<'_> {
    fn stopped(&self, second: u64) -> bool {
        self.pauses.iter().any(|asset| {
            let Pause { from, until, .. } = asset.fills;
            second >= from && until.is_none_or(|until| second < until)
        })
    }

    /// Ticks from `origin` to `now`.
    fn run(&self, origin: u64, now: u64) -> u64 {
        (origin..now).filter(|second| !self.stopped(*second)).count() as u64
    }

    /// Does the outage begin while a lot is alive that only stops have lengthened?
    fn counts(&self, outage: &Pause) -> bool {
        let start = self.life.start_at;
        outage.from <= start || self.run(start, outage.from) <= self.life.ends_at - start
    }

    fn origin(&self) -> u64 {
        let outages = self.pauses.iter().map(|asset| asset.outage);
        outages
            .filter(|outage| self.counts(outage))
            .map(|outage| outage.until.unwrap_or(0))
            .max()
            .unwrap_or(0)
            .max(self.life.start_at)
    }

    fn waits(&self) -> bool {
        let mut outages = self.pauses.iter().map(|asset| asset.outage);
        outages.any(|outage| outage.until.is_none() && self.counts(&outage))
    }

    fn is_past(&self, now: u64) -> bool {
        self.run(self.origin(), now) > self.life.ends_at - self.life.start_at
    }
}

fn pause() -> impl Strategy<Value = Pause> {
    prop_oneof![
        1 => Just(Pause::NEVER),
        4 => (0u64..80, 0u64..60).prop_map(|(from, seconds)| Pause {
            from,
            until: Some(from + seconds),
            before: 0
        }),
        1 => (0u64..80).prop_map(|from| Pause { from, until: None, before: 0 }),
    ]
}

fn pauses() -> impl Strategy<Value = [Pauses; 2]> {
    let asset = || (pause(), pause()).prop_map(|(outage, fills)| Pauses { outage, fills });
    (asset(), asset()).prop_map(|(a, b)| [a, b])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_024, ..cases("tests/pause.proptest-regressions") })]

    #[test]
    fn a_life_is_what_a_ticking_clock_says(start in 10u64..40, length in 0u64..30, pauses in pauses()) {
        let life = Life { start_at: start, ends_at: start + length };
        let ticks = Ticks { life, pauses: &pauses };
        prop_assert_eq!(life.origin(&pauses), ticks.origin());
        for now in 0..400 {
            let past = now >= start && ticks.is_past(now);
            let elapsed = (now >= start).then(|| ticks.run(ticks.origin(), now));
            prop_assert_eq!(life.elapsed(&pauses, now), elapsed, "elapsed at {}", now);
            prop_assert_eq!(life.is_alive(&pauses, now), now >= start && !past, "alive at {}", now);
            prop_assert_eq!(life.is_over(&pauses, now), past && !ticks.waits(), "over at {}", now);
            // Its end is the last second in which it is alive, and known all the time.
            if now >= start {
                prop_assert_eq!(now > life.end(&pauses), past, "end at {}", now);
            }
            prop_assert_eq!(life.last(&pauses, now), life.end(&pauses).max(now));
            // Where it went on last: from then on nothing has held it.
            let resumed = life.resumed_at(&pauses, now);
            prop_assert!(resumed >= start);
            if life.is_alive(&pauses, now) && resumed <= now && !ticks.stopped(now) {
                let ran = now - resumed;
                prop_assert_eq!(ticks.run(resumed, now), ran, "held after {}", resumed);
                let before = ticks.run(ticks.origin(), resumed.max(ticks.origin()));
                prop_assert_eq!(before + ran, elapsed.unwrap());
                prop_assert!(resumed == start || resumed == ticks.origin() || ticks.stopped(resumed - 1));
            }
        }
    }

    /// Once over, over for ever, while the records stay: nothing that begins later revives it.
    #[test]
    fn what_begins_after_a_life_changes_nothing(
        start in 10u64..40,
        length in 0u64..30,
        mut pauses in pauses(),
        later in 1u64..50,
        kind in 0usize..4,
    ) {
        let life = Life { start_at: start, ends_at: start + length };
        for asset in &mut pauses {
            asset.outage.until = asset.outage.until.or(Some(asset.outage.from + 40));
            asset.fills.until = asset.fills.until.or(Some(asset.fills.from + 40));
        }
        let paused = |pauses: &mut [Pauses; 2], pause: Pause| {
            let asset = &mut pauses[kind / 2];
            if kind % 2 == 0 { asset.outage = pause } else { asset.fills = pause }
        };
        paused(&mut pauses, Pause::NEVER.then(1, Some(5)));
        let end = life.end(&pauses);
        let mut after = pauses;
        paused(&mut after, Pause::NEVER.then(end + later, None));
        prop_assert_eq!(life.end(&after), end);
        for now in end + 1..end + 200 {
            prop_assert!(life.is_over(&after, now));
        }
    }
}

#[test]
fn worked_examples() {
    let life = Life {
        start_at: 1_000,
        ends_at: 1_450,
    };
    let with = |outage, fills| [Pauses { outage, fills }, Pauses::default()];
    let out = with(Pause::NEVER.then(1_200, Some(1_700)), Pause::NEVER);
    assert_eq!((life.origin(&out), life.end(&out)), (1_700, 2_150));
    let stop = with(Pause::NEVER, Pause::NEVER.then(1_100, Some(4_700)));
    assert_eq!(life.elapsed(&stop, 4_000), Some(100));
    assert_eq!(life.elapsed(&stop, 4_900), Some(300));
    assert_eq!(life.end(&stop), 5_050);
    // A stop in what the outage added, and an outage in what the stop added.
    let both = with(
        Pause::NEVER.then(1_200, Some(1_700)),
        Pause::NEVER.then(2_000, Some(2_100)),
    );
    assert_eq!(life.end(&both), 2_250);
    let both = with(
        Pause::NEVER.then(4_900, Some(6_000)),
        Pause::NEVER.then(1_100, Some(4_700)),
    );
    assert_eq!((life.origin(&both), life.end(&both)), (6_000, 6_450));
}

/// An outage that began after a life, or in what another one added, extends nothing.
#[test]
fn a_life_is_extended_once() {
    let life = Life {
        start_at: 1_000,
        ends_at: 1_450,
    };
    let outage = |from, until| Pauses {
        outage: Pause::NEVER.then(from, Some(until)),
        fills: Pause::NEVER,
    };
    assert_eq!(
        life.end(&[outage(1_200, 1_700), outage(1_701, 9_000)]),
        2_150,
        "began in what the first added"
    );
    assert_eq!(life.end(&[outage(1_451, 9_000), Pauses::default()]), 1_450);
    assert_eq!(life.end(&[outage(1_450, 9_000), Pauses::default()]), 9_450);
    assert_eq!(
        life.end(&[outage(500, 1_000), Pauses::default()]),
        1_450,
        "over at its start"
    );
    assert_eq!(
        life.end(&[outage(500, 1_001), Pauses::default()]),
        1_451,
        "over a second after"
    );
}

#[test]
fn seconds_of_pauses_add_up() {
    let first = Pause::NEVER.then(100, Some(160));
    let second = first.then(200, None);
    assert_eq!((second.before, second.seconds_by(230)), (60, 90));
    assert!(second.runs_at(200) && second.runs_at(5_000) && !second.runs_at(199));
    let over = second.over(250);
    assert_eq!(over.seconds_by(1_000), 110);
    assert!(!over.runs_at(250) && !over.is_open());
    assert_eq!(
        over.seconds_by(150),
        60,
        "before the last one began: those before it"
    );
    let both = Pauses {
        outage: first,
        fills: over,
    };
    assert_eq!(both.seconds_by(1_000), 170);
    let at_once = Pauses {
        outage: Pause::NEVER.then(100, None),
        fills: Pause::NEVER.then(150, Some(250)),
    };
    let grown = [100, 160, 250, 300].map(|at| at_once.seconds_by(at));
    assert_eq!(
        grown,
        [0, 60, 150, 200],
        "an hour that stands still twice is an hour"
    );
}

#[test]
fn the_ends_of_time_are_no_panic() {
    let life = Life {
        start_at: u64::MAX - 5,
        ends_at: u64::MAX,
    };
    let never = [Pauses {
        outage: Pause::NEVER.then(u64::MAX, None),
        fills: Pause::NEVER.then(0, None),
    }; 2];
    assert_eq!(life.elapsed(&never, u64::MAX), Some(0));
    assert_eq!(life.end(&never), u64::MAX);
    assert!(!life.is_over(&never, u64::MAX));
}

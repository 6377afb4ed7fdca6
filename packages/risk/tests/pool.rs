//! Stake units: no order of operations makes a share out of nothing, and none is lost.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic
)]

use cosmwasm_std::Uint128;
use glidepath_risk::pool::{Booked, Pool, RETIRED_BELOW, STREAM_FROM, STREAM_OVER};
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

const DAY: u64 = 86_400;
const STREAM: u64 = 7 * DAY;

fn q(n: impl Into<BigInt>) -> BigRational {
    BigRational::from_integer(n.into())
}

/// Exact worth of a unit in shares, the virtual ones included.
fn price(pool: &Pool) -> BigRational {
    (q(pool.shares.u128()) + q(1)) / (q(pool.units.u128()) + q(1))
}

/// Are there too few stakes for what is on its way?
fn waits(pool: &Pool) -> bool {
    pool.units < STREAM_FROM || pool.shares.u128() < pool.streaming.u128() / STREAM_OVER.u128()
}

/// A pool of 10¹² units and shares.
fn example() -> Pool {
    let mut pool = Pool::new(0);
    assert_eq!(
        pool.stake(Uint128::new(1_000_000_000_000)).unwrap().u128(),
        1_000_000_000_000
    );
    pool
}

#[test]
fn an_empty_pool_counts_shares_as_units() {
    let mut pool = Pool::new(5);
    assert_eq!(pool.units_for(Uint128::new(7)).unwrap().u128(), 7);
    assert_eq!(pool.shares_for(Uint128::zero()).unwrap().u128(), 0);
    assert!(pool.book(Uint128::zero(), STREAM, 100).unwrap().is_nothing());
    assert_eq!((pool.booked_at, pool.generation), (100, 0));
}

#[test]
fn a_gain_arrives_in_a_straight_line() {
    let mut pool = example();
    let all = Uint128::new(1_000_000_000_700);
    assert_eq!(pool.book(all, STREAM, 0).unwrap().gained.u128(), 700);
    for (day, arrived) in [(1, 100), (3, 300), (6, 600), (7, 700), (9, 700)] {
        assert!(pool.book(all, STREAM, day * DAY).unwrap().is_nothing());
        assert_eq!(
            (pool.shares.u128(), pool.streaming.u128()),
            (1_000_000_000_000 + arrived, 700 - arrived)
        );
    }
}

#[test]
fn a_thousand_dust_gains_in_one_second_hold_nothing_up() {
    for stream in [STREAM, STREAM / 7] {
        let mut pool = example();
        let mut all = Uint128::new(2_000_000_000_000);
        pool.book(all, STREAM, 0).unwrap();
        for _ in 0..1_000 {
            all += Uint128::one();
            pool.book(all, stream, DAY).unwrap();
        }
        assert_eq!(pool.stream_ends_at, STREAM);
    }
}

#[test]
fn gains_wait_for_stakers() {
    let mut pool = Pool::new(0);
    pool.stake(STREAM_FROM - Uint128::one()).unwrap();
    let all = pool.shares + Uint128::new(700);
    pool.book(all, STREAM, 0).unwrap();
    pool.book(all, STREAM, 100 * DAY).unwrap();
    assert_eq!((pool.streaming.u128(), pool.stream_ends_at), (700, 107 * DAY));
    pool.stake(Uint128::one()).unwrap();
    pool.book(all + Uint128::one(), STREAM, 101 * DAY).unwrap();
    assert_eq!(pool.streaming.u128(), 600);
}

#[test]
fn attack_71_dust_is_no_stake_for_a_fortune() {
    let mut pool = Pool::new(0);
    pool.stake(STREAM_FROM).unwrap();
    let fortune = STREAM_FROM * STREAM_OVER + STREAM_OVER;
    let all = pool.shares + fortune;
    pool.book(all, STREAM, 0).unwrap();
    pool.book(all, STREAM, 100 * DAY).unwrap();
    assert_eq!((pool.streaming, pool.stream_ends_at), (fortune, 107 * DAY));
    // One share more is a tenth of it.
    pool.stake(Uint128::one()).unwrap();
    pool.book(all + Uint128::one(), STREAM, 107 * DAY).unwrap();
    assert!(pool.streaming.is_zero());
}

#[test]
fn a_loss_takes_the_stream_and_then_the_stakes() {
    let mut pool = example();
    pool.book(Uint128::new(1_000_000_000_700), STREAM, 0).unwrap();
    let booked = pool.book(Uint128::new(999_999_999_900), STREAM, DAY).unwrap();
    let expected = Booked {
        lost_stream: Uint128::new(600),
        lost_stakes: Uint128::new(200),
        ..Booked::default()
    };
    assert_eq!(booked, expected);
    assert_eq!((pool.shares.u128(), pool.streaming.u128()), (999_999_999_900, 0));
}

#[test]
fn a_generation_ends_below_a_millionth() {
    let last = Uint128::new(1_000_000_000_000) / RETIRED_BELOW;
    let mut pool = example();
    assert!(pool.book(last, STREAM, 0).unwrap().retired.is_zero());
    assert_eq!(
        pool.book(last - Uint128::one(), STREAM, 0)
            .unwrap()
            .retired
            .u128(),
        1_000_000_000_000
    );
    assert_eq!(
        (pool.units.u128(), pool.shares.u128(), pool.generation),
        (0, 0, 1)
    );
    assert_eq!(pool.streaming, last - Uint128::one());
    // One unit of one share, and the share goes: too small for a millionth, but nothing is nothing.
    let mut pool = Pool::new(0);
    pool.stake(Uint128::one()).unwrap();
    assert_eq!(pool.book(Uint128::zero(), STREAM, 0).unwrap().retired.u128(), 1);
}

#[test]
fn the_largest_market_can_be_booked() {
    let mut pool = Pool::new(0);
    pool.stake(Uint128::new(u128::MAX / 4)).unwrap();
    pool.book(Uint128::new(u128::MAX / 2), STREAM, 0).unwrap();
    pool.book(Uint128::new(u128::MAX / 2), STREAM, 3 * DAY).unwrap();
    assert!(pool.book(Uint128::one(), STREAM, 4 * DAY).unwrap().retired > Uint128::zero());
    pool.book(Uint128::one(), STREAM, u64::MAX).unwrap();
}

/// What may happen to a pool.
#[derive(Clone, Debug)]
enum Step {
    Stake(usize, u128),
    /// Parts of a million of what a staker has.
    Exit(usize, u32),
    Gain(u128),
    /// Parts of a million of everything.
    Lose(u32),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let amount = prop_oneof![
        1u128..100,
        1u128..10_000_000_000,
        1u128..1_000_000_000_000_000_000_000_000
    ];
    prop_oneof![
        3 => (0usize..4, amount.clone()).prop_map(|(who, shares)| Step::Stake(who, shares)),
        2 => (0usize..4, prop_oneof![1u32..=1_000_000, Just(1_000_000)]).prop_map(|(who, part)| Step::Exit(who, part)),
        2 => amount.prop_map(Step::Gain),
        1 => prop_oneof![1u32..1_000_000, 999_990u32..=1_000_000].prop_map(Step::Lose),
        3 => prop_oneof![1u64..60, 1u64..1_000_000].prop_map(Step::Wait),
    ]
}

/// The pool, its market's counter, and what its stakers think they have.
struct World {
    pool: Pool,
    fund_shares: Uint128,
    stakers: [(Uint128, u32); 4],
    now: u64,
}

impl World {
    fn units(&self, who: usize) -> Uint128 {
        let (units, generation) = self.stakers[who];
        if generation == self.pool.generation {
            units
        } else {
            Uint128::zero()
        }
    }

    /// Books, and checks the stream against an exact line and losses against their order.
    fn book(&mut self) -> Booked {
        let before = self.pool.clone();
        let booked = self.pool.book(self.fund_shares, STREAM, self.now).unwrap();
        let passed = self.now - before.booked_at;
        let left = before.stream_ends_at.saturating_sub(before.booked_at);
        let arrived = if waits(&before) || before.streaming.is_zero() {
            q(0)
        } else if passed >= left {
            q(before.streaming.u128())
        } else {
            (q(before.streaming.u128()) * q(passed) / q(left)).floor()
        };
        let streaming = q(before.streaming.u128()) - &arrived;
        let owned = q(before.shares.u128()) + &arrived;
        let change = q(self.fund_shares.u128()) - &streaming - &owned;
        let gained = change.clone().max(q(0));
        let lost = (-change).max(q(0));
        let lost_stream = lost.clone().min(streaming.clone());
        assert_eq!(q(booked.gained.u128()), gained);
        assert_eq!(q(booked.lost_stream.u128()), lost_stream);
        assert_eq!(q(booked.lost_stakes.u128()), &lost - &lost_stream);
        if booked.retired.is_zero() {
            assert_eq!(q(self.pool.shares.u128()), owned - (lost - &lost_stream));
            assert_eq!(self.pool.generation, before.generation);
        } else {
            assert_eq!(booked.retired, before.units);
            assert_eq!(self.pool.generation, before.generation + 1);
            assert!(q(self.pool.streaming.u128()) * q(RETIRED_BELOW.u128()) < q(before.units.u128()));
        }
        if !booked.gained.is_zero() {
            // The mean of both ends by weight, rounded down: what is left is never longer than a stream.
            let rest = if streaming == q(0) {
                q(0)
            } else {
                q(self.rest(&before))
            };
            let mean = (&streaming * rest + &gained * q(STREAM)) / (&streaming + &gained);
            let ends_in = q(self.pool.stream_ends_at) - q(self.now);
            assert_eq!(ends_in, mean.floor());
        }
        assert_eq!(
            self.pool.shares + self.pool.streaming,
            self.fund_shares,
            "every share is accounted for"
        );
        assert_eq!(self.pool.booked_at, self.now);
        booked
    }

    /// Seconds that the stream of `before` has left now.
    fn rest(&self, before: &Pool) -> u64 {
        let waited = if waits(before) {
            self.now - before.booked_at
        } else {
            0
        };
        (before.stream_ends_at + waited).saturating_sub(self.now)
    }

    fn take(&mut self, step: &Step) {
        let loses = matches!(step, Step::Lose(_));
        let before = price(&self.pool);
        let generation = self.pool.generation;
        match *step {
            Step::Wait(seconds) => self.now += seconds,
            Step::Gain(shares) => self.fund_shares += Uint128::new(shares),
            Step::Lose(part) => {
                let lost = self.fund_shares.multiply_ratio(part, 1_000_000u32);
                self.fund_shares -= lost;
            }
            Step::Stake(who, shares) => {
                let held = self.units(who);
                let shares = Uint128::new(shares);
                let exact = q(shares.u128()) / price(&self.pool);
                let units = self.pool.stake(shares).unwrap();
                assert_eq!(q(units.u128()), exact.floor());
                self.fund_shares += shares;
                self.stakers[who] = (held + units, self.pool.generation);
                assert!(
                    self.pool.shares_for(units).unwrap() <= shares,
                    "a round trip gains nothing"
                );
            }
            Step::Exit(who, part) => {
                let held = self.units(who);
                let units = held.multiply_ratio(part, 1_000_000u32);
                let exact = q(units.u128()) * price(&self.pool);
                let shares = self.pool.exit(units).unwrap();
                assert_eq!(q(shares.u128()), exact.floor());
                self.fund_shares -= shares;
                self.stakers[who] = (held - units, self.pool.generation);
            }
        }
        self.book();
        if !loses && generation == self.pool.generation {
            assert!(
                price(&self.pool) >= before,
                "only a loss lowers the worth of a unit: {step:?}"
            );
        }
        let sum: Uint128 = (0..4).map(|who| self.units(who)).sum();
        assert_eq!(sum, self.pool.units);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_order_of_steps_keeps_the_accounts(steps in prop::collection::vec(step(), 1..40)) {
        let mut world = World {
            pool: Pool::new(1_000),
            fund_shares: Uint128::zero(),
            stakers: [(Uint128::zero(), 0); 4],
            now: 1_000,
        };
        for step in &steps {
            world.take(step);
        }
        // In the end everybody can leave with his part, and no share is missing.
        for who in 0..4 {
            world.take(&Step::Exit(who, 1_000_000));
        }
        assert!(world.pool.units.is_zero());
    }

    #[test]
    fn booking_often_hands_out_what_booking_once_does(
        gain in 1u128..1_000_000_000_000,
        times in prop::collection::vec(1u64..STREAM, 1..30),
    ) {
        let all = Uint128::new(1_000_000_000_000 + gain);
        let mut often = example();
        often.book(all, STREAM, 0).unwrap();
        let mut once = often.clone();
        let mut times = times;
        times.sort_unstable();
        for at in &times {
            often.book(all, STREAM, *at).unwrap();
        }
        let last = times[times.len() - 1];
        once.book(all, STREAM, last).unwrap();
        prop_assert!(often.shares <= once.shares);
        prop_assert!(once.shares.u128() - often.shares.u128() <= times.len() as u128);
        often.book(all, STREAM, STREAM).unwrap();
        prop_assert_eq!(often.shares, all);
    }
}

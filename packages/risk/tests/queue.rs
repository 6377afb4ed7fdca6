//! The queue of lots against an exact model.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod model;

use cosmwasm_std::{Decimal, Decimal256, Uint256};
use glidepath_risk::queue::{Backlog, Queue, QueueTerms};
use glidepath_risk::{RiskError, Value};
use model::{cases, frac, int, ulp, usd, Q};
use num_traits::Zero;
use proptest::prelude::*;

fn queue(value: Value, at: u64) -> Queue {
    Queue {
        terms: QueueTerms {
            rate: Decimal::percent(800),
            burst: Decimal::percent(200),
        },
        depth: Value::usd(1_000_000),
        calm: Decimal::one(),
        largest: Value::usd(2_000_000),
        backlog: Backlog { value, at },
    }
}

fn usd_milli(milli: u64) -> Value {
    Value(Decimal256::from_ratio(milli, 1_000u64))
}

/// What is left of a backlog after so many seconds at a rate an hour, exactly.
fn left(value: &Q, rate: &Q, seconds: u64) -> Q {
    let left = value - rate * int(seconds) / int(3_600);
    left.max(Q::zero())
}

#[test]
fn worked_examples() {
    let full = queue(Value::usd(2_000_000), 1_000);
    assert_eq!(full.rate().unwrap(), Value::usd(8_000_000));
    assert_eq!(full.burst().unwrap(), Value::usd(2_000_000));
    assert_eq!(full.left(1_225).unwrap(), Value::usd(1_500_000));
    assert_eq!(full.left(90_000).unwrap(), Value::ZERO);
    assert_eq!(
        full.admit(Value::ZERO, Value::usd(500_000), 1_224).unwrap(),
        Err(1_225)
    );
    let admitted = full.admit(Value::ZERO, Value::usd(500_000), 1_225).unwrap();
    assert_eq!(
        admitted,
        Ok(Backlog {
            value: Value::usd(2_000_000),
            at: 1_225
        })
    );
    // Four times as volatile: half the rate, and never less than a quarter.
    for (calm, rate) in [(25, 4_000_000), (4, 2_000_000), (0, 2_000_000), (300, 8_000_000)] {
        let calm = Decimal::percent(calm);
        assert_eq!(Queue { calm, ..full }.rate().unwrap(), Value::usd(rate));
    }
}

/// A lot larger than four fifths of the burst, or than all of it, is admitted into a queue that is a fifth full, and into no
/// fuller one.
#[test]
fn a_burst_holds_the_largest_lot() {
    let small = Queue {
        largest: Value::usd(3_000_000),
        ..queue(Value::ZERO, 1_000)
    };
    assert_eq!(small.burst().unwrap(), Value::usd(3_000_000));
    // Dust does not keep the largest lot waiting.
    let dusty = Queue {
        backlog: Backlog {
            value: Value::usd(600_000),
            at: 1_000,
        },
        ..small
    };
    assert!(dusty.admit(Value::ZERO, small.largest, 1_000).unwrap().is_ok());
    let huge = Value::usd(9_000_000);
    assert!(small.admit(Value::ZERO, huge, 1_000).unwrap().is_ok());
    let dust = Queue {
        backlog: Backlog {
            value: Value::usd(600_001),
            at: 1_000,
        },
        ..small
    };
    assert_eq!(dust.admit(Value::ZERO, huge, 1_000).unwrap(), Err(1_001));
}

#[test]
fn what_replaces_is_never_refused_for_what_it_holds() {
    let over = queue(Value::usd(7_000_000), 1_000);
    let held = Value::usd(500_000);
    let without = |value| Ok(Backlog { value, at: 1_000 });
    assert_eq!(
        over.admit(held, held, 1_500).unwrap(),
        without(Value::usd(7_000_000))
    );
    assert_eq!(
        over.admit(held, Value::usd(200_000), 1_500).unwrap(),
        without(Value::usd(6_700_000))
    );
    let refused = over.admit(held, Value::usd(500_001), 1_000).unwrap();
    assert_eq!(refused, Err(1_000 + 5_000_001 * 36 / 80_000 + 1));
}

#[test]
fn a_queue_that_never_drains_admits_never() {
    let stuck = Queue {
        terms: QueueTerms {
            rate: Decimal::zero(),
            burst: Decimal::one(),
        },
        ..queue(Value::usd(2_000_000), 1_000)
    };
    assert_eq!(
        stuck.admit(Value::ZERO, Value::usd(1), 9_000).unwrap(),
        Err(u64::MAX)
    );
    assert_eq!(stuck.left(u64::MAX).unwrap(), Value::usd(2_000_000));
}

#[test]
fn extremes_are_errors_or_answers_and_never_a_panic() {
    let most = Value(Decimal256::MAX);
    let deep = Queue {
        depth: most,
        ..queue(most, 0)
    };
    assert_eq!(deep.rate(), Err(RiskError::Overflow));
    let slow = Queue {
        terms: QueueTerms {
            rate: Decimal::raw(1),
            burst: Decimal::zero(),
        },
        depth: Value(Decimal256::new(Uint256::one())),
        ..queue(most, 0)
    };
    assert_eq!(slow.rate().unwrap(), Value::ZERO);
    assert_eq!(slow.left(u64::MAX).unwrap(), most);
    let fast = Queue {
        terms: QueueTerms {
            rate: Decimal::one(),
            burst: Decimal::zero(),
        },
        depth: most,
        ..queue(most, 0)
    };
    // Drained by more than a value can be.
    assert_eq!(fast.left(u64::MAX).unwrap(), Value::ZERO);
    let fast = Queue {
        backlog: Backlog {
            value: most.minus(Value::usd(1)),
            at: 0,
        },
        ..fast
    };
    assert_eq!(
        fast.admit(Value::ZERO, Value::usd(1), u64::MAX)
            .unwrap()
            .unwrap()
            .value,
        Value::usd(1)
    );
    assert_eq!(
        queue(most, 0).admit(Value::ZERO, Value::usd(1), 0).unwrap_err(),
        RiskError::Overflow
    );
}

proptest! {
    #![proptest_config(cases("tests/queue.proptest-regressions"))]

    /// A lot is admitted from the very second on in which what is left and its draw fit, and the backlog is what the model
    /// says, rounded up by at most the last digit.
    #[test]
    fn admission_is_what_the_model_says(
        backlog in 0u64..5_000_000_000,
        held in 0u64..1_000_000_000,
        draw in 1u64..4_000_000_000,
        waits in 0u64..3_000,
        calm in 0u64..1_200,
        rate in 1u64..2_000,
        burst in 1u64..400,
        largest in 0u64..3_000_000_000,
    ) {
        let at = 1_000;
        let queue = Queue {
            terms: QueueTerms { rate: Decimal::percent(rate), burst: Decimal::percent(burst) },
            depth: Value::usd(1_000_000),
            calm: Decimal::permille(calm),
            largest: usd_milli(largest),
            backlog: Backlog { value: usd_milli(backlog), at },
        };
        let now = at + waits;
        // The square root is checked by its square.
        let tempo = usd(queue.rate().unwrap()) / (int(1_000_000) * frac(rate.into(), 100));
        let target = frac(calm.into(), 1_000).min(int(1)).max(frac(1, 16));
        prop_assert!(&tempo * &tempo <= target);
        let above = &tempo + frac(1, 1_000_000_000_000);
        prop_assert!(&above * &above > target);

        let rate = usd(queue.rate().unwrap());
        let total = usd(queue.burst().unwrap());
        prop_assert_eq!(&total, &(int(10_000) * int(burst)).max(frac(largest.into(), 1_000)));
        let milli = |value: u64| frac(value.into(), 1_000);
        let more = (milli(draw) - milli(held)).max(Q::zero());
        let fits = |now: u64| left(&milli(backlog), &rate, now - at) + more.clone().min(total.clone() * frac(4, 5)) <= total;
        match queue.admit(usd_milli(held), usd_milli(draw), now).unwrap() {
            Ok(after) if draw <= held => {
                let rest = (milli(backlog) - milli(held - draw)).max(Q::zero());
                prop_assert_eq!((usd(after.value), after.at), (rest, at));
            }
            Ok(after) => {
                prop_assert!(fits(now));
                let exact = left(&milli(backlog), &rate, waits) + more;
                let got = usd(after.value);
                prop_assert!(got >= exact && got <= exact + ulp());
                prop_assert_eq!(after.at, now);
            }
            Err(until) => {
                prop_assert!(draw > held && until > now);
                prop_assert!(!fits(until - 1) && fits(until), "from {} on", until);
            }
        }
    }

    /// However lots come and go, what is drawn and not given back in any stretch of time is at most six fifths of the
    /// burst and what drains in it, and what is given back a moment later is as good as given back now.
    #[test]
    fn no_order_of_lots_gets_past_the_burst_and_the_rate(
        steps in prop::collection::vec((0u64..120, 1u64..2_000, 0usize..4), 1..60),
    ) {
        let mut state = queue(Value::ZERO, 0);
        let (mut now, mut drawn) = (0u64, Q::zero());
        let mut open: Vec<Value> = vec![];
        let mut seen: Vec<(u64, Q)> = vec![(0, Q::zero())];
        for (wait, thousands, kind) in steps {
            now += wait;
            let draw = Value::usd(thousands.into()).times(Decimal::percent(100_000), glidepath_risk::Rounding::Down).unwrap();
            match (kind, open.pop()) {
                (0, Some(rest)) => {
                    let given = state.backlog.without(rest);
                    let later = Queue { backlog: given, ..state }.left(now + 7).unwrap();
                    prop_assert_eq!(later, state.left(now + 7).unwrap().minus(rest));
                    state.backlog = given;
                    drawn -= usd(rest);
                }
                (1, Some(held)) => {
                    if let Ok(backlog) = state.admit(held, draw, now).unwrap() {
                        state.backlog = backlog;
                        drawn += usd(draw) - usd(held);
                        open.push(draw);
                    } else {
                        open.push(held);
                    }
                }
                (_, last) => {
                    open.extend(last);
                    if let Ok(backlog) = state.admit(Value::ZERO, draw, now).unwrap() {
                        state.backlog = backlog;
                        drawn += usd(draw);
                        open.push(draw);
                    }
                }
            }
            // From the start on: nothing had been drawn that could be given back.
            let allowed = int(2_400_000) + int(8_000_000) * int(now) / int(3_600) + ulp() * int(100);
            prop_assert!(drawn <= allowed, "{} by {}", drawn, now);
            seen.push((now, drawn.clone()));
        }
        prop_assert!(seen.len() > 1);
    }
}

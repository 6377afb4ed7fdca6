//! Positions of several assets, their exact sums, and what the crate sees of them.

use cosmwasm_std::{Decimal, Uint128};
use glidepath_risk::health::Sums;
use glidepath_risk::sizing::{Book, Fill, Leg, Protection, Subject, Terms};
use glidepath_risk::{Price, Rounding, Value};
use num_traits::Zero;
use proptest::prelude::*;

use super::{dec, floor, int, ten, units, Q};

/// One collateral or one debt.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    pub amount: Uint128,
    pub decimals: u8,
    pub price: Decimal,
    pub target: Decimal,
    pub maintenance: Decimal,
}

impl Asset {
    /// Exact dollars.
    pub fn worth(&self) -> Q {
        units(self.amount) * self.unit()
    }

    /// Dollars of one base unit.
    pub fn unit(&self) -> Q {
        dec(self.price) / ten(self.decimals.into())
    }

    fn value(&self, rounding: Rounding) -> Value {
        Price(self.price)
            .value_of(self.amount, self.decimals, rounding)
            .unwrap()
    }

    fn leg(&self) -> Leg {
        Leg {
            amount: self.amount,
            decimals: self.decimals,
            price: Price(self.price),
            target: self.target,
            maintenance: self.maintenance,
        }
    }
}

/// A position; the first collateral and the first debt are the pair on sale.
#[derive(Clone, Debug)]
pub struct Position {
    pub collaterals: Vec<Asset>,
    pub debts: Vec<Asset>,
}

/// Weighted collateral and debt, exactly.
pub fn weighted(assets: &[Asset], weight: impl Fn(&Asset) -> Decimal) -> Q {
    assets
        .iter()
        .fold(Q::zero(), |sum, a| sum + a.worth() * dec(weight(a)))
}

impl Position {
    pub fn target(&self) -> (Q, Q) {
        (
            weighted(&self.collaterals, |a| a.target),
            weighted(&self.debts, |a| a.target),
        )
    }

    pub fn maintenance(&self) -> (Q, Q) {
        (
            weighted(&self.collaterals, |a| a.maintenance),
            weighted(&self.debts, |a| a.maintenance),
        )
    }

    pub fn plain(&self) -> (Q, Q) {
        (
            weighted(&self.collaterals, |_| Decimal::one()),
            weighted(&self.debts, |_| Decimal::one()),
        )
    }

    /// What the crate sees.
    pub fn subject(&self) -> Subject {
        let sums = |weight: fn(&Asset) -> Decimal| {
            Sums::of(
                self.collaterals
                    .iter()
                    .map(|a| (a.value(Rounding::Down), weight(a))),
                self.debts.iter().map(|a| (a.value(Rounding::Up), weight(a))),
            )
            .unwrap()
        };
        Subject {
            book: Book {
                target: sums(|a| a.target),
                maintenance: sums(|a| a.maintenance),
                plain: sums(|_| Decimal::one()),
            },
            collateral: self.collaterals[0].leg(),
            debt: self.debts[0].leg(),
        }
    }

    /// The position after a fill of its pair.
    pub fn after(&self, sold: Uint128, repaid: Uint128) -> Position {
        let mut next = self.clone();
        next.collaterals[0].amount -= sold;
        next.debts[0].amount -= repaid;
        next
    }
}

/// A price between 10⁻⁶ and 10⁵ with six significant digits.
pub fn price() -> impl Strategy<Value = Decimal> {
    (100_000u128..1_000_000, 0u32..11).prop_map(|(m, e)| Decimal::raw(m * 10u128.pow(e) * 10_000_000))
}

fn decimals() -> impl Strategy<Value = u8> {
    prop::sample::select(vec![0u8, 6, 8, 18])
}

/// Cents, evenly over the magnitudes from $10 to $100 million.
fn cents() -> impl Strategy<Value = u128> {
    (1u128..1_000, 3u32..8).prop_map(|(m, e)| m * 10u128.pow(e))
}

fn asset(cents: u128, decimals: u8, price: Decimal, target: Decimal, maintenance: Decimal) -> Asset {
    let amount = floor(&(int(cents) / int(100u8) * ten(decimals.into()) / dec(price))).max(1);
    Asset {
        amount: amount.into(),
        decimals,
        price,
        target,
        maintenance,
    }
}

fn collateral() -> impl Strategy<Value = Asset> {
    (cents(), decimals(), price(), 40u64..96, 0u64..40).prop_map(|(c, d, p, maintenance, gap)| {
        asset(
            c,
            d,
            p,
            Decimal::percent(maintenance - gap),
            Decimal::percent(maintenance),
        )
    })
}

fn debt() -> impl Strategy<Value = Asset> {
    (cents(), decimals(), price(), 100u64..130, 0u64..10).prop_map(|(c, d, p, maintenance, gap)| {
        asset(
            c,
            d,
            p,
            Decimal::percent(maintenance + gap),
            Decimal::percent(maintenance),
        )
    })
}

fn scaled(to: impl Fn(&[Asset], &[Asset]) -> Q, collaterals: Vec<Asset>, mut debts: Vec<Asset>) -> Position {
    let scale = to(&collaterals, &debts);
    for debt in &mut debts {
        debt.amount = floor(&(units(debt.amount) * &scale)).max(1).into();
    }
    Position { collaterals, debts }
}

fn assets() -> impl Strategy<Value = (Vec<Asset>, Vec<Asset>)> {
    (
        prop::collection::vec(collateral(), 1..=3),
        prop::collection::vec(debt(), 1..=2),
    )
}

/// Up to three collaterals and two debts; the debts are scaled so that maintenance health is about `health` ‰.
pub fn position(health: std::ops::Range<u64>) -> impl Strategy<Value = Position> {
    (assets(), health).prop_map(|((collaterals, debts), permille)| {
        let to = |held: &[Asset], owed: &[Asset]| {
            weighted(held, |a| a.maintenance) / weighted(owed, |a| a.maintenance) * int(1_000u32)
                / int(permille)
        };
        scaled(to, collaterals, debts)
    })
}

/// The same, with an unweighted loan-to-value of about `ltv` ‰.
pub fn indebted(ltv: std::ops::Range<u64>) -> impl Strategy<Value = Position> {
    (assets(), ltv).prop_map(|((collaterals, debts), permille)| {
        let to = |held: &[Asset], owed: &[Asset]| {
            weighted(held, |_| Decimal::one()) / weighted(owed, |_| Decimal::one()) * int(permille)
                / int(1_000u32)
        };
        scaled(to, collaterals, debts)
    })
}

/// No protection, no dust rule, nothing too small, to a target of 1.
pub fn bare(penalty: Decimal) -> Terms {
    Terms {
        h: Decimal::one(),
        penalty,
        protection: Protection::Curve,
        min_fill: Value::ZERO,
        min_collateral: Value::ZERO,
        min_debt: Value::ZERO,
    }
}

/// The soft stage with the starting figures.
pub fn soft() -> Protection {
    Protection::Soft {
        floor: Decimal::percent(6),
        eta: Decimal::percent(50),
    }
}

/// Any protection; soft with the starting figures or wilder ones.
pub fn protection() -> impl Strategy<Value = Protection> {
    prop_oneof![
        Just(soft()),
        (1u64..=75, 1u64..30).prop_map(|(eta, floor)| Protection::Soft {
            floor: Decimal::percent(floor),
            eta: Decimal::percent(eta)
        }),
        Just(Protection::AboveLtv),
        Just(Protection::Curve),
    ]
}

/// Any terms without dust rule and smallest fill.
pub fn terms() -> impl Strategy<Value = Terms> {
    (protection(), 0u64..200, 1_000u64..1_200).prop_map(|(protection, penalty, h)| Terms {
        protection,
        h: Decimal::permille(h),
        ..bare(Decimal::bps(penalty))
    })
}

/// From a discount of 20 % to a premium of 3 %.
pub fn multiplier() -> impl Strategy<Value = Decimal> {
    (80_000u128..103_000).prop_map(|m| Decimal::raw(m * 10_000_000_000_000))
}

/// The whole allowed fill, where there is one.
pub fn whole(subject: &Subject, multiplier: Decimal, terms: &Terms) -> Option<Fill> {
    subject.fill(multiplier, terms, None, None).unwrap().ok()
}

//! The model: each order by itself, in exact fractions, and how much less the slot may give it.

use glidepath_risk::slot::{Order, Share, LEAST, ONE};
use num_bigint::BigInt;
use num_traits::Zero;
use proptest::prelude::*;

use crate::book::{e, pair, uint, Book};
use crate::model::{int, show, ten, units, Q};

/// An order as the model keeps it.
#[derive(Clone)]
pub struct Exact {
    pub order: Order,
    pub funds: Q,
    /// All that it ever gained.
    pub gained: Q,
    claimed: u128,
    /// By how much the slot may have it short, before a share is rounded: see [`World::fill`].
    short: (Bound, Bound),
    /// Of that, what it gained when next to nothing was left of it.
    unfollowed: Bound,
    /// Fills, and the most that a unit bought in one, since its mark.
    fills: u32,
    best: u128,
}

/// A bound need not be exact: a whole number of 10⁻³⁰, rounded up, which is faster to go on with than a fraction.
#[derive(Clone, Default)]
struct Bound(BigInt);

impl Bound {
    /// `n / d`, for positive figures.
    fn ratio(n: BigInt, d: &BigInt) -> Self {
        Bound((n + d - 1) / d)
    }

    fn of(q: &Q) -> Self {
        Bound::ratio(q.numer() * BigInt::from(e(30)), q.denom())
    }

    fn times(&self, q: &Q) -> Self {
        Bound::ratio(&self.0 * q.numer(), q.denom())
    }

    fn plus(&self, other: &Bound) -> Self {
        Bound(&self.0 + &other.0)
    }

    /// What a fill takes from an order by rounding product and sum, at most: a part of 10²⁷.
    fn rounding(funds: &Q) -> Self {
        Bound::ratio(Bound::of(funds).0, &BigInt::from(e(27)))
    }

    fn q(&self) -> Q {
        int(self.0.clone()) / ten(30)
    }
}

impl Exact {
    pub fn new(order: Order) -> Self {
        Exact {
            order,
            funds: units(order.amount),
            gained: Q::zero(),
            claimed: 0,
            short: (Bound::default(), Bound::default()),
            unfollowed: Bound::default(),
            fills: 0,
            best: 0,
        }
    }

    /// May the slot have lost sight of it? It does only below 10⁻¹⁸, by its own figure, which is at most so much short.
    fn is_spent(&self) -> bool {
        let limit = BigInt::from(self.order.amount.u128()) * BigInt::from(e(12)) + &self.short.0 .0;
        self.funds.numer() * BigInt::from(e(30)) <= limit * self.funds.denom()
    }

    /// A share is never more than what is exact, and how much less it is at most follows from the fills.
    fn check(&self, share: &Share) {
        let (funds, gained) = (units(share.funds), units(share.gained) + int(self.claimed));
        assert!(funds <= self.funds && gained <= self.gained, "{share:?}");
        let spent = if self.is_spent() {
            units(self.order.amount) / ten(18)
        } else {
            Q::zero()
        };
        let short = &self.funds - funds;
        assert!(
            short < self.short.0.q() + spent + int(1),
            "short of {:e} in {:e}",
            show(&short),
            show(&self.funds)
        );
        let short = &self.gained - gained;
        assert!(
            short < self.short.1.plus(&self.unfollowed).q() + int(3),
            "short of {:e} in {:e}",
            show(&short),
            show(&self.gained)
        );
    }

    /// The same in one formula, for an order that has claimed nothing: 10⁻²⁷ of order and gains for each fill, and what less
    /// than 10⁻¹⁸ of it could have bought.
    fn check_bound(&self, share: &Share) {
        if self.claimed > 0 || self.order.amount.is_zero() {
            return;
        }
        let amount = units(self.order.amount);
        let fills = int(self.fills) / ten(27);
        let spent = ten(18).recip() * int(11) / int(10) * &amount;
        let short = &self.funds - units(share.funds);
        assert!(short < &fills * &amount + &spent + int(1));
        let short = &self.gained - units(share.gained);
        assert!(short < fills * (amount + &self.gained) + spent * int(self.best) + int(3));
    }
}

/// A slot and its model.
pub struct World {
    pub book: Book,
    pub orders: Vec<Exact>,
    /// What rounding left when others went: funds, and gains.
    nobody: (Q, Q),
    /// All that was ever placed.
    pub placed: Q,
    /// How often somebody cancelled or claimed, and lost what is less than a unit.
    pub left: u32,
}

#[derive(Clone, Debug)]
pub enum Amount {
    /// Parts of a million of all.
    Part(u32),
    Units(u128),
    /// All but a part of ten to so many.
    AllBut(u32),
    AllButOne,
    All,
}

#[derive(Clone, Debug)]
pub enum Step {
    Place(u128),
    PlaceAndCancel(u128),
    /// So many fills in one block.
    Fill(Amount, u128, u8),
    Cancel(usize),
    Claim(usize),
    Wait(u64),
}

pub fn amount() -> impl Strategy<Value = u128> {
    let digits = (0u32..30, 1u128..10_000).prop_map(|(digits, n)| (n * e(digits) / 1_000).clamp(1, e(30)));
    prop_oneof![2 => 1u128..100, 4 => digits, 3 => e(18)..e(24), 1 => 1u128..=e(30)]
}

pub fn step() -> impl Strategy<Value = Step> {
    let used = prop_oneof![
        4 => (1u32..1_000_000).prop_map(Amount::Part),
        2 => amount().prop_map(Amount::Units),
        3 => (1u32..31).prop_map(Amount::AllBut),
        1 => Just(Amount::AllButOne),
        1 => Just(Amount::All),
    ];
    let bought = prop_oneof![1 => Just(0), 6 => amount()];
    prop_oneof![
        5 => amount().prop_map(Step::Place),
        1 => amount().prop_map(Step::PlaceAndCancel),
        8 => (used, bought, prop_oneof![4 => Just(1u8), 1 => 2u8..12]).prop_map(|(used, bought, times)| Step::Fill(used, bought, times)),
        2 => any::<usize>().prop_map(Step::Cancel),
        3 => any::<usize>().prop_map(Step::Claim),
        5 => (1u64..4).prop_map(Step::Wait),
    ]
}

impl World {
    pub fn new() -> Self {
        World {
            book: Book::default(),
            orders: vec![],
            nobody: (Q::zero(), Q::zero()),
            placed: Q::zero(),
            left: 0,
        }
    }

    pub fn place(&mut self, amount: u128) {
        let order = self.book.place(amount);
        self.placed += int(amount);
        self.orders.push(Exact::new(order));
    }

    /// Each order by itself: a part of what is paid, and the same part of what is bought.
    ///
    /// The slot's own figure `u` of an order is short of the exact `v` by at most `s`. A fill that leaves `r` of the funds makes
    /// it `u·r` less a part of 10²⁷, for the product is rounded down at 27 digits or more: `s·r + v·r/10²⁷`. It gains `u` times
    /// the price less `u / product`, which is at most `v/10²⁷`.
    pub fn fill(&mut self, paid: u128, bought: u128) {
        let height = self.book.height;
        let funds = units(self.book.slot.active(height).unwrap());
        let (paid_part, price) = (int(paid) / &funds, int(bought) / &funds);
        let left = int(1) - &paid_part;
        self.book.fill(paid, bought);
        let mut all = self.nobody.0.clone();
        for exact in &mut self.orders {
            if exact.order.placed_at == height {
                continue;
            }
            all += &exact.funds;
            let gain = &exact.funds * &price;
            if exact.is_spent() {
                exact.unfollowed = exact.unfollowed.plus(&Bound::of(&gain));
            }
            let (funds, gained) = &exact.short;
            let gained = gained
                .plus(&funds.times(&price))
                .plus(&Bound::rounding(&exact.funds));
            exact.gained += gain;
            exact.funds *= &left;
            let funds = funds.times(&left).plus(&Bound::rounding(&exact.funds));
            exact.short = (funds, gained);
            exact.fills += 1;
            exact.best = exact.best.max(bought.div_ceil(paid));
        }
        assert_eq!(all, funds, "every unit is somebody's or nobody's");
        let gain = &self.nobody.0 * price;
        self.nobody.0 *= left;
        self.nobody.1 += gain;
    }

    pub fn cancel(&mut self, at: usize) {
        let exact = self.orders.swap_remove(at);
        let (funds, gained) = self.book.cancel(&exact.order);
        let share = Share {
            funds: uint(funds),
            gained: uint(gained),
        };
        exact.check(&share);
        exact.check_bound(&share);
        self.nobody.0 += exact.funds - int(funds);
        self.nobody.1 += exact.gained - int(gained) - int(exact.claimed);
        self.left += 1;
    }

    /// The exact order goes on with all that it has; the slot's one with what is left after rounding.
    pub fn claim(&mut self, at: usize) {
        let exact = &mut self.orders[at];
        let before = exact.order;
        let share = before
            .share(&self.book.slot, &self.book.kept, self.book.height)
            .unwrap();
        let gained = self.book.claim(&mut exact.order);
        assert_eq!(share.gained.u128(), gained);
        if gained == 0 && !share.funds.is_zero() {
            assert_eq!(exact.order, before);
            return;
        }
        assert_eq!(exact.order.amount, share.funds);
        exact.claimed += gained;
        exact.short = (
            Bound::of(&(&exact.funds - units(share.funds))),
            Bound::of(&(&exact.gained - int(exact.claimed))),
        );
        exact.unfollowed = Bound::default();
        self.left += 1;
    }

    pub fn take(&mut self, step: &Step) {
        match step {
            Step::Wait(blocks) => self.book.height += blocks,
            Step::Place(amount) => self.place(*amount),
            Step::PlaceAndCancel(amount) => {
                let before = self.book.held();
                let order = self.book.place(*amount);
                assert_eq!(self.book.cancel(&order), (*amount, 0));
                assert_eq!(self.book.held(), before);
            }
            Step::Fill(used, bought, times) => {
                for _ in 0..*times {
                    let active = self.book.slot.active(self.book.height).unwrap().u128();
                    let paid = match used {
                        Amount::Part(part) => uint(active).multiply_ratio(*part, 1_000_000u32).u128(),
                        Amount::Units(units) => *units,
                        Amount::AllBut(digits) => active - active / e(*digits),
                        Amount::AllButOne => active.saturating_sub(1),
                        Amount::All => active,
                    };
                    if active > 0 {
                        self.fill(paid.clamp(1, active), *bought);
                    }
                }
            }
            Step::Cancel(_) | Step::Claim(_) if self.orders.is_empty() => {}
            Step::Cancel(at) => self.cancel(at % self.orders.len()),
            Step::Claim(at) => self.claim(at % self.orders.len()),
        }
        self.check();
    }

    pub fn check(&self) {
        let (mut funds, mut gained) = (0u128, 0u128);
        let mut exact = self.nobody.clone();
        for held in &self.orders {
            let share = held
                .order
                .share(&self.book.slot, &self.book.kept, self.book.height)
                .unwrap();
            held.check(&share);
            held.check_bound(&share);
            if held.order.placed_at == self.book.height {
                assert_eq!(
                    pair(share),
                    (held.order.amount.u128(), 0),
                    "a pending order has no part"
                );
            }
            funds += share.funds.u128();
            gained += share.gained.u128();
            exact.0 += &held.funds;
            exact.1 += &held.gained - int(held.claimed);
        }
        let held = self.book.held();
        assert!(funds <= held.0 && gained <= held.1, "more is owed than held");
        assert_eq!(
            exact,
            (int(held.0), int(held.1)),
            "the model keeps all that the slot holds"
        );
        assert!(self.book.slot.product >= LEAST && self.book.slot.product <= ONE);
    }
}

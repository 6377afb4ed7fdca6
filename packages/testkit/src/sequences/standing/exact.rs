//! One order by itself, in exact fractions, and by how much the pool may have it short.

use cosmwasm_std::Addr;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

use super::Tier;
use crate::sequences::world::Failure;

/// An exact fraction.
pub type Q = BigRational;

/// A whole number.
pub fn q(n: impl Into<BigInt>) -> Q {
    Q::from_integer(n.into())
}

/// 10 to so many.
fn ten(digits: u32) -> Q {
    q(BigInt::from(10u8).pow(digits))
}

/// An order by itself.
#[derive(Clone, Debug)]
pub struct Exact {
    /// Its slot.
    pub tier: Tier,
    /// Whose it is.
    pub owner: Addr,
    /// Height of the block in which it was placed.
    pub placed_at: u64,
    /// Its funds when it was placed or last claimed; the pool counts from there, too.
    pub amount: u128,
    /// What it has.
    pub funds: Q,
    /// What it has bought since.
    pub gained: Q,
    /// Fills since.
    pub fills: u32,
    /// Most collateral base units for one of debt in one of them.
    best: u128,
    /// Was so little left of it that the pool may have lost sight of it?
    spent: bool,
}

/// What is nobody's in a slot: left by the rounding of shares that were paid out. It takes part in fills.
#[derive(Clone, Debug, Default)]
pub struct Nobody {
    /// Funds.
    pub funds: Q,
    /// What they have bought, and what orders did not get of theirs.
    pub gained: Q,
    /// What rounding explains of both.
    pub most: (Q, Q),
}

impl Nobody {
    /// What an order had and did not get.
    pub fn inherit(&mut self, order: &Exact, funds: u128, gained: u128) {
        let (most_funds, most_gains) = order.bounds();
        self.funds += &order.funds - q(funds);
        self.gained += &order.gained - q(gained);
        self.most.0 += most_funds;
        self.most.1 += most_gains;
    }

    /// It takes part in a fill.
    pub fn fill(&mut self, part_left: &Q, price: &Q) {
        let gains = &self.funds * price;
        self.most.1 += &gains;
        self.gained += gains;
        self.funds *= part_left;
    }
}

impl Exact {
    /// An order that is placed.
    pub fn new(tier: Tier, owner: Addr, amount: u128, height: u64) -> Self {
        Exact {
            tier,
            owner,
            placed_at: height,
            amount,
            funds: q(amount),
            gained: Q::zero(),
            fills: 0,
            best: 0,
            spent: false,
        }
    }

    /// What is left of it after a claim, which goes on as a new order would, but was not placed in this block.
    pub fn after_claim(&self, left: u128) -> Self {
        Exact::new(self.tier.clone(), self.owner.clone(), left, self.placed_at)
    }

    /// It pays its part, and gets its part of what is bought.
    pub fn fill(&mut self, part_left: &Q, price: &Q, best: u128) {
        self.gained += &self.funds * price;
        self.funds *= part_left;
        self.fills += 1;
        self.best = self.best.max(best);
        // The pool's own figure, which is a bit less, is looked at: ten times what it may lose.
        self.spent |= &self.funds * ten(17) <= q(self.amount);
    }

    /// Is it of this block, and not used in it?
    pub fn is_pending(&self, height: u64) -> bool {
        self.placed_at >= height
    }

    /// What the pool may give it less than its exact share, at most: of funds, and of gains.
    ///
    /// Product and sum lose less than 10⁻²⁷ of it in each fill, the share is rounded down by less than one unit of funds and
    /// three of gains. Once less than 10⁻¹⁸ of it is left, the pool may lose sight of that, and of what it would have bought.
    fn bounds(&self) -> (Q, Q) {
        let rounding = q(self.fills) / ten(27);
        let unfollowed = match self.spent {
            true => q(self.amount) / ten(17),
            false => Q::zero(),
        };
        let funds = &rounding * q(self.amount) + &unfollowed + q(1);
        let gains = rounding * (q(self.amount) + &self.gained) + unfollowed * q(self.best) + q(3);
        (funds, gains)
    }

    /// A share is never more than what is exact, and how much less it is at most follows from the fills.
    ///
    /// # Errors
    /// Where it is more, or less than that.
    pub fn check(&self, number: u64, funds: u128, gained: u128) -> Result<(), Failure> {
        let shorts = [&self.funds - q(funds), &self.gained - q(gained)];
        let (most_funds, most_gains) = self.bounds();
        let holds = |short: &Q, most: &Q| *short >= Q::zero() && short < most;
        if holds(&shorts[0], &most_funds) && holds(&shorts[1], &most_gains) {
            return Ok(());
        }
        Err(broken(
            "share",
            format!(
                "order {number} has {funds} and gained {gained}; exactly {} and {}, after {} fills",
                shown(&self.funds),
                shown(&self.gained),
                self.fills
            ),
        ))
    }
}

/// A fraction to six places.
pub fn shown(value: &Q) -> String {
    let micro = (value * ten(6)).to_integer();
    format!("{micro}e-6")
}

/// A fraction as the whole number that it is.
pub fn whole(value: &Q) -> Option<u128> {
    value.is_integer().then(|| value.to_integer().to_u128())?
}

/// What was not as it was promised.
pub fn broken(kind: &str, what: String) -> Failure {
    Failure::new(format!("orders-{kind}"), what)
}

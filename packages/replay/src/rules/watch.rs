//! Positions in the order of the price at which they fall below maintenance.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use crate::amounts::{AssetNumber, MOST_COLLATERALS};
use crate::population::PositionId;

/// Tells which positions a price puts below maintenance without looking at the others. Those of several collaterals have
/// no such price: they are kept apart, to be judged one by one.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    /// `(bits of the breach price, position)` by collateral: the bits of positive floats are ordered as the floats.
    by_price: [BTreeSet<(u64, PositionId)>; MOST_COLLATERALS],
    places: BTreeMap<PositionId, Breach>,
    mixed: BTreeSet<PositionId>,
}

/// When a position falls below maintenance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Breach {
    /// Whatever the prices, it does not.
    Never,
    /// Below a price of its only collateral.
    Below(AssetNumber, f64),
    /// By the prices of several collaterals together.
    Mixed,
}

impl Watch {
    /// Sets when `position` is below maintenance.
    pub fn set(&mut self, position: PositionId, breach: Breach) {
        match self.places.insert(position, breach) {
            Some(Breach::Below(asset, old)) => {
                self.by_price[asset].remove(&(old.to_bits(), position));
            }
            Some(Breach::Mixed) => {
                self.mixed.remove(&position);
            }
            _ => {}
        }
        match breach {
            Breach::Below(asset, price) if price > 0.0 => {
                self.by_price[asset].insert((price.to_bits(), position));
            }
            Breach::Mixed => {
                self.mixed.insert(position);
            }
            _ => {}
        }
    }

    /// The positions of this collateral alone that a price of `price` puts below maintenance, nearest first.
    pub fn below(&self, asset: AssetNumber, price: f64) -> impl Iterator<Item = PositionId> + '_ {
        let above = Bound::Excluded((price.max(0.0).to_bits(), PositionId::MAX));
        self.by_price[asset]
            .range((above, Bound::Unbounded))
            .map(|(_, position)| *position)
    }

    /// The positions of several collaterals.
    pub fn mixed(&self) -> impl Iterator<Item = PositionId> + '_ {
        self.mixed.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_those_whose_price_is_above() {
        let mut watch = Watch::default();
        for (position, price) in [(1, 100.0), (2, 0.5), (3, 90.0), (4, 95.0)] {
            watch.set(position, Breach::Below(0, price));
        }
        assert_eq!(watch.below(0, 92.0).collect::<Vec<_>>(), [4, 1]);
        assert_eq!(watch.below(0, 95.0).collect::<Vec<_>>(), [1]);
        watch.set(1, Breach::Below(0, 80.0));
        watch.set(4, Breach::Never);
        watch.set(5, Breach::Mixed);
        watch.set(6, Breach::Below(1, 1_000.0));
        assert_eq!(watch.below(0, 85.0).collect::<Vec<_>>(), [3]);
        assert_eq!(watch.below(0, 0.1).collect::<Vec<_>>(), [2, 1, 3]);
        assert_eq!(watch.below(1, 0.1).collect::<Vec<_>>(), [6]);
        assert_eq!(watch.mixed().collect::<Vec<_>>(), [5]);
        watch.set(5, Breach::Below(1, 2_000.0));
        assert_eq!((watch.mixed().count(), watch.below(1, 1.0).count()), (0, 2));
    }
}

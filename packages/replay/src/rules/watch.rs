//! Positions in the order of the price at which they fall below maintenance.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use crate::population::PositionId;

/// Tells which positions a price puts below maintenance without looking at the others.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    /// `(bits of the breach price, position)`: the bits of positive floats are ordered as the floats.
    by_price: BTreeSet<(u64, PositionId)>,
    price_of: BTreeMap<PositionId, f64>,
}

impl Watch {
    /// Sets the price below which `position` is below maintenance; none takes it off the list.
    pub fn set(&mut self, position: PositionId, price: Option<f64>) {
        if let Some(old) = self.price_of.remove(&position) {
            self.by_price.remove(&(old.to_bits(), position));
        }
        if let Some(price) = price.filter(|price| *price > 0.0) {
            self.price_of.insert(position, price);
            self.by_price.insert((price.to_bits(), position));
        }
    }

    /// The positions that a price of `price` puts below maintenance, nearest first.
    pub fn below(&self, price: f64) -> impl Iterator<Item = PositionId> + '_ {
        let above = Bound::Excluded((price.max(0.0).to_bits(), PositionId::MAX));
        self.by_price
            .range((above, Bound::Unbounded))
            .map(|(_, position)| *position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_those_whose_price_is_above() {
        let mut watch = Watch::default();
        for (position, price) in [(1, 100.0), (2, 0.5), (3, 90.0), (4, 95.0)] {
            watch.set(position, Some(price));
        }
        assert_eq!(watch.below(92.0).collect::<Vec<_>>(), [4, 1]);
        assert_eq!(watch.below(95.0).collect::<Vec<_>>(), [1]);
        watch.set(1, Some(80.0));
        watch.set(4, None);
        assert_eq!(watch.below(85.0).collect::<Vec<_>>(), [3]);
        assert_eq!(watch.below(0.1).collect::<Vec<_>>(), [2, 1, 3]);
    }
}

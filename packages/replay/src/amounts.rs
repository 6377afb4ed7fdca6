//! Amounts of the collaterals of a run, by their numbers.

use std::ops::{Index, IndexMut};

/// Most collaterals of a run.
pub const MOST_COLLATERALS: usize = 4;

/// Number of a collateral of a run; the first is 0.
pub type AssetNumber = usize;

/// An amount of each collateral in whole tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Amounts([f64; MOST_COLLATERALS]);

impl Amounts {
    /// So much of one and nothing of the others.
    pub fn of(asset: AssetNumber, amount: f64) -> Self {
        let mut amounts = Self::default();
        amounts[asset] = amount;
        amounts
    }

    /// What they are worth at `prices`, one for each collateral of the run.
    pub fn value(&self, prices: &[f64]) -> f64 {
        self.times(prices).sum()
    }

    /// The same, each value times its weight.
    pub fn weighted(&self, prices: &[f64], weights: impl IntoIterator<Item = f64>) -> f64 {
        let weighted = self.times(prices).zip(weights);
        weighted.map(|(value, weight)| value * weight).sum()
    }

    fn times<'a>(&'a self, prices: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.0.iter().zip(prices).map(|(amount, price)| amount * price)
    }

    /// The collaterals of which there is some, with their amounts.
    pub fn held(&self) -> impl Iterator<Item = (AssetNumber, f64)> + '_ {
        let all = self.0.iter().copied().enumerate();
        all.filter(|(_, amount)| *amount > 0.0)
    }

    /// The only collateral of which there is some.
    pub fn single(&self) -> Option<(AssetNumber, f64)> {
        let mut held = self.held();
        held.next().filter(|_| held.next().is_none())
    }
}

impl Index<AssetNumber> for Amounts {
    type Output = f64;

    fn index(&self, asset: AssetNumber) -> &f64 {
        &self.0[asset]
    }
}

impl IndexMut<AssetNumber> for Amounts {
    fn index_mut(&mut self, asset: AssetNumber) -> &mut f64 {
        &mut self.0[asset]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_who_is_held() {
        let mut amounts = Amounts::of(1, 3.0);
        assert_eq!(amounts.single(), Some((1, 3.0)));
        amounts[0] = 2.0;
        assert_eq!(amounts.single(), None);
        assert_eq!(amounts.held().collect::<Vec<_>>(), [(0, 2.0), (1, 3.0)]);
        assert_eq!(amounts.value(&[10.0, 100.0]), 320.0);
        assert_eq!(amounts.weighted(&[10.0, 100.0], [0.5, 0.75]), 235.0);
        assert_eq!(Amounts::default().single(), None);
    }
}

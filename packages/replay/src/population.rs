//! Who has borrowed: positions of one volatile collateral against a stable debt, and their owners.

use rand::RngExt;
use rand_distr::{Distribution, Exp, LogNormal};

use crate::config;
use crate::seed::{stream, Stream};

/// Number of a position, from 1.
pub type PositionId = u32;

/// A position as it stands before the first block.
#[derive(Debug, Clone, PartialEq)]
pub struct Borrower {
    /// From 1, without a gap.
    pub position: PositionId,
    /// Collateral in whole tokens.
    pub collateral: f64,
    /// Debt in USD.
    pub debt: f64,
    /// Seconds from the breach after which the owner repays to the target, if he ever does.
    pub cures_after: Option<f64>,
}

/// Draws the population of `config` at a collateral price of `price` USD. `depth` is USD for a percent.
pub fn draw(
    config: &config::Population,
    maintenance_weight: f64,
    depth: f64,
    price: f64,
    seed: u64,
) -> Vec<Borrower> {
    let rng = &mut stream(seed, Stream::Population, 0);
    // Bounds were checked with the configuration: the parameters make valid distributions.
    let size = LogNormal::new(0.0, config.size_sigma).ok();
    let above = Exp::new(1.0 / config.health_mean_above).ok();
    let delay = LogNormal::new(config.cure_median_s.ln(), config.cure_sigma).ok();

    let mut sizes = Vec::new();
    let mut borrowers: Vec<Borrower> = (1..=config.positions)
        .map(|position| {
            sizes.push(size.map_or(1.0, |size| size.sample(rng)));
            let health = config.health_min + above.map_or(0.0, |above| above.sample(rng));
            let cures = rng.random_bool(config.cure_share);
            let after = delay.map_or(config.cure_median_s, |delay| delay.sample(rng));
            // The debt is that of one token until the size is known.
            let debt = price * maintenance_weight / health;
            Borrower {
                position,
                collateral: 1.0,
                debt,
                cures_after: cures.then_some(after),
            }
        })
        .collect();

    let total = config.overhang * depth / price;
    for (borrower, share) in borrowers.iter_mut().zip(shares(&sizes, config.largest_share)) {
        borrower.collateral = total * share;
        borrower.debt *= total * share;
    }
    borrowers
}

/// Shares in proportion to `sizes`, none above `largest` (or above even shares, where there are too few).
fn shares(sizes: &[f64], largest: f64) -> Vec<f64> {
    let largest = largest.max(1.0 / sizes.len() as f64);
    let mut capped = vec![false; sizes.len()];
    loop {
        let free: f64 = sizes
            .iter()
            .zip(&capped)
            .filter(|(_, capped)| !**capped)
            .map(|(size, _)| size)
            .sum();
        let left = 1.0 - largest * capped.iter().filter(|capped| **capped).count() as f64;
        let share = |size: f64| size / free * left;
        let mut changed = false;
        for (size, capped) in sizes.iter().zip(&mut capped) {
            if !*capped && share(*size) > largest * (1.0 + 1e-12) {
                *capped = true;
                changed = true;
            }
        }
        if !changed {
            let of = |(size, capped): (&f64, &bool)| if *capped { largest } else { share(*size) };
            return sizes.iter().zip(&capped).map(of).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn sizes_add_up_and_none_is_too_large() {
        let config = Config::default().population;
        let borrowers = draw(&config, 0.8, 1e6, 2_500.0, 3);
        let total: f64 = borrowers.iter().map(|b| b.collateral * 2_500.0).sum();
        let largest = borrowers
            .iter()
            .map(|b| b.collateral * 2_500.0)
            .fold(0.0, f64::max);
        assert!((total - 1e7).abs() < 1.0, "total {total}");
        assert!(largest <= 8e5 + 1.0, "largest {largest}");
        assert_eq!(borrowers.len(), 200);
    }

    #[test]
    fn healths_start_above_the_least_with_the_mean_asked_for() {
        let config = config::Population {
            positions: 5_000,
            ..Config::default().population
        };
        let healths: Vec<f64> = draw(&config, 0.8, 1e6, 100.0, 1)
            .iter()
            .map(|b| b.collateral * 100.0 * 0.8 / b.debt)
            .collect();
        let mean = healths.iter().sum::<f64>() / 5_000.0;
        assert!(healths.iter().all(|health| *health >= 1.003 - 1e-9));
        assert!((mean - 1.123).abs() < 0.01, "mean {mean}, expected about 1.123");
    }

    #[test]
    fn few_positions_share_evenly_where_the_cap_leaves_no_choice() {
        let even = shares(&[1.0, 5.0, 90.0], 0.08);
        assert!(
            even.iter().all(|share| (share - 1.0 / 3.0).abs() < 1e-12),
            "{even:?}"
        );
        let shares = shares(&[1.0, 1.0, 8.0], 0.5);
        assert_eq!(shares, vec![0.25, 0.25, 0.5]);
    }

    #[test]
    fn about_a_third_of_the_owners_cure() {
        let borrowers = draw(&Config::default().population, 0.8, 1e6, 100.0, 1);
        let curing = borrowers.iter().filter(|b| b.cures_after.is_some()).count();
        assert!((40..80).contains(&curing), "{curing} of 200, expected about 60");
    }
}

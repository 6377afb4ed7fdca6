//! Who has borrowed: positions of one to three volatile collaterals against a stable debt, and their owners.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp, LogNormal};

use crate::amounts::Amounts;
use crate::config::{self, Asset};
use crate::seed::{stream, Stream};

/// Number of a position, from 1.
pub type PositionId = u32;

/// A position as it stands before the first block.
#[derive(Debug, Clone, PartialEq)]
pub struct Borrower {
    /// From 1, without a gap.
    pub position: PositionId,
    /// Collateral in whole tokens.
    pub collateral: Amounts,
    /// Debt in USD.
    pub debt: f64,
    /// Seconds from the breach after which the owner repays to the target, if he ever does.
    pub cures_after: Option<f64>,
}

/// Draws the population of `config` on `assets` at their `prices`; the overhang is in depths of the first.
pub fn draw(config: &config::Population, assets: &[Asset], prices: &[f64], seed: u64) -> Vec<Borrower> {
    let (Some(first), Some(price)) = (assets.first(), prices.first()) else {
        return Vec::new();
    };
    let held = &mut stream(seed, Stream::Holdings, 0);
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
            let parts = parts(config, assets, held);
            let weight: f64 = parts
                .held()
                .filter_map(|(asset, part)| Some(part * assets.get(asset)?.maintenance_weight))
                .sum();
            // The debt is that of one token of the first until the size is known.
            let debt = price * weight / health;
            Borrower {
                position,
                collateral: parts,
                debt,
                cures_after: cures.then_some(after),
            }
        })
        .collect();

    let total = config.overhang * first.depth_1pct_usd / price;
    for (borrower, share) in borrowers.iter_mut().zip(shares(&sizes, config.largest_share)) {
        let parts = borrower.collateral;
        for (asset, part) in parts.held() {
            let rate = prices.get(asset).map_or(1.0, |other| price / other);
            borrower.collateral[asset] = total * share * part * rate;
        }
        borrower.debt *= total * share;
    }
    borrowers
}

/// Parts of a position's value in each collateral: one, two or three of them, each as likely as its share says.
fn parts(config: &config::Population, assets: &[Asset], rng: &mut ChaCha8Rng) -> Amounts {
    let several: f64 = rng.random();
    let wanted = match several {
        _ if several < config.holds_three => 3,
        _ if several < config.holds_three + config.holds_two => 2,
        _ => 1,
    };
    let mut free: Vec<(usize, f64)> = assets.iter().map(|asset| asset.share).enumerate().collect();
    free.retain(|(_, share)| *share > 0.0);
    let mut sizes = Vec::new();
    while sizes.len() < wanted && !free.is_empty() {
        let all: f64 = free.iter().map(|(_, share)| share).sum();
        let mut at = rng.random::<f64>() * all;
        let chosen = free.iter().position(|(_, share)| {
            at -= share;
            at < 0.0
        });
        let (asset, _) = free.remove(chosen.unwrap_or(free.len() - 1));
        // No part is so small that nothing is left of it by rounding.
        sizes.push((asset, rng.random_range(0.2..1.0)));
    }
    let all: f64 = sizes.iter().map(|(_, size)| size).sum();
    let mut parts = Amounts::default();
    for (asset, size) in sizes {
        parts[asset] = size / all;
    }
    parts
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
        let borrowers = draw(&config, &Config::default().collaterals(), &[2_500.0], 3);
        let total: f64 = borrowers.iter().map(|b| b.collateral[0] * 2_500.0).sum();
        let largest = borrowers
            .iter()
            .map(|b| b.collateral[0] * 2_500.0)
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
        let healths: Vec<f64> = draw(&config, &Config::default().collaterals(), &[100.0], 1)
            .iter()
            .map(|b| b.collateral[0] * 100.0 * 0.8 / b.debt)
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
        let borrowers = draw(
            &Config::default().population,
            &Config::default().collaterals(),
            &[100.0],
            1,
        );
        let curing = borrowers.iter().filter(|b| b.cures_after.is_some()).count();
        assert!((40..80).contains(&curing), "{curing} of 200, expected about 60");
    }

    #[test]
    fn positions_hold_one_to_three_as_the_configuration_says() {
        let mut config = Config::default();
        config.population.positions = 4_000;
        config.assets = vec![
            Asset {
                maintenance_weight: 0.5,
                ..Asset::default()
            },
            Asset {
                share: 0.5,
                ..Asset::default()
            },
        ];
        let (assets, prices) = (config.collaterals(), [100.0, 5.0, 0.25]);
        let borrowers = draw(&config.population, &assets, &prices, 1);
        let part = |which: &dyn Fn(&Borrower) -> bool| {
            borrowers.iter().filter(|borrower| which(borrower)).count() as f64 / 4_000.0
        };
        let holding = |count: usize| part(&|borrower| borrower.collateral.held().count() == count);
        for (count, expected) in [(1, 0.4), (2, 0.4), (3, 0.2)] {
            let found = holding(count);
            assert!((found - expected).abs() < 0.03, "{found} hold {count}");
        }
        let (second, third) = (part(&|b| b.collateral[1] > 0.0), part(&|b| b.collateral[2] > 0.0));
        assert!(
            third < second - 0.1,
            "{third} hold the rarer one, {second} the other"
        );
        let total: f64 = borrowers.iter().map(|b| b.collateral.value(&prices)).sum();
        assert!((total - 1e7).abs() < 1.0, "total {total}");
        for b in &borrowers {
            let health = b.collateral.weighted(&prices, [0.8, 0.5, 0.8]) / b.debt;
            assert!(health >= 1.003 - 1e-9, "health {health} of {b:?}");
        }
        // Alone, the first is drawn as it always was.
        let alone = draw(&config.population, &assets[..1], &prices[..1], 1);
        assert!(alone
            .iter()
            .zip(&borrowers)
            .all(|(a, b)| a.cures_after == b.cures_after));
    }
}

//! Percentiles.

use serde::Serialize;

/// The middle, the 95th percentile (nearest rank) and the largest of some values; none of no values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Spread {
    /// Half of the values are at most this.
    pub p50: Option<u64>,
    /// 95 of 100 values are at most this.
    pub p95: Option<u64>,
    /// All values are at most this.
    pub max: Option<u64>,
}

impl FromIterator<u64> for Spread {
    fn from_iter<I: IntoIterator<Item = u64>>(values: I) -> Self {
        let mut values: Vec<u64> = values.into_iter().collect();
        values.sort_unstable();
        let rank = |part: f64| {
            let rank = (part * values.len() as f64).ceil() as usize;
            values.get(rank.saturating_sub(1)).copied()
        };
        Self {
            p50: rank(0.5),
            p95: rank(0.95),
            max: rank(1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_ranks() {
        let spread: Spread = (1..=20).collect();
        assert_eq!(
            spread,
            Spread {
                p50: Some(10),
                p95: Some(19),
                max: Some(20)
            }
        );
        let one: Spread = [7].into_iter().collect();
        assert_eq!(
            one,
            Spread {
                p50: Some(7),
                p95: Some(7),
                max: Some(7)
            }
        );
        assert_eq!(
            Vec::<u64>::new().into_iter().collect::<Spread>(),
            Spread::default()
        );
    }
}

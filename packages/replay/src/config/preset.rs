//! The starting figures: those of a major asset and those of a volatile one with its queue.

use super::{
    Bidders, Checks, Config, Feed, Fund, Hard, Holders, Kind, Market, Oracle, Owners, Path, Population, Risk,
    Sale, Split, Stress, Terms,
};

impl Default for Config {
    fn default() -> Self {
        Self::preset(Kind::default())
    }
}

impl Config {
    /// The starting figures of `kind`.
    pub fn preset(kind: Kind) -> Self {
        let (maintenance_weight, target_weight, queue_rate, close_out_tolerance) = match kind {
            Kind::Major => (0.80, 0.75, 0.0, 0.02),
            // A queue holds at least the largest lot, and what it holds at once pushes a market that is three times
            // thinner in a crash: close-out lots of a depth, not of two.
            Kind::Volatile => (0.70, 0.65, 8.0, 0.01),
        };
        Self {
            risk: Risk {
                kind,
                name: "coll".to_owned(),
                maintenance_weight,
                target_weight,
                grace_s: 900,
                grace_health: 0.985,
                grace_memory_s: 86_400,
                void_after_s: 1_800,
                close_out_health: 0.93,
                confirm_s: 45,
                confirm_unpublished_s: 300,
                sighting_memory_s: 1_800,
                floor_share: 0.5,
                clearing_discount: 0.015,
                surcharge_soft: 0.10,
                surcharge_close_out: 0.20,
                min_fill_usd: 500.0,
                min_debt_usd: 10.0,
                min_collateral_usd: 10.0,
                overhang_cap: 10.0,
                queue_rate,
                queue_burst: 1.0,
                decimals: 8,
                cw20: false,
            },
            sale: Sale {
                premium: 0.002,
                premium_max: 0.02,
                premium_step: 0.003,
                soft: Terms {
                    penalty: 0.001,
                    floor: 0.06,
                    fall_s: 390,
                    spacing_s: 30,
                    lot_tolerance: 0.005,
                    lot_min_usd: 100.0,
                    lot_max_usd: 1_000_000.0,
                },
                close_out: Terms {
                    penalty: 0.005,
                    floor: 0.10,
                    fall_s: 180,
                    spacing_s: 6,
                    lot_tolerance: close_out_tolerance,
                    lot_min_usd: 100.0,
                    lot_max_usd: 4_000_000.0,
                },
                asked: Terms {
                    penalty: 0.0005,
                    floor: 0.06,
                    fall_s: 390,
                    spacing_s: 30,
                    lot_tolerance: 0.005,
                    lot_min_usd: 100.0,
                    lot_max_usd: 1_000_000.0,
                },
                split: Split {
                    fund: 0.5,
                    keepers: 0.4,
                    reserves: 0.1,
                },
            },
            fund: Fund {
                max_share: 1.0,
                epoch_cap_usd: 1e12,
                epoch_s: 30 * 86_400,
            },
            hard: Hard {
                bonus: 0.05,
                close_factor: 0.5,
                all_below_health: 0.95,
            },
            path: Path {
                against_first: 0.75,
                window_s: 28_800,
                fall_s: 14_400,
                lead_s: 3_600,
                calm_fall_min: 0.015,
                calm_fall_max: 0.04,
                warm_up_s: 7_200,
            },
            market: Market {
                depth_1pct_usd: 1_000_000.0,
                absorb_half_life_s: 1_200.0,
                depth_min: 1.0 / 3.0,
                sigma_half_life_s: 900.0,
                sigma_ref_min: 0.03,
                sigma_ref_max: 1.5,
                dead_share: 0.2,
            },
            stress: Stress {
                kinds: Vec::new(),
                outage_s: 3_600,
                thin_depth: 1.0 / 6.0,
                congestion_s: 10_800,
                congestion_dead_share: 0.8,
                aftermath_s: 7_200,
                deep_discount: 0.03,
            },
            oracle: Oracle {
                deviation: 0.0025,
                heartbeat_s: 60,
                delay_blocks: 2,
            },
            feed: Feed {
                smoothing_s: 1_800,
                volatility_window_s: 3_600,
                slow_volatility_window_s: 14 * 86_400,
                outage_gap_s: 600,
                // Off. Nobody borrows here, and its care only delays sales: while a price falls on, waiting costs. Over the
                // recorded crashes .2 costs borrowers .05 to .08 % of what is sold, .1 about half a percent.
                breaker_max_move: 1.0,
                breaker_cool_down_s: 1_800,
                confirm_jump_s: 180,
                fresh_s: 120,
                age_borrow_s: 120,
                age_fill_s: 180,
                age_health_s: 900,
                age_check_s: 15,
            },
            population: Population {
                positions: 200,
                overhang: 10.0,
                size_sigma: 1.2,
                largest_share: 0.08,
                holds_two: 0.4,
                holds_three: 0.2,
                health_min: 1.003,
                health_mean_above: 0.12,
                cure_share: 0.3,
                cure_median_s: 900.0,
                cure_sigma: 0.8,
            },
            bidders: Bidders {
                count: 6,
                margin_min: 0.0008,
                margin_max: 0.0025,
                risk_min: 0.5,
                risk_max: 2.0,
                latency_min_blocks: 1,
                latency_max_blocks: 4,
                capital_median: 1.0,
                capital_sigma: 0.5,
                min_profit_usd: 10.0,
                hoped_above: 0.01,
                flash_count: 0,
                min_match_usd: 1.0,
            },
            // Evenly over slots that somebody could want who buys to keep: from par, where he would as well buy in the market,
            // to what a crash brings. Over the recorded crashes 5 depths of it leave borrowers a loss of 2.2 % (3.8 % without); as
            // much from 1 % below par on leaves 2.8 %, from 2 % on 3.3 %, and in calm both are of no use at all.
            holders: Holders {
                depths: 0.0,
                first_discount: 0.0,
                last_discount: 0.03,
            },
            owners: Owners {
                glide_share: 0.0,
                glide_trigger: 1.02,
            },
            checks: Checks { every_s: 600 },
            assets: Vec::new(),
        }
    }
}

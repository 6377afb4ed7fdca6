use super::*;
use crate::config::Config;

fn market(sigma: f64) -> Market {
    let config = Config::default();
    let mut market = Market::new(1e6, &config.market, &config.stress, 1.0);
    market.next_block(100.0, sigma);
    market
}

#[test]
fn displacement_is_linear_then_a_root_without_a_step() {
    assert_eq!(displacement(0.0), 0.0);
    assert_eq!(displacement(0.5), 0.005);
    assert_eq!(displacement(1.0), 0.01);
    assert_eq!(displacement(4.0), 0.03);
    assert!((displacement(1.0 + 1e-9) - 0.01).abs() < 1e-10);
}

#[test]
fn a_depth_sold_moves_the_price_by_a_percent() {
    let mut calm = market(1.0);
    let proceeds = calm.sell(10_000.0); // tokens of $100: one depth of $1M
    assert!((calm.price() - 100.0 * (-0.01f64).exp()).abs() < 1e-9);
    assert!((proceeds - 10_000.0 * (100.0 + calm.price()) / 2.0).abs() < 1e-6);
    assert_eq!(calm.undisturbed(), 100.0);
}

#[test]
fn depth_thins_with_volatility_down_to_a_third() {
    assert!((market(1.0).next_percent() - 1e6).abs() < 1e-3);
    assert!((market(0.2).next_percent() - 1e6).abs() < 1e-3);
    assert!((market(2.0).next_percent() - 5e5).abs() < 1e-3);
    assert!((market(50.0).next_percent() - 1e6 / 3.0).abs() < 1e-3);
}

#[test]
fn a_further_percent_costs_the_slope_of_the_displacement() {
    let mut market = market(1.0);
    market.sell(90_000.0);
    let (q, step) = (market.q, 1e-6);
    let slope = (displacement(q + step) - displacement(q)) / step; // per live depth
    assert!((market.next_percent() - 1e6 * 0.01 / slope).abs() < 10.0);
}

#[test]
fn half_is_absorbed_in_a_half_life() {
    let mut market = market(1.0);
    market.sell(10_000.0);
    for _ in 0..200 {
        market.next_block(100.0, 1.0);
    }
    assert!((market.q - 0.5).abs() < 1e-9, "q is {}", market.q);
}

#[test]
fn the_oracle_sends_at_a_deviation_or_a_minute_and_arrives_two_blocks_later() {
    let mut oracle = Oracle::new(&Config::default().oracle, 100.0);
    oracle.observe(1, 100.2); // too little
    oracle.observe(2, 100.3); // .3 %
    assert_eq!(oracle.arrive(3), None);
    assert_eq!(oracle.price(), 100.0);
    assert_eq!(oracle.arrive(4), Some(100.3));
    (3..12).for_each(|block| oracle.observe(block, 100.3));
    assert_eq!(oracle.arrive(13), None);
    oracle.observe(12, 100.3); // ten blocks after the last
    assert_eq!(oracle.arrive(14), Some(100.3));
}

#[test]
fn updates_that_waited_for_a_live_block_arrive_as_the_newest() {
    let mut oracle = Oracle::new(&Config::default().oracle, 100.0);
    oracle.observe(1, 101.0);
    oracle.observe(2, 103.0);
    assert_eq!(oracle.arrive(9), Some(103.0));
    assert_eq!(oracle.arrive(10), None);
}

//! What each key means and in which unit: written beside the key by `glidepath-replay config`.

/// `(section, meaning)` in the order of the file.
pub(super) const SECTIONS: &[(&str, &str)] = &[
    (
        "risk",
        "margin rules of the collateral; the debt is a stable coin that counts for its value",
    ),
    (
        "sale",
        "where the price of a lot starts, as a part of the oracle price above it",
    ),
    ("sale.soft", "terms of the soft stage"),
    ("sale.close_out", "terms of close-out"),
    (
        "hard",
        "the plain liquidation that the soft rules are compared with",
    ),
    ("market", "depth, impact and what goes wrong in the worst hour"),
    ("oracle", "when the chain learns of a price"),
    ("population", "who has borrowed"),
    ("bidders", "who buys; drawn evenly between _min and _max"),
    ("checks", "the invariants of the ledger"),
];

/// `(key, meaning)`; a key of both stages of a sale is explained once.
pub(super) const KEYS: &[(&str, &str)] = &[
    (
        "risk.kind",
        "preset that unnamed keys are taken from: major or volatile",
    ),
    (
        "risk.maintenance_weight",
        "part of the collateral's value that counts for maintenance health",
    ),
    (
        "risk.target_weight",
        "the same for the health that a sale restores",
    ),
    (
        "risk.grace_s",
        "seconds from margin call to sale in a calm market",
    ),
    (
        "risk.grace_health",
        "maintenance health below which there is no grace",
    ),
    (
        "risk.grace_memory_s",
        "seconds for which grace already used is remembered",
    ),
    (
        "risk.close_out_health",
        "maintenance health below which a sale escalates",
    ),
    (
        "risk.confirm_s",
        "seconds between two sightings that make a close-out",
    ),
    (
        "risk.floor_share",
        "part of the health-neutral discount that a soft fill may give (eta)",
    ),
    (
        "risk.clearing_discount",
        "discount at which buyers are expected (d_clear)",
    ),
    ("risk.surcharge_soft", "a year, on debt in distress"),
    ("risk.surcharge_close_out", "a year, on debt in close-out"),
    (
        "risk.min_fill_usd",
        "smallest fill; where less is missing above maintenance, the target is met",
    ),
    ("risk.min_debt_usd", "a smaller rest of debt is sold off at once"),
    (
        "risk.min_collateral_usd",
        "a smaller rest of collateral is sold at once",
    ),
    (
        "risk.overhang_cap",
        "most collateral that can be added, in depths; positions are there before it is set",
    ),
    ("sale.premium", "of a first lot"),
    ("sale.premium_max", "of a lot that follows a fill"),
    (
        "sale.premium_step",
        "above the last fill, for a lot that follows one",
    ),
    ("penalty", "part of the debt repaid"),
    ("floor", "deepest discount to the oracle price"),
    (
        "fall_s",
        "seconds from the start price to the floor in a calm market",
    ),
    ("spacing_s", "seconds between two lots of a sale"),
    (
        "lot_tolerance",
        "impact that one lot may have: .005 is half a depth",
    ),
    ("lot_min_usd", "smallest lot"),
    ("lot_max_usd", "largest lot"),
    ("hard.bonus", "collateral handed out above the debt repaid"),
    ("hard.close_factor", "part of the debt that may be repaid at once"),
    (
        "hard.all_below_health",
        "maintenance health below which all of it may be repaid",
    ),
    (
        "market.depth_1pct_usd",
        "USD that move the price by 1 % in a calm market (D1)",
    ),
    (
        "market.absorb_half_life_s",
        "seconds in which half of what was sold is absorbed",
    ),
    (
        "market.depth_min",
        "least part of the depth that is left in a wild market",
    ),
    ("market.sigma_half_life_s", "memory of the volatility estimate"),
    ("market.sigma_ref_min", "bounds of the normal volatility, a year"),
    ("market.sigma_ref_max", ""),
    (
        "market.dead_share",
        "part of the blocks of the worst hour in which nobody can act",
    ),
    ("market.hour_without_bidder", "no keeper acts in the worst hour"),
    (
        "market.hour_without_oracle",
        "no price is published in the worst hour",
    ),
    ("oracle.deviation", "change of the price that makes an update due"),
    (
        "oracle.heartbeat_s",
        "seconds without one that make an update due",
    ),
    ("oracle.delay_blocks", "from the price seen to the price on chain"),
    ("population.positions", "--positions"),
    (
        "population.overhang",
        "all collateral together, in depths; --overhang",
    ),
    ("population.size_sigma", "of the log-normal sizes"),
    (
        "population.largest_share",
        "no position has a larger part of all collateral",
    ),
    (
        "population.health_min",
        "maintenance health at the start: health_min + an exponential",
    ),
    ("population.health_mean_above", "mean of that exponential"),
    (
        "population.cure_share",
        "part of the owners who repay to the target themselves",
    ),
    (
        "population.cure_median_s",
        "seconds from the breach after which they do, log-normal",
    ),
    ("population.cure_sigma", "of that log-normal"),
    ("bidders.count", "keepers"),
    (
        "bidders.margin_min",
        "fee and wanted margin, part of the value bought",
    ),
    ("bidders.margin_max", ""),
    (
        "bidders.risk_min",
        "standard deviations of the time to the sale that they want to be paid",
    ),
    ("bidders.risk_max", ""),
    ("bidders.latency_min_blocks", "from buying to selling"),
    ("bidders.latency_max_blocks", ""),
    ("bidders.capital_median", "log-normal, in depths"),
    ("bidders.capital_sigma", "of that log-normal"),
    (
        "bidders.min_profit_usd",
        "a smaller expected profit is not worth a bid, nor starting a lot over",
    ),
    (
        "checks.every_s",
        "seconds between two checks of a run; 6 checks every block",
    ),
];

/// The meaning of `section.key`; keys of the stages of a sale are looked up by their last part.
pub(super) fn of(path: &str) -> Option<&'static str> {
    let last = path.rsplit('.').next().unwrap_or(path);
    KEYS.iter()
        .find(|(key, _)| *key == path || *key == last)
        .map(|(_, doc)| *doc)
}

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
        "sale.asked",
        "terms of what owners ask for; no deeper and no dearer than the soft ones",
    ),
    ("sale.split", "who gets the penalties; the three add up to 1"),
    ("fund", "what the insurance fund pays for"),
    (
        "hard",
        "the plain liquidation that the soft rules are compared with",
    ),
    (
        "path",
        "from candles to blocks, and which part of them --window runs",
    ),
    (
        "market",
        "depth and impact, and the dead blocks of the worst hour",
    ),
    (
        "stress",
        "what goes wrong besides, where the price falls most; told at the end of the run",
    ),
    ("oracle", "when the chain learns of a price"),
    (
        "feed",
        "what the chain makes of prices: its averages, and how old a price may be",
    ),
    ("population", "who has borrowed"),
    ("bidders", "who buys; drawn evenly between _min and _max"),
    (
        "holders",
        "who waits with standing orders, keeps what they buy and so spares the market; soft rules only",
    ),
    (
        "owners",
        "who is sold in time because he asked for it; soft rules only",
    ),
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
        "risk.void_after_s",
        "seconds after its grace at which a call that led to no sale is void",
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
        "risk.confirm_unpublished_s",
        "the same where sources were asked again and had nothing new",
    ),
    (
        "risk.sighting_memory_s",
        "seconds after which a first sighting is forgotten",
    ),
    (
        "risk.floor_share",
        "part of the health-neutral discount that a soft fill may give (eta)",
    ),
    (
        "risk.clearing_discount",
        "discount at which buyers are expected (d_clear)",
    ),
    (
        "risk.name",
        "of the collateral on chain, and where there are several",
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
    (
        "queue_rate",
        "depths an hour that may be put on sale, 1 at least; 0: no queue. Only for maintenance weights up to .70",
    ),
    ("queue_burst", "depths that may be on sale at once"),
    ("decimals", "of the token"),
    ("cw20", "a cw20 token instead of a native coin"),
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
    ("sale.split.fund", "to the insurance fund"),
    (
        "sale.split.keepers",
        "to who called and who opened the sale, half each",
    ),
    ("sale.split.reserves", "to the reserves"),
    ("fund.max_share", "part of its stake that one loss may take"),
    ("fund.epoch_cap_usd", "most that it pays in an epoch"),
    ("fund.epoch_s", "seconds of an epoch"),
    ("hard.bonus", "collateral handed out above the debt repaid"),
    ("hard.close_factor", "part of the debt that may be repaid at once"),
    (
        "hard.all_below_health",
        "maintenance health below which all of it may be repaid",
    ),
    (
        "path.against_first",
        "probability that the extreme against a candle's direction comes first",
    ),
    ("path.window_s", "seconds of a crash or calm window"),
    (
        "path.fall_s",
        "seconds of the fall that a crash window is built around",
    ),
    (
        "path.lead_s",
        "seconds from the start of a crash window to that fall",
    ),
    ("path.calm_fall_min", "a calm window falls by this part at least"),
    ("path.calm_fall_max", "and by this part at most"),
    (
        "path.warm_up_s",
        "seconds before the window that the volatility estimate warms up on",
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
    (
        "stress.kinds",
        "--stress: any of no-bidders-1h, oracle-silent-1h, thin-depth, congestion",
    ),
    (
        "stress.outage_s",
        "seconds without a bidder or an oracle, from the start of their steepest fall",
    ),
    (
        "stress.thin_depth",
        "part of the depth that is there in a run under thin-depth; the contracts know nothing of it",
    ),
    (
        "stress.congestion_s",
        "seconds of a congestion, from the start of their steepest fall",
    ),
    (
        "stress.congestion_dead_share",
        "part of its blocks in which nobody can act",
    ),
    (
        "stress.aftermath_s",
        "seconds after it whose fills are told apart",
    ),
    (
        "stress.deep_discount",
        "fills this far below the oracle's price are counted",
    ),
    ("oracle.deviation", "change of the price that makes an update due"),
    (
        "oracle.heartbeat_s",
        "seconds without one that make an update due",
    ),
    ("oracle.delay_blocks", "from the price seen to the price on chain"),
    ("feed.smoothing_s", "time constant of the smoothed price"),
    ("feed.volatility_window_s", "time constant of the volatility"),
    (
        "feed.slow_volatility_window_s",
        "time constant of the slow volatility",
    ),
    ("feed.outage_gap_s", "seconds of silence that are an outage"),
    (
        "feed.breaker_max_move",
        "distance from the smoothed price that trips the jump breaker; 1: no fall does (.1 in a crash: lots sold later, and for less)",
    ),
    (
        "feed.breaker_cool_down_s",
        "seconds from the last price too far away to the end of its stop",
    ),
    (
        "feed.confirm_jump_s",
        "seconds from the jump in which fills are not priced below the band",
    ),
    ("feed.fresh_s", "seconds that a report counts"),
    ("feed.age_borrow_s", "oldest price to borrow on, in seconds"),
    ("feed.age_fill_s", "oldest price for a fill"),
    ("feed.age_health_s", "oldest price for health"),
    (
        "feed.age_check_s",
        "longest time since the source was asked, for a fill or an advance",
    ),
    ("population.positions", "--positions"),
    (
        "population.overhang",
        "all collateral together, in depths of the first; --overhang",
    ),
    ("population.size_sigma", "of the log-normal sizes"),
    (
        "population.largest_share",
        "no position has a larger part of all collateral",
    ),
    (
        "population.holds_two",
        "part of the positions that hold two collaterals, where there are as many",
    ),
    ("population.holds_three", "part that hold three"),
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
        "bidders.hoped_above",
        "a keeper hopes that the market is at most this much above a price that lags behind",
    ),
    (
        "bidders.flash_count",
        "--flash: keepers without capital, who sell in the callback of their bid, and want margin_min to margin_max but no pay for risk",
    ),
    (
        "bidders.min_match_usd",
        "least pay for which a keeper has standing orders buy: it costs him gas, but no capital and no risk",
    ),
    (
        "holders.depths",
        "--holders: capital in orders for each collateral, in its own depths, placed before the first block",
    ),
    (
        "holders.first_discount",
        "below the oracle's price, of the dearest slot; in steps of .005 from -.025 to .05",
    ),
    (
        "holders.last_discount",
        "of the cheapest; each slot between holds as much",
    ),
    (
        "owners.glide_share",
        "--glide: part of the owners who ask to be sold in time, of those who begin above their trigger",
    ),
    (
        "owners.glide_trigger",
        "maintenance health below which anybody may start that, up to the target, under the terms of sale.asked",
    ),
    (
        "checks.every_s",
        "seconds between two checks of a run; 6 checks every block",
    ),
    ("assets.name", "on chain, in figures and in --prices NAME=FILE"),
    (
        "assets.prices",
        "file of candles, over the same time as the first one's; \"\": the path follows the first one's",
    ),
    (
        "assets.first_price",
        "USD per token at the start of a path that follows",
    ),
    (
        "assets.beta",
        "and how: its logarithm moves this many times as far",
    ),
    (
        "assets.share",
        "how often it is held; the first collateral counts 1",
    ),
    (
        "assets.maintenance_weight",
        "as in [risk], and so on; what is not here is the same for all",
    ),
    ("assets.target_weight", ""),
    ("assets.depth_1pct_usd", "as in [market]"),
    ("assets.overhang_cap", "as in [risk]"),
];

/// The meaning of `section.key`; keys of the stages of a sale are looked up by their last part.
pub(super) fn of(path: &str) -> Option<&'static str> {
    let last = path.rsplit('.').next().unwrap_or(path);
    KEYS.iter()
        .find(|(key, _)| *key == path || *key == last)
        .map(|(_, doc)| *doc)
}

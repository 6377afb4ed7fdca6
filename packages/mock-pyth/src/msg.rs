//! What it is told, asked, and answers.

use cosmwasm_schema::{cw_serde, QueryResponses};
use cosmwasm_std::{Binary, Int64, Uint64};

/// Messages; anybody may send them.
#[cw_serde]
pub enum ExecuteMsg {
    /// Takes prices that are newer than those on file and passes over the others, as `update_price_feeds` of the real
    /// contract does with signed ones.
    SetPriceFeeds {
        /// Prices.
        price_feeds: Vec<PriceFeed>,
    },
    /// Sets what a feed answers, whatever it is and was.
    SetAnswer {
        /// Feed.
        id: String,
        /// Answer.
        answer: Answer,
    },
}

/// What a feed answers.
#[cw_serde]
pub enum Answer {
    /// A price.
    PriceFeed(PriceFeed),
    /// Exactly these bytes.
    Bytes(Binary),
    /// Nothing: it uses up all gas that it is given. (On a chain without gas it never comes back.)
    NoEnd {},
}

/// The one query of the real contract that is answered.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// The newest price of a feed; fails with `PriceFeedNotFound` if there is none.
    #[returns(PriceFeedResponse)]
    PriceFeed {
        /// Feed, 64 hexadecimal digits.
        id: String,
    },
}

/// Answer to `price_feed`.
#[cw_serde]
pub struct PriceFeedResponse {
    /// The feed.
    pub price_feed: PriceFeed,
}

/// A feed's newest price.
#[cw_serde]
pub struct PriceFeed {
    /// Feed, 64 hexadecimal digits without a prefix.
    pub id: String,
    /// Price.
    pub price: Price,
    /// Exponential average of the price.
    pub ema_price: Price,
}

/// A price of `price · 10^expo`, give or take `conf · 10^expo`.
#[cw_serde]
pub struct Price {
    /// A signed number of 64 bits, as a string.
    pub price: Int64,
    /// Half-width of the confidence interval; a number of 64 bits, as a string.
    pub conf: Uint64,
    /// Exponent of both.
    pub expo: i32,
    /// Unix seconds.
    pub publish_time: i64,
}

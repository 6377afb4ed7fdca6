//! What an asset of a suite is like.

use std::rc::Rc;

use cosmwasm_std::Decimal;
use glidepath_interfaces::fund::CoverRule;
use glidepath_interfaces::oracle::Feed;
use glidepath_interfaces::position_manager::AssetParams;
use glidepath_interfaces::vault::MarketTerms;
use glidepath_interfaces::AssetId;
use glidepath_risk::health::{Factors, Weights};
use glidepath_risk::queue::QueueTerms;
use glidepath_risk::Value;

use crate::code::{cw20_token, Code};
use crate::{defaults, id};

/// An asset with everything that the five contracts are told about it.
#[derive(Clone)]
pub struct AssetSpec {
    /// Its name.
    pub asset: AssetId,
    /// What stands behind the name.
    pub token: Token,
    /// Decimals of a whole token.
    pub decimals: u8,
    /// First price, USD per whole token.
    pub price: Decimal,
    /// Risk parameters.
    pub params: AssetParams,
    /// Its lending market, if it has one.
    pub market: Option<MarketTerms>,
    /// USD that the lender of the suite supplies to the market.
    pub lent: u128,
    /// What the fund pays for in its market.
    pub cover: Option<CoverRule>,
    /// How its price is watched; the quorum is the suite's.
    pub feed: Feed,
}

/// What stands behind a name.
#[derive(Clone)]
pub enum Token {
    /// A coin of the bank module.
    Native {
        /// Its denom.
        denom: String,
    },
    /// A cw20 token: its code, instantiated with the message of `cw20-base`.
    Cw20 {
        /// Makes the code.
        code: Rc<dyn Fn() -> Code>,
    },
}

impl AssetSpec {
    /// A native coin that is neither collateral nor debt yet.
    pub fn native(asset: &str, denom: &str, decimals: u8, price: &str) -> Self {
        let denom = denom.to_string();
        Self::new(asset, Token::Native { denom }, decimals, price)
    }

    /// A cw20 token that is neither collateral nor debt yet.
    pub fn cw20(asset: &str, decimals: u8, price: &str) -> Self {
        let code = Rc::new(cw20_token);
        Self::new(asset, Token::Cw20 { code }, decimals, price)
    }

    fn new(asset: &str, token: Token, decimals: u8, price: &str) -> Self {
        AssetSpec {
            asset: id(asset),
            token,
            decimals,
            price: price.parse().expect("a price is a decimal"),
            params: defaults::asset_params(),
            market: None,
            lent: 0,
            cover: None,
            feed: defaults::feed(1),
        }
    }

    /// `atom`: native, 6 decimals, $10, a major asset as collateral.
    pub fn atom() -> Self {
        Self::native("atom", "uatom", 6, "10").as_collateral(defaults::MAJOR)
    }

    /// `usdc`: native, 6 decimals, $1, as debt.
    pub fn usdc() -> Self {
        Self::native("usdc", "uusdc", 6, "1").as_debt(Factors::ONE)
    }

    /// `eth`: native, 18 decimals, $2,500, a major asset as collateral and a volatile debt.
    pub fn eth() -> Self {
        Self::native("eth", "aeth", 18, "2500")
            .as_collateral(defaults::MAJOR)
            .as_debt(Factors {
                initial: Decimal::percent(110),
                target: Decimal::percent(108),
                maintenance: Decimal::percent(105),
            })
    }

    /// `gold`: a cw20 token, 8 decimals, $2,000, a volatile asset as collateral and a debt.
    pub fn gold() -> Self {
        Self::cw20("gold", 8, "2000")
            .as_collateral(defaults::VOLATILE)
            .as_debt(Factors::ONE)
    }

    /// `cusd`: a cw20 token, 18 decimals, $1, as debt.
    pub fn cusd() -> Self {
        Self::cw20("cusd", 18, "1").as_debt(Factors::ONE)
    }

    /// May be deposited.
    pub fn as_collateral(mut self, weights: Weights) -> Self {
        self.params.collateral = Some(defaults::collateral(weights));
        self
    }

    /// May be borrowed; the suite's lender supplies $50,000,000 of it.
    pub fn as_debt(mut self, factors: Factors) -> Self {
        self.params.debt = Some(defaults::debt(factors));
        self.market = Some(defaults::market_terms());
        self.cover = Some(defaults::cover_rule());
        self.lent = 50_000_000;
        self
    }

    /// Costs this much at the start.
    pub fn price(mut self, price: &str) -> Self {
        self.price = price.parse().expect("a price is a decimal");
        self
    }

    /// So much USD moves its market by 1 %.
    pub fn depth(mut self, usd: u128) -> Self {
        self.params.depth = Value::usd(usd);
        self
    }

    /// Its lots queue: so many depths an hour, and so many at once. Only for a maintenance weight of at most .70.
    pub fn queue(mut self, rate: u64, burst: u64) -> Self {
        if let Some(collateral) = &mut self.params.collateral {
            collateral.queue = Some(QueueTerms {
                rate: Decimal::from_ratio(rate, 1u64),
                burst: Decimal::from_ratio(burst, 1u64),
            });
        }
        self
    }

    /// No move of its price shortens grace or speeds up a clock: its normal volatility is the highest that may be, and
    /// a month is remembered of it.
    pub fn calm(mut self) -> Self {
        self.params.volatility_reference = Decimal::percent(1_000);
        self.feed.volatility_window = 30 * 86_400;
        self.feed.slow_volatility_window = 30 * 86_400;
        self
    }

    /// Its market takes no interest.
    pub fn no_interest(mut self) -> Self {
        if let Some(market) = &mut self.market {
            market.rate_model = defaults::no_interest();
        }
        self
    }

    /// The suite's lender supplies so much USD of it.
    pub fn lent(mut self, usd: u128) -> Self {
        self.lent = usd;
        self
    }

    /// Changes its risk parameters.
    pub fn tune(mut self, change: impl FnOnce(&mut AssetParams)) -> Self {
        change(&mut self.params);
        self
    }

    /// Its token runs this code (instantiated with the message of `cw20-base`).
    pub fn token_code(mut self, code: impl Fn() -> Code + 'static) -> Self {
        self.token = Token::Cw20 { code: Rc::new(code) };
        self
    }
}

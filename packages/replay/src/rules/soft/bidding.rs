//! Bids: with coins, and without capital through a contract; behind standing orders where there are any.

use cosmwasm_std::{Addr, Decimal256};
use glidepath_interfaces::auction::SLOTS_A_BOOK;
use glidepath_interfaces::events::auction;
use glidepath_liquidation_auction::ContractError as AuctionError;
use glidepath_testkit::desk::{self, DeskMsg};
use glidepath_testkit::flash::{self, FlashMsg};
use glidepath_testkit::handles::BidTerms;
use glidepath_testkit::{Outcome, Suite};

use crate::clock::Time;
use crate::rules::{Bid, Bought, RulesError};
use crate::scene::Scene;

use super::setup::{DEBT, DEBT_DECIMALS, PURSE_USD};
use super::units::{decimal, from_units, max_price, to_units};
use super::{failed, is_refusal, Soft};

/// Part of a bid's funds on top of its price, refunded where it is not needed: a keeper's floats must not leave a
/// millionth of a lot unsold.
const SPARE: f64 = 1e-6;
/// Slots that a bid serves before itself: where more are in front, keepers have them matched first.
const SERVED_BY_A_BID: usize = 2;

/// What bidders without capital have on chain.
#[derive(Debug, Clone)]
pub(super) struct Flash {
    /// Where they sell: it pays what the market model says.
    desk: Addr,
    /// The contract by which each keeper bids who has no capital.
    contracts: Vec<Option<Addr>>,
}

impl Flash {
    /// A desk, and a contract for each keeper of `scene` without capital; none where there is no such keeper.
    pub(super) fn open(suite: &mut Suite, scene: &Scene) -> Option<Self> {
        if !scene.keepers.iter().any(|keeper| keeper.sells_at_once()) {
            return None;
        }
        let desk = desk::desk(suite, DEBT, to_units(PURSE_USD, DEBT_DECIMALS));
        let own =
            |keeper: &crate::bidders::Keeper| keeper.sells_at_once().then(|| flash::bidder(suite, &desk));
        let contracts = scene.keepers.iter().map(own).collect();
        Some(Self { desk, contracts })
    }

    /// The contracts.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &Addr> {
        self.contracts.iter().flatten()
    }

    /// Is this the contract of a bidder without capital?
    pub(super) fn is_contract(&self, address: &str) -> bool {
        self.addresses().any(|contract| contract.as_str() == address)
    }
}

/// A bid as a message: who is the bidder, and how it is sent.
type Send<'a> = &'a dyn Fn(&mut Suite) -> anyhow::Result<Outcome>;

impl Soft {
    /// A bid with coins.
    pub(super) fn bid_with_coins(&mut self, now: Time, bid: Bid) -> Result<Option<Bought>, RulesError> {
        let Some(keeper) = self.keepers.get(bid.keeper).cloned() else {
            return Ok(None);
        };
        let funds = funds(&bid);
        if funds == 0 {
            return Ok(None);
        }
        let terms = BidTerms {
            max_price: max_price(bid.max_price, DEBT_DECIMALS),
            ..BidTerms::default()
        };
        let send = |suite: &mut Suite| {
            suite
                .auction()
                .bid_with(&keeper, bid.position.into(), terms.clone(), DEBT, funds)
        };
        self.bid_behind_orders(now, &bid, &keeper, &send)
    }

    /// A bid whose collateral is sold at the desk, at `sells_at` USD a token, before it is paid.
    pub(super) fn bid_without_capital(
        &mut self,
        now: Time,
        bid: Bid,
        sells_at: f64,
    ) -> Result<Option<Bought>, RulesError> {
        let (Some(keeper), Some(flash)) = (self.keepers.get(bid.keeper).cloned(), self.flash.clone()) else {
            return Ok(None);
        };
        let contract = flash.contracts.get(bid.keeper).cloned().flatten();
        let sale = self.cases.get(&bid.position).and_then(|case| case.sale);
        let (Some(contract), Some(sale), max) = (contract, sale, funds(&bid)) else {
            return Ok(None);
        };
        if max == 0 {
            return Ok(None);
        }
        let decimals = self.known.assets[sale.asset].decimals;
        let quote = DeskMsg::Quote {
            price: units_price(sells_at, decimals),
        };
        let buy = FlashMsg::Buy {
            positions: vec![bid.position.into()],
            max: Some(max.into()),
            meanwhile: Vec::new(),
        };
        self.at(now);
        let sent = self.suite.messages;
        let told = self.suite.execute(&keeper, &flash.desk, &quote, &[]);
        told.map_err(failed(now, "telling the desk its price"))?;
        // The desk stands for a market that needs no telling.
        self.suite.messages = sent;
        let send = |suite: &mut Suite| suite.execute(&keeper, &contract, &buy, &[]);
        self.bid_behind_orders(now, &bid, &contract, &send)
    }

    /// Sends a bid. Standing orders come before it: a bid serves the two dearest slots by itself, and where there are more
    /// the keeper has them buy first, and bids again for what is left.
    fn bid_behind_orders(
        &mut self,
        now: Time,
        bid: &Bid,
        bidder: &Addr,
        send: Send,
    ) -> Result<Option<Bought>, RulesError> {
        self.at(now);
        self.freshen(now).map_err(failed(now, "updating prices"))?;
        for _ in 0..=SLOTS_A_BOOK {
            let many = self.slots_in_front(now, bid.position) > SERVED_BY_A_BID;
            if many && self.send_match(now, bid.keeper, bid.position)? {
                continue;
            }
            let outcome = match send(&mut self.suite) {
                Ok(outcome) => outcome,
                Err(error) if wants_match(&error) => {
                    if self.send_match(now, bid.keeper, bid.position)? {
                        continue;
                    }
                    return Ok(None);
                }
                Err(error) if is_refusal(&error) => {
                    if let Some(case) = self.cases.get_mut(&bid.position) {
                        case.shut = true;
                    }
                    return Ok(None);
                }
                Err(error) => return Err(failed(now, "bidding")(error)),
            };
            self.absorb(now, &outcome).map_err(failed(now, "a fill"))?;
            let mut fills = outcome.all(auction::Filled::TYPE);
            if let Some(own) = fills.find(|fill| fill.text("bidder") == Some(bidder.as_str())) {
                return Ok(Some(Bought {
                    tokens: self.tokens(&own, "sold"),
                    paid: from_units(own.must("paid"), DEBT_DECIMALS),
                }));
            }
            // The orders in front took all of it, or more of them are in front.
            if self.slots_in_front(now, bid.position) == 0 {
                return Ok(None);
            }
        }
        Ok(None)
    }
}

/// Debt base units that pay for a bid.
fn funds(bid: &Bid) -> u128 {
    to_units(bid.tokens * bid.max_price * (1.0 + SPARE), DEBT_DECIMALS)
}

/// Debt base units for a collateral base unit, at a price in USD a token.
fn units_price(price: f64, decimals: u8) -> Decimal256 {
    let of_debt = Decimal256::from_ratio(10u128.pow(DEBT_DECIMALS.into()), 10u128.pow(decimals.into()));
    Decimal256::from(decimal(price)) * of_debt
}

fn wants_match(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(AuctionError::MatchFirst { .. }))
}
